"""The inspector's desk: queue, what to check, results, release, and the screening of a declaration."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select

from portal.models import Declaration
from portal.operations import screening
from portal.screening.presented import from_rows
from portal.store.session import acting, session
from portal.workflow.clock import now
from tests.browser import Browser, Page
from tests.directory import measure, profile_text, put_in_force, starts

POINT = "eeu.ru.10100000.10130000.10130010."
OTHER_POINT = "eeu.ru.10100000.10130000.10130020."
N1, N2, N3 = "11/10000/01012026/00001", "11/10000/01012026/00002", "11/10000/01012026/00003"
CANARY = "canary-of-the-note"
Browse = Callable[[str], Browser]


@pytest.fixture
def desk(app: Flask) -> Flask:
    app.config["CONTROL_GROUP_SHARE"] = 0
    return app


@pytest.fixture
def inspector(desk: Flask, browse: Browse) -> Browser:
    return browse("10130010.inspector")


def present(
    app: Flask, declaration_id: str, *codes: str, path: str = POINT, ago: int = 0, **header: str
) -> int:
    rows = [{"declaration_id": declaration_id, "hs_code": code, **header} for code in codes]
    with app.app_context(), acting(path, "test"):
        (found,) = screening.screen(from_rows(rows), path, now() - timedelta(minutes=ago)).screened
        assert found.pk is not None
        return found.pk


def selected(app: Flask) -> int:
    """A declaration with an inspection, and a documents check that two questions hold back."""
    put_in_force(app, N1, profile_text(starts("64"), measures=[measure("109", description="Open every box")]))
    asked = profile_text(
        starts("8703"),
        formalisation="automated",
        questions=["Is the packing new?", "Is the seal whole?"],
        measures=[measure("101")],
        title="Cars",
        note={"sources": CANARY},
    )
    put_in_force(app, N2, asked)
    return present(app, "D-1", "640110", "870323")


def check_forms(page: Page) -> list[str]:
    return [
        str(form["action"]) for form in page.soup.find_all("form") if "/checks/" in str(form.get("action"))
    ]


def names(page: Page, action: str, ending: str) -> str:
    form = page.form(action)
    return next(
        c["name"]
        for c in form.tag.find_all(["input", "select", "textarea"])
        if str(c.get("name")).endswith(ending)
    )


def record(page: Page, action: str, **typed: str) -> Page:
    return page.form(action).submit(**{names(page, action, name): value for name, value in typed.items()})


def test_the_page_says_what_to_check_and_why(desk: Flask, inspector: Browser) -> None:
    page = inspector.get(f"/10130010/declarations/{selected(desk)}")
    assert page.status == 200
    assert "109 Inspection of goods — item 1" in page.words
    assert "The commodity code begins with 64" in page.words
    assert "Open every box" in page.words
    assert "1 2 3 4 05 6 07" in page.words
    assert "Is the packing new?" in page.words
    assert "101 Documents check" not in page.words  # nothing is drawn before the answers
    assert CANARY not in page.text
    assert page.soup.find("button", string="Release").has_attr("disabled")
    assert "Record the result of measure 109." in page.words
    assert f"Answer the questions of profile {N2}." in page.words


def test_russian_readers_read_russian(desk: Flask, inspector: Browser) -> None:
    pk = selected(desk)
    inspector.client.set_cookie("language", "ru")
    words = inspector.get(f"/10130010/declarations/{pk}").words
    assert "commodity code begins" not in words
    assert "начинается с 64" in words


def test_release_is_closed_until_all_is_answered_and_recorded(desk: Flask, inspector: Browser) -> None:
    pk = selected(desk)
    url = f"/10130010/declarations/{pk}"
    page = inspector.get(url)
    hit = next(str(f["action"]) for f in page.soup.find_all("form") if "/hits/" in str(f.get("action")))
    page = record(page, hit, answer_0="yes", answer_1="yes")
    assert "101 Documents check" in page.words
    page = record(page, check_forms(page)[0], outcome="nothing_found")
    assert "Applied: nothing found" in page.words
    assert page.soup.find("button", string="Release").has_attr("disabled")
    assert inspector.get(f"{url}/release", follow=False).status == 303
    refused = inspector.post(f"{url}/release", {"csrf_token": token(page), "form_key": "k1"})
    assert refused.status == 409
    assert "Record the result of measure 101." in refused.words
    page = record(
        inspector.get(url), check_forms(page)[1], outcome="not_applied", ground="The papers are lost"
    )
    checked = inspector.get(f"{url}/release")
    assert "Results and answers can no longer be changed." in checked.words
    released = checked.form("/release").submit()
    assert "Declaration D-1 is released." in released.words
    assert not released.soup.find("button", string="Release")
    assert not check_forms(released)
    assert "The papers are lost" in released.words


def token(page: Page) -> str:
    return str(page.soup.find("input", attrs={"name": "csrf_token"})["value"])


def test_a_released_declaration_takes_no_result(desk: Flask, inspector: Browser) -> None:
    put_in_force(desk, N1, profile_text(starts("64"), measures=[measure("101", mandatory=False)]))
    pk = present(desk, "D-1", "640110")
    url = f"/10130010/declarations/{pk}"
    open_page = inspector.get(url)
    assert not open_page.soup.find("button", string="Release")  # an optional measure leaves the way free
    inspector.get(f"{url}/release").form("/release").submit()
    late = record(open_page, check_forms(open_page)[0], outcome="nothing_found")
    assert late.status == 409
    assert "its record is closed" in late.words


def test_a_no_sets_the_profile_aside(desk: Flask, inspector: Browser) -> None:
    asked = profile_text(
        starts("64"), formalisation="automated", questions=["Is it new?"], measures=[measure("101")]
    )
    put_in_force(desk, N1, asked)
    pk = present(desk, "D-1", "640110")
    page = inspector.get(f"/10130010/declarations/{pk}")
    assert "The officer has 1 question to answer" in page.words
    hit = next(str(f["action"]) for f in page.soup.find_all("form") if "/hits/" in str(f.get("action")))
    page = record(page, hit, answer_0="no")
    assert "the profile does not apply" in page.words
    assert "Green" in page.words
    assert page.soup.find("a", string="Release")


def test_a_violation_is_recorded_with_its_sum_and_case(desk: Flask, inspector: Browser) -> None:
    pk = selected(desk)
    page = inspector.get(f"/10130010/declarations/{pk}")
    action = check_forms(page)[0]
    wrong = record(page, action, outcome="violation", payments="much")
    assert wrong.status == 422
    assert "Choose the violation" in wrong.words
    assert "Enter a sum such as 1250.50" in wrong.words
    right = record(
        wrong,
        action,
        outcome="violation",
        violation="misclassification",
        payments="12 345,60",
        case_number="10130-7",
    )
    assert right.status == 200
    assert "Wrong commodity code" in right.words
    assert "12,345.60" in right.words
    assert "10130-7" in right.words


@pytest.mark.parametrize(
    ("typed", "said"), [({}, "Choose what came of the measure"), ({"outcome": "not_applied"}, "Say why")]
)
def test_a_result_without_its_contents_is_sent_back(
    desk: Flask, inspector: Browser, typed: dict[str, str], said: str
) -> None:
    page = inspector.get(f"/10130010/declarations/{selected(desk)}")
    answer = record(page, check_forms(page)[0], **typed, notes="kept")
    assert (
        answer.status,
        said in answer.words,
        ">kept<" in answer.text.replace("\n", "").replace("\r", ""),
    ) == (422, True, True)


def test_a_form_shown_before_another_s_change_is_stale(
    desk: Flask, inspector: Browser, browse: Browse
) -> None:
    pk = selected(desk)
    shown = inspector.get(f"/10130010/declarations/{pk}")
    other = browse("10130000.inspector").get(f"/10130000/declarations/{pk}")
    assert record(other, check_forms(other)[0], outcome="nothing_found").status == 200
    assert record(shown, check_forms(shown)[0], outcome="not_applied", ground="late").status == 409


def test_the_officer_finds_a_non_formalised_profile(desk: Flask, inspector: Browser) -> None:
    text = profile_text(
        formalisation="non_formalised", questions=["Is the driver nervous?"], measures=[measure("110")]
    )
    put_in_force(desk, N1, text)
    pk = present(desk, "D-1", "640110", stage="preliminary")
    page = inspector.get(f"/10130010/declarations/{pk}")
    assert "Is the driver nervous?" in page.words
    found = page.form("/found").submit()
    assert "110 Inspection of vehicles" in found.words
    assert "Red" in found.words
    assert "The officer found that it applies." in found.words


def test_another_point_s_declaration_is_not_here(desk: Flask, inspector: Browser, browse: Browse) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    pk = present(desk, "D-9", "640110", path=OTHER_POINT)
    assert inspector.get(f"/10130010/declarations/{pk}").status == 404
    assert inspector.get(f"/10130010/declarations/{pk}/release").status == 404
    assert "D-9" not in inspector.get("/10130010/queue").words
    assert browse("05100010.inspector").get(f"/05100010/declarations/{pk}").status == 404
    house = browse("10130000.inspector").get(f"/10130000/declarations/{pk}")
    assert (house.status, "Eastern point" in house.words) == (200, True)


def test_officers_read_declarations_and_do_not_record(desk: Flask, browse: Browse) -> None:
    pk = selected(desk)
    page = browse("10130000.officer.goods").get(f"/10130000/declarations/{pk}")
    assert (page.status, check_forms(page)) == (200, [])
    assert browse("10130000.officer.goods").get("/10130000/queue").status == 403
    assert browse("00000000.union_coordinator").get(f"/00000000/declarations/{pk}").status == 404


def test_the_queue_is_in_order_of_urgency_then_arrival(desk: Flask, inspector: Browser) -> None:
    for number, prefix, code in ((N1, "64", "109"), (N2, "87", "101"), (N3, "22", "701")):
        put_in_force(desk, number, profile_text(starts(prefix), measures=[measure(code)]))
    for ago, (name, hs) in enumerate(
        (
            ("B-late", "220300"),
            ("Y-late", "870323"),
            ("R-late", "640110"),
            ("R-early", "640110"),
            ("Y-early", "870323"),
            ("G", "100000"),
        )
    ):
        present(desk, name, hs, ago=ago)
    page = inspector.get("/10130010/queue")
    assert links(page) == ["R-early", "R-late", "Y-early", "Y-late", "B-late"]
    assert links(inspector.get("/10130010/queue?channel=yellow")) == ["Y-early", "Y-late"]
    assert links(inspector.get("/10130010/queue?state=released")) == ["G"]
    assert links(inspector.get("/10130010/queue?words=late")) == ["R-late", "Y-late", "B-late"]
    assert "No declaration fits" in inspector.get("/10130010/queue?words=zzz").words


def links(page: Page) -> list[str]:
    return [a.get_text(strip=True) for a in page.soup.select("table tbody th a")]


@pytest.mark.parametrize("state", ["", "released"])
def test_pages_of_the_queue_neither_repeat_nor_leave_out(
    desk: Flask, inspector: Browser, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    for number, prefix, code in ((N1, "64", "109"), (N2, "87", "101")):
        put_in_force(desk, number, profile_text(starts(prefix), measures=[measure(code)]))
    for place in range(23):
        hs = "100000" if state else ("640110", "870323")[place % 2]
        present(desk, f"D-{place:02}", hs, ago=place // 3)
    from portal.blueprints.inspection import routes
    from portal.store import declarations

    monkeypatch.setattr(routes, "PAGE", 10)
    monkeypatch.setattr(declarations.queue, "__defaults__", (None, None, 10))
    page = inspector.get(f"/10130010/queue?state={state}")
    seen, pages = links(page), [links(page)]
    while (older := _pager(page, "Older")) is not None:
        page = inspector.get(str(older["href"]))
        pages.append(links(page))
        seen += links(page)
    assert (len(seen), len(set(seen)), [len(p) for p in pages]) == (23, 23, [10, 10, 3])
    newer = _pager(page, "Newer")
    assert newer is not None
    assert links(inspector.get(str(newer["href"]))) == pages[1]


def _pager(page: Page, word: str) -> Tag | None:
    return next((a for a in page.soup.select(".rp-pager a") if word in a.get_text()), None)


def test_a_declaration_is_entered_and_screened(desk: Flask, inspector: Browser) -> None:
    put_in_force(
        desk, N1, profile_text({"all": [starts("64"), {"field": "value_per_kg", "op": "<", "value": "5"}]})
    )
    page = inspector.get("/10130010/screen")
    two = page.form("/screen").submit(
        **{"one-declaration_id": "E-1", "one-items-0-hs_code": "100000", "more": "1"}
    )
    assert 'value="100000"' in two.text
    shown = two.form("/screen").submit(
        **{
            "one-items-1-hs_code": "640110",
            "one-items-1-item_price": "49.99",
            "one-items-1-net_mass_kg": "10",
        }
    )
    assert "Declaration E-1" in shown.words
    assert "Red" in shown.words
    assert "109 Inspection of goods — item 2" in shown.words


def test_faults_of_an_entry_lead_to_their_fields(desk: Flask, inspector: Browser) -> None:
    page = (
        inspector.get("/10130010/screen")
        .form("/screen")
        .submit(**{"one-items-0-hs_code": "64x", "one-items-0-net_mass_kg": "-1"})
    )
    assert page.status == 422
    faulty = {str(a["href"]) for a in page.soup.select(".rp-error-summary a")}
    assert faulty == {"#one-declaration_id", "#one-items-0-hs_code", "#one-items-0-net_mass_kg"}
    assert all(page.soup.find(id=each[1:]) for each in faulty)


def test_what_changed_since_the_last_presentation_is_shown(desk: Flask, inspector: Browser) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    present(desk, "D-1", "640110", stage="preliminary", importer_id="A")
    pk = present(desk, "D-1", "640220", stage="registration")
    words = inspector.get(f"/10130010/declarations/{pk}").words
    assert "Changed since it was presented before" in words
    assert "Item 1: Commodity code 640110 640220" in words
    assert "Importer A" in words


def test_a_file_is_screened_and_each_line_told(desk: Flask, inspector: Browser) -> None:
    put_in_force(desk, N1, profile_text(starts("64")))
    put_in_force(desk, N2, profile_text({"field": "importer_id", "op": "in", "value": {"list": "gone"}}))
    form = inspector.get("/10130010/screen").form("/screen/file")
    lines = (
        "declaration_id,hs_code,authority",
        "F-1,640110,10130010",
        "F-1,100000,10130010",
        "F-2,100000,",
        "",
    )
    rows = "\r\n".join(lines)  # as browsers send what is typed
    done = form.submit(**{"file-rows": rows})
    assert "2 declarations were screened" in done.words
    assert links(done) == ["F-1", "F-2"]
    assert f"cannot be judged, tell the monitoring unit: {N2}" in done.words
    assert "unchanged" not in done.words
    again = inspector.get("/10130010/screen").form("/screen/file").submit(**{"file-rows": rows})
    assert again.words.count("Nothing changed") == 2


def test_a_file_for_another_point_is_refused_whole(desk: Flask, inspector: Browser) -> None:
    form = inspector.get("/10130010/screen").form("/screen/file")
    page = form.submit(**{"file-rows": "declaration_id,authority\nF-1,10130010\nF-2,10130020\n"})
    assert (page.status, "not yours to screen for" in page.words) == (422, True)
    with desk.app_context(), acting("eeu.ru.", "test", writes=False):
        assert session().scalars(select(Declaration.id)).all() == []


def test_a_file_with_an_unreadable_row_is_refused_whole(desk: Flask, inspector: Browser) -> None:
    data = inspector.get("/10130010/screen").form("/screen/file").values
    sent = {name: value for name, value in data if "file-" not in name}
    sent["file-file"] = (io.BytesIO(b"declaration_id,hs_code\nF-1,640110\nF-1,6x\n"), "f.csv")  # type: ignore[assignment]
    page = inspector.post("/10130010/screen/file", sent)
    assert page.status == 422
    assert "1 row cannot be read" in page.words
    assert "row 2, column hs_code" in page.words


@pytest.mark.parametrize("rows", ["", "nonsense", "declaration_id\n"])
def test_what_is_no_file_of_declarations_is_refused(desk: Flask, inspector: Browser, rows: str) -> None:
    page = inspector.get("/10130010/screen").form("/screen/file").submit(**{"file-rows": rows})
    assert page.status == 422
    assert page.soup.select(".rp-error-summary li")
