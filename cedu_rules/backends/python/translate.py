"""Typed expressions into code: names, lets and series, and by a rule for each operator conditions and numbers.

A `Translator` writes the expressions of one function. What has no compiled form raises `NotCovered`; the smallest
condition around it that reads no variable is then left to the reference, so that an answer never differs. The rules
stand in `condition_rules` and `number_rules`.
"""

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from cedu_rules.backends.python import arithmetic, nodes, numbers, series
from cedu_rules.backends.python.builder import Builder, NotCovered, Scope
from cedu_rules.backends.python.comparisons import Quotient, Share
from cedu_rules.backends.python.conditions import Condition, always, bound, held
from cedu_rules.backends.python.facts import Facts
from cedu_rules.backends.python.lists import Listing
from cedu_rules.backends.python.numbers import Number, Numeric, Ratio
from cedu_rules.backends.python.series import SeriesCode
from cedu_rules.model.graph import Key
from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.rows import is_amount, quotient_name

Environment: TypeAlias = Mapping[str, Scope]
"""Scopes of elements by the variables bound to them; the record whose let or condition is compiled goes by ""."""
Uses: TypeAlias = Mapping[Key, int]
"""How often each let is named."""


@frozen
class Rules:
    """How each operator is compiled: to a condition, to a number, and how the operands of arithmetic are put together."""

    conditions: Mapping[str, Callable[["Translator", Expression, Environment], Condition]]
    numbers: Mapping[str, Callable[["Translator", Expression, Environment], Numeric]]
    arithmetic: Mapping[str, Callable[[Builder, list[Numeric]], Numeric]]


class Translator:
    """Compiles expressions for the function that `builder` writes.

    `status` gives the name that holds the status of a clause, for `passes`; `pairs` counts the pairs of branches that the
    comparison of choices at hand is written out for.
    """

    def __init__(
        self,
        builder: Builder,
        rules: Rules,
        scopes: Mapping[str, Callable[[ast.expr], Scope]],
        uses: Uses,
        status: Callable[[str], ast.expr],
        model: Model,
    ) -> None:
        self.builder = builder
        self.rules = rules
        self.uses = uses
        self.status = status
        self.model = model
        self.facts = Facts(builder, self._condition_of_fact, scopes)
        self.pairs = 0

    # --- by kind of value ---

    def condition(self, expression: Expression, environment: Environment) -> Condition:
        """Return the code of a condition; the reference answers what is not covered."""
        if environment:
            return self._condition(expression, environment)
        try:
            with self.builder.attempt():
                return self._condition(expression, environment)
        except NotCovered:
            return self._of_reference(expression)

    def _condition(self, expression: Expression, environment: Environment) -> Condition:
        with self.builder.at(expression.span):
            found = self.rules.conditions[expression.operator](self, expression, environment)
        nodes.place([found.true, found.false, found.value], expression.span)
        return found

    def number(self, expression: Expression, environment: Environment) -> Numeric:
        """Return the code of a number or day."""
        with self.builder.at(expression.span):
            found = self.rules.numbers[expression.operator](self, expression, environment)
        if isinstance(found, Number):
            nodes.place([found.point, *found.known], expression.span)
        return found

    def plain(self, expression: Expression, environment: Environment) -> Number:
        """Return the code of a number to compute with."""
        return arithmetic.plain(self.builder, self.number(expression, environment))

    def series(self, expression: Expression, environment: Environment) -> SeriesCode:
        """Return the code of a series."""
        match expression.operator:
            case "fact" | "field":
                return self.facts.series(*self.owned(expression, environment))
            case "let":
                value, _scope, inner = self.let(expression, environment)
                return self.series(value, inner)
        function = self.rules.arithmetic[expression.operator]
        parts = [self._part(operand, environment) for operand in expression.operands]
        combined = series.combined(parts, lambda items: function(self.builder, items))
        divided = combined.cells if self._is_quotient(expression) else ()
        return evolve(combined, shares=self._quotient(expression), divided=divided)

    def _is_quotient(self, expression: Expression) -> bool:
        """Return whether a series is the quotient of two recorded amounts."""
        if expression.operator != "/" or any(operand.operator != "fact" for operand in expression.operands):
            return False
        return all(is_amount(self.builder.institution.fact(str(operand.data))) for operand in expression.operands)

    def _quotient(self, expression: Expression) -> ast.expr | None:
        """Return the place of the row that holds a quotient of two recorded series, if one does."""
        if expression.operator != "/" or any(operand.operator != "fact" for operand in expression.operands):
            return None
        institution = self.builder.institution
        name = quotient_name(*(str(operand.data) for operand in expression.operands))
        slot = institution.slots.get(name)
        return None if slot is None else self.builder.cell(institution, slot.index, "shares")

    def share(self, expression: Expression, environment: Environment) -> Share | Quotient | None:
        """Return one year of a quotient of two recorded amounts, if that is what the expression is."""
        if expression.operator != "at":
            return None
        divided, year = expression.operands
        while divided.operator == "let":
            divided = self.let(divided, environment)[0]
        if not self._is_quotient(divided):
            return None
        above, below = (numbers.fact_unit(operand.type.element or operand.type) for operand in divided.operands)
        place, of = self._quotient(divided), self.plain(year, environment)
        if place is not None:
            return Share(series.of_year(self.builder, place, of), above / below)
        cells = self.series(divided, environment).cells
        dividend, divisor = (series.of_year(self.builder, cell, of) for cell in cells)
        return Quotient(dividend, divisor, above / below)

    def _part(self, operand: Expression, environment: Environment) -> SeriesCode | Numeric:
        if operand.type.kind == "series":
            return self.series(operand, environment)
        return numbers.bound(self.builder, self.plain(operand, environment), "factor")

    def listing(self, expression: Expression, environment: Environment) -> Listing:
        """Return the code of a list."""
        if expression.operator == "let":
            value, _scope, inner = self.let(expression, environment)
            return self.listing(value, inner)
        return self.facts.listing(*self.owned(expression, environment))

    def set(self, expression: Expression, environment: Environment) -> tuple[ast.expr, ast.expr]:
        """Return the bits of a set: of the members present, and of those absent."""
        if expression.operator == "let":
            value, _scope, inner = self.let(expression, environment)
            return self.set(value, inner)
        return self.facts.members(*self.owned(expression, environment))

    # --- names ---

    def owned(self, expression: Expression, environment: Environment) -> tuple[Scope, Fact]:
        """Return whose fact is read, and which."""
        scope = self._scope(expression, environment)
        return scope, scope.fact(str(expression.data))

    def _scope(self, expression: Expression, environment: Environment) -> Scope:
        return environment[str(expression.operands[0].data)] if expression.operands else self.builder.institution

    def let(self, expression: Expression, environment: Environment) -> tuple[Expression, Scope, Environment]:
        """Return the value of a let, whose it is, and the environment of its value."""
        scope = self._scope(expression, environment)
        return scope.lets[str(expression.data)].value, scope, inside(scope)

    def _is_inline(self, expression: Expression, scope: Scope) -> bool:
        """Return whether a let is written where it is used: nobody else uses it, and no loop repeats it."""
        return self.uses["let", scope.name, str(expression.data)] == 1 and self.builder.loops == scope.depth

    def _condition_of_fact(self, scope: Scope, fact: Fact) -> Condition:
        return always(True) if fact.condition is None else self.condition(fact.condition, inside(scope))

    def let_condition(self, expression: Expression, environment: Environment) -> Condition:
        """Return a let that is a condition."""
        value, scope, inner = self.let(expression, environment)
        if self._is_inline(expression, scope):
            return self.condition(value, inner)
        return self.once(scope, "let", str(expression.data), lambda: self.condition(value, inner))

    def once(self, scope: Scope, kind: str, name: str, make: Callable[[], Condition]) -> Condition:
        """Return a condition that is computed once at the top of a scope."""

        def made() -> Condition:
            with self.builder.block(scope.statements):
                return bound(self.builder, make(), name)

        return scope.once(kind, name, made)

    def let_number(self, expression: Expression, environment: Environment) -> Numeric:
        """Return a let that is a number or day."""
        value, scope, inner = self.let(expression, environment)
        if self._is_inline(expression, scope):
            return self.number(value, inner)

        def made() -> Numeric:
            with self.builder.block(scope.statements):
                return self._bound_number(self.number(value, inner), str(expression.data))

        return scope.once("let", str(expression.data), made)

    def _bound_number(self, number: Numeric, hint: str) -> Numeric:
        if isinstance(number, Ratio):
            above, below = (numbers.bound(self.builder, part, hint) for part in (number.above, number.below))
            return evolve(number, above=above, below=below)
        return number if number.single else numbers.bound(self.builder, number, hint)

    # --- the reference ---

    def _of_reference(self, expression: Expression) -> Condition:
        """Return the condition as the reference interpreter evaluates it."""
        builder = self.builder
        evaluation = builder.institution.once("reference", "", self._evaluation)
        value = nodes.attribute(evaluation, "value")
        call = ast.Call(value, [builder.constant("expression", expression)], [])
        with builder.at(expression.span):
            return held(builder.bind("answer", call))

    def _evaluation(self) -> ast.expr:
        arguments = [nodes.name(self.builder.helper("model")), self.builder.record, nodes.name("assessed_on")]
        with self.builder.block(self.builder.institution.statements):
            return self.builder.bind("evaluation", self.builder.call("Evaluation", *arguments))


def inside(scope: Scope) -> Environment:
    """Return the environment of the lets, checks and conditions of a scope."""
    return {"": scope} if scope.depth else {}
