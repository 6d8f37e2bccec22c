"""Accounts: making them, listing them, changing passwords and roles."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hub.db.mongo import Document
from hub.db.who import OWNER, Role, Who
from hub.errors import BadInput, NotFound
from hub.people import passwords, signin, store
from hub.people.attempts import forget, limited
from hub.people.records import NotAllowed, Person, SignInRefused
from hub.people.setup import end_setup

LONGEST_NAME = 60
MACHINE = Who("", "this machine", "admin")
"""Whoever works at the hub's own terminal: no account, and the rights of an admin."""


def create_first(name: str, password: str) -> Who:
    """The first account, an admin. It takes over what the hub's one owner had before there were accounts.

    Raises BadInput when there is one already, or for a name or password that will not do. Who may call this at all is
    the setup token's business.
    """
    if store.any_person():
        raise BadInput("The first account exists already.", hint="Sign in, or ask its owner.")
    _check_name(name)
    passwords.check_rules(password)
    row = store.insert_person(name, "admin", passwords.hashed(password), first=True)
    end_setup()
    return _who(row)


def create_account(who: Who, name: str, password: str, role: Role = "member") -> Person:
    """A further account, made by an admin; raises NotAllowed and BadInput."""
    check_admin(who)
    if not store.any_person():
        raise BadInput("The first account is made on the setup page.", hint="Open /setup.")
    _check_name(name)
    passwords.check_rules(password)
    return _person(store.insert_person(name, role, passwords.hashed(password), first=False))


def change_password(who: Who, old: str, new: str, *, keep_session: str = "") -> None:
    """Sets a new password and ends every other session of the person; `keep_session` is the public id that stays.

    Raises SignInRefused when `old` is wrong, TooManyAttempts when it was wrong too often, and BadInput
    when `new` will not do.
    """
    row = store.person(who.id)
    if row is None:
        raise NotFound("There is no such account.")
    with limited((f"password:{who.id}", signin.PER_NAME)):
        if not passwords.fits(row["password"], old):
            raise SignInRefused("The present password is not right.", hint="Nothing was changed.")
    passwords.check_rules(new)
    store.set_password(who, passwords.hashed(new))
    others = [store.public_id(row["_id"]) for row in store.sessions(who)]
    store.delete_sessions(who, ids=[id_ for id_ in others if id_ != keep_session])


def list_people(who: Who) -> list[Person]:
    """All accounts by name, for an admin; raises NotAllowed."""
    check_admin(who)
    return [_person(row) for row in store.people()]


def reset_password(who: Who, id_: str, password: str = "") -> str:
    """Gives an account a new password and ends all its sessions, for an admin; without `password` one is made up.

    Returns the password, which is stored nowhere. Raises NotAllowed, NotFound and BadInput.
    """
    check_admin(who)
    row = _row(id_)
    password = password or passwords.made_up()
    passwords.check_rules(password)
    store.set_password(_who(row), passwords.hashed(password))
    store.delete_all_sessions(_who(row))
    forget(row["name"])
    return password


def change_role(who: Who, id_: str, role: Role) -> None:
    """Makes someone an admin or a member, for another admin; raises NotAllowed, NotFound and BadInput.

    It is counted afterwards, so that of two admins who demote each other at the same time none is left out.
    """
    check_admin(who)
    row = _row(id_)
    if id_ == who.id:
        raise BadInput("You cannot change your own role.", hint="Another admin can.")
    store.set_role(id_, role)
    if not store.admins():
        store.set_role(id_, row["role"])
        raise BadInput(f"{row['name']} is the last admin.", hint="Make someone else an admin first.")


def named(who: Who, name: str) -> Person:
    """The account of a name, for an admin; raises NotAllowed and NotFound."""
    check_admin(who)
    row = store.person_named(name)
    if row is None:
        raise NotFound(f"There is no account {name!r}.", hint="`hub user list` names them all.")
    return _person(row)


def meant(who: Who, names: Sequence[str]) -> dict[str, str]:
    """Names by id of the accounts that a signed-in person means by these names, to share something with them: nobody
    is listed who was not named. Raises NotFound with those that there are not."""
    rows = {name: store.person_named(name) for name in names}
    if gone := [name for name, row in rows.items() if row is None]:
        raise NotFound(f"There is no account named {', '.join(gone)}.", hint="A name is written as its owner signs in.")
    return {row["_id"]: row["name"] for row in rows.values() if row is not None}


def names(who: Who, ids: Sequence[str]) -> dict[str, str]:
    """The names of accounts by their ids, for whoever shares something with them; those that are gone are left out."""
    rows = (store.person(id_) for id_ in ids)
    return {row["_id"]: row["name"] for row in rows if row is not None}


def on_this_machine(name: str = "") -> Who:
    """Who a command works for: the account of that name, else the owner, who has the first account once there is one,
    or the oldest admin when that account was deleted.

    No password is asked: whoever can read the data folder can read everything in it. Raises NotFound.
    """
    row = store.person_named(name) if name else store.person(OWNER.id) or next(iter(store.admins()), None)
    if name and row is None:
        raise NotFound(f"There is no account {name!r}.")
    return _who(row) if row else OWNER


def _check_name(name: str) -> None:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A name has 1 to {LONGEST_NAME} characters.")
    if any(unicodedata.category(char).startswith("C") for char in name):
        raise BadInput("The name has characters that cannot be seen.")


def check_admin(who: Who) -> None:
    """Raises NotAllowed for anyone but an admin."""
    if who.role != "admin":
        raise NotAllowed("Only an admin can do that.")


def _row(id_: str) -> Document:
    row = store.person(id_)
    if row is None:
        raise NotFound("There is no such account.")
    return row


def _who(row: Document) -> Who:
    return Who(row["_id"], row["name"], row["role"])


def _person(row: Document) -> Person:
    return Person(row["_id"], row["name"], row["role"], row["created_at"], leaving=bool(row.get("leaving")))
