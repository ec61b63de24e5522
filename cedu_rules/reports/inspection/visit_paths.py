"""The path of one value, as a record of the visit names it, into the facts that it leads through.

    area                        a fact
    charter.purpose             a member of a set
    registered.2022             a year of a series
    teachers[2].degree          a field of an element of a list, counted from 1
    teachers[2]                 an element, teachers the list: these can only be emptied

Names are those of the standard; a label is no path.
"""

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import BOOL, Type

LENGTH_LIMIT = 300

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([1-9][0-9]{0,5})\]")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_PATH = Words(
    "the path of a fact, such as `area` or `teachers[2].degree`", "事实的路径，如 `area` 或 `teachers[2].degree`"
)


@frozen
class VisitPath:
    """Where a value belongs: names, and numbers of elements from 1.

    `fact` is the last fact on the way, `type` that of the value itself; None for a whole element.
    """

    text: str
    steps: tuple[str | int, ...]
    root: Fact = field(repr=False)
    fact: Fact = field(repr=False)
    type: Type | None = field(repr=False)

    @property
    def is_container(self) -> bool:
        """Whether it is a whole list or an element of one."""
        return self.type is None or self.type.kind == "list"


def parse(model: Model, text: str) -> VisitPath | Words:
    """Return what a path leads to, or what is expected instead."""
    tokens = _tokens(text)
    if not tokens or isinstance(tokens[0], int):
        return _PATH
    return _Walk(model).through(text, tokens)


def _tokens(text: str) -> list[str | int]:
    if len(text) > LENGTH_LIMIT:
        return []
    found = [int(match[2]) if match[2] else match[1] for match in _STEP.finditer(text)]
    return found if join(found) == text else []


def join(steps: list[str | int] | tuple[str | int, ...]) -> str:
    """Return the steps of a path as text."""
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return written.removeprefix(".")


class _Walk:
    """Follows a path from fact to fact; `expected` says what was wrong."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.facts: dict[str, Fact] | None = model.facts_by_name
        self.fact: Fact | None = None
        self.root: Fact | None = None
        self.type: Type | None = None

    def through(self, text: str, tokens: list[str | int]) -> VisitPath | Words:
        """Return where the steps lead."""
        for token in tokens:
            wrong = self._element() if isinstance(token, int) else self._named(token)
            if wrong is not None:
                return wrong
        if self.root is None or self.fact is None:
            return _PATH
        if self.type is not None and self.type.kind in {"set", "series"}:
            part = self.type.members[0].name if self.type.members else "2022"
            return Words(f"one part of it, such as `{text}.{part}`", f"其中一项，如 `{text}.{part}`")
        return VisitPath(text, tuple(tokens), self.root, self.fact, self.type)

    def _named(self, word: str) -> Words | None:
        if self.facts is not None:
            return self._fact(word, self.facts)
        kind = "" if self.type is None else self.type.kind
        if self.type is not None and kind == "set" and self.type.position(word) is not None:
            self.type = BOOL
        elif self.type is not None and kind == "series" and _YEAR.fullmatch(word):
            self.type = self.type.element
        elif self.type is not None and kind == "set":
            return _one_of(word, [member.name for member in self.type.members])
        else:
            return _PATH
        return None

    def _fact(self, word: str, facts: dict[str, Fact]) -> Words | None:
        if word not in facts:
            return _one_of(word, list(facts))
        self.fact = facts[word]
        self.root = self.root or self.fact
        self.type, self.facts = self.fact.type, None
        return None

    def _element(self) -> Words | None:
        if self.facts is not None or self.type is None or self.type.kind != "list":
            return _PATH
        self.facts = self.model.records_by_name[self.type.name].fields_by_name
        self.type = None
        return None


def _one_of(word: str, names: list[str]) -> Words:
    near = nearest(word, names)
    if near is None:
        return _PATH
    meant = near.values["name"]
    return Words(f"{_PATH.en}; did you mean `{meant}`?", f"{_PATH.zh}；是否指 `{meant}`？")


def parts_of(model: Model, text: str, record: object, years: Iterable[int] = ()) -> list[VisitPath]:
    """Return the paths of the parts of what a path leads to: members, years, or the value itself."""
    whole = _whole(model, text)
    if whole is None:
        return []
    value = value_at(record, whole.steps)
    match whole.type:
        case Type(kind="set", members=members):
            names = [member.name for member in members]
        case Type(kind="series"):
            known = set(value) if isinstance(value, Mapping) else set()
            names = [str(year) for year in sorted(known | set(years))]
        case _:
            return [whole]
    found = [parse(model, f"{text}.{name}") for name in names]
    return [path for path in found if isinstance(path, VisitPath)]


def _whole(model: Model, text: str) -> VisitPath | None:
    """Return what a path leads to, sets and series as a whole allowed."""
    found = parse(model, text)
    if isinstance(found, VisitPath):
        return found
    tokens = _tokens(text)
    walk = _Walk(model)
    walk.through(text, tokens)
    if walk.fact is None or walk.root is None or walk.type is None or walk.type.kind not in {"set", "series"}:
        return None
    return VisitPath(text, tuple(tokens), walk.root, walk.fact, walk.type)


def value_at(record: object, steps: tuple[str | int, ...]) -> object:
    """Return the public value at a path of a record, None where there is none."""
    value: object = record
    for step in steps:
        if value is None:
            return None
        if isinstance(step, int):
            value = value[step - 1] if isinstance(value, tuple) and step <= len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(step, value.get(int(step)) if step.isdecimal() else None)
        else:
            value = getattr(value, step, None)
    return value
