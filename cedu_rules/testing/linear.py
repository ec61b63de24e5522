"""Numbers that are not chosen yet: sums of multiples of them, and quotients of such sums."""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from attrs import field, frozen

Owner: TypeAlias = tuple[tuple[str, int], ...]
"""The institution `()`, or an element by the lists and positions that lead to it: `(("teachers", 0),)`."""
Spot: TypeAlias = tuple[Owner, str, str | int | None]
"""A value: its owner, the name of the fact, and the member of the set or the year of the series, if any."""


@frozen
class Linear:
    """`constant` and so many times each spot, in base units."""

    constant: Fraction
    terms: Mapping[Spot, Fraction] = field(factory=dict)

    def plus(self, other: "Linear") -> "Linear":
        """Return the sum."""
        terms = dict(self.terms)
        for spot, factor in other.terms.items():
            terms[spot] = terms.get(spot, Fraction(0)) + factor
        return Linear(self.constant + other.constant, {spot: factor for spot, factor in terms.items() if factor})

    def times(self, factor: Fraction) -> "Linear":
        """Return the multiple."""
        return Linear(self.constant * factor, {spot: each * factor for spot, each in self.terms.items() if factor})

    def minus(self, other: "Linear") -> "Linear":
        """Return the difference."""
        return self.plus(other.times(Fraction(-1)))

    def grid(self, steps: Mapping[Spot, Fraction]) -> Fraction:
        """Return the distance of the values next to each other, where each spot goes in its own steps."""
        return reduce(_common, (abs(factor) * steps[spot] for spot, factor in self.terms.items()))


ONE = Linear(Fraction(1))


@frozen
class Quotient:
    """`above` over `below`; whoever makes one sees to it that `below` is positive."""

    above: Linear
    below: Linear = ONE

    @property
    def is_whole(self) -> bool:
        """Whether nothing is divided."""
        return self.below == ONE


def known(number: int | Fraction) -> Quotient:
    """Return a number that is known."""
    return Quotient(Linear(Fraction(number)))


def _common(one: Fraction, other: Fraction) -> Fraction:
    """Return the greatest number of which both are whole multiples."""
    below = one.denominator * other.denominator
    return Fraction(math.gcd(one.numerator * other.denominator, other.numerator * one.denominator), below)
