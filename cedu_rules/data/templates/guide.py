"""The facts of a form into the sheet that explains them: what each means, how it is filled in, by whom, what it is for."""

from math import ceil
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

from cedu_rules.data.templates.form import Form
from cedu_rules.facts import INSPECTOR, FactRow, condition_in_words, unit_in_words
from cedu_rules.messages import Words
from cedu_rules.source import display_width

_HEADS = (
    (Words("fact", "名称"), 30),
    (Words("name", "代号"), 22),
    (Words("sheet", "工作表"), 18),
    (Words("answered by", "填报方"), 12),
    (Words("kind", "类别"), 12),
    (Words("unit", "单位"), 10),
    (Words("how it is filled in", "填写方式"), 50),
    (Words("exists when", "存在条件"), 26),
    (Words("asked for by", "用于条款"), 50),
)
_HIGHEST = 400
_WHO = {INSPECTOR: Words("inspector", "检查人员"), "institution": Words("institution", "填报单位")}
_HINTS = (
    Words(
        "One row is one institution; a blank cell is a fact that is not recorded, and is neither met nor failed.",
        "每行一个机构；空白单元格表示尚未填报，既不算达标，也不算未达标。",
    ),
    Words(
        "The id ties the sheets together. On a list sheet, each row belongs to the institution whose id it begins with.",
        "编号用于关联各工作表；名单中的每一行都以所属机构的编号开头。",
    ),
    Words(
        "A list without rows is not recorded, unless the column of its name says 0. Headers must stay as they are.",
        "名单没有任何行表示尚未填报；确实没有的，请在机构表的同名列填 0。表头请勿改动。",
    ),
    Words(
        "A number may carry a unit (0.75亩, 3万元). A formula counts with the value that was saved last.",
        "数值可带单位（如 0.75亩、3万元）；公式按最近一次保存的结果读取。",
    ),
)


def write_guide(sheet: Any, form: Form) -> None:  # noqa: ANN401 -- a sheet of the package
    """Write title, hints and the table of facts."""
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    _put(sheet, 1, 1, f"{form.model.title} — {form.model.document}").font = Font(bold=True, size=14)
    for number, hint in enumerate(_HINTS, 2):
        _put(sheet, number, 1, _in(hint, form))
    top = len(_HINTS) + 3
    for number, (word, width) in enumerate(_HEADS, 1):
        cell = _put(sheet, top, number, _in(word, form))
        cell.font, cell.fill = bold, PatternFill("solid", fgColor="DDDDDD")
        sheet.column_dimensions[cell.column_letter].width = width
    titles = _titles(form)
    for line, row in enumerate((row for row in form.facts if (row.owner, row.fact.name) in titles), top + 1):
        texts = _texts(row, titles[row.owner, row.fact.name], form)
        for number, text in enumerate(texts, 1):
            _put(sheet, line, number, text).alignment = wrapped
        widths = (width for _, width in _HEADS)
        lines = max(ceil(display_width(text) / (width - 2)) for text, width in zip(texts, widths, strict=True))
        sheet.row_dimensions[line].height = min(15 * lines, _HIGHEST)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"


def _texts(row: FactRow, titles: list[str], form: Form) -> list[str]:
    separator = "；" if form.language == "zh" else "; "
    return [
        row.fact.label,
        row.path,
        separator.join(titles),
        _in(_WHO[row.answered_by], form),
        _in(row.kind, form),
        unit_in_words(row.unit, form.language),
        _in(row.form, form),
        condition_in_words(form.model, row.fact, form.language) or "",
        separator.join(row.places(form.language)),
    ]


def _titles(form: Form) -> dict[tuple[str, str], list[str]]:
    """Return the sheets on which each fact stands."""
    titles: dict[tuple[str, str], list[str]] = {}
    for sheet in form.sheets:
        for row in dict.fromkeys(column.row for column in sheet.columns if column.row is not None):
            titles.setdefault((row.owner, row.fact.name), []).append(sheet.title)
    return titles


def _put(sheet: Any, row: int, column: int, text: str) -> Any:  # noqa: ANN401
    """Write a text that is never a formula."""
    cell = sheet.cell(row=row, column=column)
    cell.value = "".join(each if each.isprintable() else " " for each in text)[:32767]
    cell.data_type = "s"
    return cell


def _in(words: Words, form: Form) -> str:
    return words.zh if form.language == "zh" else words.en
