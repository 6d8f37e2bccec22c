"""The settings page without a browser, over the real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import people
from hub.chat import preferences, presets, prompts
from hub.db.who import OWNER, Who

PAGE = str(Path(__file__).parents[2] / "pages" / "settings.py")


def open_page(group: str = "", who: Who = OWNER) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(PAGE, default_timeout=30)
    page.session_state[state.WHO] = who
    if group:
        page.query_params["group"] = group
    page.run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


@pytest.fixture
def admin(mongo: str) -> Who:
    return people.create_first("Ada", "correct horse battery")


def test_a_preference_is_kept_as_soon_as_it_is_changed(mongo: str) -> None:
    page = open_page()
    page.toggle(key="likes_enter_sends").set_value(False).run()
    assert not page.exception
    assert page.toast[0].value == "Saved"
    assert preferences.get(OWNER).enter_sends is False
    page.radio(key="likes_when_running").set_value("interrupt").run()
    page.text_area(key="likes_system_prompt").set_value("Answer in French.").run()
    assert preferences.get(OWNER).when_running == "interrupt"
    assert preferences.get(OWNER).system_prompt == "Answer in French."


def test_a_title_model_that_went_away_is_still_named(mongo: str) -> None:
    preferences.change(OWNER, title_model="gone/small")
    assert "small (not available)" in open_page().selectbox(key="likes_title_model").options


def test_prompts_are_made_and_deleted(mongo: str) -> None:
    page = open_page("Prompts")
    assert any("No prompts yet" in text.value for text in page.markdown)
    prompts.save(OWNER, "translate", "Into {{language}}:")
    page = open_page("Prompts")
    assert any("/translate" in text.value for text in page.markdown)


def test_a_preset_is_deleted(mongo: str) -> None:
    made = presets.save(OWNER, "Careful", "demo/demo", {"temperature": 0.1})
    page = open_page("Prompts")
    page.button(key=f"preset_{made.id}").click().run()
    assert not page.exception
    assert presets.all_presets(OWNER) == ()


def test_a_hub_without_accounts_says_so(mongo: str) -> None:
    page = open_page("Account")
    assert any("without sign-in" in text.value for text in page.markdown)
    assert "Change password" not in labels(page)


def test_a_password_is_changed_only_when_it_was_repeated_right(admin: Who) -> None:
    page = open_page("Account", admin)
    page.text_input(key="password_old").set_value("correct horse battery")
    page.text_input(key="password_new").set_value("a better horse battery")
    page.text_input(key="password_again").set_value("another horse battery")
    page.button(key="FormSubmitter:password-Change password").click().run()
    assert "Nothing was changed" in page.error[0].value
    for name, value in (("old", "correct horse battery"), ("new", "a better horse"), ("again", "a better horse")):
        page.text_input(key=f"password_{name}").set_value(value)
    page.button(key="FormSubmitter:password-Change password").click().run()
    assert page.success
    assert people.sign_in("Ada", "a better horse")


def test_a_wrong_password_is_an_error_in_words(admin: Who) -> None:
    page = open_page("Account", admin)
    for name, value in (("old", "wrong"), ("new", "a better horse"), ("again", "a better horse")):
        page.text_input(key=f"password_{name}").set_value(value)
    page.button(key="FormSubmitter:password-Change password").click().run()
    assert "not right" in page.error[0].value


def test_another_session_can_be_ended(admin: Who) -> None:
    people.begin_session(admin, device="Firefox Linux", address="10.0.0.9")
    page = open_page("Account", admin)
    [session] = people.sessions(admin)
    page.button(key=f"session_{session.id}").click().run()
    assert people.sessions(admin) == []


def test_an_admin_makes_accounts_and_a_member_does_not_see_them(admin: Who) -> None:
    page = open_page("People", admin)
    page.text_input(key="person_name").set_value("Grace")
    page.text_input(key="person_password").set_value("correct horse battery")
    page.button(key="FormSubmitter:person-Create account").click().run()
    assert "Grace" in page.success[0].value
    _, grace = people.sign_in("Grace", "correct horse battery")
    groups = open_page(who=grace).button_group[0].options
    assert [getattr(option, "content", option) for option in groups] == ["Chat", "Prompts", "Account"]


def test_about_names_every_part_and_what_the_environment_sets(mongo: str) -> None:
    page = open_page("About")
    said = " ".join(text.value for text in page.markdown)
    assert "MongoDB" in said
    assert "PostgreSQL" in said
    assert "`HUB_MONGO_URL` = `hidden`" in said
