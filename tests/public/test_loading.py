"""Loading as a stranger does it: by name, by path, from a text, for a day; and what is said where nothing is found."""

from datetime import date
from pathlib import Path

import pytest

import cedu_rules as cr

MINIMAL = """
standard tiny "最小"
source "办法" annex 1
effective from 2022-09-01
facts { area : m2 "面积" }
section "一" "二" { clause big "够大" { must area >= 5 m2 } }
"""


class TestByName:
    """`load` of a bundled name."""

    @pytest.mark.parametrize(("name", "clauses"), [("college", 38), ("school", 38), ("centre", 21)])
    def test_finds_a_bundled_standard(self, name: str, clauses: int) -> None:
        """The three bundled standards go by their names and have one clause a line of their annex."""
        standard = cr.load(name)

        assert (name, clauses) == (standard.id, len(standard.clauses))

    def test_ignores_files_beside_the_caller(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A bare name is never a file of the current folder."""
        (tmp_path / "school").write_text(MINIMAL, encoding="utf-8")
        monkeypatch.chdir(tmp_path)

        assert cr.load("school").id == "school"

    @pytest.mark.parametrize("name", ["nope", "", "school ", "..", "school/", "scho\nol"])
    def test_says_what_there_is(self, name: str) -> None:
        """An unknown name is told in backticks, with what would be found or why it cannot be read."""
        with pytest.raises(cr.StandardNotFound) as caught:
            cr.load(name)

        assert f"`{name}`" in str(caught.value)
        assert "expected a" in str(caught.value)

    def test_names_the_bundled_standards(self) -> None:
        """The message on an unknown name lists the names that there are."""
        with pytest.raises(cr.StandardNotFound) as caught:
            cr.load("schol")

        assert all(f"`{name}`" in str(caught.value) for name in ("centre", "college", "school"))


class TestByPath:
    """`load` of a path."""

    def test_takes_a_text_or_a_path(self, tmp_path: Path) -> None:
        """A path may be a `str` or a `Path`, with or without the ending."""
        for file in (tmp_path / "tiny.std", tmp_path / "tiny"):
            file.write_text(MINIMAL, encoding="utf-8")

            assert cr.load(file) == cr.load(str(file)) == cr.loads(MINIMAL)

    def test_takes_a_name_that_ends_in_std(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that ends in `.std` is a path though it has no separator."""
        (tmp_path / "school.std").write_text(MINIMAL, encoding="utf-8")
        monkeypatch.chdir(tmp_path)

        assert cr.load("school.std").id == "tiny"

    def test_reads_a_byte_order_mark(self, tmp_path: Path) -> None:
        """A file that an editor saved with a byte-order mark is the same standard."""
        file = tmp_path / "tiny.std"
        file.write_text(MINIMAL, encoding="utf-8-sig")

        assert cr.load(file) == cr.loads(MINIMAL)

    @pytest.mark.parametrize("path", ["no/such.std", "a\0b.std", "\ud800.std", "x" * 5000 + ".std"])
    def test_tells_what_cannot_be_read(self, path: str) -> None:
        """No path makes it raise anything else: a missing file, a name that no system takes."""
        with pytest.raises(cr.StandardNotFound, match="cannot read"):
            cr.load(path)

    def test_tells_a_folder_from_a_file(self, tmp_path: Path) -> None:
        """A folder is no standard."""
        with pytest.raises(cr.StandardNotFound, match="expected a readable"):
            cr.load(tmp_path)

    def test_stops_reading_where_a_standard_would(self) -> None:
        """A file without an end is refused, not read for ever."""
        if not Path("/dev/zero").exists():
            pytest.skip("there is no endless file here")
        with pytest.raises(cr.StandardError) as caught:
            cr.load("/dev/zero")

        assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["too-large"]

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"\0", bytes(range(256))])
    def test_tells_what_is_no_standard(self, tmp_path: Path, content: bytes) -> None:
        """Bytes that are no standard end in diagnostics, each with its place in the file."""
        file = tmp_path / "junk.std"
        file.write_bytes(content)
        with pytest.raises(cr.StandardError) as caught:
            cr.load(file)

        assert caught.value.diagnostics
        assert all(line.startswith(f"{file}:") for line in _headlines(caught.value))


class TestByText:
    """`loads` of a text."""

    def test_reports_every_mistake_at_once(self) -> None:
        """All mistakes of a text come together, in the order of the text."""
        text = MINIMAL.replace("area >= 5 m2", "aera >= 5 m2 must area >= 5 people")
        with pytest.raises(cr.StandardError) as caught:
            cr.loads(text, "mine.std")

        codes = [diagnostic.code for diagnostic in caught.value.diagnostics]

        assert codes == ["unknown-name", "unit-mismatch"]
        assert _headlines(caught.value)[0].startswith("mine.std:6:42: unknown-name: ")

    def test_keeps_warnings(self) -> None:
        """What is doubtful but allowed is kept with the standard."""
        text = MINIMAL.replace("area >= 5 m2", "area >= 0 m2")

        assert [diagnostic.code for diagnostic in cr.loads(text).diagnostics] == ["always-met"]


class TestOnADay:
    """`load(…, on=…)` picks the edition."""

    @pytest.mark.parametrize("day", [date(2022, 9, 1), date(2030, 1, 1), None])
    def test_takes_the_edition_in_force(self, day: date | None) -> None:
        """From its first day on the edition is found; without a day the newest."""
        assert cr.load("school", on=day).id == "school"

    def test_says_from_when_there_is_one(self) -> None:
        """Before the first edition there is none, and the message tells both days."""
        with pytest.raises(cr.StandardNotFound) as caught:
            cr.load("school", on=date(2022, 8, 31))

        assert "2022-09-01" in str(caught.value)
        assert "2022-08-31" in str(caught.value)


def _headlines(error: cr.StandardError) -> list[str]:
    return [diagnostic.headline() for diagnostic in error.diagnostics]
