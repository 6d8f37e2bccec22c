"""The words of promptfoo's `__expected` columns: "contains: x", "regex: …", "is-json", or a plain text."""

from __future__ import annotations

import csv
import re
from typing import Any

from hub.evals.reading import assertions
from hub.evals.records import CheckData

_WRITTEN = re.compile(r"(?P<type>(?:not-)?[a-z][a-z-]+)(?:\((?P<threshold>[\d.]+)\))?(?::(?P<value>.*))?", re.DOTALL)
_SHORT = {"grade": "llm-rubric", "fn": "javascript", "eval": "javascript"}


def check(text: str, threshold: object = None) -> CheckData | str | None:
    """The check that `text` stands for, a sentence why it is not taken, None for a plain text to be equal to.
    `threshold` is used where the text has none of its own."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return "it reads another file" if text.startswith("file://") else None
    kind = _SHORT.get(found["type"], found["type"])
    if not assertions.known(kind) or (found["value"] is None and not assertions.bare(kind)):
        return None
    assertion: dict[str, Any] = {"type": kind}
    value = (found["value"] or "").strip()
    if value:
        assertion["value"] = _many(value) if assertions.takes_many(kind) else value
    if found["threshold"] or threshold:
        assertion["threshold"] = found["threshold"] or threshold
    elif kind.removeprefix("not-") in ("cost", "latency") and value:
        assertion["threshold"] = value
    return assertions.check(assertion)


def _many(text: str) -> list[str]:
    return [one.strip() for one in next(csv.reader([text], skipinitialspace=True))]
