"""A constant into its neighbours: what an author might have written by a slip, and how they would have written it.

A number that is compared with whole ones moves by 1. Any other moves by the last digit that its literal shows, and by a
tenth of that: `500 m2` to 499, 501, 499.9 and 500.1, `0.5` to 0.4, 0.6, 0.49 and 0.51. A fraction that no decimal
writes moves to the fractions with the next denominators. A date moves by a day; a level or choice to the members beside it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from cedu_rules.authoring.numerals import plain
from cedu_rules.model.ir import Expression
from cedu_rules.units import decimal_digits

_LITERAL = re.compile(r"([0-9]+(?:\.([0-9]+))?)(.*)", re.DOTALL)


def neighbours(constant: Expression, *, whole: bool) -> Iterator[tuple[Expression, str]]:
    """Yield the constants beside this one, each with how it is written."""
    data = constant.data
    if isinstance(data, Fraction):
        for value in _numbers(constant, data, whole=whole):
            is_whole = not constant.type.dimension and value.denominator == 1
            yield constant._replace(data=value, type=constant.type._replace(whole=is_whole)), _written(constant, value)
    elif isinstance(data, date):
        for day in _days(data):
            yield constant._replace(data=day), day.isoformat()
    elif constant.type.kind in {"level", "choice"}:
        names = [member.name for member in constant.type.members]
        position = names.index(str(data))
        for beside in (position - 1, position + 1):
            if 0 <= beside < len(names):
                yield constant._replace(data=names[beside]), names[beside]


def _days(day: date) -> Iterator[date]:
    if day > date.min:
        yield day - timedelta(days=1)
    if day < date.max:
        yield day + timedelta(days=1)


def _numbers(constant: Expression, value: Fraction, *, whole: bool) -> Iterator[Fraction]:
    """Yield the numbers beside `value`, nearest last."""
    if whole:
        yield from dict.fromkeys((Fraction(ceil(value) - 1), Fraction(floor(value) + 1)))
        return
    factor = constant.type.unit.factor
    inside = value / factor
    digits = _shown_digits(constant, inside)
    if digits is None:
        above, below = value.numerator, value.denominator
        yield from (Fraction(above, below + 1), Fraction(above, below - 1))
        return
    for step in (Fraction(1, 10**digits), Fraction(1, 10 ** (digits + 1))):
        yield from ((inside - step) * factor, (inside + step) * factor)


def _shown_digits(constant: Expression, inside: Fraction) -> int | None:
    """Return how many digits after the point the author shows, or the value needs."""
    literal = _LITERAL.fullmatch(constant.span.text)
    if literal is not None and Fraction(literal[1]) == abs(inside):
        return len(literal[2] or "")
    return decimal_digits(inside)


def _written(constant: Expression, value: Fraction) -> str:
    """Return the number as the author would write it: with the unit of the literal, else that of the type."""
    unit = constant.type.unit
    literal = _LITERAL.fullmatch(constant.span.text)
    if literal is not None and abs(Fraction(literal[1]) * unit.factor) == abs(constant.data):  # type: ignore[arg-type]
        return plain(value / unit.factor) + literal[3]
    name = "" if unit.counter else unit.name
    return f"{plain(value / (1 if unit.counter else unit.factor))} {name}".strip().replace(" %", "%")
