"""Tests of the report on a terminal: tables first, details on demand, aligned where Chinese is twice as wide."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules
from cedu_rules.reports import text
from cedu_rules.reports.counting import WIDTH, Rows, table
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.text import lines, plain
from cedu_rules.source import display_width
from cedu_rules.standard import Standard

STD = """
standard trial "试行标准"
source "办法" annex 1
facts {
  area  : m2 "建筑面积"
  books : count "图书"
  tidy  : judged bool "整洁"
}
section "设施" "房屋" {
  clause floor "面积不少于60平方米" { must area >= 60 m2 }
  clause shelf "图书不少于100册" { must books >= 100 }
}
section "管理" "日常" { clause clean "环境整洁" { must tidy } }
"""
RECORDS = ({"id": "a", "area": 50, "books": 90}, {"id": "b", "area": 70, "books": 100, "tidy": True}, {"id": "c"})


@pytest.fixture(scope="module")
def standard() -> Standard:
    """A standard of three clauses in two sections."""
    return cedu_rules.loads(STD)


def run_of(standard: Standard, *groups: str) -> Run:
    """Return a run over three institutions: one fails, one conforms, one is open."""
    reports = tuple(standard.evaluate(record, assessed_on=date(2022, 12, 15)) for record in RECORDS)
    return Run(standard.model, standard.digest, date(2022, 12, 15), reports, groups=dict(enumerate(groups)))


def told(run: Run, selection: Selection | None = None, language: str = "zh", *, advice: bool = False) -> list[str]:
    """Return the report as plain lines."""
    return [plain(line) for line in lines(run, selection or Selection(), language, advice=advice)]


class TestSummary:
    """The tables of the summary."""

    def test_sections_come_first(self, standard: Standard) -> None:
        """After the counts of verdicts stands how many answers each section has, before any institution."""
        expected = [
            "",
            "总项  达标  未达标  待核实  达标率",
            "设施     2       2       2   33.3%",
            "管理     1       0       2   33.3%",
            "合计     3       2       4   33.3%",
            "",
        ]

        assert expected == told(run_of(standard))[3:9]

    def test_groups_come_before_sections(self, standard: Standard) -> None:
        """With a group column there is a row for each group, and one for all."""
        expected = [
            "group               institutions  conforms  fails  undetermined  share met",
            "甲镇                           2         1      1             0        50%",
            "without a group                1         0      0             1         0%",
            "total                          3         1      1             1      33.3%",
        ]

        assert [" ".join(line.split()) for line in expected] == [
            " ".join(line.split()) for line in told(run_of(standard, "甲镇", "甲镇", ""), language="en")[4:8]
        ]

    @given(
        st.lists(
            st.tuples(st.text(st.sampled_from("ab镇街e\u0301…ｱ"), max_size=60), st.integers(0, 10**6)),
            min_size=1,
            max_size=5,
        )
    )
    def test_columns_are_aligned_and_no_line_is_too_wide(self, named: list[tuple[str, int]]) -> None:
        """Every line of a table takes the same number of cells, at most those of a terminal, whatever names hold."""
        widths = {
            display_width(line) for line in table(["分组", "机构"], [[name, str(count)] for name, count in named])
        }

        assert 1 == len(widths)
        assert max(widths) <= WIDTH

    def test_numbers_are_never_cut(self) -> None:
        """Only the name gives way."""
        (_, line) = table(["group", "count"], [["长" * 60, "123456"]])

        assert ("…", "  123456") == (line.strip("长")[0], line[-8:])

    def test_nothing_evaluated_has_no_table(self, standard: Standard) -> None:
        """Where all input is invalid there is nothing to count."""
        reports = (standard.evaluate({"id": "x", "area": "much"}),)
        run = Run(standard.model, standard.digest, None, reports)

        assert [] == Rows(run, "zh").sections()[1]


class TestDetails:
    """What is told of each institution."""

    def test_many_institutions_are_told_on_a_line_each(
        self, standard: Standard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Beyond the limit no clause is told unless somebody asks, and the last line says how to ask."""
        monkeypatch.setattr(text, "DETAIL_LIMIT", 2)
        brief = told(run_of(standard))

        assert ["a：不合格（未达标 2，待核实 1）", "b：合格（达标 3）", "c：待核实（暂不能评定）（待核实 3）"] == brief[
            9:12
        ]
        assert brief[13].startswith("明细：--failed、--unknown")
        assert not [line for line in brief if "floor" in line]

    @pytest.mark.parametrize(
        ("selection", "clauses"),
        [
            (Selection(failed=True), ["floor", "shelf"]),
            (Selection(unknown=True), ["clean", "floor", "shelf", "clean"]),
            (Selection(clause="floor"), ["floor", "floor", "floor"]),
            (Selection(institution="a"), ["floor", "shelf", "clean"]),
        ],
    )
    def test_details_come_on_demand(
        self, standard: Standard, selection: Selection, clauses: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each option shows its clauses, however many institutions there are."""
        monkeypatch.setattr(text, "DETAIL_LIMIT", 2)
        ends = [line.rsplit("  ", 1)[-1] for line in told(run_of(standard), selection)]

        assert clauses == [end for end in ends if end in {"floor", "shelf", "clean"}]

    def test_advice_tells_repairs_and_questions(self, standard: Standard) -> None:
        """What would put it right, the plan, and what is asked of whom."""
        found = told(run_of(standard), Selection(institution="a"), "en", advice=True)

        assert "  repair  floor  raise 建筑面积 by 10 m2" in found
        assert [] != [line for line in found if line.startswith("  repair  all together  ")]
        assert "  question  inspector  整洁  clean" in found

    def test_advice_of_chosen_clauses_leaves_out_the_others(self, standard: Standard) -> None:
        """With a chosen clause nothing is said of another, and there is no plan."""
        found = told(run_of(standard), Selection(institution="a", clause="shelf"), "en", advice=True)

        assert ["  repair  shelf  raise 图书 by 10"] == [line for line in found if line.startswith(("  rep", "  que"))]
