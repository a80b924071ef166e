"""Databases built by the migrations, the standing cast in them, and a browser for each of its members."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event, make_url

import config
from portal import create_app
from portal.extensions import db
from portal.operations import sign_in
from tests import cast, servers, signed_in
from tests.browser import Browser

# As in wsgi.py, from the first test that is collected: what was imported is no garbage.
gc.set_threshold(50_000, 20, 100)

SETTINGS: dict[str, Any] = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}
NETWORK = (socket.AF_INET, socket.AF_INET6)


class _CompiledOnce(BytecodeCache):
    """Templates compiled by one application serve the next."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _CompiledOnce()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True, scope="session")
def _seldom_collected() -> None:
    """What was imported lives as long as the run, and is not walked through again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _network_is_off() -> Iterator[None]:
    """A test that reaches beyond this machine fails."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        if self.family in NETWORK and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"the tests reach no network: {address}")
        connect(self, address)

    socket.socket.connect = only_here  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


def quicken() -> None:
    """Let passwords of the cast be hashed with the least work: the tests check who, not how slowly."""
    sign_in.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    from portal.operations import administration

    administration.HASHER = sign_in.HASHER


@pytest.fixture(autouse=True, scope="session")
def _quick_hashes() -> None:
    quicken()


def need(what: str, variable: str, present: bool) -> None:
    """Skip a test whose tool is absent; where the variable is set, as in continuous integration, fail."""
    if present:
        return
    if os.environ.get(variable):
        pytest.fail(f"{what} is missing, and {variable} says that it must be here")
    pytest.skip(f"{what} is not installed; this part was NOT tested")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    try:
        servers.binaries()
    except servers.Absent:
        need("PostgreSQL", "PORTAL_REQUIRE_POSTGRES", False)
    with servers.postgresql() as address:
        yield address


def environment(url: str, folder: Path) -> config.Environment:
    """On PostgreSQL the portal runs as a role that owns nothing, and migrates as the owner of the tables."""
    owner = servers.of(servers.OWNER, url) if url.startswith("postgresql") else ""
    return config.Environment("development", url, folder, "k" * 64, 8000, migration_url=owner)


def build(url: str, folder: Path) -> None:
    """Lay the tables, enrol the cast, and open its sessions."""
    app = create_app(SETTINGS, environment(url, folder))
    with app.app_context():
        hurry(db.engine)
        upgrade()
        cast.build()
        signed_in.open_sessions()
        db.engine.dispose()


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that whichever worker needs it first fills for all workers of the run; nobody changes it after."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        build(f"sqlite:///{folder / 'portal.db'}", folder)

    return made_once(tmp_path_factory, "template", make) / "portal.db"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    servers.told(postgres_server, f"CREATE DATABASE template_portal OWNER {servers.OWNER}")
    build(postgres_server.format(name="template_portal"), tmp_path_factory.mktemp("postgres"))
    servers.settled(postgres_server.format(name="template_portal"))
    return postgres_server


#: For what asks nothing of the database that another test does not ask of both.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An own copy of the prepared database, on each of the two engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "portal.db")
        yield f"sqlite:///{tmp_path / 'portal.db'}"
        return
    yield from copied(request.getfixturevalue("postgres_template"), "template_portal")


def copied(server: str, template: str) -> Iterator[str]:
    """A copy of a database of PostgreSQL for one test; one in which nothing was written serves the next."""
    name = _UNTOUCHED.pop((server, template), "")
    if not name:
        name = f"t{os.getpid()}_{next(_COPIES)}"
        servers.copy(server, name, template)
    written = servers.told(server, _WRITTEN)
    yield server.format(name=name)
    if servers.told(server, _WRITTEN) == written:
        _UNTOUCHED[server, template] = name
    else:
        servers.drop(server, name)


#: How far the server's log has grown; and by server and template, the copy in which nothing was written.
_WRITTEN = "SELECT pg_current_wal_insert_lsn()"
_UNTOUCHED: dict[tuple[str, str], str] = {}
_COPIES = count()


def hurry(engine: Engine) -> None:
    """Let SQLite wait for no disk: what a test writes need not survive a power cut."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


class _Standing:
    """An application made once for an engine; each test lends it a database and a folder of its own.

    What SQLAlchemy compiled for one test serves the next, as long as its engine stays the same.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.app = create_app(SETTINGS, environment(url, folder))
        self.settings, self.request_class = dict(self.app.config), self.app.request_class
        self.url = make_url(url)
        with self.app.app_context():
            event.listen(db.engine, "do_connect", self._connect)
            hurry(db.engine)

    def _connect(self, dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            arguments[0] = self.url.database
        else:
            named["dbname"] = self.url.database

    def lend(self, url: str, folder: Path) -> Flask:
        self.url = make_url(url)
        self.app.request_class = self.request_class
        self.app.config.clear()
        self.app.config.update(
            self.settings, SQLALCHEMY_DATABASE_URI=url, ENVIRONMENT=environment(url, folder)
        )
        return self.app


_STANDING: dict[str, _Standing] = {}


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    engine = make_url(database_url).drivername
    if engine not in _STANDING:
        _STANDING[engine] = _Standing(database_url, tmp_path)
    lent = _STANDING[engine].lend(database_url, tmp_path)
    yield lent
    with lent.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def another_app() -> Iterator[Callable[[config.Environment], Flask]]:
    """Makes further applications beside the test's own; what they opened is closed with the test."""
    made: list[Flask] = []

    def make(given: config.Environment) -> Flask:
        made.append(create_app(SETTINGS, given))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def new_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of its own, for a test that adds routes to it."""
    made = create_app(SETTINGS, environment(database_url, tmp_path))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


_COOKIES: dict[str, str] = {}


@pytest.fixture
def browse(app: Flask) -> Callable[[str], Browser]:
    """``browse("10130000.officer.goods")`` is that officer, signed in; ``browse("")`` is nobody."""

    def browse(login: str) -> Browser:
        browser = Browser(app)
        if login and login in _COOKIES:
            browser.client.set_cookie("portal", _COOKIES[login])
        elif login:
            browser = signed_in.browser_of(app, login)
            cookie = browser.client.get_cookie("portal")
            assert cookie is not None
            _COOKIES[login] = cookie.value
        return browser

    return browse


@pytest.fixture(scope="session")
def plain_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application without tables, for tests that look at its routes and templates."""
    folder = tmp_path_factory.mktemp("plain")
    return create_app(SETTINGS, environment(f"sqlite:///{folder / 'none.db'}", folder))


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def furnished_portal(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A furnished portal that can be put back; who spoils it puts it back."""
    from tests import portals

    on_postgres = request.param == "postgresql"
    running = request.getfixturevalue("postgres_server") if on_postgres else ""
    with portals.opened(on_postgres, running) as portal:
        yield portal
