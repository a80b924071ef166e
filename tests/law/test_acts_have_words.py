"""Every act that can leave an entry in the audit trail has a name in the words of the office."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from portal.jobs.timetable import TIMETABLE
from portal.models import Tenant
from portal.models.base import Base
from portal.web.trail.acts import BY_ITSELF, REQUESTS
from portal.web.trail.tables import COLUMNS, TABLES, of_column

ROOT = Path(__file__).parents[2] / "portal"
#: Tables that the trail is made of: they leave no entries themselves.
OF_THE_TRAIL = {"audit_entry", "audit_head", "document_read"}


def test_every_route_that_changes_something_has_a_name(plain_app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in plain_app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert len(changing) > 20
    assert sorted(changing - set(REQUESTS)) == [], "name them in portal/web/trail/acts.py"
    assert sorted(set(REQUESTS) - changing) == [], "these routes are no more"


def test_every_job_and_command_that_writes_has_a_name() -> None:
    """Whatever a session is opened with for writing: `acting(path, "name")`, or the constant ACTION of its file."""
    opened = set()
    for path in ROOT.rglob("*.py"):
        source = path.read_text()
        for call in ast.walk(ast.parse(source)):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != "acting" or len(call.args) < 2:
                continue
            if any(one.arg == "writes" and ast.unparse(one.value) == "False" for one in call.keywords):
                continue
            name = ast.unparse(call.args[1]).strip("'")
            if name == "ACTION":
                name = re.findall(r'^ACTION = "(.+)"$', source, re.M)[0]
            opened.add(name)
    assert {"deadlines.sweep", "users.add"} <= opened
    assert sorted(opened - set(BY_ITSELF) - set(REQUESTS) - {"action", "founding.ACTION"}) == [], (
        "name them in portal/web/trail/acts.py"
    )
    assert {job.name for job in TIMETABLE} - {"audit.checkpoints"} <= set(BY_ITSELF)


def test_every_table_of_a_tenant_has_a_name() -> None:
    tables = {
        table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenant)
        for table in mapper.tables
    }
    assert sorted(tables - OF_THE_TRAIL - set(TABLES)) == [], "name them in portal/web/trail/tables.py"


def test_every_column_of_a_tenant_has_a_name() -> None:
    columns = {
        column.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenant)
        for table in mapper.tables
        if table.name not in OF_THE_TRAIL
        for column in table.columns
    }
    assert len(columns) > 100
    assert sorted(columns - set(COLUMNS)) == [], "name them in portal/web/trail/tables.py"


def test_the_state_of_a_country_is_not_the_state_of_a_thing(plain_app: Flask) -> None:
    """Two letters name a country; anything longer is where a row stands on its way."""
    countries, ways = set(), set()
    for mapper in Base.registry.mappers:
        for table in mapper.tables if issubclass(mapper.class_, Tenant) else ():
            if "state" in table.columns:
                (countries if table.columns["state"].type.length == 2 else ways).add(table.name)
    assert (countries, len(ways)) == ({"authority", "risk_answer", "state_summary"}, 3)
    with plain_app.test_request_context(), force_locale("ru"):
        assert {of_column(table, "state") for table in countries} == {"Государство"}
        assert {of_column(table, "state") for table in ways} == {"Состояние"}
