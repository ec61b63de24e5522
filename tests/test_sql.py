"""Queries as text: odd cells that SQLite lets in, what is refused, how tables are called, and the command."""

import math
import re
import sqlite3
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pytest
import sqlglot
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

import cedu_rules
from cedu_rules import InputError, UnsupportedError
from cedu_rules.backends.frame.cells import TIDY
from cedu_rules.backends.frame.dialects import _number, _tidy
from cedu_rules.cli.root import cli
from cedu_rules.standard import Standard

SAMPLE = """
standard sample "样例"
source "样例文件" annex 1
facts {
  area : m2 "面积"
  rooms : count "房间"
  share : percent "比率"
  site : choice { own "独立", shared "合用" } "场所"
  opened : date "开办"
  charter : set { purpose "宗旨", form "形式" } "章程"
  teachers : list of Teacher "教师"
  check rooms <= 1000 "房间过多"
}
record Teacher key name { name : text "姓名" full : bool "专职" certs : list of Cert "证书" }
record Cert { valid : bool "有效" }
section "甲" "乙" {
  clause large "面积" { must area >= 0.3 m2 }
  clause roomy "人均" { must area / rooms >= 2 m2 }
  clause used "利用" { must share >= 80% }
  clause owned "场所" { must site = own }
  clause young "年限" { must opened + 3 years >= assessed_on }
  clause written "章程" { must charter includes all }
  clause staffed "专职" { must count(t for t in teachers where t.full) >= 2 }
  clause wished "建议" { should rooms >= 3 }
}
"""
STANDARD = cedu_rules.loads(SAMPLE)
DAY = date(2024, 6, 30)
COLUMNS = ("id", "area", "rooms", "share", "site", "opened", "charter.purpose", "charter.form", "teachers")
LISTED = (*COLUMNS, "teachers.name", "teachers.full")
TYPES = {
    "id": "varchar",
    "area": "double",
    "rooms": "bigint",
    "share": "double",
    "site": "varchar",
    "opened": "date",
    "charter.purpose": "boolean",
    "charter.form": "boolean",
}
PLAIN = {
    "id": "a",
    "area": 60.0,
    "rooms": 30,
    "share": 0.8,
    "site": "own",
    "opened": "2022-01-01",
    "charter.purpose": 1,
    "charter.form": 1,
}


@cache
def sqlite_text() -> str:
    """Return the query about these columns."""
    return STANDARD.to_sql("sqlite", assessed_on=DAY, columns=LISTED)


def answered(cells: Mapping[str, object], teachers: list[tuple[object, ...]] | None = None) -> dict[str, Any]:
    """Return the row that SQLite gives about one institution, in columns that hold whatever they are given."""
    connection = sqlite3.connect(":memory:")
    named = ", ".join(f'"{column}" {"text collate nocase" if column == "site" else ""}' for column in COLUMNS)
    connection.execute(f"create table institutions ({named})")
    connection.execute("create table teachers (institution, name, full)")
    row = {**PLAIN, **cells}
    marks = ", ".join("?" for _ in COLUMNS)
    connection.execute(f"insert into institutions values ({marks})", [row.get(column) for column in COLUMNS])  # noqa: S608
    connection.executemany("insert into teachers values (?, ?, ?)", teachers or [])
    connection.row_factory = sqlite3.Row
    (found,) = connection.execute(sqlite_text())
    connection.close()
    return dict(found)


class TestCells:
    """What a table of SQLite may hold."""

    def test_a_plain_row_is_answered(self) -> None:
        """With statuses, verdict and counts; the clause that is advised does not count."""
        expected: dict[str, object] = {
            **dict.fromkeys(("large", "roomy", "used", "owned", "young", "written", "wished"), "pass")
        }
        expected |= {
            "id": "a",
            "staffed": "unknown",
            "verdict": "undetermined",
            "failed": 0,
            "unknown": 1,
            "errors": None,
        }

        assert expected == answered({})

    @pytest.mark.parametrize(
        ("column", "cell"),
        [
            ("area", "abc"),
            ("area", "500"),
            ("area", -1),
            ("area", 1e300),
            ("area", math.inf),
            ("area", 2**62),
            ("area", 0.12345678),
            ("rooms", 2.5),
            ("rooms", "2"),
            ("rooms", 1001),
            ("share", 80),
            ("site", "OWN"),
            ("site", "own\0 "),
            ("site", b"own"),
            ("opened", "2022-1-1"),
            ("opened", "2022-02-30"),
            ("opened", "now"),
            ("opened", 20220101),
            ("charter.purpose", 2),
            ("charter.purpose", "yes"),
            ("teachers", 3),
        ],
    )
    def test_an_odd_cell_leaves_its_row_without_statuses(self, column: str, cell: object) -> None:
        """And with a reason; nothing is guessed."""
        found = answered({column: cell})

        assert {"id", "errors"} == {name for name, value in found.items() if value is not None}
        assert "evaluate this row with the library" in found["errors"]

    @pytest.mark.parametrize(
        ("column", "cell", "clause", "status"),
        [
            ("rooms", 30.0, "roomy", "pass"),
            ("rooms", 31, "roomy", "fail"),
            ("rooms", 0, "roomy", "unknown"),
            ("area", 0.3, "large", "pass"),
            ("area", math.nextafter(0.3, 0), "large", None),
            ("area", None, "large", "unknown"),
            ("share", math.nextafter(0.8, 0), "used", "fail"),
            ("opened", "2021-06-29", "young", "fail"),
            ("opened", "2021-06-30", "young", "pass"),
            ("charter.form", 0, "written", "fail"),
            ("teachers", 0, "staffed", "fail"),
        ],
    )
    def test_the_edges_are_exact(self, column: str, cell: object, clause: str, status: str | None) -> None:
        """On both sides of a threshold."""
        assert status == answered({column: cell})[clause]

    def test_lists_are_tables(self) -> None:
        """Rows belong to the institution that they name; a key that stands twice is for the library."""
        assert "pass" == answered({}, [("a", "甲", 1), ("a", "乙", 1), ("b", "甲", 0)])["staffed"]
        assert "unknown" == answered({}, [("a", "甲", 1), ("a", "乙", None)])["staffed"]
        assert answered({}, [("a", "甲", 1), ("a", "甲", 1)])["staffed"] is None
        assert answered({}, [("a", "甲", 1), ("a", " 乙", 1)])["staffed"] is None


@given(st.text(st.sampled_from("a甲\t \u00a0\u2003\u3000\ufeff\n"), max_size=4))
def test_tests_of_characters_say_what_the_regular_expression_says(text: str) -> None:
    """A text is tidy where no blank stands at an end."""
    node = sqlglot.parse_one(f"regexp_matches(x, '{TIDY}')", read="duckdb")
    assert isinstance(node, exp.RegexpLike)
    query = f"select {_tidy(node).sql('sqlite')} from (select ? as x)"  # noqa: S608 -- ours
    (found,) = sqlite3.connect(":memory:").execute(query, [text]).fetchone()
    (expected,) = duckdb.execute("select regexp_matches(?, ?)", [text, TIDY]).fetchall()[0]

    assert expected == bool(found)


@given(st.floats(min_value=1e-13, max_value=1e15))
def test_sqlite_reads_the_float_that_is_meant(number: float) -> None:
    """Whatever its number of digits."""
    text = _number(exp.Literal(this=repr(number), is_string=False)).sql("sqlite")
    (found,) = sqlite3.connect(":memory:").execute(f"select {text}").fetchone()

    assert number == found


class TestTables:
    """What the query reads."""

    def test_tables_have_the_names_that_the_caller_gives(self) -> None:
        """With a schema, and for lists."""
        text = STANDARD.to_sql("duckdb", assessed_on=DAY, table="edu.schools", lists={"teachers": "edu.staff"})
        with duckdb.connect() as connection:
            connection.execute("create schema edu")
            named = ", ".join(f'"{name}" {type_}' for name, type_ in TYPES.items())
            connection.execute(f"create table edu.schools ({named})")
            connection.execute('create table edu.staff (institution varchar, name varchar, "full" boolean)')
            connection.execute("insert into edu.schools (id, area) values ('a', 1)")
            (row,) = connection.sql(text).fetchall()

        assert ("a", "pass") == row[:2]

    def test_a_missing_column_is_an_error_of_the_database(self) -> None:
        """SQLite would take its quoted name for a text."""
        connection = sqlite3.connect(":memory:")
        connection.execute("create table institutions (id)")

        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            connection.execute(STANDARD.to_sql("sqlite", assessed_on=DAY, columns=["id", "area"]))

    def test_the_text_is_the_same_every_time(self) -> None:
        """It can be kept and compared."""
        assert STANDARD.to_sql("sqlite", assessed_on=DAY) == STANDARD.to_sql("sqlite", assessed_on=DAY)

    @pytest.mark.parametrize("dialect", ["postgres", "mysql", "snowflake", "bigquery", "spark", "trino", "tsql"])
    def test_other_dialects_read_what_is_written_for_them(self, dialect: str) -> None:
        """As far as sqlglot knows them: nothing of DuckDB alone is left."""
        text = STANDARD.to_sql(dialect, assessed_on=DAY)

        assert isinstance(sqlglot.parse_one(text, read=dialect), exp.Query)
        assert not re.search(r"ENUM|REGEXP|NOT MATERIALIZED|__duckdb", text)


class TestRefusals:
    """What has no form as SQL is refused by name."""

    def test_a_clause_that_columns_cannot_answer(self) -> None:
        """With its id."""
        nested = 'clause certified "证书" { must all(any(c.valid for c in t.certs) for t in teachers) } clause wished'
        standard = cedu_rules.loads(SAMPLE.replace("clause wished", nested))

        with pytest.raises(UnsupportedError, match="clause `certified` as SQL"):
            standard.to_sql("sqlite", assessed_on=DAY)

    def test_a_dialect_that_nobody_knows(self) -> None:
        """And a table without a name."""
        with pytest.raises(UnsupportedError, match=r"SQL of `esperanto`; expected one of .*sqlite"):
            STANDARD.to_sql("esperanto", table="")
        with pytest.raises(UnsupportedError, match="a table called ``"):
            STANDARD.to_sql("sqlite", table="")

    def test_columns_that_mean_nothing(self) -> None:
        """With the name that may be meant; and a table of no list."""
        with pytest.raises(InputError, match=r"frame\.aera.*did you mean `area`"):
            STANDARD.to_sql("sqlite", columns=["aera"])
        numbered: Any = [1]
        with pytest.raises(InputError, match=r"frame\.1"):
            STANDARD.to_sql("sqlite", columns=numbered)
        with pytest.raises(UnsupportedError, match="a table of `staff`, which is no list"):
            STANDARD.to_sql("sqlite", columns=["area"], lists={"staff": "staff"})

    def test_series_need_a_day_or_columns(self) -> None:
        """Their default columns are the years up to that day."""
        text = 'standard s "甲" source "乙" annex 1 facts { a : yearly people "甲" } section "甲" "乙" { clause c "甲" { must rises(a) } }'
        standard = cedu_rules.loads(text)

        assert '"a.2022"' in standard.to_sql("sqlite", assessed_on=DAY)
        with pytest.raises(UnsupportedError, match="the years of `a`"):
            standard.to_sql("sqlite")

    def test_a_missing_extra_is_one_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the command that installs it."""
        for name in ("dialects", "sql"):
            monkeypatch.delitem(sys.modules, f"cedu_rules.backends.frame.{name}", raising=False)
        monkeypatch.setitem(sys.modules, "sqlglot", None)

        with pytest.raises(UnsupportedError, match=r"pip install 'cedu_rules\[sql\]'"):
            Standard(STANDARD.model).to_sql("sqlite")


def test_the_command_writes_the_query() -> None:
    """The text that the method gives."""
    result = CliRunner().invoke(
        cli, ["show", "centre", "--format", "sql", "--dialect", "sqlite", "--on", "2024-06-30", "--table", "centres"]
    )
    expected = cedu_rules.load("centre").to_sql("sqlite", assessed_on=DAY, table="centres")

    assert expected + "\n" == result.output
