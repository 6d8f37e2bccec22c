"""What a person does with a message on the chat page, as one table: the word that the page sends, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.chat import again, branch, conversations, presets, project, summary, title, waiting
from hub.db.who import Who
from hub.errors import BadInput


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it: the conversation to open (None stays), a run to follow, a word for the person. With `asks`
    nothing was done yet, because other messages are touched and the person has not said how. `moved`: the open branch
    ends elsewhere now."""

    conversation: str | None = None
    run: str | None = None
    said: str = ""
    asks: bool = False
    moved: bool = False


Action = Mapping[str, Any]


def act(who: Who, conversation: str | None, action: Action) -> Acted:
    """Does `action`, {"kind", "message"?, ...}, in `conversation`; None is a chat that is not stored yet.

    Raises BadInput for a kind that there is not, and what the functions behind it raise.
    """
    kind = str(action.get("kind", ""))
    if kind in _ANYWHERE:
        return _ANYWHERE[kind](who, conversation, action)
    if kind not in _ACTS:
        raise BadInput(f"There is no action “{kind}”.")
    if conversation is None:
        raise BadInput("This chat has no messages yet.", hint="Send one first.")
    return _ACTS[kind](who, conversation, action)


def command(name: str, text: str, *, temporary: bool) -> dict[str, Any]:
    """What a command behind "/" means, as an action."""
    match name:
        case "system":
            return {"kind": "system_prompt", "system_prompt": text, "temporary": temporary}
        case "add":
            return {"kind": "add", "role": "user", "text": text, "temporary": temporary}
        case _:
            return {"kind": name, "text": text}


def kinds() -> frozenset[str]:
    """The words that `act` understands."""
    return frozenset(_ACTS) | frozenset(_ANYWHERE)


def _configure(who: Who, conversation: str | None, action: Action) -> Acted:
    """Sets the system prompt, model or parameters; a chat that is not stored yet is stored for that."""
    values = {name: action[name] for name in _SETTINGS if name in action}
    if conversation is not None:
        conversations.configure(who, conversation, **values)
        return Acted()
    made = conversations.create(who, **_new(action), **values)
    return Acted(conversation=made.id)


def _new(action: Action) -> dict[str, Any]:
    """How a chat begins that is stored for an action."""
    return {"temporary": bool(action.get("temporary")), "project": action.get("project")}


def _save_preset(who: Who, conversation: str | None, action: Action) -> Acted:
    made = presets.save(who, action["name"], action["model"], action["params"], action["system_prompt"])
    return Acted(said=f"Saved as “{made.name}”.")


def _delete_preset(who: Who, conversation: str | None, action: Action) -> Acted:
    presets.remove(who, action["id"])
    return Acted(said="Preset deleted.")


def _rename(who: Who, conversation: str, action: Action) -> Acted:
    conversations.rename(who, conversation, action["text"])
    return Acted()


def _move(who: Who, conversation: str, action: Action) -> Acted:
    project.move(who, conversation, action["project"])
    return Acted(said="Moved." if action["project"] else "This chat is in no project now.")


def _branch(who: Who, conversation: str, action: Action) -> Acted:
    branch.select(who, action["to"])
    return Acted(moved=True)


def _edit(who: Who, conversation: str, action: Action) -> Acted:
    again.edit(who, action["message"], action["text"], resend=bool(action.get("resend")))
    return Acted(moved=bool(action.get("resend")))


def _regenerate(who: Who, conversation: str, action: Action) -> Acted:
    model = action.get("model")
    params = conversations.get(who, conversation).params
    again.regenerate(who, action["message"], [(model, params)] if model else ())
    return Acted(moved=True)


def _continue(who: Who, conversation: str, action: Action) -> Acted:
    again.continue_(who, action["message"])
    return Acted(moved=True)


def _add(who: Who, conversation: str | None, action: Action) -> Acted:
    """Adds a message that asks nothing; a chat that is not stored yet is stored for that."""
    text = str(action["text"]).strip()
    if not text:
        raise BadInput("There is nothing to add.", hint="Write the message after the command.")
    home = conversation
    if home is None:
        home = conversations.create(who, title=title.first_words(text), **_new(action)).id
    again.add_message(who, home, action["role"], text, parent=action.get("message"))
    return Acted(conversation=home, moved=True)


def _fork(who: Who, conversation: str, action: Action) -> Acted:
    copy = branch.fork(who, action["message"], whole=bool(action.get("whole")))
    return Acted(conversation=copy, said="This is the copy; the chat it came from is unchanged.")


def _feedback(who: Who, conversation: str, action: Action) -> Acted:
    branch.feedback(who, action["message"], action["value"], action.get("reason", ""))
    return Acted(said="Feedback kept." if action["value"] else "Feedback taken back.")


def _delete(who: Who, conversation: str, action: Action) -> Acted:
    """Deletes a message; one that others hang on only when it was said whether they go too."""
    if "subtree" not in action and branch.delete_choices(who, action["message"])[1]:
        return Acted(asks=True)
    branch.delete_message(who, action["message"], subtree=bool(action.get("subtree")))
    return Acted(moved=True)


def _reply(who: Who, conversation: str, action: Action) -> Acted:
    """Allows or denies a call that waits, or answers what it asks; with `remember` ("chat" or "always") the same is
    decided for later calls of the tool."""
    allowed = bool(action.get("allowed", True))
    waiting.reply(
        who,
        action["message"],
        action["call"],
        said="allowed" if allowed else "denied",
        answers=action.get("answers"),
        remember=action.get("remember", ""),
    )
    return Acted(moved=True)


def _retry_call(who: Who, conversation: str, action: Action) -> Acted:
    again.retry_call(who, action["message"], action["call"])
    return Acted(moved=True)


def _restore(who: Who, conversation: str, action: Action) -> Acted:
    branch.restore_message(who, action["message"])
    return Acted(said="Message restored.", moved=True)


def _compact(who: Who, conversation: str, action: Action) -> Acted:
    return Acted(run=summary.compact(who, conversation), said="Summarising the older part of this chat.")


def _edit_summary(who: Who, conversation: str, action: Action) -> Acted:
    summary.edit_summary(who, action["message"], action["text"])
    return Acted()


def _drop_summary(who: Who, conversation: str, action: Action) -> Acted:
    summary.drop_summary(who, action["message"])
    return Acted(said="Summary removed; the messages themselves go in again.")


_SETTINGS = ("model", "params", "system_prompt", "attached")
_ANYWHERE: dict[str, Callable[[Who, str | None, Action], Acted]] = {
    **dict.fromkeys(_SETTINGS, _configure),
    "save-preset": _save_preset,
    "delete-preset": _delete_preset,
    "add": _add,
}
_ACTS: dict[str, Callable[[Who, str, Action], Acted]] = {
    "branch": _branch,
    "edit": _edit,
    "regenerate": _regenerate,
    "continue": _continue,
    "fork": _fork,
    "feedback": _feedback,
    "delete": _delete,
    "reply": _reply,
    "retry-call": _retry_call,
    "restore": _restore,
    "compact": _compact,
    "edit-summary": _edit_summary,
    "drop-summary": _drop_summary,
    "title": _rename,
    "move": _move,
}
