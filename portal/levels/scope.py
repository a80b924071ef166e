"""What the holder of a post may read and write: the narrow window of one authority on the tree."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.path import AuthorityPath


@dataclass(frozen=True)
class Scope:
    """The window of one acting authority (procedure §2).

    `reads_below` is False for the union alone: it sees what is handed up to it, never what a state keeps.
    """

    home: AuthorityPath
    reads_below: bool = True

    def may_read(self, path: AuthorityPath) -> bool:
        """True when a row kept at `path` is visible."""
        return self.home.covers(path) if self.reads_below else path == self.home

    def may_write(self, path: AuthorityPath) -> bool:
        """True when a row kept at `path` may be changed; rows handed down from above are only read."""
        return self.may_read(path)

    @property
    def applies_from(self) -> tuple[str, ...]:
        """Paths at which a thing handed down applies to this authority: its own and those above it."""
        return (*(path.text for path in self.home.above), self.home.text)
