"""A model into predicates that need no compiling at first: the reference answers a few times, then compiled code does.

Compiling a standard takes longer than evaluating a handful of institutions by its definition. Both give the same answers.
"""

from collections.abc import Callable
from datetime import date

from cedu_rules import validity
from cedu_rules.backends import CompiledStandard, Contradicts, InstitutionRecord, Statuses
from cedu_rules.model.ir import Model
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation

PATIENCE = 8
"""So many questions of each kind are answered before anything is compiled."""


class WarmingStandard:
    """A whole standard, compiled when it has been asked for a while; what is compiled is published when it is finished."""

    statuses: Statuses
    contradicts: Contradicts

    def __init__(self, model: Model, compile_standard: Callable[[Model], CompiledStandard]) -> None:
        self._model = model
        self._compile = compile_standard
        self._asked = {"statuses": 0, "contradicts": 0}
        self.statuses = self._first_statuses
        self.contradicts = self._first_contradicts

    def _first_statuses(self, record: InstitutionRecord, assessed_on: date | None) -> tuple[Status, ...]:
        if self._is_warm("statuses"):
            self.statuses = self._compile(self._model).statuses
            return self.statuses(record, assessed_on)
        evaluation = Evaluation(self._model, record, assessed_on)
        return tuple(evaluation.status(clause) for clause in self._model.clauses)

    def _first_contradicts(self, record: InstitutionRecord, assessed_on: date | None) -> bool:
        if self._is_warm("contradicts"):
            self.contradicts = self._compile(self._model).contradicts
            return self.contradicts(record, assessed_on)
        return validity.is_contradictory(self._model, record, assessed_on)

    def _is_warm(self, what: str) -> bool:
        self._asked[what] += 1
        return self._asked[what] > PATIENCE
