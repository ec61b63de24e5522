"""Tests of condition coverage: what is claimed, against the definition by brute force."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cedu_rules import Standard, load
from cedu_rules.authoring.cases import Bench, Case
from cedu_rules.authoring.coverage import Atom, Covered, atoms, coverage
from cedu_rules.authoring.homes import replaced
from cedu_rules.authoring.mutation.slips import truth
from cedu_rules.authoring.workshop import try_examples
from cedu_rules.catalog import loads
from cedu_rules.model.ir import Expression
from cedu_rules.semantics import Evaluation

HEAD = 'standard trial "试"\nsource "样例" annex 1\n'
FACTS = """facts {
  a : bool "甲"  b : bool "乙"  n : count 0 to 9 "数"
  kind : choice { red "红", blue "蓝" } "类"
  c : bool when kind = red "丙"
  members : list of Member "成员"
}
record Member { full : bool "专" hours : count "时" }
"""


def standard(clause: str, lets: str = "") -> Standard:
    """Return a standard of one clause."""
    return loads(f'{HEAD}{FACTS}{lets}\nsection "一" "二" {{ clause only "条" {{ {clause} }} }}')


def shown(clause: str, lets: str = "") -> dict[str, tuple[set[bool], set[bool]]]:
    """Return for each condition of a clause the answers seen, and those shown to matter."""
    bench = Bench(standard(clause, lets))
    found = coverage(bench.model, bench.cases)
    return {each.atom.text: (set(each.seen), set(each.matters)) for each in found}


class TestDefinition:
    """What an example shows."""

    def test_one_example_on_each_side_covers_a_comparison(self) -> None:
        """A condition that alone decides is covered by an example that passes and one that fails."""
        found = shown("must n >= 3 example pass { n: 3 } example fail { n: 2 }")

        assert found == {"n >= 3": ({True, False}, {True, False})}

    def test_a_masked_condition_is_seen_and_does_not_matter(self) -> None:
        """Where the other limb decides, either answer of a condition shows nothing."""
        found = shown("must a or b example pass { a: yes, b: yes } example pass { a: yes, b: no }")

        assert found == {"a": ({True}, {True}), "b": ({True, False}, set())}

    def test_unknown_shows_nothing(self) -> None:
        """An unknown condition is neither seen as yes nor as no, and an unknown status shows nothing of the others."""
        found = shown("must a and b example unknown { a: yes }")

        assert found == {"a": ({True}, set()), "b": (set(), set())}

    def test_a_failing_example_shows_nothing(self) -> None:
        """Only examples that hold count."""
        assert shown("must a example pass { a: no }") == {"a": (set(), set())}

    def test_guards_are_conditions_too(self) -> None:
        """A guard is covered by an example where it applies and one where it does not."""
        found = shown("when a must b example not_applicable { a: no, b: no } example pass { a: yes, b: yes }")

        assert found == {"a": ({True, False}, {True, False}), "b": ({True, False}, {True})}

    def test_a_should_beside_a_must_is_left_out(self) -> None:
        """It decides no status; of an advisory clause it does."""
        assert set(shown("must a should b")) == {"a"}
        assert set(shown("should b")) == {"b"}

    def test_elements_are_turned_one_at_a_time(self) -> None:
        """In a filter and in a body, the condition of one element matters where it alone changes the answer."""
        found = shown(
            "must all(m.hours >= 3 for m in members where m.full)\n"
            "example pass { members: [{full: yes, hours: 3}, {full: no, hours: 0}] }\n"
            "example fail { members: [{full: yes, hours: 2}, {full: yes, hours: 5}] }"
        )

        assert found == {"m.full": ({True, False}, {True, False}), "m.hours >= 3": ({True, False}, {True, False})}

    def test_a_let_is_covered_through_any_clause(self) -> None:
        """Conditions of a let stand in the let, and are covered by the examples of whatever reads it."""
        found = shown("must good example pass { a: yes, n: 3 } example fail { a: no, n: 3 }", "let good = a and n >= 3")

        assert found == {"a": ({True, False}, {True, False}), "n >= 3": ({True}, {True})}


LIMBS = st.sampled_from(["a", "b", "n >= 3", "n <= 5", "kind = red", "c", "not a", "n = 4"])
CONDITIONS = st.recursive(
    LIMBS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("at least 2 of ({}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "n": st.integers(0, 9),
        "kind": st.sampled_from(["red", "blue"]),
    },
)


def by_brute_force(bench: Bench, atom: Atom, cases: list[Case]) -> tuple[set[bool], set[bool]]:
    """Return what the definition says: the condition replaced by its negated value, everything else as it is."""
    seen, matters = set(), set()
    for case in cases:
        answer = Evaluation(bench.model, case.record, case.day).value(atom.condition)
        if answer is None:
            continue
        seen.add(answer)
        turned = replaced(bench.model, atom.home, substituted(atom.home.expression, atom.condition, value=not answer))
        other = Evaluation(turned, case.record, case.day).status(turned.clauses[0]).value
        if case.status not in {"unknown", other}:
            matters.add(answer)
    return seen, matters


def substituted(expression: Expression, target: Expression, *, value: bool) -> Expression:
    """Return the expression with a constant for one part of it."""
    if expression is target:
        return truth(expression, value=value)
    operands = tuple(substituted(part, target, value=value) for part in expression.operands)
    return Expression(expression.operator, operands, expression.data, expression.type, expression.span)


@given(st.lists(CONDITIONS, min_size=1, max_size=2), st.none() | LIMBS, st.lists(RECORDS, min_size=1, max_size=4))
def test_coverage_is_what_the_definition_says(musts: list[str], guard: str | None, records: list[Any]) -> None:
    """On any clause and any records, each condition is covered exactly where turning it alone turns a known status."""
    text = " ".join(["" if guard is None else f"when {guard}", *(f"must {must}" for must in musts)])
    bench = Bench(standard(text))
    made = [case for values in records if (case := bench.case("only", values)) is not None]
    cases = [case for case in made if case.status != "invalid"]
    found = list(coverage(bench.model, {"only": cases}))
    expected = [by_brute_force(bench, atom, cases) for atom in atoms(bench.model)]

    for covered, (seen, matters) in zip(found, expected, strict=True):
        assert matters == set(covered.matters)
        assert covered.seen <= seen  # in the branch of an `if` that is not taken nothing is asked
        assert covered.seen == seen or covered.complete or "if" in text


@settings(max_examples=10)
@given(CONDITIONS)
def test_every_finding_is_true_and_every_proposal_mends_it(condition: str) -> None:
    """What is said to be uncovered stays so for the examples there are; a proposed example shows what it is for."""
    trial = try_examples(standard(f"must {condition}"), cover=True)

    for found in trial.proposed:
        assert all(target.is_reached_by(found.case) for target in found.targets)


@pytest.mark.parametrize("name", ["college", "school", "centre"])
def test_the_shipped_standards_are_covered(name: str) -> None:
    """Every condition of the shipped standards is shown to matter both ways."""
    bench = Bench(load(name))
    open_: list[Covered] = [each for each in coverage(bench.model, bench.cases) if not each.complete]

    assert open_ == []
