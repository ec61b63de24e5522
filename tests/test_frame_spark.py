"""Frames of PySpark on two local cores: the same call, the same answers."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

pyspark_sql = pytest.importorskip("pyspark.sql", reason="the extra `spark`")

import test_frame  # type: ignore[import-not-found]  # noqa: E402 -- it stands beside this file

pytestmark = pytest.mark.filterwarnings("ignore")  # what Spark warns about is its own


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return a session on two cores of this machine."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark_sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
    session = builder.getOrCreate()
    yield session
    session.stop()


MAIN = pl.DataFrame(
    {
        "id": [f"i{index}" for index in range(6)],
        "area": [500.0, 499.99, None, -1.0, float("nan"), 0.3],
        "rooms": [1, 2, None, 3, 4, 5],
        "site": ["own", "合用", None, "own", "own", "shared"],
        "host": [None, "school", "other", None, None, None],
        "charter.purpose": [True, None, False, True, True, True],
        "charter.form": [True, True, True, True, True, True],
        "registered.2021": [1, 3, None, 1, 1, 1],
        "registered.2022": [2, 2, None, 2, 2, None],
        "teachers": [2, None, 0, None, None, 1],
    }
)
TEACHERS = pl.DataFrame(
    {
        "institution": ["i0", "i0", "i1", "i1"],
        "name": ["甲", "乙", "甲", "甲"],
        "full": [True, True, True, None],
        "hours": [4.5, 5.5, 1.0, None],
    }
)


def test_spark_gives_the_answers_of_polars(spark: Any) -> None:  # noqa: ANN401 -- a session
    """Statuses, counts, reasons and findings, of rows that the reference answers too."""
    standard = test_frame.STANDARD
    expected = standard.evaluate_frame(MAIN, lists={"teachers": TEACHERS}, assessed_on=test_frame.DAY)
    frames = [spark.createDataFrame(frame.to_arrow()) for frame in (MAIN, TEACHERS)]
    actual = standard.evaluate_frame(frames[0], lists={"teachers": frames[1]}, assessed_on=test_frame.DAY)

    assert isinstance(actual.statuses, pyspark_sql.DataFrame)
    assert test_frame.rows(expected.statuses) == _sorted(actual.statuses, "id")
    assert expected.findings.sort("institution", "clause", nulls_last=True).to_dicts() == _sorted(
        actual.findings, "institution", "clause"
    )


def _sorted(frame: Any, *columns: str) -> list[dict[str, Any]]:  # noqa: ANN401 -- a frame of Spark
    return pl.DataFrame(frame.toArrow()).sort(*columns, nulls_last=True).to_dicts()
