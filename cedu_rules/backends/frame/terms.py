"""Truths as expressions over columns: `True`, `False`, `None` for unknown, or a column whose null is unknown.

And and or of Boolean columns with nulls are strong Kleene in Polars and in SQL, so the tables of `truth` need no code
of their own; what is constant is folded here, before an engine sees it.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import narwhals as nw

from cedu_rules.backends.frame.columns import Column, coalesce, lit, when

Truth: TypeAlias = Any
"""True, False, None, or a Boolean column whose null is unknown."""


class NoFastForm(Exception):  # noqa: N818 -- no error: the rows take the slow way
    """An expression that has no form over columns."""


def is_constant(truth: Truth) -> bool:
    """Return whether the truth is the same in every row."""
    return truth is None or isinstance(truth, bool)


def unknown() -> Column:
    """Return the column of unknown truth."""
    return lit(None, dtype=nw.Boolean())


def column(truth: Truth) -> Column:
    """Return the truth as a column."""
    if truth is None:
        return unknown()
    return lit(truth) if isinstance(truth, bool) else truth


def negate(truth: Truth) -> Truth:
    """Return `not` of the truth."""
    if truth is None:
        return None
    return not truth if isinstance(truth, bool) else ~truth


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return `and` of the truths."""
    return _joined(list(truths), operator.and_, neutral=True)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return `or` of the truths."""
    return _joined(list(truths), operator.or_, neutral=False)


def _joined(truths: list[Truth], join: Any, *, neutral: bool) -> Truth:  # noqa: ANN401
    if any(truth is (not neutral) for truth in truths):
        return not neutral
    left = [truth for truth in truths if truth is not neutral]
    if all(truth is None for truth in left):
        return None if left else neutral
    columns = [truth for truth in left if truth is not None]
    if len(columns) < len(left):
        columns.append(unknown())
    return balanced(join, columns)


def balanced(join: Callable[[Any, Any], Any], columns: list[Any]) -> Any:  # noqa: ANN401 -- columns, of narwhals or not
    """Return the columns joined two by two, so that an expression over many is no deeper than it has to be."""
    while len(columns) > 1:
        pairs = [join(one, other) for one, other in zip(columns[::2], columns[1::2], strict=False)]
        columns = pairs + columns[2 * len(pairs) :]
    return columns[0]


def decided(true: Truth, false: Truth) -> Truth:
    """Return true where `true` is, false where `false` is, else unknown; null in either decides nothing."""
    if true is True or (false is True and is_constant(true)):
        return true is True
    if not is_constant(true) and not is_constant(false):
        return when(true).then(True).when(false).then(False)
    if not is_constant(true):
        return when(true).then(True)
    return None if is_constant(false) else when(false).then(False)


def choose(condition: Truth, yes: Column, no: Column) -> Column:
    """Return `yes` where the condition is true, else `no`, also where it is unknown."""
    if is_constant(condition):
        return yes if condition is True else no
    return when(condition).then(yes).otherwise(no)


def choose_null(given: Truth, other: Truth) -> Truth:
    """Return what is given, and `other` where nothing is."""
    if given is None:
        return other
    if isinstance(given, bool):
        return given
    if other is None:
        return given
    return given.fill_null(other) if isinstance(other, bool) else coalesce(given, other)


def agree(left: Truth, right: Truth) -> Truth:
    """Return the truth that both have, else unknown."""
    if is_constant(left) and is_constant(right):
        return left if left is right else None
    if left is None or right is None:
        return None
    both, neither = all_of((left, right)), all_of((negate(left), negate(right)))
    return decided(both, neither)


def select(condition: Truth, yes: Truth, no: Truth) -> Truth:
    """Return `yes` where the condition is true, `no` where it is false, else what both agree on."""
    if condition is None:
        return agree(yes, no)
    if isinstance(condition, bool):
        return yes if condition else no
    both = agree(yes, no)
    return when(condition).then(column(yes)).when(negate(condition)).then(column(no)).otherwise(column(both))


def at_least(number: int, truths: list[Truth]) -> Truth:
    """Return whether at least so many of the truths are true."""
    sure = sum(truth is True for truth in truths)
    maybe = sum(truth is None for truth in truths)
    columns = [truth for truth in truths if not is_constant(truth)]
    if not columns:
        return True if sure >= number else None if sure + maybe >= number else False
    certain = _number_of(columns, missing=False) + sure
    possible = _number_of(columns, missing=True) + (sure + maybe)
    return decided(certain >= number, possible < number)


def _number_of(columns: list[Column], *, missing: bool) -> Column:
    counted = [each.fill_null(missing).cast(nw.Int64()) for each in columns]
    found: Column = balanced(operator.add, counted)
    return found


def members(columns: list[Truth]) -> tuple[Column, Column]:
    """Return how many of the truths are true at least and at most."""
    shown = [column(each) for each in columns]
    return _number_of(shown, missing=False), _number_of(shown, missing=True)
