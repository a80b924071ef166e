"""Sends the messages of the outbox, apart from whatever put them there."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from portal.models import OutboxMessage
from portal.store import authorities
from portal.store.session import acting, session

ACTION = "outbox.deliver"
SENDER = "Customs risk portal <no-reply@customs-risk-portal.invalid>"
#: Messages sent in one pass for one state; the rest waits for the next.
BATCH = 500
_LONGEST_ERROR = 300
log = logging.getLogger(__name__)


@dataclass
class Delivered:
    """How many messages were sent, and how many failed and stay waiting."""

    sent: int = 0
    failed: int = 0


def to_console(message: EmailMessage) -> None:
    """Show a message where the process writes."""
    sys.stdout.write(f"{message.as_string()}\n{'-' * 72}\n")
    sys.stdout.flush()


def to_file(message: EmailMessage) -> None:
    """Keep a message as a file named by its Message-ID: sent twice, it is still one file."""
    folder: Path = current_app.config["ENVIRONMENT"].data_dir / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{_plain(str(message['Message-ID']))}.eml"
    unfinished = kept.with_suffix(".part")
    unfinished.write_bytes(message.as_bytes(policy=SMTP))
    unfinished.replace(kept)


def _plain(message_id: str) -> str:
    return "".join(sign if sign.isalnum() or sign in ".-@" else "_" for sign in message_id.strip("<>"))


BACKENDS: dict[str, Callable[[EmailMessage], None]] = {"console": to_console, "file": to_file}


def deliver(at: datetime) -> Delivered:
    """Send what waits, those that failed least first; no transaction is open while a message is being sent.

    A message sent twice, since two processes had it at once or one died before it could note the sending,
    carries the same Message-ID and is seen as the same.
    """
    send = BACKENDS[current_app.config["MAIL_BACKEND"]]
    done = Delivered()
    for state in authorities.tops():
        with acting(state.path, ACTION, writes=False):
            waiting = [(row.id, _message(row)) for row in _waiting()]
        for row_id, message in waiting:
            error = _try(send, message)
            with acting(state.path, ACTION):
                _note(row_id, error, at)
            done.failed += bool(error)
            done.sent += not error
    return done


def _waiting() -> list[OutboxMessage]:
    asked = select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
    return list(session().scalars(asked.order_by(OutboxMessage.attempts, OutboxMessage.id).limit(BATCH)))


def _message(row: OutboxMessage) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = row.message_id
    message["Date"] = row.created_at
    message["From"] = SENDER
    message["To"] = row.recipient
    message["Subject"] = row.subject
    message.set_content(row.body)
    return message


def _try(send: Callable[[EmailMessage], None], message: EmailMessage) -> str:
    """Send; the words of what failed, empty when nothing did."""
    try:
        send(message)
    except Exception as error:
        log.exception("message %s could not be sent and stays waiting", message["Message-ID"])
        return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    return ""


def _note(row_id: int, error: str, at: datetime) -> None:
    session().execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row_id, OutboxMessage.sent_at.is_(None))
        .values(attempts=OutboxMessage.attempts + 1, last_error=error, sent_at=None if error else at)
    )
