"""What people typed stays in its place in a mail."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Flask

from portal.models import OutboxMessage
from portal.operations import outbox
from portal.store.session import acting
from portal.workflow.clock import now
from tests.cast import CENTRE

HOSTILE = "Footwear\r\nBcc: thief@evil.example\r\n\r\nsecond body"


def put(app: Flask, name: str, recipient: str, subject: str) -> None:
    with app.app_context(), acting(CENTRE, "test") as mine:
        mine.add(
            OutboxMessage(
                message_id=f"<{name}@customs-risk-portal>", authority_path=CENTRE, recipient=recipient,
                subject=subject, body="Body", created_at=now(),
            )
        )  # fmt: skip


def delivered(app: Flask) -> tuple[outbox.Delivered, list[Path]]:
    app.config["MAIL_BACKEND"] = "file"
    with app.app_context():
        done = outbox.deliver(now())
        return done, sorted((app.config["ENVIRONMENT"].data_dir / "mail").glob("*.eml"))


def test_a_title_adds_no_header_to_a_mail(app: Flask) -> None:
    put(app, "folded", "a@example.org", " ".join(HOSTILE.split()))
    put(app, "raw", "b@example.org", HOSTILE)
    done, files = delivered(app)
    assert (done.sent, done.failed, len(files)) == (2, 0, 2)
    for file in files:
        message = message_from_bytes(file.read_bytes(), policy=default)
        assert message["Bcc"] is None
        assert message["To"] in ("a@example.org", "b@example.org")
        assert message["Subject"] == "Footwear Bcc: thief@evil.example second body"
        assert message.get_content().strip() == "Body"


def test_an_address_that_holds_a_line_end_is_not_sent_to(app: Flask) -> None:
    put(app, "one", "a@example.org\r\nBcc: thief@evil.example", "Subject")
    put(app, "../../two", "b@example.org", "Subject")
    done, files = delivered(app)
    assert (done.sent, done.failed) == (1, 1)
    assert [file.name for file in files] == [".._.._two@customs-risk-portal.eml"]
