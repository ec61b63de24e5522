"""Expressions over the columns of a frame, as values: what several need is found and computed once.

A `Column` says what is to be computed and knows no engine. `staged` writes a set of them in the expressions of narwhals, in
steps: what occurs more than once becomes a column of its own in an earlier step, because engines that find such parts by
themselves do not look behind `or` and `case`, or look at length. Every part is defined for every row (nothing divides, nothing that could
overflow is computed unmasked), so that it does not matter where it is computed.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import narwhals as nw
from attrs import frozen

from cedu_rules.model.graph import post_order

_STEP = "__step"
_COSTS = {"column": 0, "literal": 0, "is_in": 4, "contains": 8, "case": 2, "between": 2}
_WORTH = 2
"""What occurs several times is a column of its own if it takes so many operations."""


@frozen(eq=False)
class Column:
    """An operator on columns; `data` is what else it needs: a name, a literal with its type, bounds, words."""

    operator: str
    operands: tuple["Column", ...] = ()
    data: Any = None

    def _with(self, operator: str, other: object) -> "Column":
        return Column(operator, (self, as_column(other)))

    def __and__(self, other: object) -> "Column":
        return self._with("and", other)

    def __or__(self, other: object) -> "Column":
        return self._with("or", other)

    def __add__(self, other: object) -> "Column":
        return self._with("+", other)

    def __sub__(self, other: object) -> "Column":
        return self._with("-", other)

    def __mul__(self, other: object) -> "Column":
        return self._with("*", other)

    def __mod__(self, other: object) -> "Column":
        return self._with("%", other)

    def __floordiv__(self, other: object) -> "Column":
        return self._with("//", other)

    def __eq__(self, other: object) -> "Column":  # type: ignore[override]  # an expression, as everywhere with columns
        return self._with("=", other)

    def __ne__(self, other: object) -> "Column":  # type: ignore[override]
        return self._with("!=", other)

    def __lt__(self, other: object) -> "Column":
        return self._with("<", other)

    def __le__(self, other: object) -> "Column":
        return self._with("<=", other)

    def __gt__(self, other: object) -> "Column":
        return self._with(">", other)

    def __ge__(self, other: object) -> "Column":
        return self._with(">=", other)

    __hash__ = object.__hash__

    def __invert__(self) -> "Column":
        return self.operands[0] if self.operator == "not" else Column("not", (self,))

    def __bool__(self) -> bool:
        """Refuse to be a truth: what a column holds differs from row to row."""
        raise AssertionError(self.operator)

    def is_null(self) -> "Column":
        """Return where there is no value."""
        inner = self.operands[0] if self.operator == "not" else self
        return Column("is_null", (inner,))

    def fill_null(self, value: object) -> "Column":
        """Return the value where there is none."""
        return Column("fill_null", (self,), _typed(value))

    def is_in(self, values: Iterable[object]) -> "Column":
        """Return whether the value is among these; null where there is none."""
        return Column("is_in", (self,), tuple(values))

    def is_between(self, low: object, high: object) -> "Column":
        """Return whether the value lies between the two, both included."""
        return Column("between", (self,), (_typed(low), _typed(high)))

    def round(self, digits: int) -> "Column":
        """Return the number rounded to so many digits."""
        return Column("round", (self,), digits)

    def cast(self, dtype: Any) -> "Column":  # noqa: ANN401 -- a type of narwhals
        """Return the value in another type."""
        return Column("cast", (self,), dtype)

    def year(self) -> "Column":
        """Return the year of a day."""
        return Column("year", (self,)).cast(nw.Int64())

    def ordinal(self) -> "Column":
        """Return the number of a day, 1 for the first one of the year 1."""
        before = self.year() - 1
        leaps = before // 4 - before // 100 + before // 400
        return before * 365 + leaps + Column("day_of_year", (self,)).cast(nw.Int64())

    def contains(self, pattern: str) -> "Column":
        """Return whether the text matches a regular expression."""
        return Column("contains", (self,), pattern)


@frozen(eq=False)
class Case(Column):
    """A column `when … then …`, null where no condition is true, which may go on."""

    def when(self, condition: object) -> "Conditional":
        """Return what comes if no condition so far is true but this one."""
        return Conditional(condition, self.operands)

    def otherwise(self, value: object) -> Column:
        """Return the column with a value where no condition is true."""
        return Column("case", (*self.operands, as_column(value)))


@frozen(eq=False)
class Conditional:
    """A condition that waits for its value."""

    condition: object
    before: tuple[Column, ...] = ()

    def then(self, value: object) -> Case:
        """Return the column with this value where the condition is true."""
        return Case("case", (*self.before, as_column(self.condition), as_column(value)))


def col(name: str) -> Column:
    """Return a column of the frame."""
    return Column("column", (), name)


def lit(value: object, dtype: Any = None) -> Column:  # noqa: ANN401 -- a type of narwhals
    """Return the column that holds a value in every row."""
    return Column("literal", (), (_typed(value), dtype))


def when(condition: object) -> Conditional:
    """Return the beginning of a choice."""
    return Conditional(condition)


def coalesce(first: Column, second: Column) -> Column:
    """Return the first value, or the second where there is none."""
    return Column("coalesce", (first, second))


def as_column(value: object) -> Column:
    """Return the value, or the column of it."""
    return value if isinstance(value, Column) else lit(value)


def _typed(value: object) -> tuple[object, str]:
    """Return a value that equals another only if they are written alike: 1 is not 1.0, 0.0 is not -0.0."""
    return value, repr(value)


# --- in narwhals -----------------------------------------------------------------------------------------------------


def staged(columns: Mapping[str, Column]) -> list[list[Any]]:
    """Return the expressions of narwhals that compute the columns, under their names, step by step."""
    kept = _canonical(columns.values())
    order = [each for each in kept if kept[each] is each]
    outputs = {name: kept[column] for name, column in columns.items()}
    levels = _levels(order, kept, outputs.values())
    written: dict[Column, Any] = {}
    steps: dict[int, list[Any]] = {}
    for number, each in enumerate(order):
        found = _WRITTEN[each.operator](each, [written[kept[operand]] for operand in each.operands])
        if each in levels:
            name = f"{_STEP}{number}"
            steps.setdefault(levels[each], []).append(found.alias(name))
            found = nw.col(name)
        written[each] = found
    return [*(steps[level] for level in sorted(steps)), [written[each].alias(name) for name, each in outputs.items()]]


def selected(frame: Any, kept: Iterable[str], columns: Mapping[str, Column]) -> Any:  # noqa: ANN401
    """Return a frame of narwhals with the columns `kept` and those that are computed, under their names."""
    *steps, last = staged(columns)
    for step in steps:
        frame = frame.with_columns(*step)
    return frame.select(*(nw.col(name) for name in kept), *last)


def _canonical(roots: Iterable[Column]) -> dict[Column, Column]:
    """Return every part, each after its own, with the one that stands for all that are alike."""
    seen: dict[Any, Column] = {}
    found: dict[Column, Column] = {}
    for each in post_order(roots, lambda column: column.operands)[0]:
        key = each.operator, tuple(id(found[operand]) for operand in each.operands), each.data
        found[each] = seen.setdefault(key, each)
    return found


def _levels(order: Iterable[Column], kept: Mapping[Column, Column], outputs: Iterable[Column]) -> dict[Column, int]:
    """Return the step of each part that gets one."""
    listed = list(order)
    uses: dict[Column, int] = dict.fromkeys(listed, 0)
    for used in (*outputs, *(kept[operand] for each in listed for operand in each.operands)):
        uses[used] += 1
    costs: dict[Column, int] = {}
    above: dict[Column, int] = {}
    varying: dict[Column, bool] = {}
    levels: dict[Column, int] = {}
    for each in listed:
        parts = [kept[operand] for operand in each.operands]
        costs[each] = _COSTS.get(each.operator, 1) + sum(costs[part] for part in parts)
        above[each] = max((above[part] for part in parts), default=0)
        varying[each] = each.operator == "column" or any(varying[part] for part in parts)
        if uses[each] > 1 and costs[each] >= _WORTH and varying[each]:  # Polars takes a column of one value for one row
            levels[each] = above[each] = above[each] + 1
            costs[each] = 0
    return levels


def _case(_: Column, operands: list[Any]) -> Any:  # noqa: ANN401
    pairs = zip(operands[::2], operands[1::2], strict=False)
    chain: Any = nw
    for condition, value in pairs:
        chain = chain.when(condition).then(value)
    return chain.otherwise(operands[-1]) if len(operands) % 2 else chain


_Written = Callable[[Column, list[Any]], Any]

_WRITTEN: dict[str, _Written] = {
    "column": lambda column, _: nw.col(column.data),
    "literal": lambda column, _: nw.lit(column.data[0][0], dtype=column.data[1]),
    "not": lambda _, operands: ~operands[0],
    "and": lambda _, operands: operands[0] & operands[1],
    "or": lambda _, operands: operands[0] | operands[1],
    "+": lambda _, operands: operands[0] + operands[1],
    "-": lambda _, operands: operands[0] - operands[1],
    "*": lambda _, operands: operands[0] * operands[1],
    "%": lambda _, operands: operands[0] % operands[1],
    "//": lambda _, operands: operands[0] // operands[1],
    "=": lambda _, operands: operands[0] == operands[1],
    "!=": lambda _, operands: operands[0] != operands[1],
    "<": lambda _, operands: operands[0] < operands[1],
    "<=": lambda _, operands: operands[0] <= operands[1],
    ">": lambda _, operands: operands[0] > operands[1],
    ">=": lambda _, operands: operands[0] >= operands[1],
    "is_null": lambda _, operands: operands[0].is_null(),
    "fill_null": lambda column, operands: operands[0].fill_null(column.data[0]),
    "is_in": lambda column, operands: operands[0].is_in(list(column.data)),
    "between": lambda column, operands: operands[0].is_between(column.data[0][0], column.data[1][0]),
    "round": lambda column, operands: operands[0].round(column.data),
    "cast": lambda column, operands: operands[0].cast(column.data),
    "contains": lambda column, operands: operands[0].str.contains(column.data),
    "year": lambda _, operands: operands[0].dt.year(),
    "day_of_year": lambda _, operands: operands[0].dt.ordinal_day(),
    "coalesce": lambda _, operands: nw.coalesce(*operands),
    "case": _case,
}
