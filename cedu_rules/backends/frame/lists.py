"""Aggregates over lists into totals a list frame gives by institution, joined to the rows of the institutions.

Everything that `all`, `any`, `count` and `sum` need of the elements is a sum over them, or the greatest of a few marks: how
many are certainly in the filter and how many may be, both in one sum, and whether the condition fails or is open for one.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import narwhals as nw
from attrs import define, evolve, field, frozen

from cedu_rules.backends.frame import columns, numbers, terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.facts import Facts, Guards
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.numbers import Number, Term
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.model.ir import Fact, Record

ROWS_LIMIT = 1000
"""Sums are compiled for lists of at most so many elements."""

_COUNT = 10**9
_MAYBE = 2**32
"""What an element counts that may be in the filter, where one that is counts 1."""

_HOLDS, _OPEN, _FAILS = range(3)
"""The marks of elements: whether what is asked of each holds."""


_TAKEN: dict[str, Callable[[Any], Any]] = {
    "sum": lambda column: column.sum(),
    "min": lambda column: column.min(),
    "max": lambda column: column.max(),
    "distinct": lambda column: column.n_unique(),
}


@frozen(eq=False)
class Total:
    """What is taken of a column over the elements of an institution.

    That is the `sum`, the least or greatest value (`min`, `max`), or the number of different ones, null among them
    (`distinct`).
    """

    how: str
    values: Column


@define(eq=False)
class ListPlan:
    """What is needed of the frame of one list: an integer column for each sum, over the elements of an institution."""

    fact: Fact
    record: Record
    layout: Layout | None
    elements: Facts
    totals: dict[str, Total] = field(factory=dict)
    given: Truth = None
    empty: Truth = False

    def column(self, name: str) -> str:
        """Return the name of a column that is joined to the institutions."""
        return f"__{self.fact.name}__{name}"

    def total(self, how: str, values: Column) -> Column:
        """Return what is taken of the elements of a column of integers, null where the institution has no rows."""
        if self.layout is None:
            return columns.lit(None, dtype=nw.Int64())
        name = self.column(str(len(self.totals)))
        self.totals[name] = Total(how, values)
        found = columns.col(name)
        return columns.when(self.rows <= ROWS_LIMIT).then(found).cast(nw.Int64()) if how == "sum" else found

    @property
    def rows(self) -> Column:
        """The number of rows, null where there are none."""
        return columns.lit(None, dtype=nw.Int64()) if self.layout is None else columns.col(self.column("rows"))

    # --- aggregates ---

    def every(self, sure: Truth, body: Truth) -> Truth:
        """Return `all`."""
        element = terms.any_of((terms.negate(sure), body))
        return self._quantified(terms.negate(element))

    def some(self, sure: Truth, body: Truth) -> Truth:
        """Return `any`."""
        return terms.negate(self._quantified(terms.all_of((sure, body))))

    def _quantified(self, against: Truth) -> Truth:
        """Return false where `against` holds for an element, true where it is false for all of them."""
        if self.layout is None:  # nobody has rows
            return terms.decided(self.empty, False)
        mark = self.total("max", _counted(against, _FAILS, _OPEN))
        true = terms.any_of(((mark == _HOLDS).fill_null(False), self.empty))
        return terms.decided(true, mark == _FAILS)

    def number(self, sure: Truth) -> Number:
        """Return `count`."""
        if sure is True:
            rows = self._or_nothing(self.rows)
            return self._at_least_zero(rows, rows, rows, _COUNT, Fraction(1))
        both = self.total("sum", _counted(sure, 1, _MAYBE))
        certain, maybe = both % _MAYBE, both // _MAYBE
        known = self._or_nothing(columns.when(both < _MAYBE).then(both))
        return self._at_least_zero(known, certain, self._or_nothing(certain + maybe), _COUNT, Fraction(1))

    def sum(self, sure: Truth, body: Number) -> Number:
        """Return `sum` of numbers that are never negative."""
        if body.least is None or body.least < 0 or body.known.below is not None:
            raise NoFastForm("sum of signed numbers")
        low, high, unit, size = numbers._aligned(body.lowest, body.highest)
        if size * ROWS_LIMIT >= numbers.SIZE_LIMIT:
            raise NoFastForm("size")
        zero = columns.lit(0, dtype=nw.Int64())
        maybe = terms.column(sure).fill_null(True)
        lowest = self.total("sum", terms.choose(sure, low, zero).fill_null(0))
        highest = self.total("sum", columns.when(maybe).then(high).otherwise(zero).fill_null(0))
        infinite = self.total("max", _counted(maybe & high.is_null(), 1, 0))
        end = self._or_nothing(columns.when(infinite == 0).then(highest))
        known = columns.when(lowest.fill_null(0) == end).then(end)
        return self._at_least_zero(known, lowest, end, size * ROWS_LIMIT, unit)

    def extreme(self, sure: Truth, body: Number, *, least: bool) -> Number:
        """Return `min` or `max`: one end reaches to every possible element, the other is set by those that are certain."""
        if body.known.below is not None:
            raise NoFastForm("the lowest of quotients")
        low, high, unit, size = numbers._aligned(body.lowest, body.highest)
        outer, inner = (low, high) if least else (high, low)
        how, nothing = "min" if least else "max", columns.lit(None, dtype=nw.Int64())
        maybe = terms.column(sure).fill_null(True)
        is_there = self.total("max", _counted(sure, 1, 0)) == 1
        bounded = self.total("max", _counted(maybe & outer.is_null(), 1, 0)) == 0
        reach = columns.when(is_there & bounded).then(self.total(how, columns.when(maybe).then(outer)))
        limit = columns.when(is_there).then(self.total(how, terms.choose(sure, inner, nothing)))
        known = Term(columns.when(reach == limit).then(reach), unit, size)
        ends = [evolve(known, value=each) for each in ((reach, limit) if least else (limit, reach))]
        return Number(known, ends[0], ends[1])

    def average(self, sure: Truth, body: Number, guards: Guards) -> Number:
        """Return `average` over elements that are certain; where others are possible, the row is left to the reference."""
        if body.known.below is not None:
            raise NoFastForm("the average of quotients")
        low, high, unit, size = numbers._aligned(body.lowest, body.highest)
        if size * ROWS_LIMIT >= numbers.SIZE_LIMIT:
            raise NoFastForm("size")
        number = self.rows if sure is True else self.total("sum", _counted(sure, 1, _MAYBE))
        guards.add(self.column(f"maybe{len(self.totals)}"), number < _MAYBE)
        below = columns.when((number > 0) & (number <= ROWS_LIMIT)).then(number)
        ends = []
        for end in (low, high):
            bounded = self.total("max", _counted(terms.all_of((sure, end.is_null())), 1, 0)) == 0
            amount = terms.choose(sure, end, columns.lit(0, dtype=nw.Int64())).fill_null(0)
            ends.append(columns.when(bounded).then(self.total("sum", amount)))
        known = Term(columns.when(ends[0] == ends[1]).then(ends[0]), unit, size * ROWS_LIMIT, below, ROWS_LIMIT)
        lowest, highest = (evolve(known, value=each) for each in ends)
        return Number(known, lowest, highest)

    def distinct(self, sure: Truth, key: Column) -> Number:
        """Return `count(distinct …)`: the known keys of certain elements at least, and all possible ones at most."""
        maybe = terms.column(sure).fill_null(True)
        counted = []
        for keys in (
            columns.when(sure is True if terms.is_constant(sure) else sure).then(key),
            columns.when(maybe).then(key),
        ):
            none = self.total("max", _counted(keys.is_null(), 1, 0))
            counted.append(self.total("distinct", keys).cast(nw.Int64()) - none)
        is_there = self.total("max", _counted(sure, 1, 0))
        low = columns.when(counted[0] > 0).then(counted[0]).otherwise(is_there)
        high = self._or_nothing(counted[1] + self.total("sum", _counted(maybe & key.is_null(), 1, 0)))
        known = columns.when(self._or_nothing(low) == high).then(high)
        return self._at_least_zero(known, low, high, _COUNT, Fraction(1))

    def _or_nothing(self, column: Column) -> Column:
        """Return the column, and 0 where the list is known to be empty."""
        if self.empty is False:
            return column
        return columns.when(self.empty).then(columns.lit(0, dtype=nw.Int64())).otherwise(column)

    def _at_least_zero(self, known: Column, low: Column, high: Column, size: int, unit: Fraction) -> Number:
        term = Term(known, unit, size)
        return Number(term, evolve(term, value=low.fill_null(0)), evolve(term, value=high), Fraction(0))

    # --- the frame ---

    @property
    def by(self) -> str:
        """The column by which the totals are joined."""
        return self.column("institution")

    def counted(self, frame: Any, twice: Truth, *, as_text: bool) -> Any:  # noqa: ANN401 -- lazy frames of narwhals
        """Return the totals by institution.

        Args:
            frame: The frame of the list.
            twice: Where a key may stand twice, if that is known; None where keys are to be counted.
            as_text: Whether the ids are compared as texts, where the frames differ in their type.
        """
        broken = terms.any_of((self.elements.guards.broken(), False if twice is None else twice))
        totals = {**self.totals, self.column("broken"): Total("max", _counted(broken, 1, 0))}
        key = self.key if twice is None else None
        values = {name: total.values for name, total in totals.items()}
        institution = columns.col("institution")
        values[self.by] = institution.cast(nw.String()) if as_text else institution
        if key is not None:
            values |= {self.column("key"): columns.col(key), self.column("keyless"): columns.col(key).is_null()}
        elements = columns.selected(frame, (), values)
        taken = [_TAKEN[each.how](nw.col(name)) for name, each in totals.items()]
        if key is not None:
            taken += [
                nw.col(self.column("key")).n_unique().alias(self.column("keys")),
                nw.col(self.column("keyless")).cast(nw.Int64()).sum(),
            ]
        return elements.group_by(self.by).agg(nw.len().cast(nw.Int64()).alias(self.column("rows")), *taken)

    @property
    def key(self) -> str | None:
        """Return the column of the key of the elements, if there is one."""
        if self.layout is None or self.record.key is None:
            return None
        return self.layout.column(self.record.key)

    def broken(self, stated: Column | None, *, keys: bool) -> Truth:
        """Return where the list is left to the reference; `keys` whether its keys are counted."""
        found: list[Truth] = []
        if self.layout is not None:
            found += [columns.col(self.column("broken")) > 0, self.rows > ROWS_LIMIT]
            if keys and self.key is not None:
                keyless, distinct = (columns.col(self.column(name)).cast(nw.Int64()) for name in ("keyless", "keys"))
                several = columns.when(keyless > 0).then(keyless - 1).otherwise(keyless)
                found.append(distinct + several < self.rows)
        if stated is not None:
            found.append(self.rows.fill_null(0) != stated)
        return terms.any_of(found)


def _counted(truth: Truth, true: int, unknown: int) -> Column:
    """Return a number for each element: what one for which the truth is true counts, and one for which it is unknown."""
    if terms.is_constant(truth):
        return columns.lit(true if truth is True else unknown if truth is None else 0, dtype=nw.Int64())
    zero, one, other = (columns.lit(number, dtype=nw.Int64()) for number in (0, true, unknown))
    chosen = columns.when(truth).then(one)
    return (chosen.when(truth.is_null()).then(other) if unknown else chosen).otherwise(zero)
