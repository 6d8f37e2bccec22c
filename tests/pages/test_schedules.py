"""The pages of schedules without a browser, over the real store; the rows and the calendar need one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bson import ObjectId
from streamlit.testing.v1 import AppTest

from components import state
from components.schedules.words import spent
from hub import agents, chat, documents, notify
from hub.chat import store as chat_store
from hub.db import indexes
from hub.db.mongo import now
from hub.db.who import OWNER, Who
from hub.documents import store as document_store
from hub.errors import BadInput
from hub.models import catalogue, connections
from hub.people import store as people_store
from hub.projects import store as project_store
from hub.render import words
from hub.schedules import manage, preview, store, transfer
from hub.schedules.fire import occurrence
from hub.schedules.records import Schedule, Spec, Triggers
from hub.schedules.when import read
from hub.skills import store as skill_store
from tests.fakes.openai_server import FakeServer

PAGES = Path(__file__).parents[2] / "pages"
MORNING = read({"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * *"]})
ADA = Who("ada", "Ada")


@pytest.fixture(autouse=True)
def stores(mongo: str) -> None:
    """A store with what schedules need."""
    rooms = (store, notify, agents, skill_store, project_store, people_store, chat_store, document_store)
    indexes.ensure([index for room in rooms for index in room.INDEXES])


def open_page(name: str = "schedules", who: Who = OWNER, **query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30)
    page.session_state[state.WHO] = who
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """Everything that stands there as text."""
    kinds = (page.title, page.markdown, page.caption, page.warning, page.error, page.success, page.subheader)
    return " ".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def field(page: AppTest, kind: str, name: str) -> object:
    """A field of the form, by its name."""
    return next(one for one in getattr(page, kind) if str(one.key).endswith(f"_{name}"))


def made(name: str = "Briefing", **more: object) -> Schedule:
    """A schedule of the owner."""
    return manage.create(OWNER, Spec(**{"name": name, "prompt": "Say hello.", "when": MORNING, **more}))  # pyright: ignore[reportArgumentType]


def ran(one: Schedule, status: str = "done", **more: object) -> str:
    """Something that became of a schedule a minute ago; its id."""
    at = now() - timedelta(minutes=1)
    row = occurrence(store.row(OWNER, one.id), at, "time", f"test {ObjectId()}")
    shelf = "unread" if status in ("done", "failed") else ""
    row |= {"status": status, "began_at": at, "ended_at": now(), "shelf": shelf, "said": "All quiet.", **more}
    store.insert_occurrences([row])
    return str(row["_id"])


def test_an_empty_page_says_what_schedules_are_and_how_to_begin() -> None:
    page = open_page()
    assert "No schedules yet" in said(page)
    page.button(key="schedules_action").click().run()
    assert page.session_state[state.SCHEDULES].dialog == ("new", "")


def test_a_time_is_read_back_before_it_is_saved_and_what_is_unclear_is_said() -> None:
    page = open_page()
    page.button(key="schedules_new").click().run()
    field(page, "text_input", "when").set_value("every weekday at 9:30").run()  # pyright: ignore[reportAttributeAccessIssue]
    text = said(page)
    assert "Every weekday at 09:30" in text and "Next times, UTC" in text and text.count("09:30") == 6
    field(page, "text_input", "when").set_value("sometimes").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert ":material/error:" in said(page)
    assert page.button(key="schedule_create").disabled


def test_a_schedule_is_made_by_words() -> None:
    page = open_page()
    page.button(key="schedules_new").click().run()
    field(page, "text_area", "prompt").set_value("Tell me what is new.").run()  # pyright: ignore[reportAttributeAccessIssue]
    field(page, "text_input", "when").set_value("every day at 8").run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="schedule_create").click().run()
    [one] = manage.schedules(OWNER)
    assert (one.spec.name, one.spec.when and one.spec.when.crons) == ("Tell me what is new.", ("0 8 * * *",))


def test_the_form_saves_what_changed_and_says_what_cannot_be() -> None:
    one = made()
    page = open_page("schedule", s=one.id, part="Edit")
    assert "Not saved" not in said(page)
    field(page, "text_input", "name").set_value("News").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert "Not saved" in said(page)
    field(page, "number_input", "timeout").set_value(5).run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="schedule_save").click().run()
    assert not page.exception
    found = manage.find(OWNER, one.id).spec
    assert (found.name, found.policy.timeout, found.when) == ("News", 5, MORNING)
    field(page, "text_area", "prompt").set_value("Read {{nonsense}}").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert "There is no variable" in said(page) and page.button(key="schedule_save").disabled


def test_a_schedule_is_paused_and_resumed_and_says_why() -> None:
    one = made()
    page = open_page("schedule", s=one.id)
    page.button(key="schedule_pause").click().run()
    assert manage.find(OWNER, one.id).state == "paused" and "Paused" in said(page)
    page.button(key="schedule_resume").click().run()
    assert manage.find(OWNER, one.id).state == "on"


def test_a_failure_stands_above_the_history() -> None:
    one = made()
    ran(one, "failed", error="The key was refused.", hint="Check it.")
    assert "The key was refused. Check it." in said(open_page("schedule", s=one.id))


def test_somebody_elses_schedule_is_not_there() -> None:
    page = open_page("schedule", ADA, s=made().id)
    assert "There is no such schedule" in said(page)
    assert page.button(key="schedule_gone_action").label == "All schedules"


def test_all_are_paused_and_resumed_together() -> None:
    one, other = made(), made("Other")
    manage.pause(OWNER, other.id)
    page = open_page()
    page.menu_button(key="schedules_more").click("pause_all").run()
    assert {each.state for each in manage.schedules(OWNER)} == {"paused"}
    page.menu_button(key="schedules_more").click("resume_all").run()
    assert manage.find(OWNER, one.id).state == "on" and manage.find(OWNER, other.id).state == "paused"


def test_the_inbox_is_read_whole() -> None:
    one = made()
    ran(one)
    assert "Nothing needs you" in said(
        open_page("inbox").segmented_control(key="inbox_shelf").set_value("Needs you").run()
    )
    page = open_page("inbox")
    page.button(key="inbox_all").click().run()
    assert "Nothing unread" in said(page) and len(manage.inbox(OWNER, "read")) == 1 and manage.unread(OWNER) == 0


def test_a_calendar_of_nothing_says_so_and_turns() -> None:
    page = open_page("calendar")
    assert "Nothing was due" in said(page)
    made()
    page = open_page("calendar")
    assert "Nothing was due" not in said(page)
    page.button(key="month_on").click().run()
    assert page.session_state[state.SCHEDULES].months == 1
    page.button(key="month_today").click().run()
    assert page.session_state[state.SCHEDULES].months == 0


def test_the_days_ahead_are_counted_where_the_viewer_is() -> None:
    start = datetime(2026, 3, 28, tzinfo=ZoneInfo("Europe/Berlin"))
    daily = preview.ahead(MORNING, start, start + timedelta(days=3))
    assert [f"{one.at.astimezone(start.tzinfo):%d %H}" for one in daily] == ["28 10", "29 11", "30 11"]
    often = read({"kind": "repeat", "zone": "UTC", "crons": ["* * * * *"]})
    found = preview.ahead(often, start, start + timedelta(days=3))
    assert [(one.count, one.more) for one in found] == [(24, True)] * 3


def test_schedules_travel_as_yaml_paused() -> None:
    first = made()
    made("Then", when=None, triggers=Triggers(after=first.id))
    text = transfer.export(OWNER, [])
    copies = transfer.import_(OWNER, text)
    assert {one.state for one in copies} == {"paused"} and len(manage.schedules(OWNER)) == 4
    by_name = {one.spec.name: one for one in copies}
    assert by_name["Then"].spec.triggers.after == by_name["Briefing"].id
    assert by_name["Briefing"].spec.when == MORNING


@pytest.mark.parametrize(
    "text",
    ["", "[", "a: 1", "llm_hub_schedules: 1", "llm_hub_schedules: 1\nschedules: [1]", "!!python/object:os.system {}",
     "llm_hub_schedules: 1\nschedules: [{name: a, prompt: b, evil: 1}]",
     "llm_hub_schedules: 1\nschedules: [{name: a, prompt: b}, {name: '', prompt: b}]",
     "llm_hub_schedules: 1\nschedules: [{name: a, prompt: b, model: gone/gone}]"],
)  # fmt: skip
def test_what_cannot_be_imported_is_refused_whole(text: str) -> None:
    with pytest.raises(BadInput):
        transfer.import_(OWNER, text)
    assert manage.schedules(OWNER) == ()


def test_a_channel_is_added_and_removed_in_the_settings() -> None:
    page = open_page("settings", group="Account")
    assert "There is no channel yet" in said(page)
    page.text_input(key="channel_url_0").set_value("json://127.0.0.1:9/hook")
    page.text_input(key="channel_name_0").set_value("Loop")
    next(one for one in page.button if one.label == "Add channel").click().run()
    [one] = notify.channels(OWNER)
    assert one.name == "Loop" and not page.exception
    page = open_page("settings", group="Account")
    page.menu_button(key=f"channel_{one.id}").click("remove").run()
    assert notify.channels(OWNER) == ()


def test_the_chats_it_can_go_on_in_are_offered() -> None:
    home = chat.create(OWNER, title="Diary").id
    page = open_page("schedule", s=made().id, part="Edit")
    field(page, "segmented_control", "place").set_value("chat").run()  # pyright: ignore[reportAttributeAccessIssue]
    assert "Choose the chat that it goes on." in said(page)
    field(page, "selectbox", "chat").set_value(home).run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="schedule_save").click().run()
    assert manage.schedules(OWNER)[0].spec.output.target == home


def test_words_that_only_a_model_can_read_are_read_back_and_kept() -> None:
    with FakeServer() as server:
        server.says = ['{"kind": "repeat", "crons": ["0 9 * * 1-5"], "zone": "UTC"}']
        model = connections.add(OWNER, "openai_compatible", name="Fake", key="k", base_url=server.url)
        catalogue.set_default(OWNER, f"{model.id}/fake-says")
        one = made()
        page = open_page("schedule", s=one.id, part="Edit")
        field(page, "text_input", "when").set_value("when the office opens").run()  # pyright: ignore[reportAttributeAccessIssue]
        assert "is not understood as part of a time" in said(page)
        field(page, "button", "asked_now").click().run()  # pyright: ignore[reportAttributeAccessIssue]
        assert not page.exception
        assert "Every weekday at 09:00" in said(page) and "A model read your words so." in said(page)
        page.button(key="schedule_save").click().run()
        assert manage.find(OWNER, one.id).spec.when == read({"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * 1-5"]})


def test_a_row_shows_the_words_of_an_answer_without_its_marks() -> None:
    text = "## News\n\n- **Trams** run [again](https://example.org)\n- `code` stays"
    assert words(text) == "News · Trams run again · code stays"
    assert (spent(None), spent(0.0)) == ("unpriced", "")


def test_a_webhook_and_new_documents_are_chosen_and_survive_other_changes() -> None:
    shelf = documents.create_collection(OWNER, "Shelf").id
    documents.create_collection(ADA, "Of all", shared=True)
    one = made()
    page = open_page("schedule", s=one.id, part="Edit")
    choice = field(page, "selectbox", "documents")
    assert choice.options == ["No collection", "Shelf"], "others' collections start nothing"  # pyright: ignore[reportAttributeAccessIssue]
    choice.set_value(shelf).run()  # pyright: ignore[reportAttributeAccessIssue]
    field(page, "toggle", "webhook").set_value(True).run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="schedule_save").click().run()
    assert manage.find(OWNER, one.id).spec.triggers == Triggers(webhook=True, collection=shelf)
    key = manage.secret(OWNER, one.id)
    page = open_page("schedule", s=one.id, part="Edit")
    field(page, "text_input", "name").set_value("News").run()  # pyright: ignore[reportAttributeAccessIssue]
    page.button(key="schedule_save").click().run()
    found = manage.find(OWNER, one.id)
    assert (found.spec.name, found.spec.triggers) == ("News", Triggers(webhook=True, collection=shelf))
    assert manage.secret(OWNER, one.id) == key


def test_the_key_of_a_webhook_is_shown_when_asked_for_and_replaced() -> None:
    one = made(triggers=Triggers(webhook=True))
    page = open_page("schedule", s=one.id, part="Edit")
    key = manage.secret(OWNER, one.id)
    shown = [code.value for code in page.code]
    assert any(f"/api/hooks/schedules/{one.id}" in text for text in shown) and not any(key in text for text in shown)
    page.toggle(key=f"webhook_shown_{one.id}").set_value(True).run()
    assert key in [code.value for code in page.code]
    page.button(key="webhook_replace").click().run()
    assert manage.secret(OWNER, one.id) != key and manage.secret(OWNER, one.id) in [code.value for code in page.code]
    page = open_page("schedule", s=made(name="Plain").id, part="Edit")
    assert not page.code
