"""Plays the office for the tests: any member of the cast performs an operation in a transaction of his own."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.levels.roles import Post
from portal.models import Document, Profile, Unit
from portal.operations import drafting, procedure
from portal.operations.acts import Acts
from portal.store import officers
from portal.store.session import acting, session
from portal.workflow.clock import now
from portal.workflow.seats import Actor
from portal.workflow.text import Text
from tests import texts
from tests.cast import CENTRE, HOUSE, login_of


class Office:
    """The cast at work, without pages."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def acts(self, path: str, post: Post, unit: str = "") -> Acts:
        """Who acts: the holder of a post at an authority."""
        login = login_of(path, post, unit)
        with self.app.app_context():
            found = officers.signed_in(self.officer(login), now())
            assert found is not None
            place = found.places[0]
            return Acts(found.id, found.name, Actor(found.id, place.posts), place.code, place.path)

    def officer(self, login: str) -> int:
        with self.app.app_context():
            found = officers.credentials(login)
            assert found is not None, login
            return found[0]

    def unit(self, path: str, name: str) -> int:
        with self.app.app_context(), acting(path, "test", writes=False):
            found = session().scalar(select(Unit.id).where(Unit.authority_path == path, Unit.name_en == name))
            assert found is not None
            return found

    def draft(self, path: str = HOUSE, text: Text | None = None, unit: str = "goods") -> int:
        """A draft of the officer of a unit, with a complete text."""
        acts = self.acts(path, Post.OFFICER, unit)
        text = text or texts.complete()
        header = text["header"]
        with self.app.app_context(), acting(path, "test"):
            draft = drafting.begin(acts, header["title"], header["kind"], header["scope"], text)
            for section, value in text.items():
                drafting.change(draft, acts, section, value)
            session().flush()
            return draft.id

    def act(self, path: str, post: Post, unit: str, document: int, move: str, **carried: Any) -> None:
        """Make one move as the holder of a post."""
        acts = self.acts(path, post, unit)
        with self.app.app_context(), acting(path, "test"):
            procedure.advance(procedure.load(document), acts, move, carried)

    def agreed_draft(self, **options: Any) -> int:
        path = options.get("path", HOUSE)
        draft = self.draft(**options)
        self.act(path, Post.OFFICER, "goods", draft, "submit")
        self.act(path, Post.UNIT_HEAD, "goods", draft, "sign")
        self.act(path, Post.UNIT_HEAD, "risk", draft, "agree")
        self.act(path, Post.FIRST_DEPUTY, "", draft, "agree")
        return draft

    def registered_draft(self, **options: Any) -> int:
        draft = self.agreed_draft(**options)
        self.act(options.get("path", HOUSE), Post.REGISTRAR, "risk", draft, "register")
        return draft

    def reviewed_draft(self, **options: Any) -> int:
        """A draft under review, its executor named."""
        draft = self.registered_draft(**options)
        self.act(options.get("path", HOUSE), Post.REGISTRAR, "risk", draft, "send")
        self.act(
            CENTRE, Post.REGISTRAR, "risk", draft, "receive", competent_unit=self.unit(CENTRE, "Goods unit")
        )
        executor = self.officer(login_of(CENTRE, Post.OFFICER, "goods"))
        self.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "name_executor", executor=executor)
        return draft

    def prepared_profile(self, **options: Any) -> int:
        draft = self.reviewed_draft(**options)
        self.act(CENTRE, Post.OFFICER, "goods", draft, "propose_expedient", grounds="It is")
        self.act(CENTRE, Post.UNIT_HEAD, "goods", draft, "agree_expedient")
        self.act(CENTRE, Post.OFFICER, "goods", draft, "prepare_profile")
        return self.profile_of(CENTRE, draft)

    def profile_to_force(self, profile: int, signs: Post = Post.UNIT_HEAD, unit: str = "goods") -> None:
        """Sign, approve and register a central profile; `signs` approves the carrier."""
        self.act(CENTRE, Post.OFFICER, "goods", profile, "sign_as_executor")
        self.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign")
        self.act(CENTRE, Post.OFFICER, "goods", profile, "put_on_carrier")
        self.act(CENTRE, signs, unit, profile, "approve")
        self.act(
            CENTRE,
            Post.OFFICER,
            "goods",
            profile,
            "give_details",
            carrier_number="M-1",
            carrier_date="2026-11-20",
        )
        self.act(CENTRE, Post.REGISTRAR, "risk", profile, "register")

    def profile_of(self, path: str, draft: int) -> int:
        with self.app.app_context(), acting(path, "test", writes=False):
            found = session().scalar(select(Profile.id).where(Profile.draft_id == draft))
            assert found is not None
            return found

    def document(self, document: int, path: str = HOUSE) -> dict[str, Any]:
        with self.app.app_context(), acting(path, "test", writes=False):
            row = session().get_one(Document, document)
            return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}

    def status(self, document: int, path: str = HOUSE) -> str:
        return str(self.document(document, path)["status"])

    def number(self, document: int, path: str = HOUSE) -> str:
        return str(self.document(document, path)["number"])
