"""A throw-away PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine

from tests.tls import Authority

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []

#: The roles of the server: of its own administrator, of the tables' owner, and of the running portal.
SUPERUSER, OWNER, RUNTIME = "portal", "portal_owner", "portal_runtime"


#: What is thrown away at the end needs to survive nothing.
HURRIED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
#: Nothing is written but by the tests: a database in whose time the log has not grown is as it was.
STILL = {"autovacuum": "off", "wal_level": "minimal", "max_wal_senders": 0}
MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - a throw-away database in memory, not a file in a guessable place


class Absent(RuntimeError):
    """No PostgreSQL is installed."""


def binaries() -> Path:
    """The folder of the newest server's programs.

    Raises:
        Absent: there is none.
    """
    if BINARIES:
        return BINARIES[-1]
    found = shutil.which("postgres")
    if found is None:
        raise Absent("PostgreSQL is not installed (Debian: apt install postgresql)")
    return Path(found).resolve().parent


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as its own account."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _in_memory() -> Path | None:
    """Memory, where there is room: each test lays a database of its own, and a disk takes ten times as long."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@contextmanager
def postgresql(trusts: Authority | None = None) -> Iterator[str]:
    """Run a server on a socket of its own; gives the portal's address of a database, without its name.

    Args:
        trusts: the authority with whose certificates roles sign in over TLS, at a port of this machine.
    """
    programs = binaries()
    with tempfile.TemporaryDirectory(prefix="pg", dir=_in_memory()) as folder:
        place = Path(folder)
        if os.geteuid() == 0:
            shutil.chown(place, "postgres")
        data = place / "data"
        subprocess.run(
            _as_postgres(
                [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", SUPERUSER, "--no-sync"]
            ),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": place,
            "max_connections": 150,
            **HURRIED,
            **STILL,
            **(_over_tls(trusts, data) if trusts else {}),
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(
            _as_postgres([*control, "-l", str(place / "log"), "-o", options, "start"]),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        port = settings.get("port", 5432)
        address = f"postgresql+psycopg://{RUNTIME}@/{{name}}?host={place}&port={port}"
        try:
            for role in (OWNER, RUNTIME):
                told(address, f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
            yield address
        finally:
            if address in _ADMINISTRATORS:
                _ADMINISTRATORS.pop(address).dispose()
            subprocess.run(
                _as_postgres([*control, "-m", "immediate", "stop"]), check=True, stdout=subprocess.DEVNULL
            )


def _over_tls(trusts: Authority, data: Path) -> dict[str, Any]:
    """Settings of a server that takes lines from the network over TLS alone, from those with a certificate."""
    files = {"ssl_cert_file": "server.pem", "ssl_key_file": "server.key", "ssl_ca_file": "authority.pem"}
    for source, name in zip((*trusts.issue("localhost"), trusts.file), files.values(), strict=True):
        shutil.copy(source, data / name)
        (data / name).chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(data / name, "postgres")
    rules = data / "pg_hba.conf"
    rules.write_text("local all all trust\nhostssl all all 127.0.0.1/32 cert\n")
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    return {"listen_addresses": "127.0.0.1", "port": port, "ssl": "on", **files}


def of(role: str, url: str) -> str:
    """The same database for another role; SQLite has none."""
    return url.replace(f"//{RUNTIME}@", f"//{role}@")


def told(address: str, statement: str) -> Any:
    """Let the server's administrator run a statement outside all databases of the portal; the first value it gives."""
    url = of(SUPERUSER, address).format(name="postgres")
    if address not in _ADMINISTRATORS:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        if "{name}" not in address:
            return _told(engine, statement, leaves=True)
        _ADMINISTRATORS[address] = engine
    return _told(_ADMINISTRATORS[address], statement)


def copy(address: str, name: str, template: str) -> None:
    """Make a database like another one, to which nobody is connected: its files are copied, not its pages logged."""
    files = " STRATEGY file_copy" if told(address, "SHOW server_version_num") >= "150000" else ""
    told(address, f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}{files}")


def drop(address: str, name: str) -> None:
    """Throw a database away; whoever has just left it gets a moment to be gone, where the server would wait longer."""
    here = f"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{name}')"
    patience = time.monotonic() + 0.1
    while told(address, here) and time.monotonic() < patience:
        time.sleep(0.002)
    told(address, f"DROP DATABASE {name} WITH (FORCE)")


def settled(url: str) -> None:
    """Let a database that will be copied be as if it had stood for long: counted, and with nothing to tidy up.

    PostgreSQL tidies a page when it is read; a copy in which that happens would look written to.
    """
    for statement in ("ANALYZE", "VACUUM (FREEZE)"):
        told(url, statement)


def _told(engine: Engine, statement: str, *, leaves: bool = False) -> Any:
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(statement)
            return found.scalar() if found.returns_rows else None
    finally:
        if leaves:
            engine.dispose()


#: The administrators of the servers that run, by the servers' addresses; they stay connected.
_ADMINISTRATORS: dict[str, Engine] = {}


@contextmanager
def unwalled(app: Flask) -> Iterator[Connection]:
    """A transaction of one with the database's own password, before whom no wall stands."""
    url = of(SUPERUSER, app.config["SQLALCHEMY_DATABASE_URI"])
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
