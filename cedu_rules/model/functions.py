"""Names of functions with resolved operands into expressions: calls and aggregates."""

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from cedu_rules.diagnostics import Hint
from cedu_rules.messages import Words
from cedu_rules.model import hints
from cedu_rules.model.comparisons import condition, merged_type
from cedu_rules.model.findings import Findings
from cedu_rules.model.ir import AGGREGATES, Expression
from cedu_rules.model.operations import absolute, round_number, value_type
from cedu_rules.model.types import BOOL, COUNT, Type, describe, number_type
from cedu_rules.source import Span

YEARS_LIMIT = 100
"""`average(series, n)` covers at most so many years."""

Build: TypeAlias = Callable[[str, list[Expression], Span, Findings], Expression | None]


def call(name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    """Return the call of a function that is no aggregate."""
    build, fewest, most = _FUNCTIONS[name]
    if not fewest <= len(operands) <= most:
        findings.add(
            "wrong-arguments",
            span,
            name=name,
            found=arguments(len(operands)),
            expected=arguments(fewest, most > fewest),
        )
        return None
    return build(name, operands, span, findings)


def unknown_function(name: str, span: Span, findings: Findings) -> None:
    """Say that there is no such function."""
    findings.add("unknown-function", span, hints.of_function(name, FUNCTIONS), name=name)


def arguments(number: int, or_more: bool = False) -> Words:
    """Return how to speak of so many arguments."""
    least = "at least " if or_more else ""
    return Words(
        f"{least}{number} {'argument' if number == 1 else 'arguments'}", f"{'至少 ' if or_more else ''}{number} 个参数"
    )


def _round(name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    return round_number(name, operands[0], span, findings)


def _abs(_name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    return absolute(operands[0], span, findings)


def _extreme(name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    """`min(x, y)` and `max(x, y)`."""
    if not all(_ordered(operand, findings) for operand in operands):
        return None
    type_ = merged_type(operands, findings)
    if type_ is None:
        return None
    return Expression("lowest" if name == "min" else "highest", tuple(operands), None, type_, span)


def _ordered(operand: Expression, findings: Findings) -> bool:
    if operand.type.kind in {"number", "date", "level"}:
        return True
    findings.add("no-order", operand.span, found=describe(operand.type))
    return False


def _count(_name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    operand = operands[0]
    if operand.type.kind == "list":
        everyone = Expression("constant", (), True, BOOL, span)
        return Expression("count", (operand, everyone), "", COUNT, span)
    if operand.type.kind == "set":
        return Expression("present", (operand,), None, COUNT, span)
    findings.add("not-a-list", operand.span, found=describe(operand.type))
    return None


def _series(operand: Expression, findings: Findings) -> bool:
    if operand.type.kind == "series":
        return True
    findings.add("not-a-series", operand.span, found=describe(operand.type))
    return False


def _trend(name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    if not _series(operands[0], findings):
        return None
    return Expression(name, tuple(operands), None, BOOL, span)


def _latest(_name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    if not _series(operands[0], findings):
        return None
    return Expression("latest", tuple(operands), None, computed(value_type(operands[0])), span)


def _average(_name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    series, years = operands
    if not _series(series, findings):
        return None
    if not isinstance(years.data, Fraction) or years.type.dimension or years.data.denominator != 1:
        findings.add("not-a-whole-constant", years.span)
        return None
    if not 1 <= years.data <= YEARS_LIMIT:
        findings.add("out-of-range", years.span, expected=f"1-{YEARS_LIMIT}")
        return None
    element = value_type(series)
    type_ = number_type(element.dimension, unit=element.unit)
    return Expression("average_of", (series,), int(years.data), type_, span)


def _year(_name: str, operands: list[Expression], span: Span, findings: Findings) -> Expression | None:
    if operands[0].type.kind != "date":
        findings.add(
            "type-mismatch", operands[0].span, found=describe(operands[0].type), expected=describe(Type("date"))
        )
        return None
    return Expression("year", tuple(operands), None, number_type((), whole=True), span)


def at_year(series: Expression, year: Expression, span: Span, findings: Findings) -> Expression | None:
    """Return `series[year]`."""
    if not _series(series, findings):
        return None
    if year.type.kind != "number" or year.type.dimension:
        findings.add("type-mismatch", year.span, found=describe(year.type), expected=describe(COUNT))
        return None
    return Expression("at", (series, year), None, computed(value_type(series)), span)


def computed(type_: Type) -> Type:
    """Return the type without the bounds of a declaration."""
    if type_.kind != "number":
        return type_
    return number_type(type_.dimension, whole=type_.whole, unit=type_.unit)


_MANY = 1000
_FUNCTIONS: dict[str, tuple[Build, int, int]] = {
    "ceil": (_round, 1, 1),
    "floor": (_round, 1, 1),
    "round": (_round, 1, 1),
    "abs": (_abs, 1, 1),
    "min": (_extreme, 2, _MANY),
    "max": (_extreme, 2, _MANY),
    "count": (_count, 1, 1),
    "rises": (_trend, 1, 1),
    "falls": (_trend, 1, 1),
    "latest": (_latest, 1, 1),
    "average": (_average, 2, 2),
    "year": (_year, 1, 1),
}
CALLABLE = frozenset(_FUNCTIONS)
FUNCTIONS = frozenset({*_FUNCTIONS, *(AGGREGATES - {"distinct"}), "passes"})
"""Every name that may stand before a bracket."""


# --- aggregates ------------------------------------------------------------------------------------------------------


def aggregate(
    name: str, operands: tuple[Expression, Expression, Expression], variable: str, span: Span, findings: Findings
) -> Expression | None:
    """Return the aggregate `name` (`distinct` for `count(distinct …)`) of list, filter and body."""
    source, where, body = operands
    if name in {"all", "any"}:
        return None if condition(body, findings) is None else Expression(name, operands, variable, BOOL, span)
    if name == "count":
        if body.operator != "variable":
            findings.add(
                "counted-condition", body.span, Hint("count-where", {"variable": variable, "text": body.span.text})
            )
            return None
        return Expression("count", (source, where), variable, COUNT, span)
    if name == "distinct":
        if body.type.kind not in {"number", "date", "level", "choice", "text"}:
            findings.add("not-a-key", body.span, found=describe(body.type))
            return None
        return Expression("distinct", operands, variable, COUNT, span)
    return _statistic(name, operands, variable, span, findings)


def _statistic(
    name: str, operands: tuple[Expression, Expression, Expression], variable: str, span: Span, findings: Findings
) -> Expression | None:
    """`sum` and `average` of numbers, `min` and `max` of whatever has an order."""
    body = operands[2]
    if name in {"min", "max"}:
        if not _ordered(body, findings):
            return None
    elif body.type.kind != "number":
        findings.add("not-a-number", body.span, found=describe(body.type))
        return None
    type_ = computed(body.type)
    if name == "average":
        type_ = number_type(type_.dimension, unit=type_.unit)
    return Expression(name, operands, variable, type_, span)
