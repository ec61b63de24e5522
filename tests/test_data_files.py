"""Files: encodings, separators, digests, and several files of one run."""

import hashlib
from pathlib import Path

import pytest

import cedu_rules as cr
from cedu_rules import data
from cedu_rules.data import contents
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse

TRIAL = """
standard trial "试"
source "s" annex 1
effective from 2022-09-01
facts { area : m2 "建筑面积" }
section "a" "b" { clause c "c" { must area >= 1 m2 } }
"""


def model_of(text: str) -> Model:
    """Return the model of a standard without mistakes."""
    file, mistakes = parse(Source("trial.std", text))
    model, findings = build(file)
    assert not [each for each in (*mistakes, *findings) if each.severity == "error"]
    return model


MODEL = model_of(TRIAL)


def read(folder: Path, files: dict[str, str | bytes]) -> data.Reading:
    """Write the files and read them."""
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return data.read(MODEL, [folder / name for name in files])


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed."""
    return [str(issue) for issue in (*reading.issues, *(i for each in reading.submissions for i in each.issues))]


class TestFiles:
    """Encodings, separators and files that cannot be read."""

    TEXT = "id,建筑面积\nS1,500㎡\n"

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_utf_8(self, tmp_path: Path, mark: bytes) -> None:
        """UTF-8 is read with and without a byte-order mark."""
        reading = read(tmp_path, {"schools.csv": mark + self.TEXT.encode()})

        assert ([], ()) == (told(reading), reading.warnings)
        assert {"area": "500㎡"} == reading.submissions[0].values

    def test_gb18030(self, tmp_path: Path) -> None:
        """GB18030 is read with a warning."""
        reading = read(tmp_path, {"schools.csv": self.TEXT.encode("gb18030")})

        assert [] == told(reading)
        assert {"area": "500㎡"} == reading.submissions[0].values
        assert ["schools.csv: encoding: `GB18030`; expected UTF-8; it was read as GB18030"] == [
            str(each) for each in reading.warnings
        ]

    @pytest.mark.parametrize(
        ("raw", "found"),
        [
            (b"id,area\nS1,\xff\n", ":2: encoding: `0xff`"),
            (b"\xef\xbb\xbfid\n\xbd\xa8\n", ":2: encoding: `0xbd`"),
            ("id".encode("utf-16"), ": encoding: `UTF-16`"),
            ("id".encode("utf-32"), ": encoding: `UTF-32`"),
            ("id,area\nS1,5\n".encode("utf-16-le"), ": encoding: `UTF-16`"),
            ("编号,area\nS1,5\n".encode("utf-16-be"), ": encoding: `UTF-16`"),
        ],
    )
    def test_other_encodings(self, tmp_path: Path, raw: bytes, found: str) -> None:
        """Any other encoding is told, with the first byte that does not fit."""
        reading = read(tmp_path, {"schools.csv": raw})

        wanted = "expected UTF-8 or GB18030; spreadsheets save `CSV UTF-8`"
        assert [f"schools.csv{found}; {wanted}"] == told(reading)

    @pytest.mark.parametrize("raw", [b"PK\x03\x04\x14\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
    @pytest.mark.parametrize("name", ["a.csv", "a.json", "a.yaml"])
    def test_workbooks_under_another_name(self, tmp_path: Path, raw: bytes, name: str) -> None:
        """A workbook whose ending says text is told as what it is."""
        reading = read(tmp_path, {name: raw})

        assert [f"{name}; expected text; a workbook has the ending `.xlsx`"] == told(reading)

    @pytest.mark.parametrize(("line", "separator"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t")])
    def test_a_line_that_names_the_separator(self, tmp_path: Path, line: str, separator: str) -> None:
        """Spreadsheets may write the separator into a line of its own, which is no header; places count it."""
        reading = read(tmp_path, {"a.csv": f"{line}\r\nid{separator}area\r\nS1{separator}5\r\n"})

        assert [] == told(reading)
        assert ({"area": "5"}, "a.csv:3 (area)") == (
            reading.submissions[0].values,
            reading.submissions[0].places["area"],
        )

    @pytest.mark.parametrize(
        ("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.tsv", "\t"), ("a.CSV", ",")]
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_separators(self, tmp_path: Path, name: str, separator: str, end: str) -> None:
        """Commas separate, tabs and semicolons where the header has no comma; any line end will do."""
        reading = read(tmp_path, {name: f"id{separator}area{end}S1{separator}5{end}"})

        assert [] == told(reading)
        assert ("S1", {"area": "5"}) == (reading.submissions[0].id, reading.submissions[0].values)

    @pytest.mark.parametrize("text", ['id,area\nS1,"5\nS2,6\n', 'id,area\nS1,"5"x\n', "id,area\nS1," + "9" * 200_000])
    def test_no_csv(self, tmp_path: Path, text: str) -> None:
        """A quote that is not closed, or a cell without end, is told where its row begins."""
        reading = read(tmp_path, {"schools.csv": "id,area\nS0,1\n" + text.partition("\n")[2]})

        assert ["S0"] == [each.id for each in reading.submissions]
        assert 1 == len(reading.issues)
        assert ("schools.csv:3", "CSV") == (reading.issues[0].place, reading.issues[0].path)

    @pytest.mark.parametrize("text", ["", "\n\n", '"'])
    def test_no_header(self, tmp_path: Path, text: str) -> None:
        """A file without a header is told."""
        assert 1 == len(told(read(tmp_path, {"schools.csv": text})))

    def test_header_only(self, tmp_path: Path) -> None:
        """No institutions is no error."""
        reading = read(tmp_path, {"schools.csv": "id,area\n"})

        assert ((), ()) == (reading.submissions, reading.issues)

    def test_unreadable(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Missing files, folders, unknown endings and sizes are told; the other files are read."""
        (tmp_path / "folder.csv").mkdir()
        (tmp_path / "s.csv").write_text("id\nS1\n")
        (tmp_path / "big.csv").write_text("id\n" + "x" * 100)
        monkeypatch.setattr(contents, "SIZE_LIMIT", 50)
        names = ["none.csv", "folder.csv", "s.xls", "s", "big.csv", "s.csv", "nul\0.csv"]
        reading = data.read(MODEL, [tmp_path / name for name in names])

        assert ["S1"] == [each.id for each in reading.submissions]
        known = "a file that ends in .csv, .tsv, .xlsx, .parquet, .json, .yaml, .yml"
        assert [
            "none.csv; expected a file that can be read",
            "folder.csv; expected a file that can be read",
            "s.xls: `.xls`; expected a workbook saved as `.xlsx`",
            f"s; expected {known}",
            "big.csv; expected a file of at most 256 MB",
            r"nul\x00.csv; expected a file that can be read",
        ] == told(reading)

    def test_no_files(self) -> None:
        """No file of institutions is told."""
        assert ["files; expected a file of institutions"] == told(data.read(MODEL, []))

    def test_one_path(self, tmp_path: Path) -> None:
        """One path may stand alone."""
        (tmp_path / "a.csv").write_text("id\nS1\n")

        assert data.read(MODEL, [tmp_path / "a.csv"]) == data.read(MODEL, str(tmp_path / "a.csv"))

    def test_several(self, tmp_path: Path) -> None:
        """Several files are read one after the other; an id that comes again is refused there, in full width, too."""
        reading = read(
            tmp_path, {"a.csv": "id,area\nS1,1\nS2,2\n", "b.csv": "编号x,id\n,S3\n,Ｓ１\n", "c.json": '[{"id":"S2"}]'}
        )

        assert ["S1", "S2", "S3", "Ｓ１", "S2"] == [each.id for each in reading.submissions]
        assert [
            "b.csv:1: 编号x; expected a name or label of a fact of `trial`; did you mean `编号`?",
            "b.csv:3 (id): Ｓ１: id: `Ｓ１`; expected an id of its own; a.csv:2 has this one",
            "c.json:1 [1]: S2: id: `S2`; expected an id of its own; a.csv:3 has this one",
        ] == told(reading)

    def test_same_file_twice(self, tmp_path: Path) -> None:
        """The same file given twice is no second set of institutions."""
        (tmp_path / "a.csv").write_text("id\nS1\n")
        reading = data.read(MODEL, [tmp_path / "a.csv", str(tmp_path / "a.csv")])

        assert [0, 1] == [len(each.issues) for each in reading.submissions]

    def test_same_name_in_two_folders(self, tmp_path: Path) -> None:
        """Files of one name are told apart by their paths."""
        for name in ("x", "y"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "a.csv").write_text(f"id\n{name}\n")
        reading = data.read(MODEL, [tmp_path / "x" / "a.csv", tmp_path / "y" / "a.csv"])

        assert ["x/a.csv:2", "y/a.csv:2"] == [each.places[""] for each in reading.submissions]

    def test_digest(self, tmp_path: Path) -> None:
        """The digest depends on contents and their order, not on names."""
        first = read(tmp_path, {"a.csv": "id\nS1\n", "b.csv": "id\nS2\n"}).digest
        renamed = read(tmp_path, {"c.csv": "id\nS1\n", "d.csv": "id\nS2\n"}).digest
        swapped = read(tmp_path, {"b.csv": "id\nS2\n", "a.csv": "id\nS1\n"}).digest
        moved = read(tmp_path, {"a.csv": "id\nS1\nid\n", "b.csv": "S2\n"}).digest

        framed = b"".join(len(raw).to_bytes(8, "big") + raw for raw in (b"id\nS1\n", b"id\nS2\n"))
        assert f"sha256:{hashlib.sha256(framed).hexdigest()}" == first
        assert first == renamed
        assert 3 == len({first, swapped, moved})


def test_a_label_that_says_percent_itself(tmp_path: Path) -> None:
    """Under a header that ends in `（%）` bare numbers are percents, also where the mark is part of the label."""
    standard = cr.loads(
        'standard t "试"\nsource "办法"\nfacts { share : percent "比例（%）" }\n'
        'section "甲" "乙" { clause c "丙" { must share >= 80% } }'
    )
    path = tmp_path / "data.csv"
    path.write_text("id,比例（%）\n1,80\n2,79.9\n", encoding="utf-8")
    reports = [standard.evaluate(each.given) for each in data.read(standard.model, [path]).submissions]

    assert [cr.Verdict.CONFORMS, cr.Verdict.FAILS] == [report.verdict for report in reports]
