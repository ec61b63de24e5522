"""Facts as columns: numbers, days, choices and texts as they stand in a frame, compared without any arithmetic.

Comparing a float with a constant is exact although the float is not: the number that is meant is the shortest decimal
that reads as that float, and reading never changes an order. Only where the constant itself is no such decimal does the
comparison move by one float.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw
from attrs import evolve, frozen

from cedu_rules.backends.frame import columns, terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.numbers import MIRRORED, Number, Term, bounded, compare_numbers, of_constant, somewhere
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.truth import Interval
from cedu_rules.values import FIRST_DAY, LAST_DAY

INTEGER, FLOAT = "integer", "float"

_HOLDS: dict[str, Callable[[Any, Any], Truth]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def never(column: Column) -> Truth:
    """Return false where the column has a value, else unknown."""
    return terms.all_of((column.is_null(), None))


@frozen(eq=False)
class Measure:
    """A number as its column holds it, `factor` base units each; a missing one lies in `missing`."""

    column: Column
    form: str
    factor: Fraction
    missing: Interval
    scale: Callable[["Measure"], Term]

    def scaled(self, number: Fraction) -> "Measure | Number":
        """Return the number times a constant."""
        if number <= 0:
            return self.number().scaled(number)
        low, high = (end if isinstance(end, float) else end * number for end in (self.missing.low, self.missing.high))
        return evolve(self, factor=self.factor * number, missing=Interval(low, high))

    def number(self) -> Number:
        """Return the number in integers, for arithmetic."""
        return bounded(self.missing, self.scale(self))

    def compared(self, operator: str, constant: Fraction) -> Truth:
        """Return the comparison with a constant of base units."""
        answer = self._known(operator, constant / self.factor)
        if_missing = self.missing.compare(operator, Interval(constant, constant))
        return answer if if_missing is None else answer.fill_null(if_missing)

    def _known(self, operator: str, constant: Fraction) -> Truth:
        if self.form == INTEGER:
            return _against_integer(self.column, operator, constant)
        nearest = float(constant)
        found = Fraction(repr(nearest))
        if operator == "=":
            return self.column == nearest if found == constant else never(self.column)
        if operator in {"<", "<="}:
            return ~self._known(">=" if operator == "<" else ">", constant)
        includes = found >= constant if operator == ">=" else found > constant
        return self.column >= nearest if includes else self.column > nearest

    def against(self, operator: str, other: "Measure") -> Truth:
        """Return the comparison with another number in the same unit, column with column."""
        if operator in {"<", "<="}:
            return other.against(MIRRORED[operator], self)
        known = _HOLDS[operator](self.column, other.column)
        if self.missing.low != other.missing.low or not math.isinf(self.missing.high + other.missing.high):
            return compare_numbers(operator, self.number(), other.number())
        if operator == "=" or math.isinf(self.missing.low):
            return known
        if operator == ">=":  # nothing recorded is at least as much as the least that there can be
            return terms.any_of((known, self.column.fill_null(self._low()) >= other.column))
        return terms.all_of((known, self.column > other.column.fill_null(other._low())))

    def _low(self) -> int | float:
        """Return the low end of a missing value in the unit of the column."""
        end = Fraction(self.missing.low) / self.factor
        if self.form == INTEGER and end.denominator == 1:
            return end.numerator
        if self.form == FLOAT and Fraction(repr(float(end))) == end:
            return float(end)
        raise NoFastForm("range")


def _against_integer(column: Column, operator: str, constant: Fraction) -> Truth:
    match operator:
        case "=":
            return column == constant.numerator if constant.denominator == 1 else never(column)
        case ">=" | "<":
            return _HOLDS[operator](column, math.ceil(constant))
    return _HOLDS[operator](column, math.floor(constant))


Quantity = Measure | Number


def number_of(value: Quantity) -> Number:
    """Return the number for arithmetic."""
    return value.number() if isinstance(value, Measure) else value


def compare_quantities(operator: str, left: Quantity, right: Quantity) -> Truth:
    """Return the comparison of two numbers, on the columns as they are where that is exact."""
    if isinstance(left, Measure):
        if isinstance(right, Measure) and left.factor == right.factor:
            return left.against(operator, right)
        if isinstance(right, Number) and right.always and right.known.is_constant:
            return left.compared(operator, right.known.factor)
    elif isinstance(right, Measure) and left.always and left.known.is_constant:
        return right.compared(MIRRORED[operator], left.known.factor)
    return compare_numbers(operator, number_of(left), number_of(right))


def quantity(number: Fraction) -> Number:
    """Return a constant number."""
    return of_constant(number)


# --- days ------------------------------------------------------------------------------------------------------------


@frozen(eq=False)
class Day:
    """A day: a column, or None for the constant `missing`; `function` never falls and leads to the day that is meant."""

    column: Column | None
    missing: Interval
    exists: Truth = True
    function: Callable[[int], int] | None = None

    def number(self, *, year: bool = False) -> Number:
        """Return the number of the day, or its year."""
        if self.exists is not True or self.function is not None:
            raise NoFastForm("a day that may not exist, or after a step")
        ends = self.missing.mapped(lambda end: date.fromordinal(int(end)).year) if year else self.missing
        if self.column is None:
            return somewhere(ends)
        column = self.column.year() if year else self.column.ordinal()
        return bounded(ends, Term(column, Fraction(1), LAST_DAY))

    def mapped(self, function: Callable[[int], int]) -> "Day":
        """Return the day under a function of day numbers that never falls."""
        inner = self.function
        missing = self.missing.mapped(lambda end: function(int(end)))
        if self.column is None:
            return evolve(self, missing=missing)
        return evolve(self, missing=missing, function=function if inner is None else lambda day: function(inner(day)))

    def compared(self, operator: str, constant: Interval) -> Truth:
        """Return whether the comparison with a day that is the same in every row holds."""
        if self.column is None:
            return self.missing.compare(operator, constant)
        if_missing = self.missing.compare(operator, constant)
        answer = terms.decided(*self._known(operator, constant))
        return answer if if_missing is None or terms.is_constant(answer) else answer.fill_null(if_missing)

    def _known(self, operator: str, constant: Interval) -> tuple[Truth, Truth]:
        low, high = int(constant.low), int(constant.high)
        match operator:
            case ">=":
                return self._reaches(high), terms.negate(self._reaches(low))
            case ">":
                return self._reaches(high + 1), terms.negate(self._reaches(low + 1))
            case "<=":
                return terms.negate(self._reaches(low + 1)), self._reaches(high + 1)
            case "<":
                return terms.negate(self._reaches(low)), self._reaches(high)
        outside = terms.any_of((terms.negate(self._reaches(low)), self._reaches(high + 1)))
        return (terms.negate(outside) if low == high else False), outside

    def _reaches(self, day: int) -> Truth:
        """Return whether the day is that one or later."""
        first = self._first(day)
        if self.column is None:
            raise AssertionError
        if first > LAST_DAY:
            return never(self.column)
        return self.column >= columns.lit(date.fromordinal(max(first, FIRST_DAY)), dtype=nw.Date())

    def _first(self, day: int) -> int:
        """Return the first value of the column that leads to that day or a later one."""
        function = self.function
        if function is None:
            return day
        return FIRST_DAY + bisect_left(range(FIRST_DAY, LAST_DAY + 1), day, key=function)

    def against(self, operator: str, other: "Day") -> Truth:
        """Return the comparison of two days, without what may not exist."""
        if other.column is None:
            return self.compared(operator, other.missing)
        if self.column is None:
            return other.compared(MIRRORED[operator], self.missing)
        whole = Interval(FIRST_DAY, LAST_DAY)
        if self.function or other.function or (self.missing, other.missing) != (whole, whole):
            raise NoFastForm("days with a range or a step")
        return _HOLDS[operator](self.column, other.column)


# --- choices, levels, texts ------------------------------------------------------------------------------------------


@frozen(eq=False)
class Choice:
    """A member: a column of words, or None for the constant `member`; `words` lists what stands for each member."""

    column: Column | None
    words: tuple[tuple[str, ...], ...]
    exists: Truth = True
    member: int = -1

    def among(self, indices: frozenset[int]) -> Truth:
        """Return whether the value is one of these members."""
        if self.column is None:
            return self.member in indices
        wanted = [word for index in sorted(indices) for word in self.words[index]]
        every = len(indices) == len(self.words)
        if not indices:
            return False
        answer = self.column == wanted[0] if len(wanted) == 1 else self.column.is_in(wanted)
        return answer.fill_null(True) if every else answer

    def compared(self, operator: str, member: int) -> Truth:
        """Return the comparison with a member."""
        return self.among(frozenset(index for index in range(len(self.words)) if _HOLDS[operator](index, member)))

    def position(self) -> Column:
        """Return the index of the member as a column."""
        if self.column is None:
            raise AssertionError
        position: Column = columns.lit(None, dtype=nw.Int64())
        for index, words in enumerate(self.words):
            found = self.column.is_in(list(words))
            position = columns.when(found).then(columns.lit(index, dtype=nw.Int64())).otherwise(position)
        return position

    def against(self, operator: str, other: "Choice") -> Truth:
        """Return the comparison of two of one type, without what may not exist."""
        if other.column is None:
            return self.compared(operator, other.member)
        if self.column is None:
            return other.compared(MIRRORED[operator], self.member)
        if operator == "=":
            answers = [
                terms.all_of((self.among(frozenset([index])), other.among(frozenset([index]))))
                for index in range(len(self.words))
            ]
            return terms.any_of(answers)
        last = len(self.words) - 1
        left, right = (
            bounded(Interval(0, last), Term(each.position(), Fraction(1), last + 1)) for each in (self, other)
        )
        return compare_numbers(operator, left, right)


@frozen(eq=False)
class Text:
    """A text: a column or a constant."""

    column: Column
    exists: Truth = True
