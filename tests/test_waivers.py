"""Tests that waivers act on the report, that the underlying answer stays visible, and that idle ones are told."""

from datetime import date
from pathlib import Path

import pytest

import cedu_rules
from cedu_rules.data.waiver_files import read_waivers
from cedu_rules.report import Report
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.forms import render
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.text import lines, plain
from cedu_rules.results import Status, Verdict

STANDARD = """
standard small "小标准"
source "测试文件" annex 1
language zh

section "设施" "场地" {
  clause space "面积与图书" {
    must area >= 500 m2 "面积"
    must books >= 1000 "图书"
  }
  clause desks "课桌" {
    must desks >= 10 "课桌"
  }
}
facts {
  area  : m2 "面积"
  books : count "图书"
  desks : count "课桌"
}
"""
INSTITUTIONS = "id,name,area,books,desks\nA,甲校,400,2000,10\nB,乙校,400,500,10\n"
DAY = date(2022, 12, 15)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a standard and two institutions, both too small."""
    (tmp_path / "small.std").write_text(STANDARD, encoding="utf-8")
    (tmp_path / "institutions.csv").write_text(INSTITUTIONS, encoding="utf-8")
    return tmp_path


def checked(folder: Path, waivers: str, day: date | None = DAY) -> Run:
    """Return the run on both institutions under these waivers."""
    (folder / "waivers.yaml").write_text(waivers, encoding="utf-8")
    standard = cedu_rules.load(folder / "small.std")
    files = [folder / "institutions.csv"]
    return run_check(standard, files, assessed_on=day, waivers=[folder / "waivers.yaml"])


def waiver(clause: str = "space", **keys: object) -> str:
    """Return a waiver as it stands in a file."""
    pairs = {"clause": clause, "reason": "在建", "approver": "教育局", "from": "2022-11-01", **keys}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in pairs.items()) + "\n"


def answers(report: Report) -> tuple[Verdict, Verdict, list[Status]]:
    """Return the verdict, that without waivers, and the statuses of the clauses."""
    return report.verdict, report.underlying_verdict, [finding.status for finding in report.findings]


def test_a_waiver_in_force_counts_as_a_pass_and_keeps_the_underlying_answer(folder: Path) -> None:
    """The clause is waived, the institution conforms, and both stay visible as they would be without."""
    run = checked(folder, waiver(institution="A"))

    assert (Verdict.CONFORMS, Verdict.FAILS, [Status.WAIVED, Status.PASS]) == answers(run.reports[0])
    assert {"status": "fail", "reason": "在建", "approver": "教育局", "until": None} == run.to_dict()["institutions"][
        0
    ]["clauses"][0]["waiver"]
    assert Verdict.FAILS is run.reports[1].verdict
    assert () == run.idle_waivers


@pytest.mark.parametrize(("day", "in_force"), [("2022-12-15", True), ("2022-12-14", False)])
def test_the_last_day_is_included(folder: Path, day: str, *, in_force: bool) -> None:
    """A waiver until the day of the assessment holds; one until the day before has expired, and is told."""
    run = checked(folder, waiver(institution="A", until=day))
    told = [] if in_force else ["expired: until 2022-12-14"]

    assert (Verdict.CONFORMS if in_force else Verdict.FAILS) is run.reports[0].verdict
    assert told == [idle.why.en for idle in run.idle_waivers]


def test_one_requirement_is_waived_and_the_others_decide(folder: Path) -> None:
    """With the area waived, A passes by its books; B fails for the want of books all the same."""
    run = checked(folder, waiver(requirement=1, institution="A") + waiver(requirement=1, institution="B"))

    assert (Verdict.CONFORMS, Verdict.FAILS, [Status.PASS, Status.PASS]) == answers(run.reports[0])
    assert [Status.WAIVED, Status.PASS] == [item.status for item in run.reports[0].findings[0].requirements]
    assert (Verdict.FAILS, Verdict.FAILS, [Status.FAIL, Status.PASS]) == answers(run.reports[1])


def test_a_waiver_for_a_tier_is_for_all_its_institutions(folder: Path) -> None:
    """By the id of the standard every institution is meant."""
    run = checked(folder, waiver(tier="small"))

    assert [Verdict.CONFORMS] * 2 == [report.verdict for report in run.reports]
    assert {Verdict.FAILS: 2} == dict(run.verdicts_before_waivers)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (waiver("rooms", institution="A"), "orphaned: no clause `rooms` in `small`"),
        (waiver(institution="Z"), "orphaned: no institution `Z`"),
        (waiver(requirement=3, institution="A"), "orphaned: the clause has 2 requirements"),
        (
            "- {clause: space, institution: A, reason: a, approver: b, from: 2023-01-01}\n",
            "not yet in force: from 2023-01-01",
        ),
    ],
)
def test_a_waiver_without_effect_is_told(folder: Path, written: str, why: str) -> None:
    """Orphaned and future waivers change nothing, and the run says so."""
    run = checked(folder, written)

    assert [why] == [idle.why.en for idle in run.idle_waivers]
    assert not run.is_waived
    assert [Verdict.FAILS] * 2 == [report.verdict for report in run.reports]


@pytest.mark.parametrize(("written", "is_waived"), [(waiver(institution="A"), True), (waiver(requirement=3), False)])
def test_counts_before_waivers_are_told_where_one_acts(folder: Path, written: str, *, is_waived: bool) -> None:
    """Text, HTML and Markdown tell the verdicts without waivers; not where the only waiver changes nothing."""
    run = checked(folder, written + ("" if is_waived else "  institution: A\n"))
    text = "\n".join(plain(line) for line in lines(run, Selection(), "en"))
    pages = [render(run, form, "en").decode() for form in ("html", "markdown")]

    assert is_waived == ("before waivers: institutions: 2: fails 2" in text)
    assert [is_waived] * 2 == ["before waivers: fails 2" in page for page in pages]


def test_without_a_day_no_waiver_is_in_force(folder: Path) -> None:
    """On an unknown day nothing is waived."""
    run = checked(folder, waiver(institution="A"), day=None)

    assert ["not in force: the day is not given"] == [idle.why.en for idle in run.idle_waivers]
    assert Verdict.FAILS is run.reports[0].verdict


def test_every_mistake_in_a_file_of_waivers_is_told(tmp_path: Path) -> None:
    """A waiver that lacks what it needs is refused with its place, and the others are read."""
    path = tmp_path / "waivers.yaml"
    path.write_text(
        "- {clause: space}\n"
        "- {clause: a, institution: A, reason: r, approver: p, from: 2022-02-01, until: 2022-01-01}\n"
        "- {clause: a, institution: A, reason: r, approver: p, from: soon, extra: 1}\n"
        "- {clause: space, institution: A, reason: r, approver: p, from: 2022-02-01}\n",
        encoding="utf-8",
    )
    waivers, issues = read_waivers(path)

    assert ["space"] == [each.clause for each in waivers]
    told = {(issue.institution, issue.path) for issue in issues}
    assert {("#1", "reason"), ("#1", "approver"), ("#1", "from"), ("#1", "institution")} <= told
    assert {("#2", "until"), ("#3", "from"), ("#3", "extra")} <= told
    assert all(issue.place is not None and issue.place.startswith("waivers.yaml:") for issue in issues)
