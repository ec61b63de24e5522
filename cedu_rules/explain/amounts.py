"""Exact numbers into what a person reads: in the author's unit, never rounded across a threshold.

A number with few digits is written as it is; a longer one is rounded, and the caller says to which side, so that 59.999 %
that fails is not shown as 60 %.
"""

import math
from fractions import Fraction
from typing import NamedTuple

from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.units import CHINESE, ONE, PERCENT, Unit, decimal_digits

SHOWN_DIGITS = 6
"""A number that needs more digits after the point is rounded to `ROUNDED_DIGITS`."""
ROUNDED_DIGITS = 4


class Amount(NamedTuple):
    """An exact number in a unit; `unit` is empty for a bare count or ratio."""

    value: Fraction
    unit: str

    def plain(self) -> str:
        """Return the number exactly, as a decimal or else as a fraction: `420`, `0.375`, `1/3`."""
        digits = decimal_digits(self.value)
        return str(self.value) if digits is None else _decimal(self.value, digits)

    def rounded(self, direction: int = 0) -> str:
        """Return the number to read: exact if short, else rounded up (1), down (-1) or to the nearest (0)."""
        digits = decimal_digits(self.value)
        if digits is not None and digits <= SHOWN_DIGITS:
            return _decimal(self.value, digits)
        scaled = self.value * 10**ROUNDED_DIGITS
        whole = math.ceil(scaled) if direction > 0 else math.floor(scaled) if direction < 0 else round(scaled)
        return _decimal(Fraction(whole, 10**ROUNDED_DIGITS), ROUNDED_DIGITS)

    def words(self, direction: int = 0, *, exact: bool = False) -> Words:
        """Return number and unit in both languages; a number that had to be rounded is said to be about so much.

        With `exact` it is written with all its digits, as a fact was given.
        """
        digits = decimal_digits(self.value)
        is_exact = digits is not None and (exact or digits <= SHOWN_DIGITS)
        number = self.plain() if is_exact else self.rounded(direction)
        about = Words("", "") if is_exact else Words("about ", "约 ")
        if self.unit == "%":
            return Words(f"{about.en}{number}%", f"{about.zh}{number}%")
        if not self.unit:
            return Words(about.en + number, about.zh + number)
        return Words(f"{about.en}{number} {self.unit}", f"{about.zh}{number} {CHINESE.get(self.unit, self.unit)}")

    def difference(self, direction: int = 0) -> Words:
        """Return the number as one by which something changes or differs: of percents in percentage points."""
        if self.unit != "%":
            return self.words(direction)
        number = self.rounded(direction)
        return Words(f"{number} percentage point{'' if number in {'1', '-1'} else 's'}", f"{number} 个百分点")

    def to_dict(self) -> dict[str, str]:
        """Return the JSON form."""
        return {"value": self.plain(), "unit": self.unit}


def _decimal(value: Fraction, digits: int) -> str:
    """Return a number with at most so many digits after the point, zeros at the end left out."""
    scaled = abs(value.numerator) * 10**digits // value.denominator
    sign = "-" if value < 0 and scaled else ""
    text = str(scaled).rjust(digits + 1, "0")
    whole, after = (text[:-digits], text[-digits:].rstrip("0")) if digits else (text, "")
    return f"{sign}{whole}.{after}" if after else f"{sign}{whole}"


def amount(base: Fraction | int, unit: Unit) -> Amount:
    """Return a number of base units in a unit; a multiple word such as 万 stays with the unit."""
    return Amount(Fraction(base) / unit.factor, unit.name)


def common_unit(*types: Type) -> Unit:
    """Return the unit in which an author compares numbers of these types: the last unit that one of them names."""
    named = [type_.unit for type_ in types if type_.unit != ONE]
    if PERCENT in named:
        return PERCENT
    return named[-1] if named else ONE
