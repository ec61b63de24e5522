"""Templates: what they hold, and that whatever is filled in is read back as it was."""

import csv
import io
import shutil
import subprocess
import time
import zipfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import cedu_rules as cr
from cedu_rules import data, records
from cedu_rules.cli import cli
from cedu_rules.data.layout import INSTITUTION, Column, Layout
from cedu_rules.data.lists import Lists
from cedu_rules.data.sheet_names import is_explanation, sheet_name
from cedu_rules.data.templates import filling_of, form_of, template, workbook
from cedu_rules.data.templates.form import FormColumn
from cedu_rules.diagnostics import InputError, UnsupportedError
from cedu_rules.messages import Words
from cedu_rules.records import Record
from cedu_rules.testing import partial_records, standards

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
NAMES = ("school", "centre", "college")
YEARS = (2021, 2022)

TRIAL = """
standard trial "试"
source "s" annex 1
facts {
  area : m2 "建筑面积"
  land : 亩 "占地"
  rate : percent "利用率"
  visitors : 万人 "接待"
  opened : date "成立日期"
  remark : text "说明"
  left : count "同名"
  right : count "同名"
  site : choice { own "自有，独立", shared "合用" } "场所"
  internet : bool "联网"
  charter : set { purpose "办学宗旨", finance "财务制度" } "章程"
  registered : yearly people "各年注册人数"
  classes : list of Class "班级（每年：春/秋）"
  visits : judged list of Visit "走访"
  quality : judged bool when site = own "队伍素质"
}
record Class key number {
  number : text "班号" full : bool "满员" good : judged bool "教学良好" students : list of Pupil "学员"
}
record Pupil { age : count "年龄" }
record Visit { day : date "日期" }
section "a" "b" { clause c "c" { must area >= 1 m2 and quality } }
"""
STANDARD = cr.loads(TRIAL)


def known(**values: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the public values of a record."""
    return public(STANDARD.record(id="S1", **values))


def public(record: Record) -> dict[str, Any]:
    """Return the values of a record by name."""
    return {name: getattr(record, name) for name in ("id", "name", *record._plan.model.facts_by_name)}


def files_of(standard: cr.Standard, folder: Path, kind: str, **options: Any) -> list[Path]:  # noqa: ANN401
    """Write a template; return its files."""
    paths = []
    for name, content in template(standard.model, kind, **options).items():
        paths.append(folder / (name or f"form.{kind}"))
        paths[-1].write_bytes(content)
    return paths


def read_back(standard: cr.Standard, paths: list[Path]) -> list[Record]:
    """Return the records of the institutions in the files."""
    reading = data.read(standard.model, paths)
    assert () == reading.issues
    assert [] == [issue for each in reading.submissions for issue in each.issues]
    return [records.read(standard.record, each.given, places=each.places) for each in reading.submissions]


@st.composite
def institutions(draw: st.DrawFn, standard: cr.Standard) -> list[Record]:
    """Draw some institutions, each with an id of its own."""
    drawn = draw(st.lists(partial_records(standard), min_size=1, max_size=3))
    return [
        standard.record(**{**public(record), "id": f"S{number}", "name": draw(st.sampled_from([None, "=甲校", "乙"]))})
        for number, record in enumerate(drawn)
    ]


LOADED = [STANDARD, *(cr.load(name) for name in NAMES)]


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "yaml"])
@settings(max_examples=8)
@given(st.data())
def test_what_is_known_comes_back(tmp_path_factory: pytest.TempPathFactory, kind: str, drawn: st.DataObject) -> None:
    """A template filled with records, of any format in any language, is read as exactly these records."""
    standard = drawn.draw(st.sampled_from(LOADED))
    language = drawn.draw(st.sampled_from(["zh", "en"]))
    given_records = drawn.draw(institutions(standard))
    folder = tmp_path_factory.mktemp("form")
    assume(kind in {"json", "yaml"} or _keyed(given_records))
    paths = files_of(standard, folder, kind, language=language, years=YEARS, known=given_records)

    assert given_records == read_back(standard, paths)
    shutil.rmtree(folder)


@settings(max_examples=10)
@given(st.data())
def test_any_standard_has_a_template(tmp_path_factory: pytest.TempPathFactory, drawn: st.DataObject) -> None:
    """Whatever the standard, a template of any format filled with records is read as exactly these records."""
    standard = cr.loads(drawn.draw(standards(lines=1)))
    kind = drawn.draw(st.sampled_from(["xlsx", "csv", "json", "yaml"]))
    given_records = drawn.draw(institutions(standard))
    folder = tmp_path_factory.mktemp("form")
    try:
        paths = files_of(standard, folder, kind, years=YEARS, known=given_records)
    except (InputError, UnsupportedError) as error:
        assume("no key" not in str(error) and "it ties" not in str(error))
        raise

    assert given_records == read_back(standard, paths)
    shutil.rmtree(folder)


def _keyed(institutions: list[Record]) -> bool:
    """Return whether the rows of nested lists can name the element that they belong to; those without key are refused."""
    return all(each.number is not None for record in institutions for each in getattr(record, "classes", None) or ())


@settings(max_examples=5)
@given(st.data())
def test_filled_in_by_hand(tmp_path_factory: pytest.TempPathFactory, drawn: st.DataObject) -> None:
    """A blank workbook whose cells are then filled in under its headers is read as exactly what was filled in."""
    standard = drawn.draw(st.sampled_from(LOADED))
    given_records = drawn.draw(institutions(standard))
    folder = tmp_path_factory.mktemp("form")
    years = range(2018, 2027)
    (path,) = files_of(standard, folder, "xlsx", years=years)
    assume(_keyed(given_records))
    filled = form_of(standard.model, years=years, known=given_records)
    book = load_workbook(path)
    for sheet in filled.sheets:
        for number, row in enumerate(sheet.rows, 2):
            for column, value in enumerate(row, 1):
                cell = book[sheet.title].cell(number, column, _typed(value))
                cell.number_format = book[sheet.title].column_dimensions[cell.column_letter].number_format
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(path)

    assert given_records == read_back(standard, [path])
    shutil.rmtree(folder)


def _typed(value: object) -> Any:  # noqa: ANN401
    """Return what somebody types for a public value: members by name, yes and no as booleans, thirds of nothing."""
    return assume(not isinstance(value, Fraction)) and value


class TestWorkbook:
    """What a workbook looks like."""

    form = form_of(STANDARD.model, years=YEARS)
    book = load_workbook(io.BytesIO(workbook(form)))

    def test_sheets(self) -> None:
        """Institution and inspector have sheets of their own, so has each list; the first explains, the last is hidden."""
        titles = ["机构", "班级（每年：春_秋）", "学员", "走访", "现场评定", "班级（每年：春_秋）（现场评定）"]

        assert sorted(["说明", *titles, "选项"]) == sorted(self.book.sheetnames)
        assert ("说明", "选项", "hidden") == (
            self.book.sheetnames[0],
            self.book.sheetnames[-1],
            self.book["选项"].sheet_state,
        )
        assert {"机构": "institution", "走访": "inspector", "现场评定": "inspector"}.items() <= {
            sheet.title: sheet.audience for sheet in self.form.sheets
        }.items()

    def test_headers(self) -> None:
        """Headers are labels with units; a label of two facts gives way to the name."""
        headers = [cell.value for cell in self.book["机构"][1]]

        assert ["编号", "名称", "建筑面积（平方米）", "占地（亩）", "利用率（%）", "接待（万人）"] == headers[:6]
        assert ["成立日期", "说明", "left", "right", "场所", "联网", "章程.办学宗旨", "章程.财务制度"] == headers[6:14]
        assert ["各年注册人数.2021年（人）", "各年注册人数.2022年（人）", "班级（每年：春/秋）"] == headers[14:]

    def test_english(self) -> None:
        """In another language than the standard's, headers and members go by name."""
        form = form_of(STANDARD.model, language="en", years=YEARS)

        assert ["Institutions", "classes", "students"] == [sheet.title for sheet in form.sheets][:3]
        assert ["id", "name", "area (m2)", "land (亩)", "rate (%)"] == [each.header for each in form.sheets[0].columns][
            :5
        ]

    def test_checks(self) -> None:
        """Choices and yes/no have drop-downs, numbers limits; a year may also be `-`."""
        checks = {
            str(check.sqref).partition(":")[0]: check for check in self.book["机构"].data_validations.dataValidation
        }

        assert ("decimal", "greaterThanOrEqual", "0") == (
            checks["C2"].type,
            checks["C2"].operator,
            checks["C2"].formula1,
        )
        assert ("decimal", "between", "0", "1") == (
            checks["E2"].type,
            checks["E2"].operator,
            checks["E2"].formula1,
            checks["E2"].formula2,
        )
        assert ("whole", "0") == (checks["I2"].type, checks["I2"].formula1)
        assert ("list", "'选项'!$A$1:$A$2") == (checks["K2"].type, checks["K2"].formula1)
        assert ["自有，独立", "合用"] == [cell.value for cell in self.book["选项"]["A"]]
        assert ("list", '"是,否"') == (checks["L2"].type, checks["L2"].formula1)
        assert ("custom", 'OR(O2="-",IF(ISNUMBER(O2),AND(ISNUMBER(O2),INT(O2)=O2,O2>=0),FALSE))') == (
            checks["O2"].type,
            checks["O2"].formula1,
        )
        assert ["warning", "stop", "stop", "warning"] == [
            checks[cell].errorStyle or "stop" for cell in ("C2", "K2", "L2", "O2")
        ]
        assert all(len(check.prompt) <= 255 and len(check.promptTitle) <= 32 for check in checks.values())

    def test_the_explanation_names_every_fact(self) -> None:
        """The first sheet tells label, name, sheet, who answers, unit, form, condition and the clauses that ask."""
        rows = [[cell.value for cell in row] for row in self.book["说明"].iter_rows(min_row=8)]
        told = {row[1]: row for row in rows}

        assert len(self.form.facts) == len(rows)
        assert ["建筑面积", "area", "机构", "填报单位", "量化指标", "平方米"] == told["area"][:6]
        assert "附件1 a·b 第1条" == told["area"][8]
        assert ["检查人员", "现场评定", "场所为自有，独立"] == [told["quality"][index] for index in (3, 4, 7)]

    def test_print(self) -> None:
        """Sheets are printed on A4 across, with the header on every page, and the header stays in sight."""
        sheet = self.book["机构"]

        assert ("landscape", 9, "$1:$1", "C2") == (
            sheet.page_setup.orientation,
            int(sheet.page_setup.paperSize or 0),
            sheet.print_title_rows,
            sheet.freeze_panes,
        )

    @pytest.mark.parametrize(("audience", "judged"), [("institution", False), ("inspector", True)])
    def test_one_audience(self, audience: Any, judged: bool) -> None:  # noqa: ANN401
        """A form for one of them has nothing of the other's but what ties them together."""
        form = form_of(STANDARD.model, audience=audience, years=YEARS)
        facts = {
            (each.row.owner, each.row.fact.name): each.row
            for sheet in form.sheets
            for each in sheet.columns
            if each.row
        }
        wanted = {("", "quality"), ("", "visits"), ("Class", "good"), ("Class", "number"), ("Visit", "day")}

        assert (wanted == set(facts)) is judged
        assert judged or not {("", "quality"), ("", "visits"), ("Class", "good")} & set(facts)

    def test_a_list_that_no_row_can_name(self) -> None:
        """A list in a record without key has no table; the error says so, and JSON and YAML have it nested."""
        keyless = cr.loads(TRIAL.replace("record Class key number", "record Class"))

        with pytest.raises(
            UnsupportedError, match=r"`classes.students`, since `Class` has no key; JSON and YAML nest it"
        ):
            form_of(keyless.model)
        assert '"classes": null' in template(keyless.model, "json")[""].decode()

    def test_nothing_is_judged(self) -> None:
        """A form for the inspector of a standard without judged facts is refused."""
        plain = cr.loads(TRIAL.replace("judged ", "").replace(" and quality", ""))

        with pytest.raises(UnsupportedError, match="`trial` has no judged facts"):
            form_of(plain.model, audience="inspector")


class TestValues:
    """What is filled in."""

    FILLED = known(
        name="=HYPERLINK(1)",
        area=Fraction(1000, 3),
        land=Decimal("123456789012345678.25"),
        rate="80.5%",
        visitors=Decimal("3.0018"),
        opened=date(1850, 3, 2),
        remark="+1\n@x\x07_x0041_",
        site="own",
        internet=False,
        charter={"purpose": True},
        registered={2019: None, 2022: 5},
        classes=[
            {"number": "1", "full": True, "good": False, "students": [{"age": 3}, {}]},
            {"number": "2", "students": []},
        ],
        visits=[{"day": date(2022, 9, 1)}],
        quality=True,
    )

    @pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "yaml"])
    def test_whatever_it_is_comes_back(self, tmp_path: Path, kind: str) -> None:
        """Thirds, long numbers, old days, control characters, gaps in series, nested and judged lists come back exactly."""
        blank = known() | {"id": "S2", "registered": {2019: None}, "classes": ()}
        paths = files_of(STANDARD, tmp_path, kind, years=YEARS, known=[self.FILLED, blank])

        assert [self.FILLED, blank] == [public(record) for record in read_back(STANDARD, paths)]

    def test_a_series_of_blank_years_alone(self, tmp_path: Path) -> None:
        """A series whose years are all blank is not taken for a missing one."""
        paths = files_of(STANDARD, tmp_path, "xlsx", known=[known(registered={2022: None})])

        assert {2022: None} == read_back(STANDARD, paths)[0].registered

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_series_of_the_elements_of_a_list(self, tmp_path: Path, kind: str) -> None:
        """Years that only the elements of a list have get a column, too."""
        inner = TRIAL.replace('full : bool "满员"', 'full : bool "满员" sizes : yearly people "人数"')
        standard = cr.loads(inner)
        record = standard.record(id="S1", classes=[{"number": "1", "sizes": {2018: None, 2019: 7}}, {"number": "2"}])

        assert [record] == read_back(standard, files_of(standard, tmp_path, kind, years=YEARS, known=[record]))

    def test_no_text_is_a_formula(self) -> None:
        """Texts that begin like formulas are texts in every cell of the workbook."""
        made = workbook(form_of(STANDARD.model, years=YEARS, known=[self.FILLED]))
        cells = [cell for sheet in load_workbook(io.BytesIO(made)) for row in sheet.iter_rows() for cell in row]

        assert "=HYPERLINK(1)" in [cell.value for cell in cells]
        assert [] == [cell.coordinate for cell in cells if cell.data_type == "f"]

    def test_no_text_of_csv_begins_like_a_formula(self) -> None:
        """In CSV such a text stands behind a tab, which readers drop and spreadsheets do not take for a formula."""
        files = template(STANDARD.model, "csv", years=YEARS, known=[self.FILLED])
        cells = [
            cell
            for content in files.values()
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))
            for cell in row
        ]

        assert "\t=HYPERLINK(1)" in cells
        assert [] == [cell for cell in cells if cell[:1] in {"=", "+", "@"}]
        assert {"institutions.csv", "inspector.csv", "classes.csv", "classes (inspector).csv"} <= set(files)

    def test_percents_are_shown_as_percents(self) -> None:
        """A percent is the ratio in a cell that shows a percent, with its decimals and no more."""
        book = load_workbook(
            io.BytesIO(workbook(form_of(STANDARD.model, known=[self.FILLED, known(rate="80%") | {"id": "T"}])))
        )
        cells = [book["机构"]["E2"], book["机构"]["E3"]]

        assert [(0.805, "0.0%"), (0.8, "0%")] == [(cell.value, cell.number_format) for cell in cells]

    @pytest.mark.parametrize(
        ("values", "wanted"),
        [
            (
                {"area": Fraction(1, 7)},
                "S1: 建筑面积（平方米）: `1/7`; expected a number that a decimal in some unit writes exactly",
            ),
            ({"remark": "\ud800"}, r"S1: 说明: `\ud800`; expected text without broken characters"),
            ({"remark": "x" * 32768}, "expected a text of at most 32767 characters"),
        ],
    )
    def test_what_no_cell_holds(self, values: dict[str, object], wanted: str) -> None:
        """A value that a workbook would change is refused, with its institution and the header of its column."""
        with pytest.raises(InputError) as caught:
            template(STANDARD.model, "xlsx", known=[known() | values])

        assert wanted in str(caught.value)

    def test_institutions_that_cannot_be_told_apart(self) -> None:
        """Sheets are tied together by id, so each institution needs one of its own."""
        with pytest.raises(InputError) as caught:
            form_of(STANDARD.model, known=[known(), known() | {"id": "Ｓ1"}, {"area": 1}])

        assert [
            "id: `Ｓ1`; expected an id of its own",
            "id; expected an id, which ties its sheets together",
        ] == [str(issue) for issue in caught.value.issues]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_header_means_its_fact(name: str, language: str) -> None:
    """The reader of tables takes each header of each sheet for the fact that it stands for, in its own unit."""
    model = cr.load(name).model
    lists = Lists(model, data.entries.Extras.named(None, ()))
    for sheet in form_of(model, language=language, years=YEARS).sheets:
        main = Layout(Words("a fact", "事实"), model.facts, model.units, INSTITUTION)
        layout = lists.lists[sheet.path].layout if sheet.path else main
        found = [layout.find(column.header) for column in sheet.columns]

        assert all(isinstance(each, Column) for each in found)
        assert [path_of(column) for column in sheet.columns] == [
            each.path for each in found if isinstance(each, Column)
        ]


def path_of(column: FormColumn) -> str:
    """Return the path of what stands in a column."""
    name = "" if column.row is None else column.row.fact.name
    return column.mark or (f"{name}.{column.part}" if column.part else name)


@given(st.text())
def test_names_of_sheets(word: str) -> None:
    """Whatever the word, the name is one that a spreadsheet allows."""
    name = sheet_name(word, "（现场评定）")

    assert 0 < len(name) <= 31
    assert not set("[]:*?/\\") & set(name)
    assert name == Workbook().create_sheet(name).title


@pytest.mark.parametrize(
    ("title", "expected"), [("说明", True), ("Guide (2)", True), ("选 项", True), ("说明书", False)]
)
def test_sheets_of_explanations(title: str, expected: bool) -> None:
    """Only the sheets of a template go by these names."""
    assert expected == is_explanation(title)


def _without_digests(text: str) -> list[str]:
    """Return the lines of a report but those that name the files."""
    return [line for line in text.splitlines() if "sha256:" not in line]


class TestGroup:
    """A column that is no fact, such as the town."""

    KNOWN = (known() | {"镇": "一镇"}, known() | {"id": "S2", "镇": "=二镇"}, known() | {"id": "S3", "镇": None})

    @pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "yaml"])
    def test_it_comes_back(self, tmp_path: Path, kind: str) -> None:
        """What is known of it is filled in, and is read as the group."""
        paths = files_of(STANDARD, tmp_path, kind, known=self.KNOWN, group="镇")
        reading = data.read(STANDARD.model, paths, group="镇")

        assert () == reading.issues
        assert ["一镇", "=二镇", ""] == [each.columns["镇"] for each in reading.submissions]

    @pytest.mark.parametrize(
        ("audience", "title"), [(None, "机构"), ("institution", "机构"), ("inspector", "现场评定")]
    )
    def test_it_stands_once(self, audience: Any, title: str) -> None:  # noqa: ANN401
        """It stands beside the name on the first sheet of whoever gets the form, blank where nothing is known."""
        form = form_of(STANDARD.model, audience=audience, group="镇")
        headers = {sheet.title: [column.header for column in sheet.columns] for sheet in form.sheets}

        assert ["编号", "名称", "镇"] == headers[title][:3]
        assert 1 == sum(column == "镇" for columns in headers.values() for column in columns)

    @pytest.mark.parametrize("group", [None, "", "area", "建筑面积", "ａｒｅａ", "name"])
    def test_facts_need_no_column(self, group: str | None) -> None:
        """A fact is a column already, and so are id and name."""
        assert form_of(STANDARD.model).sheets == form_of(STANDARD.model, group=group).sheets

    def test_a_label_of_two_facts(self, tmp_path: Path) -> None:
        """A word that means no fact because two bear it may name the column."""
        paths = files_of(STANDARD, tmp_path, "xlsx", known=[known() | {"同名": "一镇"}], group="同名")

        assert "一镇" == data.read(STANDARD.model, paths, group="同名").submissions[0].columns["同名"]


def test_a_workbook_has_the_same_bytes_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of writing stands neither in the archive nor in its properties."""
    form = form_of(STANDARD.model, years=YEARS, known=[TestValues.FILLED])
    written = []
    for moment in (1_600_000_000, 1_700_000_000):
        monkeypatch.setattr("time.time", lambda moment=moment: float(moment))
        monkeypatch.setattr("time.localtime", lambda *_, moment=moment: time.gmtime(moment))
        written.append(workbook(form))
    with zipfile.ZipFile(io.BytesIO(written[0])) as archive:
        days = {part.date_time for part in archive.infolist()}
        properties = archive.read("docProps/core.xml")

    assert written[0] == written[1]
    assert {(1980, 1, 1, 0, 0, 0)} == days
    assert b"dcterms:created" not in properties
    assert b"dcterms:modified" not in properties


class TestCommand:
    """`cedu-rules template`."""

    @staticmethod
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        """Run the command line; return status, output and errors."""
        result = CliRunner().invoke(cli, [str(each) for each in arguments])
        return result.exit_code, result.output, result.stderr

    def test_from_template_to_answer(self, tmp_path: Path) -> None:
        """The example city, written into workbooks, has the same report as before."""
        files = [EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv"]
        form = tmp_path / "school.xlsx"
        written = self.run("template", "school", *files, "-o", form, "--on", "2022-12-15")
        before, after = (
            self.run("check", "school", *each, "--on", "2022-12-15", "--lang", "en") for each in (files, [form])
        )

        assert (0, "", "") == written
        assert (before[0], _without_digests(before[1])) == (after[0], _without_digests(after[1]))

    @pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "yaml"])
    def test_blank(self, tmp_path: Path, kind: str) -> None:
        """A blank template of any format is read back without an error."""
        output = tmp_path / ("form" if kind == "csv" else f"form.{kind}")
        status = self.run("template", "college", "-o", output, "--format", kind)[0]
        files = sorted(output.iterdir()) if kind == "csv" else [output]

        assert 0 == status
        assert "error" not in self.run("check", "college", *files)[1]
        assert self.run("check", "college", *files)[0] in {0, 1}

    def test_two_workbooks(self, tmp_path: Path) -> None:
        """The institution's and the inspector's workbooks are checked together as one."""
        files = [EXAMPLES / "schools.csv", EXAMPLES / "teachers.csv"]
        parts = []
        for audience in ("institution", "inspector"):
            parts.append(tmp_path / f"{audience}.xlsx")
            self.run("template", "school", *files, "-o", parts[-1], "--for", audience, "--on", "2022-12-15")
        before, after = (self.run("check", "school", *each, "--on", "2022-12-15") for each in (files, parts))

        assert (before[0], _without_digests(before[1])) == (after[0], _without_digests(after[1]))

    def test_the_group_is_carried(self, tmp_path: Path) -> None:
        """A template of data keeps the column to group by; where the data have none, it is blank, with a warning."""
        path = tmp_path / "s.csv"
        path.write_text("id,area,town\nS1,60,一镇\n", encoding="utf-8")
        form, blank = tmp_path / "s.xlsx", tmp_path / "blank.xlsx"
        carried = self.run("template", "school", path, "--group", "town", "-o", form)
        lacking = self.run("template", "school", path, "--ignore", "town", "--group", "镇", "-o", blank, "--lang", "en")
        town = data.read(cr.load("school").model, [form], group="town").submissions[0].columns

        assert (0, "") == (carried[0], carried[2])
        assert {"town": "一镇"} == dict(town)
        assert (0, "warning: 镇; expected a column of the files\n") == (lacking[0], lacking[2])

    def test_wrong_data(self, tmp_path: Path) -> None:
        """What cannot be read is told and left blank; the rest is filled in."""
        (tmp_path / "s.csv").write_text("id,area,books\nS1,约60,7\nS1,5,\n", encoding="utf-8")
        standard = cr.load("school")
        filling = filling_of(standard, [tmp_path / "s.csv"])
        status, _, errors = self.run("template", "school", tmp_path / "s.csv", "-o", tmp_path / "x.xlsx")

        assert (2, 2) == (status, len(errors.splitlines()))
        assert [("S1", None, 7)] == [(each["id"], each["area"], each["books"]) for each in filling.known]
        assert 7 == read_back(standard, [tmp_path / "x.xlsx"])[0].books

    @pytest.mark.parametrize(("kind", "wanted"), [("xlsx", "the file to write"), ("csv", "the folder to write")])
    def test_where_to(self, kind: str, wanted: str) -> None:
        """A workbook and a folder need a place; JSON and YAML go to standard output."""
        status, output, _ = self.run("template", "school", "--format", kind)

        assert 2 == status
        assert wanted in output
        assert '"area": null' in self.run("template", "school", "--format", "json")[1]

    def test_unwritable(self, tmp_path: Path) -> None:
        """A place that cannot be written is one sentence."""
        status, output, _ = self.run("template", "school", "-o", tmp_path)

        assert 2 == status
        assert "cannot write" in output


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_through_another_spreadsheet(tmp_path: Path) -> None:
    """A workbook that another program opened and saved is read as before."""
    paths = files_of(STANDARD, tmp_path, "xlsx", years=YEARS, known=[TestValues.FILLED | {"remark": "+1\n@x"}])
    out = tmp_path / "out"
    subprocess.run(  # noqa: S603
        [  # noqa: S607
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/p",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            out,
            *paths,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )

    assert [TestValues.FILLED | {"remark": "+1\n@x"}] == [
        public(each) for each in read_back(STANDARD, [out / "form.xlsx"])
    ]
