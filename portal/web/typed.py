"""Says what an officer typed by the labels of his form, for the pages that show it to him again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import g, request
from wtforms import Form, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

from portal.web.kept import NOT_KEPT

_NOT_TYPED = NOT_KEPT | {"version"}
_KINDS: list[type[Form]] = []
Pairs = list[tuple[str, str]]


def declare(kind: type[Form]) -> None:
    """Make a kind of form known, for as long as the portal runs: its labels are told to whoever sends its fields."""
    _KINDS.append(kind)


def remember(form: Form) -> None:
    """Keep the fields of a form of this request: their labels tell what was typed, if it must be shown again."""
    g.setdefault("typed_fields", {}).update({field.short_name: field for field in form})


def typed() -> Pairs:
    """Label and text of all that the request sends, but for what nobody typed or nobody else may see."""
    sent = {name: ", ".join(filter(None, texts)) for name, texts in request.form.lists()}
    return labelled((name, text) for name, text in sent.items() if name not in _NOT_TYPED and text)


def labelled(named: Iterable[tuple[str, str]]) -> Pairs:
    """Label and words for names and values of fields; what no form has keeps its name."""
    rows = list(named)
    if not rows:
        return []
    fields: dict[str, Any] = g.get("typed_fields", {})
    if not fields:
        labels = _labels_of({name for name, _ in rows})
        return [(labels.get(name, name), text) for name, text in rows]
    return [
        (str(fields[name].label.text), _said(fields[name], text)) if name in fields else (name, text)
        for name, text in rows
        if not isinstance(fields.get(name), HiddenField)
    ]


def _labels_of(names: set[str]) -> dict[str, str]:
    """Labels of a request that was refused before its form was made: of the smallest form that has all its fields."""
    fitting = [found for kind in _KINDS if names <= (found := _declared(kind)).keys()]  # type: ignore[arg-type]  # classes are hashable
    return {name: str(label) for name, label in min(fitting, key=len, default={}).items()}


@cache
def _declared(kind: type[Form]) -> dict[str, Any]:
    """Labels by the names of the fields that the class of a form has; they are said in the reader's language later."""
    found = ((name, getattr(kind, name)) for name in dir(kind))
    return {
        name: field.args[0] if field.args else field.kwargs.get("label", name)
        for name, field in found
        if isinstance(field, UnboundField)
    }


def _said(field: Any, text: str) -> str:
    """The labels of what was chosen; of other fields the text as it is."""
    if not isinstance(field, SelectFieldBase):
        return text
    known = {str(choice.value): str(choice.label) for choice in field.iter_choices()}
    chosen = text.split(", ") if isinstance(field, SelectMultipleField) else [text]
    return ", ".join(known.get(value, value) for value in chosen)
