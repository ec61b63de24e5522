"""The equations of the logic: two ways to say the same have the same status, whatever is known."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules.testing.drafts import Draft
from cedu_rules.testing.equations import EQUATIONS, TWINS, twins
from cedu_rules.testing.histories import World, model_from
from cedu_rules.testing.laws import assert_equal_statuses

TRUTHS = (True, False, None)


@pytest.mark.parametrize("name", EQUATIONS)
@given(data=st.data())
def test_equation_holds(name: str, data: st.DataObject) -> None:
    """Both sides have one status; where the table says so, the right one may stay unknown though the left is decided."""
    world = data.draw(twins(EQUATIONS[name]))

    assert_equal_statuses(world, TWINS, weaker=EQUATIONS[name].weaker)


CONNECTIVES = model_from(
    """
standard logic "逻辑" source "示例文件"
facts { a : bool "甲"  b : bool "乙"  c : bool "丙" }
let c_not = not a
let c_and = a and b and c
let c_or = a or b or c
let c_if = if a then b
let c_choice = if a then b else c
let one_of = at least 1 of (a, b, c)
let two_of = at least 2 of (a, b, c)
let all_of = at least 3 of (a, b, c)
section "总项" "分项" { clause nothing "无" { must a } }
"""
)
CLASSICAL: dict[str, Callable[[bool, bool, bool], bool]] = {
    "c_not": lambda a, _b, _c: not a,
    "c_and": lambda a, b, c: a and b and c,
    "c_or": lambda a, b, c: a or b or c,
    "c_if": lambda a, b, _c: b or not a,
    "c_choice": lambda a, b, c: b if a else c,
    "one_of": lambda a, b, c: a + b + c >= 1,
    "two_of": lambda a, b, c: a + b + c >= 2,
    "all_of": lambda a, b, c: a + b + c >= 3,
}


@pytest.mark.parametrize("name", CLASSICAL)
@pytest.mark.parametrize("truths", list(product(TRUTHS, repeat=3)))
def test_connective_is_what_all_completions_agree_on(name: str, truths: tuple[bool | None, ...]) -> None:
    """A connective over facts that each occur once is decided exactly when classical logic decides it for all values."""
    world = World(CONNECTIVES, Draft(**dict(zip("abc", truths, strict=True))), None)
    completions = product(*([truth] if truth is not None else [True, False] for truth in truths))
    answers = {CLASSICAL[name](*completion) for completion in completions}

    actual = world.evaluation().value(CONNECTIVES.lets_by_name[name].value)

    assert (answers.pop() if len(answers) == 1 else None) is actual
