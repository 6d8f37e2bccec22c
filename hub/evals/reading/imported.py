"""What came out of a file: a draft, and a sentence for everything in the file that is not in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hub.evals.records import RunRequest, SetDraft

MOST_SAID = 100
Beside = Callable[[str], bytes]
"""Reads a file that the one being read names, by its path there. Raises BadInput when it cannot be read."""
BY_NUMBER = "What is expected is the number behind ####; the check “number” compares it with the answer's last."
BY_EQUALITY = "Answers must equal what their row expects; where that is too strict, choose another check."
"""Notes on checks that nobody asked for; where somebody names checks of their own, they do not hold."""


@dataclass(frozen=True, slots=True)
class Imported:
    """`warnings` name what was not taken, each with its line or row; `notes` what was decided for the person.

    `run` is what a run file asks for beside its prompts, with `set_id` empty and models by the names that the file has.
    `attachments` are (position of the row, path) of files that rows name: whoever can read them attaches them.
    """

    draft: SetDraft
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    run: RunRequest | None = None
    attachments: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Heard:
    """Sentences gathered on the way through a file; the same one counts once, and beyond 100 only how many."""

    _said: dict[str, None] = field(default_factory=dict[str, None])
    _more: int = 0

    def say(self, sentence: str) -> None:
        """One more sentence."""
        if sentence in self._said:
            return
        if len(self._said) < MOST_SAID:
            self._said[sentence] = None
        else:
            self._more += 1

    def all(self) -> tuple[str, ...]:
        """What was said, in order."""
        more = (f"And {self._more:,} more of this kind.",) if self._more else ()
        return (*self._said, *more)
