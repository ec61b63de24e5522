"""Numbers and answers into the text that officials type."""

import math
from dataclasses import dataclass
from decimal import Decimal

from city.dice import Dice

WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
SQUARE_METRES_PER_MU = Decimal(2000) / 3


@dataclass(frozen=True)
class Hand:
    """How one official types: words for yes and no, digits, units, names or labels."""

    yes: str
    no: str
    digits: str  # `plain` 1200, `grouped` 1,200, `wide` １２００, `wan` 0.12万
    units: bool
    labels: bool

    def answer(self, *, yes: bool) -> str:
        """Write yes or no."""
        return self.yes if yes else self.no

    def number(self, number: int | Decimal) -> str:
        """Write a number."""
        if self.digits == "grouped":
            return f"{number:,}"
        return str(number).translate(WIDE_DIGITS if self.digits == "wide" else {})

    def count(self, number: int, word: str) -> str:
        """Write a count, with its word or without."""
        return self.number(number) + (word if self.units else "")

    def people(self, number: int) -> str:
        """Write a number of residents."""
        if self.digits == "wan":
            return f"{Decimal(number) / 10_000}万人"
        return self.count(number, "人")

    def money(self, yuan: int) -> str:
        """Write an amount of money."""
        if self.digits == "wan":
            return f"{Decimal(yuan) / 10_000}万元"
        prefix = "" if self.units or self.digits == "wide" else "¥"
        return prefix + self.count(yuan, "元")

    def area(self, square_metres: int) -> str:
        """Write an area; in 亩 it is rounded up to a tenth."""
        if self.digits == "wan":
            tenths = math.ceil(square_metres * 10 / SQUARE_METRES_PER_MU)
            return f"{Decimal(tenths) / 10}亩"
        unit = "平方米" if self.labels else "㎡"
        return self.number(square_metres) + (unit if self.units else "")

    def percent(self, percent: Decimal) -> str:
        """Write a share, as a percentage or as a decimal."""
        if self.digits == "plain" and not self.units:
            return str(percent / 100)
        return self.number(percent) + ("％" if self.digits == "wide" else "%")

    def choice(self, name: str, label: str) -> str:
        """Write a choice, by its name or by its label."""
        return label if self.labels else name


def new_hand(dice: Dice) -> Hand:
    """Choose how one official types."""
    yes, no = dice.choice((("是", "否"), ("是", "否"), ("有", "无"), ("yes", "no")))
    digits = dice.choice(("plain", "plain", "grouped", "wide", "wan"))
    return Hand(yes, no, digits, units=dice.likely(0.5), labels=dice.likely(0.8))
