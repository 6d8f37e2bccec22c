"""What the catalogue shows of a model: unknown stays unknown, free is free."""

from __future__ import annotations

from components.connection_card import Card, facts, plain
from components.model_table import note, row
from hub.models.types import ModelInfo, Price


def model(**facts: object) -> ModelInfo:
    return ModelInfo("c/m", "m", "c", "C", "openai", "M", **facts)  # type: ignore[arg-type]


def test_what_is_not_known_is_said_and_never_zero():
    shown = row(model())
    assert shown["context"] == shown["answer"] == ["unknown", None]
    assert shown["input"] == shown["cached"] == shown["output"] == ["unknown", None]
    assert shown["note"] == "price unknown"
    assert shown["abilities"] is None


def test_a_stated_zero_is_free():
    shown = row(model(price=Price(0.0, 0.0)))
    assert shown["note"] == "free"
    assert shown["input"] == ["free", 0.0]


def test_a_model_of_this_machine_has_no_price():
    assert note(model(local=True)) == "runs here"
    assert note(model(demo=True)) == "built in"


def test_prices_are_sorted_by_number_and_shown_as_dollars():
    shown = row(model(price=Price(2.5, 10.0, 0.25), context=128_000, abilities=frozenset({"vision", "tools"})))
    assert shown["input"] == ["$2.50", 2.5]
    assert shown["cached"] == ["$0.25", 0.25]
    assert shown["context"] == ["128k", 128_000]
    assert shown["note"] == ""
    assert shown["abilities"] == ["tools", "vision"]


def test_the_search_knows_alias_name_and_connection():
    assert all(word in row(model(alias="My Pet"))["find"] for word in ("my pet", "m", "c"))


def test_a_card_names_the_variable_and_only_the_end_of_the_key():
    shown = facts(Card("1", "OpenAI", "OpenAI", "https://api.openai.com/v1", "abcd", "OPENAI_API_KEY", models=2))
    assert "set by `OPENAI_API_KEY`, read-only here" in shown
    assert "key ending in `abcd`" in shown
    assert "2 models" in shown


def test_a_sentence_on_a_card_is_shown_as_it_is():
    assert plain("no *stars* or [links](x)") == "no \\*stars\\* or \\[links\\](x)"
    assert plain("at http://127.0.0.1:1/v1: no") == "at `http://127.0.0.1:1/v1`\\: no"
