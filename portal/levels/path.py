"""The place of an authority in the tree, written as a path whose last dot closes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?:[a-z0-9]+\.){1,5}")


@dataclass(frozen=True, order=True)
class AuthorityPath:
    """A path such as ``eeu.ru.10100000.10130000.``; the last dot keeps ``rtu1`` from covering ``rtu10``.

    Raises:
        ValueError: the text is not one to five dotted labels of lower-case letters and digits.
    """

    text: str

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.text):
            raise ValueError(f"not an authority path: {self.text!r}")

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.text.rstrip(".").split("."))

    @property
    def above(self) -> tuple[AuthorityPath, ...]:
        """All paths above this one, from the root down; empty for the root."""
        return tuple(AuthorityPath(".".join(self.labels[:n]) + ".") for n in range(1, len(self.labels)))

    @property
    def parent(self) -> AuthorityPath | None:
        return self.above[-1] if self.above else None

    @property
    def state(self) -> AuthorityPath | None:
        """The centre of the state in which this authority stands; None for the union."""
        return AuthorityPath(".".join(self.labels[:2]) + ".") if len(self.labels) > 1 else None

    def child(self, label: str) -> AuthorityPath:
        return AuthorityPath(f"{self.text}{label}.")

    def covers(self, other: AuthorityPath) -> bool:
        """True for this authority itself and for all that stand beneath it."""
        return other.text.startswith(self.text)
