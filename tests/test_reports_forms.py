"""Tests of the forms of a report: what they say, and that no name breaks out of any of them."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import cedu_rules
from cedu_rules.reports import paper
from cedu_rules.reports.checking import run_check
from cedu_rules.reports.forms import FORMS, render
from cedu_rules.reports.markdown import escaped
from cedu_rules.reports.paper import paper_of
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.untrusted import visible
from cedu_rules.reports.wording import SYMBOLS
from cedu_rules.results import Status
from cedu_rules.standard import Standard

STD = """
standard trial "试行标准"
source "办法" annex 1
language zh

facts {
  area  : m2 "建筑面积"
  books : count "图书"
  tidy  : judged bool "整洁"
}

section "设施" "房屋" {
  clause floor "面积不少于60平方米" { must area >= 60 m2 }
  clause shelf "图书不少于100册" { must books >= 100 }
}
section "管理" "日常" {
  clause clean "环境整洁" { must tidy }
}
"""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "{{ 7*7 }}{% raw %}",
    "a|b`c`[d](http://e)*f*",
    "www.example.org https://example.org",
    "line\nbreak\r\n# head",
    "\u202egnp.exe\u2066",
    "\x00\x1b[31mred\x07\ufffe\ud800",
    "]]></failure>&lt;&amp;",
    "长" * 5000,
)
DAY = date(2022, 12, 15)


@pytest.fixture(scope="module")
def standard() -> Standard:
    """A standard of three clauses in two sections."""
    return cedu_rules.loads(STD)


def run_of(standard: Standard, *records: dict[str, Any], groups: dict[int, str] | None = None) -> Run:
    """Return a run over records."""
    reports = tuple(standard.evaluate(record, assessed_on=DAY) for record in records)
    return Run(standard.model, standard.digest, DAY, reports, input_digest="sha256:" + "0" * 64, groups=groups or {})


@pytest.fixture(scope="module")
def hostile(standard: Standard) -> Run:
    """A run whose institutions and groups bear names that try to break out."""
    records = [{"id": name, "name": name, "area": 50, "books": 90} for name in HOSTILE]
    return run_of(standard, *records, groups=dict(enumerate(HOSTILE)))


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text.append(data)


def tags_of(run: Run, language: str = "zh") -> Tags:
    """Return the parsed page of a run."""
    parsed = Tags()
    parsed.feed(render(run, "html", language).decode())
    return parsed


class TestHTML:
    """The page: self-contained, escaped, complete."""

    def test_no_name_becomes_markup(self, hostile: Run) -> None:
        """Hostile names add no tag and no attribute beyond those of a run with plain names."""
        found = tags_of(hostile)
        names = {tag for tag, _ in found.tags}
        handlers = [name for _, attributes in found.tags for name in attributes if name.startswith("on")]

        assert {"script", "img"} & names == set()
        assert handlers == []

    def test_nothing_is_loaded(self, hostile: Run) -> None:
        """Every link stays on the page, and the policy forbids scripts and everything from elsewhere."""
        found = tags_of(hostile)
        links = [value for _, attributes in found.tags for name, value in attributes.items() if name in {"href", "src"}]
        policy = next(a["content"] or "" for tag, a in found.tags if a.get("http-equiv") == "Content-Security-Policy")

        assert all(link is not None and link.startswith("#") for link in links)
        assert policy.startswith("default-src 'none'; style-src 'sha256-")

    def test_every_link_leads_somewhere(self, hostile: Run) -> None:
        """Each anchor that is linked to exists, once."""
        found = tags_of(hostile)
        ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
        links = {(attributes["href"] or "")[1:] for _, attributes in found.tags if "href" in attributes}

        assert len(ids) == len(set(ids))
        assert links <= set(ids)

    def test_controls_are_shown_not_obeyed(self, hostile: Run) -> None:
        """Neither control characters nor bidirectional controls reach the page."""
        page = render(hostile, "html", "zh").decode()

        assert re.findall("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page) == []
        assert r"\u202egnp.exe" in page

    @pytest.mark.parametrize(("language", "word"), [("zh", "未达标"), ("en", "fail")])
    def test_answers_are_in_the_language_asked_for(self, standard: Standard, language: str, word: str) -> None:
        """Statuses stand in words, not in colour alone."""
        text = "".join(tags_of(run_of(standard, {"id": "a", "area": 50}), language).text)

        assert word in text
        assert "✗" in text

    def test_a_heat_map_has_a_head_for_every_column(self, standard: Standard) -> None:
        """Rows and columns of the matrix are headed, with a scope each."""
        found = tags_of(run_of(standard, {"id": "a", "area": 50}))
        heads = [attributes for tag, attributes in found.tags if tag == "th"]

        assert all("scope" in attributes for attributes in heads)


class TestWorkbook:
    """The workbook: six sheets, text that stays text, numbers that are numbers."""

    @staticmethod
    def book(run: Run, language: str = "zh") -> openpyxl.Workbook:
        """Return the workbook as a reader opens it."""
        return openpyxl.load_workbook(io.BytesIO(render(run, "xlsx", language)))

    def test_there_is_no_formula(self, hostile: Run) -> None:
        """No cell of any sheet is a formula, and the parts of the file hold none."""
        content = render(hostile, "xlsx", "zh")
        book = openpyxl.load_workbook(io.BytesIO(content))
        types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
        parts = zipfile.ZipFile(io.BytesIO(content))
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/")]

        assert "f" not in types
        assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)

    def test_a_name_like_a_formula_stays_text(self, standard: Standard) -> None:
        """`=1+1` is read back as the text it is, marked so that editing does not change that."""
        sheet = self.book(run_of(standard, {"id": "=1+1", "area": 50}))["明细"]
        cell = sheet["A2"]

        assert ("=1+1", "s", True) == (cell.value, cell.data_type, cell.quotePrefix)

    def test_shortfalls_are_numbers(self, standard: Standard) -> None:
        """What can be added up is a number."""
        sheet = self.book(run_of(standard, {"id": "a", "area": "59.5"}))["明细"]
        heads = [cell.value for cell in sheet[1]]
        column = heads.index("缺口数值")
        row = next(row for row in sheet.iter_rows(min_row=2) if row[heads.index("条款标识")].value == "floor")

        assert 0.5 == row[column].value
        assert "m2" == row[column + 1].value

    @pytest.mark.parametrize(
        ("language", "names"),
        [
            ("zh", ["汇总表", "条款×机构", "明细", "待核实", "整改", "余量"]),
            ("en", ["Summary", "Clauses × institutions", "Details", "Open", "Repairs", "Margins"]),
        ],
    )
    def test_sheets_have_heads_filters_and_frozen_panes(
        self, standard: Standard, language: str, names: list[str]
    ) -> None:
        """Every table can be filtered and keeps its head in view."""
        book = self.book(run_of(standard, {"id": "a", "area": 50}), language)

        assert names == book.sheetnames
        assert all(book[name].freeze_panes and book[name].auto_filter.ref for name in names[1:])

    def test_statuses_have_colour_and_words(self, standard: Standard) -> None:
        """A failed clause is red and says so."""
        sheet = self.book(run_of(standard, {"id": "a", "area": 50, "books": 100, "tidy": True}))["条款×机构"]
        cells = {cell.value: cell.fill.start_color.rgb for cell in sheet[2]}

        assert {"✗ 未达标": "00B42318", "✓ 达标": "00DCF2E3"}.items() <= cells.items()


class TestMarkdown:
    """Markdown in which names are text."""

    def test_names_render_as_text(self, hostile: Run) -> None:
        """A renderer finds no link, image, code, HTML or extra cell in hostile names."""
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(render(hostile, "markdown", "zh").decode())
        kinds = {inner.type for token in tokens for inner in (token, *(token.children or ()))}

        assert (
            kinds & {"link_open", "image", "code_inline", "html_inline", "html_block", "fence", "code_block"} == set()
        )

    def test_every_row_has_as_many_cells_as_its_head(self, hostile: Run) -> None:
        """A pipe in a name does not begin a cell."""
        rows = [line for line in render(hostile, "markdown", "zh").decode().splitlines() if line.startswith("|")]
        widths = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
        heads = [width for row, width in zip(rows[1:], widths, strict=False) if row.startswith("| ---")]

        assert heads
        assert all(
            width == widths[number - 1]
            for number, width in enumerate(widths)
            if number and rows[number].startswith("| -")
        )
        assert set(widths) == set(heads)

    @given(st.text(max_size=40))
    def test_escaped_text_reads_as_it_was(self, text: str) -> None:
        """Whatever the text, a renderer shows exactly it."""
        shown = visible(text)
        inline = MarkdownIt("commonmark").parseInline(f"x{escaped(shown)}x")[0].children or []

        assert f"x{shown}x" == "".join(token.content for token in inline)


class TestJUnit:
    """JUnit XML that is red exactly where `check` is."""

    @staticmethod
    def root(run: Run) -> ET.Element:
        """Return the parsed document."""
        return ET.fromstring(render(run, "junit", "en"))  # noqa: S314 -- our own output

    def test_statuses_map_to_results(self, standard: Standard) -> None:
        """Fail is a failure, unknown an error, pass neither."""
        suite = self.root(run_of(standard, {"id": "a", "area": 50, "books": 100}))[0]
        cases = {(case.get("name") or "").split()[0]: [child.tag for child in case] for case in suite.iter("testcase")}

        assert {"floor": ["failure"], "shelf": [], "clean": ["error"]} == cases
        assert ("3", "1", "1") == (suite.get("tests"), suite.get("failures"), suite.get("errors"))

    def test_invalid_input_is_an_error(self, standard: Standard) -> None:
        """A value that cannot be makes a test case of its own."""
        suite = self.root(run_of(standard, {"id": "a", "area": "about 60"}))[0]

        assert ["input"] == [case.get("name") for case in suite.iter("testcase")]
        assert "1" == suite.get("errors")

    def test_any_name_gives_xml(self, hostile: Run) -> None:
        """Names with markup and control characters are written so that they can be read."""
        names = [suite.get("name") for suite in self.root(hostile)]

        assert len(HOSTILE) == len(names)
        assert any("<script>" in (name or "") for name in names)

    @given(st.lists(st.sampled_from([None, True, False]), min_size=1, max_size=4))
    def test_it_is_green_exactly_where_every_institution_conforms(self, values: list[bool | None]) -> None:
        """Failures and errors are none if and only if the exit status is 0."""
        standard = cedu_rules.loads(STD)
        run = run_of(standard, *({"id": str(n), "area": 60, "books": 100, "tidy": v} for n, v in enumerate(values)))
        root = self.root(run)

        assert (run.exit_status == 0) == (root.get("failures") == root.get("errors") == "0")


class TestAll:
    """What all forms have in common."""

    @pytest.mark.parametrize("form", FORMS)
    def test_a_report_ends_with_its_receipt(self, standard: Standard, form: str) -> None:
        """Digests of standard and input stand in every form."""
        content = render(run_of(standard, {"id": "a", "area": 50}), form, "zh")
        if form == "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(content))
            content = "\n".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row).encode()

        assert standard.digest.encode() in content
        assert b"sha256:" + b"0" * 64 in content

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_a_run_without_institutions_is_a_report(self, standard: Standard, form: str, language: str) -> None:
        """No institutions, and institutions with invalid input, break nothing."""
        assert render(run_of(standard), form, language)
        assert render(run_of(standard, {"id": "a", "area": "much"}), form, language)

    @pytest.mark.parametrize("form", FORMS)
    def test_the_same_run_gives_the_same_bytes(self, hostile: Run, form: str) -> None:
        """Nothing depends on the order of sets or on the clock: an archive bears no time of writing."""
        content = render(hostile, form, "zh")
        parts = zipfile.ZipFile(io.BytesIO(content)) if form == "xlsx" else None

        assert content == render(hostile, form, "zh")
        if parts is not None:
            assert {(1980, 1, 1, 0, 0, 0)} == {part.date_time for part in parts.infolist()}
            assert not re.search(rb"\d{4}-\d\d-\d\dT", parts.read("docProps/core.xml"))

    def test_a_selection_narrows_the_details_alone(self, standard: Standard) -> None:
        """One chosen institution and clause are told; the summary is of all."""
        run = run_of(standard, {"id": "a", "area": 50}, {"id": "b", "area": 70})
        narrowed = paper_of(run, "zh", Selection(institution="a", clause="floor"))
        told = [(item.id, [entry.clause_id for entry in item.entries]) for item in narrowed.institutions]

        assert [("a", ["floor"])] == told
        assert 2 == narrowed.summary.clauses[0].tally.total

    @pytest.mark.parametrize(
        ("selection", "questions", "repairs"),
        [
            (Selection(), [3], [1, 2, None]),
            (Selection(failed=True), [], [1, 2]),
            (Selection(unknown=True), [3], []),
            (Selection(clause="shelf"), [], [2]),
            (Selection(clause="clean"), [3], []),
        ],
    )
    def test_advice_is_that_of_the_chosen_clauses(
        self, standard: Standard, selection: Selection, questions: list[int], repairs: list[int | None]
    ) -> None:
        """Questions and repairs of other clauses are left out, and so is the plan for all of them."""
        (told,) = paper_of(run_of(standard, {"id": "a", "area": 50, "books": 90}), "zh", selection).institutions

        assert questions == [number for item in told.questions for number in item.clauses]
        assert repairs == [item.number for item in told.repairs]

    @pytest.mark.parametrize(("advice", "thorough"), [(None, False), (True, True), (False, False)])
    def test_many_institutions_have_brief_advice_unless_it_is_asked_for(
        self, standard: Standard, advice: bool | None, thorough: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Beyond the limit there is no plan, and the report says so at its head and beside the repairs."""
        monkeypatch.setattr(paper, "THOROUGH_LIMIT", 1)
        run = run_of(standard, *({"id": name, "area": 50, "books": 90} for name in "ab"))
        told = paper_of(run, "zh", advice=advice)
        page = render(run, "html", "zh", advice=advice).decode()

        assert thorough == all(each.repairs[-1].number is None for each in told.institutions)
        assert thorough == (not told.warnings)
        assert (0 if thorough else 2) == page.count("逐条列出，无整体方案")

    def test_questions_and_repairs_are_told(self, standard: Standard) -> None:
        """What is open is asked of whom it concerns, and what fails has a way out."""
        (institution,) = paper_of(run_of(standard, {"id": "a", "area": 50, "books": 100}), "en").institutions

        assert [("整洁", True, (3,))] == [(item.text, item.judged, item.clauses) for item in institution.questions]
        assert [(1, "raise 建筑面积 by 10 m2")] == [(item.number, item.text) for item in institution.repairs]


def examples() -> Iterator[tuple[str, list[Path], str | None]]:
    """Yield the example city: standard, files, group column."""
    folder = Path(__file__).parents[1] / "docs" / "examples"
    yield "school", [folder / "schools.csv", folder / "teachers.csv"], None
    yield "college", [folder / "college.yaml"], None


@pytest.mark.parametrize(("name", "files", "group"), list(examples()), ids=lambda value: str(value)[:12])
def test_the_example_city_is_told_in_every_form(name: str, files: list[Path], group: str | None) -> None:
    """Each form tells of each institution of the example city."""
    run = run_check(cedu_rules.load(name), files, assessed_on=DAY, group=group)
    names = [report.name or "" for report in run.reports]
    page = render(run, "html", "zh").decode()
    marked = render(run, "markdown", "en").decode()

    assert all(f"<bdi>{report.id} {report.name}</bdi>" in page for report in run.reports if report.id)
    assert all(name in marked for name in names)
    assert len(run.reports) == len(ET.fromstring(render(run, "junit", "zh")))  # noqa: S314 -- our own output


class TestVisible:
    """Text from strangers."""

    @given(st.text())
    def test_it_is_one_printable_line(self, text: str) -> None:
        """Whatever comes in, what goes out can be printed on one line."""
        shown = visible(text)

        assert shown.replace("\u3000", " ").replace("\xa0", " ").isprintable()

    @given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S"))))
    def test_printable_text_stays(self, text: str) -> None:
        """Text that can be printed is not changed."""
        assert text == visible(text)

    def test_it_is_cut(self) -> None:
        """No name fills a page."""
        assert "a" * 9 + "…" == visible("a" * 50, 10)


def test_every_status_has_a_sign() -> None:
    """No table depends on colour alone."""
    assert set(Status) == SYMBOLS.keys()
    assert len(Status) == len(set(SYMBOLS.values()))
