"""Adds, takes and removes second factors; the codes that replace a lost one are shown once."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime

import pyotp

from portal.errors import NotAllowedNow, NotHere
from portal.levels.words import N_
from portal.models import Factor, Officer, RecoveryCode
from portal.models.identity import TOTP
from portal.operations import guessing, sealed
from portal.operations.account_mail import tell
from portal.operations.accounts import officer
from portal.operations.guessing import Visitor
from portal.store import audit, factors, form_keys, guesses, officers, sessions
from portal.store.factors import Held
from portal.store.session import acting, session
from portal.workflow.clock import now

ISSUER = "Customs risk portal"
STEP = 30
MOST_FACTORS, CODES = 10, 10
#: Letters and digits of a recovery code: of those made now, and of those made before, which still stand.
LETTERS = (24, 16)
_SECRET, _CODE = "secret of a second factor", "recovery code"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_REFUSED = N_(
    "The code does not hold. Each holds for half a minute and is taken once: wait for the next and type that."
)
TOO_MANY_FACTORS = N_("You have as many second factors as there may be. Remove one first.")


def new_secret() -> str:
    return pyotp.random_base32()


def address_of(secret: str, login: str) -> str:
    """What an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The present step, if its code was typed: a code holds for its half minute and no longer (ASVS 6.5.5)."""
    typed = re.sub(r"\s", "", code)
    if not re.fullmatch("[0-9]{6}", typed):
        return None
    present = int(at.timestamp()) // STEP
    return present if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(present), typed) else None


def add_app(officer_id: int, name: str, secret: str, step: int) -> list[str]:
    """Add an app whose first code, of `step`, was typed; gives recovery codes when there were none."""
    return add(officer_id, TOTP, name, sealed.seal(_SECRET, {"secret": secret}), None, step)


def add(
    officer_id: int, kind: str, name: str, secret: str, credential: str | None, counter: int
) -> list[str]:
    """Add a factor; with the first come recovery codes, given here and never again.

    Raises:
        NotAllowedNow: there are as many as there may be.
    """
    if len(factors.of(officer_id)) >= MOST_FACTORS:
        raise NotAllowedNow(TOO_MANY_FACTORS)
    row = officer(officer_id)
    session().add(
        Factor(
            authority_path=row.authority_path,
            officer_id=officer_id,
            kind=kind,
            name=name,
            secret=secret,
            credential=credential,
            counter=counter,
            added_at=now(),
        )
    )
    tell(row, "factor_added", name)
    return [] if factors.codes_left(officer_id) else _new_codes(row)


def remove(officer_id: int, factor_id: int) -> str:
    """Remove a factor; with the last one its recovery codes fall. Gives its name.

    Raises:
        NotHere: the officer has no such factor.
    """
    rows = factors.rows_of(officer_id)
    row = next((one for one in rows if one.id == factor_id), None)
    if row is None:
        raise NotHere
    _end(row)
    if len(rows) == 1:
        factors.void_codes(officer_id, now())
    tell(officer(officer_id), "factor_removed", row.name)
    return row.name


def reset(officer_id: int) -> int:
    """Remove every factor of an officer for him, and end his sessions; how many factors there were."""
    rows = factors.rows_of(officer_id)
    for row in rows:
        _end(row)
    factors.void_codes(officer_id, now())
    sessions.end(officer_id, "reset", now())
    tell(officer(officer_id), "factors_reset")
    return len(rows)


def _end(row: Factor) -> None:
    row.removed_at, row.secret = now(), ""


def renew_codes(officer_id: int) -> list[str]:
    """New recovery codes in place of the old ones."""
    row = officer(officer_id)
    tell(row, "codes")
    return _new_codes(row)


def _new_codes(row: Officer) -> list[str]:
    factors.void_codes(row.id, now())
    codes = [_code() for _ in range(CODES)]
    session().add_all(
        RecoveryCode(
            authority_path=row.authority_path,
            officer_id=row.id,
            code_hash=sealed.mark(_CODE, _spelled(row.id, code)),
            made_at=now(),
        )
        for code in codes
    )
    return codes


def _code() -> str:
    """A hundred and twenty bits in six groups, without letters that are taken for digits.

    So many need no slow hash: whoever has the table and its key still finds none by trying.
    """
    signs = [secrets.choice(_ALPHABET) for _ in range(LETTERS[0])]
    return "-".join("".join(signs[start : start + 4]) for start in range(0, LETTERS[0], 4))


def _spelled(officer_id: int, code: str) -> str:
    return f"{officer_id}:{re.sub('[^A-Z0-9]', '', code.upper())}"


def check(officer_id: int, login: str, code: str, visitor: Visitor) -> bool:
    """Whether a code stands for the officer's second factor; it is used up, and a failure counted for the officer.

    Raises:
        TooMany: he must wait.
    """
    device, _ = visitor.place(officer_id)
    place = f"factor:{device}" if device.startswith("device:") else "factor"
    if guessing.counted(login, place, True, lambda: accept(officer_id, code) or None, "code", officer_id):
        return True
    if guesses.since_success(login, place, now() - guessing.DAY)[0] == guessing.PER_LOGIN:
        _warn(officer_id)
    return False


def accept(officer_id: int, code: str) -> bool:
    """Take a code of an app, or a recovery code, once; in a transaction of its own."""
    name, path = officers.home(officer_id)
    with acting(path, "sign_in.second_factor") as opened:
        opened.info["who"] = audit.Who(officer_id, name, path, "sign_in.second_factor")
        return _takes(officer_id, code)


def _takes(officer_id: int, code: str) -> bool:
    for held in factors.apps(officer_id):
        kept = sealed.unseal(_SECRET, held.secret)
        step = step_of(kept["secret"], code, now()) if kept else None
        if kept and step is not None:
            again = sealed.seal(_SECRET, kept)  # under the newest key, whichever it was sealed with
            return _first_use(held, step) and factors.take_count(held.id, step, now(), again)
    if len(re.sub("[^A-Za-z0-9]", "", code)) not in LETTERS:
        return False
    hashes = list(sealed.marks(_CODE, _spelled(officer_id, code)))
    if not factors.take_code(officer_id, hashes, now()):
        return False
    tell(officer(officer_id), "code_used", str(factors.codes_left(officer_id)))
    return True


def _first_use(held: Held, step: int) -> bool:
    """Spend a code, as a form key is spent: a signature may take one where the counter is not in scope."""
    if step <= held.counter:
        return False
    taken = form_keys.take(f"code.{held.id}.{step}", held.officer_id, "code")
    if not taken:
        session().rollback()
    return taken


def confirms(officer_id: int, login: str, code: str) -> bool:
    """Whether a code of his app stands for the officer's signature, taken in the transaction of the signature.

    Raises:
        TooMany: he failed too often.
    """
    guessing.may_confirm(login, "code again", officer_id)
    for held in factors.apps(officer_id):
        kept = sealed.unseal(_SECRET, held.secret)
        step = step_of(kept["secret"], code, now()) if kept else None
        if step is not None and _first_use(held, step):
            return True
    guessing.failed(login, "code again", officer_id)
    return False


def _warn(officer_id: int) -> None:
    """Whoever knows the password and not the code is to be noticed by whoever knows both."""
    _, path = officers.home(officer_id)
    with acting(path, "sign_in.wrong_codes"):
        tell(officer(officer_id), "wrong_codes")
