"""Tests that an answer can say why: limbs with shortfalls, elements by key, missing members and facts."""

from datetime import date
from typing import Any

import pytest

import cedu_rules as cr

STANDARD = cr.loads(
    """
    standard trial "试行标准"
    source "试行办法" annex 1
    effective from 2022-09-01
    facts {
      site        : choice { own "自有", shared "合用" } "场地"
      area        : m2 when site = own "自有面积"
      shared_area : m2 when site = shared "合用面积"
      full        : count "专职教师"
      part        : count "兼职教师"
      population  : people "人口"
      funding     : yuan "经费"
      visits      : yearly people "人数"
      open_day    : bool "开放"
      trained_on  : date "培训日"
      teachers    : list of Teacher "教师名单"
    }
    type Degree = level { low "中专" < mid "大专" < high "本科" }
    record Teacher key name {
      name : text "姓名"
      degree : Degree "学历"
      certified : bool "有证书"
      let fit = degree >= mid and certified
    }
    let all_staff = full + part
    section "总项" "分项" {
      clause area "面积达标" { must area >= 500 平方米 or shared_area >= 500 平方米 }
      clause share "专职占六成" { must full / all_staff >= 60% must all_staff >= 10 }
      clause fit "教师合格" { must all(t.fit for t in teachers) }
      clause rooms "用房齐全" { must show rooms "用房" with { reading "阅览室", training "培训室" } }
      clause money "人均一元" { must funding >= population * 1 yuan }
      clause trend "逐年上升" { must rises(visits) }
      clause several "三项取二" { must at least 2 of (open_day, full >= 1, part >= 1) }
      clause fresh "培训有效" { must trained_on + 1 years >= assessed_on }
      clause listed "场地自有" { must site in { own } }
      clause quiet "不开放" { must not open_day }
      clause branch "自有的面积" { must if site = own then area >= 500 m2 }
      clause refers "面积与用房" { must passes(rooms) }
      clause advice "宜开放" { should open_day }
      clause guarded "合用的" { when site = shared must shared_area >= 100 m2 }
    }
    """
)


def finding(id_: str, **facts: Any) -> cr.Finding:  # noqa: ANN401 -- any data
    """Return the finding of a clause."""
    day = facts.pop("assessed_on", None)
    report = STANDARD.evaluate(facts, assessed_on=day)

    assert report.errors == ()
    return next(found for found in report.findings if found.clause.id == id_)


def reasons(id_: str, **facts: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- any data
    """Return the reasons of the first requirement in their JSON form."""
    answer = finding(id_, **facts).to_dict()
    return [reason for requirement in answer["requirements"] for reason in requirement["reasons"]]


def test_an_or_shows_every_limb_with_its_shortfall() -> None:
    """Both limbs stand side by side, each with actual, required and shortfall in the author's unit."""
    found = reasons("area", site="own", area=420)

    assert [("area", "420 m2", ">= 500 m2", "80 m2"), ("shared_area", "does not exist", ">= 500 m2", None)] == [
        (each["fact"], each["actual"], each["required"], each["shortfall"]) for each in found
    ]
    assert [0, 1] == [each["limb"] for each in found]
    assert {"value": "80", "unit": "m2"} == found[0]["shortfall_value"]


def test_a_computed_value_names_the_facts_it_comes_from() -> None:
    """A ratio shows what it is made of, also through a let."""
    (share, total) = reasons("share", full=3, part=5)

    assert ("37.5%", ">= 60%", "22.5 percentage points") == (share["actual"], share["required"], share["shortfall"])
    assert [("full", "3"), ("part", "5")] == [(each["fact"], each["value"]) for each in share["from"]]
    assert ("8", ">= 10", "2") == (total["actual"], total["required"], total["shortfall"])


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("a / (b + c)", "甲 / (乙 + 丙)"),
        ("(a + b) / (b + c)", "(甲 + 乙) / (乙 + 丙)"),
        ("a / (b + c) * 2", "甲 / (乙 + 丙) * 2"),
        ("a / (b + c) / (b)", "甲 / (乙 + 丙) / (乙)"),
        ("a / ( b + c ) + (a)", "甲 / ( 乙 + 丙 ) + (甲)"),
    ],
)
def test_a_computed_value_keeps_its_brackets(written: str, label: str) -> None:
    """What is compared is named by all that stands there, the last bracket too."""
    standard = cr.loads(
        f"""
        standard shares "比率" source "办法" annex 1
        facts {{ a : count "甲" b : count "乙" c : count "丙" }}
        section "总项" "分项" {{ clause one "一" {{ must {written} >= 60 }} }}
        """
    )
    (found,) = standard.evaluate({"a": 3, "b": 3, "c": 5}).failed

    assert found.explain("zh").startswith(f"{label}：")


def test_a_value_is_not_rounded_across_the_threshold() -> None:
    """59.999… % is not shown as 60 %."""
    (share,) = (each for each in reasons("share", full=599999, part=400001) if each["left"].startswith("full"))

    assert "59.9999%" == share["actual"]


def test_a_shortfall_of_whole_things_is_whole() -> None:
    """Money is lacking to the cent, people and things in whole numbers."""
    (money,) = reasons("money", funding="3万元", population=30018)

    assert "18 yuan" == money["shortfall"]


def test_elements_are_named_by_key_with_what_is_wrong() -> None:
    """Of a list only the elements that fail or may fail are named, with their own reasons."""
    teachers = [
        {"name": "甲", "degree": "high", "certified": True},
        {"name": "乙", "degree": "low", "certified": True},
        {"name": "丙", "degree": "mid"},
    ]
    (found,) = reasons("fit", teachers=teachers)

    assert [("乙", "teachers[2]"), ("丙", "teachers[3]")] == [(each["key"], each["path"]) for each in found["elements"]]
    assert "degree" == found["elements"][0]["reasons"][0]["fact"]
    assert ["teachers[3].certified"] == found["elements"][1]["reasons"][0]["missing"]


def test_a_set_names_missing_members_by_label() -> None:
    """What is lacking and what is not recorded are told apart."""
    (found,) = reasons("rooms", rooms={"reading": False})

    assert (["阅览室"], ["培训室"]) == (found["lacking"], found["not_recorded"])


@pytest.mark.parametrize(
    ("clause", "facts", "missing"),
    [
        ("area", {"site": "own"}, ["area"]),
        ("area", {}, ["area", "site", "shared_area"]),
        ("share", {"full": 3}, ["part"]),
        ("fit", {}, ["teachers"]),
        ("fit", {"teachers": [{"name": "甲", "degree": "high"}]}, ["teachers[1].certified"]),
        ("rooms", {"rooms": {"reading": True}}, ["rooms.training"]),
        ("trend", {"visits": {2020: 1, 2022: 3}}, ["visits.2021"]),
        ("fresh", {"trained_on": "2022-01-01"}, ["assessed_on"]),
        ("refers", {"rooms": {"reading": True}}, ["rooms.training"]),
        ("guarded", {"shared_area": 20}, ["site"]),
        ("several", {"open_day": True, "full": 0}, ["part"]),
    ],
)
def test_unknown_names_the_facts_that_are_missing_and_matter(
    clause: str, facts: dict[str, Any], missing: list[str]
) -> None:
    """An open clause lists the paths of what is not recorded, and nothing that is decided."""
    found = finding(clause, **facts)

    assert cr.Status.UNKNOWN is found.status
    assert sorted(missing) == sorted(found.missing)


def test_what_passes_has_no_reasons() -> None:
    """A clause that passes explains nothing."""
    found = finding("listed", site="own")

    assert ((), "", ()) == (found.requirements[0].reasons, found.explain(), found.missing)


@pytest.mark.parametrize(
    ("clause", "facts", "words"),
    [
        ("area", {"site": "own", "area": 420}, ("自有面积", "420 平方米", "500 平方米", "80 平方米", "不存在")),
        ("trend", {"visits": {2021: 5, 2022: 5}}, ("逐年上升", "2022年 5 人")),
        ("several", {"open_day": False, "full": 0}, ("还应达到 2 项", "专职教师", "开放")),
        ("fresh", {"trained_on": "2021-01-01", "assessed_on": date(2022, 12, 1)}, ("2022-01-01", "2022-12-01")),
        ("listed", {"site": "shared"}, ("合用", "属于：自有")),
        ("quiet", {"open_day": True}, ("开放", "是")),
        ("branch", {"site": "own", "area": 1}, ("自有面积", "499 平方米")),
        ("refers", {"rooms": []}, ("用房齐全", "未达标")),
        ("advice", {"open_day": False}, ("建议项", "开放")),
        ("guarded", {"shared_area": 20}, ("是否适用待核实",)),
    ],
)
def test_a_sentence_says_it_in_chinese(clause: str, facts: dict[str, Any], words: tuple[str, ...]) -> None:
    """The explanation uses labels, units and words of an inspector."""
    told = finding(clause, **facts).explain("zh")

    assert [] == [word for word in words if word not in told]


def test_a_vacuous_pass_says_so() -> None:
    """All of nothing passes, and is marked."""
    assert finding("fit", teachers=[]).vacuous
    assert not finding("fit", teachers=[{"degree": "high", "certified": True}]).vacuous


def test_kinds_follow_what_is_read() -> None:
    """A requirement that reads a documented fact is documented, through `passes` too."""
    kinds = {clause.id: clause.requirements[0].kind for clause in STANDARD.model.clauses}

    assert ("measured", "documented", "documented") == (kinds["area"], kinds["rooms"], kinds["refers"])


def test_nested_elements_are_named_by_their_whole_path() -> None:
    """What is missing in a list inside a list is told with the path through both."""
    standard = cr.loads(
        """
        standard nested "嵌套"
        source "试行办法" annex 1
        facts { courses : list of Course "课程" }
        record Course key title { title : text "名称" sessions : list of Session "课次" let good = all(s.held for s in sessions) }
        record Session key number { number : count "序号" held : bool "已办" }
        section "总项" "分项" { clause held "都已办" { must all(c.good for c in courses) } }
        """
    )
    courses = [{"title": "甲", "sessions": [{"number": 1, "held": True}, {"number": 2}]}, {"title": "乙"}]
    (found,) = standard.evaluate({"courses": courses}).unknown

    assert ("courses[1].sessions[2].held", "courses[2].sessions") == found.missing


YEARS = cr.loads(
    """
    standard years "年份" source "办法" annex 1
    facts { r : yearly people "注册" p : yearly people "居民" }
    let share = r / p
    section "总项" "分项" {
      clause one "一年" { must r[assessed_year] >= 5 }
      clause two "两年" { must r[assessed_year] + r[2021] >= 5 }
      clause rate "比率" { must share[assessed_year] >= 30% }
      clause both "都看" { must share[assessed_year] >= 30% and rises(share) }
      clause trend "逐年" { must rises(r) }
    }
    """
)


@pytest.mark.parametrize(
    ("clause", "missing"),
    [
        ("one", ("r.2022",)),
        ("two", ("r.2022", "r.2021")),
        ("rate", ("r.2022", "p")),
        ("both", ("r.2022", "p", "r.2020", "r.2021")),
        ("trend", ("r.2020", "r.2021", "r.2022")),
    ],
)
def test_only_the_years_that_are_asked_are_missing(clause: str, missing: tuple[str, ...]) -> None:
    """Of `registered[assessed_year]` no earlier blank year is missing, through lets and quotients, too."""
    report = YEARS.evaluate({"r": {2020: None, 2021: None, 2022: None}}, assessed_on=date(2022, 12, 1))
    found = {finding.clause.id: finding.missing for finding in report.findings}

    assert missing == found[clause]
