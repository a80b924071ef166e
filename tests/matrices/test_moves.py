"""Every move × role × status, against a table written by hand from procedure §5 to §7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.levels.roles import Post
from portal.store import documents, officers
from portal.store.session import acting
from portal.workflow import engine
from portal.workflow.clock import now
from portal.workflow.move import PORTAL, Facts
from portal.workflow.seats import Actor
from portal.workflow.statuses import D, P
from tests import texts
from tests.cast import AUTHORITIES, CENTRE, HOUSE, login_of
from tests.office import Office

RTU = "eeu.ru.10100000."
RESOLUTIONS = {"propose_expedient", "find_inexpedient"}
STUDY_AT_CENTRE = {"10000000.unit_head.goods": {"replace_executor"}}
WITHDRAWS = {"10130000.registrar.risk": {"withdraw"}}
NAMES_AUTHOR = {"10130000.unit_head.goods": {"replace_author"}}
EXECUTOR = "10000000.officer.goods"


def coordination(code: str, *moves: str) -> dict[str, set[str]]:
    return {f"{code}.registrar.risk": set(moves), f"{code}.unit_head.risk": set(moves)}


#: Who may do what to a draft of the goods unit of a house under a directorate, meant for the centre, whose indicators
#: touch the value unit; its executor sits in the goods unit of the centre. Not named: nobody.
DRAFT: dict[D, dict[str, set[str]]] = {
    D.DRAFTING: {"10130000.officer.goods": {"submit", "withdraw"}, **NAMES_AUTHOR},
    D.ENDORSING: {"10130000.unit_head.value": {"endorse", "return"}, **NAMES_AUTHOR},
    D.HEAD_SIGNING: {"10130000.unit_head.goods": {"sign", "return", "replace_author"}},
    D.COORDINATION_AGREEMENT: {"10130000.unit_head.risk": {"agree", "return"}, **NAMES_AUTHOR},
    D.DEPUTY_AGREEMENT: {"10130000.first_deputy": {"agree", "return"}, **NAMES_AUTHOR},
    D.AGREED: {"10130000.registrar.risk": {"register"}, **NAMES_AUTHOR},
    D.REGISTERED: {"10130000.registrar.risk": {"send", "withdraw"}, **NAMES_AUTHOR},
    D.SENT: {**WITHDRAWS, **coordination("10000000", "receive")},
    D.UNDER_REVIEW: {
        **WITHDRAWS,
        **STUDY_AT_CENTRE,
        "10000000.registrar.risk": {"reassign"},
        "10000000.unit_head.risk": {"call_workshop", "reassign"},
        EXECUTOR: RESOLUTIONS | {"collect_information", "rework_at_centre", "send_back", "ask_rtu"},
    },
    D.WORKSHOP: {**WITHDRAWS, **coordination("10000000", "enter_minutes")},
    D.INFORMATION: {**STUDY_AT_CENTRE, EXECUTOR: RESOLUTIONS | {"rework_at_centre", "send_back", "ask_rtu"}},
    D.REWORK_CENTRAL: {
        **STUDY_AT_CENTRE,
        EXECUTOR: RESOLUTIONS | {"collect_information", "send_back", "ask_rtu"},
    },
    D.REWORK_REGIONAL: {"10130000.officer.goods": {"submit"}, **NAMES_AUTHOR},
    D.RTU_REQUEST: {
        "10100000.officer.goods": {"write_opinion"},
        "10100000.officer.goods2": {"write_opinion"},
        "10100000.unit_head.goods": {"write_opinion"},
    },
    D.RTU_OPINION: {**STUDY_AT_CENTRE, EXECUTOR: RESOLUTIONS | {"collect_information", "rework_at_centre"}},
    D.EXPEDIENT: {**STUDY_AT_CENTRE, EXECUTOR: {"prepare_profile"}},
    D.EMBODIED: {},
    D.INEXPEDIENT: {},
    D.WITHDRAWN: {},
}
NUMBERED = set(D) - {
    D.DRAFTING,
    D.ENDORSING,
    D.HEAD_SIGNING,
    D.COORDINATION_AGREEMENT,
    D.DEPUTY_AGREEMENT,
    D.AGREED,
}

#: Who may do what to a profile of regional scope of the goods unit of the centre.
PROFILE: dict[P, dict[str, set[str]]] = {
    P.PREPARING: {EXECUTOR: {"sign_as_executor", "abandon"}, **STUDY_AT_CENTRE},
    P.PROFILE_ENDORSING: {"10000000.unit_head.value": {"endorse", "return"}},
    P.EXECUTOR_SIGNING: {EXECUTOR: {"sign_as_executor", "reopen"}, **STUDY_AT_CENTRE},
    P.PROFILE_HEAD_SIGNING: {"10000000.unit_head.goods": {"sign", "return"}},
    P.FILE: {EXECUTOR: {"put_on_carrier"}, **STUDY_AT_CENTRE},
    P.APPROVAL: {"10000000.unit_head.goods": {"approve", "return", "refuse"}},
    P.APPROVED: {EXECUTOR: {"give_details"}, **STUDY_AT_CENTRE},
    P.AWAITING_NUMBER: coordination("10000000", "register", "return_details"),
    P.AWAITING_FORCE: {EXECUTOR: {"propose_cancellation"}},
    P.IN_FORCE: {
        EXECUTOR: {"begin_update", "propose_cancellation"},
        **STUDY_AT_CENTRE,
        **coordination("10000000", "record_act"),
    },
    P.SUSPENDED: {
        EXECUTOR: {"propose_cancellation"},
        **STUDY_AT_CENTRE,
        **coordination("10000000", "record_act"),
    },
    P.SUPERSEDED: {},
    P.EXPIRED: {},
    P.CANCELLED: {},
    P.REFUSED: {},
    P.ABANDONED: {},
}

#: Who approves, by territorial scope (procedure §7.3).
SIGNATORIES = {
    "national": "10000000.head",
    "zonal": "10000000.deputy_head",
    "regional": "10000000.unit_head.goods",
}


def test_the_tables_name_every_status() -> None:
    assert set(DRAFT) == set(D)
    assert set(PROFILE) == set(P)


@pytest.fixture
def everybody(app: Flask) -> dict[str, Actor]:
    """Each member of the cast, with his posts at his own authority."""
    found = {}
    with app.app_context():
        for path in AUTHORITIES:
            for login in _logins(path):
                if credentials := officers.credentials(login):
                    known = officers.signed_in(credentials[0], now())
                    assert known is not None
                    found[login] = Actor(known.id, known.places[0].posts)
    assert len(found) > 100
    return found


def _logins(path: str) -> Iterator[str]:
    for post in Post:
        for unit in ("", "goods", "goods2", "value", "risk"):
            yield login_of(path, post, unit)


def offered(facts: Facts, everybody: dict[str, Actor]) -> dict[str, set[str]]:
    table = {
        login: {o.move.name for o in engine.available(facts, actor)} for login, actor in everybody.items()
    }
    return {login: moves for login, moves in table.items() if moves}


def draft_facts(app: Flask) -> Facts:
    office = Office(app)
    draft = office.reviewed_draft()
    rtu_unit = office.unit(RTU, "Goods unit")
    value_unit = office.unit(HOUSE, "Value unit")
    with app.app_context(), acting(CENTRE, "test", writes=False):
        document = documents.find(draft)
        assert document is not None
        facts = documents.facts(document)
    units = {**facts.places.units, "rtu": frozenset({rtu_unit}), "touched": frozenset({value_unit})}
    return replace(facts, places=replace(facts.places, units=units), given=frozenset(), several_units=True)


def at(facts: Facts, status: D) -> Facts:
    """The facts of the same draft in a status, as they are when it comes there."""
    unendorsed = facts.places.units["touched"] if status is D.ENDORSING else frozenset()
    return replace(facts, status=status, numbered=status in NUMBERED, unendorsed=unendorsed)


def test_drafts(app: Flask, everybody: dict[str, Actor]) -> None:
    facts = draft_facts(app)
    assert {status: offered(at(facts, status), everybody) for status in D} == DRAFT


def profile_facts(app: Flask) -> Facts:
    office = Office(app)
    profile = office.prepared_profile()
    value_unit = office.unit(CENTRE, "Value unit")
    with app.app_context(), acting(CENTRE, "test", writes=False):
        document = documents.find(profile)
        assert document is not None
        facts = documents.facts(document)
    units = {**facts.places.units, "touched": frozenset({value_unit})}
    return replace(facts, places=replace(facts.places, units=units), numbered=True)


def profile_at(facts: Facts, status: P) -> Facts:
    unendorsed = facts.places.units["touched"] if status is P.PROFILE_ENDORSING else frozenset()
    return replace(facts, status=status, unendorsed=unendorsed)


def test_profiles(app: Flask, everybody: dict[str, Actor]) -> None:
    facts = profile_facts(app)
    assert {status: offered(profile_at(facts, status), everybody) for status in P} == PROFILE


@pytest.mark.parametrize("scope", SIGNATORIES)
def test_carriers_are_approved_by_territorial_scope(
    app: Flask, everybody: dict[str, Actor], scope: str
) -> None:
    facts = replace(profile_facts(app), status=P.APPROVAL, scope=scope, signatory="")
    assert offered(facts, everybody) == {SIGNATORIES[scope]: {"approve", "return", "refuse"}}


def test_a_local_profile_is_approved_and_suspended(app: Flask, everybody: dict[str, Actor]) -> None:
    facts = profile_facts(app)
    local = replace(facts, places=replace(facts.places, origin=HOUSE), scope="local", signatory="")
    assert offered(replace(local, status=P.APPROVAL), everybody) == {
        "10130000.head": {"approve", "return", "refuse"}
    }
    assert offered(replace(local, status=P.IN_FORCE), everybody)["10000000.unit_head.risk"] == {"suspend"}
    assert offered(replace(local, status=P.SUSPENDED), everybody)["10000000.unit_head.risk"] == {"resume"}


@pytest.mark.parametrize("document", ["draft", "profile"])
def test_what_is_not_offered_is_refused(app: Flask, everybody: dict[str, Actor], document: str) -> None:
    """Every move of the table × the whole cast × every status: a decision that no button offers is refused."""
    facts, where = (draft_facts(app), at) if document == "draft" else (profile_facts(app), profile_at)
    names = {move.name for move in engine.TABLES[document]}
    portal = {move.name for move in engine.TABLES[document] if move.seat == PORTAL}
    tried = 0
    for status in D if document == "draft" else P:
        here = where(facts, status)  # type: ignore[operator]
        for actor in everybody.values():
            open_to_him = {offer.move.name for offer in engine.available(here, actor)}
            assert not open_to_him & portal
            for name in names - open_to_him:
                tried += 1
                with pytest.raises((engine.NotInTable, engine.NotHolder)):
                    engine.decide(here, actor, name, {"reason": "x"})
    assert tried > 30_000


def test_a_complete_text_touches_what_it_says() -> None:
    """The matrix counts on it: a text over the HS code alone lies in the goods unit's own competence."""
    from portal.workflow.competence import touched_directions

    assert touched_directions(texts.complete()) == {1}
    assert touched_directions(texts.complete(fields=("hs_code", "value_per_kg"))) == {1, 6}
