"""Who opened which marked document is kept: for every page that names one, once in a while, and never by the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError

from portal.levels.roles import Post
from portal.models import DocumentRead, Publication
from portal.operations import reading
from portal.store.session import acting, session
from portal.web import readings
from portal.workflow import clock
from tests.browser import Browser
from tests.cast import CENTRE, HOUSE
from tests.office import Office
from tests.servers import unwalled

Browse = Callable[[str], Browser]
AUTHOR = "10130000.officer.goods"
NOON = datetime(2026, 11, 26, 12, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def found(app: Flask, path: str = CENTRE) -> list[tuple[Any, ...]]:
    """The readings that an authority may see, the first one first."""
    row = DocumentRead
    with app.app_context(), acting(path, "test", writes=False):
        asked = select(row.authority_path, row.document_id, row.version, row.acting_at, row.how, row.address)
        return [tuple(one) for one in session().execute(asked.order_by(row.id))]


def test_a_reading_says_who_what_when_and_where(browse: Browse, office: Office, app: Flask) -> None:
    draft = office.draft()
    with clock.at(NOON):
        assert browse(AUTHOR).get(f"/10130000/drafts/{draft}").status == 200
    assert found(app) == [(HOUSE, draft, 1, HOUSE, "page", "127.0.0.1")]
    with app.app_context(), acting(HOUSE, "test", writes=False):
        row = session().scalars(select(DocumentRead)).one()
        assert (row.officer_id, row.officer_name, row.at) == (
            office.officer(AUTHOR),
            f"Officer of the unit {AUTHOR}",
            NOON,
        )
        assert len(row.request) == 16


def test_once_in_ten_minutes_for_each_officer_and_each_way(
    browse: Browse, office: Office, app: Flask
) -> None:
    draft = office.draft()
    author, head = browse(AUTHOR), browse("10130000.unit_head.goods")
    for minutes, browser, page in (
        (0, author, ""), (5, author, "/note"), (6, head, ""), (7, author, "/print/text"), (9, author, "/history"),
        (9, author, "/print/note"), (11, author, ""),
    ):  # fmt: skip
        with clock.at(NOON + timedelta(minutes=minutes)):
            assert browser.get(f"/10130000/drafts/{draft}{page}").status == 200
    assert [how for _, _, _, _, how, _ in found(app)] == ["page", "page", "print", "page"]


def test_what_is_refused_or_absent_was_not_read(browse: Browse, office: Office, app: Flask) -> None:
    draft = office.draft()
    assert browse("05100000.officer.goods").get(f"/05100000/drafts/{draft}").status == 404
    assert browse("10130000.administrator").get(f"/10130000/drafts/{draft}").status == 403
    assert browse(AUTHOR).get(f"/10130000/profiles/{draft}").status == 404
    assert browse(AUTHOR).get("/10130000/drafts").status == 200
    assert browse(AUTHOR).client.head(f"/10130000/drafts/{draft}").status_code == 200
    assert found(app) == []


def test_a_reader_above_is_kept_with_the_document(browse: Browse, office: Office, app: Flask) -> None:
    draft = office.reviewed_draft()
    assert browse("10000000.officer.goods").get(f"/10000000/drafts/{draft}").status == 200
    assert found(app, HOUSE) == [(HOUSE, draft, 1, CENTRE, "page", "127.0.0.1")]


def test_a_reader_beneath_is_kept_where_he_reads(browse: Browse, office: Office, app: Flask) -> None:
    """The house may not write into the rows of the centre, whose directory it reads; the centre sees it too."""
    profile = office.prepared_profile()
    office.profile_to_force(profile)
    with app.app_context(), acting(HOUSE, "test", writes=False):
        entry = session().scalars(select(Publication)).first()
        assert entry is not None
        published, owner = entry.id, entry.authority_path
    assert owner == CENTRE
    assert browse("10130000.inspector").get(f"/10130000/directory/{published}").status == 200
    assert found(app, CENTRE) == [(HOUSE, profile, 1, HOUSE, "page", "127.0.0.1")]
    assert found(app, "eeu.ru.10110000.") == []
    assert found(app, "eeu.") == []


def test_a_page_with_the_errors_of_its_form_shows_the_document_too(
    browse: Browse, office: Office, app: Flask
) -> None:
    draft = office.draft()
    browser = browse(AUTHOR)
    with clock.at(NOON):
        form = browser.get(f"/10130000/drafts/{draft}/remarks").form("/remarks")
    with clock.at(NOON + timedelta(minutes=30)):
        assert form.submit(words="").status == 422
    assert len(found(app)) == 2


def test_every_address_that_names_a_marked_document_is_watched(plain_app: Flask) -> None:
    """A page about a document calls it by one of the names that are watched."""
    watched = {
        rule.endpoint for rule in plain_app.url_map.iter_rules() if rule.arguments & set(readings.MARKED)
    }
    nouns = ("drafting.", "profiles.", "decisions.", "builder.", "backtests.", "directory.")
    about = {
        rule.endpoint
        for rule in plain_app.url_map.iter_rules()
        if rule.endpoint.startswith(nouns) and "<int:" in rule.rule
    }
    assert about <= watched
    assert len(about) > 20


def test_the_list_is_only_added_to(browse: Browse, office: Office, app: Flask) -> None:
    browse(AUTHOR).get(f"/10130000/drafts/{office.draft()}")
    for statement in ("UPDATE document_read SET version = 2", "DELETE FROM document_read"):
        with (
            pytest.raises(DatabaseError, match="only ever added to"),
            unwalled(app) as connection,
        ):
            connection.execute(text(statement))


def test_what_cannot_be_recorded_is_not_shown(
    browse: Browse, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.draft()
    browser = browse(AUTHOR)

    def refuse(*given: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(reading, "note", refuse)
    page = browser.get(f"/10130000/drafts/{draft}")
    assert page.status == 500
    assert "Officer of" not in page.soup.main.get_text()  # type: ignore[union-attr]


def test_a_get_writes_into_no_other_table(browse: Browse, office: Office, app: Flask) -> None:
    from portal.extensions import db

    draft = office.draft()
    browser = browse(AUTHOR)
    written = set()

    def listen(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            written.add(words[2] if words[0] != "UPDATE" else words[1])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    for page in ("", "/note", "/remarks", "/signatures", "/versions", "/history", "/print/text"):
        assert browser.get(f"/10130000/drafts/{draft}{page}").status == 200
    event.remove(engine, "before_cursor_execute", listen)
    assert written == {"document_read"}


def test_a_reading_leaves_no_entry_in_the_chain(browse: Browse, office: Office, app: Flask) -> None:
    from portal.store import audit

    draft = office.draft()
    browser = browse(AUTHOR)
    with app.app_context(), acting(HOUSE, "test", writes=False):
        before = audit.checkpoint(session(), HOUSE)
    browser.get(f"/10130000/drafts/{draft}")
    with app.app_context(), acting(HOUSE, "test", writes=False):
        assert audit.checkpoint(session(), HOUSE) == before
    assert found(app)
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
