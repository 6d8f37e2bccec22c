"""What people decide about tools: rules of their own, and of administrators for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.tools import store
from hub.tools.records import Rule
from hub.turns import Permission

MOST_RULES = 500
LONGEST = 500


def rules(who: Who) -> list[Rule]:
    """The rules that hold for `who`: their own and those of administrators."""
    return store.rules(who)


def set_rule(
    who: Who,
    tool: str,
    permission: Permission,
    *,
    arguments: Mapping[str, str] | None = None,
    conversation: str = "",
    version: str = "",
) -> Rule:
    """Decides for `who` what happens with calls of a tool; `hub.tools.records.Rule` says what the words mean. Raises
    BadInput for a pattern that is empty or too long, or when there are too many rules."""
    rule = _checked(tool, permission, arguments, conversation, version)
    if len([one for one in store.rules(who) if one.by == "person"]) >= MOST_RULES:
        raise BadInput(f"There are {MOST_RULES} rules already.", hint="Remove some on the page of tools.")
    return store.put_rule(who.id, rule)


def drop_rule(who: Who, rule: str) -> None:
    """Takes a decision of `who` back; raises NotFound."""
    store.drop_rule(who.id, rule)


def set_for_everybody(
    who: Who, tool: str, permission: Permission, *, arguments: Mapping[str, str] | None = None
) -> Rule:
    """Decides for everybody; people can only be stricter. Raises HubError for who is no administrator."""
    _need_admin(who)
    return store.put_rule(store.EVERYBODY, _checked(tool, permission, arguments, "", ""))


def drop_for_everybody(who: Who, rule: str) -> None:
    """Takes a decision for everybody back."""
    _need_admin(who)
    store.drop_rule(store.EVERYBODY, rule)


def _need_admin(who: Who) -> None:
    if who.role != "admin":
        raise HubError("Only an administrator decides for everybody.", kind="not_allowed")


def _checked(
    tool: str, permission: Permission, arguments: Mapping[str, str] | None, conversation: str, version: str
) -> Rule:
    given = dict(arguments or {})
    for text in (tool, *given, *given.values()):
        if not text.strip() or len(text) > LONGEST:
            raise BadInput(f"A pattern has 1 to {LONGEST} characters.")
    if permission not in ("always", "ask", "never"):
        raise BadInput(f"There is no permission “{permission}”.", hint="There are always, ask and never.")
    return Rule("", tool, permission, given, conversation, version)
