"""What people got when they signed in somewhere: encrypted in a collection, each for one person, renewed once."""

from __future__ import annotations

from threading import Lock

import orjson

from hub.db.indexes import Index
from hub.db.mongo import collection, now, reachable
from hub.db.secrets import decrypt, encrypt
from hub.oauth.grant import Kept, renewed


class Keeper:
    """The sign-ins of people at things of one sort: `name` is the collection {_id "THING:PERSON", `of`: thing, owner:
    person, sealed}."""

    def __init__(self, name: str, of: str) -> None:
        self._name, self._of = name, of
        self._locks: dict[tuple[str, str], Lock] = {}

    @property
    def indexes(self) -> list[Index]:
        """What its collection is found by."""
        return [(self._name, [("owner", 1)], {}), (self._name, [(self._of, 1)], {})]

    def read(self, thing: str, person: str) -> Kept | None:
        """What is kept for a person; None when they are not signed in."""
        with reachable():
            row = collection(self._name).find_one({"_id": f"{thing}:{person}"})
        return Kept(**orjson.loads(decrypt(row["sealed"]))) if row else None

    def write(self, thing: str, person: str, kept: Kept) -> None:
        """Keeps a sign-in, encrypted."""
        fields = {name: getattr(kept, name) for name in Kept.__slots__}
        sealed = encrypt(orjson.dumps(fields).decode())
        row = {self._of: thing, "owner": person, "sealed": sealed, "updated_at": now()}
        with reachable():
            collection(self._name).update_one({"_id": f"{thing}:{person}"}, {"$set": row}, upsert=True)

    def drop(self, thing: str, person: str) -> None:
        """Forgets a sign-in."""
        with reachable():
            collection(self._name).delete_one({"_id": f"{thing}:{person}"})

    def drop_all(self, thing: str) -> None:
        """Forgets everybody's sign-in at one thing."""
        with reachable():
            collection(self._name).delete_many({self._of: thing})

    def leave(self, person: str) -> None:
        """Forgets all sign-ins of a person."""
        with reachable():
            collection(self._name).delete_many({"owner": person})

    def fresh(self, thing: str, person: str, *, private: bool, refused: str = "") -> Kept | None:
        """A sign-in whose token lasts and is not the one that was `refused`, renewed if need be; None when the person
        has to sign in. Another process may have renewed it: then that one is taken. Raises NoAnswer, SignInFailed."""
        kept = self.read(thing, person)
        if kept is None or _good(kept, refused):
            return kept
        with self._locks.setdefault((thing, person), Lock()):
            kept = self.read(thing, person)
            if kept is None or _good(kept, refused):
                return kept
            fresh = renewed(kept, private=private)
            if fresh is None:
                again = self.read(thing, person)
                return again if again and again.bearer != kept.bearer else None
            self.write(thing, person, fresh)
            return fresh


def _good(kept: Kept, refused: str) -> bool:
    return kept.bearer != refused and kept.lasts
