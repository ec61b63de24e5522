"""A grid of cells into entries: institutions, or elements of a list. Grids come from CSV files and from sheets.

The first row that is not blank is the header. A wrong column is told once, at the header, and left out; a row that has
more cells than the header is refused, because an unquoted comma (`2,980`) has then moved its values.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from cedu_rules.data.contents import Content
from cedu_rules.data.entries import Entry, Extras
from cedu_rules.data.layout import Column, Layout, loose
from cedu_rules.data.places import Block
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records import Cell
from cedu_rules.records.cells import is_blank
from cedu_rules.records.problems import shown, tidy

COLUMNS_LIMIT = 5000
"""A table has at most so many columns."""

Row: TypeAlias = tuple[int, Sequence[object]]
"""A row that is not blank, with its number; a cell is a text or what the sheet holds, None where it is empty."""

_NO_YEAR = "-"
_COLUMNS = Words(f"at most {COLUMNS_LIMIT} columns", f"不超过 {COLUMNS_LIMIT} 列")
_HEADER = Words("a header in the first row", "首行的表头")
_UNDER_HEADER = Words(
    "every cell under a header; a cell with commas stands in quotes", "有表头的单元格；含逗号的内容加引号"
)
_ONCE = Words("one column for it, by name or by label", "唯一的一列（用名称或标签）")


class Broken(Exception):  # noqa: N818 -- never leaves the package
    """A file or sheet that cannot be read, or not to its end."""

    def __init__(self, issue: InputIssue) -> None:
        self.issue = issue
        super().__init__(issue)


class Faulty(NamedTuple):
    """A cell that shows something and holds no value: an error, or a formula that nobody has calculated."""

    text: str
    expected: Words


class Grid(Protocol):
    """The cells of one table. `stem` is what may name a list, `name` what messages call the table."""

    @property
    def name(self) -> str:
        """What messages call the table."""
        ...

    @property
    def stem(self) -> str:
        """The word that may name a list."""
        ...

    @property
    def issues(self) -> tuple[InputIssue, ...]:
        """What is wrong with the table as a whole."""
        ...

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank; raises `Broken`."""
        ...

    def header_place(self, line: int, column: int) -> str:
        """Return where the header of a column stands."""
        ...

    def ends(self, parts: Mapping[str, tuple[int, str]]) -> Mapping[str, str]:
        """Return what `block` needs to place parts, given by name as index of the column and header."""
        ...

    def block(self, line: int, ends: Mapping[str, str]) -> Block:
        """Return an empty block of a row."""
        ...


class FileGrid:
    """What the cells of a file that is one table have in common, whatever its format; a cell is named by its header."""

    def __init__(self, content: Content) -> None:
        self.content = content

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.content.name

    @property
    def stem(self) -> str:
        """The name of the file without its folder and ending."""
        return self.content.stem

    @property
    def issues(self) -> tuple[InputIssue, ...]:
        """What is wrong with the file as a whole: nothing."""
        return ()

    def ends(self, parts: Mapping[str, tuple[int, str]]) -> Mapping[str, str]:
        """Return what completes the place of a row to that of a cell: the header as written."""
        return {part: f" ({header})" for part, (_, header) in parts.items()}

    def block(self, line: int, ends: Mapping[str, str]) -> Block:
        """Return an empty block of a row."""
        return Block(f"{self.name}:{line}", "", ends)


class Heading(NamedTuple):
    """A column with its header as written; `column` is None where only `group` is wanted of it."""

    header: str
    column: Column | None
    group: str | None

    @property
    def path(self) -> str | None:
        """What the column is for, None where it is left out."""
        return self.group if self.column is None else self.column.path


class Table(NamedTuple):
    """The columns of a grid and the rows under them; `issues` are those of the grid and of the header."""

    grid: Grid
    columns: tuple[Heading | None, ...]
    rows: Iterator[Row]
    issues: tuple[InputIssue, ...]
    line: int = 1

    def ends(self) -> dict[str, Mapping[str, str]]:
        """Return what places the cells of a row: by name, and for each set and series by part."""
        parts: dict[str, dict[str, tuple[int, str]]] = {"": {}}
        for index, heading in enumerate(self.columns):
            if heading is not None and heading.column is not None:
                name, _, part = heading.column.path.partition(".")
                parts.setdefault(name if part else "", {})[part or name] = index, heading.header
        return {name: self.grid.ends(places) for name, places in parts.items()}

    def known(self) -> list[Column]:
        """Return the columns that mean something."""
        return [heading.column for heading in self.columns if heading is not None and heading.column is not None]

    def marks(self) -> set[str]:
        """Return which marks have a column."""
        return {column.mark for column in self.known() if column.mark is not None}

    def asks_only(self, kind: str, key: str | None = None) -> bool:
        """Return whether the table has facts, and all of them but the key are of that kind."""
        facts = [column.fact for column in self.known() if column.fact is not None and column.fact.name != key]
        return bool(facts) and all(fact.kind == kind for fact in facts)

    def entries(self) -> Iterator[Entry | InputIssue]:
        """Yield the rows, and at most one issue, of a table that cannot be read to its end."""
        ends = self.ends()
        try:
            for line, cells in self.rows:
                yield _RowReader(self.grid, line, ends, self.columns).read(cells)
        except Broken as broken:
            yield broken.issue


def table(grid: Grid, layout: Layout, extras: Extras) -> Table:
    """Return the table in a grid; one without columns where its header cannot be read."""
    try:
        rows = grid.rows()
        line, header = next(rows, (1, []))
    except Broken as broken:
        return Table(grid, (), iter(()), (broken.issue,))
    if not header or len(header) > COLUMNS_LIMIT:
        expected = _COLUMNS if header else _HEADER
        issue = InputIssue("columns", str(len(header)), expected, place=grid.header_place(line, 0))
        return Table(grid, (), iter(()), (issue,), line)
    columns, issues = _columns([as_text(cell) for cell in header], grid, line, layout, extras)
    return Table(grid, columns, rows, (*grid.issues, *issues), line)


def as_text(cell: object) -> str:
    """Return what a cell says where a text is wanted."""
    if isinstance(cell, Faulty):
        return cell.text
    return cell if isinstance(cell, str) else shown(cell)


def _columns(
    header: Sequence[str], grid: Grid, line: int, layout: Layout, extras: Extras
) -> tuple[tuple[Heading | None, ...], list[InputIssue]]:
    columns: list[Heading | None] = []
    issues: list[InputIssue] = []
    first: dict[str, int] = {}
    for number, word in enumerate(header):
        found = _column(word, layout, extras)
        if isinstance(found, Words):
            issues.append(InputIssue(tidy(word), "", found, place=grid.header_place(line, number)))
            found = Heading(tidy(word), None, None)
        columns.append(found)
        path = None if found is None else found.path
        if path is None or first.setdefault(path, number) == number:
            continue
        issues.append(InputIssue(path, tidy(word), _ONCE, place=grid.header_place(line, number)))
        for doubled in (number, first[path]):  # which of the two is meant, nobody knows
            columns[doubled] = Heading(tidy(header[doubled]), None, None)
    return tuple(columns), issues


def _column(word: str, layout: Layout, extras: Extras) -> Heading | Words | None:
    """Return what a column holds, None where it has no header, or what is expected instead."""
    if not loose(word):
        return None
    group = extras.group if extras.groups(word) else None
    if extras.ignores(word):
        return Heading(tidy(word), None, group)
    found = layout.find(word)
    if isinstance(found, Words) and group is None:
        return found
    return Heading(tidy(word).strip(), None if isinstance(found, Words) else found, group)


class _RowReader:
    """Reads the cells of one row into an entry."""

    def __init__(
        self, grid: Grid, line: int, ends: Mapping[str, Mapping[str, str]], columns: Sequence[Heading | None]
    ) -> None:
        self.grid = grid
        self.line = line
        self.ends = ends
        self.columns = columns
        self.entry = Entry(grid.block(line, ends[""]))
        self.reached: set[str] = set()

    def read(self, cells: Sequence[object]) -> Entry:
        """Return the entry."""
        entry = self.entry
        for column, cell in zip(self.columns, cells, strict=False):
            blank = is_blank(cell)
            if column is None:
                if not blank:
                    self._misplaced(cell)
            else:
                if column.group is not None:
                    entry.columns[column.group] = as_text(cell).strip()
                if column.column is not None:
                    self._cell(column.column, cell, blank=blank)
        for cell in cells[len(self.columns) :]:
            if not is_blank(cell):
                self._misplaced(cell)
        for name in [name for name, value in entry.values.items() if self._says_nothing(name, value)]:
            del entry.values[name]
        return entry

    def _cell(self, column: Column, cell: object, *, blank: bool) -> None:
        entry, fact, part = self.entry, column.fact, column.part
        if isinstance(cell, Faulty):
            place = self.grid.block(self.line, self.ends[fact.name if fact and part else ""])
            found = place.place_of(part or column.path)
            entry.issues.append(InputIssue(column.path, tidy(cell.text), cell.expected, place=found))
            return
        value: object = None if blank else cell if column.unit is None else Cell(cell, column.unit)
        if fact is None:
            if not blank and column.mark is not None:
                entry.marks[column.mark] = as_text(cell).strip()
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
            self.entry.values[name] = self.grid.block(self.line, self.ends[name])
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

    def _misplaced(self, cell: object) -> None:
        """Refuse a cell under no header, once a row."""
        if not any(issue.path == "row" for issue in self.entry.issues):
            self.entry.issues.append(
                InputIssue("row", tidy(as_text(cell)), _UNDER_HEADER, place=self.entry.values.place)
            )
