from typing import Any

from components.model_picker import _missing, families, sections
from hub.models.types import ModelInfo, Price


def model(id_: str, title: str, **more: Any) -> ModelInfo:
    connection, _, name = id_.partition("/")
    return ModelInfo(id_, name, connection, connection.title(), "openai", title, **more)


def titles(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {section["title"]: [row["title"] for row in section["rows"]] for section in found}


def test_one_model_at_several_connections_is_one_row_the_cheapest_first() -> None:
    models = [
        model("a/gpt", "GPT", family="gpt", price=Price(2, 9)),
        model("b/gpt", "GPT", family="gpt", price=Price(1, 3)),
        model("c/gpt", "GPT", family="gpt"),
    ]
    [section] = sections(models, [])
    [row] = section["rows"]  # pyright: ignore[reportGeneralTypeIssues]
    assert [option["id"] for option in row["options"]] == ["b/gpt", "a/gpt", "c/gpt"]
    assert [option["price"] for option in row["options"]] == ["$1 in, $3 out", "$2 in, $9 out", "price unknown"]


def test_favourites_then_recent_then_the_rest_each_once() -> None:
    models = [model(f"a/{name}", name) for name in ("alpha", "beta", "gamma")]
    models.append(model("a/delta", "delta", favourite=True))
    found = titles(sections(models, ["a/gamma", "a/delta"]))
    assert found == {"Favourites": ["delta"], "Recent": ["gamma"], "All models": ["alpha", "beta"]}


def test_without_favourites_and_recents_there_is_no_heading() -> None:
    assert titles(sections([model("a/x", "x")], [])) == {"": ["x"]}


def test_the_demo_comes_last() -> None:
    found = families([model("demo/demo", "A demo", demo=True), model("a/z", "Zeta")])
    assert [row[0].title for row in found] == ["Zeta", "A demo"]


def test_a_model_without_family_is_not_thrown_together_with_others() -> None:
    assert len(families([model("a/one", "One"), model("b/two", "Two")])) == 2


def test_a_missing_model_is_named_and_its_likeness_offered() -> None:
    models = [model("a/other", "Other"), model("b/vendor/llama", "Llama")]
    assert _missing(models, "gone/llama") == {"name": "llama", "id": "b/vendor/llama", "title": "Llama"}
    assert _missing(models, "a/other") is None
    assert _missing([], "gone/llama") == {"name": "llama", "id": "", "title": ""}


def test_unknown_facts_are_never_zero() -> None:
    [section] = sections([model("a/x", "x"), model("a/y", "y", price=Price(0, 0), context=128_000)], [])
    unknown, free = section["rows"]  # pyright: ignore[reportGeneralTypeIssues]
    assert (unknown["options"][0]["price"], unknown["context"]) == ("price unknown", "")
    assert (free["options"][0]["price"], free["context"]) == ("free", "128k context")
