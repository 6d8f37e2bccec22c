"""The files of a row, as they go with its first turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub import files
from hub.db.who import Who
from hub.errors import NotFound
from hub.models.errors import BadRequest
from hub.models.types import ImagePart, Part, TextPart


class FileGone(BadRequest):
    """A file that a row sends is not there any more."""

    kind = "file_gone"


def parts(who: Who, ids: Sequence[str]) -> tuple[Part, ...]:
    """Pictures as pictures, everything else as the text that was read from it. Reads the store; raises FileGone."""
    try:
        return tuple(part for one in ids for part in _of(who, one))
    except NotFound as error:
        raise FileGone("The hub", "A file of this row is not there any more") from error


def tokens(who: Who, ids: Sequence[str]) -> int:
    """About how many tokens they are."""
    return sum(one.tokens for one in files.many(who, ids))


def _of(who: Who, id_: str) -> Iterator[Part]:
    found = files.get(who, id_)
    if found.kind != "text":
        yield from (ImagePart(mime, data) for mime, data in files.pictures(who, id_))
        return
    name = found.name.replace('"', "'").replace("\n", " ")
    text = files.text(who, id_)
    yield TextPart(f'[attached file "{name}"]\n{text}\n[end of attached file "{name}"]\n\n')
