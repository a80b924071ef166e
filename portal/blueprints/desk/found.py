"""What a search has found, in groups of what the officer may read."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from portal.levels.words import N_
from portal.store import search
from portal.store.search import MOST, Found
from portal.web.access import DECLARATIONS, DIRECTORY, OFFICE, Access
from portal.web.acting import Acting
from portal.web.links import document_link, link
from portal.workflow.statuses import MEANINGS, status_of

_PUBLISHED = {
    "in_force": (N_("In force"), "green"),
    "suspended": (N_("Suspended"), "violet"),
    "ended": (N_("Ended"), "grey"),
}


@dataclass(frozen=True)
class Hit:
    """One line of the result; `status` is a pair for `ui.badge`, `channel` a name for `ui.channel`."""

    url: str | None
    number: str
    title: str
    status: tuple[str, str] | None = None
    channel: str = ""


@dataclass(frozen=True)
class Group:
    """The lines of one kind; `more` says that there are others beyond them."""

    title: str
    hits: list[Hit]
    more: bool


def found(here: Acting, typed: str) -> list[Group]:
    """The groups that the officer's posts open to him, those without a line left out."""
    groups = []
    if _may(here, OFFICE):
        documents = search.documents(typed)
        for what, title in (("draft", gettext("Drafts")), ("profile", gettext("Profiles"))):
            groups.append(_group(title, [_document(row) for row in documents if row.what == what]))
    if _may(here, DIRECTORY):
        groups.append(_group(gettext("Directory"), [_publication(row) for row in search.publications(typed)]))
    if _may(here, DECLARATIONS):
        rows = [_declaration(row) for row in search.declarations(typed)]
        groups.append(_group(gettext("Declarations"), rows))
    return [group for group in groups if group.hits]


def _may(here: Acting, rule: Access) -> bool:
    return rule.level_has(here) and rule.admits(here)


def _group(title: str, hits: list[Hit]) -> Group:
    return Group(title, hits, len(hits) >= MOST)


def _document(row: Found) -> Hit:
    meaning = MEANINGS[status_of(row.what, row.state)]
    return Hit(document_link(row.what, row.id), row.number, row.title, (gettext(meaning.label), meaning.tone))


def _publication(row: Found) -> Hit:
    label, tone = _PUBLISHED[row.state]
    number = gettext("%(number)s, version %(version)s", number=row.number, version=row.version)
    return Hit(link("directory.show", publication_id=row.id), number, row.title, (gettext(label), tone))


def _declaration(row: Found) -> Hit:
    return Hit(link("inspection.show", declaration_pk=row.id), row.number, row.title, channel=row.state)
