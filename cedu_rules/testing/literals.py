"""Draws into the literals of expressions: numbers with their unit, days, texts, members, bounds of tables."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from hypothesis import strategies as st

from cedu_rules.model.types import Type
from cedu_rules.testing.scopes import Name
from cedu_rules.testing.thresholds import Thresholds
from cedu_rules.testing.values import days
from cedu_rules.units import ONE, UNITS, Dimension, Unit, decimal_digits, plain_number

Form: TypeAlias = Callable[[], str]

NUMBERS = ("0", "1", "2", "3", "5", "10", "0.5", "100")
_DIGITS = 12
_FEW = 12


class Literals:
    """Writes what needs no names; `left` is how many products and quotients may still be written."""

    def __init__(self, draw: st.DrawFn, near: Thresholds, *, multiplications: int = 3) -> None:
        self.draw = draw
        self.near = near
        self.left = multiplications

    def pick(self, options: list[Form]) -> str:
        """Return what one of the forms writes."""
        return self.draw(st.sampled_from(options))()

    def name(self, names: Sequence[Name]) -> Name:
        """Return one of the names."""
        return self.draw(st.sampled_from(list(names)))

    def literal(self, type_: Type) -> str:
        """Write a number of the dimension, often a constant of the standard."""
        dimension = type_.dimension
        unit = type_.unit if type_.unit.name and type_.unit.dimension == dimension else unit_of(dimension)
        if type_.is_percent and self.draw(st.booleans()):
            return f"{self.draw(st.sampled_from(NUMBERS))}%"
        if unit is None or not unit.dimension:
            unit = ONE
        known = [value / unit.factor for value in self.near.numbers.get(dimension, ())]
        written = [str(plain_number(value)) for value in known if value >= 0 and _is_short(value)]
        return f"{self.draw(st.sampled_from([*NUMBERS, *written]))} {unit.name}".strip()

    def constants(self, type_: Type, *, fewest: int = 1) -> list[str]:
        """Write a few constants of a type that can be compared."""
        number = self.draw(st.integers(fewest, 3))
        if type_.kind in {"choice", "level"}:
            return [self.draw(st.sampled_from(type_.members)).name for _ in range(number)]
        if type_.kind == "date":
            return [self.date_literal() for _ in range(number)]
        if type_.kind == "number":
            return [self.literal(type_) for _ in range(number)]
        return [f'"{self.draw(st.sampled_from("甲乙丙丁"))}"' for _ in range(number)]

    def step(self) -> str:
        """Write how far a step from day to day goes."""
        number, unit = self.draw(st.integers(0, 40)), self.draw(st.sampled_from(["days", "months", "years"]))
        return f"{number} {unit}"

    def date_literal(self) -> str:
        """Write a day."""
        return self.draw(days(self.near)).isoformat()

    def bound(self, type_: Type) -> str:
        """Write a bound that some values lie above, and others not."""
        if type_.kind == "date":
            return self.draw(days(self.near)).isoformat()
        low, unit = type_.low or Fraction(0), type_.unit
        if type_.is_percent:
            return f"{self.draw(st.integers(0, 99))}%"
        high = _FEW if type_.high is None else int((type_.high - low) / unit.factor) - 1
        bound = low / unit.factor + self.draw(st.integers(0, min(_FEW, high)))
        return f"{plain_number(bound)} {unit.name if unit.dimension else ''}".strip()


def _is_short(value: Fraction) -> bool:
    digits = decimal_digits(value)
    return digits is not None and digits <= _DIGITS


def unit_of(dimension: Dimension) -> Unit | None:
    """Return a unit of the dimension, None where no word names one."""
    found = [unit for unit in UNITS.values() if unit.dimension == dimension and unit.dimension]
    return found[0] if found else None
