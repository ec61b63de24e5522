"""Commands about institutions beside `check`: `inspect` and `template`."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from cedu_rules.cli.root import LANGUAGE, WRONG, Day, cli, load, tell
from cedu_rules.cli.writing import progress, write_files
from cedu_rules.diagnostics import InputError


@cli.command()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write."
)
@click.option("--lang", "language", type=LANGUAGE, default="zh", help="Language of the papers.")
@click.option("--compare", type=click.Path(path_type=Path), help="The inspection.json of an earlier inspection.")
@click.option(
    "--templates", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Templates of your own."
)
def inspect(*, plan: Path, output: Path, language: str, compare: Path | None, templates: Path | None) -> None:
    """Inspect a whole city: PLAN names the date, and for each tier its standard and data; the papers go to a folder."""
    from cedu_rules.reports.inspection.inspecting import run_inspection  # noqa: PLC0415
    from cedu_rules.reports.text import visible  # noqa: PLC0415

    try:
        status = run_inspection(
            plan,
            output,
            language=language,
            earlier=compare,
            templates=templates,
            out=lambda line: click.echo(visible(line)),
            warn=tell,
            progress=progress,
        )
    except InputError as error:
        tell("\n".join(issue.line(language) for issue in error.issues))
        status = WRONG
    sys.exit(status)


@cli.command()
@click.argument("standard")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; for csv a folder.")
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "json", "yaml"]), help="By default as OUTPUT ends.")
@click.option("--for", "audience", type=click.Choice(["institution", "inspector"]), help="Whose facts; by default all.")
@click.option("--lang", "language", type=LANGUAGE, help="Language of the form; by default that of the standard.")
@click.option("--on", "day", type=Day(), help="Yearly columns end with the year of this day; by default today.")
@click.option("--ignore", multiple=True, help="A column of FILES to leave out; may be given several times.")
@click.option("--group", help="A column to carry for `check --group`, such as town; blank where FILES have none.")
def template(
    *,
    standard: str,
    files: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    audience: Any,  # noqa: ANN401 -- one of the choices
    language: str | None,
    day: date | None,
    ignore: tuple[str, ...],
    group: str | None,
) -> None:
    """Write a form to fill in for STANDARD; FILES of data fill in what is known already."""
    from cedu_rules.data.templates import filling_of, template  # noqa: PLC0415

    loaded = load(standard, language)
    language = language or loaded.model.language
    kind = form or _kind_of(output)
    if output is None and kind in {"xlsx", "csv"}:
        raise click.UsageError(f"no `-o`; expected the {'folder' if kind == 'csv' else 'file'} to write")
    filling = filling_of(loaded, files, ignore=ignore, group=group)
    for warning in filling.warnings:
        tell(f"warning: {warning.line(language)}")
    for issue in filling.issues:
        tell(issue.line(language))
    year = (day or date.today()).year  # noqa: DTZ011 -- the day where the user is
    years = range(max(year - 2, 1), year + 1)
    written = template(
        loaded.model, kind, language=language, audience=audience, years=years, known=filling.known, group=group
    )
    write_files(written, output)
    sys.exit(WRONG if filling.issues else 0)


def _kind_of(output: Path | None) -> str:
    """Return the format that the name of a file asks for."""
    endings = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}
    return "xlsx" if output is None else endings.get(output.suffix.lower(), "xlsx")
