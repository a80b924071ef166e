"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        read_only: pages are read and nothing is done (`PORTAL_READ_ONLY`); `flask read-only on` does it at run time.
        metrics_token: opens `/metrics` to whoever sends it (`PORTAL_METRICS_TOKEN`); empty, there is no such page.
        slow_query_ms: a query that takes longer is logged (`PORTAL_SLOW_QUERY_MS`); 0 logs none.
        log_format: "json" or "plain" (`PORTAL_LOG`); by default json in production.
        drain_seconds: how long a portal that was asked to stop goes on answering (`PORTAL_DRAIN_SECONDS`), so that
            a balancer sees at `/readyz` that it goes.
    """

    name: str
    database_url: str
    data_dir: Path
    secret_key: str
    port: int
    proxies: int = 0
    read_only: bool = False
    metrics_token: str = ""
    slow_query_ms: int = 500
    log_format: str = "plain"
    drain_seconds: int = 0

    @property
    def production(self) -> bool:
        return self.name == "production"


def read(environ: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises:
        Misconfigured: an unknown `PORTAL_ENV`, a `PORT` or another number that is none, a switch that is neither
            on nor off, a short token, or production without a secret key.
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
    return Environment(
        name,
        _with_driver(url),
        data_dir,
        kept,
        int(port),
        int(proxies),
        **_operation(env, name == "production"),
    )


def _operation(env: dict[str, str], production: bool) -> dict[str, Any]:
    """What an operator sets about watching the portal and about stopping it."""
    token = env.get("PORTAL_METRICS_TOKEN", "")
    if token and len(token) < 16:
        raise Misconfigured("PORTAL_METRICS_TOKEN must have at least 16 characters")
    log_format = env.get("PORTAL_LOG") or ("json" if production else "plain")
    if log_format not in ("json", "plain"):
        raise Misconfigured(f"PORTAL_LOG must be json or plain, not {log_format!r}")
    return {
        "read_only": _switch(env, "PORTAL_READ_ONLY"),
        "metrics_token": token,
        "slow_query_ms": _number(env, "PORTAL_SLOW_QUERY_MS", 500, 600_000),
        "log_format": log_format,
        "drain_seconds": _number(env, "PORTAL_DRAIN_SECONDS", 0, 600),
    }


def _switch(env: dict[str, str], name: str) -> bool:
    said = env.get(name) or "0"
    if said not in ("0", "1"):
        raise Misconfigured(f"{name} must be 0 or 1, not {said!r}")
    return said == "1"


def _number(env: dict[str, str], name: str, default: int, most: int) -> int:
    said = env.get(name) or str(default)
    if not said.isascii() or not said.isdigit() or len(said) > 7 or int(said) > most:
        raise Misconfigured(f"{name} must be a whole number from 0 to {most}, not {said!r}")
    return int(said)


def _with_driver(url: str) -> str:
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(data_dir: Path) -> str:
    """A development key made once for this data folder, so that a restart signs nobody out."""
    kept = data_dir / "keys" / "development-secret"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept.write_text(secrets.token_hex(32))
        kept.chmod(0o600)
    return kept.read_text()


def new_password() -> str | None:
    """The password for `flask users add` (`PORTAL_NEW_PASSWORD`), where nobody sits to type it."""
    return os.environ.get("PORTAL_NEW_PASSWORD")


def flask_settings(environment: Environment) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from the environment."""
    sqlite = environment.database_url.startswith("sqlite")
    return {
        "ENVIRONMENT": environment,
        "SECRET_KEY": environment.secret_key,
        "SQLALCHEMY_DATABASE_URI": environment.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(sqlite, environment.production),
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


def _engine_options(sqlite: bool, production: bool) -> dict[str, Any]:
    """How connections are made; in production a failed statement is logged without its values."""
    quiet = {"hide_parameters": production}
    if sqlite:
        return {"connect_args": {"timeout": 15}, **quiet}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}, **quiet}
