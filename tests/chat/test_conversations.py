"""The list, its shelves, titles, deleting with undo, and what goes for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub import chat, files, runs
from hub.chat import store
from hub.db.mongo import collection, now
from hub.errors import BadInput, NotFound
from tests.chat.conftest import ANNA, BERT


def _aged(conversation: str, age: timedelta) -> None:
    found = store.conversation(ANNA, conversation)
    store.update_conversation(ANNA, found["_id"], {"updated_at": now() - age})


def test_the_list_has_the_newest_first_whatever_their_age_and_goes_on(stored: str) -> None:
    ages = [timedelta(minutes=5), timedelta(hours=5), timedelta(days=3), timedelta(days=40), timedelta(days=900)]
    made = [chat.create(ANNA, title=str(number)).id for number in range(len(ages))]
    for one, age in zip(made, ages, strict=True):
        _aged(one, age)
    first = chat.list_conversations(ANNA, limit=3)
    assert [one.id for one in first.recent] == made[:3]
    assert first.earlier
    rest = chat.list_conversations(ANNA, limit=3, before=first.recent[-1].updated_at)
    assert [one.id for one in rest.recent] == made[3:]
    assert not rest.earlier


def test_pinned_and_archived_stand_apart(stored: str) -> None:
    made = [chat.create(ANNA, title=title).id for title in ("b", "A", "c", "d")]
    chat.pin(ANNA, made[0])
    chat.pin(ANNA, made[1])
    chat.archive(ANNA, made[2])
    listing = chat.list_conversations(ANNA)
    assert [one.title for one in listing.pinned] == ["A", "b"]
    assert [one.title for one in listing.recent] == ["d"]
    assert [one.title for one in chat.list_conversations(ANNA, archived=True).recent] == ["c"]
    chat.pin(ANNA, made[0], False)
    assert [one.title for one in chat.list_conversations(ANNA).recent] == ["d", "b"]


def test_titles_are_found_by_their_words(stored: str) -> None:
    chat.create(ANNA, title="Soup recipes from Köln")
    chat.create(ANNA, title="Köln by train")
    chat.create(ANNA, title="Secret soup", temporary=True)
    chat.create(BERT, title="Soup of Bert")
    assert [one.title for one in chat.search_titles(ANNA, "KÖLN soup")] == ["Soup recipes from Köln"]
    assert chat.search_titles(ANNA, "") == ()


def test_a_title_of_ones_own(stored: str) -> None:
    home = chat.create(ANNA)
    assert chat.rename(ANNA, home.id, "  My \n title ").title == "My title"
    assert chat.get(ANNA, home.id).title_edited
    with pytest.raises(BadInput):
        chat.rename(ANNA, home.id, " ")


def test_deleting_can_be_undone(stored: str) -> None:
    home = chat.create(ANNA, title="x").id
    chat.pin(ANNA, home)
    chat.delete(ANNA, home)
    assert chat.list_conversations(ANNA).pinned == ()
    with pytest.raises(NotFound):
        chat.get(ANNA, home)
    chat.restore(ANNA, home)
    assert [one.id for one in chat.list_conversations(ANNA).pinned] == [home]
    assert chat.get(ANNA, home).expires_at is None


def test_a_deleted_conversation_goes_after_a_day_with_all_its_parts(model: str) -> None:
    file = files.add(ANNA, "note.txt", b"some words")
    sent = chat.send(ANNA, text="Hi", files=[file.id], targets=[(f"{model}fake", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    chat.delete(ANNA, sent.conversation)
    assert chat.sweep() == 0
    chat.restore(ANNA, sent.conversation)
    chat.delete(ANNA, sent.conversation)
    past = now() - timedelta(days=2)
    collection("conversations").update_many({"owner": ANNA.id}, {"$set": {"expires_at": past}})
    assert chat.sweep() == 1
    collection("files").update_many({"owner": ANNA.id}, {"$set": {"unused_since": past}})
    assert chat.sweep() == 1
    for name in ("conversations", "messages", "sent_requests", "files", "file_texts", "stored.files", "stored.chunks"):
        assert collection(name).count_documents({}) == 0, name
    with pytest.raises(NotFound):
        chat.restore(ANNA, sent.conversation)


def test_a_temporary_chat_is_in_no_list_and_over_after_its_day(model: str) -> None:
    sent = chat.send(ANNA, text="psst", targets=[(f"{model}fake", None)], temporary=True)
    assert sent.run and runs.wait(sent.run, timeout=20)
    listing = chat.list_conversations(ANNA)
    assert (listing.pinned, listing.recent) == ((), ())
    assert chat.search_titles(ANNA, "psst") == ()
    assert len(chat.open_window(ANNA, sent.conversation).messages) == 2
    collection("conversations").update_many({"owner": ANNA.id}, {"$set": {"expires_at": now()}})
    with pytest.raises(NotFound):
        chat.open_window(ANNA, sent.conversation)
    assert chat.sweep() == 1
    assert collection("messages").count_documents({}) == 0


def test_a_file_that_two_conversations_show_stays_when_one_goes(model: str) -> None:
    file = files.add(ANNA, "note.txt", b"some words")
    sent = chat.send(ANNA, text="Hi", files=[file.id], targets=[(f"{model}fake", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    copy = chat.fork(ANNA, sent.answers[0])
    chat.delete(ANNA, sent.conversation)
    past = now() - timedelta(days=2)
    collection("conversations").update_many({"shelf": "deleted"}, {"$set": {"expires_at": past}})
    chat.sweep()
    collection("files").update_many({"unused_since": {"$exists": True}}, {"$set": {"unused_since": past}})
    chat.sweep()
    assert chat.open_window(ANNA, copy).messages[0].files[0].name == "note.txt"
    assert files.text(ANNA, file.id) == "some words"


def test_a_deleted_message_goes_for_good_after_a_day(stored: str) -> None:
    home = chat.create(ANNA).id
    gone = chat.add_message(ANNA, home, "user", "a")
    kept = chat.add_message(ANNA, home, "user", "b")
    deleted = chat.delete_message(ANNA, gone)
    assert deleted.moved == (kept,)
    assert deleted.sentence == "Only this message goes; what follows moves up."
    assert chat.sweep() == 0
    collection("messages").update_many(
        {"deleted_at": {"$exists": True}}, {"$set": {"deleted_at": now() - timedelta(days=2)}}
    )
    assert chat.sweep() == 1
    assert [one.text for one in chat.open_window(ANNA, home).messages] == ["b"]
    with pytest.raises(NotFound):
        chat.restore_message(ANNA, gone)


def test_feedback_with_a_reason(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    chat.feedback(ANNA, sent.answers[0], "bad", "too short")
    found = chat.get_message(ANNA, sent.answers[0]).feedback
    assert found and (found.value, found.reason) == ("bad", "too short")
    chat.feedback(ANNA, sent.answers[0], None)
    assert chat.get_message(ANNA, sent.answers[0]).feedback is None
    with pytest.raises(BadInput):
        chat.feedback(ANNA, sent.message or "", "good")


def test_prompts_presets_and_preferences(stored: str) -> None:
    saved = chat.prompts.save(ANNA, "/Translate", "Put {{text}} into {{ language }}: {{text}}")
    assert saved.name == "translate"
    assert saved.variables == ("text", "language")
    assert chat.prompts.fill(saved.text, {"text": "hi", "language": "French"}) == "Put hi into French: hi"
    with pytest.raises(BadInput, match="already"):
        chat.prompts.save(ANNA, "translate", "x")
    assert chat.prompts.save(ANNA, "tr", "y", id=saved.id).id == saved.id
    assert [one.name for one in chat.prompts.all_prompts(ANNA)] == ["tr"]
    assert chat.prompts.all_prompts(BERT) == ()
    with pytest.raises(NotFound):
        chat.prompts.remove(BERT, saved.id)
    chat.prompts.remove(ANNA, saved.id)

    preset = chat.presets.save(ANNA, "Calm", "demo/demo", {"temperature": 0.1}, "Be calm.")
    assert chat.presets.save(ANNA, "calm", "demo/demo").id == preset.id
    [found] = chat.presets.all_presets(ANNA)
    assert found.params.temperature is None
    chat.presets.remove(ANNA, found.id)

    assert chat.preferences.get(ANNA).enter_sends
    assert not chat.preferences.change(ANNA, enter_sends=False).enter_sends
    assert chat.preferences.get(BERT).enter_sends
    with pytest.raises(BadInput):
        chat.preferences.change(ANNA, nothing=1)
    with pytest.raises(BadInput):
        chat.preferences.change(ANNA, when_running="maybe")


def test_export(model: str) -> None:
    sent = chat.send(ANNA, text="Hi <b>there</b>", targets=[(f"{model}fake", None)])
    assert sent.run and runs.wait(sent.run, timeout=20)
    again = chat.regenerate(ANNA, sent.answers[0])
    assert again.run and runs.wait(again.run, timeout=20)
    text = chat.export_text(ANNA, sent.conversation)
    assert text.count("Hi <b>there</b>") == 2  # title and message
    markdown = chat.export_markdown(ANNA, sent.conversation, branches=True)
    assert "## You\n\nHi <b>there</b>" in markdown
    assert "(version 1 of 2)" in markdown
    assert "(version 2 of 2)" in markdown
    assert "(version" not in chat.export_markdown(ANNA, sent.conversation)


def test_deleting_stops_an_answer_that_is_being_written(model: str) -> None:
    sent = chat.send(ANNA, text="Hi", targets=[(f"{model}fake?gap=50&tokens=10000", None)])
    chat.delete(ANNA, sent.conversation)
    assert sent.run and runs.wait(sent.run, timeout=20)
    chat.restore(ANNA, sent.conversation)
    assert chat.open_window(ANNA, sent.conversation).messages[-1].status == "cancelled"
