"""Who performs an operation: an officer at the authority for which he acts."""

from __future__ import annotations

from dataclasses import dataclass

from portal.workflow.seats import Actor


@dataclass(frozen=True)
class Acts:
    """The officer who acts.

    Attributes:
        code: code of the acting authority.
        path: its path.
    """

    officer_id: int
    name: str
    actor: Actor
    code: str
    path: str
