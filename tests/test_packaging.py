"""The wheel as others install it: what is in it, that it finds its standards, and a package that ships its own."""

import base64
import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cedu_rules as cr

ROOT = Path(__file__).parent.parent
STANDARDS = {path.name for path in (ROOT / "standards").glob("*.std")}
SHIPPED = """
standard playground "示例：游戏场"
source "示例办法" annex 1
effective from 2022-09-01
facts { area : m2 "面积" }
section "一" "二" { clause big "够大" { must area >= 5 m2 } }
"""
TELL = """
import sys
from pathlib import Path
import cedu_rules as cr
print(Path(cr.__file__).parent)
for name in sys.argv[1:]:
    standard = cr.load(name)
    print(standard.id, len(standard.clauses), standard.digest)
"""


def pip(*arguments: object) -> None:
    """Run pip; what it says is shown where it fails."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)  # noqa: S603

    assert done.returncode == 0, done.stderr


def told(folder: Path, *names: str) -> list[str]:
    """Return what a program says that finds its packages in the folder first, and works somewhere else."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", TELL, *names]
    done = subprocess.run(  # noqa: S603
        command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout; without its build tool at hand, pip fetches that."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("there is no pip in this environment")
    folder = tmp_path_factory.mktemp("wheels")
    at_hand = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    pip("wheel", "--no-deps", *at_hand, "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed") / "site"
    pip("install", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


def test_the_wheel_holds_what_is_needed(wheel: Path) -> None:
    """Every module, the grammar, the mark of types and the standards are in it, and no tests or documents."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "cedu_rules").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert package - names == set()
    assert {f"cedu_rules/standards/{name}" for name in STANDARDS} <= names
    assert {name.split("/")[0] for name in names} == {"cedu_rules", f"cedu_rules-{cr.__version__}.dist-info"}


def test_the_wheel_finds_its_standards(site: Path) -> None:
    """Installed from the wheel, far from the checkout, the same standards are found by name."""
    names = sorted(name.removesuffix(".std") for name in STANDARDS)
    here = [f"{name} {len(cr.load(name).clauses)} {cr.load(name).digest}" for name in names]

    assert [str(site / "cedu_rules"), *here] == told(site, *names)


def test_the_wheel_brings_the_command(site: Path, wheel: Path) -> None:
    """The wheel installs `cedu-rules` and asks for few packages."""
    with zipfile.ZipFile(wheel) as archive:
        information = f"cedu_rules-{cr.__version__}.dist-info/"
        metadata = archive.read(information + "METADATA").decode()
        entry_points = archive.read(information + "entry_points.txt").decode()
    required = {
        line.split()[1].rstrip(";").split(">")[0].lower()
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist:") and "extra ==" not in line
    }

    assert "cedu-rules = cedu_rules.__main__:main" in entry_points
    assert (site / "bin" / "cedu-rules").exists() or (site / "Scripts").exists()
    assert required == {"attrs", "click", "jinja2", "lark", "pyyaml", "rich"}


def test_this_checkout_finds_its_standards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way this library is installed here, its standards are those of the checkout, from any folder."""
    monkeypatch.chdir(tmp_path)

    for name in STANDARDS:
        assert cr.load(name.removesuffix(".std")) == cr.load(ROOT / "standards" / name)


def test_another_package_ships_a_standard(site: Path, tmp_path: Path) -> None:
    """A package that is installed with an entry point in `cedu_rules.standards` has its standard found by name."""
    pip("install", "--no-deps", "--no-index", "--target", tmp_path / "site", _package(tmp_path))
    environment = tmp_path / "site"
    (environment / "cedu_rules").symlink_to(site / "cedu_rules", target_is_directory=True)
    place, found = told(environment, "playground")

    assert place == str(environment / "cedu_rules")
    assert f"playground 1 {cr.loads(SHIPPED).digest}" == found


def _package(folder: Path) -> Path:
    """Write the wheel of a package that ships one standard, as any build tool would."""
    files = {
        "playground_rules/__init__.py": '"""A made-up standard."""\n',
        "playground_rules/playground.std": SHIPPED,
        "playground_rules-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: playground-rules\nVersion: 1.0\n",
        "playground_rules-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "playground_rules-1.0.dist-info/entry_points.txt": "[cedu_rules.standards]\nplayground = playground_rules\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text.encode())}\n" for name, text in files.items())
    path = folder / "playground_rules-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("playground_rules-1.0.dist-info/RECORD", record + "playground_rules-1.0.dist-info/RECORD,,\n")
    return path


def _digest(text: str) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
