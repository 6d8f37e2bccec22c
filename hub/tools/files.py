"""Files that tools give: kept for the person, and read for the model where they can be."""

from __future__ import annotations

from collections.abc import Sequence

from hub import files
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.turns import ToolFile

MOST = 10
"""Files that are kept of one result."""


def kept(who: Who, given: Sequence[ToolFile]) -> tuple[list[str], str]:
    """The ids of the files as they are kept, and what the model reads of them: their names and their text."""
    ids: list[str] = []
    said: list[str] = []
    for one in given[:MOST]:
        try:
            file = _stored(who, one)
        except HubError as error:
            said.append(f"[{files.tidy(one.name)} was not kept: {error.message}]")
            continue
        ids.append(file.id)
        said.append(f"[{file.name}, {file.mime}, {file.size:,} bytes, is shown to the person]")
        if text := files.text(who, file.id):
            said[-1] += f"\n{text}"
    if len(given) > MOST:
        said.append(f"[{len(given) - MOST} more files were not kept]")
    return ids, "\n\n".join(said)


def _stored(who: Who, one: ToolFile) -> files.File:
    try:
        return files.add(who, one.name, one.data)
    except BadInput as error:
        if error.kind != "unreadable":
            raise
        return files.add_unread(who, one.name, one.mime, one.data)
