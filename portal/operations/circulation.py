"""Writes and circulates union risk information, and answers it (procedure §7, scope 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from portal.errors import Invalid, NotAllowedNow, NotHere, NotYours, Stale
from portal.levels.path import AuthorityPath
from portal.levels.signing import UNION_CODE
from portal.levels.words import N_
from portal.models import Authority, Draft, RiskAnswer, RiskInformation
from portal.operations import drafting
from portal.operations.acts import Acts
from portal.operations.registration import locked_counter
from portal.store import authorities, circulation
from portal.store.session import session
from portal.workflow.circulation import I, Step, decide, fills
from portal.workflow.clock import now
from portal.workflow.engine import Incomplete, NotHolder, NotInTable
from portal.workflow.numbering import number
from portal.workflow.text import Text, blank, text_hash

REGISTER = "profile"


@dataclass(frozen=True)
class Contents:
    """What the union tells: the risk in words, and where it lies, as far as it is known.

    Attributes:
        codes: commodity codes of 2 to 10 digits.
    """

    title: str
    words: str
    direction: int | None = None
    risk_type: str = ""
    codes: Sequence[str] = ()

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The codes as a group of indicators, from which a national draft can start."""
        if not self.codes:
            return []
        leaf = {"field": "hs_code", "op": "starts_with", "value": list(self.codes)}
        return [{"name": self.title[:80], "condition": {"all": [leaf]}, "exceptions": None}]


def load(information_id: int, version: int | None = None) -> RiskInformation:
    """Risk information to work on.

    Args:
        version: the row version at which the form was shown; None skips the comparison.

    Raises:
        NotHere: it does not exist in this scope. Stale: it changed since the form was shown.
    """
    information = circulation.find(information_id)
    if information is None:
        raise NotHere
    if version is not None and version != information.row_version:
        kept = (("title", information.title), ("words", information.words))
        raise Stale(N_("The information changed since you opened it."), theirs=kept)
    return information


def begin(acts: Acts, contents: Contents) -> RiskInformation:
    """Begin risk information; until it is circulated it applies nowhere, so that no state sees it.

    Raises:
        NotYours: the officer is no union coordinator.
    """
    if not fills("union_coordinator", acts.actor):
        raise NotYours(N_("Only the union coordinator writes risk information."))
    information = RiskInformation(
        authority_path=acts.path,
        applies_to="",
        officer_id=acts.officer_id,
        officer_name=acts.name,
        created_at=now(),
    )
    _fill(information, contents)
    session().add(information)
    session().flush()
    return information


def change(information: RiskInformation, acts: Acts, contents: Contents) -> None:
    """Write it anew before it is circulated.

    Raises:
        NotAllowedNow, NotYours: as the table says.
    """
    _decide(circulation.status(information), acts, "change", {})
    _fill(information, contents)
    session().flush()


def _fill(information: RiskInformation, contents: Contents) -> None:
    information.title, information.words = contents.title, contents.words
    information.direction, information.risk_type = contents.direction, contents.risk_type
    information.groups = contents.groups


def circulate(information: RiskInformation, acts: Acts) -> str:
    """Give it the next number of the union's register, and let every state see it; the number.

    The counter stays locked until the transaction ends, so nothing slow follows.

    Raises:
        NotAllowedNow, NotYours: as the table says.
    """
    _decide(circulation.status(information), acts, "circulate", {})
    home = authorities.by_path(information.authority_path)
    if home is None:
        raise NotHere
    union, at = session().get_one(Authority, home.id), now()
    counter = locked_counter(union, REGISTER)
    counter.last_serial += 1
    day = at.astimezone(ZoneInfo(union.zone)).date()
    given = str(number(UNION_CODE, union.code, union.number_width, day, counter.last_serial))
    information.serial, information.number = counter.last_serial, given
    information.circulated_at, information.applies_to = at, information.authority_path
    information.text_hash = text_hash(information.text)
    session().flush()
    return given


def answer(
    information: RiskInformation, acts: Acts, name: str, carried: Mapping[str, object] | None = None
) -> RiskAnswer:
    """Note, adopt or decline as the acting centre; the answer goes up to the union.

    To adopt begins a national draft in the officer's unit, with the union's words taken over.

    Args:
        name: "note", "adopt" or "decline"; the last carries "reason".

    Raises:
        NotAllowedNow, NotYours, Invalid: as the table says.
    """
    given = circulation.answer_of(information.id, acts.path)
    step = _decide(circulation.status(information, given), acts, name, carried or {})
    if given is None:
        given = _blank_answer(information, acts)
    given.answer = (step.target or I.CIRCULATED).value
    given.reason = str((carried or {}).get("reason", ""))
    given.at, given.officer_name = now(), acts.name
    if step.target is I.ADOPTED:
        given.draft_id = _draft(information, acts).id
    session().add(given)
    session().flush()
    return given


def _blank_answer(information: RiskInformation, acts: Acts) -> RiskAnswer:
    centre, union = authorities.by_path(acts.path), AuthorityPath(acts.path).parent
    if centre is None or centre.level != "central" or union is None:
        raise NotYours(N_("Only the centre of a state answers the union."))
    return RiskAnswer(
        information_id=information.id,
        authority_path=acts.path,
        addressee_path=union.text,
        state=centre.state,
    )


def _draft(information: RiskInformation, acts: Acts) -> Draft:
    draft = drafting.begin(
        acts, information.title, "profile", "national", adopted_text(information, acts.path)
    )
    session().flush()
    return draft


def adopted_text(information: RiskInformation, path: str) -> Text:
    """The text with which a national draft begins: area, source and type from the union, the rest to be written."""
    text = blank()
    text["header"].update(direction=information.direction, risk_type=information.risk_type or None)
    text["territory"] = [path]
    text["groups"] = list(information.groups)
    day = information.circulated_at.date().isoformat() if information.circulated_at else ""
    text["note"]["sources"] = f"Union risk information {information.number}, {day}\n\n{information.words}"
    return text


def _decide(status: I, acts: Acts, name: str, carried: Mapping[str, object]) -> Step:
    try:
        return decide(status, acts.actor, name, carried)
    except NotInTable as error:
        raise NotAllowedNow(N_("The information is no longer where this act leads from.")) from error
    except NotHolder as error:
        raise NotYours(N_("This act belongs to another post.")) from error
    except Incomplete as error:
        raise Invalid(tuple((field, N_("This is needed")) for field in error.fields)) from error
