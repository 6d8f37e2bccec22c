"""Writing strictly, versions with what changed between them, going back, and nobody touching another's skills."""

from __future__ import annotations

from pathlib import Path

import pytest
from bson import ObjectId

from hub import skills
from hub.db.mongo import now
from hub.errors import BadInput, HubError, NotFound
from hub.skills import plugin, store
from hub.skills.records import Mode
from hub.skills.write import UNDO
from tests.skills.conftest import ANNA, BEN, BOSS, given, md, turn, written

pytestmark = pytest.mark.usefixtures("skills")


def test_a_skill_is_written_strictly() -> None:
    made = skills.create(ANNA, md())
    assert (made.skill.name, made.mode, made.mine) == ("brew-tea", "on", True)
    with pytest.raises(BadInput, match="already"):
        skills.create(ANNA, md())
    for text, why in ((md("Brew"), "capital"), (md(more="effort: high\n"), "no field"), ("# Tea", "does not begin")):
        with pytest.raises(BadInput, match=why):
            skills.create(ANNA, text)
    assert skills.problems(md()) == []
    assert [one.code for one in skills.problems("# Tea")] == ["unreadable"]
    assert skills.problems(skills.template()) == []


def test_every_change_is_a_version_and_an_old_one_comes_back() -> None:
    tea = written("brew-tea", references__green="80 degrees")
    saved = skills.save(ANNA, tea, md(body="Boil more."), {"references/black.md": b"95"})
    assert (saved.skill.version, [one.path for one in saved.skill.files]) == (2, ["references/black.md"])
    assert skills.save(ANNA, tea, md(body="Boil more.")).skill.version == 2  # nothing changed
    changes = {one.path: one for one in skills.diff(ANNA, tea, 1, 2)}
    assert {path: one.change for path, one in changes.items()} == {
        "SKILL.md": "changed",
        "references/black.md": "added",
        "references/green.md": "removed",
    }
    assert "-Boil." in changes["SKILL.md"].diff
    assert "+Boil more." in changes["SKILL.md"].diff
    back = skills.rollback(ANNA, tea, 1)
    assert (back.skill.version, [one.path for one in back.skill.files]) == (3, ["references/green.md"])
    assert skills.files(ANNA, tea)["references/green.md"] == b"80 degrees"
    assert [(one.number, one.why) for one in skills.versions(ANNA, tea)] == [
        (3, "version 1 brought back"),
        (2, "edited here"),
        (1, "from an archive: some.zip"),
    ]
    assert skills.diff(ANNA, tea, 1, 3) == ()
    with pytest.raises(BadInput, match="is used"):
        skills.rollback(ANNA, tea, 3)
    with pytest.raises(NotFound):
        skills.rollback(ANNA, tea, 9)


def test_two_who_edit_do_not_overwrite_each_other() -> None:
    tea = written("brew-tea")
    skills.save(ANNA, tea, md(body="First."), base=1)
    with pytest.raises(BadInput, match="changed elsewhere"):
        skills.save(ANNA, tea, md(body="Second."), base=1)
    assert "First." in skills.version(ANNA, tea).text


def test_of_two_changes_at_the_same_moment_one_is_refused() -> None:
    tea = written("brew-tea")
    row = {
        "_id": ObjectId(),
        "owner": "anna",
        "skill": ObjectId(tea),
        "number": 2,
        "text": md(),
        "files": [],
        "at": now(),
    }
    with store.reachable():
        store.collection("skill_versions").insert_one(row)
    with pytest.raises(BadInput, match="at the same moment"):
        skills.save(ANNA, tea, md(body="Mine."))
    assert skills.get(ANNA, tea).skill.version == 1


def test_a_skill_is_renamed_to_a_free_name() -> None:
    tea = written("brew-tea")
    written("brew-coffee", "Brews coffee.")
    assert skills.save(ANNA, tea, md("make-tea")).skill.name == "make-tea"
    with pytest.raises(BadInput, match="another skill"):
        skills.save(ANNA, tea, md("brew-coffee"))


def test_a_changed_skill_is_searched_and_shown_as_it_is_now() -> None:
    tea = written("brew-tea")
    skills.save(ANNA, tea, md(description="Prepares infusions."))
    assert [one.name for one in skills.rank(skills.visible(ANNA), "infusion")] == ["brew-tea"]
    assert "infusions" in plugin.chat_context(turn())[0].text


def test_nobody_touches_another_s_skills(tmp_path: Path) -> None:
    tea = written("brew-tea", references__green="80")
    acts = (
        lambda: skills.get(BEN, tea),
        lambda: skills.version(BEN, tea),
        lambda: skills.versions(BEN, tea),
        lambda: skills.files(BEN, tea),
        lambda: skills.switch(BEN, tea, "on"),
        lambda: skills.share(BOSS, tea, "on"),
        lambda: skills.save(BEN, tea, md()),
        lambda: skills.rollback(BEN, tea, 1),
        lambda: skills.delete(BEN, tea),
        lambda: skills.as_zip(BEN, tea),
        lambda: skills.as_folder(BEN, tea, tmp_path),
        lambda: skills.updates(BEN, tea),
        lambda: skills.diff(BEN, tea, 1, 1),
    )
    for act in acts:
        with pytest.raises(HubError):
            act()
    assert skills.get(ANNA, tea).skill.version == 1
    shared = written("shared", who=BOSS)
    skills.share(BOSS, shared, "on")
    assert skills.get(BEN, shared).mine is False
    for act in (lambda: skills.save(BEN, shared, md("shared")), lambda: skills.delete(BEN, shared)):
        with pytest.raises(BadInput, match="Somebody else"):
            act()


def test_of_two_with_one_name_my_own_stands() -> None:
    theirs, mine = written("brew-tea", "Theirs.", who=BOSS), written("brew-tea", "Mine.", who=BEN)
    skills.share(BOSS, theirs, "on")
    assert [one.id for one in skills.visible(BEN)] == [mine]


def test_a_deleted_skill_leaves_nothing() -> None:
    tea = written("brew-tea", references__green="80")
    skills.delete(ANNA, tea)
    assert skills.skills(ANNA) == []
    with pytest.raises(NotFound):
        skills.get(ANNA, tea)
    written("other")
    store.change(ANNA, ObjectId(tea), {"deleted_at": now() - UNDO - UNDO})
    skills.delete(ANNA, written("more"))
    with pytest.raises(NotFound):
        skills.restore(ANNA, tea)
    with store.reachable():
        assert store.collection("skills").count_documents({"_id": ObjectId(tea)}) == 0
        for name in ("skill_versions", "skill_files", "skill_places"):
            assert store.collection(name).count_documents({"skill": {"$in": [tea, ObjectId(tea)]}}) == 0, name


def test_a_deleted_skill_comes_back() -> None:
    tea = written("brew-tea")
    skills.delete(ANNA, tea)
    other = written("brew-tea", "Another.")
    with pytest.raises(BadInput, match="another skill"):
        skills.restore(ANNA, tea)
    skills.delete(ANNA, other)
    skills.restore(ANNA, tea)
    assert [(one.skill.id, one.skill.name, one.mode) for one in skills.skills(ANNA)] == [(tea, "brew-tea", "on")]


def test_a_person_leaves_with_everything() -> None:
    tea, other = written("brew-tea", references__green="80"), written("brew-tea", who=BEN)
    plugin.chat_context(turn("$brew-tea"))
    plugin.person_deleted(ANNA)
    with store.reachable():
        for name in ("skills", "skill_versions", "skill_files", "skill_places", "skill_uses", "skill_activations"):
            assert store.collection(name).count_documents({"owner": "anna"}) == 0, name
    assert skills.get(BEN, other).skill.name == "brew-tea"
    with pytest.raises(NotFound):
        skills.get(ANNA, tea)


def test_what_was_switched_for_a_project_goes_with_it() -> None:
    tea = written("brew-tea")
    store.place(ANNA, tea, "project:p1", "always")
    plugin.project_purged(ANNA, "p1")
    assert skills.get(ANNA, tea).places == {"me": "on"}
    with pytest.raises(NotFound):
        skills.switch(ANNA, tea, "on", where="project:nowhere")


@pytest.mark.parametrize("mode", ["on", "off", "always", None])
def test_a_skill_is_switched(mode: Mode | None) -> None:
    tea = written("brew-tea")
    assert skills.switch(ANNA, tea, mode).mode == (mode or "off")


def test_names_of_skills_of_two_people_do_not_meet() -> None:
    given({"a/SKILL.md": md("a")}, ANNA)
    [one] = given({"a/SKILL.md": md("a", "Other.")}, BEN)
    assert one.new
