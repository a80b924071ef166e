"""Puts profiles into the directory for the tests, without the procedure that leads there."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.levels.path import AuthorityPath
from portal.models import Authority, Officer, Profile, Publication, Unit
from portal.operations import publication
from portal.operations.texts import header_columns
from portal.store.session import acting, session
from portal.workflow.text import Text, text_hash
from tests import texts
from tests.cast import CENTRE

PUBLISHED = datetime(2026, 1, 1, 6, tzinfo=UTC)


def starts(*prefixes: str) -> dict[str, Any]:
    return {"field": "hs_code", "op": "starts_with", "value": list(prefixes)}


def measure(
    code: str = "109", share: int = 100, *, mandatory: bool = True, description: str = ""
) -> dict[str, Any]:
    return {
        "code": code,
        "description": description,
        "mandatory": mandatory,
        "share": share,
        "inspection_code": "1 2 3 4 05 6 07" if code in ("109", "110") else "",
    }


def profile_text(*conditions: dict[str, Any], **changed: Any) -> Text:
    """A complete text with one group for each condition; sections and header fields may be replaced."""
    sections = {name: changed.pop(name) for name in ("questions", "measures", "note") if name in changed}
    text = texts.complete(scope="national", territory=("eeu.ru.",), **changed)
    text["groups"] = [{"name": "", "condition": one, "exceptions": None} for one in conditions]
    text.update({name: value for name, value in sections.items() if name != "note"})
    text["note"].update(sections.get("note", {}))
    return text


def _scope(owner: str, applies_to: tuple[str, ...]) -> str:
    """The territorial scope for which such a territory is right."""
    if len(applies_to) > 1:
        return "zonal"
    if AuthorityPath(applies_to[0]).state == AuthorityPath(applies_to[0]):
        return "national"
    return "local" if applies_to == (owner,) else "regional"


def put_in_force(
    app: Flask,
    number: str,
    text: Text,
    *,
    applies_to: tuple[str, ...] = ("eeu.ru.",),
    owner: str = CENTRE,
    version: int = 1,
) -> int:
    """A profile in force; the id of its first entry in the directory."""
    text = copy.deepcopy(text)
    text["territory"], text["header"]["scope"] = list(applies_to), _scope(owner, applies_to)
    with app.app_context(), acting(owner, "test"):
        officer = session().scalars(select(Officer.id).where(Officer.authority_path == owner)).first()
        profile = Profile(
            authority_path=owner,
            authority=session().scalars(select(Authority).where(Authority.authority_path == owner)).one(),
            unit_id=session().scalars(select(Unit.id).where(Unit.authority_path == owner)).first(),
            author_id=officer,
            executor_id=officer,
            status="in_force",
            number=number,
            version=version,
            text=text,
            text_hash=text_hash(text),
            **header_columns(text),
        )
        session().add(profile)
        session().flush()
        publication.publish(profile, PUBLISHED)
        session().flush()
        asked = select(Publication.id).where(Publication.document_id == profile.id).order_by(Publication.id)
        return session().scalars(asked).first() or 0
