"""Asking models: an empty answer for each, and the run that fills them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bson import ObjectId

from hub import hooks, runs
from hub.chat import context, exchange, preferences, rows, store
from hub.chat.given import Given, Making
from hub.chat.records import Target
from hub.chat.shared import Shared
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import HubError
from hub.models import catalogue
from hub.models.types import ModelInfo, Params, ToolUse
from hub.models.window import room
from hub.runs.records import Limits
from hub.tools import Reply


@dataclass(frozen=True, slots=True)
class Unattended:
    """How an answer is made with nobody there to be asked: within `limits`, with no other tools than `tools` (stable
    ids; None is any). `before` is asked before each request (`hub.runs.records.Target`), `below` before each one of an
    agent that is asked by this answer."""

    limits: Limits
    tools: frozenset[str] | None
    before: Callable[[float | None], None]
    below: Callable[[float | None], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """One model that is asked, the message that it answers and the one that its answer goes into."""

    asked: Document
    answer: Document
    info: ModelInfo
    params: Params
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    """What the person said to calls of the answer that waited; those are made first."""
    unattended: Unattended | None = None


def asks(
    who: Who,
    conversation: ObjectId,
    above: Document,
    targets: Sequence[Target],
    run: str,
    more: Mapping[str, Any] | None = None,
) -> list[Ask]:
    """An empty answer for each target. Raises NotFound for a model whose connection is not there."""
    found = [(catalogue.find(who, model), params) for model, params in targets]
    return [ask(conversation, above, info, params, run, index, more=more) for index, (info, params) in enumerate(found)]


def ask(
    conversation: ObjectId,
    above: Document,
    info: ModelInfo,
    params: Params,
    run: str,
    index: int,
    *,
    more: Mapping[str, Any] | None = None,
) -> Ask:
    """An empty answer of one model; `more` are fields of a room's own (`hub.chat.veil`)."""
    answer = _empty(conversation, above, info, params, run, index)
    return Ask(above, {**answer, **(more or {})}, info, params)


def _empty(conversation: ObjectId, above: Document, info: ModelInfo, params: Params, run: str, index: int) -> Document:
    return {
        "_id": ObjectId(),
        "conversation": conversation,
        "parent": above["_id"],
        "depth": above["depth"] + 1,
        "role": "assistant",
        "text": "",
        "status": "streaming",
        "created_at": now(),
        "model": info.id,
        "model_label": info.label,
        "params": rows.plain(params),
        "run": run,
        "target": index,
    }


def start(
    who: Who,
    conversation: Document,
    asks: Sequence[Ask],
    run: str,
    *,
    first: bool = False,
    kind: str = "chat",
    more: Mapping[str, Any] | None = None,
) -> None:
    """Starts the run that gives the answers; if it cannot start, they say so instead of waiting for ever.

    What the end needs of the models goes with the run, so that it need not be looked up again; `more` is what the room
    needs whose `kind` of run it is.
    """
    about = {
        "conversation": str(conversation["_id"]),
        "title": first and not conversation["temporary"],
        "note": first or any(ask.info.id != conversation.get("model") for ask in asks if "veiled" not in ask.answer),
        **(more or {}),
    }
    try:
        liked = preferences.get(who)
        limits = Limits(liked.most_steps, liked.most_tokens, liked.most_cost)
        limits = limits.within(asks[0].unattended.limits) if asks[0].unattended else limits
        guide = hooks.guide(who, exchange.attached_to(conversation, asks[0].answer), limits)
        made = Making(guide, Shared([room(ask.info, ask.params) for ask in asks]), alone=_alone(kind, asks))
        runs.start(who, kind, [_target(who, conversation, ask, made) for ask in asks], about, run_id=run)
    except HubError as error:
        ids = [ask.answer["_id"] for ask in asks]
        store.update_messages(who, ids, {"status": "error", "error": error.record()})
        raise


def _alone(kind: str, asks: Sequence[Ask]) -> bool:
    """Whether one model is asked whose name everybody may know, so that another may go on in its place."""
    return kind == "chat" and len(asks) == 1 and "veiled" not in asks[0].answer


def _target(who: Who, conversation: Document, ask: Ask, made: Making) -> runs.Target:
    alone = ask.unattended
    nobody = {"attended": False, "only": alone.tools, "alone": False, "before": alone.below} if alone else {}
    given = Given(who, conversation, ask.asked, ask.answer, ask.info, made, ask.replies, nobody)
    stand_ins = catalogue.known(who, made.guide.fallbacks, but=ask.info.id) if made.alone else ()
    pending = [call for call in ask.answer.get("tool_calls", ()) if call["id"] in ask.replies]
    return runs.Target(
        model=ask.info.id,
        prepare=partial(context.prepare, who, conversation, ask.asked, ask.answer, ask.info, ask.params, given),
        tools=given,
        label=ask.answer.get("veiled") or ask.answer["model_label"],
        context={
            "message": str(ask.answer["_id"]),
            "window": ask.info.context,
            "price": [ask.info.price.input, ask.info.price.output, ask.info.price.cached],
            "agent": made.guide.agent,
        },
        veiled="veiled" in ask.answer,
        pending=tuple(ToolUse(call["id"], call["name"], call.get("arguments", "")) for call in pending),
        said=ask.answer["text"],
        taken=frozenset(call["id"] for call in ask.answer.get("tool_calls", ())),
        limits=made.guide.limits,
        price=ask.info.price,
        fallbacks=tuple(map(runs.Fallback.of, stand_ins)),
        before=alone.before if alone else None,
    )
