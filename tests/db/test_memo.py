"""What is remembered is never older than a write of this process."""

from __future__ import annotations

from hub.db.memo import Memo


def test_a_value_is_read_once_until_its_owner_writes() -> None:
    memo, reads = Memo[int](), [0]

    def read() -> int:
        reads[0] += 1
        return reads[0]

    assert [memo.get("a", "key", read), memo.get("a", "key", read)] == [1, 1]
    assert memo.get("b", "key", read) == 2
    memo.drop("a")
    assert [memo.get("a", "key", read), memo.get("b", "key", read)] == [3, 2]


def test_it_lasts_its_seconds() -> None:
    memo = Memo[int](seconds=0)
    assert [memo.get("a", "key", lambda: 1), memo.get("a", "key", lambda: 2)] == [1, 2]


def test_what_was_read_before_a_write_is_not_kept() -> None:
    memo = Memo[str]()

    def read() -> str:
        memo.drop("a")  # a write lands while the row is on its way
        return "old"

    assert memo.get("a", "key", read) == "old"
    assert memo.get("a", "key", lambda: "new") == "new"
