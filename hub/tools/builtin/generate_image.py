"""A picture from words, by a model at one of the person's connections."""

from __future__ import annotations

from typing import Annotated, Literal

from hub.db.who import Who
from hub.errors import BadInput
from hub.models import images
from hub.tools import switches
from hub.tools.schema import tool
from hub.turns import ToolResult, Turn

_SIZES = {"square": "1024x1024", "wide": "1536x1024", "tall": "1024x1536"}


def image_model(who: Who) -> str:
    """The id of the model that makes pictures: the person's choice, else a usual one; empty without."""
    return switches.image_model(who) or images.usual(who)


@tool("Make a picture", "image", group="Built in", permission="ask", key="prompt", seconds=240, id="hub:generate_image")
def generate_image(
    turn: Turn,
    prompt: Annotated[str, "What the picture shows and in which style, in detail."],
    shape: Literal["square", "wide", "tall"] = "square",
) -> ToolResult:
    """Make a picture from a description. It is shown to the user, and it costs money."""
    model = image_model(turn.who)
    if not model:
        raise BadInput("No connection has a model that makes pictures.", hint="The user can name one under Tools.")
    made = images.generate(turn.who, model, prompt, _SIZES[shape])
    changed = f" The model changed the description to: {made.revised}" if made.revised else ""
    said = "1 picture" if len(made.images) == 1 else f"{len(made.images)} pictures"
    text = f"{said} made and shown to the user.{changed}"
    return ToolResult(text, said, images=made.images, cost=made.cost, ours=not changed)
