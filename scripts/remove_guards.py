"""Takes the guards out one at a time, in a copy of the repository, and shows which test notices each."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Guard:
    """A line that keeps something out: where it stands, what takes its place, and the tests that must notice."""

    what: str
    file: str
    line: str
    instead: str
    tests: str
    marks: str = "not postgres and not browser"


GUARDS = (
    Guard(
        "rows kept by an authority are narrowed to its scope",
        "portal/store/gateway.py",
        "with_loader_criteria(Kept, owned, include_aliases=True),",
        "",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "rows handed down are narrowed",
        "portal/store/gateway.py",
        "with_loader_criteria(HandedDown, _handed_down(scope) if reads else owned, include_aliases=True),",
        "",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "rows handed up are narrowed",
        "portal/store/gateway.py",
        "with_loader_criteria(HandedUp, _handed_up(scope) if reads else owned, include_aliases=True),",
        "",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "what is handed down is not written beneath",
        "portal/store/gateway.py",
        "if not scope.may_write(AuthorityPath(path)):",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "a row stays with its authority",
        "portal/store/gateway.py",
        'if inspect(row).dict.get("authority_path", path) != path:',
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "a bulk update does not move rows",
        "portal/store/gateway.py",
        "if named & _PLACES:",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "to whom a row belongs is asked of the database",
        "portal/store/gateway.py",
        "for row, path in _kept_at(session, rows):",
        "for row, path in [(row, row.authority_path) for row in rows]:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "nothing is handed down outside its own territory",
        "portal/store/gateway.py",
        "if own and applies and not AuthorityPath(own).covers(AuthorityPath(applies)):",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "nothing is handed up but to those above",
        "portal/store/gateway.py",
        "if own and addressee and AuthorityPath(addressee) not in AuthorityPath(own).above:",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "what passes the narrowing names no tenant",
        "portal/store/gateway.py",
        'if name := next(policies.tenants_in(statement), ""):',
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "rows from another statement are refused",
        "portal/store/gateway.py",
        "if isinstance(state.statement, FromStatement):",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "raw SQL is refused",
        "portal/store/gateway.py",
        "if not state.is_orm_statement:",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "bulk inserts are refused",
        "portal/store/gateway.py",
        "if state.is_insert:",
        "if False:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "the second wall: what a scope reads",
        "portal/store/policies.py",
        'f"FOR SELECT USING ({reads})"',
        '"FOR SELECT USING (true)"',
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: new rows elsewhere",
        "portal/store/policies.py",
        'f"FOR INSERT WITH CHECK ({writes})"',
        '"FOR INSERT WITH CHECK (true)"',
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: changes of what is only read",
        "portal/store/policies.py",
        'f"FOR UPDATE USING ({OWNED}) WITH CHECK ({writes})"',
        '"FOR UPDATE USING (true) WITH CHECK (true)"',
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: removal of what is only read",
        "portal/store/policies.py",
        'f"FOR DELETE USING ({OWNED})"',
        '"FOR DELETE USING (true)"',
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: a row stays with its authority",
        "portal/store/policies.py",
        "    yield stays(table)\n",
        "    yield 'SELECT 1'\n",
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: it binds the owner",
        "portal/store/policies.py",
        'yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"',
        "yield 'SELECT 1'",
        "tests/store/test_second_wall_built.py",
        "postgres",
    ),
    Guard(
        "the second wall: the door opens by the beginning",
        "portal/store/policies.py",
        "~ '^{beginning}",
        "~ '{beginning}",
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: the door opens to the tables named",
        "portal/store/policies.py",
        "* {table}( [a-z0-9_]+)*",
        "*",
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: a scope ends with its transaction",
        "portal/store/wall.py",
        "set_config('portal.scope_home', %s, true), set_config('portal.scope_below', %s, true)",
        "set_config('portal.scope_home', %s, false), set_config('portal.scope_below', %s, false)",
        "tests/store/test_second_wall.py",
        "postgres",
    ),
    Guard(
        "the second wall: no right to what a trigger refuses",
        "portal/store/second_wall.py",
        " if act not in refused]",
        "]",
        "tests/store/test_second_wall_built.py",
        "postgres",
    ),
    Guard(
        "the second wall: a migration sees every row",
        "migrations/env.py",
        "second_wall.take_down(connection)",
        "pass",
        "tests/store/test_second_wall_built.py",
        "postgres",
    ),
    Guard(
        "the second wall: an upgrade builds it",
        "migrations/env.py",
        "    second_wall.build(connection)\n",
        "",
        "tests/store/test_second_wall_built.py",
        "postgres",
    ),
    Guard(
        "without a scope there is no answer",
        "portal/store/gateway.py",
        'raise ScopeMissing("no acting authority")\n    if state.is_update:',
        "return\n    if state.is_update:",
        "tests/store/test_gateway.py",
    ),
    Guard(
        "the union does not reach below itself",
        "portal/levels/union.py",
        "reads_below=False",
        "reads_below=True",
        "tests/levels tests/store/test_gateway.py",
    ),
    Guard(
        "the last dot of a path",
        "portal/levels/path.py",
        "return other.text.startswith(self.text)",
        'return other.text.startswith(self.text.rstrip("."))',
        "tests/levels",
    ),
    Guard(
        "another authority cannot be acted for",
        "portal/web/acting.py",
        "if place is None:\n        raise NotHere",
        "if place is None:\n        place = officer.places[0]",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "a route declares who may come in",
        "portal/web/blueprint.py",
        "if access is None or view_func is None:",
        "if False:",
        "tests/law",
    ),
    Guard(
        "posts open pages",
        "portal/web/blueprint.py",
        "if not access.admits(acting):",
        "if False:",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "anonymous visitors sign in first",
        "portal/web/blueprint.py",
        "if access.signed_in and not current_user.is_authenticated:",
        "if False:",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "forms carry a token",
        "portal/__init__.py",
        "csrf.init_app(app)",
        'app.jinja_env.globals["csrf_token"] = lambda: "x"',
        "tests/blueprints/test_sign_in.py",
    ),
    Guard(
        "a form key is spent once",
        "portal/web/unit_of_work.py",
        "if not form_keys.take(self.key, self.officer, request.path):",
        "if False:",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "a form key answers for one form",
        "portal/store/form_keys.py",
        "SpentKey.officer_id == officer_id, SpentKey.path == path[:_LONGEST]",
        "SpentKey.officer_id == officer_id",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "nothing is changed without a form key",
        "portal/web/unit_of_work.py",
        "if not self.key and audit.changed(session()):",
        "if False:",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "what is refused leaves nothing",
        "portal/web/unit_of_work.py",
        "if not self.changes or response.status_code >= 400:",
        "if False:",
        "tests/web/test_unit_of_work.py",
    ),
    Guard(
        "guessing is slowed down",
        "portal/operations/guessing.py",
        "if failures >= many:",
        "if False:",
        "tests/blueprints/test_sign_in.py",
    ),
    Guard(
        "guesses from many addresses are bounded",
        "portal/operations/guessing.py",
        "return not known and guesses.everywhere(login, at - HOUR, before) >= PER_HOUR",
        "return False",
        "tests/operations/test_guessing.py",
    ),
    Guard(
        "guesses at one moment are counted before they are looked at",
        "portal/operations/guessing.py",
        "if _must_wait(login, place, known, now(), before=number):",
        "if False:",
        "tests/operations/test_guessing.py",
    ),
    Guard(
        "strangers do not keep out a known device",
        "portal/operations/guessing.py",
        "        if device:\n",
        "        if False:\n",
        "tests/operations/test_guessing.py",
    ),
    Guard(
        "a session ends when its time has run out",
        "portal/web/identity.py",
        " or not sign_in.may_go_on(found):",
        ":",
        "tests/blueprints/test_account_sessions.py",
    ),
    Guard(
        "a session that was ended opens nothing",
        "portal/store/sessions.py",
        "OfficerSession.token_hash == hashed(token), OfficerSession.ended_at.is_(None)",
        "OfficerSession.token_hash == hashed(token)",
        "tests/blueprints/test_account_sessions.py",
    ),
    Guard(
        "what was typed is shown to its officer alone",
        "portal/web/kept.py",
        'found["officer"] != officer_id or',
        "False or",
        "tests/blueprints/test_account_sessions.py",
    ),
    Guard(
        "the second factor is asked for",
        "portal/blueprints/sign_in/entering.py",
        "if not factors.of(officer_id):",
        "if True:",
        "tests/blueprints/test_account_factors.py",
    ),
    Guard(
        "a code is taken once",
        "portal/operations/second_factors.py",
        "return _first_use(held, step) and factors.take_count(held.id, step, now(), again)",
        "return True",
        "tests/blueprints/test_account_factors.py",
    ),
    Guard(
        "a recovery code stands once",
        "portal/store/factors.py",
        "return RecoveryCode.used_at.is_(None), RecoveryCode.void_at.is_(None)",
        "return (RecoveryCode.void_at.is_(None),)",
        "tests/blueprints/test_account_factors.py",
    ),
    Guard(
        "a post that needs a second factor opens nothing without one",
        "portal/web/blueprint.py",
        "if not access.before_duties and (first := identity.duty()):",
        "if False and (first := identity.duty()):",
        "tests/blueprints/test_account_factors.py",
    ),
    Guard(
        "a weak password is refused",
        "portal/operations/accounts.py",
        "if why := passwords.weakness(password, row.login, row.name, row.email):",
        'if why := "":',
        "tests/blueprints/test_account_password.py",
    ),
    Guard(
        "nobody is led elsewhere after signing in",
        "portal/web/arguments.py",
        'if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//"):',
        "if False:",
        "tests/blueprints/test_sign_in.py",
    ),
    Guard(
        "the session is renewed at sign-in",
        "portal/web/identity.py",
        "_clear()\n    session.permanent = True",
        "session.permanent = True",
        "tests/blueprints/test_sign_in.py",
    ),
    Guard(
        "the Content-Security-Policy",
        "portal/web/security.py",
        "\"script-src 'self'\",",
        "\"script-src 'self' 'unsafe-inline'\",",
        "tests/blueprints/test_sign_in.py",
    ),
    Guard(
        "a seat is filled at its own authority",
        "portal/workflow/seats.py",
        "if held.post in seat.posts and held.path == where and _fits_unit(seat, places, held):",
        "if held.post in seat.posts and _fits_unit(seat, places, held):",
        "tests/workflow/test_engine.py tests/matrices/test_moves.py",
    ),
    Guard(
        "a head signs for his own unit",
        "portal/workflow/seats.py",
        "return held.unit in places.units.get(seat.unit, frozenset())",
        "return True",
        "tests/workflow/test_engine.py",
    ),
    Guard(
        "an author does not sign his own",
        "portal/workflow/engine.py",
        "yield OWN_DOCUMENT\n    if move.signs:",
        "pass\n    if move.signs:",
        "tests/workflow/test_engine.py",
    ),
    Guard(
        "a person signs once",
        "portal/workflow/engine.py",
        "yield SIGNED_ALREADY",
        "pass",
        "tests/workflow/test_engine.py",
    ),
    Guard(
        "whoever approves does not register",
        "portal/workflow/engine.py",
        "yield APPROVER_REGISTERS",
        "pass",
        "tests/workflow/test_engine.py",
    ),
    Guard(
        "signatures lapse when the text changes",
        "portal/operations/texts.py",
        "lapse(document, at)\n    session().add(",
        "session().add(",
        "tests/operations",
    ),
    Guard(
        "a stale form is refused",
        "portal/operations/procedure.py",
        "if version is not None and version != document.row_version:",
        "if False:",
        "tests/operations tests/blueprints/test_drafting.py",
    ),
    Guard(
        "journals are only added to",
        "migrations/versions/0002_append_only.py",
        'ADDED_TO_ONLY = ("journal_entry", "register_entry", "register_note", "revision", "audit_entry")',
        "ADDED_TO_ONLY = ()",
        "tests/store",
    ),
    Guard(
        "production needs a secret key",
        "config.py",
        'if name == "production" and len(secret) < 32:',
        "if False:",
        "tests/test_config.py",
    ),
    Guard(
        "administration: nobody decides his own proposal",
        "portal/operations/administration_proposals.py",
        "if proposal.proposer_id == acts.officer_id:",
        "if False:",
        "tests/operations/test_administration.py",
    ),
    Guard(
        "administration: nobody decides about his own posts",
        "portal/operations/administration_proposals.py",
        "if acts.officer_id in concerned:",
        "if False:",
        "tests/operations/test_administration.py",
    ),
    Guard(
        "administration: the table wants a second person",
        "migrations/versions/0011_administration.py",
        '"decider_id <> proposer_id", name=',
        '"1 = 1", name=',
        "tests/operations/test_administration.py",
    ),
    Guard(
        "administration: a decision is made once",
        "portal/operations/administration_proposals.py",
        '    if proposal.state != "pending":\n        raise NotAllowedNow(DECIDED)\n    if barred',
        "    if barred",
        "tests/operations/test_administration.py",
    ),
    Guard(
        "administration: an ended post opens nothing",
        "portal/store/officers.py",
        "        Post.ended_at.is_(None),\n    )",
        "    )",
        "tests/blueprints/test_administration_pages.py",
    ),
    Guard(
        "administration: what is above is not administered",
        "portal/store/administration_tree.py",
        "found is not None and _mine(found.authority_path)",
        "found is not None",
        "tests/blueprints/test_administration_pages.py",
    ),
    Guard(
        "administration: a closure is decided by none it gives posts",
        "portal/operations/administration_proposals.py",
        "concerned |= closing.subjects(proposal)",
        "pass",
        "tests/operations/test_administration_closing.py",
    ),
    Guard(
        "administration: a closed authority begins no draft",
        "portal/operations/drafting.py",
        "if home.closed_on is not None:",
        "if False:",
        "tests/operations/test_administration_closing.py",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """What happened without a guard: the test that noticed, empty when none did."""

    guard: Guard
    noticed_by: str


def removed(guard: Guard, copy: Path) -> Verdict:
    """Run the tests without one guard, then put it back.

    Raises:
        LookupError: the guard does not stand where it is said to stand, exactly once.
    """
    file = copy / guard.file
    before = file.read_text()
    if before.count(guard.line) != 1:
        raise LookupError(f"{guard.file} holds {before.count(guard.line)} times: {guard.line}")
    file.write_text(before.replace(guard.line, guard.instead or "*(),"))
    try:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-m",
            guard.marks,
        ]
        run = subprocess.run(
            [*command, *guard.tests.split()], cwd=copy, capture_output=True, text=True, check=False
        )
    finally:
        file.write_text(before)
    noticed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return Verdict(guard, noticed[0].split(" ")[1].split(" - ")[0] if run.returncode and noticed else "")


def copied(folder: Path) -> Path:
    """A copy of the files that git knows or would know."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def main() -> int:
    """Print one line for each guard; 1 when a removal went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only guards whose description holds one of these words")
    wanted = parser.parse_args().words
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="guards") as folder:
        copy = copied(Path(folder))
        for guard in GUARDS:
            if wanted and not any(word in guard.what for word in wanted):
                continue
            verdict = removed(guard, copy)
            unnoticed += not verdict.noticed_by
            print(f"{guard.what:<55} {verdict.noticed_by or 'NOT NOTICED'}", flush=True)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
