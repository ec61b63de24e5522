"""Tests that the examples of embedding run: a web service, pandas, Polars, a row of a database, an editor, a checker."""

import json
import re
import runpy
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import jsonschema
import mypy.api
import pytest
import yaml
from click.testing import CliRunner

import cedu_rules as cr
from cedu_rules.cli import cli

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples" / "embedding"
DAY = date(2022, 12, 15)
CENTRES: dict[str, list[Any]] = {"id": ["1", "2", "3"], "area": [59.99, 60.0, None], "books": [1000, 999, None]}


def example(name: str) -> dict[str, Any]:
    """Return what an example defines."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def block(kind: str) -> str:
    """Return the only block of that kind in the page on embedding."""
    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    [found] = re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_service_answers_with_the_report() -> None:
    """A school is answered with its verdict; impossible input with 422 and its errors."""
    pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient").TestClient(example("service")["app"])
    found = client.post("/schools/check?on=2022-12-15", json={"id": "S1", "site": "independent", "area": 420})
    refused = client.post("/schools/check", json={"area": -1, "books": "x"})

    assert (200, "fails") == (found.status_code, found.json()["institutions"][0]["verdict"])
    assert 422 == refused.status_code
    assert ["area", "books"] == [error["path"] for error in refused.json()["institutions"][0]["errors"]]


def test_the_service_answers_whatever_a_name_holds() -> None:
    """Half a character in a name, which JSON can escape, is answered and not a fault of the service."""
    pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient").TestClient(example("service")["app"])
    body = '{"name": "\\ud800", "area": 1}'
    found = client.post("/schools/check", content=body, headers={"content-type": "application/json"})

    assert 200 == found.status_code
    assert "\ud800" == found.json()["institutions"][0]["name"]


@pytest.mark.parametrize("body", ["[1]", "{", "", '"S1"'])
def test_the_service_refuses_what_is_no_object(body: str) -> None:
    """A body that is no JSON object is refused before the standard sees it, in the form of FastAPI."""
    pytest.importorskip("fastapi")
    client = pytest.importorskip("fastapi.testclient").TestClient(example("service")["app"])
    refused = client.post("/schools/check", content=body, headers={"content-type": "application/json"})

    assert 422 == refused.status_code
    assert ["detail"] == list(refused.json())


def test_a_pandas_frame_gets_verdicts() -> None:
    """Each row has its verdict; a cell without a value is a missing fact."""
    pandas = pytest.importorskip("pandas")
    found = example("pandas_pipeline")["with_verdicts"](pandas.DataFrame(CENTRES).astype({"books": "Int64"}), DAY)

    assert ["fails", "fails", "undetermined"] == list(found["verdict"])
    assert [1, 1, 0] == list(found["failed"])


def test_a_column_that_is_no_fact_makes_its_rows_invalid() -> None:
    """A frame with a further column has invalid rows; its columns that are facts have their verdicts."""
    pandas = pytest.importorskip("pandas")
    with_verdicts = example("pandas_pipeline")["with_verdicts"]
    frame = pandas.DataFrame({"id": ["1"], "town": ["示例一镇"], "area": [59.99]})
    facts = {field.name for field in attrs.fields(cr.load("centre").record)}

    assert ["invalid"] == list(with_verdicts(frame, DAY)["verdict"])
    assert ["fails"] == list(with_verdicts(frame[[name for name in frame if name in facts]], DAY)["verdict"])


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


def test_an_editor_checks_the_file_of_the_page(tmp_path: Path) -> None:
    """The YAML of the page fits the schema that the command prints, and is read; a `$schema` in JSON is refused by both."""
    printed = CliRunner().invoke(cli, ["show", "school", "--format", "json-schema"]).stdout
    validator = jsonschema.Draft202012Validator(json.loads(printed))
    known = yaml.safe_load(block("yaml"))
    named = {"$schema": "school.schema.json", **known}
    (tmp_path / "school.yaml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "school.json").write_text(json.dumps(named), encoding="utf-8")
    checked = [
        CliRunner().invoke(cli, ["check", "school", str(tmp_path / name)]) for name in ("school.yaml", "school.json")
    ]

    assert "# yaml-language-server: $schema=school.schema.json" == block("yaml").splitlines()[0]
    assert [True, False] == [validator.is_valid(known), validator.is_valid(named)]
    assert [1, 2] == [each.exit_code for each in checked]


def test_a_checker_knows_the_caller_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The typed caller of the page runs and is accepted; a misspelt field is refused with the message that stands there."""
    monkeypatch.chdir(tmp_path)
    written = CliRunner().invoke(cli, ["codegen", "school", "-o", "school_records.py"])
    Path("caller.py").write_text(block("text"), encoding="utf-8")
    Path("wrong.py").write_text(block("text").replace("area=", "aera="), encoding="utf-8")
    ran = subprocess.run([sys.executable, "caller.py"], capture_output=True, text=True, check=False)
    options = ["--strict", "--config-file=", "--cache-dir=cache"]
    found, _, accepted = mypy.api.run([*options, "caller.py"])
    refused = mypy.api.run([*options, "wrong.py"])[0]

    assert 0 == written.exit_code
    assert ["floor_area", "teacher_quality", "part_time_team"] == ran.stdout.split(), ran.stderr
    assert 0 == accepted, found
    assert 'wrong.py:6: error: Unexpected keyword argument "aera" for "School"' in refused
