"""A comparison that does not hold into versions on which it does: one value changed, or several where one is not enough.

Each thing that the two sides read is tried alone: a yes/no, choice or level by its members, a number or day by search
on its grid, a list by its elements. What the comparison is about goes first: the side that is no constant, in the
direction that it asks for.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from cedu_rules.explain.repairing import lists
from cedu_rules.explain.repairing.goals import Goal, Searcher
from cedu_rules.explain.repairing.inputs import Input, Reader
from cedu_rules.explain.repairing.solving import Line, directed, public, solutions
from cedu_rules.explain.repairing.states import DAY, NO_REMEDY, Path, State
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import COMPARISONS, Expression
from cedu_rules.model.types import Type

INPUTS_LIMIT = 60
"""So many things that a comparison reads are tried."""
TOGETHER = 3
"""So many values are changed together where one alone is not enough."""

OFF_SIDE, SELECTOR, AGAINST = NO_REMEDY, 3, NO_REMEDY
"""Penalties: a change on the side that the comparison is not about, of what only chooses, against its direction.

To lower the population is no remedy for a want of teachers; but a program cannot know which facts are such, so it is
offered last rather than not at all.
"""

_UPWARD = {">": 1, ">=": 1, "<": -1, "<=": -1}


@frozen
class Handle:
    """Something that a comparison reads, with the penalty of changing it."""

    input: Input
    penalty: int


def ways(search: Searcher, state: State, goal: Goal) -> list[State]:
    """Return versions on which the comparison holds."""
    return _ways(search, state, goal, TOGETHER)


def _ways(search: Searcher, state: State, goal: Goal, together: int) -> list[State]:
    found = list(lists.rewritten(search, state, goal))
    handles = list(_handles(state, goal))[:INPUTS_LIMIT]
    for handle in handles:
        if handle.input.aggregate is None:
            moved = _moved(search, state, goal, handle.input.path)
        else:
            moved = lists.moved(search, state, goal, handle.input, distance)
        found += [each.fined(handle.penalty) for each in moved]
    if not found:
        found += _each_operand(search, state, goal) + _gathered(search, state, goal, handles)
    if not found and together > 1:
        for handle in handles:
            for each in _pushed(search, state, goal, handle.input):
                found += [after.fined(handle.penalty) for after in _ways(search, each, goal, together - 1)]
                found += [each.fined(handle.penalty)] if search.look(each, goal.met) else []
            if found:
                break
    return found


def _handles(state: State, goal: Goal) -> Iterator[Handle]:
    """Yield what the comparison reads, each once, what it is about first."""
    operands = list(goal.condition.operands)
    if len(operands) > 1 and operands[0].operator == "constant":
        operands.reverse()
    seen: set[Path] = set()
    for number, operand in enumerate(operands):
        for found in Reader(state).inputs(operand, goal.context):
            key = (*found.path, *(() if found.aggregate is None else (id(found.aggregate),)))
            if key in seen or (found.path == DAY and state.assessed_on is not None):
                continue
            seen.add(key)
            is_beside = number > 0 and goal.condition.operator in COMPARISONS
            yield Handle(found, (OFF_SIDE if is_beside else 0) + (SELECTOR if found.selects else 0))


# --- one value -------------------------------------------------------------------------------------------------------


def _moved(search: Searcher, state: State, goal: Goal, path: Path) -> list[State]:
    """Return versions on which the comparison holds because one value has changed."""
    if search.terms.forbid(state, path):
        return []
    type_ = state.type_of(path)
    found = []
    for start in starts(search, state, path):
        if type_.kind in {"number", "date"}:
            found += _numbers(search, start, goal, path, type_)
        else:
            for value in options(type_, goal.condition):
                found += [each for each in search.assigned(start, path, value) if search.look(each, goal.met)]
    return found


def starts(search: Searcher, state: State, path: Path) -> list[State]:
    """Return versions on which what stands at the path exists, so that it can be changed."""
    if path == DAY:
        return [state]
    fact, owner = state.fact(path), state.split(path)[0]
    if fact.condition is None:
        return [state]
    existence = Goal(fact.condition, wanted=True, context={"": owner} if owner else {}, certain=False)
    if existence.met(state):
        return [state]
    return [each.fined(1) for each in search.reach(state, existence)]


def options(type_: Type, condition: Expression) -> list[object]:
    """Return the values that a yes/no, choice, level or text may be set to."""
    if type_.kind == "bool":
        return [True, False]
    if type_.kind in {"choice", "level"}:
        return [member.name for member in type_.members]
    if type_.kind == "text":
        constants = [part for part in walk(condition) if part.operator == "constant" and part.type.kind == "text"]
        return [str(part.data) for part in constants]
    return []


def _numbers(search: Searcher, state: State, goal: Goal, path: Path, type_: Type) -> list[State]:
    """Return the versions with the nearest numbers above and below on which the comparison holds."""

    def version(base: Fraction) -> State:
        return state.with_value(path, value_of(type_, base))

    def test(base: Fraction) -> bool:
        return search.look(version(base), goal.met)

    start = base_of(type_, state.get(path))
    marks = landmarks(state, goal, version, Line.of(type_), start)
    found = []
    for base in solutions(type_, start, test, marks):
        for each in search.assigned(state, path, value_of(type_, base)):
            is_against = start is not None and _direction(goal) == -directed(start, base)
            found.append(each.fined(AGAINST if is_against else 0))
    return found


def _direction(goal: Goal) -> int:
    """Return whether the comparison asks for more (1) or less (-1) of what it is about."""
    direction = _UPWARD.get(goal.condition.operator, 0)
    flipped = goal.condition.operands[0].operator == "constant"
    return direction * (-1 if flipped else 1) * (1 if goal.wanted else -1)


def value_of(type_: Type, base: Fraction) -> object:
    """Return a number of base units, or a day number, as a record holds it."""
    return date.fromordinal(int(base)) if type_.kind == "date" else public(type_, base)


def base_of(type_: Type, value: Any) -> Fraction | None:  # noqa: ANN401 -- a value of any type
    """Return a value of a record in base units, or as a day number."""
    if value is None:
        return None
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value) * type_.data_factor


def landmarks(
    state: State, goal: Goal, version: Callable[[Fraction], State], line: Line, start: Fraction | None
) -> list[Fraction]:
    """Return numbers at which the answer may change: constants of the comparison, and the root of a linear gap."""
    marks = [part.data for part in walk(goal.condition) if isinstance(part.data, Fraction)]
    if state.assessed_on is not None:
        marks.append(Fraction(state.assessed_on.toordinal()))
    marks += [Fraction(part.data.toordinal()) for part in walk(goal.condition) if isinstance(part.data, date)]
    origin = line.clamped(Fraction(0) if start is None else start)
    for beside in (origin + line.step, origin - line.step):
        if not line.low <= beside / line.step <= line.high:
            continue
        first, second = (_gap(version(base), goal) for base in (origin, beside))
        if first is not None and second is not None and first != second:
            marks.append(origin - first * (beside - origin) / (second - first))
            break
    if _is_equation(goal) and not any(_gap(version(line.clamped(mark)), goal) == 0 for mark in marks):
        marks += line.crossings(lambda base: _gap(version(base), goal), origin)  # rounded, or a power: no straight line
    return marks


def _is_equation(goal: Goal) -> bool:
    return goal.condition.operator == ("=" if goal.wanted else "!=")


def _gap(state: State, goal: Goal) -> Fraction | None:
    """Return by how much the sides differ, where both are known."""
    if goal.condition.operator not in COMPARISONS or goal.condition.operands[0].type.kind not in {"number", "date"}:
        return None
    if not state.holds(goal.context):
        return None
    left, right = (state.value(operand, goal.context) for operand in goal.condition.operands)
    if left.point is None or right.point is None:
        return None
    return Fraction(left.point) - Fraction(right.point)


def distance(state: State, goal: Goal) -> Fraction | None:
    """Return how far the comparison is from holding; None where that is not known."""
    gap = _gap(state, goal)
    if gap is None:
        return None
    direction = _UPWARD.get(goal.condition.operator, 0) * (1 if goal.wanted else -1)
    return -gap * direction if direction else abs(gap)


# --- several values --------------------------------------------------------------------------------------------------


def _each_operand(search: Searcher, state: State, goal: Goal) -> list[State]:
    """Return versions on which each `x` of a `min(x, …)` or `max(x, …)` compares as the whole has to."""
    operands = goal.condition.operands
    found = []
    for number, operand in enumerate(operands):
        if operand.operator in {"lowest", "highest"} and goal.condition.operator in COMPARISONS:
            parts = [(*operands[:number], part, *operands[number + 1 :]) for part in operand.operands]
            found += search.reach_all(state, [goal.part(goal.condition._replace(operands=part)) for part in parts])
    return found


def _gathered(search: Searcher, state: State, goal: Goal, handles: Sequence[Handle]) -> list[State]:
    """Return the version on which one yes/no after the other, such as members of a set, has brought the sides together."""
    paths = [each.input.path for each in handles if each.input.aggregate is None and each.penalty < NO_REMEDY]
    paths = [path for path in paths if not search.terms.forbid(state, path) and state.type_of(path).kind == "bool"]
    if len(paths) < 2:  # noqa: PLR2004 -- one alone was tried
        return []
    is_more = _direction(goal) > 0
    for path in [path for path in paths if state.get(path) is None]:
        for each in search.assigned(state, path, is_more)[:1]:
            state = each
        if search.look(state, goal.met):
            return [state]

    def price(path: Path) -> Fraction:
        flipped = search.assigned(recorded, path, not recorded.get(path))[:1]
        return sum(map(search.terms.price, flipped), Fraction(0))

    recorded = state
    for path in sorted(paths, key=price):
        before = distance(state, goal)
        for each in search.assigned(state, path, not state.get(path))[:1]:
            after = distance(each, goal)
            if before is not None and after is not None and after < before:
                state = each
        if search.look(state, goal.met):
            return [state]
    return []


def _pushed(search: Searcher, state: State, goal: Goal, found: Input) -> list[State]:
    """Return versions with one value as helpful as its range allows; of a missing one, with some value."""
    path = found.path
    if found.aggregate is not None or search.terms.forbid(state, path):
        return []
    type_ = state.type_of(path)
    before = distance(state, goal)
    if state.get(path) is None:
        return [each for value in plain_values(state, path) for each in search.assigned(state, path, value)]
    if type_.kind != "number" or before is None:
        return []
    line = Line.of(type_)
    versions = []
    for end in (type_.low, type_.high):
        if end is not None:
            for each in search.assigned(state, path, value_of(type_, line.clamped(end))):
                after = distance(each, goal)
                versions += [each] if after is not None and after < before else []
    return versions


def plain_values(state: State, path: Path) -> list[object]:
    """Return an ordinary value for what is missing: of a series that of the year before, of a number 1."""
    if path == DAY:
        return [a_day(state)]
    type_ = state.type_of(path)
    if type_.kind in {"list", "series", "set", "text"}:
        return []
    if type_.kind not in {"number", "date"}:
        return options(type_, Expression("constant", (), None, type_, state.model.clauses[0].span))[:1]
    series: dict[int, object] = (state.get(path[:-1]) if isinstance(path[-1], int) else None) or {}
    years = [year for year, value in series.items() if value is not None]
    if years:
        nearest = min(years, key=lambda year: abs(year - int(path[-1])))
        return [series[nearest]]
    line = Line.of(type_)
    return [value_of(type_, line.clamped(Fraction(1)))]


def a_day(state: State) -> date:
    """Return a day on which the record may be assessed: the end of its last year, else of that of the standard."""
    years = [
        max(given)
        for fact in state.model.facts
        if fact.type.kind == "series" and (given := getattr(state.root, fact.name))
    ]
    effective = state.model.effective_from
    return date(max([*years, date.min.year if effective is None else effective.year]), 12, 31)
