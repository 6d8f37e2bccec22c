"""One cell's questions: templates filled, the prompt of each turn, and one attempt at all of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from time import perf_counter

import orjson

from hub.evals.records import Row, RunModel, Template
from hub.models.deltas import answer_of
from hub.models.estimate import tokens
from hub.models.types import (
    Answer,
    ChatMessage,
    ChatModel,
    ChatRequest,
    ModelEvent,
    Params,
    Part,
    Reasoning,
    Text,
    TextPart,
    Usage,
)

_NAME = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
PROMPT = "prompt"
"""The variable that is a row's first turn."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one row asks through one template: the system prompt and what the person says, turn after turn."""

    system: str
    turns: tuple[str, ...]


def script(row: Row, template: Template) -> Script:
    """The row through the template. {{name}} is filled once, never in what was filled in.

    Turns of the row after the first, which is {{prompt}}, follow as they are.
    """
    given = _given(row)
    turns = tuple(fill(text, given) for text in template.turns) + row.turns[1:]
    system = template.system if template.verbatim else fill(template.system, given)
    return Script("\n\n".join(filter(None, (row.system, system))), turns)


def unknown(row: Row, template: Template) -> list[str]:
    """The names in a template that a row does not have."""
    given = _given(row)
    filled = template.turns if template.verbatim else (*template.turns, template.system)
    names = [name for text in filled for name in _NAME.findall(text)]
    return [name for name in dict.fromkeys(names) if name not in given]


def fill(text: str, given: Mapping[str, str]) -> str:
    """`text` with {{name}} replaced; a name that is not given stays as it is."""
    if "{{" not in text:
        return text
    return _NAME.sub(lambda found: given.get(found[1], found[0]), text)


def _given(row: Row) -> dict[str, str]:
    given = dict(row.vars)
    if row.turns:
        given.setdefault(PROMPT, row.turns[0])
    return given


def key(model: RunModel, params: Params, script: Script, files: Sequence[str], repeat: int, same: int) -> str:
    """What a cell asks, exactly, as one word. `same` counts the models of the run before this one that are asked the
    same: two columns of one model get answers of their own."""
    asked = [
        model.address,
        model.model,
        asdict(params),
        script.system,
        script.turns,
        files,
        repeat,
        same,
    ]
    return hashlib.sha256(orjson.dumps(asked)).hexdigest()


@dataclass(slots=True)
class Talk:
    """A cell in the middle of its turns: what was answered, and what that took. A failed turn is asked again without
    those before it."""

    script: Script
    first: tuple[Part, ...] = ()
    """Pictures and texts of files, which go with the first turn."""
    answers: tuple[str, ...] = ()
    reasoning: str = ""
    usage: Usage | None = None
    ms: float = 0.0
    first_ms: float | None = None
    finish: str = ""

    @property
    def over(self) -> bool:
        """Whether every turn is answered."""
        return len(self.answers) == len(self.script.turns)

    def request(self, params: Params) -> ChatRequest:
        """The prompt of the next turn."""
        messages = [ChatMessage("system", (TextPart(self.script.system),))] if self.script.system else []
        for place, said in enumerate(self.script.turns[: len(self.answers) + 1]):
            parts: tuple[Part, ...] = (TextPart(said),)
            messages.append(ChatMessage("user", (*self.first, *parts) if place == 0 else parts))
            if place < len(self.answers):
                messages.append(ChatMessage("assistant", (TextPart(self.answers[place]),)))
        return ChatRequest(tuple(messages), params)

    def take(self, answer: Answer, ms: float, first_ms: float | None) -> None:
        """Adds the answer of a turn."""
        self.answers += (answer.text,)
        self.reasoning += answer.reasoning
        if answer.usage is not None:
            self.usage = answer.usage if self.usage is None else self.usage + answer.usage
        self.ms += ms
        if self.first_ms is None:
            self.first_ms = first_ms
        self.finish = answer.finish

    def counted(self) -> Usage:
        """The tokens of all turns, our own count where the provider gave none."""
        if self.usage is None:
            said = [tokens(text) for text in self.script.turns]
            answered = [tokens(text) for text in self.answers]
            again = sum(sum(said[:place]) + sum(answered[:place]) for place in range(len(said)))
            before = tokens(self.script.system) * len(said)
            self.usage = Usage(before + sum(said) + again, sum(answered), estimated=True)
        return self.usage


async def ask_turn(model: ChatModel, talk: Talk, params: Params, *, stream: bool, heard: Callable[[str], None]) -> None:
    """One attempt at the next turn. With `stream`, `heard` gets all text of the turn so far whenever some came."""
    began = perf_counter()
    request = talk.request(params)
    if not stream:
        answer = await model.ask_once(request)
        talk.take(answer, (perf_counter() - began) * 1000, None)
        return
    events: list[ModelEvent] = []
    text, first = "", None
    async with aclosing(model.stream_once(request)) as stream_:
        async for event in stream_:
            events.append(event)
            if first is None and isinstance(event, Text | Reasoning):
                first = (perf_counter() - began) * 1000
            if isinstance(event, Text):
                text += event.text
                heard(text)
    talk.take(answer_of(events), (perf_counter() - began) * 1000, first)
