"""Arithmetic on numbers in generated code: sums, products, quotients, rounding, and the choice between two."""

import ast
import functools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from attrs import evolve

from cedu_rules.backends.python import nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered
from cedu_rules.backends.python.conditions import Condition
from cedu_rules.backends.python.numbers import SIZE_LIMIT, Ends, Number, Numeric, Ratio, checked
from cedu_rules.truth import Interval, rounded


def _tests(parts: Sequence[Number]) -> tuple[ast.expr, ...]:
    return tuple(test for number in parts for test in number.known)


def _one_unknown(parts: Sequence[Number]) -> bool:
    """Return whether all but one are constants, and that one is a single value."""
    unknown = [number for number in parts if number.known]
    return len(unknown) == 1 and unknown[0].single


# --- sums and products -----------------------------------------------------------------------------------------------


def total(builder: Builder, terms: Sequence[Numeric]) -> Number:
    """Return the sum."""
    parts = numbers.in_one_unit(*(plain(builder, term) for term in terms))
    return _made_of(
        parts,
        functools.partial(total, builder),
        Number(
            parts[0].unit,
            _sum([number.point for number in parts], nodes.plus),
            _tests(parts),
            functools.partial(_sum_of_ends, builder, parts),
            functools.reduce(Interval.plus, (number.range for number in parts)),
            sum(number.size for number in parts),
            single=_one_unknown(parts),
            whole=all(number.whole for number in parts),
        ),
    )


def _made_of(parts: Sequence[Number], remake: Callable[[Sequence[Number]], Number], made: Number) -> Number:
    """Return what is made of the parts, with what that is computed from if that is known of all of them."""
    checked(made)
    if any(part.known and not part.parts for part in parts):
        return made

    def again(leaves: Sequence[Number]) -> Number:
        given = iter(leaves)
        return remake([numbers.remade(part, [next(given) for _ in part.parts]) for part in parts])

    return evolve(made, parts=tuple(leaf for part in parts for leaf in part.parts), remake=again)


def _sum(codes: list[ast.expr], add: Callable[[ast.expr, ast.expr], ast.expr]) -> ast.expr:
    """Return the sum as a tree that is as deep as the logarithm of its length."""
    if len(codes) == 1:
        return codes[0]
    middle = (len(codes) + 1) // 2
    return add(_sum(codes[:middle], add), _sum(codes[middle:], add))


def _sum_of_ends(builder: Builder, parts: list[Number]) -> Ends:
    pairs = [number.ends() for number in parts]
    exact = all(number.whole for number in parts) or not any(number.endless for number in parts)
    add = nodes.plus if exact else functools.partial(builder.call, "plus")  # no fraction becomes a float
    return _sum([low for low, _ in pairs], add), _sum([high for _, high in pairs], add)


def add_to(builder: Builder, names: tuple[str, str], number: Number, ends: Ends) -> None:
    """Emit the addition of the ends of a number to two locals."""
    for name, end in zip(names, ends, strict=True):
        if number.whole:
            builder.emit(nodes.add_to(name, end))
        else:
            builder.emit(nodes.assign(name, builder.call("plus", nodes.name(name), end)))


def product(builder: Builder, factors: Sequence[Numeric]) -> Number:
    """Return the product."""
    return functools.reduce(functools.partial(_times, builder), (plain(builder, factor) for factor in factors))


def _times(builder: Builder, left: Number, right: Number) -> Number:
    for one, other in ((left, right), (right, left)):
        if one.fixed is not None:
            return scaled(other, one.fixed)
    return _made_of(
        [left, right],
        functools.partial(product, builder),
        Number(
            left.unit * right.unit,
            nodes.times(left.point, right.point),
            _tests([left, right]),
            functools.partial(_product_of_ends, builder, left, right),
            left.range.times(right.range),
            left.size * right.size,
            whole=left.whole and right.whole,
        ),
    )


def scaled(number: Number, factor: Fraction) -> Number:
    """Return the number times a constant."""
    if number.fixed is not None or factor == 0:
        return numbers.constant((number.fixed or Fraction(0)) * factor)
    if factor < 0:
        number = negative(number)
    range_ = number.range.times(Interval(abs(factor), abs(factor)))
    made = evolve(number, unit=number.unit * abs(factor), range=range_)
    return evolve(made, remake=lambda parts: scaled(numbers.remade(number, parts), abs(factor)))


def _product_of_ends(builder: Builder, left: Number, right: Number) -> Ends:
    (left_low, left_high), (right_low, right_high) = left.ends(), right.ends()
    if not (left.never_negative and right.never_negative and left.whole and right.whole):
        return builder.bind_pair(builder.call("product_ends", left_low, left_high, right_low, right_high))
    low = nodes.times(left_low, right_low)
    if left.endless or right.endless:
        return low, builder.call("times", left_high, right_high)
    return low, nodes.times(left_high, right_high)


def negative(number: Number) -> Number:
    """Return the number with the other sign."""
    if number.fixed is not None:
        return numbers.constant(-number.fixed)

    def ends() -> Ends:
        low, high = number.ends()
        return nodes.minus(high), nodes.minus(low)

    made = evolve(number, point=nodes.minus(number.point), ends=ends, range=number.range.negative(), direct=False)
    return evolve(made, remake=lambda parts: negative(numbers.remade(number, parts)))


# --- what integers cannot carry --------------------------------------------------------------------------------------


def quotient(builder: Builder, above: Numeric, below: Numeric) -> Numeric:
    """Return the quotient."""
    above, below = plain(builder, above), plain(builder, below)
    if below.fixed:
        return scaled(above, 1 / below.fixed)
    return Ratio(above, below, above.range.over(below.range))


def plain(builder: Builder, number: Numeric) -> Number:
    """Return the number as one to compute with; days that may not exist are none."""
    if isinstance(number, Number):
        if number.exists is not None:
            raise NotCovered
        return number
    unit = number.above.unit / number.below.unit
    divide = functools.partial(builder.call, "Fraction")
    return numbers.interval(unit, _computed(builder, number, divide, "quotient_ends"), number.range, 1, whole=False)


def round_number(builder: Builder, number: Numeric, mode: str) -> Number:
    """Return the number rounded by `ceil`, `floor` or `round`."""
    if isinstance(number, Number):
        number = plain(builder, number)
        if number.fixed is not None:
            return numbers.constant(Fraction(rounded(number.fixed, mode)))
        if number.whole and number.unit.denominator == 1:
            return number
        number = Ratio(number, numbers.constant(Fraction(1)), number.range)
    factor = number.above.unit / number.below.unit
    divide = functools.partial(_rounded, builder, mode, factor)
    more = builder.constant("unit", factor), nodes.constant(mode)
    ends = _computed(builder, number, divide, "rounded_ends", *more)
    whole = number.above.whole and number.below.whole
    size = number.above.size * math.ceil(factor) + 1 if whole else SIZE_LIMIT + 1
    return numbers.interval(Fraction(1), ends, number.range.mapped(lambda end: rounded(end, mode)), size)


def _rounded(builder: Builder, mode: str, factor: Fraction, above: ast.expr, below: ast.expr) -> ast.expr:
    """Return the rounded quotient of two codes times `factor`."""
    above = nodes.times(above, nodes.constant(factor.numerator))
    below = nodes.times(below, nodes.constant(factor.denominator))
    if mode == "floor":
        return nodes.floor_divided(above, below)
    if mode == "ceil":
        return nodes.minus(nodes.floor_divided(nodes.minus(above), below))
    return builder.call("rounded", builder.call("Fraction", above, below), nodes.constant(mode))


def _computed(
    builder: Builder, ratio: Ratio, known: Callable[[ast.expr, ast.expr], ast.expr], unknown: str, *more: ast.expr
) -> Ends:
    """Return local ends: of `known` where both codes are and `below` is not 0, else by the function `unknown`."""
    low, high = builder.local("low"), builder.local("high")
    above, below = ratio.above, ratio.below
    with builder.block() as from_points:
        divisor = builder.bind("below", below.point)
        divided = [nodes.assign_each([low, high], known(above.point, divisor))]
        nothing = [nodes.unpack([low, high], numbers.unbounded(builder))]
        builder.emit(*nodes.when(nodes.constant(True) if below.fixed else divisor, divided, nothing))
    with builder.block() as from_ends:
        builder.emit(nodes.unpack([low, high], builder.call(unknown, *above.ends(), *below.ends(), *more)))
    builder.emit(*nodes.when(nodes.both(*_tests([above, below])), from_points, from_ends))
    return nodes.name(low), nodes.name(high)


# --- without sign, least and greatest, one of two --------------------------------------------------------------------


def absolute(builder: Builder, number: Numeric) -> Number:
    """Return the number without its sign."""
    number = plain(builder, number)
    if number.never_negative:
        return number
    if number.fixed is not None:
        return numbers.constant(abs(number.fixed))
    number = numbers.bound(builder, number, "signed")
    ends = builder.bind_pair(builder.call("absolute_ends", *number.ends()))
    return numbers.interval(number.unit, ends, number.range.absolute(), number.size, whole=number.whole)


def extreme(builder: Builder, choose: str, items: Sequence[Numeric]) -> Number:
    """Return the lowest (`min`) or highest (`max`) of the numbers."""
    parts = numbers.in_one_unit(*(plain(builder, item) for item in items))
    if len(parts) == 1:
        return parts[0]

    def ends() -> Ends:
        pairs = [part.ends() for part in parts]
        return builder.call(choose, *(low for low, _ in pairs)), builder.call(choose, *(high for _, high in pairs))

    pick = min if choose == "min" else max
    return checked(
        Number(
            parts[0].unit,
            builder.call(choose, *(part.point for part in parts)),
            _tests(parts),
            ends,
            Interval(pick(part.range.low for part in parts), pick(part.range.high for part in parts)),
            max(part.size for part in parts),
            single=_one_unknown(parts),
            whole=all(part.whole for part in parts),
        )
    )


def selected(builder: Builder, test: Condition, then: Numeric, otherwise: Numeric) -> Number:
    """Return `if`: one of two numbers, or their hull where the test is unknown."""
    if nodes.is_constant(test.true, True) or nodes.is_constant(test.false, True):
        return plain(builder, then if nodes.is_constant(test.true, True) else otherwise)
    parts = numbers.in_one_unit(plain(builder, then), plain(builder, otherwise))
    first, second = (numbers.bound(builder, part, "option") for part in parts)
    lows, highs = zip(first.ends(), second.ends(), strict=True)
    hull = nodes.pair(builder.call("min", *lows), builder.call("max", *highs))
    unless = nodes.choose(test.false, nodes.pair(*second.ends()), hull)
    ends = builder.bind_pair(nodes.choose(test.true, nodes.pair(*first.ends()), unless))
    size, whole = max(first.size, second.size), first.whole and second.whole
    return numbers.interval(first.unit, ends, first.range.join(second.range), size, whole=whole)
