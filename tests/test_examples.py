"""Tests that a failing example is explained: what came out, and which part of the clause made it so."""

import pytest

from cedu_rules.authoring.examples import failures
from cedu_rules.catalog import loads

HEAD = """standard trial "试"
source "样例" annex 1
facts { area : m2 "面积"  site : choice { own "独立", shared "合用" } "场所"  b : bool "开放"  check area <= 900 m2 "过大" }
section "一" "二" { clause only "条" { when site = own must area >= 500 m2 must b """


def told(example: str, language: str = "en") -> list[str]:
    """Return the lines about one failing example, without its place."""
    (failure,) = failures(loads(HEAD + example + " } }"))
    return failure.in_words(language).partition("example: ")[2].split("\n")


def test_a_failure_is_explained_by_what_is_missing() -> None:
    """Where the clause is not met, its reasons tell the difference."""
    assert told("example pass { site: own, area: 480 m2, b: yes }") == [
        "`only` is `fail`; expected `pass`",
        "    面积: actual 480 m2, required >= 500 m2, shortfall 20 m2",
    ]


def test_an_unexpected_pass_shows_each_requirement() -> None:
    """Where nothing is wrong with the values, each requirement is told with what it came to."""
    assert told("example fail { site: own, area: 500 m2, b: yes }", "zh") == [
        "`only`：应为 `fail`，实为 `pass`",
        "    `area >= 500 m2`：`pass`",
        "    `b`：`pass`",
    ]


def test_a_clause_that_does_not_apply_names_the_guard() -> None:
    """The guard that holds it off is told."""
    assert told("example fail { site: shared, area: 1 m2, b: no }") == [
        "`only` is `not_applicable`; expected `fail`",
        "    the clause does not apply: `site = own` decides that",
    ]


@pytest.mark.parametrize(("language", "rule"), [("en", "against the rule"), ("zh", "违反")])
def test_impossible_values_are_told_as_such(language: str, rule: str) -> None:
    """An example whose values a check refuses is `invalid`, with the message of the check."""
    first, second = told("example pass { site: own, area: 901 m2, b: yes }", language)

    assert "invalid" in first
    assert rule in second
    assert "过大" in second
