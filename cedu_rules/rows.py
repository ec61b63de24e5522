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

from collections.abc import Mapping, Sequence
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
    try:
        return _row(model, facts, values)
    except OutOfRange:
        return None


def _row(model: Model, facts: Sequence[Fact], values: Mapping[str, object]) -> Row:
    cells: list[Any] = []
    for fact in facts:
        value = values.get(fact.name)
        if fact.type.kind == "set":
            cells.extend(_bits(fact.type, value))
        elif value is None:
            cells.append(None)
        elif fact.type.kind == "list":
            record = model.records_by_name[fact.type.name]
            cells.append(tuple(_element(model, record, element) for element in value))  # type: ignore[attr-defined]
        else:
            cells.append(_cell(fact.type, value))
    return tuple(cells)


def _element(model: Model, record: Record, element: object) -> Row:
    return _row(model, record.fields, {field.name: getattr(element, field.name) for field in record.fields})


def _bits(type_: Type, value: Any) -> tuple[int, int]:  # noqa: ANN401
    if value is None:
        return 0, 0
    present = sum(1 << index for index, member in enumerate(type_.members) if value.get(member.name) is True)
    absent = sum(1 << index for index, member in enumerate(type_.members) if value.get(member.name) is False)
    return present, absent


def _cell(type_: Type, value: Any) -> Any:  # noqa: ANN401
    match type_.kind:
        case "number":
            return _integer(type_, value)
        case "choice" | "level":
            return type_.index(value)
        case "date":
            return value.toordinal() if isinstance(value, date) else None
        case "series" if type_.element is not None:
            element = type_.element
            years = range(min(value), max(value) + 1)
            given = [value.get(year) for year in years]
            return years.start, tuple(None if number is None else _integer(element, number) for number in given)
    return value


def _integer(type_: Type, value: int | Decimal | Fraction) -> int:
    """Return the number as a row holds it."""
    scaled = Fraction(value) * (type_.data_factor if type_.whole else scale(type_))
    if scaled.denominator != 1 or abs(scaled) >= LIMIT:
        raise OutOfRange
    return scaled.numerator
