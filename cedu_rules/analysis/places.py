"""A model into every expression that stands in it, each with what surrounds it.

`Place` knows the conditions that hold wherever the expression matters: the guards of its clause, the other limbs of an
`and`, the condition of the branch of an `if` that it stands in.
"""

from collections.abc import Iterator

from attrs import evolve, frozen

from cedu_rules.model.ir import AGGREGATES, Expression, Model
from cedu_rules.model.types import BOOL

LIMBS_LIMIT = 100
"""In a longer chain of `and` or `or` the limbs are looked at alone, since each would hold all the others."""


@frozen
class Place:
    """An expression, the conditions around it that hold, and the variables that it sees."""

    expression: Expression
    holding: tuple[Expression, ...]
    variables: dict[str, str]
    """Records by variable; "" is the record whose let or field it is."""


def places(model: Model) -> Iterator[Place]:
    """Yield every expression of clauses, lets and conditions; checks are left out, since they may hold for nothing."""
    for root in _roots(model):
        yield from _inside(root)


def _roots(model: Model) -> Iterator[Place]:
    for clause in model.clauses:
        for position, guard in enumerate(clause.guards):
            yield Place(guard, clause.guards[:position], {})
        for requirement in clause.requirements:
            yield Place(requirement.condition, clause.guards, {})
    for let in model.lets:
        yield Place(let.value, (), {})
    for fact in model.facts:
        if fact.condition is not None:
            yield Place(fact.condition, (), {})
    for record in model.records:
        own = {"": record.name}
        yield from (Place(let.value, (), own) for let in record.lets)
        yield from (Place(field.condition, (), own) for field in record.fields if field.condition is not None)


def _inside(root: Place) -> Iterator[Place]:
    waiting = [root]
    while waiting:
        place = waiting.pop()
        yield place
        waiting.extend(reversed(_parts(place)))


def _parts(place: Place) -> list[Place]:
    """Return the places of the operands."""
    expression, operands = place.expression, place.expression.operands
    match expression.operator:
        case "and" | "or":
            return [_limb(place, position) for position in range(len(operands))]
        case "if":
            condition, consequence, alternative = operands
            return [
                evolve(place, expression=condition),
                evolve(place, expression=consequence, holding=(*place.holding, condition)),
                evolve(place, expression=alternative, holding=(*place.holding, _not(condition))),
            ]
        case operator if operator in AGGREGATES:
            source, *rest = operands
            inner = evolve(place, variables={**place.variables, str(expression.data): source.type.name})
            parts = [evolve(inner, expression=part) for part in rest]
            if len(parts) > 1:  # the body matters where the filter holds
                parts[1] = evolve(parts[1], holding=(*place.holding, rest[0]))
            return [evolve(place, expression=source), *parts]
    return [evolve(place, expression=operand) for operand in operands]


def _limb(place: Place, position: int) -> Place:
    """Return the place of a limb: it matters where the others of an `and` hold, of an `or` do not."""
    limbs = place.expression.operands
    others = [] if len(limbs) > LIMBS_LIMIT else [*limbs[:position], *limbs[position + 1 :]]
    if place.expression.operator == "or":
        others = [limb.operands[0] if limb.operator == "not" else _not(limb) for limb in others]
    return evolve(place, expression=limbs[position], holding=(*place.holding, *others))


def _not(condition: Expression) -> Expression:
    return Expression("not", (condition,), None, BOOL, condition.span)
