"""What the environment may say, and what makes the portal refuse to start."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from portal.levels.roles import Post
from portal.settings import flask_settings


def read(tmp_path: Path, **variables: str) -> config.Environment:
    return config.read({"PORTAL_DATA_DIR": str(tmp_path), **variables})


def test_the_defaults_are_embedded(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.name, found.port, found.production) == ("development", 8000, False)
    assert found.database_url == f"sqlite:///{tmp_path}/portal.db"


OIDC = {
    "PORTAL_OIDC_ISSUER": "https://id.example",
    "PORTAL_OIDC_CLIENT_ID": "portal",
    "PORTAL_OIDC_CLIENT_SECRET": "secret",
}


def test_single_sign_on_with_posts_by_group(tmp_path: Path) -> None:
    assert read(tmp_path).sso is None
    file = tmp_path / "groups.toml"
    file.write_text('[[group]]\nname = "g"\nauthority = "10130000"\npost = "officer"\nunit = "Goods unit"\n')
    found = read(tmp_path, **OIDC, PORTAL_OIDC_GROUPS=str(file), PORTAL_LOCAL_SIGN_IN="break_glass")
    assert found.break_glass_only
    assert found.sso == config.SingleSignOn(
        "https://id.example", "portal", "secret", "preferred_username", "groups",
        (config.Group("g", "10130000", "officer", "Goods unit"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "believed"), [(None, {"mfa"}), ("", set()), ("otp, urn:strong", {"otp", "urn:strong"})]
)
def test_what_the_provider_says_of_second_factors(
    tmp_path: Path, given: str | None, believed: set[str]
) -> None:
    said = {} if given is None else {"PORTAL_OIDC_SECOND_FACTORS": given}
    sso = read(tmp_path, **OIDC, **said).sso
    assert sso is not None
    assert sso.second_factors == believed
    assert (sso.rsa_bits, sso.max_age) == (3072, 12 * 3600)
    other = read(tmp_path, **OIDC, PORTAL_OIDC_RSA_BITS="2048", PORTAL_SESSION_HOURS="8").sso
    assert other is not None
    assert (other.rsa_bits, other.max_age) == (2048, 8 * 3600)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({**OIDC, "PORTAL_OIDC_CLIENT_SECRET": ""}, "needs PORTAL_OIDC_CLIENT_ID"),
        ({**OIDC, "PORTAL_OIDC_CLIENT_KEY": "both"}, "either"),
        ({**OIDC, "PORTAL_OIDC_ISSUER": "id.example"}, "must be like"),
        ({**OIDC, "PORTAL_OIDC_ISSUER": "http://id.example", "PORTAL_ENV": "production", "SECRET_KEY": "k" * 40},
         "must be like"),
        ({**OIDC, "PORTAL_OIDC_GROUPS": "/nowhere"}, "cannot be used"),
        ({**OIDC, "PORTAL_LOCAL_SIGN_IN": "none"}, "must be all or break_glass"),
        ({"PORTAL_LOCAL_SIGN_IN": "break_glass"}, "needs PORTAL_OIDC_ISSUER"),
    ],
)  # fmt: skip
def test_single_sign_on_set_in_part_is_refused(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    with pytest.raises(config.Misconfigured, match=said):
        read(tmp_path, **variables)


@pytest.mark.parametrize(
    "line",
    ["nonsense", '[[group]]\nname = "g"', '[[group]]\nname = "g"\nauthority = 1\npost = "officer"',
     '[[group]]\nname = "g"\nauthority = "1"\npost = "emperor"', "group = 7", 'group = ["x"]'],
)  # fmt: skip
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "groups.toml").write_text(line)
    with pytest.raises(config.Misconfigured, match="PORTAL_OIDC_GROUPS"):
        read(tmp_path, **OIDC, PORTAL_OIDC_GROUPS=str(tmp_path / "groups.toml"))


def test_the_key_of_a_development_folder_is_kept(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert len(first) == 64
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "keys" / "development-secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_production_refuses_to_start_without_a_secret_key(tmp_path: Path, key: str) -> None:
    with pytest.raises(config.Misconfigured, match="SECRET_KEY"):
        read(tmp_path, PORTAL_ENV="production", SECRET_KEY=key)
    assert not (tmp_path / "keys").exists()


def test_production_takes_its_key_and_secures_the_cookie(tmp_path: Path) -> None:
    found = read(tmp_path, PORTAL_ENV="production", SECRET_KEY="k" * 32)
    settings = flask_settings(found)
    assert settings["SECRET_KEY"] == "k" * 32
    assert settings["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////x.db", "sqlite:////x.db"),
    ],
)
def test_the_driver_is_named(tmp_path: Path, given: str, used: str) -> None:
    assert read(tmp_path, DATABASE_URL=given).database_url == used


def test_the_owner_of_the_tables_is_another_role_of_the_same_kind_of_database(tmp_path: Path) -> None:
    found = read(tmp_path, DATABASE_URL="postgresql://runs@h/d", PORTAL_MIGRATION_URL="postgres://owns@h/d")
    assert found.migration_url == "postgresql+psycopg://owns@h/d"
    assert read(tmp_path).migration_url == ""
    with pytest.raises(config.Misconfigured, match="PORTAL_MIGRATION_URL"):
        read(tmp_path, PORTAL_MIGRATION_URL="postgresql://owns@h/d")


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "8000 ", "٨٠٠٠", "x"])
def test_a_port_is_a_port(tmp_path: Path, port: str) -> None:
    with pytest.raises(config.Misconfigured, match="PORT"):
        read(tmp_path, PORT=port)


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(config.Misconfigured, match="PORTAL_ENV"):
        read(tmp_path, PORTAL_ENV="prod")


@pytest.mark.parametrize(("said", "count"), [("", 0), ("0", 0), ("2", 2)])
def test_proxies_are_counted(tmp_path: Path, said: str, count: int) -> None:
    assert read(tmp_path, PORTAL_PROXIES=said).proxies == count
    assert read(tmp_path).proxies == 0


@pytest.mark.parametrize("said", ["-1", "many", "10", "٢", "1.5"])
def test_a_number_of_proxies_is_a_number(tmp_path: Path, said: str) -> None:
    with pytest.raises(config.Misconfigured, match="PORTAL_PROXIES"):
        read(tmp_path, PORTAL_PROXIES=said)


def test_who_needs_a_second_factor(tmp_path: Path) -> None:
    production = {"PORTAL_ENV": "production", "SECRET_KEY": "k" * 32}
    assert read(tmp_path).second_factor_posts == frozenset()
    assert read(tmp_path, **production).second_factor_posts == {post.value for post in Post}
    chosen = read(tmp_path, **production, PORTAL_SECOND_FACTOR_POSTS=" administrator, head,")
    assert chosen.second_factor_posts == {"administrator", "head"}
    assert read(tmp_path, **production, PORTAL_SECOND_FACTOR_POSTS="").second_factor_posts == frozenset()
    with pytest.raises(config.Misconfigured, match="knows no chief"):
        read(tmp_path, PORTAL_SECOND_FACTOR_POSTS="chief")


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("PORTAL_IDLE_MINUTES", "0"),
        ("PORTAL_SESSION_HOURS", "ten"),
        ("PORTAL_SIGNATURE_SECOND_FACTOR", "maybe"),
        ("PORTAL_OIDC_RSA_BITS", "1024"),
        ("PORTAL_ADDRESS", "risk.customs.example"),
        ("PORTAL_ADDRESS", "https://risk.customs.example/portal"),
    ],
)
def test_what_identity_cannot_be_set_to(tmp_path: Path, variable: str, wrong: str) -> None:
    with pytest.raises(config.Misconfigured, match=variable):
        read(tmp_path, **OIDC, **{variable: wrong})


def test_what_identity_may_be_set_to(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        PORTAL_ADDRESS="https://risk.customs.example/",
        PORTAL_OLD_SECRET_KEYS="one,two",
        PORTAL_IDLE_MINUTES="15",
        PORTAL_SESSION_HOURS="8",
        PORTAL_SIGNATURE_SECOND_FACTOR="yes",
    )
    assert (found.address, found.idle_minutes, found.session_hours) == ("https://risk.customs.example", 15, 8)
    assert found.signature_second_factor
    assert flask_settings(found)["SECRET_KEY_FALLBACKS"] == ["one", "two"]
    assert flask_settings(found)["PERMANENT_SESSION_LIFETIME"] > 8 * 3600


def test_secrets_come_from_files(tmp_path: Path) -> None:
    key, address = tmp_path / "key", tmp_path / "address"
    key.write_text("k" * 40 + "\n")
    address.write_text("postgresql://runs:secret@localhost/d")
    found = read(tmp_path, PORTAL_ENV="production", SECRET_KEY_FILE=str(key), DATABASE_URL_FILE=str(address))
    assert found.secret_key == "k" * 40
    assert found.database_url == "postgresql+psycopg://runs:secret@localhost/d"
    assert (found.bare_secrets, set(found.secret_files)) == ((), {key, address})


def test_secrets_in_the_environment_are_named(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        SECRET_KEY="k" * 40,
        DATABASE_URL="postgresql://runs@localhost/d?password=secret",
        PORTAL_MIGRATION_URL="postgresql://owns:secret@localhost/d",
        PORTAL_METRICS_TOKEN="t" * 16,
    )
    assert set(found.bare_secrets) == {
        "SECRET_KEY", "DATABASE_URL", "PORTAL_MIGRATION_URL", "PORTAL_METRICS_TOKEN"
    }  # fmt: skip
    assert read(tmp_path, DATABASE_URL="postgresql://runs@localhost/d").bare_secrets == ()


def test_a_secret_is_told_once_and_its_file_is_there(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(config.Misconfigured, match=r"SECRET_KEY_FILE: .* cannot be read"):
        read(tmp_path, SECRET_KEY_FILE=str(file))
    file.write_bytes(b"\xff" * 40)
    with pytest.raises(config.Misconfigured, match="cannot be read"):
        read(tmp_path, SECRET_KEY_FILE=str(file))
    file.write_text(" \n")
    with pytest.raises(config.Misconfigured, match="is empty"):
        read(tmp_path, SECRET_KEY_FILE=str(file))
    with pytest.raises(config.Misconfigured, match="both set"):
        read(tmp_path, SECRET_KEY_FILE=str(file), SECRET_KEY="k" * 40)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("", None),
        ("logs.customs.example", ("logs.customs.example", 6514)),
        ("10.0.0.1:7000", ("10.0.0.1", 7000)),
        ("[::1]:7000", ("::1", 7000)),
    ],
)
def test_who_else_keeps_the_log(tmp_path: Path, given: str, place: tuple[str, int] | None) -> None:
    assert read(tmp_path, PORTAL_LOG_RECEIVER=given).log_receiver == place


@pytest.mark.parametrize(
    "given",
    [
        "https://logs.example",
        "a.example:x",
        "a.example:70000",
        "a@b",
        ":6514",
        "a/b",
        "a..b",
        " a.example",
        "a b:1",
    ],
)
def test_a_receiver_is_a_host(tmp_path: Path, given: str) -> None:
    with pytest.raises(config.Misconfigured, match="PORTAL_LOG_RECEIVER"):
        read(tmp_path, PORTAL_LOG_RECEIVER=given)


def test_what_the_machine_guards_itself_is_left_to_it(tmp_path: Path) -> None:
    """systemd shows what it hands over as readable by a group, and guards it by a list of its own."""
    (tmp_path / "key").write_text("k" * 40)
    given = {"SECRET_KEY_FILE": str(tmp_path / "key")}
    assert read(tmp_path, **given, CREDENTIALS_DIRECTORY=str(tmp_path)).secret_files == ()
    assert read(tmp_path, **given, CREDENTIALS_DIRECTORY="/run/credentials/x").secret_files == (
        tmp_path / "key",
    )


def test_keys_of_before_may_stand_on_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("one\ntwo\n")
    assert read(tmp_path, PORTAL_OLD_SECRET_KEYS_FILE=str(tmp_path / "old")).old_secret_keys == (
        "one",
        "two",
    )


def test_signs_that_break_an_address_are_named_without_the_password(tmp_path: Path) -> None:
    assert read(tmp_path, SECRET_KEY="//[abc" + "k" * 40).secret_key.startswith("//[")
    with pytest.raises(config.Misconfigured, match="DATABASE_URL is no address") as refused:
        read(tmp_path, DATABASE_URL="postgresql://u:se[cret@h/d")
    assert "cret" not in str(refused.value)
