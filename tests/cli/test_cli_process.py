"""The command as a process: scripts, pipes, full disks, encodings, Ctrl-C, terminals."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import cedu_rules as cr
from tests.commands import (
    CONFORMS,
    DAY,
    ERROR,
    FAILS,
    INTERRUPTED,
    ROWS,
    Run,
    alone,
    check,
)


class TestProcess:
    """The command as a process among others."""

    def test_is_a_module_and_a_script(self, tmp_path: Path) -> None:
        """`python -m cedu_rules` and `cedu-rules` tell the version."""
        script = Path(sys.executable).with_name("cedu-rules")
        outputs = [alone("--version", cwd=tmp_path).stdout]
        if script.exists():
            outputs.append(subprocess.run([script, "--version"], capture_output=True, check=True, timeout=60).stdout)  # noqa: S603

        assert all(cr.__version__.encode() in output for output in outputs)

    def test_needs_a_command_and_arguments(self, run: Run) -> None:
        """Calls that lack something are told with how to get help."""
        for arguments in (("check",), ("check", "school"), ("show",), ("test",), ("nonsense",)):
            result = run(*arguments)

            assert (ERROR, "") == (result.status, result.output)
            assert "--help" in result.errors

    def test_helps(self, run: Run) -> None:
        """`--help` lists commands and options and is a success."""
        assert run("--help").status == CONFORMS
        assert all(word in run("--help").output for word in ("check", "show", "test"))
        assert all(word in run("check", "-h").output for word in ("--on", "--format", "--lang", "--group"))

    def test_is_silent_when_its_reader_leaves(self, run: Run, tmp_path: Path) -> None:
        """`| head -1` gets its line, and nobody a traceback."""
        assert run("show", "trial.std").status == CONFORMS
        (tmp_path / "many.csv").write_text(ROWS + "".join(f"S{n},校,1,1,\n" for n in range(400)), encoding="utf-8")
        command = f"{sys.executable} -m cedu_rules check trial.std many.csv --on 2022-12-15 --lang en | head -1"
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=120)  # noqa: S603, S607

        assert ("试行标准 (trial)\n".encode(), b"") == (done.stdout, done.stderr)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
    def test_tells_when_the_disk_is_full(self, run: Run, tmp_path: Path) -> None:
        """Output that cannot be written is an error of its own, in one line."""
        assert run("show", "trial.std").status == CONFORMS
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "cedu_rules", "check", "trial.std", "good.csv", *DAY]
            done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)  # noqa: S603

        assert (ERROR, b"cannot write the output: No space left on device\n") == (done.returncode, done.stderr)

    def test_writes_whatever_the_encoding(self, run: Run, tmp_path: Path) -> None:
        """A terminal without Chinese gets escapes, not an error; JSON can be read whatever the terminal takes."""
        assert run("show", "trial.std").status == CONFORMS
        environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
        told = alone("check", "trial.std", "mixed.csv", *DAY, cwd=tmp_path, env=environment)
        written = alone("check", "trial.std", "mixed.csv", *DAY, "--format", "json", cwd=tmp_path, env=environment)

        assert (FAILS, b"") == (told.returncode, told.stderr)
        assert told.stdout.startswith(b"\\u8bd5\\u884c")
        assert json.loads(written.stdout.decode())["standard"]["title"] == "试行标准"

    def test_can_be_interrupted(self, run: Run, tmp_path: Path) -> None:
        """Ctrl-C ends the work with the status of an interruption and without a traceback."""
        assert run("show", "trial.std").status == CONFORMS
        os.mkfifo(tmp_path / "waiting.csv")
        command = [sys.executable, "-m", "cedu_rules", "check", "trial.std", "waiting.csv", *DAY]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
            writer = _opened_when_read(tmp_path / "waiting.csv")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=60)
            os.close(writer)

        assert (INTERRUPTED, b"", b"") == (process.returncode, output, errors.strip())

    def test_says_the_same_on_a_terminal(self, run: Run, tmp_path: Path) -> None:
        """A terminal gets colours, a pipe none, and both the same words."""
        piped = check(run, "mixed.csv").output
        shown = _on_a_terminal("check", "trial.std", "mixed.csv", *DAY, cwd=tmp_path)
        words = re.sub(r"\x1b\[[0-9;]*m", "", shown)

        assert "\x1b[" in shown
        assert "\x1b" not in piped
        assert piped.splitlines() == words.splitlines()

    def test_shows_how_far_long_work_is(self, run: Run, tmp_path: Path) -> None:
        """Many institutions show a bar on a terminal; what stays is the report alone."""
        (tmp_path / "many.csv").write_text(ROWS + "".join(f"S{n},校,1,1,\n" for n in range(150)), encoding="utf-8")
        arguments = ("check", "trial.std", "many.csv", *DAY, "-o", "out.txt")

        assert "%" in _on_a_terminal(*arguments, cwd=tmp_path)
        assert run(*arguments).errors == ""


def _opened_when_read(path: Path) -> int:
    """Return the writing end of a pipe as soon as somebody reads it."""
    for _ in range(600):
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.1)
    pytest.fail("the command never read its data")


def _on_a_terminal(*arguments: object, cwd: Path) -> str:
    """Return what the command writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "cedu_rules", *map(str, arguments)]
    with subprocess.Popen(command, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:  # noqa: S603
        os.close(theirs)
        content = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            content += piece
        process.wait(timeout=60)
    os.close(ours)
    return content.decode().replace("\r\n", "\n")
