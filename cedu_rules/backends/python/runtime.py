"""What compiled code calls: exact arithmetic of ends, lookups in series, and the reference for what is not compiled.

Where a value is missing the functions of `truth` and `values`, which define the meaning, do the work; here their
arguments are only put together. Numbers are codes: integers, fractions, or the two infinities.
"""

import functools
from collections.abc import Iterable, Sequence
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


def known_rises(series: YearCells | None, sign: int) -> Truth:
    """Return whether the values rise (`sign` 1) or fall (-1) where all are known; else None, which decides nothing."""
    if series is None or len(series[1]) < 2 or None in series[1]:  # noqa: PLR2004 -- a pair
        return None
    cells = series[1]
    return all([sign * later > sign * earlier for earlier, later in zip(cells, cells[1:], strict=False)])  # type: ignore[operator]  # none is None


def known_quotient_rises(above: YearCells | None, below: YearCells | None, sign: int) -> Truth:
    """Return whether a quotient rises or falls where all values are known, the divisors above 0; else None."""
    if above is None or below is None:
        return None
    years = _common_years((above, below))
    dividends = above[1][years.start - above[0] : years.stop - above[0]]
    divisors = below[1][years.start - below[0] : years.stop - below[0]]
    if len(years) < 2 or None in dividends or None in divisors or min(divisors) <= 0:  # type: ignore[type-var]  # noqa: PLR2004
        return None
    pairs = list(zip(dividends, divisors, strict=True))
    return all([sign * (a * d - c * b) > 0 for (c, d), (a, b) in zip(pairs, pairs[1:], strict=False)])  # type: ignore[operator]


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


HELPERS: dict[str, object] = {
    "infinity": INFINITY,
    "nowhere": float("nan"),
    "len": len,
    "min": min,
    "max": max,
    "Fraction": Fraction,
    "Evaluation": Evaluation,
    **{function.__name__: function for function in (
        plus, times, product_ends, quotient_ends, rounded_ends, absolute_ends, rounded, compare_members, at_least,
        year_value, year_values, last_values, each_year, last_years, rises, known_rises, known_quotient_rises,
        step, year_of, mean_ends, distinct_ends,
    )},
    **{status.name: status for status in Status},
}
"""What generated code may name, and nothing else: it has no builtins."""
