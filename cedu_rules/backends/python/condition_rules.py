"""How each operator that gives a condition is compiled; one line an operator in the table at the end."""

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction

from cedu_rules import results
from cedu_rules.backends.python import choosing, comparisons, conditions, elements, facts, lists, members, nodes, series
from cedu_rules.backends.python.builder import NotCovered, Scope
from cedu_rules.backends.python.comparisons import Quotient
from cedu_rules.backends.python.conditions import Condition, always, bound
from cedu_rules.backends.python.members import Choice
from cedu_rules.backends.python.number_rules import constant_choice, fresh, outcomes, rows, spread_out
from cedu_rules.backends.python.translate import Environment, Translator
from cedu_rules.model.ir import COMPARISONS, Data, Expression
from cedu_rules.results import Status


def _fact(translator: Translator, e: Expression, environment: Environment) -> Condition:
    return translator.facts.truth(*translator.owned(e, environment))


def _operands(translator: Translator, e: Expression, environment: Environment) -> list[Condition]:
    return [translator.condition(operand, environment) for operand in e.operands]


def _selected(translator: Translator, e: Expression, environment: Environment) -> Condition:
    test, then, otherwise = _operands(translator, e, environment)
    return conditions.selected(translator.builder, test, then, otherwise)


def _first(translator: Translator, e: Expression, environment: Environment) -> Condition:
    table, _missing = rows(translator, e, environment)
    truths = [translator.condition(value, environment) for value in outcomes(e)]
    return choosing.first_truth(translator.builder, table, truths)


def _passes(translator: Translator, e: Expression, _environment: Environment) -> Condition:
    status = translator.status(str(e.data))
    words = [each for each in Status if each is not Status.WAIVED]  # reports waive, clauses do not

    def is_any(truth: bool) -> ast.expr:
        names = [nodes.name(translator.builder.helper(each.name)) for each in words if results.holds(each) is truth]
        return nodes.either(*(nodes.compare("is", status, each) for each in names))

    return Condition(is_any(True), is_any(False), 2)


# --- comparisons -----------------------------------------------------------------------------------------------------


def _compare(translator: Translator, e: Expression, environment: Environment) -> Condition:
    left, right = e.operands
    builder = translator.builder
    if left.type.kind in {"number", "date"}:
        if right.operator == "constant":
            found = _compare_derived(translator, e.operator, left, right.data, environment)
            if found is not None:
                return found
        first, second = translator.number(left, environment), translator.number(right, environment)
        return comparisons.compare_numbers(builder, e.operator, first, second)
    if left.type.kind == "bool":
        return conditions.equal(builder, *_operands(translator, e, environment))

    def against(one: Choice) -> Condition:
        def compare(other: Choice) -> Condition:
            return members.compare_choices(builder, e.operator, one, other)

        return spread_out(translator, right, environment, compare)

    return fresh(translator, lambda: spread_out(translator, left, environment, against))


def _compare_derived(
    translator: Translator, operator: str, left: Expression, bound: Data, environment: Environment
) -> Condition | None:
    """Return the comparison with a constant of what follows the facts in a row; None of anything else."""
    if not isinstance(bound, Fraction):
        return None
    share = translator.share(left, environment)
    if isinstance(share, Quotient):
        return comparisons.compare_quotient(operator, share, bound)
    if share is not None:
        return comparisons.compare_share(operator, share, bound)
    while left.operator == "let":
        left = translator.let(left, environment)[0]
    asked = elements.asked(translator.builder, translator.model, left) if left.operator == "count" else None
    return None if asked is None else elements.compare_count(operator, asked, bound)


def _is_in(translator: Translator, e: Expression, environment: Environment) -> Condition:
    value, *constants = e.operands
    builder = translator.builder
    if value.type.kind in {"number", "date"}:
        number = translator.number(value, environment)
        others = [translator.number(constant, environment) for constant in constants]
        limbs = [comparisons.compare_numbers(builder, "=", number, other) for other in others]
        return conditions.any_of(builder, limbs)
    if value.type.kind == "bool":
        truth = bound(builder, translator.condition(value, environment))
        limbs = [conditions.equal(builder, truth, always(bool(constant.data))) for constant in constants]
        return conditions.any_of(builder, limbs)
    wanted = [constant_choice(constant).fixed for constant in constants]

    def is_among() -> Condition:
        return spread_out(translator, value, environment, lambda choice: members.is_among(choice, wanted))

    return fresh(translator, is_among)


def _includes(translator: Translator, e: Expression, environment: Environment) -> Condition:
    names = e.data if isinstance(e.data, tuple) else ()
    members = e.operands[0].type.members
    wanted = sum(1 << index for index, member in enumerate(members) if member.name in names)
    return facts.includes(*translator.set(e.operands[0], environment), wanted, (1 << len(members)) - 1)


# --- existence -------------------------------------------------------------------------------------------------------


def _existence(translator: Translator, e: Expression, environment: Environment) -> Condition:
    """Return whether there is a value: the rule of `Evaluation.existence`."""
    match e.operator:
        case "fact" | "field":
            return translator.facts.existence(*translator.owned(e, environment))
        case "let":
            value, scope, inner = translator.let(e, environment)
            make = _later(translator, value, inner)
            return translator.once(scope, "existence", str(e.data), make)
        case "if" | "by":
            raise NotCovered
        case "step" | "days_between" | "year":
            days = [_existence(translator, day, environment) for day in e.operands if day.type.kind == "date"]
            return conditions.all_of(translator.builder, days)
    return always(True)


def _later(translator: Translator, value: Expression, environment: Environment) -> Callable[[], Condition]:
    return lambda: _existence(translator, value, environment)


# --- lists and series ------------------------------------------------------------------------------------------------


def _quantified(translator: Translator, e: Expression, environment: Environment) -> Condition:
    asked = elements.asked(translator.builder, translator.model, e)
    if asked is not None:
        return elements.quantified(asked, every=e.operator == "all")
    source, where, body = e.operands
    name = str(e.data)

    def test(condition: Expression) -> Callable[[Scope], Condition]:
        return lambda scope: translator.condition(condition, {**environment, name: scope})

    listing = translator.listing(source, environment)
    return lists.quantified(translator.builder, listing, test(where), test(body), every=e.operator == "all")


def _trend(translator: Translator, e: Expression, environment: Environment) -> Condition:
    code = translator.series(e.operands[0], environment)
    return series.trend(translator.builder, code, falling=e.operator == "falls")


CONDITIONS: Mapping[str, Callable[[Translator, Expression, Environment], Condition]] = {
    "constant": lambda _translator, e, _environment: always(e.data is True),
    "fact": _fact,
    "field": _fact,
    "let": Translator.let_condition,
    "exists": lambda translator, e, environment: _existence(translator, e.operands[0], environment),
    "passes": _passes,
    "not": lambda translator, e, environment: conditions.negate(*_operands(translator, e, environment)),
    "and": lambda translator, e, environment: conditions.all_of(
        translator.builder, _operands(translator, e, environment)
    ),
    "or": lambda translator, e, environment: conditions.any_of(
        translator.builder, _operands(translator, e, environment)
    ),
    "at_least": lambda translator, e, environment: conditions.at_least(
        translator.builder, nodes.constant(e.data), _operands(translator, e, environment)
    ),
    **dict.fromkeys(COMPARISONS, _compare),
    "in": _is_in,
    "includes": _includes,
    "if": _selected,
    "by": _first,
    "all": _quantified,
    "any": _quantified,
    "rises": _trend,
    "falls": _trend,
}
