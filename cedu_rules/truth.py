"""Answers that may be unknown: strong Kleene truth, and sets of possible values.

A truth is `True`, `False` or `None` for unknown. The tables of strong Kleene logic (`-` is unknown):

    and | T F -        or | T F -        not |
    ----+------        ---+------        ----+--
     T  | T F -         T | T T T         T  | F
     F  | F F F         F | T F -         F  | T
     -  | - F -         - | T - -         -  | -

A number or date is an `Interval` of the values that it may have, a choice, level or text the `Options`. Each knows
whether it `exists` at all, since a fact may exist only under a condition; no comparison holds with what does not exist.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Truth: TypeAlias = bool | None
Number: TypeAlias = int | Fraction | float
"""An exact number, or one of the two infinities, the only floats there are."""

INFINITY = math.inf


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return `and` of the truths: false when one is false, true when all are."""
    answer: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            answer = None
    return answer


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return `or` of the truths: true when one is true, false when all are false."""
    answer: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            answer = None
    return answer


def negate(truth: Truth) -> Truth:
    """Return `not` of the truth."""
    return None if truth is None else not truth


def at_least(number: int, truths: Iterable[Truth]) -> Truth:
    """Return whether at least `number` of the truths are true."""
    listed = list(truths)
    if sum(truth is True for truth in listed) >= number:
        return True
    return None if sum(truth is not False for truth in listed) >= number else False


def agree(left: Truth, right: Truth) -> Truth:
    """Return the truth that both have, else unknown."""
    return left if left is right else None


# --- numbers and dates -----------------------------------------------------------------------------------------------


def _plus(left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        return left if isinstance(left, float) else right  # a sum with infinity would make floats of large integers
    return left + right


def _times(left: Number, right: Number) -> Number:
    if not left or not right:
        return 0  # also where the other is infinite: nobody has infinitely much of nothing
    if isinstance(left, float) or isinstance(right, float):
        return INFINITY if (left > 0) is (right > 0) else -INFINITY
    return left * right


def _magnitude(number: Number) -> Number:
    return -number if number < 0 else number


def _over(left: Number, right: Number) -> Number:
    """Divide; `right` is not zero."""
    if isinstance(right, float):
        return 0
    return _times(left, Fraction(1) / right)


class Interval(NamedTuple):
    """The numbers `low` to `high`, both included, of which one is the value; a point when it is known."""

    low: Number
    high: Number
    exists: Truth = True

    @property
    def point(self) -> Number | None:
        """The value where it is known, else None."""
        return self.low if self.low == self.high else None

    def plus(self, other: "Interval") -> "Interval":
        """Return the sum."""
        return Interval(_plus(self.low, other.low), _plus(self.high, other.high), all_of((self.exists, other.exists)))

    def negative(self) -> "Interval":
        """Return the number with the other sign."""
        return Interval(-self.high, -self.low, self.exists)

    def times(self, other: "Interval") -> "Interval":
        """Return the product, where 0 times infinity is 0."""
        ends = [_times(left, right) for left in (self.low, self.high) for right in (other.low, other.high)]
        return Interval(min(ends), max(ends), all_of((self.exists, other.exists)))

    def over(self, other: "Interval") -> "Interval":
        """Return the quotient; nothing is known of it when `other` may be zero."""
        exists = all_of((self.exists, other.exists))
        if other.low <= 0 <= other.high:
            return Interval(-INFINITY, INFINITY, exists)
        ends = [_over(left, right) for left in (self.low, self.high) for right in (other.low, other.high)]
        return Interval(min(ends), max(ends), exists)

    def mapped(self, function: Callable[[Number], Number]) -> "Interval":
        """Return the interval under a function that never falls."""
        return Interval(function(self.low), function(self.high), self.exists)

    def absolute(self) -> "Interval":
        """Return the number without its sign."""
        ends = [_magnitude(end) for end in (self.low, self.high)]
        low = 0 if self.low <= 0 <= self.high else min(ends)
        return Interval(low, max(ends), self.exists)

    def join(self, other: "Interval") -> "Interval":
        """Return the hull: every value that either may have."""
        return Interval(min(self.low, other.low), max(self.high, other.high), agree(self.exists, other.exists))

    def compare(self, operator: str, other: "Interval") -> Truth:
        """Return whether the comparison (`=`, `<`, `<=`, `>`, `>=`) holds for every pair of values, or for none."""
        if operator == "=":
            if self.low == self.high == other.low == other.high:
                return True
            return False if self.high < other.low or other.high < self.low else None
        left, right = (self, other) if operator in {"<", "<="} else (other, self)
        if operator in {"<", ">"}:
            return True if left.high < right.low else False if left.low >= right.high else None
        return True if left.high <= right.low else False if left.low > right.high else None


ANY_NUMBER = Interval(-INFINITY, INFINITY)


def lowest(items: list[Interval]) -> Interval:
    """Return the smallest of the numbers."""
    exists = all_of(item.exists for item in items)
    return Interval(min(item.low for item in items), min(item.high for item in items), exists)


def highest(items: list[Interval]) -> Interval:
    """Return the greatest of the numbers."""
    exists = all_of(item.exists for item in items)
    return Interval(max(item.low for item in items), max(item.high for item in items), exists)


def rounded(number: Number, mode: str) -> Number:
    """Return `number` rounded by `ceil`, `floor` or `round`, which takes halves away from zero."""
    if isinstance(number, float):
        return number
    if mode == "ceil":
        return math.ceil(number)
    if mode == "floor":
        return math.floor(number)
    away = math.floor(_magnitude(number) + Fraction(1, 2))
    return away if number >= 0 else -away


# --- choices, levels, texts ------------------------------------------------------------------------------------------


class Options(NamedTuple):
    """The values that a choice, level or text may have: indexes of members or texts; `values` None: any text."""

    values: frozenset[int | str] | None
    exists: Truth = True

    def join(self, other: "Options") -> "Options":
        """Return every value that either may have."""
        both = None if self.values is None or other.values is None else self.values | other.values
        return Options(both, agree(self.exists, other.exists))

    def compare(self, operator: str, other: "Options") -> Truth:
        """Return whether the comparison holds for every pair of values, or for none."""
        if self.values is None or other.values is None:
            return None
        answers = {_HOLDS[operator](left, right) for left in self.values for right in other.values}
        return answers.pop() if len(answers) == 1 else None

    def among(self, members: frozenset[int | str]) -> Truth:
        """Return whether every possible value, or none, is one of `members`."""
        if self.values is None:
            return None
        return True if self.values <= members else None if self.values & members else False


_HOLDS: dict[str, Callable[[int | str, int | str], bool]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,  # type: ignore[operator]  # levels are indexes, texts have no order
    "<=": lambda left, right: left <= right,  # type: ignore[operator]
    ">": lambda left, right: left > right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
}


# --- series ----------------------------------------------------------------------------------------------------------


class Series(NamedTuple):
    """The values of the years from `first` on, without a gap; no values where the series is missing.

    `other` is what a year outside may have, so the declared range.
    """

    first: int
    values: tuple[Interval, ...]
    other: Interval
    exists: Truth = True

    @property
    def last(self) -> int:
        """The last year."""
        return self.first + len(self.values) - 1

    def at(self, year: Number | None) -> Interval:
        """Return the value of `year`; nothing is known of a year outside, or of an unknown year (None)."""
        inside = year is not None and year == int(year) and self.first <= year <= self.last if self.values else False
        return self.values[int(year) - self.first] if inside and year is not None else self.other

    def combined(self, other: "Series", function: Callable[[Interval, Interval], Interval]) -> "Series":
        """Return the series of `function` over the years that both list."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        years = range(first, last + 1) if self.values and other.values else range(0)
        values = tuple(function(self.at(year), other.at(year)) for year in years)
        return Series(first, values, function(self.other, other.other), all_of((self.exists, other.exists)))

    def mapped(self, function: Callable[[Interval], Interval]) -> "Series":
        """Return the series of `function` of each value."""
        return self._replace(values=tuple(function(value) for value in self.values), other=function(self.other))

    def rises(self) -> Truth:
        """Return whether every year lies above the year before; unknown with fewer than two years."""
        peak: Number = -INFINITY
        for value in self.values:
            if value.high <= peak:
                return False
            peak = max(peak, value.low)
        pairs = zip(self.values, self.values[1:], strict=False)
        return True if len(self.values) > 1 and all(later.low > earlier.high for earlier, later in pairs) else None

    def average(self, years: int) -> Interval:
        """Return the mean of the `years` calendar years that end with the last one listed."""
        total = Interval(0, 0)
        for year in range(self.last - years + 1, self.last + 1):
            total = total.plus(self.at(year) if self.values else self.other)
        return total.over(Interval(years, years))
