"""A workbook into the grids of its sheets, each cell as its type says.

    number                      its first 15 digits, which are all that a spreadsheet shows; in a cell shown as a percent, a percent
    yes/no, date, text          as they are; a date is a day at midnight
    formula                     the value that the spreadsheet calculated last, be it blank; without one the cell is refused
    error (`#N/A`)              refused

Whatever is wrong with a file is a `Broken` with its issue, or an issue of the grid: no error of the package that reads
workbooks leaves this module. Hidden rows, columns and sheets are read like any others.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from cedu_rules.data import archives
from cedu_rules.data.contents import Content
from cedu_rules.data.places import Block
from cedu_rules.data.tables import Broken, Faulty, Row
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records import Numeral
from cedu_rules.records.cells import is_blank
from cedu_rules.records.problems import tidy

Result = TypeVar("Result")

ROWS_LIMIT = 2**20
CELLS_LIMIT = 20_000_000
"""A sheet has at most so many cells up to its last value, empty ones among them."""

_DIGITS = 15
_TOO_LARGE = 10**_DIGITS
_MERGED_SHOWN = 10
_BUNDLE = 500

_INSTALL = Words(
    "the package that reads workbooks; install it with `pip install 'cedu_rules[xlsx]'`",
    "读取工作簿所需的组件；请运行 `pip install 'cedu_rules[xlsx]'` 安装",
)
_READABLE = Words("a sheet that can be read; save the workbook again", "可读取的工作表；请重新保存工作簿")
_SMALLER = Words(
    f"a sheet of at most {ROWS_LIMIT} rows and {CELLS_LIMIT} cells",
    f"不超过 {ROWS_LIMIT} 行、{CELLS_LIMIT} 个单元格的工作表",
)
_SINGLE = Words("single cells; unmerge them and fill in each", "单个单元格；请取消合并并逐格填写")
_CALCULATED = Words(
    "a value; open the workbook in a spreadsheet and save it, or replace the formula by its value",
    "数值；请用表格软件打开并保存，或将公式替换为其结果",
)
_NO_ERROR = Words("a value, no error", "数值，而非错误值")
_FEWER_DIGITS = Words(
    "a number below 10^15; spreadsheets keep 15 digits, so write longer ones as text",
    "小于 10^15 的数；表格软件只保留 15 位数字，更长的请按文本填写",
)

_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f]|7[Ff]|5[Ff])_")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@frozen
class SheetGrid:
    """The cells of one sheet; `stem` names the list that it may hold."""

    file: str
    title: str
    stem: str
    contained: archives.Contained
    sheet: Any = field(repr=False, eq=False)
    formulas: Any = field(repr=False, eq=False)

    @property
    def name(self) -> str:
        """The file and the name of the sheet."""
        return f"{self.file}:{tidy(self.title)}"

    @property
    def issues(self) -> tuple[InputIssue, ...]:
        """Merged cells: their value stands in the first, and the others are blank."""
        merged = [range_ for range_ in self.contained.merged if len(set(range_.split(":"))) > 1]
        told = [self._merged(range_, range_) for range_ in merged[:_MERGED_SHOWN]]
        if len(merged) > _MERGED_SHOWN:
            told.append(self._merged(merged[_MERGED_SHOWN], f"… {len(merged)}"))
        return tuple(told)

    def _merged(self, range_: str, value: str) -> InputIssue:
        return InputIssue("merged cells", value, _SINGLE, place=f"{self.name}!{range_.partition(':')[0]}")

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank; raises `Broken`."""
        left = self.contained.filled
        area, width = 0, 0
        for line, (cells, formulas) in enumerate(self._pairs(), 1):
            area += len(cells)
            if line > ROWS_LIMIT or area > CELLS_LIMIT:
                raise Broken(InputIssue(self.name, "", _SMALLER))
            values = [_value(*pair) for pair in zip(cells, formulas, strict=False)]
            while values and is_blank(values[-1]):
                del values[-1]
            left -= sum(cell.value is not None for cell in cells)
            left -= sum(twin is not None and twin.data_type == "f" for twin in formulas)
            if values:
                width = width or len(values)
                yield line, values + [None] * (width - len(values))  # a blank year is listed all the same
            if left <= 0:
                return

    def _pairs(self) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
        """Yield the cells of each row, and the same cells with their formulas."""
        twins = None if self.formulas is None else _lines(self.formulas, self.name)
        for cells in _lines(self.sheet, self.name):
            yield cells, [None] * len(cells) if twins is None else next(twins, ())

    def header_place(self, line: int, column: int) -> str:
        """Return where the header of a column stands."""
        return f"{self.name}!{letters(column)}{line}"

    def ends(self, parts: Mapping[str, tuple[int, str]]) -> Mapping[str, str]:
        """Return the letters of the columns."""
        return {part: letters(index) for part, (index, _) in parts.items()}

    def block(self, line: int, ends: Mapping[str, str]) -> Block:
        """Return an empty block of a row."""
        return Block(f"{self.name}!", str(line), _InRow(ends, line))


class _InRow(Mapping[str, str]):
    """The cells of a row by part: letters of the column and number of the row."""

    __slots__ = ("line", "parts")

    def __init__(self, parts: Mapping[str, str], line: int) -> None:
        self.parts = parts
        self.line = line

    def __getitem__(self, part: str) -> str:
        return f"{self.parts[part]}{self.line}"

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def letters(index: int) -> str:
    """Return the letters of a column, counted from 0."""
    text = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def grids(content: Content) -> list[SheetGrid]:
    """Return the sheets that hold anything, in their order.

    Raises:
        Broken: it is no workbook, must not be opened, or nothing that reads workbooks is installed.
    """
    try:
        raw = archives.check(content.raw)
    except archives.Unsafe as unsafe:
        raise Broken(InputIssue(content.name, unsafe.value, unsafe.expected)) from None
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 -- an extra, and slow to import
    except ImportError:
        raise Broken(InputIssue(content.name, "", _INSTALL)) from None

    def opened(*, values: bool) -> Any:  # noqa: ANN401 -- a workbook
        return load_workbook(io.BytesIO(raw), read_only=True, data_only=values, keep_links=False)

    book = _guarded(lambda: opened(values=True), content.name, archives.NOT_A_WORKBOOK)
    found = [
        (sheet, _guarded(lambda sheet=sheet: archives.look_into(raw, sheet._worksheet_path), content.name))  # type: ignore[misc]
        for sheet in book.worksheets
    ]
    twin = None
    if any(contained.has_formulas for _, contained in found):
        twin = _guarded(lambda: opened(values=False), content.name)
    twins = [None] * len(found) if twin is None else twin.worksheets
    return [
        _grid(content, sheet, contained, formulas if contained.has_formulas else None)
        for (sheet, contained), formulas in zip(found, twins, strict=True)
        if contained.filled
    ]


def named(grid: SheetGrid, stem: str) -> SheetGrid:
    """Return the sheet under the name of its file."""
    return evolve(grid, stem=stem)


def _grid(content: Content, sheet: Any, contained: archives.Contained, formulas: Any) -> SheetGrid:  # noqa: ANN401
    for each in (sheet, formulas):
        if each is not None:
            each.reset_dimensions()  # what a workbook says of its size may be wrong in both directions
    return SheetGrid(content.name, str(sheet.title), str(sheet.title), contained, sheet, formulas)


def _guarded(work: Callable[[], Result], name: str, expected: Words = _READABLE) -> Result:
    """Return what `work` gives; whatever it raises is a file that cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return work()
    except Exception:  # noqa: BLE001 -- the reader of workbooks fails in as many ways as files can be wrong
        raise Broken(InputIssue(name, "", expected)) from None


def _lines(sheet: Any, name: str) -> Iterator[Sequence[Any]]:  # noqa: ANN401 -- a sheet of the package
    """Yield the rows of a sheet, those before a mistake too; they come in bundles, since each guard takes its time."""
    rows = _guarded(sheet.iter_rows, name)
    broken = None
    while broken is None:
        bundle: list[Sequence[Any]] = []
        try:
            _guarded(partial(_extend, bundle, rows), name)
        except Broken as found:
            broken = found
        yield from bundle
        if not bundle:
            break
    if broken is not None:
        raise broken


def _extend(bundle: list[Sequence[Any]], rows: Iterator[Sequence[Any]]) -> None:
    """Add the next rows, each as soon as it is there."""
    bundle.extend(islice(rows, _BUNDLE))


# --- cells -----------------------------------------------------------------------------------------------------------


def _value(cell: Any, formula: Any) -> object:  # noqa: ANN401 -- cells of the package
    """Return the value of a cell."""
    value = cell.value
    if value is None and formula is not None and formula.data_type == "f":
        if cell.data_type == "str":  # calculated, and its result is a blank text
            return None
        return Faulty(_formula_text(formula.value), _CALCULATED)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return Faulty(value, _NO_ERROR) if cell.data_type == "e" else _ESCAPED.sub(_character, value)
    if isinstance(value, (int, float)):
        return _shown(cell, value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    return value if isinstance(value, date) else str(value)  # a time of day, or a length of time


def _shown(cell: Any, value: float) -> object:  # noqa: ANN401 -- a cell of the package
    """Return the number as the cell shows it; one that names a style that the workbook lacks is shown in no way."""
    try:
        form = str(cell.number_format)
    except (IndexError, KeyError):  # styles are looked up by number, and late
        return Faulty(repr(value), _READABLE)
    return _number(value, form)


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _formula_text(value: object) -> str:
    return value if isinstance(value, str) else f"={getattr(value, 'text', '')}"


def _number(value: float, form: str) -> object:
    """Return the number as far as a spreadsheet shows it, with its sign where the cell shows a percent.

    Cells hold binary numbers, and `=0.1+0.2` is stored as 0.30000000000000004. Fifteen digits are what spreadsheets keep of
    what is typed, and all that they show: each typed number comes back as it was typed, and that sum is 0.3.
    """
    if not -_TOO_LARGE < value < _TOO_LARGE:  # NaN, too
        return Faulty(repr(value), _FEWER_DIGITS)
    number = Decimal(f"{value:.{_DIGITS}g}")
    if "%" not in _QUOTED.sub("", form):
        return Numeral(f"{number:f}")
    sign, digits, exponent = number.as_tuple()
    return _plain(Decimal((sign, digits, int(exponent) + 2))) + "%"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
