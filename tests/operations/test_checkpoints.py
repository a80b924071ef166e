"""Checkpoints of the audit trail: made once a day, signed, linked, kept for good, and told to another authority."""

from __future__ import annotations

import email
import email.policy
import json
import stat
from collections import defaultdict
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.documents import audit_key
from portal.models import AuditCheckpoint, OutboxMessage
from portal.operations import checkpoint_files, checkpoints, outbox
from portal.store import audit, authorities
from portal.store.session import acting, session
from portal.workflow import clock
from tests.cast import AUTHORITIES, CENTRE, HOUSE
from tests.servers import unwalled
from tests.trail import add_unit, tamper, verify_audit

NOON = datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Europe/Moscow"))
RTU = "eeu.ru.10100000."


def daily(app: Flask, at: datetime = NOON) -> list[str]:
    with app.app_context(), clock.at(at):
        return checkpoints.daily(at)


def kept(app: Flask, path: str) -> list[dict[str, Any]]:
    """The checkpoints of one authority, the first one first."""
    with app.app_context(), acting(path, "test", writes=False):
        asked = select(AuditCheckpoint.body).where(AuditCheckpoint.authority_path == path)
        return list(session().scalars(asked.order_by(AuditCheckpoint.number)))


def mails(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """What waits to be sent, by recipient: whose checkpoint, and the text."""
    found = defaultdict(list)
    with app.app_context():
        for top in authorities.tops():
            with acting(top.path, "test", writes=False):
                for row in session().scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
                    found[row.recipient].append((row.message_id.split(".")[1], row.body))
    return dict(found)


def carried(body: str) -> dict[str, Any]:
    return dict(json.loads(next(line for line in body.splitlines() if line.startswith("{"))))


def test_every_authority_makes_one_a_day_by_its_own_calendar(app: Flask) -> None:
    codes = {facts[0] for facts in AUTHORITIES.values()}
    assert set(daily(app)) == codes
    assert daily(app, NOON + timedelta(hours=1)) == []
    evening = NOON.replace(hour=23, minute=30)  # half past midnight of the next day in Yerevan
    assert set(daily(app, evening)) == {"05000000", "05100000", "05100010"}
    assert set(daily(app, NOON + timedelta(days=1))) == codes - {"05000000", "05100000", "05100010"}


def test_a_checkpoint_says_where_each_chain_ends(app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        end = audit.checkpoint(session(), HOUSE)
    daily(app)
    body = kept(app, HOUSE)[0]
    own = next(chain for chain in body["chains"] if chain["path"] == HOUSE)
    assert own == {"authority": "10130000", "path": HOUSE, "serial": end.serial, "hash": end.hash}
    beneath = {path for path in AUTHORITIES if path.startswith(HOUSE)}
    assert {chain["path"] for chain in body["chains"]} == beneath
    assert datetime.fromisoformat(body["at"]) == NOON
    assert (body["every"], body["marks"][-1]) == (1, end.hash[:16])
    assert {chain["path"] for chain in kept(app, "eeu.")[0]["chains"]} == {"eeu."}


def test_checkpoints_follow_each_other(app: Flask) -> None:
    daily(app)
    daily(app, NOON + timedelta(days=1))
    first, second = kept(app, HOUSE)
    assert (first["number"], second["number"]) == (1, 2)
    assert (first["previous"], second["previous"]) == ("0" * 64, first["hash"])


def test_the_signature_is_that_of_the_portal(app: Flask) -> None:
    daily(app)
    body = kept(app, CENTRE)[0]
    with app.app_context():
        public = audit_key.public_key()
        assert checkpoints.fault(body, public) == ""
        assert (
            checkpoints.fault({**body, "number": 9}, public) == "the checkpoint does not match its own hash"
        )
        assert checkpoints.fault(body, "0" * 64) == "the checkpoint was signed with another key"
        wrong = {**body, "signature": "00" * 64}
        assert checkpoints.fault(wrong, public) == "the signature of the checkpoint does not hold"
    assert verify_audit.checkpoint_fault(body, public) == ""


def test_the_key_is_made_once_and_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    printed = [app.test_cli_runner().invoke(args=["audit", "key"]).stdout for _ in range(2)]
    assert printed[0] == printed[1]
    assert len(bytes.fromhex(printed[0].strip())) == 32
    files = list((tmp_path / "keys").glob("audit*"))
    assert [file.name for file in files] == ["audit-ed25519.pem"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    told = json.loads(app.test_cli_runner().invoke(args=["audit", "key", "--json"]).stdout)
    assert told["public_key"] == printed[0].strip()


#: Whose checkpoints the auditor of an authority receives, written from docs/audit.md by hand.
RECEIVES = {
    "10130000.auditor": {"10130010", "10130020"},
    "10100000.auditor": {"10130000"},
    "10000000.auditor": {"00000000", "10100000", "10110000"},
    "05000000.auditor": {"00000000", "05100000"},
    "05100000.auditor": {"05100010"},
    "00000000.auditor": {"10000000", "05000000"},
}


def test_each_is_told_to_the_auditors_of_another_authority(app: Flask) -> None:
    daily(app)
    found = {who: {code for code, _ in told} for who, told in mails(app).items()}
    assert found == {f"{login}@example.org": codes for login, codes in RECEIVES.items()}


def test_over_the_border_goes_the_seal_alone(app: Flask) -> None:
    daily(app)
    told = dict(mails(app)["00000000.auditor@example.org"])
    whole = kept(app, CENTRE)[0]
    seal = carried(told["10000000"])
    assert seal == {n: whole[n] for n in ("form", "authority", "number", "at", "hash", "signature", "key")}
    for code in {facts[0] for path, facts in AUTHORITIES.items() if path.startswith(CENTRE)} - {"10000000"}:
        assert code not in told["10000000"]
    with app.app_context():
        message = f"{checkpoints.FORM}\n{seal['hash']}".encode()
        assert audit_key.holds(seal["signature"], message, audit_key.public_key())
    house = dict(mails(app)["10100000.auditor@example.org"])["10130000"]
    assert carried(house) == kept(app, HOUSE)[0]


def test_the_mail_that_arrives_is_read_by_the_verifier(app: Flask, tmp_path: Path) -> None:
    app.config["MAIL_BACKEND"] = "file"
    daily(app)
    with app.app_context():
        assert outbox.deliver(NOON).failed == 0
    app.test_cli_runner().invoke(
        args=["audit", "export", "--authority", "10130000", "--to", str(tmp_path / "house.jsonl")]
    )
    mail = next((tmp_path / "mail").glob("checkpoint.10130000.1.*.eml"))
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message["To"] == "10100000.auditor@example.org"
    assert message["Subject"] == "Checkpoint 1 of the audit trail: Moscow customs house, 10130000"
    with app.app_context():
        verdict = verify_audit.judged(tmp_path / "house.jsonl", mail, audit_key.public_key())
    assert verdict.holds
    assert verdict.sealed > 0
    assert list((tmp_path / "mail").glob("checkpoint.00000000.1.*.eml")), "the union's mail is sent too"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_checkpoint SET number = 9", "DELETE FROM audit_checkpoint"]
)
def test_a_checkpoint_is_never_changed(app: Flask, statement: str) -> None:
    daily(app)
    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        unwalled(app) as connection,
    ):
        connection.execute(text(statement))


def verified(app: Flask, file: Path, *more: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["audit", "verify", "--against", str(file), *more])
    return answer.exit_code, answer.stderr.strip()


def test_the_portal_verifies_itself_against_an_exported_checkpoint(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        for name in ("One", "Two", "Three"):
            add_unit(name)
    file = tmp_path / "all.json"
    answer = app.test_cli_runner().invoke(args=["audit", "checkpoint", "--to", str(file)])
    assert answer.stdout.startswith(f"{len(AUTHORITIES)} checkpoints over {len(AUTHORITIES)} chains with ")
    assert verified(app, file) == (0, "")
    again = app.test_cli_runner().invoke(args=["audit", "checkpoint", "--to", str(file)])
    assert (again.exit_code, again.stderr) == (1, "Error: all.json exists already; nothing was written\n")
    _rewrite_tail(app, 3)
    assert verified(app, file) == (
        1,
        "10130000 broken at entry 3: it differs from the checkpoint; "
        "entries up to 2 are as the checkpoint sealed them",
    )
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0, (
        "of itself the chain is whole"
    )


def _rewrite_tail(app: Flask, first: int) -> None:
    """Change an entry and compute every hash after it anew, the head's too."""
    from portal.models import AuditEntry

    statements = []
    with app.app_context(), acting(HOUSE, "test", writes=False):
        rows = list(
            session().scalars(
                select(AuditEntry).where(AuditEntry.authority_path == HOUSE).order_by(AuditEntry.serial)
            )
        )
        previous = rows[first - 2].hash
        for row in rows[first - 1 :]:
            session().expunge(row)
            row.officer_name, row.previous = "nobody", previous
            previous = audit.digest(row)
            statements.append(
                f"UPDATE audit_entry SET officer_name = 'nobody', previous = '{row.previous}', hash = '{previous}' "
                f"WHERE id = {row.id}"
            )
    statements.append(f"UPDATE audit_head SET hash = '{previous}' WHERE authority_path = '{HOUSE}'")
    tamper(app, *statements)


def test_a_forged_or_foreign_checkpoint_is_refused(app: Flask, tmp_path: Path) -> None:
    app.test_cli_runner().invoke(args=["audit", "checkpoint", "--to", str(tmp_path / "all.json")])
    bodies = json.loads((tmp_path / "all.json").read_text())["checkpoints"]
    body = next(one for one in bodies if one["path"] == HOUSE)
    body["chains"][0]["serial"] += 1
    (tmp_path / "forged.json").write_text(json.dumps(body))
    code, said = verified(app, tmp_path / "forged.json")
    assert (code, said) == (1, "10130000: the checkpoint does not match its own hash")
    code, said = verified(app, tmp_path / "all.json", "--key", "11" * 32)
    assert code == 1
    assert said.splitlines()[0].endswith(": the checkpoint was signed with another key")


def test_one_authority_alone_can_be_sealed(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    told = json.loads(runner.invoke(args=["audit", "checkpoint", "--authority", "10130000", "--json"]).stdout)
    assert [one["path"] for one in told["checkpoints"]] == [HOUSE]
    missing = runner.invoke(args=["audit", "checkpoint", "--authority", "99999999"])
    assert (missing.exit_code, missing.stderr) == (1, "Error: no authority has the code 99999999\n")
    for content in ('{"form": 1}', '{"checkpoints": 3}', '{"checkpoints": [{}]}'):
        with app.app_context(), pytest.raises(checkpoint_files.Unreadable):
            checkpoint_files.read(content, audit_key.public_key())


def test_one_that_fails_does_not_stop_the_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make = checkpoints.make

    def failing(seen: Any) -> Any:
        if seen.path == RTU:
            raise OSError("no room")
        return make(seen)

    monkeypatch.setattr(checkpoints, "make", failing)
    assert set(daily(app)) == {facts[0] for facts in AUTHORITIES.values()} - {"10100000"}
    monkeypatch.setattr(checkpoints, "make", make)
    assert daily(app, NOON + timedelta(hours=1)) == ["10100000"]
