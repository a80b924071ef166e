"""Compares the derived ratios as exact products that never leave the engine's 38 decimal digits."""

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from portal.screening.vocabulary import DIVISOR, FIELDS, Field

# Widths, as whole digits + decimals: money 14 + 18, mass and rate 12 + 6, threshold at most 14 + 6.
# A threshold times a mass is at most 26 + 12; beside money that would need 26 + 18, so such a product is first
# clamped to a bound that no amount of money reaches, which changes no comparison.

_MONEY_WHOLE_DIGITS = 14
_MONEY_DECIMALS = 18
_SMALL_THRESHOLD_DIGITS = 8

# The engine multiplies two decimals of up to 18 digits within 18 digits; one of them must be wider.
_WIDE = 20


def ratio_against(field: Field, operator: type[exp.Binary], value: Decimal) -> exp.Expr:
    """Return `numerator operator value * divisor`; unknown when the ratio is missing (rule 2)."""
    whole, decimals = _digits(value)
    threshold = _cast(exp.Literal.string(f"{value:f}"), _WIDE, decimals)
    product: exp.Expr = exp.Mul(this=threshold, expression=_column(DIVISOR))
    if _is_money(field.numerator) and whole > _SMALL_THRESHOLD_DIGITS:
        product = _clamped(product, _MONEY_WHOLE_DIGITS, _MONEY_DECIMALS)
    return _with_divisor(operator(this=_column(field.numerator), expression=product))


def ratio_equals(ratio: Field, other: Field) -> exp.Expr:
    """Return whether a ratio equals another field; unknown when either is missing."""
    numerator = _column(ratio.numerator)
    if other.numerator:
        return _with_divisor(exp.EQ(this=numerator, expression=_column(other.numerator)))
    present = (numerator, _column(other.name))
    if _is_money(other.name):
        return _with_divisor(_equals_money_times_mass(*present), present)
    factor = _cast(_column(other.name), _WIDE, other.decimals)
    product: exp.Expr = exp.Mul(this=factor, expression=_column(DIVISOR))
    if _is_money(ratio.numerator):
        product = _clamped(product, _MONEY_WHOLE_DIGITS, _MONEY_DECIMALS)
    return _with_divisor(exp.EQ(this=numerator, expression=product), present)


def _equals_money_times_mass(numerator: exp.Expr, money: exp.Expr) -> exp.Expr:
    """Test `numerator = money * mass` by the whole and the broken part of the money, 14 + 0 and 1 + 18."""
    whole = _cast(exp.Trunc(this=money.copy()), _WIDE, 0)
    broken = exp.Paren(this=exp.Sub(this=money.copy(), expression=whole.copy()))
    whole_product = exp.Mul(this=whole, expression=_column(DIVISOR))
    rest = exp.Paren(this=exp.Sub(this=numerator, expression=_clamped(whole_product, 15, _MONEY_DECIMALS)))
    broken_product = exp.Mul(this=_cast(broken, _WIDE, _MONEY_DECIMALS), expression=_column(DIVISOR))
    return exp.EQ(this=_clamped(rest, 13, 24), expression=broken_product)


def _with_divisor(comparison: exp.Expr, present: Sequence[exp.Expr] = ()) -> exp.Expr:
    """Add that the divisor is positive and these columns have values; else the whole is unknown."""
    condition: exp.Expr = exp.GT(this=_column(DIVISOR), expression=exp.Literal.number(0))
    for each in present:
        condition = exp.And(
            this=condition, expression=exp.Not(this=exp.Is(this=each.copy(), expression=exp.null()))
        )
    return exp.Case(ifs=[exp.If(this=condition, true=comparison)])


def _clamped(product: exp.Expr, whole_digits: int, decimals: int) -> exp.Expr:
    """Hold a product that has a value within a power of ten."""
    bound = "1" + "0" * whole_digits
    lowest, highest = (_cast(exp.Literal.string(sign + bound), whole_digits + 1, 0) for sign in ("-", ""))
    raised = exp.Greatest(this=product, expressions=[lowest], ignore_nulls=True)
    inside = exp.Least(this=raised, expressions=[highest], ignore_nulls=True)
    return _cast(inside, whole_digits + 1 + decimals, decimals)


def _cast(value: exp.Expr, width: int, decimals: int) -> exp.Expr:
    sizes = [exp.DataTypeParam(this=exp.Literal.number(size)) for size in (width, decimals)]
    return exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.DECIMAL, expressions=sizes))


def _digits(value: Decimal) -> tuple[int, int]:
    """Count the digits of a threshold before and after the point, at least one before it."""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    return len(whole), len(decimals)


def _is_money(name: str) -> bool:
    return FIELDS[name].decimals == _MONEY_DECIMALS


def _column(name: str) -> exp.Expr:
    return exp.column(name, quoted=True)
