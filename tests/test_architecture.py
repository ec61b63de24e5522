"""Tests that imports go in one direction, that third-party packages stay where they belong, and that nothing is too long."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cedu_rules

PACKAGE = Path(cedu_rules.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ROWS = (
    {"_version", "digests", "messages", "source", "truth", "units"},
    {"diagnostics"},
    {"syntax"},
    {"model"},
    {"results", "rows", "values"},
    {"records", "semantics"},
    {"validity"},
    {"analysis", "backends", "explain", "waivers"},
    {"binding", "cache", "facts", "frontend", "report"},
    {"tabular"},
    {"standard"},
    {"catalog", "data"},
    {"authoring", "reports"},
    {"lsp", "pytest_plugin", "testing"},
    {"cli"},
    {"__main__", "__init__"},
)
"""Bottom to top; a module imports from lower rows and from its own package, never from a sibling."""

HOMES = {
    "lark": {"syntax/grammar.py", "syntax/parser.py"},
    "hypothesis": {"testing"},
    "pytest": {"pytest_plugin.py", "testing"},
    "click": {"cli"},
    "rich": {"cli", "reports"},
    "yaml": {"data"},
    "openpyxl": {"data", "reports"},
    "jinja2": {"reports"},
    "markupsafe": {"reports"},
    "narwhals": {"backends/frame"},
    "polars": {"backends/frame", "data"},
    "duckdb": {"backends/frame"},
    "pyarrow": {"backends/frame", "data"},
    "pyspark": {"backends/frame"},
    "sqlglot": {"backends/frame"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "pygments": {"authoring"},
}
"""The only places where a third-party package may be imported; attrs may be everywhere."""

LINES_LIMIT = 400
FUNCTION_LIMIT = 40
TABLE_LIMIT = 80


def module_name(path: Path) -> str:
    """Return the first part of a module's name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def row_of(name: str) -> int:
    """Return the row in which a module stands."""
    found = [number for number, row in enumerate(ROWS) if name in row]

    assert found, f"`{name}` stands in no row of the architecture"
    return found[0]


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, lazy and typing-only ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" if module == "cedu_rules" else module for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_from_lower_rows_only(path: Path) -> None:
    """No module imports a higher one or a sibling, not even lazily."""
    own = module_name(path)
    targets = {name.split(".")[1] for name in imports(path) if name.startswith("cedu_rules.")} - {own}
    wrong = sorted(target for target in targets if row_of(target) >= row_of(own))

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_third_party_packages_stay_at_home(path: Path) -> None:
    """Heavy packages are imported in their own module only."""
    here = path.relative_to(PACKAGE)
    used = {name.split(".")[0] for name in imports(path)} & HOMES.keys()
    strays = sorted(name for name in used if not HOMES[name] & {str(here), *map(str, here.parents)})

    assert strays == []


@pytest.mark.parametrize("package", sorted({path.parent for path in MODULES} - {PACKAGE}), ids=lambda path: path.name)
def test_a_package_has_no_import_cycle(package: Path) -> None:
    """Inside a package, too, imports form no circle."""
    prefix = "cedu_rules." + ".".join(package.relative_to(PACKAGE).parts)
    files = {f"{prefix}.{path.stem}": path for path in package.glob("*.py") if path.stem != "__init__"}
    graph = {name: {target for target in imports(path) if target in files} for name, path in files.items()}
    waiting = dict(graph)
    while ready := [name for name, targets in waiting.items() if not targets & waiting.keys()]:
        for name in ready:
            del waiting[name]

    assert waiting == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_can_be_read_in_one_sitting(path: Path) -> None:
    """A module has at most 400 lines, a function 40 without its docstring; one flat `match` may have 80."""
    text = path.read_text(encoding="utf-8")
    long = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            is_table = len(body) == 1 and isinstance(body[0], ast.Match)
            if length > (TABLE_LIMIT if is_table else FUNCTION_LIMIT):
                long.append((node.name, length))

    assert long == []
    if path.name not in {"nodes.py", "messages.py"}:  # tables: one entry after the other
        assert len(text.splitlines()) <= LINES_LIMIT


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
