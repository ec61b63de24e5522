"""Which facts an expression reads on a record: those with a value, and those that are missing.

Paths name them as data does: `population`, `charter.purpose`, `registered.2022`, `teachers[2].degree`, `assessed_on`.
"""

from collections.abc import Iterator

from attrs import frozen

from cedu_rules.explain.showing import fact_of, shown
from cedu_rules.messages import Words
from cedu_rules.model.ir import AGGREGATES, Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Series

MISSING_LIMIT = 200
"""So many paths of missing facts are listed for one requirement."""


@frozen
class Reading:
    """A fact with the value that it has on the record."""

    fact: str
    label: str
    value: Words


def readings(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[Reading, ...]:
    """Return the facts of the institution or element that the expression comes from, through lets, each once."""
    found: dict[str, Reading] = {}
    for part, inner in _parts(evaluation, expression, environment, into_elements=False):
        fact = fact_of(evaluation.model, part)
        if fact is not None and fact.name not in found:
            found[fact.name] = Reading(fact.name, fact.label, shown(evaluation, part, inner))
    return tuple(found.values())


def missing_in(evaluation: Evaluation, expression: Expression, environment: Environment) -> tuple[str, ...]:
    """Return the paths of the facts that the expression needs and that are not recorded, each once, in order."""
    found: dict[str, None] = {}
    for part, inner in _parts(evaluation, expression, environment, into_elements=True):
        if part.operator == "assessed_on" and evaluation.assessed_on is None:
            found["assessed_on"] = None
        if part.operator in {"fact", "field"}:
            found.update(dict.fromkeys(_missing(evaluation, part, inner)))
        if len(found) >= MISSING_LIMIT:
            break
    return tuple(found)[:MISSING_LIMIT]


def _missing(evaluation: Evaluation, part: Expression, environment: Environment) -> Iterator[str]:
    """Yield what is missing of one fact: itself, members of a set, years of a series."""
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
        yield from (f"{path}.{year}" for year, number in years if number.point is None)


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


def _parts(
    evaluation: Evaluation, root: Expression, environment: Environment, *, into_elements: bool
) -> Iterator[tuple[Expression, Environment]]:
    """Yield the parts of the expression, of its lets and, if asked, of each element, with their environments."""
    waiting = [(root, environment)]
    while waiting:
        expression, inner = waiting.pop()
        yield expression, inner
        if expression.operator == "let":
            waiting.append(inside(evaluation, expression, inner))
        elif expression.operator in {"fact", "field"}:
            waiting.extend(_condition(evaluation, expression, inner))
        elif expression.operator == "passes":
            clause = evaluation.model.clauses_by_id[str(expression.data)]
            conditions = [*clause.guards, *(item.condition for item in clause.requirements)]
            waiting.extend((condition, {}) for condition in reversed(conditions) if evaluation.value(condition) is None)
        elif expression.operator in AGGREGATES:
            waiting.extend(reversed(_aggregate(evaluation, expression, inner, into_elements=into_elements)))
        elif expression.operator in {"if", "by"}:
            parts = (expression.operands[0], *evaluation.choices(expression, inner))
            waiting.extend((part, inner) for part in reversed(parts))
        else:
            waiting.extend((part, inner) for part in reversed(expression.operands))


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
