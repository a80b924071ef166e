"""Writes the mails that go with alerts, each in its addressee's language, into the outbox."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale

from portal.models import OutboxMessage, Stage
from portal.operations.alert_words import said
from portal.store import authorities
from portal.store.officers import Addressee
from portal.store.session import session

SUBJECT = 300


def put_alert(stage: Stage, place: int, step: str, addressee: Addressee, at: datetime) -> None:
    """Add the mail of one alert; an addressee without an address has the alert on his desk alone."""
    if not addressee.email:
        return
    document = stage.document
    with force_locale(addressee.locale):
        words = said(step, stage.limit_name)
        body = _body(
            "mail/alert.txt",
            addressee=addressee,
            words=words,
            document=document,
            place=document.authority.name_ru if addressee.locale == "ru" else document.authority.name_en,
            due_at=stage.due_at,
            zone=_zone(stage),
            url=_page(document.document, document.id, addressee.code),
        )
    session().add(
        OutboxMessage(
            message_id=f"<alert.{stage.id}.{place}.{addressee.id}@customs-risk-portal>",
            authority_path=document.authority_path,
            recipient=addressee.email,
            subject=" ".join(f"{words} – {document.number or document.title}".split())[:SUBJECT],
            body=body,
            created_at=at,
        )
    )


def _page(document: str, document_id: int, code: str) -> str:
    """Where the addressee opens the document; empty where the operator has not said where the portal is reached."""
    address: str = current_app.config["ENVIRONMENT"].address
    if not address or not code:
        return ""
    endpoint = "drafting.show" if document == "draft" else "profiles.show"
    return address + current_app.url_map.bind("").build(endpoint, {"code": code, "document_id": document_id})


def _zone(stage: Stage) -> str | None:
    place = authorities.by_path(stage.clock_path) if stage.clock_path else None
    return place.zone if place else None


def _body(template: str, **words: object) -> str:
    """Render outside a request: a mail knows no acting officer, so the pages' context stays out of it."""
    return current_app.jinja_env.get_template(template).render(**words)
