"""What a start brings along: nothing that the question at hand does not need. Times are measured in `tests/benchmarks`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cedu_rules import cache

LIGHT = {
    "lark",
    "narwhals",
    "polars",
    "duckdb",
    "pandas",
    "pyarrow",
    "rich",
    "openpyxl",
    "jinja2",
    "yaml",
    "hypothesis",
}
"""Heavy packages that neither an import nor the check of one institution needs."""
UNUSED = {
    "cedu_rules.backends.python",
    "cedu_rules.binding",
    "cedu_rules.cli.bulk",
    "cedu_rules.data.csv_files",
    "cedu_rules.data.grids",
    "cedu_rules.data.lists",
    "cedu_rules.data.tables",
    "cedu_rules.explain.repairs",
    "cedu_rules.explain.questions",
    "cedu_rules.frontend",
    "cedu_rules.reports.paper",
    "cedu_rules.reports.text",
    "cedu_rules.syntax.nodes",
    "cedu_rules.waivers",
    "hashlib",
    "importlib.metadata",
    "importlib.resources",
    "shutil",
    "tempfile",
}
"""What the check of one institution as JSON needs not, where its standard was loaded before."""


ATTRS_CLASSES_LIMIT = 12
"""So many attrs classes may be made at the start: making one takes a hundredth of importing attrs and click."""

CHECK = (
    "import sys\nfrom cedu_rules.cli import main\ntry:\n    main()\n"
    "except SystemExit as end:\n    assert end.code == 1, end.code"
)
"""Runs the command line, on an institution of which almost nothing is known."""


def modules_after(code: str, *, arguments: tuple[str, ...] = ()) -> set[str]:
    """Return the modules that a fresh process has imported after running code."""
    told = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(list(sys.modules)))", *arguments],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(json.loads(told.splitlines()[-1]))


def test_an_import_is_light() -> None:
    """`import cedu_rules` and a first look at its names bring no heavy package."""
    found = modules_after("import cedu_rules; [getattr(cedu_rules, name) for name in cedu_rules.__all__]")

    assert set() == found & LIGHT


def test_checking_one_school_again_imports_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard that was loaded before is not read again, and nothing is compiled for one institution."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    data, out = tmp_path / "one.json", tmp_path / "again.json"
    data.write_text('[{"id": "1", "name": "示例"}]', encoding="utf-8")
    arguments = ("check", "school", str(data), "--format", "json", "-o")
    first = modules_after(CHECK, arguments=(*arguments, str(tmp_path / "first.json")))
    again = modules_after(CHECK, arguments=(*arguments, str(out)))

    assert "lark" in first
    assert set() == again & (LIGHT | UNUSED)
    assert "undetermined" == json.loads(out.read_text(encoding="utf-8"))["institutions"][0]["verdict"]


def test_few_attrs_classes_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that a start makes many classes of are named tuples."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    data = tmp_path / "one.json"
    data.write_text('[{"id": "1", "name": "示例"}]', encoding="utf-8")
    arguments = ("check", "school", str(data), "--format", "json", "-o", str(tmp_path / "out.json"))
    modules_after(CHECK, arguments=arguments)
    counted = (
        "import attrs, inspect\n"
        "ours = [module for name, module in sys.modules.items() if name.startswith('cedu_rules')]\n"
        "classes = {each for module in ours for _, each in inspect.getmembers(module, inspect.isclass)}\n"
        "made = [each for each in classes if '__attrs_attrs__' in vars(each)]\n"
        f"assert len(made) <= {ATTRS_CLASSES_LIMIT}, made"
    )

    assert "cedu_rules.report" in modules_after(f"{CHECK}\n{counted}", arguments=arguments)
