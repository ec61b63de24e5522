"""Tests of the inspection of a whole city: from the plan to its papers, over filled records of the visit, to the second."""

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

import cedu_rules
from cedu_rules.cli import cli
from cedu_rules.diagnostics import InputError
from cedu_rules.reports import paper
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.inspection import papers
from cedu_rules.reports.inspection.comparing import KINDS
from cedu_rules.reports.inspection.file_names import LENGTH_LIMIT, FileNames
from cedu_rules.reports.inspection.inspecting import run_inspection
from cedu_rules.reports.inspection.plan import read_plan
from cedu_rules.results import Verdict

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


# --- the example city ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Return the inspection of the example city."""
    return inspected(EXAMPLES / "inspection.toml", tmp_path_factory.mktemp("city") / "out")


class TestCity:
    """The example city goes the whole way."""

    def test_all_papers_are_written(self, city: Done) -> None:
        """Summary, lists, records, the JSON, and a notice for each institution that fails and no other."""
        names = {path.relative_to(city.folder).as_posix() for path in city.folder.rglob("*") if path.is_file()}
        failing = {
            f"notices/{tier}-{each['id']}.html"
            for tier, document in city.document["tiers"].items()
            for each in document["institutions"]
            if each["verdict"] == "fails"
        }
        others = {
            "summary.html", "summary.xlsx", "notices.html", "lacking.html", "inspection.json",
            "open-institutions.html", "open-institutions.xlsx", "open-inspectors.html", "open-inspectors.xlsx",
            "visits/college.xlsx", "visits/school.xlsx", "visits/centre.xlsx",
        }  # fmt: skip

        assert failing | others == names

    def test_the_counts_agree_with_checks_of_each_tier(self, city: Done) -> None:
        """The inspection finds what `check` finds with the same files, day and waivers."""
        plan = read_plan(EXAMPLES / "inspection.toml")
        for tier in plan.tiers:
            run = run_check(
                cedu_rules.load(tier.standard),
                tier.files,
                assessed_on=plan.assessed_on,
                group=tier.group,
                waivers=plan.waivers,
            )

            assert [report.verdict.value for report in run.reports] == city.verdicts(tier.name)
            assert run.input_digest == city.document["tiers"][tier.name]["input_digest"]

    def test_the_summary_says_the_same_in_html_and_xlsx(self, city: Done) -> None:
        """The totals stand in the page and in a sheet of their own."""
        book = load_workbook(city.folder / "summary.xlsx")
        totals = [[cell.value for cell in row] for row in book["各层级合计"].iter_rows(min_row=2)]

        assert ["合计", 332, 331, 1, 28, 198, 104, 1] == totals[-1]
        cells = "".join(f'<td class="n"><bdi>{number}</bdi></td>' for number in totals[-1][1:])
        assert f"<bdi>合计</bdi></td>{cells}" in city.page("summary.html")

    def test_a_notice_says_everything(self, city: Done) -> None:
        """Number, addressee, place and title, shortfall, repair, lead unit, day, waiver and room for the re-inspection."""
        notice = city.page("notices/school-S01.html")

        for text in ("整改〔2022〕school-001号", "S01 示例一镇社区教育学校", "镇政府（街道办事处）", "2023年3月31日"):
            assert text in notice
        for text in ("整改措施", "复查人（签字）", "新校舍在建", "示例市教育局", "待核实清单"):
            assert text in notice
        for clause in city.institution("school", "S01")["clauses"]:
            if clause["status"] == "fail":
                assert f"{clause['section'][1]} 第{clause['line']}条" in notice
                assert clause["title"] in notice
        assert notice.count('<article class="notice">') == 1
        assert city.page("notices.html").count('<article class="notice">') == 198

    def test_the_only_error_is_told_with_its_tier_and_place(self, city: Done) -> None:
        """The broken row of the centres makes the status 2 and harms nobody else."""
        assert 2 == city.status
        assert ["centre: centres.csv:148 (建筑面积（㎡）): C1507: area"] == [
            line.partition(": `")[0] for line in city.warnings if line.startswith("centre")
        ]
        assert [line for line in city.warnings if "online_registration#1" in line]

    def test_a_filled_visit_changes_the_verdict_as_predicted(self, city: Done, tmp_path: Path) -> None:
        """What the shortest way says would settle an open school is found on site, and the school conforms."""
        standard = cedu_rules.load("school")
        files = few_schools(tmp_path, "S01", "S22")
        run = run_check(standard, files, assessed_on=DAY)
        report = next(each for each in run.reports if each.id == "S22")
        way = report.shortest_way()
        findings: dict[tuple[str, str], object] = {
            ("S22", each.path): "是" if each.answer is True else int(each.answer) for each in way
        }
        visit = fill(city.folder / "visits" / "school.xlsx", findings, tmp_path / "school.xlsx")
        plan = tmp_path / "plan.toml"
        listed = ", ".join(f'"{path}"' for path in files)
        plan.write_text(
            f'date = 2022-12-31\nvisits = ["{visit}"]\n[tiers.school]\nstandard = "school"\nfiles = [{listed}]\n',
            encoding="utf-8",
        )
        second = inspected(plan, tmp_path / "out", earlier=city.folder / "inspection.json")

        assert Verdict.UNDETERMINED is report.verdict
        assert ("S22", "room_computers") in findings
        assert "conforms" == second.institution("school", "S22")["verdict"]
        kinds = {each["kind"] for each in second.document["differences"]}
        assert "not_put_right" in kinds
        assert kinds <= set(KINDS)
        assert {"school"} == {each["tier"] for each in second.document["differences"]}
        assert "未整改" in second.page("comparison.html")
        assert "未整改" in load_workbook(second.folder / "summary.xlsx").sheetnames


# --- records of the visit --------------------------------------------------------------------------------------------


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


def status_of(done: Done, id_: str, clause: str) -> str:
    """Return the status of a clause."""
    found = {each["id"]: each["status"] for each in done.institution("small", id_)["clauses"]}
    return str(found[clause])


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


# --- plans -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "tier", "told"),
    [
        ('immutable = ["area"]', "", "只有“面积”变动才能达标"),
        ("", 'immutable = "area"', "只有“面积”变动才能达标"),
        ("costs = { area = 0.5 }", "costs = { area = 3000 }", "面积增加 100 平方米"),
    ],
)
def test_immutable_facts_are_in_no_notice(tmp_path: Path, top: str, tier: str, told: str) -> None:
    """What the plan calls immutable, for all tiers or for one, no repair of a notice changes."""
    plan = top + PLAN.replace('group = "town"', f'group = "town"\n{tier}')
    done = inspected(written(tmp_path, plan), tmp_path / "out")

    assert told in done.page("notices/small-A.html")
    assert [] == [line for line in done.warnings if "immutable" in line or "costs" in line]


def test_residents_are_lowered_in_no_notice(city: Done) -> None:
    """No notice of the city proposes to change how many people live there."""
    notices = city.page("notices.html")

    assert [] == re.findall("常住人口[^<；，]*(?:减少|增加|改为)[^<；]*", notices)


def test_an_unknown_fact_in_a_plan_is_told(tmp_path: Path) -> None:
    """An immutable fact that no tier has, or not its own tier, is told with the nearest; the papers are written."""
    plan = 'immutable = ["ara"]\ncosts = { aera = 1 }' + PLAN.replace('group = "town"', 'immutable = "aera"')
    done = inspected(written(tmp_path, plan), tmp_path / "out")

    expected = "expected the name or path of a fact; did you mean `area`?"
    told = [line for line in done.warnings if expected.partition(";")[0] in line or "事实的名称或路径" in line]
    assert ["tiers.small.immutable: `aera`", "immutable: `ara`", "costs: `aera`"] == [
        line.partition("；")[0] for line in told
    ]
    assert 2 == done.status
    assert (done.folder / "notices" / "small-A.html").exists()


def test_a_broken_plan_tells_everything_at_once(tmp_path: Path) -> None:
    """Unknown keys with a hint, wrong types, missing values, names that are no file names."""
    path = tmp_path / "plan.toml"
    path.write_text(
        'date = "2022-12-15"\ntitel = "x"\nrectify_by = 3\nwaivers = [1]\ncosts = { a = nan, b = -1 }\n'
        '[tiers."../x"]\nstandard = 1\n[tiers.a]\nstandard = "school"\nfiles = []\ndue = -1\ngroup = "g"\ngroups = {a = "b"}\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as raised:
        read_plan(path)
    told = [issue.path for issue in raised.value.issues]

    assert {
        "date",
        "titel",
        "rectify_by",
        "waivers",
        "costs",
        "tiers",
        "tiers.../x.standard",
        "tiers.../x.files",
    } <= set(told)
    assert {"tiers.a.files", "tiers.a.due", "tiers.a.group"} <= set(told)
    assert "did you mean `title`?" in str(raised.value)


def test_a_tier_that_cannot_be_inspected_does_not_stop_the_others(tmp_path: Path) -> None:
    """No such standard, a standard with mistakes, missing files: each is told with its tier."""
    plan = PLAN + (
        '[tiers.none]\nstandard = "no-such"\nfiles = ["a.csv"]\n'
        '[tiers.wrong]\nstandard = "wrong.std"\nfiles = ["a.csv"]\n'
        '[tiers.lost]\nstandard = "small.std"\nfiles = ["a.csv"]\n'
    )
    done = inspected(written(tmp_path, plan, **{"wrong.std": "standard"}), tmp_path / "out")

    assert 2 == done.status
    for tier in ("none", "wrong", "lost"):
        assert [line for line in done.warnings if line.startswith(f"{tier}: ")], tier
    assert ["fails", "undetermined", "invalid"] == done.verdicts("small")
    assert "no-such" in done.page("summary.html")


def test_waivers_of_an_inspection_are_told_once(tmp_path: Path) -> None:
    """One without a tier is orphaned only where no tier has it, and one of another tier is told, too."""
    plan = PLAN.replace('title = "验收"', 'waivers = "waivers.yaml"') + (
        '[tiers.other]\nstandard = "school"\nfiles = ["other.json"]\n'
    )
    keys = "reason: r, approver: p, from: 2022-01-01"
    waivers = (
        f"- {{clause: space, institution: A, {keys}}}\n"
        f"- {{clause: space, institution: Z, {keys}}}\n"
        f"- {{clause: space, tier: nowhere, {keys}}}\n"
    )
    files = {"waivers.yaml": waivers, "other.json": '[{"id": "S"}]'}
    done = inspected(written(tmp_path, plan, **files), tmp_path / "out")
    idle = [line for line in done.warnings if "失去对象" in line]

    assert 2 == len(idle), idle
    assert "`Z`" in idle[0]
    assert "nowhere" in idle[1]
    assert "waived" == status_of(done, "A", "space")
    assert "豁免之前" in done.page("summary.html")


def test_a_notice_has_its_plan_however_many_institutions_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each institution is owed its whole paper: the limit of a report for brief repairs and questions does not count."""
    institutions = INSTITUTIONS.splitlines()[0] + "\nA,甲校,东镇,400,2,否,否,9\n"
    files = {"institutions.csv": institutions, "teachers.csv": TEACHERS.partition("B,")[0]}
    expected = inspected(written(tmp_path, **files), tmp_path / "few")
    monkeypatch.setattr(paper, "THOROUGH_LIMIT", 0)
    found = inspected(tmp_path / "plan.toml", tmp_path / "many")

    for name in ("notices.html", "open-institutions.html", "open-inspectors.html"):
        assert expected.page(name) == found.page(name)
    assert "整改清单（整体方案）" in found.page("notices.html")


def test_the_same_inspection_gives_the_same_bytes(tmp_path: Path) -> None:
    """Files of two runs are equal, workbooks too, so that their digests tell what has changed."""
    first, second = (inspected(written(tmp_path), tmp_path / name) for name in ("first", "second"))

    assert first.document["files"] == second.document["files"]
    assert {"summary.xlsx", "visits/small.xlsx"} <= first.document["files"].keys()


def test_groups_of_due_institutions_alone_are_counted(first: Done) -> None:
    """A town without any record stands in the summary with what is due."""
    sheet = load_workbook(first.folder / "summary.xlsx")["分组、分层级汇总"]
    rows = {row[0]: row[2:] for row in sheet.iter_rows(min_row=2, values_only=True)}

    assert (2, 2, 0, 0, 1, 1, 0) == rows["东镇"]
    assert (1, 0, 1, 0, 0, 0, 0) == rows["南镇"]
    assert (1, 1, 0, 0, 0, 0, 1) == rows["西镇"]


# --- the folder ------------------------------------------------------------------------------------------------------


def test_hostile_names_stay_inside_and_are_escaped(tmp_path: Path) -> None:
    """Paths, markup, formulas and control characters in ids: safe file names, inert text, nothing outside."""
    ids = ["../../etc/passwd", "a/b", "A/B", "..", "=1+1", "<script>alert(1)</script>", "长" * 300, "\x1b[31m\u202e"]
    listed = [{"id": id_, "name": f"{id_}<b>", "town": "=HYPERLINK(1)", "area": 1} for id_ in ids]
    plan = PLAN.replace('"institutions.csv", "teachers.csv"', '"hostile.json"')
    done = inspected(written(tmp_path, plan, **{"hostile.json": json.dumps(listed)}), tmp_path / "deep" / "out")
    notices = [path.name for path in (done.folder / "notices").iterdir()]

    assert len(ids) == len(notices) == len({name.casefold() for name in notices})
    assert all(re.fullmatch(r"small-[\w-]{1,58}\.html", name) for name in notices)
    assert {"deep", "out"} >= {path.name for path in tmp_path.iterdir() if path.is_dir()}
    for path in done.folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "\u202e" not in text
    for path in done.folder.rglob("*.xlsx"):
        cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_file_names_are_safe_and_each_its_own(texts: list[str]) -> None:
    """Whatever the ids are, the names have no separators and dots, are not too long, and differ on every system."""
    names = FileNames()
    found = [names.new(text) for text in texts]

    assert len({name.casefold() for name in found}) == len(found)
    assert all(re.fullmatch(r"[\w-]+", name) for name in found)
    assert all(len(name) <= LENGTH_LIMIT + 4 for name in found)


def test_foreign_files_are_left_alone_and_old_notices_taken_away(first: Done) -> None:
    """A notice that no longer holds goes; one that somebody changed, and whatever is not ours, stays."""
    (first.folder / "notices" / "mine.html").write_text("mine", encoding="utf-8")
    assert (first.folder / "notices" / "small-A.html").exists()
    conforming = INSTITUTIONS.replace("A,甲校,东镇,400", "A,甲校,东镇,500")
    inspected(written(first.folder.parent, **{"institutions.csv": conforming}), first.folder)

    assert ["mine.html"] == sorted(path.name for path in (first.folder / "notices").iterdir())

    inspected(written(first.folder.parent), first.folder)
    (first.folder / "notices" / "small-A.html").write_text("changed", encoding="utf-8")
    inspected(written(first.folder.parent, **{"institutions.csv": conforming}), first.folder)

    assert ["mine.html", "small-A.html"] == sorted(path.name for path in (first.folder / "notices").iterdir())


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    """A link in the folder is replaced, or what lies behind one that is a folder is not written."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "summary.html").write_text("mine", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.html").symlink_to(outside / "summary.html")
    (out / "notices").symlink_to(outside)
    done = inspected(written(tmp_path), out)

    assert ["summary.html"] == [path.name for path in outside.iterdir()]
    assert "mine" == (outside / "summary.html").read_text(encoding="utf-8")
    assert [line for line in done.warnings if "notices" in line]
    assert 2 == done.status


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    """One sentence, before anything is evaluated."""
    path = written(tmp_path)
    result = CliRunner().invoke(cli, ["inspect", str(path), "-o", str(path / "out")])

    assert 2 == result.exit_code
    assert 1 == len(result.output.splitlines()), result.output
    assert f"output: `{path / 'out'}`" in result.output


def test_without_openpyxl_the_rest_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says how to install it."""
    monkeypatch.setattr(papers, "find_spec", lambda _: None)
    done = inspected(written(tmp_path), tmp_path / "out")

    assert [line for line in done.warnings if "pip install 'cedu_rules[xlsx]'" in line]
    assert [] == list(done.folder.rglob("*.xlsx"))
    assert (done.folder / "inspection.json").exists()


# --- templates -------------------------------------------------------------------------------------------------------


def test_own_templates_go_before_ours(tmp_path: Path) -> None:
    """A template of the same name stands in for ours and escapes like it."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "notice_body.html.jinja").write_text("<p>本市通知 {{ notice.title }}</p>", encoding="utf-8")
    files = {"institutions.csv": INSTITUTIONS.replace("甲校", "<甲>")}
    done = inspected(written(tmp_path, **files), tmp_path / "out", templates=own)

    assert "<p>本市通知 A &lt;甲&gt;</p>" in done.page("notices/small-A.html")
    assert "本市通知" in done.page("notices.html")


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("notice_body.html.jinja", "\n{{ notice.titel }}", "notice_body.html.jinja:2"),
        ("notice_body.html.jinja", "{% if %}", "notice_body.html.jinja:1"),
        ("notice.html.jinja", "{{ notice.__class__.__mro__ }}", "notice.html.jinja:1"),
        ("notice.html.jinja", "{{ 1 / 0 }}", "notice.html.jinja:1"),
        ("summary.html.jinja", "{% include 'none.jinja' %}", "summary.html.jinja:1"),
        ("lacking.html.jinja", "{% for x in range(1000000) %}{% endfor %}", "lacking.html.jinja:1"),
        ("inspection.css", "</style><script>", "inspection.css"),
        ("base.html.jinja", "\udcff", "base.html.jinja"),
    ],
)
def test_a_template_that_is_wrong_is_told_in_one_sentence(tmp_path: Path, name: str, text: str, place: str) -> None:
    """The sentence names the file and the line; nothing of Python is reached; data is written all the same."""
    own = tmp_path / "own"
    own.mkdir()
    (own / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    done = inspected(written(tmp_path), tmp_path / "out", templates=own)

    assert [line for line in done.warnings if place in line and "templates: " in line], done.warnings
    assert 2 == done.status
    assert (done.folder / "inspection.json").exists()


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def invoked(tmp_path: Path) -> Callable[..., Any]:
    """Return the command on the small city, with further options."""
    path = written(tmp_path)
    return lambda *options: CliRunner().invoke(cli, ["inspect", str(path), "-o", str(tmp_path / "out"), *options])


def test_the_command_writes_english_papers(invoked: Callable[..., Any], tmp_path: Path) -> None:
    """In English the words are those of the table, and the status is that of the input."""
    result = invoked("--lang", "en")

    assert 2 == result.exit_code
    assert "small 3: fails 1, undetermined 1, invalid 1" in result.output
    notice = (tmp_path / "out" / "notices" / "small-A.html").read_text(encoding="utf-8")
    assert "Notice of rectification" in notice
    assert "lead unit" in notice
    assert "整改" not in notice.replace("“小标准”", "")


def test_the_status_is_that_of_check(tmp_path: Path) -> None:
    """1 where one does not conform, 0 where all do."""
    good = "id,town,area,teachers,light,rules.finance,rules.staff,registered.2022\nA,东镇,500,2,是,是,是,10\n"
    teachers = "institution,name,full_time\nA,甲,是\nA,乙,是\n"
    files = {"institutions.csv": good, "teachers.csv": teachers}

    assert 0 == inspected(written(tmp_path, **files), tmp_path / "out").status
    files["institutions.csv"] = good.replace("500", "")
    assert 1 == inspected(written(tmp_path, **files), tmp_path / "out").status


def test_the_command_tells_a_broken_plan(tmp_path: Path) -> None:
    """A plan that cannot be read is one sentence a mistake, status 2, and nothing is written."""
    path = tmp_path / "plan.toml"
    path.write_text("date = ", encoding="utf-8")
    result = CliRunner().invoke(cli, ["inspect", str(path), "-o", str(tmp_path / "out")])

    assert 2 == result.exit_code
    assert "plan.toml: file: `plan.toml`" in result.output
    assert not (tmp_path / "out").exists()
