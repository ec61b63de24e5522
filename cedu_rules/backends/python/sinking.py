"""Attributes into the branches that use them: what only some instances or elements are asked for is read only of those."""

import ast

from cedu_rules.backends.python import nodes


def read_late(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements, where attributes are read as late as can be, in loops as well; what is read is not changed."""
    return [_in_loops(statement) for statement in _late(statements)]


def _in_loops(statement: ast.stmt) -> ast.stmt:
    """Return a statement in whose loops attributes are read late."""
    match statement:
        case ast.For(target, listed, body, orelse):
            return ast.copy_location(ast.For(target, listed, _late(body), orelse), statement)
        case ast.If(test, body, orelse):
            parts = ([_in_loops(each) for each in part] for part in (body, orelse))
            return ast.copy_location(ast.If(test, *parts), statement)
    return statement


def _late(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements, where a reading before a branch that only some of its parts use stands in those parts."""
    found, used = list(body), [nodes.names_read([each]) for each in body]
    for place in range(len(found) - 1, -1, -1):
        if not _is_reading(found[place]):
            continue
        (name,) = nodes.names_set([found[place]])
        using = [number for number in range(place + 1, len(found)) if name in used[number]]
        branch = found[using[0]] if len(using) == 1 else None
        if isinstance(branch, ast.If) and name not in nodes.names_read([branch.test]):
            found[using[0]] = _moved(found[place], name, branch)
            del found[place], used[place]
    return found


def _is_reading(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign([ast.Name()], ast.Attribute(ast.Name())):
            return True
    return False


def _moved(reading: ast.stmt, name: str, branch: ast.If) -> ast.If:
    """Return the branch with the reading in those of its parts that use it."""
    parts = [
        part if name not in nodes.names_read(part) else _late([reading, *part]) for part in (branch.body, branch.orelse)
    ]
    return ast.copy_location(ast.If(branch.test, *parts), branch)
