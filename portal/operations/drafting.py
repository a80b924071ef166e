"""Begins a draft and changes its text, section by section."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from portal.errors import NotAllowedNow, NotYours
from portal.levels.roles import Post
from portal.levels.words import N_
from portal.models import Document, Draft, Remark
from portal.operations import journal, stages, texts
from portal.operations.acts import Acts
from portal.store import authorities, territory
from portal.store.session import session
from portal.workflow.clock import now
from portal.workflow.statuses import WRITABLE, D, status_of
from portal.workflow.text import Text, blank


def begin(acts: Acts, title: str, kind: str, scope: str, text: Text | None = None) -> Draft:
    """Begin a draft in the officer's own unit.

    Args:
        text: a text to start from, such as adopted risk information; by default a blank one.

    Raises:
        NotYours: he is no officer of a unit at the acting authority.
        NotAllowedNow: the authority is closed.
    """
    unit = next((held.unit for held in acts.actor.posts if held.post is Post.OFFICER and held.unit), None)
    home = authorities.by_path(acts.path)
    if unit is None or home is None:
        raise NotYours(N_("Only an officer of a structural unit begins a draft."))
    at = now()
    if home.closed_on is not None:
        raise NotAllowedNow(N_("The authority is closed: it takes no new work."))
    fresh = copy.deepcopy(text) if text is not None else blank()
    fresh["header"].update(title=title, kind=kind, scope=scope)
    fresh["header"]["risk_level"] = "medium" if kind == "orientation" else "high"
    possible = territory.choices(scope, acts.path)
    if len(possible) == 1:
        fresh["territory"] = [possible[0].path]
    draft = Draft(
        authority_path=acts.path,
        authority_id=home.id,
        unit_id=unit,
        author_id=acts.officer_id,
        status=D.DRAFTING,
        text={},
        text_hash="",
        **texts.header_columns(fresh),
    )
    texts.put(draft, fresh, acts.name, at)
    stages.enter(draft, at)
    journal.write(draft, acts, "begin", N_("Draft begun"), at)
    return draft


def change(document: Document, acts: Acts, section: str, value: Any) -> bool:
    """Replace one section of the text; False when nothing changed.

    Raises:
        NotAllowedNow: the document is not being written.
        NotYours: it is another officer's to write.
    """
    may_write(document, acts)
    text = copy.deepcopy(document.text)
    text[section] = value
    at = now()
    if not texts.put(document, text, acts.name, at):
        return False
    journal.write(document, acts, "change", N_("Text changed"), at, carried={"section": section})
    return True


def may_write(document: Document, acts: Acts) -> None:
    """Refuse whoever may not change the text now; its author writes a draft, its executor a profile.

    Raises:
        NotAllowedNow, NotYours: as in `change`.
    """
    writer = document.author_id if document.document == "draft" else document.executor_id
    if writer != acts.officer_id or document.authority_path != acts.path:
        raise NotYours(N_("Only the officer who writes the document changes its text."))
    if status_of(document.document, document.status) not in WRITABLE:
        raise NotAllowedNow(N_("The text is signed or on its way; it must be returned before it can change."))


def remark(document: Document, acts: Acts, words: str, section: str = "") -> Remark:
    """Add a remark to the present version of a document."""
    at: datetime = now()
    row = Remark(
        document_id=document.id,
        authority_path=document.authority_path,
        at=at,
        officer_name=acts.name,
        post_label=acts.actor.posts[0].post.label if acts.actor.posts else "",
        version=document.version,
        section=section,
        words=words,
    )
    session().add(row)
    return row
