"""Frames: what a cell may hold, how lists hang from institutions, what is refused, and what the answers look like."""

import math
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import narwhals as nw
import polars as pl
import pytest

import cedu_rules
from cedu_rules import InputError, UnsupportedError, tabular
from cedu_rules.backends.frame.duckdb_engine import _through_arrow
from cedu_rules.backends.frame.layouts import read_layouts
from cedu_rules.backends.frame.plan import compile_plan
from cedu_rules.backends.frame.polars_engine import Batches
from cedu_rules.standard import Standard

SAMPLE = """
standard sample "样例"
source "样例文件" annex 1
type Degree = level { low "低" < middle "中" < high "高" }
facts {
  area : m2 "面积"
  rooms : count "房间"
  share : percent "比率"
  site : choice { own "独立", shared "合用" } "场所"
  host : choice { school "学校", other "其他" } when site = shared "单位"
  opened : date "开办"
  charter : set { purpose "宗旨", form "形式" } "章程"
  registered : yearly people "人数"
  teachers : list of Teacher "教师"
  check rooms <= 1000 "房间过多"
}
record Teacher key name { name : text "姓名" full : bool "专职" degree : Degree "学历" hours : hours "课时" certs : list of Cert "证书" }
record Cert { valid : bool "有效" }
section "甲" "乙" {
  clause large "面积" { must area >= 500 m2 }
  clause tripled "三倍" { must 3 * area >= 0.9 m2 }
  clause many "房间" { must rooms >= 2 }
  clause used "利用" { must share >= 80% }
  clause hosted "单位" { when site = shared must host = school }
  clause young "年限" { must opened + 3 years >= assessed_on }
  clause written "章程" { must charter includes all }
  clause grows "增长" { must rises(registered) }
  clause staffed "专职" { must count(t for t in teachers where t.full) >= 2 }
  clause taught "课时" { must sum(t.hours for t in teachers) >= 10 hours }
  clause certified "证书" { must all(any(c.valid for c in t.certs) for t in teachers) }
  clause wished "建议" { should rooms >= 3 }
}
"""
STANDARD = cedu_rules.loads(SAMPLE)
DAY = date(2024, 6, 30)

Make = Callable[[pl.DataFrame], Any]
_CONNECTION = duckdb.connect()
ENGINES: dict[str, Make] = {
    "polars": lambda frame: frame,
    "polars lazy": lambda frame: frame.lazy(),
    "duckdb": lambda frame: _CONNECTION.from_arrow(frame.to_arrow()),
    "pyarrow": lambda frame: frame.to_arrow(),
    "pandas": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Make:
    """Return the function that makes a frame of one library."""
    return ENGINES[request.param]


def rows(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- of any library
    """Return the rows of a frame, words as texts."""
    found = pl.DataFrame(nw.from_native(frame).lazy().collect(backend="polars").to_native())
    return found.with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String)).to_dicts()


def answers(make: Make, columns: dict[str, Any], **lists: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statuses of a frame of these columns, in the order of the ids."""
    number = len(next(iter(columns.values())))
    main = pl.DataFrame({"id": [f"i{index}" for index in range(number)], **columns})
    made = {name.replace("__", "."): make(pl.DataFrame(each)) for name, each in lists.items()}
    found = rows(STANDARD.evaluate_frame(make(main), lists=made, assessed_on=DAY).statuses)
    return sorted(found, key=lambda row: str(row["id"]))


def statuses(make: Make, clause: str, columns: dict[str, Any], **lists: dict[str, Any]) -> list[str | None]:
    """Return the statuses of one clause."""
    return [row[clause] for row in answers(make, columns, **lists)]


class TestCells:
    """What cells may hold."""

    def test_floats_mean_their_shortest_decimal(self, engine: Make) -> None:
        """0.3 tripled is 0.9, and the float beside it is not: it has digits that the integers do not carry."""
        area = [0.3, math.nextafter(0.3, 0), math.nextafter(0.3, 1), 500.0, math.nextafter(500, 0)]

        assert ["pass", "fail", "pass", "pass", "pass"] == statuses(engine, "tripled", {"area": area})
        assert ["fail", "fail", "fail", "pass", "fail"] == statuses(engine, "large", {"area": area})

    @pytest.mark.parametrize("cell", [math.nan, math.inf, -math.inf, -1.0, 1e31, 1e-40])
    def test_a_number_that_cannot_be_makes_its_row_invalid(self, engine: Make, cell: float) -> None:
        """The row has a reason and no statuses, and the row beside it its answer."""
        found = answers(engine, {"area": [cell, 600.0]})

        assert [None, "pass"] == [row["large"] for row in found]
        assert ["invalid", "undetermined"] == [row["verdict"] for row in found]
        assert found[0]["errors"].startswith("area: ")
        assert found[1]["errors"] is None

    @pytest.mark.parametrize(
        ("column", "cell", "other"),
        [
            ("rooms", 2.5, 2.0),
            ("rooms", -1, 2),
            ("rooms", True, None),
            ("rooms", 1001, 2),
            ("share", 80.0, 0.8),
            ("site", "nowhere", "own"),
            ("opened", "soon", "2024-01-01"),
            ("charter.purpose", 1, None),
            ("registered.2022", 0.5, 1.0),
        ],
    )
    def test_every_other_cell_that_cannot_be_is_found(
        self, engine: Make, column: str, cell: object, other: object
    ) -> None:
        """Fractions and truths among counts, bare percents, unknown members, wrong types, checks that are false."""
        found = answers(engine, {column: [cell, other]})

        assert ["invalid", "undetermined"] == [row["verdict"] for row in found]
        assert column in found[0]["errors"]

    def test_a_fact_that_cannot_exist_makes_its_row_invalid(self, engine: Make) -> None:
        """A host where the site is not shared; where nobody knows the site, it is taken as it stands."""
        columns = {"site": ["own", "shared", None, "own"], "host": ["school", "other", "school", None]}

        assert [None, "fail", "pass", "not_applicable"] == statuses(engine, "hosted", columns)

    def test_labels_and_texts_are_read_as_in_files(self, engine: Make) -> None:
        """Members by label, numbers and dates as texts; such rows take the slow way."""
        columns = {"site": ["独立", "合 用"], "area": ["500㎡", " "], "opened": ["2021年6月30日", "2021-06-29"]}
        found = answers(engine, columns)

        assert [("pass", "pass", "not_applicable"), ("unknown", "fail", "unknown")] == [
            (row["large"], row["young"], row["hosted"]) for row in found
        ]

    def test_large_and_decimal_numbers_are_exact(self, engine: Make) -> None:
        """A whole number beyond what floats tell apart, and decimals of any precision."""
        decimals = pl.Series([Decimal("499.99"), Decimal("500.00")], dtype=pl.Decimal(10, 2))
        precise = pl.Series([Decimal("499." + "9" * 20), Decimal(500)], dtype=pl.Decimal(38, 20))

        assert ["pass", "fail"] == statuses(engine, "large", {"area": [2**62, 499]})
        assert ["fail", "pass"] == statuses(engine, "large", {"area": decimals})
        assert ["fail", "pass"] == statuses(engine, "large", {"area": precise})

    def test_sets_and_series_are_columns(self, engine: Make) -> None:
        """A blank member is not known; a series that is blank is missing, `-` takes a year out."""
        columns = {"charter.purpose": [True, True, False], "章程.形式": [True, None, None]}
        years = {"registered.2021": [1, 3, None], "registered.2022": [2, 2, None]}
        words = {"registered.2021": ["1", "1", "-"], "registered.2022": ["2", "-", "3"]}

        assert ["pass", "unknown", "fail"] == statuses(engine, "written", columns)
        assert ["pass", "fail", "unknown"] == statuses(engine, "grows", years)
        assert ["pass", "unknown", "unknown"] == statuses(engine, "grows", words)


class TestLists:
    """Lists are frames of their own."""

    TEACHERS: ClassVar[dict[str, Any]] = {
        "institution": ["i0", "i0", "i1", "i1", "i9"],
        "name": ["甲", "乙", "甲", None, "丙"],
        "full": [True, True, True, None, True],
        "hours": [4.5, 5.5, 1.0, None, 1.0],
    }

    def test_rows_belong_to_their_institution(self, engine: Make) -> None:
        """No rows are a missing list, unless the column of its name says that there are none."""
        columns = {"teachers": [2, None, None, 0]}

        assert ["pass", "unknown", "unknown", "fail"] == statuses(engine, "staffed", columns, teachers=self.TEACHERS)
        assert ["pass", "unknown", "unknown", "fail"] == statuses(engine, "taught", columns, teachers=self.TEACHERS)

    def test_a_wrong_number_of_rows_is_an_error(self, engine: Make) -> None:
        """Of that institution only."""
        found = answers(engine, {"teachers": [3, None]}, teachers=self.TEACHERS)

        assert ["teachers: `3`; expected 2, the number of its rows", None] == [row["errors"] for row in found]

    def test_a_key_twice_is_an_error(self, engine: Make) -> None:
        """Also where the two differ in blanks only; several without a key are none."""
        twice = {"institution": ["i0", "i0", "i1", "i1"], "name": ["甲", "甲 ", None, None], "full": [True] * 4}
        found = answers(engine, {"area": [1, 1]}, teachers=twice)

        assert [None, "pass"] == [row["staffed"] for row in found]
        assert "teachers[2].name" in found[0]["errors"]

    def test_nested_lists_name_their_parent(self, engine: Make) -> None:
        """They are answered by the reference."""
        certs = {"institution": ["i0", "i0"], "parent": ["甲", "乙"], "valid": [True, True]}
        found = statuses(engine, "certified", {"area": [1, 1]}, teachers=self.TEACHERS, teachers__certs=certs)

        assert ["pass", "unknown"] == found

    def test_ids_may_be_numbers_here_and_texts_there(self, engine: Make) -> None:
        """A number and its text are one id."""
        main = make_frame(engine, {"id": [1, 2]})
        staff = make_frame(engine, {"institution": ["1", "1"], "full": [True, True]})
        found = rows(STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).statuses)

        assert {1: "pass", 2: "unknown"} == {row["id"]: row["staffed"] for row in found}


def make_frame(engine: Make, columns: dict[str, Any]) -> Any:  # noqa: ANN401 -- of any library
    """Return a frame of these columns."""
    return engine(pl.DataFrame(columns))


class TestAnswers:
    """What the answers look like."""

    def test_counts_and_verdict_are_those_of_the_report(self, engine: Make) -> None:
        """Advisory clauses have a status and do not count."""
        (row,) = answers(engine, {"area": [480.0], "rooms": [2]})
        report = STANDARD.evaluate({"area": 480, "rooms": 2}, assessed_on=DAY)

        assert [status.value for status in report.statuses] == [row[clause] for clause in STANDARD.clauses]
        assert ("fails", 1, 8, "not_met") == (row["verdict"], row["failed"], row["unknown"], row["wished"])

    def test_truths_instead_of_statuses(self, engine: Make) -> None:
        """True for pass and not applicable, false for fail and not met, null for unknown."""
        main = make_frame(engine, {"site": ["own"], "rooms": [2], "area": [480]})
        (row,) = rows(STANDARD.evaluate_frame(main, as_bool=True).statuses)

        assert (True, True, False, False, None) == tuple(
            row[name] for name in ("hosted", "many", "wished", "large", "used")
        )

    def test_findings_tell_what_is_missing_and_lacking(self, engine: Make) -> None:
        """One row for each clause that is not met; an institution that cannot be has one without a clause."""
        main = make_frame(engine, {"id": ["a", "b"], "area": [480.0, -1.0]})
        found = rows(STANDARD.evaluate_frame(main).findings)
        shown = {(row["institution"], row["clause"], row["status"], row["shortfall"]) for row in found}

        assert ("a", "large", "fail", "20 m2") in shown
        assert ("b", None, "invalid", None) in shown
        assert [["rooms"]] == [row["missing"] for row in found if row["clause"] == "many"]

    def test_groups_are_carried_and_ignored_columns_are_not(self, engine: Make) -> None:
        """In the place in which they came."""
        main = make_frame(engine, {"id": ["a"], "town": ["东"], "备注": ["x"], "area": [500]})
        (row,) = rows(STANDARD.evaluate_frame(main, group=["town"], ignore=["备注"]).statuses)

        assert ["id", "town", "large"] == list(row)[:3]
        assert "备注" not in row

    def test_a_lazy_frame_stays_lazy(self) -> None:
        """Nothing is read before the answers are."""
        read: list[int] = []

        def reading(batch: pl.DataFrame) -> pl.DataFrame:
            read.append(batch.height)
            return batch

        source = pl.LazyFrame({"id": ["a"], "area": [500]})
        source = source.map_batches(reading, schema=source.collect_schema())
        result = STANDARD.evaluate_frame(source)
        schema = result.statuses.collect_schema()

        assert [] == read
        assert isinstance(result.findings, pl.LazyFrame)
        assert schema == result.statuses.collect().schema
        assert [1] == read
        assert result.findings.collect_schema() == result.findings.collect().schema

    def test_files_are_read_in_pieces(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No piece holds all rows, and rows that need the reference, and its lists, are answered in the midst of them."""
        area = [str(600 - index) if index % 50 == 0 else f"{index}" for index in range(1000)]
        main = pl.DataFrame({"id": [f"i{index}" for index in range(1000)], "rooms": [2] * 1000, "area": area})
        staff = main.select(pl.col("id").alias("institution"), pl.lit("甲").alias("name"), full=pl.lit(value=True))
        for part in range(5):
            main.slice(part * 200, 200).write_parquet(tmp_path / f"main{part}.parquet")
        staff.write_parquet(tmp_path / "staff.parquet")
        heights = []
        original = Batches.repaired

        def repaired(batches: Batches, answers: pl.DataFrame) -> pl.DataFrame:
            heights.append(answers.height)
            return original(batches, answers)

        monkeypatch.setattr(Batches, "repaired", repaired)
        source, lists = (
            pl.scan_parquet(tmp_path / "main*.parquet"),
            {"teachers": pl.scan_parquet(tmp_path / "staff.parquet")},
        )
        STANDARD.evaluate_frame(source, lists=lists).statuses.sink_parquet(tmp_path / "statuses.parquet")
        expected = STANDARD.evaluate_frame(main, lists={"teachers": staff}).statuses

        assert sum(heights) == 1000
        assert max(heights) < 1000
        assert rows(expected) == rows(pl.read_parquet(tmp_path / "statuses.parquet"))

    def test_findings_of_files_are_written_in_pieces(self, tmp_path: Path) -> None:
        """Those of a lazy frame are those of the frame that it reads."""
        main = pl.DataFrame({"id": ["a", "b", "c"], "area": [480.0, -1.0, None]})
        main.write_parquet(tmp_path / "main.parquet")
        STANDARD.evaluate_frame(pl.scan_parquet(tmp_path / "main.parquet")).findings.sink_parquet(
            tmp_path / "found.parquet"
        )

        assert rows(STANDARD.evaluate_frame(main).findings) == rows(pl.read_parquet(tmp_path / "found.parquet"))

    def test_a_list_that_nobody_gives_costs_nothing(self) -> None:
        """Clauses about it are open in compiled code: no row needs the reference."""
        task = tabular.task(STANDARD, DAY, (), ())
        layout, layouts = read_layouts(task, nw.from_native(pl.DataFrame({"id": ["a"], "area": [500]})), {})
        plan = compile_plan(STANDARD.model, layout, layouts, DAY, wraps=True)

        assert "staffed" not in plan.slow
        assert "taught" not in plan.slow

    def test_a_clause_may_be_called_like_a_column(self) -> None:
        """It is then told apart by `clause.`."""
        text = 'standard s "甲" source "乙" annex 1 facts { a : bool "甲" } section "甲" "乙" { clause verdict "甲" { must a } }'
        found = cedu_rules.loads(text).evaluate_frame(pl.DataFrame({"a": [True]})).statuses

        assert ["clause.verdict", "verdict", "failed", "unknown", "errors"] == found.columns

    def test_no_rows_give_no_answers(self, engine: Make) -> None:
        """An empty frame has the columns of any other."""
        found = STANDARD.evaluate_frame(make_frame(engine, {"area": pl.Series([], dtype=pl.Float64)})).statuses

        assert [] == rows(found)


class TestRefusals:
    """What is no frame of the standard is refused before anything is evaluated."""

    def test_a_column_that_means_nothing(self, engine: Make) -> None:
        """With the name that may be meant."""
        with pytest.raises(InputError, match=r"frame\.aera.*did you mean `area`"):
            STANDARD.evaluate_frame(make_frame(engine, {"aera": [1]}))

    def test_a_list_that_the_standard_has_not(self) -> None:
        """And one without the institutions that its rows belong to."""
        main = pl.DataFrame({"id": ["a"]})

        with pytest.raises(InputError, match=r"lists\.staff"):
            STANDARD.evaluate_frame(main, lists={"staff": main})
        with pytest.raises(InputError, match=r"teachers\.institution"):
            STANDARD.evaluate_frame(main, lists={"teachers": pl.DataFrame({"name": ["甲"]})})
        with pytest.raises(InputError, match=r"frame\.id"):
            STANDARD.evaluate_frame(pl.DataFrame({"area": [1]}), lists={"teachers": main})

    def test_what_is_no_frame(self) -> None:
        """The message tells what was found."""
        with pytest.raises(TypeError, match="frame: found a `list`; expected a dataframe"):
            STANDARD.evaluate_frame([{"area": 1}])

    def test_frames_of_two_libraries(self) -> None:
        """A relation cannot be joined with a frame of another library."""
        main = _CONNECTION.sql("select 'a' as id")

        with pytest.raises(UnsupportedError, match="list `teachers` of another library"):
            STANDARD.evaluate_frame(main, lists={"teachers": pl.DataFrame({"institution": ["a"]})})

    def test_a_missing_extra_is_one_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the command that installs it."""
        for name in [each for each in sys.modules if each.startswith("cedu_rules.backends.frame")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr("cedu_rules.backends.frame")
        monkeypatch.setitem(sys.modules, "narwhals", None)

        with pytest.raises(UnsupportedError, match=r"pip install 'cedu_rules\[frame\]'"):
            Standard(STANDARD.model).evaluate_frame(None)


def test_answers_that_an_older_duckdb_keeps_are_the_same() -> None:
    """Before 2.0 a relation cannot keep its rows, and Arrow holds them: with the same types, in a relation again."""
    answers = _CONNECTION.sql("select 'pass'::enum('fail', 'pass') as \"a.b\", 1::usmallint as n, null::varchar as e")
    found = _through_arrow(answers, answers)

    assert (answers.columns, answers.types, answers.fetchall()) == (found.columns, found.types, found.fetchall())
