"""Many at once: whole files of made-up schools, read, evaluated and written by one process and by one a core."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cedu_rules
from cedu_rules.reports.parallel import cores
from tests.benchmarks.timing import Figure, Spread, in_turns, not_measured

SUITE = "many"
NUMBER, ROUNDS = 300, 3
EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"
FORMS = ("text", "json", "html")
VARIED = ("population", "books", "computers", "newspapers", "magazines")


def made_up(folder: Path, number: int) -> tuple[Path, Path]:
    """Write so many made-up schools with their teachers, copies of the examples whose counts differ; return the files."""
    schools, teachers = (_rows(EXAMPLES / name) for name in ("schools.csv", "teachers.csv"))
    written_schools, written_teachers = [], []
    for copy in range(number):
        school = schools[copy % len(schools)]
        id_ = f"M{copy:05}"
        varied = {name: str(int(school[name]) + copy % 97) for name in VARIED if school[name].isdigit()}
        written_schools.append({**school, **varied, "id": id_})
        written_teachers += [{**each, "institution": id_} for each in teachers if each["institution"] == school["id"]]
    return _written(folder / "schools.csv", written_schools), _written(folder / "teachers.csv", written_teachers)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _checked(files: tuple[Path, Path], form: str, jobs: int) -> bytes:
    """Return what the command writes with so many processes."""
    options = ["--format", form, "--on", "2022-12-15", "--no-advice", "--jobs", str(jobs)]
    done = subprocess.run(  # noqa: S603 -- this interpreter
        [sys.executable, "-m", "cedu_rules", "check", "school", *map(str, files), *options],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(files[0].parent / "compiled")},
        capture_output=True,
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def measure() -> list[Figure]:
    """Return the figures of this suite."""
    number = cores()
    if number == 1:
        return [not_measured(SUITE, "one process a core, to one process", "this machine has one core")]
    with tempfile.TemporaryDirectory() as folder:
        files = made_up(Path(folder), NUMBER)
        found = [figure for form in FORMS for figure in _of_form(files, form, number)]
    return [*found, _generator()]


def _of_form(files: tuple[Path, Path], form: str, number: int) -> list[Figure]:
    ways: dict[str, Callable[[], object]] = {str(jobs): partial(_checked, files, form, jobs) for jobs in (1, number)}
    if ways["1"]() != ways[str(number)]():
        raise ValueError(f"{number} processes write another {form} than one")
    times = in_turns(ways, rounds=ROUNDS, clock=time.perf_counter, warm=0)
    what = f"`check` of {NUMBER:,} schools as {form}"
    goal = None if form == "text" else 1
    note = f"{number} cores, by the clock on the wall"
    if form == "text":
        note += "; explains little, and to start a process takes as long as one needs for it"
    return [
        Figure(SUITE, f"{what}, one process", times.seconds("1"), unit="s"),
        Figure(SUITE, f"{what}, {number} processes to one", times.ratio(str(number), "1"), goal, note=note),
    ]


def _generator() -> Figure:
    """Return what a report of `evaluate_many` takes, to one of `evaluate`."""
    standard = cedu_rules.load("school")
    records = [standard.record(id=str(number), population=number) for number in range(300)]
    ways: dict[str, Callable[[], object]] = {
        "many": lambda: [report.verdict for report in standard.evaluate_many(records)],
        "each": lambda: [standard.evaluate(record).verdict for record in records],
    }
    ratio: Spread = in_turns(ways, rounds=21, at_once=True).ratio("many", "each")
    return Figure(SUITE, "`evaluate_many` of 300 records, to `evaluate` of each", ratio, 1.1)
