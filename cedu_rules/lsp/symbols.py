"""What a file declares into symbols by name space, the parts that could be read; nothing is resolved yet."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import Factory, define, field, frozen

from cedu_rules.source import Span
from cedu_rules.syntax import nodes

SymbolKind = Literal["fact", "field", "let", "param", "type", "record", "unit", "clause", "member", "variable"]

Declaration: TypeAlias = (
    nodes.FactDeclaration
    | nodes.Shown
    | nodes.Judged
    | nodes.LetDeclaration
    | nodes.ParamDeclaration
    | nodes.TypeDeclaration
    | nodes.RecordDeclaration
    | nodes.UnitDeclaration
    | nodes.ClauseDeclaration
    | nodes.Member
    | nodes.Comprehension
)


@frozen(eq=False)
class Symbol:
    """Something that has a name: its declaration, and whose it is.

    `owner` is the record of a field or let, the path of the type of a member (`Teacher.degree`), the record that a
    variable runs through, else empty. `span` is that of the name where it is declared.
    """

    kind: SymbolKind
    name: str
    owner: str
    span: Span = field(repr=False)
    node: Declaration = field(repr=False)


@define(eq=False)
class Symbols:
    """The symbols of a file by name space; the first of a name counts."""

    values: dict[str, Symbol] = Factory(dict)
    types: dict[str, Symbol] = Factory(dict)
    units: dict[str, Symbol] = Factory(dict)
    clauses: dict[str, Symbol] = Factory(dict)
    fields: dict[str, dict[str, Symbol]] = Factory(dict)
    """The fields and lets of each record."""
    members: dict[str, dict[str, Symbol]] = Factory(dict)
    """The members of each type, by its path."""
    sections: list[nodes.SectionDeclaration] = Factory(list)

    def everything(self) -> Iterable[Symbol]:
        """Return all symbols but variables, in no order that means anything."""
        spaces = [self.values, self.types, self.units, self.clauses, *self.fields.values(), *self.members.values()]
        return [symbol for space in spaces for symbol in space.values()]

    def fact_of_members(self, path: str) -> Symbol | None:
        """Return the fact, field or type whose members the path names."""
        record, _, name = path.rpartition(".")
        if record:
            return self.fields.get(record, {}).get(name)
        return self.types.get(name) or self.values.get(name)


def collect(items: Iterable[nodes.Item]) -> Symbols:  # noqa: C901 -- one flat table
    """Return what the items of a file declare."""
    found = Symbols()
    for item in items:
        match item:
            case nodes.FactsBlock():
                for part in item.items:
                    _fact(found, part, "")
            case nodes.LetDeclaration():
                _enter(found.values, Symbol("let", item.name.text, "", item.name.span, item))
            case nodes.ParamDeclaration():
                _enter(found.values, Symbol("param", item.name.text, "", item.name.span, item))
            case nodes.TypeDeclaration():
                _enter(found.types, Symbol("type", item.name.text, "", item.name.span, item))
                _members(found, item.type, item.name.text)
            case nodes.UnitDeclaration():
                _enter(found.units, Symbol("unit", item.name.text, "", item.name.span, item))
            case nodes.RecordDeclaration():
                _record(found, item)
            case nodes.SectionDeclaration():
                found.sections.append(item)
                for clause in item.clauses:
                    _clause(found, clause)
    return found


def _enter(space: dict[str, Symbol], symbol: Symbol) -> None:
    space.setdefault(symbol.name, symbol)


def _record(found: Symbols, item: nodes.RecordDeclaration) -> None:
    name = item.name.text
    _enter(found.types, Symbol("record", name, "", item.name.span, item))
    found.fields.setdefault(name, {})
    for part in item.items:
        _fact(found, part, name)
    for let in item.lets:
        _enter(found.fields[name], Symbol("let", let.name.text, name, let.name.span, let))


def _fact(found: Symbols, part: nodes.FactDeclaration | nodes.CheckDeclaration, record: str) -> None:
    if isinstance(part, nodes.CheckDeclaration):
        return
    space = found.fields[record] if record else found.values
    _enter(space, Symbol("field" if record else "fact", part.name.text, record, part.name.span, part))
    _members(found, part.type, f"{record}.{part.name.text}" if record else part.name.text)


def _members(found: Symbols, type_: nodes.TypeExpression, path: str) -> None:
    if isinstance(type_, nodes.MembersType):
        _enter_members(found, type_.members, path)


def _enter_members(found: Symbols, members: tuple[nodes.Member, ...], path: str) -> None:
    space = found.members.setdefault(path, {})
    for member in members:
        _enter(space, Symbol("member", member.name.text, path, member.name.span, member))


def _clause(found: Symbols, clause: nodes.ClauseDeclaration) -> None:
    _enter(found.clauses, Symbol("clause", clause.name.text, "", clause.name.span, clause))
    for statement in clause.statements:
        demand = statement.demand if isinstance(statement, nodes.RequirementStatement) else None
        if isinstance(demand, nodes.Shown | nodes.Judged):
            _enter(found.values, Symbol("fact", demand.name.text, "", demand.name.span, demand))
        if isinstance(demand, nodes.Shown) and demand.members is not None:
            _enter_members(found, demand.members, demand.name.text)
