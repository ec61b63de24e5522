"""List files: their rows into the institutions to which they belong."""

from pathlib import Path
from typing import ClassVar

import pytest

from cedu_rules import data
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse

TRIAL = """
standard trial "试"
source "s" annex 1
effective from 2022-09-01
facts {
  area : m2 "建筑面积"
  teachers : list of Teacher "教师"
  classes : list of Class "班级"
  clubs : list of Club "社团"
}
record Teacher key name { name : text "姓名" degree : text "学历" }
record Class key number { number : count "班号" students : list of Pupil "学员" rooms : list of Room "教室" }
record Pupil key name { name : text "姓名" }
record Room { seats : count "座位" desks : list of Desk "课桌" }
record Desk { wide : bool "加宽" }
record Club { name : text "社名" students : list of Pupil "社员" teachers : list of Teacher "导师" }
section "a" "b" { clause c "c" { must area >= 1 m2 } }
"""


def model_of(text: str) -> Model:
    """Return the model of a standard without mistakes."""
    file, mistakes = parse(Source("trial.std", text))
    model, findings = build(file)
    assert not [each for each in (*mistakes, *findings) if each.severity == "error"]
    return model


MODEL = model_of(TRIAL)


def read(folder: Path, files: dict[str, str]) -> data.Reading:
    """Write the files and read them."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return data.read(MODEL, [folder / name for name in files])


def told(reading: data.Reading) -> list[str]:
    """Return everything that is wrong, as it is printed."""
    return [str(issue) for issue in (*reading.issues, *(i for each in reading.submissions for i in each.issues))]


@pytest.mark.parametrize("name", ["teachers.csv", "教师.csv", "teachers.tsv"])
@pytest.mark.parametrize("first", [True, False])
def test_rows_go_to_their_institutions(tmp_path: Path, name: str, first: bool) -> None:
    """A file named after a list holds it, wherever it stands among the files; no rows is a missing list."""
    rows = "institution,姓名,degree\nS2,甲,本科\nS1,乙,\nＳ2,丙,大专\n"
    files = {name: rows.replace(",", "\t") if name.endswith("tsv") else rows, "schools.csv": "id\nS1\nS2\nS3\n"}
    reading = read(tmp_path, files if first else dict(reversed(files.items())))

    assert [] == told(reading)
    assert [
        {"teachers": [{"name": "乙"}]},
        {"teachers": [{"name": "甲", "degree": "本科"}, {"name": "丙", "degree": "大专"}]},
        {},
    ] == [each.values for each in reading.submissions]
    assert f"{name}:4 (姓名)" == reading.submissions[1].places["teachers[2].name"]
    assert f"{name}:4" == reading.submissions[1].places["teachers[2]"]


def test_stated_numbers(tmp_path: Path) -> None:
    """The column of a list gives its number of rows: 0 is an empty list, another number than that of rows an error."""
    main = "id,教师（人）\nS1,0\nS2,1人\nS3,2\nS4,\nS5,0\nS6,x\nS7,1\n"
    rows = "institution,name\nS2,甲\nS3,乙\nS4,丙\nS5,丁\nS6,戊\n"
    reading = read(tmp_path, {"schools.csv": main, "teachers.csv": rows})

    place, number = "schools.csv:{} (教师（人）): S{}: teachers: `{}`", "the number of its rows in `teachers.csv`"
    assert [
        f"{place.format(4, 3, 2)}; expected 1, {number}",
        f"{place.format(6, 5, 0)}; expected 1, {number}",
        f"{place.format(7, 6, 'x')}; expected a whole number, at least 0",
        f"{place.format(8, 7, 1)}; expected 0, {number}",
    ] == told(reading)
    assert [{"teachers": []}, {"teachers": [{"name": "甲"}]}] == [each.values for each in reading.submissions[:2]]
    assert {"teachers": [{"name": "丙"}]} == reading.submissions[3].values


def test_stated_number_without_file(tmp_path: Path) -> None:
    """A number of rows without a list file is an error that says which file is missing; 0 needs none."""
    reading = read(tmp_path, {"schools.csv": "id,teachers\nS1,2\nS2,0\n"})

    wanted = "expected as many rows in a list file such as `teachers.csv`, which is not given"
    assert [f"schools.csv:2 (teachers): S1: teachers: `2`; {wanted}"] == told(reading)
    assert {"teachers": []} == reading.submissions[1].values


def test_rows_of_nobody(tmp_path: Path) -> None:
    """Rows whose institution is blank or in no file are told, once an institution; the others are read."""
    rows = "institution,name\nS9,甲\nS9,乙\n,丙\nS1,丁\n"
    reading = read(tmp_path, {"schools.csv": "id\nS1\n", "teachers.csv": rows})

    wanted = "expected the id of an institution in the files"
    assert [
        f"teachers.csv:4: institution; {wanted}",
        f"teachers.csv:2 (institution): institution: `S9`; {wanted}",
    ] == told(reading)
    assert {"teachers": [{"name": "丁"}]} == reading.submissions[0].values


def test_broken_file_is_a_missing_list(tmp_path: Path) -> None:
    """A list that cannot be read to its end is missing, not shorter, and no number is compared with it."""
    main = {"schools.csv": "id,teachers\nS1,2\n"}
    quote = read(tmp_path, main | {"teachers.csv": 'institution,name\nS1,甲\nS1,"乙\n'})
    header = read(tmp_path, main | {"teachers.csv": "name\n甲\n"})
    empty = read(tmp_path, main | {"teachers.csv": ""})

    assert [{}] * 3 == [each.submissions[0].values for each in (quote, header, empty)]
    assert ["teachers.csv:1: institution; expected a column of that name"] == told(header)
    assert [1, 1] == [len(told(quote)), len(told(empty))]


def test_row_with_too_many_cells(tmp_path: Path) -> None:
    """A row whose values may have moved makes its institution invalid."""
    reading = read(tmp_path, {"schools.csv": "id\nS1\n", "teachers.csv": "institution,name\nS1,甲\nS1,乙,x\n"})

    wanted = "expected every cell under a header; a cell with commas stands in quotes"
    assert [f"teachers.csv:3: S1: teachers[2]: `x`; {wanted}"] == told(reading)


def test_unknown_column(tmp_path: Path) -> None:
    """An unknown column of a list is told with the nearest field; `parent` is one where lists do not nest."""
    reading = read(tmp_path, {"schools.csv": "id\nS1\n", "teachers.csv": "institution,nam,parent\nS1,甲,x\n"})

    field = "expected a name or label of a field of `Teacher`"
    cure = "`--ignore` leaves a column out"
    assert [
        f"teachers.csv:1: nam; {field}; did you mean `name`?",
        f"teachers.csv:1: parent; {field}; {cure}",
    ] == told(reading)


def test_later_institution_of_an_id_gets_no_rows(tmp_path: Path) -> None:
    """Rows belong to the first institution of their id."""
    reading = read(tmp_path, {"schools.csv": "id\nS1\nS1\n", "teachers.csv": "institution,name\nS1,甲\n"})

    assert ["schools.csv:3 (id): S1: id: `S1`; expected an id of its own; schools.csv:2 has this one"] == told(reading)
    assert [{"teachers": [{"name": "甲"}]}, {}] == [each.values for each in reading.submissions]


def test_file_of_a_list_under_another_name(tmp_path: Path) -> None:
    """A file with a column `institution` that no list bears the name of is refused with the names of the lists."""
    reading = read(tmp_path, {"schools.csv": "id\nS1\n", "teacher.csv": "institution,name\nS1,甲\n"})

    assert 1 == len(reading.submissions)
    assert told(reading)[-1].startswith(
        "teacher.csv: `teacher`; expected a list file named after its list: `teachers`, `classes`, `clubs`"
    )


def test_list_here_and_there(tmp_path: Path) -> None:
    """A list that an institution gives in JSON may not stand in a file as well."""
    reading = read(
        tmp_path,
        {"a.json": '[{"id": "S1", "教师": []}, {"id": "S2"}]', "teachers.csv": "institution,name\nS1,甲\nS2,乙\n"},
    )

    assert ["teachers.csv:2: S1: teachers; expected the list either here or in a file of its own"] == told(reading)
    assert {"teachers": [{"name": "乙"}]} == reading.submissions[1].values


class TestNestedLists:
    """Lists in lists."""

    MAIN: ClassVar = {"schools.csv": "id,classes\nS1,2\nS2,\n"}

    def test_rows_go_to_their_parents(self, tmp_path: Path) -> None:
        """A row of a nested list names its parent by its key, however the key is written."""
        pupils = {"classes.students.csv": "institution,parent,name\nS1,1,甲\nS1,１,乙\n"}
        reading = read(tmp_path, self.MAIN | {"classes.csv": "institution,班号,students\nS1,1,2\nS1,2,0\n"} | pupils)

        (submission, other) = reading.submissions
        assert [] == told(reading)
        assert {
            "classes": [{"number": "1", "students": [{"name": "甲"}, {"name": "乙"}]}, {"number": "2", "students": []}]
        } == submission.values
        assert {} == other.values
        assert "classes.students.csv:3 (name)" == submission.places["classes[1].students[2].name"]

    def test_parents_that_are_none(self, tmp_path: Path) -> None:
        """A parent that is blank, unknown or twice there is told with the list whose key it should be."""
        classes = {"classes.csv": "institution,number\nS1,1\nS1,3\nS1,3\n"}
        pupils = {"classes.students.csv": "institution,上级,name\nS1,9,甲\nS1,,乙\nS1,3,丙\nS1,1,丁\n"}
        reading = read(tmp_path, {"schools.csv": "id\nS1\n"} | classes | pupils)

        place = "classes.students.csv:{} (上级): S1: classes.students"
        assert [
            f"{place.format(2)}: `9`; expected the `number` of one of `classes`",
            f"{place.format(3)}; expected the `number` of one of `classes`",
            f"{place.format(4)}: `3`; expected a `number` that one of `classes` has; 2 have it",
        ] == told(reading)

    def test_stated_number(self, tmp_path: Path) -> None:
        """The column of a nested list gives its number of rows, too."""
        classes = {"classes.csv": "institution,number,学员\nS1,1,3\nS1,2,\n"}
        pupils = {"classes.students.csv": "institution,parent,name\nS1,1,甲\n"}
        reading = read(tmp_path, self.MAIN | classes | pupils)

        wanted = "expected 1, the number of its rows in `classes.students.csv`"
        assert [f"classes.csv:2 (学员): S1: classes[1].students: `3`; {wanted}"] == told(reading)

    def test_name_of_several(self, tmp_path: Path) -> None:
        """A file named after two nested lists is refused with the names that tell them apart."""
        reading = read(tmp_path, self.MAIN | {"classes.csv": "institution,number\nS1,1\nS1,2\n", "students.csv": ""})

        assert ["students.csv; expected `classes.students.csv` or `clubs.students.csv`"] == told(reading)

    def test_no_parent_column(self, tmp_path: Path) -> None:
        """A nested list needs the column `parent`, and a parent with a key."""
        rooms = {"rooms.csv": "institution,seats\nS1,4\n", "desks.csv": "institution,parent,wide\nS1,1,是\n"}
        reading = read(tmp_path, {"schools.csv": "id\nS1\n"} | rooms)

        assert [
            "rooms.csv:1: parent; expected a column of that name",
            "desks.csv: classes.rooms.desks; expected a record with a `key`; nest this list in JSON or YAML",
        ] == told(reading)
