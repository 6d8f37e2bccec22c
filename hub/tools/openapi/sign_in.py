"""Each person's own sign-in at an interface: the way to its provider and back, and the token for a call."""

from __future__ import annotations

from typing import Any

from hub import oauth
from hub.db.who import Who
from hub.errors import BadInput
from hub.oauth import SignInFailed
from hub.settings import settings
from hub.tools.openapi import store
from hub.tools.openapi.reach import may_reach, reaches_private
from hub.tools.openapi.records import Access, Api

SIGN_IN_PATH = "/api/tools/oauth"


def way_back(origin: str) -> str:
    """The address that people come back to, which is registered at an identity provider; `origin` is where the hub is
    reached now, if no setting says so."""
    return f"{settings().public_url.rstrip('/') or origin}{SIGN_IN_PATH}/callback"


def begin(who: Who, api: str, redirect: str) -> str:
    """The address where the person signs in; from there they come back to `redirect`. Raises NotFound, BadInput."""
    found, access = store.get(who, api), store.access(who, api)
    if access.how != "authorization_code":
        raise BadInput(f"{found.name} asks for no sign-in.", hint="Use it as it is.")
    where = {"client_id": access.user, "url": access.authorize_url, "redirect": redirect, "scope": access.scope}
    return oauth.begin(who, found.id, **where)


def finish(who: Who, state: str, code: str, error: str = "") -> Api:
    """The person is back; keeps what they got. Raises BadInput for a way back that they did not start, SignInFailed
    with what the provider says is wrong."""
    back = oauth.came_back(who, state)
    api, access = store.get(who, back.about), store.access(who, back.about)
    if error or not code:
        said = f"Signing in at {api.name} was refused: {error or 'no code came'}."
        raise SignInFailed(said, hint="Nothing was changed. Try again, or ask who runs it.")
    may_reach(access.token_url)
    kept = oauth.exchanged(_client(access), access.token_url, code, back, private=reaches_private(api))
    store.keeper.write(api.id, who.id, kept)
    return api


def signed_in(who: Who, api: Api) -> bool | None:
    """Whether a person is signed in at an interface; None where nobody signs in."""
    return store.keeper.read(api.id, who.id) is not None if api.how == "authorization_code" else None


def sign_out(who: Who, api: str) -> None:
    """Forgets the person's sign-in. Raises NotFound."""
    store.keeper.drop(store.get(who, api).id, who.id)


def bearer(who: Who, api: Api, *, private: bool, refused: str = "") -> str:
    """The person's token for a call, another than the one that was `refused`. Raises SignInFailed, NoAnswer."""
    kept = store.keeper.fresh(api.id, who.id, private=private, refused=refused)
    if kept is None:
        store.keeper.drop(api.id, who.id)  # what cannot be renewed is of no more use
        raise SignInFailed(
            f"You have to sign in at {api.name} first.", hint="Sign in under Tools, Web search and interfaces."
        )
    return kept.bearer


def _client(access: Access) -> dict[str, Any]:
    method = "client_secret_basic" if access.secret else "none"
    return {"client_id": access.user, "client_secret": access.secret, "token_endpoint_auth_method": method}
