"""Pages for machines: life, readiness and counts, none of which ever fails or tells a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

import config
from portal import create_app
from portal.extensions import db
from portal.models import OutboxMessage
from portal.store import readiness, switches
from portal.store.session import acting
from portal.workflow import clock
from tests.browser import Browser
from tests.cast import CENTRE
from tests.conftest import SETTINGS, environment
from tests.office import Office
from tests.servers import unwalled

TOKEN = "a token of the operator"
PATHS = ("/healthz", "/readyz", "/metrics")


@pytest.fixture
def tokened(app: Flask, another_app: Callable[[config.Environment], Flask]) -> Flask:
    """The same portal with an operator's token."""
    return another_app(replace(app.config["ENVIRONMENT"], metrics_token=TOKEN))


def metrics(client: FlaskClient, token: str = TOKEN) -> dict[str, float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    lines = [line for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def revised(app: Flask, revision: str) -> None:
    with unwalled(app) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_a_healthy_portal_is_alive_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True, "reasons": []})


def test_the_head_is_the_revision_of_the_built_tables(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == readiness.head()


@pytest.mark.parametrize(("revision", "status"), [("0003", 503), ("unaccepted", 503), ("9999", 200)])
def test_older_tables_are_not_ready_and_later_ones_are(app: Flask, revision: str, status: int) -> None:
    """The later ones come from an upgrade under way, beside which this code goes on."""
    revised(app, revision)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == status
    assert answer.get_json()["reasons"] == (
        ["the tables are not those of this version"] if status == 503 else []
    )


def test_a_database_without_tables_is_not_ready(plain_app: Flask) -> None:
    assert plain_app.test_client().get("/readyz").status_code == 503
    assert plain_app.test_client().get("/healthz").status_code == 200


def test_without_an_answer_from_the_database_nothing_fails(tmp_path: Path) -> None:
    nowhere = environment("postgresql+psycopg://secret-user:secret-word@127.0.0.1:9/none", tmp_path)
    app = create_app({**SETTINGS, "WTF_CSRF_ENABLED": False}, replace(nowhere, metrics_token=TOKEN))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["the database does not answer"])
    assert "secret" not in answer.get_data(as_text=True)
    assert metrics(client)["portal_database_up"] == 0.0
    page = client.post(
        "/sign-in", data={"login": "a", "password": "b"}, headers={"X-Request-ID": "quoted-by-me-1"}
    )
    assert page.status_code == 500
    assert "quoted-by-me-1" in page.get_data(as_text=True)
    assert "secret" not in page.get_data(as_text=True)


def test_a_folder_that_cannot_be_written_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(app.config["ENVIRONMENT"], data_dir=app.config["ENVIRONMENT"].data_dir / "absent")
    monkeypatch.setitem(app.config, "ENVIRONMENT", gone)
    assert app.test_client().get("/readyz").get_json()["reasons"] == ["the data folder cannot be written"]


def test_a_portal_asked_to_stop_lets_others_take_its_requests(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["drain", "on"]).output == "drain is on\n"
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["the portal was asked to stop"])
    assert run(args=["drain", "off"]).output == "drain is off\n"
    assert app.test_client().get("/readyz").status_code == 200


def test_readiness_itself_never_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "hindrances", lambda: 1 / 0)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["readiness could not be told"])


def test_metrics_are_there_for_the_token_alone(app: Flask, tokened: Flask) -> None:
    assert app.test_client().get("/metrics").status_code == 404
    client = tokened.test_client()
    assert client.get("/metrics").status_code == 401
    for wrong in (f"Bearer {TOKEN}x", TOKEN, "Bearer ", f"bearer {TOKEN}", "Bearer токен"):
        headers = {"Authorization": wrong.encode("utf-8").decode("latin-1")}
        assert client.get("/metrics", headers=headers).status_code == 401, wrong
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_requests_are_counted_by_endpoint_and_status(app: Flask, tokened: Flask) -> None:
    client = tokened.test_client()
    name = 'portal_requests_total{endpoint="%s",method="GET",status="%s"}'
    before = metrics(client)
    for path in ("/sign-in", "/sign-in", "/nowhere/at/all/1"):
        client.get(path)
    after = metrics(client)

    def grown(key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert grown(name % ("sign_in.form", 200)) == 2
    assert grown(name % ("none", 404)) == 1
    assert grown('portal_request_seconds_count{endpoint="sign_in.form"}') == 2


def test_the_state_of_the_portal_is_counted(app: Flask, tokened: Flask) -> None:
    Office(app).reviewed_draft()
    client = tokened.test_client()
    found = metrics(client)
    assert (
        found["portal_stages_overdue"],
        found["portal_outbox_waiting"],
        found["portal_outbox_failed"],
    ) == (0, 0, 0)
    with app.app_context(), acting(CENTRE, "test") as mine:
        for number, attempts in enumerate((0, 0, 3)):
            mine.add(
                OutboxMessage(
                    authority_path=CENTRE, message_id=f"<{number}>", recipient="a@example.org", subject="s",
                    body="b", created_at=clock.now(), attempts=attempts,
                )
            )  # fmt: skip
    with clock.at(clock.now() + timedelta(days=40)):
        found = metrics(client)
    assert (
        found["portal_stages_overdue"],
        found["portal_outbox_waiting"],
        found["portal_outbox_failed"],
    ) == (1, 3, 1)
    assert found["portal_scheduler_still_seconds"] > 86_400, "no scheduler has run in this database"


def test_screened_declarations_are_counted_once_committed(app: Flask, tokened: Flask) -> None:
    from portal.operations import screening
    from portal.screening.presented import from_rows
    from tests.cast import HOUSE

    client = tokened.test_client()
    row = {"declaration_id": "D1", "item_no": "1", "date": "2026-11-02", "hs_code": "640399"}

    def present(keep: bool) -> None:
        with app.app_context(), acting(f"{HOUSE}10130010.", "test", writes=keep) as mine:
            screening.screen(from_rows([row]), f"{HOUSE}10130010.", clock.now())
            mine.flush()
            if not keep:
                mine.rollback()

    def counted() -> float:
        return sum(
            v for k, v in metrics(client).items() if k.startswith("portal_declarations_screened_total")
        )

    before = counted()
    present(keep=False)
    assert counted() == before
    present(keep=True)
    assert counted() == before + 1


@pytest.mark.parametrize("path", PATHS)
def test_nothing_but_a_token_of_an_operator_opens_more_to_officers(
    app: Flask, browse: Callable[[str], Browser], path: str
) -> None:
    """An officer sees what anybody sees; what is not a reading finds nothing there."""
    officer, nobody = browse("10130000.administrator").client, app.test_client()
    assert officer.get(path).status_code == nobody.get(path).status_code
    assert nobody.post(path).status_code in (400, 405)


def test_the_switches_are_files_of_the_data_folder(app: Flask) -> None:
    folder = app.config["ENVIRONMENT"].data_dir
    with app.app_context():
        switches.turn(switches.READ_ONLY, on=True)
        switches.turn(switches.READ_ONLY, on=True)
        assert (folder / "read-only").exists()
        switches.turn(switches.READ_ONLY, on=False)
        switches.turn(switches.READ_ONLY, on=False)
        assert not switches.read_only()


def test_the_environment_reads_the_settings_of_operation(tmp_path: Path) -> None:
    found = config.read(
        {
            "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_READ_ONLY": "1", "PORTAL_METRICS_TOKEN": "t" * 16,
            "PORTAL_SLOW_QUERY_MS": "50", "PORTAL_LOG": "json", "PORTAL_DRAIN_SECONDS": "5",
        }
    )  # fmt: skip
    assert (found.read_only, found.metrics_token, found.slow_query_ms) == (True, "t" * 16, 50)
    assert (found.log_format, found.drain_seconds) == ("json", 5)
    plain = config.read({"PORTAL_DATA_DIR": str(tmp_path)})
    assert (plain.read_only, plain.metrics_token, plain.slow_query_ms, plain.log_format) == (
        False,
        "",
        500,
        "plain",
    )
    live = config.read({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_ENV": "production", "SECRET_KEY": "k" * 32})
    assert live.log_format == "json"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("PORTAL_READ_ONLY", "yes"), ("PORTAL_METRICS_TOKEN", "short"), ("PORTAL_SLOW_QUERY_MS", "-1"),
        ("PORTAL_SLOW_QUERY_MS", "٥"), ("PORTAL_LOG", "xml"), ("PORTAL_DRAIN_SECONDS", "601"),
    ],
)  # fmt: skip
def test_a_setting_of_operation_that_is_none_is_refused(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(config.Misconfigured, match=name):
        config.read({"PORTAL_DATA_DIR": str(tmp_path), name: said})
