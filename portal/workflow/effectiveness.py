"""Decides which profiles are put up for update or cancellation (procedure §9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from portal.levels.words import N_

#: Fewer applied measures than this say nothing about a profile (ours).
ENOUGH_APPLIED = 20
#: A hit rate below this share puts a profile up (ours).
LOWEST_RATE = Decimal("0.05")
#: A profile in force so long without a hit is put up (ours).
LONGEST_WITHOUT_HIT = timedelta(days=180)

FEW_VIOLATIONS = N_("Few of the measures applied found a violation")
NO_BETTER_THAN_CHANCE = N_("It finds no more than the control group")
NO_HITS = N_("It has hit nothing for half a year")


@dataclass(frozen=True)
class Record:
    """What a profile has done: measures drawn, applied, those that found a violation, and the two moments."""

    drawn: int
    applied: int
    violations: int
    since: datetime
    last_hit: datetime | None

    @property
    def applied_share(self) -> Decimal | None:
        """Applied measures as a share of those drawn; None when none was drawn."""
        return Decimal(self.applied) / self.drawn if self.drawn else None

    @property
    def hit_rate(self) -> Decimal | None:
        """Violations as a share of the measures applied; None when none was applied."""
        return Decimal(self.violations) / self.applied if self.applied else None


def put_up(record: Record, control_rate: Decimal | None, at: datetime) -> tuple[str, ...]:
    """The reasons to put a profile up for update or cancellation; none when it works.

    Args:
        control_rate: hit rate of the control group; None while too few of it were checked.
    """
    return tuple(_reasons(record, control_rate, at))


def _reasons(record: Record, control_rate: Decimal | None, at: datetime) -> Iterator[str]:
    rate = record.hit_rate
    if rate is not None and record.applied >= ENOUGH_APPLIED:
        if rate < LOWEST_RATE:
            yield FEW_VIOLATIONS
        elif control_rate is not None and rate <= control_rate:
            yield NO_BETTER_THAN_CHANCE
    if at - (record.last_hit or record.since) > LONGEST_WITHOUT_HIT:
        yield NO_HITS
