"""A caller's own attrs class: what is checked when it is bound, and that its instances are answered as records are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules as cr

DAY = date(2022, 12, 15)
STANDARD = cr.loads(
    """
    standard trial "试行标准"
    source "试行办法" annex 1
    effective from 2022-09-01
    facts {
      site       : choice { own "自有", shared "合用" } "场地"
      area       : m2 when site = own "自有面积"
      computers  : count "电脑"
      open_day   : bool "开放"
      trained_on : date "培训日"
      rules      : set { posts "岗位", funds "经费" } "制度"
      visits     : yearly people "人数"
      share      : percent "占比"
      remark     : text "说明"
      teachers   : list of Teacher "教师名单"
    }
    record Teacher key name {
      name      : text "姓名"
      full_time : bool "专职"
      courses   : list of Course "课程"
    }
    record Course key title { title : text "课名"  hours : count "课时" }
    section "一" "二" {
      clause floor_area "面积" { must area >= 500 m2 }
      clause equipment "设备" { must computers >= 20 }
      clause rule_book "制度" { must rules includes all }
      clause growth "增长" { must visits[assessed_year] > visits[assessed_year - 1] }
      clause staff "专职" { must count(t for t in teachers where t.full_time) >= 1 }
      clause hours "课时" { must all(all(c.hours >= 10 for c in t.courses) for t in teachers) }
      clause training "培训" { must trained_on > assessed_on - 1 year }
      clause usage "占比" { must share >= 80% }
    }
    """
)


@attrs.frozen
class Course:
    """A course of a caller."""

    title: str
    hours: int | None = None


@attrs.define
class Teacher:
    """A teacher of a caller, changeable."""

    name: str
    full_time: bool | None = None
    courses: list[Course] | None = None


@attrs.define
class School:
    """A school of a caller, with every kind of field."""

    id: str | None = None
    name: str | None = None
    site: str | None = None
    area: Decimal | int | Fraction | None = None
    computers: int | None = None
    open_day: bool | None = None
    trained_on: date | None = None
    rules: dict[str, bool | None] | None = None
    visits: dict[int, int | None] | None = None
    share: Decimal | int | Fraction | None = None
    teachers: list[Teacher] | None = None


def problems_of(class_: Any) -> list[str]:  # noqa: ANN401
    """Return what is wrong with a class."""
    with pytest.raises(cr.BindingError) as caught:
        STANDARD.bind(class_)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


teachers = st.lists(
    st.builds(
        Teacher,
        name=st.sampled_from("甲乙丙丁"),
        full_time=st.none() | st.booleans(),
        courses=st.none()
        | st.lists(
            st.builds(Course, title=st.sampled_from("ABC"), hours=st.none() | st.integers(0, 20)),
            max_size=2,
            unique_by=lambda course: course.title,
        ),
    ),
    max_size=3,
    unique_by=lambda teacher: teacher.name,
)
schools = st.builds(
    School,
    id=st.none() | st.just("S1"),
    site=st.sampled_from([None, "own", "自有"]),
    area=st.none() | st.integers(499, 501) | st.decimals(499, 501, places=2),
    computers=st.none() | st.integers(19, 21),
    trained_on=st.none() | st.dates(date(2021, 12, 14), date(2021, 12, 17)),
    rules=st.none() | st.fixed_dictionaries({"posts": st.none() | st.booleans(), "funds": st.none() | st.booleans()}),
    visits=st.none() | st.dictionaries(st.integers(2020, 2022), st.none() | st.integers(0, 2)),
    share=st.none() | st.sampled_from([Decimal("0.8"), Decimal("0.79999"), 1]),
    teachers=st.none() | teachers,
)


class TestAnswers:
    """Instances of a bound class."""

    @given(schools, st.none() | st.just(DAY))
    def test_are_answered_as_records_are(self, school: School, day: date | None) -> None:
        """A bound instance has the report of the mapping with the same values, nested lists too."""
        values = attrs.asdict(school)
        evaluator = STANDARD.bind(School)

        assert STANDARD.evaluate(values, assessed_on=day) == evaluator.evaluate(school, assessed_on=day)
        assert STANDARD.statuses(values, assessed_on=day) == evaluator.statuses(school, assessed_on=day)

    @given(schools, st.none() | st.just(DAY))
    def test_are_answered_alike_when_trusted(self, school: School, day: date | None) -> None:
        """With `trusted` the answers to valid values of the documented types are the same."""
        read = STANDARD.record(**attrs.asdict(school))
        names = [field.name for field in attrs.fields(School) if field.name != "teachers"]
        exact = School(**{name: getattr(read, name) for name in names}, teachers=school.teachers)
        trusted = STANDARD.bind(School, trusted=True)

        assert STANDARD.statuses(read, assessed_on=day) == trusted.statuses(exact, assessed_on=day)

    def test_come_in_order_and_never_raise(self) -> None:
        """`evaluate_many` yields a report for each instance, an invalid one among them."""
        evaluator = STANDARD.bind(School)
        given_ = [School("a", site="own", area=500), School("b", area=-1), School("c", computers=1)]
        reports = evaluator.evaluate_many(iter(given_), assessed_on=DAY)

        assert [(report.id, report.verdict.value) for report in reports] == [
            ("a", "undetermined"),
            ("b", "invalid"),
            ("c", "fails"),
        ]

    def test_raise_for_impossible_values_where_statuses_are_asked(self) -> None:
        """`statuses` tells every impossible value of an instance, with its path, like that of a mapping."""
        school = School(area=-1, site="own", teachers=[Teacher("甲", courses=[Course("A", -3)])])
        with pytest.raises(cr.InputError) as caught:
            STANDARD.bind(School).statuses(school)

        assert [issue.path for issue in caught.value.issues] == ["area", "teachers[1].courses[1].hours"]

    @pytest.mark.parametrize("listed", [[None], [5], [School()], 5, "甲", {"name": "甲"}, [Course("A")]])
    def test_are_invalid_where_an_element_is_something_else(self, listed: Any) -> None:  # noqa: ANN401
        """An element that is no instance of the bound class, or no list at all, makes an invalid report."""
        report = STANDARD.bind(School).evaluate(School(teachers=listed))

        assert cr.Verdict.INVALID is report.verdict
        assert report.errors[0].path.startswith("teachers")

    def test_may_mix_mappings_into_a_list(self) -> None:
        """An element that is a mapping is read as one."""
        listed: list[Any] = [Teacher("甲"), {"name": "乙", "full_time": "是"}]

        assert STANDARD.bind(School).statuses(School(teachers=listed))[4] is cr.Status.PASS

    def test_leave_unset_fields_missing(self) -> None:
        """A field that never got a value is missing, as one that is None."""

        @attrs.define
        class Unset:
            computers: int = attrs.field(init=False)

        assert STANDARD.bind(Unset).statuses(Unset())[1] is cr.Status.UNKNOWN

    @pytest.mark.parametrize("trusted", [False, True])
    def test_leave_facts_missing_that_the_class_lacks(self, trusted: bool) -> None:
        """A class needs no field for a fact that it never records."""

        @attrs.define
        class Small:
            computers: int

        evaluator = STANDARD.bind(Small, trusted=trusted)

        assert STANDARD.statuses({"computers": 20}) == evaluator.statuses(Small(20))

    @pytest.mark.parametrize("trusted", [False, True])
    def test_are_no_other_objects(self, trusted: bool) -> None:
        """An object of another class is a mistake in the program, told with both classes."""
        evaluator: Any = STANDARD.bind(School, trusted=trusted)
        with pytest.raises(TypeError, match="found a `Teacher`; expected a `School`"):
            evaluator.evaluate(Teacher("甲"))

    def test_may_be_of_a_subclass(self) -> None:
        """An instance of a subclass is an instance."""

        @attrs.define
        class Branch(School):
            extra: int = 0

        assert STANDARD.bind(School).evaluate(Branch("S9")).id == "S9"


class TestChecks:
    """What `bind` refuses."""

    def test_tells_a_field_that_is_no_fact_with_the_nearest(self) -> None:
        """A misspelt field is told with the fact that it resembles."""

        @attrs.define
        class Misspelt:
            computres: int

        assert problems_of(Misspelt) == [
            "unknown field `computres` of `Misspelt`; expected a fact of `trial.record`; did you mean `computers`?"
        ]

    def test_looks_into_nested_classes(self) -> None:
        """Classes of elements are checked as well, and every problem is told at once."""

        @attrs.define
        class Wrong:
            area: date
            unheard: int
            teachers: list[Strange]

        attrs.resolve_types(Wrong, localns={"Strange": Strange})
        found = problems_of(Wrong)

        assert len(found) == 3
        assert found[0].startswith("field `area` of `Wrong` is `date`; expected a type that can hold one of `int`")
        assert "`unheard` of `Wrong`" in found[1]
        assert (
            "`full_tiem` of `Strange`; expected a fact of `trial.record.Teacher`; did you mean `full_time`?" in found[2]
        )

    @pytest.mark.parametrize(
        ("fact", "type_", "fits"),
        [
            ("area", Decimal, True),
            ("area", float, True),
            ("area", int | None, True),
            ("area", object, True),
            ("area", Any, True),
            ("area", bool, False),
            ("area", date, False),
            ("area", list[int], False),
            ("open_day", bool, True),
            ("open_day", date, False),
            ("site", str, True),
            ("site", date, False),
            ("trained_on", date, True),
            ("trained_on", int, False),
            ("rules", frozenset[str], True),
            ("rules", dict[str, bool], True),
            ("rules", int, False),
            ("visits", dict[int, int], True),
            ("visits", list[int], False),
            ("teachers", list[Teacher], True),
            ("teachers", tuple[Teacher, ...] | None, True),
            ("teachers", list[dict[str, object]], True),
            ("teachers", dict[str, Teacher], False),
            ("teachers", int, False),
            ("id", str, True),
            ("id", date, False),
        ],
    )
    def test_compares_types(self, fact: str, type_: Any, fits: bool) -> None:  # noqa: ANN401
        """A field whose type can never hold a value of the fact is refused; one that may is not."""
        class_ = attrs.make_class("Made", {fact: attrs.field(type=type_)})

        if fits:
            assert isinstance(STANDARD.bind(class_), cr.Evaluator)
        else:
            assert len(problems_of(class_)) == 1

    @pytest.mark.parametrize("given_", [int, dict, 5, School(), None, "School"])
    def test_takes_attrs_classes_only(self, given_: Any) -> None:  # noqa: ANN401
        """Anything but an attrs class is told, an instance of one too."""
        (problem,) = problems_of(given_)

        assert problem.startswith("found ")
        assert problem.endswith("expected a class made with `attrs.define` or `attrs.frozen`")

    def test_tells_a_list_whose_class_cannot_be_looked_up(self) -> None:
        """Where the class of the elements is out of reach, that is told when binding, not by every instance."""

        @attrs.define
        class Hidden:
            name: str

        @attrs.define
        class Local:
            teachers: list[Hidden]

        (problem,) = problems_of(Local)

        assert "`list[Hidden]`, which cannot be looked up" in problem

        attrs.resolve_types(Local, localns={"Hidden": Hidden})

        assert STANDARD.bind(Local).statuses(Local([Hidden("甲")]))

    def test_asks_nothing_of_fields_without_a_type(self) -> None:
        """A field without a type may hold anything."""
        class_ = attrs.make_class("Untyped", ["area", "teachers"])

        assert STANDARD.bind(class_).statuses(class_(None, [{"name": "甲"}]))


@attrs.define
class Strange:
    """A class of elements with a misspelt field."""

    name: str
    full_tiem: bool
