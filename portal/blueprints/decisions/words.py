"""What the page of a decision says before it is made: what it leads to."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from portal.store import documents
from portal.workflow.clocks import LIMITS, Unit
from portal.workflow.move import Facts, Move
from portal.workflow.stages import limit_in
from portal.workflow.statuses import MEANINGS

#: Acts that end the signatures on a text.
_LAPSING = frozenset({"return", "reopen", "send_back"})


def consequences(document: Any, facts: Facts, move: Move) -> list[str]:
    """What will happen when the move is made, a sentence each."""
    found = []
    target = move.target
    if target is not None:
        meaning = MEANINGS[target]
        found.append(
            gettext(
                "New status: %(status)s. %(sentence)s",
                status=gettext(meaning.label),
                sentence=gettext(meaning.sentence),
            )
        )
        limit = limit_in(target, document.kind, document.number is not None)
        if limit and limit != limit_in(facts.status, document.kind, document.number is not None):
            found.append(gettext("A limit begins: %(limit)s.", limit=limit_words(limit)))
        if meaning.final:
            found.append(gettext("This ends the document. It cannot be undone."))
    lapsing = len(documents.signatures(document.id)) if move.name in _LAPSING else 0
    if lapsing:
        found.append(gettext("Signatures that lapse: %(count)s. The history keeps them.", count=lapsing))
    if move.name == "register" and not document.number:
        found.append(gettext("The next number of the register is given and never used again."))
    if move.signs:
        found.append(gettext("Your signature is bound to the exact text shown here."))
    return found


def limit_words(name: str) -> str:
    """Such as "10 working days"."""
    limit = LIMITS[name]
    if limit.unit is Unit.SAME_DAY:
        return str(gettext("the same working day"))
    if limit.unit is Unit.HOURS:
        return str(ngettext("%(num)s working hour", "%(num)s working hours", limit.amount))
    return str(ngettext("%(num)s working day", "%(num)s working days", limit.amount))
