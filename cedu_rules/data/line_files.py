"""A table of the lines of an official document into these lines: section, subsection, text, in their order.

The header may stand under a title, its columns in any order and among others. A blank section or subsection is that of
the row above, as merged cells leave it; a row without a text only says where the next rows belong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import fspath
from pathlib import Path

from attrs import frozen

from cedu_rules.data.contents import Content, FilePath, load
from cedu_rules.data.csv_files import CsvGrid
from cedu_rules.data.layout import loose
from cedu_rules.data.tables import Broken, Faulty, Grid, as_text
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records.cells import is_blank
from cedu_rules.records.problems import tidy

ENDINGS = (".csv", ".tsv", ".xlsx")
LINES_LIMIT = 5000
"""A document has at most so many lines."""
TEXT_LIMIT = 10_000
"""A line has at most so many characters."""
WHOLE_LIMIT = 1_000_000
"""All lines together have at most so many characters."""
HEADER_LIMIT = 20
"""The header stands in one of so many rows that are not blank."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "section": ("section", "总项", "一级指标", "一级项目", "大项", "项目类别"),
    "subsection": ("subsection", "分项", "二级指标", "二级项目", "子项", "小项"),
    "text": (
        "text", "requirement", "content", "内容", "具体内容", "标准内容", "建设标准", "建设内容", "标准", "要求",
        "具体要求", "条文", "三级指标", "指标内容", "评估标准", "评价标准", "考核内容", "考核标准",
    ),
    "annex": ("annex", "附件", "附件号"),
    "line": ("line", "no", "number", "序号", "条号", "条"),
}  # fmt: skip
"""The columns that are read, and the headers that name them; `annex` and `line` may be missing."""

NEEDED = ("section", "subsection", "text")

_KNOWN = Words(f"a table that ends in {', '.join(ENDINGS)}", f"以 {'、'.join(ENDINGS)} 结尾的表格")
_LINES = Words("a table with at least one line under its header", "表头下至少有一行")
_TEXT = Words("a text", "文字")
_UNDER_HEADER = Words(
    "every cell under a header; a cell with commas stands in quotes", "有表头的单元格；含逗号的内容加引号"
)
_ONCE = Words("one column for it", "唯一的一列")
_FEWER = Words(f"at most {LINES_LIMIT} lines", f"不超过 {LINES_LIMIT} 行")
_SMALLER = Words(f"at most {WHOLE_LIMIT} characters in all lines", f"各行合计不超过 {WHOLE_LIMIT} 字")
_SHORTER = Words(f"a text of at most {TEXT_LIMIT} characters", f"不超过 {TEXT_LIMIT} 字的文字")
_ONE_ANNEX = Words("the lines of one annex; choose it with `--annex`", "一个附件的内容；请用 `--annex` 选择")
_ONE_SHEET = Words(
    "one sheet with such columns; choose it with `--sheet`", "唯一一张含这些列的工作表；请用 `--sheet` 选择"
)
_NUMBER = re.compile(r"\D*([0-9]{1,6})\D*")


@frozen
class DocumentLine:
    """One line of an official document; `place` is where it stands in the file."""

    section: str
    subsection: str
    text: str
    place: str
    annex: str = ""
    number: str = ""


@frozen
class LinesRead:
    """The lines of a table, what is wrong with it (there are then no lines), and what is doubtful."""

    lines: tuple[DocumentLine, ...]
    issues: tuple[InputIssue, ...]
    warnings: tuple[InputIssue, ...] = ()


class _Refused(Exception):  # noqa: N818 -- never leaves the module
    """A table that cannot be read."""

    def __init__(self, *issues: InputIssue) -> None:
        self.issues = issues
        super().__init__(issues)


def read_lines(file: FilePath, *, annex: str | None = None, sheet: str | None = None) -> LinesRead:
    """Return the lines of a CSV, TSV or XLSX file; nothing that stands in it makes this raise.

    Args:
        file: The path.
        annex: Takes only the lines that have this in the column of annexes, if there is one.
        sheet: The sheet of a workbook; by default the only one that has the columns.
    """
    name = tidy(Path(fspath(file)).name)
    ending = Path(fspath(file)).suffix.lower()
    if ending not in ENDINGS:
        return LinesRead((), (InputIssue(name, tidy(ending), _KNOWN),))
    contents = load([file])
    if contents.issues:
        return LinesRead((), contents.issues, contents.warnings)
    try:
        lines = _of_annex(_lines(contents.files[0], sheet), annex, name)
    except _Refused as refused:
        return LinesRead((), refused.issues, contents.warnings)
    return LinesRead(lines, (), (*contents.warnings, *_misnumbered(lines)))


def _lines(content: Content, sheet: str | None) -> tuple[DocumentLine, ...]:
    """Return the lines of all annexes."""
    found = [_read(grid) for grid in _grids(content, sheet)] or [InputIssue(content.name, "", _LINES)]
    with_columns = [read for read in found if not isinstance(read, InputIssue)]
    if not with_columns:
        raise _Refused(*(read for read in found if isinstance(read, InputIssue)))
    if len(with_columns) > 1:
        titles = ", ".join(grid.stem for grid, *_ in with_columns)
        raise _Refused(InputIssue("sheet", tidy(titles), _ONE_SHEET, place=content.name))
    return tuple(_rows(*with_columns[0]))


def _grids(content: Content, sheet: str | None) -> Sequence[Grid]:
    if content.ending != ".xlsx":
        return [CsvGrid(content)]
    from cedu_rules.data import xlsx_files  # noqa: PLC0415 -- loaded only where a file needs it

    try:
        grids = xlsx_files.grids(content)
    except Broken as broken:
        raise _Refused(broken.issue) from None
    if sheet is None:
        return grids
    chosen = [grid for grid in grids if loose(grid.title) == loose(sheet)]
    if not chosen:
        titles = ", ".join(f"`{tidy(grid.title)}`" for grid in grids)
        words = Words(f"a sheet that is not empty: {titles}", f"非空的工作表：{titles}")
        raise _Refused(InputIssue("sheet", tidy(sheet), words, place=content.name))
    return chosen


_Rows = Iterator[tuple[int, Sequence[object]]]
_WithColumns = tuple[Grid, dict[str, int], int, _Rows]


def _read(grid: Grid) -> _WithColumns | InputIssue:
    """Return the columns by name, the width of the header and the rows under it, or what is missing in the row that comes nearest."""
    missing: list[str] = list(NEEDED)
    place = grid.name
    try:
        rows = grid.rows()
        for _, (line, cells) in zip(range(HEADER_LIMIT), rows, strict=False):
            columns, doubled = _columns(cells)
            if doubled:
                return InputIssue(doubled, "", _ONCE, place=grid.header_place(line, 0))
            lacking = [name for name in NEEDED if name not in columns]
            if not lacking:
                return grid, columns, len(cells), rows
            if len(lacking) < len(missing):
                missing, place = lacking, grid.header_place(line, 0)
    except Broken as broken:
        return broken.issue
    listed = ", ".join(f"`{name}`" for name in missing)
    english = "; ".join(f"{name}: {', '.join(COLUMNS[name][:3])} …" for name in missing)
    return InputIssue(
        "header", "", Words(f"the columns {listed} ({english})", f"含 {listed} 列的表头（{english}）"), place=place
    )


def _columns(cells: Sequence[object]) -> tuple[dict[str, int], str]:
    """Return the column of each name, and a name that two columns have where the row is a header."""
    known = {loose(word): name for name, words in COLUMNS.items() for word in words}
    columns: dict[str, int] = {}
    doubled = ""
    for number, cell in enumerate(cells[:100]):
        name = known.get(loose(as_text(cell)).casefold()) if not is_blank(cell) else None
        if name is not None and columns.setdefault(name, number) != number:
            doubled = name
    return columns, doubled if all(name in columns for name in NEEDED) else ""


def _rows(grid: Grid, columns: Mapping[str, int], width: int, rows: _Rows) -> Iterator[DocumentLine]:
    section = subsection = ""
    count = size = 0
    try:
        for line, cells in rows:
            place = grid.block(line, {}).place
            found = {name: _cell(cells, index, name, place) for name, index in columns.items()}
            if beyond := [cell for cell in cells[width:] if not is_blank(cell)]:  # an unquoted comma has cut the text
                raise _Refused(InputIssue("row", tidy(as_text(beyond[0])), _UNDER_HEADER, place=place))
            if found["section"]:
                section, subsection = (
                    found["section"],
                    found["subsection"] if found["section"] != section else subsection,
                )
            subsection = found["subsection"] or subsection
            if not found["text"]:
                continue
            for name, value in (("section", section), ("subsection", subsection)):
                if not value:
                    raise _Refused(InputIssue(name, "", _TEXT, place=place))
            count, size = count + 1, size + len(found["text"])
            if count > LINES_LIMIT or size > WHOLE_LIMIT:
                raise _Refused(InputIssue(grid.name, "", _FEWER if count > LINES_LIMIT else _SMALLER))
            yield DocumentLine(section, subsection, found["text"], place, found.get("annex", ""), found.get("line", ""))
    except Broken as broken:
        raise _Refused(broken.issue) from None


def _cell(cells: Sequence[object], index: int, name: str, place: str) -> str:
    """Return the text of a cell on one line."""
    cell = cells[index] if index < len(cells) else None
    if isinstance(cell, Faulty):
        raise _Refused(InputIssue(name, tidy(cell.text), cell.expected, place=place))
    if is_blank(cell):
        return ""
    text = as_text(cell)
    if len(text) > TEXT_LIMIT:
        raise _Refused(InputIssue(name, tidy(text), _SHORTER, place=place))
    words = " ".join(text.split())
    return "".join(character for character in words if character.isprintable())


def _of_annex(lines: Sequence[DocumentLine], annex: str | None, name: str) -> tuple[DocumentLine, ...]:
    annexes = list(dict.fromkeys(line.annex for line in lines if line.annex))
    if annexes and annex is None and len(annexes) > 1:
        raise _Refused(InputIssue("annex", tidy(", ".join(annexes)), _ONE_ANNEX, place=name))
    if annexes and annex is not None:
        chosen = tuple(line for line in lines if _same(line.annex, annex))
        if not chosen:
            words = Words(f"one of {', '.join(annexes[:20])}", f"{'、'.join(annexes[:20])} 之一")
            raise _Refused(InputIssue("annex", tidy(annex), words, place=name))
        return chosen
    if not lines:
        raise _Refused(InputIssue(name, "", _LINES))
    return tuple(lines)


def _same(one: str, other: str) -> bool:
    found = [_NUMBER.fullmatch(text) for text in (one, other)]
    return loose(one) == loose(other) or (None not in found and len({match[1] for match in found if match}) == 1)


def _misnumbered(lines: Iterable[DocumentLine]) -> Iterator[InputIssue]:
    """Yield the first line whose number is neither that in its subsection nor that in the document."""
    counts: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, 1):
        here = (line.section, line.subsection)
        counts[here] = counts.get(here, 0) + 1
        match = _NUMBER.fullmatch(line.number)
        if match is not None and int(match[1]) not in {counts[here], number}:
            words = Words(
                f"{counts[here]}, its position in the subsection; lines are taken in the order of the table",
                f"{counts[here]}，即其在分项中的位置；各行按表格中的顺序读取",
            )
            yield InputIssue("line", match[1], words, place=line.place)
            return
