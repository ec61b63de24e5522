"""`by` tables into code: the first row that fits, or everything that an unknown selector may still select."""

import ast
from collections.abc import Sequence

from attrs import frozen

from cedu_rules.backends.python import arithmetic, nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered
from cedu_rules.backends.python.conditions import Condition, bound, held
from cedu_rules.backends.python.numbers import Number, Numeric
from cedu_rules.truth import ANY_NUMBER, Interval, Truth

ROWS_LIMIT = 64


@frozen(eq=False)
class Row:
    """One row: the test that the selector fits, and whether a missing one does."""

    test: Condition
    when_missing: Truth


def checked(rows: Sequence[Row]) -> None:
    """Refuse tables too long to be written out."""
    if len(rows) > ROWS_LIMIT:
        raise NotCovered


def first_truth(builder: Builder, rows: Sequence[Row], outcomes: Sequence[Condition]) -> Condition:
    """Return the truth of the first row that fits; the last of the outcomes may be that of `else`."""
    checked(rows)
    answer, found = builder.local("chosen"), builder.local("found")
    outcomes = [bound(builder, outcome) for outcome in outcomes]
    builder.emit(nodes.assign(answer, nodes.constant(None)), nodes.assign(found, nodes.constant(False)))
    waiting = builder.local("waiting")
    builder.emit(nodes.assign(waiting, nodes.constant(True)))
    known = nodes.name(answer)
    for test, outcome in zip(_tests(rows, len(outcomes)), outcomes, strict=True):
        agreed = nodes.choose(nodes.compare("is", known, outcome.value), known, nodes.constant(None))
        merged = nodes.choose(nodes.name(found), agreed, outcome.value)
        builder.emit(
            *_selectable(waiting, test, [nodes.assign(answer, merged), nodes.assign(found, nodes.constant(True))])
        )
    return held(known)


def _tests(rows: Sequence[Row], outcomes: int) -> list[Condition | None]:
    tests: list[Condition | None] = [row.test for row in rows]
    return tests + [None] * (outcomes - len(rows))


def _selectable(waiting: str, test: Condition | None, select: list[ast.stmt]) -> list[ast.stmt]:
    """Return what is done where a row may be selected: no earlier one fits for certain, and its test is not false."""
    if test is None:
        return nodes.when(nodes.name(waiting), select)
    closed = nodes.assign(waiting, nodes.negated(test.true))
    return nodes.when(nodes.both(nodes.name(waiting), nodes.negated(test.false)), [*select, closed])


def first_number(
    builder: Builder, rows: Sequence[Row], outcomes: Sequence[Numeric], missing: ast.expr | None
) -> Number:
    """Return the number of the first row that fits; `missing` tests a selector that is one recorded value."""
    checked(rows)
    found = numbers.in_one_unit(*(arithmetic.plain(builder, outcome) for outcome in outcomes))
    constants = [number.fixed for number in found if number.fixed is not None]
    if missing is not None and len(constants) == len(found) > len(rows):
        return _constant(builder, rows, found, missing)
    items = [numbers.bound(builder, number, "row") for number in found]
    low, high, waiting = builder.local("low"), builder.local("high"), builder.local("waiting")
    edge = numbers.infinity(builder)
    builder.emit(nodes.assign(low, edge), nodes.assign(high, nodes.minus(edge)))
    builder.emit(nodes.assign(waiting, nodes.constant(True)))
    ends = nodes.name(low), nodes.name(high)
    for test, item in zip(_tests(rows, len(items)), items, strict=True):
        least, greatest = item.ends()
        wider = [
            nodes.assign(low, builder.call("min", ends[0], least)),
            nodes.assign(high, builder.call("max", ends[1], greatest)),
        ]
        builder.emit(*_selectable(waiting, test, wider))
    nothing = nodes.compare(">", *ends)
    builder.emit(*nodes.when(nothing, [nodes.unpack([low, high], numbers.unbounded(builder))]))
    size, whole = max(item.size for item in items), all(item.whole for item in items)
    return numbers.interval(items[0].unit, ends, ANY_NUMBER, size, whole=whole)


def _constant(builder: Builder, rows: Sequence[Row], found: list[Number], missing: ast.expr) -> Number:
    """Return the number of a table of constants with `else`; a missing selector selects among the same rows always."""
    code = found[-1].point
    for row, number in reversed(list(zip(rows, found, strict=False))):
        test = row.test.true if row.test.known is None else row.test.known
        code = nodes.choose(test, number.point, code)
    selectable: list[Interval] = []
    for truth, number in zip([*(row.when_missing for row in rows), True], found, strict=True):
        selectable += [] if truth is False else [number.range]
        if truth is True:
            break
    hull = Interval(min(each.low for each in selectable), max(each.high for each in selectable))
    code = builder.bind("chosen", nodes.choose(missing, nodes.constant(None), code))
    return numbers.leaf(builder, code, found[0].unit, hull, limit=max(number.size for number in found))
