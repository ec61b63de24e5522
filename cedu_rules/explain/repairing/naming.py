"""What a caller calls a fact into whether a record has such a thing: `area`, `registered.2021`, `teachers[2].degree`."""

import re
from collections.abc import Iterable

from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import Type

_PART = re.compile(r"([^\[\]]+)(\[[1-9][0-9]{0,8}\])?")
_YEAR = re.compile(r"[1-9][0-9]{0,3}")


def check_names(model: Model, names: Iterable[str]) -> None:
    """Raise where one of the names or paths of facts means nothing.

    Raises:
        ValueError: a name is unknown; the nearest that is known is named.
    """
    for name in names:
        expected = unknown(model, name)
        if expected is not None:
            raise ValueError(f"unknown fact `{name}`; expected {expected.en}")


def unknown(model: Model, name: str) -> Words | None:
    """Return what is expected where a name or path means nothing that a record of the model has, else None.

    Elements of a list are numbered from 1; without a number all are meant: `teachers.degree`.
    """
    facts: tuple[Fact, ...] = model.facts
    type_: Type | None = None
    above = ""
    for part in name.split("."):
        match = _PART.fullmatch(part)
        word = match[1] if match else part
        is_numbered = match is None or match[2] is not None
        fact = next((fact for fact in facts if fact.name == word), None)
        if fact is not None and (not is_numbered or fact.type.kind == "list"):
            type_ = fact.type
            facts = model.records_by_name[type_.name].fields if type_.kind == "list" else ()
        elif type_ is not None and not is_numbered and _is_part(type_, word):
            type_ = None
        else:
            return _expected(above, word, facts, type_)
        above += f"{part}."
    return None


def _is_part(type_: Type, word: str) -> bool:
    """Return whether the word is a member of a set or a year of a series."""
    if type_.kind == "series":
        return _YEAR.fullmatch(word) is not None
    return type_.kind == "set" and type_.position(word) is not None


def _expected(above: str, word: str, facts: tuple[Fact, ...], type_: Type | None) -> Words:
    """Return what may stand instead of the word after what is `above` it, the nearest of all; a label means its fact."""
    members = type_.members if type_ is not None and type_.kind == "set" else ()
    names = {fact.label: fact.name for fact in facts} | {fact.name: fact.name for fact in facts}
    names |= {member.name: member.name for member in members}
    near = nearest(word, names)
    if near is None:
        return Words("the name or path of a fact of the standard", "标准中事实的名称或路径")
    meant = above + names[str(near.values["name"])]
    return Words(f"the name or path of a fact; did you mean `{meant}`?", f"事实的名称或路径；是否指 `{meant}`？")
