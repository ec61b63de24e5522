"""Tests of questions: which missing facts still matter, in which order, and the shortest way to a good verdict."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cedu_rules as cr
from cedu_rules.explain.questions import Question
from cedu_rules.records import Record
from cedu_rules.results import Status, Verdict
from cedu_rules.testing import partial_records
from cedu_rules.waivers import Waiver

DAY = date(2022, 12, 15)
STANDARDS = sorted((Path(__file__).parents[1] / "standards").glob("*.std"))

STANDARD = cr.loads(
    """
    standard trial "试行标准"
    source "试行办法" annex 1
    effective from 2022-09-01
    facts {
      site        : choice { own "自有", shared "合用" } "场地"
      area        : m2 "面积"
      shared_area : m2 when site = shared "合用面积"
      full        : count "专职教师"
      part        : count "兼职教师"
      fair        : judged bool "公平"
      visits      : yearly people "人数"
      rooms       : set { reading "阅览室", training "培训室", other "其他" } "用房"
      teachers    : list of Teacher "教师名单"
    }
    record Teacher key name { name : text "姓名"  trained : bool "受训" }
    section "总项" "分项" {
      clause area "面积" { must area >= 500 m2 or shared_area >= 500 m2 }
      clause twice "面积不过大" { must area <= 900 m2 }
      clause staff "教师" { must full / (full + part) >= 60% }
      clause fair "公平" { must fair }
      clause rooms "用房" { must rooms includes { reading, training } }
      clause trend "上升" { must rises(visits) must visits[assessed_year] >= 1 }
      clause people "受训" { must all(t.trained for t in teachers) }
      clause advice "建议" { should part >= 1 }
    }
    """
)
DONE: dict[str, Any] = {
    "site": "own",
    "area": 600,
    "full": 3,
    "part": 1,
    "fair": True,
    "visits": {2021: 1, 2022: 2},
    "rooms": ["reading", "training"],
    "teachers": [],
}


def asked(day: date | None = DAY, **facts: Any) -> dict[str, Question]:  # noqa: ANN401 -- any data
    """Return the questions by path, in their order."""
    report = STANDARD.evaluate(facts, assessed_on=day)

    assert report.errors == ()
    return {question.path: question for question in report.questions()}


def test_nothing_is_asked_where_everything_is_known() -> None:
    """A record that conforms has no questions."""
    assert {} == asked(**DONE)


def test_the_most_decisive_come_first_then_the_institution_then_the_file() -> None:
    """What alone settles more clauses is asked first; of equals the inspector is asked last."""
    assert ["area", "rooms", "teachers", "fair"] == list(
        asked(**{**DONE, "area": None, "rooms": None, "teachers": None, "fair": None})
    )


def test_a_question_tells_who_answers_what_for_which_clauses() -> None:
    """Label, unit, who answers, the clauses that wait and those that it alone settles."""
    found = asked(**{**DONE, "site": "shared", "area": None, "fair": None})

    assert ("area", "twice") == found["area"].clauses
    assert ("area", "twice") == found["area"].settles
    assert ("面积", "m2", "institution", "measured") == (
        found["area"].label,
        found["area"].unit,
        found["area"].answered_by,
        found["area"].kind,
    )
    assert ("inspector", "judged") == (found["fair"].answered_by, found["fair"].kind)
    assert "请现场评定公平（涉及条款 fair）" == found["fair"].in_words("zh")
    assert "area: report 面积 (in m2) (for area, twice)" == str(found["area"])


def test_facts_that_no_longer_matter_are_not_asked() -> None:
    """An alternative that holds, or a fact that cannot exist, ends the questions about the others."""
    assert {} == asked(**{**DONE, "site": None, "shared_area": None})
    assert "shared_area" not in asked(**{**DONE, "area": None})


def test_a_recommendation_asks_nothing() -> None:
    """What only a `should` reads is not asked."""
    assert ("staff",) == asked(**{**DONE, "part": None})["part"].clauses


def test_a_set_of_which_nothing_is_recorded_is_one_question() -> None:
    """It lists the members that matter; where something is recorded, each of the others is asked."""
    assert ("阅览室", "培训室") == asked(**{**DONE, "rooms": None})["rooms"].members
    assert ["rooms.training"] == list(asked(**{**DONE, "rooms": {"reading": True}}))


def test_years_and_fields_are_asked_by_path() -> None:
    """A blank year, a year not reached yet, and the field of an element."""
    assert ["visits.2021"] == list(asked(**{**DONE, "visits": {2020: 1, 2021: None, 2022: 9}}))
    assert ["visits.2022"] == list(asked(**{**DONE, "visits": {2020: 1, 2021: 2}}))
    found = asked(**{**DONE, "teachers": [{"name": "甲", "trained": True}, {"name": "乙"}]})
    assert {"teachers[2].trained": "教师名单 乙 受训"} == {path: each.label for path, each in found.items()}


def test_a_trend_of_which_nothing_is_recorded_is_asked() -> None:
    """A missing series is one question, with or without a day."""
    assert "visits" in asked(**{**DONE, "visits": None})
    assert "visits" in asked(None, **{**DONE, "visits": None})


def test_the_day_is_asked_where_it_matters() -> None:
    """Without a date of assessment the inspector has to set one; it is named in the language of the reader."""
    found = asked(None, **DONE)["assessed_on"]

    assert "inspector" == found.answered_by
    assert "set the day of assessment (for trend)" == found.in_words("en")
    assert "请确定评定基准日（涉及条款 trend）" == found.in_words("zh")


def test_a_failing_institution_is_still_asked() -> None:
    """The questions can change clauses, but no longer the verdict."""
    found = asked(**{**DONE, "fair": False, "rooms": None})

    assert [False] == [each.changes_verdict for each in found.values()]
    assert () == STANDARD.evaluate({**DONE, "fair": False, "rooms": None}, assessed_on=DAY).shortest_way()


def test_what_no_answer_decides_is_not_asked() -> None:
    """A rate of nobody stays unknown whatever else is recorded."""
    standard = cr.loads(
        """
        standard rate "率"
        source "示例文件" annex 1
        effective from 2022-09-01
        facts { x : count "甲"  y : count "乙" }
        section "总项" "分项" { clause rate "率" { must x / y >= 2 } }
        """
    )

    assert () == standard.evaluate({"y": 0}).questions()
    assert ["x"] == [each.path for each in standard.evaluate({"y": 3}).questions()]


def test_the_shortest_way_takes_the_limb_with_fewer_facts() -> None:
    """One fact that settles two clauses goes before two that settle one each."""
    report = STANDARD.evaluate({**DONE, "site": None, "area": None, "fair": None}, assessed_on=DAY)

    assert ["area", "fair"] == [each.path for each in report.shortest_way()]


def waived(*numbers: tuple[str, int | None], **facts: Any) -> list[str]:  # noqa: ANN401 -- any data
    """Return the paths that are asked for with these clauses, or requirements by number, waived."""
    waivers = [Waiver(clause, "在建", "教育局", DAY, requirement=number, tier="trial") for clause, number in numbers]
    report = STANDARD.evaluate({**DONE, **facts}, assessed_on=DAY).waive(waivers)

    assert [each.path for each in report.shortest_way()] == [each.path for each in report.questions()]
    return [each.path for each in report.questions()]


def test_what_is_waived_waits_for_no_fact() -> None:
    """Of a clause, or of one requirement: the others are asked for as before."""
    assert ["visits.2021"] == waived(visits={2020: 1, 2021: None, 2022: 9})
    assert [] == waived(("trend", 1), visits={2020: 1, 2021: None, 2022: 9})
    assert ["visits.2022"] == waived(("trend", 1), visits={2020: 1, 2021: None})
    assert ["fair"] == waived(("trend", None), visits=None, fair=None)


def test_what_is_waived_is_not_told_as_missing() -> None:
    """The finding of an open clause names what its other requirements lack."""
    report = STANDARD.evaluate({**DONE, "visits": {2020: 1, 2021: None}}, assessed_on=DAY)
    waiver = Waiver("trend", "首年", "教育局", DAY, requirement=2, tier="trial")
    missing = [next(each for each in found.findings if each.clause.id == "trend").missing for found in
               (report, report.waive([waiver]))]  # fmt: skip

    assert [{"visits.2021", "visits.2022"}, {"visits.2021"}] == [set(each) for each in missing]


def test_a_recommendation_beside_a_demand_asks_nothing() -> None:
    """A `should` of an open clause is no reason to ask."""
    standard = cr.loads(
        """
        standard advice "建议"
        source "示例文件" annex 1
        facts { x : count "甲"  y : count "乙" }
        section "总项" "分项" { clause both "两项" { must x >= 2 should y >= 2 } }
        """
    )

    assert ["x"] == [each.path for each in standard.evaluate({}).questions()]


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
@settings(max_examples=2)
@given(data=st.data())
def test_questions_on_shipped_standards(path: Path, data: st.DataObject) -> None:
    """No recorded fact is asked, every question is about an open clause, and JSON has no Python objects."""
    standard = cr.load(path)
    record = data.draw(partial_records(standard, assessed_on=DAY))
    report = standard.evaluate(record, assessed_on=DAY)
    waiting = {finding.clause.id for finding in report.unknown if not finding.clause.advisory}
    for question in report.questions():
        assert value_at(record, question.path) is None
        assert waiting >= set(question.clauses) >= set(question.settles)
        assert (report.verdict is Verdict.UNDETERMINED) is question.changes_verdict
        assert {"path", "label", "clauses"} <= question.to_dict().keys()


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
@settings(max_examples=2)
@given(data=st.data())
def test_answering_the_shortest_way_conforms(path: Path, data: st.DataObject) -> None:
    """Starting from a record that conforms with parts left out, favourable answers make it conform."""
    standard = cr.load(path)
    whole = standard.evaluate({}, assessed_on=DAY)
    values = answered({}, whole.shortest_way())
    left_out = data.draw(st.sets(st.sampled_from(sorted(values)), max_size=6))
    given_values = {name: value for name, value in values.items() if name not in left_out}
    report = standard.evaluate(given_values, assessed_on=DAY)
    way = report.shortest_way()

    assert standard.evaluate(values, assessed_on=DAY).verdict is Verdict.CONFORMS
    assert Verdict.CONFORMS is standard.evaluate(answered(given_values, way), assessed_on=DAY).verdict
    assert len(way) <= len(left_out)
    for question in way:
        rest = tuple(each for each in way if each is not question)
        statuses = standard.statuses(answered(given_values, rest), assessed_on=DAY)
        assert Status.UNKNOWN in statuses


def answered(values: dict[str, Any], way: tuple[Question, ...]) -> dict[str, Any]:
    """Return the values with the answers of the questions."""
    found = dict(values)
    for question in way:
        name, _, key = question.path.partition(".")
        found[name] = question.answer if not key else {**(found.get(name) or {}), key: question.answer}
    return found


def value_at(record: Record, path: str) -> object:
    """Return what stands at a path of a record."""
    found: Any = record
    for part in path.replace("[", ".[").split("."):
        if found is None:
            return None
        if part.startswith("["):
            found = found[int(part[1:-1]) - 1]
        elif hasattr(found, "get"):
            found = found.get(int(part) if part.isdigit() else part)
        else:
            found = getattr(found, part)
    return found
