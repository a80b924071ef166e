"""Compiles a condition into one expression of the analytical engine over a normalised table."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from sqlglot import exp

from portal.screening.ratios import ratio_against, ratio_equals
from portal.screening.tree import (
    All,
    Any_,
    Between,
    Compare,
    Contains,
    FieldsDiffer,
    FieldsEqual,
    In,
    InList,
    Leaf,
    Missing,
    Node,
    Not,
    Number,
    StartsWith,
)
from portal.screening.values import THRESHOLD_DECIMALS, THRESHOLD_WHOLE_DIGITS
from portal.screening.vocabulary import DIVISOR, FIELDS, Field

FOLDED = "goods_description_folded"
"""The stored column with the folded goods description; other texts are folded as they are read."""

_FEW_VALUES = 50
_FEW_PREFIXES = 8
_SEPARATORS = "\x1f\x1e\x1d\x1c\x01\x02\x03"

COMPARE: dict[str, type[exp.Binary]] = {"<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}


def sql(node: Node, dialect: str = "duckdb") -> str:
    """Return the condition as a two-valued SQL expression whose values are typed literals."""
    return expression(node).sql(dialect)


def expression(node: Node) -> exp.Expr:
    """Return the condition as an expression tree; every leaf is true or false, never unknown (rule 1)."""
    match node:
        case All(parts):
            return _joined(exp.And, [expression(part) for part in parts])
        case Any_(parts):
            return _joined(exp.Or, [expression(part) for part in parts])
        case Not(part):
            return exp.Not(this=exp.Paren(this=expression(part)))
    return exp.Coalesce(this=_leaf(node), expressions=[exp.false()])


def _joined(connector: type[exp.Connector], parts: Sequence[exp.Expr]) -> exp.Expr:
    """Join in a balanced way: a chain of thousands would pass the engine's limit of depth."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = (exp.Paren(this=_joined(connector, half)) for half in (parts[:middle], parts[middle:]))
    return connector(this=left, expression=right)


def column(name: str) -> exp.Expr:
    """Return the column of a field, with what stands for its absence."""
    stored = exp.column(name, quoted=True)
    absent = FIELDS[name].absent_as if name in FIELDS else None
    return exp.Coalesce(this=stored, expressions=[exp.Literal.string(absent)]) if absent else stored


def _leaf(leaf: Leaf) -> exp.Expr:
    match leaf:
        case In(name, values):
            return _one_of(column(name), values)
        case InList(name, _, members):
            return _one_of(column(name), sorted(members)) if members else exp.false()
        case StartsWith(name, values):
            return _starts_with(column(name), values)
        case Contains(name, words):
            return _contains(name, words)
        case Compare(name, op, value):
            return _compared(FIELDS[name], op, value)
        case Between(name, low, high):
            field = FIELDS[name]
            return exp.And(this=_compared(field, ">=", low), expression=_compared(field, "<=", high))
        case Missing(name):
            return _missing(FIELDS[name])
        case FieldsEqual(name, other):
            return _same(FIELDS[name], FIELDS[other])
        case FieldsDiffer(name, other):
            return exp.Not(this=exp.Paren(this=_same(FIELDS[name], FIELDS[other])))


def _literal(value: str | int) -> exp.Expr:
    return exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(value)


def _one_of(tested: exp.Expr, values: Sequence[str] | Sequence[int]) -> exp.Expr:
    """Test membership; many texts go as one literal that the engine splits, which it reads far faster."""
    texts = [value for value in values if isinstance(value, str)]
    separator = next((mark for mark in _SEPARATORS if not any(mark in text for text in texts)), None)
    if len(texts) <= _FEW_VALUES or separator is None:
        return exp.In(this=tested, expressions=[_literal(value) for value in values])
    split = exp.Split(this=_literal(separator.join(texts)), expression=_literal(separator))
    return exp.In(this=tested, query=exp.Subquery(this=exp.select(exp.Explode(this=split))))


def _starts_with(tested: exp.Expr, prefixes: Sequence[str]) -> exp.Expr:
    if len(prefixes) <= _FEW_PREFIXES:
        return _joined(exp.Or, [exp.StartsWith(this=tested, expression=_literal(each)) for each in prefixes])
    by_length: dict[int, list[str]] = {}
    for prefix in prefixes:
        by_length.setdefault(len(prefix), []).append(prefix)
    heads = [
        _one_of(exp.Substring(this=tested, start=_literal(1), length=_literal(length)), group)
        for length, group in by_length.items()
    ]
    return _joined(exp.Or, heads)


def _contains(name: str, words: Sequence[str]) -> exp.Expr:
    text = exp.Anonymous(this="fold_case", expressions=[column(name)])
    folded = column(FOLDED) if name == "goods_description" else text
    return _joined(
        exp.Or, [exp.Contains(this=folded, expression=_literal(word.casefold())) for word in words]
    )


def _compared(field: Field, op: str, value: Number) -> exp.Expr:
    operator = COMPARE[op]
    if field.numerator and isinstance(value, Decimal):
        return ratio_against(field, operator, value)
    return operator(this=column(field.name), expression=typed(value))


def typed(value: Number) -> exp.Expr:
    """Return a threshold as a literal of its own type."""
    if isinstance(value, Decimal):
        width = THRESHOLD_WHOLE_DIGITS + THRESHOLD_DECIMALS
        return exp.Cast(this=_literal(f"{value:f}"), to=_type(f"DECIMAL({width}, {THRESHOLD_DECIMALS})"))
    if isinstance(value, date):
        return exp.Cast(this=_literal(value.isoformat()), to=_type("DATE"))
    return exp.Literal.number(value)


@cache
def _parsed_type(name: str) -> exp.DataType:
    return exp.DataType.build(name)


def _type(name: str) -> exp.DataType:
    return _parsed_type(name).copy()


def _missing(field: Field) -> exp.Expr:
    if not field.numerator:
        return exp.Is(this=column(field.name), expression=exp.null())
    both = exp.And(
        this=exp.Not(this=exp.Is(this=column(field.numerator), expression=exp.null())),
        expression=exp.Coalesce(
            this=exp.GT(this=column(DIVISOR), expression=_literal(0)), expressions=[exp.false()]
        ),
    )
    return exp.Not(this=exp.Paren(this=both))


def _same(field: Field, other: Field) -> exp.Expr:
    """Test two fields for equality; unknown when either has no value, so that its negation is unknown too."""
    if not field.numerator and not other.numerator:
        return exp.EQ(this=column(field.name), expression=column(other.name))
    return ratio_equals(field, other) if field.numerator else ratio_equals(other, field)
