"""Fills the portal of the tests so that none of its pages is empty: documents in many statuses, declarations, sums."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from portal.documents import spreadsheet
from portal.levels.roles import Post
from portal.models import Authority, Officer
from portal.operations import (
    administration_officers,
    administration_proposals,
    backtesting,
    checkpoints,
    circulation,
    drafting,
    officer_import,
    officer_rows,
    procedure,
    screening,
    summaries,
    sweeping,
)
from portal.operations.administration_posts import Wanted
from portal.screening.presented import from_rows
from portal.store import authorities, documents, sessions
from portal.store.session import acting, session
from portal.workflow import clock
from tests import past, texts
from tests.cast import CENTRE, HOUSE
from tests.days import today
from tests.directory import measure, profile_text, put_in_force, starts
from tests.factors import give_app
from tests.office import Office
from tests.signed_in import NEVER

POINT = f"{HOUSE}10130010."
LONG = (
    "Footwear with uppers of leather declared as slippers of textile materials at a third of its usual price"
)


def furnish(app: Flask, folder: Path) -> None:
    """Fill a portal in which nothing but the cast stands."""
    office = Office(app)
    give_app(app, "10130000.auditor")
    _elsewhere(office, "10130000.auditor")
    past.taken(app, CENTRE, past.csv(folder))
    bad = past.csv(folder, ["B1,1,2025-01-10,10130010,64039,CN,CN,I,ten,40,1", past.ROWS[0]], "bad.csv")
    past.taken(app, HOUSE, bad, skip_faulty=True)
    with clock.at(clock.now() - timedelta(days=60)):
        _documents_of_old(office)
    _documents(office)
    _declarations(app)
    _union(app, office)
    _administered(office)
    _imports_of_officers(office)
    with app.app_context():
        sweeping.sweep(clock.now())
        summaries.write_all()
        checkpoints.make(next(one for one in authorities.everywhere() if one.path == HOUSE))


def _elsewhere(office: Office, login: str) -> None:
    """A second session of an officer."""
    officer = office.officer(login)
    with office.app.app_context(), acting(HOUSE, "test"):
        sessions.add(
            officer, "elsewhere", "", "198.51.100.7", "Mozilla/5.0 (X11; Linux) Firefox/140.0", NEVER
        )


def _imports_of_officers(office: Office) -> None:
    """Two tables that the head of the house sent: one is confirmed by its administrator, one waits for him."""
    head, administrator = (office.acts(HOUSE, post, "") for post in (Post.HEAD, Post.ADMINISTRATOR))
    with office.app.app_context(), acting(HOUSE, "test"), force_locale("en"):
        for login in ("smirnova", "volkova"):
            table = spreadsheet.read(f"login,name,authority,post\n{login},{LONG},10130010,inspector".encode())
            judged = officer_rows.judge(table, clock.now())
            one = officer_import.prepare(judged, "officers.csv", head, clock.now())
            if login == "smirnova":
                officer_import.confirm(one.id, one.row_version, administrator, clock.now())


def _documents_of_old(office: Office) -> None:
    """What was begun two months ago: its limits have passed."""
    late = office.reviewed_draft(text=texts.complete(title=LONG))
    _remark(office, late, "The estimate looks too low to me.")
    asked = office.reviewed_draft(text=texts.complete(title="Apples from the south"))
    office.act(
        CENTRE, Post.OFFICER, "goods", asked, "ask_rtu",
        question="Do you see the same?", rtu_unit=office.unit("eeu.ru.10100000.", "Goods unit"),
    )  # fmt: skip
    sent_back = office.reviewed_draft(text=texts.complete(title="Toys without a certificate"))
    office.act(
        CENTRE, Post.OFFICER, "goods", sent_back, "send_back", defects=["No measure fits", "No contact"]
    )


def _remark(office: Office, document: int, words: str) -> None:
    acts = office.acts(HOUSE, Post.UNIT_HEAD, "goods")
    with office.app.app_context(), acting(HOUSE, "test"):
        drafting.remark(procedure.load(document), acts, words)


def _documents(office: Office) -> None:
    """One for each stage of the way, and a profile in force whose next version is begun."""
    _back_tested(office, office.draft(text=_with_exception()))
    written = office.draft(text=texts.complete(title="Handbags"))
    office.act(HOUSE, Post.OFFICER, "goods", written, "submit")
    touching = office.draft(text=texts.complete(title="Cheap cars", fields=("hs_code", "value_per_kg")))
    office.act(HOUSE, Post.OFFICER, "goods", touching, "submit")
    agreed = office.draft(text=texts.complete(title="Watches"))
    office.act(HOUSE, Post.OFFICER, "goods", agreed, "submit")
    office.act(HOUSE, Post.UNIT_HEAD, "goods", agreed, "sign")
    office.agreed_draft(text=texts.complete(title="Perfume"))
    sent = office.registered_draft(text=texts.complete(title="Tiles"))
    office.act(HOUSE, Post.REGISTRAR, "risk", sent, "send")
    office.registered_draft(text=texts.complete(title="Carpets"))
    refused = office.reviewed_draft(text=texts.complete(title="Umbrellas"))
    office.act(CENTRE, Post.OFFICER, "goods", refused, "find_inexpedient", justification="Two parcels a year")
    office.reviewed_draft(text=texts.complete(title="Lamps"))
    office.prepared_profile(text=texts.complete(title="Gloves"))
    _approving(office)
    _in_force(office)


def _with_exception() -> texts.Text:
    text = texts.complete()
    text["groups"][0]["exceptions"] = {
        "any": [{"field": "departure_country", "op": "in", "value": ["BY", "KZ"]}]
    }
    return text


def _back_tested(office: Office, draft: int) -> None:
    acts = office.acts(HOUSE, Post.OFFICER, "goods")
    with office.app.app_context(), acting(HOUSE, "test"):
        document = procedure.load(draft)
        backtesting.attach(document, acts, backtesting.run(document, acts))


def _approving(office: Office) -> None:
    """A national profile on its carrier, before the head of the service."""
    text = texts.complete(title="Phones", scope="national", territory=(CENTRE,))
    profile = office.prepared_profile(text=text)
    office.act(CENTRE, Post.OFFICER, "goods", profile, "sign_as_executor")
    office.act(CENTRE, Post.UNIT_HEAD, "goods", profile, "sign")
    office.act(CENTRE, Post.OFFICER, "goods", profile, "put_on_carrier")


def _in_force(office: Office) -> None:
    old = office.prepared_profile(text=texts.complete(title="Shirts"))
    office.profile_to_force(old)
    office.act(CENTRE, Post.REGISTRAR, "risk", old, "record_act", act_number="17", act_date="2026-11-02")
    office.act(CENTRE, Post.OFFICER, "goods", old, "begin_update")
    acts = office.acts(CENTRE, Post.OFFICER, "goods")
    with office.app.app_context(), acting(CENTRE, "test"):
        version = procedure.load(documents.open_update_of(old) or 0)
        drafting.change(version, acts, "questions", ["Is the label sewn in?"])


def _declarations(app: Flask) -> None:
    """A red one with its inspection, a yellow one whose questions wait, one that was changed, a green one."""
    opened = measure("109", description="Open every box")
    put_in_force(
        app, "11/10000/01012026/00007", profile_text(starts("64"), measures=[opened, measure("107")])
    )
    asked = profile_text(
        starts("8703"), formalisation="automated", questions=["Is the seal whole?"], measures=[measure("101")],
        title="Cars",
    )  # fmt: skip
    put_in_force(app, "11/10000/01012026/00008", asked)
    found = profile_text(
        formalisation="non_formalised", questions=["Does it smell of solvents?"], measures=[measure("104")],
        title="Solvents",
    )  # fmt: skip
    put_in_force(app, "11/10000/01012026/00009", found)
    advised = profile_text(starts("9503"), measures=[measure("107", mandatory=False)], title="Toys")
    put_in_force(app, "11/10000/01012026/00010", advised)
    for number, code, price in PRESENTED:
        row = {
            "declaration_id": f"10130010/{number}",
            "hs_code": code,
            "item_price": Decimal(price),
            "date": DAY,
        }
        with app.app_context(), acting(POINT, "test"):
            screening.screen(from_rows([row]), POINT, clock.now())


DAY = date(2026, 11, 2)
#: Number, commodity code, price: the first comes twice, its price changed; nothing stands against the last.
PRESENTED = (
    ("01", "640399", "40"),
    ("01", "640399", "45"),
    ("02", "870323", "900"),
    ("03", "220421", "7"),
    ("04", "950300", "12"),
)


def _administered(office: Office) -> None:
    """A closed account, one with a second factor, and a post that waits for a second administrator."""
    give_app(office.app, "10130010.head")
    acts = office.acts(CENTRE, Post.ADMINISTRATOR)
    left, stays = office.officer("10130020.officer.goods2"), office.officer("10130020.officer.goods")
    with office.app.app_context(), acting(CENTRE, "test"):
        administration_officers.close(session().get_one(Officer, left), acts, None, "Left the service")
        house = session().scalars(select(Authority).where(Authority.authority_path == HOUSE)).one()
        wanted = Wanted(Post.INSPECTOR, today())
        administration_proposals.appoint(acts, session().get_one(Officer, stays), house, wanted, "Order 17")


def _union(app: Flask, office: Office) -> None:
    acts = office.acts("eeu.", Post.UNION_COORDINATOR)
    contents = circulation.Contents(
        "Shoes as slippers", "By the pair.", 1, "classification", ("6401", "6402")
    )
    with app.app_context(), acting("eeu.", "test"):
        for _ in range(2):
            circulation.circulate(circulation.begin(acts, contents), acts)
        circulation.begin(acts, contents)
