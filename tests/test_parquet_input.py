"""Parquet as an ordinary file of institutions: read like CSV, under the same limits, refused clearly."""

import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import cedu_rules as cr
from cedu_rules import data
from cedu_rules.cli.root import cli
from cedu_rules.data import parquet_files

pl = pytest.importorskip("polars")

TRIAL = cr.loads(
    """
standard trial "试"
source "s" annex 1
facts {
  area : m2 "建筑面积" used : percent "利用率" opened : date "成立" site : choice { own "独立", shared "合用" } "场所"
  rooms : set { reading "阅览室" } "用房" registered : yearly people "注册" teachers : list of Teacher "教师"
}
record Teacher key name { name : text "姓名" senior : bool "高级" }
section "a" "b" {
  clause large "c" { must area >= 500 m2 }
  clause used "d" { must used >= 80% }
  clause rising "e" { must rises(registered) }
  clause senior "f" { must any(t.senior for t in teachers) }
}
"""
)
MAIN = pl.DataFrame(
    {
        "id": ["s1", "s2", "s3", None],
        "建筑面积": [499.99, None, 500.0, None],
        "used": pl.Series([Decimal("0.80"), None, Decimal("0.79"), None], dtype=pl.Decimal(5, 2)),
        "opened": [date(2020, 1, 2), None, date(2021, 1, 1), None],
        "site": pl.Series(["own", None, "合用", None], dtype=pl.Categorical),
        "rooms.reading": [True, None, False, None],
        "registered.2021": [10, None, 30, None],
        "registered.2022": [20, None, None, None],
    }
)
STAFF = pl.DataFrame({"institution": ["s1", "s3"], "name": ["甲", "乙"], "senior": [True, None]})


def read(folder: Path, frames: dict[str, Any]) -> data.Reading:
    """Write the frames and read the files."""
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return data.read(TRIAL.model, [folder / f"{name}.parquet" for name in frames])


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed."""
    return [str(issue) for issue in (*reading.issues, *(i for each in reading.submissions for i in each.issues))]


def test_every_type_of_cell_is_read(tmp_path: Path) -> None:
    """Numbers, days, truths, texts and words; lists from files that bear their name; rows that are blank are none."""
    reading = read(tmp_path, {"schools": MAIN, "teachers": STAFF})

    first, second, third = reading.submissions
    assert [] == told(reading)
    assert {
        "area": 499.99,
        "used": Decimal("0.80"),
        "opened": date(2020, 1, 2),
        "site": "own",
        "rooms": {"reading": True},
        "registered": {"2021": 10, "2022": 20},
        "teachers": [{"name": "甲", "senior": True}],
    } == first.values
    assert {} == second.values
    assert {"2021": 30, "2022": None} == third.values["registered"]


def test_the_answers_are_those_on_the_frame(tmp_path: Path) -> None:
    """Read as files and evaluated one by one, institutions have the statuses that the frames have."""
    reading = read(tmp_path, {"schools": MAIN, "教师": STAFF})
    frame = TRIAL.evaluate_frame(MAIN.head(3), lists={"teachers": STAFF}).statuses

    reports = [TRIAL.evaluate(each.given) for each in reading.submissions]
    expected = [[status.value for status in report.statuses] for report in reports]
    assert expected == [
        list(row) for row in frame.select(pl.col("large", "used", "rising", "senior").cast(pl.String)).rows()
    ]


def test_places_name_row_and_column(tmp_path: Path) -> None:
    """Rows count from 1, and what is wrong with a cell is told there."""
    frame = pl.DataFrame({"id": ["s1", "s2"], "建筑面积": ["500", "many"]})
    frame.write_parquet(tmp_path / "schools.parquet")
    result = CliRunner().invoke(cli, ["check", "school", str(tmp_path / "schools.parquet"), "--ignore", "建筑面积"])
    (_, second) = read(tmp_path, {"schools": frame}).submissions

    assert 2 != result.exit_code
    assert "schools.parquet:2 (建筑面积)" == second.places["area"]


@pytest.mark.parametrize("form", ["json", "html", "markdown"])
def test_every_form_of_report_is_made(tmp_path: Path, form: str) -> None:
    """`check … x.parquet --format …` reads Parquet like any other file."""
    pl.DataFrame({"id": ["s1"], "books": [3000]}).write_parquet(tmp_path / "schools.parquet")
    result = CliRunner().invoke(
        cli, ["check", "school", str(tmp_path / "schools.parquet"), "--format", form, "--on", "2026-11-01"]
    )

    assert 1 == result.exit_code
    assert "s1" in result.output


@pytest.mark.parametrize(
    ("values", "found"),
    [([[1.0]], "[…]"), ([{"a": 1}], "{…}"), ([b"1"], "bytes"), ([timedelta(days=1)], "duration")],
)
def test_cells_that_no_fact_can_hold(tmp_path: Path, values: list[Any], found: str) -> None:
    """Lists, structures, bytes and durations are refused cell by cell."""
    reading = read(tmp_path, {"schools": pl.DataFrame({"id": ["s1"], "area": values})})

    assert [f"schools.parquet:1 (area): s1: area: `{found}`; expected a number, yes or no, a day or a text"] == told(
        reading
    )


def _cut(raw: bytes) -> bytes:
    return raw[:100] + b"\xff" * 60 + raw[160:]


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1 no such thing PAR1", b"id,area\n1,2\n", _cut])
def test_what_is_no_parquet_is_refused(tmp_path: Path, raw: Any) -> None:  # noqa: ANN401 -- bytes, or what breaks some
    """Whatever goes wrong inside of the package that reads it."""
    path = tmp_path / "schools.parquet"
    MAIN.write_parquet(path)
    path.write_bytes(raw(path.read_bytes()) if callable(raw) else raw)

    assert ["schools.parquet; expected a Parquet file that can be read"] == told(data.read(TRIAL.model, [path]))


@pytest.mark.parametrize("limit", ["ROWS_LIMIT", "COLUMNS_LIMIT", "CELLS_LIMIT", "UNPACKED_LIMIT"])
def test_files_beyond_the_limits_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """Too many rows, columns or cells, or too much unpacked from few bytes."""
    monkeypatch.setattr(parquet_files, limit, 1)
    reading = read(tmp_path, {"schools": MAIN})

    assert len(told(reading)) == 1
    assert "schools.parquet; expected a file of at most 1048576 rows" in told(reading)[0]


def test_text_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    """A hundred kilobytes that become a gigabyte of cells."""
    reading = read(tmp_path, {"schools": pl.select(pl.lit("a" * 50_000).repeat_by(10_000).explode().alias("name"))})

    assert "256 MB unpacked" in told(reading)[0]


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Polars is not installed, one sentence tells the command that installs it."""
    MAIN.write_parquet(tmp_path / "schools.parquet")
    monkeypatch.setitem(sys.modules, "polars", None)

    reading = data.read(TRIAL.model, [tmp_path / "schools.parquet"])
    assert "pip install 'cedu_rules[frame]'" in told(reading)[0]
