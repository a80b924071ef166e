"""A world of every tenant's rows on PostgreSQL, in which the tests of the second wall try what is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import create_app
from portal.extensions import db
from tests import servers
from tests.conftest import SETTINGS, environment
from tests.matrices import world


@pytest.fixture(scope="session")
def filled(postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    servers.copy(postgres_template, "walled", "template_portal")
    folder = tmp_path_factory.mktemp("walled")
    app = create_app(SETTINGS, environment(postgres_template.format(name="walled"), folder))
    with app.app_context():
        world.build()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
