"""The inspection of a small city: its standard, data and plan, what an inspection said and wrote, and records filled in."""

import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import frozen
from openpyxl import load_workbook

from cedu_rules.reports.inspection.inspecting import run_inspection

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
DAY = date(2022, 12, 15)

STANDARD = """
standard small "小标准"
source "测试文件" annex 1
language zh

section "设施" "场地" {
  clause space "面积" { must area >= 500 m2 "面积" }
  clause light "采光" { must judge light "采光好" }
  clause rules "章程" { must show rules "章程" with { finance "财务", staff "人事" } }
  clause staff "教师" { must count(t for t in teachers where t.full_time) >= 2 "专职教师" }
  clause growth "注册" { must registered[assessed_year] >= 10 people "注册人数" }
}
facts {
  area       : m2 "面积"
  registered : yearly people "注册人数"
  teachers   : list of Teacher "教师名单"
}
record Teacher key name {
  name      : text "姓名"
  full_time : bool "专职"
}
"""
INSTITUTIONS = (
    "id,name,town,area,teachers,rules.finance,rules.staff,registered.2022\n"
    "A,甲校,东镇,400,2,是,是,10\n"
    "B,乙校,东镇,600,2,是,,10\n"
    "C,丙校,西镇,约60,2,是,是,10\n"
)
TEACHERS = "institution,name,full_time\n" + "".join(f"{id_},{id_}{n},是\n" for id_ in "ABC" for n in (1, 2))
PLAN = """
date = 2022-12-15
title = "验收"
[tiers.small]
standard = "small.std"
files = ["institutions.csv", "teachers.csv"]
group = "town"
due = { "东镇" = 2, "南镇" = 1, "西镇" = 1 }
"""


@frozen
class Done:
    """What one inspection said and wrote."""

    status: int
    out: tuple[str, ...]
    warnings: tuple[str, ...]
    folder: Path

    @cached_property
    def document(self) -> dict[str, Any]:
        """The JSON of the inspection."""
        read: dict[str, Any] = json.loads((self.folder / "inspection.json").read_text(encoding="utf-8"))
        return read

    def page(self, name: str) -> str:
        """Return a page."""
        return (self.folder / name).read_text(encoding="utf-8")

    def institution(self, tier: str, id_: str) -> dict[str, Any]:
        """Return an institution of the JSON."""
        found = [each for each in self.document["tiers"][tier]["institutions"] if each["id"] == id_]
        return dict(found[0])

    def verdicts(self, tier: str) -> list[str]:
        """Return the verdicts of a tier in order."""
        return [each["verdict"] for each in self.document["tiers"][tier]["institutions"]]


def inspected(plan: Path, folder: Path, language: str = "zh", **options: Any) -> Done:  # noqa: ANN401
    """Inspect, and return what was said and written."""
    out: list[str] = []
    warnings: list[str] = []
    status = run_inspection(plan, folder, language=language, out=out.append, warn=warnings.append, **options)
    return Done(status, tuple(out), tuple(warnings), folder)


def written(folder: Path, plan: str = PLAN, **files: str) -> Path:
    """Write a small city into a folder, and return its plan."""
    (folder / "small.std").write_text(STANDARD, encoding="utf-8")
    contents = {"institutions.csv": INSTITUTIONS, "teachers.csv": TEACHERS, "plan.toml": plan, **files}
    for name, text in contents.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder / "plan.toml"


def fill(path: Path, findings: dict[tuple[str, str], Any], target: Path | None = None, stated: str = "") -> Path:
    """Fill in what was found by institution and path; what is not listed is added as a row."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns: dict[Any, Any] = {cell.value: cell.column for cell in sheet[1]}
    left = dict(findings)
    for row in range(2, sheet.max_row + 1):
        key = (sheet.cell(row, columns["编号"]).value, sheet.cell(row, columns["路径"]).value)
        if key in left:
            sheet.cell(row, columns["现场核实值"]).value = left.pop(key)
            sheet.cell(row, columns["检查人"]).value = "王某"
            sheet.cell(row, columns["检查日期"]).value = DAY
            sheet.cell(row, columns["佐证材料"]).value = "照片"
    for (id_, place), value in left.items():
        row = sheet.max_row + 1
        for name, each in (("编号", id_), ("路径", place), ("现场核实值", value), ("填报值", stated)):
            sheet.cell(row, columns[name]).value = each
    book.save(target or path)
    return target or path


def few_schools(folder: Path, *ids: str) -> list[Path]:
    """Write the data of some schools of the example city."""
    for path in (EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv"):
        heading, *rows = path.read_text(encoding="utf-8").splitlines()
        chosen = [row for row in rows if row.partition(",")[0] in ids]
        (folder / path.name).write_text("\n".join([heading, *chosen]), encoding="utf-8")
    return [folder / "schools.csv", folder / "teachers.csv"]


def status_of(done: Done, id_: str, clause: str) -> str:
    """Return the status of a clause."""
    found = {each["id"]: each["status"] for each in done.institution("small", id_)["clauses"]}
    return str(found[clause])
