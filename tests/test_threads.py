"""A standard is safe to share between threads, also where they run at once."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attr
import attrs
import lark
import pytest

from cedu_rules.records import classes
from tests import hammering

ROOT = Path(__file__).parent.parent
FREE_THREADED = ("python3.15t", "python3.14t", "python3.13t")
"""Interpreters whose threads run at once."""


def test_many_threads_share_a_fresh_standard() -> None:
    """Whatever is made on first use, in whatever order and by how many threads at once: every answer is that of one thread."""
    assert hammering.differences(rounds=1) == []


def test_threads_get_answers_of_compiled_code() -> None:
    """The hammering asks often enough that compiled code answers, too, and some records fail and some are invalid."""
    standard = hammering.fresh(-2)
    hammering.statuses(standard)
    verdicts = {report.verdict.value for report in standard.evaluate_many(hammering.RECORDS, assessed_on=hammering.DAY)}

    assert {"fails", "invalid"} <= verdicts


def test_a_class_that_is_being_made_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a class at the same moment gets the same one, however long it takes to make."""
    made: list[object] = []
    institution = classes._Maker.institution

    def slowly(*arguments: Any) -> Any:  # noqa: ANN401 -- those of the method
        time.sleep(0.05)
        made.append(institution(*arguments))
        return made[-1]

    monkeypatch.setattr(classes._Maker, "institution", slowly)
    standard = hammering.fresh(-3)
    with ThreadPoolExecutor(2) as threads:
        found = set(threads.map(lambda _: classes.record_class(standard.model, digest=standard.digest), range(2)))

    assert found == set(made)
    assert len(made) == 1


@pytest.mark.skipif(
    not any(map(shutil.which, FREE_THREADED)), reason=f"none of {', '.join(FREE_THREADED)} is installed"
)
def test_threads_that_run_at_once() -> None:
    """The same on a free-threaded build of CPython, without the lock that makes threads take turns."""
    interpreter = next(filter(None, map(shutil.which, FREE_THREADED)))
    packages = {Path(module.__file__ or "").parent.parent for module in (attr, attrs, lark)}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, *packages))), "PYTHON_GIL": "0"}
    done = subprocess.run(  # noqa: S603 -- an interpreter that stands in the path
        [interpreter, "-m", "tests.hammering", "10"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("equal\n", 0) == (done.stdout, done.returncode), done.stderr


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this interpreter is not a free-threaded build"
)
def test_this_interpreter_runs_threads_at_once() -> None:
    """On a free-threaded build the tests above run without the lock: nothing that is imported brings it back."""
    is_enabled = getattr(sys, "_is_gil_enabled", None)

    assert is_enabled is not None
    assert not is_enabled()
