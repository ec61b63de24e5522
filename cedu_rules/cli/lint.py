"""The command `lint`: what is wrong or doubtful in `.std` files, as text, JSON or SARIF."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from cedu_rules import catalog
from cedu_rules.cli.root import FAILED, LANGUAGE, WRONG, cli, tell
from cedu_rules.cli.std_files import std_files
from cedu_rules.cli.writing import write, write_json
from cedu_rules.diagnostics import CeduError, Diagnostic, StandardError
from cedu_rules.messages import Words
from cedu_rules.reports.text import visible

_STDIN = "-"
_CLEAN = Words("{files} without findings", "{files}没有发现问题")
_COUNTED = Words("{errors}, {warnings} in {files}", "{files}中有 {errors}、{warnings}")


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", help="What to write.")
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the messages.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file instead of standard output.")
def lint(*, paths: tuple[Path, ...], form: str, language: str, output: Path | None) -> None:
    """Tell what is wrong or doubtful in `.std` files; `-` reads standard input.

    A warning is allowed by a comment `# lint: allow CODE`. Exit status: 0 nothing is found, 1 something is, 2 a file
    cannot be read.
    """
    from cedu_rules.authoring.lint.output import as_json, as_sarif  # noqa: PLC0415

    found: dict[str, tuple[Diagnostic, ...]] = {}
    status = 0
    for name in _names(paths):
        try:
            found[name] = _findings(name)
        except CeduError as error:  # the other files are looked at all the same
            tell(str(error))
            status = WRONG
    if form == "text":
        write("".join(f"{visible(line)}\n" for line in _lines(found, language)), output)
    else:
        write_json((as_json if form == "json" else as_sarif)(found, language), output)
    sys.exit(status or (FAILED if any(found.values()) else 0))


def _findings(name: str) -> tuple[Diagnostic, ...]:
    """Return what is to be said of one file.

    Raises:
        StandardNotFound: the file cannot be read.
    """
    from cedu_rules.authoring.lint import lint as lint_text  # noqa: PLC0415

    try:
        if name == _STDIN:
            return lint_text(catalog.decode_text(sys.stdin.buffer.read(catalog.SIZE_LIMIT + 1), "<stdin>"), "<stdin>")
        return lint_text(catalog.read_text(Path(name), name), name)
    except StandardError as error:  # no text: that is the finding
        return error.diagnostics


def _names(paths: Iterable[Path]) -> list[str]:
    """Return the files, and those in the folders, sorted, each once.

    Raises:
        click.UsageError: there is nothing at one of the paths.
    """
    names = [str(file) for path in paths for file in ([path] if str(path) == _STDIN else std_files([path]))]
    return list(dict.fromkeys(names))


def _lines(found: dict[str, tuple[Diagnostic, ...]], language: str) -> Iterator[str]:
    """Yield every finding with its line, caret and cure, then how many there are."""
    everything = [diagnostic for listed in found.values() for diagnostic in listed]
    for diagnostic in everything:
        yield from diagnostic.in_words(language).split("\n")
    errors = sum(diagnostic.severity == "error" for diagnostic in everything)
    files = _so_many(len(found), "file", "个文件")
    if not everything:
        yield _CLEAN.filled(language, {"files": files})
        return
    counted = {
        "errors": _so_many(errors, "error", "个错误"),
        "warnings": _so_many(len(everything) - errors, "warning", "个提醒"),
    }
    yield _COUNTED.filled(language, {**counted, "files": files})


def _so_many(number: int, noun: str, chinese: str) -> Words:
    return Words(f"{number} {noun}{'' if number == 1 else 's'}", f"{number} {chinese}")
