"""A name or path into a standard: bundled files, files on disk, standards that other packages ship.

A name with a separator or ending in `.std` is a path. Any other is looked for among the bundled standards, then among the
entry points of the group `cedu_rules.standards`; an entry point names a package or module that holds `NAME.std`.
"""

import os
import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, cast

from cedu_rules import cache
from cedu_rules.diagnostics import Diagnostic, Hint, StandardError, StandardNotFound
from cedu_rules.source import Source, Span
from cedu_rules.standard import Standard

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

ENTRY_POINTS = "cedu_rules.standards"
SIZE_LIMIT = 16 * 2**20
"""A `.std` file has at most so many bytes."""

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_FOLDERS = (os.path.join(_PACKAGE, "standards"), os.path.join(os.path.dirname(_PACKAGE), "standards"))
"""In a wheel the files lie in the package; in a checkout beside it."""

_BUNDLED = next(filter(os.path.isdir, _FOLDERS), _FOLDERS[0])

_NAME = re.compile(r"[\w-]+")


def load(name: str | os.PathLike[str], *, on: date | None = None) -> Standard:
    """Return the standard of a name, or of the `.std` file at a path.

    Args:
        name: `school`, a path (one with a separator, or ending in `.std`), or a name that another package ships.
        on: the day whose edition is wanted; None takes the newest.

    Raises:
        StandardNotFound: no such file or name, or no edition in force on that day.
        StandardError: the file is no standard; every diagnostic is in it.
    """
    standard = _remembered(*_read(name))
    effective = standard.model.effective_from
    if on is not None and effective is not None and on < effective:
        raise StandardNotFound(f"`{name}` is in force from {effective}; expected an edition in force on {on}")
    return standard


def loads(text: str, name: str = "<text>") -> Standard:
    """Return the standard that a text states; `name` is what messages call it.

    Raises:
        StandardError: the text is no standard; every diagnostic is in it.
    """
    from cedu_rules.frontend import check  # noqa: PLC0415 -- what was loaded before needs no reader of texts

    model, diagnostics = check(text, name)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise StandardError(diagnostics)
    return Standard(model, diagnostics)


def _remembered(text: str, name: str) -> Standard:
    """Return the standard of a text, from what was kept of it where it was loaded before.

    Raises:
        StandardError: the text is no standard.
    """
    known = cache.recall(text, name)
    if known is not None:
        return Standard(*known)
    standard = loads(text, name)
    cache.keep(standard.model, standard.diagnostics)
    return standard


def names() -> tuple[str, ...]:
    """Return the names of the standards that are bundled or that other packages ship, sorted."""
    files = os.listdir(_BUNDLED) if os.path.isdir(_BUNDLED) else ()
    bundled = {file.removesuffix(".std") for file in files if file.endswith(".std")}
    return tuple(sorted(bundled | _shipped().keys()))


def read_text(path: "str | os.PathLike[str] | Traversable", name: str) -> str:
    """Return the text of a `.std` file.

    Raises:
        StandardNotFound: there is no such file, or it cannot be read.
        StandardError: the file is too large or no UTF-8.
    """
    try:
        with _opened(path) as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:  # a path with a null character is no value for the system
        reason = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise StandardNotFound(f"cannot read `{name}`: {reason}; expected a readable `.std` file") from None
    return decode_text(data, name)


def _opened(path: "str | os.PathLike[str] | Traversable") -> BinaryIO:
    return open(path, "rb") if isinstance(path, (str, os.PathLike)) else cast("BinaryIO", path.open("rb"))


def decode_text(data: bytes, name: str) -> str:
    """Return the text of a `.std` file that was read as bytes, without its byte-order mark.

    Raises:
        StandardError: the file is too large or no UTF-8.
    """
    if len(data) > SIZE_LIMIT:
        raise StandardError([_unreadable(name, "too-large", limit=SIZE_LIMIT // 2**20)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandardError([_misread(name, data, error.start)]) from None


def _unreadable(name: str, code: str, **values: object) -> Diagnostic:
    return Diagnostic(code, Span(Source(name, ""), 0, 0), values)


def _misread(name: str, data: bytes, start: int) -> Diagnostic:
    """Return what is said of bytes that are no UTF-8 from `start` on; the line is shown in the likely encoding."""
    likely = _encoding(data)
    before = data[:start].decode("utf-8")
    rest = data[start:].decode(likely or "utf-8", "replace")
    place = Span(Source(name, before + rest), len(before), len(before) + 1)
    hint = None if likely is None else Hint("encoding", {"encoding": likely.upper()})
    return Diagnostic("bad-encoding", place, {"line": place.line}, hint)


def _encoding(data: bytes) -> str | None:
    """Return the encoding that the bytes are likely in, or None."""
    for encoding, marks in (("utf-16", (b"\xff\xfe", b"\xfe\xff")), ("gb18030", (b"",))):
        if data.startswith(marks):
            with suppress(UnicodeDecodeError):
                data.decode(encoding)
                return encoding
    return None


def _read(name: str | os.PathLike[str]) -> tuple[str, str]:
    """Return the text of a standard and what messages call it."""
    text = os.fspath(name)
    if not isinstance(name, str) or "/" in text or "\\" in text or text.endswith(".std"):
        return read_text(text, text), text
    if _NAME.fullmatch(text):
        file = f"{text}.std"
        path = os.path.join(_BUNDLED, file)
        if os.path.isfile(path):
            return read_text(path, file), file
        package = _shipped().get(text)
        if package is not None:
            return read_text(_shipped_file(text, package), file), file
    known = ", ".join(f"`{known}`" for known in names())
    raise StandardNotFound(f"no standard `{text}`; expected a path ending in `.std` or one of {known}")


def _shipped() -> dict[str, str]:
    """Return the packages of the entry points by the name of their standard; nothing of them is imported yet."""
    from importlib.metadata import entry_points  # noqa: PLC0415 -- slow to import, and seldom needed

    return {entry.name: entry.value.partition(":")[0].strip() for entry in entry_points(group=ENTRY_POINTS)}


def _shipped_file(name: str, package: str) -> "Traversable":
    """Return the file of a standard in the package that ships it.

    Raises:
        StandardNotFound: the package cannot be imported.
    """
    from importlib import resources  # noqa: PLC0415 -- slow to import, and seldom needed

    try:
        return resources.files(package) / f"{name}.std"
    except Exception as error:  # noqa: BLE001 -- a stranger's package may fail in any way when it is imported
        found = f"cannot import `{package}`, which ships `{name}`: {type(error).__name__}"
        raise StandardNotFound(f"{found}; expected a package that holds `{name}.std`") from None
