"""The suite `frame`: a million schools and twenty clauses, against the same work written by hand."""

import resource
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from frame_cases import (  # type: ignore[import-not-found]  # it stands beside this file
    BY_HAND_SQL,
    DAY,
    STANDARD,
    by_hand,
    schools,
    teachers,
)
from timing import Figure, Spread, in_turns  # type: ignore[import-not-found]  # it stands beside this file

SUITE = "frame"
ROWS = 1_000_000
_GOAL = 1.1


def measure(number: int = ROWS, *, rounds: int = 5) -> list[Figure]:
    """Return the figures of the suite for so many schools with three teachers each, a tenth of the cells missing."""
    main, staff = schools(number), teachers(number)
    return [_polars(main, staff, rounds), _duckdb(main, staff, rounds), _streaming(number)]


def _polars(main: pl.DataFrame, staff: pl.DataFrame, rounds: int) -> Figure:
    ways: dict[str, Any] = {
        "ours": lambda: STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).statuses,
        "by hand": lambda: by_hand(main.lazy(), staff.lazy()).collect(),
    }
    ratio = in_turns(ways, rounds=rounds).ratio("ours", "by hand")
    return Figure(SUITE, f"Polars, {len(main):,} rows, to expressions by hand", ratio, _GOAL)


def _duckdb(main: pl.DataFrame, staff: pl.DataFrame, rounds: int) -> Figure:
    connection = duckdb.connect()
    for name, frame in (("schools", main), ("staff", staff)):
        connection.from_arrow(frame.to_arrow()).create(name)
    lists = {"teachers": connection.table("staff")}

    def ours() -> None:
        answers = STANDARD.evaluate_frame(connection.table("schools"), lists=lists, assessed_on=DAY).statuses
        answers.create("ours")
        connection.execute("drop table ours")

    def hand() -> None:
        connection.sql(BY_HAND_SQL).create("by_hand")
        connection.execute("drop table by_hand")

    ratio = in_turns({"ours": ours, "by hand": hand}, rounds=rounds).ratio("ours", "by hand")
    return Figure(SUITE, f"DuckDB, {len(main):,} rows, to SQL by hand", ratio, _GOAL)


def _streaming(number: int) -> Figure:
    """Return by how much the process grows when it evaluates a file of ten parts without reading it at once."""
    with tempfile.TemporaryDirectory() as folder:
        for part in range(10):
            schools(number, seed=part * 1000).write_parquet(Path(folder) / f"{part}.parquet")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        source = pl.scan_parquet(Path(folder) / "*.parquet")
        STANDARD.evaluate_frame(source, assessed_on=DAY).statuses.sink_parquet(Path(folder) / "statuses.parquet")
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Figure(
        SUITE, f"Polars, {10 * number:,} rows streamed, growth of memory", Spread(grown, grown, grown), unit="MB"
    )
