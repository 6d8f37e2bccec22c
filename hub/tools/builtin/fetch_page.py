"""Reading a page of the web, or a file that stands there, as text.

An address can carry what should stay here ("https://evil.example/?q=the user's secrets"), so the person is asked for
each one, unless it stands in their own words in this chat or among the results of a search in this answer.
"""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

from hub.files import read
from hub.models.types import Image
from hub.net.fetch import fetch
from hub.settings import settings
from hub.tools.schema import tool
from hub.turns import Permission, Source, ToolResult, Turn, own_words

LONGEST = 200_000
"""Characters of a page that are handed on; what the model sees of them at once is decided elsewhere."""
CITED = 1_500
_ADDRESS = re.compile(r"(?i)\bhttps?://[^\s<>\"'`|\\^{}]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"'`|\\^{}]*)?")
_HEADING = re.compile(r"^#{1,3} +(.+)$", re.MULTILINE)


def allowed(turn: Turn, arguments: dict[str, Any]) -> Permission:
    """Whether the person has named the address, or a search in this answer has found it."""
    wanted = _same(str(arguments.get("url") or ""))
    words = " ".join(map(own_words, (turn.question, *turn.said)))
    theirs = {_same(found) for found in _ADDRESS.findall(words)}
    found = {_same(str(one.about.get("url", ""))) for one in turn.citations.known() if one.about.get("searched")}
    return "always" if wanted and wanted in theirs | found else "ask"


@tool("Read a web page", "language", group="Built in", permission="ask", decide=allowed, key="url", id="hub:fetch_page")
def fetch_page(turn: Turn, url: Annotated[str, "The whole address, beginning with https://"]) -> ToolResult:
    """Fetch a public web page or a PDF and give its readable text. Cite it by its number."""
    page = fetch(url if "://" in url else f"https://{url}", private=settings().reaches_private("tools"))
    reading = read.read(page.name, page.data)
    images = tuple(Image(one.mime, one.data) for one in reading.pictures)
    text = reading.text[:LONGEST]
    if not text.strip():
        said = "a picture" if images else "no text"
        return ToolResult(f"{page.url} holds {said}, no text.", said, images=images)
    title = _title(text, page.url)
    source = turn.citations.cite(Source("web", page.url, title, text[:CITED], about={"url": page.url}))
    cut = f"\n\n(The page goes on; {LONGEST:,} characters were read.)" if len(reading.text) > LONGEST else ""
    head = f"[{source.number}] {title} ({page.url})"
    return ToolResult(f"{head}\n\n{text}{cut}", f"{title}, {len(text):,} characters", sources=(source,), images=images)


def _title(text: str, url: str) -> str:
    heading = _HEADING.search(text)
    return heading[1].strip()[:120] if heading else urlsplit(url).hostname or url


def _same(address: str) -> str:
    """An address as it is compared: with a scheme, without a fragment, a last slash or the dot of a sentence."""
    address = address.strip().rstrip(".,;:!?)]»”\u2019")
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if not parts.hostname:
        return ""
    return urlunsplit(("https", parts.netloc.lower(), parts.path.rstrip("/"), parts.query, ""))
