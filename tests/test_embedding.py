"""Tests that the examples of embedding run: a web service, pandas, Polars, a row of a database, an editor, a checker."""

import asyncio
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
FOLLOWED = """
[mypy]
follow_imports = skip
[mypy-cedu_rules.*,attr.*,attrs.*,school_records]
follow_imports = normal
"""
"""Settings of mypy that read the library and what a record is made with, and no package behind them: those are large."""
CENTRES: dict[str, list[Any]] = {
    "id": ["1", "2", "3", "4"],
    "area": [59.99, 60.0, None, -1],
    "books": [1000, 999, None, 1000],
}


def example(name: str) -> dict[str, Any]:
    """Return what an example defines."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def answer(path: str, body: bytes) -> tuple[int, Any]:
    """Return status and JSON that the service answers to a POST: what a server would hand it, and no client library."""
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path.partition("?")[0], "raw_path": path.partition("?")[0].encode(), "root_path": "",
        "query_string": path.partition("?")[2].encode(), "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(example("service")["app"](scope, receive, send))
    content = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], json.loads(content)


def block(kind: str) -> str:
    """Return the only block of that kind in the page on embedding."""
    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    [found] = re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_service_answers_with_the_report() -> None:
    """A school is answered with its verdict; impossible input with 422 and its errors."""
    pytest.importorskip("fastapi")
    status, found = answer("/schools/check?on=2022-12-15", b'{"id": "S1", "site": "independent", "area": 420}')
    refusal, refused = answer("/schools/check", b'{"area": -1, "books": "x"}')

    assert (200, "2022-12-15", "fails") == (status, found["assessed_on"], found["institutions"][0]["verdict"])
    assert 422 == refusal
    assert ["area", "books"] == [error["path"] for error in refused["institutions"][0]["errors"]]


@pytest.mark.parametrize("on", ["soon", "2022-02-30"])
def test_the_service_refuses_what_is_no_day(on: str) -> None:
    """A day that does not exist is refused by FastAPI, and no verdict is given."""
    pytest.importorskip("fastapi")
    status, refused = answer(f"/schools/check?on={on}", b"{}")

    assert (422, ["detail"]) == (status, list(refused))


def test_the_service_answers_whatever_a_name_holds() -> None:
    """Half a character in a name, which JSON can escape, is answered and not a fault of the service."""
    pytest.importorskip("fastapi")
    status, found = answer("/schools/check", b'{"name": "\\ud800", "area": 1}')

    assert 200 == status
    assert "\ud800" == found["institutions"][0]["name"]


@pytest.mark.parametrize("body", ["[1]", "{", "", '"S1"'])
def test_the_service_refuses_what_is_no_object(body: str) -> None:
    """A body that is no JSON object is refused before the standard sees it, in the form of FastAPI."""
    pytest.importorskip("fastapi")
    status, refused = answer("/schools/check", body.encode())

    assert 422 == status
    assert ["detail"] == list(refused)


def test_a_pandas_frame_gets_verdicts() -> None:
    """Each row has its verdict; a cell without a value is a missing fact, and of an invalid row nothing is counted."""
    pandas = pytest.importorskip("pandas")
    found = example("pandas_pipeline")["with_verdicts"](pandas.DataFrame(CENTRES).astype({"books": "Int64"}), DAY)

    assert ["fails", "fails", "undetermined", "invalid"] == list(found["verdict"])
    assert [1, 1, 0] == list(found["failed"][:3])
    assert found["failed"][3] is pandas.NA


def test_a_column_that_is_no_fact_makes_its_rows_invalid() -> None:
    """A frame with a further column has invalid rows; its columns that are facts have their verdicts."""
    pandas = pytest.importorskip("pandas")
    with_verdicts = example("pandas_pipeline")["with_verdicts"]
    frame = pandas.DataFrame({"id": ["1"], "town": ["示例一镇"], "area": [59.99]})
    facts = {field.name for field in attrs.fields(cr.load("centre").record)}

    assert ["invalid"] == list(with_verdicts(frame, DAY)["verdict"])
    assert ["fails"] == list(with_verdicts(frame[[name for name in frame if name in facts]], DAY)["verdict"])


def test_a_polars_frame_gets_verdicts() -> None:
    """Each row has its verdict; a null is a missing fact, and of an invalid row nothing is counted."""
    polars = pytest.importorskip("polars")
    found = example("polars_pipeline")["with_verdicts"](polars.DataFrame(CENTRES), DAY)

    assert ["fails", "fails", "undetermined", "invalid"] == found["verdict"].to_list()
    assert [1, 1, 0, None] == found["failed"].to_list()


def test_a_row_of_a_database_is_bound() -> None:
    """What the model has becomes facts; what it lacks is never recorded."""
    failing = example("orm_model")["failing_clauses"]
    model = SimpleNamespace(pk=7, title="示例一镇第一村社区教育学习中心", area=Decimal("59.5"), books=None)

    assert ["floor_area"] == failing(model, DAY)


def test_an_editor_checks_the_file_of_the_page(tmp_path: Path) -> None:
    """The YAML of the page fits the schema that the command prints, and is read; so is JSON that names it."""
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
    assert [True, True] == [validator.is_valid(known), validator.is_valid(named)]
    assert not validator.is_valid({**known, "aera": 1})
    assert [1, 1] == [each.exit_code for each in checked]


def test_a_checker_knows_the_caller_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The typed caller of the page runs and is accepted; a misspelt field is refused with the message that stands there."""
    monkeypatch.chdir(tmp_path)
    written = CliRunner().invoke(cli, ["codegen", "school", "-o", "school_records.py"])
    Path("caller.py").write_text(block("text"), encoding="utf-8")
    Path("wrong.py").write_text(block("text").replace("area=", "aera="), encoding="utf-8")
    ran = subprocess.run([sys.executable, "caller.py"], capture_output=True, text=True, check=False)
    Path("mypy.ini").write_text(FOLLOWED, encoding="utf-8")
    options = ["--strict", "--config-file=mypy.ini", "--cache-dir=cache"]
    found, _, accepted = mypy.api.run([*options, "caller.py"])
    refused = mypy.api.run([*options, "wrong.py"])[0]

    assert 0 == written.exit_code
    assert ["floor_area", "teacher_quality", "part_time_team"] == ran.stdout.split(), ran.stderr
    assert 0 == accepted, found
    assert 'wrong.py:6: error: Unexpected keyword argument "aera" for "School"' in refused
