"""Estimates of tokens: near enough, and quick also for hostile text."""

from __future__ import annotations

import base64
import struct
from time import process_time

import pytest

from hub.models.estimate import image_tokens, tokens


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("", 0),
        ("Hello, world!", 4),
        ("The quick brown fox jumps over the lazy dog.", 10),
        ("def f(x):\n    return x + 1\n", 12),
        ("你好世界", 5),
    ],
)
def test_small_texts(text: str, known: int) -> None:
    assert abs(tokens(text) - known) <= 1


def test_long_texts_are_sampled() -> None:
    sentence = "The quick brown fox jumps over the lazy dog. "
    assert tokens(sentence * 20_000) == pytest.approx(tokens(sentence * 100) * 200, rel=0.03)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, " " * 1_000_000, "ab" * 500_000, base64.b64encode(bytes(700_000)).decode()]
)
def test_hostile_texts_are_quick(text: str) -> None:
    started = process_time()
    assert tokens(text) > 0
    assert process_time() - started < 1


def test_images() -> None:
    def png(width: int, height: int) -> bytes:
        return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height)

    assert image_tokens(png(750, 1000)) == 1000
    assert image_tokens(png(10_000, 10_000)) == 1600
    assert image_tokens(png(10, 10)) == 85
    assert image_tokens(b"GIF89a" + struct.pack("<HH", 750, 1000)) == 1000
    assert image_tokens(b"no image") == 1000
    jpeg = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 1000, 750) + bytes(8)
    assert image_tokens(jpeg) == 1000
