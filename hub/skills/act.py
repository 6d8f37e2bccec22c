"""What the page of a skill has done, by a word for it; each answers with a sentence for the person."""

from __future__ import annotations

from collections.abc import Mapping

from hub.db.who import Who
from hub.errors import BadInput
from hub.skills import shelf, write
from hub.skills.records import Mode

MODES: Mapping[str, Mode | None] = {"on": "on", "off": "off", "always": "always", "usual": None}
SAID = {"on": "on", "off": "off", "always": "always on"}


def act(who: Who, word: str, about: tuple[str, ...]) -> str:
    """Does what `word` says: switch (skill, mode), place (skill, place, mode or "usual"), everybody (skill, mode),
    rollback (skill, version), remove (skill, path of a file). Raises BadInput and NotFound."""
    match word, about:
        case "switch", (id_, mode):
            shown = shelf.switch(who, id_, MODES.get(mode))
            return f"{shown.skill.name} is {SAID[shown.mode]}."
        case "place", (id_, where, mode):
            shelf.switch(who, id_, MODES.get(mode), where=where)
            return ""
        case "everybody", (id_, mode):
            shown = shelf.share(who, id_, MODES.get(mode) or "off")
            return "Nobody else has it now." if shown.skill.everybody == "off" else "Everybody has it now."
        case "rollback", (id_, number) if number.isdecimal():
            shown = write.rollback(who, id_, int(number))
            return f"Version {number} is back, as version {shown.skill.version}."
        case "remove", (id_, path):
            kept = {name: data for name, data in shelf.files(who, id_).items() if name != path}
            write.save(who, id_, shelf.version(who, id_).text, kept)
            return f"Removed {path}. The version before has it still."
        case _:
            raise BadInput(f"A skill cannot be asked for “{word}”.")


def add_files(who: Who, skill: str, place: str, given: Mapping[str, bytes]) -> str:
    """Puts files into a folder of a skill, in a new version. Raises BadInput and NotFound."""
    files = {**shelf.files(who, skill), **{f"{place}/{name}": data for name, data in given.items()}}
    shown = write.save(who, skill, shelf.version(who, skill).text, files)
    return f"Added {', '.join(given)} in version {shown.skill.version}."
