"""Figures for monitoring that only grow: counted in each process, added to what MongoDB keeps, told by any web process.

Workers have no address to be asked at, and a figure of one process alone would fall back with each restart; so what is
told is what all processes have counted together. A process that is killed loses the last few seconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from pymongo import UpdateOne

from hub.db.mongo import collection, reachable

BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
"""Upper ends in seconds of what `observe` counts."""
MOST_LABELS = 300
"""Different labels of one name that a process tells apart; what comes then is counted under "other"."""
Kind = Literal["gauge", "counter", "histogram"]
Labels = Mapping[str, str]
_Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure. `name` as Prometheus wants it, without the hub_ before it and the _total behind it; `labels` from a
    small set: models and queues, never people. Of a histogram `buckets` has a count for each of BUCKETS and one for
    what is above, and `value` is the sum."""

    name: str
    about: str
    kind: Kind
    value: float
    labels: Labels = field(default_factory=dict[str, str])
    buckets: tuple[int, ...] = ()


_lock = Lock()
_new: defaultdict[_Key, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
_seen: defaultdict[str, set[_Key]] = defaultdict(set)


def add(name: str, value: float = 1, /, **labels: str) -> None:
    """Counts `value` more of `name`, from any thread; costs no store."""
    with _lock:
        _new[_key(name, labels)]["value"] += value


def observe(name: str, seconds: float, /, **labels: str) -> None:
    """Counts one that took `seconds`."""
    with _lock:
        counts = _new[_key(name, labels)]
        counts["value"] += seconds
        counts[f"b{bisect_left(BUCKETS, seconds)}"] += 1


def _key(name: str, labels: Labels) -> _Key:
    key = (name, tuple(sorted(labels.items())))
    if key in _seen[name] or len(_seen[name]) < MOST_LABELS:
        _seen[name].add(key)
        return key
    return name, tuple((label, "other") for label in sorted(labels))


def write() -> None:
    """Adds what was counted to what is stored. Raises StoreDown: then it is kept for the next time."""
    with _lock:
        taken = {key: dict(counts) for key, counts in _new.items()}
        _new.clear()
    if not taken:
        return
    changes = [
        UpdateOne(
            {"_id": repr(key)},
            {"$inc": counts, "$setOnInsert": {"name": key[0], "labels": dict(key[1])}},
            upsert=True,
        )
        for key, counts in taken.items()
    ]
    try:
        with reachable():
            collection("figures").bulk_write(changes, ordered=False)
    except BaseException:
        with _lock:
            for key, counts in taken.items():
                for part, value in counts.items():
                    _new[key][part] += value
        raise


def read(about: Mapping[str, tuple[Kind, str]]) -> list[Sample]:
    """What all processes have counted of the names in `about` ({name: (kind, what it is)}). Raises StoreDown."""
    with reachable():
        rows = [row for row in collection("figures").find({}) if row["name"] in about]
    rows.sort(key=lambda row: (row["name"], row["_id"]))
    return [_sample(row, *about[row["name"]]) for row in rows]


def _sample(row: Mapping[str, Any], kind: Kind, about: str) -> Sample:
    buckets = tuple(int(row.get(f"b{place}", 0)) for place in range(len(BUCKETS) + 1)) if kind == "histogram" else ()
    return Sample(row["name"], about, kind, float(row.get("value", 0)), row["labels"], buckets)
