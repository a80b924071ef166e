"""A healthy portal, for the tests of the doctor to make ill."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import create_app
from tests import servers
from tests.conftest import SETTINGS
from tests.tls import Authority
from tests.upkeep_past import past_the_portal


@dataclass
class Ward:
    """A healthy portal in production, to be made ill; `stack` is closed after the test."""

    app: Flask
    folder: Path
    patch: pytest.MonkeyPatch
    authority: Authority
    stack: ExitStack = field(default_factory=ExitStack)
    made: list[Flask] = field(default_factory=list)

    def sql(self, *statements: str) -> None:
        past_the_portal(self.app, *statements)

    def settle(self, **facts: Any) -> None:
        self.patch.setitem(self.app.config, "ENVIRONMENT", replace(self.app.config["ENVIRONMENT"], **facts))

    def elsewhere(self, url: str) -> None:
        """The same portal with another database."""
        self.made.append(self.app)
        self.app = create_app(SETTINGS, replace(self.app.config["ENVIRONMENT"], database_url=url))
        self.app.root_path = str(self.folder / "package")

    def served_by(self, role: str) -> None:
        """The same portal and database, served by another role."""
        self.elsewhere(servers.of(role, self.app.config["ENVIRONMENT"].database_url))

    @property
    def sqlite(self) -> bool:
        return str(self.app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


Plant = Callable[[Ward], None]
