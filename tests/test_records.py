"""The classes of records, and mappings read into their instances with every issue at once."""

import copy
import gc
import inspect
import pickle
import sys
import weakref
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cedu_rules import rows
from cedu_rules.diagnostics import InputError, InputIssue, StandardNotFound, Words
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.records import FrozenMapping, Numeral, Record, attempt, read, record_class, trusted_record
from cedu_rules.records.filling import LENGTH_LIMIT, filler
from cedu_rules.records.record import PATIENCE
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse

STANDARD = """
standard trial "试行标准" source "示例文件" annex 1 effective from 2022-09-01
type Degree = level { senior "高中" < associate "大专" or "专科" < bachelor "本科" }
unit 学时 = 45 minutes
facts {
  area       : m2 "建筑面积"
  funding    : yuan "经费"
  population : people "常住人口"
  students   : count 1 to 500 "学员数"
  rate       : percent "利用率"
  growth     : signed percent "增长率"
  hours      : hours "课时"
  open       : bool "开放"
  site       : choice { independent "独立设置", shared "合用场地" } "办学场所"
  founded    : date "成立日期"
  contact    : text "联系人"
  rooms      : documented set { training "培训室", reading "图书阅览室" } "功能用房"
  registered : yearly people "注册人数"
  teachers   : list of Teacher "教师"
  面积       : m2 "分校面积"
}
record Teacher key name {
  name    : text "姓名"
  degree  : Degree "学历"
  courses : list of Course "课程"
}
record Course key number { number : count "编号" hours : hours "学时" }
section "A" "a" { clause c "c" { must open } }
"""


def model_of(text: str) -> Model:
    """Return the model of a standard without mistakes."""
    file, unread = parse(Source("trial.std", text))
    model, found = build(file)
    assert [] == [str(diagnostic) for diagnostic in (*unread, *found) if diagnostic.severity == "error"]
    return model


MODEL = model_of(STANDARD)
TRIAL: Any = record_class(MODEL, digest="trial of the records")

GIVEN: dict[str, object] = {
    "id": "S01",
    "area": "0.75亩",
    "funding": "¥27,079.5",
    "population": "3.1万人",
    "students": 20,
    "rate": "８０％",
    "growth": "-8%",
    "hours": "3学时",
    "open": "是",
    "办学场所": "合用场地",
    "founded": "2022-09-01",
    "contact": 17,
    "rooms": {"training": "有", "图书阅览室": ""},
    "registered": {"2022年": "", 2021: "1,200"},
    "teachers": [{"姓名": "甲", "degree": "专科", "courses": []}, {"courses": [{"number": 1, "hours": 1.5}]}],
    "面积": 3,
}
VALUES: dict[str, object] = {
    "id": "S01",
    "name": None,
    "area": 500,
    "funding": Decimal("27079.5"),
    "population": 31000,
    "students": 20,
    "rate": Decimal("0.8"),
    "growth": Decimal("-0.08"),
    "hours": Decimal("2.25"),
    "open": True,
    "site": "shared",
    "founded": date(2022, 9, 1),
    "contact": "17",
    "rooms": {"training": True, "reading": None},
    "registered": {2021: 1200, 2022: None},
    "teachers": (
        TRIAL.Teacher(name="甲", degree="associate", courses=()),
        TRIAL.Teacher(courses=[TRIAL.Course(number=1, hours="1.5")]),
    ),
    "面积": 3,
}


def values_of(record: Record) -> dict[str, object]:
    """Return the public values of a record by name."""
    return {field.name: getattr(record, field.name) for field in attrs.fields(type(record))}


def issues_of(given: Mapping[str, object], **options: Any) -> tuple[InputIssue, ...]:  # noqa: ANN401
    """Return the issues of a mapping that is refused."""
    record, issues = attempt(TRIAL, given, **options)
    assert record is None
    return issues


class TestRecordClass:
    """The class made of the facts."""

    def test_fields(self) -> None:
        """It is an attrs class whose fields are id, name and the facts, with label, unit and kind."""
        fields = attrs.fields_dict(TRIAL)

        assert ["id", "name", *(fact.name for fact in MODEL.facts)] == list(fields)
        assert {"label": "建筑面积", "unit": "m2", "kind": "measured", "form": "number"} == fields["area"].metadata
        assert {"label": "功能用房", "unit": "", "kind": "documented", "form": "set"} == fields["rooms"].metadata
        assert ("Teacher", TRIAL.Teacher) == (
            fields["teachers"].metadata["record"],
            fields["teachers"].metadata["class"],
        )
        assert "identity" == fields["id"].metadata["form"]
        assert "people" == fields["registered"].metadata["unit"]

    @pytest.mark.parametrize(
        ("name", "type_"),
        [
            ("id", str | None),
            ("area", int | Decimal | Fraction | None),
            ("open", bool | None),
            ("site", str | None),
            ("founded", date | None),
            ("rooms", Mapping[str, bool | None] | None),
            ("registered", Mapping[int, int | Decimal | Fraction | None] | None),
            ("teachers", tuple[TRIAL.Teacher, ...] | None),
        ],
    )
    def test_types(self, name: str, type_: object) -> None:
        """The fields have the types of their public values."""
        assert type_ == attrs.fields_dict(TRIAL)[name].type

    def test_signature(self) -> None:
        """The constructor shows its facts, keyword-only and None where they are left out."""
        parameter = inspect.signature(TRIAL).parameters["面积"]

        assert (inspect.Parameter.KEYWORD_ONLY, None) == (parameter.kind, parameter.default)

    def test_construction(self) -> None:
        """Values are converted as they are typed; elements of lists are records of their own classes."""
        record = TRIAL(**GIVEN)

        assert VALUES == values_of(record)
        assert [type(value) for value in VALUES.values() if not isinstance(value, dict)] == [
            type(value) for value in values_of(record).values() if not isinstance(value, FrozenMapping)
        ]

    def test_missing(self) -> None:
        """What is left out, blank or None is None."""
        record = TRIAL(area="", open=None, registered={}, rooms={"training": None})

        assert {None} == set(values_of(record).values())

    def test_repr(self) -> None:
        """The representation names what is given, as one would write it."""
        record = TRIAL(area="1.5", teachers=[{"name": "甲"}], rooms=["training"])

        assert (
            "trial.record(area=Decimal('1.5'), rooms={'training': True, 'reading': False}, "
            "teachers=(trial.record.Teacher(name='甲'),))"
        ) == repr(record)

    def test_equality(self) -> None:
        """Records are equal, and hashed alike, by content."""
        record = TRIAL(**VALUES)

        assert TRIAL(**GIVEN) == record
        assert hash(TRIAL(**GIVEN)) == hash(record)
        assert evolve(record, area=501) != record

    def test_frozen(self) -> None:
        """A record never changes and takes no further attributes."""
        record = TRIAL(area=1)

        for name in ("area", "_row", "other"):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(record, name, 2)
        assert not hasattr(record, "__dict__")

    def test_evolve(self) -> None:
        """`attrs.evolve` reads the new value and keeps the others."""
        record = evolve(TRIAL(**GIVEN), area="600平方米")

        assert {**VALUES, "area": 600} == values_of(record)
        with pytest.raises(InputError):
            evolve(record, area=-1)

    def test_copy(self) -> None:
        """A copy of what never changes is the thing itself."""
        record = TRIAL(area=1)

        assert copy.deepcopy([record])[0] is copy.copy(record) is record

    def test_names(self) -> None:
        """Facts may go by any name that a standard may give them."""
        facts = "self : m2 'x' cls : m2 'y' other : m2 'z' values : m2 'v' Teacher : m2 't' mro : m2 'm' keys : m2 'k'"
        text = STANDARD.replace("facts {", "facts { " + facts.replace("'", '"'))
        class_: Any = record_class(model_of(text), digest="names")
        record = class_(self=1, cls=2, other=3, values=4, Teacher=5, mro=6, keys=7)

        assert [1, 2, 3, 4, 5, 6, 7] == [
            getattr(record, name) for name in ("self", "cls", "other", "values", "Teacher", "mro", "keys")
        ]
        assert record == evolve(record)

    def test_element_classes(self) -> None:
        """The classes of elements are attributes of the class, and of the class that holds them."""
        assert TRIAL.Teacher.Course is TRIAL.Course

    def test_trusted(self) -> None:
        """Public values make the same record unchecked, with mappings for elements."""
        teachers = [
            {"name": "甲", "degree": "associate", "courses": ()},
            {"courses": ({"number": 1, "hours": Decimal("1.5")},)},
        ]
        record = trusted_record(TRIAL, {**VALUES, "teachers": teachers})

        assert TRIAL(**GIVEN) == record == trusted_record(TRIAL, VALUES)
        assert TRIAL(**GIVEN)._row == record._row


class TestRegistry:
    """Records across processes and loads."""

    def test_pickle(self) -> None:
        """A record is pickled as digest and values, with its row rebuilt."""
        record = TRIAL(**GIVEN)
        rebuilt = pickle.loads(pickle.dumps(record))  # noqa: S301

        assert record == rebuilt
        assert (type(record), record._row) == (type(rebuilt), rebuilt._row)

    def test_not_loaded(self) -> None:
        """A record of a standard that is not loaded raises an error that says so."""
        class_ = record_class(MODEL, digest="forgotten")
        pickled = pickle.dumps(class_(area=1))
        del class_
        gc.collect()

        with pytest.raises(StandardNotFound, match=r"not loaded here .`forgotten`.; load it first"):
            pickle.loads(pickled)  # noqa: S301

    def test_same_content(self) -> None:
        """The same standard loaded twice has one class; another one under the same digest does not."""
        assert record_class(model_of(STANDARD), digest="trial of the records") is TRIAL
        assert record_class(model_of(STANDARD.replace("建筑面积", "面积")), digest="other") is not TRIAL

    def test_digest_of_another(self) -> None:
        """A digest that is used for two models by mistake mixes nothing up."""
        first: Any = record_class(MODEL, digest="twice")
        second: Any = record_class(model_of(STANDARD.replace("area       :", "surface :")), digest="twice")

        assert first is not second
        assert second(surface=1).surface == 1


class TestRead:
    """Mappings into records."""

    def test_read(self) -> None:
        """A mapping by names or labels is read; a record is taken as it is."""
        record = read(TRIAL, GIVEN)

        assert VALUES == values_of(record)
        assert read(TRIAL, record) is record

    def test_labels(self) -> None:
        """Labels may be typed in full width or with blanks; id and name have Chinese labels too."""
        record = read(TRIAL, {"编号": 7, "名称": "示例学校", " 利用率　": "80%"})

        assert ("7", "示例学校", Decimal("0.8")) == (record.id, record.name, record.rate)

    def test_element(self) -> None:
        """An element of a list may be read alone."""
        assert TRIAL.Teacher(name="甲") == read(TRIAL.Teacher, {"姓名": "甲"})

    def test_every_issue(self) -> None:
        """All issues come at once, each with path, value and what is expected."""
        with pytest.raises(InputError) as raised:
            TRIAL(
                id="S01",
                area=-1,
                rate=80,
                registered={2021: "x", "2021年": 2},
                rooms={"training": "maybe", "cellar": True},
                teachers=[
                    {"degree": "good"},
                    {"name": "甲"},
                    {"name": "甲", "courses": [{"number": 1}, {"number": 2, "hours": "5元"}, {"number": 1.0}]},
                    "乙",
                    None,
                ],
                areaa=5,
            )

        assert [
            ("area", "-1"),
            ("rate", "80"),
            ("registered.2021", "x"),
            ("registered.2021", "2"),
            ("rooms.training", "maybe"),
            ("rooms.cellar", "cellar"),
            ("teachers[1].degree", "good"),
            ("teachers[3].courses[2].hours", "5元"),
            ("teachers[3].courses[3].number", "1"),
            ("teachers[4]", "乙"),
            ("teachers[5]", ""),
            ("areaa", "5"),
        ] == [(issue.path, issue.value) for issue in raised.value.issues]
        assert {"S01"} == {issue.institution for issue in raised.value.issues}

    def test_same_key_twice(self) -> None:
        """The same key twice in a list is an error at the second one; elements without a key are told apart anyway."""
        (issue,) = issues_of({"teachers": [{"name": "甲"}, {}, {}, {"name": " 甲 "}]})

        assert ("teachers[4].name", "甲") == (issue.path, issue.value)
        assert issue.expected.en == "a value of its own; entry 1 has this one"

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"areaa": 5}, "a fact of `trial`; did you mean `area`?"),
            ({"建筑面级": 5}, "a fact of `trial`; did you mean `建筑面积`?"),
            ({"zzz": 5}, "a fact of `trial`"),
            ({5: 5}, "a fact of `trial`"),
            ({None: 5}, "a fact of `trial`"),
            ({"_xyz": ()}, "a fact of `trial`"),
            ({"teachers": [{"nam": "x"}]}, "a field of `Teacher`; did you mean `name`?"),
            ({"teachers": [{"id": "x"}]}, "a field of `Teacher`"),
        ],
    )
    def test_unknown_name(self, given: dict[str, object], expected: str) -> None:
        """An unknown name is an error with the nearest name."""
        (issue,) = issues_of(given)

        assert expected == issue.expected.en

    def test_twice_by_name_and_label(self) -> None:
        """A fact given by name and by label is given twice."""
        (issue,) = issues_of({"area": 1, "建筑面积": 1})

        assert ("area", "one value for `area`, by name or by label") == (issue.path, issue.expected.en)

    def test_ambiguous_label(self) -> None:
        """A label of two facts names neither."""
        class_ = record_class(model_of(STANDARD.replace("分校面积", "建筑面积")), digest="ambiguous")
        record, issues = attempt(class_, {"建筑面积": 1})

        assert (None, ["建筑面积"]) == (record, [issue.path for issue in issues])

    @pytest.mark.parametrize("given", [None, 5, "x", [], [{"area": 1}], b"", object()])
    def test_no_mapping(self, given: object) -> None:
        """What is no mapping is one issue."""
        record, issues = attempt(TRIAL, given)

        assert (None, ["record"]) == (record, [issue.path for issue in issues])

    def test_places(self) -> None:
        """An issue carries the place of its value, or of the smallest thing around it that has one."""
        places = {"": "schools.csv:2", "teachers[2]": "teachers.csv:5", "area": "schools.csv:2:3"}
        given = {"area": -1, "rate": 80, "teachers": [{"degree": "x"}, {"degree": "x", "courses": [{"number": "x"}]}]}

        assert [
            ("area", "schools.csv:2:3"),
            ("rate", "schools.csv:2"),
            ("teachers[1].degree", "schools.csv:2"),
            ("teachers[2].degree", "teachers.csv:5"),
            ("teachers[2].courses[1].number", "teachers.csv:5"),
        ] == [(issue.path, issue.place) for issue in issues_of(given, places=places)]
        assert issues_of({"area": -1})[0].place is None

    def test_strange_names(self) -> None:
        """Long names and control characters are shown in short."""
        issues = issues_of({"x" * 10**6: 1, "a\x1b[31m": 1, "teachers": [{"\n": 1}]})

        assert ["x" * 59 + "…", "a\\x1b[31m", "teachers[1].\\n"] == [issue.path for issue in issues]

    def test_example_data(self) -> None:
        """Numbers of JSON keep their text."""
        assert Decimal("0.12345678901234567890123") == read(TRIAL, {"rate": Numeral("0.12345678901234567890123")}).rate

    def test_many_elements(self) -> None:
        """A long list is read in time linear in its length."""
        record = read(TRIAL, {"teachers": [{"name": str(number)} for number in range(20_000)]})

        assert 20_000 == len(record.teachers)


class TestContradictions:
    """What valid values say that cannot be."""

    @staticmethod
    def found(record: Record, assessed_on: date | None) -> tuple[InputIssue, ...]:
        """Refuse an area of 13."""
        assert assessed_on is None
        return (InputIssue("area", "13", Words("another", "另一个")),) if record.area == 13 else ()

    def test_refused(self) -> None:
        """They are issues of the record, with its id and place; the elements of lists are not asked."""
        class_: Any = record_class(MODEL, digest="contradictions", contradictions=self.found)
        record, issues = attempt(class_, {"id": "S01", "area": 13}, places={"area": "a.csv:2"})

        assert (None, (InputIssue("area", "13", Words("another", "另一个"), "S01", "a.csv:2"),)) == (record, issues)
        assert 12 == class_(area=12, teachers=[{}]).area
        with pytest.raises(InputError):
            evolve(class_(area=12), area=13)


class TestRow:
    """The row beside the values."""

    def test_layout(self) -> None:
        """The row holds integers, bits and tuples in the order of the facts; id and name have no place in it."""
        record = TRIAL(**GIVEN)

        assert (
            5_000_000, 2_707_950, 31_000, 20, 800_000_000, -80_000_000, 22_500, True, 1,
            date(2022, 9, 1).toordinal(), "17", 1, 0, {2021: 1200, 2022: None},
            (("甲", 1, ()), (None, None, ((1, 15_000),))), 30_000,
        ) == record._row  # fmt: skip

    def test_missing(self) -> None:
        """What is missing is None, no bits of a set, no years of a series."""
        assert (*[None] * 11, 0, 0, {}, *[None] * 2) == TRIAL()._row

    @pytest.mark.parametrize(
        "given",
        [
            {"area": "1亩"},
            {"area": "0.00001"},
            {"area": 10**13},
            {"funding": "0.001元"},
            {"funding": 0.001},
            {"population": 10**17},
            {"registered": {2021: 10**17}},
            {"teachers": [{"courses": [{"hours": "1/3"}, {"hours": Fraction(1, 3)}][1:]}]},
        ],
    )
    def test_no_row(self, given: dict[str, object]) -> None:
        """A value that a row cannot hold exactly leaves the record without one."""
        assert TRIAL(**given)._row is None

    @given(st.lists(st.tuples(st.integers(0, rows.LIMIT - 1), st.integers(1, rows.LIMIT - 1)), min_size=2, max_size=4))
    def test_shares_are_in_the_order_of_the_fractions(self, pairs: list[tuple[int, int]]) -> None:
        """Shares of a row are equal where the fractions are, and in the same order where they are not."""
        above, below = (dict(enumerate(numbers)) for numbers in zip(*pairs, strict=True))
        shares = [share for share in rows.shares(above, below).values() if share is not None]
        fractions = [Fraction(*pair) for pair in pairs]

        for one, fraction in zip(shares, fractions, strict=True):
            for other, another in zip(shares, fractions, strict=True):
                assert (fraction < another, fraction == another) == (one < other, one == other)

    @pytest.mark.parametrize("close", [(rows.LIMIT - 2, rows.LIMIT - 1), (rows.LIMIT - 3, rows.LIMIT - 2)])
    def test_closest_shares_differ(self, close: tuple[int, int]) -> None:
        """The closest fractions that rows can hold have different shares."""
        above, below = {1: close[0], 2: rows.LIMIT - 4}, {1: close[1], 2: rows.LIMIT - 3}
        first, second = rows.shares(above, below).values()

        assert first is not None
        assert second is not None
        assert first > second

    def test_gap(self) -> None:
        """The years between are in the row, blank."""
        row = TRIAL(registered={2020: 1, 2023: 4})._row

        assert row is not None
        assert {2020: 1, 2021: None, 2022: None, 2023: 4} in row

    @given(st.decimals(0, 10**10, places=4), st.integers(0, 10**16), st.decimals(-10, 10, places=9))
    def test_exact(self, area: Decimal, population: int, growth: Decimal) -> None:
        """The integers of a row are the values times their scale."""
        row = TRIAL(area=area, population=population, growth=growth)._row
        slots = rows.layout(MODEL.facts)

        assert row is not None
        assert [Fraction(area) * 10**4, population, Fraction(growth) * 10**9] == [
            row[slots[name].index] for name in ("area", "population", "growth")
        ]

    @given(st.builds(dict, area=st.fractions(0, 10), rooms=st.lists(st.sampled_from(["training"]), max_size=1)))
    def test_same_as_row_of(self, given: dict[str, object]) -> None:
        """The row of a record is the row of its values."""
        record = TRIAL(**given, teachers=GIVEN["teachers"])

        assert rows.row_of(MODEL, MODEL.facts, values_of(record)) == record._row


JSON_LIKE: st.SearchStrategy[object] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["甲", "80%", "2021", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "courses", "number", "hours", "training", "2021", "2021年", "degree"]) | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


class TestAnyData:
    """Data of every kind."""

    @given(st.dictionaries(st.sampled_from(list(VALUES)) | st.text(), JSON_LIKE))
    def test_record_or_issues(self, given: dict[str, object]) -> None:
        """Any mapping is a record, equal to what is read from its values, or has issues at paths that begin with its keys."""
        record, issues = attempt(TRIAL, given)

        assert (record is None) == bool(issues)
        if record is not None:
            assert record == TRIAL(**values_of(record)) == pickle.loads(pickle.dumps(record))  # noqa: S301
            assert record._row == rows.row_of(MODEL, MODEL.facts, values_of(record))
        for issue in issues:
            assert issue.message("en")
            assert issue.message("zh")
            assert len(issue.value) <= 60

    @given(st.sampled_from(["area", "rate", "open", "site", "founded", "rooms", "registered", "teachers"]), st.data())
    def test_bad_values_are_named(self, name: str, data: st.DataObject) -> None:
        """A bad value anywhere in good data is told at its path, and nothing else is."""
        bad = data.draw(st.sampled_from(["x", float("nan"), b"", 1j, object(), -1.5]))
        issues = issues_of({**GIVEN, name: bad} if name != "site" else {**GIVEN, "办学场所": bad})

        assert [(name, "S01")] == [(issue.path, issue.institution) for issue in issues]


# --- the function that is written for a class ------------------------------------------------------------------------

_PLAIN = {
    "id": st.sampled_from(["S1", " S2 ", 3, 1.5]),
    "area": st.sampled_from(
        [500, 499.5, 0.0, 450.123456, "500 m2", "1亩", -1, True, float("nan"), 10**13, Decimal("1.5")]
    ),
    "funding": st.sampled_from([1, 0.5, 0.001, 1e20, "3万", 10**10]),
    "population": st.sampled_from([0, 2**31, 10**17, -1, 3.0, "12", True]),
    "students": st.sampled_from([0, 1, 500, 501]),
    "rate": st.sampled_from([0, 0.8, 1, 80, "80%", 0.1234567891]),
    "growth": st.sampled_from([-0.5, 2, "5%"]),
    "hours": st.sampled_from([7.5, "2学时"]),
    "open": st.sampled_from([True, False, "是", "maybe", 1]),
    "site": st.sampled_from(["shared", "独立设置", "", [], "nowhere"]),
    "founded": st.sampled_from([date(2022, 9, 1), "2022-09-01", "x"]),
    "contact": st.sampled_from([" a ", "", 17]),
    "rooms": st.sampled_from([["training"], [], {"reading": "是"}, ["x"]]),
    "registered": st.sampled_from([{2021: 5, 2022: None}, {2021: 5, 2023: 6}, {}, {2021: -1}, {2022: 1, 2021: 2}, [1]]),
    "teachers": st.none()
    | st.just("x")
    | st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "name": st.sampled_from(["甲", "乙", None]),
                "degree": st.sampled_from(["senior", "专科", "x"]),
                "courses": st.lists(
                    st.fixed_dictionaries(
                        {"number": st.integers(0, 3)}, optional={"hours": st.sampled_from([1, "1/3"])}
                    ),
                    max_size=2,
                ),
                "学历": st.just("senior"),
            },
        )
        | st.just(17),
        max_size=3,
    ),
    "面积": st.sampled_from([1, 2.5, None]),
    "分校面积": st.just(1),
    "unknown": st.just(1),
}
MAPPINGS = st.lists(st.sampled_from(sorted(_PLAIN)), unique=True, max_size=8).flatmap(
    lambda names: st.fixed_dictionaries({name: _PLAIN[name] for name in names})
)


def warmed_class() -> Any:  # noqa: ANN401 -- its fields depend on the standard
    """Return the class of records, with a function written for it."""
    class_ = record_class(MODEL, digest="warmed")
    for _ in range(PATIENCE + 1):
        attempt(class_, {"teachers": [{"courses": [{}]}]})
    return class_


WARMED = warmed_class()
PATIENT: Any = record_class(MODEL, digest="patient")
for each_class in (PATIENT, PATIENT.Teacher, PATIENT.Course):
    each_class._plan._taken = -(10**9)  # so many records that no function is written in a run of these tests


def told(class_: Any, given: Mapping[str, object]) -> tuple[object, ...]:  # noqa: ANN401
    """Return all that is known of what becomes of a mapping: issues, values, row, and classes."""
    record, issues = attempt(class_, given)
    if record is None:
        return (issues,)
    listed = record.teachers or ()
    values = [getattr(record, fact.name) for fact in MODEL.facts if fact.name != "teachers"]
    elements = [(each.name, each.degree, each.courses and len(each.courses), each._row) for each in listed]
    assert {class_} | {class_.Teacher} >= {type(each) for each in (record, *listed)}
    return issues, values, [type(value) for value in values], elements, record._row, record.id


class TestWrittenFunction:
    """Records of which there are many are filled by a function that is written for their class."""

    def test_is_written_after_a_while(self) -> None:
        """A handful of records needs none; nor is one used where threads would have to stop for each record."""
        fresh = record_class(MODEL, digest="fresh")
        attempt(fresh, {})
        locked = getattr(sys, "_is_gil_enabled", lambda: True)()

        assert (True, not locked) == (fresh._plan._way[0] is None, WARMED._plan._way[0] is None)

    def test_is_not_written_where_slots_differ(self) -> None:
        """Records are then filled fact by fact."""
        filling = WARMED._plan.filling()

        assert filler(MODEL, filling._replace(open=Record), identified=True) is None

    @given(MAPPINGS)
    def test_makes_the_same_records_and_issues(self, given: dict[str, object]) -> None:
        """Values, rows, types and problems are those that reading fact by fact gives."""
        assert told(PATIENT, given) == told(WARMED, given)

    def test_takes_long_lists(self) -> None:
        """A list of thousands is read as one of a few."""
        given = {"teachers": [{"name": str(number)} for number in range(LENGTH_LIMIT + 1)]}

        assert told(PATIENT, given) == told(WARMED, given)

    def test_leaves_no_open_record(self) -> None:
        """A record that is refused keeps its class, and stays frozen."""
        refused: Any = object.__new__(WARMED)
        with pytest.raises(InputError):
            refused.__init__(area=-1)

        assert type(refused) is WARMED
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            refused.area = 1

    def test_makes_frozen_records(self) -> None:
        """So does the constructor, and weak references to them are possible as ever."""
        record: Any = WARMED(area=1, teachers=[{"name": "甲"}])

        made: list[Any] = [record, *record.teachers]
        for each in made:
            assert [each] == [weakref.ref(each)()]
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                each.name = "乙"
