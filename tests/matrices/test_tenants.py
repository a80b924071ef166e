"""Every route × the cast × {own, parent, child, sibling, foreign}: no canary crosses, and each denial has its opposite.

The full walk runs on SQLite; PostgreSQL walks every route with one member of the cast for each level.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal import create_app
from portal.extensions import db
from portal.models import AuditEntry, AuditHead, Authority, Tenant
from portal.store.session import acting
from portal.web.access import Access
from portal.web.blueprint import access_of
from tests import servers
from tests.browser import Browser
from tests.cast import AUTHORITIES, HOUSE, PASSWORD
from tests.conftest import SETTINGS, environment, hurry
from tests.matrices import world

#: Homes whose officers walk the matrix: one authority of each level, and one of another state.
HOMES = ("eeu.", "eeu.ru.", "eeu.ru.10100000.", "eeu.ru.10100000.10130000.",
         "eeu.ru.10100000.10130000.10130010.", "eeu.am.05100000.")  # fmt: skip
POSTS = ("officer.goods", "auditor", "administrator", "inspector", "union_coordinator")
#: On PostgreSQL the wall knows the authority and no post: where all posts have walked on SQLite, one walks there, and
#: all of these at the union and at a house. `scripts/walk_matrix.py --postgresql` lets everybody walk.
EVERYBODY = ("eeu.", HOUSE)
#: What is asked on PostgreSQL for another authority, or sent to what is not in scope: by a centre and by a house.
BOTH_WAYS = ("eeu.ru.", HOUSE)
#: The whole cast of one house walks besides: posts differ there in what they open, not in what they may see.
AT_THE_HOUSE = ("unit_head.risk", "registrar.risk", "head", "first_deputy")

#: The URL arguments that name an object, with the tables of `world.build` that hold such objects.
OBJECTS = {
    "document_id": ("document_id", "profile_id"),
    "publication_id": ("publication_id",),
    "declaration_pk": ("declaration_pk",),
    "batch_id": ("batch_id",),
    "information_id": ("information_id",),
    "entry_id": ("entry_id",),
    "run_id": ("run_id",),
    "hit_id": ("hit_id",),
    "check_id": ("check_id",),
    "checkpoint_id": ("checkpoint_id",),
    "row": ("document_id", "profile_id"),
    "authority_id": ("authority_id",),
    "unit_id": ("unit_id",),
    "officer_id": ("officer_id",),
    "post_id": ("post_id",),
    "proposal_id": ("proposal_id",),
    "import_id": ("import_id",),
}
#: URL arguments that name no object, with the values that the matrix gives them.
PLAIN: dict[str, tuple[object, ...]] = {
    "move": ("submit", "withdraw"),
    "section": ("header", "contact"),
    "part": ("profile", "note"),
    "older": (1,),
    "newer": (1,),
    "kind": ("draft", "profile"),
    "table": ("document",),
}


@dataclass
class World:
    """The filled portal of one engine."""

    app: Flask
    ids: world.Ids
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = Browser(self.app)
            answer = self.browsers[login].client.post("/sign-in", data={"login": login, "password": PASSWORD})
            assert answer.status_code == 303, login
        return self.browsers[login]


def _world(url: str, folder: Path) -> Iterator[World]:
    app = create_app({**SETTINGS, "WTF_CSRF_ENABLED": False}, environment(url, folder))
    with app.app_context():
        hurry(db.engine)
        ids = world.build()
    if not url.startswith("sqlite"):
        servers.settled(url)
    yield World(app, ids)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "portal.db")
        yield from _world(f"sqlite:///{folder / 'portal.db'}", folder)
    else:
        server = request.getfixturevalue("postgres_template")
        servers.copy(server, "world", "template_portal")
        yield from _world(server.format(name="world"), folder)


def cast_of(home: str, app: Flask) -> list[str]:
    """Logins of the officers at `home` who walk the matrix."""
    code, level = AUTHORITIES[home][:2]
    posts = POSTS + (AT_THE_HOUSE if _on_sqlite(app) and home == HOUSE else ())
    logins = [f"{code}.{post}" for post in posts if _exists(level, post)]
    return logins if _on_sqlite(app) or home in EVERYBODY else logins[:1]


def _on_sqlite(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


def _exists(level: str, post: str) -> bool:
    if level == "union":
        return post in ("union_coordinator", "auditor", "administrator")
    if post in ("union_coordinator",):
        return False
    if post == "deputy_head":
        return level == "central"
    return post != "inspector" or level in ("regional", "point")


@dataclass(frozen=True)
class Cell:
    """One address of the matrix: the route's endpoint, its URL, and the authority whose object it names."""

    endpoint: str
    url: str
    target: str


def cells(filled: World, code: str, home: str, method: str) -> Iterator[Cell]:
    """The addresses of all routes under an authority, with objects of each relation to `home`."""
    for rule in filled.app.url_map.iter_rules():
        if method not in (rule.methods or ()) or "code" not in rule.arguments:
            continue
        arguments = rule.arguments - {"code"}
        named = [name for name in arguments if name in OBJECTS]
        assert arguments <= set(OBJECTS) | set(PLAIN), f"{rule.rule}: say in OBJECTS or PLAIN what this names"
        for target in world.relations(home).values() if named else (home,):
            yield from _filled_in(filled, rule.endpoint, str(rule), code, arguments, target)


def _filled_in(
    filled: World, endpoint: str, rule: str, code: str, arguments: set[str], target: str
) -> Iterator[Cell]:
    chosen: list[dict[str, object]] = [{"code": code}]
    for name in sorted(arguments):
        values: list[object] = (
            [filled.ids[table][target] for table in OBJECTS[name] if target in filled.ids[table]]
            if name in OBJECTS
            else list(PLAIN[name])
        )
        chosen = [{**one, name: value} for one in chosen for value in values]
    with filled.app.test_request_context():
        from flask import url_for

        for one in chosen:
            yield Cell(endpoint, url_for(endpoint, **one), target)


def seen_in(text: str) -> set[tuple[str, str]]:
    return {(kind, world.PATH_OF[code]) for kind, code in world.CANARY.findall(text)}


def leaks(home: str, text: str) -> set[tuple[str, str]]:
    return {(kind, path) for kind, path in seen_in(text) if not world.may_see(home, kind, path)}


def test_the_world_has_a_row_of_every_table_of_every_tenant(filled: World) -> None:
    union_has_none = {"Unit", "Register"}
    for mapper in {m for m in Tenant.__subclasses__() for m in _models(m)}:
        with filled.app.app_context(), acting("eeu.ru.", "test", writes=False) as centre:
            column = mapper.authority_path
            paths = set(centre.scalars(select(column).distinct()))
        if mapper in (AuditEntry, AuditHead, Authority) or mapper.__name__ in union_has_none:
            assert "eeu.ru." in paths
        assert paths, f"{mapper.__name__} has no row in the world: add one with a canary"


def _models(base: type) -> Iterator[type]:
    for sub in base.__subclasses__():
        if hasattr(sub, "__table__"):
            yield sub
        yield from _models(sub)


@dataclass
class Walk:
    """What one walk over all reading routes found."""

    crossed: list[tuple[str, str, object]] = field(default_factory=list)
    faults: list[tuple[str, str, int]] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    requests: int = 0

    def note(self, login: str, home: str, cell: Cell, answer: TestResponse, names_object: bool) -> None:
        text = answer.get_data(as_text=True)
        self.requests += 1
        self.crossed += [(login, cell.url, leak) for leak in leaks(home, text + str(answer.headers))]
        if answer.status_code >= 500:
            self.faults.append((login, cell.url, answer.status_code))
        if names_object:
            self.wanted.add(cell.endpoint)
            if answer.status_code == 200 and cell.target in {path for _, path in seen_in(text)}:
                self.shown.add(cell.endpoint)


def test_no_canary_crosses_and_each_denial_has_its_opposite(filled: World) -> None:
    """No page ever shows what its reader may not see, and every object's page opens to somebody who may.

    On PostgreSQL pages that a post does not open are left out: they are refused before the database is asked.
    """
    walk, rules = Walk(), access_of(filled.app)
    for home in HOMES:
        every = [
            (cell, _names_an_object(filled, cell))
            for cell in cells(filled, AUTHORITIES[home][0], home, "GET")
        ]
        for login in cast_of(home, filled.app):
            for cell, names_object in every:
                if not _on_sqlite(filled.app) and not _admitted(login, home, rules[cell.endpoint]):
                    continue
                answer = filled.browser(login).client.get(cell.url)
                walk.note(login, home, cell, answer, names_object)
    assert walk.crossed == []
    assert walk.faults == []
    unshown = walk.wanted - walk.shown - set(EXCUSED_FROM_SHOWING)
    assert not unshown, f"opened to nobody with its own words: {', '.join(sorted(unshown))}"
    assert walk.requests > 1_000


def test_another_authority_cannot_be_acted_for(filled: World) -> None:
    wrong = []
    for home in HOMES if _on_sqlite(filled.app) else BOTH_WAYS:
        login = cast_of(home, filled.app)[0]
        for other in sorted(set(world.relations(home).values()) - {home}):
            for cell in cells(filled, AUTHORITIES[other][0], other, "GET"):
                if cell.target != other:
                    continue
                answer = filled.browser(login).client.get(cell.url)
                if answer.status_code != 404 or seen_in(answer.get_data(as_text=True)):
                    wrong.append((login, cell.url, answer.status_code))
    assert wrong == []


def test_acts_on_what_is_not_in_scope_find_nothing(filled: World) -> None:
    rules = access_of(filled.app)
    wrong = []
    walkers = [
        (home, login, filled.browser(login))  # signing in leaves a trail
        for home in (HOMES if _on_sqlite(filled.app) else BOTH_WAYS)
        for login in cast_of(home, filled.app)
    ]
    before = _rows(filled)
    for home, login, browser in walkers:
        for cell in cells(filled, AUTHORITIES[home][0], home, "POST"):
            if _in_view(home, cell, filled) or not _names_an_object(filled, cell):
                continue
            answer = browser.client.post(cell.url, data={})
            expected = {404} if _admitted(login, home, rules[cell.endpoint]) else {403, 404}
            if answer.status_code not in expected or leaks(home, answer.get_data(as_text=True)):
                wrong.append((login, cell.url, answer.status_code))
    assert wrong == []
    assert _rows(filled) == before


def _names_an_object(filled: World, cell: Cell) -> bool:
    rule = next(r for r in filled.app.url_map.iter_rules() if r.endpoint == cell.endpoint)
    return bool(set(OBJECTS) & rule.arguments)


def _in_view(home: str, cell: Cell, filled: World) -> bool:
    rule = next(r for r in filled.app.url_map.iter_rules() if r.endpoint == cell.endpoint)
    kind = (
        "published"
        if "publication_id" in rule.arguments
        else "union"
        if "information_id" in rule.arguments
        else "kept"
    )
    return world.may_see(home, kind, cell.target)


def _admitted(login: str, home: str, rule: Access) -> bool:
    level_fits = not rule.levels or AUTHORITIES[home][1] in rule.levels
    post = login.split(".")[1]
    return level_fits and (not rule.posts or post in {p.value for p in rule.posts})


def _rows(filled: World) -> dict[str, int]:
    """How many rows each tenant's table holds: acts that found nothing changed nothing."""
    counted = {}
    with filled.app.app_context():
        for path in ("eeu.", "eeu.ru.", "eeu.am."):
            with acting(path, "test", writes=False) as mine:
                for model in {m for base in Tenant.__subclasses__() for m in _models(base)}:
                    counted[f"{path}{model.__name__}"] = mine.scalar(select(func.count(model.id))) or 0
    return counted


def test_an_anonymous_visitor_sees_the_sign_in_page_alone(filled: World) -> None:
    nobody = Browser(filled.app)
    home = "eeu.ru.10100000.10130000."
    for method in ("GET", "POST"):
        for cell in cells(filled, "10130000", home, method):
            answer = nobody.client.open(cell.url, method=method)
            assert answer.status_code == 303, cell.url
            assert answer.headers["Location"].startswith("/sign-in?next="), cell.url
            assert not seen_in(answer.get_data(as_text=True)), cell.url


#: Pages that name an object and show nothing of its words in the world of this matrix, each with the reason.
EXCUSED_FROM_SHOWING: dict[str, str] = {
    "officer_import.ask_passwords": "it waits; tests/blueprints/test_officer_import.py opens a confirmed one",
    "profiles.section": "it is in force; tests/blueprints/test_profiles.py opens one in preparation",
    "circulation.circulate": "it is circulated already; tests/blueprints/test_circulation_pages.py opens one",
    "circulation.decline": "the state has answered; tests/blueprints/test_circulation_pages.py opens it",
    "administration.found": "a blank form under the name of the authority above, which is no secret beneath it",
    "administration.change_authority": "the names of an authority, which are no secret beneath it",
    "administration.signatures": "the seats of the procedure, and no row of the tenant",
    "administration.found_unit": "a blank form under the name of the authority",
    "administration.enrol": "a blank form under the name of the authority",
    "administration.close_authority": "asks for the successor first; test_administration_pages.py opens what follows",
    "circulation.change": "it is circulated already; tests/blueprints/test_circulation_pages.py opens one begun",
}
