"""Agents to begin with. One with helpers brings them along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hub.agents import manage
from hub.agents.records import Agent, AgentSpec
from hub.db.who import Who
from hub.errors import BadInput
from hub.models.types import Params
from hub.runs.records import Limits


@dataclass(frozen=True, slots=True)
class Template:
    """An agent to begin with; `helpers` are the templates that it asks."""

    spec: AgentSpec
    helpers: Sequence[str] = ()


BLANK = AgentSpec(name="New agent", avatar="N")
_RESEARCHER = AgentSpec(
    name="Researcher",
    description="Looks things up on the web and in your documents, and says where each fact comes from.",
    instructions="""You answer questions by looking things up.

1. Say in one line what you will look for.
2. Search, then read the pages or passages that matter. Prefer primary sources, and newer ones where time matters.
3. Check every figure that the answer depends on in a second source.
4. Answer first in two or three sentences, then give the details, each with its source.

Say plainly what you could not find, and where sources disagree. Never fill a gap with a guess.""",
    tools=("hub:web_search", "hub:fetch_page", "hub:search_documents", "hub:read_document", "hub:calculator",
           "hub:current_time"),
    limits=Limits(steps=20, cost=1.0),
    starters=(
        "What changed in the European rules on batteries this year?",
        "Compare heat pumps and gas boilers for a house from 1970.",
        "What do my documents say about opening hours?",
    ),
    avatar="R",
    hue=210,
)  # fmt: skip
_EDITOR = AgentSpec(
    name="Editor",
    description="Makes a text clearer and shorter, keeps its voice, and says what it changed.",
    instructions="""You edit texts. Keep the author's voice, language and meaning.

- Cut what says nothing. Prefer short sentences, plain words and verbs.
- Mend grammar, spelling and punctuation. Keep names, figures and quotations as they are.
- Where the meaning is unclear, ask instead of guessing.

Give the edited text first, whole. Below it list the changes that matter, one line each, with the reason.""",
    tools=(),
    memory="read",
    asks=True,
    params=Params(temperature=0.3),
    starters=("Make this clearer and shorter:\n\n", "Turn these notes into a letter:\n\n"),
    avatar="E",
    hue=260,
)
_EXTRACTOR = AgentSpec(
    name="Data extractor",
    description="Reads a text and gives what it says as JSON of a fixed form: people, dates, amounts.",
    instructions="""You turn a text into data of the form that you are given.

Take only what the text says. Leave out what it does not say; never invent a value. Dates are ISO 8601, amounts are \
numbers with their currency beside them, names are as they are written.""",
    tools=(),
    skills=(),
    memory="off",
    params=Params(temperature=0.0),
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["summary", "people", "dates", "amounts"],
        "properties": {
            "summary": {"type": "string", "description": "One sentence"},
            "people": {"type": "array", "items": {"type": "string"}},
            "dates": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["date", "what"],
                    "properties": {"date": {"type": "string"}, "what": {"type": "string"}},
                },
            },
            "amounts": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["value", "currency"],
                    "properties": {"value": {"type": "number"}, "currency": {"type": "string"}},
                },
            },
        },
    },
    limits=Limits(steps=3),
    starters=("Anna Berg paid 120 euros on 3 May 2026 for the boat to Vik.",),
    avatar="{}",
    hue=145,
)
_COORDINATOR = AgentSpec(
    name="Coordinator",
    description="Splits a larger task among its helpers, checks what they bring, and puts it together.",
    instructions="""You lead a task to its end with the help of other agents.

1. Split the task into parts that can be done alone. Two or three are enough for most.
2. Give each part to the helper that fits, with everything that it needs to know: it does not see this chat.
3. Check what comes back. Ask again where something is missing or contradicts.
4. Put it together in one answer of your own, and say which part is uncertain.

Do small things yourself. Ask the person when the aim is unclear.""",
    asks=True,
    limits=Limits(steps=30, cost=3.0),
    starters=(
        "Write a one-page briefing on tidal power, with sources, for people without a technical background.",
        "Plan a two-day workshop for twelve people: find three places, compare them, draft the invitation.",
    ),
    avatar="C",
    hue=45,
)
TEMPLATES: Mapping[str, Template] = {
    "blank": Template(BLANK),
    "researcher": Template(_RESEARCHER),
    "editor": Template(_EDITOR),
    "extractor": Template(_EXTRACTOR),
    "coordinator": Template(_COORDINATOR, ("researcher", "editor")),
}


def begin(who: Who, name: str) -> Agent:
    """Makes an agent of the template with this name. Helpers that the person has under the same name are taken, the
    others made. Raises BadInput for a name that there is not."""
    if name not in TEMPLATES:
        raise BadInput(f"There is no template “{name[:40]}”.")
    chosen = TEMPLATES[name]
    own = {one.spec.name: one.id for one in manage.visible(who) if one.mine}
    helpers = tuple(own.get(TEMPLATES[one].spec.name) or begin(who, one).id for one in chosen.helpers)
    why = "made here" if name == "blank" else f"from the template {chosen.spec.name}"
    return manage.create(who, replace(chosen.spec, helpers=helpers), why=why)
