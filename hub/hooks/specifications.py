"""The extension points: every hook with what it is asked for, when and in which process, and what an exception does.

A plugin may leave out any of them, and any trailing arguments. What an outside plugin raises is kept for the page of
plugins, and it never ends a turn, a page or the start of a process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import pluggy

from hub.db.figures import Sample
from hub.db.who import Who
from hub.found import Checked, Named
from hub.hooks.records import DocumentLoader, Exporter, Guide, Page
from hub.runs.records import Limits, RunRecord
from hub.served import ServedResource, ServedTool
from hub.turns import Block, Exchange, Note, Tool, Turn

if TYPE_CHECKING:
    from hub.models.provided import ModelProvider
    from hub.search.records import Hit, Space

PROJECT = "llm_hub"
specification = pluggy.HookspecMarker(PROJECT)
implementation = pluggy.HookimplMarker(PROJECT)


@runtime_checkable
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
    def guide(self, who: Who, attached: Mapping[str, Any], limits: Limits) -> Guide | None:
        """Called when an answer begins: how it is made, None where nothing in what is `attached` to its conversation
        says so. `limits` are the person's own, whose tokens and dollars hold for all. On the thread that starts the
        answer; implemented by the room of agents. What is raised goes up."""
        ...

    @specification
    def answer_withdrawn(self, who: Who, answer: str) -> None:
        """Called when a person goes on without replying to what an answer waits for: nothing of it will run any more.
        On the thread that asked. What is raised is logged."""

    @specification
    def tools(self, turn: Turn) -> Sequence[Tool]:
        """Called before a model that takes tools is asked: what it may call in this turn. As `chat_context`."""
        ...

    @specification
    def served_tools(self, who: Who) -> Sequence[ServedTool]:
        """Called when a program with an API key of `who` lists or calls the hub's tools: what a room gives it. In the
        web process. What is raised is logged, and the others are given."""
        ...

    @specification
    def served_resources(self, who: Who) -> Sequence[ServedResource]:
        """As `served_tools`, for what such a program may read, such as skills."""
        ...

    @specification
    def model_providers(self) -> Sequence[ModelProvider]:
        """Providers of models that people can connect to, beside those of `hub.models.providers`.

        In any process and on any thread, whenever a connection of such a provider is read: it must be quick and always
        say the same. What is raised is kept for the page of plugins, and the connections say that they are gone.
        """
        ...

    @specification
    def document_loaders(self) -> Sequence[DocumentLoader]:
        """Readers of kinds of files, for attachments and documents alike; they come before the hub's own reader.

        Asked for every file, in the web process (attachments) or the worker (documents), where the loader also runs:
        not in the reader's cage. When it raises, the hub's own reader is tried, and the file says so.
        """
        ...

    @specification
    def exporters(self) -> Sequence[Exporter]:
        """Forms in which a conversation can be taken away. In the web process, on the thread of the page, when the
        dialog of the export opens; each writes at once. What is raised is said in the dialog, without that form."""
        ...

    @specification
    def pages(self) -> Sequence[Page]:
        """Pages of the navigation. In the web process, for every run of every page: it must be quick. What is raised
        here is kept for the page of plugins, what a page raises while it is drawn is also said in its place."""
        ...

    @specification
    def metrics(self) -> Sequence[Sample]:
        """Figures of a room for monitoring, from its store. In the web process, on a thread, whenever Prometheus asks:
        it must be quick, and its labels of a small set. What is raised is logged, and the other figures are told."""
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
    def document_ready(self, who: Who, collection: str, document: str, by: str) -> None:
        """Called in a worker just before a document of `who` is ready for the first time: not for later versions, nor
        when it is indexed anew. At least once, and it may still fail or be removed afterwards. `by` names the room that
        wrote it, "" for a person. What a room raises goes up, and the document is tried again."""

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
