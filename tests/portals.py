"""A furnished portal of its own for those who send it thousands of requests, put back as it was at will."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, text

from portal import create_app
from portal.extensions import db
from tests import conftest, furnished, servers

NAME, STILL = "furnished", "furnished_still"


@dataclass
class Portal:
    """A portal, the address of its database, and the server's where it is PostgreSQL.

    Attributes:
        app: it asks for no CSRF token, so that what is sent comes as far as the form.
        folder: its data folder; on SQLite the database is in it, too.
        server: address of the PostgreSQL server with a place for the name of a database; "" on SQLite.
    """

    app: Flask
    folder: Path
    server: str

    @property
    def url(self) -> str:
        return self.server.format(name=NAME) if self.server else f"sqlite:///{self.folder / 'portal.db'}"

    def keep(self) -> None:
        """Remember the database as it is."""
        self._let_go()
        if self.server:
            servers.settled(self.url)
            servers.copy(self.server, STILL, NAME)
        else:
            shutil.copy(self.folder / "portal.db", self.folder / "still.db")

    def put_back(self) -> None:
        """Put the database back as it was when it was remembered."""
        self._let_go()
        if self.server:
            servers.drop(self.server, NAME)
            servers.copy(self.server, NAME, STILL)
            return
        for rest in ("-wal", "-shm"):
            (self.folder / f"portal.db{rest}").unlink(missing_ok=True)
        shutil.copy(self.folder / "still.db", self.folder / "portal.db")

    def rows(self) -> dict[str, int]:
        """How many rows each table holds, of all tenants."""
        engine = create_engine(servers.of(servers.SUPERUSER, self.url))
        try:
            with engine.connect() as connection:
                counts = ", ".join(
                    f"(SELECT count(*) FROM {table}) AS {table}" for table in db.metadata.tables
                )
                return dict(connection.execute(text(f"SELECT {counts}")).one()._mapping)
        finally:
            engine.dispose()

    def _let_go(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def opened(postgresql: bool = False, running: str = "") -> Iterator[Portal]:
    """Build, furnish and remember a portal; everything is thrown away at the end.

    Args:
        running: the PostgreSQL server to use, where one runs already.
    """
    conftest.quicken()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal")))
        server = (running or stack.enter_context(servers.postgresql())) if postgresql else ""
        if server:
            servers.told(server, f"CREATE DATABASE {NAME} OWNER {servers.OWNER}")
        url = server.format(name=NAME) if server else f"sqlite:///{folder / 'portal.db'}"
        conftest.build(url, folder)
        settings = {**conftest.SETTINGS, "WTF_CSRF_ENABLED": False}
        app = create_app(settings, conftest.environment(url, folder))
        with app.app_context():
            conftest.hurry(db.engine)
        furnished.furnish(app, folder)
        portal = Portal(app, folder, server)
        portal.keep()
        yield portal
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
