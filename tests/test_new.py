"""`cedu-rules new`: a table of lines into a standard to fill in."""

import re
import shlex
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cedu_rules import catalog
from cedu_rules.authoring.skeleton import Head, skeleton
from cedu_rules.authoring.skeleton.numerals import whole
from cedu_rules.authoring.skeleton.proposals import Proposer
from cedu_rules.authoring.skeleton.quantities import quantities
from cedu_rules.cli import cli
from cedu_rules.data.line_files import LINES_LIMIT, DocumentLine, read_lines
from cedu_rules.syntax.printer import format_text

# A made-up annex, in the layout of a table that holds several.
ANNEXES = (
    "annex\ttier\tsection\tsubsection\tline\ttext\n"
    "1\tlibrary\t场所\t设施\t1\t建筑面积不少于500平方米，阅览座位20个以上。\n"
    "1\tlibrary\t场所\t设施\t2\t设施利用率80％以上，“开放”时间每周40小时以上。\n"
    "1\tlibrary\t队伍\t人员\t1\t每万人配备1名以上工作人员，其中专职比例不低于60%。\n"
    "1\tlibrary\t队伍\t经费\t1\t经费按常住人口人均不低于2元安排。\n"
    "1\tlibrary\t队伍\t经费\t2\t按常住人口千分之一建立志愿者队伍。\n"
    '2\troom\t场所\t设施\t1\t全年至少召开两次会议，"会议记录"存于 C:\\\\档案。\n'
    "2\troom\t场所\t设施\t2\t由专人负责第三级网络，自2022年起近三年一直如此。\n"
)
COMMENTED = re.compile(r"^( *)# (must |[a-z_0-9]+ : )", re.MULTILINE)


def run(*arguments: object) -> Result:
    """Call the command."""
    return CliRunner().invoke(cli, ["new", *map(str, arguments)])


@pytest.fixture
def annexes(tmp_path: Path) -> Path:
    """Return the table of several annexes."""
    path = tmp_path / "annexes.tsv"
    path.write_text(ANNEXES, encoding="utf-8")
    return path


def workbook(path: Path, *sheets: Sequence[Sequence[object]]) -> Path:
    """Write a workbook with these sheets."""
    book = Workbook(write_only=True)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def canonical(text: str) -> str:
    """Return the text in the canonical form of the language."""
    return format_text(text)[0] or ""


def proposed(text: str) -> list[str]:
    """Return the requirements that a line suggests, each with the type of its fact."""
    return [f"{found.requirement} ({found.type})" for found in Proposer().of(text)]


class TestNumbers:
    """What is found in a line."""

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("两", 2), ("一百零五", 105), ("三千", 3000), ("万", 10_000),
            ("十万", 100_000), ("一万二千", 12_000), ("3万", 30_000), ("一亿", 100_000_000), ("20", 20),
        ],
    )  # fmt: skip
    def test_reads_chinese_numerals(self, text: str, number: int) -> None:
        """Numerals as officials write them."""
        assert number == whole(text)

    @pytest.mark.parametrize("text", ["二三", "三五", "甲"])
    def test_reads_nothing_into_other_words(self, text: str) -> None:
        """Two digits in a row are no count."""
        assert whole(text) is None

    @given(st.integers(1, 99_999_999))
    def test_reads_what_it_writes(self, number: int) -> None:
        """Every whole number below 10^8 comes back from its numeral."""
        assert Fraction(number) == whole(_numeral(number))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("建筑面积不少于500平方米", ["area >= 500 m2 (m2)"]),
            ("建筑面积500㎡以上", ["area >= 500 m2 (m2)"]),
            ("建筑面积不少于５００m平方米", ["area >= 500 m2 (m2)"]),
            ("占地面积不少于3亩", ["site_area >= 3亩 (亩)"]),
            ("每年召开4次以上工作会议", ["meetings >= 4次 (次)"]),
            ("全年必须两次以上", ["times >= 2次 (次)"]),
            ("每年至少承担一项实验项目", ["projects >= 1项 (项)"]),
            ("发表论文2 篇以上", ["articles >= 2篇 (篇)"]),
            ("利用率80%以上", ["utilisation >= 80% (percent)"]),
            ("专职教师比例不少于60％", ["share >= 60% (percent)"]),
            ("使用面积不少于1/2", ["usable_area_share >= 1/2 (percent)"]),
            ("图书3,000册以上", ["books >= 3000册 (册)"]),
            ("经费不低于5万元", ["funding >= 50000 yuan (yuan)"]),
            ("经费按人均不低于1.5元安排", ["funding >= 1.5 yuan * population (yuan)"]),
            ("每万人配备1名以上教师", ["teachers >= population * 1/10000 (people)"]),
            ("每千人不少于2名志愿者", ["volunteers >= population * 1/500 (people)"]),
            ("不少于人口千分之一的志愿者", ["volunteers >= population * 1/1000 (count)"]),
            ("班额不超过40人", ["people_number <= 40人 (people)"]),
            ("培训满3年以上", ["trainings >= 3 years (years)"]),
            ("教师具有3年以上工作经验", ["teachers >= 3 years (years)"]),
            ("每学期不少于20学时", ["lessons >= 20 (count)"]),
            ("报刊、杂志10份以上，图书100册以上", ["magazines >= 10份 (份)", "books >= 100册 (册)"]),
            ("at least 20 computers", ["computers >= 20 (count)"]),
            ("a floor area of no less than 500 m2", ["area >= 500 m2 (m2)"]),
        ],
    )
    def test_proposes_a_requirement(self, text: str, expected: list[str]) -> None:
        """Number, unit and comparison of a line become a requirement on a fact of that type."""
        assert expected == proposed(text)

    @pytest.mark.parametrize(
        "text",
        [
            "第一条", "第3条规定", "三级网络", "2022年9月1日起施行", "附件2", "近三年", "每3年评估", "一个中心", "组建一支队伍",
            "有专人负责", "统一管理", "电话0411-12345678", "A4纸", "5A级", "2级以上", "No. 5",
        ],
    )  # fmt: skip
    def test_leaves_what_only_names(self, text: str) -> None:
        """Ordinals, grades, days, periods and articles ask nothing."""
        assert list(quantities(text)) == []

    @given(st.text("0123456789.,/%万亿百分之一二三十第每人年次㎡平方米以上不少于 -", max_size=60))
    def test_never_fails(self, text: str) -> None:
        """Whatever stands in a line, what is found lies within it, in order."""
        found = list(quantities(text))
        places = [place for quantity in found for place in (quantity.start, quantity.end)]

        assert places == sorted(places)
        assert all(0 <= place <= len(text) for place in places)


def _numeral(number: int) -> str:
    """Write a whole number in Chinese."""
    high, low = divmod(number, 10_000)
    if high:
        return _numeral(high) + "万" + ("零" if 0 < low < 1000 else "") + (_numeral(low) if low else "")
    text, zero = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        zero = zero or (not digit and bool(text))
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + word
            zero = False
    return text


class TestSkeleton:
    """The text of the standard."""

    def test_writes_one_clause_a_line(self, annexes: Path) -> None:
        """Clauses stand in the order of the lines, with their place as id and their text as title."""
        read = read_lines(annexes, annex="1")
        model = catalog.loads(skeleton(Head.of("library", read.lines, annex="1"), read.lines)).model

        assert ["c1_1_1", "c1_1_2", "c2_1_1", "c2_2_1", "c2_2_2"] == [clause.id for clause in model.clauses]
        assert [line.text for line in read.lines] == [clause.title for clause in model.clauses]
        assert [1, 2, 1, 1, 2] == [clause.citation.line for clause in model.clauses]
        assert ("library", 1, "zh") == (model.id, model.annex, model.language)

    @pytest.mark.parametrize("annex", ["1", "2"])
    def test_loads_and_is_canonical(self, annexes: Path, annex: str) -> None:
        """It loads without a finding, `fmt` leaves it, and every clause waits for the inspector."""
        text = run(annexes, "--annex", annex).output
        standard = catalog.loads(text)

        assert canonical(text) == text
        assert standard.diagnostics == ()
        assert {"unknown"} == {status.value for status in standard.statuses({})}

    @pytest.mark.parametrize("annex", ["1", "2"])
    def test_loads_with_every_proposal_taken(self, annexes: Path, annex: str) -> None:
        """A proposal needs nothing but its `#` taken away, there and before its facts."""
        text = run(annexes, "--annex", annex).output
        taken, number = COMMENTED.subn(r"\1\2", text)
        model = catalog.loads(taken).model

        assert number > 0
        assert sum(clause.requirements[0].kind == "measured" for clause in model.clauses) == (5 if annex == "1" else 1)

    def test_shows_what_it_proposes(self, annexes: Path) -> None:
        """Proposals stand in the clause that they are for."""
        text = run(annexes, "--annex", "1").output
        clause = text[text.index("clause c1_1_1") : text.index("clause c1_1_2")]

        assert "# must area >= 500 m2\n" in clause
        assert "# must seats >= 20个\n" in clause
        assert '  # area : m2 "建筑面积"\n' in text

    @settings(max_examples=20, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["甲", 'a"b', "c\\d", "#"]),
                st.sampled_from(["乙", "{", "//"]),
                st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40)
                | st.sampled_from(["面积不少于500㎡", "每万人1名以上教师", "# lint: allow always-met", '"', "\\", "2次以上会议、3次以上会议", "at least 20 for all", "at least 3 names"]),
            ),
            min_size=1,
            max_size=6,
        )
    )  # fmt: skip
    def test_any_text_gives_a_standard(self, rows: list[tuple[str, str, str]]) -> None:
        """Quotes, backslashes, braces and comments in a line change nothing: it loads, also with every proposal taken."""
        lines = [DocumentLine(*row, "table.tsv:2") for row in rows]
        text = skeleton(Head.of("any", lines), lines)
        model = catalog.loads(text).model
        taken = catalog.loads(COMMENTED.sub(r"\1\2", text)).model

        assert canonical(text) == text
        assert (
            [row[2] for row in rows] == [clause.title for clause in model.clauses] == [c.title for c in taken.clauses]
        )

    def test_numbers_a_subsection_that_is_continued(self) -> None:
        """Lines of one subsection count on, wherever they stand."""
        lines = [DocumentLine("甲", each, "文", "") for each in ("一", "二", "一")]
        model = catalog.loads(skeleton(Head.of("x", lines), lines)).model

        assert [("c1_1_1", 1), ("c1_2_1", 1), ("c1_1_2", 2)] == [
            (each.id, each.citation.line) for each in model.clauses
        ]

    @pytest.mark.parametrize(
        ("stem", "id_"), [("school", "school"), ("附件2 学校", "附件2_学校"), ("2022-a", "standard_2022_a"), ("must", "standard_must"), ("()", "standard")]
    )  # fmt: skip
    def test_makes_an_id_of_the_file(self, stem: str, id_: str) -> None:
        """Whatever the file is called, the standard has an id."""
        assert id_ == Head.of(stem, []).id

    def test_takes_what_is_given(self, annexes: Path) -> None:
        """Id, title, document and language may be given."""
        options = ["--annex", "2", "--id", "room", "--title", '阅览室"标准"', "--source", "办法", "--lang", "en"]
        model = catalog.loads(run(annexes, *options).output).model

        assert ("room", '阅览室"标准"', "办法", 2, "en") == (
            model.id,
            model.title,
            model.document,
            model.annex,
            model.language,
        )
        assert "场所 / 设施, line 1 is met" == model.facts[0].label

    def test_does_what_its_page_shows(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The page for authors shows a table, a call, and what comes of it."""
        page = (Path(__file__).parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")
        table, call, shown = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("csv", "console", "std"))
        (tmp_path / "library.csv").write_text(table, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        result = run(*shlex.split(call)[3:])
        made = (tmp_path / "library.std").read_text(encoding="utf-8")

        assert result.exit_code == 0
        assert shown == made[made.index("standard ") :]

    def test_writes_a_file(self, annexes: Path, tmp_path: Path) -> None:
        """With `-o` the standard goes there."""
        result = run(annexes, "--annex", "1", "-o", tmp_path / "library.std")

        assert (0, "") == (result.exit_code, result.output)
        assert (tmp_path / "library.std").read_text(encoding="utf-8") == run(annexes, "--annex", "1").output


class TestTables:
    """The tables that are read."""

    def test_finds_columns_by_header(self, tmp_path: Path) -> None:
        """In any order, in Chinese, among others, under a title; a blank section is that of the row above."""
        (tmp_path / "t.csv").write_text(
            "示例标准,,,\n备注,内容,二级指标,一级指标\n,甲文,设施,场所\n无,乙文,,\n,,人员,队伍\n,丙文,,\n",
            encoding="utf-8",
        )
        found = read_lines(tmp_path / "t.csv")

        assert ((), ()) == (found.issues, found.warnings)
        expected = [("场所", "设施", "甲文"), ("场所", "设施", "乙文"), ("队伍", "人员", "丙文")]
        assert expected == [(line.section, line.subsection, line.text) for line in found.lines]

    def test_reads_workbooks_with_merged_cells(self, tmp_path: Path) -> None:
        """A merged section is that of each of its rows; line breaks in a cell are blanks."""
        path = workbook(
            tmp_path / "t.xlsx", [["总项", "分项", "内容"], ["甲", "乙", "一\n二"], [None, None, "三"]], [["别的"]]
        )
        found = read_lines(path)

        assert () == found.issues
        assert [("甲", "乙", "一 二"), ("甲", "乙", "三")] == [
            (each.section, each.subsection, each.text) for each in found.lines
        ]

    def test_chooses_a_sheet(self, tmp_path: Path) -> None:
        """Of several sheets with such columns one has to be chosen."""
        sheets = [[["section", "subsection", "text"], ["a", "b", text]] for text in ("one", "two")]
        path = workbook(tmp_path / "t.xlsx", *sheets)

        assert "sheet: `表1, 表2`; expected one sheet with such columns" in read_lines(path).issues[0].message()
        assert ["two"] == [line.text for line in read_lines(path, sheet="表2").lines]
        assert "expected a sheet that is not empty: `表1`, `表2`" in read_lines(path, sheet="表3").issues[0].message()

    def test_reads_gb18030_with_a_warning(self, tmp_path: Path) -> None:
        """What spreadsheets on Chinese systems save is read, and told."""
        (tmp_path / "t.csv").write_bytes("总项,分项,内容\n甲,乙,面积不少于60平方米\n".encode("gb18030"))
        result = run(tmp_path / "t.csv")

        assert result.exit_code == 0
        assert "area >= 60 m2" in result.output
        assert "read as GB18030" in result.stderr

    def test_tells_a_number_that_does_not_fit(self, tmp_path: Path) -> None:
        """Lines are taken in the order of the table; a number that says otherwise is told."""
        (tmp_path / "t.csv").write_text("section,subsection,no,text\na,b,1,x\na,b,3,y\n", encoding="utf-8")
        result = run(tmp_path / "t.csv")

        assert result.exit_code == 0
        assert "t.csv:3: line: `3`; expected 2, its position in the subsection" in result.stderr

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("t.tsv", b"", "expected the columns `section`, `subsection`, `text`"),
            ("t.tsv", b"section\tsubsection\ttext\n", "t.tsv; expected a table with at least one line under its header"),
            ("t.csv", b"section,text\na,b\n", "t.csv:1: header; expected the columns `subsection`"),
            ("t.csv", b"section,section,subsection,text\na,a,b,c\n", "section; expected one column for it"),
            ("t.csv", b"section,subsection,text\n,b,c\n", "t.csv:2: section; expected a text"),
            ("t.csv", b"section,subsection,text\na,,c\n", "t.csv:2: subsection; expected a text"),
            ("t.csv", b"section,subsection,text\na,b,c,d\n", "t.csv:2: row: `d`; expected every cell under a header"),
            ("t.csv", b'section,subsection,text\na,b,"c\n', "t.csv:2: CSV"),
            ("t.csv", b"PK\x03\x04 no text", "a workbook has the ending `.xlsx`"),
            ("t.csv", b"\xff\xfe\x00", "encoding: `UTF-16`"),
            ("t.csv", b"\x00\x01\x02\x80\xff" * 50, "expected"),
            ("t.xlsx", b"nothing", "expected"),
            ("t.docx", b"PK", "t.docx: `.docx`; expected a table that ends in .csv, .tsv, .xlsx"),
            ("t.csv", b"section,subsection,text\na,b," + b"x" * 10_001, "at most 10000 characters"),
            ("t.csv", b"section,subsection,text\n" + b"a,b,c\n" * (LINES_LIMIT + 1), f"at most {LINES_LIMIT} lines"),
            ("t.csv", b"section,subsection,text\n" + b"a,b,%b\n" % (b"x" * 9_000) * 120, "at most 1000000 characters in all"),
            ("t.tsv", ANNEXES.encode(), "annex: `1, 2`; expected the lines of one annex; choose it with `--annex`"),
        ],
    )  # fmt: skip
    def test_tells_what_is_wrong(self, tmp_path: Path, name: str, content: bytes, told: str) -> None:
        """A table that cannot be used is told with its place, writes nothing, and ends with 2."""
        (tmp_path / name).write_bytes(content)
        result = run(tmp_path / name, "-o", tmp_path / "out.std")

        assert (2, "") == (result.exit_code, result.stdout)
        assert told in result.stderr
        assert not (tmp_path / "out.std").exists()

    def test_tells_a_formula_without_a_value(self, tmp_path: Path) -> None:
        """A cell that nobody has calculated holds no text."""
        path = workbook(tmp_path / "t.xlsx", [["section", "subsection", "text"], ["a", "b", "=A1&B1"]])
        result = run(path)

        assert result.exit_code == 2
        assert "text: `=A1&B1`; expected a value" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("none.tsv",), "none.tsv; expected a file that can be read"),
            (("annexes.tsv", "--annex", "7"), "annex: `7`; expected one of 1, 2"),
            (("annexes.tsv", "--annex", "1", "--id", "1x"), "found the id `1x`"),
            (("annexes.tsv", "--annex", "1", "--id", "must"), "found the id `must`"),
            (("annexes.tsv", "--annex", "1", "-o", "no/such/x.std"), "cannot write `no/such/x.std`"),
        ],
    )
    def test_tells_what_is_wrong_with_the_call(
        self, annexes: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
    ) -> None:
        """What is asked for and cannot be is told."""
        monkeypatch.chdir(annexes.parent)
        result = run(*arguments)

        assert result.exit_code == 2
        assert told in result.stderr
