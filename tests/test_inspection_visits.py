"""Tests of records of the visit: what is filled in on site stands in, and a second inspection says what became of all."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.inspections import PLAN, STANDARD, TEACHERS, Done, fill, inspected, status_of, written


@pytest.fixture
def first(tmp_path: Path) -> Done:
    """Return the inspection of a small city."""
    return inspected(written(tmp_path), tmp_path / "out")


def again(first: Done, findings: dict[tuple[str, str], object], stated: str = "") -> Done:
    """Return the inspection after these findings were filled in."""
    folder = first.folder.parent
    fill(first.folder / "visits" / "small.xlsx", findings, folder / "filled.xlsx", stated)
    plan = PLAN.replace('title = "验收"', 'title = "验收"\nvisits = ["filled.xlsx"]')
    return inspected(written(folder, plan), folder / "again")


class TestVisits:
    """What the inspector finds stands in for what was stated."""

    def test_the_record_is_prefilled(self, first: Done) -> None:
        """Judged facts, facts behind failing and open clauses and unreadable values, each with what was stated."""
        sheet = load_workbook(first.folder / "visits" / "small.xlsx")["small"]
        rows = {(row[0], row[3]): row[6] for row in sheet.iter_rows(min_row=2, values_only=True)}

        assert {("A", "area"): "400", ("A", "light"): None, ("B", "rules.finance"): "是"}.items() <= {
            key: value or None for key, value in rows.items()
        }.items()
        assert ("B", "area") not in rows
        assert "约60" == rows["C", "area"]

    @pytest.mark.parametrize(
        ("id_", "path", "found", "clause", "status"),
        [
            ("A", "area", 520, "space", "pass"),
            ("A", "area", "0.1公顷", "space", "pass"),
            ("B", "area", "480", "space", "fail"),
            ("A", "light", "否", "light", "fail"),
            ("A", "light", True, "light", "pass"),
            ("B", "rules.staff", "否", "rules", "fail"),
            ("B", "registered.2022", 9, "growth", "fail"),
            ("B", "teachers[2].full_time", "否", "staff", "fail"),
            ("B", "teachers[2]", "空白", "staff", "fail"),
            ("B", "teachers", 0, "staff", "fail"),
            ("B", "teachers", "blank", "staff", "unknown"),
            ("A", "area", "空白", "space", "unknown"),
            ("C", "area", 600, "space", "pass"),
        ],
    )
    def test_a_finding_stands_in_for_what_was_stated(
        self, first: Done, id_: str, path: str, found: object, clause: str, status: str
    ) -> None:
        """Facts, members, years, fields of elements, whole elements and lists, and values that could not be read."""
        assert status == status_of(again(first, {(id_, path): found}), id_, clause)

    def test_the_field_of_an_element_behind_a_failure_has_a_row(self, tmp_path: Path) -> None:
        """Where an entry of a list is not in order, its field stands in the record, named by the entry and prefilled."""
        rule = 'clause all_full "专职" { must all(t.full_time for t in teachers) "都专职" }'
        standard = STANDARD.replace('  clause staff "教师"', f'  {rule}\n  clause staff "教师"')
        plan = written(tmp_path, **{"teachers.csv": TEACHERS.replace("A,A1,是", "A,A1,否")})
        (tmp_path / "small.std").write_text(standard, encoding="utf-8")
        done = inspected(plan, tmp_path / "out")
        rows = load_workbook(done.folder / "visits" / "small.xlsx").worksheets[0].iter_rows(values_only=True)

        assert ["否"] == [row[6] for row in rows if (row[0], row[3]) == ("A", "teachers[1].full_time")]

    def test_an_element_is_added(self, first: Done) -> None:
        """The next number is a new entry of the list."""
        findings: dict[tuple[str, str], object] = {
            ("A", "teachers[1].full_time"): "否",
            ("A", "teachers[3].full_time"): "是",
            ("A", "teachers[3].name"): "新",
        }

        assert "pass" == status_of(again(first, findings), "A", "staff")

    @pytest.mark.parametrize(
        ("id_", "path", "found", "told"),
        [
            ("Z", "area", 500, "应为该层级某机构的编号或名称"),
            ("A", "areal", 500, "是否指 `area`"),
            ("A", "rules", "是", "rules.finance"),
            ("A", "rules.money", "是", "路径"),
            ("A", "area[1]", "是", "路径"),
            ("A", "teachers[9].name", "新", "下一项 [3]"),
            ("A", "teachers", 5, "0（空名单）"),
            ("A", "light", "也许", "light: `也许`"),
            ("A", "area", "大", "area: `大`"),
        ],
    )
    def test_a_mistake_is_told_with_sheet_and_cell(
        self, first: Done, id_: str, path: str, found: object, told: str
    ) -> None:
        """Unknown institutions and paths and values that cannot be are errors, and nobody else is harmed."""
        done = again(first, {(id_, path): found})
        lines = [line for line in done.warnings if "filled.xlsx:small!" in line and told in line]

        assert lines, done.warnings
        assert 2 == done.status
        assert "undetermined" == done.institution("small", "B")["verdict"]

    def test_a_statement_that_has_changed_since_is_told(self, first: Done) -> None:
        """A finding beside another statement may be about another thing; it counts, with a warning."""
        done = again(first, {("B", "area"): 650}, stated="700")

        assert [line for line in done.warnings if "warning" in line and "`700`" in line and "`600`" in line]

    def test_findings_are_carried_into_the_next_record_and_its_notice(self, first: Done) -> None:
        """The next record shows what was stated and what was found, the notice and the JSON too."""
        done = again(first, {("A", "area"): 450})
        sheet = load_workbook(done.folder / "visits" / "small.xlsx")["small"]
        row = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "A" and row[3] == "area")

        assert ("400", "450", "照片") == row[6:9]
        assert "王某" in done.page("notices/small-A.html")
        assert ["area"] == [each["path"] for each in done.document["tiers"]["small"]["found_on_site"]]

    def test_a_filled_record_is_never_overwritten(self, first: Done) -> None:
        """Findings that the plan does not list stay, and the new record gets another name."""
        path = fill(first.folder / "visits" / "small.xlsx", {("A", "area"): 520})
        before = path.read_bytes()
        done = inspected(first.folder.parent / "plan.toml", first.folder)

        assert before == path.read_bytes()
        assert (first.folder / "visits" / "small-2.xlsx").exists()
        assert [line for line in done.warnings if "small-2.xlsx" in line]

    def test_what_is_no_record_is_told(self, first: Done) -> None:
        """A workbook that is none, a sheet of no tier, a lost column: each is told, and the rest is written."""
        folder = first.folder.parent
        (folder / "broken.xlsx").write_bytes(b"no workbook")
        book = load_workbook(first.folder / "visits" / "small.xlsx")
        book["small"].delete_cols(4)
        book.create_sheet("other")["A1"] = "编号"
        book.save(folder / "filled.xlsx")
        plan = PLAN.replace('title = "验收"', 'visits = ["broken.xlsx", "filled.xlsx", "none.xlsx", "visit.csv"]')
        done = inspected(written(folder, plan, **{"visit.csv": "编号\n"}), folder / "again")

        for name in ("broken.xlsx", "filled.xlsx:other", "路径", "none.xlsx", "visit.csv"):
            assert [line for line in done.warnings if name in line], name
        assert (done.folder / "summary.html").exists()


# --- comparison ------------------------------------------------------------------------------------------------------


def test_the_second_inspection_says_what_became_of_each_clause(tmp_path: Path) -> None:
    """Put right, not put right, open, new, waived, gone: each clause that failed in one of the two."""
    before = (
        "id,name,town,area,teachers,light,rules.finance,rules.staff,registered.2022\n"
        "A,甲校,东镇,400,2,否,否,是,9\nB,乙校,东镇,600,2,是,是,是,10\nD,丁校,东镇,400,2,是,是,是,10\n"
    )
    after = (
        "id,name,town,area,teachers,light,rules.finance,rules.staff,registered.2022\n"
        "A,甲校,东镇,500,2,,否,是,9\nB,乙校,东镇,600,2,否,是,是,10\n"
    )
    teachers = TEACHERS.replace("C1", "X1").replace("C2", "X2").replace("C,X", "D,X")
    first = inspected(written(tmp_path, **{"institutions.csv": before, "teachers.csv": teachers}), tmp_path / "first")
    waiver = "- {clause: growth, institution: A, reason: 平台故障, approver: 教育局, from: 2022-01-01}\n"
    plan = PLAN.replace('title = "验收"', 'waivers = "waivers.yaml"')
    files = {"institutions.csv": after, "waivers.yaml": waiver, "teachers.csv": teachers.partition("D,")[0]}
    second = inspected(written(tmp_path, plan, **files), tmp_path / "second", earlier=first.folder / "inspection.json")
    found = {(each["institution"], each["clause"]): each["kind"] for each in second.document["differences"]}

    assert {
        ("A", "space"): "put_right",
        ("A", "rules"): "not_put_right",
        ("A", "light"): "open",
        ("B", "light"): "new",
        ("A", "growth"): "waived",
        ("D", "space"): "gone",
    } == found
    for text in ("已整改", "未整改", "新增未达标", "丁校"):
        assert text in second.page("comparison.html")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tiers": {"small": 1}, "assessed_on": 1}', "[" * 100_000, "\udcff"])
def test_an_earlier_inspection_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    """The rest is written all the same, and the status is 2."""
    earlier = tmp_path / "earlier.json"
    earlier.write_text(text, encoding="utf-8", errors="surrogateescape")
    done = inspected(written(tmp_path), tmp_path / "out", earlier=earlier)

    assert 2 == done.status
    assert [line for line in done.warnings if line.startswith("compare: `earlier.json`")]
    assert (done.folder / "summary.html").exists()
    assert not (done.folder / "comparison.html").exists()
