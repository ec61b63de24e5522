"""Tables and workbooks into what each sheet holds: rows of lists, or a source of institutions."""

from collections.abc import Callable, Iterator

from cedu_rules.data.contents import Content
from cedu_rules.data.entries import Entry, Extras, Source
from cedu_rules.data.layout import LIST, Layout, loose
from cedu_rules.data.lists import Lists
from cedu_rules.data.sheet_names import is_explanation
from cedu_rules.data.tables import Broken, Grid, Table, table
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records.problems import tidy

_LIST_WORDS = frozenset(loose(word) for name, words in LIST.items() for word in (name, *words))


class Sheets:
    """Finds out what each table and each sheet of a workbook holds; `layout` makes that of institutions."""

    def __init__(self, lists: Lists, layout: Callable[[], Layout], extras: Extras) -> None:
        self.lists = lists
        self.layout = layout
        self.extras = extras
        self.issues: list[InputIssue] = []

    def of(self, content: Content) -> Iterator[Source]:
        """Read the lists of a file, and yield its sources of institutions."""
        if content.ending == ".xlsx":
            for grid in self._sheets(content):
                yield from self._of_grid(grid, "")
        elif content.ending == ".parquet":
            from cedu_rules.data.parquet_files import ParquetGrid  # noqa: PLC0415 -- loaded only where a file needs it

            yield from self._of_grid(ParquetGrid(content), content.ending)
        else:
            from cedu_rules.data.csv_files import CsvGrid  # noqa: PLC0415 -- loaded only where a file needs it

            yield from self._of_grid(CsvGrid(content), content.ending)

    def _sheets(self, content: Content) -> list[Grid]:
        """Return the sheets of a workbook that are to be read."""
        from cedu_rules.data import xlsx_files  # noqa: PLC0415 -- loaded only where a file needs it

        try:
            found = xlsx_files.grids(content)
        except Broken as broken:
            self.issues.append(broken.issue)
            return []
        read = [grid for grid in found if self.lists.of_stem(grid.stem) or not self._left_out(grid.title)]
        if len(read) == 1 and self.lists.of_stem(content.stem) and not self.lists.of_stem(read[0].stem):
            return [xlsx_files.named(read[0], content.stem)]  # a workbook of one sheet may bear the name instead of it
        return list(read)

    def _left_out(self, title: str) -> bool:
        return is_explanation(title) or self.extras.ignores(title)

    def _of_grid(self, grid: Grid, ending: str) -> Iterator[Source]:
        if self.lists.of_stem(grid.stem):
            self.issues += self.lists.read(grid, ending)
            return
        read = table(grid, self.layout(), self.extras)
        if not ending and read.columns and not read.known():
            self.issues.append(InputIssue(grid.name, "", self._some_sheet(grid)))
        else:
            yield Source(self._rows(read), read.asks_only("judged"))

    def _rows(self, read: Table) -> Iterator[Entry | InputIssue]:
        yield from read.issues
        if "id" not in read.marks() and any(loose(issue.path) in _LIST_WORDS for issue in read.issues):
            yield InputIssue(read.grid.name, tidy(read.grid.stem), self._list_stems())
            return
        yield from read.entries()

    def _list_stems(self) -> Words:
        names = ", ".join(f"`{'.'.join(path)}`" for path in self.lists.order) or "-"
        return Words(f"a list file named after its list: {names}", f"以名单命名的文件：{names}")

    def _some_sheet(self, grid: Grid) -> Words:
        title = tidy(grid.stem)
        lists = "".join(f", `{'.'.join(path)}`" for path in self.lists.order)
        return Words(
            f"a sheet whose first row names facts, or one named after its list{lists}; "
            f"`--ignore {title}` leaves it out",
            f"首行为各项名称的工作表，或以名单命名的工作表{lists.replace(', ', '、')}；可用 `--ignore {title}` 略过",
        )
