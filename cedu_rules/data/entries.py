"""One institution, or one element of a list, as it stands in a file, before anything is made of its values."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from cedu_rules.data.layout import Layout, loose
from cedu_rules.data.places import Block
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.records.expected import TEXT
from cedu_rules.records.problems import shown, tidy

DEPTH_LIMIT = 50
"""JSON and YAML nest at most so deep."""

DEEP = Words(f"at most {DEPTH_LIMIT} levels of nesting", f"不超过 {DEPTH_LIMIT} 层的嵌套")
SCHEMA = "$schema"
"""What editors look for at the top of JSON and YAML: the address of the schema by which they complete names."""

TWICE = Words("each name once", "只出现一次的名称")
UNBROKEN = Words("text without broken characters", "不含残缺字符的文字")
_OBJECT = Words("the facts of one institution, by name", "一个机构按名称给出的各项")
_ONE_MARK = Words("one value for it", "唯一的值")


class Extras(NamedTuple):
    """Columns that are no facts: `group` is carried into the report, `ignore` are left out."""

    group: str | None
    ignore: frozenset[str]

    @classmethod
    def named(cls, group: str | None, ignore: Collection[str]) -> "Extras":
        """Return the columns of these names."""
        return cls(group, frozenset(loose(word) for word in ([ignore] if isinstance(ignore, str) else ignore)))

    def groups(self, word: str) -> bool:
        """Return whether a header names the column to group by."""
        return self.group is not None and loose(word) == loose(self.group)

    def ignores(self, word: str) -> bool:
        """Return whether a header names a column to leave out."""
        return loose(word) in self.ignore


class Entry:
    """What stands in one row or mapping.

    `values` by fact, `marks` (`id`, `name`, `institution`, `parent`), `columns` to group by, `counts` of rows by list,
    and the issues, which do not name the institution yet.
    """

    def __init__(self, values: Block) -> None:
        self.values = values
        self.marks: dict[str, str] = {}
        self.columns: dict[str, str] = {}
        self.counts: dict[str, object] = {}
        self.issues: list[InputIssue] = []

    def join(self, other: "Entry") -> list[InputIssue]:
        """Take what another table says of the same thing; return an issue for whatever both say."""
        found = list(other.issues)
        places = dict(self.values.elsewhere or {})
        for name, value in other.values.items():
            place = other.values.place_of(name)
            if name in self.values:
                found.append(InputIssue(name, shown(value), _one_place(self.values.place_of(name)), place=place))
            else:
                self.values[name] = value
                places[name] = place
        for name, count in other.counts.items():
            places.setdefault(name, other.values.place_of(name))
            self.counts.setdefault(name, count)
        self.values.elsewhere = places
        for column, text in other.columns.items():
            own = self.columns.get(column) or text
            if text and loose(text) != loose(own):
                words = Words(
                    f"`{tidy(own)}`, as in {self.values.place}", f"`{tidy(own)}`，与 {self.values.place} 一致"
                )
                found.append(InputIssue(tidy(column), shown(text), words, place=other.values.place))
            self.columns[column] = own
        return found


class Source(NamedTuple):
    """One table or file of institutions; `judged` where all its facts are the inspector's."""

    entries: Iterator[Entry | InputIssue]
    judged: bool = False


def _one_place(place: str) -> Words:
    return Words(f"a value in one place only; {place} has one", f"只在一处填写；{place} 已填")


def no_institution(value: object, place: str) -> InputIssue:
    """Return the issue of something that stands where an institution is expected."""
    return InputIssue("institution", shown(value), _OBJECT, place=place)


def from_mapping(values: Block, layout: Layout, extras: Extras) -> Entry:
    """Return the entry of a mapping; its marks and the columns that are no facts are taken out of `values`."""
    entry = Entry(values)
    for key in list(values):
        if key == SCHEMA and type(values[key]) is str and not _is_fact(layout, key):
            del values[key]
            continue
        mark = layout.mark(key)
        if extras.groups(key):
            entry.columns[str(extras.group)] = "" if values[key] is None else shown(values[key]).strip()
        if isinstance(mark, Words):
            entry.issues.append(InputIssue(shown(key), shown(values.pop(key)), mark, place=values.place_of(key)))
        elif mark is not None:
            _take_mark(entry, mark, key)
        elif extras.ignores(key) or (extras.groups(key) and not _is_fact(layout, key)):
            del values[key]
    return entry


def _is_fact(layout: Layout, key: str) -> bool:
    return loose(key) in layout.names or loose(key) in layout.labels


def _take_mark(entry: Entry, mark: str, key: str) -> None:
    value = entry.values.pop(key)
    place = entry.values.place_of(key)
    if mark in entry.marks:
        entry.issues.append(InputIssue(mark, shown(value), _ONE_MARK, place=place))
    elif isinstance(value, str):
        if value.strip():
            entry.marks[mark] = str(value).strip()
    elif value is not None:
        entry.issues.append(InputIssue(mark, shown(value), TEXT, place=place))


def is_broken(text: str) -> bool:
    """Return whether a text holds half of a character, which no file can be written with."""
    if text.isascii():
        return False
    return any("\ud800" <= character <= "\udfff" for character in text)


def parts(node: Mapping[str, object] | list[object]) -> Iterator[tuple[str | int, object]]:
    """Yield the parts of a mapping or list with their keys or indices."""
    yield from list(node.items()) if isinstance(node, Mapping) else list(enumerate(node))


def path_to(path: str, key: str | int) -> str:
    """Return the path of a part."""
    if isinstance(key, int):
        return f"{path}[{key + 1}]"
    return f"{path}.{shown(key)}" if path else shown(key)
