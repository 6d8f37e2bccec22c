"""What the fake provider answers to what a search asks: vectors of texts, and texts in another order."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from typing import Any

Json = dict[str, Any]
WIDTH = 32


def answer(path: str, body: Any, sent_key: str, key: str) -> tuple[int, Json]:
    """Status and body. A model with 500 in its name fails; texts that share words have vectors that lie near."""
    if key and sent_key != key:
        return 401, {"error": {"message": f"Incorrect API key provided: {sent_key}", "code": "invalid_api_key"}}
    if "500" in body["model"]:
        return 500, {"error": {"message": "The server had an error", "type": "server_error"}}
    if path.endswith("/rerank"):
        return 200, _reranked(body)
    packed = body.get("encoding_format") == "base64"
    rows = [_vector(text, body.get("dimensions") or WIDTH) for text in _texts(body["input"])]
    data = [
        {"object": "embedding", "index": place, "embedding": _packed(row) if packed else row}
        for place, row in enumerate(rows)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return 200, {"object": "list", "data": data, "model": body["model"], "usage": usage}


def _reranked(body: Json) -> Json:
    """The shortest text first."""
    texts = [text["text"] if isinstance(text, dict) else text for text in body["documents"]]
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))[: body.get("top_n")]
    results = [{"index": place, "relevance_score": 1 / (1 + rank)} for rank, place in enumerate(order)]
    return {"id": "r", "results": results, "usage": {"total_tokens": 1}, "meta": {}}


def _texts(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _vector(text: str, width: int) -> list[float]:
    row = [0.01] * width
    for word in re.findall(r"\w+", text.lower()):
        row[int(hashlib.sha256(word.encode()).hexdigest(), 16) % width] += 1
    length = math.sqrt(sum(value * value for value in row))
    return [value / length for value in row]


def _packed(row: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode()
