"""The sections in which a text is written: the form of each, and what it makes of the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from portal.levels.signing import SCOPES
from portal.levels.words import N_
from portal.store import journal, territory
from portal.web.acting import acting
from portal.web.documents import estimates, forms
from portal.web.documents.content import language
from portal.web.fields import One, Several, choices
from portal.web.forms import PortalForm, made
from portal.workflow.text import Text

Changes = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A section of a text.

    Attributes:
        title: what its page is called.
        form: makes its form, filled from the document or from what was typed.
        changes: the parts of the text that the form makes anew.
    """

    title: str
    form: Callable[[Any], PortalForm]
    changes: Callable[[Any, PortalForm], Changes]


def _header_form(document: Any) -> PortalForm:
    head = dict(document.text["header"])
    head["direction"] = str(head["direction"]) if head["direction"] else None
    for field in ("valid_from", "valid_to"):
        head[field] = date.fromisoformat(head[field]) if head[field] else None
    form = forms.HeaderForm(data=head)
    form.scope.choices = choices(_scopes(document))
    return form


def _scopes(document: Any) -> list[tuple[str, str]]:
    """The territorial scopes that a document may have: a local profile stays local, a centre has none."""
    stays_local = document.document == "profile" and document.scope == "local"
    not_local = document.authority.level == "central" or (document.number and document.scope != "local")
    return [
        (name, label)
        for name, label in forms.scope_choices()
        if not (stays_local and name != "local") and not (not_local and name == "local")
    ]


def _header_changes(document: Any, form: Any) -> Changes:
    head = {
        "title": form.title.data.strip(),
        "kind": form.kind.data,
        "formalisation": form.formalisation.data,
        "scope": form.scope.data,
        "direction": int(form.direction.data) if form.direction.data else None,
        "risk_type": form.risk_type.data,
        "risk_level": form.risk_level.data,
        "valid_from": form.valid_from.iso,
        "valid_to": form.valid_to.iso,
    }
    if head["scope"] == document.text["header"]["scope"]:
        return {"header": head}
    return {"header": head, "territory": _fitting(document, head["scope"])}


def _fitting(document: Any, scope: str) -> list[str]:
    """What of the territory still fits another scope; where only one authority can, it is named at once."""
    possible = [place.path for place in territory.choices(scope, document.authority_path)]
    kept = [path for path in document.text["territory"] if path in possible]
    if len(possible) == 1:
        return possible
    return kept if SCOPES[scope].several or len(kept) == 1 else []


def _territory_form(document: Any) -> PortalForm:
    scope = SCOPES[document.text["header"]["scope"]]
    pairs = [
        (place.path, f"{place.name(language())} ({place.code})")
        for place in territory.choices(scope.name, document.authority_path)
    ]
    known = [path for path, _ in pairs]
    chosen = [path for path in document.text["territory"] if path in known]
    hint = gettext("%(scope)s: %(territory)s", scope=gettext(scope.label), territory=gettext(scope.territory))
    label = gettext("Applies to")
    if scope.several:
        field = Several(label, needed=False, choices=choices(pairs), description=hint)
    else:
        field = One(
            label, needed=False, choices=choices(pairs, gettext("Choose an authority")), description=hint
        )
    kind = made("TerritoryForm", PortalForm, {"territory": field})
    return kind(data={"territory": chosen if scope.several else (chosen or [None])[0]})


def _territory_changes(document: Any, form: Any) -> Changes:
    chosen = form.territory.data
    return {"territory": list(chosen) if isinstance(chosen, list) else [chosen] if chosen else []}


def _questions_form(document: Any) -> PortalForm:
    return forms.QuestionsForm(data={"rows": document.text["questions"]})


def _questions_changes(document: Any, form: Any) -> Changes:
    return {"questions": [row.data.strip() for row in form.rows if row.data and row.data.strip()]}


def _measures_form(document: Any) -> PortalForm:
    return forms.MeasuresForm(data={"rows": document.text["measures"]})


def _measures_changes(document: Any, form: Any) -> Changes:
    return {"measures": [row.form.measure() for row in form.rows if row.form.code.data]}


def _contact_form(document: Any) -> PortalForm:
    """Who is asked first is offered: the document's own unit and its writer."""
    given = document.text["contact"]
    unit = journal.unit_names((document.unit_id,), language()).get(document.unit_id, "")
    offered = {"unit": unit, "officer": acting().officer.name, "telephone": ""}
    return forms.ContactForm(data={field: given[field] or offered[field] for field in given})


def _contact_changes(document: Any, form: Any) -> Changes:
    return {
        "contact": {field: (form[field].data or "").strip() for field in ("unit", "officer", "telephone")}
    }


def _note_form(document: Any) -> PortalForm:
    note = document.text["note"]
    chosen = estimates.source(document)
    typed = note["estimate"] if chosen == "own" else None
    form = forms.NoteForm(data={**note, "estimate_from": chosen, "estimate": typed})
    form.estimate_from.choices = choices(estimates.choices(document))
    return form


def _note_changes(document: Any, form: Any) -> Changes:
    note = {field: (form[field].data or "").strip() for field in forms.NOTE_TEXTS}
    return {"note": {**note, **_estimate(document, form)}}


def _estimate(document: Any, form: Any) -> Changes:
    chosen, run = form.estimate_from.data, estimates.fresh_run(document)
    if chosen == "kept":
        kept = document.text["note"]
        return {"estimate": kept["estimate"], "estimate_run": kept["estimate_run"], "estimate_reason": ""}
    if chosen == "run" and run is not None:
        hits = run.result["hit_declarations"]
        return {"estimate": hits, "estimate_run": run.id, "estimate_reason": ""}
    reason = (form.estimate_reason.data or "").strip()
    return {"estimate": form.estimate.data, "estimate_run": None, "estimate_reason": reason}


SECTIONS: dict[str, Section] = {
    "header": Section(N_("Header"), _header_form, _header_changes),
    "territory": Section(N_("Authorities where it applies"), _territory_form, _territory_changes),
    "questions": Section(N_("Indicators for the officer to answer"), _questions_form, _questions_changes),
    "measures": Section(N_("Measures"), _measures_form, _measures_changes),
    "contact": Section(N_("Contact"), _contact_form, _contact_changes),
    "note": Section(N_("Explanatory note"), _note_form, _note_changes),
}


def changed(document: Any, section: Section, form: PortalForm) -> Text:
    """The text as it would stand with what was typed."""
    return {**document.text, **section.changes(document, form)}
