"""Arithmetic on numbers, series and dates."""

from cedu_rules.model import functions, operations
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver
from cedu_rules.model.scope import Scope
from cedu_rules.model.types import Type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes


def minus(resolver: Resolver, node: nodes.Minus, scope: Scope, _expected: Type | None) -> Resolved:
    """`-3`."""
    operand = resolver.resolve(node.operand, scope)
    return operand and operations.negative(operand, node.span, resolver.findings)


def arithmetic(resolver: Resolver, node: nodes.Arithmetic, scope: Scope, _expected: Type | None) -> Resolved:
    """`a + b - c`, `a * b / c`."""
    operands = resolver.all((node.first, *(operand for _, operand in node.rest)), scope)
    if operands is None:
        return None
    signs = [operator for operator, _ in node.rest]
    if set(signs) <= {"+", "-"}:
        return _sum(resolver, operands, signs, node.span)
    return _product(resolver, operands, signs, node.span)


def _sum(resolver: Resolver, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
    if any(operand.type.kind == "date" for operand in operands):
        return _date_sum(resolver, operands, signs, span)
    terms = operands[:1]
    for sign, operand in zip(signs, operands[1:], strict=True):
        term = operand if sign == "+" else operations.negative(operand, operand.span, resolver.findings)
        if term is None:
            return None
        terms.append(term)
    return operations.add(terms, span, resolver.findings)


def _date_sum(resolver: Resolver, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
    total: Resolved = operands[0]
    for sign, operand in zip(signs, operands[1:], strict=True):
        if total is None:
            return None
        between = total.span.to(operand.span)
        if "date" in {total.type.kind, operand.type.kind}:
            total = operations.step_date(total, sign, operand, between, resolver.findings)
        else:
            total = _sum(resolver, [total, operand], [sign], span)
    return total


def _product(resolver: Resolver, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
    factors = operands[:1]
    for sign, operand in zip(signs, operands[1:], strict=True):
        if sign == "*":
            factors.append(operand)
            continue
        reach = factors[0].span.to(operand.span)
        above = factors[0] if len(factors) == 1 else operations.multiply(factors, reach, resolver.findings)
        quotient = above and operations.divide(above, operand, reach, resolver.findings)
        if quotient is None:
            return None
        factors = [quotient]
    return factors[0] if len(factors) == 1 else operations.multiply(factors, span, resolver.findings)


def index(resolver: Resolver, node: nodes.Index, scope: Scope, _expected: Type | None) -> Resolved:
    """`series[year]`."""
    series, year = resolver.resolve(node.series, scope), resolver.resolve(node.index, scope)
    if series is None or year is None:
        return None
    return functions.at_year(series, year, node.span, resolver.findings)
