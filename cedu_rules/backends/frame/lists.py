"""Aggregates over lists into sums a list frame gives by institution, joined to the rows of the institutions.

Everything that `all`, `any`, `count` and `sum` need of the elements is a number of elements, or a sum over them: how many
are certainly in the filter, how many may be, for how many the condition is false or unknown.
"""

from fractions import Fraction
from typing import Any

import narwhals as nw
from attrs import define, evolve, field

from cedu_rules.backends.frame import numbers, terms
from cedu_rules.backends.frame.facts import Facts
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.numbers import Number, Term
from cedu_rules.backends.frame.terms import Column, NoFastForm, Truth
from cedu_rules.model.ir import Fact, Record

ROWS_LIMIT = 1000
"""Sums are compiled for lists of at most so many elements."""

_COUNT = 10**9


@define(eq=False)
class ListPlan:
    """What is needed of the frame of one list: an integer column for each sum, over the elements of an institution."""

    fact: Fact
    record: Record
    layout: Layout | None
    elements: Facts
    sums: dict[str, Column] = field(factory=dict)
    given: Truth = None
    empty: Truth = False

    def column(self, name: str) -> str:
        """Return the name of a column that is joined to the institutions."""
        return f"__{self.fact.name}__{name}"

    def total(self, values: Column) -> Column:
        """Return the sum over the elements of a column of integers or truths, null where the institution has no rows."""
        name = self.column(str(len(self.sums)))
        self.sums[name] = values
        return nw.col(name).cast(nw.Int64()) if self.layout is not None else nw.lit(None, dtype=nw.Int64())

    @property
    def rows(self) -> Column:
        """The number of rows, null where there are none."""
        return (
            nw.col(self.column("rows")).cast(nw.Int64()) if self.layout is not None else nw.lit(None, dtype=nw.Int64())
        )

    # --- aggregates ---

    def number_where(self, truth: Truth) -> Column:
        """Return how many elements there are for which the truth is true; null without rows."""
        return self.total(terms.column(truth))

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
        found = self.number_where(against)
        doubtful = self.total(terms.column(against).is_null())
        without = terms.all_of((found == 0, doubtful == 0))
        true = terms.any_of((without.fill_null(False), self.empty))
        return terms.decided(true, found > 0)

    def number(self, sure: Truth) -> Number:
        """Return `count`."""
        if sure is True:
            rows = self._or_nothing(self.rows)
            return self._at_least_zero(rows, rows, rows, _COUNT, Fraction(1))
        certain = self.number_where(sure)
        maybe = self.total(terms.column(sure).is_null())
        known = self._or_nothing(nw.when(maybe == 0).then(certain))
        return self._at_least_zero(known, certain, self._or_nothing(certain + maybe), _COUNT, Fraction(1))

    def sum(self, sure: Truth, body: Number) -> Number:
        """Return `sum` of numbers that are never negative."""
        if body.least is None or body.least < 0 or body.known.below is not None:
            raise NoFastForm("sum of signed numbers")
        low, high, unit, size = numbers._aligned(body.lowest, body.highest)
        if size * ROWS_LIMIT >= numbers.SIZE_LIMIT:
            raise NoFastForm("size")
        zero = nw.lit(0, dtype=nw.Int64())
        maybe = terms.column(sure).fill_null(True)
        lowest = self.total(terms.choose(sure, low, zero).fill_null(0))
        highest = self.total(nw.when(maybe).then(high).otherwise(zero).fill_null(0))
        infinite = self.total(maybe & high.is_null())
        end = self._or_nothing(nw.when(infinite == 0).then(highest))
        known = nw.when(lowest.fill_null(0) == end).then(end)
        return self._at_least_zero(known, lowest, end, size * ROWS_LIMIT, unit)

    def _or_nothing(self, column: Column) -> Column:
        """Return the column, and 0 where the list is known to be empty."""
        if self.empty is False:
            return column
        return nw.when(self.empty).then(nw.lit(0, dtype=nw.Int64())).otherwise(column)

    def _at_least_zero(self, known: Column, low: Column, high: Column, size: int, unit: Fraction) -> Number:
        term = Term(known, unit, size)
        return Number(term, evolve(term, value=low.fill_null(0)), evolve(term, value=high), Fraction(0))

    # --- the frame ---

    @property
    def by(self) -> str:
        """The column by which the sums are joined."""
        return self.column("institution")

    def counted(self, frame: Any, twice: Column | bool | None, *, as_text: bool) -> Any:  # noqa: ANN401 -- lazy frames of narwhals
        """Return the sums by institution.

        Args:
            frame: The frame of the list.
            as_text: Whether the ids are compared as texts, where the frames differ in their type.
            twice: Where a key may stand twice, if the engine can tell; else keys are counted.
        """
        broken = terms.any_of((self.elements.guards.broken(), False if twice is None else twice))
        sums = {**self.sums, self.column("broken"): terms.column(broken)}
        key = self.key if twice is None else None
        keys = []
        if key is not None:
            sums[self.column("keyless")] = nw.col(key).is_null()
            keys = [nw.col(key).alias(self.column("key"))]
        institution = nw.col("institution").cast(nw.String()) if as_text else nw.col("institution")
        elements = frame.select(institution.alias(self.by), *(each.alias(name) for name, each in sums.items()), *keys)
        totals = [nw.col(name).sum() for name in sums]  # truths count as 1, and null as nothing
        distinct = [nw.col(self.column("key")).n_unique().alias(self.column("keys"))] if keys else []
        rows = nw.len().alias(self.column("rows"))
        return elements.group_by(self.by).agg(rows, *totals, *distinct)

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
            found += [nw.col(self.column("broken")) > 0, self.rows > ROWS_LIMIT]
            if keys and self.key is not None:
                keyless, distinct = nw.col(self.column("keyless")), nw.col(self.column("keys"))
                several = nw.when(keyless > 0).then(keyless - 1).otherwise(keyless)
                found.append(distinct + several < self.rows)
        if stated is not None:
            found.append(self.rows.fill_null(0) != stated)
        return terms.any_of(found)
