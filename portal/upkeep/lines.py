"""Checks of how the portal is bound to what is around it: certificates, the log's receiver, secrets."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import certifi

from portal import tls
from portal.documents import audit_key
from portal.store import selection_key
from portal.upkeep.check import Check, Found, Patient, fault, good, unless, warning

#: How long before its end a certificate wants to be renewed.
RENEWED = timedelta(days=14)
_OUTSIDE = "outside production none is asked for"


def certificate(patient: Patient) -> Found:
    if not patient.environment.production:
        return good(_OUTSIDE)
    parts = urlsplit(patient.environment.address)
    if not parts.hostname:
        return warning("PORTAL_ADDRESS is not set: nobody knows where officers reach the portal")
    if parts.scheme != "https":
        return fault(f"{patient.environment.address} is reached in the open")
    closed = patient.environment.address_authority
    try:
        trust = tls.trusting(closed or Path(certifi.where()))
    except OSError as error:
        return fault(f"PORTAL_ADDRESS_AUTHORITY: {closed} holds no authority: {error.strerror or error}")
    try:
        with tls.connected(parts.hostname, parts.port or 443, trust) as line:
            ends = ssl.cert_time_to_seconds(str((line.getpeercert() or {})["notAfter"]))
    except ssl.SSLCertVerificationError as error:
        whose = f"who trusts {closed} alone refuses" if closed else "browsers refuse"
        return fault(f"{whose} its certificate: {error.verify_message}")
    except ssl.SSLError as error:
        return fault(f"{patient.environment.address} speaks no TLS that this machine speaks: {error.reason}")
    except OSError as error:
        return warning(f"{patient.environment.address} does not answer here: {error}")
    until = datetime.fromtimestamp(ends, UTC)
    words = f"{closed or 'a public authority'} certifies it until {until:%Y-%m-%d}"
    return warning(words) if until - patient.at < RENEWED else good(words)


def receiver(patient: Patient) -> Found:
    place = patient.environment.log_receiver
    if not place:
        return warning("lines of the log stay here") if patient.environment.production else good(_OUTSIDE)
    try:
        tls.connected(*place).close()
    except OSError as error:
        return fault(f"{place[0]}:{place[1]} takes no lines: {error}")
    return good(f"{place[0]}:{place[1]} takes lines")


def secrets(patient: Patient) -> Found:
    if not patient.environment.production:
        return good(_OUTSIDE)
    open_ = [str(file) for file in patient.environment.secret_files if file.stat().st_mode & 0o077]
    if open_:
        return fault("others may read " + ", ".join(open_))
    bare = (f"{name} stands in the environment" for name in patient.environment.bare_secrets)
    return unless((*bare, *_own_keys(patient)), "each is read from a file for its owner alone", "warning")


def _own_keys(patient: Patient) -> Iterator[str]:
    """Keys that no store of secrets keeps; and those that one keeps, but not alone."""
    environment = patient.environment
    for name, handed_over, kept in (
        ("PORTAL_AUDIT_KEY", environment.audit_key, audit_key.NAME),
        ("PORTAL_SELECTION_KEY", environment.selection_key, selection_key.NAME),
    ):
        if not handed_over:
            yield f"the portal keeps {name} itself, in keys/{kept}"
        elif (patient.data_dir / "keys" / kept).exists():
            yield f"keys/{kept} is left, though {name} is handed over"


def login(patient: Patient) -> Found:
    if not patient.environment.production:
        return good(_OUTSIDE)
    addresses = {
        "DATABASE_URL": patient.environment.database_url,
        "PORTAL_MIGRATION_URL": patient.environment.migration_url,
    }
    known = (f"{name} holds a password" for name, address in addresses.items() if _by_password(address))
    return unless(known, "no address holds a password", "warning")


def _by_password(address: str) -> bool:
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    return bool(parts.password or "password" in asked or "passfile" in asked)


CHECKS = (
    Check(
        "lines.certificate",
        f"In production a public authority certifies the portal's address for {RENEWED.days} days more; in a closed "
        "network the one that PORTAL_ADDRESS_AUTHORITY names.",
        "Renew it at a public authority; set PORTAL_ADDRESS; where the network is closed, PORTAL_ADDRESS_AUTHORITY.",
        certificate,
        asks_tables=False,
    ),
    Check(
        "lines.log_receiver",
        "In production another machine keeps the log too, and takes lines.",
        "Set PORTAL_LOG_RECEIVER; or see that it runs and that its certificate is trusted here. Lines wait meanwhile.",
        receiver,
        asks_tables=False,
    ),
    Check(
        "lines.secrets",
        "In production secrets come from files that a store of secrets hands over, for the portal's account alone.",
        "Set `…_FILE` in place of the variable, and `chmod 600` the file. Give what `keys` holds to the store, and "
        "delete it here when the portal has started with it.",
        secrets,
        asks_tables=False,
    ),
    Check(
        "lines.login",
        "In production the roles of the database sign in without a password that lasts.",
        "Let PostgreSQL ask for a certificate (`cert` in pg_hba.conf, `sslcert` and `sslkey` in the address), or for "
        "the account of the same machine (`peer`).",
        login,
        asks_tables=False,
    ),
)
