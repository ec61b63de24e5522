"""Files into a run: read the data, evaluate every institution."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from cedu_rules import data
from cedu_rules.model.ir import Model
from cedu_rules.reports.evaluations import evaluations
from cedu_rules.reports.run import Run
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from cedu_rules.diagnostics import InputIssue
    from cedu_rules.explain.repairing.pricing import Cost
    from cedu_rules.reports.parallel import Workers
    from cedu_rules.waivers import IdleWaiver, Waiver

Progress: TypeAlias = Callable[[Sequence[data.Submission]], Iterable[data.Submission]]
"""Passes submissions on, and may tell somebody how many are done."""


def run_check(  # noqa: PLR0913 -- one parameter an option
    standard: Standard,
    files: Sequence[data.FilePath],
    *,
    assessed_on: date | None,
    group: str | None = None,
    ignore: Sequence[str] = (),
    waivers: Sequence[data.FilePath] = (),
    immutable: Sequence[str] = (),
    costs: "Mapping[str, Cost] | None" = None,
    progress: Progress = iter,
    workers: "Workers | None" = None,
) -> Run:
    """Return the reports on every institution in the files; what is wrong with the data stands in the run.

    Args:
        standard: The standard that the institutions are held to.
        files: Files of institutions and of their lists.
        assessed_on: The day of the assessment; None leaves it unknown.
        group: A column to carry into the run and to sum up by.
        ignore: Columns to leave out.
        waivers: Files of waivers; those in force act on the reports, the others are told.
        immutable: What no repair changes, as `Report.repairs` takes it.
        costs: What a change costs, as `Report.repairs` takes it.
        progress: Passes the submissions on, and may show how many are done.
        workers: Who shares the work; None does without.
    """
    granted, faults = _granted(waivers)
    reading = data.read(standard.model, files, group=group, ignore=ignore)
    submissions = reading.submissions
    found = evaluations(standard, progress(submissions), assessed_on, workers, total=len(submissions))
    reports = [report.waive(granted) for report in found]
    groups = {} if group is None else {place: each.columns.get(group, "") for place, each in enumerate(submissions)}
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
        idle_waivers=_idle(granted, standard.model, identities, assessed_on),
        group=group,
        ignored=tuple(ignore),
        immutable=tuple(immutable),
        costs=dict(costs or {}),
    )


def _granted(files: Sequence[data.FilePath]) -> "tuple[tuple[Waiver, ...], tuple[InputIssue, ...]]":
    """Return the waivers in the files, and what is wrong with them; most runs have none."""
    if not files:
        return (), ()
    from cedu_rules.data.waiver_files import read_waivers  # noqa: PLC0415

    return read_waivers(files)


def _idle(
    granted: "Sequence[Waiver]",
    model: Model,
    institutions: Iterable[tuple[str | None, str | None]],
    assessed_on: date | None,
) -> "tuple[IdleWaiver, ...]":
    if not granted:
        return ()
    from cedu_rules.waivers import idle  # noqa: PLC0415

    return idle(granted, model, institutions, assessed_on)
