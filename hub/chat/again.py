"""More with what is there: ask again, go on, edit, edit and send again, add without asking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bson import ObjectId

from hub import files as file_store
from hub.chat import rows, store
from hub.chat.asks import Ask, Unattended, ask, asks, start
from hub.chat.clean import clean
from hub.chat.records import MessageRole, Sent
from hub.chat.turn import (
    GivenTarget,
    chosen_targets,
    compose,
    open_at,
    parent_of,
    post,
    resettle,
    user_message,
)
from hub.chat.veil import called
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput
from hub.models import catalogue, estimate
from hub.tools import Reply


def regenerate(who: Who, message: str, targets: Sequence[GivenTarget] = ()) -> Sent:
    """Asks again for an answer, beside the ones that are there: of an answer, or for a message without one.

    Without targets the same model with the same parameters is asked.
    """
    found = store.message(who, message)
    home = store.conversation(who, found["conversation"])
    if found["role"] == "assistant":
        asked = None if found["parent"] is None else store.message(who, found["parent"])
    else:
        asked = found
    if asked is None:
        raise BadInput("There is no message before this one that could be answered.")
    if targets or found["role"] != "assistant" or not found.get("model"):
        chosen = chosen_targets(who, targets, home)
    else:
        chosen = [(found["model"], rows.params(found.get("params")))]
    run = str(ObjectId())
    asking = asks(who, home["_id"], asked, chosen, run, {} if targets else called(found))
    answers = [ask.answer for ask in asking]
    store.insert_messages(who, answers)
    open_at(who, home["_id"], answers[0]["_id"], None if "veiled" in answers[0] else chosen[0])
    resettle(who, asked)
    start(who, home, asking, run)
    return Sent(str(home["_id"]), run, str(asked["_id"]), tuple(str(one["_id"]) for one in answers))


def retry_call(who: Who, message: str, call: str) -> Sent:
    """Makes a tool call of an answer again and goes on from there, as another answer beside it: what stood before the
    call is kept, what came of it is not. Leave is asked for as for any call."""
    found = store.message(who, message)
    made: list[Document] = found.get("tool_calls", [])
    one = next((other for other in made if other["id"] == call), None)
    if one is None or found["status"] == "streaming" or found["parent"] is None:
        raise BadInput("This call cannot be made again.", hint="Wait until the answer is there, or ask again.")
    home = store.conversation(who, found["conversation"])
    asked = store.message(who, found["parent"], deleted=True)
    info, params = catalogue.find(who, found["model"]), rows.params(found.get("params"))
    run = str(ObjectId())
    new = ask(home["_id"], asked, info, params, run, 0, more=called(found))
    answer = {**new.answer, **_until(found, one)}
    store.insert_messages(who, [answer])
    file_store.keep(who, [file["id"] for file in answer.get("files", ())])
    open_at(who, home["_id"], answer["_id"])
    resettle(who, asked)
    start(who, home, [Ask(asked, answer, info, params, {call: Reply(None)})], run)
    return Sent(str(home["_id"]), run, str(asked["_id"]), (str(answer["_id"]),))


def _until(found: Document, call: Document) -> dict[str, Any]:
    """The fields of an answer up to the round of a call, with what the other calls of that round gave."""
    calls = [one for one in found["tool_calls"] if one.get("round", 0) <= call.get("round", 0)]
    kept = {one["id"] for one in calls} - {call["id"]}
    text = found["text"][: call.get("at", 0)]
    results = [_elsewhere(one) for one in found.get("tool_results", ()) if one["call"] in kept]
    made = {file for one in results for file in one.get("files", ())}
    files = [file for file in found.get("files", ()) if file["id"] in made]
    answer = {"text": text, "tokens": estimate.tokens(text), "tool_calls": calls, "tool_results": results}
    return {**answer, "files": files} if files else answer


def _elsewhere(result: Document) -> Document:
    """What a tool gave in another answer: in this one it took no time."""
    return {name: value for name, value in result.items() if name != "began_ms"}


def continue_(who: Who, message: str, unattended: Unattended | None = None) -> Sent:
    """Lets an answer that ended early go on from its text, in the same message; without text it begins anew."""
    found = store.message(who, message)
    if found["role"] != "assistant" or not found.get("model") or found["parent"] is None:
        raise BadInput("Only an answer of a model can be continued.")
    if found["status"] == "streaming":
        raise BadInput("This answer is still being written.")
    home = store.conversation(who, found["conversation"])
    asked = store.message(who, found["parent"], deleted=True)
    info, params = catalogue.find(who, found["model"]), rows.params(found.get("params"))
    run = str(ObjectId())
    changes = {"status": "streaming", "run": run, "target": 0}
    if not store.update_message(who, found["_id"], changes, only={"status": found["status"]}, unset=["error"]):
        raise BadInput("This answer is being continued already.")
    start(who, home, [Ask(asked, {**found, **changes}, info, params, unattended=unattended)], run)
    return Sent(str(home["_id"]), run, str(found["parent"]), (message,))


def edit(
    who: Who, message: str, text: str, *, resend: bool = False, targets: Sequence[GivenTarget] = ()
) -> Sent | None:
    """Changes the text of a message in place, or with `resend` leaves it and sends a changed copy beside it."""
    found = store.message(who, message)
    if resend:
        if found["role"] != "user":
            raise BadInput("Only a message of yours can be sent again.")
        return _resend(who, found, text, targets)
    text, notices = clean(text)
    if found["status"] == "streaming":
        raise BadInput("This answer is still being written.", hint="Stop it first.")
    changes: dict[str, Any] = {"text": text, "tokens": estimate.tokens(text), "edited_at": now()}
    if notices:
        changes["notices"] = [*found.get("notices", ()), *notices]
    store.update_message(who, found["_id"], changes)
    return None


def _resend(who: Who, found: Document, text: str, targets: Sequence[GivenTarget]) -> Sent:
    home = store.conversation(who, found["conversation"])
    draft = compose(who, text, [file["id"] for file in found.get("files", ())])
    above = None if found["parent"] is None else store.message(who, found["parent"])
    return post(who, home, above, draft, chosen_targets(who, targets, home))


def add_message(who: Who, conversation: str, role: MessageRole, text: str, *, parent: str | None = None) -> str:
    """Adds a message without asking for an answer; returns its id."""
    home = store.conversation(who, conversation)
    above = parent_of(who, home, parent)
    if above is not None and above["status"] == "streaming":
        raise BadInput("The answer is still being written.", hint="Stop it first, or wait.")
    message = user_message(home["_id"], above, compose(who, text, ()), role)
    store.insert_messages(who, [message])
    open_at(who, home["_id"], message["_id"])
    resettle(who, above)
    return str(message["_id"])
