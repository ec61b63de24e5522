"""Frames of PySpark on two local cores: the same call, the same answers."""

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

pyspark_sql = pytest.importorskip("pyspark.sql", reason="needs PySpark: pip install pyspark")
if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    pytest.skip("needs Java 17, such as `apt-get install openjdk-17-jre-headless`", allow_module_level=True)

import test_frame  # type: ignore[import-not-found]  # noqa: E402 -- it stands beside this file
from frame_pages import line, section, written  # type: ignore[import-not-found]  # noqa: E402
from frame_tables import is_sayable, tables, without_gaps  # type: ignore[import-not-found]  # noqa: E402

from cedu_rules.standard import Standard  # noqa: E402
from cedu_rules.testing.drafts import as_data  # noqa: E402
from cedu_rules.testing.histories import models, worlds  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # what Spark warns about is its own


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return a session on two cores of this machine."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = pyspark_sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.default.parallelism", "2").config("spark.sql.adaptive.enabled", "false")
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


# --- the law ---------------------------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_spark_gives_the_statuses_of_the_reference(spark: Any, data: st.DataObject) -> None:  # noqa: ANN401
    """For generated standards and frames, whichever rows are left to the reference."""
    world = data.draw(worlds(models()))
    drafts = [as_data(each.draft) for each in data.draw(st.lists(worlds(st.just(world.model)), min_size=2, max_size=6))]
    assume(all(map(is_sayable, drafts)))
    institutions = without_gaps(world.model, drafts)
    main, lists = tables(world.model, institutions)
    frames = {name: spark.createDataFrame(frame.to_arrow()) for name, frame in lists.items()}
    standard = Standard(world.model)
    found = standard.evaluate_frame(spark.createDataFrame(main.to_arrow()), lists=frames, assessed_on=world.day)

    for values, row in zip(institutions, _sorted(found.statuses, "id"), strict=True):
        report = standard.evaluate(values, assessed_on=world.day)
        statuses: list[str | None] = [status.value for status in report.statuses] or [None] * len(world.model.clauses)
        assert [values["id"], *statuses, report.verdict.value] == [
            row[name] for name in ("id", *(clause.id for clause in world.model.clauses), "verdict")
        ]


def test_the_page_tells_what_spark_does(spark: Any) -> None:  # noqa: ANN401 -- a session
    """The line of the table, found by trying it."""
    expected = line("PySpark", lambda frame: spark.createDataFrame(frame.to_arrow()), lambda frame: int(frame.count()))
    others = [each for each in section("abilities") if not each.startswith("| PySpark |")]

    assert expected in written("abilities", [*others, expected])
