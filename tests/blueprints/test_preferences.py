"""An officer's own settings: kept on his row, used on every page, by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import AuditEntry, Officer
from portal.store.session import acting
from tests.browser import Browser, Page
from tests.cast import HOUSE
from tests.office import Office

Browse = Callable[[str], Browser]
LOGIN = "10130000.officer.goods"
PLACE = "/preferences?at=10130000"


def keep(browser: Browser, **wishes: str) -> Page:
    return browser.get(PLACE).form("/preferences").submit(**wishes)


def root(page: Page) -> str:
    return re.search(r"<html[^>]*>", page.text)[0]  # type: ignore[index]


def test_they_begin_as_the_system_is(browse: Browse) -> None:
    browser = browse(LOGIN)
    assert root(browser.get("/10130000/")) == '<html lang="en">'
    assert root(browse("").get("/sign-in")) == '<html lang="en">'
    assert "prefers-contrast" in browser.get("/10130000/").text


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_theme_marks_every_page(browse: Browse, theme: str) -> None:
    browser = browse(LOGIN)
    page = keep(browser, theme=theme)
    assert page.status == 200
    assert "Your settings are kept." in page.words
    for url in ("/10130000/", "/10130000/drafts", "/10130000/drafts/99999", PLACE):
        assert root(browser.get(url)) == f'<html lang="en" data-theme="{theme}">'
    assert ('media="screen">' in page.text) is (theme == "contrast")
    assert root(browse("10130000.unit_head.goods").get("/10130000/")) == '<html lang="en">', "his own alone"


def test_language_density_and_keys(browse: Browse) -> None:
    browser = browse(LOGIN)
    browser.client.set_cookie("language", "en")
    form = browser.get(PLACE).form("/preferences")
    form.values = [(name, value) for name, value in form.values if name != "shortcuts"]
    page = form.submit(locale="ru", density="compact")
    assert "Настройки сохранены." in page.words
    assert browser.client.get_cookie("language") is None, (
        "the settings weigh more than the link of the header"
    )
    assert root(browser.get("/10130000/")) == '<html lang="ru" data-density="compact" data-shortcuts="off">'
    browser.get("/language/en?next=/10130000/")
    assert 'lang="en"' in root(browser.get("/10130000/")), "for this browser he may still choose another"


def test_moments_follow_the_zone_and_say_so(app: Flask, browse: Browse) -> None:
    """The house lives by Moscow; its officer in Vladivostok is told whose hours he reads."""
    Office(app).draft()
    browser = browse(LOGIN)
    history = re.search(r'href="(/10130000/drafts/\d+)"', browser.get("/10130000/drafts").text)
    assert history is not None
    mine = browser.get(f"{history[1]}/history")
    assert "Vladivostok" not in mine.words
    before = re.search(r'<time datetime="[^"]+">([^<]+)</time> · ', mine.text)
    assert before is not None
    assert re.fullmatch(r"\d+ \w+ \d+, \w+ \d\d:\d\d", before[1])
    keep(browser, zone="Asia/Vladivostok")
    after = re.search(r'<time datetime="[^"]+">([^<]+)</time> · ', browser.get(f"{history[1]}/history").text)
    assert after is not None
    assert after[1].endswith(" Vladivostok")
    hours = [int(re.search(r"(\d\d):", one)[1]) for one in (before[1], after[1])]  # type: ignore[index]
    assert (hours[1] - hours[0]) % 24 == 7, "Vladivostok is ten hours east of UTC, Moscow three"
    keep(browser, zone="Europe/Minsk")
    same = re.search(r'<time datetime="[^"]+">([^<]+)</time> · ', browser.get(f"{history[1]}/history").text)
    assert same is not None
    assert same[1] == before[1], "Minsk has Moscow's hours: nothing is added"


@pytest.mark.parametrize(
    "wrong",
    [{"theme": "pink"}, {"zone": "Mars/Base"}, {"zone": "../../etc"}, {"locale": "xx"}, {"density": "0"}],
    ids=str,
)
def test_what_is_not_offered_is_refused(browse: Browse, wrong: dict[str, str]) -> None:
    browser = browse(LOGIN)
    page = browser.get(PLACE).form("/preferences").submit(**wrong)
    assert page.status == 422
    assert root(browser.get("/10130000/")) == '<html lang="en">'


def test_the_trail_of_the_house_tells_it(app: Flask, browse: Browse) -> None:
    keep(browse(LOGIN), theme="dark")
    keep(browse(LOGIN), theme="dark")
    with app.app_context(), acting(HOUSE, "test", writes=False) as session:
        mine = session.scalar(select(Officer.id).where(Officer.login == LOGIN))
        told = session.scalars(select(AuditEntry).where(AuditEntry.action == "preferences.keep")).all()
        assert [one.after for one in told] == [{f"officer:{mine}": {"theme": "dark"}}]
        assert session.scalar(select(Officer.theme).where(Officer.login == LOGIN)) == "dark"


def test_a_form_sent_twice_does_not_undo_what_came_between(browse: Browse) -> None:
    browser = browse(LOGIN)
    form = browser.get(PLACE).form("/preferences")
    assert form.submit(theme="dark").status == 200
    keep(browser, theme="light")
    form.submit(theme="dark")
    assert 'data-theme="light"' in root(browser.get("/10130000/"))


def test_the_page_stands_in_the_frame_of_the_authority(browse: Browse) -> None:
    browser = browse(LOGIN)
    assert PLACE.replace("&", "&amp;") in browser.get("/10130000/drafts").text
    page = browser.get(PLACE)
    assert 'href="/10130000/drafts"' in page.text
    foreign = browser.get("/preferences?at=05100000")
    assert foreign.status == 200
    assert "/05100000/" not in foreign.text
    assert 'href="/10130000/drafts"' in foreign.text, "where he holds no post is no frame for him"
    assert browse("").get("/preferences", follow=False).status == 303


def test_who_holds_no_post_has_settings_too(app: Flask, browse: Browse) -> None:
    browser = browse(LOGIN)
    with app.app_context(), acting(HOUSE, "test") as session:
        for post in session.scalars(select(Officer).where(Officer.login == LOGIN)).one().posts:
            post.until = post.since
    page = browser.get("/preferences")
    assert page.status == 200
    assert "/10130000/" not in page.text
    assert page.form("/preferences").submit(theme="dark").status == 200
    assert 'data-theme="dark"' in root(browser.get("/preferences"))


def test_an_administrator_has_them_too(browse: Browse) -> None:
    """What waits in his navigation is asked for an authority, and here he acts for none."""
    browser = browse("10130000.administrator")
    assert browser.get("/preferences?at=10130000").status == 200
    assert browser.get("/preferences").status == 200
