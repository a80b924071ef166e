"""A register page, beside a view that says hello in the same application."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask_migrate import upgrade

import config
from bench import Case
from portal import create_app
from portal.demo import loading


def cases() -> Iterator[Case]:
    with tempfile.TemporaryDirectory() as folder:
        environment = config.Environment(
            "development", f"sqlite:///{folder}/p.db", Path(folder), "k" * 64, 8000
        )
        app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, environment)
        app.add_url_rule("/hello", view_func=lambda: "hello")
        with app.app_context():
            upgrade()
            loading.fill()
        client = app.test_client()
        account = next(one for one in loading.accounts() if "officer" in one["posts"])
        client.post("/sign-in", data={"login": account["name"], "password": account["password"]})
        url = f"/{account['authority']}/registers/drafts"
        yield (
            f"register page {url}; peer: hello-world",
            lambda: client.get(url).status_code,
            lambda: client.get("/hello").status_code,
        )
