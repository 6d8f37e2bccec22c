"""The parameters of a chat: what is offered, the default as a choice of its own, presets."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.parameters import ParametersEvent, offered, untaken
from hub.chat.records import Preset
from hub.models.types import ModelInfo, Params


def script(model, params, prompt, presets):
    import streamlit as st

    from components.parameters import parameters

    done = parameters(model, params, prompt, presets)
    if done:
        st.session_state["done"] = done


def model(*params: str, limit: int | None = None) -> ModelInfo:
    return ModelInfo("c/m", "m", "c", "C", "openai", "M", params=frozenset(params) or None, output_limit=limit)


DEFAULT = Params()


def open_with(of: ModelInfo | None = None, params: Params = DEFAULT, prompt: str = "", presets: Any = ()) -> AppTest:
    page = AppTest.from_function(script, args=(of, params, prompt, presets), default_timeout=30).run()
    assert not page.exception
    return page


def labels(page: AppTest) -> set[str]:
    found = [*page.number_input, *page.multiselect, *page.toggle, *page.selectbox]
    return {element.label for element in found}


def number(page: AppTest, label: str) -> Any:
    return next(element for element in page.number_input if element.label == label)


def press(page: AppTest, label: str) -> ParametersEvent | None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page.session_state.get("done")


def test_only_what_the_model_takes_is_offered():
    assert labels(open_with(model("temperature", "seed"))) == {"Temperature", "Seed"}


def test_everything_is_offered_when_nothing_is_known():
    every = {"Temperature", "Top-p", "Longest answer", "Seed", "Reasoning effort", "Stop at", "Answer in JSON"}
    assert labels(open_with(model())) == labels(open_with(None)) == every
    assert len(offered(None)) == len(every)


def test_untouched_fields_are_not_sent():
    assert press(open_with(), "Use in this chat") == ParametersEvent("set", Params(), "")


def test_values_are_set():
    page = open_with(model(), prompt="Be brief.")
    number(page, "Temperature").set_value(0.3)
    number(page, "Longest answer").set_value(500)
    page.selectbox[0].set_value("high")
    page.toggle[0].set_value(True)
    done = press(page, "Use in this chat")
    wanted = Params(temperature=0.3, max_tokens=500, reasoning_effort="high", json_mode=True)
    assert done == ParametersEvent("set", wanted, "Be brief.")


def test_a_value_can_go_back_to_the_default():
    page = open_with(model(), Params(temperature=0.7, reasoning_effort="low", stop=("END",)))
    assert number(page, "Temperature").value == 0.7
    number(page, "Temperature").set_value(None)
    page.selectbox[0].set_value("default")
    page.multiselect[0].set_value([])
    assert press(page, "Use in this chat") == ParametersEvent("set", Params(), "")


def test_a_temperature_of_zero_is_not_the_default():
    page = open_with()
    number(page, "Temperature").set_value(0.0)
    done = press(page, "Use in this chat")
    assert done and done.params.temperature == 0.0


def test_reset_takes_everything_back():
    page = open_with(model(), Params(temperature=0.7), "Be brief.")
    assert press(page, "Reset") == ParametersEvent("set", Params(), "")


def test_what_another_model_was_given_is_kept_and_said():
    page = open_with(model("temperature"), Params(seed=7))
    assert "seed" in page.caption[0].value
    assert untaken(model("temperature"), Params(seed=7)) == ["seed"]
    done = press(page, "Use in this chat")
    assert done and done.params.seed == 7


def test_the_longest_answer_stays_within_the_limit_of_the_model():
    page = open_with(model(limit=100), Params(max_tokens=4000))
    assert number(page, "Longest answer").value == 100
    assert number(page, "Longest answer").max == 100


def test_values_are_saved_under_a_name():
    page = open_with()
    number(page, "Top-p").set_value(0.5)
    next(element for element in page.text_input if element.label == "Save as preset").set_value("  Tight ")
    assert press(page, "Save preset") == ParametersEvent("save", Params(top_p=0.5), "", "Tight")


def test_a_preset_without_a_name_is_not_saved():
    page = open_with()
    assert press(page, "Save preset") is None
    assert "needs a name" in page.caption[0].value


LOOSE = Preset("p2", "Loose", "c/other", Params(temperature=1.5), "Ramble.")


@pytest.mark.parametrize(
    ("place", "event"),
    [
        (0, ParametersEvent("set", LOOSE.params, LOOSE.system_prompt, model=LOOSE.model)),
        (1, ParametersEvent("delete", Params(), "", "p2")),
    ],
)
def test_a_preset_is_applied_or_deleted(place: int, event: ParametersEvent):
    page = open_with(presets=(Preset("p1", "Tight", "c/m"), LOOSE))
    assert page.button[place].disabled
    page.selectbox[0].set_value("p2").run()
    page.button[place].click().run()
    assert page.session_state["done"] == event


def test_what_is_saved_is_used_too():
    values = {"model": "c/m", "params": Params(seed=1), "system_prompt": "Be brief."}
    saved = ParametersEvent("save", Params(seed=1), "Be brief.", "Tight").actions("c/m")
    assert saved == [{"kind": "params", **values}, {"kind": "save-preset", "name": "Tight", **values}]
    assert ParametersEvent("set", Params(), "", model="c/other").actions("c/m")[0]["model"] == "c/other"
