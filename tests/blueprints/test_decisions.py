"""The pages of decisions: the whole procedure by its actors, and every way in which a decision is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask import Flask

from portal.levels.roles import Post
from portal.models import Officer
from portal.operations import administration
from portal.store import authorities
from portal.store.session import acting, session
from portal.workflow.text import blank
from tests import texts
from tests.browser import Browser, Page
from tests.cast import CENTRE, HOUSE, PASSWORD
from tests.office import Office

Browse = Callable[[str], Browser]

AUTHOR = "10130000.officer.goods"
UNIT_HEAD = "10130000.unit_head.goods"
RISK_HEAD = "10130000.unit_head.risk"
FIRST_DEPUTY = "10130000.first_deputy"
REGISTRAR = "10130000.registrar.risk"
CENTRAL_REGISTRAR = "10000000.registrar.risk"
CENTRAL_RISK_HEAD = "10000000.unit_head.risk"
DEPARTMENT_HEAD = "10000000.unit_head.goods"
EXECUTOR = "10000000.officer.goods"
RTU_OFFICER = "10100000.officer.goods"
RTU_REGISTRAR = "10100000.registrar.risk"
EXITS = {"propose_expedient", "find_inexpedient", "rework_at_centre", "collect_information"}


def url_of(login: str, document: int, move: str) -> str:
    return f"/{login.split('.')[0]}/documents/{document}/{move}"


def act(browse: Browse, login: str, document: int, move: str, **typed: object) -> Page:
    """Make a move as its page offers it; signatures are confirmed by the password."""
    page = browse(login).get(url_of(login, document, move))
    assert page.status == 200, page.words
    form = page.form(f"/{move}")
    if any(name == "password" for name, _ in form.values):
        typed.setdefault("password", PASSWORD)
    return form.submit(**typed)


def option(page: Page, name: str, label: str) -> str:
    """The value of the option of a control that carries a label."""
    found = {
        o.get_text(strip=True): o["value"]
        for o in page.soup.find("select", attrs={"name": name}).find_all("option")
    }
    return str(found[label])


def choose(browse: Browse, login: str, document: int, move: str, name: str, label: str) -> Page:
    page = browse(login).get(url_of(login, document, move))
    return page.form(f"/{move}").submit(**{name: option(page, name, label)})


def sent(office: Office) -> int:
    draft = office.registered_draft()
    office.act(HOUSE, Post.REGISTRAR, "risk", draft, "send")
    return draft


def acts_of(page: Page) -> set[str]:
    """The moves to which the rail of a document leads."""
    rail = page.soup.find("aside")
    links = [urlsplit(a["href"]).path for a in rail.find_all("a", href=True)]
    return {link.rsplit("/", 1)[1] for link in links if "/documents/" in link}


def test_a_regional_profile_goes_its_whole_way_by_its_pages(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    assert act(browse, AUTHOR, draft, "submit").status == 200
    act(browse, UNIT_HEAD, draft, "sign")
    act(browse, RISK_HEAD, draft, "agree")
    act(browse, FIRST_DEPUTY, draft, "agree")
    result = act(browse, REGISTRAR, draft, "register")
    assert office.number(draft) in result.words
    act(browse, REGISTRAR, draft, "send")
    choose(browse, CENTRAL_REGISTRAR, draft, "receive", "competent_unit", "Goods unit")
    choose(browse, DEPARTMENT_HEAD, draft, "name_executor", "executor", f"Officer of the unit {EXECUTOR}")
    act(browse, EXECUTOR, draft, "propose_expedient", grounds="The risk is real")
    act(browse, DEPARTMENT_HEAD, draft, "agree_expedient")
    begun = act(browse, EXECUTOR, draft, "prepare_profile")
    profile = office.profile_of(CENTRE, draft)
    assert urlsplit(begun.response.request.path).path == f"/10000000/profiles/{profile}"
    act(browse, EXECUTOR, profile, "sign_as_executor")
    act(browse, DEPARTMENT_HEAD, profile, "sign")
    act(browse, EXECUTOR, profile, "put_on_carrier")
    act(browse, DEPARTMENT_HEAD, profile, "approve")
    act(browse, EXECUTOR, profile, "give_details", carrier_number="M-17", carrier_date="2026-11-20")
    registered = act(browse, CENTRAL_REGISTRAR, profile, "register")
    number = office.number(profile, CENTRE)
    assert number.startswith("12/10000/")
    assert number in registered.words
    assert office.status(profile, CENTRE) == "in_force"
    assert office.status(draft) == "embodied"
    shown = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/carrier")
    assert "Memorandum" in shown.words
    assert "M-17" in shown.words
    assert "Print of the original draft" in shown.words


@pytest.mark.parametrize(
    ("login", "move", "status"),
    [
        (RISK_HEAD, "sign", 403),
        ("10130000.auditor", "sign", 403),
        ("10130000.inspector", "sign", 403),
        (UNIT_HEAD, "register", 409),
        (UNIT_HEAD, "no_such_act", 404),
        (UNIT_HEAD, "embody", 404),
        ("05000000.unit_head.goods", "sign", 404),
        ("10110000.unit_head.goods", "sign", 404),
        ("10130010.unit_head.goods", "sign", 404),
        ("00000000.union_coordinator", "sign", 404),
    ],
)
def test_a_move_is_refused_to_others_and_at_other_times(
    app: Flask, browse: Browse, login: str, move: str, status: int
) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    visitor, place = browse(login), login.split(".")[0]
    assert visitor.get(url_of(login, draft, move)).status == status
    token = visitor.get(f"/{place}/desk").soup.find("meta", attrs={"name": "csrf-token"})
    version = office.document(draft)["row_version"]
    typed = {"csrf_token": token["content"], "version": version, "password": PASSWORD}
    assert visitor.post(url_of(login, draft, move), typed).status == status
    assert office.status(draft) == "head_signing"


def test_an_incomplete_text_cannot_be_submitted(app: Flask, browse: Browse) -> None:
    draft = Office(app).draft(text=blank())
    page = browse(AUTHOR).get(url_of(AUTHOR, draft, "submit"))
    assert page.status == 409
    assert "The text or its note is incomplete" in page.words
    shown = browse(AUTHOR).get(f"/10130000/drafts/{draft}")
    assert "Choose the direction of activity" in shown.words
    assert f"/10130000/drafts/{draft}/sections/header#direction" in shown.links()


def test_a_stale_decision_is_refused_and_what_was_typed_is_kept(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    form = browse(EXECUTOR).get(url_of(EXECUTOR, draft, "find_inexpedient")).form("/find_inexpedient")
    office.act(
        CENTRE,
        Post.OFFICER,
        "goods",
        draft,
        "collect_information",
        information="Prices",
        information_from="UZ",
    )
    page = form.submit(justification="Goods of another heading entirely")
    assert page.status == 409
    assert "Goods of another heading entirely" in page.words
    assert "Information collection" in page.words
    assert office.status(draft) == "information"


def test_an_incomplete_decision_keeps_what_was_typed(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    page = act(
        browse,
        EXECUTOR,
        draft,
        "collect_information",
        information="Prices of exporters",
        information_from=" ",
    )
    assert page.status == 422
    assert "Prices of exporters" in page.words
    assert "This is needed" in page.words
    assert office.status(draft) == "under_review"


def test_the_same_form_sent_twice_acts_once(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.agreed_draft()
    form = browse(REGISTRAR).get(url_of(REGISTRAR, draft, "register")).form("/register")
    first, second = form.submit(), form.submit()
    assert (first.status, second.status) == (200, 200)
    assert first.response.request.path == second.response.request.path
    assert office.number(draft).endswith("/00001")
    assert office.number(office.registered_draft()).endswith("/00002")


def test_a_signature_asks_for_the_password_and_counts_the_wrong_ones(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    for attempt in range(5):
        page = act(browse, UNIT_HEAD, draft, "sign", password=f"guess {attempt}")
        assert page.status == 422
        assert "Nothing was signed" in page.words
    assert act(browse, UNIT_HEAD, draft, "sign").status == 429
    assert office.status(draft) == "head_signing"
    assert act(browse, UNIT_HEAD, draft, "sign", password="").status == 422


def test_the_page_of_signing_shows_what_is_signed(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    act(browse, UNIT_HEAD, draft, "sign")
    act(browse, RISK_HEAD, draft, "return", reason="The title is too wide")
    form = browse(AUTHOR).get(f"/10130000/drafts/{draft}/sections/header").form("/header")
    assert form.submit(title="Footwear of leather").status == 200
    act(browse, AUTHOR, draft, "submit")
    page = browse(UNIT_HEAD).get(url_of(UNIT_HEAD, draft, "sign"))
    assert office.document(draft)["text_hash"] in page.words
    assert "The commodity code begins with 64" in page.words
    assert "What changed since the last signature" in page.words
    changed = [td.get_text(strip=True) for td in page.soup.find_all("td", class_="rp-lines")]
    assert changed == ["Footwear from third countries", "Footwear of leather"]
    signatures = browse(AUTHOR).get(f"/10130000/drafts/{draft}/signatures")
    assert "lapsed" in signatures.words
    assert "Nobody has signed the present text" in signatures.words


def test_a_workshop_names_the_unit_responsible(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft(text=texts.complete(fields=("hs_code", "value_per_kg")))
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    act(browse, "10130000.unit_head.value", draft, "endorse")
    act(browse, UNIT_HEAD, draft, "sign")
    act(browse, RISK_HEAD, draft, "agree")
    act(browse, FIRST_DEPUTY, draft, "agree")
    act(browse, REGISTRAR, draft, "register")
    act(browse, REGISTRAR, draft, "send")
    choose(browse, CENTRAL_REGISTRAR, draft, "receive", "competent_unit", "Goods unit")
    units = [office.unit(CENTRE, "Goods unit"), office.unit(CENTRE, "Value unit")]
    act(browse, CENTRAL_RISK_HEAD, draft, "call_workshop", units=units)
    assert office.status(draft) == "workshop"
    lacking = act(browse, CENTRAL_REGISTRAR, draft, "enter_minutes", participants="A. One\nB. Two")
    assert lacking.status == 422
    assert "A. One" in lacking.words
    minutes = {"held_on": "2026-11-23", "participants": "A. One\n\n B. Two ", "found_expedient": "no"}
    act(browse, CENTRAL_REGISTRAR, draft, "enter_minutes", responsible_unit=units[1], **minutes)
    assert office.status(draft) == "under_review"
    assert office.document(draft)["competent_unit_id"] == units[1]
    history = browse(CENTRAL_REGISTRAR).get(f"/10000000/drafts/{draft}/history").words
    for words in ("The minutes are entered", "A. One", "B. Two", "Value unit", "23 Nov 2026, Mon"):
        assert words in history


def test_a_draft_in_rework_keeps_its_number_and_becomes_the_next_version(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    number = office.number(draft)
    act(browse, EXECUTOR, draft, "send_back", defects="The share is not given\nThe note names no source")
    assert (office.status(draft), office.document(draft)["version"]) == ("rework_regional", 2)
    history = browse(AUTHOR).get(f"/10130000/drafts/{draft}/history").words
    assert "2 defects" in history
    assert "The note names no source" in history
    form = browse(AUTHOR).get(f"/10130000/drafts/{draft}/sections/contact").form("/contact")
    form.submit(telephone="+7 495 111")
    for login, move in (
        (AUTHOR, "submit"),
        (UNIT_HEAD, "sign"),
        (RISK_HEAD, "agree"),
        (FIRST_DEPUTY, "agree"),
    ):
        act(browse, login, draft, move)
    result = act(browse, REGISTRAR, draft, "send")
    assert number in result.words
    assert (office.status(draft), office.number(draft)) == ("sent", number)
    versions = browse(AUTHOR).get(f"/10130000/drafts/{draft}/versions")
    assert "Revision 2" in versions.words


def test_the_opinion_of_the_directorate_leads_to_exactly_four_exits(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.reviewed_draft()
    page = browse(EXECUTOR).get(url_of(EXECUTOR, draft, "ask_rtu"))
    unit = option(page, "rtu_unit", "Goods unit")
    assert int(unit) == office.unit("eeu.ru.10100000.", "Goods unit")
    page.form("/ask_rtu").submit(question="Is the risk known to you?", rtu_unit=unit)
    asked = browse(RTU_OFFICER).get(url_of(RTU_OFFICER, draft, "write_opinion"))
    assert "Is the risk known to you?" in asked.words
    act(browse, RTU_OFFICER, draft, "write_opinion", opinion="It has been known since 2024.")
    act(browse, RTU_REGISTRAR, draft, "agree_opinion")
    assert office.status(draft) == "rtu_opinion"
    assert acts_of(browse(EXECUTOR).get(f"/10000000/drafts/{draft}")) == EXITS
    decision = browse(EXECUTOR).get(url_of(EXECUTOR, draft, "propose_expedient"))
    assert "It has been known since 2024." in decision.words
    assert len(decision.soup.select(".rp-panes > details")) == 3
    printed = browse(EXECUTOR).get(f"/10000000/drafts/{draft}/print/opinion")
    assert "It has been known since 2024." in printed.words


def test_the_executor_is_chosen_among_the_officers_of_the_unit(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = sent(office)
    choose(browse, CENTRAL_REGISTRAR, draft, "receive", "competent_unit", "Goods unit")
    page = browse(DEPARTMENT_HEAD).get(url_of(DEPARTMENT_HEAD, draft, "name_executor"))
    labels = [o.get_text(strip=True) for o in page.soup.select("select[name=executor] option")]
    assert labels == [
        "Choose an officer",
        "Officer of the unit 10000000.officer.goods",
        "Officer of the unit 10000000.officer.goods2",
    ]
    stranger = office.officer("10000000.officer.value")
    refused = page.form("/name_executor").submit(executor=stranger)
    assert refused.status == 422
    assert office.document(draft)["executor_id"] is None


def test_a_new_version_is_begun_and_the_officer_is_led_to_it(app: Flask, browse: Browse) -> None:
    office = Office(app)
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    page = act(browse, EXECUTOR, profile, "begin_update")
    assert page.response.request.path != f"/10000000/profiles/{profile}"
    assert "version 2" in page.words
    assert office.number(profile, CENTRE) in page.words
    versions = browse(EXECUTOR).get(f"/10000000/profiles/{profile}/versions")
    assert "Version 2" in versions.words


def test_whoever_acts_for_another_sees_it_before_he_signs(app: Flask, browse: Browse) -> None:
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    deputy = office.officer("10130000.officer.goods2")
    with app.app_context(), acting(HOUSE, "test"):
        unit = next(u for u in authorities.units_of(HOUSE) if u.name_en == "Goods unit")
        administration.appoint(
            session().get_one(Officer, deputy),
            unit.authority,
            Post.UNIT_HEAD,
            date(2024, 1, 1),
            unit=unit,
            until=date(2099, 1, 1),
            acting_for="P. Absent",
        )
    page = browse("10130000.officer.goods2").get(url_of(UNIT_HEAD, draft, "sign"))
    assert "You sign as Head of unit, for P. Absent." in page.words
    act(browse, "10130000.officer.goods2", draft, "sign")
    shown = browse(AUTHOR).get(f"/10130000/drafts/{draft}/signatures")
    assert "for P. Absent" in shown.words


def test_the_page_of_a_result_belongs_to_its_document(app: Flask, browse: Browse) -> None:
    office = Office(app)
    first, second = office.agreed_draft(), office.agreed_draft()
    done = act(browse, REGISTRAR, first, "register").response.request.path
    assert browse(REGISTRAR).get(done).status == 200
    assert browse(REGISTRAR).get(done.replace(f"/{first}/", f"/{second}/")).status == 404
