"""Delivery of the outbox: apart from detection, repeatable, and in the addressee's language."""

from __future__ import annotations

import email
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.models import OutboxMessage
from portal.operations import outbox
from portal.operations.outbox import Delivered, deliver
from portal.store.session import acting, session
from tests.cast import CENTRE, HOUSE

MOMENT = datetime(2024, 9, 2, 12, tzinfo=ZoneInfo("Europe/Moscow"))
ARMENIA = "eeu.am.05100000."


def put(app: Flask, number: int, path: str = HOUSE, subject: str = "Срок истёк") -> None:
    with app.app_context(), acting(path, "test"):
        session().add(
            OutboxMessage(
                message_id=f"<alert.{number}.0.7@customs-risk-portal>",
                authority_path=path,
                recipient="officer@example.org",
                subject=subject,
                body="Проект 00/10130",
                created_at=MOMENT,
            )
        )


def rows(app: Flask, path: str = CENTRE) -> list[tuple[bool, int, str]]:
    with app.app_context(), acting(path, "test", writes=False):
        asked = select(OutboxMessage).order_by(OutboxMessage.id)
        return [(row.sent_at is not None, row.attempts, row.last_error) for row in session().scalars(asked)]


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "mail").iterdir())


@pytest.fixture
def to_files(app: Flask) -> Flask:
    app.config["MAIL_BACKEND"] = "file"
    return app


def test_messages_of_every_state_become_files(to_files: Flask, tmp_path: Path) -> None:
    put(to_files, 1)
    put(to_files, 2, ARMENIA)
    with to_files.app_context():
        assert deliver(MOMENT) == Delivered(sent=2)
        assert deliver(MOMENT) == Delivered()
    assert [file.name for file in kept(tmp_path)] == [
        "alert.1.0.7@customs-risk-portal.eml",
        "alert.2.0.7@customs-risk-portal.eml",
    ]
    message = email.message_from_bytes(kept(tmp_path)[0].read_bytes(), policy=default)
    assert message["Message-ID"] == "<alert.1.0.7@customs-risk-portal>"
    assert (message["To"], message["Subject"]) == ("officer@example.org", "Срок истёк")
    assert message["Date"].datetime == MOMENT
    assert message.get_content().strip() == "Проект 00/10130"


def test_a_second_delivery_is_the_same_file(to_files: Flask, tmp_path: Path) -> None:
    """The process died after it had sent and before it could note that."""
    put(to_files, 1)
    with to_files.app_context():
        deliver(MOMENT)
    before = kept(tmp_path)[0].read_bytes()
    with to_files.app_context(), acting(CENTRE, "test"):
        session().execute(
            update(OutboxMessage).values(sent_at=None).execution_options(synchronize_session=False)
        )
    with to_files.app_context():
        assert deliver(MOMENT) == Delivered(sent=1)
    assert [file.read_bytes() for file in kept(tmp_path)] == [before]


def test_what_fails_stays_and_does_not_hold_up_the_rest(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def fails_on_the_first(message: EmailMessage) -> None:
        if "<alert.1." in message["Message-ID"]:
            raise OSError("the relay is shut")
        sent.append(message["Message-ID"])

    put(app, 1)
    put(app, 2)
    monkeypatch.setitem(outbox.BACKENDS, app.config["MAIL_BACKEND"], fails_on_the_first)
    with app.app_context():
        assert deliver(MOMENT) == Delivered(sent=1, failed=1)
    assert rows(app) == [(False, 1, "OSError: the relay is shut"), (True, 1, "")]
    monkeypatch.setitem(outbox.BACKENDS, app.config["MAIL_BACKEND"], lambda message: None)
    with app.app_context():
        assert deliver(MOMENT) == Delivered(sent=1)
    assert rows(app)[0] == (True, 2, "")
    assert sent == ["<alert.2.0.7@customs-risk-portal>"]


def test_the_console_shows_the_whole_message(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.config["MAIL_BACKEND"] = "console"
    put(app, 1, subject="Overdue")
    with app.app_context():
        deliver(MOMENT)
    shown = capsys.readouterr().out
    assert "Message-ID: <alert.1.0.7@customs-risk-portal>" in shown
    assert "Subject: Overdue" in shown
