"""Numbers as integers over columns: what is known of a value, with its lowest and highest possible value.

A `Term` is an integer column times a constant fraction, over a positive integer column where it is a quotient; null
stands for infinity. Every term carries the largest size that its integers can have, and what could leave 64 bits is
refused when it is built, so that no sum or product ever wraps. Facts enter with a limit on their size, and rows in which
one is larger, or has more digits than its scale, are not for compiled code.
"""

import functools
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import Any

import narwhals as nw
from attrs import evolve, frozen

from cedu_rules.backends.frame import columns, terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.truth import Interval
from cedu_rules.truth import Number as Exact

SIZE_LIMIT = 2**62
"""No integer that is computed is larger."""


@frozen(eq=False)
class Term:
    """`value * factor`, over `below` where there is one; `value` is a column, or 1 for a constant."""

    value: Any
    factor: Fraction
    size: int
    below: Column | None = None
    below_size: int = 1

    @property
    def is_constant(self) -> bool:
        """Whether the term is the same in every row."""
        return self.value is None

    def times(self, number: int) -> Column:
        """Return the integers, so many times."""
        if self.size * abs(number) >= SIZE_LIMIT:
            raise NoFastForm("size")
        if self.value is None:
            return columns.lit(number, dtype=nw.Int64())
        found: Column = self.value if number == 1 else self.value * number
        return found

    def scaled(self, number: Fraction) -> "Term":
        """Return the term times a constant."""
        return evolve(self, factor=self.factor * number)


def constant(number: Fraction | int) -> Term:
    """Return the term of a constant."""
    return Term(None, Fraction(number), 1)


def _common(left: Fraction, right: Fraction) -> Fraction:
    """Return the largest fraction of which both are whole multiples."""
    if not left and not right:
        return Fraction(1)
    return Fraction(
        gcd(left.numerator * right.denominator, right.numerator * left.denominator),
        left.denominator * right.denominator,
    )


def add(left: Term, right: Term) -> Term:
    """Return the sum; null where either is."""
    if left.is_constant and right.is_constant:
        return constant(left.factor + right.factor)
    if left.below is not None or right.below is not None:
        raise NoFastForm("sum of quotients")
    if not left.factor:
        return right
    if not right.factor:
        return left
    unit = _common(left.factor, right.factor)
    above, other = int(left.factor / unit), int(right.factor / unit)
    size = left.size * abs(above) + right.size * abs(other)
    if size >= SIZE_LIMIT:
        raise NoFastForm("size")
    return Term(left.times(above) + right.times(other), unit, size)


def multiply(left: Term, right: Term) -> Term:
    """Return the product; null where either is."""
    if left.is_constant:
        return right.scaled(left.factor)
    if right.is_constant:
        return left.scaled(right.factor)
    if left.below is not None or right.below is not None or left.size * right.size >= SIZE_LIMIT:
        raise NoFastForm("size")
    return Term(left.value * right.value, left.factor * right.factor, left.size * right.size)


def compare(operator: str, left: Term, right: Term) -> Truth:
    """Return whether the comparison holds; null where either is."""
    if left.is_constant and right.is_constant:
        return _HOLDS[operator](left.factor, right.factor)
    unit = _common(left.factor, right.factor)
    above, other = int(left.factor / unit), int(right.factor / unit)
    one = _crossed(left, above, right.below, right.below_size)
    two = _crossed(right, other, left.below, left.below_size)
    return _HOLDS[operator](one, two)


def _crossed(term: Term, number: int, below: Column | None, below_size: int) -> Column:
    if term.size * abs(number) * below_size >= SIZE_LIMIT:
        raise NoFastForm("size")
    value = term.times(number)
    return value if below is None else value * below


_HOLDS: dict[str, Callable[[Any, Any], Truth]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@frozen(eq=False)
class Number:
    """What is known of a number: `known` is its value where everything it needs is recorded, else null.

    `low` and `high` bound it in every row; None means that the bound is infinite wherever the value is not known.
    `least` is a constant that it never falls below, if there is one. `always`: it is known in every row; `spans_zero`:
    wherever it is not known, it may be zero.
    """

    known: Term
    low: Term | None = None
    high: Term | None = None
    least: Exact | None = None
    always: bool = False
    spans_zero: bool = False

    @property
    def lowest(self) -> Term:
        """The low end, null where it is infinite."""
        return self.known if self.low is None else self.low

    @property
    def highest(self) -> Term:
        """The high end, null where it is infinite."""
        return self.known if self.high is None else self.high

    def where(self, condition: Truth) -> "Number":
        """Return the number, not known where the condition is not true."""

        def masked(term: Term) -> Term:
            return evolve(term, value=columns.when(condition).then(term.times(1)))

        low, high = (None if end is None else masked(end) for end in (self.low, self.high))
        return evolve(self, known=masked(self.known), low=low, high=high)

    def scaled(self, number: Fraction) -> "Number":
        """Return the number times a constant."""
        if not number:
            return of_constant(Fraction(0))
        ends = [None if end is None else end.scaled(number) for end in (self.low, self.high)]
        least = None if number < 0 or self.least is None else self.least * number
        low, high = ends if number > 0 else reversed(ends)
        return Number(self.known.scaled(number), low, high, least, self.always, self.spans_zero)


def of_constant(number: Fraction) -> Number:
    """Return a constant."""
    return Number(constant(number), None, None, number, always=True)


def nothing_known() -> Number:
    """Return a number of which nothing is known."""
    return Number(Term(columns.lit(None, dtype=nw.Int64()), Fraction(1), 1))


def plus(left: Number, right: Number) -> Number:
    """Return the sum."""
    low = None if left.low is None and right.low is None else add(left.lowest, right.lowest)
    high = None if left.high is None and right.high is None else add(left.highest, right.highest)
    least = None if left.least is None or right.least is None else left.least + right.least
    return Number(add(left.known, right.known), low, high, least, left.always and right.always)


def product(left: Number, right: Number) -> Number:
    """Return the product of two numbers that are never negative."""
    for one, other in ((left, right), (right, left)):
        if one.known.is_constant:
            return other.scaled(one.known.factor)
    if left.least is None or right.least is None or left.least < 0 or right.least < 0:
        raise NoFastForm("product of signed numbers")
    low, known = multiply(left.lowest, right.lowest), multiply(left.known, right.known)
    high = multiply(left.highest, right.highest)
    is_zero = terms.any_of(compare("=", end, constant(0)) for end in (left.highest, right.highest))
    capped = columns.when(is_zero).then(columns.lit(0, dtype=nw.Int64())).otherwise(high.times(1))
    return Number(known, low, evolve(high, value=capped), Fraction(0), left.always and right.always)


def quotient(above: Number, below: Number) -> Number:
    """Return the quotient by a constant, or of two numbers that are never negative."""
    if below.known.is_constant:
        if not below.known.factor:
            return nothing_known()
        return above.scaled(1 / below.known.factor)
    parts = (above.known, above.lowest, above.highest, below.known, below.lowest, below.highest)
    if any(part.below is not None for part in parts) or any(
        each.least is None or each.least < 0 for each in (above, below)
    ):
        raise NoFastForm("quotient")
    if any(part.is_constant for part in (below.known, below.lowest, below.highest)):
        raise NoFastForm("quotient by a constant range")
    if below.spans_zero:  # wherever it is not known, nothing is known of the quotient
        positive = below.known.times(1) > 0
        ends = (above.known, above.lowest, above.highest)
        known, low, high = (_over(end.times(1), end, below.known, positive) for end in ends)
        return Number(known, low, high, Fraction(0))
    positive = below.lowest.times(1) > 0
    infinite = below.highest.times(1).is_null()
    nothing = columns.when(infinite).then(columns.lit(0, dtype=nw.Int64())).otherwise(above.lowest.times(1))
    most = evolve(below.highest, value=below.highest.times(1).fill_null(1))
    return Number(
        _over(above.known.times(1), above.known, below.known, positive),
        _over(nothing, above.lowest, most, positive),
        _over(above.highest.times(1), above.highest, below.lowest, positive),
        Fraction(0),
    )


def _over(value: Column, above: Term, below: Term, positive: Truth) -> Term:
    """Return one end of a quotient, null where the denominator may be zero."""
    denominator = columns.when(positive).then(below.times(1))
    return Term(value, above.factor / below.factor, above.size, denominator, below.size)


def hull(condition: Truth, yes: Number, no: Number) -> Number:
    """Return `yes` where the condition is true, `no` where it is false, else every value that either may have."""
    if isinstance(condition, bool):
        return yes if condition else no
    known = _merged(condition, yes.known, no.known, None)
    low = _merged(condition, yes.lowest, no.lowest, "<=")
    high = _merged(condition, yes.highest, no.highest, ">=")
    least = None if yes.least is None or no.least is None else min(yes.least, no.least)
    return Number(known, low, high, least)


def _merged(condition: Truth, yes: Term, no: Term, wider: str | None) -> Term:
    """Return one end; where the condition is unknown the one that is `wider`, and null where either is."""
    one, other, unit, size = _aligned(yes, no)
    between: Column = columns.lit(None, dtype=nw.Int64())
    if wider is not None:
        first = _HOLDS[wider](one, other)
        between = columns.when(first).then(one).when(~first).then(other)
    if condition is None:
        return Term(between, unit, size)
    value = columns.when(condition).then(one).when(terms.negate(condition)).then(other).otherwise(between)
    return Term(value, unit, size)


def _aligned(left: Term, right: Term) -> tuple[Column, Column, Fraction, int]:
    """Return the integers of two terms in one unit, with that unit and their size."""
    if left.below is not None or right.below is not None:
        raise NoFastForm("choice of quotients")
    unit = _common(left.factor, right.factor)
    above, other = int(left.factor / unit), int(right.factor / unit)
    return left.times(above), right.times(other), unit, max(left.size * abs(above), right.size * abs(other), 1)


def lowest(items: list[Number]) -> Number:
    """Return the smallest of the numbers."""
    return functools.reduce(lambda one, other: _extreme(one, other, "<="), items)


def highest(items: list[Number]) -> Number:
    """Return the greatest of the numbers."""
    return functools.reduce(lambda one, other: _extreme(one, other, ">="), items)


def _extreme(left: Number, right: Number, wanted: str) -> Number:
    """Return the smaller (`<=`) or the greater (`>=`) of two numbers; an infinite end never is it, or always."""

    def end(one: Term, other: Term, *, infinite: bool) -> Term:
        first, second, unit, size = _aligned(one, other)
        nearer = _HOLDS[wanted](first, second)
        value: Any = columns.when(nearer).then(first).when(~nearer).then(second)
        if not infinite:
            value = value.otherwise(columns.when(first.is_null()).then(second).otherwise(first))
        return Term(value, unit, size)

    low = end(left.lowest, right.lowest, infinite=wanted == "<=")
    high = end(left.highest, right.highest, infinite=wanted == ">=")
    known = end(left.known, right.known, infinite=True)
    ends = [each for each in (left.least, right.least) if each is not None]
    least = min(ends) if len(ends) > 1 else None
    return Number(known, low, high, least, left.always and right.always)


def compare_numbers(operator: str, left: Number, right: Number) -> Truth:
    """Return whether the comparison holds for every pair of possible values, or for none."""
    if operator in {"<", "<="}:
        return compare_numbers(MIRRORED[operator], right, left)
    known = compare(operator, left.known, right.known)
    if left.always and right.always:
        return known
    false = _never(operator, left, right)
    if operator == "=":
        false = terms.any_of((false, _never(operator, right, left)))
        true = terms.all_of((_always(left, right), _always(right, left)))
    else:
        true = _always(left, right, operator)
    answer = terms.any_of((true, known))
    if false is False:
        return answer
    refuted = false if terms.is_constant(false) else false.fill_null(False)
    return terms.all_of((terms.negate(refuted), answer))


def _always(left: Number, right: Number, operator: str = ">=") -> Truth:
    """Return whether the left is above the right whatever their values, null where that is not known."""
    if left.low is None and right.high is None:
        return False
    return compare(operator, left.lowest, right.highest)


def _never(operator: str, left: Number, right: Number) -> Truth:
    """Return whether the left is below the right whatever their values, null where that is not known."""
    if left.high is None and right.low is None:
        return False
    return compare("<" if operator in {">=", "="} else "<=", left.highest, right.lowest)


def bounded(interval: Interval, known: Term) -> Number:
    """Return a number that is `known`, or else anywhere in the interval."""
    ends: list[Term | None] = []
    for end in (interval.low, interval.high):
        if isinstance(end, float):
            ends.append(None)
            continue
        filled = Fraction(end) / known.factor
        if filled.denominator != 1 or known.value is None:
            raise NoFastForm("range")
        term = evolve(known, value=known.value.fill_null(filled.numerator), size=max(known.size, abs(filled.numerator)))
        ends.append(term)
    least = None if isinstance(interval.low, float) else interval.low
    return Number(known, ends[0], ends[1], least, spans_zero=interval.low <= 0 <= interval.high)


def somewhere(interval: Interval) -> Number:
    """Return a number of which no more is known than a constant range."""
    if interval.point is not None:
        return of_constant(Fraction(interval.point))
    known = Term(columns.lit(None, dtype=nw.Int64()), Fraction(1), 1)
    ends = [None if isinstance(end, float) else constant(Fraction(end)) for end in (interval.low, interval.high)]
    return Number(known, ends[0], ends[1], None if isinstance(interval.low, float) else interval.low)
