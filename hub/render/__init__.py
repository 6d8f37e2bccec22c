"""Text of messages to safe HTML, whole or while it streams in."""

from __future__ import annotations

from hub.render.live import LiveMarkdown
from hub.render.markdown import Block, blocks, markdown, words
from hub.render.marked import marked
from hub.render.plain import plain

__all__ = ["Block", "LiveMarkdown", "blocks", "markdown", "marked", "plain", "words"]
