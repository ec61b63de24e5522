"""A test of a number into the nearest number that passes it, on the grid in which people count the thing.

Nothing is assumed of the test. The search goes outward in doubling steps and by way of landmarks, numbers at which the
answer is likely to change (the root of a linear gap, constants), and then halves the last stretch: what it returns
passed the test, and the next number towards the start did not.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from attrs import frozen

from cedu_rules.model.types import Type
from cedu_rules.truth import INFINITY
from cedu_rules.units import plain_number
from cedu_rules.values import declared

PARTS = 100
"""Measures go in hundredths of their unit, percents in hundredths of a percent."""
_FARTHEST = 10**15

Test = Callable[[Fraction], bool]


def grid(type_: Type) -> Fraction:
    """Return the step in base units: one thing, one day, a hundredth of the unit."""
    if type_.whole or type_.kind == "date":
        return Fraction(1)
    return type_.unit.factor / PARTS


def public(type_: Type, base: Fraction) -> object:
    """Return a number of base units as a record holds it."""
    return plain_number(base / type_.data_factor)


@frozen
class Line:
    """The numbers that a type allows, in steps of its grid."""

    step: Fraction
    low: int
    high: int

    @classmethod
    def of(cls, type_: Type) -> "Line":
        """Return the line of a number or date."""
        step, range_ = grid(type_), declared(type_)
        low = -_FARTHEST if range_.low == -INFINITY else math.ceil(Fraction(range_.low) / step)
        high = _FARTHEST if range_.high == INFINITY else math.floor(Fraction(range_.high) / step)
        return cls(step, low, high)

    def nearest(self, test: Test, start: Fraction, direction: int, landmarks: Iterable[Fraction]) -> Fraction | None:
        """Return the first number in a direction (1 up, -1 down) that passes, as far as landmarks and steps find one."""
        origin = start / self.step
        first = math.floor(origin) + 1 if direction > 0 else math.ceil(origin) - 1
        if not self.low <= first <= self.high:
            return None
        failed = first - direction
        for probe in self._probes(first, direction, landmarks):
            if test(probe * self.step):
                return self._halved(test, failed, probe) * self.step
            failed = probe
        return None

    def _probes(self, first: int, direction: int, landmarks: Iterable[Fraction]) -> list[int]:
        """Return where to look, from near to far."""
        end = self.high if direction > 0 else self.low
        span = abs(end - first)
        steps = {min(2**power - 1, span) for power in range(span.bit_length() + 1)}
        for landmark in landmarks:
            whole = math.floor(landmark / self.step)
            steps.update(
                offset for near in (-1, 0, 1, 2) if 0 <= (offset := (whole + near - first) * direction) <= span
            )
        return [first + direction * step for step in sorted(steps)]

    def _halved(self, test: Test, failed: int, passed: int) -> int:
        while abs(passed - failed) > 1:
            middle = (failed + passed) // 2
            if test(middle * self.step):
                passed = middle
            else:
                failed = middle
        return passed

    def crossings(self, gap: Callable[[Fraction], Fraction | None], start: Fraction) -> list[Fraction]:
        """Return the first numbers above and below at which a gap has closed or changed its sign, by doubling steps."""
        origin, first = math.floor(start / self.step), gap(start)
        if not first:
            return []
        found = []
        for direction in (1, -1):
            near, step = origin, 1
            while self.low <= (probe := origin + direction * step) <= self.high:
                value = gap(probe * self.step)
                if value is None:
                    break
                if value * first <= 0:
                    closed = self._halved(lambda base: (gap(base) or 0) * first <= 0, near, probe)
                    found.append(closed * self.step)
                    break
                near, step = probe, step * 2
        return found

    def clamped(self, value: Fraction) -> Fraction:
        """Return the number itself, or the nearest that is allowed."""
        return min(max(value, self.low * self.step), self.high * self.step)


def solutions(type_: Type, start: Fraction | None, test: Test, landmarks: Iterable[Fraction]) -> list[Fraction]:
    """Return the nearest numbers above and below the start that pass; of a missing number the ends of what passes."""
    line, marks = Line.of(type_), list(landmarks)
    if start is not None:
        found = [line.nearest(test, start, direction, marks) for direction in (1, -1)]
        return [value for value in found if value is not None]
    lowest = line.clamped(Fraction(0))
    if not test(lowest):
        above = line.nearest(test, lowest, 1, marks)
        return [] if above is None else [above]
    beyond = line.nearest(lambda value: not test(value), lowest, 1, marks)
    return [lowest if beyond is None else beyond - line.step]


def directed(before: Any, after: Any) -> int:  # noqa: ANN401 -- values of any type
    """Return 1 where a number or day grew, -1 where it fell, else 0."""
    if before is None or after is None or type(before) in {bool, str} or type(after) in {bool, str}:
        return 0
    return int(after > before) - int(after < before)
