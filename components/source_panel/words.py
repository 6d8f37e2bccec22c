"""A source of an answer in the words and with the content that the panel shows."""

from __future__ import annotations

from collections.abc import Sequence

from components.source_panel import ShownSource
from components.transcript.given import CITED_BY_NUMBER
from hub.chat.records import Message
from hub.render import markdown


def shown_source(messages: Sequence[Message], open_: tuple[str, int] | None) -> ShownSource | None:
    """The source that is `open_`, by message and place in it; None when no such source is shown."""
    message = next((one for one in messages if open_ and one.id == open_[0]), None)
    if message is None or open_ is None or not 0 <= open_[1] < len(message.sources):
        return None
    at = open_[1]
    source = message.sources[at]
    steps = [place for place, one in enumerate(message.sources) if one.kind in CITED_BY_NUMBER]
    return ShownSource(
        key=f"{message.id}:{at}",
        title=source.title,
        place=source.place,
        number=source.number,
        score=source.score,
        html=markdown(source.text),
        at=at,
        steps=tuple(steps),
    )
