"""What skills do when they are asked by the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub import hooks
from hub.db.who import Who
from hub.served import ServedResource
from hub.skills import active, served, shelf, store
from hub.skills import tools as making
from hub.skills.catalogue import catalogue
from hub.skills.records import Activation
from hub.turns import Block, Note, Tool, Turn, project_scope


@hooks.implementation
def chat_context(turn: Turn) -> Sequence[Block]:
    """The catalogue, and the bodies of the skills that are active."""
    offered = shelf.offered(turn)
    if not offered:
        return ()
    found = active.active(turn, offered)
    bodies, left = active.blocks(turn, found, turn.budget)
    listed = [one.skill for one in offered if one.mode == "on" and not one.skill.quiet]
    made = catalogue(listed, turn.model.context, left)
    head = [Block("skills", made.title, made.text, made.tokens, "system")] if made.text else []
    return (*head, *bodies)


@hooks.implementation
def tools(turn: Turn) -> Sequence[Tool]:
    """Load a skill, read a file of one, search them."""
    return making.tools(turn)


@hooks.implementation
def served_resources(who: Who) -> Sequence[ServedResource]:
    """The skills that are on for the person, for programs with one of their keys."""
    return list(served.resources(who))


@hooks.implementation
def answer_notes(who: Who, conversation: str) -> Mapping[str, Note]:
    """Which skills became active with an answer, and why."""
    by_answer: dict[str, list[Activation]] = {}
    for one in store.activations(who, conversation):
        by_answer.setdefault(one.answer, []).append(one)
    return {answer: _note(some) for answer, some in by_answer.items()}


def _note(some: Sequence[Activation]) -> Note:
    names = ", ".join(f"{one.name} ({'named by you' if one.how == 'named' else 'loaded'})" for one in some)
    text = f"{'Skill' if len(some) == 1 else 'Skills'}: {names}, {sum(one.tokens for one in some):,} tokens"
    return Note(text, "skill", {"s": some[0].skill})


@hooks.implementation
def conversation_purged(who: Who, conversation: str) -> None:
    """No skill is active in a conversation that is gone."""
    store.deactivate(who, conversation)


@hooks.implementation
def project_purged(who: Who, project: str) -> None:
    """What was switched for the project is forgotten."""
    store.leave_place(who, project_scope(project))


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every skill of the person."""
    store.remove_person(who)
