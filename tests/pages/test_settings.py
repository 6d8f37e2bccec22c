"""The settings page without a browser, over the real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import settings_search, state
from components.state import script
from hub import people
from hub.chat import preferences, presets, prompts
from hub.db.migrations import postgres as migrations
from hub.db.who import OWNER, Who
from hub.people import signin

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
    assert page.session_state[state.SETTINGS].kept == state.Kept("enter_sends")
    assert preferences.get(OWNER).enter_sends is False
    page.selectbox(key="likes_when_running").set_value("interrupt").run()
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
    assert any("has no accounts" in text.value for text in page.markdown)
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
    assert "Grace" in page.toast[0].value
    _, grace = people.sign_in("Grace", "correct horse battery")
    groups = open_page(who=grace).button_group[0].options
    assert [getattr(option, "content", option) for option in groups] == ["Chat", "Prompts", "Account", "About"]


def test_about_names_every_part_and_what_the_environment_sets(mongo: str) -> None:
    page = open_page("About")
    said = " ".join(text.value for text in page.markdown)
    assert "MongoDB" in said
    assert "PostgreSQL" in said
    assert "`HUB_MONGO_URL`" in said
    assert not any(mongo in str(field.value) for field in page.text_input), "an address with a password stays hidden"


def test_a_prompt_is_added_changed_deleted_and_taken_back(mongo: str) -> None:
    page = open_page("Prompts")
    next(button for button in page.button if button.label == "Add prompt").click().run()
    fill_prompt(page, "new", "Translate", "Into {{language}}: {{text}}")
    [made] = prompts.all_prompts(OWNER)
    assert (made.name, made.variables) == ("translate", ("language", "text"))

    page.menu_button(key=f"prompt_{made.id}").click("edit").run()
    fill_prompt(page, made.id, "translate", "Into {{language}}:")
    [made] = prompts.all_prompts(OWNER)
    assert made.text == "Into {{language}}:"

    page.menu_button(key=f"prompt_{made.id}").click("delete").run()
    assert prompts.all_prompts(OWNER) == ()
    page.button(key="gone_undo").click().run()
    assert [one.text for one in prompts.all_prompts(OWNER)] == ["Into {{language}}:"]


def test_a_prompt_that_will_not_do_is_not_lost(mongo: str) -> None:
    page = open_page("Prompts")
    next(button for button in page.button if button.label == "Add prompt").click().run()
    fill_prompt(page, "new", "no spaces here", "Into {{language}}:")
    assert "Not saved" in page.error[0].value
    assert page.text_area(key="prompt_new_text").value == "Into {{language}}:"


def fill_prompt(page: AppTest, which: str, name: str, text: str) -> None:
    """Fill in the form of a prompt and send it."""
    page.text_input(key=f"prompt_{which}_name").set_value(name)
    page.text_area(key=f"prompt_{which}_text").set_value(text)
    page.button(key=f"FormSubmitter:prompt_{which}_form-Save prompt").click().run()
    assert not page.exception


def search(words: str, who: Who = OWNER) -> AppTest:
    page = open_page("Account", who)
    page.text_input(key="settings_search").set_value(words).run()
    assert not page.exception
    return page


def test_a_setting_is_found_in_any_group_and_changed_where_it_is_found(mongo: str) -> None:
    page = search("costs PRICE")
    assert [one.key for one in page.toggle] == ["likes_show_costs"]
    page.toggle(key="likes_show_costs").set_value(False).run()
    assert preferences.get(OWNER).show_costs is False
    assert any("Saved" in text.value for text in page.markdown)


def test_what_is_found_elsewhere_leads_to_its_group(mongo: str) -> None:
    page = search("slash")
    next(button for button in page.button if button.label == "Open Prompts").click().run()
    assert not page.exception
    assert "Add prompt" in labels(page) and page.text_input(key="settings_search").value == ""


def test_a_search_finds_what_the_environment_forces_and_says_when_there_is_nothing(mongo: str, admin: Who) -> None:
    page = search("mongodb server", admin)
    assert [field.label for field in page.text_input if field.disabled] == ["HUB_MONGO_URL"]
    _, grace = people.sign_in(
        people.create_account(admin, "Grace", "correct horse battery").name, "correct horse battery"
    )
    for words, who in (("mongodb server", grace), ("create an account", grace), ("zebra", admin)):
        page = search(words, who)
        assert any("No setting has these words" in text.value for text in page.markdown), words


def test_what_memory_may_keep_is_found_though_it_stands_on_its_own_page(mongo: str) -> None:
    for words in ("pause memory", "sensitive", "never remember"):
        assert "Open Memory" in labels(search(words)), words
    assert all(script(one.page).is_file() for one in settings_search.PLACES if one.page)


def test_every_place_that_is_found_is_in_a_group() -> None:
    assert {one.group for one in settings_search.PLACES if not one.page} <= {
        "Chat",
        "Prompts",
        "Account",
        "People",
        "About",
    }


def test_an_appearance_is_kept(mongo: str) -> None:
    page = open_page()
    page.button_group(key="likes_appearance").set_value("dark").run()
    assert not page.exception
    assert preferences.get(OWNER).appearance == "dark"


def member(admin: Who, name: str = "Grace") -> Who:
    made = people.create_account(admin, name, "correct horse battery")
    return Who(made.id, made.name, made.role)


def test_the_typed_name_stays_when_the_password_is_refused(admin: Who) -> None:
    page = open_page("People", admin)
    page.text_input(key="person_name").set_value("Grace")
    page.text_input(key="person_password").set_value("short")
    page.button(key="FormSubmitter:person-Create account").click().run()
    assert "at least 10 characters" in page.error[0].value
    assert page.text_input(key="person_name").value == "Grace"
    page.text_input(key="person_password").set_value("correct horse battery")
    page.button(key="FormSubmitter:person-Create account").click().run()
    assert page.text_input(key="person1_name").value == ""
    assert people.sign_in("Grace", "correct horse battery")


def test_an_admin_changes_a_role(admin: Who) -> None:
    grace = member(admin)
    page = open_page("People", admin)
    page.menu_button(key=f"person_{grace.id}").click("admin").run()
    assert not page.exception
    assert [one.role for one in people.list_people(admin)] == ["admin", "admin"]


def test_a_reset_password_is_shown_once(admin: Who) -> None:
    grace = member(admin)
    page = open_page("People", admin)
    page.menu_button(key=f"person_{grace.id}").click("reset").run()
    page.button(key="reset_password").click().run()
    assert not page.exception
    assert people.sign_in("Grace", page.code[0].value)[1] == grace


def test_an_account_is_deleted_only_by_its_name(admin: Who, postgres: str) -> None:
    migrations.apply()
    grace = member(admin)
    prompts.save(grace, "mine", "text")
    page = open_page("People", admin)
    page.menu_button(key=f"person_{grace.id}").click("delete").run()
    assert any("conversations and messages, files" in text.value for text in page.markdown)
    page.text_input(key="delete_name").set_value("Ada")
    page.button(key="FormSubmitter:delete_account-Delete account").click().run()
    assert "nothing was deleted" in page.error[0].value
    page.text_input(key="delete_name").set_value("Grace")
    page.button(key="FormSubmitter:delete_account-Delete account").click().run()
    assert not page.exception
    assert [one.name for one in people.list_people(admin)] == ["Ada"]
    assert prompts.all_prompts(grace) == ()


def test_an_admin_cannot_touch_the_own_account_in_the_list(admin: Who) -> None:
    page = open_page("People", admin)
    with pytest.raises(KeyError):
        page.menu_button(key=f"person_{admin.id}")


def test_wrong_passwords_are_counted_when_changing_it(admin: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_NAME", 0)
    page = open_page("Account", admin)
    for name, value in (("old", "wrong"), ("new", "a better horse"), ("again", "a better horse")):
        page.text_input(key=f"password_{name}").set_value(value)
    page.button(key="FormSubmitter:password-Change password").click().run()
    assert "Too many attempts" in page.error[0].value


def test_how_far_an_answer_may_go_is_kept(mongo: str) -> None:
    page = open_page()
    page.number_input(key="likes_most_cost").set_value(0.25).run()
    page.number_input(key="likes_most_steps").set_value(40).run()
    assert not page.exception
    liked = preferences.get(OWNER)
    assert (liked.most_steps, liked.most_tokens, liked.most_cost) == (40, None, 0.25)
