"""Enlarges a portal to the size of a whole service: points, their officers, and what waits at each.

Rows are written straight into the tables: this is a stand for measuring, and no way for a portal to grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle, islice
from random import Random
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, text

from portal.levels.tree import LEVELS
from portal.models import Authority, Check, Declaration, Hit, Officer, Post, Register, Unit
from portal.models.base import Base
from portal.operations import sign_in

PASSWORD = "measured every day"  # noqa: S105 - of a portal that lives as long as its measuring
#: Posts in the order in which they are filled, again and again: at a point, and at a customs house.
AT_POINT = (
    "inspector",
    "inspector",
    "inspector",
    "officer",
    "inspector",
    "inspector",
    "unit_head",
    "inspector",
    "head",
)
AT_HOUSE = (
    "officer",
    "officer",
    "unit_head",
    "officer",
    "registrar",
    "officer",
    "officer",
    "first_deputy",
    "head",
)
#: Of a thousand officers, how many serve at houses; one serves at the union and five at a centre.
HOUSED, CENTRAL = 120, 5
#: Declarations that each point has, and points that a house has, about.
EACH, POINTS = 60, 7
_LOT = 5_000


def enlarge(connection: Connection, points: int, officers: int, seed: int) -> None:
    """Add what is missing to so many points and officers, in the connection of one before whom no wall stands."""
    chance = Random(seed)
    fresh = _points(connection, points, _houses(connection, points))
    _officers(connection, officers, sign_in.HASHER.hash(PASSWORD))
    _declarations(connection, fresh, chance)


def rows(connection: Connection, model: type[Base], *which: Any) -> list[RowMapping]:
    table = model.__table__
    return list(connection.execute(select(table).where(*which).order_by(table.c.id)).mappings())


def _put(connection: Connection, model: type[Base], given: Iterable[dict[str, Any]]) -> None:
    waiting = iter(given)
    while lot := list(islice(waiting, _LOT)):
        connection.execute(insert(model.__table__), lot)


def _houses(connection: Connection, points: int) -> list[RowMapping]:
    """Found customs houses beside those that have points, until so many points are a few for each; all of these."""
    known = rows(connection, Authority)
    above = {one["parent_path"] for one in known if one["level"] == "point"}
    models = [one for one in known if one["authority_path"] in above]
    taken = {one["code"][:5] for one in known}
    named = list(islice(_prefixes(models, taken), max(-(-points // POINTS) - len(models), 0)))
    _put(connection, Authority, (_house(model, f"{prefix}000") for model, prefix in named))
    fresh = rows(connection, Authority, Authority.code.in_([f"{prefix}000" for _, prefix in named]))
    for kind in LEVELS["regional"].registers:
        _put(connection, Register, ({**_of(one), "kind": kind} for one in fresh))
    for unit in (_SECTION, _RISKS):
        _put(connection, Unit, ({**_of(one), **unit} for one in fresh))
    return models + fresh


def _prefixes(models: Sequence[RowMapping], taken: set[str]) -> Iterator[tuple[RowMapping, str]]:
    """A house to be like, and the five digits of a new one of its state, by turns."""
    for number, model in zip(count(), cycle(models), strict=False):
        prefix = f"{model['code'][:2]}{number % 900 + 100:03d}"
        if prefix not in taken:
            taken.add(prefix)
            yield model, prefix


def _house(model: RowMapping, code: str) -> dict[str, Any]:
    path = f"{model['parent_path']}{code}."
    names = {"name_en": f"Customs House {code}", "name_ru": f"Таможня {code}"}
    return {name: value for name, value in model.items() if name != "id"} | names | {
        "authority_path": path, "applies_to": path, "code": code,
    }  # fmt: skip


def _points(connection: Connection, wanted: int, houses: list[RowMapping]) -> list[RowMapping]:
    """Found points under the houses by turns; those that are new."""
    known = rows(connection, Authority)
    points = [one for one in known if one["level"] == "point"]
    taken = {one["code"] for one in known}
    free = {house["code"]: _free(house["code"], taken) for house in houses}
    named = [
        (house, next(free[house["code"]])) for house in islice(cycle(houses), max(wanted - len(points), 0))
    ]
    _put(connection, Authority, (_point(house, code) for house, code in named))
    fresh = rows(connection, Authority, Authority.code.in_([code for _, code in named]))
    for kind in LEVELS["point"].registers:
        _put(connection, Register, ({**_of(one), "kind": kind} for one in fresh))
    _put(connection, Unit, ({**_of(one), **_SECTION} for one in fresh))
    return fresh


_SECTION = {
    "name_en": "Clearance section",
    "name_ru": "Отделение оформления",
    "directions": list(range(1, 10)),
}
_RISKS = {"name_en": "Risk unit", "name_ru": "Отдел рисков", "directions": [], "is_coordination": True}


def _free(house: str, taken: set[str]) -> Iterator[str]:
    return (code for number in range(1, 1000) if (code := f"{house[:5]}{number:03d}") not in taken)


def _of(authority: RowMapping) -> dict[str, Any]:
    return {"authority_id": authority["id"], "authority_path": authority["authority_path"]}


def _point(house: RowMapping, code: str) -> dict[str, Any]:
    path = f"{house['authority_path']}{code}."
    return {
        "authority_path": path, "applies_to": path, "code": code, "level": "point", "state": house["state"],
        "name_en": f"Customs Point {code}", "name_ru": f"Таможенный пост {code}", "zone": house["zone"],
        "number_width": LEVELS["point"].number_width, "parent_path": house["authority_path"],
    }  # fmt: skip


def _officers(connection: Connection, wanted: int, hashed: str) -> None:
    known = connection.scalar(select(func.count()).select_from(Officer.__table__)) or 0
    units = _units(connection)
    given = list(_places(rows(connection, Authority, Authority.closed_on.is_(None)), wanted - known, units))
    _put(connection, Officer, (_officer(number, place, hashed) for number, (place, _) in enumerate(given)))
    ids = {one["login"]: one["id"] for one in rows(connection, Officer, Officer.login.like("load-%"))}
    since = datetime.now(UTC).date() - timedelta(days=400)
    _put(
        connection, Post,
        (_post(ids[_login(number)], place, post, units, since) for number, (place, post) in enumerate(given)),
    )  # fmt: skip


def _units(connection: Connection) -> dict[tuple[str, bool], int]:
    """A unit for each authority, and its coordination unit."""
    return {(one["authority_path"], one["is_coordination"]): one["id"] for one in rows(connection, Unit)}


def _places(
    known: Sequence[RowMapping], count: int, units: dict[tuple[str, bool], int]
) -> Iterator[tuple[RowMapping, str]]:
    """Where each officer serves and in which post; a post that needs a unit where there is none becomes another."""
    of = {level: [one for one in known if one["level"] == level] for level in ("union", "central", "point")}
    above = {one["parent_path"] for one in of["point"]}
    houses = [one for one in known if one["authority_path"] in above]
    points, housed = _filled(of["point"], AT_POINT, units), _filled(houses, AT_HOUSE, units)
    central = _filled(of["central"], AT_HOUSE, units)
    for number in range(count):
        of_thousand = number * 7 % 1000
        if of_thousand == 0:
            yield of["union"][0], "union_coordinator"
        elif of_thousand <= CENTRAL:
            yield next(central)
        else:
            yield next(housed) if of_thousand <= CENTRAL + HOUSED else next(points)


def _filled(
    places: Sequence[RowMapping], posts: Sequence[str], units: dict[tuple[str, bool], int]
) -> Iterator[tuple[RowMapping, str]]:
    """Each place its first post, then each its second."""
    for post in cycle(posts):
        for place in places:
            needs = post in ("officer", "unit_head", "registrar")
            stands = (place["authority_path"], post == "registrar") in units
            yield place, post if stands or not needs else "head"


def _login(number: int) -> str:
    return f"load-{number:05d}"


def _officer(number: int, place: RowMapping, hashed: str) -> dict[str, Any]:
    login = _login(number)
    return {
        "authority_path": place["authority_path"], "login": login, "name": f"Officer {number:05d}",
        "email": f"{login}@example.org", "password_hash": hashed, "locale": ("en", "ru")[number % 2],
    }  # fmt: skip


def _post(
    officer: int, place: RowMapping, post: str, units: dict[tuple[str, bool], int], since: date
) -> dict[str, Any]:
    in_unit = post in ("officer", "unit_head", "registrar")
    unit = units[place["authority_path"], post == "registrar"] if in_unit else None
    return {**_of(place), "officer_id": officer, "unit_id": unit, "post": post, "since": since}


def _declarations(connection: Connection, points: list[RowMapping], chance: Random) -> None:
    """Copy what was presented, found and checked at the points that had it to those that are new."""
    kept = {model: rows(connection, model) for model in (Declaration, Hit, Check)}
    ids = {model: max((one["id"] for one in found), default=0) for model, found in kept.items()}
    hits, checks = (_grouped(kept[model]) for model in (Hit, Check))
    made: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in kept}
    for point in points:
        like = [one for one in kept[Declaration] if one["authority_path"].startswith(_state(point))]
        chosen = chance.sample(like or kept[Declaration], min(EACH, len(like or kept[Declaration])))
        for serial, one in enumerate(chosen):
            own = {"authority_path": point["authority_path"]}
            ids[Declaration] += 1
            numbered = {"id": ids[Declaration], "declaration_id": f"{point['code']}/{serial:06d}"}
            made[Declaration].append({**one, **own, **numbered})
            new = own | {"declaration_id": ids[Declaration]}
            known: dict[int | None, int | None] = {None: None}
            for hit in hits.get(one["id"], ()):
                ids[Hit] += 1
                known[hit["id"]] = ids[Hit]
                made[Hit].append({**hit, **new, "id": ids[Hit]})
            for check in checks.get(one["id"], ()):
                ids[Check] += 1
                made[Check].append({**check, **new, "id": ids[Check], "hit_id": known[check["hit_id"]]})
    for model, given in made.items():
        _put(connection, model, given)
        _go_on(connection, model, ids[model])


def _state(point: RowMapping) -> str:
    return ".".join(point["authority_path"].split(".")[:2]) + "."


def _grouped(found: list[RowMapping]) -> dict[int, list[RowMapping]]:
    grouped: dict[int, list[RowMapping]] = {}
    for one in found:
        grouped.setdefault(one["declaration_id"], []).append(one)
    return grouped


def _go_on(connection: Connection, model: type[Base], last: int) -> None:
    """Let PostgreSQL go on counting after the ids that were given here."""
    if connection.dialect.name == "postgresql" and last:
        name = model.__tablename__
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
