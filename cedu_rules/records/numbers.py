"""Numbers as people and programs write them into exact numbers, in the unit of their fact.

    text       `0.75亩`, `1,200`, `８％`, `¥27,079`, `3万人`     a sign, digits, one point, a unit; never an exponent
    Numeral    `1.5e3`                                          the text of a number of JSON or YAML; never a unit
    float      its shortest repr, like a `Numeral`
    int, Decimal, Fraction                                      as they are

A text has at most 30 digits before and after the point; that is checked before it is converted. A bare number is in the
unit of the fact, or in the unit of the header that it stands under. A bare percent is a ratio: written above 1 it is
refused, since `80` would be 8000%; an int, Decimal or Fraction is a program's and so only has to keep to the range.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.records import expected
from cedu_rules.records.problems import unfit
from cedu_rules.units import DIGITS_LIMIT, PERCENT, Unit, decimal_digits, find_unit, parse_number, plain_number

Exact: TypeAlias = int | Decimal | Fraction

LIMIT = 10**DIGITS_LIMIT
_TEXT_LIMIT = 200
_EXPONENT_DIGITS = 4
_FRACTION_BITS = 1000
_MONEY = (("yuan", 1),)
_MULTIPLES = ("万", "亿")

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TWINS = str.maketrans({**_FULL_WIDTH, "\u3000": " ", "\xa0": " ", "\u2212": "-", "\uffe5": "¥"})

_WRITTEN = re.compile(r"([+-]?) *(¥?) *([+-]?) *([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]*)((?:\.[0-9]+)?) *(.*)")
_NUMERAL = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:[eE]([+-]?[0-9]+))?")


class Numeral(str):
    """The text of a number as it stands in JSON or YAML, so that not one of its digits is lost on the way."""

    __slots__ = ()


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and signs as their ASCII twins, without blanks around."""
    return text.translate(_TWINS).strip()


class NumberReader:
    """Reads the values of one number type into ints, Decimals or Fractions in the unit of data."""

    def __init__(self, type_: Type, units: Mapping[str, Unit], header: Unit | None = None) -> None:
        self.type = type_
        self.units = units
        self.header = header
        self.expected = expected.number(type_)
        self.bare_factor = type_.data_factor if header is None else header.factor
        self.ratio = type_.is_percent and header is None

    def __call__(self, value: object) -> Exact | None:
        """Return the number, or None for blank text.

        Raises:
            Unfit: no number, not of this unit, or out of range.
        """
        if isinstance(value, str) and not isinstance(value, Numeral) and (not value or value.isspace()):
            return None
        return self._checked(value, self._base(value))

    def _base(self, value: object) -> Fraction:
        """Return the number in base units."""
        match value:
            case bool():
                raise unfit(value, self.expected)
            case Numeral():
                return self._bare(value, self._literal(value))
            case str():
                return self._written(value)
            case float():
                return self._bare(value, self._literal(float.__repr__(value), value))
            case int() | Decimal() | Fraction():
                return self._plain(value) * self.bare_factor
        raise unfit(value, self.expected)

    def _plain(self, value: Exact) -> Fraction:
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise unfit(value, self.expected)
            _sign, _digits, exponent = value.as_tuple()
            if value and (value.adjusted() >= DIGITS_LIMIT or -int(exponent) > DIGITS_LIMIT):
                raise unfit(value, expected.FEWER_DIGITS)
            return Fraction(value) if value else Fraction(0)
        bits = max(value.numerator.bit_length(), value.denominator.bit_length())
        if bits > _FRACTION_BITS or not -LIMIT < value < LIMIT:
            raise unfit(value, expected.FEWER_DIGITS)
        return Fraction(value)

    def _literal(self, text: str, value: object = None) -> Fraction:
        """Return the value of a number of JSON, YAML or Python, whose exponent is looked at before it is used."""
        match = _NUMERAL.fullmatch(text) if len(text) <= _TEXT_LIMIT else None
        if match is None:
            raise unfit(value or text, self.expected)
        mantissa, exponent = match[1], match[2] or "0"
        digits = parse_number(mantissa)
        if digits is None or len(exponent) > _EXPONENT_DIGITS:
            raise unfit(value or text, expected.FEWER_DIGITS)
        number = digits * Fraction(10) ** int(exponent)
        if abs(number) >= LIMIT or (decimal_digits(number) or 0) > DIGITS_LIMIT:
            raise unfit(value or text, expected.FEWER_DIGITS)
        return number

    def _bare(self, value: object, number: Fraction) -> Fraction:
        if self.ratio and abs(number) > 1:
            raise unfit(value, expected.RATIO_REASON)
        return number * self.bare_factor

    def _written(self, text: str) -> Fraction:
        """Return the value of a text: sign, `¥`, digits, unit."""
        match = _WRITTEN.fullmatch(fold(text)) if len(text) <= _TEXT_LIMIT else None
        if match is None or (match[1] and match[3]) or not (match[4] or match[5]):
            raise unfit(text, self.expected)
        sign, money, inner_sign, whole, part, word = match.groups()
        number = parse_number((sign or inner_sign) + whole.replace(",", "") + part)
        if number is None:
            raise unfit(text, expected.FEWER_DIGITS)
        if not word and not money:
            return self._bare(text, number)
        return number * self._factor(text, word, money)

    def _factor(self, text: str, word: str, money: str) -> Fraction:
        """Return the base units in the unit of a text."""
        if money and word in {"", *_MULTIPLES}:
            word += "元"
        unit = find_unit(word, self.units)
        dimension = self.type.dimension
        if word in _MULTIPLES and unit is not None:  # `3万` in yuan is 30000 yuan; in 万元 it may be either
            own = self.header or self.type.unit
            fits = not own.name.startswith(_MULTIPLES) and own != PERCENT
            unit = unit._replace(dimension=dimension, factor=unit.factor * own.factor) if fits else None
        if unit is None or unit.dimension != dimension or (money and dimension != _MONEY):
            raise unfit(text, self.expected)
        if self.type.is_percent != (unit == PERCENT) and (self.type.is_percent or self.type.whole):
            raise unfit(text, self.expected)
        return unit.factor

    def _checked(self, value: object, base: Fraction) -> Exact:
        type_ = self.type
        whole = not type_.whole or base.denominator == 1
        above = type_.low is None or base >= type_.low
        if not whole or not above or (type_.high is not None and base > type_.high):
            raise unfit(value, self._reason(value))
        number = base / type_.data_factor
        if abs(number) >= LIMIT:
            raise unfit(value, expected.FEWER_DIGITS)
        digits = decimal_digits(number)  # a Decimal has to be a number that data may hold
        return number if digits is not None and digits > DIGITS_LIMIT else plain_number(number)

    def _reason(self, value: object) -> Words:
        """Return why a number is refused: of a bare percent above 1, that it is read as a ratio."""
        bare = isinstance(value, (int, Decimal, Fraction)) and not -1 <= value <= 1
        return expected.RATIO_REASON if self.ratio and bare else self.expected
