"""Comparisons of compiled values into conditions: numbers, days, members and texts."""

import ast
import math
from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve, frozen

from cedu_rules.backends.python import nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered
from cedu_rules.backends.python.conditions import Condition, all_of, always, any_of, compared, held
from cedu_rules.backends.python.numbers import Number, Numeric, Ratio
from cedu_rules.truth import Interval, Options, Truth

TEXTS = None
"""The number of texts that there are: no number."""


@frozen(eq=False)
class Choice:
    """A choice, level or text that a local name holds: a position or a text, None where it is missing.

    `count` is the number of its members. One that does not exist is -1, or for a text False; only where `condition`
    is given may that be.
    """

    code: ast.expr
    count: int | None
    condition: Condition | None = None

    @property
    def fixed(self) -> object:
        """The position or text of a constant, else None."""
        return self.code.value if isinstance(self.code, ast.Constant) else None

    @property
    def missing(self) -> Options:
        """What a missing one may be."""
        return Options(TEXTS if self.count is None else frozenset(range(self.count)))


# --- numbers ---------------------------------------------------------------------------------------------------------


def compare_numbers(builder: Builder, operator: str, left: Numeric, right: Numeric) -> Condition:
    """Return the comparison of two numbers or days."""
    if isinstance(left, Ratio):
        return _compare_ratio(builder, operator, left, numbers.plain(builder, right))
    if isinstance(right, Ratio):
        return _compare_ratio(builder, nodes.MIRRORED[operator], right, numbers.plain(builder, left))
    if left.fixed is not None:
        left, right, operator = right, left, nodes.MIRRORED[operator]
    if left.fixed is not None and right.fixed is not None:
        return always(left.range.compare(operator, right.range))
    if right.fixed is not None and left.single and left.whole:
        return _compare_single(operator, left, right.fixed)
    return _compare_two(builder, operator, left, right)


def _compare_single(operator: str, number: Number, bound: Fraction) -> Condition:
    """Return the comparison of the one value that may be missing with a constant."""
    otherwise = number.range.compare(operator, Interval(bound, bound))
    missing = nodes.negated(number.known[0])
    code = bound / number.unit
    if operator == "=" and code.denominator != 1:
        known, unequal = nodes.constant(False), nodes.constant(True)
    else:
        whole = nodes.constant(math.ceil(code) if operator in {">=", "<"} else math.floor(code))
        known, unequal = (nodes.compare(each, number.point, whole) for each in (operator, nodes.OPPOSITES[operator]))
    if number.exists is not None:
        if otherwise is True:
            raise NotCovered  # it would be true only where the day exists
        unequal = nodes.negated(known)  # both comparisons with nan are false
    return compared(missing, otherwise, known, unequal)


def _compare_two(builder: Builder, operator: str, left: Number, right: Number) -> Condition:
    left, right = _in_one_unit(left, right)
    known = nodes.both(*left.known, *right.known)
    if left.direct and right.direct:
        true, false = _of_ends(operator, left.ends(), right.ends())
        return Condition(true, false, 2)
    point = nodes.compare(operator, left.point, right.point)
    if nodes.is_constant(known, True):
        return Condition(point, nodes.compare(nodes.OPPOSITES[operator], left.point, right.point))
    answer = builder.local("compared")
    with builder.block() as from_ends:
        condition = Condition(*_of_ends(operator, _exact(builder, left), _exact(builder, right)), 2)
        builder.emit(nodes.assign(answer, _if_existing(builder, condition, left, right)))
    builder.emit(*nodes.when(known, [nodes.assign(answer, point)], from_ends))
    return held(nodes.name(answer))


def _in_one_unit(left: Number, right: Number) -> tuple[Number, Number]:
    if left.fixed == 0 or right.fixed == 0:
        return left, right
    unit = numbers.common_unit(left.unit, right.unit)
    return numbers.in_unit(left, unit), numbers.in_unit(right, unit)


def _exact(builder: Builder, number: Number) -> numbers.Ends:
    """Return the ends, each computed once."""
    low, high = number.ends()
    return builder.bind("low", low), builder.bind("high", high)


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
        sides = [node for low, high in (left, right) for node in ([low] if low is high else [low, high])]
        equal = nodes.chain(sides[0], *(("=", side) for side in sides[1:]))
        below, above = nodes.compare("<", left_high, right_low), nodes.compare("<", right_high, left_low)
        return equal, nodes.either(below, above)
    if operator in {">", ">="}:
        return nodes.compare(operator, left_low, right_high), nodes.compare(
            nodes.OPPOSITES[operator], left_high, right_low
        )
    return nodes.compare(operator, left_high, right_low), nodes.compare(nodes.OPPOSITES[operator], left_low, right_high)


def _compare_ratio(builder: Builder, operator: str, ratio: Ratio, right: Number) -> Condition:
    """Return the comparison of a quotient: that of `above` with `right * below` where `below` is known to be above 0."""
    above, below = ratio.above, ratio.below
    if not (above.whole and below.whole and right.whole):
        return compare_numbers(builder, operator, numbers.plain(builder, ratio), right)
    answer = builder.local("compared")
    with builder.block() as from_points:
        divisor = evolve(below, point=builder.bind("below", below.point))
        left, scaled = _in_one_unit(above, _product(builder, divisor, right))
        known = nodes.compare(operator, left.point, scaled.point)
        if not below.never_negative:
            mirrored = nodes.compare(nodes.MIRRORED[operator], left.point, scaled.point)
            known = nodes.choose(nodes.compare(">", divisor.point, nodes.constant(0)), known, mirrored)
        known = nodes.choose(nodes.compare("!=", divisor.point, nodes.constant(0)), known, nodes.constant(None))
        builder.emit(nodes.assign(answer, known))
    with builder.block() as from_ends:
        builder.emit(nodes.assign(answer, _ratio_of_ends(builder, operator, ratio, right)))
    tests = (*above.known, *below.known, *right.known)
    builder.emit(*nodes.when(nodes.both(*tests), from_points, from_ends))
    return held(nodes.name(answer))


def _product(builder: Builder, left: Number, right: Number) -> Number:
    return numbers.product([left, right], builder)


def _ratio_of_ends(builder: Builder, operator: str, ratio: Ratio, right: Number) -> ast.expr:
    """Return the comparison of the interval of a quotient; where nothing is negative, without making fractions."""
    above, below = ratio.above, ratio.below
    low, high = _exact(builder, below)
    if not (above.never_negative and below.never_negative and right.fixed is not None and right.never_negative):
        ends = builder.call("quotient_ends", *_exact(builder, above), low, high)
        quotient = (builder.local("low"), builder.local("high"))
        builder.emit(nodes.unpack(quotient, ends))
        divided = numbers.interval(
            above.unit / below.unit, nodes.name(quotient[0]), nodes.name(quotient[1]), ratio.range, 1, whole=False
        )
        left, right = _in_one_unit(divided, right)
        return Condition(*_of_ends(operator, left.ends(), _exact(builder, right))).value
    scaled = numbers.scaled(below, right.fixed)
    unit = above.unit if right.fixed == 0 else numbers.common_unit(above.unit, scaled.unit)
    numbers.in_unit(scaled, unit)  # refuses what would be too large
    above_low, above_high = _exact(builder, numbers.in_unit(above, unit))
    if below.endless:  # what is divided by infinity counts as 0
        finite = nodes.compare("<", high, numbers.infinity(builder))
        above_low = builder.bind("low", nodes.choose(finite, above_low, nodes.constant(0)))
    if right.fixed == 0:
        by_least = by_greatest = nodes.constant(0)
    else:
        factor = nodes.constant(int(scaled.unit / unit))
        by_least, by_greatest = nodes.times(low, factor), nodes.times(high, factor)
    tests = _of_quotient(operator, (above_low, above_high), by_least, by_greatest)
    positive = nodes.compare(">", low, nodes.constant(0))
    return nodes.choose(positive, Condition(*tests).value, nodes.constant(None))


def _of_quotient(
    operator: str, above: numbers.Ends, by_least: ast.expr, by_greatest: ast.expr
) -> tuple[ast.expr, ast.expr]:
    """Return the tests that a quotient of positive numbers compares so with a constant, and that it does not.

    It is at least `above.low / greatest` and at most `above.high / least`; the constant comes times either divisor.
    """
    low, high = above
    if operator == "=":
        equal = nodes.both(nodes.compare("=", low, by_greatest), nodes.compare("=", high, by_least))
        return equal, nodes.either(nodes.compare("<", high, by_least), nodes.compare("<", by_greatest, low))
    opposite = nodes.OPPOSITES[operator]
    if operator in {">", ">="}:
        return nodes.compare(operator, low, by_greatest), nodes.compare(opposite, high, by_least)
    return nodes.compare(operator, high, by_least), nodes.compare(opposite, low, by_greatest)


# --- members and texts -----------------------------------------------------------------------------------------------


def compare_choices(builder: Builder, operator: str, left: Choice, right: Choice) -> Condition:
    """Return the comparison of two choices, levels or texts."""
    if left.fixed is not None and right.fixed is not None:
        return always(Options(frozenset([left.fixed])).compare(operator, Options(frozenset([right.fixed]))))  # type: ignore[list-item]
    if left.fixed is not None:
        left, right, operator = right, left, nodes.MIRRORED[operator]
    if right.fixed is not None:
        otherwise = left.missing.compare(operator, Options(frozenset([right.fixed])))  # type: ignore[list-item]
        return _compared(left, otherwise, *_member_tests(operator, left, right.code))
    return _compare_two_choices(builder, operator, left, right)


def _compare_two_choices(builder: Builder, operator: str, left: Choice, right: Choice) -> Condition:
    if left.condition is not None or right.condition is not None:
        raise NotCovered
    given = nodes.both(nodes.is_given(left.code), nodes.is_given(right.code))
    known = nodes.compare(operator, left.code, right.code)
    if left.count is None:
        return Condition(nodes.both(given, known), nodes.both(given, nodes.negated(known)))
    arguments = (nodes.constant(operator), left.code, right.code, nodes.constant(left.count))
    return held(builder.bind("compared", nodes.choose(given, known, builder.call("compare_members", *arguments))))


def _member_tests(operator: str, left: Choice, member: ast.expr) -> tuple[ast.expr, ast.expr]:
    known = nodes.compare(operator, left.code, member)
    if left.condition is not None and operator in {"<", "<="}:
        known = nodes.chain(nodes.constant(0), ("<=", left.code), (operator, member))
        return known, nodes.negated(known)
    return known, nodes.compare(nodes.OPPOSITES[operator], left.code, member)


def is_among(choice: Choice, members: Iterable[object]) -> Condition:
    """Return whether a choice, level or text is one of `members`."""
    wanted = frozenset(members)
    if choice.fixed is not None:
        return always(choice.fixed in wanted)
    otherwise = choice.missing.among(wanted)  # type: ignore[arg-type]  # positions or texts
    ordered = sorted(wanted)  # type: ignore[type-var]  # all are positions, or all are texts
    if len(ordered) == 1:
        one = nodes.constant(ordered[0])
        return _compared(choice, otherwise, nodes.compare("=", choice.code, one), nodes.compare("!=", choice.code, one))
    listed = ast.Set([nodes.constant(member) for member in ordered])
    known, unequal = (nodes.compare(operator, choice.code, listed) for operator in ("in", "not in"))
    return _compared(choice, otherwise, known, unequal)


def _compared(choice: Choice, otherwise: Truth, known: ast.expr, unequal: ast.expr) -> Condition:
    if otherwise is True and choice.condition is not None:
        raise NotCovered  # it would be true only where the choice exists
    return compared(nodes.is_none(choice.code), otherwise, known, unequal)


def is_one_of(builder: Builder, number: Numeric, values: list[Numeric]) -> Condition:
    """Return whether a number or day is one of the constants."""
    return any_of(builder, [compare_numbers(builder, "=", number, value) for value in values])
