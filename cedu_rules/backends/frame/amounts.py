"""Comparisons into what is lacking row by row, read off the columns that compiled code compares."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from cedu_rules.backends.frame import terms
from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.leaves import Measure
from cedu_rules.backends.frame.numbers import Number
from cedu_rules.backends.frame.plan import Plan
from cedu_rules.backends.frame.task import Lacking
from cedu_rules.backends.frame.terms import NoFastForm
from cedu_rules.model.ir import Expression

Row = Mapping[str, Any]


@frozen(eq=False)
class Side:
    """A number in columns, `factor` base units each: `value`, over `below` where there is one; a constant has neither."""

    name: str
    factor: Fraction
    value: Column | None
    below: Column | None

    @classmethod
    def of(cls, plan: Plan, name: str, expression: Expression) -> "Side":
        """Return a side of a comparison; raises `NoFastForm`."""
        found = plan.translator.truth(expression)
        if isinstance(found, Measure):
            return cls(name, found.factor, found.column, None)
        if isinstance(found, Number):
            return cls(name, found.known.factor, found.known.value, found.known.below)
        raise NoFastForm("no number")

    def columns(self) -> dict[str, Column]:
        """Return the columns that are read, by the names under which a row holds them."""
        found = {f"{self.name}value": self.value, f"{self.name}below": self.below}
        return {name: column for name, column in found.items() if column is not None}

    def number(self, row: Row) -> Fraction | None:
        """Return the number of base units in a row that compiled code may answer, None where it is not known."""
        if self.value is None:
            return self.factor
        value, below = row[f"{self.name}value"], 1 if self.below is None else row[f"{self.name}below"]
        if value is None or below is None:
            return None
        return (Fraction(value) if isinstance(value, int) else Fraction(repr(value))) * self.factor / below


@frozen(eq=False)
class Compared:
    """A comparison of numbers in columns, their names beginning with `name`: its sides, and what it answers."""

    name: str
    comparison: Expression
    have: Side
    want: Side
    answers: tuple[Column, Column]

    @classmethod
    def of(cls, plan: Plan, lacking: Lacking, comparison: Expression, number: int = 0) -> "Compared | None":
        """Return it; None where it has no form over columns."""
        name = f"__compared{number}__"
        translator = plan.translator
        try:
            have, want = (Side.of(plan, f"{name}{at}", side) for at, side in enumerate(lacking.sides(comparison)))
            left, right = map(translator.truth, comparison.operands)
            answer, same = (translator.compared(operator, left, right) for operator in (comparison.operator, "="))
            return cls(name, comparison, have, want, (terms.column(answer), terms.column(same)))
        except NoFastForm:
            return None

    def columns(self) -> dict[str, Column]:
        """Return the columns of the numbers that are compared."""
        return {**self.have.columns(), **self.want.columns()}

    def marks(self) -> dict[str, Column]:
        """Return the columns of what it answers, and whether its sides are equal."""
        return {f"{self.name}answer{at}": answer for at, answer in enumerate(self.answers)}

    def known(self, row: Row) -> Iterator[bool]:
        """Yield whether each of its numbers is known in a row."""
        yield from (row[name] is not None for name in self.columns())

    def gap(self, lacking: Lacking, row: Row) -> str | None:
        """Return what is lacking in a row in which all is known."""
        have, want = self.have.number(row), self.want.number(row)
        if have is None or want is None:
            raise AssertionError(self.comparison.span.text)
        return lacking.gap(self.comparison, have, want)
