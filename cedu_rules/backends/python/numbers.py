"""Arithmetic into exact integer code: for values that are known, and for the ends of the interval where one is not.

Every number has a static `unit`: its value in base units is its integer code times the unit. Sums bring their terms to
a common unit by integer factors, products multiply codes and units, so no fraction is made while records are evaluated.
Two codes stand for each number: `point`, right where every test in `known` holds, and the `ends` of the interval, right
always, written where they are needed. Infinite ends are floats; a finite integer meets one in a sum only where `size`
proves that it is far below the largest float, so that no rounding ever takes place.

What integers cannot carry, quotients inside of other arithmetic for the most part, becomes a pair of local ends by the
functions of `truth.Interval` themselves.
"""

import ast
import functools
import math
from collections.abc import Callable
from fractions import Fraction

from attrs import evolve, frozen

from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.builder import Builder, NotCovered
from cedu_rules.backends.python.conditions import Condition
from cedu_rules.model.types import Type
from cedu_rules.rows import LIMIT, scale
from cedu_rules.truth import ANY_NUMBER, INFINITY, Interval, rounded
from cedu_rules.truth import Number as Exact

SIZE_LIMIT = 10**300
"""Finite codes stay below it; the largest float is near 1.8e308."""
_ENDLESS = 10**30
"""More elements than any list has."""

Ends = tuple[ast.expr, ast.expr]


@frozen(eq=False)
class Number:
    """A number or day in generated code.

    `range` holds every value that it may have, in base units; where `single`, it is exactly what is known of the value
    while a test in `known` fails. `direct` ends are local names or constants. `whole` codes are integers. A `day` that
    may not exist is `nan` there, with which no comparison holds; `exists` tells whether a missing one does.
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

    @property
    def fixed(self) -> Fraction | None:
        """The value of a constant."""
        if isinstance(self.point, ast.Constant) and not self.known:
            return self.point.value * self.unit  # type: ignore[operator]  # an integer
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


Numeric = Number | Ratio


def constant(value: Fraction) -> Number:
    """Return the number that is always `value`."""
    code = nodes.constant((value > 0) - (value < 0))
    unit = abs(value) or Fraction(1)
    return Number(unit, code, (), lambda: (code, code), Interval(value, value), 1, direct=True)


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

    return Number(unit / factor, point, (nodes.is_given(code),), ends, declared, size, single=True)


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
    return nodes.name(builder.helper("infinity"))


def fact_unit(type_: Type) -> Fraction:
    """Return the base units in one unit of the integers that a row holds."""
    return Fraction(1) if type_.whole else type_.data_factor / scale(type_)


def interval(unit: Fraction, low: ast.expr, high: ast.expr, range_: Interval, size: int, *, whole: bool = True) -> Number:
    """Return the number whose ends two local names hold."""
    return Number(
        unit, low, (nodes.compare("=", low, high),), lambda: (low, high), range_, size, direct=True, whole=whole
    )


def bound(builder: Builder, number: Number, hint: str) -> Number:
    """Return the number with its ends, or its one value, in local names."""
    if number.direct:
        return number
    if number.exists is not None:
        raise NotCovered
    low, high = builder.local(hint), builder.local(hint)
    with builder.block() as known:
        builder.emit(nodes.assign_each([low, high], number.point))
    with builder.block() as unknown:
        builder.emit(nodes.unpack([low, high], _pair(number.ends())))
    builder.emit(*nodes.when(nodes.both(*number.known), known, unknown))
    result = interval(number.unit, nodes.name(low), nodes.name(high), number.range, number.size, whole=number.whole)
    return result if number.known else evolve(result, known=())


def _pair(ends: Ends) -> ast.expr:
    return ast.Tuple(list(ends), ast.Load())


# --- sums and products -----------------------------------------------------------------------------------------------


def common_unit(*units: Fraction) -> Fraction:
    """Return the largest unit of which all are multiples."""
    below = math.lcm(*(unit.denominator for unit in units))
    return Fraction(math.gcd(*(unit.numerator * (below // unit.denominator) for unit in units)), below)


def in_unit(number: Number, unit: Fraction) -> Number:
    """Return the number with its codes in a smaller unit."""
    factor = int(number.unit / unit)
    if factor == 1:
        return number
    if factor > SIZE_LIMIT:
        raise NotCovered
    by = nodes.constant(factor)

    def ends() -> Ends:
        low, high = number.ends()
        return nodes.times(low, by), nodes.times(high, by)

    return checked(
        evolve(
            number, unit=unit, point=nodes.times(number.point, by), ends=ends, size=number.size * factor if number.whole else 1, direct=False
        )
    )


def checked(number: Number) -> Number:
    """Return the number if its integers may meet infinity; fractions meet it in functions that keep them exact."""
    if number.whole and number.endless and number.size > SIZE_LIMIT:
        raise NotCovered
    return number


def total(terms: list[Numeric], builder: Builder) -> Number:
    """Return the sum."""
    numbers = in_one_unit([plain(builder, term) for term in terms])
    combined = Number(
        numbers[0].unit,
        _sum([number.point for number in numbers]),
        _tests(numbers),
        functools.partial(_sum_of_ends, builder, numbers),
        functools.reduce(Interval.plus, (number.range for number in numbers)),
        sum(number.size for number in numbers),
        single=_one_unknown(numbers),
        whole=all(number.whole for number in numbers),
    )
    return checked(combined)


def in_one_unit(numbers: list[Number]) -> list[Number]:
    """Return the numbers with their codes in one unit."""
    units = [number.unit for number in numbers if number.fixed != 0] or [Fraction(1)]
    unit = common_unit(*units)
    return [evolve(number, unit=unit) if number.fixed == 0 else in_unit(number, unit) for number in numbers]


def _tests(numbers: list[Number]) -> tuple[ast.expr, ...]:
    return tuple(test for number in numbers for test in number.known)


def _one_unknown(numbers: list[Number]) -> bool:
    unknown = [number for number in numbers if number.known]
    return len(unknown) == 1 and unknown[0].single


def _sum(codes: list[ast.expr], add: Callable[[ast.expr, ast.expr], ast.expr] = nodes.plus) -> ast.expr:
    """Return the sum as a tree that is as deep as the logarithm of its length."""
    if len(codes) == 1:
        return codes[0]
    middle = (len(codes) + 1) // 2
    return add(_sum(codes[:middle], add), _sum(codes[middle:], add))


def _sum_of_ends(builder: Builder, numbers: list[Number]) -> Ends:
    pairs = [number.ends() for number in numbers]
    exact = all(number.whole for number in numbers) or not any(number.endless for number in numbers)
    add = nodes.plus if exact else functools.partial(builder.call, "plus")  # no fraction becomes a float
    return _sum([low for low, _ in pairs], add), _sum([high for _, high in pairs], add)


def product(factors: list[Numeric], builder: Builder) -> Number:
    """Return the product."""
    return functools.reduce(functools.partial(_times, builder), (plain(builder, factor) for factor in factors))


def _times(builder: Builder, left: Number, right: Number) -> Number:
    for one, other in ((left, right), (right, left)):
        if one.fixed is not None:
            return scaled(other, one.fixed)
    return checked(
        Number(
            left.unit * right.unit,
            nodes.times(left.point, right.point),
            _tests([left, right]),
            functools.partial(_product_of_ends, builder, left, right),
            left.range.times(right.range),
            left.size * right.size,
            whole=left.whole and right.whole,
        )
    )


def scaled(number: Number, factor: Fraction) -> Number:
    """Return the number times a constant."""
    if factor == 0:
        return constant(Fraction(0))
    if factor < 0:
        number = negative(number)
    if number.fixed is not None:
        return constant(number.fixed * abs(factor))
    range_ = number.range.times(Interval(abs(factor), abs(factor)))
    return evolve(number, unit=number.unit * abs(factor), range=range_)


def _product_of_ends(builder: Builder, left: Number, right: Number) -> Ends:
    (left_low, left_high), (right_low, right_high) = left.ends(), right.ends()
    if not (left.never_negative and right.never_negative and left.whole and right.whole):
        low, high = builder.local("low"), builder.local("high")
        ends = builder.call("product_ends", left_low, left_high, right_low, right_high)
        builder.emit(nodes.unpack([low, high], ends))
        return nodes.name(low), nodes.name(high)
    highest = builder.call("times", left_high, right_high) if left.endless or right.endless else None
    return nodes.times(left_low, right_low), highest or nodes.times(left_high, right_high)


def negative(number: Number) -> Number:
    """Return the number with the other sign."""
    if number.fixed is not None:
        return constant(-number.fixed)

    def ends() -> Ends:
        low, high = number.ends()
        return nodes.minus(high), nodes.minus(low)

    return evolve(number, point=nodes.minus(number.point), ends=ends, range=number.range.negative(), direct=False)


# --- what integers cannot carry ---------------------------------------------------------------------------------------


def quotient(above: Numeric, below: Numeric, builder: Builder) -> Numeric:
    """Return the quotient."""
    above, below = plain(builder, above), plain(builder, below)
    if below.fixed is not None:
        return plain(builder, Ratio(above, below)) if below.fixed == 0 else scaled(above, 1 / below.fixed)
    return Ratio(above, below, above.range.over(below.range))


def plain(builder: Builder, number: Numeric) -> Number:
    """Return the number as one to compute with; days that may not exist are none."""
    if isinstance(number, Number):
        if number.exists is not None:
            raise NotCovered
        return number
    unit = number.above.unit / number.below.unit
    divided = _computed(builder, number, lambda above, below: builder.call("Fraction", above, below), "quotient_ends")
    return interval(unit, *divided, number.range, 1, whole=False)


def round_number(number: Numeric, mode: str, builder: Builder) -> Number:
    """Return the number rounded by `ceil`, `floor` or `round`."""
    if isinstance(number, Number) and number.fixed is not None:
        return constant(Fraction(rounded(number.fixed, mode)))
    if isinstance(number, Number):
        number = plain(builder, number)
        if number.whole and number.unit.denominator == 1:
            return number
        number = Ratio(number, constant(Fraction(1)), number.range)
    above, below = number.above, number.below
    factor = above.unit / below.unit
    low, high = _computed(
        builder,
        number,
        lambda above, below: _rounded(builder, mode, above, below, factor),
        "rounded_ends",
        builder.constant("unit", factor),
        nodes.constant(mode),
    )
    range_ = number.range.mapped(lambda end: rounded(end, mode))
    size = above.size * math.ceil(factor) + 1 if above.whole and below.whole else SIZE_LIMIT + 1
    return checked(interval(Fraction(1), low, high, range_, size))


def _rounded(builder: Builder, mode: str, above: ast.expr, below: ast.expr, factor: Fraction) -> ast.expr:
    """Return the rounded quotient of two codes times `factor`."""
    above = nodes.times(above, nodes.constant(factor.numerator))
    below = nodes.times(below, nodes.constant(factor.denominator))
    if mode == "floor":
        return nodes.floor_divided(above, below)
    if mode == "ceil":
        return nodes.minus(nodes.floor_divided(nodes.minus(above), below))
    return builder.call("rounded", builder.call("Fraction", above, below), nodes.constant(mode))


def _computed(
    builder: Builder,
    ratio: Ratio,
    known: Callable[[ast.expr, ast.expr], ast.expr],
    unknown: str,
    *more: ast.expr,
) -> Ends:
    """Return local ends: of `known` where both codes are and `below` is not 0, else by the function `unknown`."""
    low, high = builder.local("low"), builder.local("high")
    above, below = ratio.above, ratio.below
    with builder.block() as from_points:
        divisor = builder.bind("below", below.point)
        divided = [nodes.assign_each([low, high], known(above.point, divisor))]
        edge = infinity(builder)
        nothing = [nodes.unpack([low, high], _pair((nodes.minus(edge), edge)))]
        builder.emit(*nodes.when(nodes.constant(True) if below.fixed else divisor, divided, nothing))
    with builder.block() as from_ends:
        builder.emit(nodes.unpack([low, high], builder.call(unknown, *above.ends(), *below.ends(), *more)))
    builder.emit(*nodes.when(nodes.both(*above.known, *below.known), from_points, from_ends))
    return nodes.name(low), nodes.name(high)


def absolute(number: Numeric, builder: Builder) -> Number:
    """Return the number without its sign."""
    number = plain(builder, number)
    if number.never_negative:
        return number
    if number.fixed is not None:
        return constant(abs(number.fixed))
    number = bound(builder, number, "signed")
    low, high = builder.local("low"), builder.local("high")
    builder.emit(nodes.unpack([low, high], builder.call("absolute_ends", *number.ends())))
    return interval(
        number.unit, nodes.name(low), nodes.name(high), number.range.absolute(), number.size, whole=number.whole
    )


def extreme(choose: str, numbers: list[Numeric], builder: Builder) -> Number:
    """Return the lowest (`min`) or highest (`max`) of the numbers."""
    if len(numbers) == 1:
        return plain(builder, numbers[0])
    items = in_one_unit([plain(builder, number) for number in numbers])

    def ends() -> Ends:
        pairs = [item.ends() for item in items]
        return builder.call(choose, *(low for low, _ in pairs)), builder.call(choose, *(high for _, high in pairs))

    pick = min if choose == "min" else max
    return checked(
        Number(
            items[0].unit,
            builder.call(choose, *(item.point for item in items)),
            _tests(items),
            ends,
            Interval(pick(item.range.low for item in items), pick(item.range.high for item in items)),
            max(item.size for item in items),
            single=_one_unknown(items),
            whole=all(item.whole for item in items),
        )
    )


def selected(test: Condition, then: Numeric, otherwise: Numeric, builder: Builder) -> Number:
    """Return `if`: one of two numbers, or their hull where the test is unknown."""
    if test.fixed and (nodes.is_constant(test.true, True) or nodes.is_constant(test.false, True)):
        return plain(builder, then if nodes.is_constant(test.true, True) else otherwise)
    first, second = in_one_unit([plain(builder, then), plain(builder, otherwise)])
    first, second = bound(builder, first, "then"), bound(builder, second, "otherwise")
    low, high = builder.local("low"), builder.local("high")
    (first_low, first_high), (second_low, second_high) = first.ends(), second.ends()
    hull = _pair((builder.call("min", first_low, second_low), builder.call("max", first_high, second_high)))
    value = nodes.choose(
        test.true, _pair(first.ends()), nodes.choose(test.false, _pair(second.ends()), hull)
    )
    builder.emit(nodes.unpack([low, high], value))
    return checked(
        interval(
            first.unit, nodes.name(low), nodes.name(high), first.range.join(second.range),
            max(first.size, second.size), whole=first.whole and second.whole,
        )
    )
