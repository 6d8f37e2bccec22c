"""What the grid of a run fetches (components/evaluate/grid), and what is done there.

| route | what |
|---|---|
| GET /api/evals/{run}/summary?baseline= | {progress, columns}: how far it is, and what each column came to |
| GET /api/evals/{run}/rows?first&only&words&baseline= | {first, total, rows}: 50 rows of those that fit |
| POST /api/evals/{run}/words | somebody is about to search: what that reads is read |
| GET /api/evals/{run}/cells/{index} | one cell with everything |
| POST /api/evals/{run}/cells/{index}/mark | {passed: true, false or null, note} |
| POST /api/evals/{run}/watch | {cells}: those in sight, at most 64; 12 of them stream at once |
| GET /api/evals/{run}/live | {index: text so far} of those |
| POST /api/evals/{run}/act | {act: pause, resume, cancel or retry} |
| GET /api/evals/{run}/export?form= | the run as a file |

Columns are models x templates, all templates of a model side by side; `baseline` is "" for none, "column:N" for a
column of the run, "run:ID" for another run. `hub.web.eval_wire` says what each part looks like.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Literal
from urllib.parse import quote

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from hub import evals
from hub.db.who import Who
from hub.errors import BadInput
from hub.web import eval_wire as wire
from hub.web.replies import json_reply, read, who_asks
from hub.web.threads import look_up, off_loop

PAGE = 50
MOST_WATCHED = 64
LONGEST_WORDS = 200
FILTERS = ("differ", "failed", "errors", "regressed", "unjudged")
_ACTS: dict[str, Callable[[Who, str], object]] = {
    "pause": evals.pause,
    "resume": evals.resume,
    "cancel": evals.cancel,
    "retry": evals.retry_errors,
}


class Watched(BaseModel):
    """The cells that a person has in sight."""

    cells: list[int] = Field(max_length=MOST_WATCHED)


class Marked(BaseModel):
    """A person's own verdict; `passed` None takes it back."""

    passed: bool | None
    note: str = Field("", max_length=2000)


class Act(BaseModel):
    """What is to be done with a run."""

    act: Literal["pause", "resume", "cancel", "retry"]


async def summary(request: Request) -> Response:
    """How far a run is, and what each column came to."""
    who, run = who_asks(request.scope), request.path_params["run"]
    return json_reply(await off_loop(wire.summary, who, run, request.query_params.get("baseline", "")))


async def rows(request: Request) -> Response:
    """50 rows from `first` on, of those that the filter and all the words leave."""
    who, query = who_asks(request.scope), request.query_params
    first, only, words = query.get("first", "0"), query.get("only", ""), query.get("words", "")
    if not first.isdecimal():
        raise BadInput("first is the number of a row.")
    if only and only not in FILTERS:
        raise BadInput(f"only is one of {', '.join(FILTERS)}.")
    if len(words) > LONGEST_WORDS:
        raise BadInput(f"words has at most {LONGEST_WORDS} characters.")
    run, baseline = request.path_params["run"], query.get("baseline", "")
    return json_reply(await off_loop(wire.rows, who, run, int(first), PAGE, only, words, baseline))


async def words(request: Request) -> Response:
    """Reads what a search will look through, so that its first answer is quick."""
    await off_loop(evals.warm, who_asks(request.scope), request.path_params["run"])
    return json_reply({})


async def cell(request: Request) -> Response:
    """One cell with everything."""
    who, run = who_asks(request.scope), request.path_params["run"]
    return json_reply(await off_loop(wire.cell, who, run, request.path_params["index"]))


async def mark(request: Request) -> Response:
    """Store or take back a person's own verdict."""
    who, given = who_asks(request.scope), await read(request, Marked)
    run, index = request.path_params["run"], request.path_params["index"]
    await off_loop(evals.mark, who, run, index, given.passed, given.note)
    return json_reply({})


async def watch(request: Request) -> Response:
    """Have cells stream."""
    who, given = who_asks(request.scope), await read(request, Watched)
    await look_up(evals.watch, who, request.path_params["run"], tuple(given.cells))
    return json_reply({})


async def live(request: Request) -> Response:
    """Text so far of the cells that stream."""
    found = await look_up(evals.live, who_asks(request.scope), request.path_params["run"])
    return json_reply({str(index): text for index, text in found.items()})


async def act(request: Request) -> Response:
    """Pause, resume, cancel a run, or ask its errors again."""
    who, given = who_asks(request.scope), await read(request, Act)
    await off_loop(_ACTS[given.act], who, request.path_params["run"])
    return json_reply({})


async def export(request: Request) -> Response:
    """The run as a file, streamed."""
    who, run = who_asks(request.scope), request.path_params["run"]
    form = request.query_params.get("form", "csv")
    if form not in evals.FORMS:
        raise BadInput(f"form is one of {', '.join(evals.FORMS)}.")
    name = (await off_loop(evals.get_run, who, run)).name
    known = evals.FORMS[form]
    pieces = await off_loop(lambda: iter(evals.export(who, run, form)))
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{known.ending}', safe='')}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(_stream(pieces), 200, headers, known.mime)


async def _stream(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await off_loop(next, pieces, None)) is not None:
        yield piece
