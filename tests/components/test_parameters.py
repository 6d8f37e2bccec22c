"""The parameters behind their button, drawn by Streamlit without a browser."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from components.parameters import offered
from hub.models.types import ModelInfo, Params


def script() -> None:
    import streamlit as st

    from components.parameters import parameters

    start = st.session_state["start"]
    st.session_state["event"] = parameters(start["model"], start["params"], start["prompt"], start["presets"])


DEFAULT = Params()


def drawn(model: ModelInfo | None = None, params: Params = DEFAULT, prompt: str = "", presets: Any = ()) -> AppTest:
    test = AppTest.from_function(script)
    test.session_state["start"] = {"model": model, "params": params, "prompt": prompt, "presets": presets}
    test.run()
    assert not test.exception
    return test


def taking(*names: str, **more: Any) -> ModelInfo:
    return ModelInfo("a/x", "x", "a", "A", "openai", "X", params=frozenset(names), **more)


def labels(test: AppTest) -> set[str]:
    return {field.label for field in [*test.number_input, *test.toggle, *test.multiselect, *test.button_group]}


def test_only_what_the_model_takes_is_offered() -> None:
    assert labels(drawn(taking("temperature", "seed"))) == {"Temperature", "Seed"}
    assert offered(taking("temperature", "logit_bias")) == {"temperature"}
    assert "json_mode" in offered(None)


def test_nothing_is_sent_that_was_not_set() -> None:
    test = drawn()
    test.button[0].click().run()
    event = test.session_state["event"]
    assert (event.do, event.params, event.system_prompt) == ("set", Params(), "")


def test_values_are_taken_over() -> None:
    test = drawn(params=Params(temperature=0.3), prompt="Be brief.")
    next(field for field in test.number_input if field.label == "Top p").set_value(0.9)
    test.text_area[0].set_value("Be long. ")
    test.button[0].click().run()
    event = test.session_state["event"]
    assert (event.params, event.system_prompt) == (Params(temperature=0.3, top_p=0.9), "Be long.")


def test_a_preset_needs_a_name() -> None:
    test = drawn()
    save = next(button for button in test.button if button.label == "Save preset")
    save.click().run()
    assert test.session_state["event"] is None
    assert "name" in test.caption[0].value
    test.text_input[0].set_value("Careful")
    next(button for button in test.button if button.label == "Save preset").click().run()
    assert (test.session_state["event"].do, test.session_state["event"].name) == ("save", "Careful")


def test_a_longest_answer_that_is_longer_than_the_model_gives_is_cut() -> None:
    test = drawn(taking("max_tokens", output_limit=1000), Params(max_tokens=5000))
    assert test.number_input[0].value == 1000
