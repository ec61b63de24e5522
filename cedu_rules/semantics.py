"""The meaning of the language: a standard and a record into statuses. This module is the definition.

Small, slow and obviously right: exact rationals, closed intervals, strong Kleene logic. It is never optimised; whatever
is faster is tested against it, and every explanation is read off it. One line an operator, in the table at the end;
`values` holds the arithmetic of possible values. A missing fact stands for every value that its declaration allows; an
element None stands for one with nothing recorded.
"""

import functools
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from cedu_rules import results, values
from cedu_rules.model.ir import COMPARISONS, Clause, Expression, Fact, Model, Requirement
from cedu_rules.results import Status
from cedu_rules.truth import Interval, Options, Truth, all_of, any_of, at_least, highest, lowest, negate, rounded
from cedu_rules.values import Value

Environment: TypeAlias = Mapping[str, object]
"""Elements by the variables bound to them; the record whose let, check or condition is evaluated goes by ""."""


class Evaluation:
    """One record under one standard on one day, or on an unknown day (None).

    `empty_all` is what `all` over no element is; False instead of True shows which answers are true for that alone.
    """

    def __init__(
        self, model: Model, record: object, assessed_on: date | None = None, *, empty_all: bool = True
    ) -> None:
        self.model = model
        self.record = record
        self.assessed_on = assessed_on
        self.empty_all = empty_all
        self._lets: dict[tuple[str, str, int], Value] = {}
        self._statuses: dict[str, Status] = {}

    def value(self, expression: Expression, environment: Environment | None = None) -> Value:
        """Return what is known of the value of `expression`."""
        return _RULES[expression.operator](self, expression, environment or {})

    def status(self, clause: Clause) -> Status:
        """Return the status of a clause of the standard."""
        if clause.id not in self._statuses:
            modality = "should" if clause.advisory else "must"
            counting = [self.value(item.condition) for item in clause.requirements if item.modality == modality]
            self._statuses[clause.id] = results.status(self.applies(clause), all_of(counting), advisory=clause.advisory)
        return self._statuses[clause.id]

    def applies(self, clause: Clause) -> Truth:
        """Return whether every guard of the clause holds."""
        return all_of(self.value(guard) for guard in clause.guards)

    def requirement_status(self, clause: Clause, requirement: Requirement) -> Status:
        """Return the status of one requirement of the clause."""
        advisory = requirement.modality == "should"
        return results.status(self.applies(clause), self.value(requirement.condition), advisory=advisory)

    def fact(self, fact: Fact, owner: object, environment: Environment) -> Value:
        """Return what is known of a fact of `owner`, also where it may not exist."""
        given = getattr(owner, fact.name, None)
        exists = True if fact.condition is None else self.value(fact.condition, environment)
        if exists is False:
            return values.absent(fact)
        value = values.possible(fact.type, given)
        return values.join(value, values.absent(fact)) if exists is None and given is None else value

    def existence(self, expression: Expression, environment: Environment) -> Truth:
        """Return whether the value exists; under an unknown condition a given one does, unless none looks the same."""
        match expression.operator:
            case "fact" | "field":
                fact, owner, inner = self.declaration(expression, environment)
                if fact.condition is None or fact.otherwise is not None:
                    return True
                exists, given = self.value(fact.condition, inner), getattr(owner, fact.name, None)
                is_given = given is not None and values.possible(fact.type, given) != values.absent(fact)
                return True if exists is None and is_given else exists
            case "let":
                return self.existence(*self.let(expression, environment))
            case "if" | "by":
                answers = {self.existence(choice, environment) for choice in self.choices(expression, environment)}
                return answers.pop() if len(answers) == 1 else None
            case "step" | "days_between" | "year":
                days = [part for part in expression.operands if part.type.kind == "date"]
                return all_of(self.existence(day, environment) for day in days)
        return True

    def declaration(self, expression: Expression, environment: Environment) -> tuple[Fact, object, Environment]:
        """Return the fact or field that is read, whose it is, and the environment of its condition."""
        name = str(expression.data)
        if not expression.operands:
            return self.model.facts_by_name[name], self.record, {}
        element = self.value(expression.operands[0], environment)
        record = self.model.records_by_name[expression.operands[0].type.name]
        return record.fields_by_name[name], element, {"": element}

    def let(self, expression: Expression, environment: Environment) -> tuple[Expression, Environment]:
        """Return the expression of a let and the environment of its record."""
        name = str(expression.data)
        if not expression.operands:
            return self.model.lets_by_name[name].value, {}
        record = self.model.records_by_name[expression.operands[0].type.name]
        return record.lets_by_name[name].value, {"": self.value(expression.operands[0], environment)}

    def let_value(self, expression: Expression, environment: Environment) -> Value:
        """Return the value of a let, evaluated once a record."""
        value, inner = self.let(expression, environment)
        record = expression.operands[0].type.name if expression.operands else ""
        key = record, str(expression.data), id(inner.get(""))
        if key not in self._lets:
            self._lets[key] = self.value(value, inner)
        return self._lets[key]

    def choices(self, expression: Expression, environment: Environment) -> tuple[Expression, ...]:
        """Return the values that `if` or `by` may still select."""
        first, *cells = expression.operands
        tested = self.value(first, environment)
        if expression.operator == "if":
            return tuple(cells if tested is None else cells[:1] if tested else cells[1:])
        chosen: tuple[Expression, ...] = ()
        operators = tuple(expression.data) if isinstance(expression.data, tuple) else ()
        for operator, bound, value in zip(operators, cells[::2], cells[1::2], strict=False):
            fits = values.compare(operator, tested, values.constant(bound))
            chosen += () if fits is False else (value,)
            if fits is True:
                return chosen
        return chosen + tuple(cells[2 * len(operators) :])

    def elements(self, expression: Expression, environment: Environment) -> list[tuple[Truth, Environment]] | None:
        """Return each element that is in the filter or may be, with which of the two; None for a missing list."""
        source, where = expression.operands[:2]
        listed = self.value(source, environment)
        if listed is None:
            return None
        inner = [{**environment, str(expression.data): element} for element in listed]
        found = [(self.value(where, each), each) for each in inner]
        return [(certain, each) for certain, each in found if certain is not False]


# --- one rule an operator --------------------------------------------------------------------------------------------

Rule: TypeAlias = Callable[[Evaluation, Expression, Environment], Value]


def _of_values(function: Callable[..., Value]) -> Rule:
    """Return the rule of an operator that depends on nothing but itself and the values of its operands."""

    def rule(evaluation: Evaluation, expression: Expression, environment: Environment) -> Value:
        return function(expression, *(evaluation.value(operand, environment) for operand in expression.operands))

    return rule


def _of_elements(
    function: Callable[[list[Value], list[Value], Expression], Value], missing: Callable[..., Value]
) -> Rule:
    """Return the rule of an aggregate of the bodies of certain elements and of those that are only possible."""

    def rule(evaluation: Evaluation, expression: Expression, environment: Environment) -> Value:
        found = evaluation.elements(expression, environment)
        body = expression.operands[-1]
        if found is None:
            return missing(expression, lambda: evaluation.value(body, {**environment, str(expression.data): None}))
        bodies = [(certain, evaluation.value(body, inner)) for certain, inner in found]
        return function(
            [value for sure, value in bodies if sure], [value for sure, value in bodies if not sure], expression
        )

    return rule


def _all(evaluation: Evaluation, expression: Expression, environment: Environment) -> Truth:
    found = evaluation.elements(expression, environment)
    if not found:
        return None if found is None else evaluation.empty_all
    return all_of(any_of((negate(sure), evaluation.value(expression.operands[2], inner))) for sure, inner in found)


def _passes(evaluation: Evaluation, expression: Expression, _environment: Environment) -> Truth:
    return results.holds(evaluation.status(evaluation.model.clauses_by_id[str(expression.data)]))


def _in(_expression: Expression, value: Value, *listed: Value) -> Truth:
    if not isinstance(value, Options):
        return any_of(values.compare("=", value, item) for item in listed)
    return all_of((value.exists, value.among(frozenset(member for item in listed for member in item.values))))


def _includes(expression: Expression, present: tuple[Truth, ...]) -> Truth:
    members = expression.operands[0].type.members
    return all_of(truth for truth, member in zip(present, members, strict=True) if member.name in expression.data)  # type: ignore[operator]


_ROUND = _of_values(lambda e, number: number.mapped(lambda end: rounded(end, e.operator)))
_FACT: Rule = lambda evaluation, e, environment: evaluation.fact(*evaluation.declaration(e, environment))  # noqa: E731
_CHOSEN: Rule = lambda evaluation, e, environment: values.hull(  # noqa: E731
    [evaluation.value(choice, environment) for choice in evaluation.choices(e, environment)], e.type
)
_UNKNOWN = lambda e, _blank: values.unknown(e.type)  # noqa: E731

_RULES: dict[str, Rule] = {
    "constant": lambda _evaluation, e, _environment: values.constant(e),
    "assessed_on": lambda evaluation, e, _environment: values.possible(e.type, evaluation.assessed_on),
    "fact": _FACT,
    "field": _FACT,
    "let": Evaluation.let_value,
    "variable": lambda _evaluation, e, environment: environment[str(e.data)],
    "exists": lambda evaluation, e, environment: evaluation.existence(e.operands[0], environment),
    "passes": _passes,
    "not": _of_values(lambda _e, truth: negate(truth)),
    "and": _of_values(lambda _e, *limbs: all_of(limbs)),
    "or": _of_values(lambda _e, *limbs: any_of(limbs)),
    "at_least": _of_values(lambda e, *limbs: at_least(e.data, limbs)),
    **dict.fromkeys(COMPARISONS, _of_values(lambda e, left, right: values.compare(e.operator, left, right))),
    "in": _of_values(_in),
    "includes": _of_values(_includes),
    "present": _of_values(lambda _e, members: Interval(members.count(True), len(members) - members.count(False))),
    "+": _of_values(lambda _e, *terms: functools.reduce(values.add, terms)),
    "*": _of_values(lambda _e, *factors: functools.reduce(values.multiply, factors)),
    "/": _of_values(lambda _e, above, below: values.divide(above, below)),
    "-": _of_values(lambda _e, number: values.each(Interval.negative, number)),
    "abs": _of_values(lambda _e, number: values.each(Interval.absolute, number)),
    **dict.fromkeys(("ceil", "floor", "round"), _ROUND),
    "lowest": _of_values(lambda e, *items: values.extreme(lowest, items, e.type)),
    "highest": _of_values(lambda e, *items: values.extreme(highest, items, e.type)),
    "if": _CHOSEN,
    "by": _CHOSEN,
    "all": _all,
    "any": _of_elements(values.some, lambda _e, _blank: None),
    "count": _of_elements(values.number, lambda _e, _blank: values.AT_LEAST_ZERO),
    "sum": _of_elements(values.total, lambda _e, blank: values.AT_LEAST_ZERO.times(blank())),
    "min": _of_elements(values.least, _UNKNOWN),
    "max": _of_elements(values.greatest, _UNKNOWN),
    "average": _of_elements(values.mean, _UNKNOWN),
    "distinct": _of_elements(values.distinct, lambda _e, _blank: values.AT_LEAST_ZERO),
    "step": _of_values(lambda e, day, amount: values.later(day, amount, e.operands[1].type.dimension[0][0])),
    "days_between": _of_values(lambda _e, later, earlier: later.plus(earlier.negative())),
    "year": _of_values(lambda _e, day: values.year_of(day)),
    "rises": _of_values(lambda _e, series: all_of((series.exists, series.rises()))),
    "falls": _of_values(lambda _e, series: all_of((series.exists, series.mapped(Interval.negative).rises()))),
    "latest": _of_values(lambda _e, series: values.of_series(series, series.at(series.last))),
    "average_of": _of_values(lambda e, series: values.of_series(series, series.average(e.data))),
    "at": _of_values(lambda _e, series, year: values.of_series(series, series.at(year.point))),
}
