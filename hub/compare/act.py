"""What a person does on the page that compares models, as one table: the word that the page sends, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.chat import act as chat_act
from hub.compare.merging import finish_guided, merge, remove_merge, retry_merge, use_merge
from hub.compare.records import Team
from hub.compare.say import add_pane, attach, continue_with, remove_pane, retry, swap
from hub.compare.start import from_answer
from hub.compare.teams import delete_team, save_team, teams
from hub.compare.veil import reveal
from hub.compare.vote import undo_vote, vote
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models.types import Params


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it: a comparison or a conversation to open, a team to begin with, a word for the person."""

    comparison: str | None = None
    conversation: str | None = None
    team: Team | None = None
    said: str = ""


Action = Mapping[str, Any]


def act(who: Who, comparison: str | None, action: Action) -> Acted:
    """Does `action`, {"kind", ...}, in `comparison`; None is one that there is not yet.

    Raises BadInput for a kind that there is not, and what the functions behind it raise.
    """
    kind = str(action.get("kind", ""))
    if kind in _ANYWHERE:
        return _ANYWHERE[kind](who, action)
    if kind not in _ACTS:
        raise BadInput(f"There is no action “{kind}”.")
    if comparison is None:
        raise BadInput("There are no answers yet.", hint="Send a question first.")
    return _ACTS[kind](who, comparison, action) or Acted()


def kinds() -> frozenset[str]:
    """The words that `act` understands."""
    return frozenset(_ACTS) | frozenset(_ANYWHERE)


def _start_from(who: Who, action: Action) -> Acted:
    return Acted(comparison=from_answer(who, action["message"], action["members"]).comparison)


def _save_team(who: Who, action: Action) -> Acted:
    made = save_team(who, action["name"], action["members"], blind=bool(action.get("blind")))
    return Acted(said=f"Saved as “{made.name}”.")


def _use_team(who: Who, action: Action) -> Acted:
    found = next((one for one in teams(who) if one.id == action["team"]), None)
    if found is None:
        raise NotFound("This team is not there any more.")
    return Acted(team=found)


def _delete_team(who: Who, action: Action) -> Acted:
    delete_team(who, action["team"])
    return Acted(said="Team deleted.")


def _swap(who: Who, comparison: str, action: Action) -> None:
    """Another model, or other parameters, in a column; `now` has it answer at once."""
    params = action.get("params", Params())
    swap(who, comparison, action["pane"], action["model"], params, asking=bool(action.get("now", True)))


def _continue_with(who: Who, comparison: str, action: Action) -> Acted:
    return Acted(conversation=continue_with(who, comparison, action["pane"]))


def _vote(who: Who, comparison: str, action: Action) -> None:
    said = {name: action[name] for name in ("ranks", "all_bad", "reason", "tags")}
    vote(who, comparison, action["turn"], **said)


def _merge(who: Who, comparison: str, action: Action) -> None:
    merge(who, comparison, action["how"], model=action["model"], instruction=action["instruction"])


def _finish_merge(who: Who, comparison: str, action: Action) -> None:
    finish_guided(who, action["merge"], action["ticked"])


_ANYWHERE: Mapping[str, Callable[[Who, Action], Acted]] = {
    "start-from": _start_from,
    "save-team-as": _save_team,
    "use-team": _use_team,
    "delete-team": _delete_team,
}
_ACTS: Mapping[str, Callable[[Who, str, Action], Acted | None]] = {
    "retry": lambda who, made, action: _nothing(retry(who, made, action["pane"])),
    "swap": _swap,
    "add": lambda who, made, action: _nothing(add_pane(who, made, (action["model"], Params()))),
    "remove": lambda who, made, action: remove_pane(who, made, action["pane"]),
    "continue-with": _continue_with,
    "attached": lambda who, made, action: attach(who, made, action["attached"]),
    "reply": lambda who, made, action: _nothing(chat_act.act(who, made, action)),
    "reveal": lambda who, made, action: reveal(who, made),
    "vote": _vote,
    "undo-vote": lambda who, made, action: undo_vote(who, made, action["turn"]),
    "merge": _merge,
    "finish-merge": _finish_merge,
    "retry-merge": lambda who, made, action: _nothing(retry_merge(who, action["merge"])),
    "remove-merge": lambda who, made, action: remove_merge(who, action["merge"]),
    "use-merge": lambda who, made, action: Acted(conversation=use_merge(who, action["merge"])),
}


def _nothing(_: object) -> None:
    """What came of it shows when the page is drawn."""
