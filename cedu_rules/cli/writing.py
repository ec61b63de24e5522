"""What a command makes into a file or onto a terminal."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from cedu_rules.reports.run import Run
from cedu_rules.reports.text import Selection, lines, plain

Item = TypeVar("Item")

MANY = 100
"""From so many institutions on, a terminal shows how far the work is."""


def write(text: str, output: Path | None) -> None:
    """Write text to a file or to standard output."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as error:  # a path with a null character is no value for the system
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise click.UsageError(f"cannot write `{output}`: {reason}") from None


def write_files(files: Mapping[str, bytes], output: Path | None) -> None:
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


def write_bytes(content: bytes, output: Path | None, *, is_text: bool) -> None:
    """Write a whole file; no terminal is sent one that is no text."""
    if output is not None:
        write_files({"": content}, output)
    elif is_text or sys.stdout is None or not sys.stdout.isatty():
        click.echo(content, nl=False)
    else:
        raise click.UsageError("a workbook is not shown on a terminal; name a file with `-o`")


def write_json(document: dict[str, Any], output: Path | None) -> None:
    """Write JSON as UTF-8, and for readers of another encoding in ASCII, which is both."""
    is_foreign = output is None and "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    write(json.dumps(document, ensure_ascii=is_foreign, indent=2) + "\n", output)


def write_text(
    run: Run, selection: Selection, language: str, output: Path | None, *, date_is_today: bool, advice: bool = False
) -> None:
    """Write the report as text: in colour on a terminal, plain elsewhere."""
    found = lines(run, selection, language, date_is_today=date_is_today, advice=advice)
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        write("".join(plain(line) + "\n" for line in found), output)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in found:
        console.print(Text.assemble(*((piece.text, piece.style) for piece in line)), soft_wrap=True)


def progress(items: Sequence[Item]) -> Iterable[Item]:
    """Pass the items on, with a bar on a terminal where there are many."""
    if len(items) < MANY or sys.stderr is None or not sys.stderr.isatty():
        return items
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    return track(items, description="", console=Console(stderr=True), transient=True)
