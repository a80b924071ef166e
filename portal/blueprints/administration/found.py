"""Finds what an address of the administrator names; whatever is outside his subtree is not here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request, url_for
from flask_babel import get_locale, gettext

from portal.blueprints.administration.forms import put_faults
from portal.errors import Invalid, NotHere
from portal.store import administration, administration_tree
from portal.web.acting import acting
from portal.web.forms import PortalForm
from portal.web.page import page

T = TypeVar("T")


def language() -> str:
    return str(get_locale())


def authority_at(authority_id: int) -> Any:
    """Raises NotHere when it is not in the acting authority's own subtree."""
    found = administration_tree.authority(authority_id)
    if found is None:
        raise NotHere
    return found


def unit_at(unit_id: int) -> Any:
    """Raises NotHere when it is out of scope."""
    found = administration.unit(unit_id)
    if found is None:
        raise NotHere
    return found


def officer_at(officer_id: int) -> Any:
    """Raises NotHere when his account is kept out of scope."""
    found = administration.officer(officer_id)
    if found is None:
        raise NotHere
    return found


def named(row: Any) -> str:
    """The name of an authority or unit in the reader's language."""
    return str(row.name_ru if language() == "ru" else row.name_en)


def to(endpoint: str, **values: Any) -> str:
    """The address of another page of the administrator."""
    return url_for(f"administration.{endpoint}", code=acting().code, **values)


def tabs(active: str) -> list[tuple[str, str, bool, int | None]]:
    """The three parts of administration."""
    waiting = administration.pending_count() or None
    return [
        (gettext("Authorities"), to("tree"), active == "tree", None),
        (gettext("Officers"), to("officers"), active == "officers", None),
        (gettext("Proposals"), to("proposals"), active == "proposals", waiting),
    ]


def done(form: PortalForm, act: Callable[[], T]) -> T | None:
    """What the act made of a form that was sent and holds; None where the form is shown, with the faults found."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        return act()
    except Invalid as error:
        put_faults(form, error)
        return None


def form_page(
    title: str,
    pretitle: str,
    form: Any,
    fields: dict[str, dict[str, Any]],
    submit: str,
    cancel_url: str,
    status: int | None = None,
    **rest: Any,
) -> Response:
    """A page of one form.

    Args:
        fields: names of the form's fields in their order, each with the options of `ui.field`.
        status: by default 422 for what was sent and is shown again.
        rest: `version`, `kind`, `facts`, `consequences`, `against`, `note`, `elsewhere` as form.html has them.
    """
    shown = {
        "version": None,
        "kind": "primary",
        "facts": None,
        "consequences": (),
        "against": (),
        "note": None,
        "elsewhere": None,
    }
    return page(
        "administration/form.html",
        status or (200 if request.method == "GET" else 422),
        title=title,
        pretitle=pretitle,
        form=form,
        fields=[(form[name], options) for name, options in fields.items()],
        submit=submit,
        cancel_url=cancel_url,
        own_url=request.path,
        **{**shown, **rest},
    )
