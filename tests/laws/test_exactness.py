"""Arithmetic is exact: the interpreter agrees with an evaluator on `fractions` that works on the text alone."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules.testing.drafts import Draft
from cedu_rules.testing.exactness import CLAUSE, FACTS, assert_exact, assert_step_is_exact, comparisons
from cedu_rules.testing.histories import World, model_from


@pytest.mark.parametrize("form", ["any", "ratio", "halves", "close"])
@given(data=st.data())
def test_comparison_is_that_of_fractions(form: str, data: st.DataObject) -> None:
    """With complete data a comparison holds exactly when it holds for the rational numbers as written."""
    assert_exact(data.draw(comparisons(form)))


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        ("a + 0.2 = 0.3", {"a": Fraction(1, 10)}),
        ("c / q = 60%", {"c": 21, "q": 35}),
        ("q * 1/100000 = c", {"q": 300_000, "c": 3}),
        ("y = 500 m2", {"y": Fraction(3, 4)}),
        ("w = q * 1 yuan", {"w": Fraction("3.0018"), "q": 30_018}),
        ("x + x + x >= 500 m2", {"x": Fraction(500, 3)}),
    ],
)
def test_number_as_written_decides(condition: str, facts: dict[str, Fraction | int]) -> None:
    """Sums, ratios and units that binary floating point gets wrong come out as on paper."""
    model = model_from(FACTS + CLAUSE.format(condition))

    assert World(model, Draft(**facts), None).evaluation().value(model.clauses[0].requirements[0].condition) is True


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-50, 50))
def test_months_end_where_the_calendar_ends(day: date, months: int) -> None:
    """A step of months keeps the day of the month, or takes the last one there is."""
    assert_step_is_exact(day, months)
