"""Given values into possible ones, and the arithmetic of possible values that the operators of the language need.

The vocabulary of `semantics`: an `Interval` for a number or date, `Options` for a choice, level or text, a truth for a
bool, a tuple of truths for a set, a `Series`, a tuple of elements for a list and None for a missing list.
"""

import functools
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from cedu_rules.model.ir import Expression, Fact
from cedu_rules.model.types import Type
from cedu_rules.truth import (
    ANY_NUMBER,
    INFINITY,
    Interval,
    Number,
    Options,
    Series,
    Truth,
    agree,
    all_of,
    any_of,
    highest,
    lowest,
)

Value: TypeAlias = Any
"""One of the above; which one follows from the type of the expression."""

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
ZERO = Interval(0, 0)
AT_LEAST_ZERO = Interval(0, INFINITY)
NOTHING = Interval(INFINITY, -INFINITY, exists=False)
"""The day or level that does not exist: the hull with it adds no value."""


# --- what is given ---------------------------------------------------------------------------------------------------


def declared(type_: Type) -> Interval:
    """Return every number or day that a declaration allows."""
    ends = (FIRST_DAY, LAST_DAY) if type_.kind == "date" else (-INFINITY, INFINITY)
    return Interval(ends[0] if type_.low is None else type_.low, ends[1] if type_.high is None else type_.high)


def possible(type_: Type, given: Any) -> Value:  # noqa: ANN401
    """Return what a given value means, or for None what a missing one may be."""
    match type_.kind:
        case "number":
            number = None if given is None else Fraction(given) * type_.data_factor
            return declared(type_) if number is None else Interval(number, number)
        case "date":
            return declared(type_) if given is None else Interval(given.toordinal(), given.toordinal())
        case "choice" | "level":
            return Options(frozenset(range(len(type_.members)) if given is None else [_index(type_, given)]))
        case "text":
            return Options(None if given is None else frozenset([given]))
        case "set":
            return tuple(None if given is None else given.get(member.name) for member in type_.members)
        case "series" if type_.element is not None:
            years = range(min(given), max(given) + 1) if given else range(0)
            values = tuple(possible(type_.element, given.get(year)) for year in years)
            return Series(years.start, values, declared(type_.element))
    return given


def _index(type_: Type, member: str) -> int:
    index = type_.position(member)
    if index is None:
        raise AssertionError(member)  # records and models hold members only
    return index


def constant(expression: Expression) -> Value:
    """Return the value of a constant."""
    data = expression.data
    if isinstance(data, Fraction):  # in base units already
        return Interval(data, data)
    return possible(expression.type, data)


def absent(fact: Fact) -> Value:
    """Return the value of a fact where it does not exist: its `else`, or none."""
    if fact.otherwise is not None:
        return constant(fact.otherwise)
    match fact.type.kind:
        case "number":
            return ZERO
        case "bool":
            return False
        case "date":
            return NOTHING
        case "set":
            return (False,) * len(fact.type.members)
        case "series":
            return Series(0, (), ZERO, exists=False)
        case "list":
            return ()
    return Options(frozenset(), exists=False)


def unknown(type_: Type) -> Value:
    """Return the value of which nothing is known but its type."""
    return ANY_NUMBER if type_.kind == "number" else possible(type_, None)


# --- choosing and comparing ------------------------------------------------------------------------------------------


def join(left: Value, right: Value) -> Value:
    """Return every value that either may have."""
    if isinstance(left, Series):
        return left._replace(exists=agree(left.exists, right.exists))
    if isinstance(left, (Interval, Options)):
        return left.join(right)
    if isinstance(left, tuple):
        return tuple(agree(one, other) for one, other in zip(left, right, strict=True))
    return agree(left, right) if isinstance(left, bool) else None


def hull(options: list[Value], type_: Type) -> Value:
    """Return every value that one of the options may have."""
    return functools.reduce(join, options) if options else unknown(type_)


def compare(operator: str, left: Value, right: Value) -> Truth:
    """Return the comparison; none holds with what does not exist."""
    if isinstance(left, (Interval, Options)):
        return all_of((left.exists, right.exists, left.compare(operator, right)))
    return None if left is None or right is None else left is right


def extreme(choose: Callable[[list[Interval]], Interval], items: tuple[Value, ...], type_: Type) -> Value:
    """Return the lowest or highest of numbers, days or levels."""
    return interval_as_level(choose([level_as_interval(item) for item in items]), type_)


def level_as_interval(value: Value) -> Interval:
    """Return a number or day as it is, a level as the interval of its positions."""
    if isinstance(value, Interval):
        return value
    return Interval(min(value.values), max(value.values), value.exists) if value.values else NOTHING


def interval_as_level(value: Interval, type_: Type) -> Value:
    """Return the interval as a value of the type: for a level, the members that lie in it."""
    if type_.kind != "level":
        return value
    members = range(int(value.low), int(value.high) + 1) if value.exists is not False else ()
    return Options(frozenset(members), value.exists)


# --- numbers, series, dates ------------------------------------------------------------------------------------------


def lifted(function: Callable[[Interval, Interval], Interval]) -> Callable[[Value, Value], Value]:
    """Return the arithmetic for numbers and, year by year, for series."""

    def arithmetic(left: Value, right: Value) -> Value:
        if isinstance(left, Series):
            if isinstance(right, Series):
                return left.combined(right, function)
            return left.mapped(lambda value: function(value, right))
        return right.mapped(lambda value: function(left, value)) if isinstance(right, Series) else function(left, right)

    return arithmetic


add, multiply, divide = lifted(Interval.plus), lifted(Interval.times), lifted(Interval.over)


def each(function: Callable[[Interval], Interval], value: Value) -> Value:
    """Return `function` of a number, or of every year of a series."""
    return value.mapped(function) if isinstance(value, Series) else function(value)


def of_series(series: Series, value: Interval) -> Interval:
    """Return a value read from a series; 0 where the series does not exist."""
    return value if series.exists is True else ZERO if series.exists is False else value.join(ZERO)


def later(day: Interval, amount: Interval, unit: str) -> Interval:
    """Return the day so many `days` or `months` later; any day where the number is unknown or not whole."""
    number = amount.point
    exists = all_of((day.exists, amount.exists))
    if exists is False:
        return NOTHING
    if number is None or number != int(number):
        return Interval(FIRST_DAY, LAST_DAY, exists)
    return Interval(_step(day.low, int(number), unit), _step(day.high, int(number), unit), exists)


def _step(day: Number, amount: int, unit: str) -> int:
    """Return the day after a calendar step, kept within the calendar and the month."""
    from calendar import monthrange  # noqa: PLC0415 -- slow to import, and seldom needed

    if unit == "days":
        return min(max(int(day) + amount, FIRST_DAY), LAST_DAY)
    start = date.fromordinal(int(day))
    year, month = divmod(start.year * 12 + start.month - 1 + amount, 12)
    if not date.min.year <= year <= date.max.year:
        return FIRST_DAY if year < date.min.year else LAST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def year_of(day: Interval) -> Interval:
    """Return the calendar year of a day."""
    return day.mapped(lambda end: end if isinstance(end, float) else date.fromordinal(int(end)).year)


# --- statistics over certain elements and those that are only possible -----------------------------------------------


def some(certain: list[Truth], maybe: list[Truth], _expression: Expression) -> Truth:
    """Return whether the condition holds for an element that is in the filter."""
    return any_of([*certain, *(all_of((None, truth)) for truth in maybe)])


def number(certain: list[Value], maybe: list[Value], _expression: Expression) -> Interval:
    """Return how many elements there are."""
    return Interval(len(certain), len(certain) + len(maybe))


def total(certain: list[Value], maybe: list[Value], _expression: Expression) -> Interval:
    """Return the sum; a possible element adds its value or nothing."""
    return functools.reduce(Interval.plus, [*certain, *(value.join(ZERO) for value in maybe)], ZERO)


def least(certain: list[Value], maybe: list[Value], expression: Expression) -> Value:
    """Return the smallest; a possible element may make it smaller. Unknown without a certain element."""
    if not certain:
        return unknown(expression.type)
    ends = [level_as_interval(value) for value in certain]
    low = lowest([*ends, *(level_as_interval(value) for value in maybe)]).low
    return interval_as_level(Interval(low, lowest(ends).high), expression.type)


def greatest(certain: list[Value], maybe: list[Value], expression: Expression) -> Value:
    """Return the greatest; a possible element may make it greater. Unknown without a certain element."""
    if not certain:
        return unknown(expression.type)
    ends = [level_as_interval(value) for value in certain]
    high = highest([*ends, *(level_as_interval(value) for value in maybe)]).high
    return interval_as_level(Interval(highest(ends).low, high), expression.type)


def mean(certain: list[Value], maybe: list[Value], expression: Expression) -> Interval:
    """Return the extreme means of the certain elements and any of the possible. Unknown without a certain element."""
    if not certain:
        return unknown(expression.type)  # type: ignore[no-any-return]
    low = _lowest_mean([value.low for value in certain], [value.low for value in maybe])
    high = _lowest_mean([-value.high for value in certain], [-value.high for value in maybe])
    return Interval(low, -high)


def _lowest_mean(certain: list[Number], maybe: list[Number]) -> Number:
    """Return the mean, with every possible value that lowers it."""
    if -INFINITY in certain or -INFINITY in maybe:
        return -INFINITY
    amount, number = Fraction(sum(certain)), len(certain)
    for value in sorted(maybe):
        if value * number < amount:
            amount, number = amount + Fraction(value), number + 1
    return amount / number


def distinct(certain: list[Value], maybe: list[Value], _expression: Expression) -> Interval:
    """Return how many different keys there are."""
    keys = [_known(value) for value in certain]
    known = {key for key in keys if key is not None}
    possible_keys = keys + [_known(value) for value in maybe]
    highest_number = len({key for key in possible_keys if key is not None}) + possible_keys.count(None)
    return Interval(max(len(known), min(1, len(certain))), highest_number)


def _known(value: Value) -> Number | str | None:
    if isinstance(value, Interval):
        return value.point
    return next(iter(value.values)) if value.values is not None and len(value.values) == 1 else None
