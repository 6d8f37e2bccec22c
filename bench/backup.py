"""A backup of 2,000 conversations and its restore: the commands as given, with the start of the stores."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from bson import ObjectId

from bench.hub import ROOT
from bench.result import Bar
from bench.seed import PLAIN, RICH

CONVERSATIONS, TURNS, FILES = 2_000, 5, 200


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Each repeat backs the same hub up and restores it into a new folder."""
    saved: list[float] = []
    restored: list[float] = []
    unequal, detail = 0, dict[str, Any]()
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as scratch:
        data, place = Path(scratch) / "data", Path(scratch) / "all.hubbackup"
        subprocess.run([sys.executable, "-m", "bench.backup"], cwd=ROOT, env=_environment(data), check=True)
        there = _hub(data, "backup", "--hash")[0]["hash"]
        for number in range(repeats):
            other = Path(scratch) / f"other{number}"
            made, seconds = _hub(data, "backup", str(place))
            saved.append(seconds)
            done, seconds = _hub(other, "restore", str(place))
            restored.append(seconds)
            unequal += len({there, made["hash"], done["hash"], _hub(other, "backup", "--hash")[0]["hash"]}) - 1
            detail = {"documents": made["documents"], "MB": round(made["bytes"] / 1e6, 1)}
            detail |= {"without the start of the stores, s": {"backup": made["seconds"], "restore": done["seconds"]}}
    return (
        Bar("backup of 2,000 conversations", statistics.median(saved), "s", 30),
        Bar("restore into an empty hub", statistics.median(restored), "s", 30),
        Bar("hashes that differ", unequal, "", 0),
    ), detail


def _hub(data: Path, *words: str) -> tuple[dict[str, Any], float]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "hub", *words, "--json"], cwd=ROOT, env=_environment(data), stdout=subprocess.PIPE
    )
    if done.returncode:
        raise RuntimeError(f"hub {words[0]} ended with {done.returncode}: {done.stdout.decode()}")
    return orjson.loads(done.stdout), time.perf_counter() - began


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return kept | {"HUB_DATA": str(data), "HUB_DISCOVER_LOCAL": "false"}


def _fill() -> None:
    """Conversations of ten messages with the requests and runs behind the answers, and files of 20 KB to 1 MB."""
    from hub import files
    from hub.chat.conversations import new_document
    from hub.cli.stores import stores
    from hub.db.mongo import collection, now
    from hub.db.who import OWNER

    chance = random.Random(1)
    with stores():
        rows: dict[str, list[dict[str, Any]]] = {"conversations": [], "messages": [], "sent_requests": [], "runs": []}
        for number in range(CONVERSATIONS):
            home = new_document("", {}, title=f"Conversation number {number}")
            parent = None
            for depth in range(TURNS * 2):
                answer, run = depth % 2 == 1, ObjectId()
                text = _text(chance, 1_200 if answer else 250) + (RICH if depth == TURNS else "")
                row = {
                    "_id": ObjectId(),
                    "owner": OWNER.id,
                    "conversation": home["_id"],
                    "parent": parent,
                    "depth": depth,
                }
                row |= {"role": "assistant" if answer else "user", "text": text, "status": "done", "created_at": now()}
                rows["messages"].append(row | ({"run": run, "model": "bench/one"} if answer else {}))
                parent = row["_id"]
                if answer:
                    packed = {"owner": OWNER.id, "conversation": home["_id"], "packed": chance.randbytes(depth * 300)}
                    rows["sent_requests"].append({"_id": row["_id"], **packed})
                    target = {"model": "bench/one", "label": "One", "context": 8_000, "status": "done"}
                    rows["runs"].append({"_id": run, "owner": OWNER.id, "status": "done", "targets": [target]})
            rows["conversations"].append({**home, "owner": OWNER.id, "head": parent})
        for name, found in rows.items():
            for start in range(0, len(found), 2_000):
                collection(name).insert_many(found[start : start + 2_000], ordered=False)
        for number in range(FILES):
            text = _text(chance, chance.choice([20_000, 80_000, 1_000_000]))
            files.add(OWNER, f"file {number}.txt", text.encode())


def _text(chance: random.Random, characters: int) -> str:
    """Words in an order of their own, so that no two texts pack as one."""
    words = PLAIN.split()
    made = [
        chance.choice(words) if chance.random() < 0.8 else f"{chance.getrandbits(32):x}" for _ in range(characters // 6)
    ]
    return " ".join(made)


if __name__ == "__main__":
    _fill()
