"""Numbers and series of facts into those that an expression makes of them."""

from fractions import Fraction
from typing import Any

from cedu_rules.backends.frame import columns, numbers, terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.facts import Years
from cedu_rules.backends.frame.leaves import FLOAT, Choice, Day, Measure, Quantity, Text, number_of, quantity
from cedu_rules.backends.frame.numbers import Number
from cedu_rules.backends.frame.terms import NoFastForm
from cedu_rules.model.types import Type


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """Return the product of two numbers."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.always and one.known.is_constant:
            return other.scaled(one.known.factor)
    return numbers.product(number_of(left), number_of(right))


def no_words(type_: Type) -> tuple[tuple[str, ...], ...]:
    """Return the words of the members of a choice that is no column."""
    return tuple((member.name,) for member in type_.members)


def of_series(series: Years, value: Any) -> Any:  # noqa: ANN401 -- a number in either form
    """Return a value read from a series; 0 where the series does not exist."""
    return value if series.exists is True else numbers.hull(series.exists, number_of(value), quantity(Fraction(0)))


def year_by_year(above: Years, below: Years) -> Years:
    """Return the quotient over the years that both list."""
    other = numbers.quotient(number_of(above.other), number_of(below.other))
    exists = terms.all_of((above.exists, below.exists))
    first, last = max(above.first, below.first), min(above.last, below.last)
    if not above.values or not below.values:
        return Years(0, (), other, given=False, exists=exists)
    given = terms.all_of((above.given, below.given))
    both = [
        numbers.quotient(
            number_of(above.values[year - above.first]),
            number_of(below.values[year - below.first]).where(given),
        )
        for year in range(first, last + 1)
    ]
    return Years(first, tuple(both), other, given, exists)


def key_of(value: Any) -> Column:  # noqa: ANN401 -- the value of any fact
    """Return the column that holds the same for the same value, and null where it is not known."""
    match value:
        case Measure() if value.missing.point is None:
            return value.column + 0.0 if value.form == FLOAT else value.column  # minus zero is zero
        case Number():
            low, high, _, _ = numbers._aligned(value.lowest, value.highest)
            return columns.when(low == high).then(low)
        case Day() if value.column is not None and value.exists is True and value.missing.point is None:
            if value.function is None:
                return value.column
        case Choice() if value.column is not None and value.exists is True and len(value.words) > 1:
            return value.position()
        case Text() if value.exists is True:
            return value.column
    raise NoFastForm("different values of that kind")
