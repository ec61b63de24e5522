"""Files into a run: read the data, evaluate every institution."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from cedu_rules import data
from cedu_rules.report import Report
from cedu_rules.reports.run import Run
from cedu_rules.standard import Standard

Progress: TypeAlias = Callable[[Sequence[data.Submission]], Iterable[data.Submission]]
"""Passes submissions on, and may tell somebody how many are done."""


def run_check(
    standard: Standard,
    files: Sequence[Path],
    *,
    assessed_on: date | None,
    group: str | None = None,
    ignore: Sequence[str] = (),
    progress: Progress = iter,
) -> Run:
    """Return the reports on every institution in the files; what is wrong with the data stands in the run."""
    reading = data.read(standard.model, files, group=group, ignore=ignore)
    reports: list[Report] = []
    groups: dict[int, str] = {}
    for submission in progress(reading.submissions):
        if group is not None:
            groups[len(reports)] = submission.columns.get(group, "")
        report = standard.evaluate_read(
            submission.given, assessed_on=assessed_on, places=submission.places, issues=submission.issues
        )
        reports.append(report)
    return Run(
        standard.model,
        standard.digest,
        assessed_on,
        tuple(reports),
        issues=reading.issues,
        warnings=reading.warnings,
        input_digest=reading.digest,
        groups=groups,
    )
