"""Whether what was found holds an answer, from 0 to 1.

Three pieces of evidence: the cosine between the question and the best sentence of the best passages (of the twelve
that hold most of its telling words: reading all of them costs half as much again and decides the same), the best
cosine of a whole passage, and the share of the question's telling words that stand in one passage, where a word tells
the more the fewer of the found passages hold it. The weights are a logistic regression on the questions of Chroma's
chunk evaluation: with everything there (answer), with the marked passages taken away, and against other texts only
(no answer). At the threshold 95 % of the first and none of the last were taken for answered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from heapq import nlargest

from hub.documents.records import Found
from hub.search.embed import MiniLM, by_name
from hub.search.words import cut

SENTENCE, WORDS, PASSAGE, START = 4.5, 1.43, 1.1, -3.84
THRESHOLD = 0.34
"""Below it the passages are taken to hold no answer."""
STRANGE = 0.2
"""Below it they have nothing to do with the question, and no model need look at them."""
READ = 3
"""Passages whose sentences are looked at."""
SENTENCES = 12
"""Of them, how many are compared one by one. On 141 questions of the fit and the 45 of `bench handbook` as many as
there are (24 on average) decide the same."""
LOOKED_AT = 6
WEIGHED = 30
"""Passages by which it is told how rare a word is; fewer of them would make every word rare."""

_WORD = re.compile(r"\w+")
_END = re.compile(r"(?<=[.!?;:\u3002\uff01\uff1f])\s+|\n+")


def sure(question: str, found: Sequence[Found], served: str) -> float:
    """How likely `found` (best first) holds an answer. The small model reads the sentences whatever model `served` the
    index, since the weights are for its cosines; where it is not installed the words alone decide."""
    if not found:
        return 0.0
    held = [set(_stems(f"{one.title} {one.heading} {one.text}")) for one in found[:WEIGHED]]
    telling = {word: _rarity(sum(word in one for one in held), len(held)) for word in set(_stems(question))}
    share = max(_weight(telling, one) for one in held[:LOOKED_AT]) / (sum(telling.values()) or 1)
    model = by_name(MiniLM.name)
    if model is None:
        return share
    known = [one.dense or 0.0 for one in found[:LOOKED_AT]] if served == MiniLM.name else []
    sentences = _sentences(telling, found[:READ])
    texts = sentences + ([] if known else [f"{one.title} > {one.heading}\n{one.text}" for one in found[:LOOKED_AT]])
    cosines: list[float] = (model.embed(texts) @ model.query(question)).tolist() if texts else []
    sentence = max(cosines[: len(sentences)], default=0.0)
    passage = max(known + cosines[len(sentences) :])
    return 1 / (1 + math.exp(-(SENTENCE * sentence + WORDS * share + PASSAGE * passage + START)))


def _weight(telling: Mapping[str, float], words: Set[str]) -> float:
    """How much of what tells stands in `words`."""
    return sum(telling[word] for word in telling.keys() & words)


def _rarity(held: int, among: int) -> float:
    return math.log(1 + (among - held + 0.5) / (held + 0.5))


def _stems(text: str) -> list[str]:
    """Words cut short, so that most endings of most languages make no difference."""
    return [word[:6] if len(word) > 6 else _singular(word) for word in _WORD.findall(cut(text).casefold())]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _sentences(telling: Mapping[str, float], found: Sequence[Found]) -> list[str]:
    """The sentences that hold most of what tells, in the nearest passages, each alone and behind its heading."""
    said: list[tuple[float, str, str]] = []
    for one in found:
        heading = one.heading.rpartition(" > ")[2] or one.title
        said += [(one.dense or 0.0, heading, part.strip()) for part in _END.split(one.text) if len(part.strip()) > 8]
    whole = sum(telling.values()) or 1
    best = nlargest(SENTENCES, said, key=lambda each: each[0] + _weight(telling, set(_stems(each[2]))) / whole)
    return [text[:400] for _, heading, sentence in best for text in (sentence, f"{heading}: {sentence}")]
