"""What the grammar of one language must know to read a condition aloud."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from portal.screening.tree import Leaf, Number


class Grammar(Protocol):
    """The words of one language; phrases start small and end without a stop."""

    def leaf(self, leaf: Leaf, *, negated: bool) -> str:
        """Say that a leaf holds or, when negated, that it does not, missing values included."""
        ...

    def every(self, parts: Sequence[str]) -> str: ...

    def some(self, parts: Sequence[str]) -> str: ...

    def not_every(self, parts: Sequence[str]) -> str: ...

    def not_some(self, parts: Sequence[str]) -> str: ...

    def heading(self, word: str) -> str:
        """Say above a list what it takes: `every`, `some`, `not_every` or `not_some` of its lines."""
        ...

    def exception(self, said: str) -> str: ...

    def group(self, number: int, said: str) -> str: ...

    def one_group_is_enough(self) -> str: ...

    def questions(self, texts: Sequence[str]) -> str: ...


@dataclass(frozen=True, slots=True)
class Ordered:
    """The words for the four comparisons and the two ends of a range."""

    less: str
    at_most: str
    more: str
    at_least: str
    start: str
    end: str

    def word(self, op: str) -> str:
        return {"<": self.less, "<=": self.at_most, ">": self.more, ">=": self.at_least}[op]


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def listed(words: Sequence[str], last: str) -> str:
    """Join as `a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(text: str) -> str:
    """Begin a sentence; only its first letter changes."""
    return text[:1].upper() + text[1:]


def number(value: Number, point: str, thousands: str) -> str:
    """Write a number with the separators of a language."""
    if isinstance(value, date):
        raise TypeError("a date is not a number")
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,d}"
    return text.replace(",", "\0").replace(".", point).replace("\0", thousands)


def plain_code(text: str) -> bool:
    """Tell a bare code, which needs no quotation marks, from other text."""
    return text.isascii() and all(letter.isalnum() or letter in "-_/." for letter in text)
