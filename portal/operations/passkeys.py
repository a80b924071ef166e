"""Registers passkeys and takes their answers; the person must be verified by the device, each challenge serves once."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.models.identity import PASSKEY
from portal.operations import sealed, second_factors
from portal.store import audit, factors, form_keys, officers
from portal.store.engine import writing
from portal.store.factors import Held
from portal.store.officers import SignedIn
from portal.store.session import acting, session
from portal.workflow.clock import now

#: How long a page that offers a passkey may stand open.
CHALLENGE_LASTS = timedelta(minutes=30)
_REGISTER, _SIGN_IN = "passkey to be registered", "passkey to sign in"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Party:
    """The portal, as passkeys know it: the name to which they belong, and the origin of its pages."""

    name: str
    origin: str


@dataclass(frozen=True)
class Offer:
    """What a page gives the browser, and what must come back with its answer."""

    options: str
    challenge: str


def register_offer(party: Party, officer: SignedIn) -> Offer:
    """What the browser needs to make a passkey."""
    held = [one for one in factors.of(officer.id) if one.credential]
    made = webauthn.generate_registration_options(
        rp_id=party.name,
        rp_name=second_factors.ISSUER,
        user_id=_handle(officer.id),
        user_name=officer.login,
        user_display_name=officer.name,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(one) for one in held],
    )
    return _offer(made, _REGISTER, officer.id)


def sign_in_offer(party: Party, officer_id: int = 0) -> Offer:
    """What the browser needs to answer with a passkey: of an officer, or (0) of whoever holds one."""
    held = [one for one in factors.of(officer_id) if one.credential] if officer_id else []
    made = webauthn.generate_authentication_options(
        rp_id=party.name,
        allow_credentials=[_descriptor(one) for one in held],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _offer(made, _SIGN_IN, officer_id)


def _offer(made: Any, purpose: str, officer_id: int) -> Offer:
    challenge = bytes_to_base64url(made.challenge)
    token = sealed.seal(purpose, {"challenge": challenge, "officer": officer_id})
    return Offer(webauthn.options_to_json(made), token)


def _handle(officer_id: int) -> bytes:
    """Names the officer to his device and to nobody else."""
    return hmac.digest(sealed.mark("passkey user", str(officer_id)).encode(), b"", hashlib.sha256)


def _descriptor(held: Held) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(held.credential or ""))


def register(party: Party, officer: SignedIn, name: str, credential: str, token: str) -> list[str] | None:
    """Add the passkey that a browser made; recovery codes with the first factor, None when it does not hold.

    Raises:
        NotAllowedNow: there are as many factors as there may be.
    """
    asked = sealed.unseal(_REGISTER, token, CHALLENGE_LASTS)
    if asked is None or asked["officer"] != officer.id:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(asked["challenge"]),
            expected_rp_id=party.name,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as fault:  # whatever a browser, or somebody in its place, may send
        log.info("a passkey of %s was not registered: %s", officer.login, fault)
        return None
    key = bytes_to_base64url(made.credential_public_key)
    number = bytes_to_base64url(made.credential_id)
    if factors.by_credential(number) is not None:
        return None
    return second_factors.add(officer.id, PASSKEY, name, key, number, made.sign_count)


def answered(party: Party, credential: str, token: str) -> int | None:
    """The officer whose passkey answered the challenge, which serves once; None when the answer does not hold."""
    asked = sealed.unseal(_SIGN_IN, token, CHALLENGE_LASTS)
    held = _named(credential) if asked else None
    if asked is None or held is None or asked["officer"] not in (0, held.officer_id):
        return None
    try:
        seen = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(asked["challenge"]),
            expected_rp_id=party.name,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(held.secret),
            credential_current_sign_count=held.counter,
            require_user_verification=True,
        )
    except Exception as fault:
        log.info("a passkey of officer %s was not taken: %s", held.officer_id, fault)
        return None
    if not _first_time(asked["challenge"], held.officer_id):
        return None
    return held.officer_id if _counts_on(held, seen.new_sign_count) else None


def _named(credential: str) -> Held | None:
    try:
        number = parse_authentication_credential_json(credential).raw_id
    except Exception:
        return None
    return factors.by_credential(bytes_to_base64url(number))


def _first_time(challenge: str, officer_id: int) -> bool:
    """Spend the challenge, as a form key is spent: an answer that was seen on its way opens nothing again."""
    session().rollback()
    with writing():
        taken = form_keys.take(hashlib.sha256(challenge.encode()).hexdigest(), officer_id, "passkey")
        if taken:
            session().commit()
        else:
            session().rollback()
    return taken


def _counts_on(held: Held, count: int) -> bool:
    name, path = officers.home(held.officer_id)
    with acting(path, "sign_in.passkey") as opened:
        opened.info["who"] = audit.Who(held.officer_id, name, path, "sign_in.passkey")
        return factors.take_count(held.id, count, now())
