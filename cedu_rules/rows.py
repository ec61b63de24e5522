"""Values of a record into the row that compiled code unpacks: integers, bits and tuples, or no row at all.

A row is one flat tuple, in the order of the facts. What a fact takes in it:

    number          1 slot    whole types: the value in base units; others: the value in the unit of its data, times `scale`
    bool            1 slot    True, False
    choice, level   1 slot    the position of the member
    date            1 slot    the day number (`date.toordinal`)
    text            1 slot    the text
    set             2 slots   bits of the members known present; bits of the members known absent
    series          1 slot    (first year, values scaled like a number, None for a blank year); () is never stored
    list            1 slot    a tuple of rows, one an element, in the order of the fields of the record

None is a missing fact; a missing set is 0, 0. Compiled code is exact while numbers stay in the proven range: every
integer of a row is below `LIMIT` in size, so that products of degree 16 stay far below the largest float, where Python
compares integers with infinity. A value that has more digits than its scale, or is too large, has no place in a row:
the whole record then has no row (None) and is left to the reference.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import frozen

from cedu_rules.model.ir import Fact, Model, Record
from cedu_rules.model.types import Type

Row: TypeAlias = tuple[Any, ...]

LIMIT = 10**17
_MEASURE_SCALE = 10**6
_RATIO_SCALE = 10**9


class OutOfRange(Exception):  # noqa: N818 -- no error: the record takes the slow way
    """A value that a row cannot hold exactly."""


def scale(type_: Type) -> int:
    """Return how many units of a row make one unit of data of a number that is not whole, or 1 of base units."""
    if type_.whole:
        return 1
    return _MEASURE_SCALE if type_.dimension else _RATIO_SCALE


@frozen
class Slot:
    """Where a fact stands in a row: its first index, and its type."""

    fact: Fact
    index: int

    @property
    def width(self) -> int:
        """The number of places it takes."""
        return 2 if self.fact.type.kind == "set" else 1


def layout(facts: Sequence[Fact]) -> dict[str, Slot]:
    """Return the slot of each fact or field by name."""
    slots: dict[str, Slot] = {}
    index = 0
    for fact in facts:
        slots[fact.name] = Slot(fact, index)
        index += slots[fact.name].width
    return slots


def row_of(model: Model, facts: Sequence[Fact], values: Mapping[str, object]) -> Row | None:
    """Return the row of the public values of a record by fact name, or None where one has no place in it."""

    def element(record: Record, owner: object) -> Row:
        return maker(record.fields)([getattr(owner, field.name) for field in record.fields])

    def maker(of: Sequence[Fact]) -> Callable[[Sequence[Any]], Row]:
        return row_maker(of, {record.name: functools.partial(element, record) for record in model.records})

    try:
        return maker(facts)([values.get(fact.name) for fact in facts])
    except OutOfRange:
        return None


def row_maker(facts: Sequence[Fact], elements: Mapping[str, Callable[[Any], Row]]) -> Callable[[Sequence[Any]], Row]:
    """Return the function from public values, in the order of the facts, to their row.

    `elements` holds, by name of the record, what makes the row of an element. The function raises `OutOfRange` where a
    value has no place in a row.
    """
    slots = layout(facts).values()
    indices = [slice(slot.index, slot.index + 2) if slot.width > 1 else slot.index for slot in slots]
    writers = [_writer(slot.fact.type, elements) for slot in slots]
    blank = [cell for slot in slots for cell in ((0, 0) if slot.width > 1 else (None,))]

    def row(values: Sequence[Any]) -> Row:
        cells: list[Any] = blank.copy()
        for index, write, value in zip(indices, writers, values, strict=True):
            if value is not None:
                cells[index] = write(value)
        return tuple(cells)

    return row


def _writer(type_: Type, elements: Mapping[str, Callable[[Any], Row]]) -> Callable[[Any], Any]:
    """Return the function from a public value to its place, or to its two places."""
    match type_.kind:
        case "set":
            return functools.partial(_bits, [(member.name, 1 << index) for index, member in enumerate(type_.members)])
        case "list":
            element = elements[type_.name]
            return lambda value: tuple([element(each) for each in value])
        case "choice" | "level":
            return {member.name: index for index, member in enumerate(type_.members)}.__getitem__
        case "date":
            return date.toordinal
        case "number":
            return _scaled(type_)
        case "series" if type_.element is not None:
            return functools.partial(_years, _scaled(type_.element))
    return lambda value: value


def _bits(bits: Sequence[tuple[str, int]], value: Mapping[str, bool | None]) -> tuple[int, int]:
    truths = [(value.get(name), bit) for name, bit in bits]
    return sum(bit for truth, bit in truths if truth is True), sum(bit for truth, bit in truths if truth is False)


def _years(scaled: Callable[[Any], int], value: Mapping[int, Any]) -> tuple[int, tuple[int | None, ...]]:
    given = [value.get(year) for year in range(min(value), max(value) + 1)]
    return min(value), tuple([None if number is None else scaled(number) for number in given])


def _scaled(type_: Type) -> Callable[[int | Decimal | Fraction], int]:
    """Return the function from a number to the integer that a row holds."""
    factor, divisor = (type_.data_factor if type_.whole else Fraction(scale(type_))).as_integer_ratio()

    def integer(value: int | Decimal | Fraction) -> int:
        above, below = value.as_integer_ratio()
        scaled, rest = divmod(above * factor, below * divisor)
        if rest or not -LIMIT < scaled < LIMIT:
            raise OutOfRange
        return scaled

    return integer
