"""Whoever came by single sign-on proves himself at the provider before what must be his own doing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from portal.levels.roles import Post
from portal.models import AuditEntry, Officer
from portal.store.session import acting
from portal.workflow.clock import now
from tests.blueprints.test_single_sign_on import BACK, led, provider
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD
from tests.factors import code
from tests.office import Office
from tests.provider import FakeProvider

__all__ = ["provider"]
Browse = Callable[[str], Browser]
HEAD, OTHER = "10130000.unit_head.goods", "10130000.officer.goods"
NEW = "seventeen quiet harbours"
PASSWORDS, SESSIONS, APP = "/account/password", "/account/sessions/end", "/account/factors/app"
WAITS, SIGNED = "head_signing", "coordination_agreement"


@pytest.fixture
def head(provider: FakeProvider, browse: Browse) -> Browser:
    """The head of a unit, in a session that began at the provider."""
    return come(browse, provider)


def come(browse: Browse, provider: FakeProvider, login: str = HEAD) -> Browser:
    provider.claims["preferred_username"] = login
    provider.claims["sub"] = f"person {login}"
    visitor = browse("")
    assert visitor.get(f"{BACK}?{led(visitor, provider)}", follow=False).status == 303
    return visitor


def asked(visitor: Browser, page: str, **headers: str) -> str:
    """The address at which the provider asks anew before the act of a page."""
    begun = visitor.client.get("/sign-in/service/again", query_string={"next": page}, headers=headers)
    assert begun.status_code == 303
    return str(begun.headers["Location"])


def prove(visitor: Browser, provider: FakeProvider, page: str) -> Page:
    return visitor.get(f"{BACK}?{provider.authorize(asked(visitor, page))}", follow=False)


def submitted(app: Flask) -> tuple[Office, int, str]:
    """A draft that waits for the signature of the head, and the page of that act."""
    office = Office(app)
    draft = office.draft()
    office.act(HOUSE, Post.OFFICER, "goods", draft, "submit")
    return office, draft, f"/10130000/documents/{draft}/sign"


def test_he_signs_without_a_password(app: Flask, head: Browser, provider: FakeProvider) -> None:
    office, draft, page = submitted(app)
    before = head.get(page)
    assert not before.soup.find("input", {"name": "password"})
    assert "First, your service confirms that it is you" in before.words
    (link,) = [one for one in before.links() if "/sign-in/service/again" in one]
    assert link == f"/sign-in/service/again?next={page}"
    address = asked(head, page)
    query = parse_qs(urlsplit(address).query)
    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])
    led_back = head.get(f"{BACK}?{provider.authorize(address)}", follow=False)
    assert (led_back.status, led_back.response.headers["Location"]) == (303, page)
    shown = head.get(page)
    assert "Your service has confirmed that it is you" in shown.words
    assert shown.form("/sign").submit(False).status == 303
    assert office.status(draft) == SIGNED


def test_without_a_proof_nothing_is_done_and_what_was_typed_stays(app: Flask, head: Browser) -> None:
    office, draft, page = submitted(app)
    refused = head.get(page).form("/sign").submit(False)
    assert refused.status == 422
    assert "Your service has to confirm first" in refused.words
    assert office.status(draft) == WAITS
    form = head.get(APP).form(APP)
    shown = code(secret=head.get(APP).soup.find("code", translate="no").text.replace(" ", ""))
    typed = form.submit(False, name="My telephone", one_time_code=shown)
    assert typed.status == 422
    assert 'value="My telephone"' in typed.text
    link = typed.soup.find("a", href=lambda url: bool(url) and "/sign-in/service/again" in url)
    assert link["target"] == "_blank", "what was typed stays in its own tab"


def test_a_proof_stands_for_one_page_and_once(app: Flask, head: Browser, provider: FakeProvider) -> None:
    (office, first, page), (_, second, other) = submitted(app), submitted(app)
    prove(head, provider, page)
    assert head.get(other).form("/sign").submit(False).status == 422
    assert head.get(page).form("/sign").submit(False).status == 303
    assert head.get(other).form("/sign").submit(False).status == 422, "spent"
    assert (office.status(first), office.status(second)) == (SIGNED, WAITS)


def test_a_proof_runs_out(app: Flask, head: Browser, provider: FakeProvider) -> None:
    office, draft, page = submitted(app)
    prove(head, provider, page)
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        shown = head.get(page)
        assert "First, your service confirms that it is you" in shown.words
        assert shown.form("/sign").submit(False).status == 422
    assert office.status(draft) == WAITS


def test_what_fails_leaves_the_proof(head: Browser, provider: FakeProvider) -> None:
    prove(head, provider, PASSWORDS)
    weak = (
        head.get(PASSWORDS).form(PASSWORDS).submit(False, new_password="password1234", again="password1234")
    )
    assert weak.status == 422
    assert "Your service has to confirm first" not in weak.words
    assert weak.form(PASSWORDS).submit(False, new_password=NEW, again=NEW).status == 303
    again = head.get(PASSWORDS).form(PASSWORDS).submit(False, new_password=f"{NEW}!", again=f"{NEW}!")
    assert again.status == 422, "it was spent by the act"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"auth_time": -60}, "could not be trusted"),
        ({"auth_time": None}, "could not be trusted"),
        ({"sub": "somebody else"}, "another person"),
        ({"sub": f"person {OTHER}"}, "another person"),
    ],
)
def test_what_is_no_proof_changes_nothing(
    app: Flask, head: Browser, browse: Browse, provider: FakeProvider, claims: dict[str, object], words: str
) -> None:
    office, draft, page = submitted(app)
    come(browse, provider, OTHER)  # whom the provider knows too
    come(browse, provider)
    if isinstance(claims.get("auth_time"), int):
        claims = {"auth_time": int(now().timestamp()) - 60}
    provider.claims |= claims
    refused = prove(head, provider, page)
    assert refused.status == 403
    assert words in refused.words
    assert page in refused.links(), "the way back to the act"
    assert head.get(page).form("/sign").submit(False).status == 422
    assert office.status(draft) == WAITS


def test_who_gives_up_at_the_provider_is_led_back(app: Flask, head: Browser) -> None:
    _, _, page = submitted(app)
    state = parse_qs(urlsplit(asked(head, page)).query)["state"][0]
    refused = head.get(f"{BACK}?error=access_denied&state={state}")
    assert refused.status == 403
    assert "You are signed in as before" in refused.words
    assert page in refused.links()


def test_a_proof_is_for_the_session_that_asked(app: Flask, head: Browser, provider: FakeProvider) -> None:
    _, _, page = submitted(app)
    query = provider.authorize(asked(head, page))
    with head.client.session_transaction() as kept:
        begun = kept["single_sign_on"]
    head.get(f"{BACK}?{led(head, provider)}")
    with head.client.session_transaction() as kept:
        kept["single_sign_on"] = begun
    assert head.get(f"{BACK}?{query}").status == 400
    assert head.get(page).form("/sign").submit(False).status == 422


def test_a_link_at_another_site_leads_to_the_page_of_the_act(app: Flask, head: Browser) -> None:
    _, _, page = submitted(app)
    assert asked(head, page, **{"Sec-Fetch-Site": "cross-site"}) == page


@pytest.mark.parametrize("target", ["", "https://elsewhere.example/", "//elsewhere.example", "/" + "a" * 200])
def test_nobody_is_led_elsewhere(head: Browser, target: str) -> None:
    assert head.get(f"/sign-in/service/again?next={target}").status == 404


def test_whoever_gave_a_password_gives_it_again(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    office, draft, page = submitted(app)
    visitor = browse(HEAD)
    assert visitor.get(f"/sign-in/service/again?next={page}").status == 404
    form = visitor.get(page).form("/sign")
    assert form.submit(False, password="").status == 422
    assert form.submit(False, password=PASSWORD).status == 303
    assert office.status(draft) == SIGNED


def test_a_first_password_that_he_never_uses_is_not_his_duty(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.execute(update(Officer).where(Officer.login == HEAD).values(must_change_password=True))
    assert come(browse, provider).get("/10130000/", follow=False).status == 200
    assert browse(HEAD).get("/10130000/", follow=False).status == 303, "by its password he has to change it"


def test_he_ends_his_sessions(app: Flask, head: Browser, browse: Browse, provider: FakeProvider) -> None:
    elsewhere = come(browse, provider)
    assert head.get(SESSIONS).form(SESSIONS).submit(False).status == 422
    prove(head, provider, SESSIONS)
    assert head.get(SESSIONS).form(SESSIONS).submit(False).status == 303
    assert [one.get("/10130000/", follow=False).status for one in (head, elsewhere)] == [303, 303]


def test_the_trail_tells_of_a_proof(app: Flask, head: Browser, provider: FakeProvider) -> None:
    _, _, page = submitted(app)
    prove(head, provider, page)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        entry = mine.scalars(select(AuditEntry).where(AuditEntry.action == "single_sign_on.prove")).one()
    assert page in str(entry.changes if hasattr(entry, "changes") else vars(entry))
