"""What only its officer may type is never shown back, nor kept while a session runs out: every form is walked."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from wtforms import Field, HiddenField, PasswordField
from wtforms.fields.core import UnboundField

import portal
from portal.web import carried, confirming
from portal.web.forms import PortalForm
from portal.web.kept import NOT_KEPT
from portal.web.typed import _NOT_TYPED

TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"
#: Hidden fields that give nothing away: where to go on, and of which row and state the page spoke.
OPEN = {"next", "version", "alert", "newest", "past", "publication", "sketch"}
#: How a browser is told that a field takes a password or a code.
SECRET = {"current-password", "new-password", "one-time-code"}
#: Programs that are started, and not imported.
STARTED = ("portal.demo",)


def forms() -> Iterator[type[PortalForm]]:
    """Every class of form, wherever it is written."""
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if not module.name.startswith(STARTED):
            importlib.import_module(module.name)
    waiting: list[type[PortalForm]] = [PortalForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        yield form


def fields() -> Iterator[tuple[str, str, type[Field], dict[str, Any]]]:
    """Form, name, class and settings of every field that a form is written with."""
    for form in forms():
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField):
                yield form.__name__, name, field.field_class, field.kwargs


def secret(kind: type[Field], settings: dict[str, Any]) -> bool:
    return issubclass(kind, PasswordField) or (settings.get("render_kw") or {}).get("autocomplete") in SECRET


def test_passwords_and_codes_of_every_form_are_not_kept() -> None:
    found = {(form, name) for form, name, kind, settings in fields() if secret(kind, settings)}
    assert {name for _, name in found} >= {"password", "new_password", "again", "one_time_code"}
    assert len(found) >= 9
    assert {(form, name) for form, name in found if name not in NOT_KEPT} == set()


def test_what_signs_a_move_is_not_kept(plain_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its form is made for each move; the code of an app stands beside the password."""
    monkeypatch.setattr(confirming, "code_needed", lambda: True)
    with plain_app.test_request_context():
        form = carried.decision_form(None, SimpleNamespace(carries=(), signs=True))  # type: ignore[arg-type]
        names = {field.name for field in form} - {"csrf_token"}
    assert {"password", "one_time_code"} <= names
    assert names - {"form_key", "version"} <= NOT_KEPT


def test_every_hidden_field_is_not_kept_or_known_to_be_open() -> None:
    hidden = {name for _, name, kind, _ in fields() if issubclass(kind, HiddenField)}
    written = re.compile(r"<input[^>]*type=.hidden.[^>]*\bname=.([a-z_]+)")
    for template in TEMPLATES.rglob("*.html"):
        hidden |= set(written.findall(template.read_text(encoding="utf-8")))
    assert {"credential", "challenge", "sealed", "kept", "seed", "form_key"} <= hidden
    assert hidden - NOT_KEPT - OPEN == set()


def test_pages_of_refusal_show_back_nothing_that_is_not_kept() -> None:
    assert NOT_KEPT <= _NOT_TYPED
