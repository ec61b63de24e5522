"""`check` on Parquet files: the findings in a file, the summary on standard output, the exit status."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

import cedu_rules
from cedu_rules.backends.frame import bulk
from cedu_rules.cli.root import cli

SAMPLE = """
standard sample "样例"
source "样例文件" annex 1
language en
type Degree = level { low "低" < middle "中" < high "高" }
facts {
  area : m2 "面积"
  rooms : count "房间"
  share : percent "比率"
  teachers : list of Teacher "教师"
}
record Teacher key name { name : text "姓名" full : bool "专职" degree : Degree "学历" }
section "甲" "乙" {
  clause large "面积" { must area >= 500 m2 }
  clause used "利用" { must share >= 80% }
  clause either "两者" { must area >= 400 m2 or rooms >= 3 }
  clause staffed "专职" { must count(t for t in teachers where t.full) >= 1 }
  clause trained "学历" { must all(t.degree >= middle for t in teachers) }
}
"""
STANDARD = cedu_rules.loads(SAMPLE)
DAY = date(2024, 6, 30)
MAIN = pl.DataFrame(
    {
        "id": [f"i{number}" for number in range(7)],
        "town": ["东", "西", "东", "西", None, "东", "东"],
        "area": [600.0, 480.0, None, 300.25, 600.0, -1.0, 600.0],
        "rooms": [3, 3, None, 2, 3, 3, 3],
        "share": [0.9, 0.7999999, 0.5, None, 0.8, 0.8, 0.8],
    }
)
TEACHERS = pl.DataFrame(
    {
        "institution": ["i6", "i0", "i1", "i1", "i3", "i4", "elsewhere"],
        "name": ["甲", "甲", "乙", "丙", "丁", None, "戊"],
        "full": [True, True, False, None, True, True, True],
        "degree": ["high", "middle", "low", None, "低", "中", "low"],
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the standard and its data."""
    (tmp_path / "sample.std").write_text(SAMPLE, encoding="utf-8")
    MAIN.write_parquet(tmp_path / "main.parquet")
    TEACHERS.write_parquet(tmp_path / "teachers.parquet")
    return tmp_path


def check(folder: Path, *arguments: str, output: str = "found.parquet") -> Result:
    """Run `check` on files of the folder."""
    named = [str(folder / each) if each.endswith((".parquet", ".csv")) else each for each in arguments]
    words = ["check", str(folder / "sample.std"), *named, "-o", str(folder / output), "--on", str(DAY)]
    return CliRunner().invoke(cli, words)


def found(folder: Path) -> pl.DataFrame:
    """Return the findings that were written."""
    return pl.read_parquet(folder / "found.parquet")


class TestFindings:
    """What stands in the file."""

    @pytest.mark.parametrize("batch", [1, 2, 100])
    def test_they_are_those_of_the_frame(self, folder: Path, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many institutions are looked at together."""
        monkeypatch.setattr(bulk, "ROWS", batch)
        check(folder, "main.parquet", "teachers.parquet", "--ignore", "town")
        frame = STANDARD.evaluate_frame(MAIN, lists={"teachers": TEACHERS}, assessed_on=DAY, ignore=["town"])

        assert frame.findings.rows() == found(folder).rows()
        assert ["institution", "clause", "status", "missing", "shortfall"] == found(folder).columns

    def test_they_are_those_of_the_reports(self, folder: Path) -> None:
        """What is lacking and missing, percents and elements of lists among it."""
        check(folder, "main.parquet", "teachers.parquet", "--ignore", "town")
        rows = {(row["institution"], row["clause"]): row for row in found(folder).to_dicts()}
        values = {"id": "i1", "area": 480, "rooms": 3, "share": "79.99999%"}
        staff = [{"name": "乙", "full": False, "degree": "low"}, {"name": "丙"}]
        report = STANDARD.evaluate({**values, "teachers": staff}, assessed_on=DAY)

        findings = {each.clause.id: each for each in report.findings}

        for clause in ("large", "used", "staffed", "trained"):
            finding = findings[clause]
            (reason, *_) = finding.requirements[0].reasons
            lacking = None if reason.shortfall is None else reason.shortfall.en
            row = rows["i1", clause]
            assert (finding.status.value, list(finding.missing), lacking) == (
                row["status"],
                row["missing"],
                row["shortfall"],
            )
        assert ["teachers[2].degree"] == rows["i1", "trained"]["missing"]

    def test_a_group_is_carried(self, folder: Path) -> None:
        """It stands beside the institution, and is summed up by."""
        result = check(folder, "main.parquet", "teachers.parquet", "--group", "town")

        assert [("i1", "西"), ("i2", "东")] == found(folder).select("institution", "town").unique().sort(
            "institution"
        ).rows()[:2]
        assert ["东:", "conforms", "2,", "fails", "1,", "invalid", "1"] == _line(result, "东").split()

    def test_several_files_are_one(self, folder: Path) -> None:
        """Institutions may be spread over files with the same columns."""
        MAIN.head(3).write_parquet(folder / "main.parquet")
        MAIN.tail(4).write_parquet(folder / "more.parquet")
        check(folder, "main.parquet", "more.parquet", "teachers.parquet", "--ignore", "town")
        frame = STANDARD.evaluate_frame(MAIN, lists={"teachers": TEACHERS}, assessed_on=DAY, ignore=["town"])

        assert frame.findings.rows() == found(folder).rows()


def _line(result: Result, head: str) -> str:
    return next(line for line in result.stdout.splitlines() if line.startswith(head))


class TestSummary:
    """What is told."""

    def test_verdicts_and_clauses_are_counted(self, folder: Path) -> None:
        """Those of the reports; an institution that cannot be is told with its reason."""
        result = check(folder, "main.parquet", "teachers.parquet", "--ignore", "town")
        statuses = STANDARD.evaluate_frame(
            MAIN, lists={"teachers": TEACHERS}, assessed_on=DAY, ignore=["town"]
        ).statuses

        for clause in STANDARD.clauses:
            counted = [statuses[clause].cast(pl.String).eq(word).sum() for word in ("pass", "fail", "unknown")]
            assert [clause, *map(str, counted)] == _line(result, clause).split()
        assert result.stderr.startswith("i5: area: `-1.0`; expected")
        assert 2 == result.exit_code

    def test_reasons_are_told_up_to_a_number(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And how many more there are."""
        monkeypatch.setattr(bulk, "TOLD", 2)
        MAIN.with_columns(area=pl.lit(-1)).write_parquet(folder / "main.parquet")
        result = check(folder, "main.parquet", "--ignore", "town")

        assert ["i0:", "i1:", "…"] == [line.split()[0] for line in result.stderr.splitlines()]
        assert "5 more" in result.stderr

    @pytest.mark.parametrize(("rows", "status"), [((0, 6), 0), ((0, 1), 1), ((2,), 1), ((0, 5), 2), ((), 0)])
    def test_the_exit_status(self, folder: Path, rows: tuple[int, ...], status: int) -> None:
        """0 where all conform, 1 where one fails or is open, 2 where one cannot be; none at all is a warning."""
        MAIN[list(rows)].write_parquet(folder / "main.parquet")
        result = check(folder, "main.parquet", "teachers.parquet", "--ignore", "town")

        assert status == result.exit_code
        assert bool(rows) == ("no institutions" not in result.stderr)
        assert found(folder).columns


def _broken(folder: Path) -> None:
    (folder / "main.parquet").write_bytes(b"PAR1 and then nothing")


def _other_columns(folder: Path) -> None:
    """Add a file of institutions that lacks columns of the others."""
    MAIN.select("id").write_parquet(folder / "other.parquet")


def _as_status(folder: Path) -> None:
    """Add a file with a column that is called like one of the findings."""
    MAIN.rename({"town": "status"}).write_parquet(folder / "status.parquet")


def _folder_there(folder: Path) -> None:
    """Put a folder where the findings are to go."""
    (folder / "found.parquet").mkdir()


def _nothing(folder: Path) -> None:
    """Leave the folder as it is."""
    assert folder.exists()


class TestRefusals:
    """What is told in a sentence, and writes no file."""

    @pytest.mark.parametrize(
        ("prepare", "arguments", "message"),
        [
            (_broken, ["main.parquet"], "expected a Parquet file"),
            (_nothing, ["none.parquet"], "expected a Parquet file"),
            (_nothing, ["main.parquet"], "main.parquet: town; expected a fact"),
            (_nothing, ["main.parquet", "--group", "city", "--ignore", "town"], "main.parquet: city"),
            (_nothing, ["main.parquet", "more.csv"], "expected only Parquet files"),
            (_nothing, ["main.parquet", "--failed"], "--failed"),
            (_nothing, ["main.parquet", "--format", "json"], "--format"),
            (_nothing, ["found.parquet"], "expected another one to write"),
            (_nothing, ["teachers.parquet"], "expected a file of institutions"),
            (_nothing, ["main.parquet", "main.parquet"], "expected each file once"),
            (_other_columns, ["main.parquet", "other.parquet", "--ignore", "town"], "files: `"),
            (_as_status, ["status.parquet", "--group", "status"], "status; expected another name"),
            (_folder_there, ["main.parquet", "--ignore", "town"], "cannot write"),
        ],
    )
    def test_it_is_refused(
        self, folder: Path, prepare: Callable[[Path], None], arguments: list[str], message: str
    ) -> None:
        """With what is wrong."""
        prepare(folder)
        if arguments == ["found.parquet"]:
            MAIN.write_parquet(folder / "found.parquet")
        before: Any = sorted(each.name for each in folder.iterdir())
        result = check(folder, *arguments)

        assert message in result.stderr
        assert 2 == result.exit_code
        assert before == sorted(each.name for each in folder.iterdir())

    def test_a_folder_that_is_not_there(self, folder: Path) -> None:
        """Nothing is evaluated first."""
        result = check(folder, "main.parquet", "--ignore", "town", output="nowhere/found.parquet")

        assert "cannot write" in result.stderr
        assert 2 == result.exit_code
