"""Single sign-on: who is proven comes in with the posts of his groups; whatever is forged opens no session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from config import Group, SingleSignOn
from portal.blueprints.sign_in import entering
from portal.models import AuditEntry, Officer, OutboxMessage, Post
from portal.store import officers
from portal.store.session import acting
from portal.web.provider import Provider
from portal.workflow import clock
from tests.browser import Browser, Page
from tests.cast import HOUSE, PASSWORD
from tests.provider import (
    CLIENT,
    ISSUER,
    KEY,
    OTHER_KEY,
    SECRET,
    SHORT_KEY,
    FakeProvider,
    by_key,
    tampered,
    unsigned,
    with_public_key_as_secret,
)

Browse = Callable[[str], Browser]
LOGIN = "10130000.officer.goods"
BACK = "/sign-in/service/back"
MAPPING = (
    Group("house-auditors", "10130000", "auditor"),
    Group("point-goods", "10130010", "officer", "Goods unit"),
    Group("nowhere", "99999999", "auditor"),
    Group("no-such-unit", "10130000", "officer", "No unit"),
    Group("wrong-level", "10130000", "deputy_head"),
)


@pytest.fixture
def provider(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    fake = FakeProvider()

    def prepared(self: Provider, session: Any) -> Any:
        session.mount(f"{ISSUER}/", fake)
        return session

    monkeypatch.setattr(Provider, "prepared", prepared)
    settings = SingleSignOn(ISSUER, CLIENT, SECRET, groups=MAPPING)
    monkeypatch.setitem(app.config, "ENVIRONMENT", replace(app.config["ENVIRONMENT"], sso=settings))
    return fake


def led(visitor: Browser, provider: FakeProvider, target: str = "") -> str:
    """The query with which the provider leads back."""
    begun = visitor.client.get("/sign-in/service", query_string={"next": target})
    assert begun.status_code == 303
    address = begun.headers["Location"]
    assert address.startswith(f"{ISSUER}/auth?")
    return provider.authorize(address)


def signed_in(visitor: Browser) -> bool:
    return visitor.get("/10130000/duties", follow=False).status != 303


def refused(visitor: Browser, query: str, status: int) -> Page:
    page = visitor.get(f"{BACK}?{query}")
    assert (page.status, signed_in(visitor)) == (status, False), page.words
    return page


def posts(app: Flask, login: str = LOGIN) -> set[tuple[str, str, str]]:
    """The posts that groups gave and that are not ended."""
    with app.app_context(), acting("eeu.ru.", "test", writes=False) as mine:
        asked = select(Post).join(Officer).where(Officer.login == login, Post.ended_at.is_(None))
        return {(one.authority_path, one.post, one.by_group) for one in mine.scalars(asked) if one.by_group}


def test_who_is_proven_comes_in(browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    shown = visitor.get("/sign-in?next=/10130000/drafts")
    assert "/sign-in/service?next=/10130000/drafts" in shown.links()
    with visitor.client.session_transaction() as before:
        before["planted"] = "by someone else"
    answer = visitor.get(f"{BACK}?{led(visitor, provider, '/10130000/drafts')}", follow=False)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/10130000/drafts")
    assert signed_in(visitor)
    with visitor.client.session_transaction() as after:
        assert "planted" not in after
        assert "single_sign_on" not in after
    assert all(provider.patience), "every question to the provider has its time-out"


def test_the_button_is_there_only_when_a_provider_is(app: Flask, browse: Browse) -> None:
    assert not [link for link in browse("").get("/sign-in").links() if "service" in link]
    assert browse("").get("/sign-in/service").status == 404
    assert browse("").get(f"{BACK}?code=x&state=y").status == 404


FORGED: dict[str, dict[str, Any]] = {
    "the nonce is missing": {"claims": {"nonce": None}},
    "the nonce is another": {"claims": {"nonce": "other"}},
    "the nonce is no text": {"claims": {"nonce": [1]}},
    "for another audience": {"claims": {"aud": "other"}},
    "for several, and another was authorised": {"claims": {"aud": [CLIENT, "other"], "azp": "other"}},
    "without audience": {"claims": {"aud": None}},
    "from another issuer": {"claims": {"iss": "https://evil.example"}},
    "from none": {"claims": {"iss": None}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "without end": {"claims": {"exp": None}},
    "not yet begun": {"claims": {"nbf": 4_000_000_000}},
    "an end that is no number": {"claims": {"exp": "soon"}},
    "of one who signed in there long ago": {"claims": {"auth_time": 1_700_000_000}},
    "nobody says when he signed in there": {"claims": {"auth_time": None}},
    "a time that is no number": {"claims": {"auth_time": "now"}},
    "unsigned": {"sign": unsigned},
    "signed with the public key": {"sign": with_public_key_as_secret},
    "signed by another": {"sign": by_key(OTHER_KEY)},
    "signed in another way": {"sign": by_key(KEY, "PS256")},
    "changed": {"sign": tampered},
    "no token": {"sign": lambda claims: "nonsense"},
    "half a token": {"sign": lambda claims: "a.b.c"},
    "not a text": {"token": {"id_token": 7}},
    "nothing": {"token": {"id_token": None}},
    "about nobody": {"claims": {"sub": None}},
    "about a number": {"claims": {"sub": 7}},
    "about a name without end": {"claims": {"sub": "x" * 300}},
    "without a login": {"claims": {"preferred_username": None}},
    "a login that is no text": {"claims": {"preferred_username": ["a"]}},
    "a login that cannot be shown": {"claims": {"preferred_username": "a\x00b\u202e"}},
    "a login without end": {"claims": {"preferred_username": "x" * 300}},
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_forged_opens_nothing(browse: Browse, provider: FakeProvider, name: str) -> None:
    change = FORGED[name]
    provider.claims |= change.get("claims", {})
    provider.sign = change.get("sign", provider.sign)
    provider.token = change.get("token", {})
    visitor = browse("")
    refused(visitor, led(visitor, provider), 403)


def test_the_provider_is_asked_anew_after_as_long_as_a_session_lasts(
    browse: Browse, provider: FakeProvider
) -> None:
    whole = 12 * 3600
    provider.claims["auth_time"] = int(clock.now().timestamp()) - whole - 60
    visitor = browse("")
    refused(visitor, led(visitor, provider), 403)
    provider.claims["auth_time"] += 120
    visitor.get(f"{BACK}?{led(visitor, provider)}")
    assert signed_in(visitor)


@pytest.mark.parametrize(("least", "status"), [(3072, 403), (2048, 303)])
def test_short_keys_are_believed_only_where_the_operator_says_so(
    app: Flask, browse: Browse, provider: FakeProvider, least: int, status: int
) -> None:
    env = app.config["ENVIRONMENT"]
    app.config["ENVIRONMENT"] = replace(env, sso=replace(env.sso, rsa_bits=least))
    provider.key = SHORT_KEY
    provider.sign = by_key(SHORT_KEY)
    visitor = browse("")
    assert visitor.get(f"{BACK}?{led(visitor, provider)}", follow=False).status == status
    assert signed_in(visitor) is (status == 303)


def test_a_forged_or_repeated_state_is_refused(browse: Browse, provider: FakeProvider) -> None:
    visitor, other = browse(""), browse("")
    query = led(visitor, provider)
    refused(other, query, 400)
    refused(visitor, query.replace("state=", "state=x"), 400)
    refused(visitor, query, 400)  # the question was forgotten with the first answer
    for odd in ("", "code=x", "state=", "code=%00&state=%ff", "state=a&state=b&code=c"):
        refused(visitor, odd, 400)


def test_a_code_is_good_once(browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    query = led(visitor, provider)
    with visitor.client.session_transaction() as kept:
        asked = kept["single_sign_on"]
    assert visitor.get(f"{BACK}?{query}", follow=False).status == 303
    thief = browse("")
    with thief.client.session_transaction() as stolen:
        stolen["single_sign_on"] = asked
    refused(thief, query, 403)


def test_a_code_of_another_question_is_refused(browse: Browse, provider: FakeProvider) -> None:
    """Neither the verifier nor the nonce of one browser fits the code of another."""
    victim, thief = browse(""), browse("")
    code = led(victim, provider).split("&")[0]
    own = led(thief, provider).split("&")[1]
    refused(thief, f"{code}&{own}", 403)


def test_an_answer_that_comes_late_or_from_another_is_refused(browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    refused(visitor, led(visitor, provider) + "&iss=https://evil.example", 400)
    refused(visitor, led(visitor, provider).replace("code=", "error=access_denied&x="), 403)
    query = led(visitor, provider)
    with clock.at(clock.now() + timedelta(minutes=11)):
        refused(visitor, query, 400)


def test_an_unknown_officer_is_told_so(browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    for login in ("nobody", "<b>x</b>", "10130000.OFFICER.GOODS"):
        provider.claims["preferred_username"] = login
        page = refused(visitor, led(visitor, provider), 403)
        assert "no open account here has that login" in page.words
    assert "<b>x</b>" not in page.text


def test_a_closed_account_stays_closed(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    with app.app_context(), acting(HOUSE, "test") as mine:
        mine.scalars(select(Officer).where(Officer.login == LOGIN)).one().closed_at = clock.now()
    visitor = browse("")
    refused(visitor, led(visitor, provider), 403)


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://id.example/token"}, {"jwks_uri": 7}],
)
def test_a_provider_that_is_down_or_strange_gives_a_page(
    browse: Browse, provider: FakeProvider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    page = browse("").get("/sign-in/service")
    assert (page.status, "does not answer" in page.words) == (503, True)


def test_a_provider_that_goes_down_meanwhile(browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    query = led(visitor, provider)
    provider.down = True
    refused(visitor, query, 503)
    assert all(provider.patience)


def test_groups_give_posts_and_take_them_away(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    provider.claims["groups"] = ["house-auditors", "point-goods", "nowhere", "no-such-unit", "wrong-level", 7]
    visitor.get(f"{BACK}?{led(visitor, provider)}", follow=False)
    point = f"{HOUSE}10130010."
    assert posts(app) == {(HOUSE, "auditor", "house-auditors"), (point, "officer", "point-goods")}
    assert visitor.get("/10130000/audit").status == 200
    assert visitor.get("/10130010/drafts").status == 200
    again = browse("")
    again.get(f"{BACK}?{led(again, provider)}", follow=False)
    assert len(posts(app)) == 2
    provider.claims["groups"] = ["point-goods"]
    later = browse("")
    later.get(f"{BACK}?{led(later, provider)}", follow=False)
    assert posts(app) == {(point, "officer", "point-goods")}
    assert later.get("/10130000/audit").status == 403
    assert later.get("/10130000/drafts").status == 200, "the post that was given here is untouched"
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        asked = select(AuditEntry).where(AuditEntry.action == "single_sign_on.posts")
        told = mine.scalars(asked.order_by(AuditEntry.id))
        entries = [(entry.authority_path, next(iter(entry.after.values()))) for entry in told]
    assert [after.get("by_group") for path, after in entries if path == HOUSE] == ["house-auditors", None]
    assert next(after for _, after in entries[::-1])["ended_at"]
    provider.claims["groups"] = "house-auditors"  # no list: a claim that cannot be read gives nothing
    last = browse("")
    last.get(f"{BACK}?{led(last, provider)}", follow=False)
    assert posts(app) == set()


def test_without_a_mapping_posts_are_left_alone(app: Flask, browse: Browse, provider: FakeProvider) -> None:
    visitor = browse("")
    provider.claims["groups"] = ["house-auditors"]
    visitor.get(f"{BACK}?{led(visitor, provider)}", follow=False)
    settings = replace(app.config["ENVIRONMENT"].sso, groups=None)
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], sso=settings)
    provider.claims["groups"] = []
    visitor.get(f"{BACK}?{led(visitor, provider)}", follow=False)
    assert len(posts(app)) == 1


def test_only_break_glass_accounts_have_passwords_then(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], break_glass_only=True)
    form = browse("").get("/sign-in").form("/sign-in")
    assert form.submit(False, login=LOGIN, password=PASSWORD).status == 422
    runner = app.test_cli_runner()
    assert runner.invoke(args=["users", "break-glass", "nobody"]).exit_code == 1
    assert "is a break-glass account" in runner.invoke(args=["users", "break-glass", LOGIN]).output
    visitor = browse("")
    visitor.sign_in(LOGIN, PASSWORD)
    assert signed_in(visitor)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        used = mine.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.break_glass")).all()
        mails = mine.scalars(select(OutboxMessage).where(OutboxMessage.authority_path == HOUSE)).all()
    assert [entry.after[f"officer:{entry.object_id}"]["break_glass"] for entry in used] == [True]
    assert LOGIN in used[0].officer_name
    assert [mail.recipient for mail in mails] == ["10130000.auditor@example.org"]
    assert LOGIN in mails[0].subject
    assert runner.invoke(args=["users", "break-glass", LOGIN, "--off"]).exit_code == 0
    again = browse("").get("/sign-in").form("/sign-in").submit(False, login=LOGIN, password=PASSWORD)
    assert again.status == 422


def test_an_ordinary_password_tells_no_auditor(app: Flask, browse: Browse) -> None:
    browse("").sign_in(LOGIN, PASSWORD)
    with app.app_context(), acting(HOUSE, "test", writes=False) as mine:
        assert mine.scalars(select(OutboxMessage)).all() == []
        assert mine.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.break_glass")).all() == []


def test_the_way_to_the_provider_is_a_link_that_the_policy_allows(
    browse: Browse, provider: FakeProvider
) -> None:
    page = browse("").get("/sign-in")
    assert [urlsplit(str(form["action"])).path for form in page.soup.find_all("form")] == [
        "/sign-in",
        "/sign-in/passkey",
    ]
    assert "form-action 'self'" in page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("site", "leads"), [("cross-site", False), ("same-site", False), ("same-origin", True),
                                             ("none", True)])  # fmt: skip
def test_a_link_at_another_site_begins_nothing(
    browse: Browse, provider: FakeProvider, site: str, leads: bool
) -> None:
    answer = browse("").client.get("/sign-in/service?next=/10130000/drafts", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{ISSUER}/auth?") is leads
    assert leads or answer.headers["Location"] == "/sign-in?next=/10130000/drafts"


def test_the_provider_answers_to_the_address_that_the_operator_set(
    app: Flask, browse: Browse, provider: FakeProvider
) -> None:
    app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], address="https://risk.customs.example")
    answer = browse("").client.get("/sign-in/service", headers={"Host": "elsewhere.example"})
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == ["https://risk.customs.example/sign-in/service/back"]


def test_a_passkey_opens_no_account_that_a_password_would_not(app: Flask, provider: FakeProvider) -> None:
    """Both are local ways in: where they are for break-glass accounts alone, neither opens another."""
    with app.app_context():
        known = officers.credentials("10130000.officer.goods")
    assert known is not None
    for break_glass_only, opened in ((True, False), (False, True)):
        app.config["ENVIRONMENT"] = replace(app.config["ENVIRONMENT"], break_glass_only=break_glass_only)
        with app.test_request_context("/sign-in/passkey", method="POST"):
            assert (entering.enter(known[0], "", "") is not None) is opened
