"""What judges have replied, so that the same judge is not asked the same again.

`eval_replies` {_id: owner and question, owner, run, text, finish, at}. Only replies that could be read are kept; they
go with the run that they were asked for.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict

import orjson

from hub.db.indexes import Index
from hub.db.mongo import collection, now, reachable
from hub.db.who import Who
from hub.evals.records import RunModel
from hub.models.types import Answer, ChatRequest

INDEXES: list[Index] = [("eval_replies", [("owner", 1), ("run", 1)], {})]


def key(judge: RunModel, request: ChatRequest, repeat: int) -> str:
    """What a judge is asked, exactly, as one word: every text in its order, the parameters, which judge where, and the
    repeat, since repeats are judged each."""
    said = [(one.role, one.text) for one in request.messages]
    asked = [judge.address, judge.model, asdict(request.params), said, repeat]
    return hashlib.sha256(orjson.dumps(asked)).hexdigest()


def find(who: Who, key: str) -> Answer | None:
    """The reply to exactly this."""
    with reachable():
        found = collection("eval_replies").find_one({"_id": f"{who.id}:{key}"})
    return None if found is None else Answer(found["text"], "", (), None, found["finish"])


def keep(who: Who, run_id: str, key: str, reply: Answer) -> None:
    """Keeps a reply, in place of an earlier one."""
    name = f"{who.id}:{key}"
    kept = {"_id": name, "owner": who.id, "run": run_id, "text": reply.text, "finish": reply.finish, "at": now()}
    with reachable():
        collection("eval_replies").replace_one({"_id": name}, kept, upsert=True)
