"""Files into a run: read the data, evaluate every institution."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from cedu_rules import data
from cedu_rules.data.waiver_files import read_waivers
from cedu_rules.report import Report
from cedu_rules.reports.run import Run
from cedu_rules.standard import Standard
from cedu_rules.waivers import idle

Progress: TypeAlias = Callable[[Sequence[data.Submission]], Iterable[data.Submission]]
"""Passes submissions on, and may tell somebody how many are done."""


def run_check(
    standard: Standard,
    files: Sequence[Path],
    *,
    assessed_on: date | None,
    group: str | None = None,
    ignore: Sequence[str] = (),
    waivers: Sequence[Path] = (),
    progress: Progress = iter,
) -> Run:
    """Return the reports on every institution in the files; what is wrong with the data stands in the run.

    Args:
        standard: The standard that the institutions are held to.
        files: Files of institutions and of their lists.
        assessed_on: The day of the assessment; None leaves it unknown.
        group: A column to carry into the run and to sum up by.
        ignore: Columns to leave out.
        waivers: Files of waivers; those in force act on the reports, the others are told.
        progress: Passes the submissions on, and may show how many are done.
    """
    granted, faults = read_waivers(waivers) if waivers else ((), ())
    reading = data.read(standard.model, files, group=group, ignore=ignore)
    reports: list[Report] = []
    groups: dict[int, str] = {}
    for submission in progress(reading.submissions):
        if group is not None:
            groups[len(reports)] = submission.columns.get(group, "")
        report = standard.evaluate_read(
            submission.given, assessed_on=assessed_on, places=submission.places, issues=submission.issues
        )
        reports.append(report.waive(granted))
    identities = [(report.id, report.name) for report in reports]
    return Run(
        standard.model,
        standard.digest,
        assessed_on,
        tuple(reports),
        issues=(*faults, *reading.issues),
        warnings=reading.warnings,
        input_digest=reading.digest,
        groups=groups,
        idle_waivers=idle(granted, standard.model, identities, assessed_on),
        group=group,
        ignored=tuple(ignore),
    )
