"""What can stand in the way of a request, each with the one page that explains it."""

from __future__ import annotations

from datetime import datetime


class PortalError(Exception):
    """A refusal that a person is told about; `words` are marked for translation where they are raised."""

    status = 400

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


class NotHere(PortalError):
    """The thing does not exist for this officer: absent, or another tenant's (404)."""

    status = 404


class NotYours(PortalError):
    """The thing is in view, but the officer's posts do not allow the act (403)."""

    status = 403


class NotAllowedNow(PortalError):
    """The right post at the wrong moment (409); `reasons` say what stands against it."""

    status = 409

    def __init__(self, words: str = "", reasons: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.reasons = reasons


class Stale(PortalError):
    """The row changed since the form was shown (409); what was typed is kept and shown beside it.

    Attributes:
        theirs: (name of the field, text) pairs of what stands there now.
        changed_by: name of who changed it, empty when unknown.
    """

    status = 409

    def __init__(
        self,
        words: str = "",
        theirs: tuple[tuple[str, str], ...] = (),
        changed_by: str = "",
        changed_at: datetime | None = None,
    ) -> None:
        super().__init__(words)
        self.theirs = theirs
        self.changed_by = changed_by
        self.changed_at = changed_at


class SendAgain(PortalError):
    """A form that was sent in a way, or at a moment, in which it could not be taken (400, 409 or 503).

    What was typed is shown, so that it can be sent again.
    """

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


class ReadOnly(PortalError):
    """The operator lets the portal be read and nothing be done (503); what was typed is shown, to be kept."""

    status = 503


class TooOften(PortalError):
    """What costs much was asked for too often, or while the same is still at work (429); what was typed is shown.

    Attributes:
        seconds: how long to wait.
        still: whether it is one's own earlier work that must end first.
    """

    status = 429

    def __init__(self, seconds: int = 5, *, still: bool = False) -> None:
        super().__init__()
        self.seconds = seconds
        self.still = still


class Invalid(PortalError):
    """A form or file that must be mended (422); `faults` are (field, words) pairs."""

    status = 422

    def __init__(self, faults: tuple[tuple[str, str], ...], words: str = "") -> None:
        super().__init__(words)
        self.faults = faults
