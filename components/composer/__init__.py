"""The composer: what is written, attached and queued for the next turn. It sends by itself and then tells the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

from components.agents.avatar import face
from hub.agents.records import Agent
from hub.chat.records import Prompt, Queued
from hub.documents.records import Collection
from hub.mcp.records import Offering, PromptItem
from hub.models.types import ModelInfo

_HERE = Path(__file__).parent
_HTML = """<div class="root">
<div class="queue" aria-label="Queued messages"></div>
<div class="problem" role="alert" hidden><span class="icon" aria-hidden="true">error</span><span></span></div>
<div class="images-note" hidden><span class="icon" aria-hidden="true">info</span>
<span>This model does not read images; it will be told their names only.</span></div>
<div class="fit-note" role="status" hidden><span class="icon" aria-hidden="true">info</span><span></span></div>
<div class="box">
<div class="slash" role="listbox" aria-label="Prompts and commands" id="slash" hidden></div>
<div class="shelf"></div>
<div class="chips"></div>
<textarea rows="1" dir="auto" aria-label="Message" aria-controls="slash" aria-expanded="false" enterkeyhint="send">
</textarea>
<div class="row">
<button type="button" class="tool" data-act="attach" aria-label="Attach files and documents"
title="Attach files and documents" aria-haspopup="menu">
<span class="icon" aria-hidden="true">add</span></button>
<input type="file" multiple hidden>
<button type="button" class="how whom" data-act="whom" aria-haspopup="menu" aria-expanded="false" hidden><span></span>
<span class="icon" aria-hidden="true">expand_more</span></button>
<span class="spacer"></span>
<span class="meter" role="img" hidden><span class="ring"></span><span class="count"></span></span>
<button type="button" class="word interrupt" data-act="interrupt" title="Stop the answer and send (Alt+Enter)" hidden>
Interrupt</button>
<button type="button" class="round stop" data-act="stop" aria-label="Stop" title="Stop (Esc)" hidden>
<span class="square" aria-hidden="true"></span></button>
<button type="button" class="round send" data-act="send" aria-label="Send message" title="Send message" disabled>
<span class="icon" aria-hidden="true">arrow_upward</span></button>
</div></div></div>"""

_mount = st.components.v2.component(
    "composer",
    html=_HTML,
    css=(_HERE.parent / "dom.css").read_text()
    + (_HERE / "composer.css").read_text()
    + (_HERE / "servers.css").read_text(),
    js="\n".join(
        path.read_text()
        for path in (
            _HERE.parent / "dom.js",
            _HERE / "files.js",
            _HERE / "slash.js",
            _HERE / "servers.js",
            _HERE / "shelf.js",
            _HERE / "whom.js",
            _HERE / "composer.js",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A word behind "/" that does something. `takes`: it wants words after it."""

    name: str
    about: str
    takes: bool = False


COMMANDS = (
    Command("new", "Start a new chat"),
    Command("temporary", "Start a chat that is not kept"),
    Command("compact", "Summarise the older part of this chat"),
    Command("add", "Add a message without asking for an answer", takes=True),
    Command("system", "Set the system prompt of this chat", takes=True),
    Command("title", "Name this chat", takes=True),
    Command("export", "Download this chat as Markdown"),
)


def composer(
    *,
    place: str,
    person: str,
    conversation: str | None,
    parent: str | None = None,
    model: ModelInfo | None,
    params: Mapping[str, Any] | None = None,
    temporary: bool = False,
    system_prompt: str = "",
    project: str | None = None,
    shelf: Sequence[Collection] = (),
    attached: Mapping[str, Any] | None = None,
    running: Sequence[str] = (),
    turn: str = "",
    queued: Sequence[Queued] = (),
    prompts: Sequence[Prompt] = (),
    commands: Sequence[Command] = COMMANDS,
    skills: Sequence[tuple[str, str]] = (),
    servers: Sequence[Offering] = (),
    agents: Sequence[Agent] | None = None,
    recall: Sequence[str] = (),
    enter_sends: bool = True,
    when_running: Literal["queue", "interrupt", "now"] = "queue",
    whom: Sequence[tuple[str, str]] = (),
    max_mb: int = 50,
    placeholder: str = "Write a message, or / for prompts and commands",
    on_event: Callable[[dict[str, Any]], None],
    key: str = "composer",
) -> None:
    """Draw the composer; `on_event` is called before the next run of the page.

    `place` is the transcript's: the conversation, or a word of its own for each new chat. `recall` are earlier texts,
    oldest first; `turn` changes with the last message, and then the next turn is estimated anew.

    `skills` are names and descriptions of what "/" and "$" may name in a message. `servers` are MCP servers whose
    resources and prompts can be put into it.

    `agents` are those that can answer, behind the plus and by "@"; with None there is no choice here.

    `shelf` are the collections of documents that the chat may read (those of its project it reads anyway), `attached`
    is what rooms keep with it.

    `whom` are those who answer side by side, as ids and names: all are asked, or one. Where the message goes to then is
    the business of the part that shows them (see `hub:asks` in docs/decisions/0002).

    Events are {"kind": "sent", "conversation", "run", "queued"}, {"kind": "unqueued", "queued"},
    {"kind": "command", "name", "argument"} and {"kind": "attached", "attached": {room: what it keeps}}.
    """

    def act() -> None:
        event = cast("dict[str, Any] | None", st.session_state[key].event)
        if event:
            on_event(event)

    data = {
        "place": place,
        "person": person,
        "conversation": conversation,
        "parent": parent,
        "model": _model(model),
        "params": dict(params or {}),
        "temporary": temporary,
        "system_prompt": system_prompt,
        "project": project,
        "shelf": [
            {"id": one.id, "name": one.name, "documents": one.documents, "given": bool(one.scope)} for one in shelf
        ],
        "attached": dict(attached or {}),
        "running": list(running),
        "turn": turn,
        "queued": [{"id": one.id, "text": one.text, "held": one.held} for one in queued],
        "prompts": [{"name": one.name, "about": one.description or one.text[:80], "text": one.text} for one in prompts],
        "commands": [asdict(command) for command in commands],
        "skills": [{"name": name, "about": about} for name, about in skills],
        "servers": [_server(one) for one in servers],
        "agents": None if agents is None else [_agent(one) for one in agents],
        "recall": list(recall),
        "enter_sends": enter_sends,
        "when_running": when_running,
        "whom": [{"id": id_, "label": name} for id_, name in whom],
        "max_mb": max_mb,
        "placeholder": placeholder,
    }
    _mount(data=data, key=key, on_event_change=act)


def _agent(one: Agent) -> dict[str, Any]:
    return {"id": one.id, "name": one.spec.name, "about": one.spec.description[:80], "face": face(one.spec)}


def _model(model: ModelInfo | None) -> dict[str, Any] | None:
    if model is None:
        return None
    vision = None if model.abilities is None else "vision" in model.abilities
    tools = model.abilities is not None and "tools" in model.abilities
    return {"id": model.id, "label": model.label, "vision": vision, "tools": tools}


def _server(one: Offering) -> dict[str, Any]:
    prompts = [
        {"name": prompt.name, "title": prompt.title, "about": prompt.description[:200], "arguments": _blanks(prompt)}
        for prompt in one.prompts
    ]
    return {"id": one.id, "name": one.name, "word": one.word, "prompts": prompts}


def _blanks(prompt: PromptItem) -> list[dict[str, Any]]:
    return [asdict(blank) for blank in prompt.arguments]
