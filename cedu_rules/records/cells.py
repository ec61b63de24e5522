"""One value as officials type it into an exact public value, or into what is expected instead.

    number           see `numbers`
    bool             true or false; the words true/false, yes/no, 是/否, 有/无 in any case
    choice, level    the name of a member or any of its labels
    date             a date, a datetime at midnight, `2022-09-01` or `2022年9月1日`
    text             a text, or a whole number (a staff number 17 in JSON), which is read as its text

Blank text is a missing fact (None). Nothing is guessed: 1 and 0 are numbers, not yes and no.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple, TypeAlias, TypeVar

from cedu_rules.model.types import Type
from cedu_rules.records import expected
from cedu_rules.records.numbers import LIMIT, NumberReader, fold
from cedu_rules.records.problems import unfit
from cedu_rules.units import Unit, plain_number

Reader: TypeAlias = Callable[[object], object]
"""A value of data into a public value, None for a missing one; raises `Unfit`."""

Item = TypeVar("Item")

_TRUTHS = {"true": True, "yes": True, "是": True, "有": True, "false": False, "no": False, "否": False, "无": False}
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_WORD_LIMIT = 1000
LEAST_FLOAT, GREATEST_FLOAT = 1e-4, 1e15
"""Python writes floats in this range without an exponent."""


class Cell(NamedTuple):
    """A value under a heading that names a unit: a bare number in it is in `unit`, under `（%）` a percent."""

    value: object
    unit: Unit


def reader(type_: Type, units: Mapping[str, Unit]) -> Reader:
    """Return the function that reads values of a type that has no parts; `units` are those that the file declares."""
    match type_.kind:
        case "number":
            return _number_reader(type_, units)
        case "bool":
            return read_bool
        case "date":
            return _date_reader(type_)
        case "choice" | "level":
            return _member_reader(type_)
    return read_text


def is_blank(value: object) -> bool:
    """Return whether the value is a missing fact."""
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def _number_reader(type_: Type, units: Mapping[str, Unit]) -> Reader:
    """Return the reader of numbers: at once what is plain already, else by `NumberReader`."""
    read = NumberReader(type_, units)
    headed: dict[Unit, NumberReader] = {}
    least, most = plain_bounds(type_)
    most_float = min(most, 1) if type_.is_percent else most
    is_bounded = type_.low is not None and least <= most and not type_.is_percent

    def read_number(value: object) -> object:
        kind = type(value)
        if kind is int:
            if least <= value <= most:  # type: ignore[operator]
                return value
            if is_bounded and -LIMIT < value < least:  # type: ignore[operator]
                raise unfit(value, read.expected)
        if kind is float and LEAST_FLOAT <= value < GREATEST_FLOAT:  # type: ignore[operator]
            number = int(value) if value.is_integer() else Decimal(repr(value))  # type: ignore[attr-defined,call-overload]
            if least <= number <= most_float and (not type_.whole or type(number) is int):
                return number
        if isinstance(value, Cell):
            if value.unit.dimension != type_.dimension:
                raise unfit(value.value, read.expected)
            if value.unit not in headed:
                headed[value.unit] = NumberReader(type_, units, value.unit)
            return None if value.value is None else headed[value.unit](value.value)
        return None if value is None else read(value)

    return read_number


def plain_bounds(type_: Type) -> tuple[int | Decimal, int | Decimal]:
    """Return the ends between which ints and Decimals are public values as they are; none where that takes a closer look."""
    factor = type_.data_factor
    low = -LIMIT if type_.low is None else plain_number(max(type_.low / factor, Fraction(-LIMIT)))
    high = LIMIT if type_.high is None else plain_number(min(type_.high / factor, Fraction(LIMIT)))
    if isinstance(low, Fraction) or isinstance(high, Fraction) or (type_.whole and factor.denominator != 1):
        return 1, 0
    return max(low, 1 - LIMIT), min(high, LIMIT - 1)


def read_bool(value: object) -> bool | None:
    """Return the truth that a value or word stands for."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        if is_blank(value):
            return None
        found = _TRUTHS.get(fold(value).lower()) if len(value) <= _WORD_LIMIT else None
        if found is not None:
            return found
    raise unfit(value, expected.BOOL)


def read_text(value: object) -> str | None:
    """Return the text without blanks around it."""
    if isinstance(value, str):
        return str(value).strip() or None
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LIMIT:
        return str(int(value))
    raise unfit(value, expected.TEXT)


def _member_reader(type_: Type) -> Reader:
    names = frozenset(member.name for member in type_.members)
    find = member_finder(type_)
    wanted = expected.one_of(type_)

    def read_member(value: object) -> object:
        if value is None or (type(value) is str and value in names):
            return value
        if is_blank(value):
            return None
        found = find(value)
        if found is None:
            raise unfit(value, wanted)
        return found

    return read_member


def member_words(type_: Type) -> dict[str, int]:
    """Return the positions of the members of a choice or level, by their names and, where nothing else is so called, labels."""
    places: dict[str, int] = {member.name: place for place, member in enumerate(type_.members)}
    for place, member in enumerate(type_.members):
        for label in filter(None, map(str.strip, member.labels)):
            places.setdefault(label, place)
    return places


def member_finder(type_: Type) -> Callable[[object], object | None]:
    """Return the function that finds a member by name or label; most data needs none, so it is prepared when it is called."""

    @cache
    def names() -> Names:
        return Names((word, member.name) for member in type_.members for word in (member.name, *member.labels))

    return lambda word: names().find(word)


class Names:
    """Things by name and label; full-width forms and blanks make no difference where that leaves one answer."""

    def __init__(self, entries: Iterable[tuple[str, Item]]) -> None:
        self.exact: dict[str, object] = {}
        self.loose: dict[str, set[object]] = {}
        for word, item in entries:
            self.exact.setdefault(word, item)
            self.loose.setdefault(_loose(word), set()).add(item)

    def find(self, word: object) -> object | None:
        """Return what goes by that word, or None."""
        if isinstance(word, int) and not isinstance(word, bool) and abs(word) < LIMIT:
            word = str(int(word))
        if not isinstance(word, str) or len(word) > _WORD_LIMIT:
            return None
        found = self.exact.get(word)
        if found is None:
            close = self.loose.get(_loose(word), set())
            found = next(iter(close)) if len(close) == 1 else None
        return found


def _loose(word: str) -> str:
    return "".join(fold(word).split())


def _date_reader(type_: Type) -> Reader:
    wanted = expected.day(type_)
    low = date.min.toordinal() if type_.low is None else type_.low
    high = date.max.toordinal() if type_.high is None else type_.high

    def read_date(value: object) -> object:
        if is_blank(value):
            return None
        day = _day(value)
        if day is None or not low <= day.toordinal() <= high:
            raise unfit(value, wanted)
        return day

    return read_date


def _day(value: object) -> date | None:
    """Return the day that is meant, or None where it is none."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() and value.tzinfo is None else None
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(fold(value)) if isinstance(value, str) and len(value) <= _WORD_LIMIT else None
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:  # the 30th of February
        return None
