"""Comparisons of numbers into their truth on `fractions`, by an evaluator that works on the text alone.

It knows nothing of the model, of intervals or of units beyond a small table: what the interpreter says of complete data
has to agree with it.
"""

import calendar
import math
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from attrs import evolve
from hypothesis import assume
from hypothesis import strategies as st

from cedu_rules.model.ir import Model
from cedu_rules.source import Source
from cedu_rules.syntax import nodes
from cedu_rules.syntax.parser import parse_expression
from cedu_rules.testing.drafts import Draft, drafts, plan_of
from cedu_rules.testing.histories import World, model_from
from cedu_rules.testing.scopes import scope_of
from cedu_rules.testing.thresholds import thresholds
from cedu_rules.testing.writing import Writer

_MONTHS = 12

FACTS = """
standard exact "精确" source "示例文件"
facts {
  a : number "甲"  b : signed number "乙"  c : count "丙"  p : percent "丁"  q : people "戊"
  x : m2 "己"  y : 亩 "庚"  z : signed yuan "辛"  w : 万元 "壬"
}
"""
CLAUSE = 'section "总项" "分项" {{ clause compared "比较" {{ must {} }} }}'
BASE = model_from(FACTS + CLAUSE.format("a >= 1"))
FACTORS = {"m2": Fraction(1), "%": Fraction(1, 100), "": Fraction(1), "yuan": Fraction(1), "万元": Fraction(10_000)}
FACTORS |= {"亩": Fraction(2000, 3), "people": Fraction(1), "元": Fraction(1)}


def evaluated(node: nodes.Expression, facts: Mapping[str, Fraction]) -> Fraction | None:
    """Return the value by the rules of fractions; None where something is divided by zero."""
    match node:
        case nodes.NumberLiteral():
            return node.value
        case nodes.QuantityLiteral():
            return node.value * FACTORS[node.unit.text]
        case nodes.NameReference():
            return facts[node.name]
        case nodes.Minus():
            value = evaluated(node.operand, facts)
            return None if value is None else -value
        case nodes.Arithmetic():
            return _chain(node, facts)
        case nodes.Call():
            values = [evaluated(argument, facts) for argument in node.arguments]
            numbers = [value for value in values if value is not None]
            return CALLS[node.function.text](numbers) if len(numbers) == len(values) else None
    raise AssertionError(node)


def _chain(node: nodes.Arithmetic, facts: Mapping[str, Fraction]) -> Fraction | None:
    total = evaluated(node.first, facts)
    for operator, operand in node.rest:
        value = evaluated(operand, facts)
        if total is None or value is None or (operator == "/" and value == 0):
            return None
        total = {"+": total + value, "-": total - value, "*": total * value, "/": total / (value or 1)}[operator]
    return total


def _round(values: list[Fraction]) -> Fraction:
    half = Fraction(1, 2)
    return Fraction(math.floor(values[0] + half) if values[0] >= 0 else math.ceil(values[0] - half))


CALLS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "abs": lambda values: max(values[0], -values[0]),
    "min": min,
    "max": max,
    "ceil": lambda values: Fraction(math.ceil(values[0])),
    "floor": lambda values: Fraction(math.floor(values[0])),
    "round": _round,
}
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": lambda one, other: one >= other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    "<": lambda one, other: one < other,
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
}


def base_values(model: Model, draft: Draft) -> dict[str, Fraction]:
    """Return the facts in base units, by factors that this test knows."""
    factors = {fact.name: FACTORS[fact.type.unit.name] for fact in model.facts} | {"p": Fraction(1)}
    return {name: Fraction(value) * factors[name] for name, value in vars(draft).items()}


@st.composite
def comparisons(draw: st.DrawFn, form: str = "any") -> tuple[World, str, str, str]:
    """Draw a comparison of two computed numbers, and a complete record.

    Besides any expression there are forms in which inexact arithmetic shows: a number divided and multiplied by the same
    (`ratio`), halves that are rounded (`halves`), a fact close to a literal (`close`).
    """
    writer = Writer(draw, thresholds(BASE))
    scope = scope_of(BASE)
    names = [name for name in scope.names if name.form == "fact"]
    subject = draw(st.sampled_from(names))
    number = draw(st.sampled_from(["c", "q", "a"]))
    literal = writer.literal(subject.type)
    match form:
        case "ratio":
            left, right = f"{subject.text} / {number} * {number}", subject.text
        case "halves":
            left, right = (
                f"{draw(st.sampled_from(['ceil', 'floor', 'round']))}({number} * 0.5)",
                draw(st.sampled_from("0123")),
            )
        case "close":
            left, right = subject.text, literal
        case _:
            inner = evolve(scope, names=tuple(names))
            left, right = (writer.number(inner, subject.type, draw(st.integers(0, 3))) for _ in range(2))
    operator = draw(st.sampled_from(list(COMPARISONS)))
    assume(not any(word in left + right for word in ("if ", "by ")))
    model = model_from(FACTS + CLAUSE.format(f"{left} {operator} {right}"))
    return World(model, draw(drafts(plan_of(model), complete=True)), None), left, operator, right


def assert_exact(case: tuple[World, str, str, str]) -> None:
    """Raise where the status of a comparison is not that of its two fractions."""
    world, left, operator, right = case
    facts = base_values(world.model, world.draft)
    sides = [evaluated(parse_expression(Source("side", text))[0], facts) for text in (left, right)]
    one, other = sides
    truth = None if one is None or other is None else COMPARISONS[operator](one, other)
    actual = world.evaluation().value(world.model.clauses[0].requirements[0].condition)
    if truth is not None and actual is not truth:
        raise AssertionError(f"{left} {operator} {right}: {truth} by fractions, {actual} by the interpreter")


STEPS = model_from(FACTS.replace("a : number", 'd : date "日"  e : date "止"  a : number') + CLAUSE.format("d = e"))


def _months_later(day: date, months: int) -> date:
    """Return the day so many months later, the last of the month where there is no such day; one month at a time."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month > _MONTHS else (year - 1, _MONTHS) if month < 1 else (year, month)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def assert_step_is_exact(day: date, months: int) -> None:
    """Raise where a step of months does not lead to the day of the calendar."""
    sign, number = ("-", -months) if months < 0 else ("+", months)
    expected = _months_later(day, months)
    text = STEPS.source.text.replace("d = e", f"d {sign} {number} months = {expected.isoformat()}")
    model = model_from(text)
    if World(model, Draft(d=day), None).evaluation().value(model.clauses[0].requirements[0].condition) is not True:
        raise AssertionError(f"{day} {sign} {number} months is not {expected}")
