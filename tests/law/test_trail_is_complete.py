"""Nothing changes a tenant's row without its entry, and each entry says who, when, where, what, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.extensions import db
from portal.models import AuditEntry, Tenant, Unit
from portal.models.base import Base
from portal.store.session import acting, session
from tests.browser import Browser
from tests.cast import AUTHORITIES, HOUSE, PASSWORD
from tests.furnished import furnish
from tests.office import Office

#: What the trail itself is made of.
OF_THE_TRAIL = {"audit_entry", "audit_head", "document_read"}
TABLES = {
    table.name
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Tenant)
    for table in mapper.tables
} - OF_THE_TRAIL

#: Tables that the furnished portal does not change; each is changed by tests of its own.
BY_OTHERS = {
    "audit_checkpoint", "authority", "officer", "post", "read_receipt", "risk_answer", "unit", "value_list",
    "workshop_unit",
}  # fmt: skip


class Unentered(AssertionError):
    """A transaction changed rows of tenants and left no entry."""


@contextmanager
def watched(app: Flask) -> Iterator[set[str]]:
    """Read every statement that reaches the database; gives the tables changed by the transactions that committed."""
    changed: set[str] = set()
    with app.app_context():
        engine = db.engine

    def sent(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        words = statement.replace('"', " ").split()
        if words[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            table = words[1] if words[0].upper() == "UPDATE" else words[2]
            connection.info.setdefault("written", set()).add(table)

    def committed(connection: Any) -> None:
        written = connection.info.pop("written", set())
        if written & TABLES and "audit_entry" not in written:
            raise Unentered(f"changed without an entry: {sorted(written & TABLES)}")
        changed.update(written)

    def rolled_back(connection: Any) -> None:
        connection.info.pop("written", None)

    listeners = (("before_cursor_execute", sent), ("commit", committed), ("rollback", rolled_back))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield changed
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)


def entries(app: Flask) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    with app.app_context():
        for path in ("eeu.", "eeu.ru.", "eeu.am."):
            with acting(path, "test", writes=False):
                found += session().scalars(select(AuditEntry).order_by(AuditEntry.id))
                session().expunge_all()
    return found


def test_no_transaction_of_a_working_portal_passes_the_trail_by(app: Flask, tmp_path: Path) -> None:
    """Every operation, job and import of the furnished portal, read at the last gate before the database."""
    with watched(app) as changed:
        furnish(app, tmp_path)
    unvisited = TABLES - changed - BY_OTHERS
    assert sorted(unvisited) == [], "the furnished portal changes every other table"
    _each_says_all(app)


def _each_says_all(app: Flask) -> None:
    unnamed, without_before = [], []
    for entry in entries(app):
        if not (entry.at and entry.action and entry.object_type and entry.after):
            unnamed.append((entry.authority_path, entry.serial))
        if entry.officer_id is not None and not (entry.officer_name and entry.acting_at in AUTHORITIES):
            unnamed.append((entry.authority_path, entry.serial))
        for name, after in entry.after.items():
            born, several = "id" in after, name.endswith(":")
            unknown = set(after) - set(entry.before.get(name, {}))
            if not born and not several and unknown:
                without_before.append((entry.action, name, sorted(unknown)))
    assert unnamed == []
    assert without_before == []


def test_the_law_can_be_broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.store import audit

    monkeypatch.setattr(audit, "_note", lambda *given: None)
    with pytest.raises(Unentered), watched(app), app.app_context():
        _rename()


def _rename() -> None:
    with acting(HOUSE, "test") as opened:
        unit = opened.scalars(select(Unit).where(Unit.authority_path == HOUSE)).first()
        assert unit is not None
        unit.name_en = "Unentered"


def test_what_was_before_is_known_even_of_columns_that_are_not_loaded(app: Flask) -> None:
    with app.app_context(), acting(HOUSE, "test") as opened:
        unit = opened.scalars(select(Unit).where(Unit.authority_path == HOUSE)).first()
        assert unit is not None
        old, key = unit.name_en, f"unit:{unit.id}"
        opened.expire(unit)
        unit.name_en = "New"
    last = [entry for entry in entries(app) if entry.authority_path == HOUSE][-1]
    assert last.before[key] == {"name_en": old}


def test_acts_through_the_pages_say_from_where(app: Flask) -> None:
    """Whoever acts through the web is named with the authority that he acts for, his address and the request."""
    office = Office(app)
    draft = office.draft()
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = "10.11.12.13"
    with watched(app):
        browser.sign_in("10130000.officer.goods", PASSWORD)
        home = f"/10130000/drafts/{draft}"
        browser.get(f"{home}/remarks").form("/remarks").submit(words="Look at May")
        browser.get(f"{home}/sections/contact").form("/contact").submit(telephone="+7 495 1")
        browser.get(f"/10130000/documents/{draft}/submit").form("/submit").submit()
        browser.get("/10130000/drafts/new").form("/new").submit(title="Another")
        browser.get(home).form("/sign-out").submit()
    made = [entry for entry in entries(app) if entry.authority_path == HOUSE and entry.address]
    assert [entry.action for entry in made] == [
        "sign_in.enter",
        "drafting.remark",
        "drafting.write",
        "decisions.make",
        "drafting.begin",
        "sign_in.leave",
    ]
    officer = office.officer("10130000.officer.goods")
    assert {(one.officer_id, one.acting_at, one.address) for one in made} == {(officer, HOUSE, "10.11.12.13")}
    acts = [one.request for one in made if not one.action.startswith("sign_in")]
    assert len(set(acts)) == len(acts) == 4
    assert all(len(request) == 16 for request in acts)
    assert made[3].before[f"document:{draft}"]["status"] == "drafting"
    assert made[3].after[f"document:{draft}"]["status"] == "head_signing"


def test_the_address_is_the_one_that_the_proxies_vouch_for(app: Flask) -> None:
    """What a visitor writes into a header himself is not believed (PORTAL_PROXIES is 0)."""
    browser = Browser(app)
    page = browser.get("/sign-in")
    token = page.form("/sign-in").values
    data = {**dict(token), "login": "10130000.auditor", "password": PASSWORD}
    browser.client.post("/sign-in", data=data, headers={"X-Forwarded-For": "1.2.3.4"})
    made = [entry for entry in entries(app) if entry.action == "sign_in.enter"]
    assert [entry.address for entry in made] == ["127.0.0.1"]
