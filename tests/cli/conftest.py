"""The command in a folder of its own."""

import sys
from pathlib import Path

import pytest

from cedu_rules import cli
from tests.commands import GOOD, MIXED, TRIAL, WRONG, Result, Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command in a folder with the trial standard and some data."""
    for name, text in {"trial.std": TRIAL, "good.csv": GOOD, "mixed.csv": MIXED, "wrong.csv": WRONG}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["cedu-rules", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return Result(ended.value.code or 0, captured.out, captured.err)  # type: ignore[arg-type]

    return call
