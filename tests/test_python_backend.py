"""The Python backend answers as the reference does, for every clause, record and day."""

from datetime import date
from types import SimpleNamespace

from generated_standards import DAYS, RICH_MODEL, models, records
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cedu_rules.backends.python import compile_clause, compile_standard
from cedu_rules.model.ir import Model
from cedu_rules.semantics import Evaluation
from cedu_rules.validity import find_contradictions

thorough = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(models(), st.lists(st.tuples(records(), DAYS), min_size=3, max_size=6))
def test_statuses_are_those_of_the_reference(model: Model, cases: list[tuple[SimpleNamespace, date | None]]) -> None:
    """The fused function gives for every record and day what the reference gives clause by clause."""
    compiled = compile_standard(model)
    for record, day in cases:
        evaluation = Evaluation(model, record, day)
        expected = tuple(evaluation.status(clause) for clause in model.clauses)

        assert expected == compiled.statuses(record, day)
