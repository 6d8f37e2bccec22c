"""From what a model did to the rows of its timeline: requests in order, under each the calls that it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.models.types import Usage
from hub.runs.records import Call, Step, ToolAnswer
from hub.traces.records import Part, Pause, Span, State, Work

ENDED = {"error": "Failed", "cancelled": "Stopped", "interrupted": "The hub stopped", "running": "Writing"}
FINISHES = {"length": "Reached its output limit", "content_filter": "Stopped by the provider's filter"}


def spans(work: Work, below: Sequence[Work] = (), *, under: str = "", start: int = 0) -> tuple[Span, ...]:
    """The rows of `work`, which began `start` milliseconds into the answer; `below` are all sub-agents of the answer,
    each with the work that it belongs to: `under` is the id of this one, "" for the answer itself."""
    return _Rows(work, [one for one in below if one.parent == under], below, start, nested=bool(under)).all()


class _Rows:
    def __init__(self, work: Work, asked: Sequence[Work], below: Sequence[Work], start: int, *, nested: bool) -> None:
        self._work = work
        self._asked = asked
        self._below = below
        self._start = start
        self._nested = nested
        self._results = {one.id: one for one in work.results}
        self._steps = {step.number: step for step in _steps(work)}
        self._count = 0

    def all(self) -> tuple[Span, ...]:
        rounds: dict[int, list[Call]] = {}
        for call in self._work.calls:
            rounds.setdefault(call.round, []).append(call)
        found: list[Span] = []
        for number in sorted({*self._steps, *rounds}):
            calls = rounds.get(number, [])
            step = self._steps.get(number)
            if step is not None:
                found.append(self._step(step, calls))
            for call in calls:
                found += self._waits(call, step)
                found.append(self._call(call, step))
        called = {call.id for call in self._work.calls}
        found += [self._agent(one, None) for one in self._asked if one.call not in called]
        return (*found, *self._last())

    def _step(self, step: Step, calls: Sequence[Call]) -> Span:
        self._count += 1
        called = f"Called {len(calls)} tools" if len(calls) > 1 else "Called a tool" if calls else ""
        return Span(
            f"{self._work.id}/step/{step.number}",
            "step",
            f"Step {self._count}",
            began_ms=self._start + step.began_ms,
            ms=step.ended_ms - step.began_ms,
            first_token_ms=None if step.first_token_ms is None else self._start + step.first_token_ms,
            usage=step.usage,
            cost=step.cost,
            said=called or FINISHES.get(step.finish, "Answered"),
        )

    def _call(self, call: Call, step: Step | None) -> Span:
        result = self._results.get(call.id)
        began = self._began(result, step)
        asked = [one for one in self._asked if one.call == call.id]
        row = self._result(call, result, began) if result else self._open(call, began)
        if len(asked) != 1:
            return _with(row, tuple(self._agent(one, began) for one in asked))
        return _merged(row, self._agent(asked[0], began))

    def _result(self, call: Call, result: ToolAnswer, began: int | None) -> Span:
        status: State = "error" if result.error else "done" if began is not None else "kept"
        return Span(
            f"{self._work.id}/call/{call.id}",
            "tool",
            result.title or result.name or call.name,
            status,
            began,
            None if began is None else result.ms,
            cost=result.cost,
            said=result.said,
            icon=result.icon,
            key=result.key,
            parts=_parts(Part("Arguments", result.arguments or call.arguments), Part("Result", result.text)),
        )

    def _open(self, call: Call, began: int | None) -> Span:
        """A call without a result."""
        waits = next((one for one in self._work.pauses if one.call == call.id), None)
        status: State = "running" if self._work.status == "running" else "lost"
        if self._work.status == "waiting":
            status = "waiting" if waits else "lost"
        elif waits and not waits.reply:
            status = "cancelled"
        said = {"running": "Running", "waiting": "Waits for you", "cancelled": "Not run"}.get(status, "")
        return Span(
            f"{self._work.id}/call/{call.id}",
            "tool",
            (waits.title if waits else "") or call.name,
            status,
            began if status == "running" else None,
            said=said or "Not known whether it ran",
            icon=waits.icon if waits else "",
            parts=_parts(Part("Arguments", call.arguments)),
        )

    def _began(self, result: ToolAnswer | None, step: Step | None) -> int | None:
        """When a call began; where that is not kept, at the end of the request that made it."""
        if result is not None and result.began_ms is not None:
            return self._start + result.began_ms
        return None if step is None else self._start + step.ended_ms

    def _waits(self, call: Call, step: Step | None) -> list[Span]:
        """What the person was asked about a call, once for each time; the answer asks for its agents too."""
        if self._nested:
            return []
        began = None if step is None else self._start + step.ended_ms
        return [
            Span(
                f"{self._work.id}/pause/{call.id}/{number}",
                "pause",
                "Waited for you" if one.reply else "Waits for you" if self._open_now(one) else "Nobody replied",
                "done" if one.reply else "waiting" if self._open_now(one) else "cancelled",
                began,
                _between(one.asked_at, one.replied_at),
                said=one.reply.capitalize(),
                key=one.title,
            )
            for number, one in enumerate(self._work.pauses)
            if one.call == call.id
        ]

    def _open_now(self, pause: Pause) -> bool:
        return self._work.status == "waiting" and not pause.reply

    def _agent(self, asked: Work, began: int | None) -> Span:
        """A sub-agent, from when it was first asked: a call that waited in between is begun anew. By the clock alone
        that cannot be told, since it does not know of pauses."""
        since = _between(self._work.started_at, asked.started_at)
        known = [at for at in (began, None if since is None else self._start + since) if at is not None]
        began = min(known, default=None)
        inner = spans(asked, self._below, under=asked.id, start=began or 0)
        return Span(
            f"{self._work.id}/agent/{asked.id}",
            "agent",
            asked.name,
            asked.status,
            began,
            asked.total_ms,
            None if asked.first_token_ms is None or began is None else began + asked.first_token_ms,
            usage=_sum(inner) or asked.usage,
            cost=asked.cost,
            said=ENDED.get(asked.status, ""),
            avatar=asked.avatar or asked.name[:2],
            hue=asked.hue,
            model=asked.model_label,
            parts=_parts(Part("Task", asked.task), Part("Answer", asked.text), Part("Error", asked.error)),
            spans=inner,
        )

    def _last(self) -> list[Span]:
        """The request that is under way, or that ended without a word: failed, stopped, cut off."""
        work = self._work
        if work.status not in ENDED or any(call.id not in self._results for call in work.calls):
            return []
        ends = [step.ended_ms for step in self._steps.values()]
        ends += [one.began_ms + one.ms for one in work.results if one.began_ms is not None]
        began = max(ends, default=0)
        first = None if self._steps else work.first_token_ms
        return [
            Span(
                f"{work.id}/step/last",
                "step",
                f"Step {self._count + 1}",
                work.status,
                self._start + began,
                None if work.status == "running" or work.total_ms is None else max(0, work.total_ms - began),
                None if first is None else self._start + first,
                usage=None if self._steps else work.usage,
                cost=None,
                said=ENDED[work.status],
                parts=_parts(Part("Error", work.error)),
            )
        ]


def _steps(work: Work) -> tuple[Step, ...]:
    """The requests; of an answer for which they were not kept, the one that it must have taken."""
    if work.steps or work.calls or work.status != "done" or work.total_ms is None:
        return work.steps
    return (Step(0, 0, work.first_token_ms, work.total_ms, work.usage, cost=work.cost),)


def _between(begin: datetime | None, end: datetime | None) -> int | None:
    return None if begin is None or end is None else max(0, (end - begin) // timedelta(milliseconds=1))


def _sum(rows: Sequence[Span]) -> Usage | None:
    total: Usage | None = None
    for one in rows:
        if one.kind in {"step", "agent"} and one.usage is not None:
            total = one.usage if total is None else total + one.usage
    return total


def _parts(*parts: Part) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.text)


def _with(row: Span, inner: tuple[Span, ...]) -> Span:
    return row if not inner else replace(row, spans=inner)


def _merged(call: Span, agent: Span) -> Span:
    """A sub-agent in the row of the call that asked it."""
    known = {part.text for part in agent.parts}
    parts = (*agent.parts, *(part for part in call.parts if part.text not in known))
    ms = call.ms if agent.ms is None else agent.ms
    return replace(agent, id=call.id, ms=ms, said=agent.said or call.said, parts=parts, key=call.key)
