"""Code into simpler code where the values of some names are known: tests are decided, branches that are not taken left out.

What is known is the value of a name, and under a name, an operator and a constant whether they compare so.
"""

import ast
import math
import operator
from collections.abc import Callable, Container, Mapping
from typing import Any, TypeAlias

from cedu_rules.backends.python import nodes

Known: TypeAlias = dict[object, object]
UNKNOWN = object()
"""The value of what is not known."""

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NEGATED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
"""Of these either one or the other holds, whatever is compared."""


def known_where(test: ast.expr, *, set_: Container[str] = ()) -> Known:
    """Return what is known where a test holds, but for names in `set_`."""
    limbs = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return _known_of(limbs, True, set_)


def known_unless(test: ast.expr, *, set_: Container[str] = ()) -> Known:
    """Return what is known where a test does not hold, but for names in `set_`."""
    limbs = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
    return _known_of(limbs, False, set_)


def _known_of(limbs: list[ast.expr], truth: bool, set_: Container[str]) -> Known:
    """Return what is known where all the limbs have that truth."""
    found: Known = {}
    for limb in limbs:
        match limb:
            case ast.Compare(ast.Name(name), [kind], [ast.Constant(value)]) if (
                type(kind) in _NEGATED and name not in set_
            ):
                if type(value) in {int, str} and isinstance(kind, ast.Eq if truth else ast.NotEq):
                    found[name] = value
                found[name, type(kind), value] = truth
                found[name, _NEGATED[type(kind)], value] = not truth
    return found


def value_of(node: ast.expr, known: Mapping[object, object]) -> object:
    """Return what an expression is where some names are known, or `UNKNOWN`."""
    found = simplified(node, known)
    return found.value if isinstance(found, ast.Constant) else UNKNOWN


def simplified(node: ast.expr, known: Mapping[object, object]) -> ast.expr:
    """Return an expression that has the same value where some names are known, itself if there is none simpler."""
    match node:
        case ast.Name(name) if name in known:
            return _constant(known[name], node)
        case ast.Name(nodes.INFINITY):
            return _constant(math.inf, node)
        case ast.BinOp(left, ast.Add(), right):
            return _added(node, simplified(left, known), simplified(right, known))
        case ast.IfExp(test, body, orelse):
            return _chosen(node, simplified(test, known), simplified(body, known), simplified(orelse, known))
        case ast.UnaryOp(ast.Not(), operand):
            inner = simplified(operand, known)
            return _constant(not inner.value, node) if isinstance(inner, ast.Constant) else node
        case ast.BoolOp(kind, limbs):
            return _joined(node, kind, limbs, known)
        case ast.Compare(ast.Name(name), [kind], [ast.Constant(value)]) if (name, type(kind), value) in known:
            return _constant(known[name, type(kind), value], node)
        case ast.Compare(left, [kind], [right]):
            return _compared(node, kind, simplified(left, known), simplified(right, known))
    return node


def _constant(value: object, like: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Constant(value), like)  # type: ignore[arg-type]  # what generated code has as constants


def _chosen(node: ast.IfExp, test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.expr:
    test = _without_last(test)
    if isinstance(test, ast.Constant):
        return body if test.value else orelse
    if (test, body, orelse) == (node.test, node.body, node.orelse):
        return node
    return ast.copy_location(ast.IfExp(test, body, orelse), node)


def _added(node: ast.BinOp, left: ast.expr, right: ast.expr) -> ast.expr:
    if _is_number(left) and _is_number(right):
        return _constant(left.value + right.value, node)  # type: ignore[attr-defined]  # constants; infinity only upwards
    if left is node.left and right is node.right:
        return node
    return ast.copy_location(ast.BinOp(left, ast.Add(), right), node)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in {int, float}


def _joined(node: ast.BoolOp, kind: ast.boolop, limbs: list[ast.expr], known: Mapping[object, object]) -> ast.expr:
    """Return `and` or `or` without the limbs that decide nothing, up to one that decides everything."""
    ending = isinstance(kind, ast.Or)
    kept: list[ast.expr] = []
    for place, limb in enumerate(limbs):
        simpler = simplified(limb, known)
        if isinstance(simpler, ast.Constant) and bool(simpler.value) is not ending and place < len(limbs) - 1:
            continue
        kept.append(simpler)
        if isinstance(simpler, ast.Constant) and bool(simpler.value) is ending:
            break
    if len(kept) == 1:
        return kept[0]
    return node if kept == limbs else ast.copy_location(ast.BoolOp(kind, kept), node)


def _without_last(test: ast.expr) -> ast.expr:
    """Return `and` or `or` without a last limb that is a constant, where only the truth of the whole matters.

    Such a limb decides nothing, or everything: tests do nothing but give an answer.
    """
    if not isinstance(test, ast.BoolOp) or not isinstance(test.values[-1], ast.Constant):
        return test
    if bool(test.values[-1].value) is isinstance(test.op, ast.Or):
        return test.values[-1]
    limbs = test.values[:-1]
    return limbs[0] if len(limbs) == 1 else ast.copy_location(ast.BoolOp(test.op, limbs), test)


def _compared(node: ast.Compare, kind: ast.cmpop, left: ast.expr, right: ast.expr) -> ast.expr:
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant) and type(kind) in _COMPARISONS:
        if None not in (left.value, right.value) or isinstance(kind, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
            return _constant(_COMPARISONS[type(kind)](left.value, right.value), node)
        return node
    if left is node.left and right is node.comparators[0]:
        return node
    return ast.copy_location(ast.Compare(left, [kind], [right]), node)


def tests_in(node: ast.expr) -> int:
    """Return how many tests an expression has."""
    return sum(isinstance(part, (ast.Compare, ast.BoolOp, ast.IfExp)) for part in ast.walk(node))
