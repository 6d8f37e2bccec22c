"""Moving about in the tree: another branch, a copy of a conversation, a message less, what one thinks of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from bson import ObjectId

from hub import files as file_store
from hub import runs
from hub.chat import lineage, rows, store
from hub.chat.clean import clean
from hub.chat.conversations import new_document
from hub.chat.records import Deleted, Feedback
from hub.chat.tree import Removal, Tree, removal
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput

LONGEST_REASON = 2_000


def select(who: Who, message: str) -> str:
    """Opens the branch of a message at its newest leaf; returns the leaf."""
    found = store.message(who, message)
    leaf = Tree(store.row(one) for one in lineage.below(who, found)).leaf(found["_id"])
    store.update_conversation(who, found["conversation"], {"head": leaf})
    return str(leaf)


def fork(who: Who, message: str, *, whole: bool = False) -> str:
    """Copies the path down to a message, or with `whole` every branch, into a new conversation; returns its id."""
    found = store.message(who, message)
    home = store.conversation(who, found["conversation"])
    if home.get("veiled"):
        raise BadInput("A copy would keep the names hidden for ever.", hint="Vote first, or show the names.")
    chosen = store.messages(who, home["_id"]) if whole else list(lineage.upward(who, found))
    chosen = [one for one in chosen if one["status"] != "streaming"]
    if not chosen:
        raise BadInput("There is nothing to copy yet: the answer is still being written.")
    copied, new_ids = _copies(chosen)
    head = found["_id"] if found["_id"] in new_ids else found["parent"]
    if whole:
        head = Tree(store.row(one) for one in chosen).leaf(head)
    document = new_document(
        home["model"],
        rows.params(home.get("params")),
        title=f"{home['title']} (copy)",
        system_prompt=home.get("system_prompt", ""),
        temporary=home["temporary"],
        attached=home.get("attached", {}),
        project=home.get("project"),
    )
    for one in copied:
        one["conversation"] = document["_id"]
    file_store.keep(who, [file["id"] for one in copied for file in _files(one)])
    store.insert_messages(who, copied)
    document |= {"head": new_ids.get(head), "forked_from": home["_id"]}
    store.insert_conversation(who, document)
    return str(document["_id"])


def _copies(chosen: Sequence[Document]) -> tuple[list[Document], dict[ObjectId | None, ObjectId]]:
    """The messages under new ids, each below the copy of its nearest ancestor that is copied too."""
    ordered = sorted(chosen, key=lambda one: one["depth"])
    new_ids: dict[ObjectId | None, ObjectId] = {one["_id"]: ObjectId() for one in ordered}
    bare = [{key: value for key, value in one.items() if key not in {"run", "owner", "schema"}} for one in ordered]
    return [{**one, "_id": new_ids[one["_id"]], "parent": new_ids.get(one["parent"])} for one in bare], new_ids


def delete_plan(who: Who, message: str, *, subtree: bool = False) -> Deleted:
    """What `delete_message` would do, for the dialog."""
    found = store.message(who, message)
    return _deleted(message, _plan(who, found, subtree)[0])


def delete_choices(who: Who, message: str) -> tuple[str, str | None]:
    """For the dialog: what goes when only the message goes, and what else when all after it goes too, if there is."""
    alone, below = delete_plan(who, message), delete_plan(who, message, subtree=True)
    return alone.sentence, below.sentence if len(below.removed) > len(alone.removed) else None


def delete_message(who: Who, message: str, *, subtree: bool = False) -> Deleted:
    """Deletes a message: what follows it moves up, or goes with it (`subtree`). `restore_message` undoes it for a day.

    An answer that is still being written is cancelled.
    """
    found = store.message(who, message)
    if found["status"] == "streaming":
        runs.cancel(who, found["run"], found.get("target"))
    plan, head = _plan(who, found, subtree)
    mark = {"deleted_at": now(), "deleted_with": found["_id"], "lifted": list(plan.moved)}
    if head in plan.removed:
        mark["was_open"] = head
    if not subtree:
        store.move_children(who, found["conversation"], found["_id"], plan.target)
    store.update_messages(who, plan.removed, mark)
    # Another tab may have added below while this went on: nothing stays hanging on what is gone.
    if subtree:
        lineage.settle_all(who, found["conversation"], plan.removed)
    else:
        lineage.settle(who, found["conversation"], found["_id"])
        if plan.target is not None and lineage.living(who, plan.target) != plan.target:
            lineage.settle(who, found["conversation"], plan.target)  # it died before the children moved to it
    _move_summary(who, found)
    store.update_conversation(who, found["conversation"], {"head": plan.head, "updated_at": now()})
    return _deleted(message, plan)


def restore_message(who: Who, message: str) -> None:
    """Undoes `delete_message`: all that went with the message is back, what moved up hangs below it again, and the
    branch that was open is open."""
    found = store.message(who, message, deleted=True)
    if "deleted_at" not in found:
        return
    together = [one["_id"] for one in store.deleted_with(who, found)]
    above = lineage.living(who, found["parent"])
    store.update_message(who, found["_id"], {"parent": above})
    store.update_messages(who, together, {}, unset=["deleted_at", "deleted_with", "lifted", "was_open"])
    for child in found.get("lifted", ()):
        store.update_message(who, child, {"parent": found["_id"]}, only={"parent": above})
    if "was_open" in found:
        store.update_conversation(who, found["conversation"], {"head": found["was_open"]})


def feedback(who: Who, message: str, value: str | None, reason: str = "") -> None:
    """Keeps what a person thinks of an answer: "good" or "bad" with a reason; None takes it back."""
    found = store.message(who, message)
    if found["role"] != "assistant":
        raise BadInput("Feedback is for answers.")
    if value is None:
        store.update_message(who, found["_id"], {}, unset=["feedback"])
    elif value == "good" or value == "bad":
        said = Feedback(value, clean(reason)[0].strip()[:LONGEST_REASON])
        store.update_message(who, found["_id"], {"feedback": rows.plain(said)})
    else:
        raise BadInput("Feedback is good or bad.")


def _plan(who: Who, found: Document, subtree: bool) -> tuple[Removal[ObjectId], ObjectId | None]:
    """What deleting does, from as few rows as tell it: the open branch matters only when its leaf goes. With it comes
    the leaf that is open before."""
    conversation, own = found["conversation"], found["_id"]
    head = store.conversation(who, conversation).get("head")
    rows = lineage.below(who, found) if subtree else [found, *store.children(who, conversation, [own], store.PLACE)]
    gone = {one["_id"] for one in rows} if subtree else {own}
    open_leaf = None if head is None or head in gone else lineage.alive(who, head)
    if open_leaf is not None:
        rows.append(open_leaf)
    else:
        rows = [*(rows if subtree else lineage.below(who, found)), *_beside(who, found)]
    return removal(Tree(map(store.row, rows)), own, head, subtree=subtree), head


def _beside(who: Who, found: Document) -> list[Document]:
    """The places among which a leaf is chosen when that of the open branch goes: the parent and its other branches."""
    parent = None if found["parent"] is None else lineage.alive(who, found["parent"])
    if parent is None and found["parent"] is not None:
        return store.messages(who, found["conversation"], fields=store.PLACE)
    others = store.children(who, found["conversation"], [found["parent"]])
    branches = [lineage.below(who, one) for one in others if one["_id"] != found["_id"]]
    return [one for rows in ([parent] if parent else [], *branches) for one in rows]


def _deleted(message: str, plan: Removal[ObjectId]) -> Deleted:
    head = None if plan.head is None else str(plan.head)
    return Deleted(message, tuple(map(str, plan.removed)), tuple(map(str, plan.moved)), head)


def _move_summary(who: Who, found: Document) -> None:
    """A summary on a deleted message goes up to its parent, because it covers the messages above too."""
    above = lineage.living(who, found["parent"])
    if "summary" in found and above is not None and "summary" not in store.message(who, above):
        store.update_message(who, above, {"summary": found["summary"]})


def _files(document: Document) -> list[Document]:
    return [*document.get("files", ()), *document.get("images", ())]
