"""The sides of a comparison into exact numbers row by row, read off the columns that compiled code compares."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from cedu_rules.backends.frame.columns import Column
from cedu_rules.backends.frame.leaves import Measure
from cedu_rules.backends.frame.numbers import Number
from cedu_rules.backends.frame.plan import Plan
from cedu_rules.backends.frame.terms import NoFastForm
from cedu_rules.model.ir import Expression


@frozen(eq=False)
class Side:
    """A number in columns, `factor` base units each: `value`, over `below` where there is one; a constant has neither."""

    name: str
    factor: Fraction
    value: Column | None = None
    below: Column | None = None

    def columns(self) -> dict[str, Column]:
        """Return the columns that are read, by the names under which a row holds them."""
        found = {f"{self.name}__value": self.value, f"{self.name}__below": self.below}
        return {name: column for name, column in found.items() if column is not None}

    def number(self, row: Mapping[str, Any]) -> Fraction | None:
        """Return the number of base units in a row that compiled code may answer, None where it is not known."""
        if self.value is None:
            return self.factor
        value, below = row[f"{self.name}__value"], 1 if self.below is None else row[f"{self.name}__below"]
        if value is None or below is None:
            return None
        return (Fraction(value) if isinstance(value, int) else Fraction(repr(value))) * self.factor / below


def side_of(plan: Plan, name: str, expression: Expression) -> Side | None:
    """Return a side of a comparison; None where it has no form over columns."""
    try:
        found = plan.translator.truth(expression)
    except NoFastForm:
        return None
    if isinstance(found, Measure):
        return Side(name, found.factor, found.column)
    if isinstance(found, Number):
        return Side(name, found.known.factor, found.known.value, found.known.below)
    return None
