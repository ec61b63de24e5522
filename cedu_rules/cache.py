"""A folder of standards that were loaded before: the digest of a text into its model, without reading the text again.

The files hold JSON, never code. One is used only where folder and file belong to the user and nobody else may write
them, where it says which text and which library made it, and where its checksum holds; anything else is a miss, never
an error. A file is written whole or not at all, so that processes may share the folder.

The folder is `CEDU_RULES_CACHE`, else `cedu_rules` in `XDG_CACHE_HOME` or `~/.cache`; `CEDU_RULES_CACHE=off` does
without. Systems that tell no owners, such as Windows, do without as well.
"""

import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress

from cedu_rules._version import LANGUAGE_VERSION, VERSION
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.digests import sha256
from cedu_rules.model.ir import Model
from cedu_rules.model.stored import StoredError, restore, store
from cedu_rules.source import Source

VARIABLE = "CEDU_RULES_CACHE"
FILES_LIMIT = 64
"""So many files are kept; the oldest go first."""
SIZE_LIMIT = 64 * 2**20
"""A larger file is not read."""

_FORMAT = 1
_MAKERS = ("", "syntax", "model", "model/resolving", "analysis")
"""The folders whose code makes a model of a text: where one of their files has changed, nothing kept is used."""


def recall(text: str, name: str) -> tuple[Model, tuple[Diagnostic, ...]] | None:
    """Return the model of a text that was kept and the warnings about it, or None; `name` is what messages call it."""
    folder = _folder()
    if folder is None:
        return None
    try:
        key = _key(text)
        content = _own_content(folder, key)
        if content is None:
            return None
        head, _, body = content.partition(b"\n")
        if head.decode() != _head(key, body):
            return None
        return restore(json.loads(body), Source(name, text))
    except (OSError, StoredError, ValueError, RecursionError):
        return None


def keep(model: Model, warnings: tuple[Diagnostic, ...]) -> None:
    """Keep a model and the warnings about its text for the next process; where that cannot be, nothing happens."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError, TypeError, ValueError, RecursionError):
        key = _key(model.source.text)
        body = json.dumps(store(model, warnings), ensure_ascii=True, separators=(",", ":")).encode()
        if len(body) > SIZE_LIMIT:
            return
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if _is_own(os.stat(folder), stat.S_ISDIR):
            _write(folder, key, f"{_head(key, body)}\n".encode() + body)
            _forget_oldest(folder)


def _folder() -> str | None:
    """Return the folder, or None where there is to be none."""
    chosen = os.environ.get(VARIABLE)
    if chosen == "off" or not hasattr(os, "getuid"):
        return None
    if chosen:
        return chosen
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "cedu_rules") if os.path.isabs(home) else None


def _key(text: str) -> str:
    """Return the digest of everything that a model depends on."""
    made = sha256(f"{_FORMAT}\n{VERSION}\n{LANGUAGE_VERSION}\n{_makers()}\n".encode())
    made.update(text.encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _makers() -> str:
    """Return what changes when the code that makes models changes."""
    package = os.path.dirname(__file__)
    newest, number, size = 0, 0, 0
    for folder in _MAKERS:
        with os.scandir(os.path.join(package, folder)) as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".lark")):
                    state = entry.stat()
                    newest, number, size = max(newest, state.st_mtime_ns), number + 1, size + state.st_size
    return f"{newest} {number} {size}"


def _head(key: str, body: bytes) -> str:
    return f"cedu_rules {_FORMAT} {key} {sha256(body).hexdigest()}"


def _is_own(state: os.stat_result, is_right_kind: Callable[[int], bool]) -> bool:
    """Return whether the user owns it and nobody else may write it."""
    others = stat.S_IWGRP | stat.S_IWOTH
    return is_right_kind(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & others


def _own_content(folder: str, key: str) -> bytes | None:
    """Return the content of the file of that key, or None where it is not the user's own.

    Raises:
        OSError: there is no such file.
    """
    if not _is_own(os.stat(folder), stat.S_ISDIR):
        return None
    path = os.path.join(folder, f"{key}.json")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a link or a pipe is nothing that we made
    with open(descriptor, "rb") as stream:
        state = os.fstat(descriptor)
        if not _is_own(state, stat.S_ISREG) or state.st_size > SIZE_LIMIT:
            return None
        with suppress(OSError, NotImplementedError):
            os.utime(descriptor)  # what is used stays longest
        return stream.read(SIZE_LIMIT)


def _write(folder: str, key: str, content: bytes) -> None:
    """Write the file of that key, whole or not at all."""
    from tempfile import mkstemp  # noqa: PLC0415 -- only a first load writes

    descriptor, path = mkstemp(dir=folder, prefix="new-", suffix=".tmp")
    try:
        with open(descriptor, "wb") as stream:
            stream.write(content)
        os.replace(path, os.path.join(folder, f"{key}.json"))
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def _forget_oldest(folder: str) -> None:
    with os.scandir(folder) as entries:
        kept = [entry for entry in entries if entry.name.endswith((".json", ".tmp"))]
    for entry in sorted(kept, key=lambda entry: entry.stat().st_mtime_ns)[:-FILES_LIMIT]:
        os.unlink(entry.path)
