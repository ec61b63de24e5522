"""The values of an example into the single values in it, each by its path, and into values with one of them changed.

Paths: `("area",)`, `("rooms", "training")` of a set, `("registered", "2022")` of a series, `("teachers", 0, "degree")`.
Values are those of an example: numbers in the unit of the fact, dates as text, sets as lists or mappings, lists of
mappings. Nothing is changed in place.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from attrs import frozen

from cedu_rules.model.graph import Graph, Key, post_order
from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.model.types import BOOL, DATE, Type

Path: TypeAlias = tuple[str | int, ...]
Values: TypeAlias = Mapping[str, Any]

DAY = "assessed_on"


@frozen
class Slot:
    """A single value, or a whole series or list, at `path`."""

    path: Path
    type: Type


@frozen
class Reach:
    """The facts of the institution and of records that a clause may depend on, and whether it asks for the day."""

    facts: tuple[Fact, ...]
    fields: Mapping[str, tuple[Fact, ...]]
    asks_day: bool
    expressions: tuple[Expression, ...]


def reach(model: Model, clause: str, extra: tuple[Expression, ...] = ()) -> Reach:
    """Return what the clause reads, through lets, conditions and `passes`, and what checks read with it."""
    graph = Graph(model)
    root: Key = ("clause", "", clause)
    keys = dict.fromkeys(post_order([root], graph.edges)[0])
    expressions = [part for key in keys for part in graph.expressions(key)]
    checks = [check.condition for check in model.checks]
    checks += [check.condition for record in model.records for check in record.checks]
    facts = tuple(fact for fact in model.facts if ("fact", "", fact.name) in keys)
    fields = {
        record.name: tuple(
            fact for fact in record.fields if ("fact", record.name, fact.name) in keys or fact.name == record.key
        )
        for record in model.records
    }
    asks_day = any(_asks_day(part) for part in expressions)
    return Reach(facts, fields, asks_day, (*expressions, *checks, *extra))


def _asks_day(expression: Expression) -> bool:
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if part.operator == "assessed_on":
            return True
        waiting.extend(part.operands)
    return False


def slots(reach: Reach, values: Values) -> Iterator[Slot]:
    """Yield every value that the clause may depend on, known or not."""
    if reach.asks_day:
        yield Slot((DAY,), DATE)
    yield from _slots(reach, reach.facts, values, ())


def _slots(reach: Reach, facts: tuple[Fact, ...], values: Values, above: Path) -> Iterator[Slot]:
    for fact in facts:
        path, type_, value = (*above, fact.name), fact.type, values.get(fact.name)
        if type_.kind == "set":
            yield from (Slot((*path, member.name), BOOL) for member in type_.members)
            continue
        yield Slot(path, type_)
        if type_.kind == "series" and type_.element is not None:
            yield from (Slot((*path, year), type_.element) for year in value or ())
        elif type_.kind == "list":
            for position, element in enumerate(value or ()):
                yield from _slots(reach, reach.fields[type_.name], element, (*path, position))


def found_at(values: Any, path: Path) -> Any:  # noqa: ANN401 -- whatever an example holds
    """Return the value at the path, None where it is missing."""
    for step in path:
        if isinstance(values, list) and isinstance(step, str):  # a closed set
            values = step in values
        elif isinstance(values, Mapping):
            values = values.get(str(step))
        else:
            values = values[step] if isinstance(values, list) and isinstance(step, int) else None
    return values


def put(values: Values, path: Path, value: object, types: Mapping[str, Type]) -> dict[str, Any]:
    """Return the values with another one at the path; None takes it away.

    Args:
        values: The values of an institution.
        path: Where.
        value: The new value there.
        types: The types of the institution's facts by name; a closed set has to be opened before a member is unknown.
    """
    changed = _put(values, path, value, types.get(str(path[0])))
    return changed if isinstance(changed, dict) else {}


def _put(inside: Any, path: Path, value: object, type_: Type | None) -> Any:  # noqa: ANN401
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        return [_put(each, tuple(rest), value, None) if at == step else each for at, each in enumerate(inside)]
    if isinstance(inside, list):  # a closed set, opened
        inside = dict.fromkeys(inside, True) | (
            {} if type_ is None else {member.name: member.name in inside for member in type_.members}
        )
    inside = dict(inside or {})
    changed = _put(inside.get(step), tuple(rest), value, type_)
    if changed is None:
        inside.pop(step, None)
    else:
        inside[step] = changed
    return inside
