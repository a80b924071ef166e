"""Chooses the channel of a declaration from the measures of the profiles that hit it."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.levels.words import N_
from portal.screening.faults import Params

NO_PROFILE = N_("no measure was selected")
BY_MEASURE = N_("measure %(code)s of profile %(profile)s")
AWAITS_ANSWERS = N_("the officer has %(count)d questions to answer")
CONTROL_GROUP = N_("drawn into the control group")

_SPACE = 2**64


class Channel(StrEnum):
    """Which control a declaration gets (procedure §9)."""

    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"


STRICTEST_FIRST = (Channel.RED, Channel.YELLOW, Channel.BLUE, Channel.GREEN)

UNLISTED = Channel.YELLOW
"""The channel of a measure that `channels` does not list: an officer looks at the documents."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a profile: its code and the share of matching consignments it is applied to, 1-100 per cent."""

    code: str
    share: int = 100

    def __post_init__(self) -> None:
        if not 1 <= self.share <= 100:
            raise ValueError(f"a share is 1 to 100 per cent, not {self.share}")


@dataclass(frozen=True, slots=True)
class ProfileHit:
    """A version of a profile that hit: its registration number, measures, and the officer's answers so far.

    `answers` gives yes or no by question; every question of `questions` must be answered yes for the profile to
    apply, and one no sets it aside.
    """

    profile: str
    version: int
    measures: tuple[Measure, ...] = ()
    questions: tuple[str, ...] = ()
    answers: Mapping[str, bool] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The questions still to be answered; none once one answer is no."""
        if any(self.answers.get(question) is False for question in self.questions):
            return ()
        return tuple(question for question in self.questions if question not in self.answers)

    @property
    def applies(self) -> bool:
        """Whether every question was answered yes."""
        return all(self.answers.get(question) is True for question in self.questions)


@dataclass(frozen=True, slots=True)
class Draw:
    """One random draw as it is recorded: `number` of 2**64 is below `share` per cent, or not."""

    purpose: str
    profile: str
    version: int
    code: str
    share: int
    number: int

    @property
    def drawn(self) -> bool:
        return self.number * 100 < self.share * _SPACE


@dataclass(frozen=True, slots=True)
class Selected:
    """A measure to be applied, with the profile that orders it."""

    profile: str
    version: int
    code: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that blocks release until an officer answers it."""

    profile: str
    version: int
    question: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The channel with its reason (an English msgid and its holes), what is to be done, and every draw made."""

    channel: Channel
    reason: str
    params: Params
    measures: tuple[Selected, ...]
    waiting: tuple[Waiting, ...]
    draws: tuple[Draw, ...]
    control: bool = False

    @property
    def may_release(self) -> bool:
        """Whether nothing stands in the way: no question open, and no measure before release."""
        before_release = any(each.channel in (Channel.RED, Channel.YELLOW) for each in self.measures)
        return not (self.waiting or before_release or self.control)


def number(
    key: bytes, declaration: str, purpose: str, profile: str = "", version: int = 0, code: str = ""
) -> int:
    """Return a number from 0 to 2**64 - 1 that anyone with the key can work out again (HMAC-SHA-256)."""
    message = json.dumps([purpose, declaration, profile, version, code], ensure_ascii=True).encode()
    return int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[:8], "big")


def select(
    declaration: str,
    hits: Iterable[ProfileHit],
    key: bytes,
    *,
    channels: Mapping[str, Channel],
    control_share: int = 0,
    control_channel: Channel = Channel.RED,
) -> Selection:
    """Choose the strictest channel that a drawn measure asks for (procedure §9).

    A profile whose questions wait is not drawn yet, and holds the declaration in the yellow channel at least.
    `channels` gives the channel of each measure by its code, as the list of measures has it.
    `control_share` per cent of what would be green is drawn for `control_channel`.
    """
    given = tuple(hits)
    waiting = tuple(Waiting(hit.profile, hit.version, question) for hit in given for question in hit.waiting)
    draws, measures = _drawn([hit for hit in given if hit.applies], declaration, key, channels)
    strictest = min(measures, key=lambda each: STRICTEST_FIRST.index(each.channel), default=None)
    if waiting and (strictest is None or strictest.channel is Channel.BLUE):
        return Selection(Channel.YELLOW, AWAITS_ANSWERS, {"count": len(waiting)}, measures, waiting, draws)
    if strictest:
        params = {"code": strictest.code, "profile": strictest.profile}
        return Selection(strictest.channel, BY_MEASURE, params, measures, waiting, draws)
    return _green(declaration, key, control_share, control_channel, draws)


def _drawn(
    hits: Iterable[ProfileHit], declaration: str, key: bytes, channels: Mapping[str, Channel]
) -> tuple[tuple[Draw, ...], tuple[Selected, ...]]:
    draws, measures = [], []
    for hit in hits:
        for measure in hit.measures:
            drawn_number = number(key, declaration, "measure", hit.profile, hit.version, measure.code)
            draw = Draw("measure", hit.profile, hit.version, measure.code, measure.share, drawn_number)
            draws.append(draw)
            if draw.drawn:
                channel = channels.get(measure.code, UNLISTED)
                measures.append(Selected(hit.profile, hit.version, measure.code, channel))
    return tuple(draws), tuple(measures)


def _green(
    declaration: str, key: bytes, share: int, control_channel: Channel, draws: tuple[Draw, ...]
) -> Selection:
    control = Draw("control", "", 0, "", share, number(key, declaration, "control"))
    if control.drawn:
        return Selection(control_channel, CONTROL_GROUP, {}, (), (), (*draws, control), control=True)
    return Selection(Channel.GREEN, NO_PROFILE, {}, (), (), (*draws, control))
