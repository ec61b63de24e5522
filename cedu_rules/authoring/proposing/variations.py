"""The values of an example into values that differ in one thing: the trials of the search."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from cedu_rules.authoring.cases import INVALID, Bench
from cedu_rules.authoring.proposing.boundaries import Boundaries, around, roots
from cedu_rules.authoring.proposing.paths import DAY, Reach, Slot, Values, found_at, put, slots
from cedu_rules.model.types import DATE, Type
from cedu_rules.units import plain_number

_ORDINALS = "甲乙丙丁戊己庚辛壬癸"
_COPIES_LIMIT = 40
"""A list is not made longer than that."""
_MANY = 10_000
"""Shares of so many lie as close to a threshold as a slip in its last digit."""
_FIRST_YEAR = 2021
_FIRST_DAY = date(2022, 12, 1)


@frozen(eq=False)
class Variations:
    """Trials for one clause of a standard."""

    bench: Bench
    clause: str
    reach: Reach
    boundaries: Boundaries
    types: Mapping[str, Type] = field(repr=False)

    def of(self, values: Values) -> Iterator[dict[str, Any]]:
        """Yield the values with one thing changed."""
        for slot in slots(self.reach, values):
            for value in self._values(values, slot):
                yield put(values, slot.path, value, self.types)

    def filled(self, values: Values) -> Values:
        """Return the values with all that is missing at its weakest: no, the lowest, the first, none."""
        for slot in slots(self.reach, values):
            weakest = _weakest(slot.type) if found_at(values, slot.path) is None else None
            if weakest is not None:
                tried = put(values, slot.path, weakest, self.types)
                case = self.bench.case(self.clause, tried)
                values = values if case is None or case.status == INVALID else tried
        return values

    def _values(self, values: Values, slot: Slot) -> Iterator[object]:
        """Yield what might stand at a path instead."""
        present = found_at(values, slot.path)
        match slot.type.kind:
            case "number" | "date":
                yield from self._numbers(values, slot, present)
            case "bool":
                yield from (answer for answer in (True, False) if answer is not present)
            case "choice" | "level":
                yield from (member.name for member in slot.type.members if member.name != present)
            case "text":
                yield from (text for text in self._texts(values) if text != present)
            case "series":
                yield from self._series(present)
            case "list":
                yield from self._lists(values, slot, present)
        if present is not None:
            yield None

    # --- numbers and days ---

    def _numbers(self, values: Values, slot: Slot, present: object) -> Iterator[object]:
        first = _as_number(present, slot.type)
        if first is None:
            first = Fraction(_FIRST_DAY.toordinal() if slot.type.kind == "date" else _lowest(slot.type))
        second = _beside(first, slot.type)
        ends = [
            self.boundaries.differences(
                self.bench.case(self.clause, put(values, slot.path, _as_data(at, slot.type), self.types))
            )
            for at in (first, second)
        ]
        for root in sorted(roots(first, ends[0], second, ends[1])):
            yield from (value for value in around(root, slot.type) if value != present)
        if slot.path == (DAY,) or slot.type.kind == "date":
            yield from () if present else (_FIRST_DAY.isoformat(),)
        else:
            yield from (_as_data(first + step, slot.type) for step in ((1, -1) if present is not None else (0, 1)))
            yield from self._siblings(values, slot, present)
            if slot.type.whole and slot.type.high is None and present is not None:
                yield _MANY

    def _siblings(self, values: Values, slot: Slot, present: object) -> Iterator[object]:
        """Yield the numbers of the other years of a series."""
        series = found_at(values, slot.path[:-1])
        if isinstance(series, Mapping) and str(slot.path[-1]).isdigit():
            yield from (value for value in dict.fromkeys(series.values()) if value not in {None, present})

    # --- texts, series, lists ---

    @staticmethod
    def _texts(values: Values) -> Iterator[str]:
        """Yield texts that stand elsewhere in the values, and one that does not."""
        known = dict.fromkeys(_texts_in(values))
        yield from known
        yield next(name for name in _names() if name not in known)

    @staticmethod
    def _series(present: Any) -> Iterator[object]:  # noqa: ANN401 -- what an example holds
        if not present:
            yield from ({str(_FIRST_YEAR): 1, str(_FIRST_YEAR + 1): 2}, {str(_FIRST_YEAR + 1): 1})
            return
        years = sorted(present, key=int)
        if len(years) > 1:
            yield from ({year: present[year] for year in years if year != left} for left in (years[0], years[-1]))
        for year, beside in ((int(years[0]) - 1, years[0]), (int(years[-1]) + 1, years[-1])):
            added = {**present, str(year): present[beside]}
            yield {key: added[key] for key in sorted(added, key=int)}

    def _lists(self, values: Values, slot: Slot, present: Any) -> Iterator[object]:  # noqa: ANN401
        if not present:
            yield from ([], [self._named({}, slot.type.name, [])])
            return
        yield []
        yield from ([*present[:position], *present[position + 1 :]] for position in range(len(present)))
        counts = {len(present) + 1, *self._lengths(values, slot, present)}
        for position in range(len(present)):
            for count in sorted(counts):
                if len(present) < count <= _COPIES_LIMIT:
                    yield self._longer(present, position, count, slot.type.name)

    def _lengths(self, values: Values, slot: Slot, present: list[Any]) -> Iterator[int]:
        """Yield lengths of the list at which a comparison turns."""
        longer = self._longer(present, len(present) - 1, len(present) + 1, slot.type.name)
        ends = [
            self.boundaries.differences(self.bench.case(self.clause, put(values, slot.path, tried, self.types)))
            for tried in (present, longer)
        ]
        first = Fraction(len(present))
        for root in roots(first, ends[0], first + 1, ends[1]):
            yield from (int(root), int(root) + 1)

    def _longer(self, present: list[Any], position: int, count: int, record: str) -> list[Any]:
        made = list(present)
        while len(made) < count:
            made.append(self._named(dict(present[position]), record, made))
        return made

    def _named(self, element: dict[str, Any], record: str, others: list[Any]) -> dict[str, Any]:
        """Return the element under a key that no other has."""
        declared = self.bench.model.records_by_name[record]
        if declared.key is None:
            return element
        type_ = declared.fields_by_name[declared.key].type
        taken = {other.get(declared.key) for other in others}
        free: Iterator[object] = _names() if type_.kind == "text" else _keys(type_)
        key = next((each for each in free if each not in taken), None)
        return {declared.key: key, **{name: value for name, value in element.items() if name != declared.key}}


def _names() -> Iterator[str]:
    yield from _ORDINALS
    yield from (f"{number:03}" for number in range(1, 10 * _COPIES_LIMIT))


def _keys(type_: Type) -> Iterator[object]:
    if type_.kind in {"choice", "level"}:
        yield from (member.name for member in type_.members)
    elif type_.kind == "date":
        yield from (date.fromordinal(_FIRST_DAY.toordinal() + day).isoformat() for day in range(10 * _COPIES_LIMIT))
    else:
        yield from range(1, 10 * _COPIES_LIMIT)


def _texts_in(values: Any) -> Iterator[str]:  # noqa: ANN401
    waiting = [values]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, Mapping):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(each for each in found if isinstance(each, Mapping))
        elif isinstance(found, str) and not found.isascii():
            yield found


def _lowest(type_: Type) -> Fraction:
    return Fraction(0) if type_.low is None else type_.low / type_.data_factor


def _weakest(type_: Type) -> object:
    match type_.kind:
        case "bool":
            return False
        case "choice" | "level":
            return type_.members[0].name
        case "number":
            return plain_number(_lowest(type_))
        case "list":
            return []
    return None


def _beside(first: Fraction, type_: Type) -> Fraction:
    """Return another number that the type allows, if there is one."""
    steps = (1, -1, Fraction(1, 100), Fraction(-1, 100))
    low, high = type_.low, type_.high
    factor = Fraction(1) if type_.kind == "date" else type_.data_factor
    allowed = (
        first + step
        for step in steps
        if (low is None or (first + step) * factor >= low) and (high is None or (first + step) * factor <= high)
    )
    return next(allowed, first + 1)


def _as_number(value: Any, type_: Type) -> Fraction | None:  # noqa: ANN401
    if value is None:
        return None
    return Fraction(date.fromisoformat(value).toordinal()) if type_ == DATE or type_.kind == "date" else Fraction(value)


def _as_data(number: Fraction, type_: Type) -> object:
    return date.fromordinal(int(number)).isoformat() if type_.kind == "date" else plain_number(number)
