"""Resolved operands into conditions: what may be compared with what."""

import re

from cedu_rules.diagnostics import Hint
from cedu_rules.model import hints
from cedu_rules.model.findings import Findings
from cedu_rules.model.ir import Expression
from cedu_rules.model.operations import unit_mismatch
from cedu_rules.model.types import BOOL, Type, describe
from cedu_rules.source import Span

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ORDERED = {"number", "date", "level"}
_EQUATED = _ORDERED | {"choice", "text", "bool"}


def compare(operator: str, left: Expression, right: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return the comparison; `!=` is `not =`."""
    for side in (left, right):
        if not _comparable(operator, side, findings):
            return None
    if not _fit(left, right, findings):
        return None
    if operator == "!=":
        return Expression("not", (Expression("=", (left, right), None, BOOL, span),), None, BOOL, span)
    return Expression(operator, (left, right), None, BOOL, span)


def _comparable(operator: str, side: Expression, findings: Findings) -> bool:
    kind = side.type.kind
    if kind == "series":
        findings.add("series-compared", side.span, Hint("series-value", {"series": side.span.text}))
        return False
    if kind not in _EQUATED:
        hint = Hint("set-includes", {"set": side.span.text}) if kind == "set" else None
        findings.add("not-comparable", side.span, hint, found=describe(side.type))
        return False
    if operator not in {"=", "!="} and kind not in _ORDERED:
        is_day = side.type.kind == "text" and isinstance(side.data, str) and _DAY.fullmatch(side.data)
        hint = hints.write(str(side.data)) if is_day else None
        findings.add("no-order", side.span, hint, found=describe(side.type))
        return False
    return True


def _fit(left: Expression, right: Expression, findings: Findings) -> bool:
    """Return whether two operands are of one type, or say which of them is not."""
    if left.type.same(right.type):
        return True
    if left.type.kind == right.type.kind == "number":
        unit_mismatch(left, right, findings)
    else:
        constant, other = (left, right) if left.operator == "constant" else (right, left)
        hint = hints.of_mismatch(constant, other.type)
        findings.add("type-mismatch", constant.span, hint, found=describe(constant.type), expected=describe(other.type))
    return False


def between(value: Expression, low: Expression, high: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return `value >= low and value <= high`."""
    above = compare(">=", value, low, span, findings)
    below = compare("<=", value, high, span, findings) if above is not None else None
    if above is None or below is None:
        return None
    return Expression("and", (above, below), None, BOOL, span)


def membership(value: Expression, members: list[Expression], span: Span, findings: Findings) -> Expression | None:
    """Return whether the value is one of the constants."""
    if not _comparable("=", value, findings):
        return None
    for member in members:
        if member.operator != "constant":
            findings.add("not-constant", member.span)
            return None
        if not _fit(value, member, findings):
            return None
    return Expression("in", (value, *members), None, BOOL, span)


def condition(expression: Expression | None, findings: Findings) -> Expression | None:
    """Return the expression if it is a condition, or say what it is instead."""
    if expression is None or expression.type.kind == "bool":
        return expression
    hint = hints.of_condition(expression)
    findings.add("not-a-condition", expression.span, hint, found=describe(expression.type))
    return None


def merged_type(branches: list[Expression], findings: Findings) -> Type | None:
    """Return the type of a choice between values, or say which branch does not fit the first."""
    first = branches[0]
    if first.type.kind not in _EQUATED:
        findings.add("cannot-choose", first.span, found=describe(first.type))
        return None
    if not all(_fit(first, branch, findings) for branch in branches[1:]):
        return None
    if first.type.kind != "number":
        return first.type
    unit = next((branch.type.unit for branch in branches if branch.type.unit.name), first.type.unit)
    whole = all(branch.type.whole for branch in branches)
    return Type("number", dimension=first.type.dimension, unit=unit, whole=whole)
