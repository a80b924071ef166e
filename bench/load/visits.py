"""The mix of a working day: what officers open and send, and how often each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol
from urllib.parse import quote

from bench.load.plan import Person, Plan


@dataclass(frozen=True)
class Ask:
    """A request, and the statuses with which it may be answered; `fields` makes it a POST."""

    kind: str
    path: str
    fields: list[tuple[str, str]] | None = None
    expect: tuple[int, ...] = (200,)
    headers: dict[str, str] = field(default_factory=dict)


class Answer(Protocol):
    """What a visit learns from an answer."""

    location: str

    def form(self, action: str) -> tuple[str, list[tuple[str, str]]]:
        """Action and shown values of the first form whose action fits a pattern; raises LookupError."""


#: A visit asks, and is given the answer.
Steps = Generator[Ask, Answer, None]
#: Whom and what a visit is about: the officer, and an id or 0.
Target = tuple[Person, int]


@dataclass(frozen=True)
class Kind:
    """A kind of visit.

    Attributes:
        weight: how often it comes, compared with the others.
        requests: how many requests it makes.
        in_turn: whether each target is taken before the first comes again, so that no two meet at one.
    """

    name: str
    weight: float
    requests: int
    targets: Callable[[Plan], Sequence[Any]]
    steps: Callable[[Plan, Any, Random, int], tuple[Person, Steps]]
    in_turn: bool = False


def _inspectors(plan: Plan) -> list[Person]:
    return [one for one in plan.people if one.post == "inspector" and one.level == "point"]


def _office(plan: Plan) -> list[Person]:
    return [one for (_, post), people in plan.at.items() if post == "office" for one in people]


def _readers(plan: Plan) -> list[Person]:
    return _inspectors(plan) + _office(plan)


def _coordinators(plan: Plan) -> list[Person]:
    return [one for one in plan.people if one.post == "union_coordinator"]


def _everyone(plan: Plan) -> list[Person]:
    return list(plan.people)


def _opens(kind: str, path: str) -> Callable[[Plan, Person, Random, int], tuple[Person, Steps]]:
    """A visit that opens one page."""

    def steps(plan: Plan, who: Person, chance: Random, number: int) -> tuple[Person, Steps]:
        return who, _get(Ask(kind, path.format(code=who.code, word=quote(chance.choice(WORDS)))))

    return steps


WORDS = ("footwear", "обувь", "cars", "wine", "1000", "declared", "9000")


def _get(ask: Ask) -> Steps:
    yield ask


def _waiting(plan: Plan) -> list[tuple[str, int]]:
    return [
        (code, one) for code, (waiting, _) in plan.declarations.items() for one in waiting
        if (code, "inspector") in plan.at
    ]  # fmt: skip


def _released(plan: Plan) -> list[tuple[str, int]]:
    return [
        (code, one) for code, (_, released) in plan.declarations.items() for one in released
        if (code, "inspector") in plan.at
    ]  # fmt: skip


def _of(
    kind: str, path: str, post: str
) -> Callable[[Plan, tuple[str, int], Random, int], tuple[Person, Steps]]:
    """A visit of an officer with a post to one thing of his authority."""

    def steps(plan: Plan, at: tuple[str, int], chance: Random, number: int) -> tuple[Person, Steps]:
        who = chance.choice(plan.at[at[0], post])
        return who, _get(Ask(kind, path.format(code=at[0], id=at[1])))

    return steps


def _checks(plan: Plan) -> list[tuple[str, int]]:
    return [one for one in plan.checks if (one[0], "inspector") in plan.at]


def _record(plan: Plan, at: tuple[str, int], chance: Random, number: int) -> tuple[Person, Steps]:
    return chance.choice(plan.at[at[0], "inspector"]), _recording(*at)


def _recording(code: str, declaration: int) -> Steps:
    answer = yield Ask("check: form", f"/{code}/declarations/{declaration}")
    action, shown = answer.form(r"/checks/\d+$")
    prefix = f"check{action.rsplit('/', 1)[1]}-"
    typed = {f"{prefix}outcome": "nothing_found", f"{prefix}notes": "Opened and counted."}
    answer = yield Ask("check: send", action, over(shown, typed), (303,))
    yield Ask("check: after", answer.location)


def _screen(plan: Plan, who: Person, chance: Random, number: int) -> tuple[Person, Steps]:
    return who, _screening(who, chance, number)


def _screening(who: Person, chance: Random, number: int) -> Steps:
    answer = yield Ask("screen: form", f"/{who.code}/screen")
    action, shown = answer.form("/screen$")
    mass, price = chance.randrange(20, 20_000), chance.randrange(100, 90_000)
    typed = {
        "one-declaration_id": f"{who.code}/{chance.getrandbits(40):x}/{number}",
        "one-direction": "import", "one-procedure": "40", "one-importer_id": f"RU{chance.randrange(300):05d}",
        "one-departure_country": chance.choice(COUNTRIES), "one-currency": "USD",
        "one-items-0-hs_code": chance.choice(CODES), "one-items-0-origin_country": chance.choice(COUNTRIES),
        "one-items-0-net_mass_kg": str(mass), "one-items-0-gross_mass_kg": str(mass + 9),
        "one-items-0-item_price": str(price), "one-items-0-customs_value": str(price),
    }  # fmt: skip
    answer = yield Ask("screen: send", action, over(shown, typed), (303,))
    yield Ask("screen: after", answer.location)


COUNTRIES = ("CN", "DE", "TR", "IT", "VN", "US")
CODES = ("6403990000", "8703230000", "9503000000", "2204210000", "8517130000", "6109100000", "0808108000")


def _drafts(plan: Plan) -> list[tuple[str, int, str]]:
    return list(plan.drafts)


def _draft(plan: Plan, at: tuple[str, int, str], chance: Random, number: int) -> tuple[Person, Steps]:
    return plan.by_login[at[2]], _get(Ask("draft", f"/{at[0]}/drafts/{at[1]}"))


def _save(plan: Plan, at: tuple[str, int, str], chance: Random, number: int) -> tuple[Person, Steps]:
    return plan.by_login[at[2]], _saving(f"/{at[0]}/drafts/{at[1]}/sections/contact", number)


def _saving(place: str, number: int) -> Steps:
    answer = yield Ask("section: form", place)
    action, shown = answer.form("/sections/contact$")
    answer = yield Ask("section: save", action, over(shown, {"telephone": f"+7 495 {number:06d}"}), (303,))
    yield Ask("section: after", answer.location)


def _profiles(plan: Plan) -> list[tuple[str, int]]:
    return [one for one in plan.profiles if (one[0], "office") in plan.at]


def _publications(plan: Plan) -> list[tuple[str, int]]:
    return [one for one in plan.publications if (one[0], "inspector") in plan.at]


def _sign_in(plan: Plan, who: Person, chance: Random, number: int) -> tuple[Person, Steps]:
    stranger = Person("", "", who.code, who.level, who.house, "")
    return stranger, _signing_in(who.login, plan.password)


def _signing_in(login: str, password: str) -> Steps:
    answer = yield Ask("sign-in: form", "/sign-in")
    action, shown = answer.form("/sign-in$")
    answer = yield Ask("sign-in: send", action, over(shown, {"login": login, "password": password}), (303,))
    yield Ask("sign-in: after", answer.location, None, (200, 303))


def _asset(plan: Plan, who: Person, chance: Random, number: int) -> tuple[Person, Steps]:
    """What a browser asks that has the file and was told to look again."""
    place, mark = plan.asset
    return who, _get(Ask("style sheet, unchanged", place, None, (304,), {"If-None-Match": mark}))


def over(shown: list[tuple[str, str]], typed: dict[str, str]) -> list[tuple[str, str]]:
    """What a form shows, with what was typed in its place."""
    return [(name, value) for name, value in shown if name not in typed] + list(typed.items())


KINDS = (
    Kind("queue", 14, 1, _inspectors, _opens("queue", "/{code}/queue")),
    Kind("declaration", 17, 1, _waiting, _of("declaration", "/{code}/declarations/{id}", "inspector")),
    Kind("released", 3, 1, _inspectors, _opens("released", "/{code}/queue?state=released")),
    Kind("released, next page", 2, 1, _released,
         _of("released, next page", "/{code}/queue?state=released&older={id}", "inspector")),
    Kind("check", 4, 3, _checks, _record, in_turn=True),
    Kind("screen", 3, 3, _inspectors, _screen),
    Kind("desk", 12, 1, _everyone, _opens("desk", "/{code}/")),
    Kind("drafts", 3, 1, _office, _opens("list of drafts", "/{code}/drafts")),
    Kind("register", 2, 1, _office, _opens("register", "/{code}/registers/drafts")),
    Kind("register, next page", 1, 1, _office,
         _opens("register, next page", "/{code}/registers/profiles?before=100")),
    Kind("profiles", 3, 1, _office, _opens("list of profiles", "/{code}/profiles")),
    Kind("profile", 4, 1, _profiles, _of("profile", "/{code}/profiles/{id}", "office")),
    Kind("draft", 3, 1, _drafts, _draft),
    Kind("section", 1.5, 3, _drafts, _save, in_turn=True),
    Kind("alerts", 3, 1, _everyone, _opens("alerts", "/{code}/alerts")),
    Kind("directory", 5, 1, _readers, _opens("directory", "/{code}/directory")),
    Kind("directory, a profile", 4, 1, _publications,
         _of("directory, a profile", "/{code}/directory/{id}", "inspector")),
    Kind("search", 3, 1, _readers, _opens("search", "/{code}/search?q={word}")),
    Kind("states", 0.5, 1, _coordinators, _opens("states of the union", "/{code}/states")),
    Kind("file", 0.5, 1, _readers, _opens("file of the directory", "/{code}/directory.csv")),
    Kind("style sheet", 6, 1, _everyone, _asset),
    Kind("sign-in", 0.7, 3, _everyone, _sign_in),
)  # fmt: skip


class Mix:
    """Draws visits to the part of the portal that a plan knows; kinds without a target there are left out."""

    def __init__(self, plan: Plan) -> None:
        found = [(kind, list(kind.targets(plan))) for kind in KINDS]
        self.plan, self.kinds = plan, [(kind, targets) for kind, targets in found if targets]
        self.weights = [kind.weight for kind, _ in self.kinds]
        self.taken = dict.fromkeys((kind.name for kind, _ in self.kinds), 0)

    @property
    def requests(self) -> float:
        """How many requests a visit makes, on average."""
        made = sum(kind.weight * kind.requests for kind, _ in self.kinds)
        return made / sum(self.weights)

    def draw(self, chance: Random) -> tuple[Person, Steps]:
        ((kind, targets),) = chance.choices(self.kinds, self.weights)
        number = self.taken[kind.name]
        self.taken[kind.name] += 1
        target = targets[number % len(targets)] if kind.in_turn else chance.choice(targets)
        return kind.steps(self.plan, target, Random(chance.getrandbits(64)), number)
