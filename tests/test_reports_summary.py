"""Tests of the numbers that every form of a report shows."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules
from cedu_rules.reports.quantities import roots_of
from cedu_rules.reports.run import Run
from cedu_rules.reports.summary import Group, Quantity, Summary, percent, summarise
from cedu_rules.results import Status, Verdict
from cedu_rules.standard import Standard

STD = """
standard trial "试行标准"
source "办法" annex 1
language zh

facts {
  site    : choice { own "自有", shared "合用" } "场所"
  area    : m2 "建筑面积"
  rooms   : m2 "使用面积"
  books   : count "图书"
  noise   : count "噪声"
  share   : percent "利用率"
  tidy    : judged bool "整洁"
  staff   : list of Person "人员"
  charter : documented set { aim "宗旨", rules "制度" } "章程"
}
record Person key name {
  name  : text "姓名"
  adult : bool "成年"
}

section "设施" "房屋" {
  clause floor "面积" { must area >= 60 m2 "面积不少于60平方米" }
  clause large "大" { must area >= 100 m2 or rooms >= 80 m2 "面积或使用面积" }
  clause shelf "图书" { must books >= 100 }
  clause quiet "安静" { must noise <= 5 }
  clause usage "利用" { must share >= 80% }
}
section "管理" "日常" {
  clause clean "整洁" { must tidy }
  clause people "人员" { must all(p.adult for p in staff) }
  clause papers "章程" { must charter includes all }
  clause couple "人数" { must count(staff) >= 2 "至少2人" }
}
"""


@pytest.fixture(scope="module")
def standard() -> Standard:
    """A standard with demands of every kind that can be lacking or missing."""
    return cedu_rules.loads(STD)


def summary_of(
    standard: Standard, *records: dict[str, Any], groups: dict[int, str] | None = None
) -> tuple[Summary, tuple[Group, ...]]:
    """Return the numbers of these institutions."""
    day = date(2022, 12, 15)
    reports = tuple(standard.evaluate(record, assessed_on=day) for record in records)
    return summarise(Run(standard.model, standard.digest, day, reports, groups=groups or {}))


def lacking(summary: Summary) -> dict[str, tuple[Fraction, str, int, bool]]:
    """Return what is lacking, by label."""
    return {
        item.quantity.label: (item.value, item.quantity.unit, item.institutions, item.has_alternatives)
        for item in summary.lacking
    }


class TestLacking:
    """What is lacking in sum."""

    def test_the_largest_shortfall_of_an_institution_counts_once(self, standard: Standard) -> None:
        """60 m2 and 100 m2 are asked for; who has 50 lacks 50, not 60."""
        summary, _ = summary_of(standard, {"area": 50, "rooms": 10})

        assert (Fraction(50), "m2", 1, True) == lacking(summary)["建筑面积"]

    def test_shortfalls_add_up_over_institutions(self, standard: Standard) -> None:
        """Counts and measures are added over institutions, exactly."""
        summary, _ = summary_of(standard, {"area": 200, "books": 90}, {"area": 200, "books": 85}, {"books": 100})

        assert {"图书": (Fraction(25), "", 2, False)} == lacking(summary)

    def test_alternatives_are_listed_each(self, standard: Standard) -> None:
        """Where one of two would do, both are told, and marked."""
        summary, _ = summary_of(standard, {"area": 70, "rooms": 75})

        assert (Fraction(30), "m2", 1, True) == lacking(summary)["建筑面积"]
        assert (Fraction(5), "m2", 1, True) == lacking(summary)["使用面积"]

    def test_shares_and_excesses_are_not_added(self, standard: Standard) -> None:
        """Neither a percentage nor too much of something is lacking."""
        summary, _ = summary_of(standard, {"share": "70%", "noise": 9})

        assert {} == lacking(summary)

    def test_a_computed_count_goes_by_its_requirement(self, standard: Standard) -> None:
        """What has no fact of its own bears the label of the demand."""
        summary, _ = summary_of(standard, {"staff": [{"name": "甲", "adult": True}]})

        assert (Fraction(1), "", 1, False) == lacking(summary)["至少2人"]

    def test_quantities_of_one_label_and_different_units_stay_apart(self) -> None:
        """A label alone does not make two things one."""
        assert Quantity("a", "m2") != Quantity("a", "")


class TestMissing:
    """Facts that open clauses wait for."""

    def test_facts_count_once_an_institution(self, standard: Standard) -> None:
        """Elements and members count as their fact; clauses that wait are added up."""
        records: list[dict[str, Any]] = [
            {"staff": [{"name": "甲"}, {"name": "乙"}], "charter": {"aim": True}},
            {"charter": {}},
        ]
        summary, _ = summary_of(standard, *records)
        found = {item.fact.path: (item.institutions, item.clauses) for item in summary.missing}

        assert (1, 1) == found["staff.adult"]
        assert (2, 2) == found["charter"]
        assert (2, 4) == found["area"]

    def test_the_inspector_answers_what_is_judged(self, standard: Standard) -> None:
        """Judged facts are marked, others are not."""
        summary, _ = summary_of(standard, {})
        judged = {item.fact.path for item in summary.missing if item.fact.judged}

        assert {"tidy"} == judged

    def test_decided_clauses_wait_for_nothing(self, standard: Standard) -> None:
        """A fact that only a failed clause misses is not counted."""
        summary, _ = summary_of(standard, {"staff": [{"name": "甲", "adult": False}, {"name": "乙"}]})

        assert "staff.adult" not in {item.fact.path for item in summary.missing}

    def test_paths_lose_positions_members_and_years(self, standard: Standard) -> None:
        """What names no fact of the institution is left out; the day stays."""
        paths = ["staff[2].adult", "staff[1].adult", "charter.aim", "adult", "assessed_on", "area"]

        assert ["staff.adult", "charter", "assessed_on", "area"] == roots_of(standard.model, paths)


class TestTallies:
    """Shares and counts."""

    def test_each_clause_counts_each_institution(self, standard: Standard) -> None:
        """Invalid institutions have no answers; all others have one a clause."""
        summary, _ = summary_of(standard, {"books": 100}, {"books": 1}, {}, {"books": "many"})
        (shelf,) = [item for item in summary.clauses if item.clause.id == "shelf"]

        assert {Status.PASS: 1, Status.FAIL: 1, Status.UNKNOWN: 1} == dict(shelf.tally.counts)
        assert Fraction(1, 3) == shelf.tally.share
        assert {Verdict.INVALID: 1, Verdict.FAILS: 1, Verdict.UNDETERMINED: 2} == dict(summary.verdicts)

    def test_sections_add_up_to_the_whole(self, standard: Standard) -> None:
        """The answers of the sections are those of the run."""
        summary, _ = summary_of(standard, {"books": 100}, {"area": 10})

        assert summary.tally.total == sum(item.tally.total for item in summary.sections) == 2 * 9

    def test_the_most_failed_come_first(self, standard: Standard) -> None:
        """Clauses that never fail are not among them."""
        summary, _ = summary_of(standard, {"books": 1, "noise": 9}, {"books": 2})

        assert ["shelf", "quiet"] == [item.clause.id for item in summary.most_failed]

    @given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 200)), min_size=1, max_size=6))
    def test_groups_add_up_to_the_whole(self, given: list[tuple[str, int]]) -> None:
        """Answers, verdicts and shortfalls of the groups sum up to those of the run."""
        standard = cedu_rules.loads(STD)
        groups = {position: name for position, (name, _) in enumerate(given)}
        whole, parts = summary_of(standard, *({"books": books} for _, books in given), groups=groups)

        assert len(given) == sum(len(part.positions) for part in parts)
        assert whole.tally.total == sum(part.summary.tally.total for part in parts)
        assert lacking(whole).get("图书", (0,))[0] == sum(lacking(part.summary).get("图书", (0,))[0] for part in parts)
        assert list(dict.fromkeys(name for name, _ in given)) == [part.name for part in parts]

    @pytest.mark.parametrize(
        ("share", "shown"),
        [
            (None, "–"),
            (Fraction(1), "100%"),
            (Fraction(9999, 10000), "99.9%"),
            (Fraction(1, 3), "33.3%"),
            (Fraction(0), "0%"),
        ],
    )
    def test_a_share_is_never_rounded_up(self, share: Fraction | None, shown: str) -> None:
        """Only all is 100 %."""
        assert shown == percent(share)
