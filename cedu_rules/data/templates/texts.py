"""Forms into CSV files; models and what is known into JSON and YAML, in which lists and sets nest.

A blank form of JSON or YAML holds one institution whose facts are all missing (`null`).
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cedu_rules.data.templates.cells import cell_text, number_text, sound_text, unlike_formula
from cedu_rules.data.templates.form import Audience, Form, FormSheet, Known, group_column, value_of
from cedu_rules.facts import FactRow, condition_in_words, fact_table
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def csv_files(form: Form) -> dict[str, str]:
    """Return the CSV files of a form by name; a text that looks like a formula stands behind a tab.

    Raises:
        InputError: a value that no file can hold.
    """
    return {_file_name(form, sheet): _csv(form, sheet) for sheet in form.sheets}


def _file_name(form: Form, sheet: FormSheet) -> str:
    """Return a name that the reader takes for the same list; names of facts have no character that a path could use."""
    if sheet.path:
        name = sheet.path[-1] if form.lists.of_stem(sheet.path[-1]) == [sheet.path] else ".".join(sheet.path)
        return f"{name} (inspector).csv" if sheet.judged else f"{name}.csv"
    stems = ["inspector" if sheet.judged else "institutions", f"{form.model.id}-{sheet.audience}"]
    return f"{next((stem for stem in stems if not form.lists.of_stem(stem)), stems[-1] + '-facts')}.csv"


def _csv(form: Form, sheet: FormSheet) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([unlike_formula(column.header) for column in sheet.columns])
    labelled = form.language == form.model.language
    for row in sheet.rows:
        cells = zip(sheet.columns, row, strict=True)
        texts = [
            (isinstance(value, str), cell_text(value, column.type, form.model.units, form.language, labelled=labelled))
            for column, value in cells
        ]
        writer.writerow([unlike_formula(text) if plain else text for plain, text in texts])
    return stream.getvalue()


# --- JSON and YAML ---------------------------------------------------------------------------------------------------


def json_text(
    model: Model, *, audience: Audience | None = None, known: Sequence[Known] = (), group: str | None = None
) -> str:
    """Return a JSON list of institutions: those that are known, or one with nothing recorded.

    Raises:
        InputError: a value that no file can hold.
    """
    institutions = [_institution(model, each, audience, group) for each in known or [{}]]
    return _Writer(model).json(institutions) + "\n"


def yaml_text(
    model: Model,
    *,
    language: str = "zh",
    audience: Audience | None = None,
    known: Sequence[Known] = (),
    group: str | None = None,
) -> str:
    """Return a YAML list of institutions, under a comment that explains each fact.

    Raises:
        InputError: a value that no file can hold.
    """
    asked = {fact.name for fact in _facts(model, audience)}
    lines = [f"# {model.title}"]
    rows = [row for row in fact_table(model) if row.owner or row.fact.name in asked]
    lines += [f"#   {_one_line(_explanation(model, row, language))}" for row in rows]
    writer = _Writer(model)
    for each in known or [{}]:
        institution = _institution(model, each, audience, group)
        for number, (name, value) in enumerate(institution.items()):
            lines.append(f"{'  ' if number else '- '}{_quoted(name)}: {writer.flow(value)}")
    return "\n".join(lines) + "\n"


def _explanation(model: Model, row: FactRow, language: str) -> str:
    chinese = language == "zh"
    parts = [f"{row.path}  {row.fact.label}", row.form.zh if chinese else row.form.en]
    parts.append(row.kind.zh if chinese else row.kind.en)
    condition = condition_in_words(model, row.fact, language)
    if condition is not None:
        parts.append(("仅当" if chinese else "only when ") + condition)
    return ("；" if chinese else "; ").join(parts)


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split(" "))


def _facts(model: Model, audience: Audience | None) -> Iterator[Fact]:
    for fact in model.facts:
        if audience is None or (fact.kind == "judged") == (audience == "inspector"):
            yield fact


def _institution(model: Model, known: Known, audience: Audience | None, group: str | None) -> dict[str, Any]:
    """Return the institution as it is written, every fact with its value."""
    written: dict[str, Any] = {"id": value_of(known, "id"), "name": value_of(known, "name")}
    column = group_column(model, group)
    if column is not None:
        written[column] = known.get(column) or None if isinstance(known, Mapping) else None
    for fact in _facts(model, audience):
        written[fact.name] = _value(model, fact.type, value_of(known, fact.name))
    return written


def _value(model: Model, type_: Type, value: Any) -> Any:  # noqa: ANN401
    match type_.kind:
        case "set":
            return {member.name: None if value is None else value.get(member.name) for member in type_.members}
        case "list" if value is not None:
            fields = model.records_by_name[type_.name].fields
            return [
                {each.name: _value(model, each.type, value_of(element, each.name)) for each in fields}
                for element in value
            ]
        case "number" if value is not None:
            return _Number(value, type_)
        case "series" if value is not None and type_.element is not None:
            inner = type_.element
            return {str(year): None if number is None else _Number(number, inner) for year, number in value.items()}
    return value


class _Number:
    """A number with its type, so that it can be written exactly."""

    def __init__(self, value: int | Decimal | Fraction, type_: Type) -> None:
        self.value = value
        self.type = type_


class _Writer:
    """Writes plain data as JSON, whose one-line form is YAML, too."""

    def __init__(self, model: Model) -> None:
        self.units = model.units

    def json(self, institutions: Sequence[Mapping[str, Any]]) -> str:
        """Return a JSON list with one fact a line."""
        texts = [
            "  {\n" + ",\n".join(f"    {_quoted(name)}: {self.flow(value)}" for name, value in each.items()) + "\n  }"
            for each in institutions
        ]
        return "[\n" + ",\n".join(texts) + "\n]"

    def flow(self, value: Any) -> str:  # noqa: ANN401
        """Return a value on one line."""
        match value:
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case _Number():
                return self._number(value)
            case date():
                return _quoted(value.isoformat())
            case Mapping():
                inner = ", ".join(f"{_quoted(str(name))}: {self.flow(part)}" for name, part in value.items())
                return "{" + inner + "}"
            case list():
                return "[" + ", ".join(self.flow(part) for part in value) + "]"
        return _quoted(sound_text(str(value)))

    def _number(self, number: _Number) -> str:
        text = number_text(number.value, number.type, self.units)
        if text.endswith("%"):
            value = number.value
            return f"{value:f}" if isinstance(value, Decimal) and abs(value) <= 1 else _quoted(text)
        return text if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text) else _quoted(text)


def _quoted(text: str) -> str:
    """Return the text in double quotes, as JSON and YAML both read it."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
