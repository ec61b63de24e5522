"""A standard into strategies of source texts of expressions over its facts, well-typed or arbitrary."""

from typing import Any

from hypothesis import strategies as st

from cedu_rules.testing.records import model_of
from cedu_rules.testing.scopes import Scope, scope_of
from cedu_rules.testing.thresholds import thresholds
from cedu_rules.testing.writing import Writer
from cedu_rules.units import UNITS

_DEEPEST = 6


def expressions(standard: Any, *, typed: bool = True, depth: int = 2) -> st.SearchStrategy[str]:  # noqa: ANN401 -- anything is refused
    """Return the strategy of source texts of expressions over the facts, lets and params of a standard.

    Each text may stand where a clause of the standard has a condition, after `must` or `when`.

    Args:
        standard: A `cedu_rules.Standard`.
        typed: Whether each text is a condition without a mistake; else most are ill-typed, and some no expression.
        depth: How deep expressions nest, 0 to 6.

    Raises:
        TypeError: `standard` is no standard.
        ValueError: `depth` is out of range.
    """
    model = model_of(standard)
    if not 0 <= depth <= _DEEPEST:
        raise ValueError(f"`depth` is {depth}; expected 0 to {_DEEPEST}")
    scope = scope_of(model)
    if typed:
        near = thresholds(model)
        return st.composite(lambda draw: Writer(draw, near).condition(scope, depth))()
    return arbitrary(scope, depth)


_OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or")
_STRANGE = (
    "500",
    "8%",
    "3 m2",
    "2 万元",
    "5 parsecs",
    "2022-09-01",
    '"甲"',
    "yes",
    "nobody",
    "1/2",
    "-1",
    "assessed_on",
)
_CALLS = ("ceil", "abs", "min", "rises", "latest", "average", "count", "year", "passes", "sum", "frobnicate")


def arbitrary(scope: Scope, depth: int) -> st.SearchStrategy[str]:
    """Return the strategy of texts made of the forms of the language with no regard to types."""
    members = [member.name for name in scope.names for member in name.type.members]
    fields = [field.text for record in scope.records.values() for field in record]
    words = sorted({name.text for name in scope.names} | set(members) | set(fields) | set(UNITS) - {"%"})
    leaves = st.one_of(st.sampled_from(_STRANGE), st.sampled_from(words), _fields(scope))
    return _layers(leaves, depth)


def _fields(scope: Scope) -> st.SearchStrategy[str]:
    elements = [f"e.{field.text}" for record in scope.records.values() for field in record]
    return st.sampled_from(elements or ["e.nothing"])


def _layers(leaves: st.SearchStrategy[str], depth: int) -> st.SearchStrategy[str]:
    """Return the leaves wrapped `depth` times in forms of the language."""
    layer = leaves
    for _ in range(depth):
        layer = st.one_of(leaves, _form(layer))
    return layer


def _form(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators, calls = st.sampled_from(_OPERATORS), st.sampled_from(_CALLS)
    return st.one_of(
        st.tuples(part, operators, part).map(lambda parts: f"({' '.join(parts)})"),
        part.map(lambda inner: f"(not {inner})"),
        part.map(lambda inner: f"-{inner}"),
        st.tuples(calls, st.lists(part, max_size=2)).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.tuples(part, part, part).map(lambda parts: "(if {} then {} else {})".format(*parts)),
        st.tuples(part, part).map(lambda parts: "{}[{}]".format(*parts)),
        st.tuples(part, part).map(lambda parts: "({} in {{ {} }})".format(*parts)),
        st.tuples(part, part).map(lambda parts: "({} includes {{ {} }})".format(*parts)),
        st.tuples(part, part, part).map(lambda parts: "(by {} {{ <= {}: {}, else: 0 }})".format(*parts)),
        st.tuples(calls, part, part, part).map(lambda parts: "{}({} for e in {} where {})".format(*parts)),
        st.tuples(part, part).map(lambda parts: "at least 1 of ({}, {})".format(*parts)),
        st.tuples(part, part, part).map(lambda parts: "({} between {} and {})".format(*parts)),
    )
