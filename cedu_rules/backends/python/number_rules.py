"""How each operator that gives a number or a day is compiled; one line an operator in the tables at the end.

Selecting among choices stands here too, since the rows of a `by` table test choices as well as numbers.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from cedu_rules import values
from cedu_rules.backends.python import (
    arithmetic,
    choosing,
    comparisons,
    conditions,
    elements,
    facts,
    lists,
    members,
    nodes,
    numbers,
    series,
)
from cedu_rules.backends.python.builder import Builder, NotCovered, Scope
from cedu_rules.backends.python.conditions import Condition, always, bound
from cedu_rules.backends.python.members import Choice
from cedu_rules.backends.python.numbers import Number, Numeric
from cedu_rules.backends.python.translate import Environment, Translator
from cedu_rules.model.ir import Expression
from cedu_rules.truth import Interval
from cedu_rules.values import FIRST_DAY, LAST_DAY

PAIRS_LIMIT = 200
"""A comparison of choices is written out for so many branches, counted again for each that they are compared with."""


def _constant(_translator: Translator, e: Expression, _environment: Environment) -> Number:
    if isinstance(e.data, date):
        return numbers.constant(Fraction(e.data.toordinal()))
    if not isinstance(e.data, Fraction):
        raise NotCovered
    return numbers.constant(e.data)


def _computed(translator: Translator, e: Expression, environment: Environment) -> Numeric:
    operands = [translator.number(operand, environment) for operand in e.operands]
    return translator.rules.arithmetic[e.operator](translator.builder, operands)


def _rounded(translator: Translator, e: Expression, environment: Environment) -> Number:
    return arithmetic.round_number(translator.builder, translator.number(e.operands[0], environment), e.operator)


def _selected(translator: Translator, e: Expression, environment: Environment) -> Number:
    test = bound(translator.builder, translator.condition(e.operands[0], environment))
    then, otherwise = (translator.number(operand, environment) for operand in e.operands[1:])
    return arithmetic.selected(translator.builder, test, then, otherwise)


def _first(translator: Translator, e: Expression, environment: Environment) -> Number:
    table, missing = rows(translator, e, environment)
    found = [translator.number(value, environment) for value in outcomes(e)]
    return choosing.first_number(translator.builder, table, found, missing)


# --- choices, and the rows of tables ---------------------------------------------------------------------------------


def spread_out(
    translator: Translator, e: Expression, environment: Environment, use: Callable[[Choice], Condition]
) -> Condition:
    """Return the condition `use` of a choice, level or text; of one that `if` selects, that of each branch.

    A comparison with what two branches may be holds where it holds with both, which is what `if` on truths gives.
    """
    translator.pairs += 1
    if translator.pairs > PAIRS_LIMIT:
        raise NotCovered
    match e.operator:
        case "constant":
            return use(constant_choice(e))
        case "fact" | "field":
            return use(translator.facts.choice(*translator.owned(e, environment)))
        case "let":
            value, _scope, inner = translator.let(e, environment)
            return spread_out(translator, value, inner, use)
        case "if":
            test = bound(translator.builder, translator.condition(e.operands[0], environment))
            then, otherwise = (spread_out(translator, branch, environment, use) for branch in e.operands[1:])
            return conditions.selected(translator.builder, test, then, otherwise)
    raise NotCovered


def fresh(translator: Translator, make: Callable[[], Condition]) -> Condition:
    """Return a condition on choices with a count of pairs of its own."""
    outer, translator.pairs = translator.pairs, 0
    try:
        return make()
    finally:
        translator.pairs = outer


def constant_choice(e: Expression) -> Choice:
    """Return a constant choice, level or text."""
    if e.type.kind == "text":
        return Choice(nodes.constant(e.data), None)
    return Choice(nodes.constant(e.type.position(str(e.data))), len(e.type.members))


def rows(
    translator: Translator, table: Expression, environment: Environment
) -> tuple[list[choosing.Row], ast.expr | None]:
    """Return the rows of a table, and the test for a missing selector that is one recorded value."""
    selector = table.operands[0]
    operators = table.data if isinstance(table.data, tuple) else ()
    limits = list(zip(operators, table.operands[1::2], strict=False))
    if selector.type.kind in {"number", "date"}:
        return _rows_of_number(translator, selector, limits, environment)
    missing: list[ast.expr] = []

    def test(operator: str, limit: Expression) -> Condition:
        def against(choice: Choice) -> Condition:
            missing.append(nodes.is_none(choice.code))
            return members.compare_choices(translator.builder, operator, choice, constant_choice(limit))

        return fresh(translator, lambda: spread_out(translator, selector, environment, against))

    every = values.unknown(selector.type)
    found = [
        choosing.Row(test(operator, limit), values.compare(operator, every, values.constant(limit)))
        for operator, limit in limits
    ]
    return found, missing[0] if len(missing) == len(found) else None


def _rows_of_number(
    translator: Translator, selector: Expression, limits: Sequence[tuple[str, Expression]], environment: Environment
) -> tuple[list[choosing.Row], ast.expr | None]:
    number = translator.plain(selector, environment)
    if not number.single:
        number = numbers.bound(translator.builder, number, "selector")
    found: list[choosing.Row] = []
    for operator, limit in limits:
        other = translator.number(limit, environment)
        test = comparisons.compare_numbers(translator.builder, operator, number, other)
        found.append(choosing.Row(test, values.compare(operator, number.range, values.constant(limit))))
    return found, nodes.negated(number.known[0]) if number.single else None


def outcomes(table: Expression) -> tuple[Expression, ...]:
    """Return the values of the rows of a table, that of `else` last."""
    count = len(table.data) if isinstance(table.data, tuple) else 0
    return table.operands[2 : 2 * count + 1 : 2] + table.operands[2 * count + 1 :]


# --- lists and sets --------------------------------------------------------------------------------------------------


def _count(translator: Translator, e: Expression, environment: Environment) -> Number:
    source, where = e.operands[:2]
    asked = elements.asked(translator.builder, translator.model, e)
    if asked is not None:
        return elements.count(translator.builder, asked)
    listing = translator.listing(source, environment)
    if where.operator == "constant" and where.data is True:
        return lists.length(translator.builder, listing)
    return lists.count(translator.builder, listing, _test(translator, e, environment))


def _test(translator: Translator, e: Expression, environment: Environment) -> lists.Test:
    """Return the filter of an aggregate."""
    return lambda scope: translator.condition(e.operands[1], {**environment, str(e.data): scope})


def _aggregated(translator: Translator, e: Expression, environment: Environment) -> Number:
    source, _where, body = e.operands
    builder, listing = translator.builder, translator.listing(source, environment)
    test = _test(translator, e, environment)

    def value(scope: Scope) -> Numeric:
        return translator.number(body, {**environment, str(e.data): scope})

    match e.operator:
        case "sum":
            return lists.total(builder, listing, test, value)
        case "average":
            return lists.mean(builder, listing, test, value)
        case "distinct":
            return lists.distinct(
                builder, listing, test, lambda scope: _key(translator, body, {**environment, str(e.data): scope})
            )
    nothing = values.unknown(e.type)
    if not isinstance(nothing, Interval):
        raise NotCovered
    return lists.extreme(builder, e.operator, listing, test, value, nothing=nothing)


def _key(translator: Translator, body: Expression, environment: Environment) -> ast.expr:
    """Return the code of a key, None where it is not known."""
    if body.type.kind in {"number", "date"}:
        low, high = numbers.bound(translator.builder, translator.plain(body, environment), "key").ends()
        return nodes.choose(nodes.compare("=", low, high), low, nodes.constant(None))
    keys: list[Choice] = []

    def keep(choice: Choice) -> Condition:
        keys.append(choice)
        return always(True)

    fresh(translator, lambda: spread_out(translator, body, environment, keep))
    if len(keys) > 1 or keys[0].count == 1 or keys[0].condition is not None:
        raise NotCovered
    return keys[0].code


def _present(translator: Translator, e: Expression, environment: Environment) -> Number:
    present, absent = translator.set(e.operands[0], environment)
    return facts.number_present(translator.builder, present, absent, len(e.operands[0].type.members))


# --- days ------------------------------------------------------------------------------------------------------------


def _today(translator: Translator, hint: str, method: str) -> Number:
    """Return what is computed from the day of the assessment, once: the day itself, or its year."""
    builder = translator.builder
    today = nodes.name("assessed_on")

    def make() -> ast.expr:
        read = nodes.attribute(today, method)
        code = ast.Call(read, [], []) if hint == "day" else read
        with builder.block(builder.institution.statements):
            return builder.bind(hint, nodes.choose(nodes.is_none(today), nodes.constant(None), code))

    declared = Interval(FIRST_DAY, LAST_DAY) if hint == "day" else Interval(date.min.year, date.max.year)
    return numbers.leaf(builder, builder.institution.once("today", hint, make), Fraction(1), declared)


def _days_between(translator: Translator, e: Expression, environment: Environment) -> Number:
    later, earlier = (translator.plain(operand, environment) for operand in e.operands)
    return arithmetic.total(translator.builder, [later, arithmetic.negative(earlier)])


def _year(translator: Translator, e: Expression, environment: Environment) -> Number:
    if e.operands[0].operator == "assessed_on":
        return _today(translator, "year", "year")
    day = translator.plain(e.operands[0], environment)
    return _of_day(translator.builder, day, values.year_of(day.range), "year_of")


def _step(translator: Translator, e: Expression, environment: Environment) -> Number:
    day = translator.plain(e.operands[0], environment)
    amount = translator.plain(e.operands[1], environment).fixed
    if amount is None or amount.denominator != 1:
        raise NotCovered
    unit = e.operands[1].type.dimension[0][0]
    range_ = values.later(day.range, Interval(amount, amount), unit)
    return _of_day(translator.builder, day, range_, "step", nodes.constant(int(amount)), nodes.constant(unit))


def _of_day(builder: Builder, day: Number, range_: Interval, function: str, *more: ast.expr) -> Number:
    """Return the number that a function which never falls makes of a day."""
    if day.fixed is not None:
        return numbers.constant(Fraction(range_.low))
    day = numbers.in_unit(day, Fraction(1))
    if day.single:
        code = nodes.choose(day.known[0], builder.call(function, day.point, *more), nodes.constant(None))
        return numbers.leaf(builder, builder.bind("day", code), Fraction(1), range_)
    low, high = (builder.call(function, end, *more) for end in numbers.bound(builder, day, "day").ends())
    return numbers.interval(Fraction(1), builder.bind_pair(nodes.pair(low, high)), range_, LAST_DAY)


# --- series ----------------------------------------------------------------------------------------------------------


def _at(translator: Translator, e: Expression, environment: Environment) -> Numeric:
    year = translator.plain(e.operands[1], environment)
    return series.at(translator.builder, translator.series(e.operands[0], environment), year)


def _latest(translator: Translator, e: Expression, environment: Environment) -> Numeric:
    return series.latest(translator.builder, translator.series(e.operands[0], environment))


def _average_of(translator: Translator, e: Expression, environment: Environment) -> Numeric:
    years = e.data if isinstance(e.data, int) else 0
    return series.average(translator.builder, translator.series(e.operands[0], environment), years)


ARITHMETIC: Mapping[str, Callable[[Builder, list[Numeric]], Numeric]] = {
    "+": arithmetic.total,
    "*": arithmetic.product,
    "/": lambda builder, operands: arithmetic.quotient(builder, *operands),
    "-": lambda builder, operands: arithmetic.negative(arithmetic.plain(builder, *operands)),
    "abs": lambda builder, operands: arithmetic.absolute(builder, *operands),
    "lowest": lambda builder, items: arithmetic.extreme(builder, "min", items),
    "highest": lambda builder, items: arithmetic.extreme(builder, "max", items),
}

NUMBERS: Mapping[str, Callable[[Translator, Expression, Environment], Numeric]] = {
    "constant": _constant,
    "assessed_on": lambda translator, _e, _environment: _today(translator, "day", "toordinal"),
    **dict.fromkeys(
        ("fact", "field"), lambda translator, e, environment: translator.facts.number(*translator.owned(e, environment))
    ),
    "let": Translator.let_number,
    **dict.fromkeys(ARITHMETIC, _computed),
    **dict.fromkeys(("ceil", "floor", "round"), _rounded),
    "if": _selected,
    "by": _first,
    "count": _count,
    **dict.fromkeys(("sum", "min", "max", "average", "distinct"), _aggregated),
    "present": _present,
    "days_between": _days_between,
    "year": _year,
    "step": _step,
    "at": _at,
    "latest": _latest,
    "average_of": _average_of,
}
