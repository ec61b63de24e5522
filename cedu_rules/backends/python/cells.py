"""One value of a caller's instance into the statements that put what a row would hold of it into local names.

What is plain is taken there and then, an int in its range, a float with few digits, a truth, the name of a member; for
anything else the statements call what reads that fact. What no way takes raises an exception in the end.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from cedu_rules import rows
from cedu_rules.backends.python import nodes
from cedu_rules.backends.python.builder import Builder
from cedu_rules.backends.python.runtime import KNOWN_RUNS, RUNS_LIMIT
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import TEXT, Type
from cedu_rules.records import FEW_DIGITS, cell_reader, member_words, plain_float, plain_numbers, plain_years
from cedu_rules.units import Unit

FIRST_PLAIN_YEAR, LAST_PLAIN_YEAR = 1500, 2499
"""Years of plain series: from first to last they are never more than a series may reach over."""


class Cells:
    """Writes those statements for one function; `refusal` is the statement that leaves the instance to the slow way."""

    def __init__(self, builder: Builder, model: Model, refusal: Callable[[], ast.stmt]) -> None:
        self._builder = builder
        self._refusal = refusal
        self._units: Mapping[str, Unit] = MappingProxyType({unit.name: unit for unit in model.units})

    # --- what holds nothing, or should not be there ---

    def blank(self, fact: Fact, names: list[str]) -> list[ast.stmt]:
        """Return what a missing fact is."""
        return [nodes.assign(name, code) for name, code in zip(names, self._blank(fact), strict=True)]

    def _blank(self, fact: Fact) -> list[ast.expr]:
        if fact.type.kind == "series":
            return [nodes.name(self._builder.helper("no_years"))]
        return [nodes.constant(cell) for cell in rows.blank_cells(fact.type)]

    def nothing(self, name: str, value: ast.expr) -> list[ast.stmt]:
        """Return the refusal of anything but a missing value."""
        return [nodes.assign(name, value), *nodes.when(nodes.is_given(nodes.name(name)), [self._refusal()])]

    def identity(self, value: ast.expr) -> list[ast.stmt]:
        """Return the check of an id or name, which no clause reads."""
        name = self._builder.local("identity")
        take = self._builder.constant("identity", cell_reader(TEXT, self._units))
        other = nodes.both(nodes.is_given(nodes.name(name)), nodes.negated(self._is_a(nodes.name(name), "str")))
        taken = nodes.assign(name, nodes.call_of(take, nodes.name(name)))
        return [nodes.assign(name, value), ast.If(other, [taken], [])]

    def listing(self, name: str, value: ast.expr) -> list[ast.stmt]:
        """Return the statement that reads a list, and the refusal of what is none."""
        return self._refuse_other(name, value, ["list", "tuple"])

    def _refuse_other(self, name: str, value: ast.expr, kinds: list[str]) -> list[ast.stmt]:
        given = nodes.name(name)
        tests = [nodes.is_given(given), *(nodes.negated(self._is_a(given, kind)) for kind in kinds)]
        return [nodes.assign(name, value), ast.If(nodes.both(*tests), [self._refusal()], [])]

    def _is_a(self, value: ast.expr, kind: str) -> ast.expr:
        """Return the test that a value is of a builtin type, and of no subclass."""
        return nodes.compare("is", nodes.attribute(value, "__class__"), nodes.name(self._builder.helper(kind)))

    # --- trusted ---

    def trusted(self, fact: Fact, names: list[str], value: ast.expr) -> list[ast.stmt]:
        """Return what a public value is, nobody having checked it."""
        type_, name = fact.type, nodes.name(names[0])
        read = nodes.assign(names[0], value)
        match type_.kind:
            case "choice" | "level":
                places = {member.name: place for place, member in enumerate(type_.members)}
                return [nodes.assign(names[0], self._looked_up(fact, places, value))]
            case "date":
                return [read, *_given(name, [nodes.assign(names[0], _ordinal(name))])]
            case "number" if type_.whole and type_.data_factor == 1:
                return [read]
            case "number":
                return [read, *_given(name, self._measured(fact, names[0]))]
            case "set":
                return self._parts(fact, names, value, rows.writer(type_, {}))
            case "series":
                return [read, *self._years(fact, names[0])]
        return [read]

    def _measured(self, fact: Fact, name: str) -> list[ast.stmt]:
        """Return the statement that puts what a row holds of a number that is given and trusted into its local name.

        A Decimal is multiplied here and now, exactly or not at all, and so is a float with few digits.
        """
        builder, value = self._builder, nodes.name(name)
        factor = plain_numbers(fact.type)[2]
        slowly = nodes.call_of(builder.constant(fact.name, rows.writer(fact.type, {})), value)
        times = builder.constant("times", Decimal(factor))
        product = builder.call("to_integral", builder.call("multiply", value, times))
        exactly = nodes.choose(self._is_a(value, "Decimal"), builder.call("int", product), slowly)
        by = nodes.times(value, nodes.constant(factor))
        other = nodes.assign(name, nodes.choose(self._is_a(value, "int"), by, exactly))
        return self._float(fact, name, [nodes.assign(name, slowly)], [other])

    def _looked_up(self, fact: Fact, places: Mapping[str, int], value: ast.expr) -> ast.expr:
        """Return the position of a member; a missing one is found as such."""
        found: dict[str | None, int | None] = {None: None}
        found.update(places)
        return ast.Subscript(self._builder.constant(fact.name, found), value, ast.Load())

    def _parts(self, fact: Fact, names: list[str], value: ast.expr, read: Callable[[object], object]) -> list[ast.stmt]:
        """Return what `read` makes of a set or series."""
        local = self._builder.local(fact.name)
        given = nodes.call_of(self._builder.constant(fact.name, read), nodes.name(local))
        made = nodes.assign(names[0], given) if len(names) == 1 else nodes.unpack(names, given)
        return [
            nodes.assign(local, value),
            ast.If(nodes.is_none(nodes.name(local)), self.blank(fact, names), [made]),
        ]

    def _years(self, fact: Fact, name: str) -> list[ast.stmt]:
        """Return what a series is: the caller's own where its years are known to follow one another and nothing is scaled."""
        series, write = nodes.name(name), self._builder.constant(fact.name, _years(fact.type))
        written = nodes.assign(name, nodes.call_of(write, series))
        is_dict = nodes.compare(
            "is not", nodes.attribute(series, "__class__"), nodes.name(self._builder.helper("dict"))
        )
        years = nodes.compare(
            "not in", self._builder.call("tuple", series), nodes.name(self._builder.helper("known_runs"))
        )
        plain = plain_numbers(fact.type.element)[2] == 1  # type: ignore[arg-type]  # only a series has years
        if plain and name not in self._builder.filled:
            return [ast.If(nodes.is_none(series), self.blank(fact, [name]), [])]
        given: list[ast.stmt] = [ast.If(nodes.either(is_dict, years), [written], [])] if plain else [written]
        return [ast.If(nodes.is_none(series), self.blank(fact, [name]), given)]

    # --- checked ---

    def checked_truth(
        self, fact: Fact, local: str, value: ast.expr, true: list[ast.stmt], false: list[ast.stmt]
    ) -> list[ast.stmt]:
        """Return what any value of a bool is, or raises where it cannot be; what follows from each truth is done at once."""
        name = nodes.name(local)
        take = self._builder.constant(fact.name, cell_reader(fact.type, self._units))
        slowly = [nodes.assign(local, nodes.call_of(take, name)), *_either_truth(name, true, false)]
        pass_: list[ast.stmt] = [ast.Pass()]
        other = ast.If(nodes.is_given(name), slowly, [])
        no = ast.If(nodes.is_false(name), false or pass_, [other])
        yes = ast.If(nodes.compare("is", name, nodes.constant(True)), true or pass_, [no])
        return [nodes.assign(local, value), yes]

    def checked(self, fact: Fact, names: list[str], value: ast.expr, *, fills: bool) -> list[ast.stmt]:
        """Return what any value is, or raises where it cannot be; with `fills` every year of a series is filled in."""
        type_, name = fact.type, nodes.name(names[0])
        read = nodes.assign(names[0], value)
        take = cell_reader(type_, self._units)
        taken: list[ast.stmt] = [nodes.assign(names[0], nodes.call_of(self._builder.constant(fact.name, take), name))]
        match type_.kind:
            case "bool":
                other = [nodes.compare("is not", name, nodes.constant(truth)) for truth in (True, False, None)]
                return [read, ast.If(nodes.both(*other), taken, [])]
            case "choice" | "level":
                return [nodes.assign(names[0], self._looked_up(fact, member_words(type_), value))]
            case "text":
                stripped: ast.expr = ast.Call(nodes.attribute(name, "strip"), [], [])
                strip: list[ast.stmt] = [nodes.assign(names[0], nodes.either(stripped, nodes.constant(None)))]
                return [read, ast.If(self._is_a(name, "str"), strip, _given(name, taken))]
            case "date":
                ordinal: list[ast.stmt] = [nodes.assign(names[0], _ordinal(name))]
                if type_.low is not None or type_.high is not None:
                    return [read, *_given(name, taken)]
                day = nodes.compare("is", nodes.attribute(name, "__class__"), self._builder.constant("date", date))
                return [read, *_given(name, nodes.when(day, ordinal, taken))]
            case "number":
                return [read, *self._number(fact, names[0], taken)]
            case "series":
                return [read, *self._checked_years(fact, names[0], taken, fills=fills)]
        return self._parts(fact, names, value, take)

    def _checked_years(self, fact: Fact, name: str, taken: list[ast.stmt], *, fills: bool) -> list[ast.stmt]:
        """Return what a series is: the caller's own where it is plain, its years in order, and none has to be filled in."""
        series = nodes.name(name)
        blank = self.blank(fact, [name])
        low, high, factor = plain_numbers(fact.type.element)  # type: ignore[arg-type]  # only a series has years
        if fills or factor != 1 or name in self._builder.filled:
            return [ast.If(nodes.is_none(series), blank, taken)]
        year, number, before = map(self._builder.local, ("year", "number", "before"))
        years = nodes.both(
            nodes.compare(">", nodes.name(year), nodes.name(before)),
            nodes.compare("<=", nodes.name(year), nodes.constant(LAST_PLAIN_YEAR)),
        )
        plain = nodes.both(self._is_a(nodes.name(number), "int"), _is_small(low, nodes.name(number), high))
        fits = nodes.both(
            self._is_a(nodes.name(year), "int"), years, nodes.either(plain, nodes.is_none(nodes.name(number)))
        )
        items = ast.Call(nodes.attribute(series, "items"), [], [])
        check = ast.If(nodes.negated(fits), [*taken, ast.Break()], [])
        loop = ast.For(nodes.target(year, number), items, [check, nodes.assign(before, nodes.name(year))], [])
        start = nodes.assign(before, nodes.constant(FIRST_PLAIN_YEAR - 1))
        is_dict = self._is_a(series, "dict")
        return [ast.If(is_dict, [start, loop], [ast.If(nodes.is_none(series), blank, taken)])]

    def held(self, fact: Fact, name: str, value: ast.expr) -> list[ast.stmt]:
        """Return what a measure that is only compared is: an int or a float as the caller holds it, in its range."""
        low, high, factor = plain_numbers(fact.type)
        least, most = plain_float(fact.type) or (1, 0)
        read, held = (
            self._builder.constant(fact.name, _float_reader(fact.type, cell_reader(fact.type, self._units))),
            nodes.name(name),
        )
        taken: list[ast.stmt] = [nodes.assign(name, nodes.call_of(read, held))]
        other = ast.If(
            nodes.both(self._is_a(held, "int"), _is_small(low, held, high)), [ast.Pass()], _given(held, taken)
        )
        within = nodes.negated(_between(least / factor, held, most / factor))
        return [nodes.assign(name, value), ast.If(self._is_a(held, "float"), [ast.If(within, taken, [])], [other])]

    def _number(self, fact: Fact, name: str, taken: list[ast.stmt]) -> list[ast.stmt]:
        """Return what a number is: at once where it is an int in its range, or a float with few digits."""
        low, high, factor = plain_numbers(fact.type)
        value, by = nodes.name(name), nodes.constant(factor)
        is_plain = nodes.both(self._is_a(value, "int"), _is_small(low, value, high))
        if factor == 1:
            return [ast.If(nodes.both(nodes.negated(is_plain), nodes.is_given(value)), taken, [])]
        times = ast.If(is_plain, [nodes.assign(name, nodes.times(value, by))], _given(value, taken))
        return self._float(fact, name, taken, [times])

    def _float(self, fact: Fact, name: str, taken: list[ast.stmt], other: list[ast.stmt]) -> list[ast.stmt]:
        """Return what a float is: at once where it has few digits, else as it is `taken`; what is no float is the `other`."""
        floats = plain_float(fact.type)
        if floats is None:
            return other
        factor, value = plain_numbers(fact.type)[2], nodes.name(name)
        by, code = nodes.constant(factor), self._builder.local(fact.name)
        same = nodes.compare("=", ast.BinOp(nodes.name(code), ast.Div(), by), value)
        measured: list[ast.stmt] = [
            nodes.assign(code, self._builder.call("round", nodes.times(value, by))),
            ast.If(same, [nodes.assign(name, nodes.name(code))], taken),
        ]
        within = _between(floats[0] / factor, value, floats[1] / factor)
        return [ast.If(self._is_a(value, "float"), [ast.If(within, measured, taken)], other)]


def _either_truth(name: ast.expr, true: list[ast.stmt], false: list[ast.stmt]) -> list[ast.stmt]:
    return nodes.when(name, true, nodes.when(nodes.is_false(name), false))


def _float_reader(type_: Type, take: Callable[[Any], Any]) -> Callable[[object], float | None]:
    """Return what reads any value of a measure as the float nearest to it, one with so few digits that it is told apart."""
    factor = plain_numbers(type_)[2]

    def read(value: object) -> float | None:
        cell = take(value)
        if cell is not None and abs(cell) >= FEW_DIGITS:
            raise rows.OutOfRange
        return None if cell is None else cell / factor

    return read


SMALL = 2**30 - 1
"""Ints up to it Python compares at once; larger ones are read like any other value."""


def _is_small(low: int, name: ast.expr, high: int) -> ast.expr:
    return _between(max(low, -SMALL), name, min(high, SMALL))


def _between(low: float, name: ast.expr, high: float) -> ast.expr:
    """Return the test that a number is in a range, as two comparisons: faster than a chain of them."""
    return nodes.both(nodes.compare(">=", name, nodes.constant(low)), nodes.compare("<=", name, nodes.constant(high)))


def _given(name: ast.expr, statements: list[ast.stmt]) -> list[ast.stmt]:
    return nodes.when(nodes.is_given(name), statements)


def _ordinal(name: ast.expr) -> ast.expr:
    return ast.Call(nodes.attribute(name, "toordinal"), [], [])


def _years(type_: Type) -> Callable[[object], object]:
    """Return what writes a series into a row, and takes one of whole numbers, year after year, as it is."""
    write = rows.writer(type_, {})
    low, high, factor = plain_numbers(type_.element)  # type: ignore[arg-type]  # only a series has years

    def years(value: object) -> object:
        plain = plain_years(value, low, high) if factor == 1 else None
        if plain is None:
            return write(value)
        if len(KNOWN_RUNS) < RUNS_LIMIT:
            KNOWN_RUNS.add(tuple(plain))
        return plain

    return years
