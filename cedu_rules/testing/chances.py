"""The choices of a construction: drawn by Hypothesis, or tried one after the other until one way leads through."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from hypothesis import strategies as st

_NEAR, _FAR = 12, 1_000_000


class Conflict(Exception):  # noqa: N818 -- never leaves the package: another way is tried
    """What was chosen so far cannot be completed."""


class Chance(Protocol):
    """Whoever decides where more than one way is open."""

    def pick(self, number: int) -> int:
        """Return which of so many ways is taken; 0 is the simplest."""
        ...

    def steps(self, span: int) -> int:
        """Return how many steps off the simplest value, at most so many."""
        ...


class Drawn:
    """Choices of Hypothesis; they shrink to the simplest ones."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, number: int) -> int:
        """Return which of so many ways is taken."""
        return self._draw(_up_to(number - 1)) if number > 1 else 0

    def steps(self, span: int) -> int:
        """Return how many steps off: none, a few or many."""
        if span <= 0:
            return 0
        reach = (0, _NEAR, _FAR)[self._draw(_up_to(2))]
        return self._draw(_up_to(min(span, reach))) if reach else 0


@lru_cache(maxsize=256)
def _up_to(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number)


class Script:
    """Choices written down beforehand, and the simplest ones after those."""

    def __init__(self, written: list[int]) -> None:
        self._written = written
        self.taken: list[tuple[int, int]] = []

    def pick(self, number: int) -> int:
        """Return which of so many ways is taken, and note it."""
        if number <= 1:
            return 0
        place = len(self.taken)
        choice = self._written[place] if place < len(self._written) else 0
        if choice >= number:
            raise Conflict
        self.taken.append((choice, number))
        return choice

    def steps(self, _span: int) -> int:
        """Return 0: the simplest value."""
        return 0


def scripts(limit: int, run: Callable[[Script], bool]) -> Iterator[list[int]]:
    """Yield the choices with which `run` succeeds, the simplest first, looking at `limit` ways at most.

    Ways are walked depth first: where one fails, the last choice that has another way is changed.
    """
    written: list[int] = []
    for _ in range(limit):
        script = Script(written)
        if run(script):
            yield [choice for choice, _ in script.taken]
        taken = script.taken
        while taken and taken[-1][0] + 1 >= taken[-1][1]:
            taken.pop()
        if not taken:
            return
        written = [*(choice for choice, _ in taken[:-1]), taken[-1][0] + 1]
