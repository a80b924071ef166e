"""The builder without scripts: every act by a button, nothing kept until it is said, faults at their lines."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import past, texts
from tests.browser import Browser, Page
from tests.cast import HOUSE
from tests.office import Office

Browse = Callable[[str], Browser]
WRITER = "10130000.officer.goods"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def opened(office: Office, browse: Browse, *groups: dict[str, Any], login: str = WRITER) -> Page:
    text = texts.complete()
    text["groups"] = list(groups)
    draft = office.draft(text=text)
    return browse(login).get(f"/10130000/documents/{draft}/groups")


def group(*leaves: dict[str, Any], exceptions: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": "Footwear", "condition": {"all": list(leaves)}, "exceptions": exceptions}


def do(page: Page, act: str, **typed: Any) -> Page:
    """Press a button; the same page may be sent more than once, as from two windows."""
    return page.form("/groups").submit(do=act, form_key=secrets.token_hex(8), **typed)


def kept(office: Office, page: Page) -> list[Any]:
    return list(office.document(int(page.url.split("/documents/")[1].split("/")[0]))["text"]["groups"])


HS = {"field": "hs_code", "op": "starts_with", "value": ["64"]}


def test_a_group_is_written_from_nothing(office: Office, browse: Browse) -> None:
    page = opened(office, browse)
    assert "No group of indicators yet" in page.words
    page = do(page, "add_card@")
    page = do(page, "refresh", **{"p-0-condition-0-field": "hs_code", "p-0-name": "Shoes"})
    page = do(
        page,
        "add_after@0.condition.0",
        **{"p-0-condition-0-relation": "starts_with", "p-0-condition-0-value": "64, 65"},
    )
    page = do(page, "refresh", **{"p-0-condition-1-field": "tax_rate"})
    page = do(page, "refresh", **{"p-0-condition-1-relation": "between"})
    page = do(page, "add_exceptions@0", **{"p-0-condition-1-value": ["6,5", "8"]})
    page = do(page, "refresh", **{"p-0-exceptions-0-field": "direction"})
    page = do(page, "refresh", **{"p-0-exceptions-0-value": ["export", "transit"]})
    assert (
        "The commodity code begins with 64 or 65; and the tax rate is from 6.5 to 8% inclusive." in page.words
    )
    assert "Exception: the direction is export or transit." in page.words
    assert kept(office, page) == [], "nothing is kept until it is said"
    page = do(page, "save@")
    assert "The indicators are kept." in page.words
    assert kept(office, page) == [
        {
            "name": "Shoes",
            "condition": {
                "all": [
                    {"field": "hs_code", "op": "starts_with", "value": ["64", "65"]},
                    {"field": "tax_rate", "op": "between", "value": ["6.5", "8"]},
                ]
            },
            "exceptions": {"any": [{"field": "direction", "op": "in", "value": ["export", "transit"]}]},
        }
    ]


def test_faults_stand_at_their_lines_with_what_was_typed(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS, {"field": "tax_rate", "op": "<", "value": "8"}))
    page = do(page, "save@", **{"p-0-condition-1-value": "eight", "p-0-condition-0-value": ""})
    assert page.status == 422
    assert page.soup.find(id="p-0-condition-1-value")["value"] == "eight"
    assert "Needs a decimal number" in page.soup.find(id="p-0-condition-1").get_text()
    assert "Give a value" in page.soup.find(id="p-0-condition-0").get_text()
    summary = page.soup.select_one(".rp-error-summary")
    assert {a["href"] for a in summary.find_all("a")} == {"#p-0-condition-0", "#p-0-condition-1"}
    assert kept(office, page)[0]["condition"]["all"][0] == HS


def test_an_incomplete_line_is_no_fault_while_he_writes(office: Office, browse: Browse) -> None:
    page = do(opened(office, browse, group(HS)), "add_line@0.condition")
    assert page.status == 200
    assert "One line is not complete yet." in page.words
    assert not page.soup.select(".rp-remark")


def test_what_is_doubtful_is_told_beside_the_line(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS, {"field": "hs_code", "op": "starts_with", "value": ["6403"]}))
    assert "Line 1 : Adds nothing: line 2 already demands it" in page.words
    assert "line 2 already demands it" in page.soup.find(id="p-0-condition-0").get_text()


def test_undo_goes_back_step_by_step_and_reset_to_what_is_kept(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    first = do(page, "add_line@0.condition")
    second = do(first, "remove@0.condition.0", **{"p-0-condition-1-field": "currency"})
    assert second.soup.find(id="p-0-condition-1") is None
    back = do(second, "undo@")
    assert back.soup.select_one("#p-0-condition-1-field option[selected]")["value"] == "currency"
    back = do(back, "undo@")
    assert back.soup.select_one("#p-0-condition-1-field option[selected]") is None or (
        back.soup.select_one("#p-0-condition-1-field option[selected]")["value"] == ""
    )
    assert do(back, "undo@").soup.find(id="p-0-condition-1") is None
    reset = do(second, "reset@")
    assert "Nothing has changed" in reset.words
    assert reset.soup.find(id="p-0-condition-0-value").get_text() == "64"


@pytest.mark.parametrize(
    ("act", "place"),
    [("remove@0.condition.9", ""), ("explode@0", ""), ("up@x", ""), ("add_line@0.condition.0", "")],
)
def test_an_act_on_nothing_is_refused(office: Office, browse: Browse, act: str, place: str) -> None:
    assert do(opened(office, browse, group(HS)), act).status == 422


def test_a_sketch_made_by_hand_is_refused(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    for sketch in ("", "[[", '[["",["all",[["hs_code","in",[1]]]],null]]', "[" * 50_000):
        assert do(page, "save@", sketch=sketch).status == 422
    assert kept(office, page)[0]["condition"] == {"all": [HS]}


def test_a_past_made_by_hand_is_forgotten(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    for steps in ("{", "[1, 2]", "7"):
        assert do(page, "undo@", past=steps).status == 200
    assert do(page, "undo@", past=json.dumps(["nonsense"])).status == 422


def test_keeping_over_a_change_of_somebody_else_shows_both(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    do(page, "save@", **{"p-0-condition-0-value": "65"})
    stale = do(page, "save@", **{"p-0-condition-0-value": "66"})
    assert stale.status == 409
    assert "The commodity code begins with 65." in stale.words
    assert stale.soup.find(id="p-0-condition-0-value").get_text() == "66"
    assert kept(office, page)[0]["condition"]["all"][0]["value"] == ["65"]
    do(stale, "save@")
    assert kept(office, page)[0]["condition"]["all"][0]["value"] == ["66"]


def test_experts_write_json(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    wanted = [{"name": "J", "condition": {"not": {"field": "currency", "op": "missing"}}}]
    taken = do(page, "take_json@", json=json.dumps(wanted))
    assert taken.soup.select_one("#p-0-condition-0-field option[selected]")["value"] == "currency"
    assert kept(office, page)[0]["condition"] == {"all": [HS]}
    do(taken, "save@")
    assert kept(office, page) == [
        {"name": "J", "condition": {"not": {"field": "currency", "op": "missing"}}, "exceptions": None}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[1]",
        '[{"name": 1, "condition": {}}]',
        '[{"condition": {"field": "x", "op": "in", "value": ["1"]}}]',
        '[{"condition": {"all": []}}]',
        '[{"condition": {"field": "hs_code", "op": "in", "value": ["1"]}, "extra": 1}]',
    ],
)
def test_json_at_fault_is_told_and_kept_on_the_page(office: Office, browse: Browse, text: str) -> None:
    page = opened(office, browse, group(HS))
    for act in ("take_json@", "save_json@"):
        answer = do(page, act, json=text)
        assert answer.status == 422
        assert answer.soup.find(id="json").get_text() == text
    assert kept(office, page)[0]["condition"] == {"all": [HS]}


def test_an_area_too_big_for_lines_is_kept_as_json(office: Office, browse: Browse) -> None:
    many = [{"field": "hs_code", "op": "in", "value": [str(1000 + n)]} for n in range(300)]
    page = opened(office, browse, {"name": "Big", "condition": {"any": many}, "exceptions": None})
    assert "too many lines" in page.words
    text = json.loads(page.soup.find(id="json").get_text())
    text[0]["name"] = "Bigger"
    do(page, "save_json@", json=json.dumps(text))
    assert kept(office, page)[0]["name"] == "Bigger"
    assert len(kept(office, page)[0]["condition"]["any"]) == 300


def test_the_count_is_that_of_the_own_history(
    app: Flask, office: Office, browse: Browse, tmp_path: Path
) -> None:
    assert "No past declarations are kept here yet" in opened(office, browse, group(HS)).words
    past.taken(app, HOUSE, past.csv(tmp_path, [row for row in past.ROWS if row[0] in "WE"]))
    page = opened(office, browse, group(HS))
    assert "hits 4 of 8 items , 50.0 %" in page.words
    page = do(page, "refresh", **{"p-0-condition-0-value": "87"})
    assert "hits 1 of 8 items" in page.words


def test_only_the_writer_opens_it_and_only_while_he_writes(office: Office, browse: Browse) -> None:
    draft = office.draft()
    address = f"/10130000/documents/{draft}/groups"
    assert browse(WRITER).get(address).status == 200
    assert browse("10130000.officer.value").get(address).status == 403
    assert browse("10130000.auditor").get(address).status == 403
    assert browse("10110000.officer.goods").get(f"/10110000/documents/{draft}/groups").status == 404
    assert browse("05100000.officer.goods").get(f"/05100000/documents/{draft}/groups").status == 404
    assert browse("").get(address, follow=False).status == 303


def test_a_region_is_answered_alone(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    for region in ("builder", "builder_preview"):
        part = page.browser.client.get(page.url, headers={"HX-Request": "true", "HX-Target": region})
        text = part.get_data(as_text=True)
        assert text.strip().startswith(f'<div id="{region}"')
        assert "<html" not in text


def test_the_reading_is_in_the_readers_language(office: Office, browse: Browse) -> None:
    page = opened(office, browse, group(HS))
    page.browser.client.set_cookie("language", "ru")
    assert "Код товара" in page.browser.get(page.url).words
