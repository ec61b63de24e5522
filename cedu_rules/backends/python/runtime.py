"""What compiled code calls: exact arithmetic of ends, lookups in series, and the reference for what is not compiled.

Where a value is missing the functions of `truth` and `values`, which define the meaning, do the work; here their
arguments are only put together. Numbers are codes: integers, fractions, or the two infinities.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from cedu_rules import values
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import INFINITY, Interval, Number, Options, Series, Truth, at_least, rounded

Ends: TypeAlias = tuple[Number, Number]
YearCells: TypeAlias = tuple[int, tuple[int | None, ...]]
"""A series in a row: its first year, and the values from there on."""

STEPS_KEPT = 4096


def _ends(interval: Interval) -> Ends:
    return interval.low, interval.high


def plus(left: Number, right: Number) -> Number:
    """Return the sum; no fraction that meets infinity becomes a float."""
    if isinstance(left, float):
        return left
    return right if isinstance(right, float) else left + right


def times(left: Number, right: Number) -> Number:
    """Return the product of two numbers that are not negative, where 0 times infinity is 0."""
    return left * right if left and right else 0


def product_ends(left_low: Number, left_high: Number, right_low: Number, right_high: Number) -> Ends:
    """Return the ends of the product of two intervals."""
    return _ends(Interval(left_low, left_high).times(Interval(right_low, right_high)))


def quotient_ends(above_low: Number, above_high: Number, below_low: Number, below_high: Number) -> Ends:
    """Return the ends of the quotient of two intervals."""
    return _ends(Interval(above_low, above_high).over(Interval(below_low, below_high)))


def rounded_ends(
    above_low: Number,
    above_high: Number,
    below_low: Number,
    below_high: Number,
    factor: Fraction,
    mode: str,
) -> Ends:
    """Return the ends of the rounded quotient of two intervals, times a positive factor."""
    quotient = Interval(above_low, above_high).over(Interval(below_low, below_high))
    return _ends(quotient.times(Interval(factor, factor)).mapped(lambda end: rounded(end, mode)))


def absolute_ends(low: Number, high: Number) -> Ends:
    """Return the ends of an interval without its sign."""
    return _ends(Interval(low, high).absolute())


def compare_members(operator: str, left: int | None, right: int | None, count: int) -> Truth:
    """Return the comparison of two members of a choice or level by position, one of them missing."""
    members = [frozenset(range(count)) if member is None else frozenset([member]) for member in (left, right)]
    return Options(members[0]).compare(operator, Options(members[1]))


# --- series ----------------------------------------------------------------------------------------------------------


def year_value(year: int | None, series: YearCells | None) -> int | None:
    """Return the value of a year, None where it is not known or the year is outside."""
    if series is None or year is None:
        return None
    first, cells = series
    return cells[year - first] if 0 <= year - first < len(cells) else None


def _common_years(several: Sequence[YearCells | None]) -> range:
    """Return the years that all the series list."""
    given = [series for series in several if series is not None]
    if len(given) < len(several):
        return range(0)
    return range(max(first for first, _ in given), min(first + len(cells) for first, cells in given))


def year_pair(year: int | None, one: YearCells | None, other: YearCells | None) -> tuple[int | None, int | None]:
    """Return the values of a year in two series, None in both where one does not list it."""
    if year is None or one is None or other is None:
        return None, None
    (first, cells), (start, others) = one, other
    if first <= year and start <= year:
        try:
            return cells[year - first], others[year - start]
        except IndexError:
            pass
    return None, None


def year_values(year: int | None, *several: YearCells | None) -> tuple[int | None, ...]:
    """Return the values of a year in each of the series, None in all where one does not list it."""
    if year is None or year not in _common_years(several):
        return (None,) * len(several)
    return tuple(year_value(year, series) for series in several)


def last_values(*several: YearCells | None) -> tuple[int | None, ...]:
    """Return the values of the last year that all the series list."""
    years = _common_years(several)
    return year_values(years[-1] if years else None, *several)


def each_year(*several: YearCells | None) -> list[tuple[int | None, ...]]:
    """Return the values of each year that all the series list."""
    return [tuple(year_value(year, series) for series in several) for year in _common_years(several)]


def last_years(number: int, *several: YearCells | None) -> list[tuple[int | None, ...]]:
    """Return the values of so many calendar years, which end with the last that all the series list."""
    years = _common_years(several)
    last = years[-1] if years else None
    return [year_values(None if last is None else last - back, *several) for back in range(number)]


def rises(ends: Iterable[Ends]) -> Truth:
    """Return whether each year, of which the ends are given, lies above the year before."""
    return Series(0, tuple(Interval(low, high) for low, high in ends), Interval(-INFINITY, INFINITY)).rises()


def values_rise(series: YearCells | None, low: Number, high: Number, sign: int) -> Truth:
    """Return whether a recorded series rises (`sign` 1) or falls (-1); a blank year is any number `low` to `high`."""
    if series is None:
        return None
    cells = series[1]
    if None in cells:
        ends = [(low, high) if cell is None else (cell, cell) for cell in cells]
        return rises(ends if sign > 0 else [(-greatest, -least) for least, greatest in ends])
    if len(cells) == 1:
        return None
    before = None
    for cell in cells:
        if before is not None and sign * (cell - before) <= 0:  # type: ignore[operator]  # no cell is blank
            return False
        before = cell
    return True


def shares_rise(above: YearCells | None, below: YearCells | None) -> Truth:
    """Return whether the quotient of two series rises; a blank year of either is any number from 0 on."""
    if above is None or below is None:
        return None
    (first, dividends), (start, divisors) = above, below
    if first != start:
        dividends, divisors = dividends[max(start - first, 0) :], divisors[max(first - start, 0) :]
    before, divided = -1, 1  # below every share
    for dividend, divisor in zip(dividends, divisors):  # noqa: B905 -- years that both list; a keyword costs too much
        if dividend is None or not divisor:
            return _trend_of_shares(dividends, divisors, 1)
        if dividend * divided <= before * divisor:
            return False
        before, divided = dividend, divisor
    return True if len(dividends) > 1 and len(divisors) > 1 else None


def shares_fall(above: YearCells | None, below: YearCells | None) -> Truth:
    """Return whether the quotient of two series falls; a blank year of either is any number from 0 on."""
    if above is None or below is None:
        return None
    (first, dividends), (start, divisors) = above, below
    if first != start:
        dividends, divisors = dividends[max(start - first, 0) :], divisors[max(first - start, 0) :]
    before, divided = 1, 0  # above every share
    for dividend, divisor in zip(dividends, divisors):  # noqa: B905 -- years that both list; a keyword costs too much
        if dividend is None or not divisor:
            return _trend_of_shares(dividends, divisors, -1)
        if dividend * divided >= before * divisor:
            return False
        before, divided = dividend, divisor
    return True if len(dividends) > 1 and len(divisors) > 1 else None


def _trend_of_shares(dividends: Sequence[int | None], divisors: Sequence[int | None], sign: int) -> Truth:
    """Return False where shares, some of them blank, break a rise (`sign` 1) or fall (-1) for certain, else None.

    A share is known, or any number from 0 on, or where the divisor may be 0 nothing is known of it. The edge is the
    greatest low end so far, or the least high end. Shares are compared across, without making fractions.
    """
    edge: int | None = None
    edge_divisor = 1
    for dividend, divisor in zip(dividends, divisors):  # noqa: B905 -- years that both list
        if not divisor:
            continue
        if dividend is None:
            if sign < 0 and edge == 0:
                return False
            edge = 0 if edge is None and sign > 0 else edge
        elif edge is not None and sign * (dividend * edge_divisor - edge * divisor) <= 0:
            return False
        else:
            edge, edge_divisor = dividend, divisor
    return None


# --- days ------------------------------------------------------------------------------------------------------------


@functools.lru_cache(STEPS_KEPT)
def step(day: int, amount: int, unit: str) -> int:
    """Return the day so many `days` or `months` later."""
    return int(values.later(Interval(day, day), Interval(amount, amount), unit).low)


def year_of(day: int) -> int:
    """Return the calendar year of a day."""
    return date.fromordinal(day).year


# --- statistics ------------------------------------------------------------------------------------------------------


def mean_ends(certain: list[Ends], maybe: list[Ends]) -> Ends:
    """Return the ends of the mean of certain elements and any of the possible ones; at least one is certain."""
    intervals = [[Interval(low, high) for low, high in ends] for ends in (certain, maybe)]
    return _ends(values.mean(intervals[0], intervals[1], None))  # type: ignore[arg-type]  # only asked where none is certain


def distinct_ends(certain: list[object], maybe: list[object]) -> Ends:
    """Return the ends of the number of different keys; None is a key that is not known."""
    keys = [[Options(None if key is None else frozenset([key])) for key in listed] for listed in (certain, maybe)]  # type: ignore[list-item]
    return _ends(values.distinct(keys[0], keys[1], None))  # type: ignore[arg-type]  # not asked


_FUNCTIONS: tuple[Callable[..., object], ...] = (
    *(Evaluation, Fraction, len, max, min, at_least, rounded),
    *(plus, times, product_ends, quotient_ends, rounded_ends, absolute_ends, compare_members),
    *(
        year_value,
        year_pair,
        year_values,
        last_values,
        each_year,
        last_years,
        rises,
        values_rise,
        shares_rise,
        shares_fall,
    ),
    *(step, year_of, mean_ends, distinct_ends),
)
HELPERS: dict[str, object] = {
    "infinity": INFINITY,
    "nowhere": float("nan"),
    **{function.__name__: function for function in _FUNCTIONS},
    **{status.name: status for status in Status},
}
"""What generated code may name, and nothing else: it has no builtins."""
