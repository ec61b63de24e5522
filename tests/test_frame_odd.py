"""Odd frames: columns of strange types and names, ids that cannot be compared, frames that cannot be read."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it brings no types
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # it brings no types
import pytest

from cedu_rules import InputError
from tests.test_frame import DAY, ENGINES, STANDARD, Make, rows

CONNECTION = duckdb.connect()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Make:
    """Return the function that makes a frame of one library."""
    return ENGINES[request.param]


def statuses(frame: Any, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- of any library
    """Return the rows of the statuses."""
    return rows(STANDARD.evaluate_frame(frame, assessed_on=DAY, **options).statuses)


class TestColumns:
    """Columns that are no facts, and names that something else has."""

    def test_a_fact_that_is_carried_is_read_as_well(self, engine: Make) -> None:
        """It stands in the answer, and the clauses are answered as without."""
        (row,) = statuses(engine(pl.DataFrame({"id": ["a"], "area": [500]})), group=["area"])

        assert (500, "pass") == (row["area"], row["large"])

    @pytest.mark.parametrize("name", ["verdict", "failed", "unknown", "errors"])
    def test_a_carried_column_is_called_like_none_of_the_answer(self, engine: Make, name: str) -> None:
        """It is refused by name."""
        with pytest.raises(InputError, match=rf"frame\.{name}; expected another name"):
            statuses(engine(pl.DataFrame({"id": ["a"], name: ["x"]})), group=[name])

    @pytest.mark.parametrize("name", ["__broken", "__counted", "__row", "__holds__large"])
    def test_a_column_is_called_like_none_inside_of_a_query(self, engine: Make, name: str) -> None:
        """It is refused, or may be ignored."""
        frame = pl.DataFrame({"id": ["a"], "area": [500], name: ["x"]})
        result = STANDARD.evaluate_frame(engine(frame), ignore=[name])

        assert ["pass"] == [row["large"] for row in rows(result.statuses)]
        assert "large" not in {row["clause"] for row in rows(result.findings)}
        with pytest.raises(InputError, match="does not begin with `__`"):
            statuses(engine(frame), group=[name])

    def test_an_ignored_column_is_not_looked_at(self, engine: Make) -> None:
        """Whatever it holds; of `name` nothing stands in the answer."""
        frame = pl.DataFrame({"id": ["a"], "name": ["甲"], "area": ["500"], "bytes": [b"\xff\xfe"], "lists": [[1]]})
        (row,) = statuses(engine(frame), ignore=["name", "bytes", "lists"])

        assert "pass" == row["large"]
        assert "name" not in row

    def test_several_names_are_no_text(self) -> None:
        """A text would be taken letter by letter."""
        with pytest.raises(TypeError, match="group: found a `str`"):
            statuses(pl.DataFrame({"id": ["a"], "town": ["东"]}), group="town")
        with pytest.raises(TypeError, match="columns: found a `str`"):
            STANDARD.to_sql("duckdb", assessed_on=DAY, columns="area")

    def test_names_of_columns_are_texts(self) -> None:
        """Those of pandas may be numbers."""
        with pytest.raises(InputError, match=r"frame\.5; expected a text"):
            statuses(pd.DataFrame([["a", 1]], columns=["id", 5]))

    def test_every_row_has_its_answers(self, engine: Make) -> None:
        """Also where nothing tells them apart: no id, and no column that compiled code reads."""
        result = STANDARD.evaluate_frame(engine(pl.DataFrame({"area": ["500", "x", None]})), assessed_on=DAY)

        assert ["pass", None, "unknown"] == [row["large"] for row in rows(result.statuses)]
        assert 1 == sum(row["status"] == "invalid" for row in rows(result.findings))

    def test_a_frame_has_columns(self, engine: Make) -> None:
        """At least one that is not ignored: nothing else tells how many rows there are."""
        with pytest.raises(InputError, match="frame; expected at least one column"):
            statuses(engine(pl.DataFrame({"area": [500]})), ignore=["area"])


class TestIds:
    """What tells institutions apart."""

    @pytest.mark.parametrize("ids", [[["a"]], [{"a": 1}]])
    def test_ids_are_texts_or_numbers(self, engine: Make, ids: list[object]) -> None:
        """Lists and structures are refused."""
        with pytest.raises(InputError, match=r"frame\.id: .*expected texts or whole numbers"):
            statuses(engine(pl.DataFrame({"id": ids, "area": [-1]})))

    def test_ids_that_are_floats_on_one_side_are_refused(self, engine: Make) -> None:
        """No row would be found: `1.0` is not `1`."""
        main, staff = pl.DataFrame({"id": [1.0]}), pl.DataFrame({"institution": [1], "full": [True]})

        with pytest.raises(InputError, match=r"teachers\.institution: `Int64`; expected ids of one type"):
            statuses(engine(main), lists={"teachers": engine(staff)})

    def test_a_row_without_parent_belongs_to_no_element(self, engine: Make) -> None:
        """Not even to one without a key."""
        main = pl.DataFrame({"id": ["a"]})
        staff = pl.DataFrame({"institution": ["a"], "name": pl.Series([None], dtype=pl.String), "full": [True]})
        certs = pl.DataFrame({"institution": ["a"], "parent": pl.Series([None], dtype=pl.String), "valid": [True]})
        (row,) = statuses(engine(main), lists={"teachers": engine(staff), "teachers.certs": engine(certs)})

        assert "teachers.certs.parent; expected the key of one element of the list" == row["errors"]

    @pytest.mark.parametrize("stated", [["0", "1", "x"], [0.0, 1.0, 0.5]])
    def test_numbers_of_rows_may_be_texts_or_floats(self, engine: Make, stated: list[object]) -> None:
        """As in files; what is no number of rows is an error."""
        found = statuses(engine(pl.DataFrame({"id": ["a", "b", "c"], "teachers": stated})))
        told = {row["id"]: row["errors"] for row in found}

        assert told["a"] is None
        assert "teachers: `1`; expected 0, the number of its rows" == told["b"]
        assert told["c"].endswith("; expected a whole number, at least 0")


class TestObjects:
    """Columns of pandas that hold Python values."""

    def test_values_are_what_they_are(self) -> None:
        """Ids stay whole numbers, times at midnight are days, scalars of NumPy truths."""
        columns = {
            "id": pd.Series([7, 8], dtype=object),
            "area": pd.Series([500, 499.99], dtype=object),
            "opened": pd.Series([datetime(2021, 6, 30), date(2021, 6, 29)], dtype=object),  # noqa: DTZ001
            "charter.purpose": pd.Series([np.True_, None], dtype=object),
            "charter.form": pd.Series([True, np.False_], dtype=object),
        }
        found = statuses(pd.DataFrame(columns))

        assert [(7, "pass", "pass", "pass"), (8, "fail", "fail", "fail")] == [
            (row["id"], row["large"], row["young"], row["written"]) for row in found
        ]

    def test_small_and_large_numbers_among_texts_have_no_exponent(self) -> None:
        """Which texts of numbers have not; what has too many digits is an error of its row."""
        area = pd.Series([1e-5, "500", 1e16, Decimal("1E+3"), 10**40], dtype=object)
        found = statuses(pd.DataFrame({"area": area}))

        assert ["fail", "pass", "pass", "pass", None] == [row["large"] for row in found]

    def test_a_period_is_no_number(self) -> None:
        """Although pandas stores one."""
        (row,) = statuses(pd.DataFrame({"area": pd.period_range("2020-01-01", periods=1)}))

        assert "invalid" == row["verdict"]


class TestTypes:
    """Types that Polars does not have, or Python."""

    @pytest.mark.parametrize(
        "value",
        ["interval 1 day", "union_value(k := true)", "'101'::bit", "340282366920938463463374607431768211455::uhugeint"],
    )
    def test_what_a_relation_holds_is_told(self, value: str) -> None:
        """The row is invalid, and the one beside it answered."""
        relation = CONNECTION.sql(f"select 'a' as id, {value} as area union all select 'b', null")
        found = {row["id"]: row["verdict"] for row in statuses(relation)}

        assert {"a": "invalid", "b": "undetermined"} == found

    @pytest.mark.parametrize(
        "area", [pa.array([(1, 2, 3)], pa.month_day_nano_interval()), pa.array([Decimal(-1)], pa.decimal256(50, 2))]
    )
    def test_what_a_table_of_arrow_holds_is_told(self, area: Any) -> None:  # noqa: ANN401 -- pyarrow brings no types
        """The row is invalid."""
        (row,) = statuses(pa.table({"id": ["a"], "area": area}))

        assert "invalid" == row["verdict"]

    @pytest.mark.parametrize("type_", [pl.Date(), pl.Datetime("ms")])
    def test_days_beyond_those_of_python_are_told(self, engine: Make, type_: Any) -> None:  # noqa: ANN401
        """In the row that has one; those beside it are answered, also where they need the reference."""
        scale = 1 if type_ == pl.Date() else 86_400_000
        opened = pl.Series([18808 * scale, 10**7 * scale, None], dtype=pl.Int64).cast(pl.Int64)
        opened = opened.cast(pl.Int32).cast(type_) if scale == 1 else opened.cast(type_)
        found = statuses(engine(pl.DataFrame({"id": ["a", "b", "c"], "area": ["500", "500", "500"], "opened": opened})))

        assert [("pass", "pass"), (None, None), ("pass", "unknown")] == [
            (row["large"], row["young"]) for row in sorted(found, key=lambda row: row["id"])
        ]


class TestFailures:
    """A frame that its library cannot read is an error of ours, with what the library says."""

    @pytest.mark.parametrize(
        "make",
        [
            lambda: pl.scan_parquet("nowhere/schools.parquet"),
            lambda: pl.LazyFrame({"a": [1]}).select("b"),
            lambda: CONNECTION.sql("select x::int as area from (values ('1'), ('z')) as t(x)"),
            lambda: pd.DataFrame([[1, 2]], columns=["area", "area"]),
        ],
    )
    def test_it_is_told(self, make: Callable[[], Any]) -> None:
        """With the name of the frame."""
        with pytest.raises(InputError, match=r"frame: `.*`; expected a frame whose rows can be read"):
            statuses(make())

    def test_findings_of_a_table_that_is_gone(self) -> None:
        """They are made when they are asked for."""
        CONNECTION.execute("create or replace table gone as select 'a' as id, 500 as area")
        result = STANDARD.evaluate_frame(CONNECTION.table("gone"))
        CONNECTION.execute("drop table gone")

        with pytest.raises(InputError, match="expected a frame whose rows can be read"):
            _ = result.findings

    def test_lists_are_a_mapping(self, tmp_path: Path) -> None:
        """And the name of each is that of a list of the standard."""
        frame = pl.DataFrame({"id": ["a"]})
        pl.DataFrame({"institution": ["a"]}).write_parquet(tmp_path / "staff.parquet")

        with pytest.raises(TypeError, match="lists: found a `list`"):
            statuses(frame, lists=[frame])
        with pytest.raises(InputError, match=r"lists\.staff; expected a list of the standard: `teachers`"):
            statuses(frame, lists={"staff": pl.scan_parquet(tmp_path / "staff.parquet")})
