"""PDF for search: some pages as Markdown with headings, and one page as a picture with the lines of a text on it.

Headings come from the outline where the file has one, else from letters that are larger than those of most lines. What
stands on most pages (running titles, page numbers) is left out. Sizes and running lines are taken from pages spread
over the whole file, so that every part of it is read by the same measure.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import pypdfium2.raw as raw  # pyright: ignore[reportMissingTypeStubs]

from .pdf import opened
from .refusal import Refusal

SAMPLE = 12
MOST_PAGES = 5_000
LONGEST_HEADING = 120
LARGER = 1.12
"""How much larger than most letters those of a heading are."""
EDGE = 3
"""Lines at the top and bottom of a page that may be running ones."""
SIDE = 1400
LEADERS = re.compile(r"(?:\s?[.·_]){5,}")
SOFT_BREAK = re.compile("[\u00ad\u0002\ufffe]\n")


@dataclass
class Line:
    """A line of a page: `size` is the height of its letters, the box is in points from the bottom left."""

    text: str
    size: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass
class Measure:
    """What holds for a whole file: the size of most letters, those of headings from the largest, the running lines, and
    the outline as {page: {title: level}}."""

    body: float
    sizes: list[float]
    running: set[str]
    outline: dict[int, dict[str, int]]


def read(name: str, data: bytes, start: int, stop: int) -> tuple[dict[str, Any], list[bytes]]:
    """Pages from `start` (0 for the first) up to `stop`: a head with the number of all pages and the texts."""
    document: Any = opened(name, data)
    total = len(document)
    if not total:
        raise Refusal(f"{name} has no pages.", "Save it anew and add it again.")
    if total > MOST_PAGES:
        raise Refusal(f"{name} has {total:,} pages; {MOST_PAGES:,} are the most.", "Split it and add the parts.")
    measure = _measure(document)
    texts = [_markdown(lines(document, number), number, measure) for number in range(start, min(stop, total))]
    bodies = [text.encode("utf-8", "replace") for text in texts]
    title = str(document.get_metadata_value("Title") or "").strip()
    return {"total": total, "title": title, "lengths": [len(body) for body in bodies]}, bodies


def lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines of a page from its text layer; none for a page that is damaged."""
    try:
        page: Any = document[number].get_textpage()
        text = str(page.get_text_range())
    except pypdfium2.PdfiumError:
        return []
    found: list[Line] = []
    at = 0
    for line in re.split(r"(\r\n|\n|\r)", text):
        if line.strip():
            found.append(_line(page, at, line))
        at += len(line)
    return found


def _line(page: Any, at: int, text: str) -> Line:
    seen = [at + place for place, letter in enumerate(text) if not letter.isspace()]
    first, last = _box(page, seen[0]), _box(page, seen[-1])
    sizes = [box[3] - box[1] for box in (_box(page, place) for place in seen[:: max(1, len(seen) // 4)][:4])]
    size = sorted(sizes)[len(sizes) // 2]
    bottom, top = min(first[1], last[1]), max(first[3], last[3])
    return Line(text.replace("\x00", ""), round(size, 1), first[0], bottom, max(first[2], last[2]), top)


def _box(page: Any, place: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a letter with the room its font gives it."""
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(page, place, ctypes.byref(box))
    return box.left, box.bottom, box.right, box.top


def _measure(document: pypdfium2.PdfDocument) -> Measure:
    total = len(document)
    chosen = sorted({round(place * (total - 1) / max(1, SAMPLE - 1)) for place in range(min(SAMPLE, total))})
    sample = [lines(document, number) for number in chosen]
    weight: Counter[float] = Counter()
    for line in (line for page in sample for line in page):
        weight[line.size] += len(line.text)
    body = weight.most_common(1)[0][0] if weight else 0.0
    sizes = sorted((size for size in weight if size > body * LARGER), reverse=True)
    edges = Counter(key for page in sample for key in {_key(line.text) for line in [*page[:EDGE], *page[-EDGE:]]})
    running = {key for key, count in edges.items() if len(chosen) > 2 and count > len(chosen) / 2}
    return Measure(body, sizes, running, _outline(document))


def _outline(document: Any) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    try:
        for entry in document.get_toc(max_depth=6):
            target: Any = entry.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                found.setdefault(page, {})[_plain(entry.get_title())] = entry.level + 1
    except pypdfium2.PdfiumError:
        return {}
    return found


def _markdown(page: list[Line], number: int, measure: Measure) -> str:
    kept = [line for place, line in enumerate(page) if not _runs(line, place, len(page), measure)]
    known = measure.outline.get(number, {})
    deepest = max((level for levels in measure.outline.values() for level in levels.values()), default=0)
    written: list[str] = []
    for place, line in enumerate(kept):
        text = LEADERS.sub(" …", line.text).strip()
        level = known.get(_plain(text)) or _level(line, measure, deepest)
        if level:
            written += ["", "#" * min(level, 6) + " " + text, ""]
            continue
        if place and kept[place - 1].bottom - line.top > 0.5 * max(line.size, 1):
            written.append("")  # a gap between paragraphs
        written.append(text)
    return re.sub(r"\n{3,}", "\n\n", SOFT_BREAK.sub("", "\n".join(written))).strip()


def _level(line: Line, measure: Measure, deepest: int) -> int:
    """The level of a line that is a heading by the size of its letters, else 0."""
    text = line.text.strip()
    if line.size <= measure.body * LARGER or len(text) > LONGEST_HEADING or not any(map(str.isalpha, text)):
        return 0
    if text[0] in "\u2022\u2013-*\u25aa\u25e6" or re.match(r"\d+[.)]?\s.{60,}", text) or text.endswith((".", ",", ";")):
        return 0
    if deepest:
        return 0 if measure.body * 1.4 > line.size else min(deepest + 1, 6)
    larger = [size for size in measure.sizes if size > line.size + 0.3]
    return min(len(larger) + 1, 6)


def _runs(line: Line, place: int, count: int, measure: Measure) -> bool:
    return (place < EDGE or place >= count - EDGE) and _key(line.text) in measure.running


def _key(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split()).casefold())


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def picture(name: str, data: bytes, number: int, wanted: str) -> tuple[dict[str, Any], list[bytes]]:
    """Page `number` (0 for the first) as a JPEG, with boxes of the lines that hold words of `wanted`, as shares of
    width and height from the top left."""
    document = opened(name, data)
    if not 0 <= number < len(document):
        raise Refusal(f"{name} has no page {number + 1}.", f"It has {len(document)} pages.")
    page: Any = document[number]
    width, height = page.get_size()
    image = page.render(scale=SIDE / max(width, height, 1)).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    boxes = [
        [line.left / width, 1 - line.top / height, line.right / width, 1 - line.bottom / height]
        for line in _holding(lines(document, number), wanted)
    ]
    return {"width": image.width, "height": image.height, "rects": boxes}, [out.getvalue()]


def _holding(page: list[Line], wanted: str) -> list[Line]:
    """The lines of `page` whose letters stand in `wanted`, the first and the last of them perhaps in part: the longest
    run of them, so that a short line that stands elsewhere too is not marked."""
    sought = _plain(wanted)
    if not sought:
        return []
    marked = [bool(letters := _plain(line.text)) and _in(letters, sought) for line in page]
    runs: list[tuple[int, int]] = []
    start = None
    for place, hit in enumerate([*marked, False, False]):
        near = hit or any(marked[place + 1 : place + 2])  # a running line in between does not end a run
        if near and start is None:
            start = place
        elif not near and start is not None:
            runs.append((start, min(place, len(page))))
            start = None
    if not runs:
        return []

    found = [[line for line, hit in zip(page[a:b], marked[a:b], strict=True) if hit] for a, b in runs]
    return max(found, key=lambda run: sum(len(line.text) for line in run))


def _in(line: str, sought: str) -> bool:
    if line in sought or sought in line:
        return True
    least = max(6, len(line) // 5)
    ends = range(least, len(line))
    return any(sought.startswith(line[-size:]) or sought.endswith(line[:size]) for size in ends)
