"""Logic and comparisons into conditions."""

from fractions import Fraction

from cedu_rules.model import comparisons
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver, is_open
from cedu_rules.model.scope import Scope
from cedu_rules.model.types import BOOL, Type, describe
from cedu_rules.syntax import nodes


def negation(resolver: Resolver, node: nodes.Negation, scope: Scope, _expected: Type | None) -> Resolved:
    """`not A`."""
    operand = resolver.condition(node.operand, scope)
    return operand and Expression("not", (operand,), None, BOOL, node.span)


def conjunction(resolver: Resolver, node: nodes.Conjunction, scope: Scope, _expected: Type | None) -> Resolved:
    """`A and B`."""
    limbs = resolver.conditions(node.limbs, scope)
    return None if limbs is None else Expression("and", limbs, None, BOOL, node.span)


def disjunction(resolver: Resolver, node: nodes.Disjunction, scope: Scope, _expected: Type | None) -> Resolved:
    """`A or B`."""
    limbs = resolver.conditions(node.limbs, scope)
    return None if limbs is None else Expression("or", limbs, None, BOOL, node.span)


def at_least(resolver: Resolver, node: nodes.AtLeast, scope: Scope, _expected: Type | None) -> Resolved:
    """`at least 2 of (A, B, C)`."""
    number = resolver.constant(node.number, scope)
    limbs = resolver.conditions(node.limbs, scope)
    if number is None or limbs is None:
        return None
    if not isinstance(number.data, Fraction) or number.type.dimension or number.data.denominator != 1:
        resolver.findings.add("not-a-whole-constant", node.number.span)
        return None
    if not 1 <= number.data <= len(limbs):
        resolver.findings.add("out-of-range", node.number.span, expected=f"1-{len(limbs)}")
        return None
    return Expression("at_least", limbs, int(number.data), BOOL, node.span)


def comparison(resolver: Resolver, node: nodes.Comparison, scope: Scope, _expected: Type | None) -> Resolved:
    """`area >= 500 m2`."""
    left, right = _pair(resolver, node.left, node.right, scope)
    if left is None or right is None:
        return None
    return comparisons.compare(node.operator, left, right, node.span, resolver.findings)


def _pair(
    resolver: Resolver, left: nodes.Expression, right: nodes.Expression, scope: Scope
) -> tuple[Resolved, Resolved]:
    """Resolve two operands, the one that may name a member of the other's type last."""
    if is_open(left, scope) and not is_open(right, scope):
        second = resolver.resolve(right, scope)
        return (None if second is None else resolver.resolve(left, scope, second.type)), second
    first = resolver.resolve(left, scope)
    if first is None and is_open(right, scope):
        return None, None
    return first, resolver.resolve(right, scope, None if first is None else first.type)


def between(resolver: Resolver, node: nodes.Between, scope: Scope, _expected: Type | None) -> Resolved:
    """`x between LOW and HIGH`."""
    value = resolver.resolve(node.value, scope)
    expected = None if value is None else value.type
    low, high = resolver.resolve(node.low, scope, expected), resolver.resolve(node.high, scope, expected)
    if value is None or low is None or high is None:
        return None
    return comparisons.between(value, low, high, node.span, resolver.findings)


def membership(resolver: Resolver, node: nodes.Membership, scope: Scope, _expected: Type | None) -> Resolved:
    """`x in { a, b }`."""
    value = resolver.resolve(node.value, scope)
    if value is None:
        return None
    members = [resolver.member_or_constant(member, value.type, scope) for member in node.members]
    found = [member for member in members if member is not None]
    if len(found) < len(members):
        return None
    return comparisons.membership(value, found, node.span, resolver.findings)


def inclusion(resolver: Resolver, node: nodes.Inclusion, scope: Scope, _expected: Type | None) -> Resolved:
    """`s includes { a, b }`."""
    value = resolver.resolve(node.value, scope)
    if value is None:
        return None
    if value.type.kind != "set":
        resolver.findings.add("not-a-set", node.value.span, found=describe(value.type))
        return None
    if node.members is None:
        members = tuple(member.name for member in value.type.members)
    else:
        known = [resolver.member(member, value.type) for member in node.members]
        if not all(known):
            return None
        members = tuple(dict.fromkeys(member.text for member in node.members))
    return Expression("includes", (value,), members, BOOL, node.span)
