"""The suite `frame`: a million schools and twenty clauses, against the same work written by hand."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it brings no types
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
EXPLAINED = 100_000
_GOAL = 1.1
_MEMORY_GOAL = 2
_PART = 250_000


def measure(
    number: int = ROWS, *, rounds: int = 5, streamed: int = 10 * ROWS, explained: int = EXPLAINED
) -> list[Figure]:
    """Return the figures of the suite for so many schools with three teachers each, a tenth of the cells missing.

    `streamed` schools are evaluated from a file, and `explained` ones with what is missing and lacking.
    """
    main, staff = schools(number), teachers(number)
    figures = [
        _polars(main, staff, rounds),
        _duckdb(main, staff, rounds),
        _memory(number),
        _streaming(number, streamed),
    ]
    return [*figures, _findings(main.head(explained), staff.head(3 * explained))]


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


def _findings(main: pl.DataFrame, staff: pl.DataFrame) -> Figure:
    """Return how long the findings of a thousand schools take, what is missing and lacking included."""
    start = time.perf_counter()
    assert len(STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).findings)
    seconds = (time.perf_counter() - start) / len(main) * 1000
    name = f"Polars, findings of {len(main):,} schools, each thousand"
    return Figure(SUITE, name, Spread(seconds, seconds, seconds), unit="s")


# --- memory, each in a process of its own ----------------------------------------------------------------------------

_EAGER = """
before = peak()
main = pl.read_parquet(folder / "schools.parquet")
answers = STANDARD.evaluate_frame(main, assessed_on=DAY).statuses
result = (peak() - before) / (main.estimated_size() / 2**20)
"""
_STREAMED = """
def sink(name):
    source = pl.scan_parquet(folder / name)
    STANDARD.evaluate_frame(source, assessed_on=DAY).statuses.sink_parquet(folder / "statuses.parquet")
    return peak()

small = sink("small.parquet")
result = sink("schools.parquet") / small
"""
_CHILD = """
import sys
from pathlib import Path
import polars as pl
from frame_cases import DAY, STANDARD

def peak():  # getrusage tells that of the process that started this one, too
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024

folder = Path(sys.argv[1])
"""


def _memory(number: int) -> Figure:
    """Return how much memory a frame and its evaluation take together at most, in sizes of the frame."""
    with tempfile.TemporaryDirectory() as folder:
        _written(number, Path(folder) / "schools.parquet")
        ratio = _in_child(_EAGER, folder)
    return Figure(
        SUITE, f"Polars, {number:,} rows, peak memory with the frame, to its size", _alone(ratio), _MEMORY_GOAL
    )


def _streaming(number: int, streamed: int) -> Figure:
    """Return how much more memory a process takes in all that evaluates the larger file after the smaller one."""
    with tempfile.TemporaryDirectory() as folder:
        _written(number, Path(folder) / "small.parquet")
        _written(streamed, Path(folder) / "schools.parquet")
        ratio = _in_child(_STREAMED, folder)
    return Figure(SUITE, f"Polars, peak memory of {streamed:,} rows streamed, to that of {number:,}", _alone(ratio))


def _written(number: int, path: Path) -> None:
    """Write so many schools without holding all of them."""
    parts = [min(_PART, number - start) for start in range(0, number, _PART)]
    with pq.ParquetWriter(path, schools(1).to_arrow().schema) as writer:
        for seed, part in enumerate(parts):
            writer.write_table(schools(part, seed=1000 * seed + 1).to_arrow())


def _in_child(code: str, folder: str) -> float:
    """Return what the code gives as `result` in a process that has allocated nothing else."""
    program = _CHILD + code + "print(result)"
    path = str(Path(__file__).parent)
    done = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", program, folder],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([path, *sys.path])},
    )
    return float(done.stdout)


def _alone(value: float) -> Spread:
    return Spread(value, value, value)
