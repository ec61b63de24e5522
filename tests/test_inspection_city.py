"""Tests of the inspection of the example city: from the plan to its papers, and over filled records to the second one."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cedu_rules
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.inspection.comparing import KINDS
from cedu_rules.reports.inspection.plan import read_plan
from cedu_rules.results import Verdict
from tests.inspections import DAY, EXAMPLES, Done, few_schools, fill, inspected


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


def test_residents_are_lowered_in_no_notice(city: Done) -> None:
    """No notice of the city proposes to change how many people live there."""
    notices = city.page("notices.html")

    assert [] == re.findall("常住人口[^<；，]*(?:减少|增加|改为)[^<；]*", notices)
