"""Words for units into exact factors and dimensions, and numbers as written into exact rationals.

Every dimension has one base unit; a quantity inside the library is a `Fraction` of base units. Counters (人, 台, 册 …)
and percent are dimensionless. Hours and minutes, days, months and years are three dimensions.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Dimension: TypeAlias = tuple[tuple[str, int], ...]
"""Powers of base units by name, sorted: `(("m2", -1), ("yuan", 1))`; empty for counts and ratios."""

DIGITS_LIMIT = 30
"""A number in a file or in data has at most so many digits before and after the point."""


class Unit(NamedTuple):
    """A unit by its printed name, with its factor to the base unit of its dimension.

    `counter` marks a word for counting people or things: values of such a type are whole numbers.
    """

    name: str
    dimension: Dimension
    factor: Fraction
    counter: bool = False


ONE = Unit("", (), Fraction(1))
PERCENT = Unit("%", (), Fraction(1, 100))

_AREA, _MONEY, _TIME, _DAYS, _MONTHS = ((("m2", 1),), (("yuan", 1),), (("hours", 1),), (("days", 1),), (("months", 1),))

# printed name, dimension, factor, further spellings
_MEASURES: tuple[tuple[str, Dimension, Fraction, str], ...] = (
    ("m2", _AREA, Fraction(1), "㎡ m² 平方米 平米"),
    ("亩", _AREA, Fraction(2000, 3), ""),
    ("ha", _AREA, Fraction(10_000), "公顷"),
    ("km2", _AREA, Fraction(1_000_000), "km² 平方公里"),
    ("yuan", _MONEY, Fraction(1), "元"),
    ("角", _MONEY, Fraction(1, 10), ""),
    ("分", _MONEY, Fraction(1, 100), ""),
    ("hours", _TIME, Fraction(1), "hour 小时"),
    ("minutes", _TIME, Fraction(1, 60), "minute 分钟"),
    ("days", _DAYS, Fraction(1), "day 天 日"),
    ("months", _MONTHS, Fraction(1), "month 个月 月"),
    ("years", _MONTHS, Fraction(12), "year 年"),
)
_COUNTERS = "人 名 位 个 台 册 次 份 间 项 篇 所 处 种 场 期 门 套 件 张 家 户 人次"
_MULTIPLES = {"万": Fraction(10_000), "亿": Fraction(100_000_000)}


def _build_table() -> dict[str, Unit]:
    table = {"%": PERCENT, "people": Unit("people", (), Fraction(1), counter=True)}
    table["person"] = table["people"]
    for name, dimension, factor, spellings in _MEASURES:
        unit = Unit(name, dimension, factor)
        table.update(dict.fromkeys([name, *spellings.split()], unit))
    for word in _COUNTERS.split():
        table[word] = Unit(word, (), Fraction(1), counter=True)
    return table


UNITS: Mapping[str, Unit] = _build_table()
"""The built-in units under every spelling."""


def _first_chinese() -> dict[str, str]:
    words: dict[str, str] = {}
    for word, unit in UNITS.items():
        if "一" <= word[0] <= "龥":
            words.setdefault(unit.name, word)
    return words | {"people": "人"}


CHINESE: Mapping[str, str] = _first_chinese()
"""The first Chinese spelling of each built-in unit, by its printed name."""


def find_unit(word: str, declared: Mapping[str, Unit] | None = None) -> Unit | None:
    """Return the unit that `word` names, or None.

    `declared` are the units of a file. 万 and 亿 may stand before any unit, and alone as multiples of one.
    """
    declared = declared or {}
    unit = declared.get(word) or UNITS.get(word)
    if unit is None and word[:1] in _MULTIPLES:
        multiple = _MULTIPLES[word[0]]
        if len(word) == 1:
            return Unit(word, (), multiple, counter=True)
        part = declared.get(word[1:]) or UNITS.get(word[1:])
        if part is not None:
            return Unit(word, part.dimension, multiple * part.factor, part.counter)
    return unit


def multiply_dimensions(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """Return the dimension of a product, or with `sign` -1 of a quotient."""
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + sign * power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def describe_dimension(dimension: Dimension) -> str:
    """Return `m2`, `yuan / m2`, `m2^2`, or `1` for a count or ratio."""
    above = " * ".join(_power(base, power) for base, power in dimension if power > 0) or "1"
    below = " / ".join(_power(base, -power) for base, power in dimension if power < 0)
    return f"{above} / {below}" if below else above


def _power(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"


_NUMBER = re.compile(r"[+-]?(\d*)(?:\.(\d*))?")


def parse_number(text: str) -> Fraction | None:
    """Return the exact value of a plain decimal number such as `-0.75`, or None where it is no such number.

    A number with more than 30 digits before or after the point is refused too, before it is converted.
    """
    if len(text) > 2 * DIGITS_LIMIT + 2 or not text.isascii():
        return None
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    if len(match[1].lstrip("0")) > DIGITS_LIMIT or len(match[2] or "") > DIGITS_LIMIT:
        return None
    return Fraction(text)


def plain_number(value: Fraction) -> int | Decimal | Fraction:
    """Return an int when whole, else a Decimal when it has an end, else the Fraction itself."""
    if value.denominator == 1:
        return value.numerator
    digits = decimal_digits(value)
    if digits is None or digits > 2 * DIGITS_LIMIT:
        return value
    scaled = value.numerator * 10**digits // value.denominator
    return Decimal((int(value < 0), tuple(int(digit) for digit in str(abs(scaled))), -digits))


def of_float(value: float) -> int | Decimal | Fraction:
    """Return the number that a float stands for: the shortest decimal that is nearest to it.

    Raises:
        ValueError: it is not finite.
    """
    return plain_number(Fraction(repr(value)))


def decimal_digits(value: Fraction) -> int | None:
    """Return how many digits after the point write `value` exactly, or None where none do."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
