"""Moments as the operator types them."""

from __future__ import annotations

from datetime import datetime

import click

EXAMPLE = "2025-04-25T15:00+03:00"


def moment(text: str) -> datetime:
    """An aware moment.

    Raises:
        click.ClickException: the text is none, or carries no offset from UTC.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.ClickException(f"Not a moment: {text!r}. Write it as {EXAMPLE}.") from None
    if found.utcoffset() is None:
        raise click.ClickException(f"No offset from UTC in {text!r}. Write it as {EXAMPLE}.")
    return found
