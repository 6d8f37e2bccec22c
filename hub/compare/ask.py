"""Asking panes: the messages that it takes, the run that answers them, and what becomes of the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from hub import files as file_store
from hub.chat import asks as chat_asks
from hub.chat import lineage, queue, sending, store, turn
from hub.chat.draft import Draft
from hub.compare import panes
from hub.compare import store as comparisons
from hub.compare.panes import Held
from hub.compare.records import Asked
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import BadInput, HubError, NotFound
from hub.models import catalogue
from hub.models.types import ModelInfo

KIND = "compare"


@dataclass(frozen=True, slots=True)
class Place:
    """A pane and the message that it answers."""

    pane: Held
    asked: Document


def asks(who: Who, home: ObjectId, comparison: Document, places: Sequence[Place], run: str) -> list[chat_asks.Ask]:
    """An empty answer in each place, under the name that the pane may have."""
    return [
        chat_asks.ask(
            home, one.asked, _info(who, one.pane), one.pane.params, run, index, more=panes.called(comparison, one.pane)
        )
        for index, one in enumerate(places)
    ]


def _info(who: Who, pane: Held) -> ModelInfo:
    """The model of a pane. One whose connection is gone is asked too: then that is the error of its pane alone."""
    try:
        return catalogue.find(who, pane.model)
    except NotFound:
        connection, _, name = pane.model.partition("/")
        return ModelInfo(pane.model, name, connection, "", "", pane.label)


def begin(
    who: Who,
    home: Document,
    comparison: Document,
    asking: Sequence[chat_asks.Ask],
    run: str,
    number: int | None,
    *,
    first: bool = False,
) -> None:
    """Starts the run of a comparison. `number` is that of the turn, None where one of several panes was asked."""
    more = {"comparison": str(comparison["_id"]), "turn": number}
    chat_asks.start(who, home, asking, run, first=first, kind=KIND, more=more)


def ask(
    who: Who,
    home: Document,
    comparison: Document,
    places: Sequence[Place],
    questions: Sequence[Document] = (),
    *,
    number: int | None,
    changes: dict[str, Any] | None = None,
) -> Asked:
    """Stores `questions` and an empty answer in each place, moves the panes there and starts the run.

    Raises BadInput when a pane has gone on in another tab; then nothing is left of it.
    """
    run = str(ObjectId())
    asking = asks(who, home["_id"], comparison, places, run)
    answers = [one.answer for one in asking]
    _keep(who, questions)
    store.insert_messages(who, [*questions, *answers])
    heads = {f"panes.{one.pane.id}.head": answer["_id"] for one, answer in zip(places, answers, strict=True)}
    before = {f"panes.{one.pane.id}.head": one.pane.head for one in places}
    if not comparisons.change(who, comparison["_id"], {**(changes or {}), **heads}, only=before):
        store.purge_messages(who, [one["_id"] for one in (*questions, *answers)])
        _keep(who, questions, again=False)
        raise BadInput("Another tab has asked meanwhile. Nothing was sent.", hint="See what came, then send it again.")
    _open_at(who, home, comparison, places, answers)
    _resettle(who, home["_id"], {one["parent"] for one in questions} or {one.asked["_id"] for one in places})
    begin(who, home, comparison, asking, run, number)
    return Asked(str(comparison["_id"]), str(home["_id"]), run, tuple(one.pane.id for one in places))


def _resettle(who: Who, home: ObjectId, above: set[ObjectId | None]) -> None:
    """Moves what was just added below messages that another tab has deleted meanwhile."""
    parents = [one for one in above if one is not None]
    living = {one["_id"] for one in store.some_messages(who, parents)}
    for dead in set(parents) - living:
        lineage.settle(who, home, dead)


def _keep(who: Who, questions: Sequence[Document], *, again: bool = True) -> None:
    """Counts each question as one more message that shows its files, or one less."""
    count = file_store.keep if again else file_store.release
    for one in questions:
        if files := [file["id"] for file in one.get("files", ())]:
            count(who, files)


def _open_at(
    who: Who, home: Document, comparison: Document, places: Sequence[Place], answers: Sequence[Document]
) -> None:
    """The pane that was open in the chat stays open there, with its new answer; else the first one that was asked."""
    order = [one.pane.head for one in places]
    at = order.index(home["head"]) if home.get("head") in order else 0
    target = None if panes.veiled(comparison) else places[at].pane.target
    turn.open_at(who, home["_id"], answers[at]["_id"], target)


def further(who: Who, home: Document, comparison: Document, chosen: Sequence[Held], draft: Draft) -> Asked:
    """Sends a question under the head of each of the chosen panes. One whose pane still writes waits for that."""
    to_all = len(chosen) > 1 or len(comparison["panes"]) == 1
    number = comparison["turns"] + 1 if to_all else None
    places, questions = list[Place](), list[Document]()
    busy: list[tuple[Held, Document]] = []
    heads = panes.heads(who, chosen)
    for pane in chosen:
        above = heads[pane.id]
        if above is not None and above["status"] == "streaming":
            busy.append((pane, above))
        else:
            questions.append(question(comparison, above, draft, number))
            places.append(Place(pane, questions[-1]))
    changes = {"turns": number} if number else {}
    if places:
        asked = ask(who, home, comparison, places, questions, number=number, changes=changes)
    else:
        comparisons.change(who, comparison["_id"], changes)
        asked = Asked(str(comparison["_id"]), str(home["_id"]), None)
    for pane, above in busy:
        more = {"comparison": str(comparison["_id"]), "pane": pane.id, "turn": number}
        queue.add(who, home["_id"], above["_id"], draft, [pane.target], more)
        if not store.still_written(who, above["_id"]):
            advance(who, home["_id"], above["_id"])  # it ended between the look and the write
    waiting = tuple(pane.id for pane, _ in busy)
    return Asked(asked.comparison, asked.conversation, asked.run, asked.panes, waiting)


def advance(who: Who, conversation: ObjectId, answer: ObjectId) -> None:
    """Sends the oldest question that waits for this answer; the others wait for the new one."""
    for waiting in queue.waiting_for(who, conversation, answer):
        if queue.take(who, waiting["_id"]):
            if "pane" in waiting:
                _send_waiting(who, waiting)
            else:  # somebody wrote it in the chat
                sending.send_waiting(who, waiting, store.message(who, answer))
            return


def _send_waiting(who: Who, waiting: Document) -> None:
    try:
        home = store.conversation(who, waiting["conversation"])
        comparison = comparisons.get(who, waiting["comparison"])
        pane = panes.one(comparison, waiting["pane"])
        asked = question(comparison, panes.head(who, pane), queue.draft(waiting), waiting["turn"])
        ask(who, home, comparison, [Place(pane, asked)], [asked], number=waiting["turn"])
        file_store.release(who, [file["id"] for file in waiting["files"]])
    except HubError as error:
        queue.put_back(who, waiting, error.message)
        raise
    others = [one["_id"] for one in queue.waiting_for(who, home["_id"], waiting["after"])]
    queue.follow(who, others, panes.one(comparisons.get(who, comparison["_id"]), pane.id).head)


def question(comparison: Document, above: Document | None, draft: Draft, number: int | None) -> Document:
    """A question under a head, not stored yet."""
    message = turn.user_message(comparison["conversation"], above, draft)
    return message if number is None else {**message, "turn": number, "comparison": comparison["_id"]}


def again(who: Who, home: Document, comparison: Document, pane: Held, changes: dict[str, Any] | None = None) -> Asked:
    """Asks a pane its newest question once more, beside the answer that it has, with the model that it has now. What
    waits for the old answer waits for the new one."""
    newest = panes.head(who, pane)
    if newest is None:
        raise BadInput("This pane has no question any more.", hint="Send one.")
    asked = newest if newest["role"] == "user" else _above(who, newest)
    waiting = [one["_id"] for one in queue.waiting_for(who, home["_id"], newest["_id"])]
    sent = ask(who, home, comparison, [Place(pane, asked)], number=panes.turn_of(comparison, asked), changes=changes)
    queue.follow(who, waiting, panes.one(comparisons.get(who, comparison["_id"]), pane.id).head)
    return sent


def _above(who: Who, answer: Document) -> Document:
    above = lineage.living(who, answer["parent"])
    if above is None:
        raise BadInput("The question of this answer was deleted.", hint="Send it again.")
    return store.message(who, above)
