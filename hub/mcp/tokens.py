"""What a person got when they signed in at a server, encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from hub.db.mongo import collection, now, reachable
from hub.db.secrets import decrypt, encrypt


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """What is kept of a sign-in. `expires_at` is a Unix time, 0 when the token says nothing."""

    tokens: dict[str, Any]
    client: dict[str, Any]
    expires_at: float = 0.0
    token_url: str = ""
    revoke_url: str = ""
    resource: str = ""

    @property
    def bearer(self) -> str:
        """The token that goes with requests."""
        return str(self.tokens.get("access_token", ""))


def read(server: str, person: str) -> Kept | None:
    """What is kept for a person; None when they are not signed in."""
    with reachable():
        row = collection("mcp_tokens").find_one({"_id": f"{server}:{person}"})
    return Kept(**orjson.loads(decrypt(row["sealed"]))) if row else None


def write(server: str, person: str, kept: Kept) -> None:
    """Keeps a sign-in, encrypted."""
    fields = {name: getattr(kept, name) for name in Kept.__slots__}
    sealed = encrypt(orjson.dumps(fields).decode())
    row = {"server": server, "owner": person, "sealed": sealed, "updated_at": now()}
    with reachable():
        collection("mcp_tokens").update_one({"_id": f"{server}:{person}"}, {"$set": row}, upsert=True)


def drop(server: str, person: str) -> None:
    """Forgets a sign-in."""
    with reachable():
        collection("mcp_tokens").delete_one({"_id": f"{server}:{person}"})


def drop_all(server: str) -> None:
    """Forgets everybody's sign-in at a server."""
    with reachable():
        collection("mcp_tokens").delete_many({"server": server})
