"""Values and styles into the cells of a workbook: text that stays text, numbers where they are exact.

Excel takes text that begins with `=`, `+`, `-` or `@` for a formula when somebody types it. A cell that is marked as text
is none; a quote prefix keeps it one when it is edited.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import evolve, frozen
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cedu_rules.explain.amounts import Amount

TEXT_LIMIT = 32_000
"""A cell holds at most 32,767 characters."""
DIGITS_LIMIT = 15
"""A number with more digits is not the same in a spreadsheet, and is written as text."""

Value: TypeAlias = str | int | Decimal | date | Amount | None

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_LINE = Side(style="thin", color="CFD6DE")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CENTRED = Alignment(horizontal="center", vertical="center")


@frozen
class Look:
    """How a cell looks: background and ink as `RRGGBB`, weight, place, format; `quoted` text stays text when edited."""

    fill: str = ""
    ink: str = "1C2430"
    bold: bool = False
    centred: bool = False
    number_format: str = "General"
    quoted: bool = False


PLAIN = Look()
HEAD = Look("E8EDF3", bold=True)
TITLE = Look(bold=True)


@frozen
class Column:
    """A column of a sheet with its heading and its width in characters."""

    heading: str
    width: float


class Sheet:
    """Writes rows to one sheet; openpyxl's styles are made once a look."""

    def __init__(self, sheet: Worksheet, styles: dict[Look, Any]) -> None:
        self.sheet = sheet
        self.styles = styles
        self.rows = 0

    def widths(self, columns: Iterable[float]) -> None:
        """Set the widths, before any row is written."""
        for number, width in enumerate(columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    def row(self, values: Sequence[Value], looks: Sequence[Look] | Look = PLAIN) -> None:
        """Write a row; `looks` is one for all cells, or one a cell."""
        listed = [looks] * len(values) if isinstance(looks, Look) else looks
        self.sheet.append([self._cell(value, look) for value, look in zip(values, listed, strict=True)])
        self.rows += 1

    def _cell(self, value: Value, look: Look) -> Any:  # noqa: ANN401 -- openpyxl's cell
        plain = _plain(value)
        cell: Any = WriteOnlyCell(self.sheet)
        if isinstance(plain, str):
            cell.value = plain[:TEXT_LIMIT]
            cell.data_type = "s"  # never a formula, whatever it begins with
        elif plain is not None:
            cell.value = plain
        if isinstance(plain, str) and plain.startswith(_RISKY):
            look = evolve(look, quoted=True)
        elif isinstance(plain, date):
            look = evolve(look, number_format="yyyy-mm-dd")
        if look not in self.styles:
            self.styles[look] = _styled(cell, look)
        cell._style = self.styles[look]  # shared, and so never changed
        return cell


def _plain(value: Value) -> str | int | Decimal | date | None:
    """Return a number where a spreadsheet keeps it exactly, else text."""
    if isinstance(value, Amount):
        text = value.plain()
        if "/" in text:
            return value.rounded()
        value = Decimal(text)
    if isinstance(value, (int, Decimal)) and len(str(value).strip("-").replace(".", "")) > DIGITS_LIMIT:
        return str(value)
    return value


def _styled(cell: Any, look: Look) -> Any:  # noqa: ANN401 -- openpyxl's cell and its array of indices
    cell.font = Font(color=look.ink, bold=look.bold)
    cell.border = _BORDER
    cell.alignment = _CENTRED if look.centred else _WRAPPED
    cell.number_format = look.number_format
    cell.quotePrefix = look.quoted
    if look.fill:
        cell.fill = PatternFill("solid", start_color=look.fill)
    return cell._style
