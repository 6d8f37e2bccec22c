from datetime import UTC, datetime, timedelta

import pytest

from components import model_words
from components.clock import long_ago
from hub.models.types import Price


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "unknown"),
        (512, "512"),
        (8192, "8.2k"),
        (4000, "4k"),
        (128_000, "128k"),
        (1_000_000, "1M"),
        (1_050_000, "1.1M"),
    ],
)
def test_token_counts(count: int | None, said: str) -> None:
    assert model_words.tokens(count) == said


@pytest.mark.parametrize(
    ("amount", "said"), [(None, "unknown"), (0, "free"), (3, "$3"), (0.15, "$0.15"), (2.5, "$2.50"), (0.075, "$0.075")]
)
def test_dollars(amount: float | None, said: str) -> None:
    assert model_words.dollars(amount) == said


def test_a_local_model_has_no_price_to_be_unknown() -> None:
    assert model_words.price(Price(), local=True) == "runs here"
    assert model_words.price(Price()) == "price unknown"
    assert model_words.price(Price(0, 0)) == "free"


def test_times_in_words() -> None:
    now = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    assert long_ago(now - timedelta(seconds=20), now) == "just now"
    assert long_ago(now - timedelta(minutes=12), now) == "12 min ago"
    assert long_ago(now - timedelta(hours=3), now) == "12:00"
    assert long_ago(now - timedelta(days=3), now) == "7 Mar"
    assert long_ago(now - timedelta(days=300), now) == "14 May 2025"
