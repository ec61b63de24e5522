"""Resolved operands into arithmetic: dimensions checked, constants folded, dates told from numbers.

Each function returns the expression, or None after it has said what is wrong.
"""

import math
from datetime import date
from fractions import Fraction

from cedu_rules.diagnostics import Hint
from cedu_rules.model.findings import Findings
from cedu_rules.model.ir import Data, Expression
from cedu_rules.model.types import BOOL, DATE, Type, describe, number_type
from cedu_rules.source import Span
from cedu_rules.truth import rounded
from cedu_rules.units import ONE, Unit, describe_dimension, multiply_dimensions

CONSTANT_BITS = 400
"""Folded constants stay below about 120 digits above and below the line."""

_STEPS = {(("days", 1),), (("months", 1),)}
DAYS = Unit("days", (("days", 1),), Fraction(1))


def constant(value: Data, type_: Type, span: Span) -> Expression:
    """Return a constant of the type."""
    return Expression("constant", (), value, type_, span)


def number(value: Fraction, unit: Unit, span: Span) -> Expression:
    """Return the number `value` in base units, which the author wrote in `unit`."""
    whole = not unit.dimension and value.denominator == 1
    return constant(value, number_type(unit.dimension, whole=whole, unit=unit), span)


def truth(value: bool, span: Span) -> Expression:
    """Return the constant `yes` or `no`."""
    return constant(value, BOOL, span)


def is_number(expression: Expression) -> bool:
    """Return whether the value is a number or a series of numbers."""
    return expression.type.kind in {"number", "series"}


def value_type(expression: Expression) -> Type:
    """Return the type of the number, or of one year of the series."""
    return expression.type.element or expression.type


def _numeric(operands: list[Expression], type_: Type) -> Type:
    """Return `type_`, or the series of it where an operand is a series."""
    if any(operand.type.kind == "series" for operand in operands):
        return Type("series", element=type_)
    return type_


def _all_numbers(operands: list[Expression], findings: Findings) -> bool:
    for operand in operands:
        if not is_number(operand):
            findings.add("not-a-number", operand.span, found=describe(operand.type))
            return False
    return True


def _folded(expression: Expression, value: Fraction, findings: Findings) -> Expression | None:
    """Return the constant that an expression over constants comes to."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > CONSTANT_BITS:
        findings.add("constant-too-large", expression.span)
        return None
    whole = not expression.type.dimension and value.denominator == 1
    return constant(value, expression.type._replace(whole=whole), expression.span)


def _values(operands: list[Expression]) -> list[Fraction] | None:
    """Return the numbers of constant operands, or None where one is no constant."""
    values = [operand.data for operand in operands if operand.operator == "constant"]
    numbers = [value for value in values if isinstance(value, Fraction)]
    return numbers if len(numbers) == len(operands) else None


def add(terms: list[Expression], span: Span, findings: Findings) -> Expression | None:
    """Return the sum of numbers or series of one dimension."""
    if not _all_numbers(terms, findings):
        return None
    types = [value_type(term) for term in terms]
    for term, type_ in zip(terms[1:], types[1:], strict=True):
        if type_.dimension != types[0].dimension:
            unit_mismatch(terms[0], term, findings)
            return None
    unit = next((type_.unit for type_ in types if type_.unit != ONE), ONE)
    whole = all(type_.whole for type_ in types)
    sum_ = Expression(
        "+", tuple(terms), None, _numeric(terms, number_type(types[0].dimension, whole=whole, unit=unit)), span
    )
    values = _values(terms)
    return sum_ if values is None else _folded(sum_, sum(values, Fraction(0)), findings)


def negative(operand: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return the number with the other sign."""
    if not _all_numbers([operand], findings):
        return None
    inner = value_type(operand)
    type_ = _numeric([operand], number_type(inner.dimension, whole=inner.whole, unit=inner.unit))
    if operand.operator == "constant" and isinstance(operand.data, Fraction):
        return constant(-operand.data, type_, span)
    return Expression("-", (operand,), None, type_, span)


def multiply(factors: list[Expression], span: Span, findings: Findings) -> Expression | None:
    """Return the product of numbers or series."""
    if not _all_numbers(factors, findings):
        return None
    types = [value_type(factor) for factor in factors]
    dimension = types[0].dimension
    for type_ in types[1:]:
        dimension = multiply_dimensions(dimension, type_.dimension)
    type_ = number_type(dimension, whole=all(type_.whole for type_ in types), unit=_unit_of(dimension, types))
    product = Expression("*", tuple(factors), None, _numeric(factors, type_), span)
    values = _values(factors)
    return product if values is None else _folded(product, math.prod(values, start=Fraction(1)), findings)


def divide(above: Expression, below: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return the quotient of numbers or series."""
    if not _all_numbers([above, below], findings):
        return None
    if below.operator == "constant" and below.data == 0:
        findings.add("division-by-zero", below.span)
        return None
    types = [value_type(above), value_type(below)]
    dimension = multiply_dimensions(types[0].dimension, types[1].dimension, -1)
    unit = _unit_of(dimension, types[:1])
    quotient = Expression("/", (above, below), None, _numeric([above, below], number_type(dimension, unit=unit)), span)
    values = _values([above, below])
    return quotient if values is None else _folded(quotient, values[0] / values[1], findings)


def _unit_of(dimension: tuple[tuple[str, int], ...], types: list[Type]) -> Unit:
    """Return the author's unit for a product: that of the operand which gives it its dimension."""
    if not dimension:
        return ONE
    same = [type_.unit for type_ in types if type_.dimension == dimension]
    return same[0] if same else Unit(describe_dimension(dimension), dimension, Fraction(1))


def round_number(mode: str, operand: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return `ceil`, `floor` or `round` of a dimensionless number."""
    if operand.type.kind != "number":
        findings.add("not-a-number", operand.span, found=describe(operand.type))
        return None
    if operand.type.dimension:
        unit = describe_dimension(operand.type.dimension)
        findings.add(
            "rounding-with-unit", operand.span, Hint("divide-by-unit", {"unit": unit}), found=describe(operand.type)
        )
        return None
    type_ = number_type((), whole=True, unit=operand.type.unit if operand.type.unit.counter else ONE)
    if isinstance(operand.data, Fraction):
        return constant(Fraction(int(rounded(operand.data, mode))), type_, span)
    return Expression(mode, (operand,), None, type_, span)


def absolute(operand: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return the number, or each year's number, without its sign."""
    if not _all_numbers([operand], findings):
        return None
    if isinstance(operand.data, Fraction):
        return constant(abs(operand.data), operand.type, span)
    inner = value_type(operand)
    type_ = number_type(inner.dimension, whole=inner.whole, unit=inner.unit)
    return Expression("abs", (operand,), None, _numeric([operand], type_), span)


# --- dates -----------------------------------------------------------------------------------------------------------


def step_date(left: Expression, sign: str, right: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return `date + 3 years`, `date - 10 days`, or the days between two dates."""
    if left.type.kind == right.type.kind == "date":
        if sign == "+":
            findings.add("sum-of-dates", span)
            return None
        return Expression("days_between", (left, right), None, number_type(DAYS.dimension, unit=DAYS), span)
    if right.type.kind == "date":
        if sign == "-":
            findings.add("date-subtracted", right.span)
            return None
        left, right = right, left
    if right.type.kind != "number" or right.type.dimension not in _STEPS:
        findings.add("bad-date-step", right.span, Hint("date-step", {}), found=describe(right.type))
        return None
    amount = right if sign == "+" else negative(right, right.span, findings)
    if amount is None:
        return None
    if isinstance(amount.data, Fraction) and amount.data.denominator != 1:
        findings.add("fractional-date-step", right.span)
        return None
    return Expression("step", (left, amount), None, DATE, span)


def date_constant(value: date, span: Span) -> Expression:
    """Return the day as a constant."""
    return constant(value, DATE, span)


# --- what does not fit -----------------------------------------------------------------------------------------------


def unit_mismatch(left: Expression, right: Expression, findings: Findings) -> None:
    """Say that two numbers have different dimensions; a bare number is told which unit would fit."""
    for bare, other in ((right, left), (left, right)):
        if isinstance(bare.data, Fraction) and bare.type.unit == ONE and value_type(other).dimension:
            unit = value_type(other).unit.name
            hint = Hint("write-unit", {"number": bare.span.text, "unit": unit}) if unit.isidentifier() else None
            findings.add("missing-unit", bare.span, hint, number=bare.span.text, other=describe(other.type))
            return
    findings.add("unit-mismatch", right.span, found=describe(right.type), expected=describe(left.type))
