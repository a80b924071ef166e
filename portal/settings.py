"""The settings of Flask and its extensions, as they follow from what the operator set."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from config import Environment, Misconfigured, parted


def _refuse_open_line(variable: str, address: str) -> None:
    """Nothing goes to a database on another machine in the open, or to one that proves nothing.

    Raises:
        Misconfigured: the address leads elsewhere without verified TLS.
    """
    parts = parted(variable, address)
    asked = parse_qs(parts.query)
    named = [parts.hostname or "", *asked.get("host", []), *asked.get("hostaddr", [])]
    hosts = [host for one in named for host in one.split(",") if host]
    here = all(host.startswith("/") or host in ("localhost", "127.0.0.1", "::1") for host in hosts)
    if not here and asked.get("sslmode") != ["verify-full"]:
        raise Misconfigured(f"{variable} leads to another machine: it needs sslmode=verify-full")


def flask_settings(environment: Environment) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from the environment.

    Raises:
        Misconfigured: the line to the database is not safe in production, or a key that is handed over is none.
    """
    if environment.production:
        _refuse_open_line("DATABASE_URL", environment.database_url)
        _refuse_open_line("PORTAL_MIGRATION_URL", environment.migration_url)
    if environment.sso and environment.sso.client_key:
        _refuse_weak_key(environment.sso.client_key)
    _refuse_what_is_no_key(environment)
    sqlite = environment.database_url.startswith("sqlite")
    return {
        "ENVIRONMENT": environment,
        "SECRET_KEY": environment.secret_key,
        "SECRET_KEY_FALLBACKS": list(environment.old_secret_keys),
        "SQLALCHEMY_DATABASE_URI": environment.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(sqlite, environment.production),
        "SESSION_COOKIE_NAME": "portal",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": environment.production,
        # the session ends in the database; its cookie outlives it, so that what is typed meanwhile finds its officer
        "PERMANENT_SESSION_LIFETIME": (environment.session_hours + 24) * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "BABEL_DEFAULT_LOCALE": "en",
        "LANGUAGES": ("en", "ru"),
        "MAIL_BACKEND": "console" if not environment.production else "file",
    }


def _refuse_weak_key(pem: str) -> None:
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    try:
        key = RSAKey.import_key(pem)
    except (JoseError, ValueError, TypeError):
        key = None
    if key is None or not key.is_private:
        raise Misconfigured("PORTAL_OIDC_CLIENT_KEY is no private key of RSA as PEM")
    if key.raw_value.key_size < 3072:
        raise Misconfigured(
            f"PORTAL_OIDC_CLIENT_KEY has {key.raw_value.key_size} bits: it needs 3072 or more"
        )


def _refuse_what_is_no_key(environment: Environment) -> None:
    """Better now than when the first checkpoint is signed, or the first declaration drawn."""
    from portal.documents import audit_key

    if environment.audit_key:
        try:
            audit_key.parsed(environment.audit_key)
        except ValueError as error:
            raise Misconfigured("PORTAL_AUDIT_KEY is no private key of Ed25519 as PEM") from error
    if environment.selection_key and not re.fullmatch("[0-9a-fA-F]{64}", environment.selection_key):
        raise Misconfigured("PORTAL_SELECTION_KEY must have 64 hexadecimal digits")


def _engine_options(sqlite: bool, production: bool) -> dict[str, Any]:
    """How connections are made; in production a failed statement is logged without its values."""
    # a thread that waits beside others holds a connection: there are more of these than a web server has threads
    quiet = {"hide_parameters": production, "max_overflow": 30}
    if sqlite:
        return {"connect_args": {"timeout": 15}, **quiet}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}, **quiet}
