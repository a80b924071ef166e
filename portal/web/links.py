"""Addresses of what a page names, under the acting authority; nothing where the page does not exist."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.web.acting import acting
from portal.web.blueprint import rule_of


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page that exists and is open to the officer, else None."""
    rule = rule_of(endpoint)
    here = acting()
    if rule is None or not rule.level_has(here) or not rule.admits(here):
        return None
    return url_for(endpoint, code=here.code, **values)


def document_link(document: str, document_id: int) -> str | None:
    """The address of a draft's or a profile's page."""
    return link("drafting.show" if document == "draft" else "profiles.show", document_id=document_id)
