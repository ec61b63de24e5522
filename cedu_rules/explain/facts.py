"""Which facts an expression reads on a record: those with a value, and those that are missing.

Paths name them as data does: `population`, `charter.purpose`, `registered.2022`, `teachers[2].degree`, `assessed_on`.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cedu_rules.explain.amounts import Amount, amount
from cedu_rules.explain.asked_years import years_asked
from cedu_rules.explain.showing import fact_of, shown
from cedu_rules.messages import Words
from cedu_rules.model.ir import AGGREGATES, Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Series

MISSING_LIMIT = 200
"""So many paths of missing facts are listed for one requirement."""


class Reading(NamedTuple):
    """A fact with the value that it has on the record; `exact` is its number where it is one."""

    fact: str
    label: str
    value: Words
    exact: Amount | None = None


def facts_read(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[str, ...]:
    """Return the names of the facts of the institution or element that the expression comes from, each once."""
    parts = (part for part, _ in _parts(evaluation, expression, environment, into_elements=False))
    facts = (fact_of(evaluation.model, part) for part in parts)
    return tuple(dict.fromkeys(fact.name for fact in facts if fact is not None))


def readings(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[Reading, ...]:
    """Return the facts of the institution or element that the expression comes from, through lets, each once."""
    found: dict[str, Reading] = {}
    for part, inner in _parts(evaluation, expression, environment, into_elements=False):
        fact = fact_of(evaluation.model, part)
        if fact is not None and fact.name not in found:
            found[fact.name] = Reading(
                fact.name, fact.label, shown(evaluation, part, inner), _exact(evaluation, part, inner)
            )
    return tuple(found.values())


def _exact(evaluation: Evaluation, part: Expression, environment: Environment) -> Amount | None:
    """Return the number that a fact is known to have."""
    if part.type.kind != "number" or evaluation.existence(part, environment) is False:
        return None
    point = evaluation.value(part, environment).point
    return None if point is None else amount(Fraction(point), part.type.unit)


def missing_in(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[str, ...]:
    """Return the paths of the facts that the expression needs and that are not recorded, each once, in order."""
    found: dict[str, None] = {}
    asked = years_asked(evaluation, expression, environment)
    for part, inner in _parts(evaluation, expression, environment, into_elements=True):
        if part.operator == "assessed_on" and evaluation.assessed_on is None:
            found["assessed_on"] = None
        if part.operator in {"fact", "field"}:
            found.update(dict.fromkeys(_missing(evaluation, part, inner, asked.get(id(part)))))
        if part.operator == "at":
            found.update(dict.fromkeys(_year_outside(evaluation, part, inner)))
        if len(found) >= MISSING_LIMIT:
            break
    return tuple(found)[:MISSING_LIMIT]


def _missing(
    evaluation: Evaluation, part: Expression, environment: Environment, asked: frozenset[int] | None = None
) -> Iterator[str]:
    """Yield what is missing of one fact: itself, members of a set, years of a series, or of it those that are asked."""
    if evaluation.existence(part, environment) is False:
        return
    fact, owner, _ = evaluation.declaration(part, environment)
    path = _path(evaluation, part, environment)
    given = getattr(owner, fact.name, None)
    value = evaluation.value(part, environment)
    if given is None:
        yield path
    elif part.type.kind == "set":
        members = zip(part.type.members, value, strict=True)
        yield from (f"{path}.{member.name}" for member, truth in members if truth is None)
    elif isinstance(value, Series):
        years = enumerate(value.values, value.first)
        yield from (
            f"{path}.{year}" for year, number in years if number.point is None and (asked is None or year in asked)
        )


def _year_outside(evaluation: Evaluation, part: Expression, environment: Environment) -> Iterator[str]:
    """Yield the year that is asked of a series and that its facts do not list."""
    series, year = part.operands
    point = evaluation.value(year, environment).point
    value = evaluation.value(series, environment)
    if point is None or point != int(point) or not value.values or value.first <= point <= value.last:
        return
    for inner, scope in _parts(evaluation, series, environment, into_elements=False):
        if inner.operator in {"fact", "field"} and inner.type.kind == "series":
            listed = evaluation.value(inner, scope)
            if listed.values and not listed.first <= point <= listed.last:
                yield f"{_path(evaluation, inner, scope)}.{int(point)}"


def _path(evaluation: Evaluation, part: Expression, environment: Environment) -> str:
    if not part.operands:
        return str(part.data)
    element = evaluation.value(part.operands[0], environment)
    prefix = _prefixes(environment).get(id(element), "")
    return f"{prefix}.{part.data}" if prefix else str(part.data)


_PATHS = "#paths"  # no variable can go by that name


def inside(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[Expression, Environment]:
    """Return the expression of a let and its environment, which still knows the paths of elements."""
    value, own = evaluation.let(expression, environment)
    return value, {**own, _PATHS: _prefixes(environment)}


def with_paths(evaluation: Evaluation, source: Expression, environment: Environment) -> Environment:
    """Return the environment that also knows the paths of the elements of a list."""
    listed = evaluation.value(source, environment) or ()
    name = _path(evaluation, source, environment) if source.operator in {"fact", "field"} else source.span.text
    paths = {id(element): f"{name}[{number}]" for number, element in enumerate(listed, 1)}
    return {**environment, _PATHS: {**_prefixes(environment), **paths}}


def path_of(environment: Environment, element: object) -> str:
    """Return the path of an element, as far as the environment knows it."""
    return _prefixes(environment).get(id(element), "")


def _prefixes(environment: Environment) -> dict[int, str]:
    paths = environment.get(_PATHS)
    return paths if isinstance(paths, dict) else {}


def parts_of(
    evaluation: Evaluation, root: Expression, environment: Environment
) -> Iterator[tuple[Expression, Environment]]:
    """Yield the parts of the expression and of its lets, with their environments."""
    return _parts(evaluation, root, environment, into_elements=False)


def _parts(
    evaluation: Evaluation, root: Expression, environment: Environment, *, into_elements: bool
) -> Iterator[tuple[Expression, Environment]]:
    """Yield the parts of the expression, of its lets and, if asked, of each element, with their environments.

    Lets and clauses are entered once, however many ways lead to them.
    """
    waiting = [(root, environment)]
    entered: set[tuple[str, object, int]] = set()
    while waiting:
        expression, inner = waiting.pop()
        yield expression, inner
        if expression.operator in {"let", "passes"}:
            owner = id(evaluation.value(expression.operands[0], inner)) if expression.operands else 0
            key = (expression.operator, expression.data, owner)
            if key in entered:
                continue
            entered.add(key)
        waiting.extend(reversed(_inner(evaluation, expression, inner, into_elements=into_elements)))


def _inner(
    evaluation: Evaluation, expression: Expression, environment: Environment, *, into_elements: bool
) -> list[tuple[Expression, Environment]]:
    """Return what an expression is made of on this record."""
    match expression.operator:
        case "let":
            return [inside(evaluation, expression, environment)]
        case "fact" | "field":
            return _condition(evaluation, expression, environment)
        case "passes":
            clause = evaluation.model.clauses_by_id[str(expression.data)]
            conditions = [*clause.guards, *(item.condition for item in clause.requirements)]
            return [(condition, {}) for condition in conditions if evaluation.value(condition) is None]
        case "if" | "by":
            parts = (expression.operands[0], *evaluation.choices(expression, environment))
            return [(part, environment) for part in parts]
    if expression.operator in AGGREGATES:
        return _aggregate(evaluation, expression, environment, into_elements=into_elements)
    return [(part, environment) for part in expression.operands if part.operator != "constant"]


def _condition(
    evaluation: Evaluation, expression: Expression, environment: Environment
) -> list[tuple[Expression, Environment]]:
    """Return the condition of a fact where it is not known to hold, for what is missing there decides too."""
    fact, _, own = evaluation.declaration(expression, environment)
    if fact.condition is None or evaluation.value(fact.condition, own) is not None:
        return []
    return [(fact.condition, {**own, _PATHS: _prefixes(environment)})]


def _aggregate(
    evaluation: Evaluation, expression: Expression, environment: Environment, *, into_elements: bool
) -> list[tuple[Expression, Environment]]:
    source, *rest = expression.operands
    parts: list[tuple[Expression, Environment]] = [(source, environment)]
    if not into_elements:
        return parts
    outer = with_paths(evaluation, source, environment)
    for element in evaluation.value(source, environment) or ():
        inner = {**outer, str(expression.data): element}
        parts.extend(_open_parts(evaluation, rest, inner))
    return parts


def _open_parts(
    evaluation: Evaluation, rest: list[Expression], environment: Environment
) -> list[tuple[Expression, Environment]]:
    """Return filter and body of one element as far as they are not decided."""
    where, *bodies = rest
    certain = evaluation.value(where, environment)
    if certain is False:
        return []
    undecided = [body for body in bodies if body.type.kind != "bool" or evaluation.value(body, environment) is None]
    return [*([(where, environment)] if certain is None else []), *((body, environment) for body in undecided)]
