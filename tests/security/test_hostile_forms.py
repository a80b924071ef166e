"""Hostile requests to every form: none is answered 5xx, no markup comes back alive.

`scripts/hostile_forms.py` sends as many as one likes.
"""

from __future__ import annotations

from random import Random

import pytest

from scripts import hostile_forms
from tests import forms, hostile, portals

REQUESTS = 600


@pytest.mark.slow
@pytest.mark.parametrize("furnished_portal", ["sqlite"], indirect=True)
def test_no_form_fails_and_no_markup_lives(furnished_portal: portals.Portal) -> None:
    furnished_portal.put_back()
    attack = hostile_forms.Attack(furnished_portal, 1, forms.pages())
    rules = furnished_portal.app.url_map.iter_rules()
    routes = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    assert {form.endpoint for form in attack.forms} == routes, "every route of POST has a form to spoil"
    found = attack.send(REQUESTS)
    assert found.faults == {}
    assert found.alive == {}
    assert found.sent == REQUESTS
    assert found.statuses[303] > REQUESTS / 50, "some are taken, so that there is something to read back"
    assert found.marked > 20, "marks come back, escaped"


@pytest.mark.parametrize(
    "page",
    [
        "<p><zqmark-a></p>",
        '<input value="x" onzqmark="1">',
        '<a href="JaVa\nScRiPt:zqmark()">x</a>',
        "<script>let a = zqmark</script>",
        "<textarea></textarea><zqmark-d></textarea>",
        "<a href=x onzqmark=1>x</a>",
    ],
)
@pytest.mark.parametrize("rest", ["", "<p>" + "&lt;" * hostile.LONG + "</p>"], ids=["short", "long"])
def test_markup_that_lives_is_noticed(page: str, rest: str) -> None:
    assert hostile.in_html(f"<!doctype html><title>x</title>{rest}{page}")


@pytest.mark.parametrize(
    "page", ["<p>&lt;zqmark-a&gt;</p>", '<input value="<zqmark-a>">', "<textarea><zqmark-d></textarea>"]
)
def test_markup_that_is_text_is_let_be(page: str) -> None:
    assert hostile.in_html(f"<!doctype html><title>x</title>{page}") == []


def test_the_same_seed_sends_the_same() -> None:
    form = forms.Shown("", "", "/x", "x", (forms.Control("words", "textarea"),))
    one, two = ([hostile.pairs(form, Random(n), ["y"]) for n in range(200)] for _ in range(2))
    assert one == two
    assert any("\x00" in value for sent in one for _, value in sent)
