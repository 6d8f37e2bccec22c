"""Which of many tools are meant: by words and meaning, or by their exact names.

A tool is compared by its words (BM25 over name, description and parameters) and by two vectors: that of its name with
the description, and that of all of it. The three scores are levelled and summed, as in `hub.search.fuse`. What the
person asked counts beside the query of the model. Measured by `python -m bench tools-search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hub.search.bm25 import Bm25
from hub.search.fuse import Floats, level
from hub.tools import vectors
from hub.turns import Tool

if TYPE_CHECKING:
    from hub.search.embed import Embedder

MOST = 5
OTHER = "Other"
"""The set of tools that belong to none."""
WORDS = 0.75
"""How much the words count beside each of the two vectors."""
ASKED = 0.5
"""How much the person's question counts beside the query: enough to mend a poor query, too little to spoil a good one
when the question is about something else."""
PREFERRED = 1.0
"""What a tool of the set that the model named is ahead, in spreads of the query's scores. Small models name a wrong set
more often than the right one, so the others stay in the race."""
LONGEST_ASKED = 300
"""Characters; a longer question is about more than one action, and is left out."""
QUERY = (
    "What the tool does, in the words of an API's documentation: verb and object, with synonyms, such as "
    '"cancel delete calendar event". One action a search.'
)
"""How a model is told to write a query: everyday phrases ("call off Friday") find far less."""


def rank(
    query: str, tools: Sequence[Tool], most: int = MOST, *, question: str = "", toolset: str = "",
    by: Embedder | None = None,
) -> list[Tool]:  # fmt: skip
    """The `most` tools that fit a query best, best first; none where nothing fits at all.

    `question` is what the person asked, "" where nobody did; tools of the set `toolset` come before others that fit as
    well. `by` is the embedder, else the one of the settings; where there is none, words alone decide
    (`hub.search.embed.why_none`), and so they do while its model does not answer, which is logged. Raises StoreDown.
    """
    if not tools or not query.strip():
        return []
    shown = [_Shown(tool) for tool in tools]
    asked = [question] if question.strip() and len(question) <= LONGEST_ASKED else []
    scores, sure = _scores([query, *asked], shown, by)
    wanted = toolset.strip().casefold()
    scores = scores + PREFERRED * np.array([(tool.group or OTHER).casefold() == wanted for tool in tools])
    return [tools[place] for place in _best(scores, most) if sure[place]]


def named(names: Sequence[str], tools: Sequence[Tool]) -> list[Tool]:
    """The tools with exactly these names, in the order of the names."""
    known = {tool.name: tool for tool in tools}
    return [known[name] for name in dict.fromkeys(names) if name in known]


class _Shown:
    """What of a tool is compared: the name in words with the description, and these with its parameters."""

    def __init__(self, tool: Tool) -> None:
        given: dict[str, Any] = tool.spec.parameters.get("properties") or {}
        fields = [f"{name} {_about(field)}" for name, field in given.items()]
        self.name = tool.name.replace("_", " ").replace("-", " ")
        self.head = f"{self.name}: {tool.spec.description}"
        # The name stands twice, so that it counts twice among the words.
        self.all = f"{self.name} {self.head} {' '.join(fields)}"
        self.meaning = f"{self.head} {' '.join(map(_about, given.values()))}"


def _about(field: Any) -> str:
    return str(field.get("description") or "") if isinstance(field, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _scores(asked: Sequence[str], shown: Sequence[_Shown], by: Embedder | None) -> tuple[Floats, NDArray[np.bool_]]:
    """How well each tool fits a query, and the question after it; and whether it fits at all: by words alone, one
    without any of them does not."""
    index = _words(tuple(one.all for one in shown))
    words = [index.scores(text).astype(np.float64) for text in asked]
    near = vectors.near(asked, [one.head for one in shown] + [one.meaning for one in shown], by)
    if near is None:
        each, sure = words, np.any(words, axis=0)
    else:
        each = [WORDS * level(own) + _meant(found) for own, found in zip(words, near, strict=True)]
        sure = np.ones(len(shown), np.bool_)
    scores = level(each[0])
    for more in each[1:]:
        scores = scores + ASKED * level(more)
    return scores, sure


def _meant(near: Floats) -> Floats:
    """The two vectors of each tool as one score."""
    heads, wholes = np.split(near, 2)
    return level(heads) + level(wholes)


def _best(scores: Floats, most: int) -> list[int]:
    return [int(place) for place in np.argsort(-scores, kind="stable")[:most]]


@lru_cache(maxsize=16)
def _words(texts: tuple[str, ...]) -> Bm25:
    return Bm25(texts)
