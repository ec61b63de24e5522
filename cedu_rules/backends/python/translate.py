"""Typed expressions into code: one line an operator, in the tables at the end.

A `Translator` writes the expressions of one function. What has no compiled form raises `NotCovered`; the smallest
condition around it that reads no variable is then left to the reference, so that an answer never differs.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from attrs import evolve

from cedu_rules import results, values
from cedu_rules.backends.python import choosing, comparisons, conditions, facts, lists, nodes, numbers, series
from cedu_rules.backends.python.builder import Builder, NotCovered, Scope
from cedu_rules.backends.python.comparisons import Choice
from cedu_rules.backends.python.conditions import Condition, always, bound, held
from cedu_rules.backends.python.facts import Facts
from cedu_rules.backends.python.lists import Listing
from cedu_rules.backends.python.numbers import Number, Numeric, Ratio
from cedu_rules.backends.python.series import SeriesCode
from cedu_rules.model.ir import COMPARISONS, Expression, Fact
from cedu_rules.truth import Interval, Options, Truth
from cedu_rules.values import FIRST_DAY, LAST_DAY

Environment: TypeAlias = Mapping[str, Scope]
"""Scopes of elements by the variables bound to them; the record whose let or condition is compiled goes by ""."""
Uses: TypeAlias = Mapping[tuple[str, str], int]
"""How often each let is named, by record (or nothing) and name."""

SPREAD_LIMIT = 64
"""A comparison of choices between members is written out for so many pairs of branches."""


class Translator:
    """Compiles expressions for the function that `builder` writes.

    `status` gives the name that holds the status of a clause, for `passes`.
    """

    def __init__(
        self,
        builder: Builder,
        scopes: Mapping[str, Callable[[ast.expr], Scope]],
        uses: Uses,
        status: Callable[[str], ast.expr],
    ) -> None:
        self.builder = builder
        self.uses = uses
        self.status = status
        self.facts = Facts(builder, self._condition_of_fact, scopes)
        self._spread = 0

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
            found = _CONDITIONS[expression.operator](self, expression, environment)
        nodes.place([found.true, found.false, found.value], expression.span)
        return found

    def number(self, expression: Expression, environment: Environment) -> Numeric:
        """Return the code of a number or day."""
        rule = _NUMBERS.get(expression.operator)
        if rule is None:
            raise NotCovered
        with self.builder.at(expression.span):
            found = rule(self, expression, environment)
        if isinstance(found, Number):
            nodes.place([found.point, *found.known], expression.span)
        return found

    def plain(self, expression: Expression, environment: Environment) -> Number:
        """Return the code of a number to compute with."""
        return numbers.plain(self.builder, self.number(expression, environment))

    def series(self, expression: Expression, environment: Environment) -> SeriesCode:
        """Return the code of a series."""
        match expression.operator:
            case "fact" | "field":
                return self.facts.series(*self._owned(expression, environment))
            case "let":
                value, _scope, inner = self._let(expression, environment)
                return self.series(value, inner)
            case "/":
                return self._series_quotient(expression, environment)
        function = _OF_NUMBERS[expression.operator]
        parts = [self._part(operand, environment) for operand in expression.operands]
        return series.combined(parts, lambda items: function(self.builder, items))

    def _part(self, operand: Expression, environment: Environment) -> SeriesCode | Numeric:
        if operand.type.kind == "series":
            return self.series(operand, environment)
        number = self.plain(operand, environment)
        return numbers.bound(self.builder, number, "factor")

    def _series_quotient(self, expression: Expression, environment: Environment) -> SeriesCode:
        above, below = (self._part(operand, environment) for operand in expression.operands)

        def divided(items: list[Numeric]) -> Numeric:
            return numbers.quotient(items[0], items[1], self.builder)

        if isinstance(above, SeriesCode) and isinstance(below, SeriesCode):
            return series.quotient(above, below, divided)
        return series.combined([above, below], divided)

    def listing(self, expression: Expression, environment: Environment) -> Listing:
        """Return the code of a list."""
        if expression.operator == "let":
            value, _scope, inner = self._let(expression, environment)
            return self.listing(value, inner)
        return self.facts.listing(*self._owned(expression, environment))

    def set(self, expression: Expression, environment: Environment) -> tuple[ast.expr, ast.expr]:
        """Return the bits of a set."""
        if expression.operator == "let":
            value, _scope, inner = self._let(expression, environment)
            return self.set(value, inner)
        return self.facts.members(*self._owned(expression, environment))

    # --- names ---

    def _owned(self, expression: Expression, environment: Environment) -> tuple[Scope, Fact]:
        """Return whose fact is read, and which."""
        scope = self._scope(expression, environment)
        return scope, scope.fact(str(expression.data))

    def _scope(self, expression: Expression, environment: Environment) -> Scope:
        if not expression.operands:
            return self.builder.institution
        if expression.operands[0].operator != "variable":
            raise NotCovered
        return environment[str(expression.operands[0].data)]

    def _let(self, expression: Expression, environment: Environment) -> tuple[Expression, Scope, Environment]:
        scope = self._scope(expression, environment)
        return scope.lets[str(expression.data)].value, scope, _inside(scope)

    def _is_inline(self, expression: Expression, scope: Scope) -> bool:
        """Return whether a let is written where it is used: nobody else uses it, and no loop repeats it."""
        return self.uses[scope.name, str(expression.data)] == 1 and self.builder.loops == scope.depth

    def _condition_of_fact(self, scope: Scope, fact: Fact) -> Condition:
        return always(True) if fact.condition is None else self.condition(fact.condition, _inside(scope))

    def _let_condition(self, expression: Expression, environment: Environment) -> Condition:
        value, scope, inner = self._let(expression, environment)
        if self._is_inline(expression, scope):
            return self.condition(value, inner)

        def make() -> Condition:
            with self.builder.block(scope.statements):
                return bound(self.builder, self.condition(value, inner), str(expression.data))

        return scope.once("let", str(expression.data), make)

    def _let_number(self, expression: Expression, environment: Environment) -> Numeric:
        value, scope, inner = self._let(expression, environment)
        if self._is_inline(expression, scope):
            return self.number(value, inner)

        def make() -> Numeric:
            with self.builder.block(scope.statements):
                return self._bound_number(self.number(value, inner), str(expression.data))

        return scope.once("let", str(expression.data), make)

    def _bound_number(self, number: Numeric, hint: str) -> Numeric:
        if isinstance(number, Ratio):
            above, below = (numbers.bound(self.builder, part, hint) for part in (number.above, number.below))
            return evolve(number, above=above, below=below)
        return number if number.single else numbers.bound(self.builder, number, hint)

    def _of_reference(self, expression: Expression) -> Condition:
        """Return the condition as the reference interpreter evaluates it."""
        builder = self.builder
        evaluation = builder.institution.once("reference", "", self._evaluation)
        value = nodes.attribute(evaluation, "value")
        call = ast.Call(value, [builder.constant("expression", expression)], [])
        nodes.place([call], expression.span)
        return held(builder.bind("answer", call))

    def _evaluation(self) -> ast.expr:
        arguments = [nodes.name(self.builder.helper("model")), nodes.name("record"), nodes.name("assessed_on")]
        with self.builder.block(self.builder.institution.statements):
            return self.builder.bind("evaluation", self.builder.call("Evaluation", *arguments))

    # --- conditions ---

    def _all_of(self, expression: Expression, environment: Environment) -> Condition:
        limbs = [self.condition(limb, environment) for limb in expression.operands]
        return conditions.all_of(self.builder, limbs)

    def _any_of(self, expression: Expression, environment: Environment) -> Condition:
        limbs = [self.condition(limb, environment) for limb in expression.operands]
        return conditions.any_of(self.builder, limbs)

    def _at_least(self, expression: Expression, environment: Environment) -> Condition:
        limbs = [self.condition(limb, environment) for limb in expression.operands]
        return conditions.at_least(self.builder, int(expression.data), limbs)  # type: ignore[arg-type]

    def _passes(self, expression: Expression, _environment: Environment) -> Condition:
        status = self.status(str(expression.data))
        good, bad = ([each for each in results.Status if results.holds(each) is truth] for truth in (True, False))
        return Condition(self._is_any(status, good), self._is_any(status, bad), 2)

    def _is_any(self, status: ast.expr, wanted: list[results.Status]) -> ast.expr:
        names = [nodes.name(self.builder.helper(each.name)) for each in wanted if each is not results.Status.WAIVED]
        return nodes.either(*(nodes.compare("is", status, each) for each in names))

    def _compare(self, expression: Expression, environment: Environment) -> Condition:
        left, right = expression.operands
        if left.type.kind in {"number", "date"}:
            pair = self.number(left, environment), self.number(right, environment)
            return comparisons.compare_numbers(self.builder, expression.operator, *pair)
        if left.type.kind == "bool":
            truths = self.condition(left, environment), self.condition(right, environment)
            return conditions.equal(self.builder, *truths)

        def against(one: Choice) -> Condition:
            return self._spread_out(right, environment, lambda other: self._compare_members(expression, one, other))

        return self._spread_out(left, environment, against)

    def _compare_members(self, expression: Expression, left: Choice, right: Choice) -> Condition:
        return comparisons.compare_choices(self.builder, expression.operator, left, right)

    def _spread_out(
        self, expression: Expression, environment: Environment, use: Callable[[Choice], Condition]
    ) -> Condition:
        """Return the condition of a choice, level or text; of one selected by `if` or `by`, that of each selected."""
        match expression.operator:
            case "constant":
                return use(self._constant_choice(expression))
            case "fact" | "field":
                self._spread += 1
                if self._spread > SPREAD_LIMIT:
                    raise NotCovered
                try:
                    return use(self.facts.choice(*self._owned(expression, environment)))
                finally:
                    self._spread -= 1
            case "let":
                value, _scope, inner = self._let(expression, environment)
                return self._spread_out(value, inner, use)
            case "if":
                test = bound(self.builder, self.condition(expression.operands[0], environment))
                branches = [self._spread_out(branch, environment, use) for branch in expression.operands[1:]]
                return conditions.selected(self.builder, test, *branches)
        raise NotCovered

    def _constant_choice(self, expression: Expression) -> Choice:
        if expression.type.kind == "text":
            return Choice(nodes.constant(expression.data), None)
        return Choice(nodes.constant(expression.type.index(str(expression.data))), len(expression.type.members))

    def _is_in(self, expression: Expression, environment: Environment) -> Condition:
        value, *members = expression.operands
        if value.type.kind in {"number", "date"}:
            items = [self.number(member, environment) for member in members]
            return comparisons.is_one_of(self.builder, self.number(value, environment), items)
        if value.type.kind == "bool":
            truth = bound(self.builder, self.condition(value, environment))
            limbs = [conditions.equal(self.builder, truth, always(bool(member.data))) for member in members]
            return conditions.any_of(self.builder, limbs)
        wanted = [self._constant_choice(member).fixed for member in members]
        return self._spread_out(value, environment, lambda choice: comparisons.is_among(choice, wanted))

    def _includes(self, expression: Expression, environment: Environment) -> Condition:
        type_ = expression.operands[0].type
        bits = [1 << index for index, member in enumerate(type_.members) if member.name in expression.data]  # type: ignore[operator]
        every = (1 << len(type_.members)) - 1
        return facts.includes(*self.set(expression.operands[0], environment), sum(bits), every)

    def _exists(self, expression: Expression, environment: Environment) -> Condition:
        return self._existence(expression.operands[0], environment)

    def _existence(self, expression: Expression, environment: Environment) -> Condition:
        """Return whether there is a value."""
        match expression.operator:
            case "fact" | "field":
                return self.facts.existence(*self._owned(expression, environment))
            case "let":
                return self._existence_of_let(expression, environment)
            case "if" | "by":
                raise NotCovered
            case "step" | "days_between" | "year":
                days = [part for part in expression.operands if part.type.kind == "date"]
                return conditions.all_of(self.builder, [self._existence(day, environment) for day in days])
        return always(True)

    def _existence_of_let(self, expression: Expression, environment: Environment) -> Condition:
        value, scope, inner = self._let(expression, environment)

        def make() -> Condition:
            with self.builder.block(scope.statements):
                return bound(self.builder, self._existence(value, inner))

        return scope.once("existence", str(expression.data), make)

    def _selected_truth(self, expression: Expression, environment: Environment) -> Condition:
        parts = [self.condition(operand, environment) for operand in expression.operands]
        return conditions.selected(self.builder, *parts)

    def _first_truth(self, expression: Expression, environment: Environment) -> Condition:
        rows, _missing = self._rows(expression, environment)
        outcomes = [self.condition(value, environment) for value in _outcomes(expression)]
        return choosing.first_truth(self.builder, rows, outcomes)

    def _quantified(self, expression: Expression, environment: Environment) -> Condition:
        source, where, body = expression.operands
        return lists.quantified(
            self.builder,
            self.listing(source, environment),
            self._test(expression, where, environment),
            self._test(expression, body, environment),
            every=expression.operator == "all",
        )

    def _test(self, aggregate: Expression, condition: Expression, environment: Environment) -> lists.Test:
        name = str(aggregate.data)
        return lambda scope: self.condition(condition, {**environment, name: scope})

    def _trend(self, expression: Expression, environment: Environment) -> Condition:
        code = self.series(expression.operands[0], environment)
        return series.trend(self.builder, code, falling=expression.operator == "falls")

    # --- numbers ---

    def _constant_number(self, expression: Expression, _environment: Environment) -> Number:
        data = expression.data
        return numbers.constant(Fraction(data.toordinal() if isinstance(data, date) else data))  # type: ignore[arg-type]

    def _assessed_on(self, _expression: Expression, _environment: Environment) -> Number:
        return self._of_today("day", "toordinal")

    def _of_today(self, hint: str, method: str) -> Number:
        """Return what is computed from the day of the assessment, at most once."""
        today = nodes.name("assessed_on")

        def make() -> ast.expr:
            called: ast.expr = nodes.attribute(today, method)
            called = ast.Call(called, [], []) if method == "toordinal" else called
            with self.builder.block(self.builder.institution.statements):
                return self.builder.bind(hint, nodes.choose(nodes.is_none(today), nodes.constant(None), called))

        code = self.builder.institution.once("today", hint, make)
        declared = Interval(FIRST_DAY, LAST_DAY) if hint == "day" else Interval(date.min.year, date.max.year)
        return numbers.leaf(self.builder, code, Fraction(1), declared)

    def _fact_number(self, expression: Expression, environment: Environment) -> Number:
        return self.facts.number(*self._owned(expression, environment))

    def _computed(self, expression: Expression, environment: Environment) -> Numeric:
        operands = [self.number(operand, environment) for operand in expression.operands]
        return _OF_NUMBERS[expression.operator](self.builder, operands)

    def _rounded(self, expression: Expression, environment: Environment) -> Number:
        return numbers.round_number(self.number(expression.operands[0], environment), expression.operator, self.builder)

    def _selected_number(self, expression: Expression, environment: Environment) -> Number:
        test = bound(self.builder, self.condition(expression.operands[0], environment))
        then, otherwise = (self.number(operand, environment) for operand in expression.operands[1:])
        return numbers.selected(test, then, otherwise, self.builder)

    def _first_number(self, expression: Expression, environment: Environment) -> Number:
        rows, missing = self._rows(expression, environment)
        outcomes = [self.number(value, environment) for value in _outcomes(expression)]
        return choosing.first_number(self.builder, rows, outcomes, missing)

    def _rows(self, expression: Expression, environment: Environment) -> tuple[list[choosing.Row], ast.expr | None]:
        """Return the rows of a table, and the test for a missing selector that is one recorded value."""
        selector = expression.operands[0]
        bounds = expression.operands[1 : 2 * len(expression.data) : 2]  # type: ignore[arg-type]
        pairs = list(zip(expression.data, bounds, strict=True))  # type: ignore[arg-type]
        if selector.type.kind in {"number", "date"}:
            return self._rows_of_number(selector, pairs, environment)
        rows: list[choosing.Row] = []
        missing: list[ast.expr] = []

        def test(operator: str, bound_: Expression) -> Condition:
            def against(choice: Choice) -> Condition:
                missing.append(nodes.is_none(choice.code))
                return comparisons.compare_choices(self.builder, operator, choice, self._constant_choice(bound_))

            return self._spread_out(selector, environment, against)

        every = values.unknown(selector.type)
        for operator, bound_ in pairs:
            when_missing = values.compare(operator, every, values.constant(bound_))
            rows.append(choosing.Row(test(operator, bound_), when_missing))
        return rows, missing[0] if len(missing) == len(rows) and rows else None

    def _rows_of_number(
        self, selector: Expression, pairs: list[tuple[str, Expression]], environment: Environment
    ) -> tuple[list[choosing.Row], ast.expr | None]:
        number = self.plain(selector, environment)
        if not number.single:
            number = numbers.bound(self.builder, number, "selector")
        rows = []
        for operator, limit in pairs:
            test = comparisons.compare_numbers(self.builder, operator, number, self.number(limit, environment))
            rows.append(choosing.Row(test, values.compare(operator, number.range, values.constant(limit))))
        return rows, nodes.negated(number.known[0]) if number.single else None

    def _count(self, expression: Expression, environment: Environment) -> Number:
        source, where = expression.operands[:2]
        listing = self.listing(source, environment)
        if where.operator == "constant" and where.data is True:
            return lists.length(self.builder, listing)
        return lists.count(self.builder, listing, self._test(expression, where, environment))

    def _aggregated(self, expression: Expression, environment: Environment) -> Number:
        source, where, body = expression.operands
        name = str(expression.data)
        listing = self.listing(source, environment)
        test = self._test(expression, where, environment)

        def value(scope: Scope) -> Numeric:
            return self.number(body, {**environment, name: scope})

        match expression.operator:
            case "sum":
                return lists.total(self.builder, listing, test, value)
            case "average":
                return lists.mean(self.builder, listing, test, value)
            case "distinct":
                return lists.distinct(
                    self.builder, listing, test, lambda scope: self._key(body, {**environment, name: scope})
                )
        nothing = values.unknown(expression.type)
        if not isinstance(nothing, Interval):
            raise NotCovered
        return lists.extreme(self.builder, listing, test, value, choose=expression.operator, nothing=nothing)

    def _key(self, body: Expression, environment: Environment) -> ast.expr:
        """Return the code of a key, None where it is not known."""
        if body.type.kind in {"number", "date"}:
            low, high = numbers.bound(self.builder, self.plain(body, environment), "key").ends()
            return nodes.choose(nodes.compare("=", low, high), low, nodes.constant(None))
        keys: list[Choice] = []

        def keep(choice: Choice) -> Condition:
            keys.append(choice)
            return always(True)

        self._spread_out(body, environment, keep)
        [key] = keys if len(keys) == 1 else [None]
        if key is None or key.count == 1 or key.condition is not None:
            raise NotCovered
        return key.code

    def _present(self, expression: Expression, environment: Environment) -> Number:
        count = len(expression.operands[0].type.members)
        return facts.number_present(self.builder, *self.set(expression.operands[0], environment), count)

    def _days_between(self, expression: Expression, environment: Environment) -> Number:
        later, earlier = (self.plain(operand, environment) for operand in expression.operands)
        return numbers.total([later, numbers.negative(earlier)], self.builder)

    def _year(self, expression: Expression, environment: Environment) -> Number:
        if expression.operands[0].operator == "assessed_on":
            return self._of_today("year", "year")
        day = self.plain(expression.operands[0], environment)
        return self._of_day(day, values.year_of(day.range), lambda code: self.builder.call("year_of", code))

    def _step(self, expression: Expression, environment: Environment) -> Number:
        day = self.plain(expression.operands[0], environment)
        amount = self.plain(expression.operands[1], environment).fixed
        if amount is None or amount.denominator != 1:
            raise NotCovered
        unit = expression.operands[1].type.dimension[0][0]
        more = nodes.constant(int(amount)), nodes.constant(unit)
        range_ = values.later(day.range, Interval(amount, amount), unit)
        return self._of_day(day, range_, lambda code: self.builder.call("step", code, *more))

    def _of_day(self, day: Number, range_: Interval, function: Callable[[ast.expr], ast.expr]) -> Number:
        """Return the number that a function which never falls makes of a day."""
        builder = self.builder
        if day.fixed is not None:
            return numbers.constant(Fraction(range_.low))
        day = numbers.in_unit(day, Fraction(1))
        if day.single:
            code = nodes.choose(day.known[0], function(day.point), nodes.constant(None))
            return numbers.leaf(builder, builder.bind("day", code), Fraction(1), range_)
        low, high = numbers.bound(builder, day, "day").ends()
        low, high = builder.bind("low", function(low)), builder.bind("high", function(high))
        return numbers.interval(Fraction(1), low, high, range_, LAST_DAY)

    def _at(self, expression: Expression, environment: Environment) -> Numeric:
        year = self.plain(expression.operands[1], environment)
        return series.at(self.builder, self.series(expression.operands[0], environment), year)

    def _latest(self, expression: Expression, environment: Environment) -> Numeric:
        return series.latest(self.builder, self.series(expression.operands[0], environment))

    def _average_of(self, expression: Expression, environment: Environment) -> Numeric:
        return series.average(self.builder, self.series(expression.operands[0], environment), int(expression.data))  # type: ignore[arg-type]


def _inside(scope: Scope) -> Environment:
    """Return the environment of the lets, checks and conditions of a scope."""
    return {"": scope} if scope.depth else {}


def _outcomes(table: Expression) -> tuple[Expression, ...]:
    rows = len(table.data)  # type: ignore[arg-type]
    return table.operands[2 : 2 * rows + 1 : 2] + table.operands[2 * rows + 1 :]


# --- one rule an operator --------------------------------------------------------------------------------------------

_OF_NUMBERS: dict[str, Callable[[Builder, list[Numeric]], Numeric]] = {
    "+": lambda builder, terms: numbers.total(terms, builder),
    "*": lambda builder, factors: numbers.product(factors, builder),
    "/": lambda builder, pair: numbers.quotient(*pair, builder),
    "-": lambda builder, operand: numbers.negative(numbers.plain(builder, operand[0])),
    "abs": lambda builder, operand: numbers.absolute(operand[0], builder),
    "lowest": lambda builder, items: numbers.extreme("min", items, builder),
    "highest": lambda builder, items: numbers.extreme("max", items, builder),
}

_CONDITIONS: dict[str, Callable[[Translator, Expression, Environment], Condition]] = {
    "constant": lambda _translator, e, _environment: always(bool(e.data)),
    "fact": lambda translator, e, environment: translator.facts.truth(*translator._owned(e, environment)),
    "field": lambda translator, e, environment: translator.facts.truth(*translator._owned(e, environment)),
    "let": Translator._let_condition,
    "exists": Translator._exists,
    "passes": Translator._passes,
    "not": lambda translator, e, environment: conditions.negate(translator.condition(e.operands[0], environment)),
    "and": Translator._all_of,
    "or": Translator._any_of,
    "at_least": Translator._at_least,
    **dict.fromkeys(COMPARISONS, Translator._compare),
    "in": Translator._is_in,
    "includes": Translator._includes,
    "if": Translator._selected_truth,
    "by": Translator._first_truth,
    "all": Translator._quantified,
    "any": Translator._quantified,
    "rises": Translator._trend,
    "falls": Translator._trend,
}

_NUMBERS: dict[str, Callable[[Translator, Expression, Environment], Numeric]] = {
    "constant": Translator._constant_number,
    "assessed_on": Translator._assessed_on,
    "fact": Translator._fact_number,
    "field": Translator._fact_number,
    "let": Translator._let_number,
    **dict.fromkeys(_OF_NUMBERS, Translator._computed),
    **dict.fromkeys(("ceil", "floor", "round"), Translator._rounded),
    "if": Translator._selected_number,
    "by": Translator._first_number,
    "count": Translator._count,
    **dict.fromkeys(("sum", "min", "max", "average", "distinct"), Translator._aggregated),
    "present": Translator._present,
    "days_between": Translator._days_between,
    "year": Translator._year,
    "step": Translator._step,
    "at": Translator._at,
    "latest": Translator._latest,
    "average_of": Translator._average_of,
}
