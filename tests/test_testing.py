"""Ready-made strategies and properties for users' own tests: what is drawn is as asked, none is thrown away, all shrink."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import fields
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from cedu_rules import Record, Standard, Status, Verdict, load, loads
from cedu_rules.testing import (
    assert_never_weaker,
    assert_same_meaning,
    failing,
    near,
    partial_records,
    passing,
    records,
    standards,
)
from cedu_rules.testing.registration import register
from tests.steps import steps_of

ROOT = Path(__file__).parents[1]
DAY = date(2022, 12, 1)
OPEN_DAY = date(2025, 12, 31)
SHIPPED = ("centre", "college", "school")
SEARCH = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
CITY = """standard city "市级标准" source "虚构"
type Degree = level { junior "初中" < associate "大专" < bachelor "本科" }
facts {
  area       : m2 "面积"
  residents  : people "居民"
  teachers   : list of Teacher "教师"
  opened     : date "开办"
  visitors   : yearly people "人次"
  growing    : judged bool "有发展"
  part       : count "兼职"
}
record Teacher key name { name : text "姓名"  degree : Degree "学历"  hours : count "课时" }
section "甲" "乙" {
  clause space "面积" { must area >= 100 m2 + 2 m2 * count(teachers) }
  clause staff "教师" {
    must at least 2 of (
      count(t for t in teachers where t.degree >= associate) >= 2,
      sum(t.hours for t in teachers) > 40,
      average(t.hours for t in teachers) >= 20
    )
  }
  clause age "年限" { when area > 0 m2  must opened + 2 years <= assessed_on and year(opened) >= 2000 }
  clause crowd "人数" {
    must ceil(residents / 300) <= part
    must average(visitors, 3) >= 50 and visitors[assessed_year] >= 60
    must area / residents >= (by residents { <= 1000: 2 m2, else: 1 m2 })
  }
  clause advice "建议" { should growing or passes(space) }
}
"""
IMPOSSIBLE = (
    'standard s "t" source "d"\nfacts { n : count "数" }\nsection "a" "b" { clause c "d" { must n >= 5  must n < 5 } }'
)


def drawn(strategy: st.SearchStrategy[Any], number: int = 12) -> list[Any]:
    """Return some examples, the same ones every time; none may be thrown away on the way."""
    found: list[Any] = []
    thrown_away = 0

    @settings(SEARCH, max_examples=number, phases=[Phase.generate])
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        nonlocal thrown_away
        try:
            found.append(data.draw(strategy))
        except UnsatisfiedAssumption:
            thrown_away += 1
            raise

    collect()

    assert thrown_away == 0
    return found


def given_facts(record: Record) -> dict[str, Any]:
    """Return the recorded facts of a record."""
    return {each.name: value for each in fields(type(record)) if (value := getattr(record, each.name)) is not None}


@pytest.fixture(params=SHIPPED)
def standard(request: pytest.FixtureRequest) -> Standard:
    """Return each standard that we ship."""
    return load(request.param)


class TestPassing:
    """`passing(standard, clause)`."""

    def test_a_whole_standard_conforms(self, standard: Standard) -> None:
        """The verdict of every example is `conforms`, and no example is thrown away."""
        verdicts = {
            standard.evaluate(record, assessed_on=DAY).verdict for record in drawn(passing(standard, assessed_on=DAY))
        }

        assert {Verdict.CONFORMS} == verdicts

    def test_without_a_day_nothing_fails(self, standard: Standard) -> None:
        """On an unknown day no clause fails, and on the documented day all pass."""
        for record in drawn(passing(standard), 10):
            assert not standard.evaluate(record).failed
            assert standard.evaluate(record, assessed_on=OPEN_DAY).verdict is Verdict.CONFORMS

    def test_each_clause_passes(self, standard: Standard) -> None:
        """For each clause of what we ship there are records on which it passes, and does not just not apply."""
        for clause in standard.clauses.values():
            for record in drawn(passing(standard, clause.id, assessed_on=DAY), 1):
                assert (clause.id, Status.PASS) == (clause.id, clause.status(record, assessed_on=DAY))

    def test_reach_more_than_the_smallest(self) -> None:
        """Longer lists, other ways through an `or`, and facts that no clause reads occur."""
        found = drawn(passing(load("school"), assessed_on=DAY), 40)

        assert {3, 4, 5} <= {len(record.teachers) for record in found}
        assert {"independent", "shared"} == {record.site for record in found}
        assert {True, False} == {record.donations is None for record in found}

    def test_shrink_to_what_is_asked_for(self) -> None:
        """The smallest example has the facts of the clause alone, on its thresholds."""
        found = find(passing(load("college"), "teaching_staff"), lambda record: record.population > 0, settings=SEARCH)

        assert {"population", "teachers_full_time", "teachers_part_time", "expertise"} == set(given_facts(found))
        assert (1, 0) == (found.teachers_full_time, found.teachers_part_time)

    def test_are_drawn_quickly(self) -> None:
        """One example of a whole school is a few milliseconds of work, Hypothesis included."""
        strategy = passing(load("school"), assessed_on=DAY)
        drawn(strategy, 3)

        assert steps_of(lambda: drawn(strategy, 20)) / 20 < 300_000  # about 75,000


class TestFailing:
    """`failing(standard, clause)`."""

    @pytest.mark.parametrize("day", [None, DAY])
    def test_each_clause_fails(self, standard: Standard, day: date | None) -> None:
        """For each clause of what we ship there are records on which it fails, also on an unknown day."""
        for clause in standard.clauses.values():
            wanted = Status.NOT_MET if clause.clause.advisory else Status.FAIL
            for record in drawn(failing(standard, clause.id, assessed_on=day), 1):
                assert (clause.id, wanted) == (clause.id, clause.status(record, assessed_on=day))

    def test_some_clause_fails(self, standard: Standard) -> None:
        """Without a clause, each example fails one, and not always the same."""
        reports = [standard.evaluate(record) for record in drawn(failing(standard))]

        assert {Verdict.FAILS} == {report.verdict for report in reports}
        assert len({report.failed[0].clause.id for report in reports}) > 1

    def test_shrink_to_the_number_below_the_threshold(self) -> None:
        """The smallest school that fails for its area has that fact, the one that it hangs on, and nothing else."""
        found = find(failing(load("school"), "floor_area"), lambda record: record.area is not None, settings=SEARCH)

        assert {"site": "independent", "area": Decimal("499.99")} == given_facts(found)

    def test_shrink_to_one_element(self) -> None:
        """The smallest list with an unqualified teacher has one teacher."""
        standard = loads(
            'standard s "t" source "d"\nfacts { n : count "数"  teachers : list of T "甲" }\n'
            'record T { hours : count "时" }\nsection "a" "b" { clause c "d" { must all(t.hours >= 10 for t in teachers) } }'
        )
        found = find(failing(standard, "c"), lambda _: True, settings=SEARCH)

        assert (1, 9, None) == (len(found.teachers), found.teachers[0].hours, found.n)


class TestNear:
    """`near(standard, clause)`."""

    def test_below_on_and_above(self) -> None:
        """The threshold and its two neighbours occur."""
        found = {record.books for record in drawn(near(load("centre"), "reading_room"), 20)}

        assert {999, 1000, 1001} == found

    def test_the_comparison_decides(self, standard: Standard) -> None:
        """Next to the thresholds of each clause it passes and it fails, or does not apply."""
        for clause in standard.clauses.values():
            try:
                strategy = near(standard, clause.id, assessed_on=DAY)
            except ValueError:
                continue
            statuses = {clause.status(record, assessed_on=DAY) for record in drawn(strategy, 12)}

            assert (clause.id, 2) <= (clause.id, len(statuses)), statuses

    def test_counts_levels_and_trends(self) -> None:
        """Numbers of elements, levels and years that stop to rise have neighbours, too."""
        school = load("school")
        counts = {
            sum(teacher.full_time is True for teacher in record.teachers)
            for record in drawn(near(school, "teacher_quality"), 30)
        }
        degrees = {
            teacher.degree for record in drawn(near(school, "teacher_quality"), 30) for teacher in record.teachers
        }

        assert {1, 2, 3} <= counts
        assert {"secondary_vocational", "associate", "bachelor"} <= degrees

    def test_any_clause(self) -> None:
        """Without a clause, the thresholds of more than one occur."""
        found = drawn(near(load("centre")), 60)

        assert {Decimal("59.99"), 60, Decimal("60.01")} & {record.area for record in found}
        assert {999, 1000, 1001} & {record.books for record in found}


class TestRecords:
    """`records` and `partial_records` of what we ship."""

    @pytest.mark.parametrize("strategy", [records, partial_records])
    @pytest.mark.parametrize("day", [None, DAY])
    def test_none_is_thrown_away(self, standard: Standard, strategy: Callable[..., Any], day: date | None) -> None:
        """Every example is valid on the day, and used."""
        for record in drawn(strategy(standard, assessed_on=day), 8):
            assert standard.evaluate(record, assessed_on=day).errors == ()


class TestOtherStandards:
    """Standards of users."""

    @pytest.mark.parametrize("clause", ["space", "staff", "age", "crowd", "advice"])
    def test_many_forms(self, clause: str) -> None:
        """Tables, dates, averages, rounding, k of n, and demands on other clauses can be met, and not met."""
        city = loads(CITY)
        predicate = city.clauses[clause]
        met = {predicate.status(record, assessed_on=DAY) for record in drawn(passing(city, clause, assessed_on=DAY))}
        unmet = {predicate.status(record, assessed_on=DAY) for record in drawn(failing(city, clause, assessed_on=DAY))}

        assert ({Status.PASS}, {Status.NOT_MET if clause == "advice" else Status.FAIL}) == (met, unmet)

    def test_all_at_once(self) -> None:
        """All clauses together can be met."""
        city = loads(CITY)
        verdicts = {city.evaluate(record, assessed_on=DAY).verdict for record in drawn(passing(city, assessed_on=DAY))}

        assert {Verdict.CONFORMS} == verdicts

    def test_demands_that_contradict_each_other(self) -> None:
        """Where no record can pass, that is told at once."""
        with pytest.raises(ValueError, match="found no record that passes clause `c`; expected one"):
            passing(loads(IMPOSSIBLE), "c")

    def test_a_clause_that_never_fails(self) -> None:
        """Where no record can fail, that is told at once."""
        text = 'standard s "t" source "d"\nfacts { n : count "数" }\nsection "a" "b" { clause c "d" { must n >= 0 } }'

        with pytest.raises(
            ValueError, match="found no record that fails clause `c`; expected one that fails on every day"
        ):
            failing(loads(text), "c")

    def test_a_clause_without_a_threshold(self) -> None:
        """A clause that compares nothing has no neighbourhood."""
        with pytest.raises(ValueError, match="clause `guiding_outlook` has no threshold; expected a comparison"):
            near(load("centre"), "guiding_outlook")

    @pytest.mark.parametrize("strategy", [passing, failing, near])
    def test_an_unknown_clause(self, strategy: Callable[..., Any]) -> None:
        """The clauses are named."""
        with pytest.raises(ValueError, match="no clause `flor` in `centre`; expected one of `guiding_outlook`"):
            strategy(load("centre"), "flor")

    @pytest.mark.parametrize("strategy", [passing, failing, near])
    def test_no_standard(self, strategy: Callable[..., Any]) -> None:
        """What is no standard is refused."""
        with pytest.raises(TypeError, match=r"found a `str`; expected a `cedu_rules\.Standard`"):
            strategy("centre")


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(standards(lines=2), st.data())
def test_generated_standards(text: str, data: st.DataObject) -> None:
    """Whatever the standard: a record that passes passes, one that fails fails, or none is found and that is told."""
    standard = loads(text)
    for clause in standard.clauses.values():
        unmet = Status.NOT_MET if clause.clause.advisory else Status.FAIL
        for make, wanted in ((passing, Status.PASS), (failing, unmet)):
            try:
                strategy = make(standard, clause.id, assessed_on=DAY)
            except ValueError as error:
                assert "found no record" in str(error)  # noqa: PT017 -- a strategy is as good
            else:
                assert wanted == clause.status(data.draw(strategy), assessed_on=DAY)


def changed(*changes: tuple[str, str], name: str = "school") -> Standard:
    """Return a shipped standard in which some text is another one."""
    text = load(name).model.source.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return loads(text, "changed.std")


class TestSameMeaning:
    """`assert_same_meaning(one, other)`."""

    def test_same(self) -> None:
        """Another way of writing the same is the same."""
        assert_same_meaning(
            load("centre"), changed(("must area >= 60 m2", "must not area < 60 m2"), name="centre"), examples=10
        )

    def test_a_threshold_moved_by_one_step(self) -> None:
        """The message shows the clause, both answers, the smallest institution, and the clause in both."""
        other = changed(("must area >= 60 m2", "must area > 60 m2"), name="centre")
        with pytest.raises(AssertionError) as caught:
            assert_same_meaning(load("centre"), other, examples=5)
        message = str(caught.value)

        assert "clause `floor_area` is pass in `centre`, fail in `centre`; expected the same answer" in message
        assert "the institution:\n  area: 60\n  assessed on: 2025-12-31\n" in message
        assert "the first, `centre` (centre.std):\n  must area >= 60 m2" in message
        assert "the second, `centre` (changed.std):\n  must area > 60 m2" in message

    def test_what_no_threshold_shows(self) -> None:
        """A difference far from every threshold is found among drawn institutions, and is shown small."""
        text = 'standard s "t" source "d"\nfacts { a : bool "甲"  b : bool "乙" }\nsection "a" "b" { clause c "d" { must %s } }'
        with pytest.raises(AssertionError, match="the institution:\n  a: no\n  assessed on"):
            assert_same_meaning(loads(text % "a and b"), loads(text % "a and (if a then b) or not a and b"))

    def test_other_clauses(self) -> None:
        """A clause that only one has is named."""
        shorter = loads(CITY.replace('clause advice "建议" { should growing or passes(space) }', ""))

        with pytest.raises(AssertionError, match="`city` lacks clause `advice`"):
            assert_same_meaning(loads(CITY), shorter)

    def test_facts_that_do_not_fit(self) -> None:
        """Facts of one name and two types are named."""
        other = loads(CITY.replace('area       : m2 "面积"', 'area       : hours "面积"').replace(" m2", " hours"))

        with pytest.raises(ValueError, match=r"`area` is a number in `m2` .* and a number in `hours`"):
            assert_same_meaning(loads(CITY), other)

    def test_no_examples(self) -> None:
        """At least one institution is drawn."""
        with pytest.raises(ValueError, match="`examples` is 0; expected at least 1"):
            assert_same_meaning(load("centre"), load("centre"), examples=0)


class TestNeverWeaker:
    """`assert_never_weaker(overlay, parent)`."""

    def test_stricter(self) -> None:
        """A higher threshold and a further clause are no weaker."""
        overlay = loads(
            CITY.replace("area >= 100 m2", "area >= 120 m2")
            .replace("clause advice", 'clause more "更多" { must extra >= 1 }\n  clause advice')
            .replace("part       :", 'extra : count "另加"\n  part       :')
        )

        assert_never_weaker(overlay, loads(CITY), assessed_on=DAY, examples=20)

    def test_weaker(self) -> None:
        """A lower threshold is weaker, and is shown next to it."""
        overlay = changed(("area >= 500 m2 or", "area >= 499.99 m2 or"))
        with pytest.raises(AssertionError) as caught:
            assert_never_weaker(overlay, load("school"), examples=5)
        message = str(caught.value)

        assert (
            "clause `floor_area` is pass in `school`, fail in `school`; expected an overlay that is never weaker"
            in message
        )
        assert "the institution:\n  site: independent\n  area: 499.99\n" in message

    def test_a_clause_left_out(self) -> None:
        """An overlay that lacks a clause is weaker."""
        shorter = loads(CITY.replace('clause advice "建议" { should growing or passes(space) }', ""))

        with pytest.raises(AssertionError, match="`city` lacks clause `advice`"):
            assert_never_weaker(shorter, loads(CITY))


class TestFromType:
    """`hypothesis.strategies.from_type` of record classes."""

    @pytest.fixture(autouse=True)
    def _registered(self) -> None:
        register()

    def test_works_without_an_import(self, tmp_path: Path) -> None:
        """Once the package is installed, its entry point makes the classes known when Hypothesis is imported."""
        points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
        installed = tmp_path / "made_up-1.0.dist-info"
        installed.mkdir()
        (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n", encoding="utf-8")
        listed = "\n".join(f"{name} = {target}" for name, target in points["hypothesis"].items())
        (installed / "entry_points.txt").write_text(f"[hypothesis]\n{listed}\n", encoding="utf-8")
        code = (
            "from hypothesis import Phase, find, settings, strategies as st\nfrom cedu_rules import load\n"
            "first = settings(phases=[Phase.generate], database=None)\n"
            "print(find(st.from_type(load('school').record), lambda _: True, settings=first))"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
        answer = subprocess.run(  # noqa: S603 -- our own code
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )

        assert answer.stdout.startswith("school.record(")

    def test_records(self, standard: Standard) -> None:
        """Records are valid, and some hold many facts."""
        found = drawn(st.from_type(standard.record))

        assert all(isinstance(record, standard.record) and not standard.evaluate(record).errors for record in found)
        assert any(len(given_facts(record)) > len(standard.model.facts) / 2 for record in found)

    def test_elements(self) -> None:
        """Elements of a list are instances of their class."""
        class_ = load("school").record.Teacher  # type: ignore[attr-defined]  # named by the standard

        assert {class_} == {type(element) for element in drawn(st.from_type(class_))}

    def test_other_classes_stay_as_they_are(self) -> None:
        """Other types are resolved as before."""
        assert {int} == {type(number) for number in drawn(st.from_type(int), 5)}
