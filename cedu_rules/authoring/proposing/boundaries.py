"""The comparisons of a clause into numbers at which one of them turns, given all other values.

For each number or day of a record, the two sides of a comparison are taken at two values of it; where their difference
changes, the line through the two points has a root, and at the root, just below and just above it, the comparison turns.
That is exact where the difference is linear in that one value, which comparisons in standards mostly are, a share too
once both sides are multiplied by what it is a share of; elsewhere the root is a guess, which costs a trial and proves nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice, product
from math import ceil, floor, prod

from attrs import field, frozen

from cedu_rules.authoring.cases import Case
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import AGGREGATES, COMPARISONS, Expression, Model
from cedu_rules.model.types import Type
from cedu_rules.records import Record
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Interval
from cedu_rules.units import decimal_digits, plain_number

_COMBINATIONS = 12
"""So many elements for the variables of one comparison."""
_DIGITS = 2
"""A boundary that no decimal writes is approached so closely, in the unit of the fact."""


@frozen
class Asked:
    """A comparison, and the records that its variables go through."""

    comparison: Expression
    variables: tuple[tuple[str, str], ...]


def comparisons(expressions: Sequence[Expression], variables: tuple[tuple[str, str], ...] = ()) -> Iterator[Asked]:
    """Yield the comparisons of numbers and days in some expressions."""
    for expression in expressions:
        inner = variables
        if expression.operator in AGGREGATES:
            inner = (*variables, (str(expression.data), expression.operands[0].type.name))
        if expression.operator in COMPARISONS and expression.operands[0].type.kind in {"number", "date"}:
            yield Asked(expression, _owned(expression, inner))
        if expression.operator == "by" and isinstance(expression.data, tuple):
            selector, *cells = expression.operands
            bounds = cells[: 2 * len(expression.data) : 2]
            if selector.type.kind in {"number", "date"}:
                rows = (Expression("<=", (selector, bound), None, expression.type, bound.span) for bound in bounds)
                yield from (Asked(row, _owned(row, inner)) for row in rows)
        yield from comparisons(expression.operands, inner)


def _owned(expression: Expression, variables: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the variables, with the record whose let it is."""
    own = {part.type.name for part in walk(expression) if part.operator == "variable" and not part.data}
    return (*variables, *(("", name) for name in own if not any(known == "" for known, _ in variables)))


@frozen(eq=False)
class Boundaries:
    """The comparisons of a clause on the records of a standard."""

    model: Model
    asked: tuple[Asked, ...] = field(repr=False)

    def differences(self, case: Case | None) -> list[Fraction | None]:
        """Return left minus right of each comparison for each element that it is asked for; None where it is not known."""
        if case is None:
            return []
        evaluation = Evaluation(self.model, case.record, case.day)
        elements = _elements(self.model, case.record)
        found: list[Fraction | None] = []
        for asked in self.asked:
            choices = [elements.get(record, []) for _, record in asked.variables]
            for chosen in islice(product(*choices), _COMBINATIONS):
                environment = {name: each for (name, _), each in zip(asked.variables, chosen, strict=True)}
                found.append(_difference(evaluation, asked.comparison, environment))
        return found


def _difference(evaluation: Evaluation, comparison: Expression, environment: Environment) -> Fraction | None:
    """Return left minus right; of a quotient its dividend minus right times divisor, which is linear in its parts."""
    left, right = comparison.operands
    limit = _point(evaluation.value(right, environment))
    while left.operator == "let":
        left, environment = evaluation.let(left, environment)
    parts = left.operands if left.operator == "/" else (left,)
    above, *below = (_point(evaluation.value(part, environment)) for part in parts)
    if above is None or limit is None or None in below:
        return None
    return above - prod([divisor for divisor in below if divisor is not None], start=limit)


def _point(value: Interval) -> Fraction | None:
    point = value.point if value.exists is True else None
    return Fraction(point) if isinstance(point, (Fraction, int)) else None


def _elements(model: Model, record: Record) -> dict[str, list[Record]]:
    """Return all elements of a record's lists by the name of their record."""
    found: dict[str, list[Record]] = {}
    waiting = [(record, model.facts)]
    while waiting:
        owner, facts = waiting.pop()
        for fact in facts:
            if fact.type.kind == "list":
                inner = getattr(owner, fact.name) or ()
                found.setdefault(fact.type.name, []).extend(inner)
                waiting.extend((each, model.records_by_name[fact.type.name].fields) for each in inner)
    return found


def roots(
    first: Fraction, before: list[Fraction | None], second: Fraction, after: list[Fraction | None]
) -> set[Fraction]:
    """Return where the differences would be zero, from what they are at two numbers."""
    found = set()
    for one, other in zip(before, after, strict=False):
        if one is not None and other is not None and one != other:
            found.add(first - one * (second - first) / (other - one))
    return found


def around(root: Fraction, type_: Type) -> list[object]:
    """Return values of that type at a root, just below and just above it, as examples hold them."""
    if type_.kind == "date":
        days = {floor(root) - 1, floor(root), ceil(root), ceil(root) + 1}
        return [date.fromordinal(day).isoformat() for day in sorted(days) if 1 <= day <= date.max.toordinal()]
    if type_.whole:
        return [*dict.fromkeys((floor(root), ceil(root), floor(root) - 1, ceil(root) + 1))]
    digits = decimal_digits(root)
    scale = 100 if type_.is_percent else 1
    step = Fraction(1, 10**_DIGITS * scale)
    at = [root] if digits is not None and digits <= 2 * _DIGITS * (1 + type_.is_percent) else []
    low, high = floor(root / step) * step, ceil(root / step) * step
    near = [low - step if low == root else low, high + step if high == root else high]
    return [plain_number(value) for value in (*at, *near)]
