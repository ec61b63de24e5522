"""The command `fmt`: the canonical form of `.std` files.

A file is written whole or not at all, and only where it can be read; what is wrong with one stops no other.
"""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from cedu_rules.catalog import SIZE_LIMIT, decode_text
from cedu_rules.cli.root import FAILED, LANGUAGE, WRONG, cli, tell, tell_all
from cedu_rules.diagnostics import StandardError
from cedu_rules.reports.text import visible

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_STANDARD_INPUT = "-"


class _UnusableError(Exception):
    """A file that is left alone; the message tells why."""


@cli.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; list the files that are not in canonical form.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the messages.")
def fmt(*, paths: tuple[str, ...], check: bool, diff: bool, language: str) -> None:
    """Bring `.std` files, and those in folders, into their canonical form; `-` is standard input.

    Comments, numbers and units stay as they are written; what a file means does not change. Exit status: 1 if --check
    or --diff found a file to change, 2 if a file could not be read or written.
    """
    status = 0
    for name in _names(paths):
        try:
            data = _read(name)
            found = _formatted(data, name)
            is_changed = found != data
            if name == _STANDARD_INPUT and not (check or diff):
                click.echo(found, nl=False)
            elif is_changed:
                _deal_with(name, data, found, language, check=check, diff=diff)
        except StandardError as error:
            tell_all(error.diagnostics, language)
            status = WRONG
        except _UnusableError as error:
            tell(str(error))
            status = WRONG
        else:
            status = max(status, FAILED if is_changed and (check or diff) else 0)
    sys.exit(status)


def _names(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files, each once, and those in the folders, sorted."""
    seen: set[str] = set()
    for path in paths:
        for name in _inside(path) or [path]:
            if name not in seen:
                seen.add(name)
                yield name


def _inside(path: str) -> list[str]:
    """Return the files in a folder; nothing of what is none."""
    try:
        is_folder = path != _STANDARD_INPUT and Path(path).is_dir()
    except ValueError:  # a path with a null character; reading it tells
        return []
    return sorted(str(file) for file in Path(path).rglob("*.std") if not file.is_dir()) if is_folder else []


def _read(name: str) -> bytes:
    try:
        if name == _STANDARD_INPUT:
            if sys.stdin is None:
                raise _UnusableError("there is no standard input")
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        if Path(name).is_dir():
            raise _UnusableError(f"no `.std` file in `{name}`")
        with Path(name).open("rb") as stream:
            return stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise _UnusableError(f"cannot read `{name}`: {_reason(error)}; expected a readable `.std` file") from None


def _formatted(data: bytes, name: str) -> bytes:
    """Return the canonical form of a file; its byte-order mark stays.

    Raises:
        StandardError: it cannot be read as a standard.
        _UnusableError: its canonical form is larger than a file may be.
    """
    from cedu_rules.syntax.printer import format_text  # noqa: PLC0415

    shown = _shown(name)
    found, diagnostics = format_text(decode_text(data, shown), shown)
    if found is None:
        raise StandardError(diagnostics)
    formatted = _BYTE_ORDER_MARK * data.startswith(_BYTE_ORDER_MARK) + found.encode()
    if len(formatted) > SIZE_LIMIT:
        raise _UnusableError(
            f"`{shown}` has a canonical form of more than {SIZE_LIMIT // 2**20} MiB; expected a smaller file"
        )
    return formatted


def _deal_with(name: str, data: bytes, found: bytes, language: str, *, check: bool, diff: bool) -> None:
    """Write a file that is not in canonical form, or tell what would change."""
    if diff:
        from cedu_rules.cli.differences import unified  # noqa: PLC0415

        for line in unified(decode_text(data, name), decode_text(found, name), _shown(name)):
            click.echo(visible(line))
    if check and not diff:
        click.echo(visible(_shown(name)))
    if not (check or diff):
        _write(Path(name), found)
        click.echo(f"{'已整理' if language == 'zh' else 'formatted'} {visible(name)}")


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step; a reader sees the old one or the new one, and its permissions stay."""
    path = path.resolve()  # the file that a link names, not the link
    temporary: Path | None = None
    try:
        before = path.stat()
        if not os.access(path, os.W_OK):
            raise PermissionError(None, "the file is read-only")
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem[:40]}-", suffix=".tmp", delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if hasattr(os, "chown"):
            with suppress(OSError):  # only who may give files away can keep a stranger's name on one
                os.chown(temporary, before.st_uid, before.st_gid)
        temporary.chmod(stat.S_IMODE(before.st_mode))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise _UnusableError(f"cannot write `{path}`: {_reason(error)}") from None


def _shown(name: str) -> str:
    """Return what messages call a file."""
    return "<stdin>" if name == _STANDARD_INPUT else name


def _reason(error: OSError | ValueError) -> str:
    """Return why the system refused; a path with a null character is no value for it."""
    return (error.strerror or "unknown error") if isinstance(error, OSError) else "no file has such a name"
