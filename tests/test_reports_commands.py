"""Tests of the commands that write reports and verify them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cedu_rules import cli
from cedu_rules.reports.forms import FORMS

STD = """
standard trial "试行标准"
source "办法" annex 1
facts { area : m2 "面积" }
section "设施" "房屋" { clause floor "面积不少于60平方米" { must area >= 60 m2 } }
"""
HOLDS, DIFFERS, OPEN = 0, 1, 2

Call = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Return a function that runs the command in a folder with a standard and data."""
    (tmp_path / "trial.std").write_text(STD, encoding="utf-8")
    (tmp_path / "data.csv").write_text("id,name,area,town\nS1,一校,50,甲\nS2,二校,70,乙\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, bytes, str]:
        monkeypatch.setattr(sys, "argv", ["cedu-rules", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        output, errors = capfdbinary.readouterr()
        return int(ended.value.code or 0), output, errors.decode()

    return run


def check(call: Call, *options: str) -> tuple[int, bytes, str]:
    """Check the data on a fixed day."""
    return call("check", "trial.std", "data.csv", "--on", "2022-12-15", "--group", "town", *options)


BEGINNINGS = {"html": b"<!DOCTYPE html>", "xlsx": b"PK", "markdown": b"# ", "junit": b"<?xml"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_goes_to_a_file_or_to_a_pipe(call: Call, form: str, tmp_path: Path) -> None:
    """The same report is written either way; the exit status tells of the institutions."""
    status, output, _ = check(call, "--format", form)
    assert output.startswith(BEGINNINGS[form])

    again, printed, _ = check(call, "--format", form, "-o", "report")
    written = (tmp_path / "report").read_bytes()

    assert (1, 1, b"") == (status, again, printed)
    assert written.startswith(BEGINNINGS[form])
    assert form == "xlsx" or written == output


def test_a_folder_that_does_not_exist_is_told(call: Call) -> None:
    """A file that cannot be written is a usage error."""
    status, output, errors = check(call, "--format", "html", "-o", "none/report.html")

    assert (2, b"") == (status, output)
    assert "cannot write `none/report.html`" in errors


def test_immutable_facts_and_costs_reach_every_form(call: Call) -> None:
    """A fact that is immutable is in no repair of any form; the reason names it, by its label."""
    for form in ("html", "markdown", "text", "json"):
        options = ("--advice", "--lang", "en", "--format", form)
        changed, kept = (check(call, *options, *more)[1].decode() for more in ((), ("--immutable", "area")))

        assert "raise 面积 by 10 m2" in changed
        assert "raise 面积" not in kept
        assert "only a change of" in kept


def test_costs_are_told_with_the_repairs(call: Call) -> None:
    """The cost of a repair is its change times the cost of one unit, exactly."""
    _, output, _ = check(call, "--advice", "--format", "json", "--cost", "area=0.1")
    document = json.loads(output)

    assert {"area": "1/10"} == document["options"]["costs"]
    assert ["1"] == [repair["cost"] for repair in document["institutions"][0]["repairs"]]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--immutable", "ara", "unknown fact `ara`; expected the name or path of a fact; did you mean `area`?"),
        ("--cost", "面积=3", "unknown fact `面积`; expected the name or path of a fact; did you mean `area`?"),
        ("--cost", "area", "found `area`; expected a fact and a number from 0, such as `area=3000`"),
        ("--cost", "area=-1", "found `area=-1`; expected a fact and a number from 0, such as `area=3000`"),
    ],
)
def test_what_is_no_fact_and_no_cost_is_told(call: Call, option: str, value: str, expected: str) -> None:
    """An unknown fact names the nearest; nothing is checked."""
    status, output, errors = check(call, option, value)

    assert (2, b"") == (status, output)
    assert expected in errors


def test_the_advice_of_json_is_narrowed_as_elsewhere(call: Call, tmp_path: Path) -> None:
    """With clauses chosen, JSON tells the questions and repairs that concern them, and no plan."""
    both = STD.replace("{ area", '{ books : count "图书" area')
    both += 'section "设施" "图书" { clause books "图书" { must books >= 9 } }'
    (tmp_path / "trial.std").write_text(both, encoding="utf-8")
    (tmp_path / "data.csv").write_text("id,name,area,town\nS1,一校,50,甲\n", encoding="utf-8")

    def told(*options: str) -> tuple[list[str], list[str], list[str], bool]:
        document = json.loads(check(call, "--advice", "--format", "json", *options)[1])
        (found,) = document["institutions"]
        clauses = [each["id"] for each in found["clauses"]]
        asked = [each["path"] for each in found["questions"]]
        return clauses, asked, [each["clause"] for each in found["repairs"]], found["plan"] is not None

    assert (["floor", "books"], ["books"], ["floor"], True) == told()
    assert (["floor"], [], ["floor"], False) == told("--failed")
    assert (["books"], ["books"], [], False) == told("--unknown")
    assert (["books"], ["books"], [], False) == told("--clause", "books")


class TestVerify:
    """`cedu-rules verify`."""

    def test_a_report_holds(self, call: Call) -> None:
        """The report names how its data was read; nothing has to be repeated but the files."""
        check(call, "--format", "json", "-o", "report.json")
        status, output, _ = call("verify", "report.json", "data.csv", "--standard", "trial.std", "--lang", "en")

        assert (HOLDS, b"the report holds\n") == (status, output)

    def test_repairs_under_terms_hold(self, call: Call, tmp_path: Path) -> None:
        """What was immutable and what it cost stand in the report; a fact that nobody knows cannot be verified."""
        terms = ("--immutable", "area", "--cost", "area=0.5")
        check(call, "--advice", *terms, "--format", "json", "-o", "report.json")
        status, output, _ = call("verify", "report.json", "data.csv", "--standard", "trial.std", "--lang", "en")
        document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        document["options"]["immutable"] = ["ara"]
        (tmp_path / "report.json").write_text(json.dumps(document), encoding="utf-8")

        assert (HOLDS, b"the report holds\n") == (status, output)
        assert OPEN == call("verify", "report.json", "data.csv", "--standard", "trial.std")[0]

    def test_other_data_differs(self, call: Call, tmp_path: Path) -> None:
        """Differences are listed, in the language asked for."""
        check(call, "--format", "json", "-o", "report.json")
        (tmp_path / "data.csv").write_text("id,name,area,town\nS1,一校,60,甲\nS2,二校,70,乙\n", encoding="utf-8")
        status, output, _ = call("verify", "report.json", "data.csv", "--standard", "trial.std")
        lines = output.decode().splitlines()

        assert DIFFERS == status
        assert "  S1 一校：`floor`：报告为 未达标，现为 达标" in lines

    def test_no_report_and_no_standard_cannot_be_told(self, call: Call, tmp_path: Path) -> None:
        """What cannot be verified ends with 2 and says why."""
        check(call, "--format", "json", "-o", "report.json")
        (tmp_path / "text.json").write_text("no report", encoding="utf-8")

        assert OPEN == call("verify", "text.json", "data.csv", "--standard", "trial.std")[0]
        status, _, errors = call("verify", "report.json", "data.csv")
        assert OPEN == status
        assert "no standard `trial`" in errors
        assert "`--standard` names the file of the standard" in errors
        assert OPEN == call("verify", "report.json", "none.csv", "--standard", "trial.std")[0]

    def test_a_report_cannot_make_it_read_a_path(self, call: Call, tmp_path: Path) -> None:
        """The standard that a report names is a name, never a path."""
        check(call, "--format", "json", "-o", "report.json")
        document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        document["standard"]["id"] = str(tmp_path / "trial.std")
        (tmp_path / "report.json").write_text(json.dumps(document), encoding="utf-8")
        status, _, errors = call("verify", "report.json", "data.csv")

        assert OPEN == status
        assert "a JSON report of format 1" in errors
