"""The dialogs of the models page: what they ask, and what they do then."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def changing():
    import streamlit as st

    from components.connection_dialogs import change_dialog
    from components.connection_form import Offer

    def save(wanted):
        st.session_state["wanted"] = wanted
        return ("That is no address.", "Look again.") if wanted.base_url == "nonsense" else None

    if "wanted" not in st.session_state or st.session_state["wanted"].base_url == "nonsense":
        change_dialog(Offer("openai", "OpenAI"), "Mine", "https://a.example/v1", "abcd", save)


def removing():
    import streamlit as st

    from components.connection_dialogs import remove_dialog

    if "gone" not in st.session_state:
        remove_dialog("Gate*way*", lambda: st.session_state.update(gone=True))


def test_an_empty_key_keeps_the_present_one():
    page = AppTest.from_function(changing, default_timeout=30).run()
    assert "abcd" in page.text_input(key="change_key").placeholder
    page.text_input(key="change_name").set_value("Ours")
    page.button(key="change_send").click().run()
    wanted = page.session_state["wanted"]
    assert (wanted.name, wanted.base_url, wanted.key) == ("Ours", "https://a.example/v1", "")


def test_wrong_input_keeps_the_dialog_open_with_a_sentence():
    page = AppTest.from_function(changing, default_timeout=30).run()
    page.text_input(key="change_url").set_value("nonsense")
    page.button(key="change_send").click().run()
    assert page.error[0].value == "That is no address. Look again."
    assert page.text_input(key="change_url").value == "nonsense"


def test_removing_names_the_connection_and_waits_for_a_yes():
    page = AppTest.from_function(removing, default_timeout=30).run()
    assert "Gate\\*way\\*" in page.markdown[0].value
    assert "turn the connection off" in page.caption[0].value
    assert "gone" not in page.session_state
    page.button(key="remove_connection").click().run()
    assert page.session_state["gone"]
