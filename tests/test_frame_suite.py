"""The suite `frame` of the benchmarks runs, on a few rows."""

import sys

import pytest

pytest.importorskip("duckdb")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_every_figure_is_measured() -> None:
    """With sizes of its own for what is streamed and what is explained."""
    from tests.benchmarks import frame as suite  # noqa: PLC0415 -- not without DuckDB

    figures = suite.measure(200, rounds=2, runs=1, streamed=500, explained=20)

    assert all(figure.value is not None and figure.value.median > 0 for figure in figures)
    assert any("500 rows streamed" in figure.name for figure in figures)
    assert any("findings of 20 schools" in figure.name for figure in figures)
