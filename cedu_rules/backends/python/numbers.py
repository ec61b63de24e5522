"""Numbers as exact integer code: for a value that is known, and for the ends of the interval where it is not.

Every number has a static `unit`: its value in base units is its integer code times the unit. Sums bring their terms to
a common unit by integer factors, products multiply codes and units, so no fraction is made while records are evaluated.
Two codes stand for each number: `point`, right where every test in `known` holds, and the `ends` of the interval, right
always, written where they are needed. Infinite ends are floats; a finite integer meets one in a sum only where `size`
proves that it is far below the largest float, so that no rounding ever takes place.

What integers cannot carry, quotients inside of other arithmetic for the most part, becomes a pair of local ends that
`truth.Interval` itself computes; their codes are fractions (`whole` is false).
"""

import ast
import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from attrs import evolve, frozen

from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.builder import Builder, NotCovered, NotRaw
from cedu_rules.backends.python.conditions import Condition
from cedu_rules.model.types import Type
from cedu_rules.rows import LIMIT, scale
from cedu_rules.truth import ANY_NUMBER, Interval
from cedu_rules.truth import Number as Exact

SIZE_LIMIT = 10**300
"""Finite codes stay below it; the largest float is near 1.8e308."""

Ends: TypeAlias = tuple[ast.expr, ast.expr]


@frozen(eq=False)
class Number:
    """A number or day in generated code.

    `range` holds every value that it may have, in base units; where `single`, it is exactly what is known of the value
    while the one test in `known` fails. `direct` ends are local names or constants. `whole` codes are integers. A day
    that may not exist is `nan` there, with which no comparison holds; `exists` tells whether a missing one does.
    A `raw` one is what the caller holds, any exact number, and is compared with constants only.
    `parts` are the recorded values that it is computed from, if it is nothing but a sum or product of such and of
    constants; `remake` computes it anew from others in their place.
    """

    unit: Fraction
    point: ast.expr
    known: tuple[ast.expr, ...]
    ends: Callable[[], Ends]
    range: Interval
    size: int
    single: bool = False
    direct: bool = False
    whole: bool = True
    exists: Condition | None = None
    raw: bool = False
    parts: tuple["Number", ...] = ()
    remake: Callable[[Sequence["Number"]], "Number"] | None = None

    @property
    def fixed(self) -> Fraction | None:
        """The value of a constant."""
        if isinstance(self.point, ast.Constant) and isinstance(self.point.value, int) and not self.known:
            return self.point.value * self.unit
        return None

    @property
    def endless(self) -> bool:
        """Whether an end may be infinite."""
        return math.inf in {self.range.high, -self.range.low}

    @property
    def never_negative(self) -> bool:
        """Whether no value is below 0."""
        return self.range.low >= 0


@frozen(eq=False)
class Ratio:
    """A quotient that is compared, not computed with: nothing is known of it where `below` may be 0."""

    above: Number
    below: Number
    range: Interval = ANY_NUMBER


Numeric: TypeAlias = Number | Ratio


def constant(value: Fraction) -> Number:
    """Return the number that is always `value`."""
    code = nodes.constant((value > 0) - (value < 0))
    return Number(abs(value) or Fraction(1), code, (), lambda: (code, code), Interval(value, value), 1, direct=True)


def leaf(builder: Builder, code: ast.expr, unit: Fraction, declared: Interval, *, limit: int = LIMIT) -> Number:
    """Return the number whose code a local name holds, None where it is missing and any of `declared`."""
    bounds = [Fraction(end) / unit for end in (declared.low, declared.high) if not isinstance(end, float)]
    factor = math.lcm(*(bound.denominator for bound in bounds))
    point = nodes.times(code, nodes.constant(factor))
    low, high = (end_code(builder, end, unit / factor) for end in (declared.low, declared.high))
    size = max([limit * factor, *(abs(int(bound * factor)) for bound in bounds)])

    def ends() -> Ends:
        missing = nodes.is_none(code)
        return nodes.choose(missing, low, point), nodes.choose(missing, high, point)

    made = Number(unit / factor, point, (nodes.is_given(code),), ends, declared, size, single=True)
    return evolve(made, parts=(made,), remake=operator.itemgetter(0))


def given(single: Number) -> Number:
    """Return a single value where it is known."""
    return evolve(single, known=(), ends=lambda: (single.point, single.point), parts=(), remake=None)


def missing(builder: Builder, single: Number) -> Number:
    """Return a single value where it is missing."""
    low, high = (end_code(builder, end, single.unit) for end in (single.range.low, single.range.high))
    return evolve(single, known=(nodes.constant(False),), ends=lambda: (low, high), parts=(), remake=None)


def remade(number: Number, parts: Sequence[Number]) -> Number:
    """Return the number with others in place of its parts."""
    return number.remake(parts) if number.remake is not None else number


def interval(unit: Fraction, ends: Ends, range_: Interval, size: int, *, whole: bool = True) -> Number:
    """Return the number whose ends two local names hold."""
    low, high = ends
    known = (nodes.compare("=", low, high),)
    return checked(Number(unit, low, known, lambda: (low, high), range_, size, direct=True, whole=whole))


def checked(number: Number) -> Number:
    """Return the number if its integers may meet infinity; fractions meet it in functions that keep them exact."""
    if number.whole and number.endless and number.size > SIZE_LIMIT:
        raise NotCovered
    return number


def end_code(builder: Builder, end: Exact, unit: Fraction) -> ast.expr:
    """Return the code of a constant end."""
    if isinstance(end, float):
        return infinity(builder) if end > 0 else nodes.minus(infinity(builder))
    code = end / unit
    if code.denominator != 1:
        raise NotCovered
    return nodes.constant(code.numerator)


def infinity(builder: Builder) -> ast.expr:
    """Return the infinite end."""
    return nodes.name(builder.helper(nodes.INFINITY))


def unbounded(builder: Builder) -> ast.expr:
    """Return the pair of the infinite ends."""
    edge = infinity(builder)
    return nodes.pair(nodes.minus(edge), edge)


def fact_unit(type_: Type) -> Fraction:
    """Return the base units in one unit of the integers that a row holds."""
    return Fraction(1) if type_.whole else type_.data_factor / scale(type_)


def bound(builder: Builder, number: Number, hint: str) -> Number:
    """Return the number with its ends in local names."""
    if number.direct:
        return number
    if number.exists is not None:
        raise NotCovered
    low, high = builder.local(hint), builder.local(hint)
    with builder.block() as known:
        builder.emit(nodes.assign_each([low, high], number.point))
    with builder.block() as unknown:
        builder.emit(nodes.unpack([low, high], nodes.pair(*number.ends())))
    builder.emit(*nodes.when(nodes.both(*number.known), known, unknown))
    ends = nodes.name(low), nodes.name(high)
    result = interval(number.unit, ends, number.range, number.size, whole=number.whole)
    return result if number.known else evolve(result, known=())


# --- units -----------------------------------------------------------------------------------------------------------


def common_unit(*units: Fraction) -> Fraction:
    """Return the largest unit of which all are multiples."""
    below = math.lcm(*(unit.denominator for unit in units))
    return Fraction(math.gcd(*(unit.numerator * (below // unit.denominator) for unit in units)), below)


def in_one_unit(*numbers: Number) -> list[Number]:
    """Return the numbers with their codes in one unit."""
    unit = common_unit(*[number.unit for number in numbers if number.fixed != 0] or [Fraction(1)])
    return [in_unit(number, unit) for number in numbers]


def in_unit(number: Number, unit: Fraction) -> Number:
    """Return the number with its codes in a smaller unit."""
    if number.fixed is not None:
        code = nodes.constant(int(number.fixed / unit))
        return evolve(number, unit=unit, point=code, ends=lambda: (code, code), size=abs(int(number.fixed / unit)))
    factor = int(number.unit / unit)
    if factor == 1:
        return number
    if number.raw:
        raise NotRaw
    if factor > SIZE_LIMIT:
        raise NotCovered
    by = nodes.constant(factor)

    def ends() -> Ends:
        low, high = number.ends()
        least = nodes.times(low, by)
        return least, least if high is low else nodes.times(high, by)

    size = number.size * factor if number.whole else 1
    point = nodes.times(number.point, by)
    made = evolve(number, unit=unit, point=point, ends=ends, size=size, direct=False)
    return checked(evolve(made, remake=lambda parts: in_unit(remade(number, parts), unit)))
