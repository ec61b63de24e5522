"""A model into what no repair lowers or raises unasked: counts of people that only say how much is asked for.

Where `books >= population`, `registered / population >= 30%` or `area >= by population { … }` is demanded, an institution
buys books, registers people and builds; it does not decide how many people live around it. So a fact that counts `people`
stays as it is, unless some requirement is about that very number. That is read off the standard: a requirement is about
what stands on the left of a comparison and above the line of a quotient (on the right where the left is a constant).
"""

from collections.abc import Iterator

from cedu_rules.model.ir import COMPARISONS, Expression, Fact, Model


def given(model: Model) -> frozenset[str]:
    """Return the names of the institution's counts of people that no requirement of the standard is about."""
    people = {fact.name for fact in model.facts if _counts_people(fact)}
    if not people:
        return frozenset()
    conditions = [item.condition for clause in model.clauses for item in clause.requirements]
    return frozenset(people - set(_asked(model, conditions)))


def _counts_people(fact: Fact) -> bool:
    type_ = fact.type.element or fact.type
    return type_.kind == "number" and type_.unit.name == "people"


def _asked(model: Model, conditions: list[Expression]) -> Iterator[str]:
    """Yield the facts that the conditions are about, through lets."""
    waiting, seen = list(conditions), set()
    while waiting:
        part = waiting.pop()
        if part.operator == "fact":
            yield str(part.data)
        elif part.operator == "let" and not part.operands and part.data not in seen:
            seen.add(part.data)
            waiting.append(model.lets_by_name[str(part.data)].value)
        waiting += _about(part)


def _about(part: Expression) -> tuple[Expression, ...]:
    """Return the operands of an expression that it is about."""
    operands = part.operands
    if part.operator in COMPARISONS:
        return operands[1:] if operands[0].operator == "constant" else operands[:1]
    if part.operator == "/":
        return operands[:1]
    if part.operator == "by":
        return operands[1:]
    return operands
