"""The public strategies: what they draw is valid, reaches every corner, and shrinks to something small."""

import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, UnsatisfiedAssumption

from cedu_rules import results
from cedu_rules.catalog import loads
from cedu_rules.frontend import check
from cedu_rules.records import Record
from cedu_rules.semantics import Evaluation
from cedu_rules.standard import Standard
from cedu_rules.testing import AIMS, expressions, partial_records, records, standards
from cedu_rules.testing.drafts import as_data
from cedu_rules.testing.histories import World, models, worlds
from cedu_rules.testing.laws import assert_everything_known

STANDARDS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "standards").glob("*.std"))
}
SEARCH = settings(
    max_examples=1000,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
FORMS = [
    "list of Outer",
    "record Outer",
    "record Inner key",
    "else 0",
    " when ",
    "check ",
    "when (",
    "unless ",
    "passes(",
    "(by f",
    "count(distinct",
    "average(",
    "at least ",
    "latest(",
    "rises(",
    "falls(",
    " between ",
    " in {",
    "includes ",
    "includes all",
    " days",
    " months",
    " years",
    "show ",
    "judge ",
    "should ",
    "param ",
    "let ",
    "yearly",
    "documented ",
    "judged ",
    "(if ",
    "[assessed_year]",
    "sum(",
    "year(",
    "round(",
    "ceil(",
    "abs(",
    "min(",
    "max(",
    "any(",
    "all(",
    "signed ",
    "with {",
]
FEW = settings(max_examples=max(5, settings.default.max_examples // 5))  # type: ignore[union-attr]  # a profile is loaded


@pytest.fixture(scope="module", params=STANDARDS)
def standard(request: pytest.FixtureRequest) -> Standard:
    """Return each standard that we ship."""
    return loads(STANDARDS[request.param], request.param)


def drawn(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    """Return some examples, the same ones every time."""
    found: list[Any] = []

    @settings(SEARCH, max_examples=number, phases=[Phase.generate])
    @given(strategy)
    def collect(example: object) -> None:
        found.append(example)

    collect()
    return found


class TestRecords:
    """`records(standard)`."""

    def test_are_complete_and_valid(self, standard: Standard) -> None:
        """Every fact has a value or does not exist, and no input is impossible."""
        for record in drawn(records(standard), 10):
            assert_everything_known(World(standard.model, record, None))

            assert standard.evaluate(record).verdict is not results.Verdict.INVALID

    def test_are_never_thrown_away(self, standard: Standard) -> None:
        """What is drawn for a shipped standard is used: nothing is drawn again because a check is false."""
        thrown_away = 0

        @settings(SEARCH, max_examples=20, phases=[Phase.generate])
        @given(st.data())
        def count(data: st.DataObject) -> None:
            nonlocal thrown_away
            try:
                data.draw(records(standard))
            except UnsatisfiedAssumption:
                thrown_away += 1
                raise

        count()

        assert thrown_away == 0

    def test_are_valid_on_the_day_that_is_asked_for(self) -> None:
        """With `assessed_on`, checks that depend on the day hold too."""
        school = loads(STANDARDS["school"], "school")
        day = date(2022, 12, 1)

        for record in drawn(records(school, assessed_on=day), 10):
            assert school.evaluate(record, assessed_on=day).errors == ()

    def test_meet_thresholds_from_both_sides(self) -> None:
        """Values on a constant of the standard, just below and just above it all occur."""
        standard = loads(
            'standard s "t" source "d"\nfacts { area : m2 "甲" }\nsection "a" "b" { clause c "d" { must area >= 500 m2 } }'
        )
        areas = {float(record.area) for record in drawn(records(standard), 200)}

        assert {499.99, 500.0, 500.01} <= areas

    def test_shrink_to_small_numbers_and_few_elements(self) -> None:
        """The smallest record with a teacher has one, whose numbers are 0."""
        standard = loads(
            'standard s "t" source "d"\nfacts { n : count "数"  teachers : list of T "甲" }\n'
            'record T { hours : count "时"  ok : bool "是" }\nsection "a" "b" { clause c "d" { must n >= 500 } }'
        )

        found = find(records(standard), lambda record: len(record.teachers) > 0, settings=SEARCH)

        assert (0, 1, 0, False) == (found.n, len(found.teachers), found.teachers[0].hours, found.teachers[0].ok)


class TestPartialRecords:
    """`partial_records(standard)`."""

    def test_are_valid(self, standard: Standard) -> None:
        """No input is impossible."""
        for record in drawn(partial_records(standard), 10):
            assert standard.evaluate(record).verdict is not results.Verdict.INVALID

    def test_shrink_to_nothing_recorded(self, standard: Standard) -> None:
        """The smallest partial record records nothing."""
        found = find(partial_records(standard), lambda record: isinstance(record, Record), settings=SEARCH)

        assert standard.record() == found

    @pytest.mark.parametrize(
        ("what", "is_met"),
        {
            "a missing list": lambda record: record.teachers is None,
            "an empty list": lambda record: record.teachers == (),
            "an element without a field": lambda record: any(each.hours is None for each in record.teachers or ()),
            "a set partly known": lambda record: record.rooms is not None and len(set(record.rooms.values())) == 3,
            "a blank year": lambda record: None in (record.growth or {}).values(),
            "a year left out": lambda record: (
                len(record.growth or ()) < max(record.growth or [0]) - min(record.growth or [0])
            ),
            "a fact that may not exist": lambda record: record.owned is None and record.area is not None,
            "a fact that does not exist": lambda record: record.owned is False,
        }.items(),
    )
    def test_reach(self, what: str, is_met: Any) -> None:  # noqa: ANN401
        """Each way in which something may be missing occurs."""
        standard = loads(
            'standard s "t" source "d"\nfacts {\n  owned : bool "甲"  area : m2 when owned "乙"  rooms : set { a, b, c } "丙"\n'
            '  growth : yearly count "丁"  teachers : list of T "戊"\n}\nrecord T { hours : count "时" }\n'
            'section "a" "b" { clause c "d" { must owned } }'
        )

        assert find(partial_records(standard), is_met, settings=SEARCH) is not None, what


class TestExpressions:
    """`expressions(standard)`."""

    def test_typed_ones_are_conditions_of_the_standard(self, standard: Standard) -> None:
        """Each may stand as a requirement: the standard with it has no further error."""
        for expression in drawn(expressions(standard), 5):
            text = f'{standard.model.source.text}\nsection "甲" "乙" {{ clause extra_clause "丙" {{ must {expression} }} }}'
            _, diagnostics = check(text)

            assert [found for found in diagnostics if found.severity == "error"] == [], expression

    def test_untyped_ones_are_mostly_mistakes(self) -> None:
        """Without types most are refused, and some are accepted."""
        text = STANDARDS["centre"]
        outcomes = []
        for expression in drawn(expressions(loads(text), typed=False), 12):
            _, diagnostics = check(f'{text}\nsection "甲" "乙" {{ clause extra_clause "丙" {{ must {expression} }} }}')
            outcomes.append(any(found.severity == "error" for found in diagnostics))

        assert outcomes.count(True) > len(outcomes) / 2


class TestStandards:
    """`standards()`."""

    @pytest.mark.parametrize("about", [None, *AIMS])
    def test_load_without_an_error(self, about: str | None) -> None:
        """What is well-typed by construction has no error, in tables neither."""

        @FEW
        @given(standards(about=about))
        def load(text: str) -> None:
            assert loads(text).model.clauses

        load()

    def test_reach_every_form(self) -> None:
        """Each form of the language occurs among a bounded number of standards."""
        left = set(FORMS)

        def is_last(text: str) -> bool:
            left.difference_update([form for form in left if form in text])
            return not left

        with suppress(NoSuchExample):  # about 500 do
            find(standards(), is_last, settings=settings(SEARCH, max_examples=5000, phases=[Phase.generate]))

        assert set() == left

    def test_shrink_to_one_clause(self) -> None:
        """The smallest standard has one fact and one clause about it."""
        found = loads(find(standards(), lambda text: "clause" in text, settings=SEARCH)).model

        assert (1, 1, "count") == (len(found.clauses), len(found.facts), found.facts[0].span.text.split()[2])


class TestBadArguments:
    """Mistakes are told."""

    @pytest.mark.parametrize("strategy", [records, partial_records, expressions])
    def test_no_standard(self, strategy: Any) -> None:  # noqa: ANN401
        """What is no standard is refused at once."""
        with pytest.raises(TypeError, match=r"found a `str`; expected a `cedu_rules\.Standard`"):
            strategy("school")

    def test_no_day(self) -> None:
        """A text is no day."""
        with pytest.raises(TypeError, match=r"`assessed_on` is a `str`; expected a `datetime.date`"):
            records(loads(STANDARDS["centre"]), assessed_on="2022-12-01")  # type: ignore[arg-type]  # the mistake

    def test_no_depth(self) -> None:
        """Depths are bounded."""
        with pytest.raises(ValueError, match="`depth` is 9; expected 0 to 6"):
            expressions(loads(STANDARDS["centre"]), depth=9)

    def test_no_construct(self) -> None:
        """The constructs are named."""
        with pytest.raises(ValueError, match="no construct `loops`; expected one of `open filters`"):
            standards(about="loops")

    def test_no_lines(self) -> None:
        """A standard has a clause."""
        with pytest.raises(ValueError, match="`lines` is 0; expected at least 1"):
            standards(lines=0)


@given(worlds(models()))
def test_drafts_are_read_as_they_are(world: World) -> None:
    """What is drawn is a record: reading it changes no answer of the reference."""
    record = Standard(world.model).record(**as_data(world.draft))
    evaluation, other = world.evaluation(), Evaluation(world.model, record, world.day)

    assert [evaluation.status(clause) for clause in world.model.clauses] == [
        other.status(clause) for clause in world.model.clauses
    ]


def test_library_does_without_hypothesis() -> None:
    """Importing the library, and evaluating with it, imports no Hypothesis."""
    code = "import sys, cedu_rules, cedu_rules.standard, cedu_rules.cli; sys.exit('hypothesis' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 -- our own code
