"""Shorthand for nodes of Python's `ast` that compute with bits; like `nodes`, folded where nothing is left."""

import ast
import functools

from cedu_rules.backends.python import nodes


def any_of(*numbers: ast.expr) -> ast.expr:
    """Return the bits that are in any of the numbers."""
    given = [number for number in numbers if not nodes.is_zero(number)]
    return (
        functools.reduce(lambda left, right: ast.BinOp(left, ast.BitOr(), right), given) if given else nodes.constant(0)
    )


def all_of(*numbers: ast.expr) -> ast.expr:
    """Return the bits that are in all of the numbers."""
    if any(map(nodes.is_zero, numbers)):
        return nodes.constant(0)
    return functools.reduce(lambda left, right: ast.BinOp(left, ast.BitAnd(), right), numbers)


def count(number: ast.expr) -> ast.expr:
    """Return how many bits a number that is not negative has."""
    return ast.Call(nodes.attribute(number, "bit_count"), [], [])


def add(identifier: str, value: ast.expr) -> ast.stmt:
    """Return the addition of bits to a local number."""
    return ast.AugAssign(ast.Name(identifier, ast.Store()), ast.BitOr(), value)


def minus_one(number: ast.expr) -> ast.expr:
    """Return the number before."""
    return ast.BinOp(number, ast.Sub(), nodes.constant(1))
