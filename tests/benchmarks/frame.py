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

from tests.benchmarks.frame_cases import BY_HAND_SQL, DAY, STANDARD, by_hand, schools, teachers
from tests.benchmarks.timing import Figure, Spread, in_turns

SUITE = "frame"
ROWS = 1_000_000
EXPLAINED = 50_000
_GOAL = 1.1
_MEMORY_GOAL = 2
_CONSTANT = 1.25
"""Twice as many rows may take so many times the memory: what a process takes at most differs from run to run."""
_EXPLAINED_GOAL = 0.25
_COMPARED = 20_000
_PART = 250_000
_ROOT = Path(__file__).parent.parent.parent


def measure(
    number: int = ROWS, *, rounds: int = 5, runs: int = 3, streamed: int = 10 * ROWS, explained: int = EXPLAINED
) -> list[Figure]:
    """Return the figures of the suite for so many schools with three teachers each, a tenth of the cells missing.

    `streamed` schools are evaluated from a file, and half of them from another, `runs` times each in a process of its
    own; `explained` ones are evaluated with what is missing and lacking.
    """
    main, staff = schools(number), teachers(number)
    _expect_equal(main.head(_COMPARED), staff.head(3 * _COMPARED))
    figures = [_polars(main, staff, rounds), _duckdb(main, staff, rounds)]
    figures.append(_findings(main.head(explained), staff.head(3 * explained), runs))
    del main, staff
    return [*figures, _memory(number, runs), *_streaming(streamed, runs)]


def _expect_equal(main: pl.DataFrame, staff: pl.DataFrame) -> None:
    """Raise unless all ways give the same answers."""
    ours = STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).statuses.drop("errors")
    connection = _connected(main, staff)
    lists = {"teachers": connection.table("staff")}
    in_duckdb = STANDARD.evaluate_frame(connection.table("schools"), lists=lists, assessed_on=DAY).statuses.pl()
    others = [by_hand(main.lazy(), staff.lazy()).collect(), in_duckdb, connection.sql(BY_HAND_SQL).pl()]
    expected = _plain(ours, ours.columns)
    if any(not _plain(other, ours.columns).equals(expected) for other in others):
        raise AssertionError("the answers differ")


def _plain(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return frame.select(pl.col(names).cast(pl.String)).sort("id")


def _polars(main: pl.DataFrame, staff: pl.DataFrame, rounds: int) -> Figure:
    ways: dict[str, Any] = {
        "ours": lambda: STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).statuses,
        "by hand": lambda: by_hand(main.lazy(), staff.lazy()).collect(),
    }
    ratio = in_turns(ways, rounds=rounds).ratio("ours", "by hand")
    return Figure(SUITE, f"Polars, {len(main):,} rows, to expressions by hand", ratio, _GOAL)


def _duckdb(main: pl.DataFrame, staff: pl.DataFrame, rounds: int) -> Figure:
    connection = _connected(main, staff)
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


def _connected(main: pl.DataFrame, staff: pl.DataFrame) -> Any:  # noqa: ANN401 -- a connection of DuckDB
    connection = duckdb.connect()
    for name, frame in (("schools", main), ("staff", staff)):
        connection.from_arrow(frame.to_arrow()).create(name)
    return connection


def _findings(main: pl.DataFrame, staff: pl.DataFrame, runs: int) -> Figure:
    """Return how long the findings of a thousand schools take, what is missing and lacking included."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        assert len(STANDARD.evaluate_frame(main, lists={"teachers": staff}, assessed_on=DAY).findings)
        taken.append((time.process_time() - start) / len(main) * 1000)
    name = f"Polars, findings of {len(main):,} schools, each thousand"
    return Figure(SUITE, name, _spread(taken), _EXPLAINED_GOAL, "s")


# --- memory, each in a process of its own ----------------------------------------------------------------------------

_EAGER = """
before = peak()
main = pl.read_parquet(folder / "schools.parquet")
answers = STANDARD.evaluate_frame(main, assessed_on=DAY).statuses
result = (peak() - before) / (main.estimated_size() / 2**20)
"""
_STREAMED = """
source = pl.scan_parquet(folder / "schools.parquet")
STANDARD.evaluate_frame(source, assessed_on=DAY).statuses.sink_parquet(folder / "statuses.parquet")
result = peak()
"""
_COPIED = """
pl.scan_parquet(folder / "schools.parquet").sink_parquet(folder / "copy.parquet")
result = peak()
"""
_CHILD = """
import sys
from pathlib import Path
import polars as pl
from tests.benchmarks.frame_cases import DAY, STANDARD

def peak():  # getrusage tells that of the process that started this one, too
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024

folder = Path(sys.argv[1])
"""


def _memory(number: int, runs: int) -> Figure:
    """Return how much memory a frame and its evaluation take together at most, in sizes of the frame."""
    with tempfile.TemporaryDirectory() as folder:
        _written(number, Path(folder) / "schools.parquet")
        ratios = [_in_child(_EAGER, folder) for _ in range(runs)]
    name = f"Polars, {number:,} rows, peak memory with the frame, to its size"
    return Figure(SUITE, name, _spread(ratios), _MEMORY_GOAL)


def _streaming(streamed: int, runs: int) -> list[Figure]:
    """Return how much memory a process takes at most that evaluates a file, and one of half as many rows."""
    peaks: dict[int, list[float]] = {}
    for number in (streamed // 2, streamed):
        with tempfile.TemporaryDirectory() as folder:
            _written(number, Path(folder) / "schools.parquet")
            peaks[number] = [_in_child(_STREAMED, folder) for _ in range(runs)]
            copied = [_in_child(_COPIED, folder) for _ in range(runs if number == streamed else 0)]
    found = [
        Figure(SUITE, f"Polars, {number:,} rows streamed, peak memory", _spread(listed), unit="MB")
        for number, listed in peaks.items()
    ]
    small, large = peaks.values()
    ratio = _spread([one / other for one, other in zip(sorted(large), sorted(small), strict=True)])
    return [
        *found,
        Figure(SUITE, f"Polars, {streamed:,} rows copied by Polars alone, peak memory", _spread(copied), unit="MB"),
        Figure(SUITE, f"Polars, peak memory of {streamed:,} rows streamed, to that of half as many", ratio, _CONSTANT),
    ]


def _written(number: int, path: Path) -> None:
    """Write so many schools without holding all of them."""
    parts = [min(_PART, number - start) for start in range(0, number, _PART)]
    with pq.ParquetWriter(path, schools(1).to_arrow().schema) as writer:
        for seed, part in enumerate(parts):
            writer.write_table(schools(part, seed=1000 * seed + 1).to_arrow())


def _in_child(code: str, folder: str) -> float:
    """Return what the code gives as `result` in a process that has allocated nothing else."""
    program = _CHILD + code + "print(result)"
    done = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", program, folder],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
    )
    return float(done.stdout)


def _spread(values: list[float]) -> Spread:
    """Return the spread of some measurements, or of one alone."""
    return Spread.of(values * 2 if len(values) == 1 else values)
