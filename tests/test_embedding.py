"""Tests that the examples of embedding run: a web service, pandas, Polars, a row of a database."""

import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples" / "embedding"
DAY = date(2022, 12, 15)
CENTRES: dict[str, list[Any]] = {"id": ["1", "2", "3"], "area": [59.99, 60.0, None], "books": [1000, 999, None]}


def example(name: str) -> dict[str, Any]:
    """Return what an example defines."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def test_the_service_answers_with_the_report() -> None:
    """A school is answered with its verdict; impossible input with 422 and its errors."""
    pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient").TestClient(example("service")["app"])
    found = client.post("/schools/check?on=2022-12-15", json={"id": "S1", "site": "independent", "area": 420})
    refused = client.post("/schools/check", json={"area": -1, "books": "x"})

    assert (200, "fails") == (found.status_code, found.json()["institutions"][0]["verdict"])
    assert 422 == refused.status_code
    assert ["area", "books"] == [error["path"] for error in refused.json()["institutions"][0]["errors"]]


def test_a_pandas_frame_gets_verdicts() -> None:
    """Each row has its verdict; a cell without a value is a missing fact."""
    pandas = pytest.importorskip("pandas")
    found = example("pandas_pipeline")["with_verdicts"](pandas.DataFrame(CENTRES).astype({"books": "Int64"}), DAY)

    assert ["fails", "fails", "undetermined"] == list(found["verdict"])
    assert [1, 1, 0] == list(found["failed"])


def test_a_polars_frame_gets_verdicts() -> None:
    """Each row has its verdict; a null is a missing fact."""
    polars = pytest.importorskip("polars")
    found = example("polars_pipeline")["with_verdicts"](polars.DataFrame(CENTRES), DAY)

    assert ["fails", "fails", "undetermined"] == found["verdict"].to_list()
    assert [1, 1, 0] == found["failed"].to_list()


def test_a_row_of_a_database_is_bound() -> None:
    """What the model has becomes facts; what it lacks is never recorded."""
    failing = example("orm_model")["failing_clauses"]
    model = SimpleNamespace(pk=7, title="示例一镇第一村社区教育学习中心", area=Decimal("59.5"), books=None)

    assert ["floor_area"] == failing(model, DAY)
