"""Plain values of data into the public value and what it takes in a row, both at once.

A value that is already as records hold it, an int in its range, a truth, the name of a member, is taken at once; any
other goes through the reader of its fact. Mappings with names that are not those of facts, labels for example, and
values that have no place in a row are left to the slow way.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from cedu_rules import rows
from cedu_rules.model.ir import Fact
from cedu_rules.model.types import Type
from cedu_rules.records.cells import GREATEST_FLOAT, LEAST_FLOAT, Reader, plain_bounds
from cedu_rules.records.mappings import FIRST_YEAR, LAST_YEAR, SPAN_LIMIT, FrozenMapping, value_reader
from cedu_rules.records.problems import Unfit
from cedu_rules.units import Unit

FEW_DIGITS = 10**15
"""Decimals of so many digits are told apart by the floats nearest to them."""

Take: TypeAlias = Callable[[Any], tuple[Any, Any]]
"""A value that is not None into its public value and its cell, or pair of cells for a set."""


Fill: TypeAlias = Callable[[Any, Mapping[Any, Any]], rows.Row | None]
"""Stores the values of a mapping and their row in a new record and returns the row, as `Taker.fill` does."""


Make: TypeAlias = Callable[[Any], tuple[object, rows.Row | None]]
"""Data of one element into its record and row, or None and None."""


Get: TypeAlias = Callable[[str], Any]
"""Looks up what is given for a fact."""


class Refused(Exception):  # noqa: N818 -- never leaves the package
    """Values that cannot be, with their problems, by the names of their facts; the others are stored."""

    def __init__(self, found: Mapping[str, Unfit]) -> None:
        self.found = found
        super().__init__(found)


class Step(NamedTuple):
    """How the value of one fact is taken, and stored in a record."""

    fact: Fact
    take: Take
    store: Callable[[Any, Any], None]


class Taker:
    """Fills new records of one class from mappings by names of facts; `lists` take lists by the names of their facts."""

    def __init__(
        self,
        facts: Sequence[Fact],
        readers: Sequence[Reader],
        setters: Sequence[Callable[[Any, Any], None]],
        set_row: Callable[[Any, rows.Row], None],
        lists: Mapping[str, Take],
        derive: rows.Derive | None,
        *,
        rowless: int = 0,
    ) -> None:
        slots = rows.layout(facts[rowless:])
        self._names = {fact.name for fact in facts}
        self._blank: list[Any] = [cell for fact in facts[rowless:] for cell in rows.blank_cells(fact.type)]
        self._derive = derive
        self._set_row = set_row
        self._flags: list[tuple[Any, ...]] = []
        self._ints: list[tuple[Any, ...]] = []
        self._words: list[tuple[Any, ...]] = []
        self._others: list[tuple[Any, ...]] = []
        self.steps: list[Step] = []
        for number, (fact, read, store) in enumerate(zip(facts, readers, setters, strict=True)):
            take = lists.get(fact.name) or _take(fact.type, read)
            self.steps.append(Step(fact, take, store))
            step = (_place(slots, fact) if number >= rowless else None, fact.name, store, take)
            match fact.type.kind:
                case "bool":
                    self._flags.append(step)
                case "number":
                    self._ints.append((*step, *plain_numbers(fact.type)))
                case "choice" | "level":
                    self._words.append((*step, {member.name: place for place, member in enumerate(fact.type.members)}))
                case _:
                    self._others.append(step)

    def fill(self, record: object, given: Mapping[Any, Any]) -> rows.Row | None:
        """Store the values and the row in a new record and return the row, or None where a key is no name of a fact.

        Raises:
            Refused: some values cannot be.
            OutOfRange: a value has no place in a row.
        """
        get, cells = given.get, self._blank.copy()
        refused: dict[str, Unfit] = {}
        taken = self._plain(record, get, cells, refused)
        for index, name, store, take in self._others:
            value = get(name)
            if value is not None:
                taken += 1
                value, cell = tried(take, value, name, refused)
                if value is not None and index is not None:
                    cells[index] = cell
            store(record, value)
        if taken < len(given) and not given.keys() <= self._names:
            return None
        if refused:
            raise Refused(refused)
        if self._derive is not None:
            self._derive(cells)
        row = tuple(cells)
        self._set_row(record, row)
        return row

    def _plain(self, record: object, get: Get, cells: list[Any], refused: dict[str, Unfit]) -> int:
        """Take truths, numbers and names; return how many were given."""
        taken = 0
        for index, name, store, take in self._flags:
            value = cell = get(name)
            if value is not None:
                taken += 1
                if value is not True and value is not False:
                    value, cell = tried(take, value, name, refused)
            store(record, value)
            cells[index] = cell
        for index, name, store, take, low, high, factor in self._ints:
            value = cell = get(name)
            if value is not None:
                taken += 1
                if type(value) is int and low <= value <= high:
                    cell = value * factor
                else:
                    value, cell = tried(take, value, name, refused)
            store(record, value)
            cells[index] = cell
        for index, name, store, take, positions in self._words:
            value = cell = get(name)
            if value is not None:
                taken += 1
                if type(value) is str and value in positions:
                    cell = positions[value]
                else:
                    value, cell = tried(take, value, name, refused)
            store(record, value)
            cells[index] = cell
        return taken


def tried(take: Take, value: object, name: str, refused: dict[str, Unfit]) -> tuple[Any, Any]:
    """Return what is taken; what cannot be is nothing, and is kept with those that are refused."""
    try:
        return take(value)
    except Unfit as raised:
        refused[name] = raised
        return None, None


def _place(slots: Mapping[str, rows.Slot], fact: Fact) -> int | slice:
    slot = slots[fact.name]
    return slice(slot.index, slot.index + 2) if slot.width > 1 else slot.index


def _take(type_: Type, read: Reader) -> Take:
    """Return how any value of a type that is no list is taken."""
    if type_.kind == "text":
        return _take_text(read)
    take = _through(read, rows.writer(type_, {}))
    if type_.kind == "number" and not type_.whole:
        return _take_measure(type_, take)
    return _take_years(type_.element, take) if type_.element is not None else take


def _take_text(read: Reader) -> Take:
    def take(value: object) -> tuple[object, object]:
        value = (value.strip() or None) if type(value) is str else read(value)
        return value, value

    return take


def _through(read: Reader, write: Callable[[Any], Any]) -> Take:
    """Return how any value is taken: by the reader, and by the writer of the row."""

    def take(value: object) -> tuple[object, object]:
        value = read(value)
        return value, None if value is None else write(value)

    return take


def plain_numbers(type_: Type) -> tuple[int, int, int]:
    """Return between which ends ints are public values and have a place in a row, and what they are multiplied by there."""
    low, high = plain_bounds(type_)
    factor = math.ceil(type_.data_factor) if type_.whole else rows.scale(type_)
    limit = (rows.LIMIT - 1) // factor
    return max(math.ceil(low), -limit), min(math.floor(high), limit), factor


def _take_measure(type_: Type, slowly: Take) -> Take:
    """Return how a float is taken at once: by the digits of its shortest form, as `cells` reads it."""
    bounds, factor = plain_float(type_), plain_numbers(type_)[2]
    if bounds is None:
        return slowly
    low, high = bounds

    def take(value: object) -> tuple[object, object]:
        if type(value) is float and LEAST_FLOAT <= value < GREATEST_FLOAT:
            cell = round(value * factor)
            if low <= cell <= high and cell / factor == value:
                return (Decimal(repr(value)) if cell % factor else cell // factor), cell
        return slowly(value)

    return take


def _take_years(element: Type, slowly: Take) -> Take:
    """Return how a series is taken: at once where its years follow one another, and its values are ints or blank."""
    low, high, factor = plain_numbers(element)

    def take(value: object) -> tuple[object, object]:
        years = plain_years(value, low, high)
        if years is None:
            return slowly(value)
        frozen = FrozenMapping(years)
        if factor == 1:
            return frozen, frozen._items  # nobody changes it
        return frozen, {year: None if number is None else number * factor for year, number in years.items()}

    return take


def plain_years(value: object, low: int, high: int) -> dict[int, int | None] | None:
    """Return a series whose years follow one another and whose values are blank or ints `low` to `high`; else None."""
    if type(value) is not dict or not 0 < len(value) < SPAN_LIMIT:
        return None
    expected = next(iter(value))
    if type(expected) is not int or not FIRST_YEAR <= expected <= LAST_YEAR - len(value):
        return None
    for year, number in value.items():
        if year != expected or (number is not None and (type(number) is not int or not low <= number <= high)):
            return None
        expected += 1
    return value


# --- cells alone -----------------------------------------------------------------------------------------------------


def cell_reader(type_: Type, units: Mapping[str, Unit]) -> Callable[[Any], Any]:
    """Return the function from any value of a type that is no list to what a row holds of it.

    It raises `Unfit` where the value cannot be, and `OutOfRange` where it has no place in a row.
    """
    if type_.element is not None:
        return _years_reader(type_, units)
    take = _take(type_, value_reader(type_, units))
    blank = rows.blank_cells(type_)
    missing = blank if len(blank) > 1 else blank[0]

    def cell(value: object) -> object:
        found = take(value)[1]
        return missing if found is None else found

    return _decimal_reader(type_, cell) if type_.kind == "number" else cell


def _years_reader(type_: Type, units: Mapping[str, Unit]) -> Callable[[Any], Any]:
    take = _take(type_, value_reader(type_, units))
    low, high, factor = plain_numbers(type_.element)  # type: ignore[arg-type]  # only a series has years

    def cell(value: object) -> object:
        years = plain_years(value, low, high) if factor == 1 else None
        if years is None:
            years = take(value)[1]
        return rows.NO_YEARS if years is None else years

    return cell


def _decimal_reader(type_: Type, otherwise: Callable[[Any], Any]) -> Callable[[Any], Any]:
    low, high = plain_bounds(type_)
    high = min(high, 1) if type_.is_percent else high
    write = rows.writer(type_, {})

    def cell(value: object) -> object:
        return write(value) if type(value) is Decimal and low <= value <= high else otherwise(value)

    return cell


def plain_float(type_: Type) -> tuple[int, int] | None:
    """Return between which ends a float of a measure, times what `plain_numbers` gives, may be rounded to its cell.

    That is exact where the cell divided by it is the float again: the cell has so few digits that only one number with
    as few is nearest to that float, and it is the one that Python writes. None where no float is taken so.
    """
    low, high, factor = plain_numbers(type_)
    if type_.whole or factor != 10 ** (len(str(factor)) - 1):
        return None
    high = min(high, 1) if type_.is_percent else high  # a bare 80 is no 80%
    return max(low * factor, math.ceil(LEAST_FLOAT * factor)), min(high * factor, FEW_DIGITS - 1)


def take_list(key: int | None, make: Make, read: Reader) -> Take:
    """Return how a list is taken: `make` makes an element of a mapping, or nothing where only the slow way can.

    `key` is the place in the rows of the elements of what tells them apart.
    """

    def take(value: object) -> tuple[object, object]:
        if type(value) is list or type(value) is tuple:
            try:
                made = [make(each) for each in value]
            except Refused:
                return _written(read(value))
            found = [row for _, row in made]
            if None not in found and (key is None or len({row[key] for row in found}) == len(found)):  # type: ignore[index]
                return tuple([element for element, _ in made]), tuple(found)
        return _written(read(value))

    return take


def _written(elements: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- what the reader made
    if elements is None:
        return None, None
    found = [element._row for element in elements]
    if None in found:
        raise rows.OutOfRange
    return elements, tuple(found)
