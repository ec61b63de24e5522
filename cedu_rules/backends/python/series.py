"""Series into code: arithmetic year by year, and what is asked of a series.

A compiled series is the cells of the rows that it is made of and a way to compute one year from their values there.
Nothing is computed for years that nobody asks for.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

from attrs import frozen

from cedu_rules.backends.python import arithmetic, nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered
from cedu_rules.backends.python.conditions import Condition, all_of, held
from cedu_rules.backends.python.numbers import Number, Numeric
from cedu_rules.truth import Interval

CELLS_LIMIT = 16
"""A computed series is made of so many recorded ones, each as often as it is written."""

OfYear = Callable[[Sequence[ast.expr]], Numeric]


@frozen(eq=False)
class SeriesCode:
    """A series: `cells` of rows, and the number of one year given the names of their values in that year.

    It exists where `condition` holds. `declared` are the ends of a missing year, as codes, of one that is recorded as
    it is; `shares` is the place of a row that holds the quotient of two recorded ones, `divided` are the cells of two
    whose quotient might stand in a row but does not.
    """

    cells: tuple[ast.expr, ...]
    of_year: OfYear
    condition: Condition | None = None
    declared: numbers.Ends | None = None
    shares: ast.expr | None = None
    divided: tuple[ast.expr, ...] = ()


def recorded(
    builder: Builder, cell: ast.expr, unit: Fraction, declared: Interval, condition: Condition | None
) -> SeriesCode:
    """Return the series that a place of a row holds."""
    if condition is not None and not declared.low <= 0 <= declared.high:
        raise NotCovered  # a missing year is not just any declared value, but may be 0
    low, high = (numbers.end_code(builder, end, unit) for end in (declared.low, declared.high))
    return SeriesCode(
        (cell,), lambda values: numbers.leaf(builder, values[0], unit, declared), condition, declared=(low, high)
    )


def combined(parts: Sequence[SeriesCode | Numeric], function: Callable[[list[Numeric]], Numeric]) -> SeriesCode:
    """Return the series of `function` of the numbers, or of each year of the series, among the parts."""
    cells: list[ast.expr] = []
    readers: list[OfYear] = []
    for part in parts:
        if isinstance(part, SeriesCode):
            if part.condition is not None:
                raise NotCovered
            start, stop = len(cells), len(cells) + len(part.cells)
            readers.append(lambda values, read=part.of_year, span=slice(start, stop): read(values[span]))  # type: ignore[misc]
            cells.extend(part.cells)
        else:
            readers.append(lambda _values, number=part: number)  # type: ignore[misc]
    if len(cells) > CELLS_LIMIT:
        raise NotCovered
    return SeriesCode(tuple(cells), lambda values: function([read(values) for read in readers]))


# --- one year, or several --------------------------------------------------------------------------------------------


def at(builder: Builder, series: SeriesCode, year: Number) -> Numeric:
    """Return the value of a year."""
    if len(series.cells) == 1 and series.condition is None:
        return series.of_year([of_year(builder, series.cells[0], year)])
    if len(series.cells) == 1:
        return _read(builder, series, _got(series.cells[0], _year_code(builder, year)))
    code = _year_code(builder, year)
    names = [builder.local("of_year") for _ in series.cells]
    values: list[ast.expr] = [nodes.name(name) for name in names]
    builder.emit(*(nodes.assign(name, _got(cell, code)) for name, cell in zip(names, series.cells, strict=True)))
    listed = nodes.unpack(names, builder.call("year_values", code, *series.cells))  # of a year that only some list
    builder.emit(ast.If(nodes.either(*map(nodes.is_none, values)), [listed], []))
    return series.of_year(values)


def _got(cell: ast.expr, year: ast.expr) -> ast.expr:
    return ast.Call(nodes.attribute(cell, "get"), [year], [])


def of_year(builder: Builder, cell: ast.expr, year: Number) -> ast.expr:
    """Return the name of what a place of the row holds for a year, None where it does not list it; read once a record."""
    code, top = _year_code(builder, year), builder.institution
    if not isinstance(code, ast.Name) or not isinstance(cell, ast.Name) or not _is_of_top(builder, cell, code):
        return builder.bind("of_year", _got(cell, code))

    def make() -> ast.expr:
        with builder.block(top.statements):
            return builder.bind("of_year", _got(cell, code))

    return top.once("of_year", (cell.id, code.id), make)


def _is_of_top(builder: Builder, *names: ast.Name) -> bool:
    """Return whether the names are known at the end of what is at the top of the function."""
    top = builder.institution
    return {name.id for name in names} <= {*top.cells.values(), *top.log}


def _year_code(builder: Builder, year: Number) -> ast.expr:
    if year.exists is not None or not year.whole or year.unit.denominator != 1:
        raise NotCovered
    code = nodes.times(year.point, nodes.constant(year.unit.numerator))
    if year.single and isinstance(code, ast.Name):
        return code
    return builder.bind("year", nodes.choose(nodes.both(*year.known), code, nodes.constant(None)))


def latest(builder: Builder, series: SeriesCode) -> Numeric:
    """Return the value of the last year that is listed."""
    _fill(builder, series)
    values = builder.call("last_values", *series.cells)
    return _read(builder, series, nodes.item(values, 0) if len(series.cells) == 1 else values)


def _read(builder: Builder, series: SeriesCode, values: ast.expr) -> Numeric:
    """Return the number of one year, whose values `values` computes; 0 where the series does not exist."""
    if series.condition is not None:
        values = nodes.choose(series.condition.false, nodes.constant(0), values)
    names = [builder.local("of_year") for _ in series.cells]
    builder.emit(nodes.assign(names[0], values) if len(names) == 1 else nodes.unpack(names, values))
    return series.of_year([nodes.name(name) for name in names])


def average(builder: Builder, series: SeriesCode, years: int) -> Number:
    """Return the mean of so many calendar years that end with the last one listed."""
    _fill(builder, series)
    low, high = builder.local("low"), builder.local("high")
    listed = builder.call("last_years", nodes.constant(years), *series.cells)
    if series.condition is not None:
        listed = nodes.choose(series.condition.false, ast.Tuple([], ast.Load()), listed)
    builder.emit(nodes.assign_each([low, high], nodes.constant(0)))
    with _each(builder, series, listed) as number:
        arithmetic.add_to(builder, (low, high), number, number.ends())
    span = Interval(years, years)
    range_ = number.range.times(span).over(span)
    ends = nodes.name(low), nodes.name(high)
    return numbers.interval(number.unit / years, ends, range_, number.size * years, whole=number.whole)


def _fill(builder: Builder, series: SeriesCode) -> None:
    """Note that years which the series do not list, between those that they do, are to be listed blank."""
    builder.filled.update(map(nodes.identifier_of, series.cells))


@contextmanager
def _each(builder: Builder, series: SeriesCode, listed: ast.expr) -> Iterator[Number]:
    """Write a loop over tuples of values of years: what is emitted inside goes into it."""
    names = [builder.local("of_year") for _ in series.cells]
    with builder.block() as statements:
        yield arithmetic.plain(builder, series.of_year([nodes.name(name) for name in names]))
    places: list[ast.expr] = [ast.Name(name, ast.Store()) for name in names]
    builder.emit(ast.For(ast.Tuple(places, ast.Store()), listed, statements, []))


# --- trends ----------------------------------------------------------------------------------------------------------


def trend(builder: Builder, series: SeriesCode, *, falling: bool) -> Condition:
    """Return `rises`, or `falls`."""
    answer = builder.bind("trend", _trend(builder, series, falling=falling))
    if series.condition is None:
        return held(answer)
    missing = series.condition.false
    return all_of(builder, [Condition(nodes.negated(missing), missing), held(answer)])


def _trend(builder: Builder, series: SeriesCode, *, falling: bool) -> ast.expr:
    if series.shares is not None:
        if falling:
            return builder.call("shares_fall", series.shares)
        return _rising_shares(builder, series.shares)
    if series.divided:
        if falling:
            _fill(builder, series)
            return builder.call("quotients_fall", *series.divided)
        return _rising_quotients(builder, *series.divided)
    _fill(builder, series)
    if series.declared is not None:
        sign = nodes.constant(-1 if falling else 1)
        return builder.call("values_rise", *series.cells, *series.declared, sign)
    years = builder.local("years")
    builder.emit(nodes.assign(years, ast.List([], ast.Load())))
    with _each(builder, series, builder.call("each_year", *series.cells)) as number:
        ends = nodes.pair(*(arithmetic.negative(number) if falling else number).ends())
        builder.emit(ast.Expr(ast.Call(nodes.attribute(nodes.name(years), "append"), [ends], [])))
    return builder.call("rises", nodes.name(years))


def _rising_shares(builder: Builder, shares: ast.expr) -> ast.expr:
    """Return whether shares rise, as `shares_fall` tells whether they fall: -1 is any from 0 on, of None nothing is known."""
    before, share, answer = map(builder.local, ("before", "share", "trend"))
    zero, unknown = nodes.constant(0), nodes.assign(answer, nodes.constant(None))
    several = nodes.compare(">", builder.call("len", shares), nodes.constant(1))
    builder.emit(
        nodes.assign(before, nodes.constant(-1)),
        nodes.assign(answer, nodes.choose(several, nodes.constant(True), nodes.constant(None))),
    )
    falls: list[ast.stmt] = [nodes.assign(answer, nodes.constant(False)), ast.Break()]
    closer = ast.If(nodes.compare("<", nodes.name(share), zero), [_at_least_zero(before), unknown], falls)
    greater = nodes.compare(">", nodes.name(share), nodes.name(before))
    step = ast.If(greater, [nodes.assign(before, nodes.name(share))], [closer])
    blank = ast.If(nodes.is_none(nodes.name(share)), [unknown], [step])
    listed = ast.Call(nodes.attribute(shares, "values"), [], [])
    builder.emit(ast.For(nodes.target(share), listed, [blank], []))
    return nodes.name(answer)


def _rising_quotients(builder: Builder, above: ast.expr, below: ast.expr) -> ast.expr:
    """Return whether quotients rise, year after year.

    `quotients_rise` tells it where a year is left out, the years are in no order, only one of the series lists one, or a
    caller's mapping is no plain dict, which might be changed by reading it. Quotients are compared as floats, which keeps
    their order, as what rounds to the nearest does; two that are one float are compared exactly there.
    """
    year, last, amount, whole, answer = map(builder.local, ("year", "last", "amount", "whole", "trend"))
    by_call = [nodes.assign(answer, builder.call("quotients_rise", above, below))]
    unknown: list[ast.stmt] = [nodes.assign(answer, nodes.constant(None))]
    before = builder.local("before")
    step = ast.BinOp(nodes.name(year), ast.Sub(), nodes.name(last))
    strays = nodes.both(nodes.compare("!=", step, nodes.constant(1)), nodes.name(last))
    share = builder.local("share")
    greater, less = (nodes.compare(each, nodes.name(share), nodes.name(before)) for each in (">", "<"))
    falls: list[ast.stmt] = [nodes.assign(answer, nodes.constant(False)), ast.Break()]
    divided: list[ast.stmt] = [
        nodes.assign(share, ast.BinOp(nodes.name(amount), ast.Div(), nodes.name(whole))),
        ast.If(greater, [nodes.assign(before, nodes.name(share))], [ast.If(less, falls, [*by_call, ast.Break()])]),
    ]
    blank: list[ast.stmt] = [_at_least_zero(before), *unknown]
    body: list[ast.stmt] = [
        ast.If(strays, [*by_call, ast.Break()], []),
        nodes.assign(last, nodes.name(year)),
        nodes.assign(whole, ast.Subscript(below, nodes.name(year), ast.Load())),
        ast.If(nodes.name(whole), [ast.If(nodes.is_none(nodes.name(amount)), blank, divided)], unknown),
    ]
    listed = ast.Call(nodes.attribute(above, "items"), [], [])
    unlisted = ast.ExceptHandler(nodes.name(builder.helper("KeyError")), None, by_call)
    looked_at = [
        nodes.assign(before, nodes.constant(-1.0)),
        nodes.assign(last, nodes.constant(0)),
        nodes.assign(answer, nodes.constant(True)),
        ast.Try([ast.For(nodes.target(year, amount), listed, body, [])], [unlisted], [], []),
    ]
    several = nodes.both(below, nodes.compare(">", builder.call("len", above), nodes.constant(1)))
    is_dict = nodes.compare("is", nodes.attribute(below, "__class__"), nodes.name(builder.helper("dict")))
    builder.emit(*nodes.when(several, nodes.when(is_dict, looked_at, by_call), unknown))
    return nodes.name(answer)


def _at_least_zero(before: str) -> ast.stmt:
    """Return the statement that keeps of a share of which only the divisor is known that it is not below 0."""
    zero = nodes.constant(0)
    return nodes.assign(before, nodes.choose(nodes.compare("<", nodes.name(before), zero), zero, nodes.name(before)))
