"""Statistics of lists and differences of days over columns agree with the reference, in Polars, DuckDB and SQL."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from frame_tables import tables  # type: ignore[import-not-found]  # it stands beside the tests
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sql_agrees import run  # type: ignore[import-not-found]  # it stands beside this file

import cedu_rules

STANDARD = cedu_rules.loads(
    """
standard tried "试" source "试" annex 1
type Degree = level { low < middle < high }
facts { opened : date "开办" limit : count "限" teachers : list of Teacher "教师" }
record Teacher key name {
  name : text "姓名" hours : hours "课时" since : date "入职" degree : Degree "学历" senior : bool "高级" papers : count "论文"
}
section "甲" "乙" {
  clause c1 "一" { must average(t.hours for t in teachers) >= 4 hours }
  clause c2 "二" { must average(t.papers - 1 for t in teachers where t.senior) <= 2 }
  clause c3 "三" { must min(t.hours for t in teachers where t.senior) >= 2 hours }
  clause c4 "四" { must max(t.papers for t in teachers where t.hours > 2 hours) > limit }
  clause c5 "五" { must max(t.papers - 3 for t in teachers) = 0 }
  clause c6 "六" { must count(distinct t.degree for t in teachers where t.senior) >= 2 }
  clause c7 "七" { must count(distinct t.hours for t in teachers) = limit }
  clause c8 "八" { must count(distinct t.since for t in teachers where t.senior) <= 1 }
  clause c9 "九" { must assessed_on - opened >= 365 days }
  clause c10 "十" { must all(assessed_on - t.since > 30 days for t in teachers) }
  clause c11 "十一" { must year(opened) >= 2023 and max(assessed_on - t.since for t in teachers) <= 40 days }
  clause c12 "十二" { must sum(t.papers for t in teachers where t.senior) >= 3 }
  clause c13 "十三" { must count(distinct t.degree for t in teachers where t.senior) >= 1 }
}
"""
)
DAY = date(2024, 6, 30)
CLAUSES = [clause.id for clause in STANDARD.model.clauses]
_DAYS = st.sampled_from((None, DAY, DAY - timedelta(30), DAY - timedelta(31), date(2023, 7, 1), date(2020, 2, 29)))
_HOURS = st.sampled_from((None, 0.0, 1.5, 2.0, 2.25, 4.0, 6.0))


@st.composite
def cities(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw what is known of some institutions and of a few teachers of each."""

    def teacher(number: int) -> dict[str, Any]:
        return {
            "name": f"t{number}",
            "hours": draw(_HOURS),
            "since": draw(_DAYS),
            "degree": draw(st.sampled_from((None, "low", "middle", "high"))),
            "senior": draw(st.sampled_from((True, True, False, None))),
            "papers": draw(st.sampled_from((None, 0, 1, 3, 4))),
        }

    def institution(number: int) -> dict[str, Any]:
        listed: Any = draw(st.sampled_from((None, 0, 1, 1, 2, 3)))
        teachers = None if listed is None else [teacher(each) for each in range(listed)]
        limit = draw(st.sampled_from((None, 0, 1, 2, 3)))
        return {"id": f"i{number:02}", "opened": draw(_DAYS), "limit": limit, "teachers": teachers}

    return [institution(number) for number in range(draw(st.integers(1, 12)))]


def expected_of(city: list[dict[str, Any]]) -> list[list[str]]:
    """Return the statuses that the reports give."""
    return [[status.value for status in STANDARD.evaluate(each, assessed_on=DAY).statuses] for each in city]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@settings(max_examples=6)
@given(city=cities())
def test_frames_give_the_statuses_of_the_reference(engine: str, city: list[dict[str, Any]]) -> None:
    """Whatever of the elements is known."""
    main, lists = tables(STANDARD.model, city)
    connection = duckdb.connect()
    make: Callable[[pl.DataFrame], Any] = (
        (lambda frame: frame) if engine == "polars" else lambda frame: connection.from_arrow(frame.to_arrow())
    )
    made = {name: make(frame) for name, frame in lists.items()}
    found = STANDARD.evaluate_frame(make(main), lists=made, assessed_on=DAY).statuses
    answers = found if engine == "polars" else found.pl()

    assert expected_of(city) == [list(row) for row in answers.sort("id").select(pl.col(CLAUSES).cast(pl.String)).rows()]


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
@settings(max_examples=2)
@given(city=cities())
def test_queries_give_the_statuses_of_the_reference(dialect: str, city: list[dict[str, Any]]) -> None:
    """None of these clauses is refused, and a row without statuses has an average over elements that may count or not."""
    main, lists = tables(STANDARD.model, city)
    made = {"institutions": main, **lists}
    columns = [*main.columns, *(f"{name}.{each}" for name, frame in lists.items() for each in frame.columns[1:])]
    text = STANDARD.to_sql(dialect, assessed_on=DAY, columns=columns, lists={name: name for name in lists})

    for row, expected, values in zip(run(dialect, text, made), expected_of(city), city, strict=True):
        if row["errors"] is None:
            assert expected == [row[clause] for clause in CLAUSES]
        else:
            assert any(each["senior"] is None for each in values["teachers"])
