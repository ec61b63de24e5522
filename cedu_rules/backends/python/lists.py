"""Aggregates into loops: what is certain of a list, and what is only possible.

An element is certain where the filter is true, only possible where it is unknown. Every aggregate starts from what it
is over no element, goes through the elements once, and keeps the ends of what it may be. A missing list has no elements
to go through: what the aggregate then is, it is from the start.
"""

import ast
from collections.abc import Callable
from fractions import Fraction

from attrs import field, frozen

from cedu_rules.backends.python import nodes, numbers
from cedu_rules.backends.python.builder import LOOPS_LIMIT, Builder, NotCovered, Scope
from cedu_rules.backends.python.conditions import Condition, held
from cedu_rules.backends.python.numbers import Number, Numeric
from cedu_rules.backends.python.series import add_ends
from cedu_rules.truth import ANY_NUMBER, INFINITY, Interval

LENGTH_LIMIT = 10**30
"""No list is so long."""

COUNTS = Interval(0, INFINITY)
Test = Callable[[Scope], Condition]
Body = Callable[[Scope], Numeric]


@frozen(eq=False)
class Listing:
    """A list: `cell` holds a tuple of rows, or None; `element` makes the scope of an element, given its row."""

    cell: ast.expr
    element: Callable[[ast.expr], Scope]
    blank: tuple[object, ...] = field(repr=False)

    @property
    def missing(self) -> ast.expr:
        """The test for a missing list."""
        return nodes.is_none(self.cell)


def loop(builder: Builder, listing: Listing, write: Callable[[Scope], None]) -> None:
    """Write a loop over the elements; `write` emits what is done with each."""
    row = builder.local("element")
    scope = listing.element(nodes.name(row))
    _deeper(builder, lambda: _within(builder, scope, write))
    if not scope.statements:
        return
    given = ast.BoolOp(ast.Or(), [listing.cell, ast.Tuple([], ast.Load())])
    unpacked = builder.unpacking(scope)
    target = nodes.target(row)
    if len(unpacked) == 1 and unpacked[0].value is scope.row:  # type: ignore[attr-defined]  # an assignment
        target, unpacked = unpacked[0].targets[0], []  # type: ignore[attr-defined]
    builder.emit(ast.For(target, given, unpacked + scope.statements, []))


def _deeper(builder: Builder, write: Callable[[], None]) -> None:
    if builder.loops >= LOOPS_LIMIT:
        raise NotCovered
    builder.loops += 1
    write()
    builder.loops -= 1


def _within(builder: Builder, scope: Scope, write: Callable[[Scope], None]) -> None:
    with builder.block(scope.statements):
        write(scope)


def _if_possible(builder: Builder, where: Condition, write: Callable[[], None]) -> None:
    """Emit what is done with an element unless the filter is known to be false."""
    with builder.block() as statements:
        write()
    builder.emit(*nodes.when(nodes.negated(where.false), statements))


# --- conditions ------------------------------------------------------------------------------------------------------


def quantified(builder: Builder, listing: Listing, where: Test, body: Test, *, every: bool) -> Condition:
    """Return `all` or `any`: `every` is the truth over no element, the other one is decided by a certain element."""
    answer = builder.local("every" if every else "some")
    start, decided, unknown = nodes.constant(every), nodes.constant(not every), nodes.constant(None)
    builder.emit(nodes.assign(answer, nodes.choose(listing.missing, unknown, start)))

    def write(scope: Scope) -> None:
        included = where(scope)

        def judge() -> None:
            truth = body(scope)
            harmless, decisive = (truth.true, truth.false) if every else (truth.false, truth.true)
            doubt = ast.If(nodes.compare("is", nodes.name(answer), start), [nodes.assign(answer, unknown)], [])
            strike = nodes.when(nodes.both(included.true, decisive), [nodes.assign(answer, decided)], [doubt])
            builder.emit(*nodes.when(nodes.negated(harmless), strike))

        _if_possible(builder, included, judge)

    loop(builder, listing, write)
    return held(nodes.name(answer))


# --- counts and sums -------------------------------------------------------------------------------------------------


def count(builder: Builder, listing: Listing, where: Test) -> Number:
    """Return how many elements there are."""
    low, high = builder.local("count"), builder.local("at_most")
    edge = numbers.infinity(builder)
    zero = nodes.constant(0)
    builder.emit(nodes.assign(low, zero), nodes.assign(high, nodes.choose(listing.missing, edge, zero)))
    one = nodes.constant(1)

    def write(scope: Scope) -> None:
        included = where(scope)
        sure = nodes.when(included.true, [nodes.add_to(low, one)])
        builder.emit(*nodes.when(nodes.negated(included.false), [*sure, nodes.add_to(high, one)]))

    loop(builder, listing, write)
    return numbers.interval(Fraction(1), nodes.name(low), nodes.name(high), COUNTS, LENGTH_LIMIT)


def length(builder: Builder, listing: Listing) -> Number:
    """Return how many elements there are, all of them certain."""
    counted = nodes.choose(listing.missing, nodes.constant(None), builder.call("len", listing.cell))
    return numbers.leaf(builder, builder.bind("count", counted), Fraction(1), COUNTS, limit=LENGTH_LIMIT)


def total(builder: Builder, listing: Listing, where: Test, body: Body) -> Number:
    """Return the sum; a possible element adds its value or nothing."""
    low, high = names = (builder.local("total"), builder.local("at_most"))
    blank = _of_blank(builder, listing, names, body)
    builder.emit(*nodes.when(listing.missing, blank, [nodes.assign_each(names, nodes.constant(0))]))
    found: list[Number] = []

    def write(scope: Scope) -> None:
        included = where(scope)
        _if_possible(builder, included, lambda: found.append(_add(builder, names, included, body(scope))))

    loop(builder, listing, write)
    number = found[0]
    range_ = COUNTS.times(number.range.join(Interval(0, 0)))
    size = number.size * LENGTH_LIMIT
    return numbers.checked(
        numbers.interval(number.unit, nodes.name(low), nodes.name(high), range_, size, whole=number.whole)
    )


def _of_blank(builder: Builder, listing: Listing, names: tuple[str, str], body: Body) -> list[ast.stmt]:
    """Return what the sum over a missing list is: any number of times the value of an element with nothing recorded."""
    scope = listing.element(builder.constant("blank", listing.blank))

    def write(scope: Scope) -> None:
        number = numbers.plain(builder, body(scope))
        arguments = (nodes.constant(0), numbers.infinity(builder), *number.ends())
        builder.emit(nodes.unpack(names, builder.call("product_ends", *arguments)))

    _deeper(builder, lambda: _within(builder, scope, write))
    return builder.unpacking(scope) + scope.statements


def _add(builder: Builder, names: tuple[str, str], included: Condition, value: Numeric) -> Number:
    """Emit the addition of an element, and return its number."""
    number = numbers.plain(builder, value)
    with builder.block() as sure:
        if number.known:
            with builder.block() as known:
                add_ends(builder, names, number, (number.point, number.point))
            with builder.block() as unknown:
                add_ends(builder, names, number, number.ends())
            builder.emit(*nodes.when(nodes.both(*number.known), known, unknown))
        else:
            add_ends(builder, names, number, (number.point, number.point))
    with builder.block() as perhaps:
        low, high = number.ends()
        zero = nodes.constant(0)
        add_ends(builder, names, number, (builder.call("min", zero, low), builder.call("max", zero, high)))
    builder.emit(*nodes.when(included.true, sure, perhaps))
    return number


# --- statistics ------------------------------------------------------------------------------------------------------


def extreme(
    builder: Builder, listing: Listing, where: Test, body: Body, *, choose: str, nothing: Interval
) -> Number:
    """Return the least (`min`) or greatest (`max`); `nothing` is what is known without a certain element."""
    low, high, found = builder.local("low"), builder.local("high"), builder.local("found")
    kept: list[Number] = []
    edge = numbers.infinity(builder)
    start = edge if choose == "min" else nodes.minus(edge)
    builder.emit(nodes.assign_each([low, high], start), nodes.assign(found, nodes.constant(False)))

    def write(scope: Scope) -> None:
        included = where(scope)

        def judge() -> None:
            number = numbers.plain(builder, body(scope))
            kept.append(number)
            ends = dict(zip((low, high), number.ends(), strict=True))
            update = {name: nodes.assign(name, builder.call(choose, nodes.name(name), end)) for name, end in ends.items()}
            open_end, closed_end = (low, high) if choose == "min" else (high, low)
            sure = [update[closed_end], nodes.assign(found, nodes.constant(True))]
            builder.emit(update[open_end], *nodes.when(included.true, sure))

        _if_possible(builder, included, judge)

    loop(builder, listing, write)
    number = kept[0]
    unknown = _ends_of(builder, nothing, number.unit)
    builder.emit(*nodes.when(nodes.negated(nodes.name(found)), [nodes.unpack([low, high], unknown)]))
    return numbers.checked(
        numbers.interval(number.unit, nodes.name(low), nodes.name(high), nothing, number.size, whole=number.whole)
    )


def _ends_of(builder: Builder, interval: Interval, unit: Fraction) -> ast.expr:
    ends: list[ast.expr] = [numbers.end_code(builder, end, unit) for end in (interval.low, interval.high)]
    return ast.Tuple(ends, ast.Load())


def mean(builder: Builder, listing: Listing, where: Test, body: Body) -> Number:
    """Return the extreme means of the certain elements and any of the possible."""
    kept: list[Number] = []

    def pair(scope: Scope) -> ast.expr:
        number = numbers.plain(builder, body(scope))
        kept.append(number)
        return ast.Tuple(list(number.ends()), ast.Load())

    certain, maybe = _collected(builder, listing, where, pair)
    low, high = builder.local("low"), builder.local("high")
    unknown = _ends_of(builder, ANY_NUMBER, Fraction(1))
    value = nodes.choose(certain, builder.call("mean_ends", certain, maybe), unknown)
    builder.emit(nodes.unpack([low, high], value))
    return numbers.interval(kept[0].unit, nodes.name(low), nodes.name(high), ANY_NUMBER, 1, whole=False)


def distinct(builder: Builder, listing: Listing, where: Test, key: Callable[[Scope], ast.expr]) -> Number:
    """Return how many different keys there are; `key` is None where it is not known."""
    certain, maybe = _collected(builder, listing, where, key)
    low, high = builder.local("count"), builder.local("at_most")
    builder.emit(nodes.unpack([low, high], builder.call("distinct_ends", certain, maybe)))
    edge = numbers.infinity(builder)
    builder.emit(*nodes.when(listing.missing, [nodes.assign(high, edge)]))
    return numbers.interval(Fraction(1), nodes.name(low), nodes.name(high), COUNTS, LENGTH_LIMIT)


def _collected(
    builder: Builder, listing: Listing, where: Test, value: Callable[[Scope], ast.expr]
) -> tuple[ast.expr, ast.expr]:
    """Return the names of two lists: of the values of certain elements, and of those that are only possible."""
    certain, maybe = builder.local("certain"), builder.local("maybe")
    for name in (certain, maybe):
        builder.emit(nodes.assign(name, ast.List([], ast.Load())))

    def write(scope: Scope) -> None:
        included = where(scope)

        def judge() -> None:
            chosen = nodes.choose(included.true, nodes.name(certain), nodes.name(maybe))
            builder.emit(ast.Expr(ast.Call(nodes.attribute(chosen, "append"), [value(scope)], [])))

        _if_possible(builder, included, judge)

    loop(builder, listing, write)
    return nodes.name(certain), nodes.name(maybe)
