"""The values of an example into a statement of the language, as an author would write it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cedu_rules.authoring.numerals import plain
from cedu_rules.model.ir import Clause, Model
from cedu_rules.model.types import DATE, Type

WIDTH = 120
"""A longer line is broken."""
_STEP = "  "


def example(model: Model, clause: Clause, status: str, values: Mapping[str, Any], indent: str = "") -> str:
    """Return the statement; lines after the first begin with `indent`.

    Args:
        model: The standard.
        clause: The clause that it is for; the values stand in the order of the examples that it has.
        status: What is expected.
        values: The values by fact, as `Example` holds them.
        indent: What stands before the statement on its line.
    """
    entries = [(name, _type(model, name), values[name]) for name in _order(model, clause, values)]
    words = [f"{name}: {_value(model, type_, value)}" for name, type_, value in entries]
    line = f"example {status} {{ {', '.join(words)} }}" if words else f"example {status} {{ }}"
    if len(indent) + len(line) <= WIDTH:
        return line
    inner = indent + _STEP
    blocks = [
        word if len(inner + word) < WIDTH or type_.kind != "list" else _list(model, name, type_, value, inner)
        for word, (name, type_, value) in zip(words, entries, strict=True)
    ]
    return "\n".join([f"example {status} {{", *_filled(blocks, inner), indent + "}"])


def _filled(blocks: list[str], indent: str) -> list[str]:
    """Return the entries in lines that are as full as they may be; one of several lines stands alone."""
    lines: list[str] = []
    for position, block in enumerate(blocks):
        ended = block + ("," if position < len(blocks) - 1 else "")
        last = lines[-1] if lines else ""
        fits = last and "\n" not in last + ended and len(last) + 1 + len(ended) <= WIDTH
        if fits:
            lines[-1] = f"{last} {ended}"
        else:
            lines.append(indent + ended)
    return lines


def _list(model: Model, name: str, type_: Type, elements: list[Any], indent: str) -> str:
    """Return a list with one element a line."""
    items = [f"{indent}{_STEP}{_value(model, type_, [each])[1:-1]}" for each in elements]
    return "\n".join([f"{name}: [", ",\n".join(items), indent + "]"])


def _order(model: Model, clause: Clause, values: Mapping[str, Any]) -> list[str]:
    """Return the names of the values as other examples of the clause order them, then as the file declares them."""
    known: dict[str, None] = {}
    for written in clause.examples:
        known.update(dict.fromkeys(written.values))
    declared = [*known, *(fact.name for fact in model.facts), "assessed_on"]
    return [name for name in dict.fromkeys(declared) if name in values]


def _type(model: Model, name: str) -> Type:
    return DATE if name == "assessed_on" else model.facts_by_name[name].type


def _value(model: Model, type_: Type, value: Any) -> str:  # noqa: ANN401 -- what an example holds
    if value is None:
        return "unknown"
    match type_.kind:
        case "number":
            return _number(type_, Fraction(value))
        case "bool":
            return "yes" if value else "no"
        case "text":
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
        case "set":
            return _set(type_, value)
        case "series" if type_.element is not None:
            years = ", ".join(f"{year}: {_value(model, type_.element, number)}" for year, number in value.items())
            return f"{{{years}}}"
        case "list":
            fields = model.records_by_name[type_.name].fields_by_name
            return "[" + ", ".join(_element(model, fields, each) for each in value) + "]"
    return str(value)


def _element(model: Model, fields: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    words = [f"{name}: {_value(model, fields[name].type, values[name])}" for name in fields if name in values]
    return f"{{{', '.join(words)}}}" if words else "{}"


def _set(type_: Type, value: Any) -> str:  # noqa: ANN401
    """Return a set: `all`, those present where nothing is unknown, or what is known of each."""
    names = [member.name for member in type_.members]
    known = {name: name in value for name in names} if isinstance(value, list) else {n: value.get(n) for n in names}
    if all(known.values()):
        return "all"
    if None not in known.values():
        present = [name for name in names if known[name]]
        return f"{{{', '.join(present)}}}" if present else "{}"
    told = [f"{name}: {'yes' if answer else 'no'}" for name, answer in known.items() if answer is not None]
    return f"{{{', '.join(told)}}}" if told else "unknown"


def _number(type_: Type, value: Fraction) -> str:
    unit = type_.unit
    if type_.is_percent:
        return plain(value * 100) + "%"
    if unit.name and (not unit.counter or unit.factor != 1):
        return f"{plain(value)} {unit.name}"
    return plain(value)
