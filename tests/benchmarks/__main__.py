"""All suites in one run into JSON and `docs/performance.md`.

    python -m tests.benchmarks                      every suite; writes tests/benchmarks/results.json and the page
    python -m tests.benchmarks one_record frame     some suites; the figures of the others are kept
    python -m tests.benchmarks --page               only the page, from the results

A suite is a module of this folder with `measure() -> list[Figure]`.
"""

import argparse
import importlib
import json
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.page import page_of
from tests.benchmarks.timing import Figure

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
PAGE = FOLDER.parent.parent / "docs" / "performance.md"
SUITES = ("one_record", "one_record_peers", "start", "loading", "frame", "many")
PACKAGES = ("cedu_rules", "attrs", "narwhals", "polars", "duckdb", "pyarrow", "pandas", "pyspark", "sqlglot")


def machine() -> dict[str, Any]:
    """Return what the figures were measured on and with."""
    versions: dict[str, str] = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "day": datetime.now(UTC).date().isoformat(),
        "versions": versions,
    }


def run(names: Iterable[str], before: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return machine and figures by suite; those of suites that are not run stay as they were."""
    found = dict(before)
    for name in names:
        if not (FOLDER / f"{name}.py").exists():
            continue
        sys.stderr.write(f"{name} …\n")
        figures: list[Figure] = importlib.import_module(f"tests.benchmarks.{name}").measure()
        found[name] = {"machine": machine(), "figures": [figure.to_dict() for figure in figures]}
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; return 1 where a goal is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure, and write the page.")
    parser.add_argument("suites", nargs="*", help="the suites to run; all without")
    parser.add_argument("--page", action="store_true", help="only write the page from the results")
    options = parser.parse_args(arguments)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    if not options.page:
        results = run(options.suites or SUITES, results)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    suites = [
        ([Figure.from_dict(figure) for figure in results[name]["figures"]], results[name]["machine"])
        for name in SUITES
        if name in results
    ]
    PAGE.write_text(page_of(suites), encoding="utf-8")
    figures = [figure for listed, _ in suites for figure in listed]
    return int(any(figure.is_met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
