"""Bringing the answers of a turn together; several merges stand beside each other, each by a model of its own.

A guided merge takes two runs: the first lists what differs, and once the person has ticked what shall hold, the second
writes the answer. Everything else takes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from bson import ObjectId

from hub import runs
from hub.chat import asks, context, lineage, preferences, store, turn
from hub.chat.clean import clean
from hub.compare import merges_store, panes
from hub.compare import store as comparisons
from hub.compare.merge_prompt import asked
from hub.compare.records import Difference, Merge, MergeKind
from hub.compare.show import conversation_of, merge_of
from hub.compare.turns import Said, answers
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.models import catalogue, estimate
from hub.models.types import ChatRequest, ModelInfo, Params

KIND = "merge"
KINDS: tuple[MergeKind, ...] = ("fuse", "guided", "table", "own")
LONGEST_INSTRUCTION = 8_000


def merge(
    who: Who, comparison: str, kind: MergeKind, *, model: str, instruction: str = "", number: int | None = None
) -> Merge:
    """Has `model` bring the answers of turn `number` (the newest) together. Raises BadInput with fewer than two of
    them, NotFound for a model that is not there."""
    if kind not in KINDS:
        raise BadInput(f"There is no such merge. There are {', '.join(KINDS)}.")
    own = clean(instruction)[0].strip()
    if kind == "own" and not own:
        raise BadInput("Say what is to be done with the answers.", hint="Write an instruction.")
    if len(own) > LONGEST_INSTRUCTION:
        raise BadInput(f"An instruction has at most {LONGEST_INSTRUCTION:,} characters.")
    found = comparisons.get(who, comparison)
    made: Document = {
        "_id": ObjectId(),
        "comparison": found["_id"],
        "turn": number or found["turns"],
        "kind": kind,
        "model": model,
        "label": catalogue.find(who, model).label,
        "instruction": own,
        "checklist": [],
        "text": "",
        "created_at": now(),
    }
    run = _begin(who, found, made)
    merges_store.insert(who, {**made, "status": "streaming", "run": run})
    _start(who, found, made, run)
    return merge_of(merges_store.get(who, str(made["_id"])))


def finish_guided(who: Who, merge: str, ticked: Sequence[bool]) -> Merge:
    """Has the model write the answer that follows what is ticked, one word for each point of the checklist."""
    made = merges_store.get(who, merge)
    if made["kind"] != "guided" or not made["checklist"]:
        raise BadInput("This merge has no checklist.")
    if len(ticked) != len(made["checklist"]):
        raise BadInput("The checklist has changed meanwhile. Nothing was sent.", hint="Look at it again.")
    points = [{**one, "ticked": bool(tick)} for one, tick in zip(made["checklist"], ticked, strict=True)]
    return _again(who, made, {"checklist": points, "ticked": True})


def retry_merge(who: Who, merge: str) -> Merge:
    """Has the model do its newest step again; one that is being written is stopped."""
    made = merges_store.get(who, merge)
    stop_merge(who, merge)
    return _again(who, made, {} if made.get("ticked") else {"checklist": []})


def stop_merge(who: Who, merge: str) -> None:
    """Stops a merge; what it has said is kept."""
    made = merges_store.get(who, merge)
    if made["status"] == "streaming" and runs.known(who, [made["run"]]):
        runs.cancel(who, made["run"])


def remove_merge(who: Who, merge: str) -> None:
    """Takes a merge away for good."""
    stop_merge(who, merge)
    merges_store.remove(who, merges_store.get(who, merge)["_id"])


def use_merge(who: Who, merge: str) -> str:
    """Puts what was merged into the chat, as one more answer to the question, and opens it there; returns the
    conversation."""
    made = merges_store.get(who, merge)
    if made["status"] == "streaming" or not made["text"]:
        raise BadInput("There is no merged answer yet.", hint="Wait for it, or ask again.")
    found = comparisons.get(who, str(made["comparison"]))
    home = conversation_of(who, found)
    said, info = _answers(who, found, made["turn"]), catalogue.find(who, made["model"])
    answer = asks.ask(home["_id"], said[0].question, info, Params(), made["run"], 0).answer
    kept = {name: made[name] for name in ("usage", "cost") if name in made}
    text = {"text": made["text"], "tokens": estimate.tokens(made["text"]), "status": "done"}
    store.insert_messages(who, [{**answer, **kept, **text}])
    turn.open_at(who, home["_id"], answer["_id"], (made["model"], Params()))
    return str(home["_id"])


def _again(who: Who, made: Document, changes: dict[str, Any]) -> Merge:
    found = comparisons.get(who, str(made["comparison"]))
    after = {**made, **changes, "text": ""}
    run = _begin(who, found, after)
    anew = {**changes, "text": "", "status": "streaming", "run": run}
    if not merges_store.change(who, made["_id"], anew, only={"run": made["run"]}, unset=["error", "usage", "cost"]):
        raise BadInput("This merge was begun again in another tab.")
    _start(who, found, after, run)
    return merge_of(merges_store.get(who, str(made["_id"])))


def _answers(who: Who, found: Document, number: int) -> list[Said]:
    said = [one for one in answers(who, found, number) if one.ended]
    if len(said) < 2:
        raise BadInput("Two answers to the same question are needed.", hint="Wait for them, or ask again.")
    return said


def _begin(who: Who, found: Document, made: Document) -> str:
    """The id of a new run, once it is sure that there is something to merge."""
    conversation_of(who, found)
    _answers(who, found, made["turn"])
    return str(ObjectId())


def _start(who: Who, found: Document, made: Document, run: str) -> None:
    info = catalogue.find(who, made["model"])
    about = {"conversation": str(found["conversation"]), "merge": str(made["_id"])}
    price = [info.price.input, info.price.output, info.price.cached]
    target = runs.Target(info.id, partial(_prepare, who, found, made, info), info.label, context={"price": price})
    try:
        runs.start(who, KIND, [target], about, run_id=run)
    except HubError as error:
        merges_store.change(who, made["_id"], {"status": "error", "error": error.record()})
        raise


def _prepare(who: Who, found: Document, made: Document, info: ModelInfo) -> ChatRequest:
    """The conversation above the question under its own system prompt, then the answers and what to do with them."""
    home, said = conversation_of(who, found), _answers(who, found, made["turn"])
    checked = [Difference(**one) for one in made["checklist"]] if made.get("ticked") else []
    text = asked(made["kind"], said, veiled=panes.veiled(found), own=made["instruction"], checked=checked)
    system = home.get("system_prompt") or preferences.get(who).system_prompt
    first = said[0].question
    newest: Document = {"_id": None, "role": "user", "text": text, "files": first.get("files", [])}
    above: Iterator[Document] = lineage.upward(who, first)
    next(above)
    prompt = context.gather(who, info, Params(), system, chain([newest], above))
    return ChatRequest(context.in_order(prompt, system), Params())
