"""Equations of the logic into pairs of clauses that say the same in two ways, over generated standards.

In an equation `{A}` to `{C}` are conditions, `{x}` to `{z}` operands of one ordered type, `{v}`, `{m}` and `{n}` a fact
and two constants of its type, `{I}` and `{J}` conditions on an element `e` of the list `teachers`, `{p}` and `{q}`
members of the set `rooms`.
"""

import re

from attrs import frozen
from hypothesis import assume
from hypothesis import strategies as st

from cedu_rules.testing.histories import World, model_from, worlds
from cedu_rules.testing.scopes import Scope, scope_of
from cedu_rules.testing.standards import standards
from cedu_rules.testing.thresholds import thresholds
from cedu_rules.testing.writing import COMPARED, Writer

TWINS = ("left_side", "right_side")
"""The ids of the two clauses."""

_SLOT = re.compile(r"\{([A-Za-z])\}")


@frozen
class Equation:
    """Two conditions that are the same; `weaker` where the right one may stay unknown though the left one is decided.

    `about` is the aim whose standards the equation needs, None for any.
    """

    left: str
    right: str
    about: str | None = None
    weaker: bool = False


EQUATIONS: dict[str, Equation] = {
    "and commutes": Equation("{A} and {B}", "{B} and {A}"),
    "or commutes": Equation("{A} or {B}", "{B} or {A}"),
    "and associates": Equation("{A} and ({B} and {C})", "({A} and {B}) and {C}"),
    "or associates": Equation("{A} or ({B} or {C})", "({A} or {B}) or {C}"),
    "a chain of and is flat": Equation("{A} and {B} and {C}", "{A} and ({B} and {C})"),
    "a chain of or is flat": Equation("{A} or {B} or {C}", "{A} or ({B} or {C})"),
    "De Morgan, and": Equation("not ({A} and {B})", "not {A} or not {B}"),
    "De Morgan, or": Equation("not ({A} or {B})", "not {A} and not {B}"),
    "double negation": Equation("not (not {A})", "{A}"),
    "and distributes": Equation("{A} and ({B} or {C})", "{A} and {B} or {A} and {C}"),
    "implication": Equation("if {A} then {B}", "not {A} or {B}"),
    "if of conditions": Equation("if {A} then {B} else {C}", "{A} and {B} or not {A} and {C}", weaker=True),
    "at least one": Equation("at least 1 of ({A}, {B}, {C})", "{A} or {B} or {C}"),
    "at least two": Equation("at least 2 of ({A}, {B}, {C})", "{A} and {B} or {A} and {C} or {B} and {C}"),
    "at least all": Equation("at least 3 of ({A}, {B}, {C})", "{A} and {B} and {C}"),
    "unequal": Equation("{x} != {y}", "not {x} = {y}"),
    "equality is symmetric": Equation("{x} = {y}", "{y} = {x}"),
    "less is more reversed": Equation("{x} < {y}", "{y} > {x}"),
    "at most is at least reversed": Equation("{x} <= {y}", "{y} >= {x}"),
    "between": Equation("{x} between {y} and {z}", "{x} >= {y} and {x} <= {z}"),
    "in": Equation("{v} in { {m}, {n} }", "{v} = {m} or {v} = {n}", weaker=True),
    "includes": Equation(
        "rooms includes { {p}, {q} }", "rooms includes { {p} } and rooms includes { {q} }", "alternatives"
    ),
    "includes all": Equation("rooms includes all", "count(rooms) >= 3", "alternatives"),
    "all is none that is not": Equation(
        "all({I} for e in teachers where {J})", "not any(not {I} for e in teachers where {J})", "open filters"
    ),
    "a filter of all is an implication": Equation(
        "all({I} for e in teachers where {J})", "all((if {J} then {I}) for e in teachers)", "open filters"
    ),
    "a filter of any is a limb": Equation(
        "any({I} for e in teachers where {J})", "any(({J} and {I}) for e in teachers)", "open filters"
    ),
    "any is at least one": Equation(
        "any({I} for e in teachers)", "count(e for e in teachers where {I}) >= 1", "open filters", weaker=True
    ),
    "a count is a sum": Equation(
        "sum((if {J} then 1 else 0) for e in teachers) >= 2",
        "count(e for e in teachers where {J}) >= 2",
        "open filters",
        weaker=True,
    ),
}
"""The equations by name."""


@st.composite
def twins(draw: st.DrawFn, equation: Equation, *, complete: bool = False) -> World:
    """Draw a world whose standard has the two sides of an equation as its clauses `TWINS`."""
    text = draw(standards(about=equation.about, lines=1))
    model = model_from(text)
    writer = Writer(draw, thresholds(model), multiplications=1)
    slots = _slots(writer, scope_of(model), equation)
    for clause, side in zip(TWINS, (equation.left, equation.right), strict=True):
        condition = _SLOT.sub(lambda slot: slots[slot[1]], side)
        text += f'section "等式" "{clause}" {{\n  clause {clause} "一边" {{ must {condition} }}\n}}\n'
    return draw(worlds(st.just(model_from(text)), complete=complete))


def _slots(writer: Writer, scope: Scope, equation: Equation) -> dict[str, str]:
    """Return what is written for each slot that the equation has."""
    used = set(_SLOT.findall(equation.left + equation.right))
    found = {slot: writer.condition(scope, 1) for slot in "ABC" if slot in used}
    if "x" in used:
        ordered = scope.of_kind("number", "date", "level")
        assume(ordered)
        subject = writer.name(ordered)
        found |= {"x": writer.operand(subject, scope, 1)}
        found |= {slot: writer.other(subject, scope, 1) for slot in "yz"}
    if "v" in used:
        subject = writer.name(scope.of_kind(*COMPARED[:-1]))
        first, second, *_ = writer.constants(subject.type, fewest=2)
        found |= {"v": subject.text, "m": first, "n": second}
    if "I" in used or "J" in used:
        variable, inner = scope.inside("Teacher")
        found |= {slot: writer.condition(inner, 1).replace(f"{variable}.", "e.") for slot in "IJ"}
    if "p" in used:
        members = next(name for name in scope.names if name.text == "rooms").type.members
        found |= {slot: writer.draw(st.sampled_from(members)).name for slot in "pq"}
    return found
