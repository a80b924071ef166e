"""Plays the stories of the demonstration through the real operations, each act by an officer who may perform it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.demo.cast import BY_LOGIN
from portal.demo.founding import Founded
from portal.demo.steps import Step, Story
from portal.demo.texts import compose
from portal.demo.timeline import Timeline
from portal.demo.tree import BY_CODE, centre_of
from portal.errors import NotAllowedNow
from portal.models import Document, Profile, Publication, Unit
from portal.operations import drafting, procedure, receipts
from portal.operations.acts import Acts
from portal.store import documents, officers
from portal.store.session import acting, session
from portal.workflow import clock, engine
from portal.workflow.move import CARRIES
from portal.workflow.seats import Actor

#: Endorsements of one document follow each other at this distance.
_APART = timedelta(minutes=11)


class Stuck(RuntimeError):
    """A story asks for an act that nobody may perform there and then."""


def acts_of(officer_id: int, code: str = "") -> Acts:
    """An officer at the authority `code`, by default the first at which he holds a post now."""
    found = officers.signed_in(officer_id, clock.now().date())
    if found is None or not found.places:
        raise Stuck(f"officer {officer_id} holds no post")
    place = found.at(code) if code else found.places[0]
    if place is None:
        raise Stuck(f"{found.login} holds no post at {code}")
    return Acts(found.id, found.name, Actor(found.id, place.posts), place.code, place.path)


@dataclass
class Case:
    """A story on its way, and the document on which its next act falls."""

    story: Story
    made: Founded
    document: int = 0

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
        }
        act = own.get(step.act, self._move)
        return lambda at: act(step, at)

    def _begin(self, text: dict[str, Any]) -> None:
        acts, header = self._officer(self.story.author), text["header"]
        with acting(acts.path, "drafting"):
            draft = drafting.begin(acts, header["title"], header["kind"], header["scope"], text)
            self.document = draft.id

    def _officer(self, login: str) -> Acts:
        return acts_of(self.made.officers[login], BY_LOGIN[login].code)

    def _move(self, step: Step, at: datetime) -> None:
        """Make a move; endorsements are given by all who must, one after the other."""
        acts = self._who(step)
        if acts is None:
            return
        self._advance(step, acts, at)
        if step.act == "prepare_profile":
            self._follow(Profile.draft_id == self.document)
        elif step.act == "endorse":
            with clock.at(at + _APART):
                self._move(step, at + _APART)

    def _advance(self, step: Step, acts: Acts, at: datetime) -> None:
        with acting(acts.path, step.act):
            document = procedure.load(self.document)
            carried, shown = self._carried(step, document, at)
            procedure.advance(document, acts, step.act, carried, shown)

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

    def _who(self, step: Step) -> Acts | None:
        """Who may make the move now; the holder of a post before whoever acts for him."""
        with acting(self.centre, "look", writes=False):
            facts = documents.facts(procedure.load(self.document))
            seats = {
                engine.seat_of(move, facts) for move in engine.open_moves(facts) if move.name == step.act
            }
            holders = officers.holders(seats, facts.places, clock.now().date()) if seats else ()
            wanted = [h.id for h in holders if not step.by or h.id == self.made.officers[step.by]]
            for officer_id in wanted:
                for acts in self._places(officer_id):
                    offers = engine.available(facts, acts.actor)
                    if any(offer.move.name == step.act and not offer.hindrances for offer in offers):
                        return acts
        if step.maybe:
            return None
        raise Stuck(f"{self.story.about.subject}: nobody may {step.act} from {facts.status}")

    def _places(self, officer_id: int) -> list[Acts]:
        found = officers.signed_in(officer_id, clock.now().date())
        return [acts_of(officer_id, place.code) for place in found.places] if found else []

    def _carried(self, step: Step, document: Document, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the act holds, with ids for the keys of units and officers, and their names in words."""
        carried, shown = dict(step.carried), {}
        for name, value in step.carried.items():
            kind = CARRIES[name].kind
            if kind == "officer":
                carried[name], shown[name] = self.made.officers[value], BY_LOGIN[value].name
            elif kind in ("unit", "units"):
                ids = [self._unit(name, key, document) for key in ([value] if kind == "unit" else value)]
                words = [session().get_one(Unit, unit).name_en for unit in ids]
                carried[name], shown[name] = (ids[0], words[0]) if kind == "unit" else (ids, words)
            elif value == "today":
                carried[name] = at.date().isoformat()
        return carried, shown

    def _unit(self, name: str, key: str, document: Document) -> int:
        around = documents.surroundings(document.authority_path)
        path = around.rtu if name == "rtu_unit" else around.centre
        code = next(place.code for place in BY_CODE.values() if place.path == path)
        return self.made.units[code, key]

    def _change(self, step: Step, at: datetime) -> None:
        """The author, or executor, mends one field of one section."""
        with acting(self.centre, "look", writes=False):
            document = procedure.load(self.document)
            writer = document.author_id if document.document == "draft" else document.executor_id
        acts = acts_of(writer or 0)
        with acting(acts.path, "change"):
            document = procedure.load(self.document)
            section = copy.deepcopy(document.text[step.carried["section"]])
            if isinstance(section, list):
                section = step.carried["value"]
            else:
                section[step.carried["field"]] = step.carried["value"]
            if not drafting.change(document, acts, step.carried["section"], section):
                raise NotAllowedNow("the change changes nothing")

    def _remark(self, step: Step, at: datetime) -> None:
        acts = self._officer(step.by)
        with acting(acts.path, "remark"):
            words, section = step.carried["words"], step.carried["section"]
            drafting.remark(procedure.load(self.document), acts, words, section)

    def _read(self, step: Step, at: datetime) -> None:
        acts = self._officer(step.by)
        with acting(acts.path, "read"):
            asked = (
                select(Publication.id)
                .where(Publication.document_id == self.document)
                .order_by(Publication.id)
            )
            entry = session().scalar(asked.limit(1))
            if entry is None:
                raise Stuck(f"{step.by} finds no such profile in the directory")
            receipts.confirm(entry, acts, at)
