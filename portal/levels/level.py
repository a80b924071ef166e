"""What one level of the customs tree is, may own, may see and may order."""

from __future__ import annotations

from dataclasses import dataclass

from portal.levels.roles import Post


@dataclass(frozen=True)
class Level:
    """One of the four levels of procedure §2.

    Attributes:
        name: the word stored with an authority.
        label: the word shown, marked for translation.
        under: names of the levels under which such an authority may stand.
        owns: what it owns, in words.
        sees: what it sees, in words.
        reads_below: whether its scope reaches the authorities beneath it.
        registers: the kinds of register it keeps.
        posts: the posts that its officers may hold.
        scopes: codes of the territorial scopes for which profiles are registered here (procedure §7).
        number_width: digits of the authority's code in a registration number (procedure §7: 5 to 8).
    """

    name: str
    label: str
    under: tuple[str, ...]
    owns: str
    sees: str
    reads_below: bool
    registers: tuple[str, ...]
    posts: frozenset[Post]
    scopes: tuple[str, ...]
    number_width: int
