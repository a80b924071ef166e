"""Acknowledges alerts."""

from __future__ import annotations

from datetime import datetime

from portal.errors import NotHere
from portal.operations.acts import Acts
from portal.store import alerts


def acknowledge(alert_id: int, acts: Acts, at: datetime) -> None:
    """Note that the addressee has seen an alert; one seen already keeps its first moment.

    Raises:
        NotHere: there is no such alert to this officer.
    """
    if not alerts.exists(acts.officer_id, alert_id):
        raise NotHere
    for alert in alerts.unacknowledged(acts.officer_id, alert_id):
        alert.acknowledged_at = at


def acknowledge_all(acts: Acts, up_to: int, at: datetime) -> int:
    """Note that the addressee has seen his alerts up to an id, the newest he was shown; how many they were."""
    seen = [alert for alert in alerts.unacknowledged(acts.officer_id) if alert.id <= up_to]
    for alert in seen:
        alert.acknowledged_at = at
    return len(seen)
