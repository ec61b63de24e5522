"""Tests that the shipped standards hold every line of the annexes at its place, and that all examples in them hold."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import cedu_rules as cr
from cedu_rules.authoring.examples import outcome
from cedu_rules.model.ir import Clause, Example
from cedu_rules.semantics import Evaluation

ROOT = Path(__file__).parent.parent
SHIPPED = ("college", "school", "centre")
FILES = sorted([*ROOT.glob("standards/*.std"), *(ROOT / "tests/cases/meaning").glob("*.std")])
STANDARDS = {path.stem: cr.load(path) for path in FILES}
EXAMPLES = [
    pytest.param(standard, clause, example, id=f"{name}.{clause.id}:{example.span.line}")
    for name, standard in STANDARDS.items()
    for clause in standard.model.clauses
    for example in clause.examples
]

PLACES = {
    "college": {
        ("组织管理", "管理体制"): 4,
        ("组织管理", "运行机制"): 3,
        ("组织管理", "制度建设"): 4,
        ("基础能力", "办学场所"): 4,
        ("基础能力", "队伍建设"): 4,
        ("基础能力", "资源开发"): 2,
        ("基础能力", "教育科研"): 1,
        ("培训服务", "教育培训"): 7,
        ("培训服务", "网络学习"): 2,
        ("组织创建", "分类组织"): 4,
        ("经费保障", "经费来源"): 2,
        ("经费保障", "经费管理"): 1,
    },
    "school": {
        ("组织管理", "管理体制"): 4,
        ("组织管理", "运行机制"): 4,
        ("组织管理", "资源整合"): 3,
        ("规模设施", "建设规模"): 4,
        ("规模设施", "设施配备"): 3,
        ("规模设施", "信息网络"): 3,
        ("条件保障", "队伍建设"): 4,
        ("条件保障", "经费投入"): 3,
        ("条件保障", "管理制度"): 3,
        ("培训服务", "分类培训"): 7,
    },
    "centre": {
        ("组织管理", "领导重视"): 2,
        ("组织管理", "组织机构"): 3,
        ("教学设施", "校舍设施"): 4,
        ("教学设施", "资源整合"): 2,
        ("保障措施", "队伍建设"): 3,
        ("保障措施", "经费保障"): 2,
        ("保障措施", "制度建设"): 1,
        ("特色成效", "特色发展"): 2,
        ("特色成效", "社会效益"): 2,
    },
}
"""How many lines each subsection of the annexes has, in the order of the annexes."""


@pytest.mark.parametrize("name", SHIPPED)
def test_a_standard_has_one_clause_a_line_in_order(name: str) -> None:
    """The n-th clause of a subsection is its n-th line; sections stand in the order of the annex."""
    citations = [clause.citation for clause in cr.load(name).model.clauses]
    places = list(dict.fromkeys((citation.section, citation.subsection) for citation in citations))
    lines = [(place, line) for place, number in PLACES[name].items() for line in range(1, number + 1)]

    assert list(PLACES[name]) == places
    assert lines == [((citation.section, citation.subsection), citation.line) for citation in citations]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_standard_has_no_diagnostics(name: str) -> None:
    """The shipped files load without even a warning."""
    assert cr.load(name).diagnostics == ()


@pytest.mark.parametrize("name", SHIPPED)
def test_measured_clauses_have_examples_on_each_side(name: str) -> None:
    """A clause with a measured `must` has examples that pass, fail and stay unknown."""
    lacking = {}
    for clause in cr.load(name).model.clauses:
        if any(item.kind == "measured" and item.modality == "must" for item in clause.requirements):
            lacking[clause.id] = {"pass", "fail", "unknown"} - {example.status for example in clause.examples}

    assert {id_: missing for id_, missing in lacking.items() if missing} == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_clause_has_an_example(name: str) -> None:
    """No clause goes untested."""
    assert [clause.id for clause in cr.load(name).model.clauses if not clause.examples] == []


@pytest.mark.parametrize(("standard", "clause", "example"), EXAMPLES)
def test_an_example_holds(standard: cr.Standard, clause: Clause, example: Example) -> None:
    """The clause has the status of the example, by the fused function, by its own, and by the reference."""
    actual, report = outcome(standard, clause, example)

    assert example.status == actual
    if report.record is not None:
        day = report.assessed_on
        single = standard.clauses[clause.id].status(report.record, assessed_on=day)
        reference = Evaluation(standard.model, report.record, day).status(clause)

        assert [example.status, example.status] == [single.value, reference.value]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_recorded_fails_nothing(name: str) -> None:
    """An institution of which nothing is known is undetermined: a missing fact is never a pass or a fail."""
    standard = cr.load(name)
    report = standard.evaluate({"id": "x"}, assessed_on=date(2022, 12, 15))
    statuses = Counter(status.value for status in report.statuses)

    assert report.verdict is cr.Verdict.UNDETERMINED
    assert set(statuses) <= {"unknown", "pass"}
