"""The examples of a standard into cases: records that are read once, and evaluated as often as somebody asks."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from cedu_rules.model.ir import Model
from cedu_rules.records import Record, attempt, record_class
from cedu_rules.semantics import Evaluation
from cedu_rules.standard import Standard
from cedu_rules.validity import is_contradictory

INVALID = "invalid"
DECIDED = frozenset({"pass", "fail", "not_applicable", "not_met"})


@frozen(eq=False)
class Case:
    """Values that the author wrote or the search found, as a record on a day, and the status of the clause there.

    The status is `invalid` where the values contradict one another.
    """

    clause: str
    values: Mapping[str, Any] = field(repr=False)
    record: Record = field(repr=False)
    day: date | None
    status: str


@frozen(eq=False)
class Bench:
    """A standard on which values are tried."""

    standard: Standard

    @property
    def model(self) -> Model:
        """The model of the standard."""
        return self.standard.model

    @cached_property
    def _record(self) -> type[Record]:
        """The class of records that may contradict themselves: what a check refuses is the check's to say."""
        return record_class(self.model, digest=f"{self.standard.digest} unchecked")

    def case(self, clause: str, values: Mapping[str, Any]) -> Case | None:
        """Return the case of such values, or None where one of them can be no value of its fact."""
        given = dict(values)
        day = given.pop("assessed_on", None)
        on = date.fromisoformat(str(day)) if day is not None else None
        record, _issues = attempt(self._record, given)
        if record is None:
            return None
        return Case(clause, values, record, on, status_in(self.model, clause, record, on, checked=True))

    @cached_property
    def cases(self) -> dict[str, list[Case]]:
        """The cases of each clause: of those of its examples that hold."""
        found: dict[str, list[Case]] = {}
        for clause in self.model.clauses:
            made = [(example.status, self.case(clause.id, example.values)) for example in clause.examples]
            found[clause.id] = [case for status, case in made if case is not None and case.status == status]
        return found


def status_in(model: Model, clause: str, record: Record, day: date | None, *, checked: bool) -> str:
    """Return the status of the clause as a model has it, which may be a mutant; `checked` looks for contradictions."""
    if checked and is_contradictory(model, record, day):
        return INVALID
    return Evaluation(model, record, day).status(model.clauses_by_id[clause]).value
