"""Agents: a model with instructions, tools, skills, documents and limits of its own, under a name.

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`. An agent answers in a
chat that has it attached; agents can ask each other, and hand a chat over.
"""

from hub import runs
from hub.agents import ask, finish
from hub.agents.act import act, keep
from hub.agents.ask_store import asks
from hub.agents.changes import changes
from hub.agents.manage import (
    create,
    delete,
    drop_draft,
    duplicate,
    find,
    restore,
    rollback,
    save,
    share,
    try_,
    versions,
    visible,
)
from hub.agents.served import go_on, named, run
from hub.agents.spec import problems
from hub.agents.store import INDEXES
from hub.agents.templates import TEMPLATES, begin
from hub.agents.transfer import Known, export, import_, named_here


def start() -> None:
    """Tells the run engine what to do with what agents are asked. Called once by every process that runs models, before
    the first run."""
    runs.on_finish(ask.KIND, finish.run_ended)


__all__ = [
    "INDEXES",
    "TEMPLATES",
    "Known",
    "act",
    "asks",
    "begin",
    "changes",
    "create",
    "delete",
    "drop_draft",
    "duplicate",
    "export",
    "find",
    "go_on",
    "import_",
    "keep",
    "named",
    "named_here",
    "problems",
    "restore",
    "rollback",
    "run",
    "save",
    "share",
    "start",
    "try_",
    "versions",
    "visible",
]
