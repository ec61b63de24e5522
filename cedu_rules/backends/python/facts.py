"""Facts, fields and lets into local names: each read from the row and computed at most once a record or element.

A fact under a condition takes, where that is known to be false, the value that it has there; a missing one under an
unknown condition may have either, which the code of a missing value covers as long as its range does.
"""

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import evolve

from cedu_rules import rows, values
from cedu_rules.backends.python import bits, nodes, numbers, series
from cedu_rules.backends.python.builder import Builder, Facing, NotCovered, Scope
from cedu_rules.backends.python.conditions import Condition, always, bound, held
from cedu_rules.backends.python.lists import Listing
from cedu_rules.backends.python.members import Choice
from cedu_rules.backends.python.numbers import Number
from cedu_rules.backends.python.series import SeriesCode
from cedu_rules.model.ir import Fact
from cedu_rules.model.types import Type
from cedu_rules.truth import Interval

ConditionOf = Callable[[Scope, Fact], Condition]
"""Compiles the condition of a fact in the scope of its owner."""


class Facts:
    """Reads facts of scopes for one function."""

    def __init__(
        self, builder: Builder, condition: ConditionOf, scopes: Mapping[str, Callable[[ast.expr], Scope]]
    ) -> None:
        self._builder = builder
        self._condition = condition
        self._scopes = scopes

    def condition(self, scope: Scope, fact: Fact) -> Condition | None:
        """Return whether the fact exists, or None where it always does."""
        if fact.condition is None:
            return None

        def make() -> Condition:
            with self._builder.block(scope.statements):
                condition = self._condition(scope, fact)
                return condition if condition.missing is not None else bound(self._builder, condition, "exists")

        return scope.once("condition", fact.condition, make)  # facts often share one

    def _code(self, scope: Scope, fact: Fact, absent: ast.expr, place: int = 0) -> ast.expr:
        """Return the name of what a place of the row holds, `absent` where the fact does not exist."""

        def make() -> ast.expr:
            cell = self.cell(scope, fact, place)
            condition = self.condition(scope, fact)
            if condition is None:
                return cell
            if scope is self._builder.institution:
                return self._faced(fact, condition, absent, cell)
            with self._builder.block(scope.statements):
                return self._builder.kept(fact.name, nodes.choose(condition.false, absent, cell))

        return scope.once(f"code {place}", fact.name, make)

    def _faced(self, fact: Fact, condition: Condition, absent: ast.expr, cell: ast.expr) -> ast.expr:
        """Return the name of what a fact of the institution is, decided together with others under its condition."""
        builder, scope = self._builder, self._builder.institution
        local = builder.local(fact.name)

        def make() -> Facing:
            facing = Facing(condition.false, builder.span)
            scope.statements.append(facing)
            return facing

        scope.once("facing", fact.condition, make).add(local, absent, cell)
        scope.log.append(local)
        return nodes.name(local)

    def cell(self, scope: Scope, fact: Fact, place: int = 0) -> ast.expr:
        """Return the name of what a place of the row holds, whether the fact exists or not."""
        return self._builder.cell(scope, scope.slots[fact.name].index + place, fact.name)

    def number(self, scope: Scope, fact: Fact) -> Number:
        """Return a number or day."""
        declared = values.declared(fact.type)
        unit = Fraction(1) if fact.type.kind == "date" else numbers.fact_unit(fact.type)
        raw = (scope.name, fact.name) in self._builder.raw
        if raw:
            unit = fact.type.data_factor
        if fact.condition is None:
            return evolve(numbers.leaf(self._builder, self.cell(scope, fact), unit, declared), raw=raw)
        absent = values.absent(fact)
        if absent.exists is False:
            nowhere = nodes.name(self._builder.helper("nowhere"))
            day = numbers.leaf(self._builder, self._code(scope, fact, nowhere), unit, declared)
            return evolve(day, exists=self.condition(scope, fact), parts=(), remake=None)
        if not declared.low <= absent.low <= declared.high:
            raise NotCovered  # a missing one is not just any declared value
        code = numbers.end_code(self._builder, absent.low, unit)
        return evolve(numbers.leaf(self._builder, self._code(scope, fact, code), unit, declared), raw=raw)

    def truth(self, scope: Scope, fact: Fact) -> Condition:
        """Return a yes or no."""
        return held(self._code(scope, fact, nodes.constant(values.absent(fact))))

    def choice(self, scope: Scope, fact: Fact) -> Choice:
        """Return a choice, level or text."""
        count = None if fact.type.kind == "text" else len(fact.type.members)
        absent = values.absent(fact)
        raw = (scope.name, fact.name) in self._builder.raw
        names = tuple(member.name for member in fact.type.members) if raw else ()
        if absent.exists is False:
            nowhere = nodes.constant(False if count is None else -1)
            return Choice(self._code(scope, fact, nowhere), count, self.condition(scope, fact), names)
        (value,) = absent.values
        absent_code = nodes.constant(names[value] if raw else value)
        return Choice(self._code(scope, fact, absent_code), count, names=names)

    def members(self, scope: Scope, fact: Fact) -> tuple[ast.expr, ast.expr]:
        """Return the bits of the members present, and of those absent."""
        every = (1 << len(fact.type.members)) - 1
        return self._code(scope, fact, nodes.constant(0)), self._code(scope, fact, nodes.constant(every), 1)

    def series(self, scope: Scope, fact: Fact) -> SeriesCode:
        """Return a series."""
        element: Type = fact.type.element  # type: ignore[assignment]  # every series has one
        unit, declared = numbers.fact_unit(element), values.declared(element)
        return series.recorded(self._builder, self.cell(scope, fact), unit, declared, self.condition(scope, fact))

    def listing(self, scope: Scope, fact: Fact) -> Listing:
        """Return a list."""
        element = self._scopes[fact.type.name]
        code = self._code(scope, fact, ast.Tuple([], ast.Load()))
        return Listing(code, scope, element, _blank(element))

    def existence(self, scope: Scope, fact: Fact) -> Condition:
        """Return whether the fact exists: under an unknown condition a given one does, unless none looks the same."""
        condition = self.condition(scope, fact)
        if condition is None or fact.otherwise is not None:
            return always(True)
        cell = self.cell(scope, fact)
        if fact.type.kind in {"set", "series", "list"}:
            raise NotCovered
        given = cell if fact.type.kind in {"number", "bool"} else nodes.is_given(cell)
        return Condition(
            nodes.either(condition.true, nodes.both(nodes.negated(condition.false), given)), condition.false, 2
        )


def _blank(element: Callable[[ast.expr], Scope]) -> tuple[object, ...]:
    """Return the row of an element of which nothing is recorded."""
    cells: list[object] = []
    for slot in element(nodes.constant(None)).slots.values():
        cells.extend(rows.blank_cells(slot.fact.type))
    return tuple(cells)


def includes(present: ast.expr, absent: ast.expr, members: int, every: int) -> Condition:
    """Return whether a set has all the members in the bits `members`."""
    wanted = nodes.constant(members)
    if not members:
        return always(True)
    if members == every:
        return Condition(nodes.compare("=", present, wanted), absent)
    has = ast.BinOp(present, ast.BitAnd(), wanted)
    lacks = ast.BinOp(absent, ast.BitAnd(), wanted)
    return Condition(nodes.compare("=", has, wanted) if members & (members - 1) else has, lacks)


def number_present(builder: Builder, present: ast.expr, absent: ast.expr, count: int) -> Number:
    """Return how many members a set has."""
    low = builder.bind("present", bits.count(present))
    high = builder.bind("at_most", ast.BinOp(nodes.constant(count), ast.Sub(), bits.count(absent)))
    return numbers.interval(Fraction(1), (low, high), Interval(0, count), count)
