"""A trend that does not hold into versions on which it does: year by year, each value moved beyond the one before.

One base series is changed at a time: of a rate above, or below the line. Years that are blank get the value of the year
before in the other series, so that there is something to compare.
"""

from collections.abc import Iterator
from fractions import Fraction

from cedu_rules.explain.repairing.atoms import a_day, base_of, plain_values, value_of
from cedu_rules.explain.repairing.goals import Goal, Searcher
from cedu_rules.explain.repairing.inputs import Reader
from cedu_rules.explain.repairing.solving import Line, solutions
from cedu_rules.explain.repairing.states import NO_REMEDY, Path, State
from cedu_rules.truth import Series

OFF_BASE = NO_REMEDY
"""The penalty of changing another series than the first one that is read."""


def ways(search: Searcher, state: State, goal: Goal) -> list[State]:
    """Return versions on which the series rises or falls throughout; or where that is not wanted, does not."""
    if not goal.wanted:
        return _broken(search, state, goal)
    found: list[State] = []
    for number, base in enumerate(_bases(state, goal)):
        walked = _walked(search, state, goal, base)
        found += [each.fined(OFF_BASE if number else 0) for each in walked]
        found += [each.fined(OFF_BASE) for each in _walked_back(search, state, goal, base)]
    return found


def _broken(search: Searcher, state: State, goal: Goal) -> list[State]:
    """Return versions on which one year, the last if it can be, is such that the trend does not hold."""
    found: list[State] = []
    for number, base in enumerate(_bases(state, goal)):
        last = _years(state, goal)[-1:]
        for year in reversed(_years(state, goal)):
            penalty = OFF_BASE if number or year not in last else 0
            found += [each.fined(penalty) for each in _short(search, state, goal, (*base, year))]
    return found


def _short(search: Searcher, state: State, goal: Goal, path: Path) -> Iterator[State]:
    """Yield the versions with the nearest values of one year with which the trend does not hold."""
    if search.terms.forbid(state, path):
        return
    type_ = state.type_of(path)

    def test(base: Fraction) -> bool:
        return search.look(state.with_value(path, value_of(type_, base)), goal.met)

    beside = [base_of(type_, state.get((*path[:-1], int(path[-1]) + step))) for step in (-1, 1)]
    marks = [mark for mark in beside if mark is not None]
    for found in solutions(type_, base_of(type_, state.get(path)), test, marks):
        yield from search.assigned(state, path, value_of(type_, found))


def _bases(state: State, goal: Goal) -> list[Path]:
    """Return the paths of the recorded series that the trend is made of, each once."""
    return list(
        dict.fromkeys(
            found.path[:-1] if isinstance(found.path[-1], int) else found.path
            for found in Reader(state).inputs(goal.condition.operands[0], goal.context)
            if state.fact(found.path).type.kind == "series"
        )
    )


def _walked(search: Searcher, state: State, goal: Goal, base: Path) -> list[State]:
    """Return the version in which each year of one series is moved until it lies beyond the year before."""
    for start in _begun(search, state, goal):
        state = _with_first(search, start, goal, base)
        for year in list(_years(state, goal))[1:]:
            if _beyond(state, goal, year):
                continue
            following = next(iter(_moved(search, state, goal, (*base, year))), None)
            if following is None:
                break
            state = following
        else:
            if search.look(state, goal.met):
                return [state]
    return []


def _walked_back(search: Searcher, state: State, goal: Goal, base: Path) -> list[State]:
    """Return the version in which each year of one series, from the last but one, is moved short of the year after."""
    for year in list(_years(state, goal))[:0:-1]:
        if _beyond(state, goal, year):
            continue
        following = next(iter(_moved(search, state, goal, (*base, year - 1), year)), None)
        if following is None:
            return []
        state = following
    return [state] if search.look(state, goal.met) else []


def _with_first(search: Searcher, state: State, goal: Goal, base: Path) -> State:
    """Return the version in which the first year is known, where it was blank."""
    years = _years(state, goal)
    path = (*base, years.start)
    if not goal.certain or not years or state.get(path) is not None:
        return state
    versions = [each for value in _beginning(state, goal, path) for each in search.assigned(state, path, value)]
    return next(iter(versions), state)


def _series(state: State, goal: Goal) -> Series:
    value: Series = state.value(goal.condition.operands[0], goal.context)
    return value


def _years(state: State, goal: Goal) -> range:
    series = _series(state, goal)
    return range(series.first, series.last + 1) if series.values else range(0)


def _beyond(state: State, goal: Goal, year: int) -> bool:
    """Return whether the year lies beyond the one before, for certain or at least not otherwise."""
    series = _series(state, goal)
    before, after = series.at(year - 1), series.at(year)
    if goal.condition.operator == "falls":
        before, after = before.negative(), after.negative()
    return bool(after.low > before.high) if goal.certain else bool(after.high > before.low)


def _begun(search: Searcher, state: State, goal: Goal) -> Iterator[State]:
    """Yield the version in which two years can be compared, where that can be recorded."""
    if len(_years(state, goal)) > 1:
        yield state
        return
    series = _series(state, goal)
    if not goal.certain:
        return
    last = series.last if series.values else (state.assessed_on or a_day(state)).year
    for number, base in enumerate(_bases(state, goal)):
        for year in (last, last - 1):
            if (state.get(base) or {}).get(year) is None:
                path = (*base, year)
                values = plain_values(state, path) if number or year == last else _beginning(state, goal, path)
                versions = [each for value in values[:1] for each in search.assigned(state, path, value)]
                if not versions:
                    return
                state = versions[0]
    yield state


def _beginning(state: State, goal: Goal, path: Path) -> list[object]:
    """Return a value of the year before with which the trend begins well: the lowest, or one that is higher."""
    type_ = state.type_of(path)
    following = base_of(type_, state.get((*path[:-1], int(path[-1]) + 1))) or Fraction(0)
    start = 2 * following + 1 if goal.condition.operator == "falls" else Fraction(0)
    return [value_of(type_, Line.of(type_).clamped(start))]


def _moved(search: Searcher, state: State, goal: Goal, path: Path, beyond: int | None = None) -> Iterator[State]:
    """Yield the versions with the nearest values of one year with which it, or the year `beyond`, lies beyond the one before."""
    year = int(path[-1]) if beyond is None else beyond
    for base in _bases(state, goal):
        other = (*base, int(path[-1]))
        if other != path and state.get(other) is None:
            for value in plain_values(state, other)[:1]:
                for each in search.assigned(state, other, value)[:1]:
                    state = each
    if search.terms.forbid(state, path):
        return
    type_ = state.type_of(path)

    def test(base: Fraction) -> bool:
        version = state.with_value(path, value_of(type_, base))
        return search.look(version, lambda each: _beyond(each, goal, year))

    for found in solutions(type_, base_of(type_, state.get(path)), test, ()):
        yield from search.assigned(state, path, value_of(type_, found))
