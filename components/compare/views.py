"""A comparison in the words that the columns show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from components.clock import long_ago
from components.parameters import adjusted
from components.transcript import view
from hub.chat.records import Message
from hub.compare.records import Comparison, Merge, MergeKind, Pane, Shown, ShownPane, Team, TurnVote
from hub.models.types import ModelInfo, Params

MERGES: Mapping[MergeKind, str] = {"fuse": "Fused", "guided": "Guided", "table": "Table", "own": "Own instruction"}
Member = tuple[str, Params]


def board(
    shown: Shown, models: Sequence[ModelInfo], *, recent: Sequence[str] = (), merger: str = "", costs: bool = True
) -> dict[str, Any]:
    """What the component draws of a stored comparison. `merger` is the model that is offered for merging."""
    made, named = shown.comparison, {model.id: model for model in models}
    veiled = made.blind and not made.revealed
    return {
        "place": made.id,
        "comparison": made.id,
        "conversation": made.conversation,
        "title": made.title,
        "blind": made.blind,
        "veiled": veiled,
        "panes": [_pane(one, shown, named, costs=costs and not veiled) for one in shown.panes],
        "live": _live(shown),
        "vote": {"turn": made.turns, "cast": _vote(made)} if len(shown.panes) > 1 else None,
        "mergeable": sum(_answered(one) for one in shown.panes) > 1,
        "merges": {"model": _named(merger, named), "items": [_merge(one, costs=costs) for one in made.merges]},
        "recent": list(recent),
        "setup": None,
    }


def lineup(
    place: str,
    members: Sequence[Member],
    models: Sequence[ModelInfo],
    *,
    blind: bool = False,
    heard: int = 0,
    seed: Message | None = None,
    teams: Sequence[Team] = (),
    recents: Sequence[Comparison] = (),
    recent: Sequence[str] = (),
    now: datetime,
) -> dict[str, Any]:
    """What the component draws before there is a comparison; `seed` is the answer that it begins with, if there is
    one. `heard` counts what was done: the component shows a choice before it was heard, and is told of each although
    what came of two together looks as before."""
    named = {model.id: model for model in models}
    return {
        "place": place,
        "comparison": None,
        "conversation": None,
        "title": "",
        "blind": blind,
        "veiled": False,
        "panes": [],
        "live": [],
        "vote": None,
        "mergeable": False,
        "merges": {"model": None, "items": []},
        "recent": list(recent),
        "setup": {
            "heard": heard,
            "members": [_member(model, params, named) for model, params in members],
            "blind": blind,
            "seed": _seed(seed) if seed else None,
            "teams": [_team(one, named) for one in teams],
            "recents": [_recent(one, now) for one in recents],
        },
    }


def usual(models: Sequence[ModelInfo], recent: Sequence[str], chosen: str) -> list[Member]:
    """Two models to begin with: what was used last, the same twice where there is only one."""
    known = {model.id for model in models}
    first = list(dict.fromkeys(id_ for id_ in (*recent, chosen, *(model.id for model in models)) if id_ in known))[:2]
    return [(model, Params()) for model in (first * 2)[:2]]


def pane_name(pane: Pane) -> str:
    """What a column is called: its model, or while names are hidden its letter."""
    return pane.label or pane.model.partition("/")[2] or f"Model {pane.letter}"


def _pane(one: ShownPane, shown: Shown, named: Mapping[str, ModelInfo], *, costs: bool) -> dict[str, Any]:
    pane = one.pane
    known = named.get(pane.model)
    return {
        "id": pane.id,
        "letter": pane.letter if shown.comparison.blind else "",
        "label": known.label if known else pane_name(pane),
        "provider": _provider(pane.model, named) if pane.model else "",
        "adjusted": adjusted(pane.params),
        "model": pane.model,
        "params": _set(pane.params) if pane.model else {},
        "veiled": not pane.model,
        "answered": _answered(one),
        "messages": [_message(said, pane, costs=costs) for said in one.messages],
        "earlier": one.earlier,
        "waiting": [
            {"id": queued.id, "text": queued.text, "held": queued.held}
            for queued in shown.waiting
            if queued.after in {said.id for said in one.messages}
        ],
    }


def _message(message: Message, pane: Pane, *, costs: bool) -> dict[str, Any]:
    # The head of the column names the model already; an answer of one that stood there before still tells.
    said = replace(message, model="") if message.model == pane.model or not pane.model else message
    drawn = view(said, costs=costs).data()
    return drawn | {"facts": figures(drawn["facts"]), "run": message.run, "target": message.target}


def figures(facts: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The facts of an answer, those that columns are compared by first: time, speed, then tokens and money."""
    first = [fact for fact in facts if fact["text"].endswith(("to first token", "tokens/s"))]
    return [*first, *(fact for fact in facts if fact not in first)]


def _live(shown: Shown) -> list[dict[str, Any]]:
    """The runs that write, each with the messages it writes into by target number; "" for one that is not shown."""
    places: dict[str, dict[int, str]] = {run: {} for run in shown.running}
    for one in shown.panes:
        for message in one.messages:
            if message.run in places and message.status == "streaming":
                places[message.run][message.target] = message.id
    for merge in shown.comparison.merges:
        if merge.run and merge.status == "streaming":
            places[merge.run] = {0: merge.id}
    return [
        {"run": run, "answers": [by.get(target, "") for target in range(max(by, default=-1) + 1)]}
        for run, by in places.items()
    ]


def _answered(shown: ShownPane) -> bool:
    last = shown.messages[-1] if shown.messages else None
    return last is not None and last.role == "assistant" and last.status != "streaming" and bool(last.text)


def _vote(made: Comparison) -> dict[str, Any] | None:
    cast: TurnVote | None = next((vote for vote in made.votes if vote.turn == made.turns), None)
    return asdict(cast) if cast else None


def _merge(merge: Merge, *, costs: bool) -> dict[str, Any]:
    status = "done" if merge.status == "streaming" and not merge.run else merge.status
    message = Message(
        merge.id,
        "",
        None,
        "assistant",
        merge.text,
        status,
        datetime.min,
        model=merge.model,
        model_label=merge.label,
        usage=merge.usage,
        cost=merge.cost,
        error=merge.error,
        run=merge.run,
    )
    return {
        "id": merge.id,
        "kind": merge.kind,
        "title": f"{MERGES[merge.kind]} by {merge.label or merge.model.partition('/')[2]}",
        "instruction": merge.instruction,
        "status": status,
        "run": merge.run,
        "checklist": [asdict(one) for one in merge.checklist],
        "message": view(replace(message, model=""), costs=costs).data(),
    }


def _provider(model: str, named: Mapping[str, ModelInfo]) -> str:
    """The connection of a model, which may offer more than its list says."""
    home = model.partition("/")[0]
    return next((one.connection_name for one in named.values() if one.connection == home), "not available")


def _named(model: str, named: Mapping[str, ModelInfo]) -> dict[str, str] | None:
    return {"id": model, "label": named[model].label} if model in named else None


def _member(model: str, params: Params, named: Mapping[str, ModelInfo]) -> dict[str, Any]:
    known = named.get(model)
    return {
        "model": model,
        "params": _set(params),
        "label": known.label if known else model.partition("/")[2] or model,
        "provider": _provider(model, named),
        "adjusted": adjusted(params),
    }


def _set(params: Params) -> dict[str, Any]:
    """What is not the provider's own default."""
    return {name: value for name, value in asdict(params).items() if value != getattr(Params(), name)}


def _seed(answer: Message) -> dict[str, str]:
    return {"label": answer.model_label or answer.model, "text": " ".join(answer.text[:400].split())}


def _team(team: Team, named: Mapping[str, ModelInfo]) -> dict[str, Any]:
    names = [named[model].label if model in named else model.partition("/")[2] for model, _ in team.members]
    return {"id": team.id, "name": team.name, "members": len(names), "about": ", ".join(names)}


def _recent(made: Comparison, now: datetime) -> dict[str, Any]:
    models = "1 model" if len(made.panes) == 1 else f"{len(made.panes)} models"
    when = long_ago(made.created_at, now) if made.created_at else ""
    named = {"id": made.id, "conversation": made.conversation, "title": made.title or "Comparison"}
    return {**named, "about": ", ".join(filter(None, (models, when)))}
