"""The acts of the builder: each changes one thing, and tells where the work goes on."""

from __future__ import annotations

import pytest

from portal.screening.editing import NoSuchPlace, act
from portal.screening.sketch import Block, Card, Line, Part, Sketch

A, B, C = Line("hs_code"), Line("date"), Line("currency")


def card(*parts: Part, exceptions: Block | None = None) -> Card:
    return Card("n", Block("all", parts), exceptions)


def parts(sketch: Sketch) -> tuple[Part, ...]:
    return sketch[0].condition.parts


@pytest.mark.parametrize(
    ("name", "place", "after", "focus"),
    [
        ("add_line", "0.condition", (A, B, C, Line()), "0.condition.3"),
        ("add_after", "0.condition.0", (A, Line(), B, C), "0.condition.1"),
        ("remove", "0.condition.1", (A, C), "0.condition.1"),
        ("remove", "0.condition.2", (A, B), "0.condition.1"),
        ("up", "0.condition.1", (B, A, C), "0.condition.0"),
        ("up", "0.condition.0", (A, B, C), "0.condition.0"),
        ("down", "0.condition.1", (A, C, B), "0.condition.2"),
        ("down", "0.condition.2", (A, B, C), "0.condition.2"),
        ("wrap", "0.condition.1", (A, Block("none", (B,)), C), "0.condition.1.0"),
        ("add_block", "0.condition", (A, B, C, Block("any", (Line(),))), "0.condition.3.0"),
    ],
)
def test_an_act_on_a_line(name: str, place: str, after: tuple[Part, ...], focus: str) -> None:
    sketch, left = act((card(A, B, C),), name, place)
    assert (parts(sketch), left) == (after, focus)


def test_inner_blocks_are_written_and_dissolved() -> None:
    sketch: Sketch = (card(A, Block("any", (B, C))),)
    assert parts(act(sketch, "remove", "0.condition.1.0")[0]) == (A, Block("any", (C,)))
    assert act(sketch, "dissolve", "0.condition.1") == ((card(A, B, C),), "0.condition.1")
    assert act(sketch, "add_line", "0.condition.1")[1] == "0.condition.1.2"
    assert act(sketch, "wrap", "0.condition.1.1")[1] == "0.condition.1.1.0"


def test_removing_the_last_line_leaves_an_empty_block() -> None:
    sketch, left = act((card(A),), "remove", "0.condition.0")
    assert (parts(sketch), left) == ((), "0.condition")


def test_groups_are_added_moved_and_removed() -> None:
    first, second = card(A), card(B)
    assert act((), "add_card", "") == ((Card(),), "0.condition.0")
    assert act((first, second), "up", "1") == ((second, first), "0")
    assert act((first, second), "down", "1") == ((first, second), "1")
    assert act((first, second), "remove", "0") == ((second,), "0")
    assert act((first,), "remove", "0") == ((), "")


def test_exceptions_come_and_go() -> None:
    sketch, left = act((card(A),), "add_exceptions", "0")
    assert (sketch[0].exceptions, left) == (Block("any", (Line(),)), "0.exceptions.0")
    assert act(sketch, "remove", "0.exceptions") == ((card(A),), "0")
    assert act(sketch, "remove", "0.exceptions.0") == ((card(A),), "0")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("remove", ""),
        ("remove", "7"),
        ("remove", "x"),
        ("remove", "-1"),
        ("remove", "0.other"),
        ("remove", "0.condition"),
        ("remove", "0.condition.9"),
        ("remove", "0.condition.0.0"),
        ("remove", "0.exceptions.0"),
        ("add_line", "0.condition.0"),
        ("dissolve", "0.condition.0"),
        ("explode", "0.condition.0"),
        ("explode", "0"),
        ("up", "0.condition"),
        ("remove", "0.condition." + "9" * 5_000),
    ],
)
def test_an_act_on_nothing_is_refused(name: str, place: str) -> None:
    with pytest.raises(NoSuchPlace):
        act((card(A),), name, place)


def test_only_the_named_part_changes() -> None:
    sketch: Sketch = (card(A, B), card(C, exceptions=Block("any", (A,))))
    after, _ = act(sketch, "add_line", "1.exceptions")
    assert after[0] is sketch[0]
    assert after[1].condition is sketch[1].condition
