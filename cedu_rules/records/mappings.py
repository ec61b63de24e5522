"""Sets and yearly series as data holds them into immutable mappings by member or year.

* A set: `[a, b]` names exactly the members that are present; `{a: yes, b: no}` leaves out, or leaves blank, what is not
  known; a mapping that says nothing of any member is a missing set.
* A series: `{2021: 100, "2022年": ""}` has a value for each year; a blank one is listed but not recorded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.records import expected
from cedu_rules.records.cells import Reader, is_blank, member_finder, read_bool, reader
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import Problems, Unfit, shown, unfit
from cedu_rules.units import Unit

Key = TypeVar("Key")
Value = TypeVar("Value")

SPAN_LIMIT = 1000
"""A series reaches over at most so many years, listed or not."""

_YEAR = re.compile(r"([0-9]{4})年?")
FIRST_YEAR, LAST_YEAR = 1000, 9999
_TWICE = Words("each member once", "每一项只填一次")
_YEAR_ONCE = Words("one value for each year", "每年一个值")
_SPAN = Words(f"at most {SPAN_LIMIT} years from first to last", f"首末相距不超过 {SPAN_LIMIT} 年")


class FrozenMapping(Mapping[Key, Value]):
    """A mapping that never changes and may stand where a hash is needed; equal to any mapping with the same items."""

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[Key, Value] | Iterable[tuple[Key, Value]]) -> None:
        self._items = dict(items)
        self._hash: int | None = None

    def __getitem__(self, key: Key) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMapping):
            return self._items == other._items
        return self._items == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[type["FrozenMapping[Key, Value]"], tuple[dict[Key, Value]]]:
        return type(self), (self._items,)


class SetReader:
    """Reads a set into a mapping from every member to True, False or None."""

    def __init__(self, type_: Type) -> None:
        self.type = type_
        self.names = [member.name for member in type_.members]
        self.find = member_finder(type_)
        self.expected = expected.some_of(type_)
        self.member = expected.one_of(type_)

    def __call__(self, value: object) -> FrozenMapping[str, bool | None] | None:
        """Return the members, or None for a missing set."""
        if isinstance(value, Mapping):
            return self._told(value)
        if is_blank(value):
            return None
        if isinstance(value, (list, tuple, AbstractSet)):
            return self._closed(value)
        raise unfit(value, self.expected)

    def _closed(self, listed: Iterable[object]) -> FrozenMapping[str, bool | None]:
        present: set[str] = set()
        problems = Problems()
        for number, word in enumerate(listed, 1):
            member = self.find(word)
            if not isinstance(member, str):
                problems.add(f"[{number}]", word, self.member)
            elif member in present:
                problems.add(f"[{number}]", word, _TWICE)
            else:
                present.add(member)
        problems.settle()
        return FrozenMapping((name, name in present) for name in self.names)

    def _told(self, told: Mapping[object, object]) -> FrozenMapping[str, bool | None] | None:
        truths: dict[str, bool | None] = {}
        problems = Problems()
        for word, value in told.items():
            member = self.find(word)
            if not isinstance(member, str):
                problems.add(f".{shown(word)}", word, self.member)
            elif member in truths:
                problems.add(f".{member}", value, _TWICE)
            else:
                truths[member] = None
                try:
                    truths[member] = read_bool(value)
                except Unfit as raised:
                    problems.take(f".{member}", raised)
        problems.settle()
        if all(truth is None for truth in truths.values()):
            return None
        return FrozenMapping((name, truths.get(name)) for name in self.names)


class SeriesReader:
    """Reads a yearly series into a mapping from year to value, in the order of the years."""

    def __init__(self, element: Reader) -> None:
        self.element = element

    def __call__(self, value: object) -> FrozenMapping[int, object] | None:
        """Return the values by year, or None for a missing series."""
        if is_blank(value):
            return None
        if not isinstance(value, Mapping):
            raise unfit(value, expected.SERIES)
        years: dict[int, object] = {}
        problems = Problems()
        for key, given in value.items():
            year = _year(key)
            if year is None:
                problems.add(f".{shown(key)}", key, expected.YEAR)
            elif year in years:
                problems.add(f".{year}", given, _YEAR_ONCE)
            else:
                years[year] = None
                try:
                    years[year] = self.element(given)
                except Unfit as raised:
                    problems.take(f".{year}", raised)
        if years and max(years) - min(years) >= SPAN_LIMIT:
            problems.add("", f"{min(years)} … {max(years)}", _SPAN)
        problems.settle()
        return FrozenMapping(sorted(years.items())) if years else None


def value_reader(type_: Type, units: Mapping[str, Unit]) -> Reader:
    """Return the function that reads values of a type that is no list; `units` are those that the file declares."""
    if type_.kind == "set":
        return SetReader(type_)
    if type_.element is not None:
        return SeriesReader(reader(type_.element, units))
    return reader(type_, units)


def _year(key: object) -> int | None:
    """Return the year that a key names: 2021, `2021` or `2021年`."""
    if isinstance(key, int) and not isinstance(key, bool):
        return int(key) if FIRST_YEAR <= key <= LAST_YEAR else None
    match = _YEAR.fullmatch(fold(key)) if isinstance(key, str) and len(key) <= SPAN_LIMIT else None
    return int(match[1]) or None if match else None
