"""The named conditions of the table: each a question to the facts, with the words shown when a guard fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.levels.signing import CARRIERS
from portal.levels.words import N_
from portal.workflow.move import Facts


@dataclass(frozen=True)
class Requirement:
    """A question to the facts; `words` say what is missing when the answer is no."""

    holds: Callable[[Facts], bool]
    words: str


ENDED = N_("The last day of validity has passed")

REQUIREMENTS: dict[str, Requirement] = {
    "text and note complete": Requirement(lambda f: not f.missing, N_("The text or its note is incomplete")),
    "units touched": Requirement(lambda f: bool(f.unendorsed), N_("No other unit is touched")),
    "no unit touched": Requirement(lambda f: not f.unendorsed, N_("Other units must endorse first")),
    "other units still to endorse": Requirement(
        lambda f: len(f.unendorsed) > 1, N_("This is the last endorsement")
    ),
    "last endorsement": Requirement(lambda f: len(f.unendorsed) == 1, N_("Other units must endorse too")),
    "not yet numbered": Requirement(lambda f: not f.numbered, N_("It has its number already")),
    "numbered": Requirement(lambda f: f.numbered, N_("It has no number yet")),
    "local": Requirement(lambda f: f.scope == "local", N_("It is not a local profile")),
    "for the centre": Requirement(
        lambda f: f.scope != "local", N_("A local draft is not sent to the centre")
    ),
    "touches several units": Requirement(lambda f: f.several_units, N_("The draft touches one unit only")),
    "from a customs house under an RTU": Requirement(
        lambda f: f.under_rtu, N_("The draft does not come from a customs house under a directorate")
    ),
    "executor named": Requirement(lambda f: f.executor_named, N_("No executor has been named")),
    "no executor yet": Requirement(lambda f: not f.executor_named, N_("The executor has been named")),
    "proposed": Requirement(lambda f: f.proposed, N_("The executor has not proposed it")),
    "not proposed": Requirement(
        lambda f: not f.proposed, N_("The proposal lies before the head of the unit; take it back first")
    ),
    "opinion written": Requirement(lambda f: f.opinion_by is not None, N_("No opinion has been written")),
    "no opinion yet": Requirement(lambda f: f.opinion_by is None, N_("The opinion has been written")),
    "no profile yet": Requirement(lambda f: not f.profile_exists, N_("The profile is being prepared")),
    "profile begun": Requirement(lambda f: f.profile_exists, N_("No profile has been begun")),
    "on a letter": Requirement(
        lambda f: CARRIERS[f.formalisation].needs_records_number, N_("The carrier is a memorandum")
    ),
    "on a memorandum": Requirement(
        lambda f: not CARRIERS[f.formalisation].needs_records_number, N_("The carrier is a letter")
    ),
    "no cancellation under way": Requirement(lambda f: not f.cancellation, N_("A cancellation is under way")),
    "cancellation proposed": Requirement(
        lambda f: f.cancellation == "proposed", N_("No cancellation has been proposed")
    ),
    "cancellation signed": Requirement(
        lambda f: f.cancellation == "signed", N_("The head of the unit has not signed the cancellation")
    ),
    "cancellation under way": Requirement(lambda f: bool(f.cancellation), N_("No cancellation is under way")),
    "no update under way": Requirement(lambda f: not f.update_exists, N_("A new version is being prepared")),
    "validity not passed": Requirement(lambda f: not f.ended, ENDED),
    "version before not suspended": Requirement(
        lambda f: f.predecessor != "suspended", N_("The version in force is suspended by the centre")
    ),
    "version before not cancelled": Requirement(
        lambda f: f.predecessor != "cancelled", N_("The version before was cancelled")
    ),
    "never signed": Requirement(
        lambda f: not f.draft_embodied,
        N_("It was signed before: sign it again, or let the signatory refuse it"),
    ),
    "opinion on file": Requirement(
        lambda f: not f.rtu_asked or f.opinion_by is not None,
        N_("The opinion of the directorate was asked for and is not on file"),
    ),
}
