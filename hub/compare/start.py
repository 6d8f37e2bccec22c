"""How a comparison begins: with a first question, or from an answer that is there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from hub import files as file_store
from hub.chat import rows, store, title, turn
from hub.chat.project import entered
from hub.compare import panes
from hub.compare import store as comparisons
from hub.compare.ask import Place, asks, begin
from hub.compare.panes import Member
from hub.compare.records import MOST_PANES, Asked
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput


def start(
    who: Who,
    text: str,
    models: Sequence[Member],
    *,
    files: Sequence[str] = (),
    blind: bool = False,
    temporary: bool = False,
    project: str | None = None,
    system_prompt: str = "",
    attached: Mapping[str, Any] | None = None,
) -> Asked:
    """Stores a question in a new conversation and asks every model, each in a pane of its own; a model may stand among
    them more than once. With `blind` names are hidden and the order is shuffled.

    Raises BadInput, NotFound and StoreDown; then nothing was stored.
    """
    draft = turn.compose(who, text, files)
    chosen = panes.members(who, models)
    seed = secrets.randbits(32)
    order = panes.shuffled(len(chosen), seed) if blind else list(range(len(chosen)))
    new = turn.NewChat(temporary, system_prompt, rows.attached(attached), entered(who, project))
    first = chosen[order[0]]
    home = new.document((first[0], first[2]), title.first_words(draft.text, draft.files))
    if blind:
        home |= {"veiled": True, "model": "", "params": {}}
    asked = turn.user_message(home["_id"], None, draft)
    standing = {str(ObjectId()): panes.stored(place, chosen[at], asked["_id"]) for place, at in enumerate(order)}
    made = document(home["_id"], standing, blind=blind, seed=seed, top=0)
    run = str(ObjectId())
    places = [Place(pane, asked) for pane in panes.held(made)]
    asking = asks(who, home["_id"], made, places, run)
    for place, one in zip(places, asking, strict=True):
        standing[place.pane.id]["head"] = one.answer["_id"]
    if draft.files:
        file_store.keep(who, [file.id for file in draft.files])
    store.insert_messages(who, [asked, *(one.answer for one in asking)])
    store.insert_conversation(who, {**home, "head": asking[0].answer["_id"]})
    comparisons.insert(who, made)
    begin(who, home, made, asking, run, 1, first=True)
    return Asked(str(made["_id"]), str(home["_id"]), run, tuple(standing))


def from_answer(who: Who, message: str, models: Sequence[Member]) -> Asked:
    """Compares an answer that is there with those of other models to the same question: it becomes the first pane, and
    the comparison goes on in its conversation."""
    answer = store.message(who, message)
    if answer["role"] != "assistant" or not answer.get("model") or answer["parent"] is None:
        raise BadInput("Only an answer of a model can be compared.")
    if answer["status"] == "streaming":
        raise BadInput("This answer is still being written.", hint="Stop it first, or wait.")
    home = store.conversation(who, answer["conversation"])
    if home.get("veiled"):
        raise BadInput("Names are hidden in this chat.", hint="Vote first, or show the names.")
    chosen = panes.members(who, models)
    if len(chosen) >= MOST_PANES:
        raise BadInput(f"At most {MOST_PANES} models can be compared at once, with the one that has answered.")
    asked = store.message(who, answer["parent"])
    own = (answer["model"], answer.get("model_label", ""), rows.params(answer.get("params")))
    standing = {str(ObjectId()): panes.stored(0, own, answer["_id"])}
    others = {str(ObjectId()): panes.stored(place, one, asked["_id"]) for place, one in enumerate(chosen, 1)}
    made = document(home["_id"], standing | others, blind=False, seed=0, top=asked["depth"])
    made["learned"] = {"1": message}  # the other rooms have heard of this question already
    run = str(ObjectId())
    places = [Place(pane, asked) for pane in panes.held(made)[1:]]
    asking = asks(who, home["_id"], made, places, run)
    for place, one in zip(places, asking, strict=True):
        others[place.pane.id]["head"] = one.answer["_id"]
    store.insert_messages(who, [one.answer for one in asking])
    comparisons.insert(who, made)
    turn.resettle(who, asked)
    begin(who, home, made, asking, run, 1)
    return Asked(str(made["_id"]), str(home["_id"]), run, tuple(others))


def document(conversation: ObjectId, standing: dict[str, Document], *, blind: bool, seed: int, top: int) -> Document:
    """A comparison that is not stored yet."""
    time = now()
    return {
        "_id": ObjectId(),
        "conversation": conversation,
        "blind": blind,
        "revealed": False,
        "seed": seed,
        "turns": 1,
        "top": top,
        "panes": standing,
        "votes": {},
        "created_at": time,
        "updated_at": time,
    }
