"""Papers into a folder: each file whole or not at all, never outside, foreign files left alone.

What was written is listed with its digest, so that the next inspection can take away the notices that no longer hold,
and those alone: a file that somebody has changed is not touched.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words

LIST = "inspection.json"
_LIST_LIMIT = 512 * 2**20
_TAKEN_AWAY = "notices/"


class OutputFolder:
    """A folder that papers are written to; what cannot be written becomes an issue."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.issues: list[InputIssue] = []
        self.unwritten: set[Path] = set()
        self.digests: dict[str, str] = {}
        self.before = self._listed()

    def make(self) -> None:
        """Make the folder where there is none.

        Raises:
            InputError: it cannot be made, or be written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            is_writable = os.access(self.path, os.W_OK | os.X_OK)
            reason = "not writable"
        except (OSError, ValueError) as error:
            is_writable, reason = False, str(getattr(error, "strerror", "no file has such a name"))
        if not is_writable:
            words = Words(f"a folder that can be written to ({reason})", f"可写入的文件夹（{reason}）")
            raise InputError([InputIssue("output", str(self.path), words)])

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file; `name` has at most one folder before it."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
        target = self.path / name
        if target.parent != self.path and target.parent.is_symlink():
            self._unwritten(target, "a link to another folder")
            return
        unfinished = target.with_name(f".{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
            unfinished.write_bytes(data)
            unfinished.replace(target)  # replaces a link instead of following it
        except OSError as error:
            self._unwritten(target, str(error.strerror))
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        except ValueError:  # a path with a null character is no value for the system
            self._unwritten(target, "no file has such a name")
        else:
            self.digests[name] = _digest(data)

    def _unwritten(self, target: Path, reason: str) -> None:
        """Keep an issue, one a folder: what is wrong with one file in it is mostly wrong with all."""
        if target.parent in self.unwritten:
            return
        self.unwritten.add(target.parent)
        words = Words(f"a place that can be written to ({reason})", f"可写入的位置（{reason}）")
        self.issues.append(InputIssue("output", str(target), words))

    def take_away_old(self) -> int:
        """Remove the notices of an earlier inspection in this folder that were not written now; return how many."""
        count = 0
        for name, digest in self.before.items():
            target = self.path / name
            if name in self.digests or not _is_own(name) or target.is_symlink() or target.parent.is_symlink():
                continue
            with suppress(OSError, ValueError):
                if _digest(target.read_bytes()) == digest:
                    target.unlink()
                    count += 1
        return count

    def _listed(self) -> Mapping[str, str]:
        """Return what an earlier inspection wrote here."""
        try:
            with (self.path / LIST).open("rb") as stream:
                data: Any = json.loads(stream.read(_LIST_LIMIT))
            files = data["files"]
            return {str(name): str(digest) for name, digest in files.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}


def _is_own(name: str) -> bool:
    """Return whether a name is that of a notice, and leads nowhere else."""
    rest = name.removeprefix(_TAKEN_AWAY)
    return name.startswith(_TAKEN_AWAY) and not set(rest) & set("/\\:") and rest.endswith(".html") and ".." not in rest


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
