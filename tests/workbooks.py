"""Workbooks of one small standard: cells into files, changed as spreadsheets and attackers change them, and what is read."""

import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from cedu_rules import data, records
from cedu_rules.catalog import loads
from cedu_rules.records import Record

TRIAL = """
standard trial "试"
source "s" annex 1
facts {
  area : m2 "建筑面积"
  rate : percent "利用率"
  meetings : count "会议次数"
  internet : bool "联网"
  opened : date "成立日期"
  remark : text "说明"
  charter : set { purpose "办学宗旨", finance "财务制度" } "章程"
  registered : yearly people "各年注册人数"
  teachers : list of Teacher "教师名单"
  quality : judged bool "队伍素质"
  order : judged bool "秩序"
}
record Teacher key name { name : text "姓名" full_time : bool "专职" able : judged bool "胜任" }
section "a" "b" { clause c "c" { must area >= 1 m2 } }
"""
STANDARD = loads(TRIAL)
Rows = Sequence[Sequence[Any]]


def book(
    folder: Path, sheets: Mapping[str, Rows], name: str = "school.xlsx", change: Callable[[Workbook], Any] = id
) -> Path:
    """Write a workbook, changed before it is saved."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    change(made)
    made.save(folder / name)
    return folder / name


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed, what records refuse included."""
    lines = [str(issue) for issue in reading.issues]
    for each in reading.submissions:
        _, found = records.attempt(STANDARD.record, each.given, places=each.places)
        lines += [str(issue) for issue in (*each.issues, *found)]
    return lines


def read(folder: Path, sheets: Mapping[str, Rows], change: Callable[[Workbook], Any] = id) -> data.Reading:
    """Write a workbook and read it."""
    return data.read(STANDARD.model, [book(folder, sheets, change=change)])


def record_of(reading: data.Reading) -> Record:
    """Return the record of the one institution."""
    assert [] == told(reading)
    (submission,) = reading.submissions
    return records.read(STANDARD.record, submission.given)


def replace_in_sheets(path: Path, old: bytes, new: bytes) -> None:
    """Replace bytes in the sheets of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new) if "sheet" in name else content)


def edit_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change one part of a workbook, which may be new; beside it stand bytes that no archive makes smaller."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    parts["xl/media/noise.bin"] = random.Random(0).randbytes(200_000)  # noqa: S311 -- no secret
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
