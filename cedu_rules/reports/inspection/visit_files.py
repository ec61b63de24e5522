"""The record of the visit: rows into a workbook to fill in, and filled workbooks into what was found.

A sheet bears the name of its tier; the guide beside it is not read. A column is found by its heading in either language,
and columns that somebody added are left alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from attrs import frozen

from cedu_rules.data import contents
from cedu_rules.data.layout import loose
from cedu_rules.data.sheet_names import OWN, is_explanation
from cedu_rules.data.stable_bytes import saved
from cedu_rules.data.tables import Broken, Faulty, Grid, as_text
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Model
from cedu_rules.records.cells import is_blank
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import tidy
from cedu_rules.reports.inspection.visit_merging import BLANK, Found
from cedu_rules.reports.inspection.visit_paths import parse
from cedu_rules.reports.inspection.visit_rows import VisitRow
from cedu_rules.reports.inspection.words import say

FIRST_LINE = 2
_GUIDE_WIDTH = 110
_A4 = 9
_WIDTHS = {
    "id": 11, "name": 24, "group": 12, "path": 20, "item": 34, "unit": 8, "stated": 16, "found": 16, "evidence": 24,
    "method": 16, "inspector": 12, "visited_on": 13, "place": 34,
}  # fmt: skip
"""The columns in their order, with their widths."""
_FILLED_IN = ("found", "evidence", "method", "inspector", "visited_on")
_NEEDED = ("path", "found")
_RANGES_LIMIT = 50
_LIST_LIMIT = 250
"""Spreadsheets take a list of choices of at most 255 characters."""

_WORKBOOK = Words("a record of the visit, saved as `.xlsx`", "另存为 `.xlsx` 的现场检查记录表")
_ONCE = Words("one finding for each value", "每个值只核实一次")
_WHOSE = Words("the id or name of the institution", "机构编号或名称")
_A_HEADER = Words("a column with this heading", "有此表头的列")
_GUIDE = (
    Words("Fill in the coloured columns; the others are for reading.", "请填写有底色的各列；其余各列供对照。"),
    Words(
        "Write what you found only where it is judged on site, or differs from what was stated; an empty cell leaves what was stated.",
        "需现场评定的，或与填报值不符的，填写现场核实值；留空即以填报值为准。",
    ),
    Words(
        f"Write `{BLANK.en}` to withdraw a stated value, or an entry of a list (path such as `teachers[2]`).",
        f"填报值应予撤销的，填“{BLANK.zh}”；名单中某一项应删除的，路径写作 `teachers[2]`，核实值填“{BLANK.zh}”。",
    ),
    Words(
        "Rows may be added: a value that is not listed by its path, a new entry of a list by the next number.",
        "可以加行：未列出的值按路径填写；名单新增一项，用下一个序号，如 `teachers[7].name`。",
    ),
    Words(
        "The name of a sheet and the columns of id and path stay as they are.", "工作表名称、编号列和路径列不要改动。"
    ),
)


# --- writing ---------------------------------------------------------------------------------------------------------


def visit_workbook(tier: str, rows: Iterable[VisitRow], language: str) -> bytes:
    """Return the workbook of one tier.

    Raises:
        ImportError: the package that writes workbooks is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- an extra, and slow to import

    from cedu_rules.reports.workbook_cells import HEAD, Look, Sheet  # noqa: PLC0415

    book = Workbook(write_only=True)
    styles: dict[Any, Any] = {}
    sheet = Sheet(book.create_sheet(tier), styles)
    sheet.widths(_WIDTHS.values())
    sheet.sheet.freeze_panes = "C2"
    lay_across(sheet.sheet)
    filled = Look("FFF6DC")
    looks = [filled if name in _FILLED_IN else Look() for name in _WIDTHS]
    sheet.row([say(name, language) for name in _WIDTHS], HEAD)
    choices: dict[tuple[str, ...], list[int]] = {}
    for line, row in enumerate(rows, FIRST_LINE):
        sheet.row(_cells(row), looks)
        if row.choices:
            choices.setdefault(row.choices, []).append(line)
    for words, lines in choices.items():
        _offer(sheet.sheet, words, lines)
    guide = Sheet(book.create_sheet(OWN.guide.zh if language == "zh" else OWN.guide.en), styles)
    guide.widths([_GUIDE_WIDTH])
    for words_ in _GUIDE:
        guide.row([words_.zh if language == "zh" else words_.en])
    return saved(book)


def lay_across(sheet: Any) -> None:  # noqa: ANN401 -- a sheet of the package
    """Set A4 across for print, all columns on a page, the first row on each."""
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = _A4, "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _cells(row: VisitRow) -> list[Any]:
    found = row.found
    filled: list[Any] = [None] * len(_FILLED_IN)
    if found is not None:
        day = found.visited_on if isinstance(found.visited_on, date) else _text(found.visited_on)
        value = None if found.value is None else as_text(found.value)
        filled = [value, found.evidence, found.method, found.inspector, day]
    return [row.id, row.name, row.group, row.path, row.label, row.unit, row.stated, *filled, row.places]


def _offer(sheet: Any, words: Sequence[str], lines: Sequence[int]) -> None:  # noqa: ANN401
    """Offer words to choose from in the cells for what was found; where they cannot be a list, nothing."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    listed = ",".join(words)
    if len(listed) > _LIST_LIMIT or any("," in word or '"' in word for word in words):
        return
    letter = get_column_letter(list(_WIDTHS).index("found") + 1)
    ranges = [f"{letter}{first}:{letter}{last}" for first, last in _stretches(lines)]
    for start in range(0, len(ranges), _RANGES_LIMIT):
        check = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        for range_ in ranges[start : start + _RANGES_LIMIT]:
            check.add(range_)
        sheet.data_validations.append(check)


def _stretches(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of lines that follow one another."""
    first = last = lines[0]
    for line in lines[1:]:
        if line != last + 1:
            yield first, last
            first = line
        last = line
    yield first, last


# --- reading ---------------------------------------------------------------------------------------------------------


@frozen
class Visits:
    """What was found on visits, by tier and id or name of the institution; a later file counts before an earlier.

    `faults` are what is wrong with the rows of an institution, by the same keys; `issues` belong to none.
    """

    found: Mapping[str, Mapping[str, Mapping[str, Found]]]
    faults: Mapping[str, Mapping[str, list[InputIssue]]]
    issues: tuple[InputIssue, ...]
    warnings: tuple[InputIssue, ...] = ()


def read_visits(files: Iterable[Path], tiers: Iterable[str], models: Mapping[str, Model]) -> Visits:
    """Return what filled records of the visit say; never raises for data.

    Args:
        files: Workbooks.
        tiers: The names of all tiers of the plan.
        models: Their standards, of those that could be loaded.
    """
    reader = _Reader(tuple(tiers), models)
    loaded = contents.load(files)
    for content in loaded.files:
        reader.file(content)
    return Visits(reader.found, reader.faults, (*loaded.issues, *reader.issues), loaded.warnings)


class _Reader:
    def __init__(self, tiers: tuple[str, ...], models: Mapping[str, Model]) -> None:
        self.tiers = {tier.casefold(): tier for tier in tiers}
        self.models = models
        self.found: dict[str, dict[str, dict[str, Found]]] = {}
        self.faults: dict[str, dict[str, list[InputIssue]]] = {}
        self.issues: list[InputIssue] = []

    def file(self, content: contents.Content) -> None:
        """Read one workbook."""
        from cedu_rules.data import xlsx_files  # noqa: PLC0415 -- loaded only where a file needs it

        if content.ending != ".xlsx":
            self.issues.append(InputIssue(content.name, tidy(content.ending), _WORKBOOK))
            return
        try:
            for grid in xlsx_files.grids(content):
                self._sheet(grid, grid.title)
        except Broken as broken:
            self.issues.append(broken.issue)

    def _sheet(self, grid: Grid, title: str) -> None:
        tier = self.tiers.get(title.strip().casefold())
        if tier is None:
            if not is_explanation(title):
                names = ", ".join(f"`{name}`" for name in self.tiers.values())
                words = Words(f"a sheet named after a tier: {names}", f"以层级命名的工作表：{names}")
                self.issues.append(InputIssue(grid.name, tidy(title), words))
            return
        if tier in self.models:
            self._rows(grid, tier)

    def _rows(self, grid: Grid, tier: str) -> None:
        rows = grid.rows()
        line, header = next(rows, (1, []))
        columns = _columns(header)
        lacking = [name for name in _NEEDED if name not in columns]
        lacking += [] if {"id", "name"} & columns.keys() else ["id"]
        for name in lacking:
            place = grid.header_place(line, 0)
            self.issues.append(InputIssue(say(name, "zh"), "", _A_HEADER, place=place))
        self.issues += grid.issues
        if lacking:
            return
        ends = grid.ends({name: (index, name) for name, index in columns.items()})
        seen: dict[tuple[str, str], str] = {}
        for number, cells in rows:
            block = grid.block(number, ends)
            row = {name: cells[index] if index < len(cells) else None for name, index in columns.items()}
            places = {name: block.place_of(name) for name in columns}
            self._row(tier, row, places, seen)

    def _row(
        self, tier: str, row: Mapping[str, object], places: Mapping[str, str], seen: dict[tuple[str, str], str]
    ) -> None:
        if all(is_blank(row.get(name)) for name in _FILLED_IN):
            return
        whose = _text(row.get("id")) or _text(row.get("name"))
        if not whose:
            self.issues.append(InputIssue("id", "", _WHOSE, place=places.get("id", places.get("name"))))
            return
        found = _found(tier, whose, row, places, self.models[tier])
        place = places["found"]
        if isinstance(found, Found) and seen.setdefault((fold(whose), found.path.text), place) != place:
            found = InputIssue(found.path.text, tidy(as_text(row.get("found"))), _ONCE, whose, place)
        if isinstance(found, InputIssue):
            self.faults.setdefault(tier, {}).setdefault(fold(whose), []).append(found)
        else:
            self.found.setdefault(tier, {}).setdefault(fold(whose), {})[found.path.text] = found


def _found(
    tier: str, whose: str, row: Mapping[str, object], places: Mapping[str, str], model: Model
) -> Found | InputIssue:
    """Return what a row says was found, or what is wrong with it."""
    written = _text(row.get("path"))
    path = parse(model, written)
    if isinstance(path, Words):
        return InputIssue("path", tidy(written), path, whose, places["path"])
    value = row.get("found")
    if isinstance(value, Faulty):
        return InputIssue(path.text, tidy(value.text), value.expected, whose, places["found"])
    texts = {name: _text(row.get(name)) for name in ("stated", "evidence", "method", "inspector")}
    day = row.get("visited_on")
    visited = None if is_blank(day) else day if isinstance(day, date) else _text(day)
    return Found(tier, whose, path, None if is_blank(value) else value, places["found"], visited_on=visited, **texts)


def _columns(header: Sequence[object]) -> dict[str, int]:
    """Return the columns by what they hold; the first of a heading counts."""
    words = {loose(say(name, language)).casefold(): name for name in _WIDTHS for language in ("zh", "en")}
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        name = words.get(loose(as_text(cell)).casefold())
        if name is not None:
            found.setdefault(name, index)
    return found


def _text(cell: object) -> str:
    return "" if is_blank(cell) else as_text(cell).strip()
