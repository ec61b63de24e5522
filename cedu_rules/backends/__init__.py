"""The contract of a backend: a model in, predicates out that answer as `semantics` does.

A backend promises, for every model that loaded without an error, every record of it and every day or None:

* each status equals `semantics.Evaluation(model, record, assessed_on).status(clause)`;
* `contradicts` is true exactly where `validity.find_contradictions` finds something;
* what it cannot compile it hands to the reference, or refuses when compiling with `UnsupportedError`; it never guesses;
* the same model gives the same code, and what it returns may be called from any thread.

Each backend is a folder or module of its own that imports this contract and no other backend.
"""

from datetime import date
from typing import Any, Protocol, TypeAlias

from cedu_rules.model.ir import Clause, Model
from cedu_rules.results import Status

__all__ = ["Backend", "CompiledStandard", "Contradicts", "InstitutionRecord", "Predicate", "RecordStatuses", "Statuses"]

InstitutionRecord: TypeAlias = Any
"""A record of the standard: an attribute for each fact, as `semantics` reads them, and the row of `rows` in `_row`."""


class Predicate(Protocol):
    """One clause, compiled."""

    def __call__(self, record: InstitutionRecord, assessed_on: date | None) -> Status:
        """Return the status of the clause for a record on a day, or on an unknown day."""
        ...


class RecordStatuses(Protocol):
    """All clauses of a standard, for whatever is given as a record."""

    def __call__(self, record: Any, *, assessed_on: date | None = None) -> tuple[Status, ...]:  # noqa: ANN401
        """Return one status a clause, in the order of the model."""
        ...


class Statuses(Protocol):
    """All clauses of a standard, compiled into one function."""

    def __call__(self, record: InstitutionRecord, assessed_on: date | None) -> tuple[Status, ...]:
        """Return one status a clause, in the order of the model."""
        ...


class Contradicts(Protocol):
    """The checks and conditions of a standard, compiled into one function."""

    def __call__(self, record: InstitutionRecord, assessed_on: date | None) -> bool:
        """Return whether the record says what cannot be: a check that is false, a fact that cannot exist there."""
        ...


class CompiledStandard(Protocol):
    """A whole standard, compiled."""

    @property
    def statuses(self) -> Statuses:
        """The function of all clauses."""
        ...

    @property
    def contradicts(self) -> Contradicts:
        """The function of all checks and conditions."""
        ...

    @property
    def contradicts_on(self) -> Contradicts | None:
        """The function of the checks and conditions that ask for the day, for records valid without; None without such."""
        ...


class Backend(Protocol):
    """What turns models into predicates over single records."""

    def compile_standard(self, model: Model) -> CompiledStandard:
        """Return the functions of the whole standard."""
        ...

    def compile_clause(self, model: Model, clause: Clause) -> Predicate:
        """Return the function of one clause of the standard."""
        ...
