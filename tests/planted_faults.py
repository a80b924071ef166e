"""The faults that the tests of the doctor plant on a healthy portal, each with the check that must find it."""

from __future__ import annotations

import json
import os
import re
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event, text

from portal.extensions import db
from portal.models import OutboxMessage
from portal.operations import checkpoints
from portal.store import authorities, lease, owner, switches
from portal.store.engine import writing
from portal.store.session import acting, session
from portal.upkeep import folder as folder_checks
from portal.workflow import clock
from tests import servers
from tests.cast import CENTRE, HOUSE
from tests.directory import put_in_force
from tests.office import Office
from tests.planted_lines import LINE_FAULTS, LINE_WARNINGS
from tests.texts import complete
from tests.ward import Plant, Ward

NUMBER = "12/10000/01012026/00001"


def stored(ward: Ward) -> Path:
    """The one file of past declarations."""
    (file,) = (ward.folder / "history").glob("**/[!.]*.parquet")
    return file


def message(ward: Ward, attempts: int, age: timedelta) -> None:
    with ward.app.app_context(), acting(CENTRE, "test") as mine:
        mine.add(
            OutboxMessage(
                authority_path=CENTRE, message_id="<1>", recipient="a@example.org", subject="s", body="b",
                created_at=clock.now() - age, attempts=attempts,
            )
        )  # fmt: skip


def unreachable(ward: Ward) -> None:
    gone = "sqlite:////nowhere/at/all/portal.db"
    ward.elsewhere(gone if ward.sqlite else "postgresql+psycopg://nobody@127.0.0.1:9/none")


def table_gone(ward: Ward) -> None:
    ward.sql("DROP TABLE read_receipt")


def no_tables(ward: Ward) -> None:
    if ward.sqlite:
        ward.elsewhere(f"sqlite:///{ward.folder / 'empty.db'}")
    else:
        ward.sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def synchronous_off(ward: Ward) -> None:
    with ward.app.app_context():
        if ward.sqlite:
            event.listen(db.engine, "connect", lambda c, r: c.execute("PRAGMA synchronous=OFF"))
        else:
            url = ward.app.config["SQLALCHEMY_DATABASE_URI"]
            servers.told(url, f"ALTER DATABASE {db.engine.url.database} SET synchronous_commit = off")
        db.engine.dispose()


def foreign_keys_off(ward: Ward) -> None:
    with ward.app.app_context():
        event.listen(db.engine, "connect", lambda c, r: c.execute("PRAGMA foreign_keys=OFF"))
        db.engine.dispose()


def guard_gone(ward: Ward) -> None:
    if not ward.sqlite:
        ward.sql("DROP TRIGGER journal_entry_no_update ON journal_entry")
        return
    with ward.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER journal_entry_no_update"))


def rule_gone(ward: Ward) -> None:
    ward.sql("ALTER TABLE remark DROP CONSTRAINT fk_remark_document_id_document")


def disk_full(ward: Ward) -> None:
    usage = namedtuple("usage", "total used free")
    ward.patch.setattr(folder_checks.shutil, "disk_usage", lambda place: usage(10**12, 10**12, 10**7))


def mail_is_a_file(ward: Ward) -> None:
    (ward.folder / "mail").rmdir()
    (ward.folder / "mail").touch()


def keys_open(ward: Ward) -> None:
    (ward.folder / "keys").chmod(0o755)


def key_open(ward: Ward) -> None:
    file = ward.folder / "keys" / "another"
    file.touch()
    file.chmod(0o644)


def read_only(ward: Ward) -> None:
    with ward.app.app_context():
        switches.turn(switches.READ_ONLY, on=True)


def history_missing(ward: Ward) -> None:
    stored(ward).unlink()


def history_altered(ward: Ward) -> None:
    content = bytearray(stored(ward).read_bytes())
    content[100] ^= 1
    stored(ward).write_bytes(content)


def history_cut(ward: Ward) -> None:
    """An import of the time before hashes were written down: its rows are counted."""
    ward.sql("UPDATE import_batch SET stored_hash = NULL, items = items + 1")


def left_over(ward: Ward) -> None:
    file = stored(ward).with_name(".0123456789abcdef.parquet")
    file.touch()
    os.utime(file, (1e9, 1e9))


def stray(ward: Ward) -> None:
    file = stored(ward).with_name("named-by-no-import.parquet")
    file.touch()
    os.utime(file, (1e9, 1e9))


def weak_secret(ward: Ward) -> None:
    ward.settle(secret_key="abc" * 20)


def uncompiled(ward: Ward) -> None:
    (ward.folder / "package" / "translations" / "ru" / "LC_MESSAGES" / "messages.mo").unlink()


def compiled_long_ago(ward: Ward) -> None:
    source = ward.folder / "package" / "translations" / "ru" / "LC_MESSAGES" / "messages.po"
    source.write_text(source.read_text() + '\nmsgid "A word of tomorrow"\nmsgstr "Слово завтрашнего дня"\n')


def asset_altered(ward: Ward) -> None:
    file = ward.folder / "package" / "static" / "vendor" / "htmx" / "htmx.min.js"
    file.write_text(file.read_text() + "\n")


def pinned(line: str) -> Plant:
    """A release that asks for another library than is installed."""

    def plant(ward: Ward) -> None:
        file = ward.folder / "requirements.txt"
        file.write_text(file.read_text() + f"{line}\n")

    return plant


def up_to_date_long_ago(ward: Ward) -> None:
    day = (clock.now() - timedelta(days=93)).date()
    file = ward.folder / "requirements.in"
    file.write_text(re.sub("up to date: .*", f"up to date: {day}", file.read_text()))


def backup_old(ward: Ward) -> None:
    made = (clock.now() - timedelta(days=3)).isoformat()
    (ward.folder / "last-backup.json").write_text(json.dumps({"at": made}))


def demonstration(ward: Ward) -> None:
    ward.sql("UPDATE officer SET demonstration = (1 = 1) WHERE login = '10130000.officer.goods2'")


def no_administrator(ward: Ward) -> None:
    """Armenia's, and the union's above it; Russia has its own."""
    ward.sql(
        "UPDATE post SET until = since WHERE post = 'administrator' AND "
        "(authority_path = 'eeu.' OR authority_path LIKE 'eeu.am.%')"
    )
    ward.sql(
        "INSERT INTO post (officer_id, authority_id, authority_path, post, supervises, acting_for, since) SELECT "
        "officer_id, authority_id, authority_path, post, supervises, acting_for, since FROM post WHERE "
        "post = 'administrator' AND authority_path LIKE 'eeu.am.05100000.%'"
    )


def no_coordination(ward: Ward) -> None:
    ward.sql("UPDATE unit SET is_coordination = (1 = 0) WHERE authority_path = 'eeu.ru.10110000.'")


def scheduler_stopped(ward: Ward) -> None:
    with ward.app.app_context(), writing():
        lease.release(lease.SCHEDULER, "me")
        session().commit()


def register_gap(ward: Ward) -> None:
    ward.sql(f"UPDATE register SET last_serial = last_serial + 1 WHERE authority_path = '{HOUSE}'")


def chain_broken(ward: Ward) -> None:
    ward.sql(f"UPDATE audit_entry SET action = 'nothing' WHERE authority_path = '{HOUSE}' AND serial = 3")


def checkpoint_altered(ward: Ward) -> None:
    ward.patch.setattr("portal.operations.checkpoint_mail.tell", lambda seen, body: None)
    with ward.app.app_context():
        seen = next(one for one in authorities.everywhere() if one.path == HOUSE)
        checkpoints.make(seen)
    ward.sql(f"UPDATE audit_checkpoint SET hash = '{'0' * 64}' WHERE authority_path = '{HOUSE}'")


def two_versions(ward: Ward) -> None:
    ward.sql("DROP INDEX uq_document_in_force")
    with ward.app.app_context(), owner.copying() as connection:
        number = connection.execute(
            text("SELECT number FROM document WHERE status = 'in_force'")
        ).scalar_one()
    put_in_force(ward.app, number, complete(), version=2)


def not_in_force(ward: Ward) -> None:
    ward.sql("UPDATE document SET status = 'expired' WHERE status = 'in_force'")


def not_published(ward: Ward) -> None:
    ward.sql("UPDATE publication SET state = 'ended'")


def unclocked(ward: Ward) -> None:
    ward.sql("UPDATE stage SET due_at = NULL WHERE left_at IS NULL AND limit_name <> ''")


def to_come(ward: Ward) -> None:
    with clock.at(clock.now() + timedelta(hours=1)):
        Office(ward.app).draft()


def skewed(ward: Ward) -> None:
    ahead = clock.now() + timedelta(minutes=10)
    ward.patch.setattr(lease, "database_now", lambda: ahead)


def no_next_year(ward: Ward) -> None:
    year = clock.now().year + 1
    ward.sql(f"DELETE FROM calendar_day WHERE state = 'AM' AND day >= '{year}-01-01'")
    ward.patch.setattr("portal.upkeep.office.OCTOBER", 1)


FAULTS: tuple[tuple[str, Plant], ...] = (
    ("database.answers", unreachable),
    ("database.tables", no_tables),
    ("database.tables", table_gone),
    ("database.revision", lambda w: w.sql("UPDATE alembic_version SET version_num = '0003'")),
    ("database.revision", lambda w: w.sql("UPDATE alembic_version SET version_num = '9999'")),
    ("database.revision", lambda w: w.sql("UPDATE alembic_version SET version_num = 'unaccepted'")),
    ("database.settings", synchronous_off),
    ("database.foreign_keys", lambda w: w.sql("DELETE FROM officer WHERE login = '10130000.officer.goods2'")),
    ("database.guards", guard_gone),
    ("folder.writable", mail_is_a_file),
    ("folder.space", disk_full),
    ("folder.keys", keys_open),
    ("folder.keys", key_open),
    ("history.files", history_missing),
    ("history.files", history_altered),
    ("history.files", history_cut),
    ("installed.secret_key", weak_secret),
    ("installed.catalogues", uncompiled),
    ("installed.catalogues", compiled_long_ago),
    ("installed.assets", asset_altered),
    ("installed.libraries", pinned("alembic==0.0.1")),
    ("installed.libraries", pinned("no-such-library==1.0")),
    *LINE_FAULTS,
    ("accounts.demonstration", demonstration),
    ("posts.administrators", no_administrator),
    ("scheduler.leads", scheduler_stopped),
    ("mail.waiting", lambda w: message(w, 0, timedelta(minutes=16))),
    ("mail.failed", lambda w: message(w, 5, timedelta(minutes=1))),
    ("registers.whole", register_gap),
    ("audit.whole", chain_broken),
    ("audit.checkpoints", checkpoint_altered),
    ("profiles.one_version", two_versions),
    ("profiles.published", not_in_force),
    ("profiles.published", not_published),
    ("deadlines.clocked", unclocked),
    ("clocks.agree", to_come),
    ("clocks.agree", skewed),
    ("calendars.next_year", no_next_year),
)
#: Faults that only PostgreSQL can have.
POSTGRESQL_FAULTS: tuple[tuple[str, Plant], ...] = (
    ("database.wall", lambda w: w.sql("ALTER TABLE document DISABLE ROW LEVEL SECURITY")),
    ("database.wall", lambda w: w.sql("ALTER TABLE document NO FORCE ROW LEVEL SECURITY")),
    ("database.wall", lambda w: w.sql("CREATE POLICY mine ON officer_import USING (true)")),
    ("database.wall", lambda w: w.sql("DROP TRIGGER document_stays ON document")),
    ("database.role", lambda w: w.served_by(servers.SUPERUSER)),
)
WARNINGS: tuple[tuple[str, Plant], ...] = (
    ("folder.mode", read_only),
    ("folder.leftovers", left_over),
    ("folder.leftovers", stray),
    ("installed.backup", backup_old),
    ("installed.libraries", up_to_date_long_ago),
    *LINE_WARNINGS,
    ("posts.coordination", no_coordination),
    ("mail.failed", lambda w: message(w, 1, timedelta(minutes=1))),
)
