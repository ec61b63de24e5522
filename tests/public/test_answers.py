"""Records, statuses and reports as a stranger uses them: what is answered, what is refused, and what never raises."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import GeneratorType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cedu_rules as cr

DAY = date(2022, 12, 15)
GOOD: dict[str, Any] = {
    "id": "S1",
    "name": "示例学校",
    "site": "own",
    "area": 420,
    "computers": 20,
    "open_day": True,
    "trained_on": date(2022, 6, 1),
    "teachers": [{"name": "甲", "full_time": True}],
}
STATUSES = ("fail", "pass", "pass", "pass", "pass", "pass")
IMPOSSIBLE = {"area": -1, "site": "moon", "computres": 20, "teachers": [{"name": "甲"}, {"full_time": "maybe"}]}


class Hostile:
    """An object that fails however it is asked."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 1


class BrokenMapping(Mapping[str, object]):
    """A mapping that fails when it is read."""

    def __getitem__(self, key: str) -> object:
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        return 1


def endless() -> dict[str, Any]:
    """Return a mapping that holds itself."""
    value: dict[str, Any] = {}
    value["teachers"] = [value]
    return value


def deep() -> list[Any]:
    """Return a list nested far deeper than Python recurses."""
    value: list[Any] = []
    for _ in range(50_000):
        value = [value]
    return value


JUNK = {
    "none": None,
    "number": 5,
    "text": "school",
    "bytes": b"school",
    "list": [],
    "class": dict,
    "object": object(),
    "hostile": Hostile(),
    "broken mapping": BrokenMapping(),
    "keys that are no text": {5: 5, None: 1, ("a",): 2},
    "hostile key": {Hostile(): 1},
    "huge id": {"id": 10**5000},
    "list as id": {"id": [1]},
    "not a number": {"area": float("nan")},
    "infinity": {"area": Decimal("Infinity")},
    "huge number": {"area": 10**5000},
    "huge exponent": {"area": "1e999999999"},
    "huge text": {"area": "9" * 1_000_000},
    "deep": {"area": deep()},
    "deep list": {"teachers": deep()},
    "endless": endless(),
    "hostile values": {"area": Hostile(), "site": Hostile(), "teachers": [Hostile()], "visits": {Hostile(): 1}},
    "iterator": {"teachers": iter(())},
    "conditional fact": {"site": "shared", "area": 5},
    "false check": {"computers": 1, "working": 2},
    "twice the same key": {"teachers": [{"name": "甲"}, {"name": "甲"}]},
}


class TestRecord:
    """`standard.record(…)`."""

    def test_is_a_class_of_records(self, trial: cr.Standard) -> None:
        """`standard.record` is a subclass of `Record`, and what it makes an instance of both."""
        record = trial.record(area=420, site="own")

        assert issubclass(trial.record, cr.Record)
        assert isinstance(record, trial.record)

    def test_reads_values_as_officials_type_them(self, trial: cr.Standard) -> None:
        """Numbers with units, words and nested elements become exact values of the declared types."""
        record = trial.record(
            site="自有", area="0.75亩", open_day="是", visits={"2022年": "1200"}, teachers=[{"name": "甲"}]
        )

        assert ("own", 500, True) == (record.site, record.area, record.open_day)
        assert {2022: 1200} == record.visits
        assert ("甲", None) == (record.teachers[0].name, record.teachers[0].full_time)

    def test_leaves_the_rest_missing(self, trial: cr.Standard) -> None:
        """A fact that is not given is None."""
        record = trial.record()

        assert record.area is None
        assert record.teachers is None

    def test_raises_every_issue_at_once(self, trial: cr.Standard) -> None:
        """All wrong values and names are told together, each with its path and what is expected."""
        with pytest.raises(cr.InputError) as caught:
            trial.record(**IMPOSSIBLE)

        paths = {issue.path for issue in caught.value.issues}

        assert {"area", "site", "computres", "teachers[2].full_time"} <= paths
        assert "did you mean `computers`?" in str(caught.value)
        assert len(str(caught.value).splitlines()) == len(caught.value.issues)

    def test_leaves_what_depends_on_the_day_to_the_evaluation(self, trial: cr.Standard) -> None:
        """A check that reads `assessed_on` is decided when the day is known."""
        record = trial.record(visits={2022: 0})

        assert trial.evaluate(record).verdict is cr.Verdict.UNDETERMINED
        assert trial.evaluate(record, assessed_on=DAY).verdict is cr.Verdict.INVALID


class TestStatuses:
    """`standard.statuses`, `clause.status` and `clause.holds`."""

    def test_gives_one_status_a_clause_in_order(self, trial: cr.Standard) -> None:
        """One status a clause, in the order of the file; a mapping does as well as a record."""
        from_mapping = trial.statuses(GOOD, assessed_on=DAY)
        from_record = trial.statuses(trial.record(**GOOD), assessed_on=DAY)

        assert STATUSES == from_mapping == from_record

    def test_agrees_with_the_single_clauses(self, trial: cr.Standard) -> None:
        """Each clause alone has the status that it has among all."""
        alone = tuple(clause.status(GOOD, assessed_on=DAY) for clause in trial.clauses.values())

        assert trial.statuses(GOOD, assessed_on=DAY) == alone

    def test_holds_as_passes_does(self, trial: cr.Standard) -> None:
        """`holds` is True for pass and not applicable, False for fail and not met, None for unknown."""
        floor_area, own_site = trial.clauses["floor_area"], trial.clauses["own_site"]

        assert floor_area.holds({"site": "own", "area": 500}) is True
        assert own_site.holds({"site": "shared"}) is True
        assert floor_area.holds({"site": "own", "area": 499}) is False
        assert trial.clauses["access"].holds({"open_day": False}) is False
        assert floor_area.holds({}) is None

    def test_leaves_an_unknown_day_unknown(self, trial: cr.Standard) -> None:
        """The clock is never read: without a day, what depends on it is unknown."""
        status = trial.clauses["training"].status({"trained_on": date(2022, 6, 1)})

        assert cr.Status.UNKNOWN is status
        assert trial.evaluate(GOOD).assessed_on is None
        assert trial.evaluate(GOOD).to_dict()["assessed_on"] is None

    @pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
    def test_raises_input_errors_only(self, trial: cr.Standard, junk: Any) -> None:  # noqa: ANN401
        """Impossible input raises `InputError` with its issues, from each of the three, and nothing else."""
        for answer in (trial.statuses, trial.clauses["floor_area"].status, trial.clauses["floor_area"].holds):
            with pytest.raises(cr.InputError) as caught:
                answer(junk, assessed_on=DAY)

            assert caught.value.issues

    def test_refuses_a_record_of_another_standard(self, trial: cr.Standard, school: cr.Standard) -> None:
        """A record belongs to its standard."""
        with pytest.raises(cr.InputError):
            trial.statuses(school.record(area=420))


class TestEvaluate:
    """`standard.evaluate` and `evaluate_many`."""

    def test_reports_what_was_asked(self, trial: cr.Standard) -> None:
        """The report carries id, name, day and the statuses, and sorts the findings."""
        report = trial.evaluate(GOOD, assessed_on=DAY)

        assert ("S1", "示例学校", DAY) == (report.id, report.name, report.assessed_on)
        assert cr.Verdict.FAILS is report.verdict
        assert [finding.clause.id for finding in report.failed] == ["floor_area"]
        assert report.unknown == ()
        assert list(STATUSES) == [finding.status for finding in report.findings]

    def test_explains_a_failed_clause_in_both_languages(self, trial: cr.Standard) -> None:
        """An explanation names the value, the limit and the shortfall in the author's unit."""
        (finding,) = trial.evaluate(GOOD, assessed_on=DAY).failed

        assert all(part in finding.explain("en") for part in ("420 m2", "500 m2", "80 m2"))
        assert all(part in finding.explain("zh") for part in ("420 平方米", "500 平方米", "80 平方米"))
        assert finding.clause.citation.in_words("zh") == "附件1 设施·场所 第1条"

    def test_accepts_records_and_mappings_alike(self, trial: cr.Standard) -> None:
        """The report on a mapping equals the one on the record that it describes."""
        assert trial.evaluate(GOOD, assessed_on=DAY) == trial.evaluate(trial.record(**GOOD), assessed_on=DAY)

    @pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
    def test_never_raises_for_data(self, trial: cr.Standard, junk: Any) -> None:  # noqa: ANN401
        """Whatever it is given, the answer is a report with verdict `invalid`, errors, and no clauses."""
        report = trial.evaluate(junk, assessed_on=DAY)
        entry = report.to_dict()["institutions"][0]

        assert cr.Verdict.INVALID is report.verdict
        assert report.errors
        assert report.findings == ()
        assert (entry["verdict"], entry["clauses"]) == ("invalid", [])
        assert json.loads(json.dumps(entry)) == entry

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text()
            | st.binary()
            | st.dates()
            | st.decimals(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers() | st.none(), inner),
            max_leaves=8,
        ),
        st.sampled_from([None, "area", "site", "visits", "teachers", "trained_on", "id", "open_day"]),
    )
    def test_never_raises_for_any_data(self, trial: cr.Standard, value: object, fact: str | None) -> None:
        """Any value, in place of a record or of one of its facts, ends in a report that can be written as JSON."""
        report = trial.evaluate(value if fact is None else {fact: value}, assessed_on=DAY)  # type: ignore[arg-type]

        assert report.verdict is not cr.Verdict.CONFORMS
        assert bool(report.errors) == (report.verdict is cr.Verdict.INVALID)
        assert json.dumps(report.to_dict())

    def test_names_an_institution_that_is_invalid(self, trial: cr.Standard) -> None:
        """Id and name are carried even where the rest cannot be."""
        report = trial.evaluate({"id": "S2", "name": "乙", "area": -1})

        assert ("S2", "乙", "S2") == (report.id, report.name, report.errors[0].institution)

    def test_yields_many_reports_lazily_and_in_order(self, trial: cr.Standard) -> None:
        """`evaluate_many` is a generator: it takes one institution at a time, keeps the order, and never stops."""
        taken: list[str] = []

        def institutions() -> Iterator[Any]:
            for number, area in enumerate([500, "?", None, 1]):
                taken.append(str(number))
                yield {"id": str(number), "site": "own", "area": area}
            yield 5

        reports = trial.evaluate_many(institutions(), assessed_on=DAY)

        assert isinstance(reports, GeneratorType)
        assert taken == []
        assert next(reports).id == "0"
        assert taken == ["0"]

        rest = list(reports)

        assert [report.id for report in rest] == ["1", "2", "3", None]
        assert [report.verdict.value for report in rest] == ["invalid", "undetermined", "fails", "invalid"]


class TestNobodyIsAsked:
    """Missing facts."""

    def test_never_decides_what_is_not_known(self, trial: cr.Standard) -> None:
        """An institution of which nothing is known is undetermined, and each clause names what is missing."""
        report = trial.evaluate({}, assessed_on=DAY)
        missing = {finding.clause.id: finding.missing for finding in report.findings}

        assert cr.Verdict.UNDETERMINED is report.verdict
        assert "computers" in missing["equipment"]
        assert "site" in missing["own_site"]
