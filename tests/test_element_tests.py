"""Conditions on the elements of lists as arithmetic of bits: the answers of rows, and what is read off them."""

import ast
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules as cr
from cedu_rules import rows
from cedu_rules.backends.python import functions, instances
from cedu_rules.backends.python.elements import BITS_LIMIT
from cedu_rules.backends.warming import PATIENCE
from cedu_rules.model.element_tests import SIZE_LIMIT, element_tests
from cedu_rules.records import filling
from cedu_rules.records.record import PATIENCE as RECORDS_PATIENCE
from cedu_rules.semantics import Evaluation

HEAD = """
standard small "小标准"
source "某办法" annex 1
effective from 2022-09-01
type Degree = level { senior "高中" < associate "大专" < bachelor "本科" }
facts {
  teachers : list of Teacher "教师"
  open     : bool "开放"
}
record Teacher {
  full_time : bool "专职"
  degree    : Degree "学历"
  post      : choice { head "主任", teacher "教员", clerk "职员" } "岗位"
  hours     : hours "课时"
  lessons   : count "课次"
  extra     : bool when full_time "加课"
  let good = degree >= associate and not (post = clerk)
}
section "一" "二" {
"""
CONDITIONS = (
    "all(t.full_time for t in teachers)",
    "any(t.full_time for t in teachers)",
    "all(t.good for t in teachers where t.full_time)",
    "any(t.good or t.hours >= 10 hours for t in teachers where not t.full_time)",
    "count(t for t in teachers where t.full_time) >= 2",
    "count(t for t in teachers where t.good) >= 1",
    "count(t for t in teachers where t.post in { head, teacher }) < 2",
    "count(t for t in teachers where t.lessons > 5) <= 2",
    "count(t for t in teachers where t.lessons = 3 and t.full_time) = 1",
    "count(t for t in teachers where 2 <= t.lessons) + count(t for t in teachers where t.full_time) >= 3",
    "all(t.degree < bachelor or t.post != head for t in teachers where t.hours < 20.5 hours)",
    "count(t for t in teachers where t.full_time) >= 0",
    "all(t.hours >= 10 hours for t in teachers) and open",
)
OTHERS = ("all(t.extra for t in teachers)", "all(t.lessons >= 2 and open for t in teachers)")


def standard_of(*conditions: str) -> cr.Standard:
    """Return a standard with one clause for each condition."""
    clauses = [f'  clause c{number} "条" {{ must {text} }}' for number, text in enumerate(conditions)]
    return cr.loads("\n".join([HEAD, *clauses, "}"]))


STANDARD = standard_of(*CONDITIONS, *OTHERS)
TRUTH = st.sampled_from([True, False, None])
TEACHERS = st.fixed_dictionaries(
    {
        "full_time": TRUTH,
        "degree": st.sampled_from(["senior", "associate", "bachelor", None]),
        "post": st.sampled_from(["head", "teacher", "clerk", None]),
        "hours": st.sampled_from([9.5, 10, 20.5, 20.6, None]),
        "lessons": st.none() | st.integers(0, 7),
    }
)
LISTS = st.none() | st.lists(TEACHERS, max_size=5)


@attrs.define(kw_only=True)
class Teacher:
    """A teacher of a caller."""

    full_time: bool | None
    degree: str | None
    post: str | None
    hours: float | None
    lessons: int | None


@attrs.define
class School:
    """A school of a caller."""

    teachers: list[Teacher] | None
    open: bool | None = None


def reference(standard: cr.Standard, record: Any) -> tuple[cr.Status, ...]:  # noqa: ANN401 -- a record
    """Return the statuses by definition."""
    evaluation = Evaluation(standard.model, record, None)
    return tuple(evaluation.status(clause) for clause in standard.model.clauses)


def evaluator_of(*, trusted: bool) -> Any:  # noqa: ANN401 -- an evaluator of `School`
    """Return a bound evaluator that is compiled already."""
    evaluator = STANDARD.bind(School, trusted=trusted)
    for _ in range(PATIENCE + 2):
        evaluator.statuses(School(None))
    return evaluator


CHECKED, TRUSTED = evaluator_of(trusted=False), evaluator_of(trusted=True)


class TestAnswers:
    """What is read off the bits is what the definition says."""

    @given(LISTS, TRUTH)
    def test_of_records(self, teachers: list[dict[str, Any]] | None, is_open: bool | None) -> None:
        """For any list, missing fields and missing lists included."""
        record = STANDARD.record(teachers=teachers, open=is_open)

        assert reference(STANDARD, record) == functions_of(STANDARD)(record, None)

    @given(LISTS, TRUTH)
    def test_of_instances(self, teachers: list[dict[str, Any]] | None, is_open: bool | None) -> None:
        """The same for the elements of a caller's class, checked and trusted."""
        listed = None if teachers is None else [Teacher(**each) for each in teachers]
        expected = reference(STANDARD, STANDARD.record(teachers=teachers, open=is_open))
        exact = STANDARD.record(teachers=teachers).teachers
        public = (
            None
            if exact is None
            else [
                Teacher(**{f: getattr(each, f) for f in given_})
                for each, given_ in zip(exact, teachers or [], strict=True)
            ]
        )

        assert expected == CHECKED.statuses(School(listed, is_open))
        assert expected == TRUSTED.statuses(School(public, is_open))

    @pytest.mark.parametrize("length", [BITS_LIMIT, BITS_LIMIT + 1])
    def test_of_long_lists(self, length: int) -> None:
        """A long list is counted in another way, with the same answers."""
        teachers: list[dict[str, Any]] = [{"full_time": bool(number % 3), "lessons": 9} for number in range(length)]
        record = STANDARD.record(teachers=teachers)
        listed = [Teacher(degree=None, post=None, hours=None, **each) for each in teachers]

        assert reference(STANDARD, record) == STANDARD.statuses(record) == CHECKED.statuses(School(listed))

    @given(LISTS)
    def test_of_records_whose_lists_are_not_written_out(self, teachers: list[dict[str, Any]] | None) -> None:
        """Where a standard has so many fields that the function for its records would be long."""
        record: Any = STANDARD.record()
        filling_ = STANDARD.record._plan.filling()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(filling, "FIELDS_LIMIT", 0)
            fill = filling.filler(STANDARD.model, filling_, identified=True)
        given_ = {} if teachers is None else {"teachers": teachers}
        assert fill is not None
        object.__setattr__(record, "__class__", filling_.open)

        assert STANDARD.record(**given_)._row == fill(record, given_)

    def test_every_way_of_making_a_record_gives_the_same_bits(self) -> None:
        """Read or rebuilt, one by one or by the function written for the class."""
        teachers = [{"full_time": True, "lessons": 3}, {"full_time": False, "degree": "本科"}, {}]
        found = {STANDARD.record(teachers=teachers)._row for _ in range(RECORDS_PATIENCE + 2)}
        record: Any = STANDARD.record(teachers=teachers)
        found.add(attrs.evolve(record)._row)

        assert 1 == len(found)


def functions_of(standard: cr.Standard) -> Any:  # noqa: ANN401 -- the fused function
    """Return the fused function of a standard, compiled once."""
    return standard._compiled._compile(standard.model).statuses


class TestCode:
    """Where there is a loop, and where there is none."""

    def test_no_loop_over_what_the_row_answers(self) -> None:
        """All that is made of tests of single fields is read off the bits."""
        _writer, function = functions.statuses_function(standard_of(*CONDITIONS).model)

        assert not any(isinstance(node, ast.For) for node in ast.walk(function))

    @pytest.mark.parametrize("condition", OTHERS)
    def test_a_loop_over_anything_else(self, condition: str) -> None:
        """A field under a condition, or a fact of the institution, is asked element by element."""
        _writer, function = functions.statuses_function(standard_of(condition).model)

        assert any(isinstance(node, ast.For) for node in ast.walk(function))

    def test_each_test_stands_once_in_a_row(self) -> None:
        """Two conditions that ask the same share the answers."""
        model = standard_of("all(t.full_time for t in teachers)", "any(u.full_time for u in teachers)").model

        assert ["teachers", "open", "teachers[]", "teachers.full_time"] == list(
            rows.layout(model.facts, rows.derived(model))
        )

    def test_a_long_condition_is_asked_element_by_element(self) -> None:
        """So that no let, written out, grows without bound."""
        long = " or ".join(["t.full_time"] * (SIZE_LIMIT + 1))
        model = standard_of(f"all({long} for t in teachers)").model

        assert {} == element_tests(model, [clause.requirements[0].condition for clause in model.clauses])

    def test_reads_only_what_an_element_is_asked_for(self) -> None:
        """Trusted, the degree of one who is not in the filter is never read."""
        model = standard_of("all(t.degree >= associate for t in teachers where t.full_time)").model
        given_ = instances.Instances(
            School,
            frozenset({"teachers"}),
            {"teachers": instances.Instances(Teacher, frozenset({"full_time", "degree"}))},
        )
        _writer, function = instances.instances_function(
            model, given_, instances.Ways(lambda *_: (), lambda one: one), trusted=True
        )
        (loop,) = [node for node in ast.walk(function) if isinstance(node, ast.For)]

        assert ["full_time"] == [
            each.value.attr
            for each in loop.body
            if isinstance(each, ast.Assign) and isinstance(each.value, ast.Attribute)
        ]


def row_of(standard: cr.Standard, teachers: object) -> tuple[object, ...]:
    """Return the row of a record with these teachers."""
    row = standard.record(teachers=teachers)._row
    assert row is not None
    return row


class TestRow:
    """What a row holds of the elements."""

    def test_layout(self) -> None:
        """The bits of all elements, and for each test of those that pass it and of those that do not; first lowest."""
        standard = standard_of("all(t.good for t in teachers where t.full_time)")
        teachers = [
            {"full_time": True, "degree": "bachelor", "post": "clerk"},
            {"full_time": False, "degree": "senior"},
            {"degree": "associate", "post": "head"},
        ]

        assert (0b111, 0b001, 0b010, 0b101, 0b010, 0b001, 0b100) == row_of(standard, teachers)[2:]

    def test_missing_list(self) -> None:
        """Of a missing list every bit may be: -1, and no element is known to pass or fail."""
        assert (-1, 0, 0) == row_of(standard_of("all(t.full_time for t in teachers)"), None)[2:]

    def test_dates_do_not_matter(self) -> None:
        """The day of the assessment changes none of it."""
        record = STANDARD.record(teachers=[{"full_time": True}])

        assert STANDARD.statuses(record) == STANDARD.statuses(record, assessed_on=date(2026, 1, 1))
