"""Rows of a frame into the values of institutions, for those that are left to the reference."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import define, field

from cedu_rules.backends.frame.layout import Layout
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import COUNT
from cedu_rules.records.cells import reader
from cedu_rules.records.problems import Unfit, shown

Row: TypeAlias = Mapping[str, Any]
_NO_YEAR = "-"
_COUNTED = reader(COUNT, {})
_PARENT = Words("the key of one element of the list", "名单中某一项的 key")


@define(eq=False)
class RowReader:
    """Makes the values of an institution of its row, and of the rows of its lists."""

    model: Model
    layout: Layout
    lists: Mapping[str, Layout]
    elements: dict[str, dict[str, list[Row]]] = field(factory=dict)

    def take(self, lists: Mapping[str, Iterable[Row]]) -> None:
        """Take the rows of the lists of the institutions to come."""
        self.elements = {}
        for name, rows in lists.items():
            found = self.elements.setdefault(name, {})
            for row in rows:
                if row["institution"] is not None:
                    found.setdefault(str(row["institution"]), []).append(row)

    def values(self, row: Row) -> tuple[dict[str, object], list[InputIssue]]:
        """Return the values of an institution by fact, and what is wrong with the number of rows of its lists."""
        issues: list[InputIssue] = []
        values = _marks(row, self.layout)
        values |= dict(_cells(row, self.layout))
        institution = row[self.layout.marks["id"]] if "id" in self.layout.marks else None
        own = "" if institution is None else str(institution)
        given = {name: found.get(own, []) for name, found in self.elements.items()} if institution is not None else {}
        for fact in self.model.facts:
            if fact.type.kind == "list":
                column = self.layout.column(fact.name)
                stated = None if column is None else _stated(fact, row[column], issues)
                self._list(fact, stated, values, given, issues)
        return values, issues

    def _list(
        self,
        fact: Fact,
        stated: object,
        values: dict[str, object],
        given: Mapping[str, list[Row]],
        issues: list[InputIssue],
    ) -> None:
        rows = given.get(fact.name, [])
        if rows or stated == 0:
            elements = [dict(_cells(row, self.lists[fact.name])) for row in rows]
            values[fact.name] = elements
            self._nest(fact, fact.name, elements, given, issues)
        if stated is not None and stated != len(rows):
            expected = Words(f"{len(rows)}, the number of its rows", f"{len(rows)}，即其行数")
            issues.append(InputIssue(fact.name, str(stated), expected))

    def _nest(
        self,
        fact: Fact,
        path: str,
        elements: list[dict[str, object]],
        given: Mapping[str, list[Row]],
        issues: list[InputIssue],
    ) -> None:
        """Put the rows of nested lists into the elements that they name by their key."""
        record = self.model.records_by_name[fact.type.name]
        for inner in record.fields:
            name = f"{path}.{inner.name}"
            if inner.type.kind != "list" or name not in given:
                continue
            keys = [_word(each.get(record.key or "")) for each in elements]
            owners = {key: each for key, each in zip(keys, elements, strict=True) if key}
            for row in given[name]:
                parent = _word(row["parent"])
                owner = owners.get(parent)
                if owner is None:
                    issues.append(InputIssue(f"{name}.parent", shown(row["parent"]) if parent else "", _PARENT))
                    continue
                listed = owner.setdefault(inner.name, [])
                listed.append(dict(_cells(row, self.lists[name])))  # type: ignore[attr-defined]  # a list, just made
            for owner in elements:
                nested = owner.get(inner.name)
                if isinstance(nested, list):
                    self._nest(inner, name, nested, given, issues)


def _stated(fact: Fact, cell: object, issues: list[InputIssue]) -> object:
    """Return how many rows a list has by the cell that says so; what is no number of rows goes to the issues."""
    try:
        return _COUNTED(cell)
    except Unfit as unfit:
        issues += [InputIssue(fact.name, each.value, each.expected) for each in unfit.problems]
        return None


def _word(cell: object) -> str:
    """Return the text by which elements are told apart."""
    return "" if cell is None else str(cell).strip()


def _marks(row: Row, layout: Layout) -> dict[str, object]:
    found = {mark: row[column] for mark, column in layout.marks.items()}
    return {mark: str(value) for mark, value in found.items() if isinstance(value, (str, int))}


def _cells(row: Row, layout: Layout) -> Iterator[tuple[str, object]]:
    """Yield the values of one row by fact; sets by member, series by year."""
    parts: dict[str, dict[str, object]] = {}
    for each in layout.parts:
        value = row[each.column]
        if each.fact is None or each.fact.type.kind == "list":
            continue
        if each.part is None:
            if value is not None:
                yield each.fact.name, value
        elif each.fact.type.kind == "set" or value != _NO_YEAR:
            parts.setdefault(each.fact.name, {})[each.part] = value
    for name, held in parts.items():
        if any(value is not None for value in held.values()):
            yield name, held
