"""Commands about standards: `show`, `codegen`."""

from datetime import date
from pathlib import Path

import click

from cedu_rules.cli.root import LANGUAGE, Day, cli, load, unknown_clause
from cedu_rules.cli.writing import write, write_json
from cedu_rules.reports.text import visible
from cedu_rules.standard import Standard


@cli.command()
@click.argument("target")
@click.option(
    "--lang", "language", type=LANGUAGE, help="Language of the words around; by default that of the standard."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json-schema", "sql"]), default="text", help="What to write."
)
@click.option("--facts", is_flag=True, help="Show the facts instead of the clauses.")
@click.option(
    "--dialect", default="duckdb", show_default=True, help="With --format sql: whose SQL, as sqlglot calls it."
)
@click.option("--table", default="institutions", show_default=True, help="With --format sql: the table to read.")
@click.option("--on", "day", type=Day(), help="With --format sql: the day of the assessment; by default today.")
def show(
    *, target: str, language: str | None, form: str, facts: bool, dialect: str, table: str, day: date | None
) -> None:
    """Show a standard: its clauses with their places, or with STANDARD.CLAUSE one clause with its facts.

    With --format json-schema: the JSON Schema of its input, by which editors complete data in JSON and YAML.
    With --format sql: a query over a table of institutions that gives their statuses.
    """
    from cedu_rules.reports.outline import clause_lines, fact_lines, standard_lines  # noqa: PLC0415

    loaded, clause = _target(target, language)
    if clause is not None and (facts or form != "text"):
        raise click.UsageError(f"found the clause `{clause}`; expected a whole standard, `{loaded.id}`")
    language = language or loaded.model.language
    if form == "json-schema":
        write_json(loaded.json_schema(language), None)
        return
    if form == "sql":
        on = day or date.today()  # noqa: DTZ011 -- the day where the user is
        click.echo(loaded.to_sql(dialect, assessed_on=on, table=table))
        return
    shown = fact_lines(loaded.model, language) if facts else standard_lines(loaded.model, language)
    for line in shown if clause is None else clause_lines(loaded.model, clause, language):
        click.echo(visible(line))


@cli.command()
@click.argument("standard")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
def codegen(*, standard: str, output: Path | None) -> None:
    """Write a typed Python module with the record classes of STANDARD, for static checkers."""
    from cedu_rules.authoring.codegen import typed_module  # noqa: PLC0415

    write(typed_module(load(standard, None)), output)


def _target(target: str, language: str | None) -> tuple[Standard, str | None]:
    """Return the standard and the id of the clause in `school`, `school.floor_area`, `my.std`, `my.std.floor_area`."""
    name, point, clause = target.rpartition(".")
    if not point or target.endswith(".std") or "/" in clause or "\\" in clause:
        return load(target, language), None
    loaded = load(name, language)
    if clause not in loaded.clauses:
        raise click.UsageError(unknown_clause(loaded, clause))
    return loaded, clause
