"""Start: from nothing to the first verdict of the command line, beside an interpreter that imports attrs and click alone."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import cedu_rules
from cedu_rules import data
from tests.benchmarks.timing import Figure, Spread, Times, in_turns

SUITE = "start"
ROUNDS, ROUNDS_BY_THE_WALL = 9, 5
EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"
HEAVY = (
    "lark", "rich", "narwhals", "polars", "pandas", "pyarrow", "duckdb", "pyspark", "numpy", "sqlglot", "yaml", "openpyxl",
    "jinja2", "hypothesis", "pytest", "pygls", "click", "multiprocessing", "concurrent.futures",
)  # fmt: skip


def measure() -> list[Figure]:
    """Return the figures of this suite."""
    with _school() as path:
        folder = path.parent
        check = [
            sys.executable,
            "-m",
            "cedu_rules",
            "check",
            "school",
            str(path),
            "--format",
            "json",
            "--on",
            "2022-12-15",
        ]
        bare = [sys.executable, "-c", "import attrs, click"]
        kept = {
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "PYTHONDONTWRITEBYTECODE": "",
        }  # as it is where it is installed
        warm = {**kept, "CEDU_RULES_CACHE": str(folder / "warm")}
        colds = ({**kept, "CEDU_RULES_CACHE": str(folder / f"cold-{number}")} for number in range(10**6))
        if json.loads(_run(check, warm))["institutions"][0]["verdict"] not in {"fails", "conforms", "undetermined"}:
            raise ValueError("the school of the benchmark cannot be read")
        ways = {
            "bare": lambda: _run(bare, kept),
            "warm": lambda: _run(check, warm),
            "cold": lambda: _run(check, next(colds)),
        }
        used = in_turns(ways, rounds=ROUNDS, clock=_processor_time)
        passed = in_turns(ways, rounds=ROUNDS_BY_THE_WALL, clock=time.perf_counter)
    return [*_figures(used, passed), _imported()]


def _figures(used: Times, passed: Times) -> list[Figure]:
    name = "`cedu-rules check school one.json --format json`"
    bare = 'to `python -c "import attrs, click"`'
    times = used.ratio("cold", "bare").median
    note = f"{times:.1f} times the import above: seconds go with the machine and the hour"
    seconds = {way: used.seconds(way).median for way in used.rounds}
    return [
        Figure(
            SUITE,
            '`python -c "import attrs, click"`, by which to judge the seconds below',
            used.seconds("bare"),
            unit="s",
        ),
        Figure(SUITE, f"{name}, loaded before, {bare}, processor time", used.ratio("warm", "bare"), 2, details=seconds),
        Figure(SUITE, f"{name}, loaded before, {bare}, as the clock on the wall goes", passed.ratio("warm", "bare")),
        Figure(SUITE, f"{name}, never loaded before, processor time", used.seconds("cold"), 0.5, "s", note),
        Figure(SUITE, f"{name}, never loaded before, as the clock on the wall goes", passed.seconds("cold"), unit="s"),
    ]


@contextmanager
def _school() -> Iterator[Path]:
    """Give the path of a JSON file of one school: the first of the made-up city."""
    standard = cedu_rules.load("school")
    read = data.read(standard.model, [EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.json"
        path.write_text(json.dumps(read.submissions[0].given, ensure_ascii=False), encoding="utf-8")
        yield path


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a command; return what it writes. Exit status 1 says that the school does not conform."""
    done = subprocess.run(  # noqa: S603 -- this interpreter
        command, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    return done.stdout


def _processor_time() -> float:
    """Return what the processes that have ended took of the processor, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _imported() -> Figure:
    """Return how many of the heavy packages `import cedu_rules` brings; their names are in the note."""
    told = _run([sys.executable, "-c", "import sys, cedu_rules; print(*sys.modules)"], {}).split()
    found = sorted(set(HEAVY) & set(told))
    note = f"of {', '.join(HEAVY)}" + (f"; found {', '.join(found)}" if found else "")
    return Figure(SUITE, "heavy packages that `import cedu_rules` brings", Spread(*[len(found)] * 3), 0, note=note)
