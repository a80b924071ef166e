"""Everything that the portal reads from its environment, in one place."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

HERE = Path(__file__).resolve().parent

#: What a file may hold in place of the environment (`…_FILE`): so systemd, Docker and agents of vaults hand it over.
SECRETS = (
    "SECRET_KEY",
    "PORTAL_OLD_SECRET_KEYS",
    "DATABASE_URL",
    "PORTAL_MIGRATION_URL",
    "PORTAL_OIDC_CLIENT_SECRET",
    "PORTAL_OIDC_CLIENT_KEY",
    "PORTAL_METRICS_TOKEN",
    "PORTAL_AUDIT_KEY",
    "PORTAL_SELECTION_KEY",
)


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
        client_key: the private key, as PEM, with which the portal proves there who it is, in place of a secret
            (`PORTAL_OIDC_CLIENT_KEY`).
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
    client_key: str = ""


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
        migration_url: address for the role that owns the tables (`PORTAL_MIGRATION_URL`); else `DATABASE_URL` does.
        address: where officers reach the portal (`PORTAL_ADDRESS`), such as `https://risk.customs.example`;
            passkeys belong to its name. In production there are none without it.
        address_authority: file of the authority that certifies that address (`PORTAL_ADDRESS_AUTHORITY`) in a
            network that is closed to the public; None: a public authority does.
        old_secret_keys: keys of before that still open what they sealed (`PORTAL_OLD_SECRET_KEYS`, by commas).
        second_factor_posts: posts whose holders need a second factor (`PORTAL_SECOND_FACTOR_POSTS`, separated by
            commas); by default all posts in production, none in development.
        signature_second_factor: whether a signature asks for a code too (`PORTAL_SIGNATURE_SECOND_FACTOR`).
        idle_minutes: how long a session lasts without a request (`PORTAL_IDLE_MINUTES`).
        session_hours: how long a session lasts in all (`PORTAL_SESSION_HOURS`).
        first_password_days: days for which a password holds that another gave (`PORTAL_FIRST_PASSWORD_DAYS`).
        sso: the provider of single sign-on, where there is one.
        break_glass_only: whether passwords open break-glass accounts alone (`PORTAL_LOCAL_SIGN_IN=break_glass`).
        read_only: pages are read and nothing is done (`PORTAL_READ_ONLY`); `flask read-only on` does it at run time.
        metrics_token: opens `/metrics` to whoever sends it (`PORTAL_METRICS_TOKEN`); empty, there is no such page.
        slow_query_ms: a query that takes longer is logged (`PORTAL_SLOW_QUERY_MS`); 0 logs none.
        log_format: "json" or "plain" (`PORTAL_LOG`); by default json in production.
        log_receiver: host and port of the machine that keeps the log too (`PORTAL_LOG_RECEIVER`); None: there is none.
        drain_seconds: how long a portal that was asked to stop still answers, and says so (`PORTAL_DRAIN_SECONDS`).
        house_share: how much of a busy worker's time one customs house may use, in per cent (`PORTAL_HOUSE_SHARE`);
            0 sets no bound.
        at_once: how many requests each worker of the web server computes at a time (`PORTAL_AT_ONCE`); more wait for
            their turn, but not for a long one. 0 sets no bound.
        costly_per_minute: how many exports, and how many back-tests and files, one officer may start in a minute in
            each worker; six times as many searches (`PORTAL_COSTLY_PER_MINUTE`). 0 sets no bound.
        bare_secrets: names of secrets that stand in the environment itself.
        secret_files: where the others were read (`…_FILE`), but for those that systemd or Docker guards.
        audit_key: signs the checkpoints (`PORTAL_AUDIT_KEY`, Ed25519 as PEM); empty: one that the data folder keeps.
        selection_key: the key of the draws (`PORTAL_SELECTION_KEY`, 64 hexadecimal digits); empty: as above.
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
    log_receiver: tuple[str, int] | None = None
    drain_seconds: int = 0
    house_share: int = 0
    at_once: int = 0
    costly_per_minute: int = 0
    bare_secrets: tuple[str, ...] = ()
    secret_files: tuple[Path, ...] = ()
    audit_key: str = ""
    selection_key: str = ""
    address_authority: Path | None = None

    @property
    def production(self) -> bool:
        return self.name == "production"


def read(environ: dict[str, str] | None = None) -> Environment:
    """Read the environment.

    Raises:
        Misconfigured: an unknown `PORTAL_ENV` or post, a number that is none, an address that is none, a switch that
            is neither on nor off, a short token, a database to migrate that is not the one to serve, production
            without a secret key, single sign-on that is set in part, or a secret's file that cannot be read.
    """
    env = dict(os.environ if environ is None else environ)
    bare = tuple(name for name in SECRETS if _is_secret(name, env.get(name, "")))
    files = tuple(_handed_over(env))
    name = env.get("PORTAL_ENV", "development")
    if name not in ("development", "production"):
        raise Misconfigured(f"PORTAL_ENV must be development or production, not {name!r}")
    data_dir = Path(env.get("PORTAL_DATA_DIR") or HERE / "var").resolve()
    port = env.get("PORT", "8000")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise Misconfigured(f"PORT must be a number from 1 to 65535, not {port!r}")
    secret = env.get("SECRET_KEY", "")
    if name == "production" and len(secret) < 32:
        raise Misconfigured("production needs SECRET_KEY: at least 32 characters known to nobody")
    url = _with_driver(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.db'}")
    owner = _with_driver(env.get("PORTAL_MIGRATION_URL") or "")
    if owner and not (owner.startswith("postgresql") and url.startswith("postgresql")):
        raise Misconfigured(
            "PORTAL_MIGRATION_URL names the owner of a PostgreSQL database; DATABASE_URL names another"
        )
    hours = _number(env, "PORTAL_SESSION_HOURS", 12, 9999, least=1)
    sso = _single_sign_on(env, name, hours)
    return Environment(
        name,
        url,
        data_dir,
        secret or _kept_secret(data_dir),
        int(port),
        _number(env, "PORTAL_PROXIES", 0, 9),
        migration_url=owner,
        address=_address(env.get("PORTAL_ADDRESS", "")),
        old_secret_keys=_listed(env.get("PORTAL_OLD_SECRET_KEYS", "")),
        second_factor_posts=_posts(env.get("PORTAL_SECOND_FACTOR_POSTS"), name),
        signature_second_factor=_either(env, "PORTAL_SIGNATURE_SECOND_FACTOR", "no", "yes"),
        idle_minutes=_number(env, "PORTAL_IDLE_MINUTES", 30, 9999, least=1),
        session_hours=hours,
        first_password_days=_number(env, "PORTAL_FIRST_PASSWORD_DAYS", 7, 9999, least=1),
        sso=sso,
        break_glass_only=_break_glass_only(env, sso),
        bare_secrets=bare,
        secret_files=files,
        audit_key=env.get("PORTAL_AUDIT_KEY", ""),
        selection_key=env.get("PORTAL_SELECTION_KEY", ""),
        **_operation(env, name == "production"),
    )


def _is_secret(name: str, given: str) -> bool:
    """Whether a value tells what nobody may know: an address of a database does so with a password alone."""
    if not name.endswith("_URL"):
        return bool(given)
    parts = parted(name, given)
    return bool(parts.password) or "password=" in parts.query


def parted(name: str, address: str) -> SplitResult:
    """The parts of an address of a database.

    Raises:
        Misconfigured: it is none; it is not repeated, for it may hold a password.
    """
    try:
        return urlsplit(address)
    except ValueError:
        raise Misconfigured(
            f"{name} is no address: write signs such as [ or / in a password as %5B or %2F"
        ) from None


def _handed_over(env: dict[str, str]) -> Iterator[Path]:
    """Put the secrets that files hold among the settings; those files that no store of the machine guards itself."""
    for name in SECRETS:
        if not (given := env.get(f"{name}_FILE")):
            continue
        if env.get(name):
            raise Misconfigured(f"{name} and {name}_FILE are both set: take one away")
        try:
            env[name] = Path(given).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{name}_FILE: {given} cannot be read: {error}") from error
        if not env[name]:
            raise Misconfigured(f"{name}_FILE: {given} is empty")
        if not Path(given).is_relative_to(env.get("CREDENTIALS_DIRECTORY") or "/run/secrets"):
            yield Path(given)


def _listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split("[,\n]", given) if part.strip())


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


def _single_sign_on(env: dict[str, str], name: str, hours: int) -> SingleSignOn | None:
    issuer = env.get("PORTAL_OIDC_ISSUER", "")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme not in (("https",) if name == "production" else ("https", "http")) or not parts.hostname:
        raise Misconfigured(f"PORTAL_OIDC_ISSUER must be like https://id.customs.example, not {issuer!r}")
    client, secret = env.get("PORTAL_OIDC_CLIENT_ID", ""), env.get("PORTAL_OIDC_CLIENT_SECRET", "")
    key = env.get("PORTAL_OIDC_CLIENT_KEY", "")
    if not client or bool(secret) == bool(key):
        raise Misconfigured(
            "PORTAL_OIDC_ISSUER needs PORTAL_OIDC_CLIENT_ID, and either PORTAL_OIDC_CLIENT_SECRET or "
            "PORTAL_OIDC_CLIENT_KEY, beside it"
        )
    return SingleSignOn(
        issuer,
        client,
        secret,
        env.get("PORTAL_OIDC_LOGIN_CLAIM") or "preferred_username",
        env.get("PORTAL_OIDC_GROUPS_CLAIM") or "groups",
        _groups(env["PORTAL_OIDC_GROUPS"]) if env.get("PORTAL_OIDC_GROUPS") else None,
        frozenset(_listed(env.get("PORTAL_OIDC_SECOND_FACTORS", "mfa"))),
        _number(env, "PORTAL_OIDC_RSA_BITS", 3072, 9999, least=2048),  # shorter keys have been broken
        hours * 3600,
        key,
    )


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
    alone = _either(env, "PORTAL_LOCAL_SIGN_IN", "all", "break_glass")
    if alone and sso is None:
        raise Misconfigured("PORTAL_LOCAL_SIGN_IN=break_glass needs PORTAL_OIDC_ISSUER")
    return alone


def _operation(env: dict[str, str], production: bool) -> dict[str, Any]:
    """What an operator sets about watching the portal and about stopping it."""
    token = env.get("PORTAL_METRICS_TOKEN", "")
    if token and len(token) < 16:
        raise Misconfigured("PORTAL_METRICS_TOKEN must have at least 16 characters")
    authority = env.get("PORTAL_ADDRESS_AUTHORITY", "")
    log_format = env.get("PORTAL_LOG") or ("json" if production else "plain")
    if log_format not in ("json", "plain"):
        raise Misconfigured(f"PORTAL_LOG must be json or plain, not {log_format!r}")
    return {
        "read_only": _either(env, "PORTAL_READ_ONLY", "0", "1"),
        "metrics_token": token,
        "slow_query_ms": _number(env, "PORTAL_SLOW_QUERY_MS", 500, 600_000),
        "log_format": log_format,
        "log_receiver": _receiver(env.get("PORTAL_LOG_RECEIVER", "")),
        "address_authority": Path(authority) if authority else None,
        "drain_seconds": _number(env, "PORTAL_DRAIN_SECONDS", 0, 600),
        "house_share": _number(env, "PORTAL_HOUSE_SHARE", 20, 100),
        "at_once": _number(env, "PORTAL_AT_ONCE", 1, 64),
        "costly_per_minute": _number(env, "PORTAL_COSTLY_PER_MINUTE", 20, 10_000),
    }


def _receiver(given: str) -> tuple[str, int] | None:
    """Host and port of a receiver of the log; 6514 is the port of syslog over TLS (RFC 5425)."""
    try:
        parts = urlsplit(f"//{given}")
        host, port = parts.hostname, parts.port or 6514
    except ValueError:
        host, port = None, 0
    named = host and (":" in host or re.fullmatch(r"[0-9a-z_-]{1,63}(\.[0-9a-z_-]{1,63})*", host))
    if given and (not named or parts.netloc != given or "@" in given):
        raise Misconfigured(f"PORTAL_LOG_RECEIVER must be like logs.customs.example:6514, not {given!r}")
    return (host, port) if host else None


def _either(env: dict[str, str], name: str, no: str, yes: str) -> bool:
    said = env.get(name) or no
    if said not in (no, yes):
        raise Misconfigured(f"{name} must be {no} or {yes}, not {said!r}")
    return said == yes


def _number(env: dict[str, str], name: str, default: int, most: int, least: int = 0) -> int:
    said = env.get(name) or str(default)
    if not said.isascii() or not said.isdigit() or len(said) > 7 or not least <= int(said) <= most:
        raise Misconfigured(f"{name} must be a whole number from {least} to {most}, not {said!r}")
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
