"""The columns of facts into values over columns, and into guards: what a row must keep to for compiled code to be right.

A guard is true or unknown in every row that compiled code may answer. A row in which one is false is left to the
reference, which finds what is wrong with it, or answers it if nothing is.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals as nw
from attrs import define, field, frozen

from cedu_rules import values
from cedu_rules.backends.frame import columns, terms
from cedu_rules.backends.frame.cells import TIDY, form_of, in_range, is_words, words_of
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.layout import Layout
from cedu_rules.backends.frame.leaves import FLOAT, INTEGER, Choice, Day, Measure, Text
from cedu_rules.backends.frame.numbers import Term
from cedu_rules.backends.frame.terms import NoFastForm, Truth
from cedu_rules.model.ir import Expression, Fact
from cedu_rules.model.types import Type
from cedu_rules.truth import Interval
from cedu_rules.values import FIRST_DAY, LAST_DAY

_DIGITS = {True: 6, False: 4}


@define(eq=False)
class Guards:
    """What every row has to keep to, by what it is about."""

    limit: int
    wraps: bool
    held: dict[str, Truth] = field(factory=dict)

    def add(self, about: str, truth: Truth) -> None:
        """Require a truth; a constant true one requires nothing."""
        if truth is not True:
            self.held[about] = truth

    def broken(self) -> Truth:
        """Return where some guard is false."""
        return terms.any_of(terms.negate(truth) for truth in self.held.values())


@frozen(eq=False)
class Members:
    """A set: a truth for each member."""

    truths: tuple[Truth, ...]


@frozen(eq=False)
class Years:
    """A series: its numbers from `first` on; `other` is what is known of any other year; `given`: it is not missing."""

    first: int
    values: tuple[Any, ...]
    other: Any
    given: Truth
    exists: Truth = True

    @property
    def last(self) -> int:
        """The last year."""
        return self.first + len(self.values) - 1


@define(eq=False)
class Facts:
    """The facts of one owner, each read once."""

    facts: Sequence[Fact]
    layout: Layout
    guards: Guards
    condition: Callable[[Expression], Truth]
    name: str = ""
    _values: dict[str, Any] = field(factory=dict)
    _conditions: dict[str, Truth] = field(factory=dict)

    def fact(self, name: str) -> Fact:
        """Return the declaration."""
        return next(fact for fact in self.facts if fact.name == name)

    def value(self, name: str) -> Any:  # noqa: ANN401 -- which kind of value follows from the type
        """Return what is known of a fact."""
        if name not in self._values:
            self._values[name] = self._read(self.fact(name))
        return self._values[name]

    def exists(self, fact: Fact) -> Truth:
        """Return whether the condition of the fact holds."""
        if fact.condition is None:
            return True
        if fact.name not in self._conditions:
            self._conditions[fact.name] = self.condition(fact.condition)
        return self._conditions[fact.name]

    def existence(self, name: str) -> Truth:
        """Return whether the fact exists; a given value does under an unknown condition, unless none looks the same."""
        fact = self.fact(name)
        if fact.condition is None or fact.otherwise is not None:
            return True
        value = self.value(name)
        return terms.any_of((self.exists(fact), self._differs(fact, value)))

    def _differs(self, fact: Fact, value: Any) -> Truth:  # noqa: ANN401
        """Return whether a value is given that is not the one of a fact that does not exist."""
        match value:
            case Measure():
                return (value.column != 0).fill_null(False)
            case Choice() | Text() | Day() if value.column is not None:
                return ~columns.col(self.layout.column(fact.name) or fact.name).is_null()
        if fact.type.kind == "bool":
            return terms.column(value).fill_null(False)
        raise NoFastForm("existence")

    # --- columns ---

    def _column(self, name: str, part: str | None = None) -> tuple[Column, Any] | tuple[None, None]:
        found = self.layout.column(name, part)
        return (None, None) if found is None else (columns.col(found), self.layout.types[found])

    def _refused(self, fact: Fact, column: Column, part: str | None = None) -> None:
        """Leave every row with a value in this column to the reference."""
        self.guards.add(f"{self.name}{fact.name}.{part}:type", column.is_null())

    def _guard(self, fact: Fact, what: str, truth: Truth) -> None:
        self.guards.add(f"{self.name}{fact.name}:{what}", truth)

    def _read(self, fact: Fact) -> Any:  # noqa: ANN401
        match fact.type.kind:
            case "number":
                return self._number(fact, fact.type, None)
            case "bool":
                return self._truth(fact)
            case "choice" | "level":
                return self._choice(fact)
            case "date":
                return self._day(fact)
            case "text":
                return self._text(fact)
            case "set":
                return self._members(fact)
            case "series":
                return self._years(fact)
        raise NoFastForm("list")

    # --- numbers ---

    def _number(self, fact: Fact, type_: Type, part: str | None) -> Measure:
        column, dtype = self._column(fact.name, part)
        form = form_of(dtype)
        if column is not None and form is None:
            self._refused(fact, column, part)
        if column is None or form is None:
            column, form = columns.lit(None, dtype=nw.Int64()), INTEGER
        else:
            column = column.cast(nw.Float64()) if form == FLOAT and dtype != nw.Float64() else column
            self._guard(fact, f"{part}:range", in_range(column, form, type_))
        missing = values.declared(type_)
        if part is None and fact.condition is not None:
            column = self._absent(fact, column, form, missing)
        key = f"{self.name}{fact.name}.{part}:scale"
        return Measure(column, form, type_.data_factor, missing, lambda measure: self._scaled(key, type_, measure))

    def _absent(self, fact: Fact, column: Column, form: str, missing: Interval) -> Column:
        """Return the column with the value that the fact has where it does not exist."""
        absent = values.absent(fact).point
        cell = Fraction(absent) / fact.type.data_factor
        if (form == INTEGER and cell.denominator != 1) or Fraction(repr(float(cell))) != cell:
            raise NoFastForm("else")
        there = self.exists(fact)
        not_there = terms.negate(there)
        number = int(cell) if form == INTEGER else float(cell)
        self._guard(fact, "exists", terms.negate(terms.all_of((not_there, column != number))))
        if there is True:
            return column
        if not missing.low <= absent <= missing.high:
            known = terms.any_of((there, not_there))
            self._guard(fact, "doubt", terms.any_of((~column.is_null(), _is_known(known))))
        if terms.is_constant(there):
            return column.fill_null(number) if there is False else column
        return columns.when(column.is_null() & not_there).then(columns.lit(number)).otherwise(column)

    def _scaled(self, key: str, type_: Type, measure: Measure) -> Term:
        """Return the column as integers; a number with more digits, or a larger one, is left to the reference."""
        limit = self.guards.limit
        column = measure.column
        if measure.form == INTEGER:
            fits = column.is_between(-limit, limit)
            self.guards.add(key, fits)
            value = column if self.guards.wraps else columns.when(fits).then(column)
            return Term(value.cast(nw.Int64()), measure.factor, limit)
        digits = 0 if type_.whole and measure.factor == type_.data_factor == 1 else _DIGITS[type_.is_percent]
        fits = (column.round(digits) == column) & column.is_between(-limit / 10**digits, limit / 10**digits)
        self.guards.add(key, fits)
        value = (columns.when(fits).then(column) * 10.0**digits).round(0).cast(nw.Int64())
        return Term(value, measure.factor / 10**digits, limit)

    # --- what has no order, or one of its own ---

    def _truth(self, fact: Fact) -> Truth:
        column, dtype = self._column(fact.name)
        there, absent = self.exists(fact), values.absent(fact)
        if column is not None and dtype != nw.Boolean():
            self._refused(fact, column)
            column = None
        given: Truth = None if column is None else column
        if there is True:
            return given
        not_there = terms.negate(there)
        self._guard(fact, "exists", terms.negate(terms.all_of((not_there, negate_if(given, wanted=not absent)))))
        if absent is False:
            return terms.choose_null(given, terms.all_of((there, None)))
        return terms.choose_null(given, terms.any_of((not_there, None)))

    def _choice(self, fact: Fact) -> Choice:
        column, dtype = self._column(fact.name)
        words = words_of(fact.type)
        if column is not None and not is_words(dtype):
            self._refused(fact, column)
        if column is None or not is_words(dtype):
            column = columns.lit(None, dtype=nw.String())
        else:
            column = column if dtype == nw.String() else column.cast(nw.String())
            self._guard(fact, "member", column.is_in([word for listed in words for word in listed]))
        there = self.exists(fact)
        given = ~column.is_null()
        if there is True:
            return Choice(column, words)
        not_there = terms.negate(there)
        if fact.otherwise is None:
            self._guard(fact, "exists", terms.negate(terms.all_of((not_there, given))))
            return Choice(column, words, terms.any_of((given, there)))
        index = fact.type.position(str(fact.otherwise.data)) or 0
        other = ~column.is_in(list(words[index]))
        self._guard(fact, "exists", terms.negate(terms.all_of((not_there, other))))
        filled = terms.choose(terms.all_of((column.is_null(), not_there)), columns.lit(words[index][0]), column)
        return Choice(filled, words)

    def _day(self, fact: Fact) -> Day:
        column, dtype = self._column(fact.name)
        missing = values.declared(fact.type)
        if column is not None and dtype != nw.Date():
            self._refused(fact, column)
        if column is None or dtype != nw.Date():
            column = columns.lit(None, dtype=nw.Date())
        else:
            ends = [max(int(missing.low), FIRST_DAY + 1), min(int(missing.high), LAST_DAY - 1)]
            low, high = (columns.lit(date.fromordinal(end), dtype=nw.Date()) for end in ends)
            self._guard(fact, "range", (column >= low) & (column <= high))
        there = self.exists(fact)
        if there is True:
            return Day(column, missing)
        if fact.otherwise is not None:
            return Day(self._absent_day(fact, column, missing), missing)
        given = ~column.is_null()
        self._guard(fact, "exists", terms.negate(terms.all_of((terms.negate(there), given))))
        return Day(column, missing, terms.any_of((given, there)))

    def _absent_day(self, fact: Fact, column: Column, missing: Interval) -> Column:
        """Return the column with the day that the fact has where it does not exist."""
        absent = int(values.absent(fact).low)
        there, day = self.exists(fact), columns.lit(date.fromordinal(absent), dtype=nw.Date())
        not_there = terms.negate(there)
        self._guard(fact, "exists", terms.negate(terms.all_of((not_there, column != day))))
        if not missing.low <= absent <= missing.high:
            known = terms.any_of((there, not_there))
            self._guard(fact, "doubt", terms.any_of((~column.is_null(), _is_known(known))))
        return terms.choose(terms.all_of((column.is_null(), not_there)), day, column)

    def _text(self, fact: Fact) -> Text:
        column, dtype = self._column(fact.name)
        if column is not None and not is_words(dtype):
            self._refused(fact, column)
        if column is None or not is_words(dtype):
            column = columns.lit(None, dtype=nw.String())
        else:
            column = column if dtype == nw.String() else column.cast(nw.String())
            self._guard(fact, "blanks", column.contains(TIDY))
        there = self.exists(fact)
        if there is True:
            return Text(column)
        if fact.otherwise is not None:
            raise NoFastForm("text with `else`")
        given = ~column.is_null()
        self._guard(fact, "exists", terms.negate(terms.all_of((terms.negate(there), given))))
        return Text(column, terms.any_of((given, there)))

    # --- sets and series ---

    def _members(self, fact: Fact) -> Members:
        given = [self._member(fact, member.name) for member in fact.type.members]
        there = self.exists(fact)
        if there is True:
            return Members(tuple(given))
        absent, not_there = values.absent(fact), terms.negate(there)
        listed = [terms.column(each) for each in given]
        any_given = terms.any_of(~each.is_null() for each in listed)
        wrong = terms.any_of(
            any_of_null(each, other=terms.negate(each) if wanted else each)
            for each, wanted in zip(listed, absent, strict=True)
        )
        self._guard(fact, "exists", terms.negate(terms.all_of((not_there, any_given, wrong))))
        if any(absent):
            raise NoFastForm("set with `else`")
        return Members(tuple(terms.choose_null(each, terms.all_of((there, None))) for each in listed))

    def _member(self, fact: Fact, member: str) -> Truth:
        column, dtype = self._column(fact.name, member)
        if column is not None and dtype != nw.Boolean():
            self._refused(fact, column, member)
            return None
        return column

    def _years(self, fact: Fact) -> Years:
        element = fact.type.element
        if element is None:
            raise AssertionError(fact.name)
        years = list(self.layout.years(fact.name))
        unknown = columns.lit(None, dtype=nw.Int64())
        other = Measure(unknown, INTEGER, element.data_factor, values.declared(element), _no_scale)
        there = self.exists(fact)
        if not years:
            return Years(0, (), other, given=False, exists=there)
        listed = tuple(self._number(fact, element, str(year)) for year in range(years[0], years[-1] + 1))
        given = terms.any_of(~columns.col(column).is_null() for column in self.layout.years(fact.name).values())
        self._guard(fact, "exists", terms.negate(terms.all_of((terms.negate(there), given))))
        return Years(years[0], listed, other, given, terms.any_of((there, given)))


def _is_known(truth: Truth) -> Truth:
    return truth is not None if terms.is_constant(truth) else ~truth.is_null()


def _no_scale(measure: Measure) -> Term:
    return Term(measure.column, Fraction(1), 1)


def negate_if(truth: Truth, *, wanted: bool) -> Truth:
    """Return the truth, or its negation where false is wanted."""
    return truth if wanted else terms.negate(truth)


def any_of_null(column: Column, *, other: Truth) -> Truth:
    """Return whether the column is null or `other` is true."""
    return terms.any_of((column.is_null(), other))
