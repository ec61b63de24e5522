"""What compiled code calls: exact arithmetic of ends, lookups in series, and the reference for what is not compiled.

Where a value is missing the functions of `truth` and `values`, which define the meaning, do the work; here their
arguments are only put together. Numbers are codes: integers, fractions, or the two infinities.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from cedu_rules import rows, values
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import INFINITY, Interval, Number, Options, Series, Truth, at_least, rounded

Ends: TypeAlias = tuple[Number, Number]
YearCells: TypeAlias = dict[int, int | None]
"""A series in a row: its values by year; nothing where it is missing."""

STEPS_KEPT = 4096
KNOWN_RUNS: set[tuple[int, ...]] = set()
"""Years of series that follow one another, as they were met; a series over such years has no gaps to fill."""
RUNS_LIMIT = 1000


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


def _common_years(several: Sequence[YearCells]) -> list[int]:
    """Return the years that all the series list."""
    first, *others = several
    return [year for year in first if all(year in series for series in others)]


def year_values(year: int | None, *several: YearCells) -> tuple[int | None, ...]:
    """Return the values of a year in each of the series, None in all where one does not list it."""
    if year is None:
        return (None,) * len(several)
    for series in several:
        if year not in series and not (series and min(series) <= year <= max(series)):
            return (None,) * len(several)
    return tuple([series.get(year) for series in several])


def last_values(*several: YearCells) -> tuple[int | None, ...]:
    """Return the values of the last year that all the series list."""
    years = _common_years(several)
    return year_values(years[-1] if years else None, *several)


def each_year(*several: YearCells) -> list[tuple[int | None, ...]]:
    """Return the values of each year that all the series list."""
    return [year_values(year, *several) for year in _common_years(several)]


def last_years(number: int, *several: YearCells) -> list[tuple[int | None, ...]]:
    """Return the values of so many calendar years, which end with the last that all the series list."""
    years = _common_years(several)
    last = years[-1] if years else None
    return [year_values(None if last is None else last - back, *several) for back in range(number)]


def rises(ends: Iterable[Ends]) -> Truth:
    """Return whether each year, of which the ends are given, lies above the year before."""
    return Series(0, tuple(Interval(low, high) for low, high in ends), Interval(-INFINITY, INFINITY)).rises()


def values_rise(series: YearCells, low: Number, high: Number, sign: int) -> Truth:
    """Return whether a recorded series rises (`sign` 1) or falls (-1); a blank year is any number `low` to `high`."""
    cells = list(series.values())
    if None in cells:
        ends = [(low, high) if cell is None else (cell, cell) for cell in cells]
        return rises(ends if sign > 0 else [(-greatest, -least) for least, greatest in ends])
    if len(cells) <= 1:
        return None
    return all(sign * (after - before) > 0 for before, after in pairwise(cells))  # type: ignore[operator]  # none is blank


def quotients_rise(above: YearCells, below: YearCells) -> Truth:
    """Return whether the quotients of two series rise; years between those that are listed are blank."""
    if not (_is_run(above) and _is_run(below)):
        above, below = _filled(above), _filled(below)
    before, divisor, years, known = -1, 1, 0, True
    for year, amount in above.items():
        if year not in below:
            continue
        years += 1
        whole = below[year]
        if not whole:  # nothing is known of the quotient
            known = False
        elif amount is None:  # any quotient from 0 on
            before, known = max(before, 0), False
        elif amount * divisor > before * whole:
            before, divisor = amount, whole
        else:
            return False
    return True if known and years > 1 else None


def _is_run(series: YearCells) -> bool:
    """Return whether the years follow one another."""
    years = tuple(series)
    if years in KNOWN_RUNS:
        return True
    is_run = years == tuple(range(min(years, default=0), max(years, default=-1) + 1))
    if is_run and len(KNOWN_RUNS) < RUNS_LIMIT:
        KNOWN_RUNS.add(years)
    return is_run


def _filled(series: YearCells) -> YearCells:
    return {year: series.get(year) for year in range(min(series, default=0), max(series, default=-1) + 1)}


def quotients_fall(above: YearCells, below: YearCells) -> Truth:
    """Return whether the quotients of two series fall, year by year."""
    return shares_fall(rows.shares(above, below))


def shares_fall(shares: YearCells) -> Truth:
    """Return whether the shares of a row fall; -1 is any from 0 on, of None nothing is known."""
    before, known = INFINITY, True
    for share in shares.values():
        if share is None:
            known = False
        elif 0 <= share < before:
            before = share
        elif share >= 0 or not before:  # nothing lies below 0
            return False
        else:
            known = False
    return True if known and len(shares) > 1 else None


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
    *(Decimal, Evaluation, Exception, Fraction, KeyError, at_least, rounded, rows.shares),
    *(dict, float, int, isinstance, len, list, max, min, round, set, str, tuple),
    *(plus, times, product_ends, quotient_ends, rounded_ends, absolute_ends, compare_members),
    *(
        year_values,
        last_values,
        each_year,
        last_years,
        rises,
        values_rise,
        shares_fall,
        quotients_rise,
        quotients_fall,
    ),
    *(step, year_of, mean_ends, distinct_ends),
)
HELPERS: dict[str, object] = {
    "infinity": INFINITY,
    "known_runs": KNOWN_RUNS,
    "multiply": rows.EXACTLY.multiply,
    "no_years": rows.NO_YEARS,
    "nowhere": float("nan"),
    "to_integral": rows.EXACTLY.to_integral_exact,
    **{function.__name__: function for function in _FUNCTIONS},
    **{status.name: status for status in Status},
}
"""What generated code may name, and nothing else: it has no builtins."""
