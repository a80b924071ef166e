"""Reads conditions in English."""

from collections.abc import Sequence
from datetime import date

from portal.screening.grammar import OPPOSITE, Ordered, listed, number, plain_code
from portal.screening.tree import (
    Between,
    Compare,
    Contains,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Leaf,
    Missing,
    Number,
    StartsWith,
)
from portal.screening.vocabulary import FIELDS, Field, Unit

_NUMBERS = Ordered("is less than", "is at most", "is more than", "is at least", "is from", "to")
_DATES = Ordered("is before", "is on or before", "is after", "is on or after", "is from", "to")
_UNITS = {
    Unit.NONE: "",
    Unit.KILOGRAM: " kg",
    Unit.PERCENT: "%",
    Unit.CURRENCY: " in the currency of the declaration",
    Unit.CURRENCY_PER_KILOGRAM: " in the currency of the declaration",
    Unit.NATIONAL: " in national currency",
}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


class English:
    """British English; `most_values` of a long list are said, and the rest counted."""

    def __init__(self, most_values: int) -> None:
        self.most_values = most_values

    def leaf(self, leaf: Leaf, *, negated: bool) -> str:
        field = FIELDS[leaf.field]
        said = f"the {field.label} {self._predicate(leaf, field, negated)}"
        return said + _unless_given(leaf, field) if negated else said

    def _predicate(self, leaf: Leaf, field: Field, negated: bool) -> str:
        match leaf:
            case In(_, values):
                words = [_code(str(value)) for value in values]
                return self._none_of("is none of", "is not", words) if negated else f"is {self._or(words)}"
            case InList(_, name):
                return f"is {'not ' if negated else ''}in the list “{name}”"
            case StartsWith(_, values):
                verb = "does not begin with" if negated else "begins with"
                return f"{verb} {self._or([_code(value) for value in values])}"
            case Contains(_, texts):
                words = [f"“{text}”" for text in texts]
                none = self._none_of("contains none of", "does not contain", words)
                return none if negated else f"contains {self._or(words)}"
            case Compare(_, op, value):
                word = _ordered(value).word(OPPOSITE[op] if negated else op)
                return f"{word} {_amount(value, field)}"
            case Between(_, low, high):
                return _between(low, high, field, negated)
            case Missing():
                return _missing(field, negated)
            case FieldsDiffer(_, other) | FieldsEqual(_, other):
                same = isinstance(leaf, FieldsEqual) is not negated
                return f"{'is the same as' if same else 'differs from'} the {FIELDS[other].label}"

    def _or(self, words: Sequence[str]) -> str:
        return listed(self._shortened(words), "or")

    def _none_of(self, many: str, one: str, words: Sequence[str]) -> str:
        return f"{one} {words[0]}" if len(words) == 1 else f"{many} {listed(self._shortened(words), 'and')}"

    def _shortened(self, words: Sequence[str]) -> list[str]:
        over = len(words) - self.most_values
        return list(words) if over <= 1 else [*words[: self.most_values], f"{over} more values"]

    def every(self, parts: Sequence[str]) -> str:
        return "; ".join([*parts[:-1], f"and {parts[-1]}"])

    def some(self, parts: Sequence[str]) -> str:
        return "at least one of these: " + "; ".join([*parts[:-1], f"or {parts[-1]}"])

    def not_every(self, parts: Sequence[str]) -> str:
        return f"not all of these together: ({self.every(parts)})"

    def not_some(self, parts: Sequence[str]) -> str:
        return f"none of these: ({'; '.join([*parts[:-1], f'or {parts[-1]}'])})"

    def heading(self, word: str) -> str:
        return {
            "every": "all of these",
            "some": "at least one of these",
            "not_every": "not all of these together",
            "not_some": "none of these",
        }[word]

    def exception(self, said: str) -> str:
        return f"Exception: {said}."

    def group(self, number: int, said: str) -> str:
        return f"Group {number}: {said}."

    def one_group_is_enough(self) -> str:
        return "One group is enough."

    def questions(self, texts: Sequence[str]) -> str:
        return f"The officer answers: {'; '.join(f'“{text}”' for text in texts)}."


def _unless_given(leaf: Leaf, field: Field) -> str:
    if isinstance(leaf, FieldsDiffer | FieldsEqual):
        return " (or one of them is not given)"
    if isinstance(leaf, Missing) or field.absent_as:
        return ""
    return " (or cannot be worked out)" if field.numerator else " (or is not given)"


def _missing(field: Field, negated: bool) -> str:
    if field.numerator:
        return "can be worked out" if negated else "cannot be worked out"
    return "is given" if negated else "is not given"


def _between(low: Number, high: Number, field: Field, negated: bool) -> str:
    words = _ordered(low)
    if negated:
        outside = words.more.removeprefix("is ")
        return f"{words.less} {_value(low)} or {outside} {_amount(high, field)}"
    return f"{words.start} {_value(low)} {words.end} {_amount(high, field)} inclusive"


def _ordered(value: Number) -> Ordered:
    return _DATES if isinstance(value, date) else _NUMBERS


def _amount(value: Number, field: Field) -> str:
    return _value(value) + _UNITS[field.unit]


def _value(value: Number) -> str:
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return number(value, ".", ",")


def _code(text: str) -> str:
    return text.replace("_", " ") if plain_code(text) else f"“{text}”"
