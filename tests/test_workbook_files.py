"""Files that are no workbooks, that are damaged, or that must not be opened."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cedu_rules import data
from cedu_rules.data import archives, xlsx_files
from cedu_rules.data.contents import Content
from cedu_rules.data.tables import Broken
from tests.steps import steps_of
from tests.workbooks import STANDARD, book, edit_part, record_of, replace_in_sheets, told


def zipped(**parts: bytes) -> bytes:
    """Return a zip archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


class TestFiles:
    """Files that are no workbooks, or must not be opened."""

    NONE = "expected a workbook saved as `.xlsx`"

    @pytest.mark.parametrize(
        ("raw", "wanted"),
        [
            (b"", NONE),
            (b"id,area\nS1,500\n", NONE),
            (b"PK\x03\x04 torn", NONE),
            (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), NONE),
            (zipped(**{"[Content_Types].xml": b"<Types/>"}), NONE),
            (zipped(**{"[Content_Types].xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><Types>&b;</Types>"}), NONE),
            (zipped(**{"[Content_Types].xml": "<Types/>".encode("utf-16")}), NONE),
            (zipped(**{"[Content_Types].xml": b"<?xml version='1.0' encoding='cp037'?><Types/>"}), NONE),
            (zipped(**{"[Content_Types].xml": "<Types/>".encode("utf-16-le")}), NONE),
            (
                zipped(
                    **{
                        "[Content_Types].xml": b"<Types/>",
                        "xl/workbook.xml": b"<a xmlns='http://purl.oclc.org/ooxml/b'/>",
                    }
                ),
                "expected a workbook saved as `Excel Workbook (.xlsx)`, not as `Strict Open XML`",
            ),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, f"{NONE}, not in the old format `.xls`"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "expected a workbook without a password",
            ),
        ],
    )
    def test_no_workbook(self, tmp_path: Path, raw: bytes, wanted: str) -> None:
        """Each is one message, and the other files are read."""
        (tmp_path / "s.xlsx").write_bytes(raw)
        (tmp_path / "t.csv").write_text("id\nS1\n")
        reading = data.read(STANDARD.model, [tmp_path / "s.xlsx", tmp_path / "t.csv"])

        assert [f"s.xlsx; {wanted}"] == told(reading)
        assert ["S1"] == [each.id for each in reading.submissions]

    @pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsm", ".et"])
    def test_other_workbooks(self, tmp_path: Path, ending: str) -> None:
        """Other kinds of workbooks are asked for as `.xlsx`."""
        (tmp_path / f"s{ending}").write_bytes(b"x")

        assert [f"s{ending}: `{ending}`; {self.NONE}"] == told(data.read(STANDARD.model, [tmp_path / f"s{ending}"]))

    def test_zip_bomb(self, tmp_path: Path) -> None:
        """A workbook that unpacks to far more than its size is not opened, whatever is in it."""
        bomb = zipped(
            **{"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b"0" * (archives.UNPACKED_LIMIT + 1)}
        )
        small = zipped(**{"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"0" * (17 * 2**20)})
        for name, raw in {"bomb.xlsx": bomb, "small.xlsx": small}.items():
            (tmp_path / name).write_bytes(raw)
        reading = data.read(STANDARD.model, [tmp_path / "bomb.xlsx", tmp_path / "small.xlsx"])

        assert ["expected a workbook of at most 128 MB unpacked"] * 2 == [line.split("; ")[1] for line in told(reading)]

    def test_a_million_empty_rows(self, tmp_path: Path) -> None:
        """Rows after the last value are not even parsed."""
        path = book(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]})
        rows = b"".join(b'<row r="%d" ht="15"><c r="A%d" s="0"/></row>' % (line, line) for line in range(3, 1_000_001))
        replace_in_sheets(path, b"</sheetData>", rows + b"</sheetData>")
        found: list[data.Reading] = []
        steps = steps_of(lambda: found.append(data.read(STANDARD.model, [path])))

        assert [{"area": "500"}] == [each.values for each in found[0].submissions]
        assert steps < 500_000  # not one a row

    @pytest.mark.parametrize(
        ("part", "old", "new"),
        [
            ("xl/worksheets/sheet1.xml", b"</row></sheetData>", b"<c/>" * 600_000 + b"</row></sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<a/>" * 600_000 + b"</sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<!-- <row> --><c/>" * 1001 + b"</sheetData>"),
            ("xl/worksheets/sheet1.xml", b"</sheetData>", b'<row r="1"/>' * 2**20 + b"</sheetData>"),
            ("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 600_000 + b"</cellXfs>"),
            ("xl/worksheets/sharedStrings.xml", b"", b"<sst>" + b"<si/>" * 1_700_000 + b"</sst>"),
        ],
    )
    def test_parts_that_are_all_tags(self, tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
        """Parts that unpack to millions of objects, though to few megabytes, are refused before any object is made."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        edit_part(path, part, lambda content: content.replace(old, new, 1))
        found: list[data.Reading] = []
        steps = steps_of(lambda: found.append(data.read(STANDARD.model, [path])))

        wanted = "expected a workbook of fewer texts, styles and cells in a row; copy its values into a new one"
        assert [f"school.xlsx; {wanted}"] == told(found[0])
        assert steps < 100_000  # not one an object

    @pytest.mark.parametrize(
        "part",
        ["xl/externalLinks/externalLink1.xml", "xl/media/image1.svg", "xl/calcChain.xml", "xl/embeddings/b.xlsx"],
    )
    def test_parts_that_hold_no_values_are_not_read(self, tmp_path: Path, part: str) -> None:
        """Links to other workbooks, pictures and the like may hold anything: nothing looks at them."""
        path = book(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]})
        edit_part(path, part, lambda _: b"\0<!DOCTYPE a [<!ENTITY b 'c'>]>" + b"<c/>" * 600_000)

        assert 500 == record_of(data.read(STANDARD.model, [path])).area

    @pytest.mark.parametrize(
        ("reference", "wanted"),
        [
            (b"1048577", "school.xlsx:机构; expected a sheet of at most 1048576 rows and 20000000 cells"),
            (b"99999999999", "school.xlsx:机构; expected a sheet of at most 1048576 rows and 20000000 cells"),
            (b"x", "school.xlsx:机构; expected a sheet that can be read; save the workbook again"),
        ],
    )
    def test_rows_beyond_any_sheet(self, tmp_path: Path, reference: bytes, wanted: str) -> None:
        """A row number that no sheet has is told, and nothing is filled up to it."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        replace_in_sheets(path, b'<row r="2"', b'<row r="' + reference + b'"')

        assert [wanted] == told(data.read(STANDARD.model, [path]))

    @pytest.mark.parametrize("style", [b"99", b"99999999999999999999"])
    def test_styles_that_the_workbook_lacks(self, tmp_path: Path, style: bytes) -> None:
        """A number in a cell of a style that is not there may be anything, a percent too: it is refused at its cell."""
        path = book(tmp_path, {"机构": [["id", "建筑面积"], ["S1", 500]]})
        replace_in_sheets(path, b'<c r="B2"', b'<c s="' + style + b'" r="B2"')

        wanted = "school.xlsx:机构!B2: S1: area: `500`; expected a sheet that can be read; save the workbook again"
        assert [wanted] == told(data.read(STANDARD.model, [path]))

    def test_without_the_extra(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the package, one sentence tells the command that installs it."""
        path = book(tmp_path, {"机构": [["id"], ["S1"]]})
        monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)

        wanted = "expected the package that reads workbooks; install it with `pip install 'cedu_rules[xlsx]'`"
        assert [f"school.xlsx; {wanted}"] == told(data.read(STANDARD.model, [path]))

    @given(st.data())
    def test_damaged_workbooks_never_raise(self, drawn: st.DataObject) -> None:
        """Whatever bytes of a workbook are changed, it is read or refused, and nothing else happens."""
        raw = bytearray(_SOUND)
        for _ in range(drawn.draw(st.integers(1, 8))):
            raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
        content = Content("s.xlsx", "s", ".xlsx", "", bytes(raw))

        assert len(_rows(content)) <= 2

    @given(st.data())
    def test_damaged_sheets_never_raise(self, drawn: st.DataObject) -> None:
        """The same for the text inside the archive."""
        with zipfile.ZipFile(io.BytesIO(_SOUND)) as archive:
            parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
        name = drawn.draw(st.sampled_from(sorted(parts)))
        start = drawn.draw(st.integers(0, len(parts[name]) - 1))
        piece = drawn.draw(st.sampled_from([b"", b"9", b"x", b"<", b"&lt;", b'"', b"</row>", b"1e999"]))
        parts[name][start : start + drawn.draw(st.integers(0, 9))] = piece
        content = Content("s.xlsx", "s", ".xlsx", "", zipped(**{key: bytes(part) for key, part in parts.items()}))

        assert len(_rows(content)) <= 9


def _rows(content: Content) -> list[object]:
    """Return the rows of a workbook; whatever is wrong with it is one message that can be printed."""
    try:
        return [row for grid in xlsx_files.grids(content) for row in grid.rows()]
    except Broken as broken:
        if not broken.issue.message("zh").isprintable():
            raise
        return []


def _sound() -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["id", "建筑面积", "成立日期"])
    sheet.append(["S1", 500.5, date(2022, 9, 1)])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


_SOUND = _sound()
