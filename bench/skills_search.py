"""The right skill among the first three, by `hub.skills.rank`: thirty requests in a person's words.

`--data DIR` is a folder of skills in the Agent Skills format; those that requests are for are the fourteen of the
collection `superpowers` (MIT), which is not part of the project. `data/skill_queries.tsv` was written from their names,
before any of them was read. The made-up skills of `bench.skills` fill up to 120.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.result import Bar
from bench.skills import COUNT, WHO, _store, archive  # pyright: ignore[reportPrivateUsage]
from hub.skills import importing
from hub.skills.rank import rank
from hub.skills.records import Skill
from hub.skills.shelf import visible

QUERIES = Path(__file__).parent / "data" / "skill_queries.tsv"
CUTS = (1, 3, 5)


def measure(repeats: int, data: str = "") -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Imports everything once and asks; `repeats` changes nothing."""
    if not data:
        raise SystemExit("This benchmark needs --data DIR: a folder of skills.")
    asked = [line.split("\t") for line in QUERIES.read_text().splitlines()]
    with _store():
        importing.import_(WHO, importing.from_path(Path(data)))
        real = visible(WHO)
        importing.import_(WHO, importing.from_upload("many.zip", archive()))
        made_up = [one for one in visible(WHO) if one.name not in {other.name for other in real}]
        among = [*real, *made_up][:COUNT]
        places = [_place(query, name, among) for query, name in asked]
    shares = {f"first {cut}": sum(place < cut for place in places) for cut in CUTS}
    missed = [query for (query, _), place in zip(asked, places, strict=True) if place >= 3]
    detail = {"skills": len(among), "real ones": len(real), "queries": len(asked), **shares}
    return (Bar("right skill in the first 3", shares["first 3"], "of 30", 27, least=True),), {
        **detail,
        "missed": missed,
    }


def _place(query: str, name: str, among: Sequence[Skill]) -> int:
    found = [one.name for one in rank(among, query, max(CUTS))]
    return found.index(name) if name in found else max(CUTS)
