"""Reading tokens from left to right, and the refusals that all readers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from hub.errors import BadInput
from hub.schedules.when.words.tokens import Token

T = TypeVar("T")
EITHER = ("It says or, and only one of the two can be meant.", "Write and for both, or name one of them.")
UNITS = {"quarterhour": (15, "minute"), "halfhour": (30, "minute")}


def refuse(message: str, hint: str) -> NoReturn:
    """What was said cannot be taken."""
    raise BadInput(message, hint=hint)


class Stream:
    """Tokens, and how far they are read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def has(self, *kinds: str, ahead: int = 0) -> bool:
        """The token here, or so many further, may be one of these kinds."""
        place = self.place + ahead
        return 0 <= place < len(self.tokens) and not self.tokens[place].kinds.keys().isdisjoint(kinds)

    def take(self, kind: str) -> Any:
        """The value of the token here, which must be of the kind; the stream goes on."""
        value = self.tokens[self.place].kinds[kind]
        self.place += 1
        return value

    def skip(self, *kinds: str) -> bool:
        """Goes on if the token here may be one of these kinds."""
        if not self.has(*kinds):
            return False
        self.place += 1
        return True

    def skip_all(self, *kinds: str) -> bool:
        """As `skip`, as often as it fits."""
        begin = self.place
        while self.skip(*kinds):
            pass
        return self.place > begin

    def try_(self, reader: Callable[[Stream], T | None]) -> T | None:
        """What a reader finds here; without a find the stream stays where it is."""
        place = self.place
        found = reader(self)
        if found is None:
            self.place = place
        return found

    def has_unit(self, ahead: int = 0) -> bool:
        return self.has("unit", "quarter", ahead=ahead)

    def unit(self) -> tuple[int, str]:
        """A unit of time, and how many of it the word is: a "Viertelstunde" is fifteen minutes."""
        if not self.has("unit"):
            self.skip("quarter")
            return 1, "quarter"
        name = self.take("unit")
        return UNITS.get(name, (1, name))

    def separated(self, *, or_: bool = True) -> bool:
        """Goes past commas and "and". "or" is refused where what follows belongs to the same list."""
        begin = self.place
        self.skip_all("comma", "and")
        if or_ and self.has("or"):
            refuse(*EITHER)
        return self.place > begin

    @property
    def ended(self) -> bool:
        return self.place >= len(self.tokens)

    @property
    def rest(self) -> str:
        return " ".join(token.text for token in self.tokens[self.place : self.place + 3])
