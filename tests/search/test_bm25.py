"""Ranking catalogues by words."""

from __future__ import annotations

from hub.search.bm25 import Bm25, words


def test_words_are_parts_of_names_without_their_endings():
    assert words("getHTTPResponse") == words("get http response")
    assert words("list_open_issues") == words("List open issue")
    assert words("Größe über 2026") == ["größe", "über", "2026"]


def test_what_shares_no_word_has_nothing():
    scores = Bm25(["create_issue: opens an issue", "send mail to people"]).scores("creating issues")
    assert scores[0] > 0 and scores[1] == 0


def test_nothing_to_look_for_and_nowhere():
    assert list(Bm25(["a b", ""]).scores("mail")) == [0, 0]
    assert list(Bm25(["mail"]).scores("of the")) == [0]
    assert list(Bm25([]).scores("mail")) == []
