"""The macros of ``templates/ui``: what officers, screen readers and a strict policy need of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2_fragments.flask import render_block
from markupsafe import Markup
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from portal.web import filters
from portal.web.macros import FILES, Macros

TEMPLATES = Path(__file__).parents[2] / "portal" / "templates"
FACE = sorted(path for room in ("ui", "layout", "errors") for path in (TEMPLATES / room).glob("*.html"))
HOSTILE = '"><script>alert(1)</script>'
LIMIT = datetime(2026, 11, 12, 14, 0, tzinfo=UTC)


class Draft(Form):
    title = StringField("Title", [DataRequired("Enter the title")], description="As in the register")
    kind = SelectField("Kind", choices=[SelectChoice("a", "Automatic")])
    scope = RadioField("Scope", [DataRequired("Choose the scope")], choices=[SelectChoice("11", "National")])
    reason = TextAreaField("Reason")
    urgent = BooleanField("Urgent")


@pytest.fixture
def ui() -> Iterator[Macros]:
    app = Flask("portal")
    app.secret_key = "only for this test"
    app.jinja_loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(TEMPLATES),
            jinja2.DictLoader(
                {"page.html": "{% block row %}{{ ui.badge('in force', 'green') }}{% endblock %}"}
            ),
        ]
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    Babel(app, locale_selector=lambda: "en", timezone_selector=lambda: "Europe/Moscow")
    CSRFProtect(app)
    filters.install(app)
    app.jinja_env.globals["form_key"] = lambda: "key-1"
    with app.test_request_context():
        yield app.jinja_env.globals["ui"]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def called(text: str) -> dict[str, object]:
    return {"caller": lambda: Markup(text)}  # noqa: S704


def test_macros_reach_a_block_that_is_rendered_alone(ui):
    assert "in force" in render_block("page.html", "row")


def test_an_unknown_macro_is_an_error(ui):
    with pytest.raises(AttributeError, match="no macro 'buton'"):
        ui.buton("Sign")


def test_one_name_in_two_files_is_refused():
    twice = {f"ui/{file}.html": "{% macro same() %}{% endmacro %}" for file in FILES}
    with pytest.raises(ValueError, match="macro same is defined in"):
        Macros(jinja2.Environment(autoescape=True, loader=jinja2.DictLoader(twice))).same()


@pytest.mark.parametrize("path", FACE, ids=lambda path: path.stem)
def test_templates_hold_nothing_that_the_policy_forbids(path):
    source = path.read_text()
    forbidden = r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<style|<script(?![^>]*\bsrc=)|{%-? *(import|from) "
    assert re.findall(forbidden, source) == []


def test_a_field_points_at_its_hint_and_at_its_error(ui):
    form = Draft(data={"kind": "a"})
    form.validate()
    html = ui.field(form.title)
    assert '<label class="rp-label" for="title">Title</label>' in html
    assert re.search(r'<input[^>]*aria-describedby="title-hint title-error"[^>]*aria-invalid="true"', html)
    assert 'id="title-hint">As in the register<' in html
    assert re.search(r'id="title-error">.*Enter the title', html, re.S)


def test_a_field_without_hint_or_error_describes_nothing(ui):
    html = ui.field(Draft().reason, rows=5)
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html
    assert re.search(r'<textarea[^>]*rows="5"', html)


def test_choices_are_a_fieldset_that_the_summary_can_reach(ui):
    form = Draft(data={})
    form.validate()
    html = ui.field(form.scope)
    assert re.search(r'<fieldset[^>]*id="scope"[^>]*tabindex="-1"[^>]*aria-describedby="scope-error"', html)
    assert '<legend class="rp-label">Scope</legend>' in html
    assert re.search(r'<label class="rp-choice" for="scope-0"><input[^>]*id="scope-0"', html)


@pytest.mark.parametrize(
    ("name", "expected"), [("kind", '<select class="form-select"'), ("urgent", "form-check-input")]
)
def test_other_kinds_of_field(ui, name, expected):
    assert expected in ui.field(Draft()[name])


def test_every_error_of_the_summary_leads_to_a_field(ui):
    form = Draft(data={"kind": "a"})
    form.validate()
    summary = ui.error_summary(form)
    fields = "".join(ui.field(field) for field in form)
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["title", "scope"]
    assert all(f'id="{target}"' in fields for target in targets)
    assert "2 things to put right" in summary
    assert ui.error_summary(Draft()).strip() == ""


def test_what_people_typed_is_text(ui):
    form = Draft(data={"title": HOSTILE})
    shown = [
        ui.field(form.title),
        ui.summary_list([(HOSTILE, HOSTILE, "/change")]),
        ui.timeline([{"at": LIMIT, "who": HOSTILE, "text": HOSTILE, "detail": HOSTILE}]),
        ui.bar_table(HOSTILE, [(HOSTILE, 1)]),
        ui.column_chart(HOSTILE, [HOSTILE], [(HOSTILE, 1)]),
        ui.badge(HOSTILE, "red"),
        ui.stale([(HOSTILE, HOSTILE)], [(HOSTILE, None)]),
    ]
    assert not any("<script>" in html for html in shown)


def test_a_form_carries_token_key_and_version(ui):
    html = ui.form("/send", "Send to the centre", version=3, **called("<p>body</p>"))
    assert re.search(r'name="csrf_token" value="[^"]{20,}"', html)
    assert 'name="form_key" value="key-1"' in html
    assert 'name="version" value="3"' in html
    assert re.search(r"<p>body</p>.*<button[^>]*>Send to the centre</button>", html, re.S)
    assert "hx-post" not in html
    assert 'name="version"' not in ui.post_button("Sign out", "/out")


@pytest.mark.parametrize(
    ("given", "said", "tone"),
    [
        (
            {"left": 7, "limit": 10, "until": LIMIT},
            "7 of 10 working days left , until Thu 12 Nov, 17:00",
            "blue",
        ),
        (
            {"left": 2, "limit": 10, "until": LIMIT, "zone": "Asia/Yerevan"},
            "2 of 10 working days left , until Thu 12 Nov, 18:00 Yerevan",
            "amber",
        ),
        ({"left": 0, "limit": 10}, "last working day", "amber"),
        ({"left": 1, "limit": 1, "unit": "working_hours"}, "1 working hour left", "amber"),
        ({"overdue_by": 3, "until": LIMIT}, "3 working days overdue , was due Thu 12 Nov, 17:00", "red"),
        ({"overdue_by": 0}, "overdue since today", "red"),
        ({"suspended": True}, "clock stopped", "violet"),
    ],
)
def test_the_clock_speaks(ui, given, said, tone):
    html = ui.clock(**given)
    assert words(html) == said
    assert f"rp-clock rp-{tone}" in html


@pytest.mark.parametrize(
    ("name", "word"), [("red", "Red"), ("yellow", "Yellow"), ("green", "Green"), ("blue", "Blue")]
)
def test_channels_have_a_word_and_a_shape_of_their_own(ui, name, word):
    shape = re.search(r'd="([^"]+)"', ui.channel(name))
    others = [ui.channel(other) for other in ("red", "yellow", "green", "blue") if other != name]
    assert word in words(ui.channel(name))
    assert shape is not None
    assert not any(shape[1] in other for other in others)


def test_a_table_names_itself_and_its_columns(ui):
    html = ui.table("Drafts", ["Number", ("Hits", "num")], **called("<tr><td>1</td></tr>"))
    assert 'aria-label="Drafts"' in html
    assert '<caption class="visually-hidden">Drafts</caption>' in html
    assert '<th scope="col">Number</th><th scope="col" class="num">Hits</th>' in html


def test_pages_of_a_list_are_plain_links_first(ui):
    html = ui.pager("/drafts?after=9", None, target="drafts")
    assert 'href="/drafts?after=9" hx-get="/drafts?after=9" hx-target="#drafts"' in html
    assert "Newer" not in html
    assert ui.pager(None, None).strip() == ""


def test_columns_stack_to_the_height_of_their_sum(ui):
    html = ui.column_chart("Hits", ["found", "others"], [("01", 50, 50), ("02", 0, 25)])
    bars = [(float(y), float(h)) for y, h in re.findall(r'y="([\d.]+)" height="([\d.]+)"', html)]
    assert bars == [(108.0, 92.0), (16.0, 92.0), (200.0, 0.0), (154.0, 46.0)]
    assert re.findall(r'<td class="num">([^<]+)</td>', html) == ["50", "50", "0", "25"]


def test_small_multiples_share_one_scale(ui):
    html = ui.small_multiples("Hits", [("Armenia", [("01", 25)]), ("Russia", [("01", 100)])])
    assert re.findall(r'height="([\d.]+)"><title>', html) == ["17.5", "70.0"]


def test_charts_of_nothing_are_drawn(ui):
    assert "<svg" in ui.column_chart("Hits", ["found"], [])
    assert "Hits" in ui.small_multiples("Hits", [])
    assert "Hits" in ui.bar_table("Hits", [])


def test_checklist_says_what_is_missing_without_colour(ui):
    items = [
        {"what": "Note", "done": True, "who": None, "url": "/note"},
        {"what": "Endorsement", "done": False, "who": "M. Sokolova", "url": "/endorse"},
    ]
    html = ui.checklist(items)
    assert words(html) == "done: Note missing: Endorsement M. Sokolova"
    assert re.findall(r'href="([^"]+)"', html) == ["/endorse"]


def test_summary_list_writes_lists_and_what_is_not_given(ui):
    html = ui.summary_list(
        [("Codes", ["8421", "8422"], "/codes"), ("Order", None), ("Level", ui.badge("high", "red"))]
    )
    assert words(html) == "Codes 8421 8422 Change — Codes Order not given Level high"


def test_a_signature_shows_for_whom(ui):
    rows = [SimpleNamespace(post="Head", name="I. Ivanov", signed_at=LIMIT, for_whom="P. Petrov")]
    assert words(ui.signatures(rows)) == "Head signed 12 Nov 2026, Thu 17:00 I. Ivanov for P. Petrov"
