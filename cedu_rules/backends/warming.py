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

PATIENCE = 16
"""So many questions are answered by definition before anything is compiled."""


class WarmingStandard:
    """A whole standard, compiled when it has been asked for a while; what is compiled is published when it is finished."""

    def __init__(self, model: Model, compile_standard: Callable[[Model], CompiledStandard]) -> None:
        self._model = model
        self._compile = compile_standard
        self._asked = 0
        self._compiled: CompiledStandard | None = None

    @property
    def is_warm(self) -> bool:
        """Whether compiled code answers from now on."""
        return self._compiled is not None

    @property
    def statuses(self) -> Statuses:
        """The function that returns one status a clause, in the order of the model."""
        compiled = self._awaited()
        return self._statuses if compiled is None else compiled.statuses

    @property
    def contradicts(self) -> Contradicts:
        """The function that tells whether a record says what cannot be."""
        compiled = self._awaited()
        return self._contradicts if compiled is None else compiled.contradicts

    @property
    def contradicts_on(self) -> Contradicts | None:
        """The function that tells whether the day makes a valid record say what cannot be; None where no day does."""
        compiled = self._awaited()
        return self._contradicts if compiled is None else compiled.contradicts_on

    def _awaited(self) -> CompiledStandard | None:
        """Return the compiled standard when enough has been asked, else None."""
        if self._compiled is None:
            self._asked += 1
            if self._asked > PATIENCE:
                self._compiled = self._compile(self._model)
        return self._compiled

    def _statuses(self, record: InstitutionRecord, assessed_on: date | None) -> tuple[Status, ...]:
        evaluation = Evaluation(self._model, record, assessed_on)
        return tuple(evaluation.status(clause) for clause in self._model.clauses)

    def _contradicts(self, record: InstitutionRecord, assessed_on: date | None) -> bool:
        return validity.is_contradictory(self._model, record, assessed_on)
