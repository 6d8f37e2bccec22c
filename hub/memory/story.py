"""One fact with everything that is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from hub.db.who import Who
from hub.memory import look, store
from hub.memory.records import Fact, Story


def story(who: Who, fact: str) -> Story:
    """A fact and what became of it; raises NotFound."""
    one = look.get(who, fact)
    after = _there(who, [one.superseded_by] if one.superseded_by else [])
    return Story(
        one,
        tuple(reversed(look.history(who, fact))),
        tuple(look.used_in(who, fact)),
        _there(who, one.supersedes),
        after[0] if after else None,
    )


def _there(who: Who, facts: Sequence[str]) -> tuple[Fact, ...]:
    """Those that were not removed for good."""
    return tuple(look.known(who, list(store.rows(who, facts).values()))) if facts else ()
