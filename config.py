"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).resolve().parent


class Misconfigured(RuntimeError):
    """The environment does not allow the portal to start; the message says what to set."""


@dataclass(frozen=True)
class Group:
    """A line of the mapping file: who is in the provider's group `name` holds this post."""

    name: str
    authority: str
    post: str
    unit: str = ""


@dataclass(frozen=True)
class SingleSignOn:
    """The OpenID Connect provider at which officers sign in.

    Attributes:
        issuer: its address, exactly as its tokens name it (`PORTAL_OIDC_ISSUER`).
        client_id, client_secret: as which the portal is registered there (`PORTAL_OIDC_CLIENT_ID`, `…_SECRET`).
        login_claim: the claim that holds the login (`PORTAL_OIDC_LOGIN_CLAIM`).
        groups_claim: the claim that lists the officer's groups (`PORTAL_OIDC_GROUPS_CLAIM`).
        groups: posts by group, from a TOML file (`PORTAL_OIDC_GROUPS`); None: groups give no posts.
        second_factors: values of the claims `amr` and `acr` by which the provider says that a second factor was used
            (`PORTAL_OIDC_SECOND_FACTORS`, separated by commas); none: it is never believed to have been.
        rsa_bits: the least size of a key with which the provider signs (`PORTAL_OIDC_RSA_BITS`).
        max_age: seconds since the officer gave his password or factor at the provider after which it must ask him
            again: as long as a session here lasts in all.
    """

    issuer: str
    client_id: str
    client_secret: str
    login_claim: str = "preferred_username"
    groups_claim: str = "groups"
    groups: tuple[Group, ...] | None = None
    second_factors: frozenset[str] = frozenset({"mfa"})
    rsa_bits: int = 3072
    max_age: int = 12 * 3600


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
            commas); by default all posts in production, none in development.
        signature_second_factor: whether a signature asks for a code too (`PORTAL_SIGNATURE_SECOND_FACTOR`).
        idle_minutes: how long a session lasts without a request (`PORTAL_IDLE_MINUTES`).
        session_hours: how long a session lasts in all (`PORTAL_SESSION_HOURS`).
        first_password_days: for how many days a password holds that somebody else gave
            (`PORTAL_FIRST_PASSWORD_DAYS`).
        sso: the provider of single sign-on, where there is one.
        break_glass_only: whether passwords open break-glass accounts alone (`PORTAL_LOCAL_SIGN_IN=break_glass`).
        read_only: pages are read and nothing is done (`PORTAL_READ_ONLY`); `flask read-only on` does it at run time.
        metrics_token: opens `/metrics` to whoever sends it (`PORTAL_METRICS_TOKEN`); empty, there is no such page.
        slow_query_ms: a query that takes longer is logged (`PORTAL_SLOW_QUERY_MS`); 0 logs none.
        log_format: "json" or "plain" (`PORTAL_LOG`); by default json in production.
        drain_seconds: how long a portal that was asked to stop goes on answering (`PORTAL_DRAIN_SECONDS`), so that
            a balancer sees at `/readyz` that it goes.
        house_share: how much of a busy worker's time one customs house may use, in per cent (`PORTAL_HOUSE_SHARE`);
            0 sets no bound.
        at_once: how many requests each worker of the web server computes at a time (`PORTAL_AT_ONCE`); more wait for
            their turn, but not for a long one. 0 sets no bound.
        costly_per_minute: how many exports, and how many back-tests and files, one officer may start in a minute in
            each worker; six times as many searches (`PORTAL_COSTLY_PER_MINUTE`). 0 sets no bound.
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
    first_password_days: int = 7
    sso: SingleSignOn | None = None
    break_glass_only: bool = False
    read_only: bool = False
    metrics_token: str = ""
    slow_query_ms: int = 500
    log_format: str = "plain"
    drain_seconds: int = 0
    house_share: int = 0
    at_once: int = 0
    costly_per_minute: int = 0

    @property
    def production(self) -> bool:
        return self.name == "production"


def read(environ: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises:
        Misconfigured: an unknown `PORTAL_ENV` or post, a number that is none, an address that is none, a switch that
            is neither on nor off, a short token, a database to migrate that is not the one to serve, production
            without a secret key, or single sign-on that is set in part.
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
    hours = _whole(env, "PORTAL_SESSION_HOURS", 12)
    sso = _single_sign_on(env, name, hours)
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
        session_hours=hours,
        first_password_days=_whole(env, "PORTAL_FIRST_PASSWORD_DAYS", 7),
        sso=sso,
        break_glass_only=_break_glass_only(env, sso),
        **_operation(env, name == "production"),
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

    known = frozenset(post.value for post in Post)
    if given is None:
        return known if name == "production" else frozenset()
    posts = frozenset(_listed(given))
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


def _single_sign_on(env: dict[str, str], name: str, hours: int) -> SingleSignOn | None:
    issuer = env.get("PORTAL_OIDC_ISSUER", "")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme not in (("https",) if name == "production" else ("https", "http")) or not parts.hostname:
        raise Misconfigured(f"PORTAL_OIDC_ISSUER must be like https://id.customs.example, not {issuer!r}")
    client, secret = env.get("PORTAL_OIDC_CLIENT_ID", ""), env.get("PORTAL_OIDC_CLIENT_SECRET", "")
    if not client or not secret:
        raise Misconfigured(
            "PORTAL_OIDC_ISSUER needs PORTAL_OIDC_CLIENT_ID and PORTAL_OIDC_CLIENT_SECRET beside it"
        )
    return SingleSignOn(
        issuer,
        client,
        secret,
        env.get("PORTAL_OIDC_LOGIN_CLAIM") or "preferred_username",
        env.get("PORTAL_OIDC_GROUPS_CLAIM") or "groups",
        _groups(env["PORTAL_OIDC_GROUPS"]) if env.get("PORTAL_OIDC_GROUPS") else None,
        frozenset(_listed(env.get("PORTAL_OIDC_SECOND_FACTORS", "mfa"))),
        _rsa_bits(env),
        hours * 3600,
    )


def _rsa_bits(env: dict[str, str]) -> int:
    bits = _whole(env, "PORTAL_OIDC_RSA_BITS", 3072)
    if bits < 2048:
        raise Misconfigured("PORTAL_OIDC_RSA_BITS must be 2048 or more: shorter keys have been broken")
    return bits


def _groups(file: str) -> tuple[Group, ...]:
    """The mapping file: `[[group]]` tables with `name`, `authority`, `post`, and `unit` where the post has one."""
    from portal.levels.roles import Post

    try:
        groups = tuple(
            Group(**line) for line in tomllib.loads(Path(file).read_text("utf-8")).get("group", [])
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise Misconfigured(f"PORTAL_OIDC_GROUPS: {file} cannot be used: {error}") from error
    for group in groups:
        if not all(isinstance(value, str) for value in vars(group).values()):
            raise Misconfigured(f"PORTAL_OIDC_GROUPS: {file}: every value is a text in quotation marks")
        if group.post not in {post.value for post in Post}:
            raise Misconfigured(
                f"PORTAL_OIDC_GROUPS: {file}: group {group.name!r} names no post: {group.post!r}"
            )
    return groups


def _break_glass_only(env: dict[str, str], sso: SingleSignOn | None) -> bool:
    local = env.get("PORTAL_LOCAL_SIGN_IN") or "all"
    if local not in ("all", "break_glass"):
        raise Misconfigured(f"PORTAL_LOCAL_SIGN_IN must be all or break_glass, not {local!r}")
    if local == "break_glass" and sso is None:
        raise Misconfigured("PORTAL_LOCAL_SIGN_IN=break_glass needs PORTAL_OIDC_ISSUER")
    return local == "break_glass"


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
        "house_share": _number(env, "PORTAL_HOUSE_SHARE", 20, 100),
        "at_once": _number(env, "PORTAL_AT_ONCE", 1, 64),
        "costly_per_minute": _number(env, "PORTAL_COSTLY_PER_MINUTE", 20, 10_000),
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


def _refuse_open_line(variable: str, address: str) -> None:
    """Nothing goes to a database on another machine in the open, or to one that proves nothing.

    Raises:
        Misconfigured: the address leads elsewhere without verified TLS.
    """
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    named = [parts.hostname or "", *asked.get("host", []), *asked.get("hostaddr", [])]
    hosts = [host for one in named for host in one.split(",") if host]
    here = all(host.startswith("/") or host in ("localhost", "127.0.0.1", "::1") for host in hosts)
    if not here and asked.get("sslmode") != ["verify-full"]:
        raise Misconfigured(f"{variable} leads to another machine: it needs sslmode=verify-full")


def flask_settings(environment: Environment) -> dict[str, Any]:
    """The settings of Flask and its extensions that follow from the environment.

    Raises:
        Misconfigured: the line to the database is not safe in production.
    """
    if environment.production:
        _refuse_open_line("DATABASE_URL", environment.database_url)
        _refuse_open_line("PORTAL_MIGRATION_URL", environment.migration_url)
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


def _engine_options(sqlite: bool, production: bool) -> dict[str, Any]:
    """How connections are made; in production a failed statement is logged without its values."""
    # a thread that waits beside others holds a connection: there are more of these than a web server has threads
    quiet = {"hide_parameters": production, "max_overflow": 30}
    if sqlite:
        return {"connect_args": {"timeout": 15}, **quiet}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}, **quiet}
