"""Restore drills: backups made while officers write, half of them killed, each brought back and proved.

``python scripts/restore_drills.py --drills 50`` prints a line for each drill and exits with 1 when one failed. A
killed backup must be no backup, unless it was complete already; a finished one must hold every act that had been
answered before it began.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy.exc import OperationalError  # noqa: E402

import config  # noqa: E402
from portal import create_app  # noqa: E402
from portal.levels.path import AuthorityPath  # noqa: E402
from portal.upkeep import manifest  # noqa: E402
from tests import cast, conftest, past, servers  # noqa: E402
from tests.office import Office  # noqa: E402

#: Customs houses that write at once, each in a process of its own.
WRITERS = ("eeu.ru.10110000.", "eeu.ru.10100000.10130000.")
COUNT = "SELECT count(*) FROM register_entry"


@dataclass(frozen=True)
class Place:
    """A portal: where its database and its data folder are."""

    url: str
    folder: Path

    @property
    def environment(self) -> config.Environment:
        return config.Environment(
            "development", self.url, self.folder, "k" * 64, 8000, migration_url=self.owner
        )

    @property
    def owner(self) -> str:
        """Migrations, backups and restores are of the owner of the tables; SQLite has none."""
        return servers.of(servers.OWNER, self.url) if self.url.startswith("postgresql") else ""

    @property
    def variables(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.url,
            "PORTAL_MIGRATION_URL": self.owner,
            "PORTAL_DATA_DIR": str(self.folder),
            "SECRET_KEY": "k" * 64,
        }


def flask(place: Place, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=place.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def said(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=300)
    return process.returncode, output.strip()


def write(place: Place, path: str, rest: float) -> None:
    """Register drafts and import files without end; a line for each answered act goes to a file.

    Args:
        rest: seconds between one and the next.
    """
    app = create_app({"TESTING": True}, place.environment)
    office, number = Office(app), 0
    answered = place.folder.parent / f"answered-{AuthorityPath(path).labels[-1]}"
    while True:
        time.sleep(rest)
        number += 1
        with suppress(
            OperationalError
        ):  # its turn did not come on a busy machine: an officer would send again
            office.registered_draft(path=path)
            with answered.open("a") as log:
                log.write("draft\n")
            code = cast.AUTHORITIES[path][0]
            rows = [f"{code}-{number}-{n},1,2025-01-10,{code},640399,CN,CN,I,10,40,1" for n in range(50)]
            past.taken(app, path, past.csv(place.folder.parent, rows, f"{code}.csv"), whole=True)


def _write_until_killed(place: Place, path: str, rest: float) -> None:
    """What a forked writer does: it never comes back."""
    try:
        write(place, path, rest)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)


def answered(place: Place) -> int:
    """Acts that have been answered to their officers by now."""
    return sum(len(file.read_text().splitlines()) for file in place.folder.parent.glob("answered-*"))


@contextmanager
def under_load(place: Place, rest: float) -> Iterator[None]:
    """Writers in processes of their own."""
    running = []
    for path in WRITERS:
        if (child := os.fork()) == 0:
            _write_until_killed(place, path, rest)
        running.append(child)
    try:
        yield
        for child in running:
            if os.waitpid(child, os.WNOHANG)[0]:
                raise SystemExit("a writer failed; the drills were without load")
    finally:
        for child in running:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


@dataclass
class Drills:
    """One series of drills on one kind of database."""

    place: Place
    empty: Place
    backups: Path
    draw: random.Random

    def one(self, number: int, kill: bool) -> str:
        """Make a backup, kill it perhaps, bring it back; a line that begins with "failed" when something is wrong."""
        target, before, begun = self.backups / f"drill-{number}", answered(self.place), time.monotonic()
        process = flask(self.place, "backup", str(target))
        if kill:
            self._wait_until_it_copies(target, process)
            process.kill()
        code, output = said(process)
        taken = time.monotonic() - begun
        if not target.exists():
            return self._killed(target, before, taken) if kill else f"failed: no backup ({code}): {output}"
        return self._brought_back(target, before, taken, "killed too late; " if kill else "")

    def _wait_until_it_copies(self, target: Path, process: subprocess.Popen[str]) -> None:
        """A moment in the middle of the work: most of a backup's time goes by before it begins."""
        while process.poll() is None and not list(self.backups.glob(f".{target.name}.part-*")):
            time.sleep(0.005)
        time.sleep(self.draw.uniform(0, 0.08))

    def _killed(self, target: Path, before: int, taken: float) -> str:
        """What a killed backup left must not pass for one, unless only its name was still missing."""
        left = list(self.backups.glob(f".{target.name}.part-*"))
        for part in left:
            if (part / manifest.NAME).exists():
                return self._brought_back(part, before, taken, "killed before it was named; ")
            code, output = said(flask(self.empty, "restore", str(part)))
            if code == 0:
                return f"failed: half a backup was restored: {output}"
            shutil.rmtree(part)
        fault = self._not_empty()
        return fault or f"killed after {taken:.1f} s: no backup, {len(left)} unfinished folder(s) refused"

    def _brought_back(self, target: Path, before: int, taken: float, how: str) -> str:
        begun = time.monotonic()
        code, output = said(flask(self.empty, "restore", str(target)))
        if code:
            return f"failed: {output}"
        time_taken = time.monotonic() - begun
        found = self._lines()
        shutil.rmtree(target)
        self.clear()
        if found < before:
            return f"failed: {before} drafts were answered before the backup began, and {found} came back"
        return f"{how}backup {taken:.1f} s, restore {time_taken:.1f} s: {found} drafts, at least {before} expected"

    def _lines(self) -> int:
        from sqlalchemy import create_engine, text

        engine = create_engine(servers.of(servers.SUPERUSER, self.empty.url))
        with engine.connect() as connection:
            found = connection.execute(text(COUNT)).scalar_one()
        engine.dispose()
        return int(found)

    def _not_empty(self) -> str:
        stands = [file for file in self.empty.folder.rglob("*") if file.is_file()]
        return f"failed: a refused restore left {stands[0]}" if stands else ""

    def clear(self) -> None:
        """Empty the place again."""
        shutil.rmtree(self.empty.folder)
        self.empty.folder.mkdir()
        if self.empty.url.startswith("postgresql"):
            _statements(self.empty.url, *_EMPTY_AGAIN)


#: The schema as a new database has it.
_EMPTY_AGAIN = (
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public AUTHORIZATION pg_database_owner",
    "GRANT USAGE ON SCHEMA public TO PUBLIC",
)


def _statements(url: str, *statements: str) -> None:
    """Let the server's administrator run statements in a database."""
    from sqlalchemy import create_engine, text

    engine = create_engine(servers.of(servers.SUPERUSER, url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def build(place: Place) -> None:
    """The tables with the cast of the tests, and a year of past declarations."""
    conftest.quicken()
    place.folder.mkdir(parents=True, exist_ok=True)
    app = create_app({"TESTING": True}, place.environment)
    from flask_migrate import upgrade

    from portal.extensions import db

    with app.app_context():
        upgrade()
        cast.build()
    rows = [f"N{n},1,2025-01-{n % 28 + 1:02},10130010,640399,CN,CN,I{n},10,40,1" for n in range(20_000)]
    past.taken(app, cast.CENTRE, past.csv(place.folder.parent, rows, "year.csv"))
    with app.app_context():
        db.engine.dispose()


def run(place: Place, empty: Place, given: argparse.Namespace) -> int:
    """How many drills failed; every second backup is killed."""
    build(place)
    empty.folder.mkdir(parents=True)
    backups = place.folder.parent / "backups"
    backups.mkdir()
    series, failed = Drills(place, empty, backups, random.Random(given.seed)), 0  # noqa: S311
    with under_load(place, given.rest):
        while answered(place) < len(WRITERS):
            time.sleep(0.2)
        for number in range(1, given.drills + 1):
            line = series.one(number, kill=number % 2 == 0)
            failed += line.startswith("failed")
            print(f"{number:>3}. {line}", flush=True)
    print(f"{given.drills} drills, {failed} failed, {answered(place)} drafts registered meanwhile")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--rest", type=float, default=0, help="seconds for which a writer rests after each act"
    )
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place, empty = Path(folder) / "portal", Path(folder) / "empty"
        if not given.postgresql:
            urls = [f"sqlite:///{one / 'portal.db'}" for one in (place, empty)]
            return bool(run(Place(urls[0], place), Place(urls[1], empty), given))
        with servers.postgresql() as server:
            for name in ("portal", "empty"):
                _statements(
                    server.format(name="postgres"), f"CREATE DATABASE drill_{name} OWNER {servers.OWNER}"
                )
            urls = [server.format(name=f"drill_{name}") for name in ("portal", "empty")]
            return bool(run(Place(urls[0], place), Place(urls[1], empty), given))


if __name__ == "__main__":
    sys.exit(main())
