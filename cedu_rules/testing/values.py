"""Types into strategies of the values that facts of that type may have, near the constants that decide.

Values are what records hold: an int, Decimal or Fraction in the unit of the fact, a bool, the name of a member, a day,
a text; a mapping from every member of a set to its presence; a mapping from year to number. Lists are made in `drafts`,
since their elements have facts of their own.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

from hypothesis import strategies as st

from cedu_rules.model.types import Type
from cedu_rules.testing.thresholds import Thresholds
from cedu_rules.units import plain_number

Number: TypeAlias = int | Decimal | Fraction

FIRST_YEAR, LAST_YEAR = 2018, 2025
_LONGEST = 4
_SMALL = 12
_LARGE = 1_000_000
_STEP = Fraction(1, 100)
_WORDS = tuple("甲乙丙丁戊己庚辛")
_FIRST_DAY, _LAST_DAY = date(2015, 1, 1), date(2030, 12, 31)
_MONTH_ENDS = (date(2024, 2, 29), date(2023, 1, 31), date(2023, 2, 28), date(2022, 8, 31), date(2022, 12, 31))


def known(type_: Type, near: Thresholds) -> st.SearchStrategy[Any]:
    """Return the strategy of complete values of a type that is no list."""
    match type_.kind:
        case "number":
            return numbers(type_, near)
        case "bool":
            return st.booleans()
        case "choice" | "level":
            return st.sampled_from([member.name for member in type_.members])
        case "date":
            return days(near, type_)
        case "set":
            return st.fixed_dictionaries({member.name: st.booleans() for member in type_.members})
        case "series" if type_.element is not None:
            return _whole_series(numbers(type_.element, near))
    return texts(near)


def partly_known(type_: Type, near: Thresholds) -> st.SearchStrategy[Any]:
    """Return the strategy of values of which parts may be missing: members of a set, years of a series."""
    if type_.kind == "set":
        truths = st.one_of(st.none(), st.booleans())
        told = st.fixed_dictionaries({member.name: truths for member in type_.members})
        return told.map(lambda members: None if set(members.values()) == {None} else members)
    if type_.kind == "series" and type_.element is not None:
        return _open_series(numbers(type_.element, near))
    return known(type_, near)


# --- numbers ---------------------------------------------------------------------------------------------------------


def numbers(type_: Type, near: Thresholds) -> st.SearchStrategy[Number]:
    """Return the strategy of numbers that the declaration allows, in the unit of the fact."""
    low, high = _ends(type_)
    candidates = sorted({value for value in _candidates(type_, near) if low <= value <= high})
    ways = [_anywhere(type_, low, min(high, low + _SMALL * _unit(type_)))]
    if candidates:
        ways.append(st.sampled_from(candidates))
    ways.append(_anywhere(type_, low, min(high, low + _LARGE * _unit(type_))))
    return st.one_of(ways).map(lambda base: plain_number(Fraction(base) / type_.data_factor))


def _unit(type_: Type) -> Fraction:
    return Fraction(1) if type_.is_percent else type_.unit.factor


def _ends(type_: Type) -> tuple[Fraction, Fraction]:
    """Return the range to try, in base units: that of the declaration, or a large one."""
    low = type_.low if type_.low is not None else min(Fraction(0), type_.high or Fraction(0)) - _SMALL * _unit(type_)
    return low, type_.high if type_.high is not None else max(low, Fraction(0)) + 10 * _LARGE * _unit(type_)


def _anywhere(type_: Type, low: Fraction, high: Fraction) -> st.SearchStrategy[Fraction]:
    """Return numbers between two ends, in steps of one for whole numbers and of a hundredth of the unit for others."""
    step = Fraction(1) if type_.whole else _unit(type_) * _STEP
    return st.integers(ceil(low / step), max(floor(high / step), ceil(low / step))).map(lambda steps: steps * step)


def _candidates(type_: Type, near: Thresholds) -> set[Fraction]:
    """Return the constants of that dimension and their neighbours, and the ends of the range."""
    constants = {*near.numbers.get(type_.dimension, ()), *(end for end in (type_.low, type_.high) if end is not None)}
    if type_.whole:
        return {
            Fraction(number) for end in constants for number in (floor(end) - 1, floor(end), ceil(end), ceil(end) + 1)
        }
    step = _unit(type_) * _STEP
    return {number for end in constants for number in (end - step, end, end + step)}


# --- days and texts --------------------------------------------------------------------------------------------------


def days(near: Thresholds, type_: Type | None = None) -> st.SearchStrategy[date]:
    """Return the strategy of days: near the days of the standard, at ends of months, or any of some years."""
    low = date.min.toordinal() if type_ is None or type_.low is None else int(type_.low)
    high = date.max.toordinal() if type_ is None or type_.high is None else int(type_.high)
    first = min(max(low, _FIRST_DAY.toordinal()), high)
    last = max(min(high, _LAST_DAY.toordinal()), first)
    neighbours = [day + timedelta(shift) for day in near.days for shift in (0, -1, 1) if date.min < day < date.max]
    candidates = [day for day in (*neighbours, *_MONTH_ENDS) if low <= day.toordinal() <= high]
    anywhere = st.integers(first, last).map(date.fromordinal)
    return st.one_of(st.sampled_from(candidates), anywhere) if candidates else anywhere


def texts(near: Thresholds) -> st.SearchStrategy[str]:
    """Return the strategy of short texts, those of the standard among them."""
    written = [text.strip() for text in near.texts if text.strip()]
    return st.sampled_from([*_WORDS, *written])


# --- series ----------------------------------------------------------------------------------------------------------


@st.composite
def _whole_series(draw: st.DrawFn, values: st.SearchStrategy[Number]) -> Mapping[int, Number]:
    """Draw a series of some years in a row, each with its value."""
    listed = draw(st.lists(values, min_size=1, max_size=_LONGEST))
    first = draw(st.integers(FIRST_YEAR, LAST_YEAR - len(listed) + 1))
    return dict(enumerate(listed, first))


@st.composite
def _open_series(draw: st.DrawFn, values: st.SearchStrategy[Number]) -> Mapping[int, Number | None]:
    """Draw a series with blank years, and with years between the first and the last that are not listed."""
    whole = draw(_whole_series(st.one_of(st.none(), values)))
    gaps = draw(st.sets(st.sampled_from(sorted(whole))))
    return {year: value for year, value in whole.items() if year not in gaps or year in {min(whole), max(whole)}}
