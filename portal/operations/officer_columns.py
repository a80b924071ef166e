"""The columns of a table of officers: how they may be headed, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.levels.words import N_


@dataclass(frozen=True)
class Column:
    """A column that is read.

    Attributes:
        heading: how templates and pages head it, marked for translation.
        also: other headings by which it is known, in either language.
        needed: whether a table without it is refused.
        hint: what stands in its cells.
    """

    name: str
    heading: str
    also: tuple[str, ...]
    needed: bool
    hint: str


COLUMNS: tuple[Column, ...] = (
    Column("login", N_("Login"), ("login", "user name", "логин", "имя для входа", "учётная запись"), True,
           N_("2 to 80 Latin letters, digits and . _ @ -; nobody else has it")),
    Column("name", N_("Full name"), ("name", "full name", "имя", "фио", "фамилия имя отчество"), True,
           N_("as it stands under signatures")),
    Column("email", N_("E-mail"), ("email", "mail", "e mail", "почта", "эл почта", "электронная почта"), False,
           N_("where mails about limits go; may be empty")),
    Column("locale", N_("Language"), ("language", "lang", "язык"), False,
           N_("en or ru; empty: the language of this page")),
    Column("authority", N_("Authority code"),
           ("authority", "authority code", "code", "код", "код органа", "код таможенного органа"), True,
           N_("8 digits; yours or beneath it")),
    Column("unit", N_("Unit"), ("unit", "structural unit", "отдел", "подразделение", "структурное подразделение"),
           False, N_("by its name, for posts that belong to a unit")),
    Column("post", N_("Post"), ("post", "role", "должность", "роль"), True, N_("one of those listed here")),
    Column("since", N_("Since"), ("since", "from", "начало", "дата начала", "с какого дня"), False,
           N_("2026-11-20 or 20.11.2026; empty: from today on")),
    Column("until", N_("Until"), ("until", "to", "окончание", "дата окончания", "по какой день"), False,
           N_("the last day; may be empty")),
    Column("acting_for", N_("Acting for"), ("acting for", "for whom", "ио за кого", "исполняет обязанности за",
           "за кого"), False, N_("name of the absent officer; then an end is needed")),
)  # fmt: skip

UNKNOWN = N_("This column is not read.")
TWICE = N_("This column stands here twice.")


def plain(words: str) -> str:
    """Words as they are compared: without case, signs and the two ways to write ё."""
    return " ".join(re.sub(r"[^\w]+", " ", words.casefold().replace("ё", "е").replace("и. о.", "ио")).split())


_KNOWN = {plain(words): column for column in COLUMNS for words in (column.heading, *column.also)}


def recognise(heads: Iterable[str]) -> list[Column | None]:
    """The column that each heading names; None for headings that are not known."""
    return [_KNOWN.get(plain(head)) for head in heads]


def missing(found: Iterable[Column | None]) -> list[Column]:
    """The needed columns that the table lacks."""
    there = {column.name for column in found if column}
    return [column for column in COLUMNS if column.needed and column.name not in there]
