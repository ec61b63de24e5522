"""A model into the JSON Schema (draft 2020-12) of its input: one institution, or a list of them.

The schema accepts what `check` reads from JSON and YAML: names and labels, numbers with or without a unit in the text,
sets as lists or mappings, blank values. What a schema cannot say (checks, keys, whether a unit fits) stays with `check`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import quote

from cedu_rules.facts.table import FactRow, condition_in_words, fact_table
from cedu_rules.model.ir import Model
from cedu_rules.model.types import Type
from cedu_rules.units import plain_number

Schema: TypeAlias = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_BLANK: Schema = {"type": "null"}
_DIGIT = "[0-9０-９]"
_NUMBER_TEXT = rf"^\s*$|^[^A-Za-z一-龥]*{_DIGIT}"
_DATE = r"^\s*$|^\s*[0-9０-９]{4}([-－][0-9０-９]{2}[-－][0-9０-９]{2}|年[0-9０-９]{1,2}月[0-9０-９]{1,2}日)\s*$"
_YEAR = "^[0-9]{4}年?$"
_TRUTHS = ["是", "否", "有", "无", "yes", "no", "true", "false", ""]
_IDENTITY = {"id": ("编号", "机构编号"), "name": ("名称", "机构名称")}


def json_schema(model: Model, language: str = "zh") -> Schema:
    """Return the schema as plain data; titles are labels, descriptions in `zh` or `en`."""
    rows = fact_table(model)
    definitions = {f"record.{record.name}": _object(model, record.name, rows, language) for record in model.records}
    institution = _object(model, "", rows, language)
    institution["properties"].setdefault("$schema", {"type": "string"})  # what editors look for
    for name, words in _IDENTITY.items():
        _identify(institution["properties"], name, words)
    reference = {"$ref": "#/$defs/institution"}
    return {
        "$schema": DRAFT,
        "$id": f"urn:cedu-rules:{model.id}",
        "title": model.title,
        "description": model.document,
        "if": {"type": "array"},
        "then": {"items": reference},
        "else": reference,
        "$defs": {"institution": institution, **definitions},
    }


def _identify(properties: Schema, name: str, words: Iterable[str]) -> None:
    if name in properties:
        return
    properties[name] = {"title": next(iter(words)), "type": ["string", "integer", "null"]}
    for word in words:
        properties.setdefault(word, {"$ref": f"#/$defs/institution/properties/{name}"})


def _object(model: Model, owner: str, rows: tuple[FactRow, ...], language: str) -> Schema:
    """Return the schema of one institution, or of one element of a list."""
    own = [row for row in rows if row.owner == owner]
    properties = {row.fact.name: _property(model, row, language) for row in own}
    labels = [row.fact.label for row in own]
    name = f"record.{owner}" if owner else "institution"
    for row in own:
        if labels.count(row.fact.label) == 1:
            pointer = f"#/$defs/{quote(name)}/properties/{quote(row.fact.name)}"
            properties.setdefault(row.fact.label, {"$ref": pointer})
    return {"title": owner or model.title, "type": "object", "properties": properties, "additionalProperties": False}


def _property(model: Model, row: FactRow, language: str) -> Schema:
    chinese = language == "zh"
    parts = [row.form.zh if chinese else row.form.en, row.kind.zh if chinese else row.kind.en]
    condition = condition_in_words(model, row.fact, language)
    if condition is not None:
        parts.append(("仅当" if chinese else "only when ") + condition)
    description = ("；" if chinese else "; ").join(parts)
    return {"title": row.fact.label, "description": description, **_value(row.fact.type)}


def _value(type_: Type) -> Schema:
    """Return the schema of a value, which may always be missing."""
    match type_.kind:
        case "number":
            return {"anyOf": [_number(type_), {"type": "string", "pattern": _NUMBER_TEXT}, _BLANK]}
        case "bool":
            return {"enum": [True, False, None, *_TRUTHS]}
        case "date":
            return {"type": ["string", "null"], "pattern": _DATE} | _days(type_)
        case "choice" | "level":
            return {"enum": [*_words(type_), "", None]}
        case "set":
            truth = {"enum": [True, False, None, *_TRUTHS]}
            told = {
                "type": "object",
                "properties": dict.fromkeys(_words(type_), truth),
                "additionalProperties": False,
            }
            listed = {"type": "array", "items": {"enum": _words(type_)}, "uniqueItems": True}
            return {"anyOf": [told, listed, _BLANK]}
        case "series" if type_.element is not None:
            years = {
                "type": "object",
                "patternProperties": {_YEAR: _value(type_.element)},
                "additionalProperties": False,
            }
            return {"anyOf": [years, _BLANK]}
        case "list":
            return {"anyOf": [{"type": "array", "items": {"$ref": f"#/$defs/record.{quote(type_.name)}"}}, _BLANK]}
    return {"type": ["string", "integer", "null"]}


def _words(type_: Type) -> list[str]:
    """Return every word for every member."""
    return list(dict.fromkeys(word for member in type_.members for word in (member.name, *member.labels)))


def _number(type_: Type) -> Schema:
    """Return the schema of a bare number, in the unit of the fact; ends that no decimal can write are left to `check`."""
    bounds: Schema = {"type": "integer" if type_.whole and type_.data_factor == 1 else "number"}
    for word, end in (("minimum", type_.low), ("maximum", type_.high)):
        if end is not None:
            value = plain_number(end / type_.data_factor)
            if isinstance(value, int):
                bounds[word] = value
    if type_.is_percent:  # a bare number above 1 is refused as a slip for its hundredth
        bounds["maximum"] = min(bounds.get("maximum", 1), 1)
    return bounds


def _days(type_: Type) -> Schema:
    if type_.low is None or type_.high is None:
        return {}
    return {"$comment": f"{date.fromordinal(int(type_.low))} … {date.fromordinal(int(type_.high))}"}
