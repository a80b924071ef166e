"""Keys of checkpoints and draws that a store of secrets hands over: the portal keeps none of its own beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask import Flask

import config
from portal import create_app
from portal.demo import draws
from portal.documents import audit_key
from portal.operations import verification
from portal.store.selection_key import selection_key
from portal.store.session import acting
from tests import keys
from tests.cast import HOUSE
from tests.cli.test_backup import app, backed_up, busy, database_url, elsewhere, place, run
from tests.cli.test_restored_trust import body, make
from tests.conftest import SETTINGS
from tests.provider import KEY

__all__ = ["app", "busy", "database_url", "elsewhere", "place"]


def hand_over(app: Flask, pem: str, draws: str = keys.SELECTION) -> None:
    environment = app.config["ENVIRONMENT"]
    app.config["ENVIRONMENT"] = replace(environment, audit_key=pem, selection_key=draws)


def public(pem: str) -> str:
    found = load_pem_private_key(pem.encode(), password=None).public_key()
    return found.public_bytes_raw().hex()  # type: ignore[union-attr]


def test_both_come_from_files(tmp_path: Path) -> None:
    pem = keys.ed25519()
    (tmp_path / "audit").write_text(pem)
    (tmp_path / "draws").write_text(keys.SELECTION + "\n")
    found = config.read(
        {
            "PORTAL_DATA_DIR": str(tmp_path),
            "PORTAL_AUDIT_KEY_FILE": str(tmp_path / "audit"),
            "PORTAL_SELECTION_KEY_FILE": str(tmp_path / "draws"),
        }
    )
    assert (found.audit_key, found.selection_key) == (pem.strip(), keys.SELECTION)
    assert set(found.secret_files) == {tmp_path / "audit", tmp_path / "draws"}
    with create_app(SETTINGS, found).app_context():
        assert (audit_key.public_key(), selection_key()) == (public(pem), b"\x5a" * 32)


def test_the_portal_makes_none_of_its_own(busy: Flask) -> None:
    (kept := busy.config["ENVIRONMENT"].data_dir / "keys" / "selection-key").unlink()
    pem = keys.ed25519()
    hand_over(busy, pem)
    make(busy, times=1)
    with busy.app_context():
        assert (audit_key.standing_key(), selection_key()) == (public(pem), b"\x5a" * 32)
    assert body(busy, 1)["key"] == public(pem)
    assert list(kept.parent.iterdir()) == []


def test_a_key_goes_from_the_folder_to_the_store(busy: Flask) -> None:
    """What the portal has kept is what the store is given: no checkpoint and no draw is another."""
    make(busy, times=1)
    folder = busy.config["ENVIRONMENT"].data_dir / "keys"
    with busy.app_context():
        before = audit_key.public_key(), selection_key()
    hand_over(busy, (folder / audit_key.NAME).read_text(), (folder / "selection-key").read_text())
    for file in list(folder.iterdir()):
        file.unlink()
    make(busy, times=1)
    with busy.app_context():
        assert (audit_key.public_key(), selection_key()) == before
    assert body(busy, 2)["key"] == body(busy, 1)["key"] == before[0]


def test_a_key_that_was_seen_is_replaced(busy: Flask) -> None:
    old, new = keys.ed25519(), keys.ed25519()
    for pem in (old, new):
        hand_over(busy, pem)
        make(busy, times=1)
    assert [body(busy, number)["key"] for number in (1, 2)] == [public(old), public(new)]
    with busy.app_context(), acting(HOUSE, "test", writes=False):
        assert list(verification.untrue(HOUSE)) == []
    hand_over(busy, old)
    with busy.app_context(), acting(HOUSE, "test", writes=False):
        assert [number for number, _ in verification.untrue(HOUSE)] == [2], "the key of before signs no more"


def test_a_backup_says_where_the_keys_are(busy: Flask, place: Path) -> None:
    (busy.config["ENVIRONMENT"].data_dir / "keys" / "selection-key").unlink()
    hand_over(busy, keys.ed25519())
    told = run(busy, "backup", str(place / "handed"))
    assert "It holds no keys: the store of secrets that hands them over keeps them." in told.output
    hand_over(busy, "")
    told = run(busy, "backup", str(place / "one"))
    assert told.output.endswith("It holds no keys: a portal restored from it makes new ones.\n")
    hand_over(busy, keys.ed25519(), "")
    told = run(busy, "backup", str(place / "other"))
    assert told.output.endswith("makes new ones, and earlier draws can no longer be worked out.\n")


def test_a_backup_with_one_of_them_holds_keys(busy: Flask, place: Path) -> None:
    hand_over(busy, keys.ed25519(), "")
    assert "It holds the portal's keys" in run(busy, "backup", str(place / "one")).output
    folder = busy.config["ENVIRONMENT"].data_dir / "keys"
    (folder / "selection-key").unlink()
    (folder / "demonstration").touch()
    assert "It holds no keys" in run(busy, "backup", str(place / "mark")).output


def test_a_demonstration_leaves_the_draws_to_the_key_that_is_handed_over(tmp_path: Path) -> None:
    app = create_app(
        SETTINGS, config.read({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SELECTION_KEY": "5A" * 32})
    )
    with app.app_context():
        draws.fix_draws(7)
        assert (selection_key(), draws.foreseeable()) == (b"\x5a" * 32, False)
    assert not (tmp_path / "keys" / "selection-key").exists()


def test_a_restored_portal_takes_the_same_from_the_store(busy: Flask, elsewhere: Flask, place: Path) -> None:
    pem = keys.ed25519()
    for one in (busy, elsewhere):
        hand_over(one, pem)
    make(busy)
    assert run(elsewhere, "restore", str(backed_up(busy, place, "--without-keys"))).exit_code == 0
    make(elsewhere, times=1)
    assert body(elsewhere, 3)["key"] == public(pem)
    with elsewhere.app_context(), acting(HOUSE, "test", writes=False):
        assert list(verification.untrue(HOUSE)) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PORTAL_AUDIT_KEY": "no key"}, "PORTAL_AUDIT_KEY is no private key of Ed25519"),
        ({"PORTAL_AUDIT_KEY": KEY.as_pem(private=True).decode()}, "PORTAL_AUDIT_KEY is no private key of Ed25519"),
        ({"PORTAL_AUDIT_KEY": "ключ"}, "PORTAL_AUDIT_KEY is no private key of Ed25519"),
        ({"PORTAL_SELECTION_KEY": "5a" * 31}, "PORTAL_SELECTION_KEY must have 64"),
        ({"PORTAL_SELECTION_KEY": "zz" * 32}, "PORTAL_SELECTION_KEY must have 64"),
    ],
)  # fmt: skip
def test_what_is_no_key_stops_the_portal(tmp_path: Path, given: dict[str, str], said: str) -> None:
    environment = config.read({"PORTAL_DATA_DIR": str(tmp_path), **given})
    with pytest.raises(config.Misconfigured, match=said):
        create_app(SETTINGS, environment)
