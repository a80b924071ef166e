"""What a run of a back-test says, in words and in figures for the charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import get_locale, gettext

from portal.levels.roles import Post
from portal.screening import conditions
from portal.screening.reading import sentence
from portal.screening.text_area import AnyList
from portal.store import authorities
from portal.web.acting import Acting
from portal.web.filters import decimal, percent
from portal.web.months import month_name

#: Those who analyse declarations or check them may know the trader; others read a sample without.
ENTITLED = frozenset({Post.OFFICER, Post.UNIT_HEAD, Post.INSPECTOR})
TRADERS = ("importer_id", "declarant_id", "exporter_id")
SAMPLE = (
    "declaration_id",
    "item_no",
    "date",
    "authority",
    "hs_code",
    "origin_country",
    "departure_country",
    "net_mass_kg",
    "item_price",
)


@dataclass(frozen=True)
class Row:
    """A line of a table: what was hit, of how many."""

    label: str
    hit: int
    all: int | None

    @property
    def share(self) -> float | None:
        return self.hit / self.all if self.all else None


@dataclass(frozen=True)
class Indicator:
    """What one indicator does."""

    words: str
    alone: int
    removes: int
    adds: int


class Shown:
    """A run as the page shows it."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        self.result = result

    @property
    def headline(self) -> str:
        """The first line in words (ui, "Back-test")."""
        found = self.result
        share = percent(found["hit_items"] / found["items"]) if found["items"] else percent(0)
        said = gettext(
            "Would have selected %(hit)s of %(all)s items (%(share)s)",
            hit=decimal(found["hit_items"]),
            all=decimal(found["items"]),
            share=share,
        )
        if not found["with_outcome"]:
            return f"{said}."
        said += gettext(", %(number)s with violations", number=decimal(found["violations_hit"]))
        if found["lift"] is None:
            return f"{said}."
        return str(said + gettext(": %(lift)s times random.", lift=decimal(Decimal(found["lift"]), 1)))

    @property
    def months(self) -> list[tuple[str, int]]:
        """Declarations hit in each month of the history, months without a hit included."""
        hits, held = self.result["by_month"], self.result["all_by_month"]
        return [(month_name(key), int(hits.get(key, 0))) for key in sorted({*held, *hits})]

    @property
    def month_rows(self) -> list[Row]:
        hits, held = self.result["by_month"], self.result["all_by_month"]
        return [Row(month_name(key), hits.get(key, 0), held.get(key)) for key in sorted({*held, *hits})]

    def places(self) -> list[Row]:
        """Declarations hit at each authority, the most first."""
        hits, held = self.result["by_authority"], self.result["all_by_authority"]
        names = {seen.code: seen.name(str(get_locale())) for seen in authorities.subtree()}
        rows = [
            Row(f"{code} {names[code]}" if code in names else code or "–", hits.get(code, 0), number)
            for code, number in held.items()
        ]
        return sorted(rows, key=lambda row: (-row.hit, row.label))

    @property
    def indicators(self) -> list[Indicator]:
        hit = self.result["hit_items"]
        return [
            Indicator(
                _said(one["condition"]),
                one["alone"],
                max(one["without"] - hit, 0),
                max(hit - one["without"], 0),
            )
            for one in self.result["contributions"]
        ]

    @property
    def overlaps(self) -> list[Mapping[str, Any]]:
        return list(self.result["overlaps"])


def _said(condition: object) -> str:
    return sentence(conditions.parse(condition, AnyList()), str(get_locale()), most_values=12)


def entitled(acting: Acting) -> bool:
    """Whether the officer may see who the traders of a sample are."""
    return bool(acting.posts & ENTITLED)


def sample_columns(with_traders: bool) -> tuple[str, ...]:
    return (*SAMPLE[:4], *TRADERS[:1], *SAMPLE[4:]) if with_traders else SAMPLE
