"""Workbooks: sheets, typed cells and everything that may be wrong with them, read like tables of text."""

import io
import random
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from cedu_rules import data, records
from cedu_rules.catalog import loads
from cedu_rules.data import archives, xlsx_files
from cedu_rules.data.contents import Content
from cedu_rules.data.tables import Broken
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


class TestCells:
    """What a typed cell says."""

    def test_types(self, tmp_path: Path) -> None:
        """Numbers, percents, booleans, days and texts are what the cell says; texts are read as in CSV."""

        def percent(made: Workbook) -> None:
            made["机构"]["C2"].number_format = "0.0%"

        header = [
            "id",
            "建筑面积（亩）",
            "利用率",
            "会议次数",
            "联网",
            "成立日期",
            "说明",
            "章程.办学宗旨",
            "registered.2022",
        ]
        row = ["S1", 0.75, 0.805, "１２次", True, datetime(2022, 9, 1), "记事", "是", 1200]  # noqa: DTZ001 -- a cell has no zone
        record = record_of(read(tmp_path, {"机构": [header, row]}, percent))

        expected = (500, Decimal("0.805"), 12, True, date(2022, 9, 1), {"purpose": True, "finance": None}, {2022: 1200})
        assert expected == (
            record.area,
            record.rate,
            record.meetings,
            record.internet,
            record.opened,
            record.charter,
            record.registered,
        )

    @pytest.mark.parametrize(
        ("value", "form", "header", "read"),
        [
            (0.8, "0%", "利用率", Decimal("0.8")),
            (0.8, "0%", "利用率（%）", Decimal("0.8")),
            (80, "General", "利用率（%）", Decimal("0.8")),
            (0.07, '0.00"％"', "利用率", Decimal("0.07")),
            (1, "0%", "利用率", 1),
            (1234.56789012345, "General", "建筑面积", Decimal("1234.56789012345")),
            (1e-05, "General", "建筑面积", Decimal("0.00001")),
            (13800138000, "General", "说明", "13800138000"),
        ],
    )
    def test_numbers(self, tmp_path: Path, value: float, form: str, header: str, read: object) -> None:
        """A number is its shortest decimal, in a cell shown as a percent a percent, under a unit in that unit."""

        def shown(made: Workbook) -> None:
            made["机构"]["A2"].number_format = form

        path = book(tmp_path, {"机构": [[header], [value]]}, change=shown)
        record = record_of(data.read(STANDARD.model, [path]))

        assert read in {record.area, record.rate, record.remark}

    @pytest.mark.parametrize(
        ("value", "form", "read"),
        [
            (0.1 + 0.2, "General", Decimal("0.3")),
            (1 - 0.9, "General", Decimal("0.1")),
            (1.1 * 3, "0.0", Decimal("3.3")),
            (1 / 3, "General", Decimal("0.333333333333333")),
            (0.8 + 1e-16, "0%", Decimal("0.8")),
            (123456.789012345, "General", Decimal("123456.789012345")),
        ],
    )
    def test_calculated_numbers(self, tmp_path: Path, value: float, form: str, read: object) -> None:
        """What calculating in binary adds behind the 15 digits that spreadsheets show is no part of the number."""

        def shown(made: Workbook) -> None:
            made["机构"]["A2"].number_format = form

        header = "利用率" if "%" in form else "建筑面积"
        path = book(tmp_path, {"机构": [[header], [0]]}, change=shown)
        _replace(path, b"<v>0</v>", f"<v>{value:.17g}</v>".encode())
        record = record_of(data.read(STANDARD.model, [path]))

        assert read == (record.rate if "%" in form else record.area)

    @given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 20))
    def test_typed_numbers_come_back(self, digits: int, places: int) -> None:
        """Every number of at most 15 digits is read as it was typed, though the cell holds a binary number."""
        number = Decimal(digits).scaleb(-places)

        assert number == Decimal(str(xlsx_files._number(float(number), "General")))

    @pytest.mark.parametrize(
        ("header", "value", "wanted"),
        [
            ("利用率", 80, "`80`; expected a percent such as 80% or 0.8; a bare number is a ratio and not above 1"),
            ("建筑面积", True, "`true`; expected a number in `m2`, at least 0"),
            ("说明", datetime(2022, 9, 1), "`2022-09-01`; expected a text"),  # noqa: DTZ001
            ("成立日期", datetime(2022, 9, 1, 8), "`2022-09-01 08:00:00`; expected a date such as 2022-09-01"),  # noqa: DTZ001
            ("会议次数", 2.5, "`2.5`; expected a whole number, at least 0"),
            ("联网", 1, "`1`; expected yes or no"),
            ("说明", "#N/A", "`#N/A`; expected a value, no error"),
            (
                "说明",
                110101199001011234,
                "`110101199001011232`; expected a number below 10^15; spreadsheets keep 15 digits",
            ),
        ],
    )
    def test_refused(self, tmp_path: Path, header: str, value: object, wanted: str) -> None:
        """A cell that cannot be is told with sheet and cell."""
        reading = read(tmp_path, {"机构": [["id", header], ["S1", value]]})

        (line,) = told(reading)
        assert line.startswith("school.xlsx:机构!B2: S1: ")
        assert wanted.split("`; ")[1] in line

    def test_formulas(self, tmp_path: Path) -> None:
        """A formula without a stored value is refused at its cell; with one, the value is read."""
        path = book(tmp_path, {"机构": [["id", "建筑面积", "会议次数"], ["S1", "=100+400", 4], ["S2", "=2*3", 5]]})
        reading = data.read(STANDARD.model, [path])

        wanted = "expected a value; open the workbook in a spreadsheet and save it, or replace the formula by its value"
        assert [
            f"school.xlsx:机构!B2: S1: area: `=100+400`; {wanted}",
            f"school.xlsx:机构!B3: S2: area: `=2*3`; {wanted}",
        ] == told(reading)
        _replace(path, b"<v></v>", b"<v>500</v>")
        _replace(path, b"<v />", b"<v>500</v>")
        assert ["500", "500"] == [each.values["area"] for each in data.read(STANDARD.model, [path]).submissions]

    def test_a_formula_whose_result_is_blank(self, tmp_path: Path) -> None:
        """A formula that was calculated and gave a blank text is a blank cell, and not taken for one without a value."""
        path = book(tmp_path, {"机构": [["id", "建筑面积", "会议次数"], ["S1", '=IF(A2="x",1,"")', 4]]})
        _replace(path, b'<c r="B2">', b'<c r="B2" t="str">')

        assert [{"meetings": "4"}] == [each.values for each in data.read(STANDARD.model, [path]).submissions]
        assert [] == told(data.read(STANDARD.model, [path]))

    @pytest.mark.parametrize(("epoch", "day"), [(WINDOWS_EPOCH, date(2022, 9, 1)), (MAC_EPOCH, date(2022, 9, 1))])
    def test_days_of_both_calendars(self, tmp_path: Path, epoch: datetime, day: date) -> None:
        """A workbook that counts its days from 1904 names the same days."""

        def counted(made: Workbook) -> None:
            made.epoch = epoch

        reading = read(tmp_path, {"机构": [["id", "成立日期"], ["S1", datetime(2022, 9, 1)]]}, counted)  # noqa: DTZ001

        assert day == record_of(reading).opened

    def test_merged_cells(self, tmp_path: Path) -> None:
        """Merged cells are told with their range; the value stands in the first, the others are blank."""

        def merge(made: Workbook) -> None:
            made["机构"].merge_cells("B2:B3")

        reading = read(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500], ["S2", None]]}, merge)

        wanted = "expected single cells; unmerge them and fill in each"
        assert [f"school.xlsx:机构!B2: merged cells: `B2:B3`; {wanted}"] == told(reading)
        assert [{"area": "500"}, {}] == [each.values for each in reading.submissions]

    def test_hidden_rows_are_read(self, tmp_path: Path) -> None:
        """What is hidden counts all the same."""

        def hide(made: Workbook) -> None:
            made["机构"].row_dimensions[2].hidden = True
            made["机构"].column_dimensions["B"].hidden = True

        assert 500 == record_of(read(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]}, hide)).area

    def test_control_characters_of_spreadsheets(self, tmp_path: Path) -> None:
        """Line ends that spreadsheets escape are line ends."""
        assert "a\r\nb" == record_of(read(tmp_path, {"机构": [["id", "说明"], ["S1", "a_x000D_\nb"]]})).remark


def _replace(path: Path, old: bytes, new: bytes) -> None:
    """Replace bytes in the sheets of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new) if "sheet" in name else content)


def _edit(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change one part of a workbook, which may be new; beside it stand bytes that no archive makes smaller."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    parts["xl/media/noise.bin"] = random.Random(0).randbytes(200_000)  # noqa: S311 -- no secret
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


class TestSheets:
    """Which sheet holds what."""

    INSTITUTIONS = (["id", "name", "建筑面积"], ["S1", "甲校", 500], ["S2", "乙校", 600])

    @pytest.mark.parametrize("title", ["教师名单", "teachers", "教师 名单"])
    def test_lists(self, tmp_path: Path, title: str) -> None:
        """A sheet named like a list holds it; one of any other name holds institutions."""
        rows: Rows = [["institution", "姓名", "专职"], ["S2", "丙", True], ["S1", "丁", None]]
        reading = read(tmp_path, {"随便": self.INSTITUTIONS, title: rows})

        assert [] == told(reading)
        assert [[{"name": "丁"}], [{"name": "丙", "full_time": True}]] == [
            each.values["teachers"] for each in reading.submissions
        ]
        assert f"school.xlsx:{title}!B3" == reading.submissions[0].places["teachers[1].name"]
        assert f"school.xlsx:{title}!3" == reading.submissions[0].places["teachers[1]"]

    def test_a_workbook_of_one_sheet_may_bear_the_name(self, tmp_path: Path) -> None:
        """A workbook named like a list holds that list, like a file of text."""
        main = book(tmp_path, {"Sheet1": self.INSTITUTIONS})
        teachers = book(tmp_path, {"Sheet1": [["机构", "姓名"], ["S1", "丁"]]}, name="teachers.xlsx")
        reading = data.read(STANDARD.model, [main, teachers])

        assert [] == told(reading)
        assert [{"name": "丁"}] == reading.submissions[0].values["teachers"]

    def test_explanations_and_empty_sheets_are_skipped(self, tmp_path: Path) -> None:
        """The sheets of a template that explain, and empty ones, are not read."""
        sheets: dict[str, Rows] = {
            "说明": [["随便写"]],
            "选项": [["甲,乙"]],
            "Guide (2)": [["x"]],
            "Sheet3": [],
            "机构": self.INSTITUTIONS,
        }

        assert ["S1", "S2"] == [each.id for each in read(tmp_path, sheets).submissions]

    def test_a_sheet_that_nobody_reads(self, tmp_path: Path) -> None:
        """Any other sheet is told once, and may be left out by name."""
        path = book(tmp_path, {"机构": self.INSTITUTIONS, "备注": [["写点什么"], ["x"]]})
        reading = data.read(STANDARD.model, [path])

        wanted = "expected a sheet whose first row names facts, or one named after its list, `teachers`"
        assert [f"school.xlsx:备注; {wanted}; `--ignore 备注` leaves it out"] == told(reading)
        assert [] == told(data.read(STANDARD.model, [path], ignore=["备注"]))

    def test_renamed_headers(self, tmp_path: Path) -> None:
        """A header that means nothing is told at its cell, with the nearest name."""
        reading = read(tmp_path, {"机构": [["id", "建筑面机"], ["S1", 500]]})

        wanted = "expected a name or label of a fact of `trial`; did you mean `建筑面积`?"
        assert [f"school.xlsx:机构!B1: 建筑面机; {wanted}"] == told(reading)

    def test_no_sheet_of_institutions(self, tmp_path: Path) -> None:
        """A workbook of lists alone says so."""
        rows = [["institution", "姓名"], ["S1", "丁"]]

        assert ["expected the id of an institution in the files"] == [
            line.split("; ")[1] for line in told(read(tmp_path, {"teachers": rows}))
        ]
        assert ["files; expected a file of institutions"] == told(read(tmp_path, {"Sheet": []}))


class TestInspector:
    """Sheets that hold judged facts alone."""

    MAIN = (["id", "名称", "建筑面积"], ["S1", "甲校", 500], ["S2", "乙校", 600])

    def test_joined_by_id(self, tmp_path: Path) -> None:
        """What the inspector judges joins what the institution states; who was not visited has nothing judged."""
        reading = read(tmp_path, {"机构": self.MAIN, "现场评定": [["id", "队伍素质"], ["Ｓ2", "否"]]})

        assert [] == told(reading)
        assert [{"area": "500"}, {"area": "600", "quality": "否"}] == [each.values for each in reading.submissions]
        assert "school.xlsx:现场评定!B2" == reading.submissions[1].places["quality"]
        assert "school.xlsx:机构!C3" == reading.submissions[1].places["area"]

    def test_files_join_as_well(self, tmp_path: Path) -> None:
        """The inspector's workbook may be a file of its own, beside any kind of file."""
        (tmp_path / "s.json").write_text('[{"id": "S1", "area": 500}]', encoding="utf-8")
        inspector = book(tmp_path, {"现场评定": [["id", "队伍素质"], ["S1", True]]})
        alone = data.read(STANDARD.model, [inspector])
        reading = data.read(STANDARD.model, [inspector, tmp_path / "s.json"])

        assert ([], []) == (told(alone), told(reading))
        assert [{"quality": True}] == [each.values for each in alone.submissions]
        assert ["area", "quality"] == list(reading.submissions[0].values)

    @pytest.mark.parametrize(
        ("row", "wanted"),
        [
            (
                ["S9", None, True],
                "现场评定!A2: id: `S9`; expected the id of an institution that another sheet or file has",
            ),
            ([None, None, True], "现场评定!2: id; expected the id of an institution that another sheet or file has"),
            (["S1", "乙校", True], "现场评定!B2: S1: name: `乙校`; expected `甲校`, the name of `S1`"),
        ],
    )
    def test_rows_that_do_not_fit(self, tmp_path: Path, row: list[object], wanted: str) -> None:
        """An institution that only the inspector names, a row without id and another name are told at their cells."""
        reading = read(tmp_path, {"机构": self.MAIN, "现场评定": [["id", "name", "队伍素质"], row]})

        assert [f"school.xlsx:{wanted}"] == told(reading)

    def test_two_inspectors(self, tmp_path: Path) -> None:
        """Several may judge different facts; the same fact twice is told."""
        sheets: dict[str, Rows] = {
            "机构": self.MAIN,
            "甲": [["id", "队伍素质"], ["S1", True], ["S2", True]],
            "乙": [["id", "队伍素质", "秩序"], ["S1", False, True]],
        }
        reading = read(tmp_path, sheets)

        wanted = "expected a value in one place only; school.xlsx:甲!B2 has one"
        assert [f"school.xlsx:乙!B2: S1: quality: `false`; {wanted}"] == told(reading)

    @pytest.mark.parametrize(
        ("town", "wanted"),
        [
            (None, []),
            ("一 镇", []),
            ("二镇", ["school.xlsx:现场评定!2: S1: 镇: `二镇`; expected `一镇`, as in school.xlsx:机构!2"]),
        ],
    )
    def test_the_group_of_both(self, tmp_path: Path, town: str | None, wanted: list[str]) -> None:
        """The inspector may leave the group blank or repeat it; another group is told, and that of the institution stays."""
        sheets: dict[str, Rows] = {
            "机构": [["id", "镇", "建筑面积"], ["S1", "一镇", 500]],
            "现场评定": [["id", "镇", "队伍素质"], ["S1", town, True]],
        }
        reading = data.read(STANDARD.model, [book(tmp_path, sheets)], group="镇")

        assert wanted == told(reading)
        assert {"镇": "一镇"} == reading.submissions[0].columns

    def test_judged_fields_of_a_list(self, tmp_path: Path) -> None:
        """What is judged of the entries of a list stands on a second sheet, tied to them by their key."""
        sheets: dict[str, Rows] = {
            "机构": self.MAIN,
            "教师名单": [["机构", "姓名"], ["S1", "甲"], ["S1", "乙"]],
            "教师名单（现场评定）": [["机构", "姓名", "胜任"], ["S1", "乙", "是"], ["S1", "丙", "否"]],
        }
        reading = read(tmp_path, sheets)

        wanted = "S1: teachers.name: `丙`; expected the `name` of one of `teachers`"
        assert [f"school.xlsx:教师名单（现场评定）!B3: {wanted}"] == told(reading)
        assert [{"name": "甲"}, {"name": "乙", "able": "是"}] == reading.submissions[0].values["teachers"]


def zipped(**parts: bytes) -> bytes:
    """Return a zip archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


class TestFiles:
    """Files that are no workbooks, or must not be opened."""

    NONE = "expected a workbook saved as `.xlsx`"

    @pytest.mark.parametrize(
        ("raw", "wanted"),
        [
            (b"", NONE),
            (b"id,area\nS1,500\n", NONE),
            (b"PK\x03\x04 torn", NONE),
            (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), NONE),
            (zipped(**{"[Content_Types].xml": b"<Types/>"}), NONE),
            (zipped(**{"[Content_Types].xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><Types>&b;</Types>"}), NONE),
            (zipped(**{"[Content_Types].xml": "<Types/>".encode("utf-16")}), NONE),
            (zipped(**{"[Content_Types].xml": b"<?xml version='1.0' encoding='cp037'?><Types/>"}), NONE),
            (zipped(**{"[Content_Types].xml": "<Types/>".encode("utf-16-le")}), NONE),
            (
                zipped(
                    **{
                        "[Content_Types].xml": b"<Types/>",
                        "xl/workbook.xml": b"<a xmlns='http://purl.oclc.org/ooxml/b'/>",
                    }
                ),
                "expected a workbook saved as `Excel Workbook (.xlsx)`, not as `Strict Open XML`",
            ),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, f"{NONE}, not in the old format `.xls`"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "expected a workbook without a password",
            ),
        ],
    )
    def test_no_workbook(self, tmp_path: Path, raw: bytes, wanted: str) -> None:
        """Each is one message, and the other files are read."""
        (tmp_path / "s.xlsx").write_bytes(raw)
        (tmp_path / "t.csv").write_text("id\nS1\n")
        reading = data.read(STANDARD.model, [tmp_path / "s.xlsx", tmp_path / "t.csv"])

        assert [f"s.xlsx; {wanted}"] == told(reading)
        assert ["S1"] == [each.id for each in reading.submissions]

    @pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsm", ".et"])
    def test_other_workbooks(self, tmp_path: Path, ending: str) -> None:
        """Other kinds of workbooks are asked for as `.xlsx`."""
        (tmp_path / f"s{ending}").write_bytes(b"x")

        assert [f"s{ending}: `{ending}`; {self.NONE}"] == told(data.read(STANDARD.model, [tmp_path / f"s{ending}"]))

    def test_zip_bomb(self, tmp_path: Path) -> None:
        """A workbook that unpacks to far more than its size is not opened, whatever is in it."""
        bomb = zipped(
            **{"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b"0" * (archives.UNPACKED_LIMIT + 1)}
        )
        small = zipped(**{"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"0" * (17 * 2**20)})
        for name, raw in {"bomb.xlsx": bomb, "small.xlsx": small}.items():
            (tmp_path / name).write_bytes(raw)
        reading = data.read(STANDARD.model, [tmp_path / "bomb.xlsx", tmp_path / "small.xlsx"])

        assert ["expected a workbook of at most 128 MB unpacked"] * 2 == [line.split("; ")[1] for line in told(reading)]

    def test_a_million_empty_rows(self, tmp_path: Path) -> None:
        """Rows after the last value are not even parsed."""
        path = book(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]})
        rows = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="0"/></row>' % (line, line) for line in range(3, 1_000_001))
        _replace(path, b"</sheetData>", rows + b"</sheetData>")
        start = time.monotonic()
        reading = data.read(STANDARD.model, [path])

        assert [{"area": "500"}] == [each.values for each in reading.submissions]
        assert time.monotonic() - start < 10  # parsed, they take about a minute

    @pytest.mark.parametrize(
        ("part", "old", "new"),
        [
            ("xl/worksheets/sheet1.xml", b"</row></sheetData>", b"<c/>" * 600_000 + b"</row></sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<a/>" * 600_000 + b"</sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<!-- <row> --><c/>" * 1001 + b"</sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b'<row r="1"/>' * 2**20 + b"</sheetData>"),
            ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 600_000 + b"</cellXfs>"),
            ("xl/worksheets/sharedStrings.xml", b"", b"<sst>" + b"<si/>" * 1_700_000 + b"</sst>"),
        ],
    )
    def test_parts_that_are_all_tags(self, tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
        """Parts that unpack to millions of objects, though to few megabytes, are refused before any object is made."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        _edit(path, part, lambda content: content.replace(old, new, 1))
        start = time.monotonic()

        wanted = "expected a workbook of fewer texts, styles and cells in a row; copy its values into a new one"
        assert [f"school.xlsx; {wanted}"] == told(data.read(STANDARD.model, [path]))
        assert time.monotonic() - start < 10

    @pytest.mark.parametrize(
        "part",
        ["xl/externalLinks/externalLink1.xml", "xl/media/image1.svg", "xl/calcChain.xml", "xl/embeddings/b.xlsx"],
    )
    def test_parts_that_hold_no_values_are_not_read(self, tmp_path: Path, part: str) -> None:
        """Links to other workbooks, pictures and the like may hold anything: nothing looks at them."""
        path = book(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]})
        _edit(path, part, lambda _: b"\0<!DOCTYPE a [<!ENTITY b 'c'>]>" + b"<c/>" * 600_000)

        assert 500 == record_of(data.read(STANDARD.model, [path])).area

    @pytest.mark.parametrize(
        ("reference", "wanted"),
        [
            (b"1048577", "school.xlsx:机构; expected a sheet of at most 1048576 rows and 20000000 cells"),
            (b"99999999999", "school.xlsx:机构; expected a sheet of at most 1048576 rows and 20000000 cells"),
            (b"x", "school.xlsx:机构; expected a sheet that can be read; save the workbook again"),
        ],
    )
    def test_rows_beyond_any_sheet(self, tmp_path: Path, reference: bytes, wanted: str) -> None:
        """A row number that no sheet has is told, and nothing is filled up to it."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        _replace(path, b'<row r="2"', b'<row r="' + reference + b'"')

        assert [wanted] == told(data.read(STANDARD.model, [path]))

    def test_without_the_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the package, one sentence tells the command that installs it."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)

        wanted = "expected the package that reads workbooks; install it with `pip install 'cedu_rules[xlsx]'`"
        assert [f"school.xlsx; {wanted}"] == told(data.read(STANDARD.model, [path]))

    @given(st.data())
    def test_damaged_workbooks_never_raise(self, drawn: st.DataObject) -> None:
        """Whatever bytes of a workbook are changed, it is read or refused, and nothing else happens."""
        raw = bytearray(_SOUND)
        for _ in range(drawn.draw(st.integers(1, 8))):
            raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
        content = Content("s.xlsx", "s", ".xlsx", "", bytes(raw))

        assert len(_rows(content)) <= 2

    @given(st.data())
    def test_damaged_sheets_never_raise(self, drawn: st.DataObject) -> None:
        """The same for the text inside the archive."""
        with zipfile.ZipFile(io.BytesIO(_SOUND)) as archive:
            parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
        name = drawn.draw(st.sampled_from(sorted(parts)))
        start = drawn.draw(st.integers(0, len(parts[name]) - 1))
        piece = drawn.draw(st.sampled_from([b"", b"9", b"x", b"<", b"&lt;", b'"', b"</row>", b"1e999"]))
        parts[name][start : start + drawn.draw(st.integers(0, 9))] = piece
        content = Content("s.xlsx", "s", ".xlsx", "", zipped(**{key: bytes(part) for key, part in parts.items()}))

        assert len(_rows(content)) <= 9


def _rows(content: Content) -> list[object]:
    """Return the rows of a workbook; whatever is wrong with it is one message that can be printed."""
    try:
        return [row for grid in xlsx_files.grids(content) for row in grid.rows()]
    except Broken as broken:
        if not broken.issue.message("zh").isprintable():
            raise
        return []


def _sound() -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["id", "建筑面积", "成立日期"])
    sheet.append(["S1", 500.5, date(2022, 9, 1)])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


_SOUND = _sound()


@pytest.mark.parametrize(
    ("index", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_letters(index: int, expected: str) -> None:
    """Columns are lettered as spreadsheets letter them."""
    assert expected == xlsx_files.letters(index)
