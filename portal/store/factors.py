"""The second factors of an officer: what is asked for at sign-in, and taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Update, func, or_, select, update

from portal.models import Factor, RecoveryCode
from portal.models.identity import PASSKEY, TOTP
from portal.store.gateway import unscoped
from portal.store.session import session

_WHY = "the officer's own second factors, before he has entered"


@dataclass(frozen=True)
class Held:
    """One factor of an officer."""

    id: int
    officer_id: int
    kind: str
    name: str
    secret: str
    credential: str | None
    counter: int
    added_at: datetime
    used_at: datetime | None

    @property
    def is_passkey(self) -> bool:
        return self.kind == PASSKEY


_COLUMNS = (
    Factor.id,
    Factor.officer_id,
    Factor.kind,
    Factor.name,
    Factor.secret,
    Factor.credential,
    Factor.counter,
    Factor.added_at,
    Factor.used_at,
)


def of(officer_id: int) -> list[Held]:
    """The factors of an officer, the oldest first."""
    asked = select(*_COLUMNS).where(Factor.officer_id == officer_id, Factor.removed_at.is_(None))
    return [Held(*row) for row in session().execute(unscoped(asked.order_by(Factor.id), _WHY))]


def apps(officer_id: int) -> list[Held]:
    """His apps that show codes."""
    return [held for held in of(officer_id) if held.kind == TOTP]


def by_credential(credential: str) -> Held | None:
    """The passkey that a browser names."""
    asked = select(*_COLUMNS).where(Factor.credential == credential, Factor.removed_at.is_(None))
    row = session().execute(unscoped(asked, _WHY)).one_or_none()
    return Held(*row) if row else None


def codes_left(officer_id: int) -> int:
    """How many recovery codes still stand."""
    asked = select(func.count(RecoveryCode.id)).where(RecoveryCode.officer_id == officer_id, *_standing())
    return session().scalar(unscoped(asked, _WHY)) or 0


def _standing() -> tuple[ColumnElement[bool], ...]:
    return RecoveryCode.used_at.is_(None), RecoveryCode.void_at.is_(None)


def take_count(factor_id: int, count: int, at: datetime, secret: str | None = None) -> bool:
    """Move the counter of a factor on; False when it has been there already: what was used is used once.

    A passkey that counts nothing stays at zero.
    """
    values: dict[str, object] = {"counter": count, "used_at": at}
    if secret is not None:
        values["secret"] = secret
    uncounting = (Factor.counter == 0) & (Factor.kind == PASSKEY) if count == 0 else None
    grows = Factor.counter < count
    changed = update(Factor).where(
        Factor.id == factor_id,
        Factor.removed_at.is_(None),
        grows if uncounting is None else or_(grows, uncounting),
    )
    return _one(changed.values(**values))


def take_code(officer_id: int, hashes: list[str], at: datetime) -> bool:
    """Use up a recovery code; False when there is none such, or it was used."""
    changed = update(RecoveryCode).where(
        RecoveryCode.officer_id == officer_id, RecoveryCode.code_hash.in_(hashes), *_standing()
    )
    return _one(changed.values(used_at=at))


def void_codes(officer_id: int, at: datetime) -> None:
    """Let no recovery code of the officer stand any longer."""
    changed = update(RecoveryCode).where(RecoveryCode.officer_id == officer_id, *_standing())
    session().execute(changed.values(void_at=at).execution_options(synchronize_session=False))


def _one(changed: Update) -> bool:
    done = session().execute(changed.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an update counts its rows


def rows_of(officer_id: int) -> list[Factor]:
    """The rows themselves, in scope, to be changed."""
    asked = select(Factor).where(Factor.officer_id == officer_id, Factor.removed_at.is_(None))
    return list(session().scalars(asked.order_by(Factor.id)))
