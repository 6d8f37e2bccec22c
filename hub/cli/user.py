"""`hub user`: accounts from the terminal of the machine, for when nobody can sign in any more.

No password of an admin is asked: whoever can read the data folder can read everything in it.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hub.cli.session import emit, session
from hub.db.who import Role

app = typer.Typer(help="Accounts: list, add, reset a password, change a role, delete.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the account.")]
Admin = Annotated[bool, typer.Option("--admin", help="With the rights of an admin.")]
Typed = Annotated[bool, typer.Option("--password", help="Type the password; else one is made up and printed.")]


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the accounts."""
    with session(as_json=as_json):
        from hub import people

        found = people.list_people(people.MACHINE)
    if as_json:
        emit([{"name": one.name, "role": one.role, "created_at": one.created_at, "id": one.id} for one in found])
        return
    for one in found:
        typer.echo(f"{one.name}  {one.role}  since {one.created_at.astimezone():%Y-%m-%d}")
    if not found:
        typer.echo("There are no accounts: whoever sits at this machine is the hub's one owner.")


@app.command("add")
def add(name: Name, admin: Admin = False, password: Typed = False) -> None:
    """Make an account. The first one is an admin and keeps everything that is there."""
    with session():
        from hub import people

        chosen = _ask() if password else people.made_up_password()
        if people.any_person():
            role: Role = people.create_account(people.MACHINE, name, chosen, "admin" if admin else "member").role
        else:
            role = people.create_first(name, chosen).role
    typer.echo(f"{name.strip()} can sign in now, as {'an admin' if role == 'admin' else 'a member'}.")
    _tell(chosen, password)


@app.command("reset-password")
def reset_password(name: Name, password: Typed = False) -> None:
    """Give an account a new password. It is signed out everywhere."""
    with session():
        from hub import people

        one = people.named(people.MACHINE, name)
        chosen = people.reset_password(people.MACHINE, one.id, _ask() if password else "")
    typer.echo(f"{one.name} has a new password and is signed out everywhere.")
    _tell(chosen, password)


@app.command("role")
def role(name: Name, role: Annotated[str, typer.Argument(help="admin or member")]) -> None:
    """Make someone an admin or a member."""
    if role not in ("admin", "member"):
        raise typer.BadParameter("A role is admin or member.")
    with session():
        from hub import people

        one = people.named(people.MACHINE, name)
        people.change_role(people.MACHINE, one.id, role)
    typer.echo(f"{one.name} is {'an admin' if role == 'admin' else 'a member'} now.")


@app.command("delete")
def delete(name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete an account with everything in it: conversations, files, connections, prompts. It cannot be taken back."""
    with session(postgres=True):
        from hub import people

        one = people.named(people.MACHINE, name)
        if not yes:
            typer.confirm(f"Delete {one.name} with all conversations, files, connections and prompts?", abort=True)
        people.delete_account(people.MACHINE, one.id)
    typer.echo(f"{one.name} is deleted, with everything in that account.")


def _ask() -> str:
    """The password that a person types twice, or the line that a script gives."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))


def _tell(password: str, typed: bool) -> None:
    if not typed:
        typer.echo(f"Password: {password}\nIt is stored nowhere. Change it under Settings, Account.")
