"""The status algebra, enumerated against the sentences that define it."""

from itertools import product

import pytest

from cedu_rules import results
from cedu_rules.results import Status, Verdict
from cedu_rules.testing.drafts import Draft
from cedu_rules.testing.histories import World, model_from

TRUTHS = (True, False, None)
MODEL = model_from(
    """
standard statuses "状态" source "示例文件"
facts {
  outer : bool "甲"  guard : bool "乙"  exception : bool "丙"
  one : bool "丁"  two : bool "戊"  advice : bool "己"
}
section "总项" "一" when outer {
  clause guarded "有条件" { when guard  unless exception  must one  must two  should advice }
  clause advisory "建议" { when guard  unless exception  should one  should two }
}
section "总项" "二" {
  clause after_guarded "引用" { must passes(guarded) }
  clause after_advisory "引用" { must passes(advisory) }
}
"""
)
CASES = list(product(TRUTHS, repeat=6))


def expected(guards: list[bool | None], demands: list[bool | None], failed: Status) -> Status:
    """Return the status by the sentences, in their order."""
    if False in guards:
        return Status.NOT_APPLICABLE
    if set(demands) == {True}:
        return Status.PASS
    if False in demands and set(guards) == {True}:
        return failed
    return Status.UNKNOWN


def answers(case: tuple[bool | None, ...]) -> dict[str, Status]:
    """Return the status of each clause."""
    names = ("outer", "guard", "exception", "one", "two", "advice")
    evaluation = World(MODEL, Draft(**dict(zip(names, case, strict=True))), None).evaluation()
    return {clause.id: evaluation.status(clause) for clause in MODEL.clauses}


def guards_of(case: tuple[bool | None, ...]) -> list[bool | None]:
    """Return the guards: `unless` holds where its condition does not."""
    outer, guard, exception = case[:3]
    return [outer, guard, {True: False, False: True, None: None}[exception]]


def test_clause_has_the_status_of_its_sentence() -> None:
    """Not applicable where a guard is false; pass where every must is true; fail where one is false and all guards hold."""
    for case in CASES:
        found = answers(case)

        assert expected(guards_of(case), list(case[3:5]), Status.FAIL) is found["guarded"]
        assert expected(guards_of(case), list(case[3:5]), Status.NOT_MET) is found["advisory"]


def test_should_changes_no_status_of_a_must_clause() -> None:
    """Whatever the recommendation is, the clause has one status."""
    for case in product(TRUTHS, repeat=5):
        found = {answers((*case, advice))["guarded"] for advice in TRUTHS}

        assert len(found) == 1


def test_requirement_has_its_own_status() -> None:
    """A must fails and a should is not met; both are not applicable with their clause."""
    clause = MODEL.clauses_by_id["guarded"]
    for case in CASES:
        names = ("outer", "guard", "exception", "one", "two", "advice")
        evaluation = World(MODEL, Draft(**dict(zip(names, case, strict=True))), None).evaluation()
        found = [evaluation.requirement_status(clause, requirement) for requirement in clause.requirements]
        failed = [Status.FAIL, Status.FAIL, Status.NOT_MET]

        assert found == [
            expected(guards_of(case), [truth], status) for truth, status in zip(case[3:], failed, strict=True)
        ]


def test_passes_is_true_where_a_clause_passes_or_does_not_apply() -> None:
    """`passes` is false for fail and not met, unknown for unknown."""
    words = {
        Status.PASS: Status.PASS,
        Status.NOT_APPLICABLE: Status.PASS,
        Status.FAIL: Status.FAIL,
        Status.NOT_MET: Status.FAIL,
        Status.UNKNOWN: Status.UNKNOWN,
    }
    for case in CASES:
        found = answers(case)

        assert words[found["guarded"]] is found["after_guarded"]
        assert words[found["advisory"]] is found["after_advisory"]


def test_verdict_is_that_of_the_worst_clause_that_counts() -> None:
    """Fails where a clause fails, else undetermined where one is unknown, else conforms; advisory clauses do not count."""
    statuses = [Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE]
    advisory = [Status.PASS, Status.NOT_MET, Status.UNKNOWN, Status.NOT_APPLICABLE]
    for length in range(4):
        for counting in product(statuses, repeat=length):
            worst = (
                Verdict.FAILS
                if Status.FAIL in counting
                else Verdict.UNDETERMINED
                if Status.UNKNOWN in counting
                else Verdict.CONFORMS
            )

            assert {worst} == {
                results.verdict([*((status, False) for status in counting), (extra, True)]) for extra in advisory
            }


@pytest.mark.parametrize("case", [(True, True, False, True, True, None), (None, True, False, True, True, None)])
def test_unknown_guard_does_not_hide_a_pass(case: tuple[bool | None, ...]) -> None:
    """A clause whose musts are all true passes though it is not known to apply: not applicable counts as well."""
    assert answers(case)["guarded"] is Status.PASS
