"""Numbers and series of facts into those that an expression makes of them."""

from fractions import Fraction
from typing import Any

import narwhals as nw

from cedu_rules.backends.frame import columns, numbers, terms
from cedu_rules.backends.frame.facts import Years
from cedu_rules.backends.frame.leaves import Quantity, number_of, quantity
from cedu_rules.backends.frame.numbers import Number, Term
from cedu_rules.model.types import Type
from cedu_rules.truth import Interval


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """Return the product of two numbers."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.always and one.known.is_constant:
            return other.scaled(one.known.factor)
    return numbers.product(number_of(left), number_of(right))


def somewhere(interval: Interval) -> Number:
    """Return a number of which no more is known than a constant range."""
    known = Term(columns.lit(None, dtype=nw.Int64()), Fraction(1), 1)
    ends = [
        None if isinstance(end, float) else numbers.constant(Fraction(end)) for end in (interval.low, interval.high)
    ]
    return Number(known, ends[0], ends[1], None if isinstance(interval.low, float) else interval.low)


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
