"""What an officer at the point may do to a declaration, and when no longer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from portal.errors import Invalid, NotAllowedNow, NotHere, Stale
from portal.levels.roles import Post
from portal.operations import inspection, screening
from portal.operations.acts import Acts
from portal.operations.inspection import Found
from portal.screening.presented import from_rows
from portal.store import declarations
from portal.store.session import acting
from tests.directory import measure, profile_text, put_in_force, starts
from tests.office import Office

POINT = "eeu.ru.10100000.10130000.10130010."
OTHER_POINT = "eeu.ru.10100000.10130000.10130020."
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
N1, N2 = "11/10000/01012026/00001", "11/10000/01012026/00002"


class Desk:
    """An inspector at the point, with one declaration before him."""

    def __init__(self, app: Flask, **header: str) -> None:
        self.app = app
        self.acts: Acts = Office(app).acts(POINT, Post.INSPECTOR)
        with app.app_context(), acting(POINT, "test"):
            rows = [{"declaration_id": "D-1", "hs_code": "640110", **header}]
            self.pk = screening.screen(from_rows(rows), POINT, AT).screened[0].pk or 0

    def act(self, verb: Any, *given: Any, path: str = POINT, **options: Any) -> None:
        with self.app.app_context(), acting(path, "test"):
            verb(self.pk, *given, self.acts, AT, **options)

    def look(self) -> dict[str, Any]:
        with self.app.app_context(), acting(POINT, "test", writes=False):
            row = declarations.find(self.pk)
            assert row is not None
            return {
                "channel": row.channel,
                "version": row.row_version,
                "released_at": row.released_at,
                "released_by": row.released_by,
                "hits": [hit.id for hit in row.hits],
                "checks": {check.id: check.measure for check in declarations.to_apply(row)},
                "results": [(c.result_code, c.not_applied_ground, c.payments_difference) for c in row.checks],
                "against": declarations.hindrances(row),
            }


@pytest.fixture
def desk(app: Flask) -> Desk:
    app.config["CONTROL_GROUP_SHARE"] = 0
    put_in_force(
        app, N1, profile_text(starts("64"), measures=[measure("109"), measure("101", mandatory=False)])
    )
    return Desk(app)


def test_a_mandatory_result_opens_the_release_and_it_is_final(desk: Desk) -> None:
    first = desk.look()
    assert [words for words, _ in first["against"]] == [declarations.MEASURE_OPEN]
    with pytest.raises(NotAllowedNow) as refused:
        desk.act(inspection.release)
    assert refused.value.reasons == ("Record the result of measure 109.",)
    check = next(iter(first["checks"]))
    desk.act(inspection.record, check, Found("undervaluation", payments=Decimal("0.10")))
    desk.act(inspection.record, check, Found("not_applied", ground=" lost ", payments=None))
    assert desk.look()["results"][0] == ("not_applied", "lost", None)
    desk.act(inspection.release)
    done = desk.look()
    assert (done["released_at"], done["released_by"]) == (AT, desk.acts.name)
    for verb, given in ((inspection.release, ()), (inspection.record, (check, Found("nothing_found")))):
        with pytest.raises(NotAllowedNow):
            desk.act(verb, *given)


@pytest.mark.parametrize("found", [Found("not_applied", ground="  "), Found("nonsense"), Found("")])
def test_a_result_must_be_whole(desk: Desk, found: Found) -> None:
    with pytest.raises(Invalid):
        desk.act(inspection.record, next(iter(desk.look()["checks"])), found)


def test_a_stale_form_changes_nothing(desk: Desk) -> None:
    check, shown = next(iter(desk.look()["checks"])), desk.look()["version"]
    desk.act(inspection.record, check, Found("nothing_found"), shown=shown)
    with pytest.raises(Stale):
        desk.act(inspection.record, check, Found("other"), shown=shown)
    with pytest.raises(Stale):
        desk.act(inspection.release, shown=shown)
    assert desk.look()["results"][0][0] == "nothing_found"


def test_another_point_has_no_such_declaration(desk: Desk) -> None:
    with pytest.raises(NotHere):
        desk.act(inspection.release, path=OTHER_POINT)


def test_a_blue_measure_is_applied_after_release(app: Flask) -> None:
    app.config["CONTROL_GROUP_SHARE"] = 0
    put_in_force(app, N1, profile_text(starts("64"), measures=[measure("701")]))
    desk = Desk(app)
    assert (desk.look()["channel"], desk.look()["against"]) == ("blue", ())
    desk.act(inspection.release)


def test_a_preliminary_declaration_is_not_released(app: Flask) -> None:
    app.config["CONTROL_GROUP_SHARE"] = 0
    desk = Desk(app, stage="preliminary")
    with pytest.raises(NotAllowedNow):
        desk.act(inspection.release)


def test_answers_draw_the_measures_and_one_no_undoes_them(app: Flask) -> None:
    app.config["CONTROL_GROUP_SHARE"] = 0
    asked = profile_text(starts("64"), formalisation="automated", questions=["New?", "Whole?"])
    put_in_force(app, N1, asked)
    desk = Desk(app)
    hit = desk.look()["hits"][0]
    assert (desk.look()["channel"], desk.look()["checks"]) == ("yellow", {})
    desk.act(inspection.answer, hit, {"New?": True})
    assert desk.look()["checks"] == {}
    desk.act(inspection.answer, hit, {"Whole?": True})
    assert (desk.look()["channel"], list(desk.look()["checks"].values())) == ("red", ["109"])
    desk.act(inspection.answer, hit, {"New?": False})
    assert (desk.look()["channel"], desk.look()["checks"], desk.look()["against"]) == ("green", {}, ())
    desk.act(inspection.answer, hit, {"New?": True})
    assert len(desk.look()["results"]) == 1  # the same draw, the same row
    with pytest.raises(Invalid):
        desk.act(inspection.answer, hit, {"Red?": True})


def test_the_officer_finds_only_what_software_does_not(app: Flask) -> None:
    app.config["CONTROL_GROUP_SHARE"] = 0
    found = profile_text(formalisation="non_formalised", questions=["Nervous?"], measures=[measure("110")])
    mine = put_in_force(app, N1, found)
    softwares = put_in_force(app, N2, profile_text(starts("87")))
    elsewhere = put_in_force(app, "12/10000/01012026/00009", found, applies_to=(OTHER_POINT,))
    desk = Desk(app, stage="preliminary")
    with pytest.raises(NotAllowedNow):
        desk.act(inspection.find, softwares)
    with pytest.raises(NotHere):
        desk.act(inspection.find, elsewhere)
    desk.act(inspection.find, mine)
    desk.act(inspection.find, mine)
    assert (len(desk.look()["hits"]), list(desk.look()["checks"].values())) == (1, ["110"])
    with app.app_context(), acting(POINT, "test"):
        rows = [{"declaration_id": "D-1", "hs_code": "640110", "stage": "registration"}]
        (again,) = screening.screen(from_rows(rows), POINT, AT).screened
    assert (again.outcome, again.hits, again.channel) == ("updated", (N1,), "red")
