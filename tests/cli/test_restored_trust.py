"""What a restore does not bring back: sessions; and what it refuses: checkpoints of the trail that were altered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.documents import audit_key
from portal.models import AuditCheckpoint
from portal.operations import checkpoints, verification
from portal.store import authorities, owner
from portal.store.audit_form import sealed
from portal.store.session import acting, session
from tests.browser import Browser
from tests.cast import HOUSE, PASSWORD
from tests.cli.test_backup import app, backed_up, busy, database_url, elsewhere, nothing_stands, place, run
from tests.upkeep_past import past_the_portal

__all__ = ["app", "busy", "database_url", "elsewhere", "place"]
LOGIN = "10130000.officer.goods"


def sessions(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context(), owner.copying() as connection:
        rows = connection.execute(text("SELECT ended_at IS NULL, ended_why FROM officer_session"))
        return [(bool(opened), why) for opened, why in rows]


def test_an_old_cookie_opens_nothing_in_a_restored_portal(busy: Flask, elsewhere: Flask, place: Path) -> None:
    before = Browser(busy)
    before.sign_in(LOGIN, PASSWORD)
    assert before.get("/10130000/drafts", follow=False).status == 200
    with busy.test_request_context():
        cookie = before.client.get_cookie("portal")
    assert cookie is not None
    assert run(elsewhere, "restore", str(backed_up(busy, place))).exit_code == 0
    after = Browser(elsewhere)
    after.client.set_cookie("portal", cookie.value)
    answer = after.get("/10130000/drafts", follow=False)
    assert (answer.status, answer.response.headers["Location"].split("?")[0]) == (303, "/sign-in")
    found = sessions(elsewhere)
    assert not any(opened for opened, _ in found)
    assert (False, "restored") in found
    assert any(opened for opened, _ in sessions(busy)), "the portal that was copied goes on"
    again = Browser(elsewhere)
    again.sign_in(LOGIN, PASSWORD)
    assert again.get("/10130000/drafts", follow=False).status == 200


def make(app: Flask, times: int = 2) -> None:
    with app.app_context():
        seen = next(one for one in authorities.everywhere() if one.path == HOUSE)
        for _ in range(times):
            checkpoints.make(seen)


def body(app: Flask, number: int) -> dict[str, Any]:
    with app.app_context(), acting(HOUSE, "test", writes=False):
        asked = select(AuditCheckpoint.body).where(
            AuditCheckpoint.authority_path == HOUSE, AuditCheckpoint.number == number
        )
        return dict(session().scalars(asked).one())


def put(app: Flask, number: int, fresh: dict[str, Any]) -> None:
    told = json.dumps(fresh).replace("'", "''")
    past_the_portal(
        app,
        f"UPDATE audit_checkpoint SET body = '{told}', hash = '{fresh['hash']}' "
        f"WHERE authority_path = '{HOUSE}' AND number = {number}",
    )


def another_hash(app: Flask) -> None:
    put(app, 1, {**body(app, 1), "hash": "0" * 64})


def entries_changed(app: Flask) -> None:
    """The hash is made anew, as anybody can; the signature is not."""
    fresh = body(app, 2)
    fresh["chains"][0]["serial"] += 1
    said = {name: value for name, value in fresh.items() if name not in ("hash", "signature")}
    put(app, 2, {**fresh, "hash": sealed(said)})


def signed_by_another(app: Flask) -> None:
    """Whoever writes into the database signs with a key of his own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    his = Ed25519PrivateKey.generate()
    fresh = {name: value for name, value in body(app, 2).items() if name not in ("hash", "signature")}
    fresh["key"] = his.public_key().public_bytes_raw().hex()
    found = sealed(fresh)
    message = f"{checkpoints.FORM}\n{found}".encode()
    put(app, 2, {**fresh, "hash": found, "signature": his.sign(message).hex()})


def one_missing(app: Flask) -> None:
    past_the_portal(app, f"DELETE FROM audit_checkpoint WHERE authority_path = '{HOUSE}' AND number = 1")


ALTERED: tuple[tuple[Callable[[Flask], None], str], ...] = (
    (another_hash, "does not match its own hash"),
    (entries_changed, "the signature of the checkpoint does not hold"),
    (signed_by_another, "signed with another key"),
    (one_missing, "the one before it is missing"),
)


@pytest.mark.parametrize(("alter", "words"), ALTERED, ids=[one.__name__ for one, _ in ALTERED])
def test_an_altered_checkpoint_is_not_accepted(
    busy: Flask, elsewhere: Flask, place: Path, alter: Callable[[Flask], None], words: str
) -> None:
    make(busy)
    alter(busy)
    answer = run(elsewhere, "restore", str(backed_up(busy, place)))
    assert answer.exit_code == 1
    assert "the checkpoints of the trail did not prove true: checkpoint" in answer.output
    assert words in answer.output
    assert nothing_stands(elsewhere)


def test_checkpoints_are_believed_by_the_key_that_they_name_where_the_keys_stayed_behind(
    busy: Flask, elsewhere: Flask, place: Path
) -> None:
    make(busy)
    assert run(elsewhere, "restore", str(backed_up(busy, place, "--without-keys"))).exit_code == 0
    with elsewhere.app_context():
        assert audit_key.standing_key() == "", "the proof makes no key"
    make(elsewhere)
    with elsewhere.app_context():
        old, new = body(elsewhere, 2)["key"], body(elsewhere, 3)["key"]
        assert old != new
        with acting(HOUSE, "test", writes=False):
            assert list(verification.untrue(HOUSE)) == []


def test_what_the_last_checkpoint_sealed_must_still_stand(busy: Flask) -> None:
    make(busy)
    last = next(one for one in body(busy, 2)["chains"] if one["path"] == HOUSE)
    past_the_portal(
        busy,
        f"UPDATE audit_entry SET hash = '{'1' * 64}' "
        f"WHERE authority_path = '{HOUSE}' AND serial = {last['serial']}",
    )
    with busy.app_context(), acting(HOUSE, "test", writes=False):
        assert list(verification.untrue(HOUSE)) == [(2, verification.SEALED_ELSE)]
