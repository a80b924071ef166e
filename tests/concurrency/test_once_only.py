"""Every act sent five times at once and once more later has the effect of one, and one place to which it leads."""

from __future__ import annotations

from collections import Counter

import pytest

from tests import forms, portals, rivals

TIMES = 5
#: Routes of POST that change nothing when they are driven from here, each with the reason.
EXCUSED = {
    "sign_in.enter": "nobody is signed in, and each sign-in is a session; tests/blueprints/test_sign_in.py",
    "sign_in.give_factor": "asks for a half-finished sign-in; tests/blueprints/test_sign_in.py",
    "sign_in.give_passkey": "asks for a device; tests/blueprints/test_account_factors.py",
    "sign_in.leave": "ends the session, and with it the second sending",
    "account.end_everywhere": "ends the session, and with it the second sending",
    "account.end_session": "no other session stands open; tests/blueprints/test_account_sessions.py",
    "account.change_password": "ends the other sessions, and with them the second sending",
    "account.add_passkey": "asks for a device; tests/blueprints/test_account_factors.py",
    "account.add_app": "asks for the code of an app; tests/blueprints/test_account_factors.py",
    "administration.close_unit": "work stands open in every unit; tests/operations/test_administration_closing.py",
    "administration.close_authority": "work stands open; tests/operations/test_administration_closing.py",
    "administration.withdraw": "its proposer confirms nothing here; tests/operations/test_administration.py",
    "backtests.attach": "stands on the page of a run; tests/blueprints/test_backtests.py",
    "officer_import.passwords_export": "gives a file and changes nothing",
    "builder.work": "draws the sketch anew and keeps it in the page until it is saved",
}
#: Acts that show at once what they did, such as a password that is shown a single time: the effect is one, the
#: answers are not alike.
SHOWN_AT_ONCE = {
    "inspection.screen_file", "account.new_codes", "officer_import.give_passwords",
}  # fmt: skip


def _added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - count for table, count in before.items() if after[table] != count}


@pytest.mark.slow
def test_an_act_has_one_effect(furnished_portal: portals.Portal) -> None:
    portal, wrong, driven = furnished_portal, [], Counter[str]()
    portal.put_back()
    rules = portal.app.url_map.iter_rules()
    for form in forms.shown(portal.app, forms.pages()):
        if form.endpoint in EXCUSED:
            continue
        sending = rivals.honest(form)
        portal.put_back()
        before = portal.rows()
        (single,) = rivals.at_once(portal.app, form.login, form.action, [sending])
        once = _added(before, portal.rows())
        portal.put_back()
        answers = rivals.at_once(portal.app, form.login, form.action, [sending] * TIMES)
        answers += rivals.at_once(portal.app, form.login, form.action, [sending])
        said = {(one.status_code, one.headers.get("Location")) for one in answers}
        taken = 200 if form.endpoint in SHOWN_AT_ONCE else 303
        if single.status_code != taken or not once:
            wrong.append((form.name, "was not taken", single.status_code, once))
        elif _added(before, portal.rows()) != once:
            wrong.append((form.name, "has more effects", once, _added(before, portal.rows()), said))
        elif taken == 303 and said != {(303, single.headers["Location"])}:
            wrong.append((form.name, "leads elsewhere", said))
        driven[form.endpoint] += 1
    portal.put_back()
    assert wrong == []
    assert {rule.endpoint for rule in rules if "POST" in (rule.methods or ())} == set(driven) | set(EXCUSED)
    assert sum(driven.values()) > 60
