"""The wall of PostgreSQL as a migration leaves it: on every table, before the owner as well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, select, text

from portal import create_app
from portal.extensions import db
from portal.models import Tenant, Unit
from portal.models.base import Base
from portal.store import owner, policies, second_wall, wall
from portal.store.session import acting, scope_of
from tests import servers
from tests.cast import AUTHORITIES, HOUSE
from tests.conftest import SETTINGS, environment
from tests.servers import unwalled
from tests.walls import LIST, PERMISSION, bare, everywhere, refused

pytestmark = pytest.mark.postgres
#: For tests that take the wall down, or build it: each on a database of its own.
own_database = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

RTU = "eeu.ru.10100000."
TABLES = policies.tables()


# --- roles and privileges -----------------------------------------------------------------------------------


def test_the_running_portal_owns_nothing(filled: Flask) -> None:
    with bare(filled) as connection:
        role = connection.execute(
            text("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
        assert tuple(role) == (servers.RUNTIME, False, False)
        owned = "SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'MEMBER')"
        assert connection.execute(text(owned)).scalars().all() == []
        assert (
            connection.execute(text("SELECT has_schema_privilege('public', 'CREATE')")).scalar_one() is False
        )


ADDED_TO_ONLY = ("journal_entry", "register_entry", "register_note", "revision", "audit_entry")
NEVER_REMOVED = (
    "document", "signature", "stage", "register", "publication", "check_result", "audit_head", *ADDED_TO_ONLY,
)  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [f"UPDATE {name} SET id = id" for name in ADDED_TO_ONLY]
    + [f"DELETE FROM {name}" for name in NEVER_REMOVED]
    + [f"TRUNCATE {name} CASCADE" for name in Base.metadata.tables]
    + [
        "ALTER TABLE unit DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE unit NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY portal_read ON unit",
        "CREATE POLICY mine ON unit USING (true)",
        "DROP TRIGGER audit_entry_no_delete ON audit_entry",
        "DROP TABLE value_list",
        "CREATE TABLE mine (id integer)",
        "UPDATE alembic_version SET version_num = '0001'",
        f"SET ROLE {servers.OWNER}",
    ],
)
def test_what_the_running_portal_has_no_right_to(filled: Flask, statement: str) -> None:
    with bare(filled, HOUSE) as connection:
        assert refused(connection, statement) == PERMISSION


def test_settings_that_would_switch_the_wall_off_do_not(filled: Flask) -> None:
    with bare(filled, RTU) as connection:
        connection.execute(text("SET LOCAL row_security = off"))
        assert refused(connection, "SELECT id FROM unit") == PERMISSION
    with bare(filled) as connection:
        connection.execute(text("SET LOCAL portal.copies_all = 'on'"))
        assert connection.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0


# --- building -----------------------------------------------------------------------------------------------


def standing(app: Flask) -> dict[str, str]:
    with unwalled(app) as connection:
        return dict(second_wall.faults(connection))


@own_database
def test_every_table_of_a_tenant_has_its_wall(app: Flask) -> None:
    """Read from PostgreSQL's own catalogue, for all tables of the models, those of later migrations too."""
    models = {m.local_table.name for m in Base.registry.mappers if issubclass(m.class_, Tenant)}
    assert set(TABLES) == models
    wanted = text(
        "SELECT relname, relrowsecurity AND relforcerowsecurity, "
        "(SELECT array_agg(DISTINCT cmd) FROM pg_policies WHERE tablename = relname) "
        "FROM pg_class WHERE relname = ANY(:names) AND relkind = 'r'"
    )
    with unwalled(app) as connection:
        found = {
            row[0]: (row[1], set(row[2] or ())) for row in connection.execute(wanted, {"names": list(models)})
        }
    assert found == {name: (True, {"SELECT", "INSERT", "UPDATE", "DELETE"}) for name in models}
    assert standing(app) == {}


@own_database
@pytest.mark.parametrize(
    ("breach", "said"),
    [
        ("ALTER TABLE unit DISABLE ROW LEVEL SECURITY", "row-level security is off"),
        (
            "ALTER TABLE unit NO FORCE ROW LEVEL SECURITY",
            "row-level security does not bind the owner of the table",
        ),
        ("DROP POLICY portal_read ON unit", "its policies are not those of the portal"),
        ("CREATE POLICY mine ON unit USING (true)", "its policies are not those of the portal"),
        (
            "COMMENT ON POLICY portal_read ON unit IS 'an older one'",
            "its policies are not those of the portal",
        ),
        ("DROP TRIGGER unit_stays ON unit", "its rows can be moved to another authority"),
    ],
)
def test_a_breach_is_named_and_the_next_upgrade_mends_it(app: Flask, breach: str, said: str) -> None:
    with unwalled(app) as connection:
        connection.execute(text(breach))
    assert standing(app) == {"unit": said}
    with app.app_context():
        upgrade()
    assert standing(app) == {}


@own_database
def test_an_upgrade_with_nothing_to_do_touches_no_table(app: Flask) -> None:
    """It takes no lock for which a running portal would have to wait."""
    with bare(app, HOUSE) as reading:
        for name in TABLES:
            reading.execute(text(f"SELECT count(*) FROM {name}"))
        with app.app_context():
            upgrade()


@own_database
def test_a_migration_sees_every_row(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner of the tables stands before the wall as well: it is down while rows are changed, for him alone."""
    seen: list[int] = []
    build = second_wall.build

    def look_and_build(connection: Connection) -> None:
        seen.append(connection.execute(text("SELECT count(*) FROM unit")).scalar_one())
        build(connection)

    monkeypatch.setattr(second_wall, "build", look_and_build)
    with app.app_context():
        upgrade()
        downgrade(revision="-1")
        upgrade()
    with unwalled(app) as connection:
        stored = connection.execute(text("SELECT count(*) FROM unit")).scalar_one()
    assert stored > 0
    assert seen == [0, stored, stored]


@own_database
def test_down_and_up_again_leaves_the_wall_standing(app: Flask) -> None:
    with app.app_context():
        downgrade(revision="-1")
        assert standing(app) == {}
        upgrade()
        assert standing(app) == {}
        downgrade(revision="base")
        assert standing(app) == {}
        upgrade()
    assert standing(app) == {}
    with bare(app, HOUSE) as connection:
        assert refused(connection, "DELETE FROM audit_entry") == PERMISSION
        assert connection.execute(text(LIST.format(HOUSE, HOUSE))).rowcount == 1


# --- one role for all ---------------------------------------------------------------------------------------


@own_database
def test_the_wall_binds_an_owner_that_serves_and_migrates(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    """With `DATABASE_URL` alone its role owns the tables; FORCE keeps the wall standing before it."""
    url = servers.of(servers.OWNER, database_url)
    alone = create_app(SETTINGS, replace(environment(url, tmp_path), migration_url=""))
    with alone.app_context():
        upgrade()
        with acting(RTU, "test") as mine:
            mine.scalars(select(Unit)).first().name_en = "changed"  # type: ignore[union-attr]
    with bare(alone) as connection:
        assert connection.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0
        wall.admit(connection, scope_of(RTU))
        assert everywhere(connection, "SELECT authority_path FROM unit") == {
            path for path in AUTHORITIES if path.startswith(RTU)
        }
    with alone.app_context():
        db.engine.dispose()
    with alone.app_context():
        db.engine.dispose()


def test_the_owner_copies_the_whole_on_a_connection_opened_for_it(filled: Flask) -> None:
    """As `pg_dump --enable-row-security` does with PGOPTIONS='-c portal.copies_all=on'."""
    url = filled.config["SQLALCHEMY_DATABASE_URI"]
    address = servers.of(servers.OWNER, url).replace("+psycopg", "")
    for options, seen in (("", 0), ("-c portal.copies_all=on", len(AUTHORITIES))):
        with psycopg.connect(address, options=options) as owning:
            paths = owning.execute("SELECT count(DISTINCT authority_path) FROM unit").fetchone()
            assert paths == (seen,)


@own_database
def test_the_whole_is_copied_and_filled_again_by_the_owner(app: Flask) -> None:
    """`copying` reads all and writes nothing past the wall; `refilling` writes all and leaves the wall standing."""
    units = text("SELECT count(DISTINCT authority_path) FROM unit")
    with app.app_context():
        with owner.copying() as connection:
            assert connection.execute(units).scalar_one() == len(AUTHORITIES) - 1
            assert connection.execute(text("UPDATE unit SET name_en = 'x'")).rowcount == 0
        with owner.refilling() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            with raw.cursor() as cursor, cursor.copy("COPY value_list FROM STDIN WITH (FORMAT csv)") as copy:
                copy.write("")
            assert connection.execute(text("UPDATE unit SET name_en = name_en || '!'")).rowcount > 0
    assert standing(app) == {}


@own_database
@pytest.mark.parametrize(("role", "warned"), [(servers.SUPERUSER, True), (servers.RUNTIME, False)])
def test_production_warns_of_a_role_that_sees_through_the_wall(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, role: str, warned: bool
) -> None:
    here = replace(environment(servers.of(role, database_url), tmp_path), name="production", migration_url="")
    app = create_app(SETTINGS, here)
    with app.app_context():
        for _ in range(2):
            with db.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        db.engine.dispose()
    said = [record for record in caplog.records if "second wall does not" in record.getMessage()]
    assert len(said) == (1 if warned else 0)
