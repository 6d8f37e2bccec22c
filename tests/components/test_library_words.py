"""How the library names what a conversation used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.library_list.words import cost, entry
from hub.chat.records import Conversation, Totals

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)


def test_a_row():
    sums = Totals(input=9000, output=3400, answers=3, cost=0.5)
    one = Conversation("1", "", NOW, NOW - timedelta(minutes=3), model="env-openrouter/maker/model-x", totals=sums)
    row = entry(one, NOW, running=True)
    assert (row.title, row.model, row.changed) == ("New chat", "model-x", "3 min ago")
    assert (row.tokens, row.cost, row.running) == ("12k", "$0.500", True)


def test_what_is_not_known_is_not_zero():
    assert cost(Totals()) == ""
    assert cost(Totals(output=10, answers=2, unpriced=2)) == "unknown"
    assert cost(Totals(output=10, answers=2, unpriced=1, cost=0.002)) == "over $0.0020"
    assert cost(Totals(output=10, answers=2)) == "$0"
