"""Answers that wait for the person: a tool wants leave to run, or asks something.

What is asked stands on the answer, so it survives restarts and may be answered from any tab. When everything is replied
to, a new run goes on in the same message: the calls that may run are made first, then the model is asked with what they
gave. What nobody answers within a day never runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from bson import ObjectId
from pydantic import TypeAdapter

from hub import hooks, runs
from hub.chat import rows, store
from hub.chat.asks import Ask, start
from hub.chat.records import Asked, Sent
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput
from hub.models import catalogue
from hub.tools import Reply, decide

KEPT = timedelta(hours=24)
LONGEST_ANSWER = 10_000
Said = Literal["allowed", "denied"]
_asked = TypeAdapter(tuple[Asked, ...])


def asked(waiting: runs.Waiting) -> Asked:
    """What a call asks, as it is kept."""
    return Asked(
        call=waiting.id,
        name=waiting.name,
        tool=waiting.tool,
        until=now() + KEPT,
        title=waiting.title,
        icon=waiting.icon,
        group=waiting.group,
        key=waiting.key,
        arguments=waiting.arguments,
        why=waiting.why,
        version=waiting.version,
        questions=waiting.questions,
    )


def reply(
    who: Who,
    message: str,
    call: str,
    *,
    said: Said = "allowed",
    answers: Mapping[str, str] | None = None,
    remember: Literal["", "chat", "always"] = "",
) -> Sent | None:
    """Replies to a call that waits: whether it may run, or with `answers` what the tool wanted to know. The answer goes
    on when nothing is open any more; None while something is. With `remember` later calls of the tool are decided the
    same way, in this chat or always.

    Raises BadInput when it was replied to already, or is too old.
    """
    found = store.message(who, message)
    every = _of(found)
    one = next((one for one in every if one.call == call), None)
    if one is None or found["status"] != "waiting":
        raise BadInput("This is not asked any more.", hint="The answer has gone on, or was stopped.")
    if one.reply:
        raise BadInput("This was replied to already.")
    if one.until < now():
        raise BadInput("This was asked more than a day ago, so it is not run any more.", hint="Ask again.")
    if remember and not one.questions:
        permission = "always" if said == "allowed" else "never"
        chat = str(found["conversation"]) if remember == "chat" else ""
        decide.set_rule(who, one.tool, permission, conversation=chat, version=one.version)
    given = _answers(one, answers) if one.questions and said == "allowed" else {}
    replied = replace(one, reply=("answered" if given else said), answers=given, replied_at=now())
    every = tuple(replied if other is one else other for other in every)
    changes: dict[str, Any] = {"asked": [rows.plain(other) for other in every], "asked_rev": found["asked_rev"] + 1}
    if not store.update_message(
        who, found["_id"], changes, only={"status": "waiting", "asked_rev": found["asked_rev"]}
    ):
        return reply(who, message, call, said=said, answers=answers)  # somebody replied to another one meanwhile
    return None if any(not other.reply for other in every) else _go_on(who, found["_id"])


def withdraw(who: Who, message: Document) -> None:
    """Ends an answer that waits, as the person went on without it: nothing that it asked for runs any more."""
    notice = "Nothing more was run: you went on without replying."
    changes = {"status": "cancelled", "notices": [*message.get("notices", ()), notice]}
    if store.update_message(who, message["_id"], changes, only={"status": "waiting"}):
        hooks.answer_withdrawn(who, str(message["_id"]))


def _go_on(who: Who, message: ObjectId) -> Sent:
    """Starts the run that goes on with an answer."""
    found = store.message(who, message)
    home = store.conversation(who, found["conversation"])
    above = store.message(who, found["parent"], deleted=True)
    info, params = catalogue.find(who, found["model"]), rows.params(found.get("params"))
    run, done = str(ObjectId()), {one["call"] for one in found.get("tool_results", ())}
    replies = {one.call: _reply(one) for one in _of(found) if one.call not in done}
    changes = {"status": "streaming", "run": run, "target": 0}
    if not store.update_message(who, message, changes, only={"status": "waiting"}):
        raise BadInput("This answer goes on already.")
    first = above["parent"] is None
    start(who, home, [Ask(above, {**found, **changes}, info, params, replies)], run, first=first)
    return Sent(str(home["_id"]), run, str(found["parent"]), (str(message),))


def _of(message: Document) -> Sequence[Asked]:
    return _asked.validate_python(message.get("asked", ()))


def _reply(one: Asked) -> Reply:
    return Reply(one.reply in {"allowed", "answered"}, one.tool, one.version, one.arguments, one.answers)


def _answers(one: Asked, answers: Mapping[str, str] | None) -> dict[str, str]:
    """The answers to the questions; raises BadInput for one that is missing or is no choice."""
    given: dict[str, str] = {}
    for question in one.questions:
        text = str((answers or {}).get(question.name, "")).strip()[:LONGEST_ANSWER]
        if not text:
            raise BadInput(f"“{question.text}” has no answer yet.")
        given[question.name] = text
    return given
