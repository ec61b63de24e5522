"""Names into standards: what is bundled, what other packages ship, and what their mistakes may not break."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cedu_rules import catalog
from cedu_rules.diagnostics import StandardError, StandardNotFound

TEXT = """
standard {name} "最小"
source "办法" annex 1
effective from 2022-09-01
facts {{ area : m2 "面积" }}
section "一" "二" {{ clause big "够大" {{ must area >= 5 m2 }} }}
"""
ENTRY_POINTS = "[cedu_rules.standards]\n"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that Python imports packages from."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def ship(packages: Path, package: str, code: str = "", **standards: str) -> None:
    """Install a package that ships standards, each the text of its file; None of them need be right."""
    folder = packages / package
    folder.mkdir()
    (folder / "__init__.py").write_text(code, encoding="utf-8")
    for name, text in standards.items():
        (folder / f"{name}.std").write_text(text, encoding="utf-8")
    register(packages, package, dict.fromkeys(standards, package))


def register(packages: Path, distribution: str, entries: dict[str, str]) -> None:
    """Write the metadata of a distribution with these entry points."""
    information = packages / f"{distribution}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (information / "entry_points.txt").write_text(ENTRY_POINTS + lines, encoding="utf-8")
    importlib.invalidate_caches()


class TestShipped:
    """Standards of other packages."""

    def test_are_found_by_name(self, packages: Path) -> None:
        """An entry point names the package that holds `NAME.std`; the file is called by its own name."""
        ship(packages, "city_rules", playground=TEXT.format(name="playground"))
        standard = catalog.load("playground")

        assert ("playground", "playground.std") == (standard.id, standard.model.source.name)
        assert "playground" in catalog.names()

    def test_may_be_several_in_one_package(self, packages: Path) -> None:
        """One package ships as many as it names."""
        ship(packages, "city_rules", one=TEXT.format(name="one"), two=TEXT.format(name="two"))

        assert [catalog.load(name).id for name in ("one", "two")] == ["one", "two"]

    def test_may_lie_in_a_subpackage(self, packages: Path) -> None:
        """The value of the entry point is any importable package; what stands after a colon is left aside."""
        ship(packages, "city_rules")
        inner = packages / "city_rules" / "files"
        inner.mkdir()
        (inner / "__init__.py").touch()
        (inner / "park.std").write_text(TEXT.format(name="park"), encoding="utf-8")
        register(packages, "city_rules_extra", {"park": "city_rules.files:anything"})

        assert catalog.load("park").id == "park"

    def test_never_hide_a_bundled_one(self, packages: Path) -> None:
        """A bundled name goes before."""
        ship(packages, "city_rules", school=TEXT.format(name="other"))

        assert catalog.load("school").id == "school"
        assert catalog.names().count("school") == 1

    @pytest.mark.parametrize(
        "code", ["raise RuntimeError('secret')", "import no_such_package", "(", "raise SystemError"]
    )
    def test_tell_a_package_that_cannot_be_imported(self, packages: Path, code: str) -> None:
        """A broken package is named, with the kind of its error."""
        ship(packages, "broken_rules", code, park=TEXT.format(name="park"))
        with pytest.raises(StandardNotFound, match=r"cannot import `broken_rules`, which ships `park`: \w+; expected"):
            catalog.load("park")

    def test_are_imported_only_when_asked_for(self, packages: Path) -> None:
        """A broken package disturbs nobody who asks for something else, nor the list of names."""
        ship(packages, "broken_rules", "raise RuntimeError", park=TEXT.format(name="park"))
        ship(packages, "city_rules", playground=TEXT.format(name="playground"))

        assert catalog.load("playground").id == "playground"
        assert {"park", "playground"} <= set(catalog.names())
        with pytest.raises(StandardNotFound, match="no standard `nope`"):
            catalog.load("nope")

    def test_tell_a_file_that_is_missing(self, packages: Path) -> None:
        """An entry point whose package lacks the file is told as such."""
        ship(packages, "city_rules")
        register(packages, "promises", {"park": "city_rules"})
        with pytest.raises(StandardNotFound, match=r"cannot read `park\.std`"):
            catalog.load("park")

    def test_tell_their_mistakes(self, packages: Path) -> None:
        """A shipped file that is no standard is told like any other, under its own name."""
        ship(packages, "city_rules", park="standard")
        with pytest.raises(StandardError, match=r"^park\.std:1:"):
            catalog.load("park")


class TestNames:
    """`names`."""

    def test_lists_what_is_bundled(self) -> None:
        """The three bundled standards, sorted."""
        names = catalog.names()

        assert {"centre", "college", "school"} <= set(names)
        assert sorted(names) == list(names)

    def test_lists_what_can_be_loaded(self) -> None:
        """Every bundled name loads, and the standard goes by that name."""
        for name in ("centre", "college", "school"):
            assert catalog.load(name).id == name


class TestReadText:
    """`read_text`."""

    def test_refuses_what_is_too_large(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file up to the limit is read; one byte more is told."""
        monkeypatch.setattr(catalog, "SIZE_LIMIT", 5)
        file = tmp_path / "x.std"
        file.write_bytes(b"12345")

        assert catalog.read_text(file, "x.std") == "12345"

        file.write_bytes(b"123456")
        with pytest.raises(StandardError, match="too-large"):
            catalog.read_text(file, "x.std")

    def test_tells_the_line_that_is_no_utf_8(self, tmp_path: Path) -> None:
        """A file in another encoding is told with the line where that shows."""
        file = tmp_path / "x.std"
        file.write_bytes("standard x\n\n标准".encode("gbk"))
        with pytest.raises(StandardError, match=r"line 3"):
            catalog.read_text(file, "x.std")
