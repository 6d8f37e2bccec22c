"""What the answer took: time and money."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from hub.evals.checks.base import CannotTell, Found, Plain, Subject


class Latency(Plain):
    """Time of the successful attempt; waiting for limits and retries does not count."""

    TITLE: ClassVar[str] = "Latency"
    SAYS: ClassVar[str] = "The answer came within a time."

    kind: ClassVar[str] = "latency"
    max_ms: float = Field(gt=0, title="Milliseconds at most")
    of: Literal["answer", "first_token"] = Field("answer", title="Until", description="The whole answer or its start.")

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell for answers from the cache."""
        taken = subject.ms if self.of == "answer" else subject.first_ms
        if taken is None and subject.ms is None:
            raise CannotTell("The answer came from the cache, so it has no time of its own.")
        if taken is None:
            raise CannotTell("The answer was asked for in one piece, so the time of its first token is not known.")
        return Found(taken <= self.max_ms, f"It took {taken:,.0f} ms.")


class Cost(Plain):
    """All turns of the cell together, judges apart."""

    TITLE: ClassVar[str] = "Cost"
    SAYS: ClassVar[str] = "The answer cost no more than this."

    kind: ClassVar[str] = "cost"
    max_cost: float = Field(ge=0, title="US dollars at most")

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell when the price is not known."""
        if subject.cost is None:
            raise CannotTell("The model's price is not known, so the cost is not.")
        return Found(subject.cost <= self.max_cost, f"It cost ${subject.cost:.6f}.")
