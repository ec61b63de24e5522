"""What is known where a fact does not exist into one branch: everything that follows from it is set there as well.

Where an institution shares no site, that site has no host, so neither is the host licensed, nor may it be shared. Each
of these is decided by a test of its own; after the first of them has failed, the others are constants.
"""

import ast
from collections.abc import Mapping

from cedu_rules.backends.python import nodes

_UNKNOWN = object()


def known_together(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements, where what follows a branch of constants and is constant there moves into its branches."""
    found: list[ast.stmt] = []
    branch: ast.If | None = None
    passed: set[str] = set()
    for statement in statements:
        if branch is not None and _follows(branch, statement) and passed.isdisjoint(_named(statement)):
            branch.body.extend(_assignments(_values(statement, _constants(branch.body)) or {}, statement))
            branch.orelse.append(statement)
            continue
        passed |= _named(statement)
        found.append(statement)
        if isinstance(statement, ast.If) and statement.orelse and _is_of_constants(statement.body):
            branch = ast.copy_location(ast.If(statement.test, list(statement.body), list(statement.orelse)), statement)
            found[-1], passed = branch, set()
    return found


def _named(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads or sets; what moves before it has none of them."""
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}


def _follows(branch: ast.If, statement: ast.stmt) -> bool:
    """Return whether a statement sets new names to what is constant after the first part of the branch."""
    constants = _constants(branch.body)
    if nodes.names_read([statement]).isdisjoint(constants) or not nodes.names_set([statement]).isdisjoint(constants):
        return False
    return _values(statement, constants) is not None


def _assignments(values: Mapping[str, object], statement: ast.stmt) -> list[ast.stmt]:
    made = [nodes.assign(name, nodes.constant(value)) for name, value in values.items()]
    for assignment in made:
        for part in ast.walk(assignment):
            if isinstance(part, (ast.expr, ast.stmt)):
                ast.copy_location(part, statement)
    return made


def _is_of_constants(body: list[ast.stmt]) -> bool:
    return all(isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant) for each in body)


def _constants(body: list[ast.stmt]) -> dict[str, object]:
    """Return the values that a branch sets."""
    found: dict[str, object] = {}
    for each in body:
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant):
            found |= {nodes.identifier_of(target): each.value.value for target in each.targets}
    return found


def _values(statement: ast.stmt, known: Mapping[str, object]) -> dict[str, object] | None:
    """Return what a statement sets its names to where some values are known, or None where that is not known."""
    if isinstance(statement, ast.If):
        test = _value(statement.test, known)
        if test is _UNKNOWN:
            return None
        parts = [_values(each, known) for each in (statement.body if test else statement.orelse)]
        return {name: value for part in parts for name, value in (part or {}).items()} if None not in parts else None
    if not isinstance(statement, ast.Assign) or not all(isinstance(each, ast.Name) for each in statement.targets):
        return None
    value = _value(statement.value, known)
    return None if value is _UNKNOWN else {nodes.identifier_of(target): value for target in statement.targets}


def _value(node: ast.expr, known: Mapping[str, object]) -> object:
    """Return what an expression is where some names are known, or `_UNKNOWN`."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return known.get(name, _UNKNOWN)
        case ast.IfExp(test, body, orelse):
            truth = _value(test, known)
            return _UNKNOWN if truth is _UNKNOWN else _value(body if truth else orelse, known)
        case ast.UnaryOp(ast.Not(), operand):
            truth = _value(operand, known)
            return _UNKNOWN if truth is _UNKNOWN else not truth
        case ast.BoolOp(operator, limbs):
            return _joined(limbs, known, ending=isinstance(operator, ast.Or))
        case ast.Compare(left, [operator], [right]):
            return _compared(operator, _value(left, known), _value(right, known))
    return _UNKNOWN


def _joined(limbs: list[ast.expr], known: Mapping[str, object], *, ending: bool) -> object:
    """Return the first limb that ends `and` or `or`, else the last one."""
    value: object = None
    for limb in limbs:
        value = _value(limb, known)
        if value is _UNKNOWN or bool(value) is ending:
            return value
    return value


def _compared(operator: ast.cmpop, left: object, right: object) -> object:
    if left is _UNKNOWN or right is _UNKNOWN:
        return _UNKNOWN
    match operator:
        case ast.Is():
            return left is right
        case ast.IsNot():
            return left is not right
        case ast.Eq():
            return left == right
        case ast.NotEq():
            return left != right
    return _UNKNOWN
