"""What memory does when it is asked by the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub import hooks
from hub.db.who import Who
from hub.found import Checked
from hub.jobs import defer
from hub.memory import index, look, manage, preferences, recall, served, store, uses
from hub.memory import tools as making
from hub.memory.records import Extraction
from hub.runs.records import RunRecord
from hub.search import Hit
from hub.search import index as rows
from hub.served import ServedTool
from hub.turns import Block, Exchange, Note, Tool, Turn, project_scope


@hooks.implementation
def chat_context(turn: Turn) -> Sequence[Block]:
    """The profile, and what is remembered for this question."""
    if turn.temporary or not preferences.recalls(turn.who, turn.attached):
        return ()
    found = recall.look(turn.who, turn.scope, turn.question, without=turn.conversation, budget=turn.budget)
    facts = [one.item for one in (*found.profile, *found.kept) if one.kind != "message"]
    if facts:
        uses.waiting.note(turn.answer, turn.conversation, facts)
    return recall.blocks(turn, found)


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """Search past chats, remember, change, forget."""
    return making.tools(turn)


@hooks.implementation
def served_tools(who: Who) -> Sequence[ServedTool]:
    """Recalling what belongs to no project, where the person lets memory be read at all."""
    return (served.recall_tool(who),) if preferences.recalls(who, {}) else ()


@hooks.implementation
def exchange_settled(exchange: Exchange) -> None:
    """Has a job look at what was said; those of one scope run one after the other."""
    if exchange.temporary or not preferences.learns(exchange.who, exchange.attached):
        return
    answer = exchange.answered.message
    lock = f"memory {exchange.who.id} {exchange.scope}"
    defer("memory.extract", once=f"memory {answer}", lock=lock, owner=exchange.who.id, answer=answer)


@hooks.implementation
def answer_notes(who: Who, conversation: str) -> Mapping[str, Note]:
    """What was learned from the exchanges of a conversation, where anything was."""
    found = look.extractions(who, conversation=conversation, most=100)
    said = {one.answer: _learned(one) for one in found if one.changes and one.state in {"done", "waiting"}}
    return {answer: Note(text, "memory", {"part": "Changes"}) for answer, text in said.items()}


def _learned(one: Extraction) -> str:
    if one.state == "waiting":
        return "1 memory to review" if one.changes == 1 else f"{one.changes} memories to review"
    return "Memory updated" if one.changes == 1 else f"{one.changes} memories updated"


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Counts which facts went into answers that came."""
    for target in run.targets:
        answer = target.context.get("message")
        if answer and target.status == "done":
            uses.count(Who(run.owner, ""), answer)
        elif answer:
            uses.waiting.take(answer)


@hooks.implementation
def search_sources() -> Sequence[hooks.SearchSource]:
    """The facts in the index."""
    return (index.Facts(),)


@hooks.implementation
def search_checked(who: Who, collection: str, hits: Sequence[Hit]) -> Sequence[Checked] | None:
    """Those hits whose facts are live."""
    return index.checked(who, hits) if collection == index.COLLECTION else None


@hooks.implementation
def project_purged(who: Who, project: str) -> None:
    """Nothing of the project is remembered."""
    scope = project_scope(project)
    manage.reset(who, scope)
    store.purge_scope(who, scope)


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes everything remembered of the person."""
    store.purge_person(who)
    preferences.forget(who)
    rows.drop_owner(who.id)
