"""The headers of a table into facts, by name or label, with or without a unit.

    area, 建筑面积, 建筑面积（㎡）, 建筑面积(亩)      a fact; bare numbers under the last are 亩
    charter.purpose, 章程.办学宗旨                   a member of a set
    registered.2022, 各年注册人数.2022年（人）        a year of a series
    teachers, 教师                                   how many rows the list file has

A whole header is looked up before a unit is taken off its end, because labels may end in brackets too. Full-width forms
and blanks make no difference. A name is what it is even where it is also the label of something else; a header that is
the label of two things is told as ambiguous.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cedu_rules.messages import Words
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Fact
from cedu_rules.model.types import COUNT, Type
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import tidy
from cedu_rules.units import PERCENT, Unit, find_unit

INSTITUTION = {"id": ("编号", "机构编号"), "name": ("名称", "机构名称")}
"""The columns of a table of institutions that are no facts: names, and further words for them."""

LIST = {"institution": ("机构", "机构编号")}
"""The same for a list: the id of the institution to which a row belongs."""

NESTED_LIST = LIST | {"parent": ("上级",)}
"""The same for a list in a list: the key of the element to which a row belongs, too."""

_YEAR = re.compile(r"(.+)\.([0-9]{4})年?")
_PERCENT_MARK = "(%)"
_UNIT = re.compile(r"(.+)\(([^()]*)\)")
_UNIT_BEFORE_YEAR = re.compile(r"(.+)\(([^()]*)\)(\.[0-9]{4}年?)")
_HINTS = 20

_CURE = Words(
    "`--ignore` leaves a column out, `--group` sums up by it",
    "不属于标准的列可用 `--ignore` 略过，或用 `--group` 按其汇总",
)
_CURE_OF_LISTS = Words("`--ignore` leaves a column out", "不属于标准的列可用 `--ignore` 略过")


class Column(NamedTuple):
    """What a header means: a mark (`id`, `name`, `institution`, `parent`), or a fact.

    `part` is the member of a set or the year of a series. `unit` is the unit of bare numbers where the header names one
    that is not the fact's own.
    """

    mark: str | None = None
    fact: Fact | None = None
    part: str | None = None
    unit: Unit | None = None

    @property
    def path(self) -> str:
        """The path of the value."""
        name = self.mark if self.fact is None else self.fact.name
        return f"{name}.{self.part}" if self.part else f"{name}"


def loose(text: str) -> str:
    """Return the text with full-width forms as their ASCII twins and without blanks."""
    return "".join(fold(text).split())


class Layout:
    """The columns that a table may have, by what a header says."""

    def __init__(
        self,
        owner: Words,
        facts: Sequence[Fact],
        units: Iterable[Unit],
        marks: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.owner = owner
        self.cure = _CURE if marks is INSTITUTION else _CURE_OF_LISTS
        self.units = {unit.name: unit for unit in units}
        self.names: dict[str, Column] = {}
        self.labels: dict[str, dict[str, Column]] = {}
        self.words: list[str] = []
        self.hints = 0
        for mark, words in marks.items():
            if mark not in {fact.name for fact in facts}:
                self._enter(mark, words, Column(mark=mark))
        for fact in facts:
            self._enter(fact.name, (fact.label,), Column(fact=fact))
            for name, labels, part in _members(fact):
                self._enter(name, labels, Column(fact=fact, part=part))

    def _enter(self, name: str, labels: Iterable[str], column: Column) -> None:
        self.names[loose(name)] = column
        self.words += [name, *labels]
        for label in labels:
            self.labels.setdefault(loose(label), {})[column.path] = column

    def find(self, header: str) -> Column | Words:
        """Return what a header means, or what is expected instead."""
        text = loose(header)
        found = self._whole(text) or self._with_unit(text)
        if found is None:
            return self._unknown(header)
        return _as_percent(found) if text.endswith(_PERCENT_MARK) else found

    def mark(self, word: str) -> str | Words | None:
        """Return which mark a word is, None where it is a fact's or nobody's."""
        found = self._whole(loose(word))
        return found.mark if isinstance(found, Column) else found if self._ambiguous_mark(word) else None

    def fact(self, word: str) -> Fact | None:
        """Return the fact that goes by a name or label, None where none or several do."""
        text = loose(word)
        named = self.names.get(text)
        found = [named] if named is not None else list(self.labels.get(text, {}).values())
        return found[0].fact if len(found) == 1 else None

    def _ambiguous_mark(self, word: str) -> bool:
        return any(column.mark for column in self.labels.get(loose(word), {}).values())

    def _whole(self, text: str) -> Column | Words | None:
        """Return what a header without unit means."""
        named = self.names.get(text)
        found = [named] if named is not None else list(self.labels.get(text, {}).values())
        if len(found) > 1:
            return _ambiguous([column.path for column in found])
        if found:
            return _lacks_part(found[0]) or found[0]
        lowered = self.names.get(text.lower())
        if lowered is not None and lowered.mark is not None:
            return lowered  # `ID` and `Name`, as spreadsheets like to write them
        match = _YEAR.fullmatch(text)
        return None if match is None or not int(match[2]) else self._year(match[1], int(match[2]))

    def _year(self, text: str, year: int) -> Column | Words | None:
        named = self.names.get(text)
        found = [named] if named is not None else list(self.labels.get(text, {}).values())
        if len(found) > 1:
            return _ambiguous([f"{column.path}.{year}" for column in found])
        fact = found[0].fact if found else None
        return Column(fact=fact, part=str(year)) if fact is not None and fact.type.kind == "series" else None

    def _with_unit(self, text: str) -> Column | Words | None:
        """Return what a header with a unit in brackets means."""
        match = _UNIT.fullmatch(text)
        if match is not None:
            column, word = self._whole(match[1]), match[2]
        else:
            match = _UNIT_BEFORE_YEAR.fullmatch(text)
            if match is None:
                return None
            column, word = self._whole(match[1] + match[3]), match[2]
        if not isinstance(column, Column) or column.fact is None:
            return column if isinstance(column, Words) else None
        type_ = _number(column.fact)
        unit = find_unit(word, self.units)
        if type_ is None or unit is None or not _fits(type_, unit):
            return _no_unit(column.path, type_)
        return column if unit.factor == type_.data_factor else column._replace(unit=unit)

    def _unknown(self, header: str) -> Words:
        self.hints += 1
        hint = nearest(tidy(header), self.words) if self.hints <= _HINTS else None
        english, chinese = f"a name or label of {self.owner.en}", f"{self.owner.zh}的名称或标签"
        if hint is None:
            return Words(f"{english}; {self.cure.en}", f"{chinese}；{self.cure.zh}")
        meant = tidy(hint.values["name"])
        return Words(f"{english}; did you mean `{meant}`?", f"{chinese}；是否指 `{meant}`？")


def _as_percent(found: Column | Words) -> Column | Words:
    """Return the column under a header that says `（%）`, be it in the label itself: bare numbers are percents."""
    if not isinstance(found, Column) or found.fact is None:
        return found
    type_ = _number(found.fact)
    return found._replace(unit=PERCENT) if type_ is not None and type_.is_percent else found


def _members(fact: Fact) -> Iterator[tuple[str, list[str], str]]:
    """Yield the header of each member of a set: by names, and with labels in it."""
    for member in fact.type.members if fact.type.kind == "set" else ():
        words = (member.name, *member.labels)
        mixed = [f"{owner}.{word}" for owner in (fact.name, fact.label) for word in words]
        yield mixed[0], mixed[1:], member.name


def _number(fact: Fact) -> Type | None:
    """Return the type of the numbers under a header, if there are any."""
    if fact.type.kind == "list":
        return COUNT
    type_ = fact.type.element if fact.type.kind == "series" else fact.type
    return type_ if type_ is not None and type_.kind == "number" else None


def _fits(type_: Type, unit: Unit) -> bool:
    """Return whether numbers of the type may be written in the unit; a percent is no count, nor the reverse."""
    mixed = not type_.dimension and (unit == PERCENT) != type_.is_percent and (type_.is_percent or type_.whole)
    return unit.dimension == type_.dimension and not mixed


def _lacks_part(column: Column) -> Words | None:
    """Return what is expected of a header that names a whole set or series."""
    fact = column.fact
    if fact is None or column.part is not None:
        return None
    if fact.type.kind == "set" and fact.type.members:
        example = f"{fact.name}.{fact.type.members[0].name}"
        return Words(f"a column for each member, such as `{example}`", f"每项一列，如 `{example}`")
    if fact.type.kind == "series":
        example = f"{fact.name}.2022"
        return Words(f"a column for each year, such as `{example}`", f"每年一列，如 `{example}`")
    return None


def _ambiguous(paths: list[str]) -> Words:
    english, chinese = " or ".join(f"`{path}`" for path in paths), "或".join(f"`{path}`" for path in paths)
    return Words(f"a name that means one thing: {english}", f"只有一种含义的名称：{chinese}")


def _no_unit(path: str, type_: Type | None) -> Words:
    if type_ is None:
        return Words(f"`{path}` without a unit", f"不带单位的 `{path}`")
    unit = type_.unit.name or ("个" if type_.whole else "")
    such = Words(f", such as `{unit}`", f"，如 `{unit}`") if unit else Words("", "")
    return Words(f"`{path}` with a unit of its own kind{such.en}", f"`{path}` 的计量单位{such.zh}")
