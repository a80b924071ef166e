"""`flask backup` and `flask restore`: whole or not at all, on both databases, and proved before it counts."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, make_url, select, text

from portal import create_app
from portal.extensions import db
from portal.models import Draft, ImportBatch
from portal.store import history, owner
from portal.store.session import acting, session
from portal.upkeep import manifest, snapshot
from tests import past, servers
from tests.cast import CENTRE, HOUSE
from tests.conftest import SETTINGS, environment
from tests.damaged_backups import DAMAGES, told
from tests.office import Office
from tests.servers import unwalled
from tests.upkeep_past import past_the_portal
from tests.walls import bare


@pytest.fixture
def database_url(busy_url: str) -> str:
    return busy_url


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """One of its own: its engine is looked at, and altered."""
    return new_app


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where backups go: beside the data folder, not in it."""
    return tmp_path_factory.mktemp("backups")


@pytest.fixture
def busy(app: Flask) -> Flask:
    """A portal with drafts, a register, a profile in force, past declarations, mail and keys."""
    mail = app.config["ENVIRONMENT"].data_dir / "mail"
    (mail / "one.eml").write_text("Subject: one")
    (mail / "two.part").write_text("Subj")
    return app


@pytest.fixture
def elsewhere(
    busy: Flask, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An empty database and an empty data folder."""
    folder, now = tmp_path_factory.mktemp("elsewhere"), busy.config["ENVIRONMENT"]
    url, server, name = f"sqlite:///{folder / 'portal.db'}", "", ""
    if now.database_url.startswith("postgresql"):
        server, name = (
            request.getfixturevalue("postgres_server"),
            f"{make_url(now.database_url).database}_empty",
        )
        servers.told(server, f"CREATE DATABASE {name} OWNER {servers.OWNER}")
        url = server.format(name=name)
    empty = create_app(SETTINGS, environment(url, folder))
    yield empty
    with empty.app_context():
        db.engine.dispose()
    if server:
        servers.drop(server, name)


def run(app: Flask, *words: str) -> Result:
    answer = app.test_cli_runner().invoke(args=list(words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.output
    return answer


def backed_up(app: Flask, place: Path, *options: str) -> Path:
    target = place / "backup"
    answer = run(app, "backup", str(target), *options)
    assert answer.exit_code == 0, answer.output
    return target


def everything(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    found = {}
    with app.app_context(), owner.copying() as connection:
        for name in sorted(inspect(connection).get_table_names()):
            rows = connection.execute(text(f'SELECT * FROM "{name}"'))
            found[name] = sorted(map(repr, rows))  # type: ignore[arg-type]
    return found


def nothing_stands(app: Flask) -> bool:
    """Neither a table nor a file."""
    with app.app_context():
        tables = inspect(db.engine).get_table_names()
        db.engine.dispose()
    folder = app.config["ENVIRONMENT"].data_dir
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("portal.db")]
    return tables == [] and files == []


def test_what_is_restored_is_what_was_there(busy: Flask, elsewhere: Flask, place: Path) -> None:
    before = everything(busy)
    answer = run(elsewhere, "restore", str(backed_up(busy, place)))
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("Restored and proved: ")
    after = everything(elsewhere)
    assert len(after.pop("officer_session")) == len(before.pop("officer_session"))
    assert after == before
    for words in (("registers", "verify"), ("audit", "verify")):
        assert run(elsewhere, *words).exit_code == 0
    old, new = (app.config["ENVIRONMENT"].data_dir for app in (busy, elsewhere))
    for file in ("keys/selection-key", "mail/one.eml"):
        assert (new / file).read_bytes() == (old / file).read_bytes()
    assert not (new / "mail" / "two.part").exists()
    with elsewhere.app_context(), acting(CENTRE, "test", writes=False):
        assert history.totals().items == len(past.ROWS)


def test_a_restored_portal_goes_on(busy: Flask, elsewhere: Flask, place: Path) -> None:
    """Ids, numbers and chains continue where they stopped."""
    run(elsewhere, "restore", str(backed_up(busy, place)))
    with elsewhere.app_context(), acting(HOUSE, "test", writes=False):
        known = set(session().scalars(select(Draft.id)))
    assert Office(elsewhere).registered_draft() > max(known)
    assert run(elsewhere, "registers", "verify").exit_code == 0
    assert run(elsewhere, "audit", "verify").exit_code == 0
    assert elsewhere.test_client().get("/readyz").status_code == 200


def test_nobody_else_may_read_a_backup(busy: Flask, elsewhere: Flask, place: Path) -> None:
    target = backed_up(busy, place)
    for found in (target, *target.rglob("*")):
        assert stat.S_IMODE(found.stat().st_mode) == (0o700 if found.is_dir() else 0o600), found
    assert run(elsewhere, "restore", str(target)).exit_code == 0
    folder = elsewhere.config["ENVIRONMENT"].data_dir
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "keys" / "selection-key").stat().st_mode) == 0o600


def test_it_says_whether_the_keys_are_in_it(busy: Flask, place: Path) -> None:
    with_keys = run(busy, "backup", str(place / "with"))
    assert "It holds the portal's keys" in with_keys.output
    assert (place / "with" / "keys" / "selection-key").exists()
    without = run(busy, "backup", str(place / "without"), "--without-keys")
    assert "It holds no keys" in without.output
    assert not (place / "without" / "keys").exists()
    assert manifest.read(place / "without").keys is False


def test_a_backup_without_keys_is_restored_too(busy: Flask, elsewhere: Flask, place: Path) -> None:
    answer = run(elsewhere, "restore", str(backed_up(busy, place, "--without-keys")))
    assert answer.exit_code == 0, answer.output
    assert not (elsewhere.config["ENVIRONMENT"].data_dir / "keys").exists()


def test_a_place_that_is_taken_is_refused(busy: Flask, place: Path) -> None:
    target = backed_up(busy, place)
    assert "exists already" in run(busy, "backup", str(target)).output
    answer = run(busy, "restore", str(target))
    assert answer.exit_code == 1
    assert "Nothing was restored: the place is not empty" in answer.output
    inside = busy.config["ENVIRONMENT"].data_dir / "backup"
    assert "lies in the data folder" in run(busy, "backup", str(inside)).output
    assert not inside.exists()


def test_a_data_folder_with_anything_in_it_is_not_empty(busy: Flask, elsewhere: Flask, place: Path) -> None:
    target = backed_up(busy, place)
    folder = elsewhere.config["ENVIRONMENT"].data_dir
    (folder / "keys").mkdir()
    (folder / "keys" / "selection-key").write_text("00")
    answer = run(elsewhere, "restore", str(target))
    assert (answer.exit_code, "not empty" in answer.output) == (1, True)
    assert (folder / "keys" / "selection-key").read_text() == "00"


def test_the_key_that_a_command_makes_for_itself_is_no_hindrance(
    busy: Flask, elsewhere: Flask, place: Path
) -> None:
    target = backed_up(busy, place)
    folder = elsewhere.config["ENVIRONMENT"].data_dir
    (folder / "keys").mkdir()
    (folder / "keys" / "development-secret").write_text("00")
    assert run(elsewhere, "restore", str(target)).exit_code == 0


@pytest.mark.parametrize(("damage", "words"), DAMAGES, ids=[str(n) for n in range(len(DAMAGES))])
def test_a_backup_that_is_not_whole_is_refused(
    busy: Flask, elsewhere: Flask, place: Path, damage: Callable[[Path], None], words: str
) -> None:
    target = backed_up(busy, place)
    damage(target)
    answer = run(elsewhere, "restore", str(target))
    assert answer.exit_code == 1
    assert words in answer.output
    assert nothing_stands(elsewhere)


UNTRUE = (
    (
        f"UPDATE audit_entry SET action = 'nothing' WHERE authority_path = '{HOUSE}' AND serial = 3",
        "audit trail",
    ),
    (f"UPDATE register SET last_serial = last_serial + 1 WHERE authority_path = '{HOUSE}'", "registers"),
    ("UPDATE import_batch SET stored_hash = 'another'", "past declarations"),
)


@pytest.mark.parametrize(("statement", "what"), UNTRUE, ids=[what for _, what in UNTRUE])
def test_what_does_not_prove_true_is_not_accepted(
    busy: Flask, elsewhere: Flask, place: Path, statement: str, what: str
) -> None:
    """The files are whole; what they say is not. The backup is made all the same: it may be all that is left."""
    past_the_portal(busy, statement)
    answer = run(elsewhere, "restore", str(backed_up(busy, place)))
    assert answer.exit_code == 1
    assert f"the {what} did not prove true" in answer.output
    assert nothing_stands(elsewhere)


def test_rows_that_refer_to_nothing_are_not_accepted(busy: Flask, elsewhere: Flask, place: Path) -> None:
    past_the_portal(busy, "DELETE FROM officer WHERE login = '10130000.officer.goods2'")
    answer = run(elsewhere, "restore", str(backed_up(busy, place)))
    assert answer.exit_code == 1
    assert "refer" in answer.output or "violates foreign key" in answer.output
    assert nothing_stands(elsewhere)


def test_a_chain_cut_back_before_the_manifest_was_written_is_seen(
    busy: Flask, elsewhere: Flask, place: Path
) -> None:
    """The end of each chain stands in the manifest, apart from the tables."""
    target = backed_up(busy, place)
    found = json.loads((target / "manifest.json").read_text())
    found["ends"][HOUSE][0] += 1
    told(target, ends=found["ends"])
    answer = run(elsewhere, "restore", str(target))
    assert "the audit trail did not prove true" in answer.output
    assert nothing_stands(elsewhere)


def test_a_missing_row_is_seen(busy: Flask, elsewhere: Flask, place: Path) -> None:
    target = backed_up(busy, place)
    found = json.loads((target / "manifest.json").read_text())
    found["tables"]["calendar_day"]["rows"] += 1
    told(target, tables=found["tables"])
    answer = run(elsewhere, "restore", str(target))
    assert "the rows did not prove true: calendar_day" in answer.output
    assert nothing_stands(elsewhere)


def test_without_a_file_of_its_history_no_backup_is_made(busy: Flask, place: Path) -> None:
    next((busy.config["ENVIRONMENT"].data_dir / "history").rglob("*.parquet")).unlink()
    answer = run(busy, "backup", str(place / "backup"))
    assert (answer.exit_code, "is missing" in answer.output) == (1, True)
    assert list(place.iterdir()) == []


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    busy: Flask, elsewhere: Flask, place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any
) -> None:
    """An import finished after the moment of the database is left out, its file too."""
    take, more = snapshot.take, past.csv(tmp_path_factory.mktemp("more"), past.ARMENIAN, "more.csv")

    def then_import(folder: Path) -> snapshot.Snapshot:
        found = take(folder)
        past.taken(busy, "eeu.am.", more)
        return found

    monkeypatch.setattr(snapshot, "take", then_import)
    target = backed_up(busy, place)
    assert len(list((target / "history").rglob("*.parquet"))) == 1
    assert run(elsewhere, "restore", str(target)).exit_code == 0
    with elsewhere.app_context(), acting("eeu.am.", "test", writes=False):
        assert session().scalars(select(ImportBatch)).all() == []


def test_an_older_backup_is_brought_to_these_tables(busy: Flask, elsewhere: Flask, place: Path) -> None:
    from flask_migrate import downgrade

    from portal.store import readiness

    before = everything(busy)["document"]
    with busy.app_context():
        downgrade(revision="0008")
        db.engine.dispose()
    target = backed_up(busy, place)
    assert manifest.read(target).revision == "0008"
    answer = run(elsewhere, "restore", str(target))
    assert answer.exit_code == 0, answer.output
    with elsewhere.app_context():
        assert readiness.revision() == readiness.head()
    assert everything(elsewhere)["document"] == before


def test_a_backup_is_remembered_for_the_doctor(busy: Flask, place: Path) -> None:
    target = backed_up(busy, place)
    kept = json.loads((busy.config["ENVIRONMENT"].data_dir / "last-backup.json").read_text())
    assert kept == {"at": manifest.read(target).made_at, "destination": os.fspath(target)}


# --- the second wall ----------------------------------------------------------------------------------------

on_postgresql = pytest.mark.parametrize(
    "busy_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def walls(app: Flask) -> tuple[list[Any], ...]:
    """Policies, the tables that they bind, and what the role that serves may do, as the database tells them."""
    asked = (
        "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = 'public'::regnamespace ORDER BY 1",
        "SELECT table_name, privilege_type FROM information_schema.table_privileges "
        f"WHERE grantee = '{servers.RUNTIME}' ORDER BY 1, 2",
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    )
    with unwalled(app) as connection:
        return tuple(list(map(tuple, connection.execute(text(one)))) for one in asked)


@on_postgresql
def test_a_restored_wall_stands_as_the_first_did(busy: Flask, elsewhere: Flask, place: Path) -> None:
    assert run(elsewhere, "restore", str(backed_up(busy, place))).exit_code == 0
    before = walls(busy)
    assert walls(elsewhere) == before
    assert all(len(rows) > 20 for rows in before)
    with bare(elsewhere) as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 0
    with bare(elsewhere, HOUSE) as connection:
        assert (connection.scalar(text("SELECT count(*) FROM document")) or 0) > 0


@on_postgresql
def test_a_role_that_sees_half_makes_no_backup(
    busy: Flask, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(busy.config, "ENVIRONMENT", replace(busy.config["ENVIRONMENT"], migration_url=""))
    answer = run(busy, "backup", str(place / "backup"))
    assert (answer.exit_code, "PORTAL_MIGRATION_URL must name the owner" in answer.output) == (1, True)
    assert list(place.iterdir()) == []


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "DROP POLICY portal_copies_all ON document",
        "CREATE POLICY mine ON document AS RESTRICTIVE FOR SELECT USING (authority_path = 'eeu.')",
    ],
)
def test_an_owner_from_whom_a_policy_hides_rows_makes_none(busy: Flask, place: Path, statement: str) -> None:
    past_the_portal(busy, statement)
    answer = run(busy, "backup", str(place / "backup"))
    assert (answer.exit_code, answer.output.endswith("does not see all rows of document\n")) == (1, True)
    assert list(place.iterdir()) == []
