"""Files into what they hold: tables of lists, sources of institutions, and sources of judgements alone.

A file or sheet named after a list holds that list, any other one institutions. A source whose facts are all judged,
beside another that has other facts, is the inspector's: it completes the institutions of the others by their id.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cedu_rules.data import json_files
from cedu_rules.data.contents import Content
from cedu_rules.data.entries import Entry, Extras
from cedu_rules.data.layout import INSTITUTION, LIST, Layout, loose
from cedu_rules.data.lists import Lists
from cedu_rules.data.sheet_names import is_explanation
from cedu_rules.data.tables import Broken, Grid, Table, table
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.records.problems import tidy

_TABLES = (".csv", ".tsv")
_LIST_WORDS = frozenset(loose(word) for name, words in LIST.items() for word in (name, *words))


class Source(NamedTuple):
    """One table or file of institutions; `judged` where all its facts are the inspector's."""

    entries: Iterator[Entry | InputIssue]
    judged: bool = False


class Sources:
    """Finds out what each file and sheet holds."""

    def __init__(self, model: Model, extras: Extras, lists: Lists) -> None:
        self.model = model
        self.extras = extras
        self.lists = lists
        self.owner = Words(f"a fact of `{model.id}`", f"`{model.id}` 的事实")
        self.issues: list[InputIssue] = []

    def of(self, content: Content) -> Iterator[Source]:
        """Read the lists of a file, and yield its sources of institutions."""
        if content.ending in _TABLES:
            from cedu_rules.data.csv_files import CsvGrid  # noqa: PLC0415 -- loaded only where a file needs it

            yield from self._of_grid(CsvGrid(content), content.ending)
        elif content.ending == ".xlsx":
            for grid in self._sheets(content):
                yield from self._of_grid(grid, "")
        else:
            yield self._of_text(content)

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
        read = table(grid, Layout(self.owner, self.model.facts, self.model.units, INSTITUTION), self.extras)
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

    def _of_text(self, content: Content) -> Source:
        layout = Layout(self.owner, self.model.facts, self.model.units, INSTITUTION)
        if content.ending == ".json":
            found = json_files.entries(content, layout, self.extras)
        else:
            from cedu_rules.data import yaml_files  # noqa: PLC0415 -- yaml is loaded only where a file needs it

            found = yaml_files.entries(content, layout, self.extras)
        read = list(found)
        entries = [entry for entry in read if isinstance(entry, Entry)]
        return Source(iter(read), bool(entries) and all(self._is_judged(entry, layout) for entry in entries))

    @staticmethod
    def _is_judged(entry: Entry, layout: Layout) -> bool:
        """Return whether an institution of JSON or YAML holds judged facts and no others."""
        facts = [layout.fact(key) for key in entry.values]
        return bool(facts) and all(fact is not None and fact.kind == "judged" for fact in facts)

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
