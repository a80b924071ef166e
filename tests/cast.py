"""The standing cast: authorities of two states and one person for each post and level."""

from __future__ import annotations

from datetime import date

from portal.levels.roles import Post
from portal.models import Authority, Unit
from portal.operations import administration
from portal.store.calendars import sow
from portal.store.session import acting

PASSWORD = "correct horse battery"
SINCE = date(2024, 1, 1)

#: path → (code, level, state, name)
AUTHORITIES = {
    "eeu.": ("00000000", "union", "", "Eurasian Economic Union"),
    "eeu.ru.": ("10000000", "central", "RU", "Federal Customs Service"),
    "eeu.ru.10100000.": ("10100000", "regional", "RU", "Central directorate"),
    "eeu.ru.10100000.10130000.": ("10130000", "regional", "RU", "Moscow customs house"),
    "eeu.ru.10100000.10130000.10130010.": ("10130010", "point", "RU", "Western point"),
    "eeu.ru.10100000.10130000.10130020.": ("10130020", "point", "RU", "Eastern point"),
    "eeu.ru.10110000.": ("10110000", "regional", "RU", "Tula customs house"),
    "eeu.am.": ("05000000", "central", "AM", "Customs Service of Armenia"),
    "eeu.am.05100000.": ("05100000", "regional", "AM", "Yerevan customs house"),
    "eeu.am.05100000.05100010.": ("05100010", "point", "AM", "Airport point"),
}
ZONES = {"": "Europe/Moscow", "RU": "Europe/Moscow", "AM": "Asia/Yerevan"}

HOUSE = "eeu.ru.10100000.10130000."
CENTRE = "eeu.ru."


def login_of(path: str, post: Post, unit: str = "") -> str:
    """The login of the one person who holds a post: such as ``10130000.officer.goods``."""
    code = AUTHORITIES[path][0]
    return ".".join(part for part in (code, post.value, unit) if part)


def build() -> None:
    """Make the tree of authorities and enrol the cast."""
    with acting("eeu.", "cast"):
        for state in ("RU", "AM"):
            sow(state)
    for path in AUTHORITIES:
        with acting(path, "cast"):
            _staff(_found(path))


def _found(path: str) -> Authority:
    code, level, state, name = AUTHORITIES[path]
    return administration.found_authority(path, code, level, state, name, name, ZONES[state])


def _staff(authority: Authority) -> None:
    if authority.level == "union":
        for post in (Post.UNION_COORDINATOR, Post.AUDITOR, Post.ADMINISTRATOR):
            _enrol(authority, post)
        return
    units = {
        "goods": administration.found_unit(authority, "Goods unit", "Отдел товаров", (1, 2)),
        "value": administration.found_unit(authority, "Value unit", "Отдел стоимости", (6, 7)),
        "risk": administration.found_unit(authority, "Risk unit", "Отдел рисков", coordination=True),
    }
    for name, unit in units.items():
        for post in (Post.UNIT_HEAD, Post.REGISTRAR if unit.is_coordination else Post.OFFICER):
            _enrol(authority, post, name, unit)
    _enrol(authority, Post.OFFICER, "goods2", units["goods"])
    for post in (Post.FIRST_DEPUTY, Post.HEAD, Post.AUDITOR, Post.ADMINISTRATOR):
        _enrol(authority, post)
    if authority.level == "central":
        _enrol(authority, Post.DEPUTY_HEAD, supervises=(units["goods"].id, units["value"].id))
    else:
        _enrol(authority, Post.INSPECTOR)


def _enrol(
    authority: Authority,
    post: Post,
    unit_name: str = "",
    unit: Unit | None = None,
    supervises: tuple[int, ...] = (),
) -> None:
    login = login_of(authority.authority_path, post, unit_name)
    officer = administration.enrol(
        authority, login, f"{post.label} {login}", PASSWORD, email=f"{login}@example.org"
    )
    administration.appoint(officer, authority, post, SINCE, unit=unit, supervises=supervises)
