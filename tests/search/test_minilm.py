"""The small embedding model that comes with the hub."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hub.search.embed import MiniLM, Vectors
from hub.search.embed import minilm as module


def test_vectors_have_length_one_and_like_texts_lie_near(minilm: MiniLM) -> None:
    vectors = minilm.embed(["The cat sits on the mat.", "A cat is sitting on a rug", "Stock markets fell sharply"])
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near > 0.7
    assert far < 0.15


def test_the_batch_and_its_order_change_nothing(minilm: MiniLM) -> None:
    texts = [f"{'word ' * (number % 37)}ends with {number}" for number in range(80)]
    together = minilm.embed(texts)
    for number in (0, 17, 36, 79):
        assert together[number] @ minilm.query(texts[number]) > 0.99


def test_whole_numbers_change_little(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["The cat sits on the mat.", "Stock markets fell sharply", "word " * 120, "東京都に住む", "x"]
    vectors: list[Vectors] = []
    for whole in (False, True):  # whatever this processor gains by it
        monkeypatch.setattr(module, "worth_it", lambda answer=whole: answer)
        vectors.append(MiniLM(threads=1).embed(texts))
    floats, integers = vectors
    assert not np.array_equal(floats, integers)
    assert ((floats * integers).sum(axis=1) > 0.995).all()


def test_any_text_has_a_vector(minilm: MiniLM) -> None:
    for text in ("", " ", "\0", "x" * 10_000, "🙂", "東京都に住む", "e\u0301 שלום"):
        assert np.isfinite(minilm.query(text)).all()


def test_several_threads_may_ask_at_once(minilm: MiniLM) -> None:
    texts = [f"sentence number {number} about something" for number in range(24)]
    alone = [minilm.query(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(minilm.query, texts))
    assert all(np.allclose(one, other, atol=1e-4) for one, other in zip(alone, together, strict=True))
