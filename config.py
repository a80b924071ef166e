"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
        migration_url: address for the role that owns the tables and alters them (`PORTAL_MIGRATION_URL`); by default
            that of `DATABASE_URL` does.
        address: where officers reach the portal (`PORTAL_ADDRESS`), such as `https://risk.customs.example`;
            passkeys belong to its name. In production there are none without it.
        old_secret_keys: keys of before (`PORTAL_OLD_SECRET_KEYS`, separated by commas), with which what they
            sealed is still read.
        second_factor_posts: posts whose holders need a second factor (`PORTAL_SECOND_FACTOR_POSTS`, separated by
            commas); by default administrators in production, nobody in development.
        signature_second_factor: whether a signature asks for a code too (`PORTAL_SIGNATURE_SECOND_FACTOR`).
        idle_minutes: how long a session lasts without a request (`PORTAL_IDLE_MINUTES`).
        session_hours: how long a session lasts in all (`PORTAL_SESSION_HOURS`).
    """

    name: str
    database_url: str
    data_dir: Path
    secret_key: str
    port: int
    proxies: int = 0
    migration_url: str = ""
    address: str = ""
    old_secret_keys: tuple[str, ...] = ()
    second_factor_posts: frozenset[str] = frozenset()
    signature_second_factor: bool = False
    idle_minutes: int = 30
    session_hours: int = 12

    @property
    def production(self) -> bool:
        return self.name == "production"


def read(environ: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises:
        Misconfigured: an unknown `PORTAL_ENV` or post, a number that is none, an address that is none, a database
            to migrate that is not the one to serve, or production without a secret key.
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
    url = _with_driver(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.db'}")
    owner = _with_driver(env.get("PORTAL_MIGRATION_URL") or "")
    if owner and not (owner.startswith("postgresql") and url.startswith("postgresql")):
        raise Misconfigured(
            "PORTAL_MIGRATION_URL names the owner of a PostgreSQL database; DATABASE_URL names another"
        )
    kept = secret or _kept_secret(data_dir)
    return Environment(
        name,
        url,
        data_dir,
        kept,
        int(port),
        int(proxies),
        migration_url=owner,
        address=_address(env.get("PORTAL_ADDRESS", "")),
        old_secret_keys=_listed(env.get("PORTAL_OLD_SECRET_KEYS", "")),
        second_factor_posts=_posts(env.get("PORTAL_SECOND_FACTOR_POSTS"), name),
        signature_second_factor=_yes(env, "PORTAL_SIGNATURE_SECOND_FACTOR"),
        idle_minutes=_whole(env, "PORTAL_IDLE_MINUTES", 30),
        session_hours=_whole(env, "PORTAL_SESSION_HOURS", 12),
    )


def _listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())


def _address(given: str) -> str:
    """Scheme and host, without a path: what a browser calls an origin."""
    parts = urlsplit(given)
    plain = f"{parts.scheme}://{parts.netloc}"
    if given and (parts.scheme not in ("http", "https") or not parts.hostname or given.rstrip("/") != plain):
        raise Misconfigured(f"PORTAL_ADDRESS must be like https://risk.customs.example, not {given!r}")
    return plain if given else ""


def _posts(given: str | None, name: str) -> frozenset[str]:
    """Posts that need a second factor."""
    from portal.levels.roles import Post

    if given is None:
        return frozenset({Post.ADMINISTRATOR.value}) if name == "production" else frozenset()
    posts, known = frozenset(_listed(given)), {post.value for post in Post}
    if posts - known:
        unknown, all_posts = ", ".join(sorted(posts - known)), ", ".join(sorted(known))
        raise Misconfigured(f"PORTAL_SECOND_FACTOR_POSTS knows no {unknown}; it knows {all_posts}")
    return posts


def _yes(env: dict[str, str], variable: str) -> bool:
    given = env.get(variable) or "no"
    if given not in ("yes", "no"):
        raise Misconfigured(f"{variable} must be yes or no, not {given!r}")
    return given == "yes"


def _whole(env: dict[str, str], variable: str, default: int) -> int:
    given = env.get(variable) or str(default)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 10_000:
        raise Misconfigured(f"{variable} must be a number from 1 to 9999, not {given!r}")
    return int(given)


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


def flask_settings(environment: Environment) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from the environment."""
    sqlite = environment.database_url.startswith("sqlite")
    return {
        "ENVIRONMENT": environment,
        "SECRET_KEY": environment.secret_key,
        "SECRET_KEY_FALLBACKS": list(environment.old_secret_keys),
        "SQLALCHEMY_DATABASE_URI": environment.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": {"timeout": 15}} if sqlite else {"pool_pre_ping": True},
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
