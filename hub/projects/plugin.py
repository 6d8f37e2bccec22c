"""What the room of projects does for the other rooms: its names, its instructions, and leaving with its person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub import hooks
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import estimate
from hub.projects import projects, store
from hub.projects.records import Project
from hub.turns import Block, Turn

_PREFIX = "project:"


@hooks.implementation
def project_name(who: Who, project: str) -> str | None:
    """The name of a living project of `who`, read from the store: whoever lets a chat in must not trust a memory."""
    try:
        return projects.get(who, project).name
    except NotFound:
        return None


@hooks.implementation
def project_names(who: Who) -> Mapping[str, str]:
    """The names of the person's projects."""
    return projects.names(who)


@hooks.implementation
def project_reads_personal(who: Who, project: str) -> bool | None:
    """Whether the project's chats read what is remembered outside of projects."""
    try:
        return projects.get(who, project).reads_personal_memory
    except NotFound:
        return None


@hooks.implementation
def chat_context(turn: Turn) -> Sequence[Block]:
    """The instructions of the project that the chat is in, for the system prompt."""
    if not turn.scope.startswith(_PREFIX):
        return ()
    try:
        project = projects.get(turn.who, turn.scope.removeprefix(_PREFIX))
    except NotFound:  # it was deleted a moment ago; its chats are on their way out
        return ()
    text = instructions(project)
    return (_fitted(project.name, text, turn.budget),) if text else ()


def instructions(project: Project) -> str:
    """What the project says to every model that answers in it; "" when it says nothing."""
    about = f"This chat belongs to the project “{project.name}”. {project.description}".strip()
    if project.instructions:
        return f"{about}\n\nInstructions for every answer in this project:\n{project.instructions}"
    return about if project.description else ""


def _fitted(name: str, text: str, budget: int | None) -> Block:
    """The block; what does not fit into the model's window is cut off, and that is said."""
    title, tokens = f"Project {name}", estimate.tokens(text)
    if budget is None or tokens <= budget:
        return Block("projects", title, text, tokens, place="system")
    short = text
    while short and estimate.tokens(short) > budget:
        short = short[: min(len(short) - 1, int(len(short) * budget / estimate.tokens(short)))]
    kept = estimate.tokens(short) if short else 0
    said = f"Only {kept:,} of {tokens:,} tokens of the project's instructions fit into this model's window."
    return Block("projects", title, short, kept, place="system", notices=(said,))


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every project of the person."""
    store.remove_person(who)
    projects.forget(who)
