"""What a record says that cannot be: checks that are false, and facts given where they do not exist."""

from datetime import date
from types import SimpleNamespace

import pytest
from generated_standards import model_of  # type: ignore[import-not-found]  # it stands beside the tests

from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.validity import find_contradictions

YARD = """
standard yard "院落"
source "样例文件" annex 1
facts {
  shared : bool "合用"
  site   : m2 "场地"
  usable : m2 when shared "可用"
  halls  : set { big "大", small "小" } when shared "厅"
  visits : yearly people when shared "到访"
  tidy   : bool when shared else yes "整洁"
  open_on : date "开放"
  check usable <= site "可用面积不能大于场地"
  check open_on <= assessed_on "开放日期不能晚于评定日期"
  groups : list of Group "团队"
}
record Group key title {
  title  : text "名称"
  people : count "人数"
  leader : text when people >= 10 "队长"
  check people <= 99 "人数过多"
}
section "甲" "乙" { clause open "开" { must shared } }
"""
MODEL = model_of(YARD)


def record_with(**values: object) -> SimpleNamespace:
    """Return a record with nothing but these values."""
    return SimpleNamespace(**(dict.fromkeys(MODEL.facts_by_name) | values))


def group(**values: object) -> SimpleNamespace:
    """Return a group with nothing but these values."""
    return SimpleNamespace(**(dict.fromkeys(MODEL.records_by_name["Group"].fields_by_name) | values))


class TestFindContradictions:
    """Every contradiction is told, with its path, the value and what is expected."""

    def test_a_false_check_is_told_in_the_words_of_the_author(self) -> None:
        """The issue stands at the first fact that the check reads."""
        record = record_with(shared=True, site=5, usable=6)
        expected = InputIssue("site", "5 m2", Words("可用面积不能大于场地", "可用面积不能大于场地"), is_rule=True)

        assert (expected,) == find_contradictions(MODEL, record, None)

    def test_a_fact_that_cannot_exist_is_told_with_its_condition(self) -> None:
        """The condition is quoted as it is written."""
        record = record_with(shared=False, usable=6)
        words = Words("no value, since `shared` does not hold", "空，因为 `shared` 不成立")

        assert (InputIssue("usable", "6 m2", words),) == find_contradictions(MODEL, record, None)

    def test_elements_are_counted_from_one(self) -> None:
        """The path of a field names its element; a check and a condition of the same list are both told."""
        record = record_with(groups=(group(people=3), group(people=100), group(people=9, leader="甲")))
        found = find_contradictions(MODEL, record, None)

        assert ["groups[2].people", "groups[3].leader"] == [issue.path for issue in found]
        assert ["100", "甲"] == [issue.value for issue in found]

    @pytest.mark.parametrize(
        "values",
        [
            {"usable": 0},
            {"halls": {"big": False, "small": False}},
            {"halls": {"big": None, "small": None}},
            {"tidy": True},
            {},
        ],
    )
    def test_the_value_of_what_does_not_exist_may_be_given(self, values: dict[str, object]) -> None:
        """Zero, an empty set, the value after `else`, and nothing at all contradict no condition."""
        assert find_contradictions(MODEL, record_with(shared=False, **values), None) == ()

    @pytest.mark.parametrize(
        ("values", "value"),
        [
            ({"usable": 1}, "1 m2"),
            ({"halls": {"big": False, "small": None}}, "big: no, small: -"),
            ({"visits": {2021: 3, 2022: None}}, "2021: 3, 2022: -"),
            ({"tidy": False}, "no"),
        ],
    )
    def test_any_other_value_is_refused(self, values: dict[str, object], value: str) -> None:
        """Whatever differs from what the fact has there is told as data writes it."""
        found = find_contradictions(MODEL, record_with(shared=False, **values), None)

        assert [value] == [issue.value for issue in found]

    def test_what_is_unknown_refuses_nothing(self) -> None:
        """A check or condition that is unknown, for want of facts or of the day, is no contradiction."""
        record = record_with(usable=6, open_on=date(2022, 5, 1), groups=(group(leader="甲"),))

        assert find_contradictions(MODEL, record, None) == ()

    def test_a_check_on_the_day_is_decided_with_the_day(self) -> None:
        """The same record may contradict itself on one day and not on another."""
        record = record_with(open_on=date(2022, 5, 1))
        paths = [
            [issue.path for issue in find_contradictions(MODEL, record, day)]
            for day in (date(2022, 4, 30), date(2022, 5, 1))
        ]

        assert [["open_on"], []] == paths
