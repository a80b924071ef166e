"""Pairs of officers who change the same from the same version at one moment: one wins, the other sees both texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from tests import forms, portals, rivals

#: Forms that change what stands there: each keeps a version, and whoever comes second is shown both texts.
EDITS = (
    "drafting.write", "profiles.write", "circulation.change", "administration.change_unit",
    "administration.change_authority", "administration.change_officer",
)  # fmt: skip
#: Acts that carry the version too; whoever comes second finds that it was done, and what he typed is kept.
ACTS = ("decisions.make", "inspection.record", "administration.close_officer", "administration.decline")


@dataclass
class Raced:
    """How the pairs of one form ended; what is wrong, in words."""

    won: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


def raced(portal: portals.Portal) -> list[forms.Shown]:
    """The forms that are raced: those with a version and something to type."""
    return [
        form
        for form in forms.shown(portal.app, forms.pages())
        if "version" in form.names and form.endpoint in EDITS + ACTS and _typed_in(form)
    ]


def _typed_in(form: forms.Shown) -> str:
    """The control in which the two differ: the first that takes words."""
    words = [
        one.name
        for one in form.controls
        if one.kind == "textarea" or (one.kind == "text" and one.name.endswith(_WORDY))
    ]
    return words[0] if words else ""


_WORDY = (
    "title",
    "name",
    "name_en",
    "description",
    "officer",
    "information_from",
    "words",
    "position",
    "unit",
)


def race(portal: portals.Portal, form: forms.Shown, pairs: int) -> Raced:
    """Let so many pairs race for a form, each from the same beginning."""
    result = Raced()
    for number in range(pairs):
        portal.put_back()
        mine, theirs = f"Words of the first {number}", f"Words of the second {number}"
        sendings = []
        for words in (mine, theirs):
            sent, files = rivals.honest(form, words)
            name = _typed_in(form)
            sendings.append(([(n, words if n == name else value) for n, value in sent], files))
        answers = rivals.at_once(portal.app, form.login, form.action, sendings)
        wrong = _wrong(form, answers, (mine, theirs))
        result.wrong.update(wrong)
        result.won += not wrong
    portal.put_back()
    return result


def _wrong(form: forms.Shown, answers: list[TestResponse], words: tuple[str, str]) -> list[str]:
    """What is wrong with a pair's answers."""
    statuses = sorted(one.status_code for one in answers)
    if statuses != [303, 409]:
        return [f"answered {statuses}"]
    second = next(n for n, one in enumerate(answers) if one.status_code != 303)
    said = " ".join(
        BeautifulSoup(answers[second].get_data(as_text=True), "html.parser").get_text(" ").split()
    )
    missing = [] if words[second] in said else ["what the second typed is lost"]
    if form.endpoint in EDITS and words[1 - second] not in said:
        missing.append("the text of the first is not shown to the second")
    return missing
