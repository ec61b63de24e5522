"""Files of data into what a form is filled in with: every value that can be read, and an issue for each that cannot."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from cedu_rules.data.reading import GROUP, Submission, read
from cedu_rules.data.templates.form import group_column
from cedu_rules.diagnostics import InputIssue
from cedu_rules.records import attempt
from cedu_rules.records.numbers import fold
from cedu_rules.standard import Standard


@frozen
class Filling:
    """The public values of institutions, each id once; `issues` tell what is left blank, `warnings` what is doubtful."""

    known: tuple[dict[str, Any], ...] = field(repr=False)
    issues: tuple[InputIssue, ...]
    warnings: tuple[InputIssue, ...] = ()


def filling_of(
    standard: Standard, files: Sequence[Path], *, ignore: Collection[str] = (), group: str | None = None
) -> Filling:
    """Return what the files say of institutions; no files fill in nothing.

    Args:
        standard: The standard of the form.
        files: Files of data.
        ignore: Columns of the files to leave out.
        group: A column that the form carries; where no file has it, it stays blank.
    """
    if not files:
        return Filling((), ())
    column = group_column(standard.model, group)
    reading = read(standard.model, files, ignore=ignore, group=column)
    issues = [issue for issue in reading.issues if issue.expected != GROUP]
    doubts = [issue for issue in reading.issues if issue.expected == GROUP]
    known: dict[object, dict[str, Any]] = {}
    for number, submission in enumerate(reading.submissions):
        issues += _issues(standard, submission)
        key = number if submission.id is None else fold(submission.id)
        named = {} if column is None else {column: submission.columns.get(column)}
        known.setdefault(key, named | _values(standard, submission))
    return Filling(tuple(known.values()), tuple(issues), (*reading.warnings, *doubts))


def _issues(standard: Standard, submission: Submission) -> tuple[InputIssue, ...]:
    _, found = attempt(standard.record, submission.given, places=submission.places)
    return tuple(issue._replace(institution=submission.id) for issue in (*submission.issues, *found))


def _values(standard: Standard, submission: Submission) -> dict[str, Any]:
    """Return the public values of all facts that can be read; a list with a wrong element is left out."""
    shape = standard.record._plan.shape
    values, _ = shape.values({name: value for name, value in submission.given.items() if value is not None})
    return dict(zip((fact.name for fact in shape.facts), values, strict=True))
