"""A portal with work in it, made once for the tests of the operator's commands; each gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal import create_app
from portal.extensions import db
from portal.store import lease
from portal.store.engine import writing
from portal.store.selection_key import selection_key
from portal.store.session import session
from tests import past, servers
from tests.cast import CENTRE
from tests.conftest import SETTINGS, copied, environment, hurry, made_once
from tests.office import Office

TEMPLATE = "template_busy"


def _work(url: str, folder: Path) -> None:
    """Drafts in the register and under a clock, a profile in force, past declarations, keys, mail, a scheduler."""
    app = create_app(SETTINGS, environment(url, folder))
    with app.app_context():
        hurry(db.engine)
    office = Office(app)
    office.registered_draft()
    office.profile_to_force(office.prepared_profile())
    office.reviewed_draft()
    past.taken(app, CENTRE, past.csv(folder))
    (folder / "mail").mkdir()
    with app.app_context():
        selection_key()
        with writing():
            lease.lay(lease.SCHEDULER)
            session().flush()
            lease.take(lease.SCHEDULER, "me", timedelta(days=2))
            session().commit()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def busy_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder / "portal.db")
        _work(f"sqlite:///{folder / 'portal.db'}", folder)

    return made_once(tmp_path_factory, "busy", make)


@pytest.fixture(scope="session")
def busy_postgres(postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("busy")
    servers.copy(postgres_template, TEMPLATE, "template_portal")
    _work(postgres_template.format(name=TEMPLATE), folder)
    servers.settled(postgres_template.format(name=TEMPLATE))
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def busy_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An own copy of the busy portal: its database, and its data folder in `tmp_path`."""
    folder: Path = request.getfixturevalue("busy_sqlite" if request.param == "sqlite" else "busy_postgres")
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'portal.db'}"
    else:
        yield from copied(request.getfixturevalue("postgres_template"), TEMPLATE)
