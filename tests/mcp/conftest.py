"""MCP on a real store and against real servers."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from hub import mcp
from hub.db import indexes
from hub.db.who import Who
from hub.mcp import plugin
from hub.mcp.records import Access, Draft, Server
from hub.models.types import ModelInfo
from hub.turns import Tool, ToolResult, Turn
from tests.fakes.identity import Identity
from tests.mcp.servers.web import Served, open_server

ROOT = Path(__file__).parents[2]
ANNA, BEN, ADMIN = Who("anna", "Anna"), Who("ben", "Ben"), Who("ada", "Ada", "admin")
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M", abilities=frozenset({"tools"}))


def turn(who: Who) -> Turn:
    """A model about to answer."""
    return Turn(who, str(ObjectId()), str(ObjectId()), "And?", MODEL)


def tools(who: Who) -> dict[str, Tool]:
    """What a turn of `who` is offered, by name."""
    return {tool.name: tool for tool in plugin.tools(turn(who))}


def call(who: Who, name: str, **arguments: Any) -> ToolResult:
    """Calls a tool as a turn would."""
    return tools(who)[name].call(arguments)


def until(holds: Callable[[], Any], seconds: float = 20) -> Any:
    """Waits until something holds, and returns it."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to hold"
        pause.wait(0.02)
    return found


def program(who: Who = ADMIN, name: str = "Program", *, everybody: bool = False, **env: str) -> Server:
    """The server that is a program, listed once unless it cannot be."""
    env = {"PYTHONPATH": str(ROOT), **env}
    access = Access(command=sys.executable, args=("-m", "tests.mcp.servers.program"), env=env)
    made = mcp.add(who, Draft(name, "stdio", access, everybody=everybody))
    if "MCP_BROKEN" not in env:
        mcp.test(who, made.id)
    return made


def by_address(url: str, who: Who = ADMIN, name: str = "Web", *, listed: bool = True, **more: Any) -> Server:
    """A server that is reached by its address."""
    headers = more.pop("headers", {})
    draft = Draft(name, more.pop("transport", "http"), Access(url=url, headers=headers), **more)
    made = mcp.add(who, draft)
    if listed:
        mcp.test(who, made.id)
    return made


@pytest.fixture(autouse=True)
def room(mongo: str) -> Iterator[None]:
    """An empty room; every connection is closed afterwards."""
    indexes.ensure(mcp.INDEXES)
    yield
    mcp.close()


@pytest.fixture
def web() -> Iterator[Served]:
    with open_server() as server:
        yield server


@pytest.fixture
def identity() -> Iterator[Identity]:
    with Identity() as provider:
        yield provider
