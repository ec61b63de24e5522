"""One record: the twenty clauses on the library's records, beside the same work written by hand."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from cedu_rules.records import attempt
from tests.benchmarks import one_record_building as building
from tests.benchmarks import one_record_cases as cases
from tests.benchmarks import one_record_stored as stored
from tests.benchmarks.timing import Figure, Times, each, in_turns

SUITE = "one record"
RECORDS, REPEATS = 60, 4
GAPS = {"complete": 0.0, "one fact in ten missing": 0.1}


class Disagreement(Exception):  # noqa: N818 -- says what it is
    """Two ways give different answers: there is nothing to compare then."""


def measure() -> list[Figure]:
    """Return the figures of this suite."""
    found: list[Figure] = []
    for words, gap in GAPS.items():
        found += _statuses(words, gap)
        found += _building(words, gap)
    return found


def _each(function: Callable[[Any], object], given: Iterable[Any]) -> Any:  # noqa: ANN401 -- a way of `timing`
    return each(function, [(one,) for one in given], REPEATS)


def _statuses(words: str, gap: float) -> list[Figure]:
    standard, day = cases.STANDARD, cases.DAY
    schools = cases.schools(gap, RECORDS)
    records = [standard.record(**cases.as_mapping(school)) for school in schools]
    exact = [building.as_exact(school) for school in schools]
    bound, trusted = standard.bind(cases.School), standard.bind(cases.School, trusted=True)
    by_hand, as_stored = cases.by_hand, stored.by_hand_as_stored
    ways: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "yardstick": (lambda one: by_hand(one, day), schools),
        "stored": (lambda one: as_stored(one, day), records),
        "statuses": (lambda one: standard.statuses(one, assessed_on=day), records),
        "bound": (lambda one: bound.statuses(one, assessed_on=day), schools),
        "trusted": (lambda one: trusted.statuses(one, assessed_on=day), schools),
        "decimals": (lambda one: trusted.statuses(one, assessed_on=day), exact),
    }
    answers = {name: [way(one) for one in given] for name, (way, given) in ways.items()}
    different = [name for name, found in answers.items() if found != answers["yardstick"]]
    if different:
        raise Disagreement(f"{', '.join(different)}, {words}")
    ways["report"] = (lambda one: standard.evaluate(one, assessed_on=day), records)
    times = in_turns({name: _each(way, given) for name, (way, given) in ways.items()}, at_once=True)

    def figure(name: str, of: str, to: str, goal: float | None) -> Figure:
        return Figure(SUITE, f"{name}, {words}", times.ratio(of, to), goal, details=_details(times, of, to))

    return [
        figure("statuses, to a function by hand over attrs slots", "statuses", "yardstick", 0.75 if gap else 0.7),
        figure("statuses, to a function by hand over the stored form", "statuses", "stored", 1.05),
        figure("a report without its explanations, to statuses", "report", "statuses", 2),
        figure("a bound class, checked, to a function by hand", "bound", "yardstick", 3),
        figure("a bound class, trusted, to a function by hand", "trusted", "yardstick", 1),
        figure("the same holding Decimals, where the function by hand holds floats", "decimals", "yardstick", None),
    ]


def _details(times: Times, of: str, to: str) -> dict[str, float]:
    """Return the nanoseconds of one record, and the ratio of the fastest rounds, which other work on the machine spares."""
    count = RECORDS * REPEATS
    return {
        "ns": times.seconds(of).median / count * 1e9,
        "ns by hand": times.seconds(to).median / count * 1e9,
        "least": min(times.rounds[of]) / min(times.rounds[to]),
    }


def _building(words: str, gap: float) -> list[Figure]:
    """Return the figures of records made of mappings, one in ten of which has a value that cannot be."""
    mappings = [cases.as_mapping(school) for school in cases.schools(gap, RECORDS)]
    for mapping in mappings[::10]:
        mapping["books"] = -1
    class_ = cases.STANDARD.record

    def checked(mapping: dict[str, Any]) -> None:
        with suppress(ValueError):
            building.CheckedSchool(**mapping)

    ways = {"attrs": _each(checked, mappings), "record": _each(lambda one: attempt(class_, one), mappings)}
    times = in_turns(ways, rounds=21, at_once=True)
    name = f"a record from a mapping, to attrs with the same validators, {words}"
    return [Figure(SUITE, name, times.ratio("record", "attrs"), 0.5, details=_details(times, "record", "attrs"))]
