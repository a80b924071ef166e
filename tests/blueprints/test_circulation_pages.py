"""The pages of union risk information, from its writing to the answers of the states."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import Browser, Page

Browse = Callable[[str], Browser]
COORDINATOR = "00000000.union_coordinator"
COORDINATION = "10000000.unit_head.risk"
OFFICER = "10000000.officer.goods"


def written(browse: Browse, title: str = "Shoes as slippers") -> Page:
    form = browse(COORDINATOR).get("/00000000/risk-information/new").form("/risk-information/new")
    return form.submit(
        title=title, words="By the pair.", direction="1", risk_type="classification", codes="6401\n6402"
    )


def link(page: Page, part: str) -> str:
    """The first link of the content whose address holds a part."""
    return next(str(a["href"]) for a in page.soup.main.find_all("a", href=True) if part in a["href"])


def circulated(browse: Browse, title: str = "Shoes as slippers") -> int:
    page = written(browse, title)
    check = page.browser.get(link(page, "/circulate"))
    assert "Federal Customs Service" in check.words
    done = check.form("/circulate").submit()
    assert "Circulated to the states" in done.words
    assert "10/00000/" in done.words
    return int(link(done, "/risk-information/").split("/")[-1])


def test_from_writing_to_the_answers(browse: Browse) -> None:
    empty = browse(COORDINATOR).get("/00000000/risk-information")
    assert "No risk information yet" in empty.words
    information = circulated(browse)

    shown = browse(COORDINATION).get(f"/10000000/union-information/{information}")
    assert "6401, 6402" in shown.words
    assert "Awaited" in shown.words
    noted = shown.form("/note").submit()
    assert "Noted" in noted.words

    officer = browse(OFFICER)
    asked = officer.get(f"/10000000/union-information/{information}/adopt")
    draft = asked.form("/adopt").submit()
    assert draft.status == 200
    assert "Shoes as slippers" in draft.words

    armenian = browse("05000000.unit_head.risk")
    form = armenian.get(f"/05000000/union-information/{information}/decline").form("/decline")
    declined = form.submit(reason="No such goods here")
    assert "Declined" in declined.words

    union = browse(COORDINATOR).get(f"/00000000/risk-information/{information}")
    rows = {row.th.get_text(): " ".join(row.get_text(" ").split()) for row in union.soup.tbody.find_all("tr")}
    assert "Adopted" in rows["Federal Customs Service"]
    assert "Declined" in rows["Customs Service of Armenia"]
    assert "No such goods here" in rows["Customs Service of Armenia"]
    listing = browse(COORDINATOR).get("/00000000/risk-information")
    assert "Adopted" in listing.words
    assert "Declined" in listing.words
    assert "Adopted" in browse(COORDINATION).get("/10000000/union-information").words


def test_faults_of_the_form_are_told(browse: Browse) -> None:
    form = browse(COORDINATOR).get("/00000000/risk-information/new").form("/risk-information/new")
    page = form.submit(title="", words="Words", codes="64\n6x")
    assert page.status == 422
    assert "6x is no code of 2 to 10 digits" in page.words
    assert page.soup.find("textarea", attrs={"name": "words"}).get_text().strip() == "Words"


def test_a_change_before_circulation_and_none_after(browse: Browse) -> None:
    page = written(browse)
    url = link(page, "/change")
    changed = page.browser.get(url).form("/change").submit(title="Better")
    assert "Better" in changed.words
    assert changed.soup.find("h1").get_text() == "Better"
    changed.browser.get(url.replace("/change", "/circulate")).form("/circulate").submit()
    assert page.browser.get(url).status == 409
    assert page.browser.get(url.replace("/change", "/circulate")).status == 409


def test_a_stale_form_is_refused(browse: Browse) -> None:
    page = written(browse)
    url = link(page, "/change")
    first, second = (page.browser.get(url).form("/change") for _ in range(2))
    first.submit(title="First")
    late = second.submit(title="Second")
    assert late.status == 409
    assert "Second" in late.words


def test_a_decline_without_reason_is_asked_again(browse: Browse) -> None:
    information = circulated(browse)
    form = browse(COORDINATION).get(f"/10000000/union-information/{information}/decline").form("/decline")
    assert form.submit(reason="  ").status == 422


def test_a_draft_of_the_union_is_nobodys_to_see(browse: Browse) -> None:
    page = written(browse, "Not yet told")
    information = int(link(page, "/change").split("/")[-2])
    assert browse(COORDINATION).get(f"/10000000/union-information/{information}").status == 404
    assert "Not yet told" not in browse(COORDINATION).get("/10000000/union-information").text


@pytest.mark.parametrize(
    ("login", "path", "status"),
    [
        (OFFICER, "/10000000/union-information/{id}/decline", 403),
        ("10000000.auditor", "/10000000/union-information/{id}", 200),
        ("10000000.auditor", "/10000000/union-information/{id}/adopt", 403),
        ("10130000.unit_head.risk", "/10130000/union-information", 404),
        ("00000000.auditor", "/00000000/risk-information", 403),
        (OFFICER, "/10000000/risk-information", 404),
        (COORDINATOR, "/00000000/union-information", 404),
    ],
)
def test_each_page_has_its_readers(browse: Browse, login: str, path: str, status: int) -> None:
    information = circulated(browse)
    assert browse(login).get(path.format(id=information)).status == status


def test_lists_go_on_page_by_page(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.store import circulation

    monkeypatch.setattr(circulation, "PAGE", 1)
    for title in ("First told", "Second told"):
        circulated(browse, title)
    browser = browse(COORDINATION)
    newest = browser.get("/10000000/union-information")
    assert "Second told" in newest.words
    assert "First told" not in newest.words
    older = browser.get(link(newest, "before="))
    assert "First told" in older.words
    assert "Second told" in browser.get(link(older, "after=")).words
