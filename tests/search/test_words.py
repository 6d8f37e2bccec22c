"""Languages, and words in scripts that have no spaces."""

from __future__ import annotations

import pytest

from hub.search.words import PLAIN, cut, language


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The weather is fine and we go out for a long walk", "english"),
        ("Das Wetter ist heute schön und wir gehen hinaus", "german"),
        ("Le refuge est ouvert toute la nuit pendant l'été", "french"),
        ("Сегодня хорошая погода, и мы идём гулять в парк", "russian"),
        ("今日は天気がいいので散歩に行きましょう、それから帰ります", PLAIN),
        ("ok", "german"),
        ("", "german"),
    ],
)
def test_the_language_of_a_text(text: str, name: str) -> None:
    assert language(text, otherwise="german") == name


def test_scripts_without_spaces_become_pairs() -> None:
    assert cut("東京都").split() == ["東京", "京都"]
    assert cut("see 東京 now").split() == ["see", "東京", "now"]
    assert cut("猫").split() == ["猫"]
    assert cut("\uff48\uff49\0there").split() == ["hi", "there"]
