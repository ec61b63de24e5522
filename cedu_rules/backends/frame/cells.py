"""What the cells of a column may hold, by its type: forms of numbers, words of members, texts without blanks around."""

import math
from fractions import Fraction
from typing import Any

import narwhals as nw

from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.leaves import FLOAT, INTEGER
from cedu_rules.backends.frame.terms import Truth
from cedu_rules.model.types import Type

LARGEST = 10**15
"""Larger numbers are left to the reference; up to here floats tell all whole numbers apart."""

_SMALLEST = 1e-13
_FLOAT_DIGITS = 15
BLANKS = (
    (0x00, 0x20),
    (0x7F, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
"""The characters that are taken off the ends of texts, from the first to the last of each range."""

_SPACE = "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in BLANKS)
TIDY = rf"(?s)^[^{_SPACE}](.*[^{_SPACE}])?$"
"""What a text without blanks around looks like."""


def words_of(type_: Type) -> tuple[tuple[str, ...], ...]:
    """Return the words that stand for each member beyond doubt: its name, and labels that no other member has."""
    names = {member.name for member in type_.members}
    labels = [label for member in type_.members for label in dict.fromkeys(member.labels)]
    return tuple(
        (member.name, *(each for each in dict.fromkeys(member.labels) if each not in names and labels.count(each) == 1))
        for member in type_.members
    )


def in_range(column: Column, form: str, type_: Type) -> Truth:
    """Return whether numbers are what the declaration allows, beyond doubt: infinity, NaN and fractions of wholes are not."""
    low, high = (None if end is None else end / type_.data_factor for end in (type_.low, type_.high))
    if form == INTEGER:
        least = -LARGEST if low is None else max(math.ceil(low), -LARGEST)
        most = LARGEST if high is None else min(math.floor(high), LARGEST)
        return (
            column.is_between(least, most)
            if type_.data_factor.denominator == 1 or not type_.whole
            else column.is_null()
        )
    most = 1 if type_.is_percent else LARGEST
    least_float = -most if low is None else float(max(low, Fraction(-most)))
    ends = [least_float, most if high is None else float(min(high, Fraction(most)))]
    if any(end is not None and Fraction(repr(float(end))) != end for end in (low, high)):
        return column.is_null()
    inside = column.is_between(*ends)
    if not type_.whole:
        return inside & ((column == 0) | ~column.is_between(-_SMALLEST, _SMALLEST))
    factor = type_.data_factor
    digits = len(str(factor.numerator)) - 1
    if factor != 10**digits:
        return column.is_null()
    return inside & (column.round(digits) == column)


def form_of(dtype: Any) -> str | None:  # noqa: ANN401 -- a type of narwhals
    """Return in which form a column of that type holds numbers, None for a type that compiled code does not read."""
    if dtype is None:
        return None
    if dtype.is_decimal():  # so many digits survive as a float
        return FLOAT if (dtype.precision or _FLOAT_DIGITS + 1) <= _FLOAT_DIGITS else None
    return INTEGER if dtype.is_integer() else FLOAT if dtype.is_float() else None


def is_words(dtype: Any) -> bool:  # noqa: ANN401 -- a type of narwhals
    """Return whether a column of that type holds texts."""
    return dtype in {nw.String(), nw.Categorical()} or isinstance(dtype, nw.Enum)
