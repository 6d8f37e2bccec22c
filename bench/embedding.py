"""How many short texts the small embedding model reads in a second of one processor.

The texts are sentences of common words with the lengths of chat turns; their mean count of tokens is said beside it.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import Any

from bench.result import Bar
from hub.search.embed import MiniLM
from hub.search.embed.integers import worth_it

TEXTS = 384
_WORDS = """
the a my we you they she he it was is had will could about with from into after before because when river bread train
lamp violin snow window garden letter doctor sister weekend kitchen holiday ticket camera painting mountain music dinner
morning children office project running reading yesterday tomorrow really never always maybe again
"""


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """The median of `repeats`; processor time of all threads."""
    chance = random.Random(11)
    texts = [" ".join(chance.choices(_WORDS.split(), k=round(chance.lognormvariate(3.2, 0.5)))) for _ in range(TEXTS)]
    model = MiniLM(threads=2)
    model.embed(texts[:32])
    by_processor, by_clock = [], []
    for _ in range(repeats):
        processor, clock = time.process_time(), time.perf_counter()
        model.embed(texts)
        by_processor.append(TEXTS / (time.process_time() - processor))
        by_clock.append(TEXTS / (time.perf_counter() - clock))
    words = sum(len(text.split()) for text in texts) / TEXTS
    detail = {
        "texts per second": round(statistics.median(by_clock), 1),
        "every run, per CPU-second": [round(one, 1) for one in by_processor],
        "words, mean": round(words, 1),
        "whole numbers": worth_it(),
    }
    return (Bar("texts per CPU-second", statistics.median(by_processor), "1/s", 150, least=True),), detail
