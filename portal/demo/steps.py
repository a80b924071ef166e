"""The acts of which the stories of the demonstration are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.demo.texts import About


@dataclass(frozen=True)
class Step:
    """One act.

    Attributes:
        act: a move of the procedure's table, or one of `replay.ACTS`.
        wait: working days since the act before it; 0 is later on the same day.
        carried: what it holds; units by their key and officers by their login.
        by: login of who acts; by default whoever may.
        maybe: passed over when the table does not offer it, as an endorsement that nobody has to give.
    """

    act: str
    wait: int = 1
    carried: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    maybe: bool = False


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Story:
    """The life of one draft and its profile up to now.

    Attributes:
        author: login of the officer who drafts.
        rest: working days since the last step.
    """

    about: About
    author: str
    steps: Steps
    rest: int


def do(act: str, wait: int = 1, by: str = "", **carried: Any) -> Step:
    return Step(act, wait, carried, by)


def remark(by: str, words: str, section: str = "", wait: int = 1) -> Step:
    return Step("remark", wait, {"words": words, "section": section}, by)


def read(*logins: str) -> Steps:
    """Officers confirm, one day after another, that they have read the profile."""
    return tuple(Step("read", 1, by=login) for login in logins)


BACK_TEST = Step("back_test")
ENDORSE = Step("endorse", maybe=True)
COLLECT = Step("collect_endorsements", maybe=True)

SUBMITTED: Steps = (do("submit", 3),)
HEAD_SIGNED: Steps = (*SUBMITTED, ENDORSE, do("sign"))
AGREED: Steps = (*HEAD_SIGNED, do("agree"), do("agree"))
REGISTERED: Steps = (*AGREED, do("register"))
SENT: Steps = (*REGISTERED, do("send", 0))
CARRIER: Steps = (do("put_on_carrier"), do("approve", 2))


def received(unit: str) -> Steps:
    return (*SENT, do("receive", competent_unit=unit))


def reviewed(unit: str, executor: str) -> Steps:
    """Under review, its executor named."""
    return (*received(unit), do("name_executor", executor=executor))


def proposed(unit: str, executor: str, grounds: str) -> Steps:
    return (*reviewed(unit, executor), do("propose_expedient", 3, grounds=grounds))


def expedient(unit: str, executor: str, grounds: str) -> Steps:
    return (*proposed(unit, executor, grounds), do("agree_expedient"))


def preparing(unit: str, executor: str, grounds: str) -> Steps:
    return (*expedient(unit, executor, grounds), do("prepare_profile"))


def signed(by: str = "") -> Steps:
    """From the preparation of a profile to the signature of the head of the unit."""
    return (COLLECT, ENDORSE, do("sign_as_executor"), do("sign", by=by))


def numbered(carrier: str, records: str = "") -> Steps:
    """From the approval to the number; `records` is given by the records office to letters alone."""
    details = {"carrier_number": carrier, "carrier_date": "today"} | (
        {"records_number": records} if records else {}
    )
    return (do("give_details", 1, "", **details), do("register", 0))


def into_force(
    unit: str, executor: str, grounds: str, carrier: str, *, by: str = "", records: str = ""
) -> Steps:
    """The whole way of a central profile from its draft at a customs house."""
    return (*preparing(unit, executor, grounds), *signed(by), *CARRIER, *numbered(carrier, records))


def local_into_force(carrier: str, records: str = "") -> Steps:
    """The whole way of a local profile on the register of its own authority."""
    return (*REGISTERED, do("prepare_profile"), *signed(), *CARRIER, *numbered(carrier, records))
