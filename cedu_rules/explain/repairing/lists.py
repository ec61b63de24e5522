"""Conditions on lists into versions on which they hold: elements changed, added, taken off.

What is added is complete as far as anybody asks: it meets the filter and what the must-clauses ask of all elements.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import TypeAlias

from attrs import evolve

from cedu_rules.explain.repairing.goals import Goal, Searcher
from cedu_rules.explain.repairing.inputs import Input, let, list_path, path_of
from cedu_rules.explain.repairing.states import Context, Path, State
from cedu_rules.model.ir import Expression
from cedu_rules.model.types import BOOL

Distance: TypeAlias = Callable[[State, Goal], Fraction | None]

ELEMENTS_LIMIT = 200
"""Of a list so many elements are changed."""
CHOICES_LIMIT = 12
"""Where one element will do, so many are tried."""
ADDED_LIMIT = 2000
"""So many elements are added at most."""
UNGUESSED_LIMIT = 16
"""So many where the first one does not tell how many are needed."""
FRESH_LIMIT = 40
"""So many are added at most where each needs a name of its own."""

OUT_OF_FILTER, TAKEN_OFF = 4, 3
"""Penalties: an element that only gets out of the filter, one that is taken off the list."""


def quantified(search: Searcher, state: State, goal: Goal) -> list[State]:
    """`all` and `any`: every guilty element put right, or one that does."""
    condition = goal.condition
    path = list_path(state, condition.operands[0], goal.context)
    every = (condition.operator == "all") is goal.wanted
    if state.get(path) is None and every:
        return [] if search.terms.forbid(state, path) else search.assigned(state, path, ())
    if every:
        return _every(search, state, goal, path)
    where, body = condition.operands[1:3]
    found: list[State] = []
    for element in state.elements(path)[:CHOICES_LIMIT]:
        inner = {**goal.context, str(condition.data): element}
        found += search.reach_all(state, [goal.part(where, inner, wanted=True), goal.part(body, inner)])
    return found + added(search, state, goal, path, [(where, True), (body, goal.wanted)])


def _every(search: Searcher, state: State, goal: Goal, path: Path) -> list[State]:
    where, body = goal.condition.operands[1:3]
    states = [state]
    for element in state.elements(path)[:ELEMENTS_LIMIT]:
        inner = {**goal.context, str(goal.condition.data): element}
        outside = Goal(where, wanted=False, context=inner, certain=goal.certain)
        inside = goal.part(body, inner)
        if outside.met(state) or inside.met(state):
            continue
        versions: list[State] = []
        for each in states:
            versions += search.reach(each, inside)
            versions += [after.fined(OUT_OF_FILTER) for after in search.reach(each, outside)]
            if _may_go(search, each, goal, element):
                versions.append(each.without_element(element).fined(TAKEN_OFF))
        states = search.best(versions)
    return states


# --- elements that are added -----------------------------------------------------------------------------------------


def added(
    search: Searcher, state: State, goal: Goal, path: Path, demands: Iterable[tuple[Expression, bool]]
) -> list[State]:
    """Return versions with one more element that is as demanded, and as the clauses ask of all elements."""
    if search.terms.forbid(state, path):
        return []
    blank = state.with_elements(path, 1, {})
    element = blank.elements(path)[-1]
    inner = {**goal.context, str(goal.condition.data): element}
    within = search.inside(element)
    goals = [Goal(condition, wanted=wanted, context=inner) for condition, wanted in demands]
    return [_completed(within, each, element, goals) for each in within.reach_all(blank, goals)]


def _completed(within: Searcher, state: State, element: Path, needed: Sequence[Goal]) -> State:
    """Return the version in which the new element is as the clauses ask of all, as far as it stays as it is `needed`."""
    record = within.outline.model.records_by_name[state.fact(element[:-1]).type.name]
    goals = [Goal(check.condition, wanted=True, context={"": element}, certain=False) for check in record.checks]
    state = next(iter(within.reach_all(state, [*needed, *goals])), state)
    kept = [*needed, *goals]
    for demand in within.outline.demands.get(str(element[-2]), ()) if len(element) == 2 else ():  # noqa: PLR2004
        inner = {str(demand.data): element}
        asked = Goal(demand.operands[2], wanted=True, context=inner)
        if state.value(demand.operands[1], inner) is False or asked.met(state):
            continue
        if found := within.reach_all(state, [*kept, asked]):
            state, kept = found[0], [*kept, asked]
    return state


def moved(search: Searcher, state: State, goal: Goal, found: Input, distance: Distance) -> list[State]:
    """Return versions on which a comparison with a count, sum or other aggregate holds because the list is another."""
    aggregate = found.aggregate
    if aggregate is None or aggregate.operator in {"all", "any"}:
        return []
    part = evolve(goal, condition=aggregate, context=found.context)
    versions: list[State] = []
    if state.get(found.path) is None:
        emptied = [] if search.terms.forbid(state, found.path) else search.assigned(state, found.path, ())
        if any(search.look(each, goal.met) for each in emptied):
            return emptied
        state = next(iter(emptied), state)
    if aggregate.operator == "distinct":
        versions += _fresh(search, state, goal, found, distance)
    else:
        versions += _grown(search, state, goal, part, found.path, distance)
    for into in (True, False):
        versions += _converted(search, state, goal, part, found.path, distance, into=into)
    return versions + _shrunk(search, state, goal, part, found.path, distance)


def _grown(search: Searcher, state: State, goal: Goal, part: Goal, path: Path, distance: Distance) -> list[State]:
    """Return versions with as many more elements as are needed, all alike; or with one of the right size."""
    versions: list[State] = []
    for one in added(search, state, part, path, [(part.condition.operands[1], True)])[:2]:
        element = one.elements(path)[-1]
        if part.condition.operator != "count":
            sized = search.inside(element).reach(one, goal)
            needed = [evolve(goal, certain=True)]
            versions += [_completed(search.inside(element), each, element, needed) for each in sized]
        values = {name: value for name, value in vars(_namespace(one, element)).items() if value is not None}
        before, after = distance(state, goal), distance(one, goal)
        if before is not None and after is not None and after >= before and not goal.met(one):
            continue
        guess = None if before is None or after is None else before / (before - after)
        number = _needed(search, goal, lambda count, v=values: state.with_elements(path, count, v), guess)  # type: ignore[misc]
        if number:
            versions.append(state.with_elements(path, number, values).fined(one.penalty - state.penalty))
    return versions


def _needed(search: Searcher, goal: Goal, version: Callable[[int], State], guess: Fraction | None) -> int | None:
    """Return the smallest number of elements that is enough: as the first one promises, or by doubling and halving."""
    passed, failed = 1, 0
    if guess is not None and 1 < guess < ADDED_LIMIT:
        passed, failed = math.ceil(guess), math.ceil(guess) - 1
        if search.look(version(failed), goal.met):
            passed, failed = failed, 0
    limit = UNGUESSED_LIMIT if guess is None else ADDED_LIMIT
    while not search.look(version(passed), goal.met):
        failed, passed = passed, passed * 2 if guess is None else passed + 1 + passed // 2
        if passed > limit:
            return None
    while passed - failed > 1:
        middle = (passed + failed) // 2
        if search.look(version(middle), goal.met):
            passed = middle
        else:
            failed = middle
    return passed


def _fresh(search: Searcher, state: State, goal: Goal, found: Input, distance: Distance) -> list[State]:
    """Return the version with elements added one by one, each with a key that no other has."""
    aggregate = found.aggregate
    if aggregate is None:
        return []
    part = Goal(aggregate, wanted=True, context=found.context)
    for number in range(1, FRESH_LIMIT):
        before = distance(state, goal)
        for each in _with_key(search, state, part, found.path, number):
            after = distance(each, goal)
            if goal.met(each):
                return [each]
            if before is None or after is None or after < before:
                state = each
                break
        else:
            return []
    return []


def _with_key(search: Searcher, state: State, part: Goal, path: Path, number: int) -> Iterator[State]:
    where, body = part.condition.operands[1:3]
    for one in added(search, state, part, path, [(where, True)])[:1]:
        element = one.elements(path)[-1]
        inner = {**part.context, str(part.condition.data): element}
        while body.operator == "let":
            body, inner = let(one, body, inner)  # type: ignore[assignment]
        if body.operator != "field":
            return
        field = path_of(body, inner)
        type_ = one.type_of(field)
        keys: list[object] = [member.name for member in type_.members] or [f"新增{number}"]
        if type_.kind == "number":
            keys = [number]
        for key in keys if type_.kind not in {"date", "bool"} else []:
            yield from search.inside(element).assigned(one, field, key)


def _namespace(state: State, element: Path) -> SimpleNamespace:
    owner = state.owner(element)
    return owner if isinstance(owner, SimpleNamespace) else SimpleNamespace()


# --- elements that are there -----------------------------------------------------------------------------------------


def _converted(
    search: Searcher, state: State, goal: Goal, part: Goal, path: Path, distance: Distance, *, into: bool
) -> list[State]:
    """Return the version in which as many elements as needed get into the filter, or out of it, the cheapest first."""
    where = part.condition.operands[1]
    ways: list[tuple[Fraction, Goal, Path]] = []
    for element in state.elements(path)[:ELEMENTS_LIMIT]:
        wanted = Goal(where, wanted=into, context={**part.context, str(part.condition.data): element})
        if not wanted.met(state):
            found = search.inside(element).reach(state, wanted)[:1]
            ways += [(search.terms.price(each) + each.penalty, wanted, element) for each in found]
    for _, wanted, element in sorted(ways, key=lambda way: way[0]):
        before = distance(state, goal)
        for each in search.inside(element).reach(state, wanted)[:1]:
            after = distance(each, goal)
            if search.look(each, goal.met):
                return [each]
            if before is not None and after is not None and after >= before:
                return []
            state = each
    return []


def _shrunk(search: Searcher, state: State, goal: Goal, part: Goal, path: Path, distance: Distance) -> list[State]:
    """Return the version from which as many elements as needed are taken off."""
    where = part.condition.operands[1]
    for element in state.elements(path)[:ELEMENTS_LIMIT]:
        inner: Context = {**part.context, str(part.condition.data): element}
        if state.value(where, inner) is False or not _may_go(search, state, goal, element) or state.is_new(element):
            continue
        before, each = distance(state, goal), state.without_element(element).fined(TAKEN_OFF)
        after = distance(each, goal)
        if search.look(each, goal.met):
            return [each]
        if before is not None and after is not None and after >= before:
            return []
        state = each
    return []


def _may_go(search: Searcher, state: State, goal: Goal, element: Path) -> bool:
    """Return whether an element may be taken off: the goal is not about it, nor about anything in it."""
    is_meant = any(path[: len(element)] == element for path in (*goal.context.values(), search.terms.within or ()))
    return not is_meant and not search.terms.forbid(state, element)


# --- least and greatest ----------------------------------------------------------------------------------------------

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def rewritten(search: Searcher, state: State, goal: Goal) -> list[State]:
    """Return versions on which a bound on a least, greatest or average value holds, element by element."""
    if goal.condition.operator not in _OPPOSITE:
        return []
    versions: list[State] = []
    operator = goal.condition.operator if goal.wanted else _OPPOSITE[goal.condition.operator]
    left, right = goal.condition.operands
    for side, other, sign in ((left, right, operator), (right, left, _FLIPPED[operator])):
        aggregate, context = side, goal.context
        while aggregate.operator == "let":
            aggregate, context = let(state, aggregate, context)
        if aggregate.operator not in {"min", "max", "average"} or context != goal.context:
            continue
        source, where, body = aggregate.operands
        compared = Expression(sign, (body, other), None, BOOL, aggregate.span)
        is_every = aggregate.operator == "average" or (aggregate.operator == "min") is (sign in {">", ">="})
        for quantifier in ("all", "any") if is_every else ("any",):
            condition = Expression(quantifier, (source, where, compared), aggregate.data, BOOL, aggregate.span)
            versions += search.reach(state, goal.part(condition, wanted=True))
    return versions
