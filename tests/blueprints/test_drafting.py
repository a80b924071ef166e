"""The pages of drafts: the list, the beginning, the sections, the tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.levels.roles import Post
from portal.models import BackTestRun, Document
from portal.operations import drafting
from portal.operations.backtesting import area_hash
from portal.store.session import acting, session
from portal.workflow.clock import now
from portal.workflow.text import blank
from tests import texts
from tests.browser import Browser, Page
from tests.cast import CENTRE, HOUSE
from tests.office import Office

AUTHOR = "10130000.officer.goods"
EXECUTOR = "10000000.officer.goods"
Browse = Callable[[str], Browser]


def begun(browse: Browse, **typed: str) -> tuple[Browser, str]:
    """A draft begun through the page, with its address."""
    author = browse(AUTHOR)
    form = author.get("/10130000/drafts/new").form("/drafts/new")
    answer = form.submit(
        follow=False, **{"title": "Footwear", "kind": "profile", "scope": "regional", **typed}
    )
    assert answer.status == 303, answer.words
    return author, str(answer.response.headers["Location"])


def text_of(office: Office, url: str) -> dict[str, Any]:
    text: dict[str, Any] = office.document(int(url.rsplit("/", 1)[1]))["text"]
    return text


def written(author: Browser, url: str, section: str, **typed: Any) -> Page:
    """A section sent as its form has it, with what was typed."""
    return author.get(f"{url}/sections/{section}").form(f"/{section}").submit(**typed)


def arranged(page: Page, section: str, act: str) -> Page:
    """The page after a press on a button that adds or removes a row."""
    return page.form(f"/{section}").submit(act=act)


def test_a_draft_is_begun_and_listed(browse: Browse) -> None:
    author, url = begun(browse)
    shown = author.get(url)
    assert "Footwear" in shown.words
    assert "Draft: risk profile, version 1" in shown.words
    assert url in author.get("/10130000/drafts").links()


def test_a_draft_needs_a_title_and_what_was_chosen_stays(browse: Browse) -> None:
    form = browse(AUTHOR).get("/10130000/drafts/new").form("/drafts/new")
    page = form.submit(title="  ", kind="urgent", scope="zonal")
    assert page.status == 422
    assert {("kind", "urgent"), ("scope", "zonal")} <= set(page.form("/drafts/new").values)


@pytest.mark.parametrize(
    ("login", "status"),
    [
        (AUTHOR, 200),
        ("10130000.unit_head.goods", 403),
        ("10130000.auditor", 403),
        ("10130000.inspector", 403),
    ],
)
def test_only_officers_of_units_begin_drafts(browse: Browse, login: str, status: int) -> None:
    assert browse(login).get("/10130000/drafts/new").status == status


def test_a_centre_begins_no_local_draft(browse: Browse) -> None:
    page = browse(EXECUTOR).get("/10000000/drafts/new")
    values = {control["value"] for control in page.soup.find_all("input", attrs={"name": "scope"})}
    assert values == {"national", "zonal", "regional"}


def test_every_section_is_written_until_nothing_is_missing(app: Flask, browse: Browse) -> None:
    office = Office(app)
    author, url = begun(browse)
    written(
        author, url, "header",
        title="Footwear of leather", direction="1", risk_type="classification",
        valid_from="2026-01-01", valid_to="2027-12-31", formalisation="automated",
    )  # fmt: skip
    written(author, url, "territory", territory="eeu.ru.10100000.")
    written(author, url, "questions", **{"rows-0": "Is the consignee present?"})
    measure = {"code": "109", "inspection_code": "123405607", "share": "35", "description": "Open"}
    written(author, url, "measures", **{f"rows-0-{name}": value for name, value in measure.items()})
    written(author, url, "contact", telephone="+7 495 000")
    note = dict.fromkeys(("sources", "operations", "assessment", "consequences", "validity"), "Said")
    shown = written(author, url, "note", **note, estimate="1 200", estimate_reason="Counted by hand")
    assert shown.response.request.path == f"{url}/note"
    assert "1,200, the officer's own estimate" in shown.words
    text = text_of(office, url)
    assert text["territory"] == ["eeu.ru.10100000."]
    assert text["questions"] == ["Is the consignee present?"]
    assert text["measures"] == [
        {
            "code": "109",
            "description": "Open",
            "mandatory": True,
            "share": 35,
            "inspection_code": "1 2 3 4 05 6 07",
        }
    ]
    assert text["contact"]["officer"] == "Officer of the unit 10130000.officer.goods"
    content = author.get(url)
    missing = [li.get_text(" ", strip=True) for li in content.soup.select(".rp-checklist .rp-missing")]
    assert missing == ["missing: Add a group of indicators"]


def test_a_validity_that_has_passed_is_named_where_it_is_mended(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft(text=texts.complete(valid_from="2020-01-01", valid_to="2020-02-01"))
    page = browse(AUTHOR).get(f"/10130000/drafts/{draft}")
    (item,) = (one for one in page.soup.select(".rp-checklist .rp-missing") if "has passed" in one.get_text())
    assert item.a["href"] == f"/10130000/drafts/{draft}/sections/header#valid_to"


def test_rows_are_added_and_removed_without_script_and_keep_what_was_typed(
    app: Flask, browse: Browse
) -> None:
    office = Office(app)
    author, url = begun(browse)
    page = author.get(f"{url}/sections/questions")
    page = page.form("/questions").submit(act="add", **{"rows-0": "First?"})
    page = page.form("/questions").submit(act="add", **{"rows-1": "Second?"})
    assert [area.get_text(strip=True) for area in page.soup.find_all("textarea")] == ["First?", "Second?", ""]
    page = arranged(page, "questions", "remove-0")
    assert [area.get_text(strip=True) for area in page.soup.find_all("textarea")] == ["Second?", ""]
    assert text_of(office, url)["questions"] == []
    page.form("/questions").submit()
    assert text_of(office, url)["questions"] == ["Second?"]


def test_measures_are_added_one_row_at_a_time(app: Flask, browse: Browse) -> None:
    office = Office(app)
    author, url = begun(browse)
    page = (
        author.get(f"{url}/sections/measures").form("/measures").submit(act="add", **{"rows-0-code": "101"})
    )
    assert len(page.soup.select("select[name$=-code]")) == 2
    page.form("/measures").submit(**{"rows-1-code": "615", "rows-1-share": "50"})
    assert [(m["code"], m["share"]) for m in text_of(office, url)["measures"]] == [("101", 100), ("615", 50)]


@pytest.mark.parametrize(
    ("section", "typed", "words"),
    [
        ("header", {"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "lies before the first"),
        ("header", {"valid_from": "2026-02-30"}, "Enter a day"),
        ("header", {"title": "x" * 301}, "At most 300 characters"),
        ("measures", {"rows-0-code": "109", "rows-0-share": "101"}, "from 1 to 100"),
        ("measures", {"rows-0-description": "Open"}, "Choose the measure that is described here"),
        ("measures", {"rows-0-code": "109", "rows-0-inspection_code": "12"}, "nine digits"),
        ("measures", {"rows-0-code": "999"}, "Choose one of the list"),
        ("territory", {"territory": "eeu.am."}, "Choose one of the list"),
        ("note", {"estimate": "many"}, "Enter a whole number"),
    ],
)
def test_a_wrong_section_is_refused_and_kept(
    app: Flask, browse: Browse, section: str, typed: dict[str, str], words: str
) -> None:
    office = Office(app)
    author, url = begun(browse)
    before = text_of(office, url)
    page = written(author, url, section, **typed)
    assert page.status == 422
    assert words in page.words
    assert text_of(office, url) == before
    for name, value in typed.items():
        assert value == "999" or value == "eeu.am." or (name, value) in page.form(f"/{section}").values


def test_another_scope_asks_for_the_authorities_anew(app: Flask, browse: Browse) -> None:
    office = Office(app)
    author, url = begun(browse)
    written(author, url, "territory", territory="eeu.ru.10100000.")
    written(author, url, "header", scope="local")
    assert text_of(office, url)["territory"] == [HOUSE]
    written(author, url, "header", scope="national")
    assert text_of(office, url)["territory"] == [CENTRE]
    written(author, url, "header", scope="zonal")
    assert text_of(office, url)["territory"] == []
    page = author.get(f"{url}/sections/territory")
    regions = {box["value"] for box in page.soup.find_all("input", attrs={"name": "territory"})}
    assert regions == {"eeu.ru.10100000.", "eeu.ru.10110000.", HOUSE}
    page.form("/territory").submit(territory=["eeu.ru.10100000.", "eeu.ru.10110000."])
    assert text_of(office, url)["territory"] == ["eeu.ru.10100000.", "eeu.ru.10110000."]


def back_test(app: Flask, document: int, hits: int) -> int:
    """A run of the document's indicators as they stand now."""
    with app.app_context(), acting(HOUSE, "test"):
        run = BackTestRun(
            document_id=document,
            authority_path=HOUSE,
            text_hash="",
            area_hash=area_hash(session().get_one(Document, document).text),
            at=now(),
            officer_name="A. Petrov",
            result={"hit_declarations": hits},
        )
        session().add(run)
        session().flush()
        return run.id


def test_the_estimate_comes_from_the_last_back_test(app: Flask, browse: Browse) -> None:
    office = Office(app)
    author, url = begun(browse)
    document = int(url.rsplit("/", 1)[1])
    back_test(app, document, 7)
    run = back_test(app, document, 780)
    shown = written(author, url, "note", estimate_from="run", estimate="5", estimate_reason="none")
    note = text_of(office, url)["note"]
    assert (note["estimate"], note["estimate_run"], note["estimate_reason"]) == (780, run, "")
    assert f"780, from back-test {run}" in shown.words


def test_a_note_that_is_saved_again_keeps_its_estimate_though_the_indicators_changed(
    app: Flask, browse: Browse
) -> None:
    office = Office(app)
    draft = office.draft()
    author, url = browse(AUTHOR), f"/10130000/drafts/{draft}"
    run = back_test(app, draft, 780)
    written(author, url, "note", estimate_from="run")
    acts = office.acts(HOUSE, Post.OFFICER, "goods")
    with app.app_context(), acting(HOUSE, "test"):
        drafting.change(session().get_one(Document, draft), acts, "groups", [])
    form = author.get(f"{url}/sections/note")
    offered = [box["value"] for box in form.soup.find_all("input", attrs={"name": "estimate_from"})]
    assert offered == ["kept", "own"]
    form.form("/note").submit(sources="Other sources")
    note = text_of(office, url)["note"]
    assert (note["sources"], note["estimate"], note["estimate_run"]) == ("Other sources", 780, run)


def test_a_stale_section_is_refused_with_both_versions(app: Flask, browse: Browse) -> None:
    office = Office(app)
    author, url = begun(browse)
    form = author.get(f"{url}/sections/header").form("/header")
    written(author, url, "header", title="Footwear of leather")
    page = form.submit(title="Footwear of cloth")
    assert page.status == 409
    assert "Footwear of cloth" in page.words
    assert "Footwear of leather" in page.words
    assert text_of(office, url)["header"]["title"] == "Footwear of leather"


def test_only_the_author_writes_and_only_while_it_is_written(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    section = f"/10130000/drafts/{draft}/sections/header"
    assert browse("10130000.officer.goods2").get(section).status == 403
    assert browse("10130000.auditor").get(section).status == 403
    assert browse("10110000.officer.goods").get(section.replace("10130000", "10110000")).status == 404
    assert browse(AUTHOR).get(f"/10130000/drafts/{draft}/sections/nothing").status == 404
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    assert browse(AUTHOR).get(section).status == 409
    assert section not in browse(AUTHOR).get(f"/10130000/drafts/{draft}").links()


@pytest.mark.parametrize(
    "tab", ["", "/note", "/remarks", "/signatures", "/versions", "/history", "/print/text", "/print/note"]
)
def test_every_tab_is_shown_to_its_office_and_to_nobody_else(app: Flask, browse: Browse, tab: str) -> None:
    draft = Office(app).registered_draft()
    page = browse("10130000.auditor").get(f"/10130000/drafts/{draft}{tab}")
    assert page.status == 200, page.words
    assert "Footwear from third countries" in page.words
    assert browse(EXECUTOR).get(f"/10000000/drafts/{draft}{tab}").status == 200
    for stranger in ("10110000", "05000000", "10130010"):
        assert browse(f"{stranger}.officer.goods").get(f"/{stranger}/drafts/{draft}{tab}").status == 404
    assert browse("10130000.inspector").get(f"/10130000/drafts/{draft}{tab}").status == 403
    assert browse(AUTHOR).get(f"/10130000/profiles/{draft}{tab}").status == 404


def test_a_remark_stays_with_the_document(app: Flask, browse: Browse) -> None:
    draft = Office(app).draft()
    head = browse("10130000.unit_head.goods")
    form = head.get(f"/10130000/drafts/{draft}/remarks").form("/remarks")
    assert form.submit(words=" ").status == 422
    shown = form.submit(words="The share\nis too high <b>by half</b>")
    assert "The share is too high <b>by half</b>" in shown.words
    assert "Head of unit 10130000.unit_head.goods" in shown.words
    auditor = browse("10130000.auditor").get(f"/10130000/drafts/{draft}/remarks")
    assert auditor.status == 200
    assert not [form for form in auditor.soup.find_all("form") if form["action"].endswith("/remarks")]


def test_two_revisions_are_compared_line_by_line(app: Flask, browse: Browse) -> None:
    author, url = begun(browse)
    written(author, url, "header", title="Footwear of leather", direction="2")
    page = author.get(f"{url}/versions?older=2&newer=1")
    assert page.response.request.path == f"{url}/versions/1-2"
    rows = [
        [c.get_text(strip=True) for c in tr.find_all(["th", "td"])] for tr in page.soup.select("tbody tr")
    ]
    assert rows == [
        ["Title", "Footwear", "Footwear of leather"],
        ["Direction of activity", "not there", "Origin"],
    ]
    assert author.get(f"{url}/versions/1-9").status == 404


def test_the_indicators_are_read_in_the_readers_language(app: Flask, browse: Browse) -> None:
    draft = Office(app).draft()
    author = browse(AUTHOR)
    assert "The commodity code begins with 64." in author.get(f"/10130000/drafts/{draft}").words
    author.get("/language/ru", follow=False)
    assert "Код товара начинается с 64." in author.get(f"/10130000/drafts/{draft}").words


def test_indicators_that_cannot_be_read_are_said_to_be_so(app: Flask, browse: Browse) -> None:
    text = texts.complete()
    text["groups"] = [{"name": "Broken", "condition": {"field": "hs_code", "op": "like", "value": "64"}}]
    draft = Office(app).draft(text=text)
    assert "The indicators cannot be read" in browse(AUTHOR).get(f"/10130000/drafts/{draft}").words


def test_a_blank_draft_has_its_sections_to_fill(app: Flask, browse: Browse) -> None:
    draft = Office(app).draft(text=blank())
    with app.app_context(), acting(HOUSE, "test", writes=False):
        assert session().get_one(Document, draft).title == ""
    assert "Untitled" in browse(AUTHOR).get(f"/10130000/drafts/{draft}").words
