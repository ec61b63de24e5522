"""CSV into the rows of a table: institutions, or elements of a list.

The comma separates; a file whose header has none may use tabs or semicolons, and a `.tsv` file has tabs. A wrong column
is told once, at the header, and left out; a row that has more cells than the header is refused, because an unquoted
comma (`2,980`) has then moved its values. Places give the line in which a row begins.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from attrs import frozen

from cedu_rules.data.contents import Content
from cedu_rules.data.entries import Entry, Extras
from cedu_rules.data.layout import Column, Layout, loose
from cedu_rules.data.places import Block
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records import Cell
from cedu_rules.records.problems import shown, tidy

COLUMNS_LIMIT = 5000
"""A table has at most so many columns."""

_NO_YEAR = "-"
_COLUMNS = Words(f"at most {COLUMNS_LIMIT} columns", f"不超过 {COLUMNS_LIMIT} 列")
_HEADER = Words("a header in the first row", "首行的表头")
_UNDER_HEADER = Words(
    "every cell under a header; a cell with commas stands in quotes", "有表头的单元格；含逗号的内容加引号"
)
_ONCE = Words("one column for it, by name or by label", "唯一的一列（用名称或标签）")
_CSV = Words(
    'CSV: a cell of at most 131072 characters; one with `"`, commas or line breaks in quotes, its own quotes doubled',
    "CSV：单元格不超过 131072 字；含引号、逗号或换行的单元格用引号括起，其中的引号写两次",
)


@frozen
class Table:
    """The header of a file and its rows; `issues` are those of the header."""

    content: Content
    columns: "tuple[_Heading | None, ...]"
    rows: Iterator[tuple[int, list[str]]]
    issues: tuple[InputIssue, ...]

    def ends(self) -> dict[str, dict[str, str]]:
        """Return what completes the place of a row to that of a cell: by name, and for each set and series by part."""
        ends: dict[str, dict[str, str]] = {"": {}}
        for heading in self.columns:
            if heading is not None and heading.column is not None:
                name, _, part = heading.column.path.partition(".")
                ends.setdefault(name if part else "", {})[part or name] = f" ({heading.header})"
        return ends

    def marks(self) -> set[str]:
        """Return which marks have a column."""
        return {heading.column.mark for heading in self.columns if heading and heading.column and heading.column.mark}

    def entries(self) -> Iterator[Entry | InputIssue]:
        """Yield the rows, and at most one issue, of a file that cannot be read to its end."""
        ends = self.ends()
        try:
            for line, cells in self.rows:
                yield _Row(f"{self.content.name}:{line}", ends, self.columns).read(cells)
        except _Malformed as malformed:
            yield malformed.issue(self.content)


@frozen
class _Heading:
    """A column with its header as written; `column` is None where only `group` is wanted of it."""

    header: str
    column: Column | None
    group: str | None

    @property
    def path(self) -> str | None:
        """What the column is for, None where it is left out."""
        return self.group if self.column is None else self.column.path


class _Malformed(Exception):  # noqa: N818 -- never leaves the module
    """Text that is no CSV, in the row that begins in `line`."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)

    def issue(self, content: Content) -> InputIssue:
        """Return the issue."""
        found = next(islice(io.StringIO(content.text, newline=""), self.line - 1, None), "")
        return InputIssue("CSV", tidy(found.strip()), _CSV, place=f"{content.name}:{self.line}")


def table(content: Content, layout: Layout, extras: Extras) -> Table:
    """Return the table in a file; one without columns where its header cannot be read."""
    try:
        rows = _rows(content)
        line, header = next(rows, (1, []))
    except _Malformed as malformed:
        return Table(content, (), iter(()), (malformed.issue(content),))
    place = f"{content.name}:{line}"
    if not header or len(header) > COLUMNS_LIMIT:
        expected = _COLUMNS if header else _HEADER
        return Table(content, (), iter(()), (InputIssue("columns", str(len(header)), expected, place=place),))
    columns, issues = _columns(header, place, layout, extras)
    return Table(content, columns, rows, tuple(issues))


def _columns(
    header: Sequence[str], place: str, layout: Layout, extras: Extras
) -> tuple[tuple[_Heading | None, ...], list[InputIssue]]:
    columns: list[_Heading | None] = []
    issues: list[InputIssue] = []
    first: dict[str, int] = {}
    for number, word in enumerate(header):
        found = _column(word, layout, extras)
        if isinstance(found, Words):
            issues.append(InputIssue(tidy(word), "", found, place=place))
            found = _Heading(tidy(word), None, None)
        columns.append(found)
        path = None if found is None else found.path
        if path is None or first.setdefault(path, number) == number:
            continue
        issues.append(InputIssue(path, tidy(word), _ONCE, place=place))
        for doubled in (number, first[path]):  # which of the two is meant, nobody knows
            columns[doubled] = _Heading(tidy(header[doubled]), None, None)
    return tuple(columns), issues


def _column(word: str, layout: Layout, extras: Extras) -> _Heading | Words | None:
    """Return what a column holds, None where it has no header, or what is expected instead."""
    if not loose(word):
        return None
    group = extras.group if extras.groups(word) else None
    if extras.ignores(word):
        return _Heading(tidy(word), None, group)
    found = layout.find(word)
    if isinstance(found, Words) and group is None:
        return found
    return _Heading(tidy(word).strip(), None if isinstance(found, Words) else found, group)


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(content: Content) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line in which it begins."""
    return _separated(content, "\t" if content.ending == ".tsv" else _separator(content))


def _separated(content: Content, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content.text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _Malformed(line) from None
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells


def _separator(content: Content) -> str:
    _line, header = next(_separated(content, ","), (1, []))
    alone = header[0] if len(header) == 1 else ""
    return next((separator for separator in "\t;" if separator in alone), ",")


class _Row:
    """Reads the cells of one row into an entry."""

    def __init__(self, place: str, ends: Mapping[str, dict[str, str]], columns: Sequence[_Heading | None]) -> None:
        self.place = place
        self.ends = ends
        self.columns = columns
        self.entry = Entry(Block(place, "", ends[""]))
        self.reached: set[str] = set()

    def read(self, cells: Sequence[str]) -> Entry:
        """Return the entry."""
        entry = self.entry
        for column, cell in zip(self.columns, cells, strict=False):
            blank = not cell or cell.isspace()
            if column is None:
                if not blank:
                    self._misplaced(cell)
            else:
                if column.group is not None:
                    entry.columns[column.group] = cell.strip()
                if column.column is not None:
                    self._cell(column.column, cell, blank=blank)
        for cell in cells[len(self.columns) :]:
            if cell and not cell.isspace():
                self._misplaced(cell)
        for name in [name for name, value in entry.values.items() if self._says_nothing(name, value)]:
            del entry.values[name]
        return entry

    def _cell(self, column: Column, cell: str, *, blank: bool) -> None:
        entry, fact, part = self.entry, column.fact, column.part
        value: object = None if blank else cell if column.unit is None else Cell(cell, column.unit)
        if fact is None:
            if not blank and column.mark is not None:
                entry.marks[column.mark] = cell.strip()
        elif part is not None:
            self._part(fact.name, part, value, yearly=fact.type.kind == "series")
        elif fact.type.kind == "list":
            if not blank:
                entry.counts[fact.name] = value
        elif not blank:
            entry.values[fact.name] = value

    def _part(self, name: str, part: str, value: object, *, yearly: bool) -> None:
        """Put a member or year; a blank member is not known, a blank year is listed but not recorded."""
        if name not in self.entry.values:
            self.entry.values[name] = Block(self.place, "", self.ends[name])
        text = value.value if isinstance(value, Cell) else value
        if yearly and isinstance(text, str) and loose(text) == _NO_YEAR:
            self.reached.add(name)
        elif yearly or value is not None:
            self.entry.values[name][part] = value

    def _says_nothing(self, name: str, value: object) -> bool:
        """Return whether all columns of a set or series are blank: it is then missing, and no series of blank years."""
        if not isinstance(value, Block) or name in self.reached:
            return isinstance(value, Block) and not value
        return all(part is None for part in value.values())

    def _misplaced(self, cell: str) -> None:
        """Refuse a cell under no header, once a row."""
        if not any(issue.path == "row" for issue in self.entry.issues):
            self.entry.issues.append(InputIssue("row", shown(cell), _UNDER_HEADER, place=self.place))
