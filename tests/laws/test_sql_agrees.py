"""Queries as text agree with the reference wherever they answer, on DuckDB and on SQLite."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from frame_tables import is_sayable, tables, without_gaps  # type: ignore[import-not-found]  # it stands beside the tests
from hypothesis import Phase, assume, event, given, settings
from hypothesis import strategies as st

import cedu_rules
from cedu_rules import UnsupportedError
from cedu_rules.standard import Standard
from cedu_rules.testing.drafts import as_data
from cedu_rules.testing.histories import World, models, worlds

DIALECTS = ("duckdb", "sqlite")
STANDARDS = {name: cedu_rules.load(name) for name in ("school", "centre", "college")}
Drafts = list[dict[str, Any]]


@st.composite
def cities(draw: st.DrawFn, name: str | None = None, number: int = 4) -> tuple[World, Drafts]:
    """Draw a standard, if none is named, a day, and what is known of some institutions, as a table can say it."""
    world = draw(worlds(models() if name is None else st.just(STANDARDS[name].model)))
    others = draw(st.lists(worlds(st.just(world.model)), min_size=number // 2, max_size=number))
    drafts = [as_data(each.draft) for each in (world, *others)]
    assume(all(map(is_sayable, drafts)))
    return world, without_gaps(world.model, drafts)


def query(standard: Standard, dialect: str, day: date | None, made: dict[str, pl.DataFrame]) -> str | None:
    """Return the query over these tables, None where the standard has none."""
    columns = [*made["institutions"].columns]
    for name, frame in made.items():
        columns += [f"{name}.{column}" for column in frame.columns[1:] if name != "institutions"]
    try:
        lists = {name: name for name in made if name != "institutions"}
        return standard.to_sql(dialect, assessed_on=day, columns=columns, lists=lists)
    except UnsupportedError as error:
        event(error.features[0].split(" `")[0])
        return None


def run(dialect: str, text: str, made: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Return the rows that the query gives, by id."""
    found = run_in_sqlite(text, made) if dialect == "sqlite" else run_in_duckdb(text, made)
    return sorted(found, key=lambda row: str(row["id"]))


def run_in_duckdb(text: str, made: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Run the text in DuckDB."""
    with duckdb.connect() as connection:
        for name, frame in made.items():
            connection.register(name, frame.to_arrow())
        return [dict(row) for row in connection.sql(text).pl().to_dicts()]


def run_in_sqlite(text: str, made: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Run the text in SQLite, over tables whose columns hold whatever they are given."""
    connection = sqlite3.connect(":memory:")
    for name, frame in made.items():
        listed = ", ".join(f'"{column}"' for column in frame.columns)
        connection.execute(f'create table "{name}" ({listed})')
        marks = ", ".join("?" for _ in frame.columns)
        rows = [[_cell(cell) for cell in row] for row in frame.iter_rows()]
        connection.executemany(f'insert into "{name}" values ({marks})', rows)  # noqa: S608 -- names of facts
    cursor = connection.execute(text)
    names = [each[0] for each in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor]
    connection.close()
    return found


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def disagreements(standard: Standard, dialect: str, day: date | None, drafts: Drafts) -> Iterator[tuple[Any, Any]]:
    """Yield the answers of the reference and of the query on each institution that the query answers."""
    main, lists = tables(standard.model, drafts)
    made = {"institutions": main, **lists}
    text = query(standard, dialect, day, made)
    if text is None:
        return
    for row, draft in zip(run(dialect, text, made), sorted(drafts, key=lambda each: str(each["id"])), strict=True):
        report = standard.evaluate(draft, assessed_on=day)
        if row["errors"] is not None:
            event("a row left to the library")
            assert {row["id"], row["errors"]} == {value for value in row.values() if value is not None}
            continue
        event("a row answered")
        names = [each if each in row else f"clause.{each}" for each in standard.clauses]
        yield [status.value for status in report.statuses], [row[each] for each in names]
        yield report.verdict.value, row["verdict"]


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=5)
@given(city=cities())
def test_queries_of_generated_standards_give_the_statuses_of_the_reference(
    dialect: str, city: tuple[World, Drafts]
) -> None:
    """In every row that the query answers; the others have no statuses and a reason."""
    world, drafts = city

    for expected, actual in disagreements(Standard(world.model), dialect, world.day, drafts):
        assert expected == actual


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", STANDARDS)
@settings(max_examples=1, phases=[Phase.generate])
@given(data=st.data())
def test_queries_of_the_shipped_standards_give_the_statuses_of_the_reference(
    name: str, dialect: str, data: st.DataObject
) -> None:
    """On generated institutions, many in one query: making it takes longer than all of them."""
    world, drafts = data.draw(cities(name, 10))

    for expected, actual in disagreements(STANDARDS[name], dialect, world.day, drafts):
        assert expected == actual
