"""Agents as JSON: taking them away, and bringing them in from this hub, another one, or another program.

One agent is {"llm_hub_agent": 1, "id", "names", …the fields of AgentSpec}; several are {"llm_hub_agents": 1, "agents":
[…]}. `id` is what other agents of the file call it by, `names` says what the agents are called that it names and that
are not in the file. What does not exist here is left out, with a warning; keys that nobody knows are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import orjson

from hub.agents import foreign, manage
from hub.agents import spec as specs
from hub.agents.records import Agent, AgentSpec, Taken
from hub.db.who import Who
from hub.errors import BadInput, NotFound

ONE, SEVERAL = "llm_hub_agent", "llm_hub_agents"
VERSION = 1
LARGEST = 2_000_000
MOST_AGENTS = 50
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What exists for the person: ids of tools and of sets of them ("group:Payments"), names of skills, ids of
    collections and of models."""

    tools: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()


def export(who: Who, agents: Sequence[str], *, along: bool = True) -> bytes:
    """JSON of the agents with these ids, each of which the person may use; `along`: with those that they name, as far
    as the person may use them too. Raises NotFound."""
    given = {id_: manage.find(who, id_) for id_ in agents}
    visible = {one.id: one for one in manage.visible(who)}
    waiting = list(given.values())
    while waiting and along:
        for id_ in named(waiting.pop().spec):
            if id_ in visible and id_ not in given:
                given[id_] = visible[id_]
                waiting.append(visible[id_])
    written = [_written(one, given, visible) for one in given.values()]
    whole = written[0] if len(written) == 1 else {SEVERAL: VERSION, "agents": written}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def named(spec: AgentSpec) -> tuple[str, ...]:
    """The ids of the agents that an agent names."""
    return tuple(dict.fromkeys((*spec.helpers, *spec.successors)))


def _written(agent: Agent, given: Mapping[str, Agent], visible: Mapping[str, Agent]) -> Plain:
    others = {id_: visible[id_].spec.name for id_ in named(agent.spec) if id_ in visible and id_ not in given}
    schema = None if agent.spec.schema is None else dict(agent.spec.schema)
    return {ONE: VERSION, "id": agent.id, "names": others, **specs.plain(agent.spec), "schema": schema}


def import_(who: Who, data: bytes, known: Known) -> list[Taken]:
    """Makes the agents of a file, all or none of them. Raises BadInput that says what is wrong with the file."""
    found = [(str(one.get("id", "")), _names(one), _spec(one, place)) for place, one in enumerate(_parts(data), 1)]
    fitted = [(id_, names, *_fitted(spec, known)) for id_, names, spec in found]
    for *_, spec, _ in fitted:
        specs.checked(spec)
    visible = {one.id for one in manage.visible(who)}
    made = [manage.create(who, replace(spec, helpers=(), successors=()), why="imported") for *_, spec, _ in fitted]
    here = {id_: agent.id for (id_, *_), agent in zip(fitted, made, strict=True) if id_}
    taken: list[Taken] = []
    for (_, names, spec, warnings), agent in zip(fitted, made, strict=True):
        given, left = _joined(spec, names, here, visible)
        if given.helpers or given.successors:
            agent = manage.save(who, agent.id, given, why="imported with the agents that it names")
        taken.append(Taken(agent, (*warnings, *left)))
    return taken


def _parts(data: bytes) -> list[Plain]:
    """The agents of a file as plain data."""
    if len(data) > LARGEST:
        raise _refused(f"The file has {len(data):,} bytes; an import can have at most {LARGEST:,}.")
    try:
        read: Any = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise _refused(f"This is no JSON: {error}.") from error
    if isinstance(read, dict) and SEVERAL in read:
        whole = cast("Plain", read)
        _check_version(whole[SEVERAL])
        read = whole.get("agents")
    given = cast("list[Any]", read if isinstance(read, list) else [read])
    if not given or len(given) > MOST_AGENTS:
        raise _refused(f"A file holds 1 to {MOST_AGENTS} agents, and this one {len(given)}.")
    return [_part(one) for one in given]


def _part(one: Any) -> Plain:
    if not isinstance(one, dict):
        raise _refused("An agent is a JSON object, and this is something else.")
    part = cast("Plain", one)
    if ONE in part:
        _check_version(part[ONE])
        return part
    known = foreign.read(part)
    if known is None:
        raise _refused(f"This is no agent: it has no “{ONE}”, and is of no program whose agents can be read.")
    return known


def _check_version(version: Any) -> None:
    if type(version) is not int or version != VERSION:
        raise _refused(f"This hub reads version {VERSION} of the form, and the file says {str(version)[:40]!r}.")


def _names(part: Plain) -> Mapping[str, str]:
    given = part.get("names")
    if not isinstance(given, dict):
        return {}
    return {str(id_): str(name)[:80] for id_, name in cast("Plain", given).items()}


def _spec(part: Plain, place: int) -> AgentSpec:
    try:
        return specs.read(part)
    except BadInput as error:
        raise _refused(f"Agent {place}: {error.message}") from error


def _fitted(spec: AgentSpec, known: Known) -> tuple[AgentSpec, list[str]]:
    """The agent with what there is here, and what was left out."""
    said: list[str] = []

    def kept(what: str, given: Sequence[str], there: frozenset[str]) -> tuple[str, ...]:
        if gone := [one for one in given if one not in there]:
            said.append(f"{what} that do not exist here: {', '.join(one[:60] for one in gone[:10])}.")
        return tuple(one for one in given if one in there)

    model = spec.model if spec.model in known.models else ""
    if spec.model and not model:
        said.append(f"The model {spec.model[:80]} does not exist here: it answers with your default.")
    made = replace(
        spec,
        model=model,
        fallbacks=kept("Other models", spec.fallbacks, known.models),
        tools=None if spec.tools is None else kept("Tools", spec.tools, known.tools),
        skills=None if spec.skills is None else kept("Skills", spec.skills, known.skills),
        always=kept("Skills that are always on", spec.always, known.skills),
        collections=kept("Documents", spec.collections, known.collections),
    )
    return made, said


def _joined(
    spec: AgentSpec, names: Mapping[str, str], here: Mapping[str, str], visible: set[str]
) -> tuple[AgentSpec, list[str]]:
    """The agent with the agents that it names as they are here: those of its file, else those there are."""
    lost: list[str] = []

    def found(field: Literal["helpers", "successors"]) -> tuple[str, ...]:
        given = [(id_, here.get(id_) or (id_ if id_ in visible else "")) for id_ in getattr(spec, field)]
        lost.extend(names.get(id_, id_)[:80] for id_, other in given if not other)
        return tuple(dict.fromkeys(other for _, other in given if other))

    made = replace(spec, helpers=found("helpers"), successors=found("successors"))
    said = [f"Agents that it names and that do not exist here: {', '.join(dict.fromkeys(lost))}."] if lost else []
    return made, said


def _refused(said: str) -> BadInput:
    return BadInput(said, hint="Nothing was imported.")


def named_here(who: Who, agent: str) -> list[Agent]:
    """The agents that an agent names and that the person may use; raises NotFound."""
    found: list[Agent] = []
    for id_ in named(manage.find(who, agent).spec):
        try:
            found.append(manage.find(who, id_))
        except NotFound:
            continue
    return found
