"""Moves a document along the table of the procedure: decide, change, enter the stage, write the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from portal.errors import Invalid, NotAllowedNow, NotHere, NotYours, Stale
from portal.levels.words import N_
from portal.models import Document, Profile, Signature
from portal.operations import choices, journal, stages, sweeping
from portal.operations.acts import Acts
from portal.operations.effects import EFFECTS, Act
from portal.store import documents, officers
from portal.store.session import session
from portal.workflow import engine
from portal.workflow.clock import now
from portal.workflow.engine import Outcome
from portal.workflow.move import SIGNED
from portal.workflow.seats import Actor
from portal.workflow.statuses import P

#: The step of the alert that tells the centre of a local profile, below those of any limit.
LOCAL_IN_FORCE = -100
CHANGED = N_("The document changed since you opened it.")


def load(document_id: int, kind: str | None = None, version: int | None = None) -> Document:
    """A document to work on.

    Args:
        version: the row version at which the form was shown; None skips the comparison.

    Raises:
        NotHere: it does not exist in this scope.
        Stale: it changed since the form was shown.
    """
    document = documents.find(document_id, kind)
    if document is None:
        raise NotHere
    if version is not None and version != document.row_version:
        raise Stale(CHANGED)
    return document


def decide(document: Document, acts: Acts, name: str, carried: Mapping[str, Any]) -> Outcome:
    """Ask the table whether the officer may make the move.

    Raises:
        NotAllowedNow: no such line leads from here, or something stands against it.
        NotYours: his posts do not fill the seat.
        Invalid: the decision lacks something that it must carry.
    """
    try:
        return engine.decide(documents.facts(document), acts.actor, name, carried)
    except engine.NotInTable as error:
        raise NotAllowedNow(N_("The document is no longer where this act leads from.")) from error
    except engine.NotHolder as error:
        raise NotYours(N_("This act belongs to another post.")) from error
    except engine.Hindered as error:
        raise NotAllowedNow(reasons=error.reasons) from error
    except engine.Incomplete as error:
        raise Invalid(tuple((field, N_("This is needed")) for field in error.fields)) from error


def advance(
    document: Document,
    acts: Acts,
    name: str,
    carried: Mapping[str, Any],
    shown: Mapping[str, str] | None = None,
) -> Outcome:
    """Make one move of the table, with all that follows from it, in the present transaction.

    Args:
        carried: what the decision holds, by the names of `CARRIES`; dates as ISO text, units and officers as ids.
        shown: names in words for the ids among them, kept in the journal.

    Raises:
        NotAllowedNow, NotYours, Invalid: as `decide`; Invalid also for a unit or officer that may not be chosen.
        Stale: another act on the document was quicker.
    """
    lock(document)
    outcome = decide(document, acts, name, carried)
    wanted = {field: carried[field] for field in outcome.move.carries}
    choices.check(document, wanted)
    _perform(document, outcome, wanted, acts, now(), dict(shown or {}))
    return outcome


def lock(document: Document) -> None:
    """Hold the document until the transaction ends, so that two acts on it are decided one after the other.

    Whoever takes other rows of a document takes the document first: no two then wait for each other.

    Raises:
        Stale: it changed since it was read.
    """
    session().flush()
    read = document.row_version
    session().refresh(document, with_for_update={"of": Document})
    if document.row_version != read:
        raise Stale(CHANGED)


def by_portal(document: Document, name: str, at: datetime | None = None) -> None:
    """Make a move that belongs to the portal itself.

    Raises:
        engine.NotInTable: the document is not where the move leads from.
    """
    lock(document)
    outcome = engine.decide_by_portal(documents.facts(document), name)
    _perform(document, outcome, {}, None, at or now(), {})


def _perform(
    document: Document,
    outcome: Outcome,
    carried: dict[str, Any],
    acts: Acts | None,
    at: datetime,
    shown: dict[str, str],
) -> None:
    before = document.status
    hash_before = document.text_hash
    if outcome.move.signs and acts is not None:
        _sign(document, outcome, acts, at)
    effect = EFFECTS.get(outcome.move.name)
    with session().no_autoflush:  # status and columns change together: the table's checks see both or neither
        if effect is not None:
            effect(Act(document, outcome, carried, acts or _portal(document), at))
        if document.status == outcome.status.value:
            flag_modified(
                document, "status"
            )  # an act that stays counts as a change too: its rival must see it
        document.status = outcome.status.value
    if document.text_hash != hash_before:
        raise AssertionError("a move does not change the text")
    session().flush()
    if not outcome.move.stays:
        stages.enter(document, at)
    journal.write(
        document,
        acts,
        outcome.move.name,
        outcome.move.label,
        at,
        post=outcome.post,
        from_status=before,
        carried={**carried, **shown},
    )
    session().flush()
    _follow(document, outcome, at)


def _portal(document: Document) -> Acts:
    return Acts(0, "", Actor(0), "", document.authority_path)


def _sign(document: Document, outcome: Outcome, acts: Acts, at: datetime) -> None:
    """Bind a signature to the exact text as it stands."""
    post = outcome.post
    if post is None:
        raise AssertionError("only an officer signs")
    session().add(
        Signature(
            document_id=document.id,
            authority_path=document.authority_path,
            officer_id=acts.officer_id,
            officer_name=acts.name,
            post_label=post.post.label,
            unit_id=post.unit,
            acting_for=post.acting_for,
            seat=engine.seat_of(outcome.move, documents.facts(document)),
            role=outcome.move.signs,
            on_what=SIGNED.get(outcome.move.signs, "text"),
            version=document.version,
            text_hash=document.text_hash,
            at=at,
        )
    )
    session().flush()


def _follow(document: Document, outcome: Outcome, at: datetime) -> None:
    """What one document's move brings about in another, or at once in the same."""
    if outcome.move.name == "sign_as_executor" and isinstance(document, Profile):
        _embody(document, at)
    if outcome.move.name == "register" and isinstance(document, Profile):
        enter_force_if_due(document, at)
    if outcome.move.name == "enter_force" and document.scope == "local":
        _notify_centre(document, at)
    if outcome.move.name in ("resume", "cancel"):
        _follow_into_update(document, outcome.move.name, at)


def _notify_centre(profile: Document, at: datetime) -> None:
    """The centre is notified of every local profile, and may suspend it (procedure §7)."""
    stage = stages.open_stage(profile.id)
    today = stages.calendar_at(profile.authority_path).local(at).date()
    if stage is None:
        return
    for addressee in officers.holders(("central_coordination",), documents.places(profile), today):
        sweeping.raise_alert(stage, LOCAL_IN_FORCE, "local_in_force", addressee, at)


def _follow_into_update(profile: Document, move: str, at: datetime) -> None:
    """A version being prepared ends with the one it was to follow; one that waited for a suspension comes now."""
    found = documents.open_update_of(profile.id)
    update = documents.find(found) if found is not None else None
    if not isinstance(update, Profile):
        return
    if move == "cancel":
        by_portal(update, "end_update", at)
    else:
        enter_force_if_due(update, at)


def _embody(profile: Profile, at: datetime) -> None:
    """The draft's own clock ends when its profile is prepared and signed."""
    draft = documents.find(profile.draft_id) if profile.draft_id else None
    if draft is not None and profile.updates_id is None and draft.status != "embodied":
        by_portal(draft, "embody", at)


def enter_force_if_due(profile: Profile, at: datetime) -> bool:
    """Put a registered profile into force when its validity date has come (procedure §7.5)."""
    today = stages.calendar_at(profile.authority_path).local(at).date()
    if profile.status != P.AWAITING_FORCE or profile.valid_from is None or profile.valid_to is None:
        return False
    older = documents.find(profile.updates_id) if profile.updates_id is not None else None
    barred = older is not None and older.status in (P.SUSPENDED, P.CANCELLED)
    if barred or not profile.valid_from <= today <= profile.valid_to:
        return False
    if older is not None and older.status == P.IN_FORCE:
        by_portal(older, "supersede", at)
    by_portal(profile, "enter_force", at)
    return True
