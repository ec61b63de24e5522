"""What a caller asks of frames, and what the columns of the answer are called."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol, TypeAlias

from attrs import frozen

from cedu_rules.diagnostics import InputIssue
from cedu_rules.model.ir import Clause, Expression, Model
from cedu_rules.results import Status

Values: TypeAlias = Mapping[str, object]
"""The values of one institution by fact, as `Standard.evaluate` reads them."""

Answered: TypeAlias = tuple[tuple[Status, ...] | None, tuple[str, ...]]
"""The statuses of one institution, or None and what is wrong with it."""

Answer: TypeAlias = Callable[[Values, Sequence[InputIssue], date | None], Answered]

Detail: TypeAlias = tuple[str | None, str | None, str, list[str], str | None]
"""One row of the findings: institution, clause, status, missing, shortfall."""

Detailed: TypeAlias = Callable[[Values, Sequence[InputIssue], date | None, Collection[str] | None], list[Detail]]
"""The findings of one institution: of all clauses, or of those that are named."""


class Lacking(Protocol):
    """What tells how much is lacking where comparisons of numbers fail."""

    def shortfall(self, values: Values, assessed_on: date | None, clause: str) -> str | None:
        """Return it for a clause that is one comparison and fails, by the values of an institution."""

    def sides(self, comparison: Expression) -> tuple[Expression, Expression]:
        """Return what there is, and what it is compared with."""

    def gap(self, comparison: Expression, have: Fraction, want: Fraction) -> str | None:
        """Return it for the numbers on both sides, in base units."""

    def told(self, values: Values, assessed_on: date | None, clause: str) -> tuple[list[str], list[str]]:
        """Return what is missing for a clause, and the texts of the comparisons whose gaps are told."""


STATUSES = (Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE, Status.NOT_MET)
"""The statuses in the order of their codes: false, true and null first."""

VERDICTS = ("conforms", "fails", "undetermined", "invalid")

VERDICT, FAILED, UNKNOWN, ERRORS = "verdict", "failed", "unknown", "errors"
_RESERVED = {"id", "name", VERDICT, FAILED, UNKNOWN, ERRORS}


@frozen(eq=False)
class Task:
    """A standard and a day, with the slow way to the answers: the reference answers what columns cannot."""

    model: Model
    assessed_on: date | None
    answer: Answer
    detailed: Detailed
    lacking: Lacking | None
    carried: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    as_bool: bool = False

    @property
    def carried_marks(self) -> tuple[str, ...]:
        """The columns that go into the answer as they are."""
        return ("id", "name", *self.carried)

    @property
    def answered(self) -> frozenset[str]:
        """The columns that the answer has beside those that go into it as they are."""
        return frozenset((VERDICT, FAILED, UNKNOWN, ERRORS, *map(self.clause_column, self.model.clauses)))

    def clause_column(self, clause: Clause) -> str:
        """Return the column of a clause: its id, with `clause.` before it where that is the name of another column."""
        taken = clause.id in _RESERVED or clause.id in self.carried
        return f"clause.{clause.id}" if taken else clause.id
