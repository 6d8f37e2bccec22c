"""Which of what was found is shown on a shelf of the library."""

from __future__ import annotations

from dataclasses import replace

from hub.library.records import Found, Talk


def of_shelf(found: Found, shelf: str, *, titled: bool) -> Found:
    """What is shown below a shelf: of "pinned" and "archived" only its own conversations. With `titled`, conversations
    that were found by their title alone are left out, since they stand above."""

    def fits(one: Talk) -> bool:
        if titled and not one.passages:
            return False
        return {"pinned": one.pinned, "archived": one.archived}.get(shelf, True)

    talks = tuple(one for one in found.talks if fits(one))
    return replace(found, talks=talks) if shelf == "recent" else replace(found, talks=talks, documents=(), memories=())
