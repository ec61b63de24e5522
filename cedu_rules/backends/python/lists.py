"""Aggregates into loops: what is certain of a list, and what is only possible.

An element is certain where the filter is true, only possible where it is unknown. Every aggregate starts from what it
is over no element, goes through the elements once, and keeps the ends of what it may be. A missing list has no elements
to go through: what the aggregate then is, it is from the start.
"""

import ast
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from cedu_rules.backends.python import arithmetic, nodes, numbers
from cedu_rules.backends.python.builder import LOOPS_LIMIT, Builder, Loop, NotCovered, Scope, append, forget, unpacking
from cedu_rules.backends.python.conditions import Condition, held
from cedu_rules.backends.python.numbers import Number, Numeric
from cedu_rules.truth import ANY_NUMBER, INFINITY, Interval

LENGTH_LIMIT = 10**30
"""No list is so long."""

COUNTS = Interval(0, INFINITY)
Made = TypeVar("Made")
Test = Callable[[Scope], Condition]
Body = Callable[[Scope], Numeric]


@frozen(eq=False)
class Listing:
    """A list of `owner`: the local name `cell` holds a tuple of rows, or None.

    `element` makes the scope of an element, given its row; `blank` is the row of one with nothing recorded.
    """

    cell: ast.expr
    owner: Scope
    element: Callable[[ast.expr], Scope]
    blank: tuple[object, ...] = ()

    @property
    def missing(self) -> ast.expr:
        """The test for a missing list."""
        return nodes.is_none(self.cell)


def each(builder: Builder, listing: Listing, starts: list[ast.stmt], write: Callable[[Scope], None]) -> None:
    """Emit what an aggregate starts from, and a loop over the elements; `write` emits what is done with each.

    Aggregates of one list of the institution share a loop where none needs what is computed only after the loop.
    """
    owner, key = listing.owner, nodes.identifier_of(listing.cell)
    shared = builder.is_at_top_of(builder.institution) and owner is builder.institution
    open_loop = owner.loops.get(key) if shared else None
    nodes.place(starts, builder.span)
    if open_loop is not None and open_loop.is_open() and _joins(builder, open_loop, starts, write):
        open_loop.add(starts)
        return
    loop = Loop(owner, listing.element(nodes.name(builder.local("element"))), listing.cell, builder.span)
    _write(builder, loop.element, write)
    if shared:
        loop.put()
        owner.loops[key] = loop
    loop.add(starts)
    if not shared:
        builder.emit(*loop.written())


def _joins(builder: Builder, loop: Loop, starts: list[ast.stmt], write: Callable[[Scope], None]) -> bool:
    """Write into an open loop, and return whether that may stand there; else it is taken back."""
    element = loop.element
    before, sizes = element.statements, (len(element.cells), len(element.computed))
    element.statements, loop.busy, joins = [], True, False
    try:
        _write(builder, element, write)
        joins = loop.precedes([*starts, *element.statements])
    finally:
        added, element.statements, loop.busy = element.statements, before, False
        if not joins:
            forget(element.cells, sizes[0])
            forget(element.computed, sizes[1])
    if joins:
        append(element.statements, added)
    return joins


def _write(builder: Builder, scope: Scope, write: Callable[[Scope], None]) -> None:
    """Let `write` emit the statements at the top of an element, one loop deeper."""
    if builder.loops >= LOOPS_LIMIT:
        raise NotCovered
    builder.loops += 1
    with builder.block(scope.statements):
        write(scope)
    builder.loops -= 1


def _sort(
    builder: Builder,
    included: Condition,
    body: Callable[[], Made],
    sure: Callable[[Made], None],
    perhaps: Callable[[Made], None],
) -> None:
    """Emit what is done with an element that is in the filter for certain, and with one that is only possible.

    A filter that is one recorded truth makes three branches, which other aggregates can continue.
    """
    with builder.block() as prepared:
        made = body()
    with builder.block() as certain:
        sure(made)
    with builder.block() as possible:
        perhaps(made)
    nothing: list[ast.stmt] = [ast.Pass()]
    if isinstance(included.true, ast.Name) and not prepared:
        rest = ast.If(included.false, nothing, possible)
        builder.emit(ast.If(included.true, certain or nothing, [rest]))
    elif isinstance(included.false, ast.Name) and not prepared:
        rest = ast.If(included.true, certain or nothing, possible)
        builder.emit(ast.If(included.false, nothing, [rest]))
    else:
        inner = [*prepared, *nodes.when(included.true, certain, possible)]
        builder.emit(*nodes.when(nodes.negated(included.false), inner))


# --- conditions ------------------------------------------------------------------------------------------------------


def quantified(builder: Builder, listing: Listing, where: Test, body: Test, *, every: bool) -> Condition:
    """Return `all` or `any`: `every` is the truth over no element, the other one is decided by a certain element."""
    answer = builder.local("every" if every else "some")
    start, decided, unknown = nodes.constant(every), nodes.constant(not every), nodes.constant(None)
    doubt: list[ast.stmt] = [
        ast.If(nodes.compare("is", nodes.name(answer), start), [nodes.assign(answer, unknown)], [])
    ]

    def harmless(truth: Condition) -> ast.expr:
        return truth.true if every else truth.false

    def decisive(truth: Condition) -> ast.expr:
        return truth.false if every else truth.true

    def write(scope: Scope) -> None:
        _sort(builder, where(scope), lambda: body(scope), sure, perhaps)

    def sure(truth: Condition) -> None:
        strike = nodes.when(decisive(truth), [nodes.assign(answer, decided)], doubt)
        builder.emit(*nodes.when(nodes.negated(harmless(truth)), strike))

    def perhaps(truth: Condition) -> None:
        builder.emit(*nodes.when(nodes.negated(harmless(truth)), doubt))

    begin = ast.If(listing.missing, [nodes.assign(answer, unknown)], [nodes.assign(answer, start)])
    each(builder, listing, [begin], write)
    return held(nodes.name(answer))


# --- counts and sums -------------------------------------------------------------------------------------------------


def count(builder: Builder, listing: Listing, where: Test) -> Number:
    """Return how many elements there are."""
    certain, maybe = builder.local("count"), builder.local("maybe")
    zero = nodes.constant(0)
    unknown = [nodes.assign(certain, zero), nodes.assign(maybe, numbers.infinity(builder))]

    def write(scope: Scope) -> None:
        _sort(builder, where(scope), lambda: None, lambda _: add(certain), lambda _: add(maybe))

    def add(name: str) -> None:
        builder.emit(nodes.add_to(name, nodes.constant(1)))

    each(builder, listing, [ast.If(listing.missing, unknown, [nodes.assign_each([certain, maybe], zero)])], write)
    low = nodes.name(certain)
    high = nodes.plus(low, nodes.name(maybe))
    return numbers.interval(Fraction(1), (low, high), COUNTS, LENGTH_LIMIT)


def length(builder: Builder, listing: Listing) -> Number:
    """Return how many elements there are, all of them certain."""
    counted = nodes.choose(listing.missing, nodes.constant(None), builder.call("len", listing.cell))
    return numbers.leaf(builder, builder.bind("count", counted), Fraction(1), COUNTS, limit=LENGTH_LIMIT)


def total(builder: Builder, listing: Listing, where: Test, body: Body) -> Number:
    """Return the sum; a possible element adds its value or nothing."""
    low, high = names = (builder.local("total"), builder.local("at_most"))
    blank = _of_blank(builder, listing, names, body)
    starts = nodes.when(listing.missing, blank, [nodes.assign_each(names, nodes.constant(0))])
    found: list[Number] = []

    def write(scope: Scope) -> None:
        _sort(builder, where(scope), lambda: arithmetic.plain(builder, body(scope)), sure, perhaps)

    def sure(number: Number) -> None:
        found.append(number)
        _add(builder, names, number)

    def perhaps(number: Number) -> None:
        least, greatest = number.ends()
        zero = nodes.constant(0)
        hull = builder.call("min", zero, least), builder.call("max", zero, greatest)
        arithmetic.add_to(builder, names, number, hull)

    each(builder, listing, starts, write)
    number = found[-1]
    range_ = COUNTS.times(number.range.join(Interval(0, 0)))
    size = number.size * LENGTH_LIMIT
    return numbers.interval(number.unit, (nodes.name(low), nodes.name(high)), range_, size, whole=number.whole)


def _of_blank(builder: Builder, listing: Listing, names: tuple[str, str], body: Body) -> list[ast.stmt]:
    """Return what the sum over a missing list is: any number of times the value of an element with nothing recorded."""
    scope = listing.element(builder.constant("blank", listing.blank))

    def write(scope: Scope) -> None:
        number = arithmetic.plain(builder, body(scope))
        arguments = (nodes.constant(0), numbers.infinity(builder), *number.ends())
        builder.emit(nodes.unpack(names, builder.call("product_ends", *arguments)))

    _write(builder, scope, write)
    return unpacking(scope) + scope.statements


def _add(builder: Builder, names: tuple[str, str], number: Number) -> None:
    """Emit the addition of an element that is certain."""
    with builder.block() as known:
        arithmetic.add_to(builder, names, number, (number.point, number.point))
    with builder.block() as unknown:
        if number.known:
            arithmetic.add_to(builder, names, number, number.ends())
    builder.emit(*nodes.when(nodes.both(*number.known), known, unknown))


# --- statistics ------------------------------------------------------------------------------------------------------


def extreme(builder: Builder, choose: str, listing: Listing, where: Test, body: Body, *, nothing: Interval) -> Number:
    """Return the least (`min`) or greatest (`max`); `nothing` is what is known without a certain element."""
    low, high, found = builder.local("low"), builder.local("high"), builder.local("found")
    kept: list[Number] = []
    edge = numbers.infinity(builder)
    start = edge if choose == "min" else nodes.minus(edge)
    starts = [nodes.assign_each([low, high], start), nodes.assign(found, nodes.constant(False))]

    def write(scope: Scope) -> None:
        _sort(builder, where(scope), lambda: arithmetic.plain(builder, body(scope)), sure, perhaps)

    def sure(number: Number) -> None:
        kept.append(number)
        ends = number.ends()
        builder.emit(*(update(name, end) for name, end in zip((low, high), ends, strict=True)))
        builder.emit(nodes.assign(found, nodes.constant(True)))

    def perhaps(number: Number) -> None:
        ends = number.ends()
        builder.emit(update(low, ends[0]) if choose == "min" else update(high, ends[1]))

    def update(name: str, end: ast.expr) -> ast.stmt:
        return nodes.assign(name, builder.call(choose, nodes.name(name), end))

    each(builder, listing, starts, write)
    number = kept[-1]
    unknown = _ends_of(builder, nothing, number.unit)
    builder.emit(*nodes.when(nodes.negated(nodes.name(found)), [nodes.unpack([low, high], unknown)]))
    ends = nodes.name(low), nodes.name(high)
    return numbers.interval(number.unit, ends, nothing, number.size, whole=number.whole)


def _ends_of(builder: Builder, interval: Interval, unit: Fraction) -> ast.expr:
    ends: list[ast.expr] = [numbers.end_code(builder, end, unit) for end in (interval.low, interval.high)]
    return ast.Tuple(ends, ast.Load())


def mean(builder: Builder, listing: Listing, where: Test, body: Body) -> Number:
    """Return the extreme means of the certain elements and any of the possible."""
    kept: list[Number] = []

    def pair(scope: Scope) -> ast.expr:
        number = arithmetic.plain(builder, body(scope))
        kept.append(number)
        return ast.Tuple(list(number.ends()), ast.Load())

    certain, maybe = _collected(builder, listing, where, pair)
    value = nodes.choose(certain, builder.call("mean_ends", certain, maybe), numbers.unbounded(builder))
    return numbers.interval(kept[-1].unit, builder.bind_pair(value), ANY_NUMBER, 1, whole=False)


def distinct(builder: Builder, listing: Listing, where: Test, key: Callable[[Scope], ast.expr]) -> Number:
    """Return how many different keys there are; `key` is None where it is not known."""
    certain, maybe = _collected(builder, listing, where, key)
    low, high = builder.local("count"), builder.local("at_most")
    builder.emit(nodes.unpack([low, high], builder.call("distinct_ends", certain, maybe)))
    edge = numbers.infinity(builder)
    builder.emit(*nodes.when(listing.missing, [nodes.assign(high, edge)]))
    return numbers.interval(Fraction(1), (nodes.name(low), nodes.name(high)), COUNTS, LENGTH_LIMIT)


def _collected(
    builder: Builder, listing: Listing, where: Test, value: Callable[[Scope], ast.expr]
) -> tuple[ast.expr, ast.expr]:
    """Return the names of two lists: of the values of certain elements, and of those that are only possible."""
    certain, maybe = builder.local("certain"), builder.local("maybe")
    starts = [nodes.assign(name, ast.List([], ast.Load())) for name in (certain, maybe)]

    def write(scope: Scope) -> None:
        _sort(builder, where(scope), lambda: value(scope), lambda one: add(certain, one), lambda one: add(maybe, one))

    def add(name: str, one: ast.expr) -> None:
        builder.emit(ast.Expr(ast.Call(nodes.attribute(nodes.name(name), "append"), [one], [])))

    each(builder, listing, starts, write)
    return nodes.name(certain), nodes.name(maybe)
