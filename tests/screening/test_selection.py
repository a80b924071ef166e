"""Channels, shares and the control group."""

import hashlib
import hmac
from typing import Any

import pytest

from portal.screening import selection
from portal.screening.selection import Channel, Draw, Measure, ProfileHit, Selection, number
from portal.workflow.measures import MEASURES

KEY = b"a key of the tests"
CHANNELS = {code: Channel(measure.channel) for code, measure in MEASURES.items()}


def select(declaration: str, hits: list[ProfileHit], key: bytes, **options: Any) -> Selection:
    """Choose by the office's own list of measures."""
    return selection.select(declaration, hits, key, channels=CHANNELS, **options)


def hit(*codes: str, profile: str = "11/10000/01032024/00001", **rest: object) -> ProfileHit:
    return ProfileHit(profile, 1, tuple(Measure(code) for code in codes), **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("codes", "channel"),
    [
        (("101",), Channel.YELLOW),
        (("104",), Channel.YELLOW),
        (("105",), Channel.RED),
        (("111",), Channel.RED),
        (("615",), Channel.YELLOW),
        (("701",), Channel.BLUE),
        (("999",), Channel.YELLOW),
        (("701", "101"), Channel.YELLOW),
        (("101", "109"), Channel.RED),
        ((), Channel.GREEN),
    ],
)
def test_the_strictest_measure_gives_the_channel(codes: tuple[str, ...], channel: Channel) -> None:
    assert select("D1", [hit(*codes)], KEY).channel is channel


def test_the_reason_names_the_measure_and_the_profile() -> None:
    selection = select("D1", [hit("101"), hit("109", profile="P2")], KEY)
    assert selection.reason % selection.params == "measure 109 of profile P2"
    assert not selection.may_release


def test_no_hit_is_green_and_free() -> None:
    selection = select("D1", [], KEY)
    assert (selection.channel, selection.may_release, selection.control) == (Channel.GREEN, True, False)


def test_blue_is_released_at_once() -> None:
    assert select("D1", [hit("701")], KEY).may_release


def test_the_number_is_the_documented_one() -> None:
    message = b'["measure", "D1", "P", 3, "109"]'
    expected = int.from_bytes(hmac.new(KEY, message, hashlib.sha256).digest()[:8], "big")
    assert number(KEY, "D1", "measure", "P", 3, "109") == expected


def test_the_draw_repeats_and_depends_on_every_part() -> None:
    parts = [
        ("D1", "measure", "P", 1, "109"),
        ("D2", "measure", "P", 1, "109"),
        ("D1", "measure", "Q", 1, "109"),
    ]
    parts += [
        ("D1", "measure", "P", 2, "109"),
        ("D1", "measure", "P", 1, "101"),
        ("D1", "control", "P", 1, "109"),
    ]
    assert len({number(KEY, *each) for each in parts}) == len(parts)
    assert number(KEY, *parts[0]) == number(KEY, *parts[0])
    assert number(b"another", *parts[0]) != number(KEY, *parts[0])


@pytest.mark.parametrize(
    ("share", "drawn_number", "drawn"),
    [(100, 2**64 - 1, True), (50, 2**63 - 1, True), (50, 2**63, False), (1, 0, True), (0, 0, False)],
)
def test_the_share_is_a_limit_of_the_number(share: int, drawn_number: int, drawn: bool) -> None:
    assert Draw("measure", "P", 1, "109", share, drawn_number).drawn is drawn


def test_a_share_is_kept_over_many_declarations() -> None:
    profile = ProfileHit("P", 1, (Measure("109", share=30),))
    drawn = sum(select(f"D{index}", [profile], KEY).channel is Channel.RED for index in range(4_000))
    assert 1_080 <= drawn <= 1_320  # 1,200 and four standard deviations of 29


def test_draws_are_recorded_whether_drawn_or_not() -> None:
    selection = select("D1", [ProfileHit("P", 2, (Measure("109", 1), Measure("101", 100)))], KEY)
    assert [(draw.code, draw.share, draw.version) for draw in selection.draws] == [
        ("109", 1, 2),
        ("101", 100, 2),
    ]


@pytest.mark.parametrize("share", [0, 101, -1])
def test_a_share_outside_1_to_100_is_refused(share: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        Measure("109", share)


QUESTIONS = ("Are the seals broken?", "Is the packing new?")


def test_an_open_question_blocks_release_and_holds_the_measures_back() -> None:
    selection = select("D1", [hit("109", questions=QUESTIONS, answers={QUESTIONS[0]: True})], KEY)
    assert selection.channel is Channel.YELLOW
    assert [each.question for each in selection.waiting] == [QUESTIONS[1]]
    assert selection.measures == ()
    assert not selection.may_release


def test_yes_to_every_question_applies_the_profile() -> None:
    selection = select("D1", [hit("109", questions=QUESTIONS, answers=dict.fromkeys(QUESTIONS, True))], KEY)
    assert (selection.channel, selection.waiting) == (Channel.RED, ())


def test_one_no_sets_the_profile_aside() -> None:
    selection = select("D1", [hit("109", questions=QUESTIONS, answers={QUESTIONS[1]: False})], KEY)
    assert (selection.channel, selection.may_release) == (Channel.GREEN, True)


def test_a_waiting_profile_does_not_soften_a_red_one() -> None:
    selection = select("D1", [hit("109"), hit("101", profile="Q", questions=QUESTIONS)], KEY)
    assert selection.channel is Channel.RED
    assert len(selection.waiting) == 2


def test_the_control_group_is_a_share_of_green() -> None:
    selections = [select(f"D{index}", [], KEY, control_share=10) for index in range(3_000)]
    control = [each for each in selections if each.control]
    assert 234 <= len(control) <= 366  # 300 and four standard deviations of 16
    assert {each.channel for each in control} == {Channel.RED}
    assert not any(each.may_release for each in control)
    assert all(each.draws[-1].purpose == "control" for each in selections)
