"""Sheets of workbooks: which one holds what, and what the inspector fills in beside it."""

from pathlib import Path

import pytest

from cedu_rules import data
from tests.workbooks import STANDARD, Rows, book, read, told


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
