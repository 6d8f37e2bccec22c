"""Plain text of any character set; what is not text is refused."""

from __future__ import annotations

import codecs
import mimetypes

from charset_normalizer import from_bytes

from .found import Found
from .refusal import Refusal
from .sniff import ending

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x08\x00")) + b"\x7f"
MOST_CONTROL = 0.01
MOST_NULLS = 0.05


def read(name: str, data: bytes) -> Found:
    """The text of a file, with a sentence when its characters had to be guessed or some were removed."""
    text, warnings = decode(name, data)
    mime = mimetypes.guess_type(name)[0] or "text/plain"
    if not (mime.startswith("text/") or ending(name) in {"json", "xml", "js", "sh", "yaml", "yml", "toml", "sql"}):
        mime = "text/plain"
    if not text.strip():
        raise Refusal(f"{name} holds no text, only blanks.", "Attach another file.")
    return Found("text", mime, text, warnings=warnings)


def decode(name: str, data: bytes) -> tuple[str, list[str]]:
    """The characters, and what was done to get them."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _decoded(name, data, encoding), []
    if any(data[place::2].count(0) > len(data) * 0.2 for place in (0, 1)) and data.count(0) < len(data) * 0.55:
        return _decoded(name, data, "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"), []
    nulls = data.count(0)
    controls = len(data) - len(data.translate(None, CONTROL))
    if nulls > len(data) * MOST_NULLS or controls > len(data) * MOST_CONTROL:
        raise _binary(name)
    warnings = [f"{nulls:,} null {'byte was' if nulls == 1 else 'bytes were'} removed."] if nulls else []
    data = data.replace(b"\x00", b"")
    try:
        return data.decode(), warnings
    except UnicodeDecodeError:
        encoding = _guess(data)
        return _decoded(name, data, encoding), [*warnings, f"It is not UTF-8; it was read as {encoding}."]


def _guess(data: bytes) -> str:
    best = from_bytes(data[:200_000]).best()
    found = best.encoding if best is not None else "cp1252"
    # Short Western texts fit many code pages; the usual one is right far more often than a rare one that also fits.
    if len(data) < 2_000 and not best_is_multibyte(found):
        try:
            data.decode("cp1252")
            return "cp1252"
        except UnicodeDecodeError:
            return found
    return found


def best_is_multibyte(encoding: str) -> bool:
    """Whether the encoding is one of East Asia, whose byte patterns are rarely hit by chance."""
    return encoding.startswith(("gb", "big5", "euc", "shift", "cp93", "cp94", "johab", "iso2022", "hz"))


def _decoded(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).replace("\x00", "")
    except UnicodeDecodeError as error:
        raise _binary(name) from error


def _binary(name: str) -> Refusal:
    return Refusal(f"{name} is not text: it holds binary data.", "Attach text, PDF, Office files, e-books or images.")
