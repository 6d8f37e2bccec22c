"""After an exchange: what of it is kept. One call of a model, checked, stored; a repeated call changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from hub import hooks
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import NotFound
from hub.jobs import still_mine
from hub.memory import ask, gate, index, preferences, store
from hub.memory.change import settle, write
from hub.memory.check import Allowed
from hub.memory.fold import state_of
from hub.memory.llama import structured
from hub.memory.look import known
from hub.memory.operations import Operations, Usable
from hub.memory.plan import Plan
from hub.memory.records import Fact, Refusal
from hub.memory.words import own
from hub.models import catalogue
from hub.models.errors import ModelError
from hub.models.types import ModelInfo, Usage
from hub.search import find
from hub.turns import Exchange

NEAREST = 10
log = structlog.get_logger(__name__)


def extract(who: Who, answer: str) -> str:
    """Learns from the exchange that `answer` ended; returns the state of its record, "" when there is nothing to learn
    from. A second call for the same answer changes nothing. Raises StoreDown, and ModelError when another try may help.
    """
    if (left := store.marked(_mark(answer))) is not None:
        settle(left)  # a worker died here
    there = store.read("memory_extractions", answer)
    if there is not None and there["state"] != "failed":
        return there["state"]
    exchange = hooks.exchange(who, answer)
    if exchange is None or exchange.temporary or not preferences.learns(who, exchange.attached):
        return ""
    if not gate.worth(exchange.asked.text):
        return _note(exchange, "nothing", "Nothing in it is about you.")
    model, said = _model(who, exchange)
    if model is None:
        return _note(exchange, "skipped", said)
    return _learn(exchange, model)


def _mark(answer: str) -> str:
    return f"extract {answer}"


def _model(who: Who, exchange: Exchange) -> tuple[ModelInfo | None, str]:
    """The model that extracts, or why there is none."""
    name = preferences.settings(who).model or exchange.answered.model
    if not name:
        return None, "No model: choose one for memory under Memory, Settings. Earlier messages are found without it."
    try:
        info = catalogue.find(who, name)
    except NotFound:
        return None, "The model that memory uses is gone: choose another under Memory, Settings."
    if info.demo:
        return None, "The demo model cannot learn from a chat; earlier messages are found without it."
    return info, ""


def _learn(exchange: Exchange, model: ModelInfo) -> str:
    who = exchange.who
    liked = preferences.settings(who)
    rules = [row["text"] for row in store.all_of("memory_rules", who)]
    near = nearest(who, exchange)
    system, user = ask.question(exchange, near, rules)
    try:
        asked = structured(who, model.id, Operations, ask.SHAPE, system, user, last=Usable)
    except ModelError as error:
        _note(
            exchange, "failed" if error.retryable else "skipped", f"{error.message} {error.hint}".strip(), model=model
        )
        if error.retryable:
            raise
        return "skipped"
    cost = spend(who, model, asked.usages)
    if asked.value is None:
        said = f"The model's answer could not be used, twice: {asked.problem}. Nothing was kept of this exchange."
        return _note(exchange, "skipped", said, model=model, usages=asked.usages, cost=cost)
    plan = Plan(who, exchange, near, Allowed(liked.sensitive, tuple(rules), index.embedder()), index.embedder())
    plan.refusals += [
        Refusal("form", "The model did not say it in a form that can be used.") for _ in asked.value.dropped
    ]
    plan.take(asked.value.operations)
    return _store(exchange, plan, model, asked.usages, cost, review=liked.review_first)


def nearest(who: Who, exchange: Exchange) -> dict[str, Fact]:
    """The live facts nearest to what was said, by the labels that the model gets."""
    spaces = [index.space(who, scope) for scope in preferences.read_scopes(who, exchange.scope)]
    hits = find(spaces, own(exchange.asked.text)[:2000], index.embedder(), most=NEAREST)
    rows = store.rows(who, [hit.item for hit in hits])
    live = [row for hit in hits if (row := rows.get(hit.item)) and row["shelf"] in index.LIVE]
    return {f"F{number}": fact for number, fact in enumerate(known(who, live), 1)}


def spend(who: Who, model: ModelInfo, usages: Sequence[Usage]) -> float | None:
    """Counts what calls took on the day's account; their price in US dollars, None when it is not known."""
    costs = [model.price.cost(usage) for usage in usages]
    priced = [cost for cost in costs if cost is not None]
    store.spend(
        who,
        {
            "calls": max(len(usages), 1),
            "input": sum(usage.input for usage in usages),
            "output": sum(usage.output for usage in usages),
            "cost": sum(priced),
            "unpriced": len(costs) - len(priced),
        },
    )
    return sum(priced) if len(priced) == len(costs) else None


def _store(
    exchange: Exchange, plan: Plan, model: ModelInfo, usages: Sequence[Usage], cost: float | None, *, review: bool
) -> str:
    answer = exchange.answered.message
    still_mine()
    if (there := store.read("memory_extractions", answer)) is not None and there["state"] != "failed":
        return there["state"]  # another worker was quicker
    state = "waiting" if review and plan.steps else "done" if plan.steps else "nothing"
    said = {
        "waiting": "Changes wait for your approval.",
        "done": "Learned from this exchange.",
        "nothing": "Nothing in it was worth keeping." if not plan.refusals else "Nothing of it was kept.",
    }[state]
    changes = len({step.group for step in plan.steps})
    record = _record(exchange, state, said, model, usages, cost, changes, plan.refusals)
    also: list[tuple[str, Document]] = [("memory_extractions", record)]
    if review:
        also += [("memory_pending", row) for row in _pending(exchange, plan)]
    steps = [] if review else plan.steps
    write(exchange.who, exchange.scope, steps, "automatic", batch=answer, mark=_mark(answer), also=also)
    log.info("memory_extracted", state=state, changes=changes, refused=len(plan.refusals))
    return state


def _pending(exchange: Exchange, plan: Plan) -> list[Document]:
    """One waiting change for each group of steps; the last step of a group is what it comes to."""
    groups: dict[str, list[Any]] = {}
    for step in plan.steps:
        groups.setdefault(step.group, []).append(step)
    rows: list[Document] = []
    for place, (group, steps) in enumerate(groups.items()):
        last = steps[-1]
        replaces = steps[0].fact if len(steps) > 1 or last.op in {"update", "forget"} else ""
        rows.append(
            {
                "_id": f"{exchange.answered.message}.{place}",
                "owner": exchange.who.id,
                "scope": exchange.scope,
                "conversation": exchange.conversation,
                "op": last.op,
                "group": group,
                "fact": last.fact,
                "state": state_of(last.after),
                "replaces": replaces,
                "reason": steps[0].reason,
                "at": now(),
            }
        )
    return rows


def _note(
    exchange: Exchange,
    state: str,
    said: str,
    *,
    model: ModelInfo | None = None,
    usages: Sequence[Usage] = (),
    cost: float | None = None,
) -> str:
    store.write("memory_extractions", _record(exchange, state, said, model, usages, cost))
    return state


def _record(
    exchange: Exchange,
    state: str,
    said: str,
    model: ModelInfo | None,
    usages: Sequence[Usage] = (),
    cost: float | None = None,
    changes: int = 0,
    refusals: Sequence[Refusal] = (),
) -> Document:
    return {
        "_id": exchange.answered.message,
        "owner": exchange.who.id,
        "conversation": exchange.conversation,
        "scope": exchange.scope,
        "state": state,
        "said": said,
        "model": model.id if model else "",
        "changes": changes,
        "refusals": [{"code": one.code, "said": one.said, "text": one.text[:300]} for one in refusals],
        "tokens": sum(usage.input + usage.output for usage in usages),
        "cost": cost,
        "at": now(),
    }
