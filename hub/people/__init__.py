"""People: accounts, signing in, sessions. Synchronous; a password costs some 50 ms, so keep it off event loops.

A hub on loopback without accounts has one owner, signed in. As soon as there is an account, or the hub listens
elsewhere, or HUB_AUTH=on, people sign in.
"""

from hub.people.accounts import (
    MACHINE,
    change_password,
    change_role,
    create_account,
    create_first,
    list_people,
    meant,
    named,
    names,
    on_this_machine,
    reset_password,
)
from hub.people.keys import create as create_api_key
from hub.people.keys import holder as api_key_holder
from hub.people.keys import listed as api_keys
from hub.people.keys import living
from hub.people.keys import revoke as revoke_api_key
from hub.people.leave import delete_account
from hub.people.passwords import made_up as made_up_password
from hub.people.records import ApiKey, NotAllowed, Person, Session, SignInRefused, TooManyAttempts
from hub.people.setup import setup_token, token_fits
from hub.people.signin import begin_session, revoke, sessions, sign_in, sign_out, who_has
from hub.people.store import INDEXES, any_person, purge

__all__ = [
    "INDEXES",
    "MACHINE",
    "ApiKey",
    "NotAllowed",
    "Person",
    "Session",
    "SignInRefused",
    "TooManyAttempts",
    "any_person",
    "api_key_holder",
    "api_keys",
    "begin_session",
    "change_password",
    "change_role",
    "create_account",
    "create_api_key",
    "create_first",
    "delete_account",
    "list_people",
    "living",
    "made_up_password",
    "meant",
    "named",
    "names",
    "on_this_machine",
    "purge",
    "reset_password",
    "revoke",
    "revoke_api_key",
    "sessions",
    "setup_token",
    "sign_in",
    "sign_out",
    "token_fits",
    "who_has",
]
