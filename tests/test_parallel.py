"""Many institutions: one after the other whatever they are, and on several processes with the same result."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import GeneratorType
from typing import Any, NoReturn

import attrs
import pytest

import cedu_rules as cr
from cedu_rules.data import read
from cedu_rules.diagnostics import CeduError
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.document import document_of
from cedu_rules.reports.evaluations import evaluations
from cedu_rules.reports.forms import FORMS, render
from cedu_rules.reports.json_text import texts_of
from cedu_rules.reports.parallel import Workers
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.text import lines, plain
from cedu_rules.standard import Standard
from tests.benchmarks.many import made_up

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
SCHOOLS = (EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv")
CENTRES = (EXAMPLES / "centres" / "centres.csv", EXAMPLES / "centres" / "teachers.csv")
DAY = date(2022, 12, 15)
PATIENCE = 300
"""Seconds after which something that should come at once is said not to come, though the machine be slow."""
STANDARD = cr.load("school")
OTHER = cr.load("centre")


# --- evaluate_many ---


@attrs.frozen
class Stranger:
    """An attrs class that is no record, with a fact that the standard has, too."""

    id: str = "stranger"
    area: int = 500


class Broken(Mapping[str, object]):
    """A mapping that fails when it is read."""

    def __getitem__(self, key: str) -> NoReturn:
        raise RuntimeError(key)

    def __iter__(self) -> NoReturn:
        raise RuntimeError

    def __len__(self) -> int:
        return 1


class Unreadable:
    """An object that fails however it is asked, even for its class."""

    @property  # type: ignore[misc]
    def __class__(self) -> NoReturn:  # type: ignore[override]
        raise RuntimeError

    def __repr__(self) -> NoReturn:
        raise RuntimeError


class Number(int):
    """A number that fails when it is used."""

    def __str__(self) -> NoReturn:
        raise RuntimeError

    __repr__ = __index__ = __int__ = __str__


def nested(depth: int) -> dict[str, Any]:
    """Return teachers who have teachers, and so on."""
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"teachers": [found]}
    return found


BAD: dict[str, Any] = {
    "text": "made-up school",
    "nothing": None,
    "number": 10**5000,
    "bytes": b"area",
    "class": Stranger,
    "attrs instance of another class": Stranger(),
    "record of another standard": OTHER.record(id="centre"),
    "mapping that fails": Broken(),
    "object that fails": Unreadable(),
    "name that is none": {None: 1},
    "name of no fact": {"erea": 3},
    "value that fails": {"area": Unreadable()},
    "number that fails": {"area": Number(-5)},
    "set that fails": {"charter": Broken()},
    "list that fails": {"teachers": [Broken()]},
    "id that fails": {"id": Unreadable(), "area": 3},
    "endless list": nested(100_000),
    "value of the wrong kind": {"area": "large"},
    "not a number": {"area": float("nan")},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_never_stops_the_run(name: str) -> None:
    """Its report is invalid and says in both languages what is wrong; the others come before and after it, in order."""
    records = [{"id": "before", "area": 500}, BAD[name], STANDARD.record(id="after")]
    reports = list(STANDARD.evaluate_many(records, assessed_on=DAY))

    assert ["before", "after"] == [report.id for report in reports[::2]]
    assert not reports[0].errors
    assert not reports[2].errors
    assert cr.Verdict.INVALID is reports[1].verdict
    assert reports[1].errors
    assert all(issue.message(language) for issue in reports[1].errors for language in ("zh", "en"))
    assert json.dumps(reports[1].to_dict())


def test_reports_are_made_one_by_one() -> None:
    """It is a generator: it takes a record when a report is asked for, and never more."""
    taken: list[int] = []

    def endless() -> Iterator[Any]:
        while True:
            taken.append(len(taken))
            yield {"id": str(len(taken))} if len(taken) % 2 else "no record"

    reports = STANDARD.evaluate_many(endless())
    before = list(taken)
    first = [next(reports).id for _ in range(3)]

    assert isinstance(reports, GeneratorType)
    assert [] == before
    assert ["1", None, "3"] == first
    assert [0, 1, 2] == taken


def test_what_the_caller_does_wrong_is_told_at_once() -> None:
    """A day that is no day is the caller's mistake and no record's, and an error of the input itself passes."""

    def failing() -> Iterator[Any]:
        yield {"id": "one"}
        raise LookupError

    with pytest.raises(TypeError, match="assessed_on"):
        STANDARD.evaluate_many([], assessed_on="2022-12-15")  # type: ignore[arg-type]

    reports = STANDARD.evaluate_many(failing())

    assert next(reports).id == "one"
    with pytest.raises(LookupError):
        next(reports)


# --- several processes ---


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Two worker processes that hold the school's standard."""
    with Workers(STANDARD, 2) as shared:
        yield shared


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What one process finds in some made-up schools, two of which bear one id."""
    files = made_up(tmp_path_factory.mktemp("schools"), 8)
    files[0].write_text(files[0].read_text(encoding="utf-8").replace("M00007,", "M00006,"), encoding="utf-8")
    return run_check(STANDARD, files, assessed_on=DAY, group="host", costs={"area": 3000})


FORMS_AND_OPTIONS: dict[str, tuple[Selection, bool | None]] = {
    "all": (Selection(), None),
    "brief": (Selection(), False),
    "advice": (Selection(institution="M00003"), True),
    "clauses": (Selection(failed=True, unknown=True), None),
    "clause": (Selection(clause="floor_area"), False),
}


def written(run: Run, form: str, language: str, options: str, workers: Workers | None) -> bytes:
    """Return the report in a form as bytes."""
    selection, advice = FORMS_AND_OPTIONS[options]
    if form == "json":
        texts = texts_of(run, language, selection, with_advice=bool(advice), workers=workers)
        return "".join(texts).encode()
    if form == "text":
        found = lines(run, selection, language, advice=bool(advice), workers=workers)
        return "\n".join(map(plain, found)).encode()
    return render(run, form, language, selection, advice=advice, workers=workers)


@pytest.mark.parametrize("options", FORMS_AND_OPTIONS)
@pytest.mark.parametrize("form", ["text", "json", *FORMS])
def test_the_same_bytes_from_several_processes(run: Run, workers: Workers, form: str, options: str) -> None:
    """Whatever is written and chosen, several processes write what one writes, in the same order."""
    language = "en" if options == "clauses" else "zh"

    assert written(run, form, language, options, None) == written(run, form, language, options, workers)


@pytest.mark.parametrize("options", FORMS_AND_OPTIONS)
def test_json_in_parts_is_the_document(run: Run, options: str) -> None:
    """What is written institution by institution is the whole document, its keys in the same order, in ASCII as well."""
    selection, advice = FORMS_AND_OPTIONS[options]
    document = selection.narrowed(run, document_of(run, "zh", with_advice=bool(advice)))
    expected = json.dumps(document)
    in_ascii = "".join(texts_of(run, "zh", selection, with_advice=bool(advice), is_ascii=True))

    assert in_ascii.isascii()
    assert expected == json.dumps(json.loads(in_ascii))
    assert expected == json.dumps(json.loads(written(run, "json", "zh", options, None)))


def test_json_without_institutions() -> None:
    """A run without institutions has an empty list of them."""
    run = Run(STANDARD.model, STANDARD.digest, DAY, ())
    text = "".join(texts_of(run, "zh", Selection(), with_advice=False))

    assert json.dumps(document_of(run, "zh", with_advice=False)) == json.dumps(json.loads(text))


def test_reports_come_in_the_order_of_the_data(workers: Workers, tmp_path: Path) -> None:
    """Reports from other processes equal those of this one, the places of wrong values included."""
    rows = "".join(f"made-up-{number},{'many' if number % 7 == 3 else number * 50}\n" for number in range(60))
    (tmp_path / "data.csv").write_text("id,area\n" + rows, encoding="utf-8")
    submissions = read(STANDARD.model, [tmp_path / "data.csv"]).submissions
    alone = list(evaluations(STANDARD, submissions, DAY))
    shared = list(evaluations(STANDARD, submissions, DAY, workers, total=len(submissions)))

    assert alone == shared
    assert [f"made-up-{number}" for number in range(60)] == [report.id for report in shared]
    assert shared[3].errors[0].place == "data.csv:5 (area)"


@pytest.mark.parametrize(
    ("jobs", "total", "expected"),
    [(1, 10_000, False), (2, 2, True), (2, 1, False), (2, 0, False)],
)
def test_who_works_alone(jobs: int, total: int, expected: bool) -> None:
    """One process works alone where it is told to, and for a single institution."""
    assert expected is Workers(STANDARD, jobs).shares(total)


def test_as_many_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """With 0 there are as many processes as cores, and one where nothing is said."""
    monkeypatch.setattr("cedu_rules.reports.parallel.cores", lambda: 3)

    assert (1, 3, 5) == (Workers(STANDARD).jobs, Workers(STANDARD, 0).jobs, Workers(STANDARD, 5).jobs)


def ending(_standard: Standard, items: Sequence[int]) -> Sequence[int]:
    """End the worker as the system does when memory runs out."""
    if 5 in items:
        os.kill(os.getpid(), signal.SIGKILL)
    return items


def failing(_standard: Standard, items: Sequence[int]) -> Sequence[int]:
    """Fail for one item."""
    if 5 in items:
        raise LookupError(items)
    return items


@pytest.mark.parametrize(("work", "error"), [(ending, CeduError), (failing, LookupError)])
def test_what_goes_wrong_in_a_worker_ends_the_work(
    work: Callable[[Standard, Sequence[int]], Sequence[int]], error: type[Exception]
) -> None:
    """A worker that dies is told with a cure, an error passes; and no process stays behind."""
    before = set(multiprocessing.active_children())
    with pytest.raises(error) as raised, Workers(STANDARD, 2) as some:
        list(some.map(work, range(40), total=40))

    assert set() == set(multiprocessing.active_children()) - before
    assert error is LookupError or "a worker process ended" in str(raised.value)
    assert error is LookupError or "`--jobs 1`" in str(raised.value)


def test_only_as_much_is_read_as_is_worked_on(workers: Workers) -> None:
    """However much there is to do, no more than a few batches a worker are taken before results are wanted."""
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100_000):
            taken.append(number)
            yield number

    results = workers.map(failing, (number + 6 for number in numbers()), total=100_000)
    first = [next(results) for _ in range(3)]

    assert [6, 7, 8] == first
    assert len(taken) <= 32 * 3 * 2


# --- the command ---


def command(*arguments: str | Path) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "cedu_rules", *map(str, arguments)]


def test_the_command_writes_the_same_with_two_jobs(tmp_path: Path) -> None:
    """Output, errors and exit status are those of one process, with waivers and wrong values, too."""
    (tmp_path / "waivers.yaml").write_text((EXAMPLES / "waivers.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    path, teachers = made_up(tmp_path, 15)
    path.write_text(path.read_text(encoding="utf-8").replace("M00007,", "M00006,"), encoding="utf-8")
    options = ("--format", "json", "--on", "2022-12-15", "--waivers", tmp_path / "waivers.yaml", "--group", "host")
    done = [
        subprocess.run(  # noqa: S603
            command("check", "school", path, teachers, *options, "--jobs", jobs), capture_output=True, check=False
        )
        for jobs in ("1", "2")
    ]

    assert b"M00006" in done[0].stderr
    assert (2, done[0].stdout, done[0].stderr) == (done[1].returncode, done[1].stdout, done[1].stderr)


@pytest.mark.parametrize("given", ["-1", "two", "1.5", "62", ""])
def test_jobs_are_a_number_or_auto(given: str) -> None:
    """Anything else is told, with what is expected."""
    done = subprocess.run(  # noqa: S603
        command("check", "school", SCHOOLS[0], "--jobs", given), capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == 2
    assert f"found `{given}`; expected a number up to 61, or `auto`" in done.stderr


def processes_of(group: int) -> list[int]:
    """Return the processes of a process group that are still running, in the order in which they were started."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state, _, its_group, *others = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(its_group) == group and state != "Z":
            found.append((int(others[16]), int(entry.name)))
    return [number for _, number in sorted(found)]


def until(wanted: Callable[[], bool]) -> bool:
    """Wait for something that takes a moment, on a slow machine too, and return whether it came."""
    end = time.monotonic() + PATIENCE
    while not wanted():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_writing(folder: Path) -> bool:
    """Return whether a file is being written there that has not taken its place yet."""
    return bool(list(folder.glob(".cedu-rules-*")))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Return a function that starts a long check on two processes, and end what is left of it."""
    files = made_up(tmp_path, 1000)
    (tmp_path / "out.json").write_text("before", encoding="utf-8")
    made: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        output = ("--format", "json", "-o", tmp_path / "out.json")
        made.append(
            subprocess.Popen(  # noqa: S603
                command("check", "school", *files, "--on", "2022-12-15", "--jobs", "2", *output),
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        )
        return made[0]

    yield start
    for process in made:
        for each in processes_of(process.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux lists them")


@linux
@pytest.mark.parametrize("when", ["a worker starts", "reports are written"])
def test_ctrl_c_ends_everything(started: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path, when: str) -> None:
    """Exit status 130, nothing on standard error, no process left, and the file is what it was before."""
    process = started()
    assert until(lambda: len(processes_of(process.pid)) > 2 if when == "a worker starts" else is_writing(tmp_path))
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE)

    assert (130, b"") == (process.returncode, errors.strip())
    assert until(lambda: not processes_of(process.pid))
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == "before"
    assert not is_writing(tmp_path)


@linux
def test_a_worker_that_is_killed_is_told(started: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    """Exit status 2 and one line; no other process stays, and the file is what it was before."""
    process = started()

    assert until(lambda: is_writing(tmp_path))
    os.kill(processes_of(process.pid)[-1], signal.SIGKILL)
    _, errors = process.communicate(timeout=PATIENCE)

    assert (2, 1) == (process.returncode, errors.count(b"\n"))
    assert b"a worker process ended" in errors
    assert until(lambda: not processes_of(process.pid))
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == "before"


@linux
def test_workers_end_with_a_parent_that_is_killed(started: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    """Workers see that their parent is gone, and go."""
    process = started()

    assert until(lambda: len(processes_of(process.pid)) > 2)
    process.kill()
    process.wait()

    assert until(lambda: not processes_of(process.pid))
