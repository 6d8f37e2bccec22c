"""Collections, documents and passages in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from components.item_list import Deed, Item
from components.passage_list import Bar, PassageRow
from hub.documents.records import MOVING, Added, Collection, Document, Findings, Found, Passage, Unit
from hub.turns import Source

_STATES = {"waiting": "Waiting", "reading": "Reading", "splitting": "Cutting into passages", "embedding": "Indexing"}
_ICONS = {"pdf": "picture_as_pdf", "image": "image", "sheet": "table", "slide": "slideshow", "chapter": "menu_book"}
_PAUSE = Deed("pause", "Pause", "pause")
_RESUME = Deed("resume", "Go on", "play_arrow")
_RETRY = Deed("retry", "Try again", "refresh")
_CANCEL = Deed("cancel", "Keep the older version", "undo")
_REMOVE = Deed("remove", "Remove document", "delete", danger=True)


def many(count: int, one: str, more: str = "") -> str:
    """A number with its word."""
    return f"1 {one}" if count == 1 else f"{count:,} {more or f'{one}s'}"


def size(count: int) -> str:
    """Bytes in words."""
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def whose(collection: Collection, projects: Mapping[str, str]) -> str:
    """Who reads a collection."""
    if collection.scope:
        return f"Project {projects.get(collection.scope.removeprefix('project:'), 'that is gone')}"
    if collection.shared:
        return "Shared with everybody" if collection.mine else "Shared with you"
    return "Personal"


def collection_item(collection: Collection, projects: Mapping[str, str]) -> Item:
    """A collection as a row."""
    said = [whose(collection, projects), many(collection.documents, "document")]
    if collection.moving:
        said.append(f"{collection.moving} on the way")
    if collection.failed:
        said.append(f"{collection.failed} could not be read")
    icon = "folder_shared" if collection.shared else "folder_special" if collection.scope else "folder"
    deeds = (Deed("delete", "Delete collection", "delete", danger=True),) if collection.mine else ()
    return Item(collection.id, icon, collection.name, " · ".join(said), deeds=deeds)


def document_item(document: Document, *, mine: bool) -> Item:
    """A document as a row: how it stands, how far it is, what can be done."""
    moving = document.state in MOVING
    share = document.done / document.total if moving and document.total else 0.0 if moving else None
    tone = "busy" if moving else "error" if document.state == "failed" else "warn" if document.warnings else ""
    return Item(
        id=document.id,
        icon="error" if document.state == "failed" else icon(document),
        title=document.name,
        said=standing(document),
        facts=facts(document),
        tone=tone,
        share=share,
        deeds=_deeds(document) if mine else (),
    )


def icon(document: Document) -> str:
    """The Material symbol of a kind of document."""
    kind = "pdf" if document.pdf else "image" if document.mime.startswith("image/") else document.unit
    return _ICONS.get(kind, "link" if document.url else "description")


def standing(document: Document) -> str:
    """How a document stands; nothing when it is simply there."""
    older = " The older version serves until then." if document.serving and document.version > 1 else ""
    if document.state in MOVING:
        done = f", {document.unit} {document.done:,} of {document.total:,}" if document.total else ""
        return f"{document.reason or _STATES[document.state] + done}.{older}".replace("..", ".")
    if document.state == "paused":
        return (
            f"Paused at {document.unit} {document.done:,} of {document.total:,}.{older}"
            if document.total
            else "Paused."
        )
    if document.state == "failed":
        kept = " The older version goes on serving." if document.serving and document.version > 1 else ""
        return f"{document.reason} {document.hint}{kept}".strip()
    return " ".join(document.warnings)


def facts(document: Document) -> str:
    """Passages, pages and size of a document."""
    found = [many(document.passages, "passage")] if document.passages else []
    if document.pages:
        found.append(many(document.pages, document.unit))
    return " · ".join([*found, size(document.size)])


def _deeds(document: Document) -> tuple[Deed, ...]:
    found = {"paused": (_RESUME,), "failed": (_RETRY,)}.get(document.state, ())
    if document.state in MOVING:
        found = (_PAUSE,)
    older = document.serving and document.version > 1 and document.state != "ready"
    return (*found, *((_CANCEL,) if older else ()), _REMOVE)


def came_of(added: Added) -> str:
    """What came of adding something, behind a number."""
    return "there already" if added.duplicate else "as a new version" if added.replaces else "added"


def passage_row(passage: Passage) -> PassageRow:
    """A passage of a document in order."""
    page = f"{passage.unit} {passage.page}" if passage.page is not None else ""
    said = many(passage.tokens, "token")
    return PassageRow(
        id=passage.id,
        number=str(passage.number + 1),
        text=_close(passage.text, passage.unit),
        place=" · ".join(part for part in (page, passage.heading) if part),
        facts=said if passage.indexed else f"{said} · never searched: a list of contents",
        quiet=not passage.indexed,
    )


def _close(text: str, unit: Unit) -> str:
    """A text without the empty lines that only Markdown needs; on pages of a PDF without the ends of lines that fall
    into a sentence, which are those of its paper."""
    close = re.sub(r"\n\s*\n", "\n", text)
    if unit != "page":
        return close
    return re.sub(r"\n(\w)", lambda found: f"{' ' if found[1].islower() else chr(10)}{found[1]}", close)


def found_rows(findings: Findings) -> list[PassageRow]:
    """What a question found, each with what speaks for it beside the best of all."""
    return [_found_row(one, findings.passages) for one in findings.passages]


def _found_row(one: Found, among: Sequence[Found]) -> PassageRow:
    def bar(name: str, value: float | None, most: float, title: str) -> Bar:
        share = max(0.0, min(1.0, value / most)) if value is not None and most > 0 else 0.0
        return Bar(name, "none" if value is None else f"{value:.2f}", share, title)

    bars = [
        bar("Words", one.lexical, max(x.lexical for x in among), "The words of the question in the passage (BM25)"),
        bar("Meaning", one.dense, 1.0, "How near passage and question are in meaning (cosine)"),
        bar("Beside", one.near, max(x.near for x in among), "What the passages beside it add"),
        bar("Document", one.whole, max(x.whole for x in among), "How well its whole document fits"),
    ]
    bars.append(bar("Together", one.score, max(x.score for x in among), "What they come to; the order follows it"))
    return PassageRow(one.id, str(one.position), _close(one.text, one.unit), one.title, one.place, bars=tuple(bars))


def as_source(found: Found) -> Source:
    """A found passage as a source, for showing it in its document."""
    about = {"page": found.page, "passage": found.id}
    return Source("document", found.document, found.title, found.text, found.place, found.score, about)


def passage_source(passage: Passage, document: Document) -> Source:
    """A passage of a document as a source, for showing it there."""
    page = f"{passage.unit} {passage.page}" if passage.page is not None else ""
    place = " · ".join(part for part in (page, passage.heading) if part)
    about = {"page": passage.page, "passage": passage.id}
    return Source("document", document.id, document.title, passage.text, place, None, about)
