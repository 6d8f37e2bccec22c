"""Word, PowerPoint, Excel, e-books and web pages as Markdown, by MarkItDown (which takes two seconds to load)."""

from __future__ import annotations

import io
import re

from bs4 import BeautifulSoup
from markitdown import MarkItDown, StreamInfo
from openpyxl import load_workbook

from .found import Found
from .refusal import Refusal
from .sniff import MIMES, TITLES

HIDDEN = '[hidden], template, [style*="display:none" i], [style*="display: none" i]'
EMPTY_CELL = re.compile(r"(?<=\| )NaN(?= \|)")


def prepare() -> MarkItDown:
    """The converter, ready to be used."""
    return MarkItDown(enable_plugins=False)


def read(name: str, kind: str, data: bytes, converter: MarkItDown | None = None) -> Found:
    """The file as Markdown. Raises Refusal when it is damaged or has no text."""
    try:
        data = _seen(data) if kind == "html" else data
        info = StreamInfo(extension=f".{kind}", mimetype=MIMES[kind])
        text = (converter or prepare()).convert_stream(io.BytesIO(data), stream_info=info).text_content
    except MemoryError:
        raise
    except Exception as error:  # each format's library has errors of its own
        raise Refusal(
            f"{name} cannot be read as {TITLES[kind]}: it is damaged or unusual.", "Save it anew, or as PDF."
        ) from error
    text = text.replace("\x00", "").strip()
    warnings: list[str] = []
    if kind == "xlsx":
        text = EMPTY_CELL.sub("", text)
        warnings = _formulas(data)
    if not text:
        raise Refusal(f"{name} holds no text.", "If it is made of pictures, attach those.")
    return Found("text", MIMES[kind], text, warnings=warnings)


def _seen(data: bytes) -> bytes:
    """A web page without what its own markup hides from readers."""
    page = BeautifulSoup(data, "html.parser")
    for hidden in page.select(HIDDEN):
        hidden.decompose()
    return page.encode("utf-8")


def _formulas(data: bytes) -> list[str]:
    """Says when cells are formulas that no program has worked out: their results are in no file."""
    formulas = load_workbook(io.BytesIO(data), read_only=True)
    results = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    missing = 0
    for sheet in formulas.sheetnames:
        written, worked = (book[sheet].iter_rows(values_only=True) for book in (formulas, results))
        missing += sum(
            isinstance(formula, str) and formula.startswith("=") and result is None
            for row, values in zip(written, worked, strict=False)
            for formula, result in zip(row, values, strict=False)
        )
    if not missing:
        return []
    return [f"{missing} cells are formulas without a stored result and stand empty; open and save the file once."]
