"""The command line: `cedu-rules check`, `show`, `test`, `template`, `codegen`.

Reports go to standard output, errors to standard error as `place: message`. Exit status: 0 all is well, 1 something
fails or is open, 2 the input or the call is wrong; whatever could be done is done and told all the same.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from errno import EPIPE
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from cedu_rules import catalog
from cedu_rules._version import VERSION
from cedu_rules.diagnostics import CeduError, Diagnostic, InputError, StandardError
from cedu_rules.reports.forms import FORMS, render
from cedu_rules.reports.run import Run
from cedu_rules.reports.text import Selection, lines, plain, visible
from cedu_rules.standard import Standard

FAILED, WRONG, INTERRUPTED = 1, 2, 130

Item = TypeVar("Item")

_MANY = 100
"""From so many institutions on, a terminal shows how far the work is."""


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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal has every character
    try:
        status = cli(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except CeduError as error:
        _tell(str(error))
        status = WRONG
    except OSError as error:
        status = _unwritten(error)
    sys.exit(status)


def _unwritten(error: OSError) -> int:
    """Return the exit status where the output could not be written; the interpreter is not to try again."""
    if error.errno != EPIPE:  # who closes a pipe has read enough
        _tell(f"cannot write the output: {error.strerror}")
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return WRONG


def _tell(text: str) -> None:
    """Write lines to standard error; what data says reaches no terminal as a control character."""
    click.echo("\n".join(visible(line) for line in text.split("\n")), err=True)


def _load(name: str, language: str | None) -> Standard:
    """Return the standard; its diagnostics go to standard error."""
    try:
        standard = catalog.load(name)
    except StandardError as error:
        _tell_all(error.diagnostics, language)
        sys.exit(WRONG)
    _tell_all(standard.diagnostics, language)
    return standard


def _tell_all(diagnostics: Iterable[Diagnostic], language: str | None) -> None:
    for diagnostic in diagnostics:
        _tell(diagnostic.in_words(language or "en"))


@cli.command()
@click.argument("standard")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", *FORMS]), default="text", help="What to write.")
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
    """Check institutions: STANDARD is a name such as `school` or a path; FILES hold the data (csv, xlsx, json, yaml)."""
    from cedu_rules.reports.checking import run_check  # noqa: PLC0415 -- other commands need no readers of data

    loaded = _load(standard, language)
    language = language or loaded.model.language
    effective = loaded.model.effective_from
    if effective is not None and (day or date.today()) < effective:  # noqa: DTZ011 -- the day where the user is
        click.echo(f"warning: `{loaded.id}` is in force from {effective}", err=True)
    if clause is not None and clause not in loaded.clauses:
        raise click.UsageError(_unknown_clause(loaded, clause))
    on = day or date.today()  # noqa: DTZ011 -- the day where the user is
    run = run_check(loaded, files, assessed_on=on, group=group, ignore=ignore, waivers=waivers, progress=_progress)
    _tell_issues(run, language)
    selection = Selection(failed=failed, unknown=unknown, clause=clause, institution=institution)
    if institution is not None and not selection.reports(run):
        raise click.UsageError(f"no institution `{institution}`; expected an id or name in the data")
    if form == "json":
        _write_json(selection.narrowed(run, run.to_dict(language)), output)
    elif form in FORMS:
        _write_bytes(render(run, form, language, selection), output, is_text=form != "xlsx")
    else:
        _write_text(run, selection, language, output, date_is_today=day is None)
    sys.exit(run.exit_status)


@cli.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--standard", help="Name or path of the standard; by default the name that the report gives.")
@click.option("--waivers", multiple=True, type=click.Path(path_type=Path), help="A file of waivers; may be repeated.")
@click.option("--lang", "language", type=_LANGUAGE, help="Language of the answer; by default that of the standard.")
def verify(
    *, report: Path, files: tuple[Path, ...], standard: str | None, waivers: tuple[Path, ...], language: str | None
) -> None:
    """Evaluate the data in FILES again, and say whether the JSON REPORT still holds: 0 yes, 1 no, 2 cannot be told."""
    from cedu_rules.reports import verifying  # noqa: PLC0415
    from cedu_rules.reports.checking import run_check  # noqa: PLC0415

    stated = verifying.read_statement(report)
    loaded = _load(standard or stated.standard, language)
    run = run_check(
        loaded,
        files,
        assessed_on=stated.assessed_on,
        group=stated.group,
        ignore=stated.ignored,
        waivers=waivers,
        progress=_progress,
    )
    verification = verifying.verify(stated, run)
    for line in verification.lines(language or loaded.model.language):
        click.echo(visible(line))
    sys.exit(0 if verification.holds else FAILED)


def _tell_issues(run: Run, language: str) -> None:
    for warning in run.warnings:
        _tell(f"warning: {warning.line(language)}")
    for issue in run.all_issues:
        _tell(issue.line(language))
    if not run.reports and not run.all_issues:
        _tell("warning: there are no institutions in the data")


@cli.command()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write.")
@click.option("--lang", "language", type=_LANGUAGE, default="zh", help="Language of the papers.")
@click.option("--compare", type=click.Path(path_type=Path), help="The inspection.json of an earlier inspection.")
@click.option("--templates", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Templates of your own.")
def inspect(*, plan: Path, output: Path, language: str, compare: Path | None, templates: Path | None) -> None:
    """Inspect a whole city: PLAN names the date, and for each tier its standard and data; the papers go to a folder."""
    from cedu_rules.reports.inspection.inspecting import run_inspection  # noqa: PLC0415

    try:
        status = run_inspection(
            plan,
            output,
            language=language,
            earlier=compare,
            templates=templates,
            out=lambda line: click.echo(visible(line)),
            warn=_tell,
            progress=_progress,
        )
    except InputError as error:
        _tell("\n".join(issue.line(language) for issue in error.issues))
        status = WRONG
    sys.exit(status)


@cli.command()
@click.argument("target")
@click.option(
    "--lang", "language", type=_LANGUAGE, help="Language of the words around; by default that of the standard."
)
@click.option("--format", "form", type=click.Choice(["text", "json-schema"]), default="text", help="What to write.")
@click.option("--facts", is_flag=True, help="Show the facts instead of the clauses.")
def show(*, target: str, language: str | None, form: str, facts: bool) -> None:
    """Show a standard: its clauses with their places, or with STANDARD.CLAUSE one clause with its facts.

    With --format json-schema: the JSON Schema of its input, by which editors complete data in JSON and YAML.
    """
    from cedu_rules.reports.outline import clause_lines, fact_lines, standard_lines  # noqa: PLC0415

    loaded, clause = _target(target, language)
    if clause is not None and (facts or form != "text"):
        raise click.UsageError(f"found the clause `{clause}`; expected a whole standard, `{loaded.id}`")
    language = language or loaded.model.language
    if form == "json-schema":
        _write_json(loaded.json_schema(language), None)
        return
    shown = fact_lines(loaded.model, language) if facts else standard_lines(loaded.model, language)
    for line in shown if clause is None else clause_lines(loaded.model, clause, language):
        click.echo(visible(line))


@cli.command()
@click.argument("standard")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; for csv a folder.")
@click.option("--format", "form", type=click.Choice(["xlsx", "csv", "json", "yaml"]), help="By default as OUTPUT ends.")
@click.option("--for", "audience", type=click.Choice(["institution", "inspector"]), help="Whose facts; by default all.")
@click.option("--lang", "language", type=_LANGUAGE, help="Language of the form; by default that of the standard.")
@click.option("--on", "day", type=_Day(), help="Yearly columns end with the year of this day; by default today.")
@click.option("--ignore", multiple=True, help="A column of FILES to leave out; may be given several times.")
def template(  # noqa: PLR0913 -- one parameter an option
    *,
    standard: str,
    files: tuple[Path, ...],
    output: Path | None,
    form: str | None,
    audience: Any,  # noqa: ANN401 -- one of the choices
    language: str | None,
    day: date | None,
    ignore: tuple[str, ...],
) -> None:
    """Write a form to fill in for STANDARD; FILES of data fill in what is known already."""
    from cedu_rules.data.templates import filling_of, template  # noqa: PLC0415

    loaded = _load(standard, language)
    language = language or loaded.model.language
    kind = form or _kind_of(output)
    if output is None and kind in {"xlsx", "csv"}:
        raise click.UsageError(f"no `-o`; expected the {'folder' if kind == 'csv' else 'file'} to write")
    filling = filling_of(loaded, files, ignore=ignore)
    for issue in (*filling.warnings, *filling.issues):
        _tell(issue.line(language))
    year = (day or date.today()).year  # noqa: DTZ011 -- the day where the user is
    years = range(max(year - 2, 1), year + 1)
    written = template(
        loaded.model, kind, language=language, audience=audience, years=years, known=filling.known
    )
    _write_files(written, output)
    sys.exit(WRONG if filling.issues else 0)


def _kind_of(output: Path | None) -> str:
    """Return the format that the name of a file asks for."""
    endings = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".csv": "csv"}
    return "xlsx" if output is None else endings.get(output.suffix.lower(), "xlsx")


@cli.command()
@click.argument("standard")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
def codegen(*, standard: str, output: Path | None) -> None:
    """Write a typed Python module with the record classes of STANDARD, for static checkers."""
    from cedu_rules.authoring.codegen import typed_module  # noqa: PLC0415

    _write(typed_module(_load(standard, None)), output)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", "language", type=_LANGUAGE, default="en", help="Language of the messages.")
def test(*, paths: tuple[Path, ...], language: str) -> None:
    """Run the examples in `.std` files, and say how the answers differ where they do."""
    from cedu_rules.authoring.examples import failures  # noqa: PLC0415

    failed, total, status = 0, 0, 0
    for path in _std_files(paths):
        try:
            standard = _load(str(path), language)
        except (CeduError, SystemExit) as error:  # the other files are tested all the same
            if isinstance(error, CeduError):
                _tell(str(error))
            status = WRONG
            continue
        total += sum(len(clause.examples) for clause in standard.model.clauses)
        for failure in failures(standard):
            failed += 1
            click.echo("\n".join(visible(line) for line in failure.in_words(language).split("\n")))
    click.echo(f"{total - failed} passed, {failed} failed")
    sys.exit(status or (FAILED if failed else 0))


def _std_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and those in the folders, sorted.

    Raises:
        click.UsageError: there is nothing to test at one of the paths.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.std")) if path.is_dir() else [path] if path.exists() else []
        if not inside:
            missing = "`.std` file in" if path.is_dir() else "such file or folder:"
            raise click.UsageError(f"no {missing} `{path}`")
        found += inside
    return found


def _target(target: str, language: str | None) -> tuple[Standard, str | None]:
    """Return the standard and the id of the clause in `school`, `school.floor_area`, `my.std`, `my.std.floor_area`."""
    name, point, clause = target.rpartition(".")
    if not point or target.endswith(".std") or "/" in clause or "\\" in clause:
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
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as error:  # a path with a null character is no value for the system
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise click.UsageError(f"cannot write `{output}`: {reason}") from None


def _write_files(files: Mapping[str, bytes], output: Path | None) -> None:
    """Write one file, or several by name into a folder."""
    try:
        if "" not in files and output is not None:
            output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if output is None:
                click.echo(content.decode(), nl=False)
            else:
                (output / name if name else output).write_bytes(content)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise click.UsageError(f"cannot write `{output}`: {reason}") from None


def _write_bytes(content: bytes, output: Path | None, *, is_text: bool) -> None:
    """Write a whole file; no terminal is sent one that is no text."""
    if output is not None:
        _write_files({"": content}, output)
    elif is_text or sys.stdout is None or not sys.stdout.isatty():
        click.echo(content, nl=False)
    else:
        raise click.UsageError("a workbook is not shown on a terminal; name a file with `-o`")


def _write_json(document: dict[str, Any], output: Path | None) -> None:
    """Write JSON as UTF-8, and for readers of another encoding in ASCII, which is both."""
    is_foreign = output is None and "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    _write(json.dumps(document, ensure_ascii=is_foreign, indent=2) + "\n", output)


def _write_text(run: Run, selection: Selection, language: str, output: Path | None, *, date_is_today: bool) -> None:
    """Write the report as text: in colour on a terminal, plain elsewhere."""
    found = lines(run, selection, language, date_is_today=date_is_today)
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        _write("".join(plain(line) + "\n" for line in found), output)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in found:
        console.print(Text.assemble(*((piece.text, piece.style) for piece in line)), soft_wrap=True)


def _progress(items: Sequence[Item]) -> Iterable[Item]:
    """Pass the items on, with a bar on a terminal where there are many."""
    if len(items) < _MANY or sys.stderr is None or not sys.stderr.isatty():
        return items
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    return track(items, description="", console=Console(stderr=True), transient=True)
