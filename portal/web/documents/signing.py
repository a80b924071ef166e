"""What an officer must see before he signs: the exact text, its hash, what changed, who signed, for whom."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from portal.levels.signing import CARRIERS
from portal.store import documents, journal
from portal.web.documents import content
from portal.web.documents.grounds import content_of
from portal.workflow.engine import Offer
from portal.workflow.move import SIGNATURES, SIGNED
from portal.workflow.text import exact


def before_signature(document: Any, offer: Offer) -> dict[str, Any]:
    """The context of the page of signing."""
    last = last_signed(document)
    return {
        "role": gettext(SIGNATURES[offer.move.signs]),
        "on": on_what(document, SIGNED.get(offer.move.signs, "text")),
        "for_whom": offer.post.acting_for,
        "hash": document.text_hash,
        "exact": exact(document.text),
        "blocks": content_of(document.text),
        "note": content.note(document.text),
        "last": last,
        "changes": content.differences(last["text"], document.text) if last else None,
        "given": [marked(row) for row in documents.signatures(document.id)],
    }


def last_signed(document: Any) -> dict[str, Any] | None:
    """The last signature on this document, with the text on which it was put; None when there is none."""
    given = documents.signatures(document.id, lapsed=True)
    for signature in reversed(given):
        revision = journal.revision_with_hash(document.id, signature.text_hash)
        if revision is not None:
            return {"at": signature.at, "name": signature.officer_name, "text": revision.text}
    return None


def on_what(document: Any, thing: str) -> str:
    """What a signature is put on, in words."""
    formalisation = document.text["header"]["formalisation"]
    carrier = gettext(CARRIERS[formalisation].label)
    words: dict[str, str] = {
        "text": gettext("the text and its note"),
        "carrier": gettext("the carrier: %(carrier)s", carrier=carrier.lower()),
        "act": gettext("the act of cancellation"),
        "act carrier": gettext("the carrier of the act of cancellation"),
    }
    return words[thing]


def marked(signature: Any) -> dict[str, Any]:
    """A signature as the macro `ui.signatures` writes it."""
    return {
        "post": gettext(
            "%(role)s · %(post)s",
            role=gettext(SIGNATURES[signature.role]),
            post=gettext(signature.post_label),
        ),
        "name": signature.officer_name,
        "signed_at": signature.at,
        "for_whom": signature.acting_for or None,
    }
