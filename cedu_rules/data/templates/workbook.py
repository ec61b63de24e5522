"""A form into a workbook: a sheet that explains, a sheet a table with its checks, and what is known filled in.

Text is written as text, whatever it begins with. A number is a number where a spreadsheet keeps all its digits, else
text, which is read back exactly as well.
"""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from cedu_rules.data.sheet_names import OWN
from cedu_rules.data.stable_bytes import saved
from cedu_rules.data.templates.cells import cell_text
from cedu_rules.data.templates.form import Form, FormColumn, FormSheet
from cedu_rules.diagnostics import InputError, InputIssue, UnsupportedError
from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.records.problems import tidy
from cedu_rules.source import display_width
from cedu_rules.units import plain_number

CELL_LIMIT = 32767
"""A cell holds at most so many characters."""

_ROWS = 2000
_DIGITS = 15
_FITTED_COLUMNS = 12
_FIRST_DATE = date(1900, 3, 1)
"""Spreadsheets count the days before differently from one another."""
_WIDTHS = (10, 24)
_FILLS = {"institution": "DCE6F1", "inspector": "FDE9D9"}
_GROUP_WIDTH = 16
_MARK_WIDTHS = {"id": 12, "name": 28, "institution": 12, "parent": 16}

_SHORTER = Words(f"a text of at most {CELL_LIMIT} characters", f"不超过 {CELL_LIMIT} 字的文本")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ESCAPE = re.compile("_(x[0-9A-Fa-f]{4}_)")


def workbook(form: Form) -> bytes:
    """Return the workbook of a form, the same bytes for the same form.

    Raises:
        InputError: a value that no cell can hold.
        UnsupportedError: the package that writes workbooks is not installed.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415 -- an extra, and slow to import
    except ImportError:
        raise UnsupportedError(["workbooks; install `pip install 'cedu_rules[xlsx]'`"]) from None
    from cedu_rules.data.templates.checks import Choices  # noqa: PLC0415
    from cedu_rules.data.templates.guide import write_guide  # noqa: PLC0415

    book = Workbook()
    book.properties.title, book.properties.creator = _plain(form.model.title), "cedu_rules"
    book.remove(book.worksheets[0])
    guide = book.create_sheet(form.free_title(OWN.guide))
    write_guide(guide, form)
    choices = Choices(form.free_title(OWN.choices))
    for form_sheet in form.sheets:
        _write(book.create_sheet(form_sheet.title), form_sheet, form, choices)
    if choices.lists:
        _write_choices(book.create_sheet(choices.title), choices)
    for sheet in book.worksheets:
        _prepare_print(sheet)
    return saved(book)


def _write(sheet: Any, form_sheet: FormSheet, form: Form, choices: Any) -> None:  # noqa: ANN401
    """Write one table: header, checks, and what is known."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    from cedu_rules.data.templates.checks import check_of  # noqa: PLC0415

    tallest = 1
    for number, column in enumerate(form_sheet.columns, 1):
        letter = get_column_letter(number)
        head = _put_text(sheet.cell(row=1, column=number), column.header)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        head.fill = PatternFill("solid", fgColor=_FILLS[form_sheet.audience])
        width = _width(column)
        tallest = max(tallest, ceil(display_width(column.header) / (width - 1)))
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = _format(column.type)
        check = check_of(column, form, choices, f"{letter}2")
        if check is not None:
            check.add(f"{letter}2:{letter}{max(_ROWS, len(form_sheet.rows)) + 1}")
            sheet.add_data_validation(check)
    sheet.row_dimensions[1].height = 16 * tallest
    sheet.freeze_panes = "B2" if form_sheet.path else "C2"
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = "A:A" if form_sheet.path else "A:B"
    for line, row in enumerate(form_sheet.rows, 2):
        for number, (column, value) in enumerate(zip(form_sheet.columns, row, strict=True), 1):
            if value is not None:
                _put_known(sheet.cell(row=line, column=number), value, column, form, str(row[0] or "") or None)


def _put_known(cell: Any, value: object, column: FormColumn, form: Form, institution: str | None) -> None:  # noqa: ANN401
    """Write what is known; a text that no cell holds is told with its column and institution."""
    try:
        _put(cell, value, column.type, form)
    except InputError as error:
        named = [issue._replace(path=tidy(column.header), institution=institution) for issue in error.issues]
        raise InputError(named) from None


def _width(column: FormColumn) -> float:
    if column.mark is not None:
        return _MARK_WIDTHS[column.mark]
    if column.group is not None:
        return _GROUP_WIDTH
    least, most = _WIDTHS
    return min(max(least, display_width(column.header) / 2 + 2), most)


def _write_choices(sheet: Any, choices: Any) -> None:  # noqa: ANN401
    for number, words in enumerate(choices.lists, 1):
        for line, word in enumerate(words, 1):
            _put_text(sheet.cell(row=line, column=number), word)
    sheet.sheet_state = "hidden"


def _prepare_print(sheet: Any) -> None:  # noqa: ANN401
    """Set A4 across; a sheet of few columns is fitted to the width, since tables may have a hundred."""
    fitted = sheet.max_column <= _FITTED_COLUMNS
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr.fitToPage = fitted
    if fitted:
        sheet.page_setup.fitToHeight = 0
    else:
        sheet.page_setup.scale = 60
    sheet.oddFooter.center.text = "&A  &P/&N"


# --- cells -----------------------------------------------------------------------------------------------------------


def _put(cell: Any, value: object, type_: Type, form: Form) -> None:  # noqa: ANN401
    """Write a public value."""
    cell.number_format = _format(type_)
    number = _kept(value)
    if number is not None:
        cell.value = number
        if type_.is_percent:
            cell.number_format = _percent_format(value)
    elif isinstance(value, date) and value >= _FIRST_DATE:
        cell.value = value
        cell.number_format = _format(type_)
    else:
        labelled = form.language == form.model.language
        _put_text(cell, cell_text(value, type_, form.model.units, form.language, labelled=labelled))


def _kept(value: object) -> int | float | None:
    """Return a number that a spreadsheet keeps to the last digit."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if len(text.lstrip("-").replace(".", "").strip("0")) > _DIGITS or abs(value) >= 10**_DIGITS:
        return None
    return value if isinstance(value, int) else float(value)


def _percent_format(value: object) -> str:
    hundredfold = plain_number(Fraction(value) * 100) if isinstance(value, (int, Decimal)) else 0
    exponent = hundredfold.as_tuple().exponent if isinstance(hundredfold, Decimal) else 0
    digits = -int(exponent)
    return f"0.{'0' * digits}%" if digits else "0%"


def _format(type_: Type) -> str:
    match type_.kind:
        case "date":
            return "yyyy-mm-dd"
        case "number":
            return "0.00%" if type_.is_percent else "General"
        case "text":
            return "@"
    return "General"


def _put_text(cell: Any, text: str) -> Any:  # noqa: ANN401
    """Write a text as text: never a formula, and escaped where XML has no such character."""
    escaped = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", _ESCAPE.sub(r"_x005F_\1", text))
    if len(escaped) > CELL_LIMIT:
        raise InputError([InputIssue("text", tidy(text), _SHORTER)])
    cell.value = escaped
    cell.data_type = "s"
    if escaped[:1] in {"=", "+", "-", "@"}:
        cell.quotePrefix = True
    return cell


def _plain(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)
