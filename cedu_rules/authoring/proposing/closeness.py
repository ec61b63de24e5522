"""A record and a clause into how much of the clause holds there: 1 where it passes, less the more is missing.

A guess that leads the search uphill, and decides nothing.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import isinf

from cedu_rules.authoring.cases import INVALID, Case
from cedu_rules.model.ir import AGGREGATES, COMPARISONS, Expression, Model
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Interval

_UNKNOWN, _NEARLY, _EMPTY = Fraction(1, 4), Fraction(9, 10), Fraction(1, 10)
_HALF, _TENTH = Fraction(1, 2), Fraction(1, 10)


def closeness(model: Model, case: Case) -> Fraction:
    """Return from 0 to 1 how much of its clause holds in a case; below 0 where it cannot be."""
    if case.status == INVALID:
        return Fraction(-1)
    if case.status == "pass":
        return Fraction(1)
    clause = model.clauses_by_id[case.clause]
    counting = [item.condition for item in clause.requirements if item.modality == "must" or clause.advisory]
    evaluation = Evaluation(model, case.record, case.day)
    scores = [_score(evaluation, condition, {}) for condition in (*clause.guards, *counting)]
    return _mean(scores) * _NEARLY


def _mean(scores: list[Fraction]) -> Fraction:
    return sum(scores, Fraction(0)) / len(scores)


def _score(evaluation: Evaluation, expression: Expression, environment: Environment) -> Fraction:
    value = evaluation.value(expression, environment)
    operator = expression.operator
    if operator in {"all", "any"}:
        return _over_elements(evaluation, expression, environment)
    if value is True:
        return Fraction(1)
    if operator in {"and", "or", "at_least"}:
        parts = [_score(evaluation, limb, environment) for limb in expression.operands]
        return (max(parts) if operator == "or" else _mean(parts)) * _NEARLY
    if operator == "let":
        return _score(evaluation, *evaluation.let(expression, environment))
    if operator == "includes" and isinstance(expression.data, tuple):
        present = evaluation.value(expression.operands[0], environment)
        members = zip(present, expression.operands[0].type.members, strict=True)
        named = [truth for truth, member in members if member.name in expression.data]
        return Fraction(named.count(True), len(named) + 1)
    if operator in COMPARISONS and expression.operands[0].type.kind == "number":
        return _compared(evaluation, expression, environment)
    return _UNKNOWN if value is None else Fraction(0)


def _over_elements(evaluation: Evaluation, expression: Expression, environment: Environment) -> Fraction:
    """Return how nearly `all` or `any` holds; over nothing `all` is true, and yet there is nothing to build on."""
    found = evaluation.elements(expression, environment)
    if not found:
        return Fraction(0) if found is None else _EMPTY
    body = expression.operands[2]
    scores = [_score(evaluation, body, inner) * (1 if sure else _NEARLY) for sure, inner in found]
    return _mean(scores) if expression.operator == "all" else max(scores)


def _compared(evaluation: Evaluation, comparison: Expression, environment: Environment) -> Fraction:
    """Return how far a number that has to grow has come, and how nearly an element is one that counts."""
    left, right = (evaluation.value(side, environment) for side in comparison.operands)
    score = Fraction(0)
    if comparison.operator[0] == ">" and isinstance(left, Interval) and not isinf(left.high) and right.low > 0:
        score = min(Fraction(1), max(Fraction(0), Fraction(left.low + left.high) / 2 / Fraction(right.low))) * _HALF
    elif evaluation.value(comparison, environment) is None:
        score = _UNKNOWN
    filters = [_filter(evaluation, part, inner) for part, inner in _counts(evaluation, comparison, environment)]
    return score + max(filters, default=Fraction(0)) * _TENTH


def _counts(
    evaluation: Evaluation, expression: Expression, environment: Environment
) -> Iterator[tuple[Expression, Environment]]:
    """Yield the aggregates in an expression, lets looked into."""
    if expression.operator == "let":
        yield from _counts(evaluation, *evaluation.let(expression, environment))
    elif expression.operator in AGGREGATES:
        yield expression, environment
    else:
        for part in expression.operands:
            yield from _counts(evaluation, part, environment)


def _filter(evaluation: Evaluation, aggregate: Expression, environment: Environment) -> Fraction:
    source, where = aggregate.operands[:2]
    listed = evaluation.value(source, environment) or ()
    name = str(aggregate.data)
    scores = [_score(evaluation, where, {**environment, name: element}) for element in listed if element is not None]
    return max(scores, default=Fraction(0))
