"""Comparisons of compiled values into conditions: numbers, days, members and texts."""

import ast
import math
from collections.abc import Callable
from fractions import Fraction

from attrs import evolve, frozen

from cedu_rules.backends.python import arithmetic, nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered, NotRaw
from cedu_rules.backends.python.conditions import Condition, all_of, always, compared, held
from cedu_rules.backends.python.numbers import Number, Numeric, Ratio
from cedu_rules.records import FEW_DIGITS
from cedu_rules.rows import LIMIT, SHARE_UNIT
from cedu_rules.truth import Interval
from cedu_rules.units import plain_number


@frozen(eq=False)
class Share:
    """A share of a row (see `rows`) that a local name holds; its value is the share times `unit`."""

    code: ast.expr
    unit: Fraction


@frozen(eq=False)
class Quotient:
    """The quotient of two recorded amounts, from 0 on, which local names hold; its value is the quotient times `unit`."""

    above: ast.expr
    below: ast.expr
    unit: Fraction


# --- numbers ---------------------------------------------------------------------------------------------------------


def compare_numbers(builder: Builder, operator: str, left: Numeric, right: Numeric) -> Condition:
    """Return the comparison of two numbers or days."""
    if isinstance(left, Ratio):
        return _compare_ratio(builder, operator, left, arithmetic.plain(builder, right))
    if isinstance(right, Ratio):
        return _compare_ratio(builder, nodes.MIRRORED[operator], right, arithmetic.plain(builder, left))
    if left.fixed is not None:
        left, right, operator = right, left, nodes.MIRRORED[operator]
    if left.fixed is not None and right.fixed is not None:
        return always(left.range.compare(operator, right.range))
    if right.fixed is not None and left.single and left.whole:
        return _compare_single(builder, operator, left, right.fixed)
    return _compare_two(builder, operator, left, right)


def _compare_single(builder: Builder, operator: str, number: Number, bound: Fraction) -> Condition:
    """Return the comparison of the one value that may be missing with a constant."""
    otherwise = number.range.compare(operator, Interval(bound, bound))
    missing = nodes.negated(number.known[0])
    code = bound / number.unit
    if number.raw:
        limit = _raw_limit(builder, number.point, code)
        known, unequal = (nodes.compare(each, number.point, limit) for each in (operator, nodes.OPPOSITES[operator]))
    elif operator == "=" and code.denominator != 1:
        known, unequal = nodes.constant(False), nodes.constant(True)
    else:
        whole = nodes.constant(math.ceil(code) if operator in {">=", "<"} else math.floor(code))
        known, unequal = (nodes.compare(each, number.point, whole) for each in (operator, nodes.OPPOSITES[operator]))
    if number.exists is not None:
        if otherwise is True:
            raise NotCovered  # it would be true only where the day exists
        unequal = nodes.negated(known)  # both comparisons with nan are false
    return compared(missing, otherwise, known, unequal)


def _raw_limit(builder: Builder, number: ast.expr, code: Fraction) -> ast.expr:
    """Return the code of a constant that a number is compared with as the caller holds it.

    A float stands for the shortest decimal that is nearest to it. What rounds to the nearest keeps the order: so two
    floats compare as their decimals do, and so does one with a constant that is such a decimal itself. A number of
    another type is compared with the exact constant.
    """
    if abs(code) >= FEW_DIGITS or Fraction(repr(float(code))) != code:
        raise NotRaw
    if not builder.mixed:
        return nodes.constant(float(code))
    if code.denominator == 1:
        return nodes.constant(code.numerator)
    is_float = nodes.compare("is", nodes.attribute(number, "__class__"), nodes.name(builder.helper("float")))
    return nodes.choose(is_float, nodes.constant(float(code)), builder.constant("limit", plain_number(code)))


def _compare_two(builder: Builder, operator: str, left: Number, right: Number) -> Condition:
    left, right = numbers.in_one_unit(left, right)
    if (left.raw or right.raw) and not (left.whole and right.whole):
        raise NotRaw  # a float may be compared with whole numbers and with other floats
    if builder.mixed and left.raw and right.raw:
        raise NotRaw  # one may be a float, and the other none
    known = nodes.both(*left.known, *right.known)
    if left.direct and right.direct:
        true, false = _of_ends(operator, left.ends(), right.ends())
        return Condition(true, false, 2)
    point = nodes.compare(operator, left.point, right.point)
    if nodes.is_constant(known, True):
        return Condition(point, nodes.compare(nodes.OPPOSITES[operator], left.point, right.point))
    answer = builder.local("compared")

    def from_ends(one: Number, other: Number) -> None:
        ends = [_exact(builder, side) if operator == "=" else side.ends() for side in (one, other)]
        condition = Condition(*_of_ends(operator, *ends), 2)
        builder.emit(nodes.assign(answer, _if_existing(builder, condition, one, other)))

    from_points: list[ast.stmt] = [nodes.assign(answer, point)]
    if _has_two_parts(left, right):
        _by_cases(builder, (left, right), from_points, from_ends)
    else:
        with builder.block() as unknown:
            from_ends(left, right)
        builder.emit(*nodes.when(known, from_points, unknown))
    return held(nodes.name(answer))


def _has_two_parts(*sides: Number) -> bool:
    """Return whether the sides are made of two recorded values, so that four cases cover all that may be missing."""
    splits = all(side.parts or not side.known for side in sides)
    return splits and sum(len(side.parts) for side in sides) == 2  # noqa: PLR2004 -- a pair


def _by_cases(
    builder: Builder,
    sides: tuple[Number, Number],
    from_points: list[ast.stmt],
    from_ends: Callable[[Number, Number], None],
) -> None:
    """Emit four cases: what is missing is then static, and most of a comparison with it is decided here and now."""
    first, second = (part for side in sides for part in side.parts)

    def case(*parts: Number) -> list[ast.stmt]:
        count = len(sides[0].parts)
        with builder.block() as statements:
            from_ends(numbers.remade(sides[0], parts[:count]), numbers.remade(sides[1], parts[count:]))
        return statements

    no_first, no_second = numbers.missing(builder, first), numbers.missing(builder, second)
    with_first = nodes.when(second.known[0], from_points, case(numbers.given(first), no_second))
    without = nodes.when(second.known[0], case(no_first, numbers.given(second)), case(no_first, no_second))
    builder.emit(*nodes.when(first.known[0], with_first, without))


def _exact(builder: Builder, number: Number) -> numbers.Ends:
    """Return the ends, each computed once."""
    low, high = number.ends()
    least = builder.bind("low", low)
    return least, least if high is low else builder.bind("high", high)


def _if_existing(builder: Builder, condition: Condition, *sides: Number) -> ast.expr:
    """Return the truth of the comparison of ends, if both sides exist."""
    existing = [_existence(side) for side in sides if side.exists is not None]
    return all_of(builder, [condition, *existing]).value


def _existence(day: Number) -> Condition:
    """Return whether a day exists: one given does unless it is `nan`, a missing one as its condition says."""
    assert day.exists is not None  # noqa: S101 -- the caller asks only then
    given = day.known[0]
    nowhere = nodes.compare("!=", day.point, day.point)  # only nan differs from itself
    true = nodes.choose(given, nodes.compare("=", day.point, day.point), day.exists.true)
    return Condition(true, nodes.choose(given, nowhere, day.exists.false))


def _of_ends(operator: str, left: numbers.Ends, right: numbers.Ends) -> tuple[ast.expr, ast.expr]:
    """Return the tests that the comparison holds for every pair of values, and for none."""
    (left_low, left_high), (right_low, right_high) = left, right
    if operator == "=":
        pairs = ((left_low, left_high), (left_high, right_low), (right_low, right_high))
        equal = nodes.both(*(nodes.ordered("=", *pair) for pair in pairs if pair[0] is not pair[1]))
        return equal, nodes.either(nodes.ordered("<", left_high, right_low), nodes.ordered("<", right_high, left_low))
    opposite = nodes.OPPOSITES[operator]
    if operator in {">", ">="}:
        return nodes.ordered(operator, left_low, right_high), nodes.ordered(opposite, left_high, right_low)
    return nodes.ordered(operator, left_high, right_low), nodes.ordered(opposite, left_low, right_high)


def compare_share(operator: str, share: Share, bound: Fraction) -> Condition | None:
    """Return the comparison of a share with a constant above 0; None where the share does not decide it.

    What holds between two shares holds between the fractions. One that may be any from 0 on, -1, is neither above nor
    below the constant.
    """
    limit = bound / share.unit
    if limit <= 0 or limit.denominator >= LIMIT:
        return None
    whole, zero = nodes.constant(math.floor(limit * SHARE_UNIT)), nodes.constant(0)
    given = nodes.is_given(share.code)
    below = "<=" if operator in {"<=", ">"} else "<"
    low = nodes.both(given, nodes.chain(zero, ("<=", share.code), (below, whole)))
    high = nodes.both(given, nodes.compare(nodes.OPPOSITES[below], share.code, whole))
    if operator == "=":
        above = nodes.both(given, nodes.compare(">", share.code, whole))
        return Condition(nodes.both(given, nodes.compare("=", share.code, whole)), nodes.either(low, above), 2)
    return Condition(low, high) if operator in {"<", "<="} else Condition(high, low)


def compare_quotient(operator: str, quotient: Quotient, bound: Fraction) -> Condition | None:
    """Return the comparison of a quotient with a constant above 0; None of 0, which a blank dividend may decide."""
    if bound <= 0:
        return None
    limit = bound / quotient.unit
    left = nodes.times(quotient.above, nodes.constant(limit.denominator))
    right = nodes.times(quotient.below, nodes.constant(limit.numerator))
    missing = nodes.either(nodes.is_none(quotient.above), nodes.negated(quotient.below))
    tests = (nodes.compare(each, left, right) for each in (operator, nodes.OPPOSITES[operator]))
    return compared(missing, None, *tests)


def _compare_ratio(builder: Builder, operator: str, ratio: Ratio, right: Number) -> Condition:
    """Return the comparison of a quotient: that of `above` with `right * below` where `below` is known to be above 0."""
    above, below = ratio.above, ratio.below
    if right.raw:
        raise NotRaw
    if not (above.whole and below.whole and right.whole):
        return compare_numbers(builder, operator, arithmetic.plain(builder, ratio), right)
    answer = builder.local("compared")
    with builder.block() as from_points:
        divisor = evolve(below, point=builder.bind("below", below.point))
        left, product = numbers.in_one_unit(above, arithmetic.product(builder, [divisor, right]))
        known = nodes.compare(operator, left.point, product.point)
        if not below.never_negative:
            mirrored = nodes.compare(nodes.MIRRORED[operator], left.point, product.point)
            known = nodes.choose(nodes.compare(">", divisor.point, nodes.constant(0)), known, mirrored)
        builder.emit(nodes.assign(answer, nodes.choose(divisor.point, known, nodes.constant(None))))

    def from_ends(above: Number, below: Number) -> None:
        builder.emit(*_ratio_of_ends(builder, operator, evolve(ratio, above=above, below=below), right, answer))

    if right.fixed is not None and _has_two_parts(above, below):
        _by_cases(builder, (above, below), from_points, from_ends)
    else:
        with builder.block() as unknown:
            from_ends(above, below)
        tests = nodes.both(*above.known, *below.known, *right.known)
        builder.emit(*nodes.when(tests, from_points, unknown))
    return held(nodes.name(answer))


def _ratio_of_ends(builder: Builder, operator: str, ratio: Ratio, right: Number, answer: str) -> list[ast.stmt]:
    """Return the comparison of the interval of a quotient; where nothing is negative, without making fractions."""
    above, below = ratio.above, ratio.below
    low, high = _exact(builder, below)
    with builder.block() as compared:
        if above.never_negative and below.never_negative and right.fixed is not None and right.fixed >= 0:
            truth = _share_of_ends(builder, operator, ratio, (low, high), right.fixed)
        else:
            ends = builder.bind_pair(builder.call("quotient_ends", *_exact(builder, above), low, high))
            divided = numbers.interval(above.unit / below.unit, ends, ratio.range, 1, whole=False)
            left, other = numbers.in_one_unit(divided, right)
            truth = Condition(*_of_ends(operator, left.ends(), _exact(builder, other)))
        builder.emit(nodes.assign(answer, truth.value))
    nothing = nodes.assign(answer, nodes.constant(None))
    zero = nodes.constant(0)
    may_be_zero = nodes.both(nodes.ordered("<=", low, zero), nodes.ordered("<=", zero, high))
    return nodes.when(may_be_zero, [nothing], compared)


def _share_of_ends(builder: Builder, operator: str, ratio: Ratio, below: numbers.Ends, bound: Fraction) -> Condition:
    """Return the comparison of a quotient that is never negative, of a divisor above 0, with a constant.

    It is at least `above.low / greatest` and at most `above.high / least`; the constant is taken times either divisor.
    """
    scaled = arithmetic.scaled(ratio.below, bound)
    unit = numbers.common_unit(ratio.above.unit, scaled.unit) if bound else ratio.above.unit
    numbers.in_unit(scaled, unit)  # refuses what would be too large
    low, high = _exact(builder, numbers.in_unit(ratio.above, unit))
    if ratio.below.endless and ratio.below.known:  # what is divided by infinity counts as 0
        finite = nodes.compare("<", below[1], numbers.infinity(builder))
        low = builder.bind("low", nodes.choose(finite, low, nodes.constant(0)))
    by_least = by_greatest = nodes.constant(0)
    if bound:
        factor = nodes.constant(int(scaled.unit / unit))
        by_least, by_greatest = (nodes.times(end, factor) for end in below)
    return Condition(*_of_quotient(operator, (low, high), by_least, by_greatest))


def _of_quotient(
    operator: str, above: numbers.Ends, by_least: ast.expr, by_greatest: ast.expr
) -> tuple[ast.expr, ast.expr]:
    """Return the tests that the quotient compares so with the constant, and that it does not."""
    low, high = above
    if operator == "=":
        equal = nodes.both(nodes.ordered("=", low, by_greatest), nodes.ordered("=", high, by_least))
        return equal, nodes.either(nodes.ordered("<", high, by_least), nodes.ordered("<", by_greatest, low))
    opposite = nodes.OPPOSITES[operator]
    if operator in {">", ">="}:
        return nodes.ordered(operator, low, by_greatest), nodes.ordered(opposite, high, by_least)
    return nodes.ordered(operator, high, by_least), nodes.ordered(opposite, low, by_greatest)
