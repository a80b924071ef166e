"""The roles of the database sign in by certificates that end, without a password."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import create_app
from portal.extensions import db
from tests import servers
from tests.conftest import SETTINGS, environment, need
from tests.tls import Authority

ASKED = "SELECT current_user, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())"


@pytest.mark.postgres
def test_the_portal_migrates_and_serves_with_certificates(tmp_path: Path) -> None:
    try:
        servers.binaries()
    except servers.Absent:
        need("PostgreSQL", "PORTAL_REQUIRE_POSTGRES", False)
    authority = Authority(tmp_path)
    stranger = Authority(tmp_path / "elsewhere")
    with servers.postgresql(authority) as address:
        servers.told(address, f"CREATE DATABASE certified OWNER {servers.OWNER}")
        port = servers.told(address, "SHOW port")

        def by(role: str, file: Path, key: Path) -> str:
            asked = f"sslmode=verify-full&sslrootcert={authority.file}&sslcert={file}&sslkey={key}"
            return f"postgresql+psycopg://{role}@localhost:{port}/certified?{asked}"

        runs = by(servers.RUNTIME, *authority.issue(servers.RUNTIME))
        owns = by(servers.OWNER, *authority.issue(servers.OWNER))
        settled = replace(
            environment(runs, tmp_path), name="production", migration_url=owns, secret_key="a1b2c3d4" * 8
        )
        app = create_app(SETTINGS, settled)
        with app.app_context():
            upgrade()
            with db.engine.connect() as connection:
                assert connection.execute(text(ASKED)).one() == (servers.RUNTIME, True)
            db.engine.dispose()
        assert app.test_client().get("/readyz").status_code == 200
        with app.app_context():
            db.engine.dispose()
        refused = (
            by(servers.OWNER, *authority.issue(servers.RUNTIME)),  # the certificate of another role
            by(servers.RUNTIME, *stranger.issue(servers.RUNTIME)),  # of an authority that nobody trusts
            by(servers.RUNTIME, tmp_path / "none", tmp_path / "none").replace(
                f"&sslcert={tmp_path / 'none'}", ""
            ),
        )
        for url in refused:
            other = create_app(SETTINGS, replace(settled, database_url=url))
            with other.app_context(), pytest.raises(OperationalError), db.engine.connect():
                pass  # pragma: no cover
