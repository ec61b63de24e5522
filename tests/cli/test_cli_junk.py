"""Junk for the command: whatever it is given, nobody sees a traceback."""

import os
import re
from pathlib import Path

import pytest

from tests.commands import DAY, ERROR, Run, check

JUNK = {
    "bytes": bytes(range(256)),
    "nothing": b"",
    "null": b"\0",
    "deep list": b"[" * 100_000,
    "deep mapping": b'{"a":' * 100_000,
    "closed": b"[" * 50_000 + b"]" * 50_000,
    "bullets": b"- " * 20_000,
    "brackets": b'standard x "x" section "a" "b" { clause c "c" { must ' + b"(" * 50_000,
    "quote": b'id,area\n"S1,5\n',
    "half a character": "id,area\nS1,面".encode()[:-1],
    "long number": b'[{"id": "S1", "area": ' + b"9" * 100_000 + b"}]",
    "surrogate": b'[{"id": "\\ud800", "name": "\\udfff", "area": 5}]',
    "tag": b'!!python/object/apply:os.system ["echo"]',
    "aliases": b"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "one long line": b"x" * 1_000_000,
    "scalars": b'[5, null, "x", [1], true]',
}


class TestJunk:
    """Whatever a file holds."""

    @pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
    @pytest.mark.parametrize("ending", ["csv", "json", "yaml", "txt"])
    def test_no_data_ends_in_a_traceback(self, run: Run, tmp_path: Path, ending: str, content: bytes) -> None:
        """Junk among the data is told on standard error; the good file is still reported, and the status is 2."""
        (tmp_path / f"junk.{ending}").write_bytes(content)
        result = run("check", "trial.std", "good.csv", f"junk.{ending}", *DAY, "--lang", "en")

        if (ending, content) not in {("yaml", b""), ("csv", b"")}:
            assert result.status == ERROR
            assert "junk" in result.errors
        assert "Traceback" not in result.errors
        assert "S1" in result.output

    @pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
    @pytest.mark.parametrize("command", ["show", "test"])
    def test_no_standard_ends_in_a_traceback(self, run: Run, tmp_path: Path, command: str, content: bytes) -> None:
        """Junk in place of a standard ends in diagnostics and status 2."""
        (tmp_path / "junk.std").write_bytes(content)
        result = run(command, "junk.std")

        assert result.status == ERROR
        assert re.match(r"junk\.std:\d+:\d+: [a-z-]+: ", result.errors)

    def test_no_folder_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A folder in place of a file is told."""
        (tmp_path / "folder.csv").mkdir()
        result = check(run, "folder.csv")

        assert result.status == ERROR
        assert "folder.csv" in result.errors

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
    def test_no_forbidden_file_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A file that may not be read is told, as data and as a standard."""
        for name in ("good.csv", "trial.std"):
            (tmp_path / name).chmod(0)

            assert check(run, "mixed.csv" if name == "trial.std" else name).status == ERROR

    def test_no_name_of_a_file_ends_in_a_traceback(self, run: Run, tmp_path: Path) -> None:
        """A file may be called anything that the system allows, and is named in the messages."""
        name = os.fsdecode("坏\n\x1b\udcff.json".encode("utf-8", "surrogateescape"))
        try:
            (tmp_path / name).write_text('[{"id": "S1", "area": "x"}]', encoding="utf-8")
        except OSError:
            pytest.skip("this system does not allow such a name")
        for options in ((), ("--format", "json"), ("-o", "out.txt")):
            result = check(run, name, *options)

            assert result.status == ERROR
            assert "坏" in result.errors
            assert "\x1b" not in result.errors
