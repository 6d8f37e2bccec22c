"""`hub user`: accounts from the terminal, for when nobody can sign in any more."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from hub import people
from hub.cli import app

Run = Callable[..., Result]


@pytest.fixture
def hub(mongo: str, postgres: str) -> Run:
    """`hub user WORDS` over the test's own store; `given` is what comes on its input."""
    return lambda *words, given=None: CliRunner().invoke(app, ["user", *words], input=given)


def names(hub: Run) -> list[tuple[str, str]]:
    return [(one["name"], one["role"]) for one in orjson.loads(hub("list", "--json").stdout)]


def password(printed: Result) -> str:
    return printed.stdout.split("Password: ")[1].split()[0]


def test_the_first_account_is_the_admin_and_further_ones_are_not(hub: Run) -> None:
    assert "one owner" in hub("list").stdout
    made = hub("add", "Anna")
    assert "as an admin" in made.stdout and people.sign_in("Anna", password(made))
    typed = hub("add", "Bert", "--password", given="four words in a row\n")
    assert "as a member" in typed.stdout and "Password: " not in typed.stdout
    assert people.sign_in("Bert", "four words in a row")
    refused = hub("add", "Cleo", "--password", given="short\n")
    assert refused.exit_code == 1 and "at least 10 characters" in refused.stderr
    assert names(hub) == [("Anna", "admin"), ("Bert", "member")]


def test_a_forgotten_password_is_mended(hub: Run) -> None:
    hub("add", "Anna")
    reset = hub("reset-password", "anna")
    assert "signed out everywhere" in reset.stdout and people.sign_in("Anna", password(reset))
    missing = hub("reset-password", "Nobody")
    assert missing.exit_code == 1 and "hub user list" in missing.stderr


def test_an_account_is_deleted_after_asking_and_the_last_admin_is_not(hub: Run) -> None:
    hub("add", "Anna")
    hub("add", "Bert")
    last = hub("delete", "Anna", "--yes")
    assert last.exit_code == 1 and "last admin" in last.stderr
    assert hub("role", "Bert", "king").exit_code == 2
    assert hub("role", "Bert", "admin").exit_code == 0
    assert hub("delete", "Anna", given="n\n").exit_code == 1
    assert hub("delete", "Anna", given="y\n").exit_code == 0
    assert names(hub) == [("Bert", "admin")]
