"""Notices that an answer shows a marked document: what cannot be recorded is not shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from portal.operations import reading
from portal.store import reads, switches
from portal.store.audit import Who
from portal.store.reads import Marked
from portal.store.session import session
from portal.workflow.clock import now

#: The arguments of an address that name a marked document.
MARKED: dict[str, Callable[[int], Marked | None]] = {
    "document_id": reads.of_document,
    "publication_id": reads.of_publication,
}
#: Answers that show the page: the page itself, and the page with the errors of its form.
_SHOWS = (200, 422)
log = logging.getLogger(__name__)


def note(arguments: Mapping[str, Any], answer: Response) -> None:
    """Keep the reading of the document that the address names, if the answer shows it."""
    named = [name for name in MARKED if name in arguments]
    if not named or answer.status_code not in _SHOWS or request.method == "HEAD":
        return
    marked = MARKED[named[0]](arguments[named[0]])
    if marked is None:
        return
    if switches.read_only():
        _tell(marked, session().info["who"], _how(answer))
    else:
        reading.note(marked, session().info["who"], _how(answer), now())


def _tell(marked: Marked, who: Who, how: str) -> None:
    """While nothing may be written the log keeps the reading; as a warning, so that a plain log keeps it too."""
    log.warning(
        "read while read-only: document %s, version %s, of %s, by officer %s at %s (%s, from %s)",
        marked.document_id,
        marked.version,
        marked.owner,
        who.officer_id,
        who.acting_at,
        how,
        who.address,
    )


def _how(answer: Response) -> str:
    if (request.endpoint or "").endswith(".printed"):
        return "print"
    return "export" if "Content-Disposition" in answer.headers else "page"
