"""Public values into the text of a cell, exactly: what the readers of values make the same value of."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from cedu_rules.data.entries import UNBROKEN, is_broken
from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.records.cells import reader
from cedu_rules.records.problems import Unfit, tidy
from cedu_rules.units import DIGITS_LIMIT, PERCENT, UNITS, Unit, decimal_digits, plain_number

Number: TypeAlias = int | Decimal | Fraction

TRUTHS = {"zh": ("是", "否"), "en": ("yes", "no")}

_DECIMAL = Words("a number that a decimal in some unit writes exactly", "可用小数精确写出的数")
_FORMULA = re.compile(r"[=+\-@\t\r]")


def number_text(value: Number, type_: Type, units: Iterable[Unit] = ()) -> str:
    """Return an exact number as it is typed: percents with their sign, thirds of a unit in another unit.

    Raises:
        InputError: no decimal in any known unit is that number.
    """
    if type_.is_percent:
        return f"{_digits(Fraction(value) * 100, type_)}%"
    exact = Fraction(value)
    if not _has_no_end(exact):
        return _digits(exact, type_)
    base = exact * type_.data_factor
    for unit in (*UNITS.values(), *units):
        amount = base / unit.factor
        if unit.dimension == type_.dimension and unit != PERCENT and not _has_no_end(amount):
            return f"{_digits(amount, type_)}{unit.name}"
    raise InputError([InputIssue("number", tidy(str(value)), _DECIMAL)])


def _has_no_end(value: Fraction) -> bool:
    digits = decimal_digits(value)
    return digits is None or digits > DIGITS_LIMIT


def _digits(value: Fraction, type_: Type) -> str:
    plain = plain_number(value)
    if isinstance(plain, Fraction) or _has_no_end(value):
        raise InputError([InputIssue(type_.unit.name or "number", tidy(str(value)), _DECIMAL)])
    return f"{plain:f}" if isinstance(plain, Decimal) else str(plain)


def member_text(name: str, type_: Type, *, labelled: bool) -> str:
    """Return the label of a member where the reader understands it, else its name."""
    index = type_.position(name)
    if not labelled or index is None:
        return name
    label = type_.members[index].label
    try:
        return label if reader(type_, {})(label) == name else name
    except Unfit:
        return name


def sound_text(text: str) -> str:
    """Return a text that can be written to a file.

    Raises:
        InputError: it holds half a character.
    """
    if is_broken(text):
        raise InputError([InputIssue("text", tidy(text), UNBROKEN)])
    return text


def cell_text(value: object, type_: Type, units: Iterable[Unit], language: str, *, labelled: bool) -> str:
    """Return a public value as a person types it; a year that is not in the series is `-`.

    Raises:
        InputError: a number or text that no file can hold.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return TRUTHS[language][0 if value else 1]
    if isinstance(value, (int, Decimal, Fraction)):
        return number_text(value, type_, units)
    if isinstance(value, date):
        return value.isoformat()
    text = sound_text(str(value))
    return member_text(text, type_, labelled=labelled) if type_.kind in {"choice", "level"} else text


def unlike_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a file of text; readers drop the tab."""
    return f"\t{text}" if _FORMULA.match(text) and text != "-" else text
