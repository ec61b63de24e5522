"""`check STANDARD big.parquet … -o findings.parquet`: files larger than memory into a file of findings and a summary."""

import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import click

from cedu_rules.cli.root import FAILED, WRONG, tell
from cedu_rules.diagnostics import InputError
from cedu_rules.explain.sentences import STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.reports.text import visible
from cedu_rules.standard import Standard

ENDING = ".parquet"
_UNUSABLE = ("failed", "unknown", "clause", "institution", "waivers", "immutable", "costs", "advice")
_STATUSES = ("pass", "fail", "unknown", "not_applicable", "not_met")


class Counted(Protocol):
    """What an evaluation counts."""

    institutions: int
    verdicts: Counter[str]
    clauses: dict[str, Counter[str]]
    groups: dict[str, Counter[str]]
    invalid: list[tuple[str, str]]


def check_files(standard: Standard, options: Mapping[str, Any], *, day: date, language: str) -> int:
    """Evaluate the files, write the findings, tell what the reports sum up to; return the exit status.

    Args:
        standard: The standard.
        options: The options of `check` by the names of its parameters.
        day: The day of the assessment.
        language: `zh` or `en`, of the summary.
    """
    output, files = options["output"], [Path(file) for file in options["files"]]
    _expect_usable(output, files, options)
    group = options["group"]
    carried = () if group is None else (group,)
    try:
        bulk = standard.evaluate_parquet(files, assessed_on=day, group=carried, ignore=options["ignore"])
        _run(bulk, output)
    except InputError as error:
        tell("\n".join(issue.line(language) for issue in error.issues))
        return WRONG
    counts: Counted = bulk.counts
    _tell_invalid(counts, language)
    for line in summary(standard, counts, day, language):
        click.echo(visible(line))
    if counts.verdicts["invalid"]:
        return WRONG
    return FAILED if counts.verdicts["conforms"] < counts.institutions else 0


def _expect_usable(output: Path, files: Sequence[Path], options: Mapping[str, Any]) -> None:
    """Refuse what this way of writing has no use for."""
    asked = [f"--{name}" for name in _UNUSABLE if options[name]]
    if options["form"] != "text":
        asked.insert(0, "--format")
    if asked:
        raise click.UsageError(
            f"`{asked[0]}` with `-o {output.name}`; expected another file, Parquet holds all findings"
        )
    others = [path for path in files if path.suffix.lower() != ENDING]
    if others:
        raise click.UsageError(f"`{others[0]}`; expected only Parquet files where findings go to one")
    if any(_same(path, output) for path in files):
        raise click.UsageError(f"`{output}` is among the files to read; expected another one to write")


def _same(path: Path, output: Path) -> bool:
    try:
        return path.samefile(output)
    except OSError:
        return False


def _run(bulk: Any, output: Path) -> None:  # noqa: ANN401 -- of an extra that may be missing
    """Evaluate everything, with a bar on a terminal."""
    try:
        with _bar(bulk.rows) as advance:
            for number in bulk.run(output):
                advance(number)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such file can be written"
        raise click.UsageError(f"cannot write `{output}`: {reason}") from None


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    """Yield the function that moves the bar by so many institutions."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda number: None  # noqa: ARG005 -- nobody looks
        return
    from rich.console import Console  # noqa: PLC0415 -- only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda number: progress.advance(task, number)


def _tell_invalid(counts: Counted, language: str) -> None:
    """Tell why institutions cannot be, and how many more there are."""
    for institution, error in counts.invalid:
        tell(f"{institution or '?'}: {error}")
    left = counts.verdicts["invalid"] - len(counts.invalid)
    if left:
        tell(f"… 另有 {left} 个机构填报有误" if language == "zh" else f"… and {left} more institutions that cannot be")
    if not counts.institutions:
        tell("warning: there are no institutions in the data")


# --- the summary -----------------------------------------------------------------------------------------------------


def summary(standard: Standard, counts: Counted, day: date, language: str) -> Iterator[str]:
    """Yield the lines of the summary: how many institutions have which verdict, and each clause which status."""
    chinese = language == "zh"
    yield f"{standard.model.title}（{standard.id}）" if chinese else f"{standard.model.title} ({standard.id})"
    yield f"评定基准日：{day}" if chinese else f"assessed on: {day}"
    yield (f"机构 {counts.institutions} 个" if chinese else f"institutions: {counts.institutions}") + _verdicts(
        counts.verdicts, language
    )
    if counts.groups:
        yield ""
        for name in sorted(counts.groups):
            yield f"{name or '–'}{_verdicts(counts.groups[name], language)}"
    yield ""
    shown = [status for status in _STATUSES if any(each[status] for each in counts.clauses.values())]
    head = ["条款" if chinese else "clause", *(in_words(STATUS_WORDS[status], language) for status in shown)]
    rows = [[clause, *(str(each[status]) for status in shown)] for clause, each in counts.clauses.items()]
    yield from _table([head, *rows])


def _verdicts(counted: Counter[str], language: str) -> str:
    words = [
        f"{in_words(VERDICT_WORDS[verdict], language)} {counted[verdict]}"
        for verdict in VERDICT_WORDS
        if counted[verdict]
    ]
    if not words:
        return ""
    return ("：" + "，".join(words)) if language == "zh" else (": " + ", ".join(words))


def _table(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows of cells in columns: the first to the left, numbers to the right."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *numbers in rows:
        cells = [" " * (width - _width(cell)) + cell for cell, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join([first + " " * (widths[0] - _width(first)), *cells]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
