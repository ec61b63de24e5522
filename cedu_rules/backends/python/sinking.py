"""Attributes of elements into the branches that use them: what only some elements are asked for is read only of those."""

import ast

from cedu_rules.backends.python import nodes


def read_late(statements: list[ast.stmt]) -> None:
    """Let the loops among the statements, which change, read attributes of their elements as late as they can."""
    for loop in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(loop, ast.For):
            loop.body = _late(loop.body)


def _late(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements, where a reading before a branch that only some of its parts use stands in those parts."""
    for place in range(len(body) - 1, -1, -1):
        reading, rest = body[place], body[place + 1 :]
        if not _is_reading(reading):
            continue
        names = nodes.names_set([reading])
        using = [number for number, each in enumerate(rest) if not nodes.names_read([each]).isdisjoint(names)]
        branch = rest[using[0]] if len(using) == 1 else None
        if not isinstance(branch, ast.If) or not nodes.names_read([branch.test]).isdisjoint(names):
            continue
        rest[using[0]] = _moved(reading, names, branch)
        body = [*body[:place], *rest]
    return body


def _is_reading(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Attribute)


def _moved(reading: ast.stmt, names: set[str], branch: ast.If) -> ast.If:
    """Return the branch with the reading in those of its parts that use it."""
    parts = [
        part if nodes.names_read(part).isdisjoint(names) else _late([reading, *part])
        for part in (branch.body, branch.orelse)
    ]
    return ast.copy_location(ast.If(branch.test, *parts), branch)
