"""Shorthand for nodes of Python's `ast`, folded where an operand is a constant, and placed where the author wrote them.

Nodes are never changed once made, so one may stand in several places; `place` gives a position to those that have none.
"""

import ast
import operator as operators
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from cedu_rules.source import Span

_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "=": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "in": ast.In,
    "not in": ast.NotIn,
    "is": ast.Is,
    "is not": ast.IsNot,
}
OPPOSITES = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What holds exactly where the comparison of two integers does not."""
_DECIDED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operators.eq,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The comparison with its sides exchanged, or of two negatives."""


def name(identifier: str) -> ast.expr:
    """Return the value of a local or global name."""
    return ast.Name(identifier, ast.Load())


def identifier_of(node: ast.expr) -> str:
    """Return the name that the node is, or nothing."""
    return node.id if isinstance(node, ast.Name) else ""


def constant(value: object) -> ast.expr:
    """Return a constant that Python can compile."""
    return ast.Constant(value)  # type: ignore[arg-type]  # whoever calls gives what may stand there


def is_constant(node: ast.expr, *values: object) -> bool:
    """Return whether the node is one of the constants, or any constant if none is named."""
    if not isinstance(node, ast.Constant):
        return False
    return not values or any(node.value is value for value in values)


def compare(operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the comparison, by an operator of the language or of Python."""
    return ast.Compare(left, [_COMPARISONS[operator]()], [right])


def chain(first: ast.expr, *rest: tuple[str, ast.expr]) -> ast.expr:
    """Return the chained comparison."""
    return ast.Compare(first, [_COMPARISONS[operator]() for operator, _ in rest], [node for _, node in rest])


def is_none(node: ast.expr) -> ast.expr:
    """Return the test for a missing value."""
    return compare("is", node, constant(None))


def is_given(node: ast.expr) -> ast.expr:
    """Return the test for a value that is not missing."""
    return compare("is not", node, constant(None))


def is_false(node: ast.expr) -> ast.expr:
    """Return the test for the truth `False`."""
    return compare("is", node, constant(False))


def negated(test: ast.expr) -> ast.expr:
    """Return `not` of a test."""
    if is_constant(test, True, False):
        return constant(not is_constant(test, True))
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.IsNot)):
        return compare("is not" if isinstance(test.ops[0], ast.Is) else "is", test.left, test.comparators[0])
    return ast.UnaryOp(ast.Not(), test)


def both(*tests: ast.expr) -> ast.expr:
    """Return `and` of the tests."""
    return _joined(tests, ast.And(), absorbing=False)


def either(*tests: ast.expr) -> ast.expr:
    """Return `or` of the tests."""
    return _joined(tests, ast.Or(), absorbing=True)


def _joined(tests: tuple[ast.expr, ...], operator: ast.boolop, *, absorbing: bool) -> ast.expr:
    kept: list[ast.expr] = []
    for test in tests:
        if is_constant(test, absorbing):
            return constant(absorbing)
        if isinstance(test, ast.BoolOp) and type(test.op) is type(operator):
            kept.extend(test.values)
        elif not is_constant(test, not absorbing):
            kept.append(test)
    if not kept:
        return constant(not absorbing)
    return kept[0] if len(kept) == 1 else ast.BoolOp(operator, kept)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """Return `then if test else otherwise`."""
    if is_constant(test, True, False):
        return then if is_constant(test, True) else otherwise
    if isinstance(then, ast.Constant) and isinstance(otherwise, ast.Constant) and then.value is otherwise.value:
        return then
    return ast.IfExp(test, then, otherwise)


def plus(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the sum of two numbers."""
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return constant(left.value + right.value)  # type: ignore[operator]  # both are integers
    for one, other in ((left, right), (right, left)):
        if is_infinite(one):
            return one  # low ends are never infinite upwards, nor high ones downwards
        if is_zero(one):
            return other
    return ast.BinOp(left, ast.Add(), right)


def times(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the product of two numbers, neither of them infinite where the other may be 0."""
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return constant(left.value * right.value)  # type: ignore[operator]  # both are integers
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ast.Constant) and one.value in {1, -1}:
            return other if one.value == 1 else minus(other)
        if isinstance(one, ast.Constant) and is_infinite(other):
            return other  # constants that multiply are above 0
    return ast.BinOp(left, ast.Mult(), right)


def floor_divided(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the whole part of a quotient, downwards."""
    return ast.BinOp(left, ast.FloorDiv(), right)


def minus(number: ast.expr) -> ast.expr:
    """Return the number with the other sign."""
    if isinstance(number, ast.Constant):
        return constant(-number.value)  # type: ignore[operator]  # an integer
    if isinstance(number, ast.UnaryOp) and isinstance(number.op, ast.USub):
        return number.operand
    return ast.UnaryOp(ast.USub(), number)


INFINITY = "infinity"
"""The global name of the infinite end."""


def is_infinite(node: ast.expr) -> bool:
    """Return whether the node is one of the two infinite ends."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return is_infinite(node.operand)
    return isinstance(node, ast.Name) and node.id == INFINITY


def ordered(operator: str, left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the comparison of two ends, decided where one is infinite and the other is not, or both are constants."""
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return constant(_DECIDED[operator](left.value, right.value))
    if not (is_infinite(left) or is_infinite(right)):
        return compare(operator, left, right)
    return constant(_DECIDED[operator](_rank(left), _rank(right)))


def _rank(node: ast.expr) -> int:
    """Return -1, 0 or 1 for an end that is infinite downwards, finite, or infinite upwards."""
    return 0 if not is_infinite(node) else 1 if isinstance(node, ast.Name) else -1


def is_zero(node: ast.expr) -> bool:
    """Return whether the node is the number 0."""
    return isinstance(node, ast.Constant) and node.value == 0 and node.value is not False


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """Return the call of a global function."""
    return ast.Call(name(function), list(arguments), [])


def call_of(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    """Return the call of a function that an expression gives."""
    return ast.Call(function, list(arguments), [])


def item(sequence: ast.expr, index: int) -> ast.expr:
    """Return an element of a tuple."""
    return ast.Subscript(sequence, constant(index), ast.Load())


def attribute(owner: ast.expr, identifier: str) -> ast.expr:
    """Return an attribute; only of what this backend itself defines or documents."""
    return ast.Attribute(owner, identifier, ast.Load())


def pair(first: ast.expr, second: ast.expr) -> ast.expr:
    """Return the tuple of two values."""
    return ast.Tuple([first, second], ast.Load())


def target(*identifiers: str) -> ast.expr:
    """Return the place that a value, or a tuple of values, is assigned to."""
    names: list[ast.expr] = [ast.Name(identifier, ast.Store()) for identifier in identifiers]
    return names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())


def assign(identifier: str, value: ast.expr) -> ast.stmt:
    """Return the assignment to a local name."""
    return ast.Assign([target(identifier)], value)


def assign_each(identifiers: Iterable[str], value: ast.expr) -> ast.stmt:
    """Return the assignment of one value to each of the names."""
    return ast.Assign([target(identifier) for identifier in identifiers], value)


def unpack(identifiers: Iterable[str], value: ast.expr) -> ast.stmt:
    """Return the assignment of a tuple to as many names."""
    names: list[ast.expr] = [ast.Name(identifier, ast.Store()) for identifier in identifiers]
    return ast.Assign([ast.Tuple(names, ast.Store())], value)


def add_to(identifier: str, value: ast.expr) -> ast.stmt:
    """Return the addition to a local number."""
    return ast.AugAssign(ast.Name(identifier, ast.Store()), ast.Add(), value)


def when(test: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt] | None = None) -> list[ast.stmt]:
    """Return the conditional statement, or the branch that is always taken."""
    if is_constant(test, True, False):
        return then if is_constant(test, True) else otherwise or []
    if not then:
        return when(negated(test), otherwise, None) if otherwise else []
    return [ast.If(test, then, otherwise or [])]


# --- places ----------------------------------------------------------------------------------------------------------


def place(nodes: Iterable[ast.AST], span: Span) -> None:
    """Give the span's lines and columns (in bytes of UTF-8) to every node in the trees that has none yet."""
    waiting = list(nodes)
    position: dict[str, int] | None = None
    while waiting:
        node = waiting.pop()
        known = node.__dict__
        if "lineno" in known:
            continue  # and so has everything in it
        waiting.extend(parts(node))
        position = _position(span) if position is None else position
        known.update(position)


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions and statements right inside a node."""
    for value in node.__dict__.values():
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, _PLACED))
        elif isinstance(value, _PLACED):
            yield value


_PLACED = (ast.expr, ast.stmt, ast.excepthandler)


def inlined(body: Iterable[ast.AST], names: Container[str]) -> None:
    """Replace what is not compared by `is` in trees that nobody else holds: each of the names by a constant of it.

    A constant is the name itself, as bytes, of which generated code has no others.
    """
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Compare):
            continue
        for field, value in node.__dict__.items():
            if isinstance(value, list):
                value[:] = [_inlined(each, names) for each in value]
            else:
                node.__dict__[field] = _inlined(value, names)
        waiting.extend(parts(node))


def _inlined(node: object, names: Container[str]) -> object:
    if isinstance(node, ast.Name) and node.id in names:
        return ast.copy_location(ast.Constant(node.id.encode()), node)
    return node


def names_read(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names whose values the nodes use."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                found.add(node.id)
        else:
            waiting.extend(parts(node))
    return found


def names_set(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that the statements assign to; only statements do."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Assign):
            waiting.extend(node.targets)
        elif isinstance(node, (ast.AugAssign, ast.For)):
            waiting.append(node.target)
        elif isinstance(node, ast.Tuple):
            waiting.extend(node.elts)
        if isinstance(node, (ast.For, ast.If)):
            waiting.extend([*node.body, *node.orelse])
    return found


def alike(one: ast.expr, other: ast.expr) -> bool:
    """Return whether two tests are written alike."""
    if type(one) is not type(other):
        return False
    match one, other:
        case ast.Name(), ast.Name():
            return one.id == other.id
        case ast.Constant(), ast.Constant():
            return one.value is other.value or (type(one.value) is type(other.value) and one.value == other.value)
        case ast.UnaryOp(), ast.UnaryOp():
            return type(one.op) is type(other.op) and alike(one.operand, other.operand)
        case ast.BoolOp(), ast.BoolOp():
            return type(one.op) is type(other.op) and _all_alike(one.values, other.values)
        case ast.Compare(), ast.Compare():
            same = [type(operator) for operator in one.ops] == [type(operator) for operator in other.ops]
            return same and _all_alike([one.left, *one.comparators], [other.left, *other.comparators])
    return False


def _all_alike(some: list[ast.expr], others: list[ast.expr]) -> bool:
    return len(some) == len(others) and all(map(alike, some, others))


def _position(span: Span) -> dict[str, int]:
    source = span.source
    first = span.line
    start = source.line_starts[first - 1]
    end = max(span.end, span.start)
    last = first + source.text.count("\n", span.start, end)
    return {
        "lineno": first,
        "col_offset": _width(source.text[start : span.start]),
        "end_lineno": last,
        "end_col_offset": _width(source.text[source.line_starts[last - 1] : end]),
    }


def _width(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
