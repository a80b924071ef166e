"""Sends hostile requests to every form of a furnished portal: none may be answered 5xx, no markup may come back alive.

``python scripts/hostile_forms.py --requests 200000 --seed 1`` prints a table and exits with 1 when something was found.
Each request is spoiled from what the form itself asks for: signs that cannot be stored, megabytes, doubled and missing
fields, wrong kinds, huge numbers, markup, paths, broken and evil files. The same seed sends the same. What was stored
is read back on every page on which a form stands, before the portal is put back as it was.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from werkzeug.test import TestResponse  # noqa: E402

from portal.web import errors  # noqa: E402
from tests import forms, hostile, portals  # noqa: E402
from tests.browser import Browser  # noqa: E402

#: After so many requests, what was stored is looked for and the portal is put back.
ROUND = 1_000
#: Routes whose forms stand on no page of the furnished portal, with the fields that are made up for them.
UNSEEN = {
    "sign_in.give_factor": ("", "/sign-in/factor", ("one_time_code", "next")),
    "administration.close_unit": (
        "10130000.administrator",
        "/10130000/administration/units/{unit}/close",
        ("version", "reason"),
    ),
    "administration.close_authority": (
        "10000000.administrator", "/10000000/administration/authorities/6/close", ("version", "reason", "heir"),
    ),
    "backtests.attach": ("10130000.officer.goods", "/10130000/documents/4/back-test/1/attach", ("version",)),
    "administration.withdraw": (
        "10000000.administrator", "/10000000/administration/proposals/1/withdraw", ("version",),
    ),
    "officer_import.passwords_export": (
        "10130000.administrator", "/10130000/officer-imports/1/passwords/file", ("sealed", "passwords", "format"),
    ),
}  # fmt: skip


@dataclass
class Found:
    """What came of it: how many were sent and answered how, and everything wrong."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    routes: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    faults: dict[str, str] = field(default_factory=dict)
    alive: dict[str, str] = field(default_factory=dict)
    read_back: int = 0
    marked: int = 0


class Attack:
    """Sends to all forms in turn."""

    def __init__(self, portal: portals.Portal, seed: int, pages: list[tuple[str, str]]) -> None:
        self.portal, self.seed, self.pages, self.found = portal, seed, pages, Found()
        self.forms = [*forms.shown(portal.app, pages), *unseen()]
        self.others = sorted({v for one in self.forms for c in one.controls for v in (*c.shown, *c.choices)})
        self.browsers: dict[str, Browser] = {}
        self.error = ""
        self.notes = logging.Handler()
        self.notes.emit = self._note  # type: ignore[method-assign]

    def _note(self, record: logging.LogRecord) -> None:
        """Keep the reason of a fault that the portal wrote to its log."""
        if record.exc_info and (error := record.exc_info[1]):
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "/portal/" in f.filename]
            place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
            self.error = f"{type(error).__name__} at {place}: {str(error)[:160]}"

    def send(self, requests: int, until: float = float("inf"), first: int = 0) -> Found:
        """Send so many requests from the one with the number `first` on, or as many as there is time for."""
        errors.log.addHandler(self.notes)
        try:
            for number in range(first, first + requests):
                if time.monotonic() > until:
                    break
                self._one(number)
                if (number + 1) % ROUND == 0:
                    self._read_back()
                    self._put_back()
            self._read_back()
        finally:
            errors.log.removeHandler(self.notes)
        return self.found

    def _one(self, number: int) -> None:
        chance = Random(f"{self.seed}/{number}")  # noqa: S311 - meant to be repeatable
        form = self.forms[number % len(self.forms)]
        files = hostile.files(form, chance)
        headers = {"HX-Request": "true", "HX-Target": hostile.MARK} if chance.random() < 0.2 else {}
        sent, address = hostile.pairs(form, chance, self.others), _address(form.action, chance)
        if chance.random() < 0.02:
            headers["Content-Type"] = "application/json"
            sent = [("", chance.choice(hostile.SCRIPTS))]
        self.error = ""
        answer = forms.send(self._browser(form.login), address, sent, files, headers)
        self._judge(answer, f"{form.name} (request {number})")
        self.found.sent += 1
        self.found.routes[form.endpoint][answer.status_code] += 1
        if answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in"):
            self._put_back()

    def _judge(self, answer: TestResponse, name: str) -> None:
        self.found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.found.faults.setdefault(f"{name.split(' (')[0]}: {answer.status_code} {self.error}", name)
        if answer.mimetype == "text/html" and hostile.MARK.encode() in answer.get_data():
            self.found.marked += 1
        for wrong in hostile.found_in(answer):
            self.found.alive.setdefault(f"{name.split(' (')[0]}: {wrong}", name)

    def _browser(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = forms.browser(self.portal.app, login)
        return self.browsers[login]

    def _put_back(self) -> None:
        self.portal.put_back()
        self.browsers.clear()

    def _read_back(self) -> None:
        """Open the pages, and those behind them that list what was stored, as another session would."""
        for login, url in [*self.pages, *((login, url) for login, url in LISTS)]:
            self.error = ""
            answer = self._browser(login).client.get(url, follow_redirects=True)
            self.found.read_back += 1
            self._judge(answer, f"reading {url} as {login}")


#: Pages without a form that list what others stored.
LISTS = (
    ("10130000.officer.goods", "/10130000/"), ("10130000.auditor", "/10130000/audit"),
    ("10130000.officer.goods", "/10130000/search?q=zqmark"), ("10130000.registrar.risk", "/10130000/registers/drafts"),
    ("10130000.administrator", "/10130000/administration/officers"), ("10000000.auditor", "/10000000/audit"),
    ("10130000.administrator", "/10130000/officer-imports"), ("10130010.inspector", "/10130010/declarations"),
    ("00000000.union_coordinator", "/00000000/risk-information"), ("10130000.officer.goods", "/10130000/history"),
)  # fmt: skip


def unseen() -> list[forms.Shown]:
    """Forms of the routes whose own stand on no page."""
    made = []
    for endpoint, (login, address, names) in UNSEEN.items():
        controls = tuple(forms.Control(name, "text") for name in ("form_key", *names))
        made.append(forms.Shown(login, "", address.format(unit=7), endpoint, controls))
    return made


def _address(action: str, chance: Random) -> str:
    """The form's own address; one in twenty is tampered with."""
    if chance.random() > 0.05:
        return action
    drawn = chance.choice((*hostile.PATHS, *hostile.NUMBERS, *hostile.MARKUP[:6]))
    odd = forms.quote_plus(forms.as_bytes(drawn[:1000]))
    parts = action.split("/")
    numbers = [i for i, part in enumerate(parts) if part.isdigit()]
    if numbers and chance.random() < 0.7:
        parts[chance.choice(numbers)] = odd
        return "/".join(parts)
    return f"{action.split('?')[0]}?at={odd}&next={odd}"


def report(found: Found, seconds: float) -> None:
    print(f"{found.sent} hostile requests and {found.read_back} pages read back in {seconds:.0f} s")
    for endpoint, statuses in sorted(found.routes.items()):
        told = "  ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
        print(f"  {endpoint:<36} {told}")
    print(
        f"answers by status: {dict(sorted(found.statuses.items()))}; {found.marked} pages gave the mark back, escaped"
    )
    print(f"answered 5xx: {len(found.faults)} kinds; markup alive: {len(found.alive)} kinds")
    for said, where in [*found.faults.items(), *found.alive.items()]:
        print(f"  WRONG {said}   [{where}]")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first request: a run may be parted"
    )
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument(
        "--minutes", type=float, default=0, help="stop after so long, even if fewer were sent"
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument(
        "--find", action="store_true", help="walk the portal anew for pages with forms, and end"
    )
    given = parser.parse_args()
    with portals.opened(given.postgresql) as portal:
        if given.find:
            found = "".join(f"{login},{url}\n" for login, url in forms.find_pages(portal.app))
            forms.PAGES.write_text(found, encoding="utf-8")
            return 0
        begun = time.monotonic()
        until = begun + given.minutes * 60 if given.minutes else float("inf")
        result = Attack(portal, given.seed, forms.pages()).send(given.requests, until, given.first)
        report(result, time.monotonic() - begun)
    return 1 if result.faults or result.alive else 0


if __name__ == "__main__":
    sys.exit(main())
