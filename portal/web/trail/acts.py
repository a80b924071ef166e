"""What each act that leaves an entry is called: requests by their endpoint, jobs and commands by their name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from portal.levels.words import N_
from portal.web.documents.done import DONE

#: A route that changes something and has no line here fails tests/law/test_acts_have_words.py.
REQUESTS: dict[str, str] = {
    "account.add_app": N_("App for codes added"),
    "account.add_passkey": N_("Passkey added"),
    "account.change_password": N_("Password changed"),
    "account.end_everywhere": N_("Signed out everywhere"),
    "account.end_session": N_("Session ended"),
    "account.new_codes": N_("New recovery codes made"),
    "account.remove": N_("Second factor removed"),
    "administration.act_for": N_("Acting appointment proposed"),
    "administration.appoint": N_("Appointment proposed"),
    "administration.change_authority": N_("Authority changed"),
    "administration.change_officer": N_("Officer changed"),
    "administration.change_unit": N_("Unit changed"),
    "administration.close_authority": N_("Closure of an authority proposed"),
    "administration.close_officer": N_("Account closed"),
    "administration.close_unit": N_("Unit closed"),
    "administration.confirm": N_("Proposal confirmed"),
    "administration.decline": N_("Proposal declined"),
    "administration.end_post": N_("End of a post proposed"),
    "administration.end_sessions": N_("Sessions of an officer ended"),
    "administration.first_password": N_("First password given"),
    "administration.enrol": N_("Account opened"),
    "administration.found": N_("Authority founded"),
    "administration.found_unit": N_("Unit founded"),
    "administration.reopen_officer": N_("Reopening of an account proposed"),
    "administration.replace_password": N_("Replacement of a forgotten password proposed"),
    "administration.reset_factors": N_("Removal of second factors proposed"),
    "administration.signatures": N_("Change of the signature table proposed"),
    "administration.withdraw": N_("Proposal withdrawn"),
    "alerts.acknowledge": N_("Alert acknowledged"),
    "backtests.attach": N_("Back-test attached to the note"),
    "backtests.run": N_("Back-test run"),
    "builder.work": N_("Indicators changed"),
    "circulation.adopt": N_("Risk information adopted"),
    "circulation.begin": N_("Risk information begun"),
    "circulation.change": N_("Risk information changed"),
    "circulation.circulate": N_("Risk information circulated"),
    "circulation.decline": N_("Risk information declined"),
    "circulation.note": N_("Risk information noted"),
    "decisions.make": N_("Act on a document"),
    "directory.receipt": N_("Profile of the directory confirmed as read"),
    "drafting.begin": N_("Draft begun"),
    "drafting.remark": N_("Remark on a draft"),
    "drafting.write": N_("Section of a draft written"),
    "history.take": N_("Past declarations taken in"),
    "inspection.answer": N_("Non-formalised indicators answered"),
    "inspection.find": N_("Non-formalised profile found by the officer"),
    "inspection.record": N_("Result of a check recorded"),
    "inspection.release": N_("Declaration released"),
    "inspection.screen_file": N_("Declarations of a file screened"),
    "inspection.screen_one": N_("Declaration screened"),
    "officer_import.confirm": N_("Import of officers confirmed"),
    "officer_import.give_passwords": N_("First passwords drawn anew"),
    "officer_import.passwords_export": N_("First passwords downloaded"),
    "officer_import.take": N_("Import of officers prepared"),
    "officer_import.withdraw": N_("Import of officers withdrawn"),
    "preferences.keep": N_("Preferences kept"),
    "profiles.remark": N_("Remark on a profile"),
    "profiles.write": N_("Section of a profile written"),
    "sign_in.enter": N_("Signed in"),
    "sign_in.give_factor": N_("Signed in with a second factor"),
    "sign_in.give_passkey": N_("Signed in with a passkey"),
    "sign_in.leave": N_("Signed out"),
}
#: What the portal does by itself, and what its operator has it do.
BY_ITSELF: dict[str, str] = {
    "audit.checkpoint": N_("Checkpoint of the trail"),
    "deadlines.sweep": N_("Alerts of deadlines"),
    "demonstration": N_("Demonstration loaded"),
    "history import": N_("Past declarations imported by command"),
    "levels.add": N_("Authority added by command"),
    "outbox.deliver": N_("Mail sent"),
    "profiles.validity": N_("Validity of profiles kept"),
    "screen": N_("Declarations screened by command"),
    "sign_in.break_glass": N_("Break-glass account used"),
    "sign_in.passkey": N_("Passkey used"),
    "sign_in.second_factor": N_("Second factor given"),
    "sign_in.wrong_codes": N_("Too many wrong codes"),
    "union.summaries": N_("Sums written for the union"),
    "single_sign_on.posts": N_("Posts given or taken by groups"),
    "single_sign_on.bind": N_("Account bound to a person at the provider"),
    "single_sign_on.enter": N_("Signed in by single sign-on"),
    "single_sign_on.prove": N_("Proved anew by single sign-on"),
    "users.add": N_("Account opened by command"),
    "users.break_glass": N_("Break-glass account marked by command"),
    "users.forget_subject": N_("Account freed of its person at the provider by command"),
    "users.new_password": N_("New password given by command"),
    "users.reset_factors": N_("Second factors removed by command"),
}
READINGS: dict[str, str] = {"page": N_("Opened"), "print": N_("Print opened"), "export": N_("Exported")}


def label(action: str) -> str:
    """The name of an act; one that nobody has named is shown as it is stored."""
    known = REQUESTS.get(action) or BY_ITSELF.get(action)
    return str(gettext(known)) if known else action


def said(action: str, after: Mapping[str, Any]) -> str:
    """The name of an act as it happened: a move along the procedure by the words of its journal."""
    if action == "decisions.make":
        for name, values in after.items():
            if name.startswith("journal_entry:") and values.get("event"):
                return str(gettext(DONE.get(values["event"], values.get("label", ""))))
    return label(action)
