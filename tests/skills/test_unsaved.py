"""What is being written and not saved yet."""

from __future__ import annotations

import pytest

from hub import skills
from hub.errors import BadInput
from hub.skills import store
from hub.skills.records import Unsaved
from tests.skills.conftest import ANNA, BEN, written

pytestmark = pytest.mark.usefixtures("skills")


def test_one_text_a_person_and_skill() -> None:
    tea = written("brew-tea")
    skills.keep(ANNA, tea, Unsaved("one", 1))
    skills.keep(ANNA, tea, Unsaved("two", 1))
    skills.keep(ANNA, "", Unsaved("new", from_chat=True))
    found, new = skills.unsaved(ANNA, tea), skills.unsaved(ANNA, "")
    assert found and (found.text, found.base) == ("two", 1)
    assert new and new.from_chat
    assert skills.unsaved(BEN, tea) is None and skills.unsaved(BEN, "") is None
    skills.drop(BEN, tea)
    assert skills.unsaved(ANNA, tea)
    skills.drop(ANNA, tea)
    assert skills.unsaved(ANNA, tea) is None and skills.unsaved(ANNA, "")


def test_it_goes_with_the_person_and_too_much_is_refused() -> None:
    skills.keep(ANNA, "", Unsaved("new"))
    store.remove_person(ANNA)
    assert skills.unsaved(ANNA, "") is None
    with pytest.raises(BadInput, match="too long"):
        skills.keep(ANNA, "", Unsaved("x" * 1_000_001))
