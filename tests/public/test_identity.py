"""Standards, records and reports as values: equal by content, immutable, between processes and between threads."""

import gc
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import attrs
import pytest

import cedu_rules as cr

DAY = date(2022, 12, 15)
VALUES: dict[str, Any] = {
    "id": "S1",
    "site": "own",
    "area": "0.63亩",
    "open_day": False,
    "visits": {2021: 5, 2022: 7},
    "teachers": [{"name": "甲", "full_time": True}, {"name": "乙"}],
}
TEXT = """
standard tiny "最小"
source "办法" annex 1
effective from 2022-09-01
facts { area : m2 "面积" }
section "一" "二" { clause big "够大" { must area >= 5 m2 } }
"""


def in_another_process(code: str, content: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run code with the content on its standard input."""
    return subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=False, timeout=120)  # noqa: S603


class TestStandard:
    """A standard."""

    def test_is_equal_by_content(self) -> None:
        """Two loads of one text are equal, with one hash, whatever the file is called; another text is another."""
        one, two = cr.loads(TEXT, "one.std"), cr.loads(TEXT, "two.std")
        other = cr.loads(TEXT.replace("5 m2", "6 m2"))

        assert one == two
        assert hash(one) == hash(two)
        assert one.digest == two.digest
        assert one != other
        assert one != TEXT
        assert {one: 1}[two] == 1

    def test_cannot_be_changed(self, trial: cr.Standard) -> None:
        """No attribute can be set or deleted, and the clauses cannot be replaced."""
        for name in ("model", "diagnostics", "id", "digest", "record", "clauses"):
            with pytest.raises(AttributeError):
                setattr(trial, name, None)
            with pytest.raises(AttributeError):
                delattr(trial, name)
        with pytest.raises(TypeError):
            trial.clauses["new"] = trial.clauses["access"]  # type: ignore[index]

    def test_pickles(self, trial: cr.Standard) -> None:
        """A pickled standard is equal and answers alike."""
        rebuilt = pickle.loads(pickle.dumps(trial))  # noqa: S301

        assert trial == rebuilt
        assert trial.statuses(VALUES) == rebuilt.statuses(VALUES)
        assert trial.clauses["access"] == pickle.loads(pickle.dumps(trial.clauses["access"]))  # noqa: S301

    def test_is_shared_between_threads(self) -> None:
        """Threads that use a fresh standard at once, before anything is compiled, all get the same answers."""
        expected = cr.load("centre").statuses({"id": "C1"}, assessed_on=DAY)
        fresh, barrier = cr.loads(cr.load("centre").model.source.text), Barrier(8)

        def ask(number: int) -> tuple[Any, ...]:
            barrier.wait(timeout=60)
            record = fresh.record(id="C1")
            clause = list(fresh.clauses.values())[number]
            report = fresh.evaluate(record, assessed_on=DAY)
            return fresh.statuses(record, assessed_on=DAY), report, clause.status(record, assessed_on=DAY), type(record)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))

        assert {expected} == {statuses for statuses, _, _, _ in answers}
        assert len({report for _, report, _, _ in answers}) == 1
        assert list(expected[:8]) == [status for _, _, status, _ in answers]
        assert len({class_ for _, _, _, class_ in answers}) == 1


class TestRecord:
    """A record."""

    def test_is_equal_by_content(self, trial: cr.Standard) -> None:
        """Records of the same values are equal with one hash, however the values were written."""
        one = trial.record(**VALUES)
        two = trial.record(**{**VALUES, "area": "420平方米", "site": "自有"})

        assert one == two
        assert hash(one) == hash(two)
        assert one != trial.record(**{**VALUES, "area": 421})

    def test_cannot_be_changed(self, trial: cr.Standard) -> None:
        """No fact can be set, nor anything inside a set, a series or a list."""
        record = trial.record(**VALUES)
        with pytest.raises(AttributeError):
            record.area = 500  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            record.other = 500  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            record.teachers[0].name = "丙"
        with pytest.raises(TypeError):
            record.visits[2022] = 8

    def test_evolves(self, trial: cr.Standard) -> None:
        """`attrs.evolve` makes a new record and reads the new values as the class does."""
        record = trial.record(**VALUES)

        assert attrs.evolve(record, area="500平方米").area == 500  # type: ignore[misc]  # which class it is, only running tells
        with pytest.raises(cr.InputError):
            attrs.evolve(record, area=-1)  # type: ignore[misc]

    def test_pickles(self, trial: cr.Standard) -> None:
        """A pickled record is equal, and so are its elements."""
        record = trial.record(**VALUES)

        assert record == pickle.loads(pickle.dumps(record))  # noqa: S301
        assert record.teachers[1] == pickle.loads(pickle.dumps(record.teachers[1]))  # noqa: S301


class TestReport:
    """A report."""

    def test_is_equal_by_content(self, trial: cr.Standard) -> None:
        """Reports on the same record, day and standard are equal with one hash; of another day they are not."""
        one, two = trial.evaluate(VALUES, assessed_on=DAY), trial.evaluate(VALUES, assessed_on=DAY)

        assert one == two
        assert hash(one) == hash(two)
        assert one != trial.evaluate(VALUES)

    def test_cannot_be_changed(self, trial: cr.Standard) -> None:
        """Reports and findings are frozen."""
        report = trial.evaluate(VALUES)
        with pytest.raises(AttributeError):
            report.id = "S2"  # type: ignore[misc]
        with pytest.raises(AttributeError):
            report.findings[0].status = cr.Status.PASS  # type: ignore[misc]

    @pytest.mark.parametrize("values", [VALUES, {"id": "S1", "area": -1}, 5], ids=["valid", "invalid", "junk"])
    def test_pickles(self, trial: cr.Standard, values: Any) -> None:  # noqa: ANN401
        """A pickled report is equal and explains itself as before."""
        report = trial.evaluate(values, assessed_on=DAY)
        rebuilt = pickle.loads(pickle.dumps(report))  # noqa: S301

        assert report == rebuilt
        assert report.to_dict() == rebuilt.to_dict()
        assert report.verdict is rebuilt.verdict

    def test_pickles_after_another_load_is_gone(self) -> None:
        """It is enough that one standard of the content is loaded, whichever of several that is."""
        first, second = cr.loads(TEXT), cr.loads(TEXT)
        content = pickle.dumps(first.evaluate({"area": 1}))
        del second
        gc.collect()

        assert pickle.loads(content) == first.evaluate({"area": 1})  # noqa: S301

        third = cr.loads(TEXT)
        del first
        gc.collect()

        assert pickle.loads(content) == third.evaluate({"area": 1})  # noqa: S301


class TestAnotherProcess:
    """What is pickled here and rebuilt elsewhere."""

    LOADED = "import pickle, sys, cedu_rules as cr; school = cr.load('school'); "
    BARE = "import pickle, sys, cedu_rules as cr; "
    READ = "pickle.loads(sys.stdin.buffer.read())"

    def test_rebuilds_a_record(self, school: cr.Standard) -> None:
        """Where the standard is loaded, a record is what it was."""
        record = school.record(id="S1", area=420, site="independent", teachers=[{"name": "甲"}])
        code = (
            self.LOADED
            + f"print({self.READ} == school.record(id='S1', area=420, site='independent', teachers=[{{'name': '甲'}}]))"
        )
        done = in_another_process(code, pickle.dumps(record))

        assert (b"", b"True") == (done.stderr, done.stdout.strip())

    def test_rebuilds_a_report(self, school: cr.Standard) -> None:
        """Where the standard is loaded, a report is what it was, its explanations too."""
        report = school.evaluate({"id": "S1", "area": 420, "site": "independent"}, assessed_on=DAY)
        code = self.LOADED + f"sys.stdout.buffer.write({self.READ}.failed[0].explain('zh').encode())"
        done = in_another_process(code, pickle.dumps(report))

        assert (b"", report.failed[0].explain("zh")) == (done.stderr, done.stdout.decode())

    def test_needs_no_load_beside_the_standard(self, school: cr.Standard) -> None:
        """A standard that travels with its reports is enough for them."""
        report = school.evaluate({"id": "S1", "area": 420, "site": "independent"}, assessed_on=DAY)
        done = in_another_process(self.BARE + f"print({self.READ}[1].id)", pickle.dumps((school, report)))

        assert (b"", b"S1") == (done.stderr, done.stdout.strip())

    @pytest.mark.parametrize("what", ["record", "report"])
    def test_says_which_standard_to_load(self, school: cr.Standard, what: str) -> None:
        """Where the standard is not loaded, the error says so, and names it."""
        content = school.evaluate({"id": "S1"}) if what == "report" else school.record(id="S1")
        code = self.BARE + f"\ntry: {self.READ}\nexcept cr.StandardNotFound as error: print(error)"
        done = in_another_process(code, pickle.dumps(content))

        assert done.stderr == b""
        assert school.digest in done.stdout.decode()
        assert "load it first" in done.stdout.decode()
