"""A standard as the backend of frames asks it: the reference's answers on rows that are no columns.

task    the standard, the day and what else is asked, for frames
bulk    Parquet files that may be larger than memory
sql     one query as text
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from cedu_rules.diagnostics import InputIssue, UnsupportedError
from cedu_rules.explain.lacking import gap_in_words, lacking, sides
from cedu_rules.explain.reasons import Reason, explain
from cedu_rules.model.ir import Clause, Expression, Model
from cedu_rules.report import Report
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation

if TYPE_CHECKING:
    from cedu_rules.backends.frame import Task
    from cedu_rules.backends.frame.bulk import Bulk

_NOT_MET = frozenset((Status.FAIL, Status.UNKNOWN, Status.NOT_MET))


class Reference(Protocol):
    """What is asked of a standard."""

    @property
    def model(self) -> Model:
        """The standard as it is evaluated."""

    def evaluate_read(
        self, given: Mapping[str, Any], *, assessed_on: date | None = None, issues: Iterable[InputIssue] = ()
    ) -> Report:
        """Return the report on values as they were read."""

    def _checked(self, assessed_on: date | None) -> date | None:
        """Return the day, or raise where it is none."""


@frozen(eq=False)
class Rows:
    """Answers one row after the other."""

    standard: Reference

    def answer(
        self, values: Mapping[str, object], issues: Iterable[InputIssue], assessed_on: date | None
    ) -> tuple[tuple[Status, ...] | None, tuple[str, ...]]:
        """Return the statuses of one row of a frame, or None and what is wrong with it."""
        report = self.standard.evaluate_read(values, assessed_on=assessed_on, issues=issues)
        errors = tuple(issue.message() for issue in report.errors)
        return (None if errors else report.statuses), errors

    def findings(
        self,
        values: Mapping[str, object],
        issues: Iterable[InputIssue],
        assessed_on: date | None,
        clauses: Collection[str] | None = None,
    ) -> list[tuple[str | None, str | None, str, list[str], str | None]]:
        """Return institution, clause, status, what is missing and what is lacking of each clause that is not met.

        With `clauses`, only of those.
        """
        report = self.standard.evaluate_read(values, assessed_on=assessed_on, issues=issues)
        if report.errors:
            return [(report.id, None, report.verdict.value, sorted({issue.path for issue in report.errors}), None)]
        return [
            (report.id, finding.clause.id, finding.status.value, *_details(report, finding.clause))
            for finding in report.findings
            if finding.status in _NOT_MET and (clauses is None or finding.clause.id in clauses)
        ]

    def shortfall(self, values: Mapping[str, object], assessed_on: date | None, clause: str) -> str | None:
        """Return what a clause lacks that is one comparison of numbers and fails, on possible values."""
        model = self.standard.model
        record = self.standard.evaluate_read(values, assessed_on=assessed_on).record
        if record is None:
            return None
        (requirement,) = model.clauses_by_id[clause].requirements
        found = lacking(Evaluation(model, record, assessed_on), requirement.condition)
        return None if found is None else found.en

    def sides(self, comparison: Expression) -> tuple[Expression, Expression]:
        """Return what there is in a comparison, and what it is compared with."""
        return sides(comparison)[:2]

    def gap(self, comparison: Expression, have: Fraction, want: Fraction) -> str | None:
        """Return what is lacking where a comparison fails, by the numbers on its sides."""
        found = gap_in_words(comparison, have, want)
        return None if found is None else found.en

    def told(self, values: Mapping[str, object], assessed_on: date | None, clause: str) -> tuple[list[str], list[str]]:
        """Return what is missing for a clause, and the texts of what its gaps are told of, on possible values."""
        report = self.standard.evaluate_read(values, assessed_on=assessed_on)
        missing, reasons = _reasons(report, self.standard.model.clauses_by_id[clause])
        return missing, [reason.text for reason in reasons if reason.shortfall is not None]


def _details(report: Report, clause: Clause) -> tuple[list[str], str | None]:
    """Return what is missing and what is lacking, as the finding of a clause tells."""
    missing, reasons = _reasons(report, clause)
    return missing, "; ".join(each.shortfall.en for each in reasons if each.shortfall is not None) or None


def _reasons(report: Report, clause: Clause) -> tuple[list[str], list[Reason]]:
    """Return what is missing, and why the requirements are not met, without how far each is from what it asks."""
    evaluation = report.evaluation
    guards = [guard for guard in clause.guards if evaluation.value(guard) is None]
    waiting = [reason for guard in guards for reason in explain(evaluation, guard)]
    unmet = [each for each in clause.requirements if evaluation.requirement_status(clause, each) in _NOT_MET]
    reasons = [reason for each in unmet for reason in explain(evaluation, each.condition)]
    return list(dict.fromkeys(path for reason in waiting + reasons for path in _missing(reason))), reasons


def _missing(reason: Reason) -> list[str]:
    """Return the facts that are not recorded and matter to a reason."""
    return [
        *reason.missing,
        *(path for element in reason.elements for part in element.reasons for path in _missing(part)),
    ]


def frames() -> ModuleType:
    """Return the backend of frames.

    Raises:
        UnsupportedError: the extra `frame` is not installed.
    """
    try:
        from cedu_rules.backends import frame  # noqa: PLC0415 -- needs the extra `frame`
    except ModuleNotFoundError:
        raise UnsupportedError(["dataframes; install them with `pip install 'cedu_rules[frame]'`"]) from None
    return frame


def task(
    standard: Reference, assessed_on: date | None, group: Iterable[str], ignore: Iterable[str], *, as_bool: bool = False
) -> "Task":
    """Return what is asked of frames; arguments and errors as of `Standard.evaluate_frame`."""
    _expect_several("group", group)
    _expect_several("ignore", ignore)
    rows = Rows(standard)
    made: Task = frames().Task(
        standard.model,
        standard._checked(assessed_on),
        rows.answer,
        rows.findings,
        rows,
        carried=tuple(group),
        ignored=tuple(ignore),
        as_bool=as_bool,
    )
    return made


def _expect_several(name: str, columns: Iterable[str] | None) -> None:
    """Refuse a text, which would be taken letter by letter."""
    if isinstance(columns, str):
        raise TypeError(f"{name}: found a `str`; expected several names, such as `[{columns!r}]`")


def bulk(model: Model, files: Iterable[str | PathLike[str]], asked: "Task") -> "Bulk":
    """Return the evaluation of Parquet files; arguments and errors as of `Standard.evaluate_parquet`."""
    from cedu_rules.backends.frame.bulk import Bulk, resolved  # noqa: PLC0415 -- needs the extra `frame`

    return Bulk.of(asked, *resolved(model, [Path(file) for file in files]))


def sql(
    standard: Reference,
    dialect: str,
    assessed_on: date | None,
    table: str,
    columns: Iterable[str] | None,
    lists: Mapping[str, str] | None,
) -> str:
    """Return a query; arguments and errors as of `Standard.to_sql`."""
    try:
        from cedu_rules.backends.frame.sql import compile_sql  # noqa: PLC0415 -- needs the extra `sql`
    except ModuleNotFoundError:
        raise UnsupportedError(["SQL; install it with `pip install 'cedu_rules[sql]'`"]) from None
    _expect_several("columns", columns)
    day = standard._checked(assessed_on)
    return compile_sql(standard.model, dialect, assessed_on=day, table=table, columns=columns, lists=lists)
