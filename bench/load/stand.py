"""A throw-away portal of the size of a service, and the plan of it that the generator is given."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login.utils import _create_identifier
from flask_migrate import upgrade
from sqlalchemy import Connection, NullPool, create_engine, insert, select, text

import config
from bench.load import crowd
from bench.load.browser import AGENT
from bench.load.plan import Person, Plan
from portal import create_app
from portal.demo import loading
from portal.extensions import db
from portal.models import Authority, Check, Declaration, Document, Officer, OfficerSession, Post, Publication
from portal.operations import checkpoints, drafting, summaries
from portal.operations.acts import Acts
from portal.store import officers as officers_store
from portal.store import sessions
from portal.store.session import acting
from portal.web.assets import assets
from portal.workflow.seats import Actor
from tests import servers, texts

KEY = "k" * 64
#: Customs houses have this many authors with so many drafts each.
AUTHORS, DRAFTS = 3, 2


@dataclass(frozen=True)
class Stand:
    """A portal: its folder and the address of its database."""

    folder: Path
    url: str

    @property
    def owner(self) -> str:
        return servers.of(servers.OWNER, self.url) if self.url.startswith("postgresql") else ""

    @property
    def environment(self) -> config.Environment:
        return config.Environment("development", self.url, self.folder, KEY, 8000, migration_url=self.owner)

    @contextmanager
    def unwalled(self) -> Iterator[Connection]:
        """A transaction of the database's own administrator."""
        engine = create_engine(servers.of(servers.SUPERUSER, self.url), poolclass=NullPool)
        with engine.begin() as connection:
            yield connection
        engine.dispose()


@contextmanager
def opened(
    postgresql: bool, points: int, officers: int, seed: int, filled: Path | None = None
) -> Iterator[tuple[Stand, Plan]]:
    """Build the portal; everything is thrown away at the end.

    Args:
        filled: a data folder on SQLite to begin with, instead of the demonstration loaded anew.
    """
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="load", ignore_cleanup_errors=True))
        )
        server = stack.enter_context(servers.postgresql()) if postgresql else ""
        if server:
            servers.told(server, f"CREATE DATABASE load OWNER {servers.OWNER}")
        if filled:
            shutil.copytree(filled, folder, dirs_exist_ok=True)
        stand = Stand(folder, server.format(name="load") if server else f"sqlite:///{folder / 'portal.db'}")
        yield stand, built(stand, points, officers, seed)


def built(stand: Stand, points: int, officers: int, seed: int) -> Plan:
    """Load the demonstration where there is nothing yet, enlarge it, and open the sessions of its officers."""
    app = create_app({"PROPAGATE_EXCEPTIONS": False}, stand.environment)
    with app.app_context():
        upgrade()
        loading.fill()
        with stand.unwalled() as connection:
            crowd.enlarge(connection, points, officers, seed)
        db.session.remove()  # a session that has read something sees nothing of what came after
        _write_drafts(stand)
        checkpoints.daily(datetime.now(UTC))  # what the scheduler did at night
        summaries.write_all()
        with stand.unwalled() as connection:
            _open_sessions(connection)
            plan = _planned(app, connection)
        with stand.unwalled() as connection:
            connection.execute(text("ANALYZE"))
        db.session.remove()
        db.engine.dispose()
    return plan


def _write_drafts(stand: Stand) -> None:
    """Let authors at each house write some drafts, by the portal's own operations."""
    with stand.unwalled() as connection:
        asked = (
            select(Officer.__table__.c.login, Authority.__table__.c.authority_path)
            .select_from(Officer.__table__.join(Post.__table__).join(Authority.__table__))
            .where(Post.post == "officer", Authority.level == "regional", Officer.login.like("load-%"))
            .order_by(Officer.id)
        )
        authors: dict[str, list[str]] = {}
        for login, path in connection.execute(asked):
            authors.setdefault(path, []).append(login)
    for path, logins in authors.items():
        for login in logins[:AUTHORS]:
            _write(path, login)


def _write(path: str, login: str) -> None:
    kept = officers_store.credentials(login)
    found = officers_store.signed_in(kept[0], datetime.now(UTC)) if kept else None
    assert found is not None
    place = found.places[0]
    acts = Acts(found.id, found.name, Actor(found.id, place.posts), place.code, place.path)
    with acting(path, "load"):
        for number in range(DRAFTS):
            words = texts.complete(title=f"Footwear of {login}, {number}", territory=(path,))
            drafting.begin(acts, words["header"]["title"], "profile", "regional", words)


def _token(login: str) -> str:
    return f"the session of {login}"


def _open_sessions(connection: Connection) -> None:
    now = datetime.now(UTC)
    connection.execute(
        insert(OfficerSession.__table__),
        [
            {"token_hash": sessions.hashed(_token(login)), "officer_id": number, "begun_at": now, "last_seen_at": now,
             "address": "127.0.0.1", "browser": AGENT}
            for number, login in connection.execute(
                select(Officer.id, Officer.login).where(Officer.login.like("load-%"))
            )
        ],
    )  # fmt: skip


def _planned(app: Flask, connection: Connection) -> Plan:
    codes = dict(connection.execute(select(Authority.authority_path, Authority.code)).all())
    waiting = select(Check.declaration_id).where(Check.recorded_at.is_(None), Check.drawn)
    open_ = Declaration.id, Declaration.authority_path, Declaration.released_at
    declarations: dict[str, tuple[list[int], list[int]]] = {}
    for number, path, released in connection.execute(select(*open_)):
        declarations.setdefault(codes[path], ([], []))[released is not None].append(number)
    checks = connection.execute(
        select(Declaration.authority_path, Declaration.id)
        .where(Declaration.released_at.is_(None), Declaration.id.in_(waiting))
        .order_by(Declaration.row_version, Declaration.id)
    )  # fmt: skip
    drafts = connection.execute(
        select(Document.__table__.c.authority_path, Document.id, Officer.login)
        .join(Officer.__table__, Officer.id == Document.author_id)
        .where(Officer.login.like("load-%"), Document.document == "draft").order_by(Document.id)
    )  # fmt: skip
    profiles = connection.execute(
        select(Document.__table__.c.authority_path, Document.id).where(Document.document == "profile")
    )
    sheet = assets(Path(app.static_folder or "")).find("portal.css")
    assert sheet is not None
    return Plan(
        crowd.PASSWORD,
        (f"/static/{sheet[0].address}", f'"{sheet[0].digest}-br"'),
        tuple(_people(app, connection)),
        declarations,
        tuple((codes[path], number) for path, number in checks),
        tuple((codes[path], number, login) for path, number, login in drafts),
        tuple((codes[path], number) for path, number in profiles),
        tuple(_publications(connection, codes)),
    )


def _publications(connection: Connection, codes: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Which profiles each point may read: those that apply to it or to an authority above."""
    asked = select(Publication.id, Publication.applies_to).where(Publication.state == "in_force")
    for number, applies in connection.execute(asked).all():
        yield from ((code, number) for path, code in codes.items() if path.startswith(applies))


def _people(app: Flask, connection: Connection) -> Iterator[Person]:
    """Officers who were added, each with the cookie that his browser would hold."""
    o, p, a = Officer.__table__.c, Post.__table__.c, Authority.__table__.c
    asked = (
        select(o.id, o.login, p.post, a.code, a.level, a.authority_path, a.parent_path)
        .select_from(Officer.__table__.join(Post.__table__).join(Authority.__table__))
        .where(o.login.like("load-%")).order_by(o.id)
    )  # fmt: skip
    codes = dict(connection.execute(select(Authority.authority_path, Authority.code)).all())
    with app.test_request_context(headers={"User-Agent": AGENT}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        mark = _create_identifier()
    signing: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for number, login, post, code, level, path, above in connection.execute(asked):
        kept = {
            "_user_id": str(number),
            "_fresh": True,
            "_id": mark,
            "_permanent": True,
            "token": _token(login),
        }
        house = codes[above] if level == "point" else codes[path]
        yield Person(login, post, code, level, house, signing.dumps(kept))
