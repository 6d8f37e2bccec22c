"""How many tokens something will be, before a provider has counted it."""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import tiktoken
from tiktoken.load import load_tiktoken_bpe

_SAMPLE = 20_000
"""Characters: longer texts are counted in four samples of this size, which costs a few per cent of exactness."""
_CL100K = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"
_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)
"""How cl100k_base cuts text into words, from tiktoken_ext/openai_public.py."""


def tokens(text: str) -> int:
    """About how many tokens `text` is: OpenAI's cl100k_base, whose table LiteLLM brings along. Other models differ by
    some 10 to 20 per cent."""
    if len(text) <= 4 * _SAMPLE:
        return _count(text)
    step = (len(text) - _SAMPLE) // 3
    counted = sum(_count(text[start : start + _SAMPLE]) for start in range(0, 3 * step + 1, step))
    return round(counted * len(text) / (4 * _SAMPLE))


def image_tokens(data: bytes) -> int:
    """About how many tokens an image is: width x height / 750 as Anthropic documents it, after scaling the longer side
    to 1568; 1,000 when the size cannot be read."""
    size = _size(data)
    if size is None:
        return 1000
    width, height = size
    scale = min(1.0, 1568 / max(width, height, 1))
    return max(85, min(1600, round(width * scale * height * scale / 750)))


def _count(text: str) -> int:
    # A run of thousands of equal characters without a space takes quadratic time in byte pair encoding.
    short = re.sub(r"(\S)\1{200,}", lambda run: run[1] * 200, text)
    lost = (len(text) - len(short)) // 8
    return len(_encoding().encode_ordinary(short)) + lost


@lru_cache(maxsize=1)
def _encoding() -> tiktoken.Encoding:
    spec = find_spec("litellm")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("litellm is not installed")
    table = Path(spec.submodule_search_locations[0]) / "litellm_core_utils" / "tokenizers" / _CL100K
    return tiktoken.Encoding(
        "cl100k_base", pat_str=_PATTERN, mergeable_ranks=load_tiktoken_bpe(str(table)), special_tokens={}
    )


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels from the head of a PNG, GIF, WebP or JPEG file."""
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"GIF8") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data[:4] == b"RIFF" and data[12:16] == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[:4] == b"RIFF" and data[12:16] == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
