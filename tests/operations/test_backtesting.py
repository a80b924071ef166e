"""A back-test counts inside the scope of who runs it, and becomes the estimate of the note when the writer says so."""

from __future__ import annotations

import copy
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.errors import Invalid, NotAllowedNow, NotYours
from portal.levels.roles import Post
from portal.models import ValueList
from portal.operations import backtesting, drafting, procedure
from portal.store import backtests
from portal.store.session import acting, session
from tests import past, texts
from tests.cast import CENTRE, HOUSE
from tests.office import Office

SHARED = Path(os.environ.get("PORTAL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture
def office(app: Flask, tmp_path: Path) -> Office:
    past.taken(app, CENTRE, past.csv(tmp_path))
    past.taken(app, "eeu.am.", past.csv(tmp_path, past.ARMENIAN, "am.csv"))
    return Office(app)


def text_of(*groups: dict[str, Any]) -> dict[str, Any]:
    text = texts.complete()
    text["groups"] = [{"name": "", "condition": group, "exceptions": None} for group in groups]
    return text


def run(office: Office, document: int, path: str = HOUSE, **days: Any) -> tuple[int, dict[str, Any]]:
    acts = office.acts(path, Post.OFFICER, "goods")
    with office.app.app_context(), acting(path, "test"):
        found = backtesting.run(procedure.load(document), acts, **days)
        return found.id, copy.deepcopy(found.result)


def test_a_house_counts_its_points_and_no_others(office: Office) -> None:
    """Footwear at Moscow: W1 item 1, W2, W5 and E1; Tula and Yerevan have one each."""
    _, found = run(office, office.draft())
    assert (found["items"], found["declarations"], found["hit_items"], found["hit_declarations"]) == (
        8,
        7,
        4,
        4,
    )
    assert found["by_month"] == {"2025-01": 3, "2025-02": 1}
    assert found["by_authority"] == {"10130010": 3, "10130020": 1}
    assert found["all_by_authority"] == {"10130010": 5, "10130020": 2}
    assert "10110000" not in str(found)
    assert "CANARY" not in str(found)


def test_outcomes_are_counted_by_declaration(office: Office) -> None:
    """Known: all but W4; violations W1, W5; hit with outcome: W1, W2, W5, E1."""
    _, found = run(office, office.draft())
    assert (found["with_outcome"], found["violations"], found["violations_hit"]) == (6, 2, 2)
    assert (found["precision"], found["recall"], found["lift"]) == ("0.500000", "1.000000", "1.5000")


def test_the_centre_counts_its_state_for_the_draft_of_a_house(office: Office) -> None:
    draft = office.reviewed_draft()
    run_id, found = run(office, draft, CENTRE)
    assert (found["items"], found["hit_items"]) == (9, 5)
    with office.app.app_context(), acting(HOUSE, "test", writes=False):
        assert backtests.run(run_id, draft) is None, "what the centre counted is not the house's to read"
        assert backtests.runs(draft) == []


def test_days_narrow_the_run_with_both_ends(office: Office) -> None:
    _, found = run(office, office.draft(), start=date(2025, 1, 11), end=date(2025, 2, 7))
    assert (found["items"], found["hit_declarations"]) == (5, 3)
    with pytest.raises(Invalid):
        run(office, office.draft(), start=date(2025, 2, 1), end=date(2025, 1, 1))


def test_any_group_hits_and_an_exception_takes_away(office: Office) -> None:
    text = text_of(
        {"field": "hs_code", "op": "starts_with", "value": ["64"]},
        {"field": "hs_code", "op": "starts_with", "value": ["87"]},
    )
    text["groups"][0]["exceptions"] = {"field": "importer_id", "op": "in", "value": ["IMPORTER-W1"]}
    _, found = run(office, office.draft(text=text))
    assert found["hit_declarations"] == 4  # W2, W5, E1 by the first group, W4 by the second
    told = {str(one["condition"].get("op") or "not"): one for one in found["contributions"]}
    assert told["not"]["alone"] == 6  # all items but the two of W1
    assert told["not"]["without"] == 5


def test_each_indicator_is_measured(office: Office) -> None:
    """Footwear alone hits 4, a price below 5 a kilogram 5 of 8; together W1 item 1, W2 and W5."""
    draft = office.draft(text=texts.complete(fields=("hs_code", "value_per_kg")), unit="goods")
    _, found = run(office, draft)
    assert found["hit_items"] == 3
    assert [(one["alone"], one["without"]) for one in found["contributions"]] == [(4, 3), (3, 4)]


def test_the_overlap_with_profiles_in_force_is_counted(office: Office) -> None:
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    other = text_of({"field": "departure_country", "op": "in", "value": ["CN"]})
    _, found = run(office, office.draft(text=other))
    (one,) = found["overlaps"]
    # ours: W1, W3, W5, E1; footwear: W1, W2, W5, E1
    assert (one["number"], one["hit"], one["shared"]) == (office.number(profile, CENTRE), 4, 3)


def test_a_maintained_list_is_that_of_the_documents_authority(office: Office) -> None:
    for path, members in (
        (CENTRE, ["IMPORTER-E1"]),
        (HOUSE, ["IMPORTER-W1", "IMPORTER-T1"]),
        ("eeu.am.", ["X"]),
    ):
        with office.app.app_context(), acting(path, "test"):
            session().add(
                ValueList(
                    authority_path=path,
                    applies_to=path,
                    name="watched",
                    members=members,
                    valid_from=date(2024, 1, 1),
                )
            )
    condition = {"field": "importer_id", "op": "in", "value": {"list": "watched"}}
    _, found = run(office, office.draft(text=text_of(condition)))
    assert found["hit_declarations"] == 1


def test_a_list_that_ended_is_unknown(office: Office) -> None:
    with office.app.app_context(), acting(HOUSE, "test"):
        session().add(
            ValueList(
                authority_path=HOUSE,
                applies_to=HOUSE,
                name="watched",
                members=["X"],
                valid_from=date(2024, 1, 1),
                valid_to=date(2024, 12, 31),
            )
        )
    draft = office.draft(text=text_of({"field": "importer_id", "op": "in", "value": {"list": "watched"}}))
    with pytest.raises(NotAllowedNow):
        run(office, draft)


def test_without_indicators_there_is_nothing_to_run(office: Office) -> None:
    with pytest.raises(NotAllowedNow):
        run(office, office.draft(text=text_of()))


def attach(office: Office, document: int, run_id: int, unit: str = "goods") -> None:
    acts = office.acts(HOUSE, Post.OFFICER, unit)
    with office.app.app_context(), acting(HOUSE, "test"):
        found = backtests.run(run_id, document)
        assert found is not None
        backtesting.attach(procedure.load(document), acts, found)


def test_a_run_becomes_the_estimate_of_the_note(office: Office) -> None:
    draft = office.draft()
    run_id, _ = run(office, draft)
    attach(office, draft, run_id)
    note = office.document(draft)["text"]["note"]
    assert (note["estimate"], note["estimate_run"], note["estimate_reason"]) == (4, run_id, "")
    assert note["sources"] == "Declarations of 2025"


def test_only_the_writer_attaches_and_only_while_he_writes(office: Office) -> None:
    draft = office.draft()
    run_id, _ = run(office, draft)
    with pytest.raises(NotYours):
        attach(office, draft, run_id, unit="value")
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    with pytest.raises(NotAllowedNow):
        attach(office, draft, run_id)


def test_a_run_of_an_earlier_text_is_not_attached(office: Office) -> None:
    draft = office.draft()
    run_id, _ = run(office, draft)
    writer = office.acts(HOUSE, Post.OFFICER, "goods")
    groups = text_of({"field": "hs_code", "op": "starts_with", "value": ["65"]})["groups"]
    with office.app.app_context(), acting(HOUSE, "test"):
        drafting.change(procedure.load(draft), writer, "groups", groups)
    with pytest.raises(NotAllowedNow):
        attach(office, draft, run_id)


def test_a_run_over_nothing_estimates_nothing(office: Office) -> None:
    """A day on which nothing was declared says nothing of what the measures will hit (procedure §4)."""
    draft = office.draft()
    run_id, found = run(office, draft, start=date(1990, 1, 1), end=date(1990, 2, 1))
    assert found["declarations"] == 0
    with pytest.raises(NotAllowedNow):
        attach(office, draft, run_id)
    assert office.document(draft)["text"]["note"]["estimate_run"] != run_id


def test_a_changed_note_leaves_the_run_valid() -> None:
    text = texts.complete()
    before = backtesting.area_hash(text)
    text["note"]["sources"] = "Others"
    text["groups"][0]["name"] = "Another name"
    assert backtesting.area_hash(text) == before
    text["groups"][0]["exceptions"] = {"field": "currency", "op": "missing"}
    assert backtesting.area_hash(text) != before


@pytest.mark.shared
def test_the_public_set_gives_its_published_figures(app: Flask) -> None:
    file = SHARED / "declarations-2020.csv"
    if not file.exists():
        pytest.skip(f"{file} is absent; the public set was NOT tested")
    mapping = (Path(__file__).parents[2] / "docs" / "mappings" / "declarations-2020.toml").read_text("utf-8")
    past.taken(app, HOUSE, file, mapping=mapping, whole=True, outcome="Fraud")
    office = Office(app)
    condition = {
        "all": [
            {"field": "hs_code", "op": "starts_with", "value": ["61", "62", "64"]},
            {"field": "departure_country", "op": "differs_from", "other": "origin_country"},
        ]
    }
    _, found = run(office, office.draft(text=text_of(condition)))
    expected = {
        "declarations": 37385,
        "items": 37385,
        "hit_declarations": 780,
        "hit_items": 780,
        "with_outcome": 37385,
        "violations": 8114,
        "violations_hit": 304,
        "precision": "0.389744",
        "recall": "0.037466",
        "lift": "1.7957",
        "item_price_hit": "8211612.24",
    }
    assert {name: found[name] for name in expected} == expected
    assert (found["by_authority"]["30"], found["by_authority"]["40"], found["by_month"]["2020-01"]) == (
        127,
        307,
        74,
    )
