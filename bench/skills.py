"""120 skills: import and index, what the catalogue takes of a prompt, and what skills add to a turn.

The skills are made for this, as long as those of four public collections (about 330 characters of description and
11,000 of body on the mean) and with as many files. Store: the embedded one, durable.
"""

from __future__ import annotations

import io
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from bson import ObjectId

from bench.result import Bar
from hub.db import indexes
from hub.db.embedded import EmbeddedMongo
from hub.db.who import Who
from hub.models import estimate
from hub.models.types import ModelInfo
from hub.settings import override
from hub.skills import importing, plugin, rank, store, visible
from hub.turns import Turn

COUNT = 120
WHO = Who("bench", "Bench")
MODEL = ModelInfo("c/m", "m", "c", "C", "openai", "M", context=128_000, abilities=frozenset({"tools"}))
DOING = (
    "review",
    "write",
    "migrate",
    "debug",
    "profile",
    "document",
    "test",
    "design",
    "deploy",
    "audit",
    "plan",
    "port",
)
THINGS = (
    "react-components", "sql-queries", "terraform-modules", "release-notes", "pdf-forms", "spreadsheets", "slide-decks",
    "python-packages", "smart-contracts", "brand-assets",
)  # fmt: skip
PROSE = """
When the work begins read the files that are named, ask for what is missing, and write down what has to hold at the
end. Prefer small steps that can be checked by a command. Run the checks after every step and read their output to the
end before the next one. Do not guess the names of functions, tables or options: look them up where they are defined.
State which version the advice holds for. Keep a list of decisions with their reasons. If a check fails twice for the
same reason stop, say what was tried, and ask. Report what changed, what was left alone on purpose and what remains.
"""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Imports an archive of all skills `repeats` times into an empty store."""
    data = archive()
    spans: list[float] = []
    with _store():
        for _ in range(repeats):
            store.remove_person(WHO)
            began = time.perf_counter()
            done = importing.import_(WHO, importing.from_upload("many.zip", data))
            found = rank(visible(WHO), "profile slow sql queries")
            spans.append(time.perf_counter() - began)
            assert len(done) == COUNT and found[0].name == "profile-sql-queries"
        share = {window: _catalogue(window) for window in (8_000, 32_000, 128_000, 200_000, 1_000_000)}
        turns = [_turn() for _ in range(20)]
        everything = sum(one.line_tokens for one in visible(WHO))
        shapes = [{"name": one.name, "description": one.spec.description, **one.spec.parameters} for one in _tools()]
    worst = max(one["tokens"] / window * 100 for window, one in share.items())
    bars = (
        Bar("import and index 120 skills", median(spans), "s", 5),
        Bar("catalogue of the window at most", worst, "%", 1),
        Bar("what skills add to a turn", median(turns) * 1000, "ms", 50),
    )
    detail = {
        "archive bytes": len(data),
        "catalogue": {str(window): one for window, one in share.items()},
        "tokens of the three tools": estimate.tokens(orjson.dumps(shapes).decode()),
        "tokens of all descriptions": everything,
    }
    return bars, detail


@contextmanager
def _store() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedMongo(Path(folder))
        server.prepare()
        process = server.spawn()
        try:
            server.wait(process)
            override(mongo_url=server.url)
            indexes.ensure(store.INDEXES)
            yield
        finally:
            server.stop(process)


def archive() -> bytes:
    """An archive of all skills."""
    chance = random.Random(5)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for doing in DOING:
            for thing in THINGS:
                for path, text in _skill(doing, thing, chance).items():
                    opened.writestr(f"{doing}-{thing}/{path}", text)
    return made.getvalue()


def _skill(doing: str, thing: str, chance: random.Random) -> dict[str, str]:
    what = thing.replace("-", " ")
    about = f"Use this to {doing} {what}. {_words(chance, chance.randint(30, 60))}"
    head = f"---\nname: {doing}-{thing}\ndescription: {about}\nlicense: MIT\n---\n\n# {doing.title()} {what}\n\n"
    parts = "\n\n".join(f"## Step {n}\n\n{_words(chance, 150)}" for n in range(chance.randint(6, 20)))
    files = {f"references/{n}.md": _words(chance, 600) for n in range(chance.randint(0, 5))}
    return {"SKILL.md": head + parts, **files}


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices([one.strip(".,:") for one in PROSE.split()], k=count)) + "."


def _asked(window: int) -> Turn:
    return Turn(WHO, str(ObjectId()), str(ObjectId()), "hello", replace(MODEL, context=window))


def _catalogue(window: int) -> dict[str, Any]:
    [block] = plugin.chat_context(_asked(window))
    return {"tokens": block.tokens, "how": block.title}


def _turn() -> float:
    asked = _asked(128_000)
    began = time.perf_counter()
    plugin.chat_context(asked)
    plugin.tools(asked)
    return time.perf_counter() - began


def _tools() -> Any:
    return plugin.tools(_asked(128_000))
