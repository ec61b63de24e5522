"""The types of columns into what a spreadsheet checks while somebody types: drop-downs and limits."""

from fractions import Fraction
from typing import Literal

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from cedu_rules.data.templates.cells import TRUTHS, member_text
from cedu_rules.data.templates.form import Form, FormColumn
from cedu_rules.facts import condition_in_words
from cedu_rules.facts.table import form_of
from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.units import plain_number

_TITLE_LIMIT, _TEXT_LIMIT = 30, 220
_FIRST_DAY = 1
_LARGEST = 10**15 - 1

_WARNED = frozenset({"number", "date"})
"""What may be typed otherwise, too: a number with its unit, a day before 1900. A spreadsheet then asks, and refuses nothing."""

_ONLY_WHEN = Words("only when ", "仅当")
_ROWS = Words("number of rows of the list; 0 if there are none", "名单的行数；没有则填 0")
_NO_YEAR = Words("`-` if the series does not reach this year", "当年未统计填 -")


class Choices:
    """What drop-downs offer: columns of a sheet, since words may hold commas and lists may be long."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.lists: list[tuple[str, ...]] = []

    def range_of(self, words: tuple[str, ...]) -> str:
        """Return the range that holds these words."""
        if words not in self.lists:
            self.lists.append(words)
        letter = get_column_letter(self.lists.index(words) + 1)
        return f"{quote_sheetname(self.title)}!${letter}$1:${letter}${len(words)}"


def check_of(column: FormColumn, form: Form, choices: Choices, cell: str) -> DataValidation | None:
    """Return the check of a column, whose first cell is `cell`; None for marks."""
    if column.row is None:
        return None
    type_ = column.type
    if type_.kind in {"choice", "level"}:
        labelled = form.language == form.model.language
        words = tuple(member_text(member.name, type_, labelled=labelled) for member in type_.members)
        check = DataValidation(type="list", formula1=choices.range_of(words))
    elif type_.kind == "bool":
        check = DataValidation(type="list", formula1=f'"{",".join(TRUTHS[form.language])}"')
    elif type_.kind == "number":
        check = _yearly(type_, cell) if column.yearly else _number(type_)
    elif type_.kind == "date":
        low = _FIRST_DAY if type_.low is None else max(int(type_.low) - _EPOCH, _FIRST_DAY)
        high = _LAST_DAY if type_.high is None else int(type_.high) - _EPOCH
        check = DataValidation(type="date", operator="between", formula1=f"{low}", formula2=f"{high}")
    else:
        check = DataValidation()  # says what is wanted, and refuses nothing
    return _told(check, column, form)


_EPOCH = 693594
"""The day before the first of a spreadsheet, 1899-12-30, as `date.toordinal` counts."""
_LAST_DAY = 2958465


def _told(check: DataValidation, column: FormColumn, form: Form) -> DataValidation:
    """Add the words: what is wanted, as a hint at the cell and as the message for anything else."""
    row = column.row
    if row is None:
        return check
    words = _ROWS if row.fact.type.kind == "list" else form_of(column.type, form.model)
    parts = [_in(words, form)]
    if column.yearly:
        parts.append(_in(_NO_YEAR, form))
    condition = condition_in_words(form.model, row.fact, form.language)
    if condition is not None:
        parts.append(_in(_ONLY_WHEN, form) + condition)
    text = ("；" if form.language == "zh" else "; ").join(parts)
    check.promptTitle = check.errorTitle = _short(column.header, _TITLE_LIMIT)
    check.prompt = check.error = _short(text, _TEXT_LIMIT)
    check.showInputMessage = check.showErrorMessage = True
    check.allow_blank = True
    if column.type.kind in _WARNED:
        check.errorStyle = "warning"
    return check


def _in(words: Words, form: Form) -> str:
    return words.zh if form.language == "zh" else words.en


def _short(text: str, limit: int) -> str:
    plain = "".join(each if each.isprintable() else " " for each in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _number(type_: Type) -> DataValidation:
    kind: Literal["whole", "decimal"] = "whole" if type_.whole and type_.data_factor == 1 else "decimal"
    low, high = _ends(type_)
    if low is None and high is None:
        return DataValidation(type=kind, operator="between", formula1=f"-{_LARGEST}", formula2=f"{_LARGEST}")
    if high is None:
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=low)
    if low is None:
        return DataValidation(type=kind, operator="lessThanOrEqual", formula1=high)
    return DataValidation(type=kind, operator="between", formula1=low, formula2=high)


def _yearly(type_: Type, cell: str) -> DataValidation:
    """Return the check of a year: a number, or `-` for a year that is not in the series."""
    low, high = _ends(type_)
    asked = [f"ISNUMBER({cell})"]
    if type_.whole and type_.data_factor == 1:
        asked.append(f"INT({cell})={cell}")
    asked += [f"{cell}>={low}"] if low is not None else []
    asked += [f"{cell}<={high}"] if high is not None else []
    number = f"IF(ISNUMBER({cell}),AND({','.join(asked)}),FALSE)"
    return DataValidation(type="custom", formula1=f'OR({cell}="-",{number})')


def _ends(type_: Type) -> tuple[str | None, str | None]:
    ends = (None if end is None else plain_number(end / type_.data_factor) for end in (type_.low, type_.high))
    low, high = (f"{end.numerator}/{end.denominator}" if isinstance(end, Fraction) else _text(end) for end in ends)
    return low, high


def _text(end: object) -> str | None:
    return None if end is None else f"{end:f}" if not isinstance(end, int) else str(end)
