"""The parts of which the table of the procedure is made: a move, what it carries, and the facts of a case."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.words import N_
from portal.workflow.seats import Places
from portal.workflow.statuses import Status
from portal.workflow.text import Missing

#: The seat of moves that the portal makes by itself: when a day has come, or because another document moved.
PORTAL = "portal"


@dataclass(frozen=True)
class Move:
    """One line of the table of the procedure.

    Attributes:
        name: the act, unique per pair of (from, when).
        label: the act as its button names it.
        sources: statuses from which it leads.
        target: status to which it leads, None when the document stays where it is.
        seat: who makes it (`portal.workflow.seats`), or `PORTAL`.
        carries: names of what the decision must hold (`CARRIES`).
        when: names of conditions that choose between lines; where one fails the line is not there at all.
        needs: names of guards; where one fails the act is shown with what is missing.
        signs: the role of the signature that the act gives, empty when it gives none.
        rule: the place in the procedure, in words.
        danger: whether it ends or undoes something, so that its page asks again.
    """

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status | None
    seat: str
    carries: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    signs: str = ""
    rule: str = ""
    danger: bool = False

    @property
    def stays(self) -> bool:
        return self.target is None


@dataclass(frozen=True)
class Carry:
    """Something that a decision must hold: its label, the kind of its control, and a hint.

    Kinds: text (several lines), line, lines (a list, one per line), date, yes_no, unit, units, officer.
    """

    label: str
    kind: str
    hint: str = ""


CARRIES: dict[str, Carry] = {
    "reason": Carry(N_("Reason"), "text"),
    "justification": Carry(N_("Justification"), "text", N_("Why the draft is inexpedient.")),
    "grounds": Carry(N_("Grounds"), "text", N_("Why the draft is expedient.")),
    "competent_unit": Carry(N_("Competent unit"), "unit"),
    "author": Carry(
        N_("Author"), "officer", N_("Another officer of the unit; the history keeps the earlier one.")
    ),
    "executor": Carry(N_("Executor"), "officer"),
    "units": Carry(N_("Units invited"), "units"),
    "held_on": Carry(N_("Date of the workshop"), "date"),
    "participants": Carry(N_("Participants"), "lines", N_("One person a line.")),
    "found_expedient": Carry(N_("Found expedient"), "yes_no"),
    "responsible_unit": Carry(N_("Unit responsible from now on"), "unit"),
    "information": Carry(N_("Information needed"), "text"),
    "information_from": Carry(N_("From whom"), "line"),
    "defects": Carry(N_("Defects"), "lines", N_("One defect a line; each is listed in the register.")),
    "question": Carry(N_("Question to the directorate"), "text"),
    "rtu_unit": Carry(N_("Unit addressed"), "unit"),
    "opinion": Carry(N_("Opinion"), "text"),
    "carrier_number": Carry(N_("Number of the carrier"), "line"),
    "carrier_date": Carry(N_("Date of the carrier"), "date"),
    "records_number": Carry(N_("Number given by the records office"), "line"),
    "act_number": Carry(N_("Number of the legal act"), "line"),
    "act_date": Carry(N_("Date of the legal act"), "date"),
}

#: Roles of signatures, as the page of signatures names them.
SIGNATURES: dict[str, str] = {
    "endorsement": N_("Endorsement"),
    "unit_head": N_("Signature of the head of unit"),
    "coordination_head": N_("Agreement of the head of the coordination unit"),
    "first_deputy": N_("Agreement of the first deputy head"),
    "executor": N_("Signature of the executor"),
    "approval": N_("Signature on the carrier"),
    "cancellation_head": N_("Signature on the act of cancellation"),
    "cancellation": N_("Approval of the cancellation"),
}

#: What a signature is put on: the text, its carrier, or the act that cancels it (a person signs each once).
SIGNED: dict[str, str] = {
    "approval": "carrier",
    "cancellation_head": "act",
    "cancellation": "act carrier",
}


@dataclass(frozen=True)
class Given:
    """A signature already on the document: by whom, from which seat, on what."""

    officer: int
    seat: str
    on: str


@dataclass(frozen=True)
class Facts:
    """All that the procedure may know of one document when it decides.

    Attributes:
        document: "draft" or "profile".
        authors: ids of the officers whose own document it is: those who write it, and who wrote it before them.
        unendorsed: ids of touched units whose head has not endorsed the present text.
        missing: what text and note lack.
        signatory: the seat that signs the carrier by the state's signature table.
        several_units: whether the text touches several units of the centre.
        rtu_asked: whether the opinion of the directorate was ever asked.
        cancellation: "" | "proposed" | "signed", the way of an act of cancellation.
        ended: whether the last day of validity has passed.
        predecessor: the status of the version that this one is to follow, empty when it is the first.
        draft_embodied: whether the executor signed the profile before, so that its draft has ended.
    """

    document: str
    status: Status
    places: Places
    kind: str = "profile"
    scope: str = "regional"
    formalisation: str = "automatic"
    authors: frozenset[int] = frozenset()
    numbered: bool = False
    touched: frozenset[int] = frozenset()
    unendorsed: frozenset[int] = frozenset()
    missing: tuple[Missing, ...] = ()
    given: frozenset[Given] = frozenset()
    signatory: str = ""
    several_units: bool = False
    under_rtu: bool = False
    executor_named: bool = False
    proposed: bool = False
    opinion_by: int | None = None
    rtu_asked: bool = False
    profile_exists: bool = False
    update_exists: bool = False
    cancellation: str = ""
    ended: bool = False
    predecessor: str = ""
    draft_embodied: bool = False
