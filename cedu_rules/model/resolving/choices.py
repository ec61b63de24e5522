"""Choices between values: `if` and `by`."""

from cedu_rules.model import comparisons
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver
from cedu_rules.model.scope import Scope
from cedu_rules.model.types import BOOL, Type, describe
from cedu_rules.syntax import nodes


def conditional(resolver: Resolver, node: nodes.Conditional, scope: Scope, expected: Type | None) -> Resolved:
    """`if A then B else C`, `if A then B`."""
    condition = resolver.condition(node.condition, scope)
    if node.alternative is None:
        consequence = resolver.condition(node.consequence, scope)
        if condition is None or consequence is None:
            return None
        refuted = Expression("not", (condition,), None, BOOL, condition.span)
        return Expression("or", (refuted, consequence), None, BOOL, node.span)
    branches = resolver.branches([node.consequence, node.alternative], scope, expected)
    if condition is None or branches is None:
        return None
    type_ = comparisons.merged_type(branches, resolver.findings)
    return None if type_ is None else Expression("if", (condition, *branches), None, type_, node.span)


def table(resolver: Resolver, node: nodes.Table, scope: Scope, expected: Type | None) -> Resolved:
    """`by x { <= 3: a, else: b }`."""
    selector = resolver.resolve(node.selector, scope)
    values = resolver.branches([row.value for row in node.rows], scope, expected)
    if selector is None:
        return None
    bounds = _bounds(resolver, selector, node, scope)
    type_ = None if values is None else comparisons.merged_type(values, resolver.findings)
    if values is None or type_ is None or bounds is None:
        return None
    cells = [cell for bound, value in zip(bounds, values, strict=False) for cell in (bound, value)]
    operators = tuple(row.operator or "=" for row in node.rows if row.bound is not None)
    has_else = len(values) > len(bounds)
    table = Expression("by", (selector, *cells, *values[len(bounds) :]), operators, type_, node.span)
    if not resolver.may_be_absent(selector):
        return table
    if not has_else:
        resolver.findings.add("table-needs-else", node.selector.span)
        return None
    exists = Expression("exists", (selector,), None, BOOL, selector.span)
    return Expression("if", (exists, table, values[-1]), None, type_, node.span)


def _bounds(resolver: Resolver, selector: Expression, node: nodes.Table, scope: Scope) -> list[Expression] | None:
    """Return the bounds of the rows before `else`, which must come last."""
    if selector.type.kind not in {"number", "choice", "level", "date"}:
        resolver.findings.add("cannot-select", node.selector.span, found=describe(selector.type))
        return None
    for row in node.rows[:-1]:
        if row.bound is None:
            resolver.findings.add("else-not-last", row.span)
            return None
    bounds = [_bound(resolver, row, selector, scope) for row in node.rows if row.bound is not None]
    found = [bound for bound in bounds if bound is not None]
    return found if len(found) == len(bounds) else None


def _bound(resolver: Resolver, row: nodes.Row, selector: Expression, scope: Scope) -> Resolved:
    if row.bound is None:
        return None
    if row.operator == "!=":
        resolver.findings.add("unequal-row", row.span)
        return None
    bound = resolver.member_or_constant(row.bound, selector.type, scope)
    if bound is None:
        return None
    fits = comparisons.compare(row.operator or "=", selector, bound, row.span, resolver.findings)
    return bound if fits is not None else None
