"""The filters of a register, read from the address."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Form, StringField

from portal.levels.signing import KIND_CODES, SCOPES
from portal.store.authorities import Seen
from portal.store.registers import Filters
from portal.web import arguments
from portal.web.documents.content import language
from portal.web.fields import Day, One, choices
from portal.web.forms import Clean, Fits
from portal.workflow.statuses import MEANINGS, D


class RegisterFilters(Form):  # type: ignore[misc]
    """From, to, kind code, words, status, and the authority whose register is read."""

    authority = One(lazy_gettext("Register of"), needed=False)
    since = Day(lazy_gettext("Registered from"))
    until = Day(lazy_gettext("Registered to"))
    kind_code = One(lazy_gettext("Kind code"), needed=False)
    status = One(lazy_gettext("Status"), needed=False)
    words = StringField(lazy_gettext("Words of the title or number"), [Fits(100), Clean()])

    def asked(self) -> Filters:
        """What was typed, without what is wrong in it."""
        good = {name: field.data for name, field in self._fields.items() if not field.errors and field.data}
        return Filters(
            since=good.get("since"),
            until=good.get("until"),
            code=good.get("kind_code", ""),
            words=good.get("words", "").strip(),
            status=good.get("status", ""),
        )


def filters(kind: str, places: list[Seen]) -> RegisterFilters:
    """The filters of the register of drafts or profiles, filled from the address and checked."""
    form = RegisterFilters(arguments.every())
    form.authority.choices = choices(
        [(seen.code, f"{seen.name(language())}, {seen.code}") for seen in places]
    )
    form.kind_code.choices = choices(_codes(kind), gettext("All"))
    form.status.choices = choices(_statuses(kind), gettext("All"))
    form.validate()
    return form


def _codes(kind: str) -> list[tuple[str, str]]:
    if kind == "draft":
        return []
    scopes = [(line.code, f"{line.code} {gettext(line.label)}") for line in SCOPES.values()]
    return sorted([*scopes, *((code, f"{code} {gettext(label)}") for code, label in KIND_CODES.values())])


def _statuses(kind: str) -> list[tuple[str, str]]:
    return [
        (status.value, gettext(meaning.label))
        for status, meaning in MEANINGS.items()
        if isinstance(status, D) == (kind == "draft")
    ]
