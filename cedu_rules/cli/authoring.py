"""Commands for authors: `docs`, a standard as a document; `new`, a standard to fill in, made from a table."""

import sys
from pathlib import Path

import click

from cedu_rules.cli.root import LANGUAGE, WRONG, cli, load, tell
from cedu_rules.cli.writing import write


@cli.command()
@click.argument("standard")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.option("--format", "form", type=click.Choice(["html", "markdown"]), default="html", help="What to write.")
@click.option("--lang", "language", type=LANGUAGE, help="Language of the words; by default that of the standard.")
def docs(*, standard: str, output: Path | None, form: str, language: str | None) -> None:
    """Write STANDARD as a document in the shape of the annex, with every requirement in words.

    The web page is one file without scripts, for screens and for paper.
    """
    from cedu_rules.reports import booklet  # noqa: PLC0415 -- brings jinja2

    model = load(standard, language).model
    write((booklet.html if form == "html" else booklet.markdown)(model, language or model.language), output)


@cli.command()
@click.argument("table", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.option("--id", "id_", help="Id of the standard; by default the name of the file.")
@click.option("--title", help="Title of the standard; by default the name of the file.")
@click.option("--source", help="Title of the official document; by default that of the standard.")
@click.option("--annex", help="Number of the annex; where the table has a column for it, only its lines are taken.")
@click.option("--sheet", help="Sheet of a workbook; by default the only one with these columns.")
@click.option("--lang", "language", type=LANGUAGE, help="Language of the standard; by default that of its text.")
def new(
    *,
    table: Path,
    output: Path | None,
    id_: str | None,
    title: str | None,
    source: str | None,
    annex: str | None,
    sheet: str | None,
    language: str | None,
) -> None:
    """Write a standard to fill in, from a TABLE (TSV, CSV, XLSX) with the columns section, subsection and text.

    Each line becomes one clause that an inspector judges as a whole. Beside it stand, as comments, the requirements that
    the numbers of the line suggest, with the facts that they need.
    """
    from cedu_rules.authoring.skeleton import Head, skeleton  # noqa: PLC0415
    from cedu_rules.data.line_files import read_lines  # noqa: PLC0415

    read = read_lines(table, annex=annex, sheet=sheet)
    for issue in (*read.issues, *read.warnings):
        tell(issue.line(language or "en"))
    if read.issues:
        sys.exit(WRONG)
    try:
        head = Head.of(table.stem, read.lines, id_=id_, title=title, document=source, annex=annex, language=language)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    write(skeleton(head, read.lines), output)
