"""What an author wrote, and what it was taken for, into the hint that names the cure."""

import re

from cedu_rules.diagnostics import Hint
from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.scope import FactEntry, Scope
from cedu_rules.model.types import Member, Type
from cedu_rules.units import ONE, UNITS

_TRUTHS = {
    **dict.fromkeys(("true", "True", "TRUE", "是", "有", "Yes", "YES"), "yes"),
    **dict.fromkeys(("false", "False", "FALSE", "否", "无", "No", "NO"), "no"),
}
_NOTHINGS = frozenset({"unknown", "null", "None", "none", "nil", "NULL", "missing", "blank", "空", "未知", "缺失"})
_UNIT_WORDS = {
    **dict.fromkeys(("percent", "pct", "per_cent"), "%"),
    **dict.fromkeys(("sqm", "sq", "m", "平", "平方", "方"), "m2"),
    **dict.fromkeys(("CNY", "cny", "RMB", "rmb", "人民币", "块", "圆"), "yuan"),
    **dict.fromkeys(("h", "hr", "hrs", "钟头"), "hours"),
    **dict.fromkeys(("min", "mins"), "minutes"),
    **dict.fromkeys(("y", "yr", "yrs", "周年"), "years"),
    **dict.fromkeys(("d", "号"), "days"),
    **dict.fromkeys(("mu", "畝"), "亩"),
}
_FUNCTION_WORDS = {
    **dict.fromkeys(("len", "length", "size", "number", "counts", "countif"), "count"),
    **dict.fromkeys(("avg", "mean"), "average"),
    **dict.fromkeys(("every", "forall", "each"), "all"),
    **dict.fromkeys(("some", "exists"), "any"),
    **dict.fromkeys(("roundup", "ceiling"), "ceil"),
    **dict.fromkeys(("rounddown", "trunc", "int"), "floor"),
    **dict.fromkeys(("last", "newest"), "latest"),
    **dict.fromkeys(("increases", "grows", "rising"), "rises"),
    **dict.fromkeys(("decreases", "falling"), "falls"),
    **dict.fromkeys(("total", "add"), "sum"),
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_SHOWN = 12
_VERY = 0.8


def write(text: str) -> Hint:
    """Return the hint to write `text` instead."""
    return Hint("write", {"text": text})


def of_name(name: str, scope: Scope, expected: Type | None) -> Hint | None:
    """Return the cure of a name that stands for nothing here."""
    members = () if expected is None else expected.members
    labelled = next((member.name for member in members if name in member.labels), None)
    if labelled is not None:
        return write(labelled)
    if expected is not None and expected.kind == "set" and expected.position(name) is not None:
        return Hint("set-includes", {"set": expected.name})
    if name in _TRUTHS and (expected is None or expected.kind == "bool"):
        return write(_TRUTHS[name])
    if name in _NOTHINGS:
        return Hint("no-test", {})
    if members:
        near = nearest(name, [member.name for member in members]) or nearest(name, scope.visible(), least=_VERY)
        return near or _of_other_space(name, scope) or one_of(members)
    return _of_other_space(name, scope) or nearest(name, scope.visible())


def one_of(members: tuple[Member, ...]) -> Hint:
    """Return the hint to write one of the members."""
    names = [f"`{member.name}`" for member in members[:_SHOWN]]
    return Hint("one-of", {"members": Words(", ".join(names), "、".join(names))})


def _of_other_space(name: str, scope: Scope) -> Hint | None:
    """Return the cure of a name that means something elsewhere: a field, a member, a clause."""
    for variable, record in scope.variables.items():
        if name in scope.names.records[record].entries:
            return write(f"{variable}.{name}")
    entries = [*scope.names.entries.values(), *(() if scope.record is None else scope.record.entries.values())]
    for entry in entries:
        if isinstance(entry, FactEntry) and entry.type.position(name) is not None:
            form = f"{entry.name} includes {{ {name} }}" if entry.type.kind == "set" else f"{entry.name} = {name}"
            return write(form)
    return write(f"passes({name})") if name in scope.names.clauses else None


def of_unit(word: str, number: str, declared: list[str], facts: list[str]) -> Hint | None:
    """Return the cure of a word behind a number that is no unit."""
    if word in facts:
        return write(f"{number} * {word}")
    if word in _UNIT_WORDS:
        return write(f"{number}{'' if _UNIT_WORDS[word] == '%' else ' '}{_UNIT_WORDS[word]}")
    return nearest(word, [*declared, *UNITS])


def of_function(name: str, known: frozenset[str]) -> Hint | None:
    """Return the cure of a name before a bracket that is no function."""
    if name in _FUNCTION_WORDS:
        return Hint("nearest", {"name": _FUNCTION_WORDS[name]})
    return nearest(name, known)


def of_condition(expression: Expression) -> Hint | None:
    """Return how to make a condition of a value that is none."""
    text, kind = " ".join(expression.span.text.split()), expression.type.kind
    match kind:
        case "set":
            return Hint("set-includes-all", {"set": text})
        case "choice" | "level":
            sign = "=" if kind == "choice" else ">="
            members = [member.name for member in expression.type.members]
            return write(f"{text} {sign} {members[0]}") if members and expression.operator != "constant" else None
        case "number" | "date":
            if expression.operator == "constant":
                return Hint("repeat-comparison", {"text": text})
            return Hint("compare", {"text": text, "limit": _sample(expression.type)})
        case "list":
            return write(f"count({text}) >= 1")
        case "series":
            return Hint("series-value", {"series": text})
    return None


def _sample(type_: Type) -> str:
    """Return some value of the type, as an author would write it."""
    if type_.kind == "date":
        return "2022-09-01"
    return f"1 {type_.unit.name}" if type_.unit != ONE and not type_.unit.counter else "1"


def of_mismatch(found: Expression, expected: Type) -> Hint | None:
    """Return the cure of a value of another type than what stands beside it."""
    if expected.kind in {"choice", "level"}:
        labelled = [member.name for member in expected.members if found.data in member.labels]
        return write(labelled[0]) if labelled else one_of(expected.members)
    if expected.kind == "bool" and found.type.kind == "number" and found.data in (0, 1):
        return write("yes" if found.data else "no")
    written = found.data if found.type.kind == "text" else None
    if isinstance(written, str):
        pattern = {"date": _DATE, "number": _NUMBER}.get(expected.kind)
        if pattern is not None and pattern.fullmatch(written):
            return write(written)
        if expected.kind == "bool" and written in _TRUTHS:
            return write(_TRUTHS[written])
    if expected.kind == "text" and found.operator == "constant" and found.type.kind != "text":
        return write(f'"{found.span.text}"')
    return None
