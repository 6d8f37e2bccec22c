"""A conversation to take away: as text, as Markdown, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from hub import hooks
from hub.chat import lineage, rows, store
from hub.chat.records import Conversation, Message
from hub.chat.tree import Tree
from hub.db.mongo import Document
from hub.db.who import Who
from hub.hooks import Talk
from hub.turns import Said

NAMES = {"user": "You", "assistant": "Assistant", "system": "System"}


def export_text(who: Who, conversation: str, *, branches: bool = False) -> str:
    """The open branch, or every branch, as plain text."""
    home, messages = _read(who, conversation, branches)
    body = "\n\n".join(f"{_name(one)}{_place(one, branches)}:\n{one.text}" for one in messages)
    return f"{home.title}\n\n{body}\n"


def export_markdown(who: Who, conversation: str, *, branches: bool = False) -> str:
    """The open branch, or every branch, as Markdown with a heading for each message."""
    home, messages = _read(who, conversation, branches)
    pieces = [f"# {home.title}"]
    for one in messages:
        pieces.append(f"## {_name(one)}{_place(one, branches)}")
        if one.files:
            pieces.append("Attached: " + ", ".join(file.name for file in one.files))
        if one.text:
            pieces.append(one.text)
        if one.error:
            pieces.append(f"> {one.error.message}")
        if one.summary:
            pieces.append(f"> Summary of the messages above:\n>\n> {one.summary.text}".replace("\n", "\n> "))
    return "\n\n".join(pieces) + "\n"


def export_json(who: Who, conversation: str, *, branches: bool = True) -> str:
    """The conversation with every message and all that is kept about each, as one JSON object."""
    home, messages = _read(who, conversation, branches)
    body: dict[str, Any] = {
        "format": "llm-hub-conversation",
        "version": 1,
        "conversation": asdict(home),
        "messages": [asdict(one) for one in messages],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()


def export_forms(who: Who, conversation: str) -> tuple[dict[str, tuple[str, str | bytes]], list[str]]:
    """Every form that a conversation is given away in: its name, the ending of the file and the content; those of
    plugins last. And a sentence for each of theirs that could not be made."""
    forms: dict[str, tuple[str, str | bytes]] = {
        "Markdown": ("md", export_markdown(who, conversation)),
        "text": ("txt", export_text(who, conversation)),
        "JSON, with branches": ("json", export_json(who, conversation)),
    }
    made, said = hooks.exported(lambda: _talk(who, conversation))
    for one in made:
        forms[f"{one.name} of a plugin" if one.name in forms else one.name] = (one.ending, one.content)
    return forms, said


def _talk(who: Who, conversation: str) -> Talk:
    home, messages = _read(who, conversation, branches=False)
    said = [Said(one.id, one.role, one.text, one.created_at, one.model_label) for one in messages]
    return Talk(home.id, home.title, tuple(said))


def _read(who: Who, conversation: str, branches: bool) -> tuple[Conversation, list[Message]]:
    home = store.conversation(who, conversation)
    leaf = lineage.leaf_of(who, home)
    if leaf is None:
        return rows.conversation(home), []
    if not branches:
        return rows.conversation(home), [rows.message(one) for one in lineage.upward(who, leaf)][::-1]
    return rows.conversation(home), _all(store.messages(who, home["_id"]))


def _all(documents: list[Document]) -> list[Message]:
    """Every message, each branch after the message it leaves from, oldest branch first."""
    by_id = {one["_id"]: one for one in documents}
    tree = Tree(store.row(one) for one in documents)
    waiting = tree.children(None)[::-1]
    ordered: list[Message] = []
    while waiting:
        at = waiting.pop()
        beside = tuple(str(sibling) for sibling in tree.siblings(at))
        ordered.append(rows.message(by_id[at], beside))
        waiting.extend(tree.children(at)[::-1])
    return ordered


def _name(message: Message) -> str:
    return message.model_label or NAMES[message.role]


def _place(message: Message, branches: bool) -> str:
    several = branches and len(message.siblings) > 1
    return f" (version {message.index + 1} of {len(message.siblings)})" if several else ""
