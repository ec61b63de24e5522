"""What compiled functions ask the reference for: records without a row, and expressions without a compiled form."""

from datetime import date

from cedu_rules import validity
from cedu_rules.model.ir import Clause, Model
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation


class Reference:
    """The answers of the reference for one model, in the shape of compiled functions."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def status(self, clause: Clause, record: object, assessed_on: date | None) -> Status:
        """Return the status of one clause."""
        return Evaluation(self.model, record, assessed_on).status(clause)

    def statuses(self, record: object, assessed_on: date | None) -> tuple[Status, ...]:
        """Return the status of every clause."""
        evaluation = Evaluation(self.model, record, assessed_on)
        return tuple(evaluation.status(clause) for clause in self.model.clauses)

    def contradicts(self, record: object, assessed_on: date | None) -> bool:
        """Return whether a check is false, or a fact is given that cannot exist."""
        return validity.is_contradictory(self.model, record, assessed_on)
