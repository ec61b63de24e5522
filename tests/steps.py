"""Work into a number that is the same on every machine: how many lines of Python it runs, each turn of a loop anew.

What grows faster than its input shows in the ratio of two such numbers, however slow the machine is and whatever else it
does. Work inside one call of C is not seen; a loop around such calls is.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(work: Callable[[], object]) -> int:
    """Return how many lines of Python a call runs in this thread; what it returns is thrown away."""
    number = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 -- as `sys.settrace` has it
        nonlocal number
        number += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return number


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times the steps of work of one size the work of twice the size takes: 2 where they are in proportion.

    It is done once before it is counted, so that what is made on first use does not count.
    """
    work(size)
    return steps_of(lambda: work(2 * size)) / steps_of(lambda: work(size))
