"""Accounts, passwords, sessions, attempts."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from hub import people
from hub.db.mongo import collection, now
from hub.db.who import OWNER, Who
from hub.errors import BadInput, HubError, NotFound
from hub.people import signin

PASSWORD = "four words in a row"


@pytest.fixture
def anna(house: str) -> Who:
    return people.create_first("Anna", PASSWORD)


def test_the_first_account_is_an_admin_and_keeps_what_the_owner_had(anna: Who) -> None:
    assert anna == Who(OWNER.id, "Anna", "admin")
    assert people.any_person()
    with pytest.raises(BadInput, match="exists already"):
        people.create_first("Eve", PASSWORD)


def test_of_many_first_accounts_at_once_one_wins(house: str) -> None:
    made: list[Who] = []
    refused: list[HubError] = []

    def claim(name: str) -> None:
        try:
            made.append(people.create_first(name, PASSWORD))
        except HubError as error:
            refused.append(error)

    threads = [threading.Thread(target=claim, args=(f"p{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(refused) == 3


def test_an_admin_makes_accounts_and_others_do_not(anna: Who) -> None:
    bert = people.create_account(anna, "Bert", PASSWORD)
    assert bert.role == "member"
    assert [p.name for p in people.list_people(anna)] == ["Anna", "Bert"]
    member = Who(bert.id, bert.name, bert.role)
    for act in (lambda: people.list_people(member), lambda: people.create_account(member, "Cleo", PASSWORD)):
        with pytest.raises(people.NotAllowed):
            act()
    with pytest.raises(BadInput, match="taken"):
        people.create_account(anna, " BERT ", PASSWORD)


@pytest.mark.parametrize("password", ["short", "a" * 20, "x" * 300])
def test_weak_passwords_are_refused(house: str, password: str) -> None:
    with pytest.raises(BadInput, match="password"):
        people.create_first("Anna", password)
    assert not people.any_person()


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "An\x00na", "An\u202ena"])
def test_names_that_nobody_can_read_are_refused(house: str, name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        people.create_first(name, PASSWORD)


def test_a_session_lasts_until_it_is_ended(anna: Who) -> None:
    token, who = people.sign_in("anna", PASSWORD, device="Mozilla/5.0 (X11; Linux) Firefox/150.0", address="10.0.0.1")
    assert who == anna and people.who_has(token) == anna
    [session] = people.sessions(anna, token=token)
    assert (session.device, session.address, session.current) == ("Firefox on Linux", "10.0.0.1", True)
    people.sign_out(token)
    assert people.who_has(token) is None
    assert people.sessions(anna) == []


def test_the_store_never_holds_a_token_or_a_password(anna: Who) -> None:
    token, _ = people.sign_in("Anna", PASSWORD)
    kept = [str(row) for name in ("people", "sessions") for row in collection(name).find({})]
    assert not any(token in row or PASSWORD in row for row in kept)
    assert collection("people").find_one({})["password"].startswith("$argon2id$")  # type: ignore[index]


def test_a_session_is_revoked_from_elsewhere_by_its_owner_only(anna: Who) -> None:
    bert = people.create_account(anna, "Bert", PASSWORD)
    token, _ = people.sign_in("Anna", PASSWORD)
    [session] = people.sessions(anna)
    with pytest.raises(NotFound):
        people.revoke(Who(bert.id, "Bert"), session.id)
    assert people.who_has(token) == anna
    people.revoke(anna, session.id)
    assert people.who_has(token) is None


def test_an_idle_session_expires_and_a_used_one_does_not(anna: Who) -> None:
    token, _ = people.sign_in("Anna", PASSWORD)
    past = now() - timedelta(days=29)
    collection("sessions").update_many({}, {"$set": {"seen_at": past, "expires_at": past + timedelta(days=30)}})
    assert people.who_has(token, address="10.0.0.2") == anna
    [session] = people.sessions(anna)
    assert session.seen_at > past and session.address == "10.0.0.2"
    collection("sessions").update_many({}, {"$set": {"expires_at": now() - timedelta(seconds=1)}})
    assert people.who_has(token) is None and people.sessions(anna) == []
    people.purge()
    assert collection("sessions").count_documents({}) == 0


def test_a_new_password_ends_the_other_sessions(anna: Who) -> None:
    here, _ = people.sign_in("Anna", PASSWORD)
    there, _ = people.sign_in("Anna", PASSWORD)
    current = next(s.id for s in people.sessions(anna, token=here) if s.current)
    with pytest.raises(people.SignInRefused):
        people.change_password(anna, "not the password", "another four words")
    people.change_password(anna, PASSWORD, "another four words", keep_session=current)
    assert people.who_has(here) == anna and people.who_has(there) is None
    with pytest.raises(people.SignInRefused):
        people.sign_in("Anna", PASSWORD)
    people.sign_in("Anna", "another four words")


def test_wrong_name_and_wrong_password_look_the_same(anna: Who) -> None:
    with pytest.raises(people.SignInRefused) as wrong:
        people.sign_in("Anna", "wrong password")
    with pytest.raises(people.SignInRefused) as nobody:
        people.sign_in("Nobody", "wrong password")
    assert wrong.value.record() == nobody.value.record()


def test_attempts_are_limited_by_name_and_by_address(anna: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_NAME", 3)
    monkeypatch.setattr(signin, "PER_ADDRESS", 5)
    for _ in range(3):
        with pytest.raises(people.SignInRefused):
            people.sign_in("Anna", "wrong password", address="10.0.0.1")
    with pytest.raises(people.TooManyAttempts, match="Try again in"):
        people.sign_in("Anna", PASSWORD, address="10.0.0.2")
    for name in ("x", "y"):
        with pytest.raises(people.SignInRefused):
            people.sign_in(name, "wrong password", address="10.0.0.1")
    with pytest.raises(people.TooManyAttempts):
        people.sign_in("z", "wrong password", address="10.0.0.1")


def test_right_passwords_are_not_counted(anna: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "PER_NAME", 2)
    monkeypatch.setattr(signin, "PER_ADDRESS", 2)
    for _ in range(3):
        people.sign_in("Anna", PASSWORD, address="10.0.0.1")
    with pytest.raises(people.SignInRefused):
        people.sign_in("Anna", "wrong password", address="10.0.0.1")
    people.sign_in("Anna", PASSWORD, address="10.0.0.1")


def test_the_setup_token_is_one_for_the_data_folder_and_goes_with_the_first_account(house: str) -> None:
    token = people.setup_token()
    assert people.setup_token() == token and len(token) > 20
    assert people.token_fits(f" {token}\n") and not people.token_fits("") and not people.token_fits("é")
    people.create_first("Anna", PASSWORD)
    assert people.setup_token() != token
