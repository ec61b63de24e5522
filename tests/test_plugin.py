"""Tests of the plugin of pytest: `.std` files as tests, in a pytest of their own that knows nothing of this one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIAL = """
standard trial "试"
source "样例" annex 1
facts { area : m2 "面积"  check area <= 9000 m2 "面积过大" }
section "一" "二" {
  clause floor_area "面积" {
    must area >= 500 m2
    example pass { area: 500 m2 }
    example fail { area: 499.99 m2 }
  }
  clause silent "无例" { must area >= 1 m2 }
}
"""


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Return the exit status and the output of pytest in a folder, with the plugin and warnings as errors."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "cedu_rules.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(  # noqa: S603 -- our own command
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A folder with one standard whose examples hold."""
    (tmp_path / "trial.std").write_text(TRIAL, encoding="utf-8")
    return tmp_path


def test_each_example_is_a_test(trial: Path) -> None:
    """Ids name the file, the clause, the number in it, the line and the expected status."""
    status, output = run(trial, "--collect-only", "-q")

    assert status == 0
    assert output.splitlines()[:2] == [
        "trial.std::floor_area::example 1 (line 8) pass",
        "trial.std::floor_area::example 2 (line 9) fail",
    ]


def test_examples_that_hold_pass(trial: Path) -> None:
    """A standard whose examples hold is green."""
    status, output = run(trial)

    assert (0, True) == (status, "2 passed" in output)


def test_a_failing_example_is_explained_without_frames(trial: Path) -> None:
    """The failure is the explanation, in the language that is asked for, and no traceback of the library."""
    wrong = TRIAL.replace("pass { area: 500 m2 }", "pass { area: 420 m2 }")
    (trial / "trial.std").write_text(wrong, encoding="utf-8")
    status, output = run(trial, "--std-lang", "zh")

    assert status == 1
    assert "`floor_area`：应为 `pass`，实为 `fail`" in output
    assert "缺口 80 平方米" in output
    assert "runtest" not in output


def test_a_file_that_does_not_load_is_one_error_and_the_others_run(trial: Path) -> None:
    """Its diagnostics are the text of the error; standards beside it are tested with `--continue-on-collection-errors`."""
    (trial / "wrong.std").write_text(TRIAL.replace("500 m2\n", "500\n"), encoding="utf-8")
    status, output = run(trial, "--continue-on-collection-errors")

    assert status == 1
    assert "missing-unit: found the bare number `500`" in output
    assert "2 passed, 1 error" in output
    assert "Traceback" not in output


def test_a_file_in_another_encoding_is_told(trial: Path) -> None:
    """What cannot even be decoded is a diagnostic as well."""
    (trial / "trial.std").write_bytes(TRIAL.encode("gb18030"))
    status, output = run(trial)

    assert (2, True) == (status, "bad-encoding" in output)


def test_the_plugin_costs_nobody_the_parser_or_hypothesis() -> None:
    """Every run of pytest imports the plugin; what only standards need is imported when one is collected."""
    code = (
        "import sys, cedu_rules.pytest_plugin; print({'lark', 'hypothesis', 'openpyxl', 'yaml'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.strip() == "set()"


def test_the_plugin_is_an_entry_point() -> None:
    """The project declares the plugin, so that it is there wherever the library is installed."""
    project = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")

    assert '[project.entry-points.pytest11]\ncedu_rules = "cedu_rules.pytest_plugin"' in project
