"""PDF: the text of each page after a mark with its number, or pictures of the pages when there is none."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

from .found import Found
from .refusal import Refusal
from .sniff import MIMES

MOST_PICTURES = 10
SIDE = 1568
"""Longest side of a page picture in pixels; providers scale larger ones down."""
LEAST_CHARACTERS = 8
LISTED = 12


def read(name: str, data: bytes) -> Found:
    """The text of a PDF. Raises Refusal when it is locked, damaged or empty."""
    document = opened(name, data)
    texts = [_text(document, number) for number in range(len(document))]
    if not texts:
        raise Refusal(f"{name} has no pages.", "Save it anew and attach it again.")
    blank = [number for number, text in enumerate(texts, 1) if len(text.strip()) < LEAST_CHARACTERS]
    if len(blank) == len(texts):
        return _pictures(document)
    marked = (f"[page {number}]\n{text.strip()}" for number, text in enumerate(texts, 1))
    return Found("text", MIMES["pdf"], "\n\n".join(marked), warnings=_gaps(blank, len(texts)), pages=len(texts))


def opened(name: str, data: bytes) -> pypdfium2.PdfDocument:
    """The PDF. Raises Refusal when it is locked or damaged."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refusal(
                f"{name} is locked with a password.", "Attach a copy that is saved without the password."
            ) from error
        raise Refusal(
            f"{name} is damaged and cannot be read as a PDF.", "Export or download it again and attach that."
        ) from error


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    """The text of a page; a page that is damaged has none, which is said with the pages without text."""
    try:
        page: Any = document[number].get_textpage()
        return str(page.get_text_bounded()).replace("\r\n", "\n").replace("\x00", "")
    except pypdfium2.PdfiumError:
        return ""


def _gaps(blank: list[int], pages: int) -> list[str]:
    if not blank:
        return []
    listed = ", ".join(map(str, blank[:LISTED])) + (" and more" if len(blank) > LISTED else "")
    return [f"{len(blank)} of {pages} pages gave no text ({listed}): they are pictures, empty or damaged."]


def _pictures(document: pypdfium2.PdfDocument) -> Found:
    pages = len(document)
    pictures = [_picture(document, number) for number in range(min(pages, MOST_PICTURES))]
    which = "its pages go" if pages <= MOST_PICTURES else f"the first {MOST_PICTURES} of its {pages} pages go"
    said = f"It has only pictures, no text that can be read; {which} in as images, for models that take images."
    return Found("pages", MIMES["pdf"], pictures=pictures, warnings=[said], pages=pages)


def _picture(document: pypdfium2.PdfDocument, number: int) -> tuple[str, bytes]:
    page: Any = document[number]
    image = page.render(scale=SIDE / max(*page.get_size(), 1)).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return "image/jpeg", out.getvalue()
