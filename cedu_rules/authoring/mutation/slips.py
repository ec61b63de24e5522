"""An expression into the slips of it: each the part that is changed, what it becomes, and how that is told.

Slips of one part stand in one table by operator; `slips` looks into every part and puts the changed one back in its place.
What the model added of its own accord (that a value exists) is no author's, and stays.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from attrs import evolve, frozen

from cedu_rules.authoring.homes import text_of
from cedu_rules.authoring.mutation.neighbours import neighbours
from cedu_rules.model.ir import COMPARISONS, Expression
from cedu_rules.model.types import BOOL

DROPPED = ""
"""What a part that is left out becomes."""

_AVERAGED_YEARS = 100
_TURNS = {
    ">=": (">", "=", "<"),
    "<=": ("<", "=", ">"),
    ">": (">=", "!=", "<="),
    "<": ("<=", "!=", ">="),
}
_EXPLICIT = re.compile(r"\bincludes\s*[{｛]")


@frozen
class Slip:
    """`part` of an expression becomes `into`; `whole` is the expression with it, `before` and `after` are the words."""

    part: Expression
    whole: Expression
    before: str
    after: str


Local: TypeAlias = Iterator[tuple[Expression, str, str]]
"""What a part becomes, and the words before and after."""


def slips(expression: Expression, *, whole: bool = False) -> Iterator[Slip]:
    """Yield every slip in an expression; `whole` tells that its number is compared with whole ones."""
    for into, before, after in _local(expression, whole=whole):
        yield Slip(expression, into, before, after)
    for position, operand in enumerate(expression.operands):
        if _is_ours(expression, position):
            continue
        for slip in slips(operand, whole=_is_whole(expression, position, whole=whole)):
            yield evolve(slip, whole=_with(expression, position, slip.whole))


def truth(expression: Expression, *, value: bool) -> Expression:
    """Return the constant yes or no in the place of a condition."""
    return Expression("constant", (), value, BOOL, expression.span)


def negated(condition: Expression) -> Expression:
    """Return the condition with `not` before it, or without the one it has."""
    return (
        condition.operands[0]
        if condition.operator == "not"
        else Expression("not", (condition,), None, BOOL, condition.span)
    )


def _with(expression: Expression, position: int, operand: Expression) -> Expression:
    operands = (*expression.operands[:position], operand, *expression.operands[position + 1 :])
    return expression._replace(operands=operands)


def _is_ours(expression: Expression, position: int) -> bool:
    """Return whether an operand was added by the model: that a value exists, and what follows where it does not."""
    if expression.operands[position].operator == "exists":
        return True
    return expression.operator == "if" and expression.operands[0].operator == "exists" and position != 1


def _is_whole(expression: Expression, position: int, *, whole: bool) -> bool:
    """Return whether a number in that place is compared with whole numbers only."""
    match expression.operator:
        case operator if operator in COMPARISONS or operator == "in":
            others = [other for index, other in enumerate(expression.operands) if index != position]
            return any(other.operator != "constant" and other.type.whole for other in others[: 1 if position else None])
        case "by":
            rows = 2 * len(expression.data) if isinstance(expression.data, tuple) else 0
            return expression.operands[0].type.whole if position % 2 and position < rows else whole
        case "step" | "at":
            return True
        case "if" | "+" | "-" | "lowest" | "highest":
            return whole
    return False


# --- slips of one part -----------------------------------------------------------------------------------------------


def _local(expression: Expression, *, whole: bool) -> Local:
    if expression.operator == "constant":
        before = text_of(expression)
        yield from ((into, before, after) for into, after in neighbours(expression, whole=whole))
    elif expression.operator in _TABLE:
        yield from _TABLE[expression.operator](expression)


def _comparison(expression: Expression) -> Local:
    left, right = expression.operands
    ordered = left.type.kind in {"number", "date", "level"}
    turns = _TURNS.get(expression.operator) or (("<=", ">=", "!=") if ordered else ("!=",))
    for operator in turns:
        into = expression._replace(operator="=" if operator == "!=" else operator)
        after = f"{text_of(left)} {operator} {text_of(right)}"
        yield (negated(into) if operator == "!=" else into), text_of(expression), after


def _logic(expression: Expression) -> Local:
    limbs = expression.operands
    if any(limb.operator == "exists" for limb in limbs):
        return
    other = "or" if expression.operator == "and" else "and"
    if all(limb.span != expression.span for limb in limbs):  # `between` is no `and` to its author
        yield expression._replace(operator=other), text_of(expression), f" {other} ".join(map(text_of, limbs))
    yield from _fewer_limbs(expression)


def _fewer_limbs(expression: Expression) -> Local:
    limbs = expression.operands
    for position, limb in enumerate(limbs):
        rest = (*limbs[:position], *limbs[position + 1 :])
        yield rest[0] if len(rest) == 1 else expression._replace(operands=rest), text_of(limb), DROPPED


def _at_least(expression: Expression) -> Local:
    number, limbs = int(str(expression.data)), expression.operands
    for count in (number - 1, number + 1):
        if 1 <= count <= len(limbs):
            yield expression._replace(data=count), f"at least {number}", f"at least {count}"
    if number < len(limbs):
        yield from _fewer_limbs(expression)


def _negation(expression: Expression) -> Local:
    inner = expression.operands[0]
    if inner.span != expression.span or inner.operator != "=":  # `!=` is turned as a comparison
        yield inner, text_of(expression), text_of(inner)


def _plain(expression: Expression) -> Local:
    if expression.type.kind == "bool":
        text = text_of(expression)
        yield negated(expression), text, f"not {text}"


def _in(expression: Expression) -> Local:
    yield from _plain(expression)
    value, *listed = expression.operands
    text = text_of(value)
    for position, item in enumerate(listed):
        if len(listed) > 1:
            rest = [*listed[:position], *listed[position + 1 :]]
            yield expression._replace(operands=(value, *rest)), text_of(item), DROPPED
    if value.type.kind in {"choice", "level"}:
        known = {item.data for item in listed}
        for member in value.type.members:
            if member.name not in known:
                added = listed[0]._replace(data=member.name)
                names = ", ".join(str(item.data) for item in (*listed, added))
                after = f"{text} in {{ {names} }}"
                yield expression._replace(operands=(value, *listed, added)), text_of(expression), after


def _includes(expression: Expression) -> Local:
    yield from _plain(expression)
    members = tuple(expression.data) if isinstance(expression.data, tuple) else ()
    single = [expression._replace(data=(name,)) for name in members]
    if len(single) > 1:
        after = " or ".join(f"{text_of(expression.operands[0])} includes {{ {name} }}" for name in members)
        yield Expression("or", tuple(single), None, BOOL, expression.span), text_of(expression), after
    if not _EXPLICIT.search(expression.span.text):
        return  # `includes all` and `show … with` ask for the members of the type, whichever they are
    for name in members if len(members) > 1 else ():
        rest = tuple(member for member in members if member != name)
        yield expression._replace(data=rest), name, DROPPED
    for member in expression.operands[0].type.members:
        if member.name not in members:
            data = (*members, member.name)
            after = f"{text_of(expression.operands[0])} includes {{ {', '.join(data)} }}"
            yield expression._replace(data=data), text_of(expression), after


def _renamed(*operators: str) -> Callable[[Expression], Local]:
    """Return the slips by which one function is taken for another that stands beside it in the table."""
    words = {"lowest": "min", "highest": "max"}

    def local(expression: Expression) -> Local:
        for operator in operators:
            if operator != expression.operator:
                before = text_of(expression)
                was, becomes = words.get(expression.operator, expression.operator), words.get(operator, operator)
                yield expression._replace(operator=operator), before, before.replace(was, becomes, 1)

    return local


def _sum(expression: Expression) -> Local:
    terms = expression.operands
    for position, term in enumerate(terms):
        rest = (*terms[:position], *terms[position + 1 :])
        yield rest[0] if len(rest) == 1 else expression._replace(operands=rest), text_of(term), DROPPED


def _choice(expression: Expression) -> Local:
    condition, consequence, alternative = expression.operands
    if condition.operator != "exists":
        yield consequence, text_of(expression), text_of(consequence)
        yield alternative, text_of(expression), text_of(alternative)


def _table(expression: Expression) -> Local:
    selector, *cells = expression.operands
    operators = tuple(expression.data) if isinstance(expression.data, tuple) else ()
    rows = len(operators)
    bounds, results = cells[: 2 * rows : 2], [*cells[1 : 2 * rows : 2], *cells[2 * rows :]]

    def rebuilt(signs: tuple[str, ...], limits: list[Expression], values: list[Expression]) -> Expression:
        inner = [cell for pair in zip(limits, values, strict=False) for cell in pair]
        return expression._replace(operands=(selector, *inner, *values[len(limits) :]), data=signs)

    for row, operator in enumerate(operators):
        label = f"{operator} {text_of(bounds[row])}".removeprefix("= ")
        other = {"<=": "<", "<": "<=", ">=": ">", ">": ">="}.get(operator)
        if other is not None:
            signs = (*operators[:row], other, *operators[row + 1 :])
            yield rebuilt(signs, bounds, results), label, f"{other} {text_of(bounds[row])}"
        signs, limits = (*operators[:row], *operators[row + 1 :]), [*bounds[:row], *bounds[row + 1 :]]
        dropped = rebuilt(signs, limits, [*results[:row], *results[row + 1 :]])
        yield dropped, f"{label}: {text_of(results[row])}", DROPPED
    for row in range(len(results) - 1):
        swapped = [*results[:row], results[row + 1], results[row], *results[row + 2 :]]
        before = f"{text_of(results[row])}, {text_of(results[row + 1])}"
        yield rebuilt(operators, bounds, swapped), before, f"{text_of(results[row + 1])}, {text_of(results[row])}"


def _filtered(*operators: str) -> Callable[[Expression], Local]:
    """Return the slips of an aggregate: taken for another one, or without its filter."""
    renamed = _renamed(*operators)

    def local(expression: Expression) -> Local:
        yield from renamed(expression)
        where = expression.operands[1]
        written = where.operands[0] if any(part.operator == "exists" for part in where.operands) else where
        if written.operator != "constant":
            kept = truth(where, value=True) if written is where else _with(where, 0, truth(written, value=True))
            yield _with(expression, 1, kept), f"where {text_of(written)}", DROPPED

    return local


def _distinct(expression: Expression) -> Local:
    yield from _filtered()(expression)
    counted = expression._replace(operator="count", operands=expression.operands[:2])
    yield counted, text_of(expression), text_of(expression).replace("distinct ", "", 1)


def _averaged(expression: Expression) -> Local:
    years = int(str(expression.data))
    for number in (years - 1, years + 1):
        if 1 <= number <= _AVERAGED_YEARS:
            yield expression._replace(data=number), text_of(expression), f"{number}"


def _unsigned(expression: Expression) -> Local:
    yield expression.operands[0], text_of(expression), text_of(expression.operands[0])


_TABLE: dict[str, Callable[[Expression], Local]] = {
    **dict.fromkeys(COMPARISONS, _comparison),
    **dict.fromkeys(("and", "or"), _logic),
    **dict.fromkeys(("fact", "field", "passes"), _plain),
    **dict.fromkeys(("ceil", "floor", "round"), _renamed("ceil", "floor", "round")),
    **dict.fromkeys(("lowest", "highest"), _renamed("lowest", "highest")),
    **dict.fromkeys(("rises", "falls"), _renamed("rises", "falls")),
    **dict.fromkeys(("all", "any"), _filtered("all", "any")),
    **dict.fromkeys(("min", "max"), _filtered("min", "max")),
    **dict.fromkeys(("count", "sum", "average"), _filtered()),
    "distinct": _distinct,
    "at_least": _at_least,
    "not": _negation,
    "in": _in,
    "includes": _includes,
    "+": _sum,
    "if": _choice,
    "by": _table,
    "average_of": _averaged,
    "abs": _unsigned,
}
