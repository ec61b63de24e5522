"""What a condition reads into finitely many values that stand for all: one of each class that it can tell apart.

A yes/no fact, choice or level has its members; of a set only the members named in the condition matter, or all where they
are counted; a number or day that is only compared with constants has those, what lies between two of them, and beyond.
Each may be missing too, which is a class of its own.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from cedu_rules.model.graph import walk
from cedu_rules.model.ir import COMPARISONS, Expression, Fact, Model
from cedu_rules.model.types import Type
from cedu_rules.units import plain_number

Bounds = dict["Owner", set[Fraction] | None]
"""The constants with which a fact is compared; None where more is done with it."""


@frozen
class Owner:
    """A fact of the institution, or of the element that `variable` names; of a set one member."""

    variable: str | None
    fact: str
    member: str | None = None


def classes_of(
    model: Model, expressions: list[Expression], variables: dict[str, str]
) -> list[tuple[Owner, list[object]]] | None:
    """Return what the expressions read, each with its values, or None where finitely many do not stand for all.

    Args:
        model: The standard.
        expressions: The conditions and all that they build on.
        variables: The records by the variables that are free in them.
    """
    bounds: Bounds = {}
    for expression in expressions:
        if not _read(expression, variables, bounds):
            return None
    found: list[tuple[Owner, list[object]]] = []
    for owner, points in sorted(bounds.items(), key=lambda each: (each[0].variable or "", each[0].fact)):
        fact = _declaration(model, owner, variables)
        values = None if fact is None else list(_values(fact, owner, points))
        if fact is None or not values:
            return None
        if fact.type.kind == "set":
            named = _members(fact, expressions)
            found += [(Owner(owner.variable, owner.fact, member), values) for member in named]
        else:
            found.append((owner, values))
    return found


def _read(expression: Expression, variables: dict[str, str], bounds: Bounds) -> bool:
    """Take down which facts are read and how; return False where something else decides."""
    match expression.operator:
        case "assessed_on" | "variable":
            return False
        case "fact" | "field":
            return _note(expression, None, variables, bounds)
        case "let":
            return not expression.operands or _variable(expression.operands[0], variables) is not None
        case "by" if isinstance(expression.data, tuple):
            selector, *cells = expression.operands
            limits = cells[: 2 * len(expression.data) : 2]
            return _compared(selector, limits, variables, bounds) and all(
                _read(cell, variables, bounds) for cell in cells[1 : 2 * len(limits) : 2] + cells[2 * len(limits) :]
            )
        case operator if operator in COMPARISONS or operator == "in":
            first, *others = expression.operands
            if first.operator == "constant" and len(others) == 1:
                first, others = others[0], [first]
            return _compared(first, others, variables, bounds)
    return all(_read(part, variables, bounds) for part in expression.operands)


def _compared(value: Expression, constants: list[Expression], variables: dict[str, str], bounds: Bounds) -> bool:
    """Take down a comparison of a fact with constants; of anything else, whatever is in it."""
    is_plain = value.operator in {"fact", "field"} and all(each.operator == "constant" for each in constants)
    if is_plain and value.type.kind in {"number", "date"}:
        return _note(value, constants, variables, bounds)
    return all(_read(part, variables, bounds) for part in (value, *constants))


def _note(fact: Expression, constants: list[Expression] | None, variables: dict[str, str], bounds: Bounds) -> bool:
    variable = None
    if fact.operands:
        variable = _variable(fact.operands[0], variables)
        if variable is None:
            return False
    owner = Owner(variable, str(fact.data))
    known = bounds.setdefault(owner, set())
    if constants is None:
        bounds[owner] = None
    elif known is not None:
        known.update(_point(each) for each in constants)
    return True


def _variable(element: Expression, variables: dict[str, str]) -> str | None:
    """Return the variable that an element is, if it is a free one."""
    name = str(element.data)
    return name if element.operator == "variable" and name in variables else None


def _point(constant: Expression) -> Fraction:
    data = constant.data
    return Fraction(data.toordinal()) if isinstance(data, date) else Fraction(data)  # type: ignore[arg-type]


def _declaration(model: Model, owner: Owner, variables: dict[str, str]) -> Fact | None:
    if owner.variable is None:
        return model.facts_by_name.get(owner.fact)
    return model.records_by_name[variables[owner.variable]].fields_by_name.get(owner.fact)


def _members(fact: Fact, expressions: list[Expression]) -> list[str]:
    """Return the members of a set that the expressions can tell apart."""
    parts = [part for expression in expressions for part in walk(expression)]
    counted = any(part.operator == "present" for part in parts)
    named = {str(name) for part in parts if part.operator == "includes" for name in part.data or ()}  # type: ignore[union-attr]
    return [member.name for member in fact.type.members if counted or member.name in named]


def _values(fact: Fact, owner: Owner, points: set[Fraction] | None) -> Iterator[object]:  # noqa: ARG001
    """Yield a value of each class, None for a missing one; nothing where the fact has no such classes."""
    type_ = fact.type
    match type_.kind:
        case "bool" | "set":
            yield from (True, False, None)
        case "choice" | "level":
            yield from (member.name for member in type_.members)
            yield None
        case "number" | "date" if points is not None:
            otherwise = set() if fact.otherwise is None else {_point(fact.otherwise)}
            yield from _numbers(type_, points | otherwise)
            yield None


def _numbers(type_: Type, points: set[Fraction]) -> Iterator[object]:
    """Yield the points, one number between each two and beyond them, as records hold them."""
    ends = {end for end in (type_.low, type_.high, Fraction(0)) if end is not None}
    marks = sorted(points | ends)
    between = {(low + high) / 2 for low, high in pairwise(marks)} | {marks[0] - 1, marks[-1] + 1}
    whole = type_.whole or type_.kind == "date"
    if whole:
        between = {
            Fraction(near) for mark in marks for near in (mark // 1 - 1, mark // 1, mark // 1 + 1, mark // 1 + 2)
        }
    for value in sorted({*marks, *between}):
        if (type_.low is not None and value < type_.low) or (type_.high is not None and value > type_.high):
            continue
        if type_.kind == "date":
            if value.denominator == 1 and 1 <= value <= date.max.toordinal():
                yield date.fromordinal(int(value))
        elif not whole or value.denominator == 1:
            yield plain_number(value / type_.data_factor)
