"""Plays the stories of the demonstration through the real operations, each act by an officer who may perform it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.demo.cast import BY_LOGIN
from portal.demo.company import Company, Stuck, at_work
from portal.demo.founding import Founded
from portal.demo.steps import Step, Story
from portal.demo.texts import compose
from portal.demo.timeline import Timeline
from portal.demo.tree import BY_CODE, centre_of
from portal.errors import NotAllowedNow, NotYours
from portal.levels.signing import signature_table
from portal.models import Document, Profile, Publication, Unit
from portal.operations import backtesting, drafting, procedure, receipts
from portal.operations.acts import Acts
from portal.store import documents, officers
from portal.store.session import acting, session
from portal.store.surroundings import surroundings
from portal.workflow import clock, engine
from portal.workflow.move import CARRIES
from portal.workflow.profile_moves import SIGNATORY

#: Endorsements of one document follow each other at this distance.
_APART = timedelta(minutes=11)


def _signatory(document: Document) -> str:
    table = signature_table(surroundings(document.authority_path).signatories)
    return table[document.scope].signs


@dataclass
class Case:
    """A story on its way, and the document on which its next act falls."""

    story: Story
    company: Company
    document: int = 0

    @property
    def made(self) -> Founded:
        return self.company.made

    @property
    def centre(self) -> str:
        return centre_of(BY_CODE[BY_LOGIN[self.story.author].code].state).path

    def lay_out(self, timeline: Timeline) -> None:
        """Put the acts of the story on the timeline."""
        home = BY_CODE[BY_LOGIN[self.story.author].code]
        steps = self.story.steps
        waits = [0, *(step.wait for step in steps)]
        moments = timeline.moments(home.state, home.zone, waits, self.story.rest)
        today = timeline.anchor.date()
        timeline.add(moments[0], lambda at: self._begin(compose(self.story.about, self.story.author, today)))
        for step, moment in zip(steps, moments[1:], strict=True):
            timeline.add(moment, self._performed(step))

    def _performed(self, step: Step) -> Callable[[datetime], None]:
        own = {
            "change": self._change,
            "remark": self._remark,
            "read": self._read,
            "begin_update": self._update,
            "back_test": self._back_test,
        }
        act = own.get(step.act, self._move)
        return lambda at: act(step, at)

    def _begin(self, text: dict[str, Any]) -> None:
        acts, header = self.company.named(self.story.author), text["header"]
        with at_work(acts, "drafting.begin"):
            draft = drafting.begin(acts, header["title"], header["kind"], header["scope"], text)
            self.document = draft.id

    def _move(self, step: Step, at: datetime) -> None:
        """Make a move; endorsements are given by all who must, one after the other."""
        if not any(self._advanced(step, acts, at) for acts in self._candidates(step)):
            if step.maybe:
                return
            raise Stuck(f"{self.story.about}: nobody may {step.act} document {self.document}")
        if step.act == "prepare_profile":
            self._follow(Profile.draft_id == self.document)
        elif step.act == "endorse":
            with clock.at(at + _APART):
                self._move(step, at + _APART)

    def _candidates(self, step: Step) -> list[Acts]:
        """Who fills a seat of the move, the holder of a post before whoever acts for him."""
        today = clock.now().date()
        with acting(self.centre, "look", writes=False):
            document = procedure.load(self.document)
            seats = {_signatory(document) if move.seat == SIGNATORY else move.seat
                     for move in engine.TABLES[document.document] if move.name == step.act}  # fmt: skip
            found = [holder.id for holder in officers.holders(seats, documents.places(document), today)]
        wanted = [self.made.officers[step.by]] if step.by else found
        return [acts for officer in wanted for acts in self.company.everywhere(officer)]

    def _advanced(self, step: Step, acts: Acts, at: datetime) -> bool:
        """Make the move as one officer; False when the table refuses it to him, or to all, now."""
        try:
            with at_work(acts, "decisions.make"):
                document = procedure.load(self.document)
                carried, shown = self._carried(step, document, at)
                procedure.advance(document, acts, step.act, carried, shown)
        except (NotAllowedNow, NotYours):
            return False
        return True

    def _update(self, step: Step, at: datetime) -> None:
        self._move(step, at)
        self._follow(Profile.updates_id == self.document)

    def _follow(self, which: Any) -> None:
        """Go on with the document that the last act began."""
        with acting(self.centre, "look", writes=False):
            found = session().scalar(select(Profile.id).where(which).order_by(Profile.id.desc()).limit(1))
        if found is None:
            raise Stuck(f"nothing was begun from document {self.document}")
        self.document = found

    def _carried(self, step: Step, document: Document, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the act holds, with ids for the keys of units and officers, and their names in words."""
        carried: dict[str, Any] = dict(step.carried)
        shown: dict[str, Any] = {}
        for name, value in step.carried.items():
            kind = CARRIES[name].kind
            if kind == "officer":
                carried[name], shown[f"{name}_name"] = self.made.officers[value], BY_LOGIN[value].name
            elif kind in ("unit", "units"):
                ids = [self._unit(name, key, document) for key in ([value] if kind == "unit" else value)]
                words = [session().get_one(Unit, unit).name_en for unit in ids]
                carried[name], shown[f"{name}_name"] = ids[0] if kind == "unit" else ids, ", ".join(words)
            elif value == "today":
                carried[name] = at.date().isoformat()
        return carried, shown

    def _unit(self, name: str, key: str, document: Document) -> int:
        around = surroundings(document.authority_path)
        path = around.rtu if name == "rtu_unit" else around.centre
        code = next(place.code for place in BY_CODE.values() if place.path == path)
        return self.made.units[code, key]

    def _change(self, step: Step, at: datetime) -> None:
        """The author, or executor, mends one field of one section."""
        with acting(self.centre, "look", writes=False):
            document = procedure.load(self.document)
            writer = document.author_id if document.document == "draft" else document.executor_id
        acts = self.company.at(writer or 0)
        with at_work(acts, "drafting.write"):
            document = procedure.load(self.document)
            section = copy.deepcopy(document.text[step.carried["section"]])
            if isinstance(section, list):
                section = step.carried["value"]
            else:
                section[step.carried["field"]] = step.carried["value"]
            if not drafting.change(document, acts, step.carried["section"], section):
                raise NotAllowedNow("the change changes nothing")

    def _back_test(self, step: Step, at: datetime) -> None:
        """The author runs his indicators over the past year and takes the estimate from it."""
        acts = self.company.named(self.story.author)
        with at_work(acts, "backtests.run"):
            draft = procedure.load(self.document)
            backtesting.attach(draft, acts, backtesting.run(draft, acts))

    def _remark(self, step: Step, at: datetime) -> None:
        acts = self.company.named(step.by)
        with at_work(acts, "drafting.remark"):
            words, section = step.carried["words"], step.carried["section"]
            drafting.remark(procedure.load(self.document), acts, words, section)

    def _read(self, step: Step, at: datetime) -> None:
        acts = self.company.named(step.by)
        with at_work(acts, "directory.receipt"):
            asked = (
                select(Publication.id)
                .where(Publication.document_id == self.document)
                .order_by(Publication.id)
            )
            entry = session().scalar(asked.limit(1))
            if entry is None:
                raise Stuck(f"{step.by} finds no such profile in the directory")
            receipts.confirm(entry, acts, at)
