"""Reports and runs as data: findings, what is missing, what is vacuous, verdicts, and what of them is shown."""

from datetime import date
from typing import Any

import pytest

import cedu_rules as cr
from cedu_rules.diagnostics import InputIssue, Words
from cedu_rules.reports.html import html
from cedu_rules.reports.markdown import markdown
from cedu_rules.reports.paper import paper_of
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.text import lines, plain

DAY = date(2022, 12, 15)
STANDARD = cr.loads(
    """
    standard trial "试行标准"
    source "试行办法" annex 2
    effective from 2022-09-01
    facts {
      site      : choice { own "自有", shared "合用" } "场地"
      area      : m2 "面积"
      computers : count "电脑"
      open_day  : bool "开放"
      teachers  : list of Teacher "教师名单"
    }
    record Teacher key name { name : text "姓名"  certified : bool "有证" }
    section "设施" "场所" {
      clause floor_area "面积" { must area >= 500 m2 or site = shared
        must computers >= 20 "电脑不少于20台" }
      clause own_site "自有场地开放" { when site = own
        must open_day }
    }
    section "队伍" "教师" {
      clause certified "持证" { must all(t.certified for t in teachers) }
      clause access "开放" { should open_day }
    }
    """
)


def report_of(**values: Any) -> cr.Report:  # noqa: ANN401
    """Return the report on an institution with these values."""
    return STANDARD.evaluate(values, assessed_on=DAY)


def finding_of(id_: str, **values: Any) -> cr.Finding:  # noqa: ANN401
    """Return one finding of it."""
    (found,) = [finding for finding in report_of(**values).findings if finding.clause.id == id_]
    return found


def run_of(*institutions: dict[str, Any], issues: tuple[InputIssue, ...] = ()) -> Run:
    """Return a run over institutions."""
    reports = tuple(STANDARD.evaluate_many(institutions, assessed_on=DAY))
    return Run(STANDARD.model, STANDARD.digest, DAY, reports, issues=issues)


class TestVerdict:
    """`Report.verdict`."""

    GOOD = {"id": "A", "site": "own", "area": 500, "computers": 20, "open_day": True, "teachers": []}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("changed", "verdict"),
        [
            ({}, "conforms"),
            ({"area": 499}, "fails"),
            ({"area": None}, "undetermined"),
            ({"area": None, "computers": 1}, "fails"),
            ({"site": "shared", "open_day": False}, "conforms"),
            ({"area": -1}, "invalid"),
        ],
    )
    def test_is_the_worst_of_the_clauses_that_count(self, changed: dict[str, object], verdict: str) -> None:
        """One failure fails, else one open clause leaves it open; recommendations do not count."""
        assert verdict == report_of(**{**self.GOOD, **changed}).verdict.value

    def test_of_an_invalid_institution_has_no_findings(self) -> None:
        """Nothing is said of clauses where the input is impossible."""
        report = report_of(area=-1)

        assert ((), (), (), ()) == (report.findings, report.failed, report.unknown, report.not_met)


class TestFinding:
    """`Finding`."""

    def test_numbers_its_requirements_from_one(self) -> None:
        """Each requirement has its own status, and reasons only where it is not met."""
        finding = finding_of("floor_area", area=500, computers=1)
        statuses = [(item.number, item.status.value, bool(item.reasons)) for item in finding.requirements]

        assert [(1, "pass", False), (2, "fail", True)] == statuses

    @pytest.mark.parametrize(
        ("id_", "values", "missing"),
        [
            ("floor_area", {}, {"area", "site", "computers"}),
            ("floor_area", {"site": "shared"}, {"computers"}),
            ("floor_area", {"area": 500, "computers": 20}, set()),
            ("own_site", {}, {"site", "open_day"}),
            ("own_site", {"site": "own"}, {"open_day"}),
            ("own_site", {"site": "shared"}, set()),
            ("certified", {}, {"teachers"}),
            ("certified", {"teachers": [{"name": "甲", "certified": True}, {"name": "乙"}]}, {"teachers[2].certified"}),
        ],
    )
    def test_names_the_facts_that_matter(self, id_: str, values: dict[str, object], missing: set[str]) -> None:
        """The missing facts are those whose value can still change the answer, guards included."""
        assert missing == set(finding_of(id_, **values).missing)

    def test_tells_failures_before_what_is_open(self) -> None:
        """The explanation begins with what fails."""
        told = finding_of("floor_area", computers=1).explain("en").splitlines()

        assert "电脑不少于20台" in told[0]
        assert all(line.startswith("(open) ") for line in told[1:])

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_says_nothing_where_it_passes(self, language: str) -> None:
        """A clause that passes or does not apply needs no explanation."""
        assert finding_of("floor_area", area=500, computers=20).explain(language) == ""
        assert finding_of("own_site", site="shared").explain(language) == ""

    @pytest.mark.parametrize(
        ("teachers", "vacuous"), [([], True), ([{"name": "甲", "certified": True}], False), (None, False)]
    )
    def test_is_vacuous_where_there_is_nothing_to_check(self, teachers: object, vacuous: bool) -> None:
        """A clause about all of a list passes vacuously on the empty one, and not otherwise."""
        assert vacuous == finding_of("certified", teachers=teachers).vacuous

    def test_marks_a_recommendation(self) -> None:
        """A recommendation that is not followed is `not_met`, and told as one."""
        finding = finding_of("access", open_day=False)

        assert (cr.Status.NOT_MET, True) == (finding.status, finding.clause.advisory)
        assert finding.explain("zh").startswith("（建议项）")
        assert report_of(open_day=False).not_met == (finding,)


class TestRun:
    """`Run`."""

    CONFORMING = TestVerdict.GOOD
    ISSUE = InputIssue("none.csv", "", Words("a file that can be read", "可读取的文件"))

    @pytest.mark.parametrize(
        ("institutions", "status"),
        [
            ((), 0),
            ((CONFORMING,), 0),
            ((CONFORMING, {"id": "B"}), 1),
            ((CONFORMING, {"id": "B", "computers": 1}), 1),
            (({"id": "B", "computers": 1}, {"id": "C", "computers": -1}), 2),
        ],
    )
    def test_has_the_status_of_the_worst(self, institutions: tuple[dict[str, Any], ...], status: int) -> None:
        """0 when all conform or there are none, 1 when one does not, 2 when the input of one is wrong."""
        assert status == run_of(*institutions).exit_status

    def test_counts_errors_of_no_institution(self) -> None:
        """An error of a file makes the status 2, stands first, and at the top of the JSON form."""
        run = run_of(self.CONFORMING, {"id": "B", "area": -1}, issues=(self.ISSUE,))

        assert (2, 2, self.ISSUE) == (run.exit_status, len(run.all_issues), run.all_issues[0])
        assert [error["path"] for error in run.to_dict("en")["errors"]] == ["none.csv"]

    def test_has_the_json_form_of_its_reports(self) -> None:
        """Each institution stands in the run as in a report of its own."""
        run = run_of(self.CONFORMING, {"id": "B"})
        alone = [report.to_dict("zh")["institutions"][0] for report in run.reports]

        assert alone == run.to_dict("zh")["institutions"]


class TestText:
    """`lines`."""

    def test_colours_only_what_has_a_meaning(self) -> None:
        """Verdicts and statuses have a style, and the plain line is the pieces joined."""
        run = run_of({"id": "B", "computers": 1})
        found = list(lines(run, Selection(), "en"))
        styled = {piece.text: piece.style for line in found for piece in line if piece.style}

        assert styled["fails"] == "bold red"
        assert plain(found[2]) == "institutions: 1: fails 1"

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_says_when_no_day_is_given(self, language: str) -> None:
        """A run without a day says so in its head."""
        run = Run(STANDARD.model, STANDARD.digest, None, ())
        head = plain(list(lines(run, Selection(), language))[1])

        assert head == {"zh": "评定基准日：未给定", "en": "assessed on: not given"}[language]


class TestMargins:
    """Margins in the forms that people read."""

    @pytest.mark.parametrize(
        ("area", "language", "told"),
        [
            (580, "zh", "area >= 500 m2  富余 80 平方米"),
            (580, "en", "area >= 500 m2  80 m2 to spare"),
            ("419.5", "en", "area >= 500 m2  off by 80.5 m2"),
            (500, "zh", "area >= 500 m2  恰好达到"),
        ],
    )
    def test_the_text_tells_them_of_a_chosen_clause(self, area: object, language: str, told: str) -> None:
        """How much is to spare or lacking, also where it passes; without a chosen clause nothing of it."""
        run = run_of({"id": "A", "area": area, "computers": 20, "site": "own"})
        chosen = "\n".join(map(plain, lines(run, Selection(clause="floor_area"), language)))
        others = "\n".join(map(plain, lines(run, Selection(), language)))

        assert told.rpartition("  ")[2] in chosen
        assert told.rpartition("  ")[2] not in others

    @pytest.mark.parametrize(("language", "told"), [("zh", "富余 80 平方米"), ("en", "80 m2 to spare")])
    def test_every_form_tells_them(self, language: str, told: str) -> None:
        """HTML and Markdown tell the margin of a requirement that passes."""
        run = run_of({"id": "A", "area": 580, "computers": 20, "site": "own"})
        paper = paper_of(run, language)

        assert told in [line.text for line in next(paper.institutions).margins]
        assert told in markdown(paper)
        assert told in html(paper)
