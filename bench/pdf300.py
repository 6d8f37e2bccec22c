"""A PDF of 300 pages: seconds until a question is answered from its first pages, and until all of it is ready.

The file is made here: running text with headings, in the plainest form that PDF has. The question is about page 2, and
is asked again and again while the document is taken in, as by a person beside a worker.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from typing import Any

from bench.documents import stores
from bench.result import Bar
from hub import documents
from hub.db.who import OWNER
from hub.documents import ingest, shelve

PAGES = 300
LINES = 32
"""Of twelve words each: a page of a usual report."""
WORDS = "tide harbour lantern survey granite ferry warden shingle meadow anchor ledger storm kettle signal".split()  # noqa: SIM905


def measure(repeats: int) -> tuple[tuple[Bar, ...], dict[str, Any]]:
    """Medians over `repeats`; the model that makes the vectors is loaded before."""
    shelve.embedder().query("warm")
    firsts: list[float] = []
    readies: list[float] = []
    with stores():
        for number in range(repeats):
            first, ready, passages = _once(number)
            firsts.append(first)
            readies.append(ready)
    first, ready = statistics.median(firsts), statistics.median(readies)
    bars = (Bar("ready", ready, "s", 60), Bar("first answer", first, "s", 20))
    return bars, {"pages": PAGES, "passages": passages, "ready": readies, "first answer": firsts}


def _once(number: int) -> tuple[float, float, int]:
    collection = documents.create_collection(OWNER, f"Bench {number}").id
    data = made(number)
    began = time.monotonic()
    document = documents.add_file(OWNER, collection, "long.pdf", data).document.id
    work = threading.Thread(target=ingest.ingest, args=(document,))
    work.start()
    while not _answered(collection, number):
        if not work.is_alive():
            raise RuntimeError(documents.get(OWNER, document).reason or "The question was never answered.")
        time.sleep(0.1)
    first = time.monotonic() - began
    work.join()
    found = documents.get(OWNER, document)
    if found.state != "ready":
        raise RuntimeError(found.reason)
    return first, time.monotonic() - began, found.passages


def _answered(collection: str, number: int) -> bool:
    found = documents.search(OWNER, f"What is the code word of chapter 2 in book {number}?", [collection], most=5)
    return any(f"zebra{number}x2 " in one.text for one in found.passages)


def made(number: int) -> bytes:
    """A PDF of `PAGES` pages with a heading and `LINES` lines each; page n holds the code word zebra<number>x<n>."""
    chance = random.Random(number)
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _FONT]
    kids: list[str] = []
    for page in range(1, PAGES + 1):
        stream = _page(chance, number, page)
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = f"<< /Type /Pages /Count {PAGES} /Kids [{' '.join(kids)}] >>".encode()
    return _written(objects)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _page(chance: random.Random, number: int, page: int) -> bytes:
    lines = [" ".join(chance.choice(WORDS) for _ in range(12)).capitalize() + "." for _ in range(LINES)]
    lines[5] = f"The code word of chapter {page} in book {number} is zebra{number}x{page} and nobody may say it."
    text = [f"BT /F 18 Tf 50 790 Td (Chapter {page}) Tj ET", "BT /F 10 Tf 50 760 Td 16 TL"]
    return "\n".join([*text, *(f"({line}) Tj T*" for line in lines), "ET"]).encode()


def _written(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
