"""`flask doctor` finds each fault that is planted on a healthy portal, and names no other."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, text

from portal.extensions import db
from portal.upkeep import database
from portal.upkeep.database import GUARDS
from portal.upkeep.doctor import CHECKS
from portal.workflow import clock
from tests import keys, servers
from tests.planted_faults import (
    FAULTS,
    POSTGRESQL_FAULTS,
    WARNINGS,
    demonstration,
    foreign_keys_off,
    rule_gone,
    scheduler_stopped,
    unreachable,
)
from tests.tls import Authority, listening
from tests.ward import Plant, Ward

SECRET = "d41d8cd98f00b204e9800998ecf8427e7c9a"
on_postgresql = pytest.mark.parametrize(
    "busy_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def database_url(busy_url: str) -> str:
    return busy_url


@pytest.fixture
def app(new_app: Flask) -> Flask:
    """One of its own: its engine is looked at, and altered."""
    return new_app


@pytest.fixture
def kept_writes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the tests is started without fsync, which no session can alter; the rest is set as it should be."""
    if database_url.startswith("sqlite"):
        return
    wanted = {**database._IN_POSTGRESQL, "fsync": ("on", "off")}
    monkeypatch.setattr(database, "_IN_POSTGRESQL", wanted)
    servers.told(
        database_url, f"ALTER DATABASE {make_url(database_url).database} SET synchronous_commit = on"
    )


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Authority, int]]:
    """An authority of certificates, and the port of a server that has one of it."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with listening(authority.issue("localhost")) as listener:
        yield authority, listener.port


@pytest.fixture
def ward(
    app: Flask,
    kept_writes: None,
    around: tuple[Authority, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Ward]:
    package = Path(app.root_path)
    shutil.copytree(package / "translations", tmp_path / "package" / "translations")
    shutil.copytree(package / "static" / "vendor", tmp_path / "package" / "static" / "vendor")
    for pins in ("requirements.txt", "requirements.in"):
        content = (package.parent / pins).read_text()
        (tmp_path / pins).write_text(re.sub("up to date: .*", f"up to date: {clock.now().date()}", content))
    app.root_path = str(tmp_path / "package")
    authority, port = around
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr("certifi.where", lambda: str(authority.file))
    found = Ward(app, tmp_path, monkeypatch, authority)
    found.settle(
        name="production",
        secret_key=SECRET,
        address=f"https://localhost:{port}",
        log_receiver=("localhost", port),
        audit_key=keys.ed25519(),
        selection_key=keys.SELECTION,
    )
    (tmp_path / "keys" / "selection-key").unlink()
    (tmp_path / "last-backup.json").write_text(json.dumps({"at": clock.now().isoformat()}))
    with found.stack:
        yield found
    for used in (*found.made, found.app):
        with used.app_context():
            db.session.remove()
            db.engine.dispose()


def examined(ward: Ward) -> tuple[int, list[dict[str, str]]]:
    answer = ward.app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.output
    return answer.exit_code, json.loads(answer.output)


def test_a_healthy_portal_is_found_well(ward: Ward) -> None:
    code, found = examined(ward)
    assert [one for one in found if one["state"] != "good"] == []
    assert [one["check"] for one in found] == [check.name for check in CHECKS]
    assert code == 0


@pytest.mark.parametrize(("name", "plant"), FAULTS, ids=[f"{name}-{n}" for n, (name, _) in enumerate(FAULTS)])
def test_a_planted_fault_is_found_by_its_check_alone(ward: Ward, name: str, plant: Plant) -> None:
    _found_alone(ward, name, plant)


@on_postgresql
@pytest.mark.parametrize(
    ("name", "plant"), POSTGRESQL_FAULTS, ids=[f"{name}-{n}" for n, (name, _) in enumerate(POSTGRESQL_FAULTS)]
)
def test_a_fault_of_the_second_wall_is_found(ward: Ward, name: str, plant: Plant) -> None:
    _found_alone(ward, name, plant)


@on_postgresql
def test_a_role_that_owns_the_tables_is_a_warning(ward: Ward) -> None:
    ward.served_by(servers.OWNER)
    code, found = examined(ward)
    assert [(one["check"], one["state"]) for one in found if one["state"] != "good"] == [
        ("database.role", "warning")
    ]
    assert code == 0


@on_postgresql
def test_outside_production_any_role_will_do(ward: Ward) -> None:
    ward.settle(name="development")
    ward.served_by(servers.SUPERUSER)
    assert examined(ward)[0] == 0


@on_postgresql
def test_references_are_not_called_well_by_a_role_that_sees_half(ward: Ward) -> None:
    ward.sql("DELETE FROM officer WHERE login = '10130000.officer.goods2'")
    ward.settle(migration_url="")
    code, found = examined(ward)
    (told,) = (one for one in found if one["state"] != "good")
    assert (told["check"], told["state"], code) == ("database.foreign_keys", "warning", 0)
    assert "PORTAL_MIGRATION_URL" in told["found"]


def _found_alone(ward: Ward, name: str, plant: Plant) -> None:
    plant(ward)
    code, found = examined(ward)
    ill = [(one["check"], one["state"]) for one in found if one["state"] != "good"]
    assert ill == [(name, "fault")], [one for one in found if one["state"] != "good"]
    (told,) = (one for one in found if one["check"] == name)
    assert told["found"]
    assert told["do"]
    assert code == 1


@pytest.mark.parametrize(
    ("name", "plant"), WARNINGS, ids=[f"{name}-{n}" for n, (name, _) in enumerate(WARNINGS)]
)
def test_what_is_no_fault_yet_is_a_warning(ward: Ward, name: str, plant: Plant) -> None:
    plant(ward)
    code, found = examined(ward)
    assert [(one["check"], one["state"]) for one in found if one["state"] != "good"] == [(name, "warning")]
    assert code == 0


def test_each_check_has_been_seen_to_find_something() -> None:
    assert {name for name, _ in (*FAULTS, *POSTGRESQL_FAULTS, *WARNINGS)} == {check.name for check in CHECKS}
    assert len({name for name, _ in FAULTS}) >= 20


def test_foreign_keys_switched_off_are_found(ward: Ward) -> None:
    """On SQLite a switch turns them off, on PostgreSQL somebody must drop the rule."""
    (foreign_keys_off if ward.sqlite else rule_gone)(ward)
    found = examined(ward)[1]
    named = "database.settings" if ward.sqlite else "database.foreign_keys"
    assert [one["check"] for one in found if one["state"] != "good"] == [named]


def test_without_an_answer_the_checks_of_rows_are_left_out(ward: Ward) -> None:
    unreachable(ward)
    names = {one["check"] for one in examined(ward)[1]}
    assert names == {check.name for check in CHECKS if not check.asks_tables}


def test_a_check_that_fails_is_a_fault(ward: Ward) -> None:
    ward.patch.setattr("portal.store.ailments.unclocked", lambda: 1 / 0)
    code, found = examined(ward)
    (told,) = (one for one in found if one["state"] != "good")
    assert (told["check"], code) == ("deadlines.clocked", 1)
    assert "ZeroDivisionError" in told["found"]


def test_a_person_reads_what_to_do(ward: Ward) -> None:
    scheduler_stopped(ward)
    answer = ward.app.test_cli_runner().invoke(args=["doctor"])
    assert answer.exit_code == 1
    lines = answer.output.splitlines()
    assert len(lines) == len(CHECKS) + 1
    at = next(n for n, line in enumerate(lines) if line.startswith("fault"))
    assert lines[at].split()[:2] == ["fault", "scheduler.leads"]
    assert "Start `flask scheduler`" in lines[at + 1]


def test_outside_production_a_demonstration_is_no_fault(ward: Ward) -> None:
    demonstration(ward)
    ward.settle(name="development")
    assert examined(ward)[0] == 0


def test_the_guards_looked_for_are_those_of_the_migrations(app: Flask) -> None:
    """Beside those against emptying and moving, which only PostgreSQL has."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":
            asked = (
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%no_truncate' "
                "AND tgname NOT LIKE '%stays'"
            )
        assert set(connection.execute(text(asked)).scalars()) == set(GUARDS)
        assert len(set(GUARDS)) == len(GUARDS) == 32
