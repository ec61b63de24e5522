"""A condition into a normal form: two with the same one mean the same for every record, known or not.

The rules are few, and each holds in the three-valued logic and for intervals: `and` and `or` are flat sets of limbs,
`not` is pushed to the atoms by De Morgan and cancels itself, `a > b` is `b < a`, and of whole numbers `x > 3` is `x >= 4`
(where the ranges of all whole facts end in whole numbers too, so that the interval of a missing one does).
"""

from fractions import Fraction
from math import ceil, floor

from cedu_rules.model.ir import COMPARISONS, Expression, Model
from cedu_rules.model.types import BOOL

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_DUAL = {"and": "or", "or": "and"}


def has_whole_bounds(model: Model) -> bool:
    """Return whether the ranges of all whole facts end in whole numbers."""
    facts = [*model.facts, *(field for record in model.records for field in record.fields)]
    types = [fact.type.element or fact.type for fact in facts]
    ends = [end for type_ in types if type_.whole for end in (type_.low, type_.high) if end is not None]
    return all(end.denominator == 1 for end in ends)


def normal_form(expression: Expression, *, whole: bool, denied: bool = False) -> Expression:
    """Return the normal form of a condition, or with `denied` of its negation; `whole` allows the rule of whole numbers."""
    match expression.operator:
        case "not":
            return normal_form(expression.operands[0], whole=whole, denied=not denied)
        case "and" | "or":
            return _limbs(expression, whole=whole, denied=denied)
        case "constant" if expression.type.kind == "bool":
            return expression._replace(data=bool(expression.data) is not denied)
    parts = tuple(normal_form(part, whole=whole) for part in expression.operands)
    plain = expression._replace(operands=parts)
    if plain.operator in COMPARISONS:
        plain = _towards_constant(plain)
        plain = _whole(plain) if whole else plain
    return Expression("not", (plain,), None, BOOL, plain.span) if denied else plain


def _limbs(expression: Expression, *, whole: bool, denied: bool) -> Expression:
    """Return the limbs as a sorted set; one that decides everything stands for all, one that decides nothing goes."""
    operator = _DUAL[expression.operator] if denied else expression.operator
    found: dict[str, Expression] = {}
    for part in (normal_form(part, whole=whole, denied=denied) for part in expression.operands):
        inner = part.operands if part.operator == operator else (part,)
        found.update({repr(limb): limb for limb in inner})
    decisive, neutral = operator == "or", operator == "and"
    constants = {bool(limb.data) for limb in found.values() if limb.operator == "constant"}
    if decisive in constants:
        return _truth(expression, value=decisive)
    limbs = [found[key] for key in sorted(found) if found[key].operator != "constant"]
    if not limbs:
        return _truth(expression, value=neutral)
    return limbs[0] if len(limbs) == 1 else Expression(operator, tuple(limbs), None, BOOL, expression.span)


def _truth(expression: Expression, *, value: bool) -> Expression:
    return Expression("constant", (), value, BOOL, expression.span)


def _towards_constant(comparison: Expression) -> Expression:
    """Return the comparison with a constant on the right; without one, with `<` rather than `>`."""
    left, right = comparison.operands
    turn = (
        left.operator == "constant" if "constant" in {left.operator, right.operator} else comparison.operator[0] == ">"
    )
    if not turn:
        return comparison
    return comparison._replace(operator=_MIRRORED[comparison.operator], operands=(right, left))


def _whole(comparison: Expression) -> Expression:
    """Return a comparison of a whole number with a constant as `>=` or `<=`."""
    left, right = comparison.operands
    if not (left.type.whole and isinstance(right.data, Fraction)) or comparison.operator == "=":
        return comparison
    operator, bound = comparison.operator, right.data
    least = {">": floor(bound) + 1, ">=": ceil(bound), "<": ceil(bound) - 1, "<=": floor(bound)}[operator]
    data = right._replace(data=Fraction(least), type=left.type._replace(low=None, high=None))
    return comparison._replace(operator=operator[0] + "=", operands=(left, data))
