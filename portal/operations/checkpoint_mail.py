"""Puts the mail that carries a checkpoint to another authority into the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale, gettext

from portal.levels.path import AuthorityPath
from portal.models import OutboxMessage
from portal.store import officers
from portal.store.audit_form import canonical
from portal.store.authorities import Seen, everywhere
from portal.store.officers import Addressee
from portal.store.session import session
from portal.workflow.clock import now

_SEAL = ("form", "authority", "number", "at", "hash", "signature", "key")


def witnesses(seen: Seen) -> list[str]:
    """Paths of the authorities whose auditors keep the checkpoints of one: the one above, the union's each centre."""
    above = AuthorityPath(seen.path).parent
    if above is not None:
        return [above.text]
    return [other.path for other in everywhere() if other.level == "central"]


def sent(seen: Seen, body: dict[str, Any]) -> dict[str, Any]:
    """What leaves the authority: all of it within a state; to the union the seal alone.

    The seal is the hash over the whole with its signature: it binds the state to its checkpoint, and says nothing of
    the authorities beneath it or of how much they work.
    """
    return {name: body[name] for name in _SEAL} if seen.level == "central" else body


def tell(seen: Seen, body: dict[str, Any]) -> None:
    """One message to each auditor of each witness who has an address."""
    words = canonical(sent(seen, body))
    for path in witnesses(seen):
        for addressee in officers.auditors_of(path, now().date()):
            if addressee.email:
                session().add(_message(seen, body, words, addressee))


def _message(seen: Seen, body: dict[str, Any], words: str, addressee: Addressee) -> OutboxMessage:
    with force_locale(addressee.locale):
        place = seen.name(addressee.locale)
        subject = gettext(
            "Checkpoint %(number)s of the audit trail: %(place)s, %(code)s",
            number=body["number"],
            place=place,
            code=seen.code,
        )
        text = current_app.jinja_env.get_template("mail/checkpoint.txt").render(
            addressee=addressee,
            place=place,
            code=seen.code,
            number=body["number"],
            at=datetime.fromisoformat(body["at"]).astimezone(ZoneInfo(seen.zone)),
            zone=seen.zone,
            key=body["key"],
            seal=seen.level == "central",
            words=words,
        )
    return OutboxMessage(
        message_id=f"<checkpoint.{seen.code}.{body['number']}.{addressee.id}@customs-risk-portal>",
        authority_path=seen.path,
        recipient=addressee.email,
        subject=" ".join(subject.split())[:300],
        body=text,
        created_at=now(),
    )
