"""Every extension point of the hub, in one place.

A plugin is a module or object whose functions carry `@hooks.implementation` and the names below. It is found through
the entry-point group `llm_hub` of an installed package, or registered by `plugins().register(...)`. What a plugin
raises is logged and never ends a turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import pluggy
import structlog

from hub.db.who import Who
from hub.errors import HubError
from hub.found import Checked, Named
from hub.runs.records import RunRecord
from hub.turns import Block, Exchange, Note, Tool, Turn

if TYPE_CHECKING:
    from hub.search.records import Hit, Space

PROJECT = "llm_hub"
specification = pluggy.HookspecMarker(PROJECT)
implementation = pluggy.HookimplMarker(PROJECT)

BUILT_IN = (
    "hub.chat.plugin",
    "hub.compare.plugin",
    "hub.documents.plugin",
    "hub.evals.plugin",
    "hub.mcp.plugin",
    "hub.memory.plugin",
    "hub.projects.plugin",
    "hub.search.plugin",
    "hub.tools.plugin",
    "hub.votes.plugin",
)
"""Modules of the rooms with implementations; by name, since rooms stand above this file."""

log = structlog.get_logger(__name__)


class SearchSource(Protocol):
    """A collection of the search index, as the room that owns the truth knows it."""

    @property
    def collection(self) -> str: ...

    def units(self) -> Iterator[tuple[Who, str]]:
        """Everything that is indexed as one (a conversation, a document, the facts of a scope), in an order that
        stays: its owner and its id."""
        ...

    def index(self, who: Who, unit: str) -> int:
        """Makes the index say what the store says of one unit, gone ones too; returns how many rows it has."""
        ...

    def living(self, space: Space, groups: Sequence[str]) -> Collection[str]:
        """Those of `groups` that belong into `space` as the store has it now."""
        ...


class Specifications(Protocol):
    """The hooks; a plugin may leave out any of them, and any trailing arguments."""

    @specification
    def chat_context(self, turn: Turn) -> Sequence[Block]:
        """Called before a model is asked: what a room wants to put into the prompt, within `turn.budget` tokens.

        In the web process, on a thread of the run engine, once for every answer; the answer waits for it. What is
        raised is logged, said on the answer, and the turn goes on without.
        """
        ...

    @specification
    def tools(self, turn: Turn) -> Sequence[Tool]:
        """Called before a model that takes tools is asked: what it may call in this turn. As `chat_context`."""
        ...

    @specification
    def exchange(self, who: Who, answer: str) -> Exchange | None:
        """The exchange that an answer ended, read from the store; None when there is none any more. Implemented by
        the room of conversations, called by the others in any process."""
        ...

    @specification
    def exchange_settled(self, exchange: Exchange) -> None:
        """Called in a worker once an exchange of a chat that is not temporary is stored and can be found; at least
        once. What is raised is logged, and changes nothing for the others: enqueue a job for what may fail."""

    @specification
    def conversation_purged(self, who: Who, conversation: str) -> None:
        """Called just before a conversation is removed for good: remove what is kept of it. What is raised is logged,
        and the conversation stays until a later call ends well."""

    @specification
    def answer_notes(self, who: Who, conversation: str) -> Mapping[str, Note]:
        """Called whenever a conversation is drawn: what a room has to say quietly under its answers, by their ids. It
        must be quick. What is raised is logged, and the page stands without."""
        ...

    @specification
    def search_sources(self) -> Sequence[SearchSource]:
        """What of a room stands in the search index, so that it can be built anew from the store."""
        ...

    @specification
    def search_spaces(self, who: Who, project: str | None) -> Sequence[Space]:
        """What `who` may search of collections that have scopes of their own (documents), shared by others too; with
        `project` only what belongs to it. Collections whose scope is the project's need not. What is raised goes up."""
        ...

    @specification
    def search_checked(self, who: Who, collection: str, hits: Sequence[Hit]) -> Sequence[Checked] | None:
        """Called before hits of the index are shown: those that are still there and `who` may see, in their order.
        None for a collection of another room. What is raised goes up."""
        ...

    @specification
    def search_names(self, who: Who, words: str, project: str | None) -> Sequence[Named]:
        """What has all of `words` in its name, newest first, looked up without the index; with `project` only what is
        in it. What is raised goes up."""
        ...

    @specification
    def run_finished(self, run: RunRecord) -> None:
        """Called once after a run has ended and is stored, whatever its status; at a restart also for the runs that
        a dead process left.

        In the process that held (or found) the run, on a thread of the engine; it must not block for long: enqueue a
        job for anything slow. An exception is logged and nothing else changes.
        """

    @specification
    def project_name(self, who: Who, project: str) -> str | None:
        """The name of a living project of `who`; None when they have none with that id. Implemented by the room of
        projects; whoever puts something into a project asks first. What is raised goes up."""
        ...

    @specification
    def project_names(self, who: Who) -> Mapping[str, str]:
        """The names of all living projects of `who` by id. Implemented by the room of projects."""
        ...

    @specification
    def project_reads_personal(self, who: Who, project: str) -> bool | None:
        """Whether the chats of a project read what is remembered outside of projects; None when there is no such
        project. Implemented by the room of projects, asked by memory. What is raised goes up."""
        ...

    @specification
    def project_deleted(self, who: Who, project: str, keep_chats: bool) -> None:
        """Called when a person deletes a project, which nobody can enter any more: hide what is in it, so that
        `project_restored` can bring it back within a day. Chats leave it (`keep_chats`) or are deleted with it.

        On the thread that asked, in any process; may be called again. What is raised is logged, and the project is not
        deleted.
        """

    @specification
    def project_restored(self, who: Who, project: str) -> None:
        """Called when a person takes the deletion of a project back. As `project_deleted`."""

    @specification
    def project_purged(self, who: Who, project: str) -> None:
        """Called a day after a project was deleted: remove for good what is kept of it. What is raised is logged, and
        it is called again later."""

    @specification
    def person_deleted(self, who: Who) -> None:
        """Called when an admin deletes an account: remove every row of `who`, for good. Runs, files and connections
        are removed by the caller; nobody is signed in as `who` any more.

        In the web process or on the command line, on the thread that asked. It may be called again for the same
        person. An exception is logged, shown to the admin, and keeps the account until a later call ends well.
        """


@lru_cache(maxsize=1)
def plugins() -> pluggy.PluginManager:
    """The plugins of this process, entry points loaded once."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specifications)
    for name in BUILT_IN:
        manager.register(import_module(name), name)
    manager.load_setuptools_entrypoints(PROJECT)
    return manager


def run_finished(run: RunRecord) -> None:
    """Tells every plugin, each apart, that `run` has ended."""
    _call_each("run_finished", run=run)


def person_deleted(who: Who) -> list[str]:
    """Has every plugin remove what it keeps of `who`; the names of those that could not."""
    return _call_each("person_deleted", who=who)


def project_name(who: Who, project: str) -> str | None:
    """The name of a living project of `who`; None when they have none with that id."""
    return _first("project_name", who=who, project=project)


def project_names(who: Who) -> dict[str, str]:
    """The names of all living projects of `who` by id."""
    return {id_: name for given in plugins().hook.project_names(who=who) for id_, name in given.items()}


def project_reads_personal(who: Who, project: str) -> bool:
    """Whether the chats of a project read what is remembered outside of projects."""
    return _first("project_reads_personal", who=who, project=project) or False


def project_deleted(who: Who, project: str, *, keep_chats: bool) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return _call_each("project_deleted", who=who, project=project, keep_chats=keep_chats)


def project_restored(who: Who, project: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return _call_each("project_restored", who=who, project=project)


def project_purged(who: Who, project: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return _call_each("project_purged", who=who, project=project)


def _first(name: str, **arguments: Any) -> Any:
    """What the first plugin says that has something to say. What one raises goes up."""
    for call in getattr(plugins().hook, name).get_hookimpls():
        found = call.function(*(arguments[argument] for argument in call.argnames))
        if found is not None:
            return found
    return None


def _call_each(name: str, **arguments: Any) -> list[str]:
    """Calls every plugin's `name`; one that raises is logged, and the names of those that did are returned."""
    failed: list[str] = []
    for call in getattr(plugins().hook, name).get_hookimpls():
        try:
            call.function(*(arguments[argument] for argument in call.argnames))
        except Exception:
            log.exception("plugin_failed", hook=name, plugin=call.plugin_name)
            failed.append(call.plugin_name)
    return failed


def chat_context(turn: Turn) -> tuple[list[Block], list[str]]:
    """The blocks of every plugin, and a sentence for each that could not give its own."""
    return _gather("chat_context", turn=turn)


def tools(turn: Turn) -> tuple[list[Tool], list[str]]:
    """The tools of every plugin, and a sentence for each that could not give its own."""
    return _gather("tools", turn=turn)


def exchange(who: Who, answer: str) -> Exchange | None:
    """The exchange that ended with `answer`; None when it is gone."""
    return _first("exchange", who=who, answer=answer)


def exchange_settled(exchange: Exchange) -> list[str]:
    """Tells every plugin; the names of those that raised."""
    return _call_each("exchange_settled", exchange=exchange)


def conversation_purged(who: Who, conversation: str) -> list[str]:
    """Tells every plugin; the names of those that could not follow."""
    return _call_each("conversation_purged", who=who, conversation=conversation)


def answer_notes(who: Who, conversation: str) -> dict[str, list[Note]]:
    """What the rooms have to say under the answers of a conversation."""
    found: dict[str, list[Note]] = {}
    for call in plugins().hook.answer_notes.get_hookimpls():
        try:
            given: Any = call.function(who, conversation)
        except Exception:
            log.exception("plugin_failed", hook="answer_notes", plugin=call.plugin_name)
            continue
        for answer, note in given.items():
            found.setdefault(answer, []).append(note)
    return found


def search_sources() -> list[SearchSource]:
    """Every collection of the index. What a plugin raises goes up: an index without a part of it would be wrong."""
    return [one for given in plugins().hook.search_sources() for one in given]


def search_spaces(who: Who, project: str | None) -> list[Space]:
    """What rooms with scopes of their own let `who` search."""
    return [one for given in plugins().hook.search_spaces(who=who, project=project) for one in given]


def search_checked(who: Who, collection: str, hits: Sequence[Hit]) -> list[Checked] | None:
    """Those of `hits` that may be shown; None when no room knows the collection."""
    found = _first("search_checked", who=who, collection=collection, hits=hits)
    return None if found is None else list(found)


def search_names(who: Who, words: str, project: str | None) -> list[Named]:
    """What has all of `words` in its name."""
    return [one for given in plugins().hook.search_names(who=who, words=words, project=project) for one in given]


def _gather(name: str, **arguments: Any) -> tuple[list[Any], list[str]]:
    found: list[Any] = []
    said: list[str] = []
    for call in getattr(plugins().hook, name).get_hookimpls():
        room = call.plugin_name.split(".")[1] if call.plugin_name.startswith("hub.") else call.plugin_name
        try:
            found.extend(call.function(*(arguments[argument] for argument in call.argnames)))
        except HubError as error:
            log.warning("plugin_refused", hook=name, plugin=call.plugin_name, kind=error.kind)
            said.append(f"Without {room}: {error.message}")
        except Exception as error:
            log.exception("plugin_failed", hook=name, plugin=call.plugin_name)
            said.append(f"Without {room}: something went wrong in it ({type(error).__name__}).")
    return found, said
