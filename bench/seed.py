"""Stored conversations for benchmarks, written straight into the store in the shape that chat writes."""

from __future__ import annotations

from datetime import timedelta

from bson import ObjectId

from hub.chat.conversations import new_document
from hub.db.mongo import collection, now
from hub.db.who import OWNER

PLAIN = "A paragraph of ordinary length, with **bold** words, a `name`, and enough text to fill two lines of a column. "
RICH = """Here is what it comes to:

| step | cost | gain |
|---|---:|---:|
| first | 12 | 3 |
| second | 7 | 5 |

```python
def fold(values: list[int]) -> int:
    total = 0
    for value in values:
        total += value * 2
    return total
```

And a formula, $a^2 + b^2 = c^2$, to end with.
"""


def conversation(messages: int, title: str = "A long conversation") -> str:
    """A conversation of one branch; every tenth message has a table, code and a formula. Answers its id."""
    own, began = ObjectId(), now() - timedelta(days=1)
    ids = [ObjectId() for _ in range(messages)]
    rows = [
        {
            "_id": id_,
            "owner": OWNER.id,
            "conversation": own,
            "parent": ids[n - 1] if n else None,
            "depth": n,
            "role": "assistant" if n % 2 else "user",
            "text": f"Message {n}. " + (RICH if n % 10 == 9 else PLAIN * (3 if n % 2 else 1)),
            "status": "done",
            "created_at": began + timedelta(seconds=n),
        }
        for n, id_ in enumerate(ids)
    ]
    for start in range(0, messages, 500):
        collection("messages").insert_many(rows[start : start + 500])
    _insert([_row(own, title, ids[-1] if ids else None, 0)])
    return str(own)


def conversations(count: int) -> None:
    """`count` empty conversations, one an hour back from now."""
    _insert([_row(ObjectId(), f"Conversation number {n} with a title", None, n) for n in range(count)])


def _row(own: ObjectId, title: str, head: ObjectId | None, hours_ago: int) -> dict[str, object]:
    when = now() - timedelta(hours=hours_ago)
    made = new_document("", {}, title=title) | {"created_at": when, "updated_at": when}
    return {**made, "_id": own, "owner": OWNER.id, "head": head}


def _insert(rows: list[dict[str, object]]) -> None:
    collection("conversations").insert_many(rows)
