"""What compiled functions ask the reference for: records without a row, and expressions without a compiled form."""

from collections.abc import Iterable
from datetime import date

from cedu_rules import values
from cedu_rules.model.ir import Check, Clause, Fact, Model
from cedu_rules.results import Status
from cedu_rules.semantics import Environment, Evaluation


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
        evaluation = Evaluation(self.model, record, assessed_on)
        return _contradicts(evaluation, record, self.model.facts, self.model.checks, {})


def _contradicts(
    evaluation: Evaluation, owner: object, facts: Iterable[Fact], checks: Iterable[Check], environment: Environment
) -> bool:
    if any(evaluation.value(check.condition, environment) is False for check in checks):
        return True
    for fact in facts:
        given = getattr(owner, fact.name, None)
        if given is None:
            continue
        if fact.condition is not None and evaluation.value(fact.condition, environment) is False:
            value = values.possible(fact.type, given)
            if value != values.absent(fact) and not (fact.type.kind == "set" and set(value) == {None}):
                return True
        elif fact.type.kind == "list":
            record = evaluation.model.records_by_name[fact.type.name]
            if any(_contradicts(evaluation, each, record.fields, record.checks, {"": each}) for each in given):
                return True
    return False
