"""The rows of list tables into the institutions to which they belong, and the number of rows that these state.

A file or sheet is a list's when its name is the name or label of a list fact (`teachers.csv`, `教师`), or of a list
field of a record where that is one list only; `classes.students.csv` always names the inner one. The element that a row
of a nested list belongs to is named by its key, which therefore needs one.

A second table of a list, named like it with `（现场评定）` or ` (inspector)` after it, holds what the inspector judges of
its elements, which are told by their key.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import define, field

from cedu_rules.data.entries import Entry, Extras
from cedu_rules.data.layout import LIST, NESTED_LIST, Layout, loose
from cedu_rules.data.sheet_names import JUDGED_LIST, sheet_name
from cedu_rules.data.tables import Grid, Table, table
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import COUNT
from cedu_rules.records.cells import Reader, reader
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import Unfit, shown

Path: TypeAlias = tuple[str, ...]
"""The names of a list and of the lists that hold it, outermost first."""

Owners: TypeAlias = list[tuple[str, Entry]]
"""Entries that may hold a list, each with what its paths begin with."""

_NESTED = 2
_KEYED = Words("a record with a `key`; nest this list in JSON or YAML", "有 key 的记录；请改用嵌套的 JSON 或 YAML")
_COLUMN = Words("a column of that name", "此名称的列")
_ONE_SOURCE = Words("the list either here or in a file of its own", "只在此处或只在单独文件中给出的名单")
_JUDGED_ONLY = Words(
    "the key of the entries, and only what the inspector judges of them", "名单各项的主键列，以及仅由检查人员评定的列"
)
_KNOWN = Words("the id of an institution in the files", "文件中某机构的编号")


@define(eq=False, repr=False)
class _List:
    """One list of the model and the rows that its files give, by institution; `complete` unless a file is broken."""

    path: Path
    fact: Fact
    key: str | None
    key_reader: Reader
    layout: Layout
    rows: dict[str, list[Entry]] = field(factory=dict)
    judgements: dict[str, list[Entry]] = field(factory=dict)
    files: list[str] = field(factory=list)
    complete: bool = True


class Lists:
    """All lists of a model."""

    def __init__(self, model: Model, extras: Extras) -> None:
        self.model = model
        self.extras = extras
        self.lists: dict[Path, _List] = {}
        self.stems: dict[str, list[Path]] = {}
        self.judged_stems: dict[str, list[Path]] = {}
        self.count = reader(COUNT, {})
        self._enter((), model.facts)
        self.order = sorted(self.lists, key=len)

    def _enter(self, above: Path, facts: tuple[Fact, ...]) -> None:
        """Enter the lists among the facts, and those inside them."""
        for fact in facts:
            record = self.model.records_by_name.get(fact.type.name) if fact.type.kind == "list" else None
            if record is None:
                continue
            path = (*above, fact.name)
            owner = Words(f"a field of `{record.name}`", f"`{record.name}` 的字段")
            layout = Layout(owner, record.fields, self.model.units, NESTED_LIST if above else LIST)
            key = None if record.key is None else record.fields_by_name.get(record.key)
            units = {unit.name: unit for unit in self.model.units}
            key_reader = reader(key.type, units) if key is not None else fold_text
            self.lists[path] = _List(path, fact, None if key is None else key.name, key_reader, layout)
            for stem in _stems((fact.name, fact.label, ".".join(path))):
                self.stems.setdefault(stem, []).append(path)
            for stem in {stem for ending in JUDGED_LIST for stem in _stems((fact.name, fact.label), ending)}:
                self.judged_stems.setdefault(stem, []).append(path)
            self._enter(path, record.fields)

    def of_stem(self, stem: str) -> list[Path]:
        """Return the lists that a file or sheet may hold: none, one, or several that go by the same name."""
        found = self.stems.get(loose(stem)) or self.judged_stems.get(loose(stem), [])
        return [path for path in found if len(path) == 1] or found

    # --- reading lists ---

    def read(self, grid: Grid, ending: str = "") -> Iterator[InputIssue]:
        """Read the table of a list; yield the issues that belong to no institution."""
        paths = self.of_stem(grid.stem)
        if len(paths) > 1:
            names = [f"`{'.'.join(path)}{ending}`" for path in paths]
            yield InputIssue(grid.name, "", Words(" or ".join(names), "或".join(names)))
            for path in paths:
                self.lists[path].complete = False
            return
        list_ = self.lists[paths[0]]
        read = table(grid, list_.layout, self.extras)
        yield from read.issues
        judged = loose(grid.stem) not in self.stems
        yield from self._judged_rows(list_, read) if judged else self._rows(list_, read)

    def _rows(self, list_: _List, read: Table) -> Iterator[InputIssue]:
        """Take the rows of a list; one that cannot be read to its end is missing, not shorter."""
        list_.files.append(read.grid.name)
        if read.columns:
            yield from self._lacking(list_, read)
        list_.complete &= bool(read.columns)
        for entry in read.entries() if list_.complete else ():
            if isinstance(entry, InputIssue):
                list_.complete = False
                yield entry
            elif "institution" in entry.marks:
                list_.rows.setdefault(fold(entry.marks["institution"]), []).append(entry)
            else:
                yield InputIssue("institution", "", _KNOWN, place=entry.values.place)
        if not list_.complete:
            list_.rows.clear()

    def _judged_rows(self, list_: _List, read: Table) -> Iterator[InputIssue]:
        """Take what the inspector judges of the elements of a list."""
        if not read.columns:
            return
        lacking = list(self._lacking(list_, read, complete=list_.complete))
        if list_.key is None or not read.asks_only("judged", list_.key):
            lacking.append(InputIssue(read.grid.name, "", _JUDGED_ONLY))
        yield from lacking
        for entry in read.entries() if not lacking else ():
            if isinstance(entry, InputIssue):
                yield entry
            elif "institution" in entry.marks:
                list_.judgements.setdefault(fold(entry.marks["institution"]), []).append(entry)
            else:
                yield InputIssue("institution", "", _KNOWN, place=entry.values.place)

    def _lacking(self, list_: _List, read: Table, *, complete: bool = False) -> Iterator[InputIssue]:
        """Yield what a list cannot be read without; `complete` says whether it stays so all the same."""
        name, marks = read.grid.name, read.marks()
        needed = ["institution", "parent"] if len(list_.path) >= _NESTED else ["institution"]
        for mark in needed:
            if mark not in marks:
                list_.complete = complete
                yield InputIssue(mark, "", _COLUMN, place=read.grid.header_place(read.line, 0))
        if len(list_.path) >= _NESTED and self.lists[list_.path[:-1]].key is None:
            list_.complete = complete
            yield InputIssue(".".join(list_.path), "", _KEYED, place=name)

    # --- giving the rows to their institutions ---

    def attach(self, institution: Entry) -> None:
        """Give an institution its lists."""
        id_ = institution.marks.get("id")
        placed: dict[Path, Owners] = {(): [("", institution)]}
        for path in self.order:
            list_ = self.lists[path]
            owners = placed.get(path[:-1], [])
            mine = list_.rows.pop(fold(id_), []) if id_ is not None else []
            judged = list_.judgements.pop(fold(id_), []) if id_ is not None else []
            given = self._given(institution, list_, owners, mine)
            judgements = self._given(institution, list_, owners, judged)
            placed[path] = []
            for (prefix, owner), rows, found in zip(owners, given, judgements, strict=True):
                self._judge(institution, list_, rows, found)
                self._settle(institution, list_, f"{prefix}{path[-1]}", owner, rows)
                placed[path] += [(f"{prefix}{path[-1]}[{number}].", row) for number, row in enumerate(rows, 1)]

    def _given(self, institution: Entry, list_: _List, owners: Owners, rows: list[Entry]) -> list[list[Entry]]:
        """Return the rows of each owner."""
        if len(list_.path) < _NESTED:
            return [rows]
        above = self.lists[list_.path[:-1]]
        given: list[list[Entry]] = [[] for _ in owners]
        numbers: dict[object, list[int]] = {}
        for number, (_, owner) in enumerate(owners):
            numbers.setdefault(_key(above.key_reader, owner.values.get(above.key or "")), []).append(number)
        for row in rows:
            parent = row.marks.get("parent")
            found = numbers.get(_key(above.key_reader, parent), []) if parent is not None else []
            if len(found) == 1:
                given[found[0]].append(row)
            else:
                words = _parent(above, len(found))
                institution.issues.append(
                    InputIssue(".".join(list_.path), shown(parent), words, place=row.values.place_of("parent"))
                )
        return given

    def _judge(self, institution: Entry, list_: _List, rows: list[Entry], judgements: list[Entry]) -> None:
        """Add what the inspector judges to the rows of one owner, by their key."""
        if not judgements:
            return
        key = list_.key or ""
        by_key = {_key(list_.key_reader, row.values.get(key)): row for row in rows}
        for judged in judgements:
            value = judged.values.pop(key, None)
            row = None if value is None else by_key.get(_key(list_.key_reader, value))
            if row is None:
                place = judged.values.place_of(key)
                issue = InputIssue(f"{'.'.join(list_.path)}.{key}", shown(value), _parent(list_, 0), place=place)
                institution.issues.append(issue)
            else:
                institution.issues += row.join(judged)

    def _settle(self, institution: Entry, list_: _List, path: str, owner: Entry, rows: list[Entry]) -> None:
        """Put the rows of one owner into its values, and compare their number with the one it states."""
        name = list_.fact.name
        stated = self._stated(institution, path, owner, name)
        if rows:
            if name in owner.values or list_.fact.label in owner.values:
                institution.issues.append(InputIssue(path, "", _ONE_SOURCE, place=rows[0].values.place))
            else:
                owner.values[name] = [row.values for row in rows]
            for number, row in enumerate(rows, 1):
                institution.issues += [issue._replace(path=f"{path}[{number}]") for issue in row.issues]
        elif stated == 0:
            owner.values[name] = []
        if list_.complete and stated is not None and stated != len(rows):
            place = owner.values.place_of(name)
            institution.issues.append(InputIssue(path, f"{stated}", _rows_of(list_, len(rows)), place=place))

    def _stated(self, institution: Entry, path: str, owner: Entry, name: str) -> object:
        """Return how many rows the owner states, or None."""
        try:
            return self.count(owner.counts.get(name))
        except Unfit as unfit:
            found = unfit.problems[0]
            place = owner.values.place_of(name)
            institution.issues.append(InputIssue(path, found.value, found.expected, place=place))
            return None

    def left(self) -> Iterator[InputIssue]:
        """Yield an issue for each institution that rows name and no file has."""
        for list_ in self.lists.values():
            for rows in (*list_.rows.values(), *list_.judgements.values()):
                first = rows[0]
                place = first.values.place_of("institution")
                yield InputIssue("institution", shown(first.marks["institution"]), _KNOWN, place=place)


def _stems(words: Iterable[str], ending: str = "") -> set[str]:
    """Return the names of files and sheets of a list."""
    return {loose(word + ending) for word in words} | {loose(sheet_name(word, ending)) for word in words}


def fold_text(value: object) -> object:
    """Return a text with full-width forms as their ASCII twins."""
    return fold(value) if isinstance(value, str) else value


def _key(read: Reader, value: object) -> object:
    """Return what tells elements apart, so that `1` and `１` are one."""
    try:
        return read(value)
    except Unfit:
        return fold_text(value)


def _parent(above: _List, found: int) -> Words:
    name, key = above.fact.name, above.key
    if found:
        return Words(
            f"a `{key}` that one of `{name}` has; {found} have it", f"`{name}` 中唯一的 `{key}`；现有 {found} 项"
        )
    return Words(f"the `{key}` of one of `{name}`", f"`{name}` 中某项的 `{key}`")


def _rows_of(list_: _List, number: int) -> Words:
    if not list_.files:
        name = f"`{'.'.join(list_.path)}.csv`"
        return Words(
            f"as many rows in a list file such as {name}, which is not given",
            f"名单文件（如 {name}，未给出）中的行数",
        )
    names = ", ".join(f"`{name}`" for name in list_.files)
    return Words(f"{number}, the number of its rows in {names}", f"{number}，即其在 {names} 中的行数")
