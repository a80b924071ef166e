"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).resolve().parent


class Misconfigured(RuntimeError):
    """The environment does not allow the portal to start; the message says what to set."""


@dataclass(frozen=True)
class Environment:
    """The settings that an operator makes.

    Attributes:
        name: "development" or "production" (`PORTAL_ENV`).
        database_url: SQLAlchemy address (`DATABASE_URL`); by default SQLite in the data folder.
        data_dir: columnar history, attachments, keys, mail files (`PORTAL_DATA_DIR`); by default `var/`.
        secret_key: signs sessions (`SECRET_KEY`); compulsory in production.
        port: where `make run` listens (`PORT`).
        proxies: how many reverse proxies of one's own stand before the portal (`PORTAL_PROXIES`); each must set
            `X-Forwarded-For` and `X-Forwarded-Proto`. By default none, and these headers are not believed.
    """

    name: str
    database_url: str
    data_dir: Path
    secret_key: str
    port: int
    proxies: int = 0

    @property
    def production(self) -> bool:
        return self.name == "production"


def read(environ: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises:
        Misconfigured: an unknown `PORTAL_ENV`, a `PORT` or number of proxies that is none, or production without
            a secret key.
    """
    env = dict(os.environ if environ is None else environ)
    name = env.get("PORTAL_ENV", "development")
    if name not in ("development", "production"):
        raise Misconfigured(f"PORTAL_ENV must be development or production, not {name!r}")
    data_dir = Path(env.get("PORTAL_DATA_DIR") or HERE / "var").resolve()
    port = env.get("PORT", "8000")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise Misconfigured(f"PORT must be a number from 1 to 65535, not {port!r}")
    proxies = env.get("PORTAL_PROXIES") or "0"
    if len(proxies) != 1 or proxies not in "0123456789":
        raise Misconfigured(f"PORTAL_PROXIES must be the number of proxies, from 0 to 9, not {proxies!r}")
    secret = env.get("SECRET_KEY", "")
    if name == "production" and len(secret) < 32:
        raise Misconfigured("production needs SECRET_KEY: at least 32 characters known to nobody")
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.db'}"
    kept = secret or _kept_secret(data_dir)
    return Environment(name, _with_driver(url), data_dir, kept, int(port), int(proxies))


def _with_driver(url: str) -> str:
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(data_dir: Path) -> str:
    """A development key made once for this data folder, so that a restart signs nobody out."""
    kept = data_dir / "keys" / "development-secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_hex(32))
        kept.chmod(0o600)
    return kept.read_text()


def new_password() -> str | None:
    """The password for `flask users add` (`PORTAL_NEW_PASSWORD`), where nobody sits to type it."""
    return os.environ.get("PORTAL_NEW_PASSWORD")


def _refuse_open_line(environment: Environment) -> None:
    """In production nothing goes to a database on another machine in the open, or to one that proves nothing.

    Raises:
        Misconfigured: `DATABASE_URL` leads elsewhere without verified TLS.
    """
    parts = urlsplit(environment.database_url)
    asked = parse_qs(parts.query)
    host = parts.hostname or asked.get("host", [""])[0]
    here = not host or host.startswith("/") or host in ("localhost", "127.0.0.1", "::1")
    verified = asked.get("sslmode", [""])[-1] in ("verify-full", "verify-ca")
    if environment.production and not here and not verified:
        raise Misconfigured("DATABASE_URL leads to another machine: it needs sslmode=verify-full")


def flask_settings(environment: Environment) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from the environment.

    Raises:
        Misconfigured: the line to the database is not safe in production.
    """
    _refuse_open_line(environment)
    sqlite = environment.database_url.startswith("sqlite")
    return {
        "ENVIRONMENT": environment,
        "SECRET_KEY": environment.secret_key,
        "SQLALCHEMY_DATABASE_URI": environment.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"timeout": 15}} if sqlite else {"pool_pre_ping": True},
        "SESSION_COOKIE_NAME": "portal",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": environment.production,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "BABEL_DEFAULT_LOCALE": "en",
        "LANGUAGES": ("en", "ru"),
        "MAIL_BACKEND": "console" if not environment.production else "file",
    }
