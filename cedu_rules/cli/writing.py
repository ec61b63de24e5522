"""What a command makes into a file or onto a terminal."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from cedu_rules.reports.parallel import Workers

Item = TypeVar("Item")

MANY = 100
"""From so many institutions on, a terminal shows how far the work is."""


def write(text: str, output: "Path | None") -> None:
    """Write text to a file or to standard output."""
    write_parts([text], output)


def write_parts(texts: Iterable[str], output: "Path | None") -> None:
    """Write texts as they come to standard output, or to a file that is there when all have come."""
    if output is None:
        for text in texts:
            click.echo(text, nl=False)
        return
    with _telling(output), replacing(output) as stream:
        for text in texts:
            stream.write(text.encode("utf-8", "backslashreplace"))


def write_files(files: Mapping[str, bytes], output: "Path | None") -> None:
    """Write one file, or several by name into a folder."""
    if output is None:
        for content in files.values():
            click.echo(content.decode(), nl=False)
        return
    with _telling(output):
        if "" not in files:
            output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            with replacing(output / name if name else output) as stream:
                stream.write(content)


@contextmanager
def _telling(output: "Path") -> Iterator[None]:
    """Tell what cannot be written."""
    try:
        yield
    except (OSError, ValueError) as error:  # a path with a null character is no value for the system
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise click.UsageError(f"cannot write `{output}`: {reason}") from None


@contextmanager
def replacing(output: "Path") -> Iterator[BinaryIO]:
    """Give a stream whose content takes the place of a file at the end; until then, and on an error, the file stays as it is.

    What is no file, such as a pipe, and a file in a folder that takes no other, are written as the content comes.
    """
    target = output.resolve()
    is_there = target.exists()
    if is_there and not (target.is_file() and os.access(target, os.W_OK) and os.access(target.parent, os.W_OK)):
        with target.open("wb") as stream:
            yield stream
        return
    part = target.with_name(f".cedu-rules-{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        if is_there:
            from shutil import copymode  # noqa: PLC0415 -- slow to import, and seldom needed

            copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_bytes(content: bytes, output: "Path | None", *, is_text: bool) -> None:
    """Write a whole file; no terminal is sent one that is no text."""
    if output is not None:
        write_files({"": content}, output)
    elif is_text or sys.stdout is None or not sys.stdout.isatty():
        click.echo(content, nl=False)
    else:
        raise click.UsageError("a workbook is not shown on a terminal; name a file with `-o`")


def wants_ascii(output: "Path | None") -> bool:
    """Return whether JSON is for readers of another encoding: it is then written in ASCII, which is UTF-8 as well."""
    return output is None and "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()


def write_json(document: dict[str, Any], output: "Path | None") -> None:
    """Write JSON as UTF-8, and for readers of another encoding in ASCII."""
    write(json.dumps(document, ensure_ascii=wants_ascii(output), indent=2) + "\n", output)


def write_text(
    run: Run,
    selection: Selection,
    language: str,
    output: "Path | None",
    *,
    date_is_today: bool,
    advice: bool = False,
    workers: "Workers | None" = None,
) -> None:
    """Write the report as text: in colour on a terminal, plain elsewhere."""
    from cedu_rules.reports.text import lines, plain  # noqa: PLC0415 -- other forms need none of it

    found = lines(run, selection, language, date_is_today=date_is_today, advice=advice, workers=workers)
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        write_parts((plain(line) + "\n" for line in found), output)
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


def progress_beside(output: "Path | None") -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Return what shows progress while a report is written: nothing where the report itself goes to the terminal."""
    return iter if output is None and sys.stdout is not None and sys.stdout.isatty() else progress
