"""Random puts, drops and questions of several owners and scopes, against a plain dictionary that cannot mix them up.

`python -m tests.search.crossing 2000` tries as many sequences, on a PostgreSQL of its own.
"""

from __future__ import annotations

import sys
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.tables import index_alone
from hub.db.postgres import connection
from hub.search import Filter, Space, find, index
from tests.search.conftest import said

SPACES = [Space(c, o, s) for c in ("messages", "memories") for o in ("a", "b", "c") for s in ("", "project:1")]
WORDS = ("river", "lamp", "bread", "train")
ITEMS = st.integers(0, 5)
STEP = st.tuples(
    st.sampled_from(("put", "put", "put", "hold", "drop", "group", "elsewhere", "owner", "find", "find")),
    st.integers(0, len(SPACES) - 1),
    st.lists(ITEMS, min_size=1, max_size=3, unique=True),
    st.sampled_from(WORDS),
)
Held = dict[tuple[Space, str], tuple[str, str]]
"""{(space, item): (group, text)}"""
MISCOUNTED = """
SELECT g.id FROM search.groups AS g LEFT JOIN search.rows AS r ON r."group" = g.id
GROUP BY g.id HAVING g.rows <> count(r.id) OR g.length <> coalesce(sum(r.length), 0)
"""
"""Groups whose totals are not those of their rows."""


def play(steps: list[tuple[str, int, list[int], str]]) -> None:
    """Does `steps` to an empty index and to a dictionary; raises AssertionError where they differ."""
    with connection() as database:
        database.execute("DELETE FROM search.spaces")
    held: Held = {}
    for kind, place, numbers, word in steps:
        _ACTS[kind](held, SPACES[place], numbers, word)
    for space in SPACES:
        _look(held, [space], WORDS[0])
    with connection() as database:
        assert not database.execute(MISCOUNTED).fetchall()


def _entry(space: Space, number: int, word: str, group: str) -> Any:
    return said(
        f"{word} of {space.collection} {space.owner} {space.scope}", item=f"i{number}", group=group, place=number
    )


def _put(held: Held, space: Space, numbers: list[int], word: str) -> None:
    entries = [_entry(space, number, word, f"g{number % 2}") for number in numbers]
    index.put(space, entries)
    held |= {(space, one.item): (one.group, one.text) for one in entries}


def _hold(held: Held, space: Space, numbers: list[int], word: str) -> None:
    group = f"g{numbers[0] % 2}"
    entries = [_entry(space, number, word, group) for number in numbers if number % 2 == numbers[0] % 2]
    index.hold(space, group, entries)
    _forget(held, lambda at, to: at[0] == space and to[0] == group)
    held |= {(space, one.item): (group, one.text) for one in entries}


def _drop(held: Held, space: Space, numbers: list[int], word: str) -> None:
    items = {f"i{number}" for number in numbers}
    index.drop(space, items)
    _forget(held, lambda at, to: at[0] == space and at[1] in items)


def _group(held: Held, space: Space, numbers: list[int], word: str) -> None:
    group = f"g{numbers[0] % 2}"
    index.drop_group(space, group)
    _forget(held, lambda at, to: at[0] == space and to[0] == group)


def _elsewhere(held: Held, space: Space, numbers: list[int], word: str) -> None:
    group, same = f"g{numbers[0] % 2}", (space.collection, space.owner)
    index.drop_elsewhere(*same, group, but=space.scope)
    _forget(
        held,
        lambda at, to: (at[0].collection, at[0].owner) == same and at[0].scope != space.scope and to[0] == group,
    )


def _owner(held: Held, space: Space, numbers: list[int], word: str) -> None:
    index.drop_owner(space.owner)
    _forget(held, lambda at, to: at[0].owner == space.owner)


def _find(held: Held, space: Space, numbers: list[int], word: str) -> None:
    _look(held, [space, *(SPACES[number] for number in numbers)], word)


def _look(held: Held, spaces: list[Space], word: str) -> None:
    found = {(hit.space, hit.item): (hit.group, hit.text) for hit in find(spaces, word, most=200)}
    assert found.items() <= held.items()
    assert {space for space, _ in found} <= set(spaces)
    named = {at: to for at, to in held.items() if at[0] in spaces and to[1].startswith(word)}
    assert named.items() <= found.items()
    only = Filter(groups=("g1",))
    assert all(hit.group == "g1" and hit.space in spaces for hit in find(spaces, word, most=200, only=only))


def _forget(held: Held, gone: Any) -> None:
    for at in [at for at, to in held.items() if gone(at, to)]:
        del held[at]


_ACTS = {
    "put": _put,
    "hold": _hold,
    "drop": _drop,
    "group": _group,
    "elsewhere": _elsewhere,
    "owner": _owner,
    "find": _find,
}


def sequences(count: int) -> Any:
    """`play` on `count` random sequences."""
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=count, deadline=None, database=None, suppress_health_check=quiet)(
        given(st.lists(STEP, min_size=1, max_size=12))(play)
    )


def main() -> None:
    """Tries as many sequences as the command line says."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with index_alone(durable=False):
        sequences(count)()
        print(f"{count} sequences of up to 12 operations: nothing crossed.")


if __name__ == "__main__":
    main()
