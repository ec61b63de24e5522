"""Arithmetic on numbers, series and dates."""

import re

from cedu_rules.model import functions, operations
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver
from cedu_rules.model.scope import Scope
from cedu_rules.model.types import Type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes

_CLOSED = re.compile(r"(?:\s*[)）])*")


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
        if any(operand.type.kind == "date" for operand in operands):
            return _date_sum(resolver, operands, signs, _reaches(node))
        return _sum(resolver, operands, signs, node.span)
    return _product(resolver, operands, signs, _reaches(node))


def _reaches(node: nodes.Arithmetic) -> list[Span]:
    """Return what stands from the start up to each further operand, with the brackets around them."""
    source, text = node.span.source, node.span.source.text
    ends = [operand.span.end for _, operand in node.rest[:-1]]
    closed = [match.end() for end in ends if (match := _CLOSED.match(text, end, node.span.end))]
    return [Span(source, node.span.start, end) for end in (*closed, node.span.end)]


def _sum(resolver: Resolver, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
    terms = operands[:1]
    for sign, operand in zip(signs, operands[1:], strict=True):
        term = operand if sign == "+" else operations.negative(operand, operand.span, resolver.findings)
        if term is None:
            return None
        terms.append(term)
    return operations.add(terms, span, resolver.findings)


def _date_sum(resolver: Resolver, operands: list[Expression], signs: list[str], reaches: list[Span]) -> Resolved:
    total: Resolved = operands[0]
    for sign, operand, reach in zip(signs, operands[1:], reaches, strict=True):
        if total is None:
            return None
        if "date" in {total.type.kind, operand.type.kind}:
            total = operations.step_date(total, sign, operand, reach, resolver.findings)
        else:
            total = _sum(resolver, [total, operand], [sign], reach)
    return total


def _product(resolver: Resolver, operands: list[Expression], signs: list[str], reaches: list[Span]) -> Resolved:
    factors = operands[:1]
    for sign, operand, reach in zip(signs, operands[1:], reaches, strict=True):
        if sign == "*":
            factors.append(operand)
            continue
        above = factors[0] if len(factors) == 1 else operations.multiply(factors, reach, resolver.findings)
        quotient = above and operations.divide(above, operand, reach, resolver.findings)
        if quotient is None:
            return None
        factors = [quotient]
    return factors[0] if len(factors) == 1 else operations.multiply(factors, reaches[-1], resolver.findings)


def index(resolver: Resolver, node: nodes.Index, scope: Scope, _expected: Type | None) -> Resolved:
    """`series[year]`."""
    series, year = resolver.resolve(node.series, scope), resolver.resolve(node.index, scope)
    if series is None or year is None:
        return None
    return functions.at_year(series, year, node.span, resolver.findings)
