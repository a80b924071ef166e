"""The risk information that the union of the demonstration circulated, and what its states answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from portal.demo.company import Company, at_work
from portal.demo.timeline import Timeline
from portal.demo.tree import STATES
from portal.operations import circulation
from portal.operations.circulation import Contents

_COORDINATOR = "aitmatova"


@dataclass(frozen=True)
class Answer:
    """What the officer `by` does with it, `after` working days of his state."""

    by: str
    act: str
    after: int
    reason: str = ""


@dataclass
class Circular:
    """One piece of risk information; written `written` working days ago, and circulated on the next day unless kept."""

    contents: Contents
    written: int
    circulated: bool = True
    answers: tuple[Answer, ...] = ()
    _id: int = field(default=0, init=False)

    def lay_out(self, company: Company, timeline: Timeline) -> None:
        """Put its acts on the timeline."""
        acts: list[tuple[int, Callable[[datetime], None]]] = [(self.written, self._begin(company))]
        if self.circulated:
            acts.append((self.written - 1, self._circulate(company)))
        acts += [(self.written - 1 - each.after, self._answer(company, each)) for each in self.answers]
        for rest, act in acts:
            (moment,) = timeline.moments(STATES[0], "Europe/Moscow", [0], rest)
            timeline.add(moment, act)

    def _begin(self, company: Company) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            acts = company.named(_COORDINATOR)
            with at_work(acts, "circulation.begin"):
                self._id = circulation.begin(acts, self.contents).id

        return act

    def _circulate(self, company: Company) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            acts = company.named(_COORDINATOR)
            with at_work(acts, "circulation.circulate"):
                circulation.circulate(circulation.load(self._id), acts)

        return act

    def _answer(self, company: Company, given: Answer) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            acts = company.named(given.by)
            carried = {"reason": given.reason} if given.reason else {}
            with at_work(acts, f"circulation.{given.act}"):
                circulation.answer(circulation.load(self._id), acts, given.act, carried)

        return act


CIRCULARS = (
    Circular(
        Contents(
            "Footwear at the price of its soles",
            "In three states consignments from the same two ports were declared at a third of the usual price of a "
            "kilogram. The importers change every two months; the carriers stay.",
            6,
            "customs_value",
            ("6402", "6403", "6404"),
        ),
        written=64,
        answers=(
            Answer("egorova", "note", 2),
            Answer("vardanyan", "note", 3),
            Answer("ospanov", "adopt", 6),
            Answer(
                "kavaliou", "decline", 9, "Such consignments do not enter by our border; we go on watching."
            ),
            Answer("usenov", "note", 12),
        ),
    ),
    Circular(
        Contents(
            "Excavators exported twice under one number",
            "The number of one frame was met in declarations of two states within a week.",
            8,
            "quantity",
            ("8429",),
        ),
        written=6,
        answers=(Answer("egorova", "note", 1),),
    ),
    Circular(
        Contents(
            "Batteries in household goods",
            "Being written: figures of the airports are awaited.",
            8,
            "other",
            ("8507",),
        ),
        written=2,
        circulated=False,
    ),
)
