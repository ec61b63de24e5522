"""The compiled functions that answer for records and for instances: what they leave to others, and how they look."""

import ast
import functools
import math
import operator
import pickle
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules as cr
from cedu_rules.backends.python import functions, instances, simplifying
from cedu_rules.backends.python.runtime import quotients_rise
from cedu_rules.backends.warming import PATIENCE
from cedu_rules.rows import shares
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import INFINITY, Interval, Series

DAY = date(2026, 3, 1)
TEXT = """
standard small "小标准"
source "某办法" annex 1
effective from 2022-09-01
facts {
  site      : choice { own "自有", shared "合用" } "场地"
  area      : m2 when site = own "面积"
  host      : choice { one "一", two "二" } when site = shared "单位"
  licensed  : bool when host = one "资质"
  papers    : count "报"
  journals  : count "刊"
  opened_on : date "开办日"
  visits    : yearly people "人数"
  people    : yearly people "人口"
  check opened_on <= assessed_on "开办日不晚于考核日"
}

let may_share = (if host = one then licensed) and site = shared
section "一" "二" {
  clause site "场地" { must site = own or may_share }
  clause area "面积" { must area >= 500.5 m2 }
  clause reading "报刊" { must papers + journals >= 10 }
  clause growth "增长" { must rises(visits / people) }
}
"""


def warmed() -> cr.Standard:
    """Return a standard whose compiled functions answer."""
    standard = cr.loads(TEXT)
    for _ in range(PATIENCE + 1):
        standard.statuses({})
    return standard


class TestPublished:
    """The function that stands in place of `Standard.statuses`."""

    def test_takes_the_place_of_the_method(self) -> None:
        """After some questions the compiled function is what is called, and its docstring is that of the method."""
        standard = warmed()

        assert not hasattr(standard.statuses, "__self__")
        assert cr.Standard.statuses.__doc__ == standard.statuses.__doc__

    def test_leaves_a_mapping_to_the_method(self) -> None:
        """A mapping is read, and what is wrong with it is told."""
        standard = warmed()

        assert standard.statuses(standard.record(papers=10)) == standard.statuses({"papers": 10})
        with pytest.raises(cr.InputError, match="papers"):
            standard.statuses({"papers": -1})

    def test_refuses_records_of_another_standard(self) -> None:
        """A record of another standard is none of this one."""
        other = cr.loads(TEXT.replace("小标准", "另一标准")).record(papers=10)

        with pytest.raises(cr.InputError):
            warmed().statuses(other)

    def test_leaves_other_days_to_the_method(self) -> None:
        """What is no date is a mistake in the program; a date with a time is a date."""
        standard: Any = warmed()
        record = standard.record(papers=10, journals=3)

        assert standard.statuses(record, assessed_on=DAY) == standard.statuses(record, assessed_on=datetime(2026, 3, 1))  # noqa: DTZ001 -- a day
        with pytest.raises(TypeError, match="found a `str`"):
            standard.statuses(record, assessed_on="2026-03-01")

    def test_tells_what_the_day_makes_impossible(self) -> None:
        """A check that reads the day refuses a record on one day and not on another."""
        standard = warmed()
        record = standard.record(opened_on=DAY)

        assert standard.statuses(record, assessed_on=DAY)
        with pytest.raises(cr.InputError, match="opened_on"):
            standard.statuses(record, assessed_on=date(2026, 2, 28))

    def test_stays_behind_when_the_standard_travels(self) -> None:
        """A pickled standard is rebuilt without it, and answers the same."""
        standard = warmed()
        rebuilt = pickle.loads(pickle.dumps(standard))  # noqa: S301 -- our own bytes

        assert standard == rebuilt
        assert standard.statuses({"papers": 10}) == rebuilt.statuses({"papers": 10})


class TestCode:
    """How the generated code looks."""

    @pytest.fixture
    def lines(self) -> list[str]:
        """Return the lines of the fused function, without the numbers of its names."""
        _writer, function = functions.statuses_function(cr.loads(TEXT).model)
        return [line.strip() for line in ast.unparse(function).splitlines()]

    def test_sets_statuses_in_the_branches(self, lines: list[str]) -> None:
        """A comparison in a branch gives the status, no truth that is turned into one later."""
        (line,) = [line for line in lines if "+" in line]

        assert line.endswith(">= 10 else FAIL")
        assert " = PASS if " in line

    def test_decides_together_what_one_branch_decides(self, lines: list[str]) -> None:
        """Where the site is not shared, there is neither host nor licence, and the clause on the site is met: one branch."""
        start = lines.index("if site_1 is not None and site_1 == 0:")
        branch = lines[start + 1 : lines.index("else:", start)]

        assert ["PASS"] == [line.rpartition(" = ")[2] for line in branch if line.startswith("answer_")]
        assert not any("host" in line or "licensed" in line for line in branch)

    def test_reads_a_number_as_the_caller_holds_it(self) -> None:
        """Trusted, a measure that is only compared is not scaled."""
        own = attrs.make_class("Own", ["area"])
        given_ = instances.Instances(own, frozenset({"area"}))
        ways = instances.Ways(lambda _instance, _day: (), lambda instance: instance)
        _writer, function = instances.instances_function(cr.loads(TEXT).model, given_, ways, trusted=True)
        text = ast.unparse(function)

        assert "= record.area\n" in text
        assert "5005000" not in text


class TestTrusted:
    """Values of instances that nobody checks."""

    @pytest.mark.parametrize(
        "area",
        [500, 501, Decimal("500.5"), Decimal("500.4999999999999999999999"), Fraction(1001, 2), Fraction(1501, 3)],
    )
    def test_compares_any_exact_number(self, area: Any) -> None:  # noqa: ANN401
        """Ints, Decimals and Fractions are compared as they are, with all their digits."""
        standard = cr.loads(TEXT)
        own = attrs.make_class("Own", ["site", "area"])
        evaluator: cr.Evaluator[Any] = standard.bind(own, trusted=True)
        found = {evaluator.statuses(own("own", area))[1] for _ in range(PATIENCE + 2)}

        assert {cr.Status.PASS if area >= Fraction(1001, 2) else cr.Status.FAIL} == found

    def test_takes_values_when_it_is_asked(self) -> None:
        """An instance that changes is answered as it is at that moment."""
        own = attrs.make_class("Own", ["papers", "journals"])
        evaluator: cr.Evaluator[Any] = cr.loads(TEXT).bind(own, trusted=True)
        instance = own(9, 0)
        for _ in range(PATIENCE + 1):
            evaluator.statuses(instance)
        before = evaluator.statuses(instance)[2]
        instance.papers = 10

        assert (cr.Status.FAIL, cr.Status.PASS) == (before, evaluator.statuses(instance)[2])


class TestElements:
    """Elements of the lists of instances."""

    def test_may_be_mappings_whatever_their_fields_are_called(self) -> None:
        """A mapping among trusted elements is read by its keys, even where it has an attribute of the name of a field."""
        text = TEXT.replace("  check", '  shelves : list of Shelf "书架"\n  check').replace(
            "let may_share", 'record Shelf { values : bool "齐全" }\nlet may_share'
        )
        standard = cr.loads(text.replace("papers + journals", "papers + count(s for s in shelves where s.values)"))
        shelf: Any = attrs.make_class("OwnShelf", ["values"])
        own = attrs.make_class("Own", {"papers": attrs.field(), "shelves": attrs.field(type=list[shelf])})
        evaluator: cr.Evaluator[Any] = standard.bind(own, trusted=True)
        listed = [shelf(True), {"values": False}]
        found = {evaluator.statuses(own(8, listed))[2] for _ in range(PATIENCE + 2)}

        assert {cr.Status.FAIL} == found

    @pytest.mark.parametrize("identity", ["S1", 17, None])
    def test_have_an_owner_with_any_identity(self, identity: Any) -> None:  # noqa: ANN401
        """An id that is a text or a whole number is right, and any other value is told."""
        own = attrs.make_class("Own", ["id", "papers"])
        evaluator: cr.Evaluator[Any] = cr.loads(TEXT).bind(own)
        found = {evaluator.statuses(own(identity, 10))[2] for _ in range(PATIENCE + 2)}

        assert {cr.Status.PASS} == found
        with pytest.raises(cr.InputError, match="id"):
            evaluator.statuses(own(1.5, 10))


amounts = st.dictionaries(st.integers(2019, 2023), st.none() | st.integers(0, 3), max_size=4)


@given(amounts, amounts)
def test_quotients_rise_as_intervals_do(above: dict[int, int | None], below: dict[int, int | None]) -> None:
    """What the loop over two series says, gaps and any order included, is what the definition says of their quotients."""

    def filled(series: dict[int, int | None]) -> dict[int, int | None]:
        return {year: series.get(year) for year in range(min(series, default=0), max(series, default=-1) + 1)}

    quotients = [
        Interval(-INFINITY, INFINITY)
        if share is None
        else Interval(0, INFINITY)
        if share < 0
        else Interval(share, share)
        for share in shares(filled(above), filled(below)).values()
    ]

    assert Series(0, tuple(quotients), Interval(-INFINITY, INFINITY)).rises() == quotients_rise(above, below)


YEARS_TEXT = TEXT.replace("let may_share", "let share = visits / people\nlet may_share").replace(
    "rises(visits / people) }", 'rises(share) }  clause share "比率" { must share[assessed_year] >= 80% }'
)
ENDS = st.sampled_from([-math.inf, math.inf, 0.0])
AMOUNTS = st.none() | st.integers(0, 5) | st.sampled_from([10**16, 10**16 - 1, 10**16 + 1])
YEARLY = st.none() | st.dictionaries(st.integers(2018, 2023), AMOUNTS, max_size=5)


PLAIN = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq}


@attrs.define
class Own:
    """An institution of a caller, which a standard asks for some of its facts."""

    site: Any = None
    area: Any = None
    visits: Any = None
    people: Any = None


@functools.cache
def compiled_for(text: str, *, trusted: bool) -> Any:  # noqa: ANN401 -- an evaluator of `Own`
    """Return an evaluator that is compiled already."""
    evaluator = cr.loads(text).bind(Own, trusted=trusted)
    for _ in range(PATIENCE + 2):
        evaluator.statuses(Own())
    return evaluator


CHECKED, TRUSTED = (compiled_for(YEARS_TEXT, trusted=trusted) for trusted in (False, True))


def answer(statuses: Any, given: object) -> object:  # noqa: ANN401 -- what gives statuses
    """Return the statuses, or what is wrong with the input."""
    try:
        return statuses(given)
    except cr.InputError as error:
        return str(error)


class TestFloats:
    """Measures that are only compared are compared as the caller holds them, floats included."""

    @given(st.data())
    def test_compare_as_their_decimals(self, data: st.DataObject) -> None:
        """A float stands for the shortest decimal that is nearest to it, next to a limit as well."""
        near = st.sampled_from([500.5, 0.1, 0.0, 1e11, 1e15]).map(lambda end: math.nextafter(end, data.draw(ENDS)))
        others = st.integers(-1, 2000) | st.decimals(0, 1000, places=3) | st.sampled_from(["500.5 m2", "", 500.5])
        area = data.draw(near | st.floats() | others)

        assert answer(CHECKED.standard.statuses, {"site": "own", "area": area}) == answer(
            CHECKED.statuses, Own("own", area)
        )

    @given(
        st.sampled_from(["500.5", "500", "0.3", "0.1", "2.675", "1e11"]),
        st.sampled_from(sorted(PLAIN)),
        st.data(),
    )
    def test_compare_with_any_limit_when_trusted(self, limit: str, sign: str, data: st.DataObject) -> None:
        """A trusted number of any type is compared exactly, right below, at and above a limit of any digits."""
        number = float(limit)
        near = st.sampled_from([-math.inf, number, math.inf]).map(lambda end: math.nextafter(number, end))
        exact = st.sampled_from([Decimal(limit), Fraction(limit), Fraction(limit) + Fraction(1, 3), int(number)])
        area: Any = data.draw(near | exact)
        text = TEXT.replace("area >= 500.5 m2", f"area {sign} {Decimal(limit):f} m2")
        evaluator = compiled_for(text, trusted=True)
        read = Fraction(repr(area)) if isinstance(area, float) else Fraction(area)
        expected = PLAIN[sign](read, Fraction(limit))

        assert (evaluator.statuses(Own("own", area))[1] is cr.Status.PASS) is expected

    def test_that_are_not_finite_are_told_when_trusted(self) -> None:
        """What is no number at all is told as where values are checked, as long as a record is made."""
        report = TRUSTED.evaluate(Own("own", math.nan))

        assert report.verdict is cr.Verdict.INVALID
        assert report.errors[0].path == "area"

    def test_are_read_without_scaling(self) -> None:
        """Neither rounded nor multiplied."""
        given_ = instances.Instances(Own, frozenset({"area"}))
        ways = instances.Ways(lambda _instance, _day: (), lambda instance: instance)
        _writer, function = instances.instances_function(cr.loads(TEXT).model, given_, ways, trusted=False)
        text = ast.unparse(function)

        assert ">= 500.5" in text
        assert "round(" not in text


class TestYears:
    """Quotients of series of instances, year by year, whatever is blank, left out or out of order."""

    @given(YEARLY, YEARLY, st.sampled_from([date(2022, 1, 1), date(2020, 1, 1), None]))
    def test_are_answered_as_those_of_records(
        self, visits: dict[int, int | None] | None, people: dict[int, int | None] | None, day: date | None
    ) -> None:
        """In any order of the years, and quotients that are one float told apart."""
        standard = CHECKED.standard
        record = standard.record(visits=visits, people=people)
        evaluation = Evaluation(standard.model, record, day)
        expected = tuple(evaluation.status(clause) for clause in standard.model.clauses)

        assert expected == standard.statuses(record, assessed_on=day)
        assert expected == CHECKED.statuses(Own(visits=visits, people=people), assessed_on=day)
        assert expected == TRUSTED.statuses(Own(visits=visits or None, people=people or None), assessed_on=day)
        assert expected == TRUSTED.statuses(Own(visits=record.visits, people=record.people), assessed_on=day)


class TestSimplifying:
    """Code where some names are known."""

    @pytest.mark.parametrize(
        ("text", "simpler"),
        [
            ("a if x == 0 else b", "a"),
            ("a if x is None or y else b", "a if y else b"),
            ("a if y and x == 0 else b", "a if y else b"),
            ("a if y and x == 1 else b", "b"),
            ("y and x == 1", "y and False"),
            ("a if not x else b", "a"),
            ("a if x < None else b", "a if x < None else b"),
            ("y + 1", "y + 1"),
        ],
    )
    def test_leaves_out_what_is_decided(self, text: str, simpler: str) -> None:
        """With `x` known to be 0; what would fail still fails, and the value of `and` stays what it is."""
        found = simplifying.simplified(ast.parse(text, mode="eval").body, {"x": 0})

        assert simpler == ast.unparse(found)

    def test_knows_what_a_test_compares(self) -> None:
        """What a test, if it holds, says of names; a truth is no number."""
        test = ast.parse("x == 3 and y is not None and z == 'a' and w == True", mode="eval").body
        known = simplifying.known_where(test)

        assert {"x": 3, "z": "a"} == {name: value for name, value in known.items() if isinstance(name, str)}
        assert known["y", ast.Is, None] is False

    def test_knows_what_a_test_that_fails_compares(self) -> None:
        """Where an `or` fails so does each of its limbs; of an `and` nothing is known, nor of a name that is set."""
        either, both = (ast.parse(f"x != 3 {word} y is None", mode="eval").body for word in ("or", "and"))
        known = simplifying.known_unless(either)

        assert known["x"] == 3
        assert known["y", ast.IsNot, None] is True
        assert simplifying.known_unless(both) == {}
        assert {"y", "x"}.isdisjoint(simplifying.known_unless(either, set_={"x", "y"}))
