"""The pages of checkpoints: the list, one of them, its file, and the verdict of now."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.documents import audit_key
from portal.operations import checkpoints
from portal.store import authorities
from portal.store import checkpoints as kept
from portal.store.session import acting, session
from tests.browser import Browser
from tests.cast import HOUSE
from tests.servers import unwalled
from tests.trail import add_unit, tamper, verify_audit

Browse = Callable[[str], Browser]
AUDITOR = "10130000.auditor"
POINT = f"{HOUSE}10130010."


@pytest.fixture
def sealed(app: Flask) -> int:
    """A checkpoint of the house, with some entries before it; its id."""
    with app.app_context():
        for name in ("One", "Two", "Three"):
            add_unit(name)
        return seal(app)


def seal(app: Flask, path: str = HOUSE) -> int:
    with app.app_context():
        seen = next(one for one in authorities.everywhere() if one.path == path)
        checkpoints.make(seen)
        with acting(path, "test", writes=False):
            found = kept.latest(path)
            assert found is not None
            return found.id


def test_the_list_and_one_of_it(browse: Browse, app: Flask, sealed: int) -> None:
    page = browse(AUDITOR).get("/10130000/audit/checkpoints")
    link = next(link for link in page.links() if link.endswith(f"/checkpoints/{sealed}"))
    shown = browse(AUDITOR).get(link)
    with app.app_context(), acting(HOUSE, "test", writes=False):
        row = kept.find(sealed)
        assert row is not None
        assert row.hash in shown.words
        assert row.body["signature"] in shown.words
    assert "none, this is the first" in shown.words
    assert {f"/10130000/audit/checkpoints/{sealed}/{one}" for one in ("file", "verification")} <= set(
        shown.links()
    )


def test_an_empty_list_says_what_makes_one(browse: Browse) -> None:
    assert "No checkpoint yet" in browse(AUDITOR).get("/10130000/audit/checkpoints").words


def test_pages_of_the_list(browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch, sealed: int) -> None:
    from portal.blueprints.audit import sealed as pages

    for module in (kept, pages):
        monkeypatch.setattr(module, "PAGE", 2)
    for _ in range(3):
        seal(app)
    first = browse(AUDITOR).get("/10130000/audit/checkpoints")
    numbers = [a.get_text() for a in first.soup.select("#audit_checkpoints tbody th a")]
    assert numbers == ["Checkpoint 4", "Checkpoint 3"]
    second = browse(AUDITOR).get(next(link for link in first.links() if "before=" in link))
    assert [a.get_text() for a in second.soup.select("#audit_checkpoints tbody th a")] == [
        "Checkpoint 2",
        "Checkpoint 1",
    ]


def test_the_file_is_read_by_the_verifier(browse: Browse, app: Flask, sealed: int, tmp_path: Path) -> None:
    answer = browse(AUDITOR).client.get(f"/10130000/audit/checkpoints/{sealed}/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="checkpoint-10130000-1.json"'
    (tmp_path / "checkpoint.json").write_bytes(answer.data)
    chain = browse(AUDITOR).client.get("/10130000/audit/chain")
    (tmp_path / "chain.jsonl").write_bytes(chain.data)
    with app.app_context():
        key = audit_key.public_key()
    assert verify_audit.judged(tmp_path / "chain.jsonl", tmp_path / "checkpoint.json", key).holds
    assert json.loads(answer.data)["path"] == HOUSE


def verdict(browse: Browse, sealed: int) -> str:
    page = browse(AUDITOR).get(f"/10130000/audit/checkpoints/{sealed}/verification")
    notice = page.soup.select_one(".rp-notice")
    assert notice is not None
    return notice.get_text(" ", strip=True)


def test_whole_chains_hold_now(browse: Browse, app: Flask, sealed: int) -> None:
    assert verdict(browse, sealed).startswith("The chains hold")
    with app.app_context():
        add_unit("Later")
        add_unit("Later at the point", POINT)
    assert verdict(browse, sealed).startswith("The chains hold")


def test_a_changed_entry_is_named(browse: Browse, app: Flask, sealed: int) -> None:
    tamper(
        app, f"UPDATE audit_entry SET officer_name = 'nobody' WHERE authority_path = '{HOUSE}' AND serial = 2"
    )
    said = verdict(browse, sealed)
    assert said.startswith("The trail was changed")
    assert (
        "Moscow customs house: entry 2, its content does not match its hash; entries up to 1 are as they were"
        in said
    )


def test_a_chain_beneath_that_was_cut_is_named(browse: Browse, app: Flask, sealed: int) -> None:
    tamper(app, f"DELETE FROM audit_entry WHERE authority_path = '{POINT}'")
    said = verdict(browse, sealed)
    assert "Western point: entry" in said
    assert "the entry that was sealed is missing or another" in said


def test_a_changed_checkpoint_is_not_believed(browse: Browse, app: Flask, sealed: int) -> None:
    postgresql = app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql")
    with app.app_context(), acting(HOUSE, "test", writes=False):
        row = kept.find(sealed)
        assert row is not None
        body = json.dumps({**row.body, "number": 9})
        session().rollback()
        with unwalled(app) as connection:
            on = " ON audit_checkpoint" if postgresql else ""
            connection.exec_driver_sql(f"DROP TRIGGER audit_checkpoint_no_update{on}")
            connection.exec_driver_sql(f"UPDATE audit_checkpoint SET body = '{body}' WHERE id = {sealed}")
    assert "This checkpoint cannot be believed the checkpoint does not match its own hash" in verdict(
        browse, sealed
    )


def test_auditors_alone_and_never_beside_or_above(browse: Browse, sealed: int) -> None:
    for login, status in (
        ("10130000.head", 403), ("10110000.auditor", 404), ("10130010.auditor", 404), ("05000000.auditor", 404),
        ("00000000.auditor", 404), ("10100000.auditor", 200), ("10000000.auditor", 200),
    ):  # fmt: skip
        code = login.split(".")[0]
        for page in ("", "/file", "/verification"):
            answer = browse(login).client.get(f"/{code}/audit/checkpoints/{sealed}{page}")
            assert answer.status_code == status, (login, page)
    assert browse("10000000.auditor").get("/10000000/audit/checkpoints?authority=10130000").status == 200
    assert browse(AUDITOR).get("/10130000/audit/checkpoints?authority=10000000").status == 404
