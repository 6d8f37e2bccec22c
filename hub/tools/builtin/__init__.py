"""The hub's own tools: one module a tool."""

from __future__ import annotations

from typing import Any

from hub.tools.builtin.calculator import calculator
from hub.tools.builtin.clock import current_time
from hub.tools.builtin.fetch_page import fetch_page
from hub.tools.builtin.generate_image import generate_image, image_model
from hub.tools.builtin.web_search import web_search
from hub.tools.schema import Typed, of_turn
from hub.tools.searching import engine
from hub.turns import Tool, Turn

GROUP = "Built in"


def tools(turn: Turn) -> list[Tool]:
    """What there is for a turn: searching the web where a search engine is set up, pictures where a model makes any."""
    offered: list[Typed[..., Any]] = [current_time, calculator, fetch_page]
    if engine(turn.who) is not None:
        offered.append(web_search)
    if image_model(turn.who):
        offered.append(generate_image)
    return of_turn(turn, offered)


__all__ = ["GROUP", "calculator", "current_time", "fetch_page", "generate_image", "tools", "web_search"]
