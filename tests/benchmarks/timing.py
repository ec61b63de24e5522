"""Ways of doing the same work into ratios: measured in turns in one process, so that what slows one slows all."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from attrs import asdict, field, frozen

Way = Callable[[], object]
"""One way of doing the work; what it returns is thrown away."""


@frozen
class Spread:
    """What repeated measurements give: the median, and the quarter points around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Return the spread of at least two measurements."""
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@frozen
class Figure:
    """One measured figure of the page.

    `goal` is the most that it should be, None where it only stands beside others; `unit` is nothing for a ratio, else
    `s`, `ns` or `MB`. A figure that could not be measured has no `value`, and `note` says why.
    """

    suite: str
    name: str
    value: Spread | None
    goal: float | None = None
    unit: str = ""
    note: str = ""
    details: Mapping[str, float] = field(factory=dict)

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal is None:
            return None
        return self.value is not None and self.value.median <= self.goal

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Figure":
        """Return the figure of a JSON form."""
        value = given["value"]
        return cls(**{**given, "value": None if value is None else Spread(**value)})


def not_measured(suite: str, name: str, why: str, goal: float | None = None) -> Figure:
    """Return the figure of something that cannot be measured here."""
    return Figure(suite, name, None, goal, note=why)


@frozen
class Times:
    """Seconds that each way took, one entry a round; entries of one round were measured one after the other."""

    rounds: Mapping[str, list[float]]

    def ratio(self, of: str, to: str) -> Spread:
        """Return the ratio of two ways, taken round by round."""
        return Spread.of([one / other for one, other in zip(self.rounds[of], self.rounds[to], strict=True)])

    def seconds(self, of: str) -> Spread:
        """Return how long one way took."""
        return Spread.of(self.rounds[of])


def in_turns(
    ways: Mapping[str, Way],
    *,
    rounds: int = 41,
    clock: Callable[[], float] = time.process_time,
    warm: int = 1,
    at_once: bool = False,
) -> Times:
    """Return how long each of the ways took in each round.

    Args:
        ways: The ways by name; each should take a millisecond or more.
        rounds: How often each is measured; every second round goes backwards, so that none is always the first.
        clock: `time.process_time` for work of one thread on a shared machine, `time.perf_counter` for any other.
        warm: How often each runs before.
        at_once: Run each way once more right before it is measured, so that none pays for what the one before it
            left in the caches of the processor; for ways of milliseconds.
    """
    for _ in range(warm):
        for way in ways.values():
            way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways.items())
    for _ in range(rounds):
        order.reverse()
        gc.collect()
        gc.disable()
        try:
            for name, way in order:
                if at_once:
                    way()
                start = clock()
                way()
                taken[name].append(clock() - start)
        finally:
            gc.enable()
    return Times(taken)


def each(function: Callable[..., object], arguments: list[tuple[Any, ...]], times: int = 1) -> Way:
    """Return the way that calls a function with each of the arguments, so many times."""

    def way() -> None:
        for _ in range(times):
            for given in arguments:
                function(*given)

    return way
