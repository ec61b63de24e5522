"""An expression into the years for which it reads each series: of `registered[2022]` no other year matters."""

from cedu_rules.model.graph import walk, walk_through_lets
from cedu_rules.model.ir import Expression
from cedu_rules.semantics import Environment, Evaluation


def years_asked(
    evaluation: Evaluation, expression: Expression, environment: Environment
) -> dict[int, frozenset[int] | None]:
    """Return for each reference to a series, by identity, the years that are asked of it; None where all matter.

    A reference that is not there is read in a way that cannot be seen from here, so that all of its years matter, too.
    """
    found: dict[int, frozenset[int] | None] = {}
    for part in walk_through_lets(evaluation.model, expression):
        if part.type.kind == "series":
            continue
        for operand in part.operands:
            if operand.type.kind == "series":
                years = _years(evaluation, part, environment)
                for reference in walk_through_lets(evaluation.model, operand):
                    if reference.operator in {"fact", "field"} and reference.type.kind == "series":
                        before = found.get(id(reference), frozenset())
                        found[id(reference)] = None if years is None or before is None else before | years
    return found


def _years(evaluation: Evaluation, part: Expression, environment: Environment) -> frozenset[int] | None:
    """Return the year that a part asks of a series; None where it asks for all, or each element for its own."""
    if part.operator != "at" or any(each.operator in {"variable", "let"} for each in walk(part.operands[1])):
        return None
    point = evaluation.value(part.operands[1], environment).point
    return None if point is None else frozenset([int(point)])
