"""A model into the sheets of a form: one for the institutions, one for each list, and those of the inspector.

A header is chosen so that the reader of tables takes it for the same fact: by label with its unit where that is clear,
else by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from cedu_rules.data.entries import Extras
from cedu_rules.data.layout import INSTITUTION, LIST, NESTED_LIST, Column, Layout, loose
from cedu_rules.data.lists import Lists, Path
from cedu_rules.data.sheet_names import JUDGED_LIST, OWN, is_explanation, sheet_name
from cedu_rules.data.tables import COLUMNS_LIMIT
from cedu_rules.diagnostics import InputError, InputIssue, UnsupportedError
from cedu_rules.facts import INSPECTOR, FactRow, fact_table, unit_in_words
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import BOOL, COUNT, TEXT, Type
from cedu_rules.records import Record
from cedu_rules.records.numbers import fold
from cedu_rules.records.problems import shown
from cedu_rules.units import PERCENT

Audience: TypeAlias = Literal["institution", "inspector"]
Known: TypeAlias = Record | Mapping[str, Any]
"""What is known of one institution: a record, or its public values by name."""

_ID = Words("an id, which ties its sheets together", "编号（用于关联各工作表）")
_OWN_ID = Words("an id of its own", "各不相同的编号")
_KEY = Words("a value; it ties the sheets of the list together", "填写的值（用于关联名单的各工作表）")


@frozen
class FormColumn:
    """A column: a mark such as `id`, a fact (of a set one member, of a series one year), or the column to group by."""

    header: str
    mark: str | None = None
    row: FactRow | None = None
    part: str | None = None
    group: str | None = None

    @property
    def type(self) -> Type:
        """The type of one cell."""
        if self.row is None:
            return TEXT
        type_ = self.row.fact.type
        match type_.kind:
            case "set":
                return BOOL
            case "list":
                return COUNT
        return type_.element or type_

    @property
    def yearly(self) -> bool:
        """Whether a cell may hold `-` for a year that is not in the series."""
        return self.row is not None and self.row.fact.type.kind == "series"


@frozen
class FormSheet:
    """A sheet: its title, who fills it in, the list that it holds (nothing: the institutions), columns and rows.

    The cells of a row are public values; `-` is a year that is not in a series.
    """

    title: str
    audience: str
    path: Path
    judged: bool
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[object, ...], ...] = field(repr=False)


@frozen
class Form:
    """All sheets of a form, and the table of facts behind them."""

    model: Model = field(repr=False)
    language: str
    sheets: tuple[FormSheet, ...]
    facts: tuple[FactRow, ...] = field(repr=False)
    lists: Lists = field(repr=False)

    def free_title(self, words: Words) -> str:
        """Return a title for a sheet of explanations that no list bears."""
        word = words.zh if self.language == "zh" else words.en
        taken = {sheet.title.lower() for sheet in self.sheets}
        titles = (word, *(f"{word} ({number})" for number in range(2, 100)))
        return next(title for title in titles if not self.lists.of_stem(title) and title.lower() not in taken)


def form_of(
    model: Model,
    *,
    language: str = "zh",
    audience: Audience | None = None,
    years: Sequence[int] = (),
    known: Sequence[Known] = (),
    group: str | None = None,
) -> Form:
    """Return the form of a standard, filled in with what is known.

    Args:
        model: The standard.
        language: `zh` or `en`: of headers, titles and explanations. Labels stay in the language of the standard.
        audience: Whose sheets are wanted; None for both.
        years: The years that series get a column for, besides those that are known.
        known: What is known of institutions.
        group: A column to group by, such as a town, that is no fact; mappings in `known` may hold it under this name.

    Raises:
        InputError: institutions share an id, or lack one where rows on other sheets refer to it.
        UnsupportedError: nothing is judged and the inspector's form is wanted, a table has too many columns, or a list
            stands in a record without a key, so that no row could name what it belongs to.
    """
    maker = _Maker(model, language, _years(model, years, known), known)
    maker.group, maker.grouped = group_column(model, group), audience or "institution"
    sheets = tuple(sheet for sheet in maker.sheets() if audience in {None, sheet.audience})
    if not sheets:
        raise UnsupportedError([f"a form for the inspector, since `{model.id}` has no judged facts"])
    for sheet in sheets:
        if len(sheet.columns) > COLUMNS_LIMIT:
            raise UnsupportedError([f"a table of more than {COLUMNS_LIMIT} columns"])
    if len(sheets) > 1:
        _check_ids(known)
    return Form(model, language, sheets, maker.facts, maker.lists)


def value_of(known: Known, name: str) -> Any:  # noqa: ANN401 -- a public value of any type
    """Return a public value of an institution or element."""
    return known.get(name) if isinstance(known, Mapping) else getattr(known, name, None)


def group_column(model: Model, group: str | None) -> str | None:
    """Return the header of the column to group by, None where there is none or a fact's column is meant."""
    if group is None or not loose(group):
        return None
    layout = Layout(Words("a fact", "事实"), model.facts, model.units, INSTITUTION)
    return None if isinstance(layout.find(group), Column) else group.strip()


def _check_ids(known: Sequence[Known]) -> None:
    seen: set[str] = set()
    issues = []
    for each in known:
        id_ = value_of(each, "id")
        key = fold(str(id_ or ""))
        if not key:
            issues.append(InputIssue("id", "", _ID))
        elif key in seen:
            issues.append(InputIssue("id", shown(id_), _OWN_ID))
        seen.add(key)
    if issues:
        raise InputError(issues)


def _years(model: Model, years: Sequence[int], known: Sequence[Known]) -> tuple[int, ...]:
    """Return the years of all series, and one more where a series would look missing without it."""
    found = set(years)
    given = [value for each in known for value in _series(model, model.facts, each)]
    for value in given:
        found |= set(value)
    if found and any(set(value) == found and set(value.values()) == {None} for value in given):
        found.add(max(found) + 1)
    return tuple(sorted(found))


def _series(model: Model, facts: Sequence[Fact], known: Known) -> Iterator[Mapping[int, object]]:
    """Yield the series of an institution and of the elements of its lists."""
    for fact in facts:
        value = value_of(known, fact.name)
        if value and fact.type.kind == "series":
            yield value
        elif value and fact.type.kind == "list":
            fields = model.records_by_name[fact.type.name].fields
            for element in value:
                yield from _series(model, fields, element)


class _Maker:
    """Makes the sheets of one form."""

    def __init__(self, model: Model, language: str, years: tuple[int, ...], known: Sequence[Known]) -> None:
        self.model = model
        self.language = language
        self.years = years
        self.known = known
        self.facts = fact_table(model)
        self.rows = {(row.owner, row.fact.name): row for row in self.facts}
        self.lists = Lists(model, Extras.named(None, ()))
        self.titles: set[str] = set()
        self.group: str | None = None
        self.grouped = "institution"

    def sheets(self) -> Iterator[FormSheet]:
        """Yield the sheets of the institution, those of its lists, and then the inspector's."""
        found = list(self._all())
        yield from (sheet for sheet in found if sheet.audience != INSPECTOR)
        yield from (sheet for sheet in found if sheet.audience == INSPECTOR)

    def _all(self) -> Iterator[FormSheet]:
        lists = list(self._lists((), self.model.facts, judged=False))
        owner = Words("a fact", "事实")
        layout = Layout(owner, self.model.facts, self.model.units, INSTITUTION)
        judged = [fact for fact in self.model.facts if fact.kind == "judged"]
        others = [fact for fact in self.model.facts if fact.kind != "judged"]
        for name, facts in (("institution", others), ("inspector", judged)):
            if facts or name == "institution":
                columns = self._columns(layout, "", tuple(INSTITUTION), facts)
                if self.group is not None and name == self.grouped:
                    marks = len(INSTITUTION)
                    columns = (*columns[:marks], FormColumn(self.group, group=self.group), *columns[marks:])
                rows = tuple(self._cells(each, columns, each) for each in self.known)
                title = self._own_title(OWN.institution if name == "institution" else OWN.inspector)
                yield FormSheet(title, name, (), name == "inspector", columns, rows)
        yield from lists

    def _lists(self, above: Path, facts: Sequence[Fact], *, judged: bool) -> Iterator[FormSheet]:
        """Yield the sheets of the lists among the facts, and of those inside them."""
        for fact in facts:
            if fact.type.kind != "list":
                continue
            record = self.model.records_by_name[fact.type.name]
            path = (*above, fact.name)
            whole = judged or fact.kind == "judged"
            apart = [] if whole or record.key is None else self._judged_fields(fact)
            own = [each for each in record.fields if each not in apart]
            yield self._list(path, own, whole=whole, apart=False)
            if apart:
                yield self._list(path, [record.fields_by_name[record.key or ""], *apart], whole=True, apart=True)
            yield from self._lists(path, record.fields, judged=whole)

    def _judged_fields(self, fact: Fact) -> list[Fact]:
        record = self.model.records_by_name[fact.type.name]
        return [each for each in record.fields if each.kind == "judged" and each.name != record.key]

    def _list(self, path: Path, fields: Sequence[Fact], *, whole: bool, apart: bool) -> FormSheet:
        list_ = self.lists.lists[path]
        above = self.lists.lists.get(path[:-1])
        if above is not None and above.key is None:
            name = ".".join(path)
            raise UnsupportedError(
                [f"a table for `{name}`, since `{above.fact.type.name}` has no key; JSON and YAML nest it"]
            )
        marks = tuple(NESTED_LIST if len(path) > 1 else LIST)
        columns = self._columns(list_.layout, list_.fact.type.name, marks, fields)
        rows = tuple(
            self._cells(element, columns, owner, parent)
            for owner in self.known
            for element, parent in self._elements(owner, path)
            if not (apart and self._unkeyed(element, list_.key or "", fields))
        )
        return FormSheet(
            self._list_title(path, apart=apart), INSPECTOR if whole else "institution", path, apart, columns, rows
        )

    @staticmethod
    def _unkeyed(element: Known, key: str, fields: Sequence[Fact]) -> bool:
        """Return whether an element without a key has nothing to tell on a second sheet either."""
        if value_of(element, key) is not None:
            return False
        if any(value_of(element, each.name) is not None for each in fields):
            raise InputError([InputIssue(key, "", _KEY)])
        return True

    def _elements(self, owner: Known, path: Path) -> Iterator[tuple[Known, object]]:
        """Yield the elements of a list with the key of the element that holds them."""
        elements: list[tuple[Known, object]] = [(owner, None)]
        for depth, name in enumerate(path):
            key = self.lists.lists[path[:depth]].key if depth else None
            inner = []
            for element, _ in elements:
                held = value_of(element, name) or ()
                parent = None if key is None else value_of(element, key)
                if held and depth and parent is None:
                    raise InputError([InputIssue(".".join(path), "", _KEY)])
                inner += [(each, parent) for each in held]
            elements = inner
        return iter(elements)

    def _cells(
        self, known: Known, columns: Sequence[FormColumn], owner: Known, parent: object = None
    ) -> tuple[object, ...]:
        marks = {"institution": value_of(owner, "id"), "parent": parent}
        return tuple(
            (marks[column.mark] if column.mark in marks else value_of(known, column.mark))
            if column.mark is not None
            else _cell(known, column)
            for column in columns
        )

    # --- headers and titles ---

    def _columns(
        self, layout: Layout, owner: str, marks: Sequence[str], facts: Sequence[Fact]
    ) -> tuple[FormColumn, ...]:
        found = [FormColumn(self._mark(layout, mark), mark=mark) for mark in marks]
        for fact in facts:
            row = self.rows[owner, fact.name]
            found += [FormColumn(self._header(layout, row, part), row=row, part=part) for part in self._parts(fact)]
        return tuple(found)

    def _parts(self, fact: Fact) -> list[str | None]:
        match fact.type.kind:
            case "set":
                return [member.name for member in fact.type.members]
            case "series":
                return [str(year) for year in self.years]
        return [None]

    def _mark(self, layout: Layout, mark: str) -> str:
        words: tuple[str, ...] = (INSTITUTION | NESTED_LIST)[mark] if self.language == "zh" else ()
        for word in (*words, mark):
            found = layout.find(word)
            if isinstance(found, Column) and found.mark == mark:
                return word
        return mark

    def _header(self, layout: Layout, row: FactRow, part: str | None) -> str:
        fact = row.fact
        path = fact.name if part is None else f"{fact.name}.{part}"
        own = fact.type.element or fact.type
        unit = "" if own.kind != "number" else unit_in_words(own.unit, self.language)
        for word in self._words(fact, part):
            for text in (*self._with_unit(word, unit), word):
                found = layout.find(text)
                if isinstance(found, Column) and found.path == path and found.unit in {None, PERCENT}:
                    return text
        return path

    def _words(self, fact: Fact, part: str | None) -> Iterator[str]:
        """Yield what the column may be called, the best first."""
        labels = self.language == self.model.language
        for word in (fact.label, fact.name) if labels else (fact.name, fact.label):
            if part is None:
                yield word
            elif fact.type.kind == "series":
                yield f"{word}.{part}{'年' if self.language == 'zh' else ''}"
            else:
                member = next(each for each in fact.type.members if each.name == part)
                yield from (f"{word}.{each}" for each in ((member.label, part) if labels else (part, member.label)))

    def _with_unit(self, word: str, unit: str) -> tuple[str, ...]:
        if not unit:
            return ()
        return (f"{word}（{unit}）",) if self.language == "zh" else (f"{word} ({unit})",)

    def _own_title(self, words: Words) -> str:
        word = words.zh if self.language == "zh" else words.en
        titles = (word, *(f"{word}{number}" for number in range(2, 100)))
        title: str = next(
            title for title in titles if not self.lists.of_stem(title) and title.lower() not in self.titles
        )
        self.titles.add(title.lower())
        return title

    def _list_title(self, path: Path, *, apart: bool) -> str:
        fact = self.lists.lists[path].fact
        ending = (JUDGED_LIST.zh if self.language == "zh" else JUDGED_LIST.en) if apart else ""
        words = [fact.label, fact.name] if self.language == self.model.language else [fact.name, fact.label]
        for word in (*words, ".".join(path)):
            title = sheet_name(word, ending)
            free = title.lower() not in self.titles and not is_explanation(title)
            if free and self.lists.of_stem(title) == [path]:
                self.titles.add(title.lower())
                return title
        raise UnsupportedError([f"a sheet for the list `{'.'.join(path)}`, since another list has the same name"])


def _cell(known: Known, column: FormColumn) -> object:
    """Return the public value that stands in a cell."""
    if column.group is not None:
        return known.get(column.group) or None if isinstance(known, Mapping) else None
    if column.row is None:
        return None
    fact = column.row.fact
    value = value_of(known, fact.name)
    if value is None:
        return None
    match fact.type.kind:
        case "set":
            return value.get(column.part)
        case "series":
            return value.get(int(column.part or 0), "-")
        case "list":
            return None if value else 0
    return value
