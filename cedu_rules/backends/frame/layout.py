"""The columns of a frame into the facts that they hold, by name or by label.

One column a fact, `charter.purpose` for a member of a set, `registered.2022` for a year of a series.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from cedu_rules.diagnostics import InputError, InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Fact

MARKS = ("id", "name")
LIST_MARKS = ("institution",)
NESTED_MARKS = ("institution", "parent")

_YEAR = re.compile(r"(.+)\.([0-9]{4})年?")
_COLUMN = Words("one column for it", "唯一的一列")


@frozen
class Part:
    """What one column holds: a mark, a fact, a member of a set, or a year of a series."""

    column: str
    fact: Fact | None
    part: str | None = None


@frozen(eq=False)
class Layout:
    """The columns of one frame, in its order, with the types that its engine gives them."""

    parts: tuple[Part, ...]
    marks: Mapping[str, str]
    types: Mapping[str, Any]

    def column(self, fact: str, part: str | None = None) -> str | None:
        """Return the column of a fact, or of a part of it; None where there is none."""
        for each in self.parts:
            if each.fact is not None and each.fact.name == fact and each.part == part:
                return each.column
        return None

    def years(self, fact: str) -> dict[int, str]:
        """Return the columns of a series by year, in order."""
        found = {
            int(each.part): each.column for each in self.parts if each.part and each.fact and each.fact.name == fact
        }
        return dict(sorted(found.items()))


def read_layout(
    facts: Sequence[Fact], types: Mapping[str, Any], marks: Sequence[str], *, carried: Collection[str] = (), frame: str
) -> Layout:
    """Return which column holds what.

    Args:
        facts: What the frame may hold.
        types: The type of each column.
        marks: Columns that are no facts but mean something, `id` for one.
        carried: Columns that are carried along, whether they are facts or not.
        frame: What messages call the frame.

    Raises:
        InputError: a column means nothing, or two mean the same.
    """
    known = _Known(facts)
    issues: list[InputIssue] = []
    found: dict[tuple[str, str | None], Part] = {}
    marked = {}
    for column in types:
        part = known.find(column)
        if column in marks:
            marked[column] = column
        elif part is None:
            if column not in carried:
                issues.append(InputIssue(f"{frame}.{column}", "", known.expected(column)))
        elif (part[0].name, part[1]) in found:
            issues.append(InputIssue(f"{frame}.{column}", "", _COLUMN))
        else:
            found[part[0].name, part[1]] = Part(column, *part)
    if issues:
        raise InputError(issues)
    return Layout(tuple(found.values()), marked, types)


class _Known:
    """What a header may say."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self.names: dict[str, tuple[Fact, str | None]] = {}
        labels: dict[str, list[tuple[Fact, str | None]]] = {}
        for fact in self.facts:
            for word, is_name, part in _words(fact):
                if is_name:
                    self.names[word] = fact, part
                else:
                    labels.setdefault(word, []).append((fact, part))
        for word, meant in labels.items():
            if len(meant) == 1:
                self.names.setdefault(word, meant[0])

    def find(self, word: str) -> tuple[Fact, str | None] | None:
        """Return the fact, and which part of it, that a header names."""
        found = self.names.get(word)
        match = _YEAR.fullmatch(word)
        if match is not None:
            series = self.names.get(match[1])
            if series is not None and series[0].type.kind == "series":
                return series[0], match[2]
        if found is not None and (found[1] is None) == (found[0].type.kind in {"set", "series"}):
            return None
        return found

    def expected(self, column: str) -> Words:
        """Return what a header that means nothing should be."""
        near = nearest(column, list(self.names))
        meant = "" if near is None else near.values["name"]
        return Words(
            "a fact, a column to carry or one to ignore" + (f"; did you mean `{meant}`?" if meant else ""),
            "某项事实，或声明为附带、忽略的列" + (f"；是否指 `{meant}`？" if meant else ""),
        )


def _words(fact: Fact) -> Iterator[tuple[str, bool, str | None]]:
    yield fact.name, True, None
    yield fact.label, False, None
    for member in fact.type.members if fact.type.kind == "set" else ():
        yield f"{fact.name}.{member.name}", True, member.name
        for label in member.labels:
            yield f"{fact.label}.{label}", False, member.name
