"""Tables into a workbook, a sheet a table."""

from collections.abc import Iterable
from typing import Any

from cedu_rules.data.sheet_names import sheet_name
from cedu_rules.data.stable_bytes import saved
from cedu_rules.reports.inspection.tables import Table
from cedu_rules.reports.inspection.visit_files import lay_across


def workbook(tables: Iterable[Table]) -> bytes:
    """Return the workbook.

    Raises:
        ImportError: the package that writes workbooks is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- an extra, and slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    from cedu_rules.reports.workbook_cells import HEAD, PLAIN, TITLE, Sheet  # noqa: PLC0415

    book = Workbook(write_only=True)
    styles: dict[Any, Any] = {}
    titles: set[str] = set()
    for table in tables:
        sheet = Sheet(book.create_sheet(_title(table.title, titles)), styles)
        sheet.widths(column.width for column in table.columns)
        sheet.sheet.freeze_panes = "A2"
        lay_across(sheet.sheet)
        sheet.row([column.heading for column in table.columns], HEAD)
        first_total = len(table.rows) - table.totals
        for number, row in enumerate(table.rows):
            sheet.row(row, PLAIN if number < first_total else TITLE)
        last = get_column_letter(len(table.columns))
        sheet.sheet.auto_filter.ref = f"A1:{last}{max(2, sheet.rows - table.totals)}"
    return saved(book)


def _title(title: str, taken: set[str]) -> str:
    """Return a title that a sheet may have and no other has."""
    name, number = sheet_name(title), 1
    while name.casefold() in taken:
        number += 1
        name = sheet_name(title, f" ({number})")
    taken.add(name.casefold())
    return name
