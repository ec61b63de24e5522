"""Data into a report, and a report held against its data: `check` and `verify`."""

import re
import sys
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from cedu_rules.cli.root import FAILED, LANGUAGE, Day, cli, load, tell, unknown_clause
from cedu_rules.cli.writing import (
    progress,
    progress_beside,
    wants_ascii,
    write_bytes,
    write_parts,
    write_text,
)
from cedu_rules.diagnostics import StandardNotFound
from cedu_rules.reports.forms import FORMS, render
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from pathlib import Path

    from cedu_rules.reports.parallel import Workers

JOBS_LIMIT = 61
"""Windows waits for at most so many processes at once."""


class FileName(click.Path):
    """A file as a `Path`; what makes one is imported when one is named."""

    def coerce_path_result(self, value: Any) -> Any:  # noqa: ANN401 -- as click has it
        """Return the path."""
        from pathlib import Path  # noqa: PLC0415 -- slow to import, and most calls name only files to read

        return Path(value)


class CostOf(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A fact and what one unit of it costs, as `area=3000`."""

    name = "FACT=AMOUNT"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Fraction]:
        """Return name and cost, or fail as click does."""
        name, _, amount = value.rpartition("=")
        if not name or not re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,30})?", amount):
            self.fail(f"found `{value}`; expected a fact and a number from 0, such as `area=3000`", param, ctx)
        return name, Fraction(amount)


class Jobs(click.ParamType):  # type: ignore[type-arg]
    """How many processes: a number, 0 or `auto` for one a core."""

    name = "N"

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number, or fail as click does."""
        if str(value) == "auto":
            return 0
        if not re.fullmatch(r"[0-9]{1,9}", str(value)) or int(value) > JOBS_LIMIT:
            self.fail(f"found `{value}`; expected a number up to {JOBS_LIMIT}, or `auto`", param, ctx)
        return int(value)


@cli.command()
@click.argument("standard")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--format", "form", type=click.Choice(["text", "json", *FORMS]), default="text", help="What to write.")
@click.option(
    "-o",
    "--output",
    type=FileName(),
    help="Write to a file instead of standard output; a `.parquet` file gets the findings on Parquet FILES of any size.",
)
@click.option("--lang", "language", type=LANGUAGE, help="Language of the report; by default that of the standard.")
@click.option("--on", "day", type=Day(), help="The day of the assessment; by default today.")
@click.option("--failed", is_flag=True, help="Show only clauses that fail.")
@click.option("--unknown", is_flag=True, help="Show only clauses that are still open.")
@click.option("--clause", help="Show only the clause of this id.")
@click.option("--institution", help="Show only the institution of this id or name.")
@click.option("--group", help="A column to carry into the report and to sum up by, such as town.")
@click.option("--waivers", multiple=True, type=FileName(), help="A file of waivers; may be repeated.")
@click.option("--ignore", multiple=True, help="A column to leave out; may be given several times.")
@click.option("--immutable", multiple=True, metavar="FACT", help="A fact that no repair changes; may be repeated.")
@click.option(
    "--cost",
    "costs",
    multiple=True,
    type=CostOf(),
    help="What one unit of a change costs, in repairs; may be repeated.",
)
@click.option(
    "--advice/--no-advice",
    default=None,
    help="Work out for each institution what to ask, what puts it right and a plan; by default for up to 300, but not in "
    "text and JSON.",
)
@click.option(
    "--jobs",
    type=Jobs(),
    default=1,
    help="How many processes share the work, or `auto` for one a core; by default one.",
)
def check(  # noqa: PLR0913 -- one parameter an option
    *,
    standard: str,
    files: tuple[str, ...],
    form: str,
    output: "Path | None",
    language: str | None,
    day: date | None,
    failed: bool,
    unknown: bool,
    clause: str | None,
    institution: str | None,
    group: str | None,
    waivers: "tuple[Path, ...]",
    ignore: tuple[str, ...],
    immutable: tuple[str, ...],
    costs: tuple[tuple[str, Fraction], ...],
    advice: bool | None,
    jobs: int,
) -> None:
    """Check institutions: STANDARD is a name such as `school` or a path.

    FILES hold the data (csv, tsv, xlsx, parquet, json, yaml).
    """
    from cedu_rules.reports.checking import run_check  # noqa: PLC0415 -- other commands need no readers of data
    from cedu_rules.reports.parallel import Workers  # noqa: PLC0415

    loaded = load(standard, language)
    language = language or loaded.model.language
    effective = loaded.model.effective_from
    if effective is not None and (day or date.today()) < effective:  # noqa: DTZ011 -- the day where the user is
        click.echo(f"warning: `{loaded.id}` is in force from {effective}", err=True)
    if clause is not None and clause not in loaded.clauses:
        raise click.UsageError(unknown_clause(loaded, clause))
    on = day or date.today()  # noqa: DTZ011 -- the day where the user is
    _expect_facts(loaded, (*immutable, *dict(costs)))
    if output is not None and output.suffix.lower() == ".parquet":
        from cedu_rules.cli.bulk import check_files  # noqa: PLC0415 -- needs the extra `frame`

        sys.exit(check_files(loaded, click.get_current_context().params, day=on, language=language))
    with Workers(loaded, jobs, progress_beside(output)) as workers:
        run = run_check(
            loaded,
            files,
            assessed_on=on,
            group=group,
            ignore=ignore,
            waivers=waivers,
            immutable=immutable,
            costs=dict(costs),
            progress=progress,
            workers=workers,
        )
        _tell_issues(run, language)
        selection = Selection(failed=failed, unknown=unknown, clause=clause, institution=institution)
        if institution is not None and not selection.reports(run):
            raise click.UsageError(f"no institution `{institution}`; expected an id or name in the data")
        if form == "text":
            is_today = day is None
            write_text(run, selection, language, output, date_is_today=is_today, advice=bool(advice), workers=workers)
        else:
            _write(run, form, language, selection, output, advice=advice, workers=workers)
    sys.exit(run.exit_status)


def _write(
    run: Run,
    form: str,
    language: str,
    selection: Selection,
    output: "Path | None",
    *,
    advice: bool | None,
    workers: "Workers",
) -> None:
    """Write a run as JSON, or in one of `FORMS`."""
    if form in FORMS:
        content = render(run, form, language, selection, advice=advice, workers=workers)
        write_bytes(content, output, is_text=form != "xlsx")
        return
    from cedu_rules.reports.json_text import texts_of  # noqa: PLC0415 -- text adds up nothing

    is_ascii = wants_ascii(output)
    texts = texts_of(run, language, selection, with_advice=bool(advice), is_ascii=is_ascii, workers=workers)
    write_parts(texts, output)


@cli.command()
@click.argument("report", type=FileName())
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option("--standard", help="Name or path of the standard; by default the name that the report gives.")
@click.option("--waivers", multiple=True, type=FileName(), help="A file of waivers; may be repeated.")
@click.option("--lang", "language", type=LANGUAGE, help="Language of the answer; by default that of the standard.")
def verify(
    *, report: "Path", files: tuple[str, ...], standard: str | None, waivers: "tuple[Path, ...]", language: str | None
) -> None:
    """Evaluate the data in FILES again, and say whether the JSON REPORT still holds: 0 yes, 1 no, 2 cannot be told."""
    from cedu_rules.reports import verifying  # noqa: PLC0415
    from cedu_rules.reports.checking import run_check  # noqa: PLC0415
    from cedu_rules.reports.text import visible  # noqa: PLC0415

    stated = verifying.read_statement(report)
    loaded = load(standard, language) if standard else _stated(stated.standard, language)
    _expect_facts(loaded, (*stated.immutable, *stated.costs))
    run = run_check(
        loaded,
        files,
        assessed_on=stated.assessed_on,
        group=stated.group,
        ignore=stated.ignored,
        waivers=waivers,
        immutable=stated.immutable,
        costs=stated.costs,
        progress=progress,
    )
    verification = verifying.verify(stated, run)
    for line in verification.lines(language or loaded.model.language):
        click.echo(visible(line))
    sys.exit(0 if verification.holds else FAILED)


def _stated(name: str, language: str | None) -> Standard:
    """Return the standard that a report names; one that came from a file goes by no name here."""
    try:
        return load(name, language)
    except StandardNotFound as error:
        raise StandardNotFound(f"{error}; `--standard` names the file of the standard") from None


def _expect_facts(standard: Standard, names: Sequence[str]) -> None:
    """Refuse names of facts that the standard does not have."""
    if not names:
        return
    from cedu_rules.explain.repairing.naming import check_names  # noqa: PLC0415

    try:
        check_names(standard.model, names)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _tell_issues(run: Run, language: str) -> None:
    for warning in run.warnings:
        tell(f"warning: {warning.line(language)}")
    for issue in run.all_issues:
        tell(issue.line(language))
    if not run.reports and not run.all_issues:
        tell("warning: there are no institutions in the data")
