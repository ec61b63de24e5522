"""The example city on the whole way: template, filled workbook, failing report, repair, answers, conforming report."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import cedu_rules as cr
from cedu_rules import data
from cedu_rules.cli import cli
from cedu_rules.data.layout import INSTITUTION, Column, Layout
from cedu_rules.messages import Words

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
SCHOOLS = (str(EXAMPLES / "schools.csv"), str(EXAMPLES / "teachers.csv"))
DAY = date(2022, 12, 15)


def run(*arguments: str) -> int:
    """Run the command line; return its exit status."""
    with pytest.raises(SystemExit) as ended:
        cli([*arguments], standalone_mode=False)
    return int(str(ended.value.code or 0))


def report_of(school: cr.Standard, workbook: Path, folder: Path, id_: str) -> dict[str, object]:
    """Return what `check` says of one institution in a workbook."""
    output = folder / "report.json"
    run("check", school.id, str(workbook), "--on", DAY.isoformat(), "--format", "json", "-o", str(output))
    found = json.loads(output.read_text(encoding="utf-8"))["institutions"]
    return next(each for each in found if each["id"] == id_)


def fill(school: cr.Standard, workbook: Path, id_: str, values: dict[str, Any]) -> None:
    """Fill in cells of an institution's rows by the path that each header means."""
    layout = Layout(Words("", ""), school.model.facts, school.model.units, INSTITUTION)
    book = openpyxl.load_workbook(workbook)
    left = dict(values)
    for sheet in book:
        columns = {cell.column: layout.find(str(cell.value)) for cell in sheet[1] if cell.value is not None}
        for row in sheet.iter_rows(min_row=2):
            if row[0].value != id_:
                continue
            for cell in row:
                column = columns.get(cell.column or 0)
                if isinstance(column, Column) and column.path in left:
                    cell.value = left.pop(column.path)
    book.save(workbook)

    assert left == {}


def test_from_a_workbook_to_a_decision(tmp_path: Path) -> None:
    """A prefilled template fails as the data does; with the repairs and answers filled in, it conforms as predicted."""
    school = cr.load("school")
    workbook = tmp_path / "school.xlsx"
    run("template", "school", *SCHOOLS, "-o", str(workbook), "--on", DAY.isoformat())
    before = report_of(school, workbook, tmp_path, "S23")

    assert "fails" == before["verdict"]

    given = next(each.given for each in data.read(school.model, SCHOOLS).submissions if each.id == "S23")
    report = school.evaluate(given, assessed_on=DAY)
    plan = report.repairs(immutable={"population"})[-1]
    repaired = school.evaluate(plan.record, assessed_on=DAY)
    way = repaired.shortest_way()

    assert ["equipment", "funding_per_resident"] == [finding.clause.id for finding in report.failed]
    assert ((), plan.verdict) == (repaired.failed, repaired.verdict)

    changes = {change.path: change.after for change in plan.changes}
    answers = {question.path: "是" if question.answer is True else question.answer for question in way}
    fill(school, workbook, "S23", changes | answers)
    after = report_of(school, workbook, tmp_path, "S23")

    assert "conforms" == after["verdict"]
