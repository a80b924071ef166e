"""The four levels, their places in the tree, and what a scope reads and writes."""

import pytest

from portal.levels.path import AuthorityPath
from portal.levels.roles import Post
from portal.levels.scope import Scope
from portal.levels.tree import LEVELS, Misplaced, check_place

HOUSE = AuthorityPath("eeu.ru.10100000.10130000.")


@pytest.mark.parametrize("text", ["", "eeu", ".", "eeu..", "EEU.", "eeu.r u.", "a.b.c.d.e.f.", "eeu.ru.\n"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an authority path"):
        AuthorityPath(text)


def test_a_path_knows_what_is_above_it() -> None:
    assert [p.text for p in HOUSE.above] == ["eeu.", "eeu.ru.", "eeu.ru.10100000."]
    assert HOUSE.parent == AuthorityPath("eeu.ru.10100000.")
    assert HOUSE.state == AuthorityPath("eeu.ru.")
    assert AuthorityPath("eeu.").parent is None
    assert AuthorityPath("eeu.").state is None
    assert HOUSE.child("10130010").text == "eeu.ru.10100000.10130000.10130010."


def test_a_code_does_not_cover_a_longer_one() -> None:
    assert AuthorityPath("eeu.ru.101.").covers(AuthorityPath("eeu.ru.101.7."))
    assert not AuthorityPath("eeu.ru.101.").covers(AuthorityPath("eeu.ru.1010."))


@pytest.mark.parametrize(
    ("other", "seen"),
    [
        ("eeu.ru.10100000.10130000.", True),
        ("eeu.ru.10100000.10130000.10130010.", True),
        ("eeu.ru.10100000.", False),
        ("eeu.ru.", False),
        ("eeu.ru.10110000.", False),
        ("eeu.am.", False),
    ],
)
def test_a_house_sees_itself_and_beneath(other: str, seen: bool) -> None:
    assert Scope(HOUSE).may_read(AuthorityPath(other)) is seen
    assert Scope(HOUSE).may_write(AuthorityPath(other)) is seen


def test_the_union_does_not_reach_below_itself() -> None:
    union = Scope(AuthorityPath("eeu."), reads_below=LEVELS["union"].reads_below)
    assert union.may_read(AuthorityPath("eeu."))
    assert not union.may_read(AuthorityPath("eeu.ru."))


def test_things_handed_down_apply_from_every_level_above() -> None:
    assert Scope(HOUSE).applies_from == ("eeu.", "eeu.ru.", "eeu.ru.10100000.", HOUSE.text)


@pytest.mark.parametrize(
    ("level", "parent", "grandparent"),
    [
        ("union", None, None),
        ("central", "union", None),
        ("regional", "central", "union"),
        ("regional", "regional", "central"),
        ("point", "regional", "regional"),
        ("point", "regional", "central"),
    ],
)
def test_what_the_tree_allows(level: str, parent: str | None, grandparent: str | None) -> None:
    check_place(level, HOUSE, parent, grandparent)


@pytest.mark.parametrize(
    ("level", "parent", "grandparent"),
    [
        ("union", "union", None),
        ("central", None, None),
        ("central", "central", "union"),
        ("regional", "union", None),
        ("regional", "regional", "regional"),
        ("regional", "point", "regional"),
        ("point", "central", "union"),
        ("point", "point", "regional"),
        ("point", None, None),
    ],
)
def test_what_the_tree_refuses(level: str, parent: str | None, grandparent: str | None) -> None:
    with pytest.raises(Misplaced):
        check_place(level, HOUSE, parent, grandparent)


def test_each_level_has_its_own_signatories() -> None:
    assert {name: level.scopes for name, level in LEVELS.items()} == {
        "union": ("10",),
        "central": ("11", "12", "13"),
        "regional": ("14",),
        "point": ("14",),
    }


def test_only_the_centre_has_deputies_who_supervise_units() -> None:
    assert [name for name, level in LEVELS.items() if Post.DEPUTY_HEAD in level.posts] == ["central"]
    assert [name for name, level in LEVELS.items() if Post.UNION_COORDINATOR in level.posts] == ["union"]
