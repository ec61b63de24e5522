"""Demands on single values into values: what each may still be, narrowed step by step, and then chosen.

A `Sheet` begins empty. A value enters it with everything that its declaration allows; demands narrow it, and inequalities
between numbers narrow one another. What is left is chosen in the order of entry, each choice narrowing the rest.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import define, frozen

from cedu_rules.explain.repairing.solving import grid
from cedu_rules.model.types import Type
from cedu_rules.testing.chances import Chance, Conflict
from cedu_rules.testing.linear import Linear, Spot
from cedu_rules.values import declared

Option: TypeAlias = bool | int | str
"""A truth, the position of a member, or a text."""

_FARTHEST = 10**15
_LARGE = 10**9
_DAYS = tuple(date(year, 1, 1).toordinal() for year in (2020, 2010, 2000, 2024, 1990))
_ROUNDS = 30


@define
class Range:
    """The numbers of a grid between two ends, which are counted in steps; `pulled` tells which ends demands have moved."""

    type: Type
    step: Fraction
    low: int
    high: int
    pulled: tuple[bool, bool] = (False, False)

    @classmethod
    def of(cls, type_: Type) -> "Range":
        """Return the numbers or days that a declaration allows."""
        step, ends = grid(type_), declared(type_)
        low = -_FARTHEST if isinstance(ends.low, float) else math.ceil(Fraction(ends.low) / step)
        high = _FARTHEST if isinstance(ends.high, float) else math.floor(Fraction(ends.high) / step)
        return cls(type_, step, low, high)

    @property
    def value(self) -> Fraction:
        """The number that is chosen, in base units."""
        return self.low * self.step

    def narrow(self, low: int, high: int) -> bool:
        """Move the ends inward; return whether one moved."""
        moved = False
        if low > self.low:
            self.low, self.pulled, moved = low, (True, self.pulled[1]), True
        if high < self.high:
            self.high, self.pulled, moved = high, (self.pulled[0], True), True
        if self.low > self.high:
            raise Conflict
        return moved

    def chosen(self, chance: Chance) -> int:
        """Return one of the numbers, in steps; the simplest stands at the end that a demand has moved."""
        downwards = self.pulled == (False, True) and self.high < _LARGE
        origin = _DAYS[0] if self.type.kind == "date" else 0
        start = self.high if downwards else self.low if self.pulled[0] else min(max(self.low, origin), self.high)
        away = chance.steps(start - self.low if downwards else self.high - start)
        return start - away if downwards else start + away

    def round_number(self, chance: Chance) -> int:
        """Return a round number, an end or any number: what is divided by should leave others some room."""
        rounds = [int(self.type.data_factor / self.step) * 10**power for power in (2, 4, 1, 3, 6, 0)]
        rounds = list(_DAYS) if self.type.kind == "date" else rounds
        known = [number for number in (*rounds, self.low, self.high) if self.low <= number <= self.high]
        place = chance.pick(len(known) + 1)
        return known[place] if place < len(known) else self.chosen(chance)


@frozen
class _Row:
    """`constant` and so many times the steps of each spot are zero or more."""

    constant: int
    terms: tuple[tuple[Spot, int], ...]


class Sheet:
    """The values of one institution, as far as they are demanded; `lines` keeps what types allow from sheet to sheet."""

    def __init__(self, chance: Chance, lines: dict[int, Range]) -> None:
        self.chance = chance
        self._lines = lines
        self.numbers: dict[Spot, Range] = {}
        self.options: dict[Spot, tuple[Option, ...]] = {}
        self._rows: dict[Spot, list[_Row]] = {}

    # --- entering and narrowing ---

    def number(self, spot: Spot, type_: Type) -> Linear:
        """Return a number or day that is not chosen yet."""
        if spot not in self.numbers:
            whole = self._lines.get(id(type_))
            if whole is None or whole.type is not type_:
                whole = self._lines[id(type_)] = Range.of(type_)
            self.numbers[spot] = Range(type_, whole.step, whole.low, whole.high)
        return Linear(Fraction(0), {spot: Fraction(1)})

    def open(self, spot: Spot, options: Iterable[Option]) -> tuple[Option, ...]:
        """Return what a truth, member or text may still be."""
        if spot not in self.options:
            self.options[spot] = tuple(options)
        return self.options[spot]

    def keep(self, spot: Spot, fits: Callable[[Any], bool]) -> None:
        """Keep the options that fit.

        Raises:
            Conflict: there is none.
        """
        left = tuple(option for option in self.options[spot] if fits(option))
        if not left:
            raise Conflict
        self.options[spot] = left

    def choose(self, spot: Spot) -> Option:
        """Return the option that is taken from those that are left."""
        left = self.options[spot]
        taken = left[self.chance.pick(len(left))]
        self.options[spot] = (taken,)
        return taken

    def fix(self, spot: Spot, steps: int) -> None:
        """Give a number its value.

        Raises:
            Conflict: it cannot be.
        """
        range_ = self.numbers[spot]
        pulled = range_.pulled
        if range_.narrow(steps, steps):
            range_.pulled = pulled
            self._spread([spot])

    # --- inequalities ---

    def at_least_zero(self, row: Linear, *, strict: bool = False) -> None:
        """Demand that the sum is zero or more; `strict`: more.

        Raises:
            Conflict: it cannot be.
        """
        if not row.terms:
            if row.constant < 0 or (strict and row.constant == 0):
                raise Conflict
            return
        distance = self.distance(row)
        least = row.constant % distance  # what the sum reaches lies so far above a multiple of the distance
        if strict and least == 0:
            least = distance
        self._enter(row, distance, least, 1)

    def exactly(self, row: Linear, side: int) -> None:
        """Demand that the sum is zero (0), or the smallest above (1) or the greatest below it (-1).

        Raises:
            Conflict: it cannot be.
        """
        if not row.terms:
            raise Conflict
        distance = self.distance(row)
        rest = row.constant % distance
        if side == 0 and rest:
            raise Conflict
        value = {0: Fraction(0), 1: rest or distance, -1: rest - distance}[side]
        self._enter(row, distance, value, 1)
        self._enter(row, distance, value, -1)

    def distance(self, row: Linear) -> Fraction:
        """Return how far apart the values of a sum are."""
        return row.grid({spot: self.numbers[spot].step for spot in row.terms})

    def _enter(self, sum_: Linear, distance: Fraction, least: Fraction, sign: int) -> None:
        """Demand that the sum is `least` or more (1), or less (-1); `least` is one of its values."""
        terms = tuple(
            (spot, sign * int(factor * self.numbers[spot].step / distance)) for spot, factor in sum_.terms.items()
        )
        row = _Row(sign * int((sum_.constant - least) / distance), terms)
        if len(terms) > 1:
            for spot, _ in terms:
                self._rows.setdefault(spot, []).append(row)
        self._spread(self._narrow(row))

    def _spread(self, moved: list[Spot]) -> None:
        """Narrow the numbers by the inequalities until nothing moves, or long enough."""
        for _ in range(_ROUNDS):
            rows = {id(row): row for spot in moved for row in self._rows.get(spot, ())}
            moved = [spot for row in rows.values() for spot in self._narrow(row)]
            if not moved:
                return

    def _narrow(self, row: _Row) -> list[Spot]:
        """Narrow every number of a row to where the others can still make it true; return those that moved."""
        numbers = self.numbers
        highest = row.constant
        for spot, factor in row.terms:
            highest += factor * (numbers[spot].high if factor > 0 else numbers[spot].low)
        if highest < 0:
            raise Conflict
        moved = []
        for spot, factor in row.terms:
            range_ = numbers[spot]
            if factor > 0:
                bound = -((highest - factor * range_.high) // factor)
                changed = range_.narrow(bound, range_.high)
            else:
                bound = (highest - factor * range_.low) // -factor
                changed = range_.narrow(range_.low, bound)
            if changed:
                moved.append(spot)
        return moved

    # --- choosing what is left ---

    def settle(self) -> None:
        """Choose every value that is still open.

        Raises:
            Conflict: one has none left.
        """
        for spot in self.options:
            self.choose(spot)
        for spot, range_ in self.numbers.items():
            if range_.low != range_.high:
                self._fix_near(spot, range_.chosen(self.chance))

    def value(self, sum_: Linear) -> Fraction:
        """Return the value of a sum, choosing what is open in it.

        Raises:
            Conflict: it cannot be.
        """
        total = sum_.constant
        for spot, factor in sum_.terms.items():
            range_ = self.numbers[spot]
            if range_.low != range_.high:
                self._fix_near(spot, range_.round_number(self.chance))
            total += factor * range_.value
        return total

    def _fix_near(self, spot: Spot, steps: int) -> None:
        """Give a number a value, or one near it where the inequalities, taken together, forbid that one."""
        range_ = self.numbers[spot]
        if spot not in self._rows:
            self.fix(spot, steps)
            return
        before = {each: (other.low, other.high, other.pulled) for each, other in self.numbers.items()}
        for candidate in _around(steps, range_.low, range_.high):
            try:
                self.fix(spot, candidate)
            except Conflict:
                for each, (low, high, pulled) in before.items():
                    other = self.numbers[each]
                    other.low, other.high, other.pulled = low, high, pulled
            else:
                return
        raise Conflict


def _around(start: int, low: int, high: int) -> Iterator[int]:
    """Yield a number and some others between two ends, near ones first."""
    yield start
    for power in range(max(high - start, start - low).bit_length()):
        for other in (start + 2**power, start - 2**power):
            if low <= other <= high:
                yield other
    yield from (low, high)
