"""The command line: `cedu-rules check`, `show`, `test`.

Reports go to standard output, errors to standard error as `place: message`. Exit status: 0 all is well, 1 something
fails or is open, 2 the input or the call is wrong; whatever could be done is done and told all the same.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from cedu_rules import catalog
from cedu_rules._version import VERSION
from cedu_rules.diagnostics import CeduError, StandardError
from cedu_rules.standard import Standard

FAILED, WRONG = 1, 2

Item = TypeVar("Item")


class _Day(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """A day as `2022-12-15`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"found `{value}`; expected a day such as 2022-12-15", param, ctx)


_LANGUAGE = click.Choice(["zh", "en"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="cedu-rules")
def cli() -> None:
    """Check institutions against official standards, exactly, and say why."""


def main() -> NoReturn:
    """Run the command line; no error of the library or of the system leaves it as a traceback."""
    try:
        sys.exit(cli(standalone_mode=True))
    except CeduError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone
        sys.exit(WRONG)


def _load(name: str, language: str | None) -> Standard:
    """Return the standard; its diagnostics go to standard error."""
    try:
        standard = catalog.load(name)
    except StandardError as error:
        for diagnostic in error.diagnostics:
            click.echo(diagnostic.in_words(language or "en"), err=True)
        sys.exit(WRONG)
    for warning in standard.diagnostics:
        click.echo(warning.in_words(language or "en"), err=True)
    return standard


@cli.command()
@click.argument("standard")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="What to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
@click.option("--lang", "language", type=_LANGUAGE, help="Language of the report; by default that of the standard.")
@click.option("--on", "day", type=_Day(), help="The day of the assessment; by default today.")
@click.option("--failed", is_flag=True, help="Show only clauses that fail.")
@click.option("--unknown", is_flag=True, help="Show only clauses that are still open.")
@click.option("--clause", help="Show only the clause of this id.")
@click.option("--institution", help="Show only the institution of this id or name.")
@click.option("--group", help="A column to carry into the report and to sum up by, such as town.")
@click.option("--waivers", multiple=True, type=click.Path(path_type=Path), help="A file of waivers; may be repeated.")
@click.option("--ignore", multiple=True, help="A column to leave out; may be given several times.")
def check(  # noqa: PLR0913 -- one parameter an option
    *,
    standard: str,
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    language: str | None,
    day: date | None,
    failed: bool,
    unknown: bool,
    clause: str | None,
    institution: str | None,
    group: str | None,
    waivers: tuple[Path, ...],
    ignore: tuple[str, ...],
) -> None:
    """Check institutions: STANDARD is a name such as `school` or a path; FILES hold the data (csv, json, yaml)."""
    from cedu_rules.reports.checking import run_check  # noqa: PLC0415 -- other commands need no readers of data
    from cedu_rules.reports.text import Selection  # noqa: PLC0415

    loaded = _load(standard, language)
    language = language or loaded.model.language
    if clause is not None and clause not in loaded.clauses:
        raise click.UsageError(_unknown_clause(loaded, clause))
    with _progress(form) as progress:
        run = run_check(
            loaded,
            files,
            assessed_on=day or date.today(),  # noqa: DTZ011 -- the day where the user is
            group=group,
            ignore=ignore,
            waivers=waivers,
            progress=progress,
        )
    selection = Selection(failed=failed, unknown=unknown, clause=clause, institution=institution)
    if institution is not None and not selection.reports(run):
        raise click.UsageError(f"no institution `{institution}`; expected an id or name in the data")
    for warning in run.warnings:
        click.echo(f"warning: {warning.line(language)}", err=True)
    for issue in run.all_issues:
        click.echo(issue.line(language), err=True)
    if not run.reports and not run.all_issues:
        click.echo("warning: there are no institutions in the data", err=True)
    if form == "json":
        _write(json.dumps(run.to_dict(language), ensure_ascii=False, indent=2) + "\n", output)
    else:
        _write_text(run, selection, language, output, date_is_today=day is None)
    sys.exit(run.exit_status)


@cli.command()
@click.argument("target")
@click.option(
    "--lang", "language", type=_LANGUAGE, help="Language of the words around; by default that of the standard."
)
def show(*, target: str, language: str | None) -> None:
    """Show a standard: its clauses with their places, or with STANDARD.CLAUSE one clause with its facts."""
    from cedu_rules.reports.outline import clause_lines, standard_lines  # noqa: PLC0415

    loaded, clause = _target(target, language)
    language = language or loaded.model.language
    shown = standard_lines(loaded.model, language) if clause is None else clause_lines(loaded.model, clause, language)
    for line in shown:
        click.echo(line)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", "language", type=_LANGUAGE, default="en", help="Language of the messages.")
def test(*, paths: tuple[Path, ...], language: str) -> None:
    """Run the examples in `.std` files, and say how the answers differ where they do."""
    from cedu_rules.authoring.examples import failures  # noqa: PLC0415

    failed, total = 0, 0
    for path in _std_files(paths):
        standard = _load(str(path), language)
        total += sum(len(clause.examples) for clause in standard.model.clauses)
        for failure in failures(standard):
            failed += 1
            click.echo(failure.in_words(language))
    click.echo(f"{total - failed} passed, {failed} failed")
    sys.exit(FAILED if failed else 0)


def _std_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and those in the folders, sorted."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.std"))
        elif path.exists():
            yield path
        else:
            raise click.UsageError(f"no such file or folder: `{path}`")


def _target(target: str, language: str | None) -> tuple[Standard, str | None]:
    """Return the standard and the id of the clause in `school`, `school.floor_area`, `my.std`, `my.std.floor_area`."""
    name, point, clause = target.rpartition(".")
    if not point or target.endswith(".std") or target in catalog.names():
        return _load(target, language), None
    loaded = _load(name, language)
    if clause not in loaded.clauses:
        raise click.UsageError(_unknown_clause(loaded, clause))
    return loaded, clause


def _unknown_clause(standard: Standard, clause: str) -> str:
    from cedu_rules.model.findings import nearest  # noqa: PLC0415

    near = nearest(clause, standard.clauses)
    meant = "" if near is None else f"; did you mean `{near.values['name']}`?"
    return f"no clause `{clause}` in `{standard.id}`{meant}"


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write `{output}`: {error.strerror}") from None


def _write_text(run: Any, selection: Any, language: str, output: Path | None, *, date_is_today: bool) -> None:  # noqa: ANN401
    """Write the report as text: in colour on a terminal, plain elsewhere."""
    from cedu_rules.reports.text import lines, plain  # noqa: PLC0415

    found = lines(run, selection, language, date_is_today=date_is_today)
    if output is not None or not sys.stdout.isatty():
        _write("".join(plain(line) + "\n" for line in found), output)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in found:
        console.print(Text.assemble(*((piece.text, piece.style) for piece in line)), soft_wrap=True)


class _Silence:
    """No progress bar: standard error is no terminal, or there is little to do."""

    def __enter__(self) -> Callable[[Iterable[Item]], Iterable[Item]]:
        return iter

    def __exit__(self, *_: object) -> None:
        return None


def _progress(_form: str) -> _Silence:
    return _Silence()
