"""Telling the plugins what has happened."""

from __future__ import annotations

from hub.db.who import Who
from hub.hooks.calls import ask, tell
from hub.runs.records import RunRecord
from hub.turns import Exchange


def run_finished(run: RunRecord) -> None:
    """Tells every plugin, each apart, that `run` has ended."""
    tell("run_finished", run=run)


def exchange_settled(exchange: Exchange) -> list[str]:
    """Tells every plugin; the names of those that raised."""
    return tell("exchange_settled", exchange=exchange)


def document_ready(who: Who, collection: str, document: str, by: str) -> None:
    """Tells every plugin. What a room raises goes up, so that it hears of the document when that is tried again."""
    for _ in ask("document_ready", who=who, collection=collection, document=document, by=by):
        pass


def answer_withdrawn(who: Who, answer: str) -> list[str]:
    """Tells every plugin; the names of those that raised."""
    return tell("answer_withdrawn", who=who, answer=answer)


def conversation_purged(who: Who, conversation: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return tell("conversation_purged", who=who, conversation=conversation)


def person_deleted(who: Who) -> list[str]:
    """Has every plugin remove what it keeps of `who`; the names of those that could not."""
    return tell("person_deleted", who=who)


def project_deleted(who: Who, project: str, *, keep_chats: bool) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return tell("project_deleted", who=who, project=project, keep_chats=keep_chats)


def project_restored(who: Who, project: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return tell("project_restored", who=who, project=project)


def project_purged(who: Who, project: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return tell("project_purged", who=who, project=project)
