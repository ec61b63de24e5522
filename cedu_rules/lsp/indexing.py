"""A file into every place where a name of it stands, with what the name stands for there.

Names are resolved as the model resolves them: a variable, then what the record holds, then a fact, let or param, then a
member of the type of the other operand. What stands for nothing has no place in the index.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from attrs import Factory, define, field

from cedu_rules.lsp.inference import Types, View
from cedu_rules.lsp.symbols import Symbol, Symbols, collect
from cedu_rules.model.types import Type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes


class Occurrence(NamedTuple):
    """A name at a place; where several names are one word, the innermost counts."""

    span: Span
    symbol: Symbol


@define(eq=False)
class Index:
    """The symbols of a file, their types, and where each name stands, in the order of the text."""

    symbols: Symbols
    types: Types
    occurrences: list[Occurrence]
    views: list[tuple[Span, View]]
    """What can be seen inside of each aggregate and record, outer ones first."""
    _starts: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._starts = [each.span.start for each in self.occurrences]

    def at(self, offset: int) -> Occurrence | None:
        """Return the name that the offset is in, or right behind."""
        number = bisect_right(self._starts, offset)
        for each in reversed(self.occurrences[max(number - 2, 0) : number]):
            if each.span.start <= offset <= each.span.end:
                return each
        return None

    def of(self, symbol: Symbol) -> list[Occurrence]:
        """Return every place of a symbol, its declaration included."""
        return [each for each in self.occurrences if each.symbol is symbol]

    def view_at(self, offset: int) -> View:
        """Return what can be seen at a place, as far as it could be read."""
        inside = [view for span, view in self.views if span.start <= offset <= span.end]
        return inside[-1] if inside else View()


def index(file: nodes.File) -> Index:
    """Return the index of the parts of a file that could be read."""
    symbols = collect(file.items)
    walker = _Walker(symbols, Types(symbols))
    walker.file(file)
    unique = {(each.span.start, each.span.end): each for each in reversed(walker.found)}
    return Index(symbols, walker.types, sorted(unique.values(), key=lambda each: each.span.start), walker.views)


@define(eq=False)
class _Walker:
    symbols: Symbols
    types: Types
    found: list[Occurrence] = Factory(list)
    views: list[tuple[Span, View]] = Factory(list)

    def _add(self, span: Span, symbol: Symbol | None) -> None:
        if symbol is not None:
            self.found.append(Occurrence(span, symbol))

    def file(self, file: nodes.File) -> None:  # noqa: C901 -- one flat table
        for symbol in self.symbols.everything():
            self._add(symbol.span, symbol)
        for item in file.items:
            match item:
                case nodes.FactsBlock():
                    self._parts(item.items, View())
                case nodes.RecordDeclaration():
                    self._record(item)
                case nodes.LetDeclaration() | nodes.ParamDeclaration():
                    self.expression(item.value, View())
                case nodes.TypeDeclaration():
                    self._type(item.type)
                case nodes.UnitDeclaration() if item.value is not None:
                    self.expression(item.value, View())
                case nodes.SectionDeclaration():
                    if item.guard is not None:
                        self.expression(item.guard, View())
                    for clause in item.clauses:
                        self._clause(clause)

    # --- declarations ------------------------------------------------------------------------------------------------

    def _record(self, item: nodes.RecordDeclaration) -> None:
        view = View(item.name.text)
        self.views.append((item.span, view))
        if item.key is not None:
            self._add(item.key.span, self.symbols.fields[item.name.text].get(item.key.text))
        self._parts(item.items, view)
        for let in item.lets:
            self.expression(let.value, view)

    def _parts(self, parts: Iterable[nodes.FactDeclaration | nodes.CheckDeclaration], view: View) -> None:
        for part in parts:
            if isinstance(part, nodes.CheckDeclaration):
                self.expression(part.condition, view)
                continue
            self._type(part.type)
            if part.condition is not None:
                self.expression(part.condition, view)
            if part.otherwise is not None:
                symbol = self.types.find(part.name.text, view)
                expected = None if symbol is None else self.types.of_symbol(symbol)
                self._constant(part.otherwise, expected, view)

    def _type(self, written: nodes.TypeExpression) -> None:
        match written:
            case nodes.NamedType(name=name):
                self._add(name.span, self.symbols.types.get(name.text))
                self._unit(name)
            case nodes.ListType(record=record):
                self._add(record.span, self.symbols.types.get(record.text))
            case nodes.RangedType(of=inner, low=low, high=high):
                self._type(inner)
                self.expression(low, View())
                self.expression(high, View())
            case nodes.SignedType(of=inner) | nodes.YearlyType(of=inner):
                self._type(inner)

    def _unit(self, name: nodes.Name) -> None:
        """Note a unit of the file; 万 and 亿 before it are no part of its name."""
        more = name.text[:1] in ("万", "亿") and name.text not in self.symbols.units
        symbol = self.symbols.units.get(name.text[more:])
        self._add(Span(name.span.source, name.span.start + more, name.span.end), symbol)

    def _clause(self, clause: nodes.ClauseDeclaration) -> None:
        for statement in clause.statements:
            match statement:
                case nodes.RequirementStatement(demand=demand):
                    if not isinstance(demand, nodes.Shown | nodes.Judged):
                        self.expression(demand, View())
                case nodes.GuardStatement(condition=condition):
                    self.expression(condition, View())
                case nodes.ExampleStatement(entries=entries):
                    self._entries(entries, self.symbols.values)

    # --- examples ----------------------------------------------------------------------------------------------------

    def _entries(self, entries: tuple[nodes.Entry, ...], known: dict[str, Symbol]) -> None:
        for entry in entries:
            symbol = known.get(entry.key.text)
            self._add(entry.key.span, symbol)
            self._value(entry.value, None if symbol is None else self.types.of_symbol(symbol))

    def _value(self, value: nodes.ExampleValue, type_: Type | None) -> None:
        members = {} if type_ is None else self.symbols.members.get(type_.name, {})
        match value:
            case nodes.UnknownValue() | nodes.AllMembers():
                return
            case nodes.BraceValue(members=names):
                for name in names:
                    self._add(name.span, members.get(name.text))
            case nodes.EntriesValue(entries=entries):
                for entry in entries:
                    self._add(entry.key.span, members.get(entry.key.text))
                    self._value(entry.value, None if type_ is None else type_.element)
            case nodes.ListValue(items=items):
                fields = self.symbols.fields.get(type_.name, {}) if type_ is not None else {}
                for item in items:
                    self._entries(item.entries, fields)
            case _:
                self._constant(value, type_, View())

    # --- expressions -------------------------------------------------------------------------------------------------

    def _constant(self, node: nodes.Expression, type_: Type | None, view: View) -> None:
        """Note a value where a name of a choice or level is a member and nothing else."""
        if isinstance(node, nodes.NameReference) and type_ is not None and type_.kind in ("choice", "level"):
            self._add(node.span, self.symbols.members.get(type_.name, {}).get(node.name))
        else:
            self.expression(node, view, type_)

    def expression(self, node: nodes.Expression, view: View, expected: Type | None = None) -> None:
        """Note every name in an expression; `expected` is the type whose members a bare name may be."""
        rule = _RULES.get(type(node))
        if rule is not None:
            rule(self, node, view, expected)

    def name(self, node: nodes.NameReference, view: View, expected: Type | None) -> None:
        if node.name in view.variables:
            return  # noted where the aggregate is walked
        symbol = self.types.find(node.name, view)
        if symbol is None and expected is not None:
            symbol = self.symbols.members.get(expected.name, {}).get(node.name)
        self._add(node.span, symbol)

    def field(self, node: nodes.FieldReference, view: View, _expected: Type | None) -> None:
        self.expression(node.record, view)
        self._add(node.field.span, self.types.field(node, view))

    def quantity(self, node: nodes.QuantityLiteral, _view: View, _expected: Type | None) -> None:
        self._unit(node.unit)

    def comparison(self, node: nodes.Comparison, view: View, _expected: Type | None) -> None:
        left, right = self.types.of(node.left, view), self.types.of(node.right, view)
        self.expression(node.left, view, right)
        self.expression(node.right, view, left)

    def between(self, node: nodes.Between, view: View, _expected: Type | None) -> None:
        type_ = self.types.of(node.value, view)
        for part in (node.value, node.low, node.high):
            self.expression(part, view, type_)

    def membership(self, node: nodes.Membership, view: View, _expected: Type | None) -> None:
        self.expression(node.value, view)
        type_ = self.types.of(node.value, view)
        for member in node.members:
            self._constant(member, type_, view)

    def inclusion(self, node: nodes.Inclusion, view: View, _expected: Type | None) -> None:
        self.expression(node.value, view)
        type_ = self.types.of(node.value, view)
        members = {} if type_ is None else self.symbols.members.get(type_.name, {})
        for name in node.members or ():
            self._add(name.span, members.get(name.text))

    def conditional(self, node: nodes.Conditional, view: View, expected: Type | None) -> None:
        self.expression(node.condition, view)
        branches = [node.consequence] if node.alternative is None else [node.consequence, node.alternative]
        known = expected or next((type_ for each in branches if (type_ := self.types.of(each, view))), None)
        for branch in branches:
            self.expression(branch, view, known)

    def table(self, node: nodes.Table, view: View, expected: Type | None) -> None:
        self.expression(node.selector, view)
        selector = self.types.of(node.selector, view)
        known = expected or self.types.of(node, view)
        for row in node.rows:
            if row.bound is not None:
                self._constant(row.bound, selector, view)
            self.expression(row.value, view, known)

    def call(self, node: nodes.Call, view: View, expected: Type | None) -> None:
        if node.function.text == "passes":
            for argument in node.arguments:
                if isinstance(argument, nodes.NameReference):
                    self._add(argument.span, self.symbols.clauses.get(argument.name))
            return
        known = next((type_ for each in node.arguments if (type_ := self.types.of(each, view))), expected)
        for argument in node.arguments:
            self.expression(argument, view, known)

    def comprehension(self, node: nodes.Comprehension, view: View, _expected: Type | None) -> None:
        self.expression(node.source, view)
        inner = self.types.inside(node, view)
        record = inner.variables[node.variable.text]
        variable = Symbol("variable", node.variable.text, record, node.variable.span, node)
        self.views.append((node.span, inner))
        self._add(node.variable.span, variable)
        for part in (node.body, node.condition):
            if part is not None:
                self.expression(part, inner)
                for reference in _references(part, node.variable.text):
                    self._add(reference.span, variable)

    def parts(self, node: Any, view: View, _expected: Type | None) -> None:  # noqa: ANN401
        """Walk the operands of a node that gives them no meaning of their own."""
        for part in _parts_of(node):
            self.expression(part, view)


def _parts_of(node: Any) -> Iterable[nodes.Expression]:  # noqa: ANN401, C901, PLR0912 -- one flat table
    match node:
        case nodes.Negation(operand=operand) | nodes.Minus(operand=operand):
            return (operand,)
        case nodes.Conjunction(limbs=limbs) | nodes.Disjunction(limbs=limbs):
            return limbs
        case nodes.AtLeast():
            return (node.number, *node.limbs)
        case nodes.Arithmetic():
            return (node.first, *(operand for _, operand in node.rest))
        case nodes.Index():
            return (node.series, node.index)
        case nodes.Comparison():
            return (node.left, node.right)
        case nodes.Between():
            return (node.value, node.low, node.high)
        case nodes.Membership():
            return (node.value, *node.members)
        case nodes.Inclusion():
            return (node.value,)
        case nodes.Conditional():
            return [part for part in (node.condition, node.consequence, node.alternative) if part is not None]
        case nodes.Table():
            cells = [cell for row in node.rows for cell in (row.bound, row.value) if cell is not None]
            return (node.selector, *cells)
        case nodes.Call():
            return node.arguments
        case nodes.Comprehension():
            return [part for part in (node.source, node.body, node.condition) if part is not None]
        case nodes.FieldReference():
            return (node.record,)
    return ()


def _references(node: nodes.Expression, name: str) -> Iterable[nodes.NameReference]:
    """Yield every use of a variable in an expression; inner variables have other names."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, nodes.NameReference) and part.name == name:
            yield part
        waiting.extend(_parts_of(part))


_Rule = Callable[[_Walker, Any, View, Type | None], None]
_RULES: dict[type, _Rule] = {
    nodes.NameReference: _Walker.name,
    nodes.FieldReference: _Walker.field,
    nodes.QuantityLiteral: _Walker.quantity,
    nodes.Comparison: _Walker.comparison,
    nodes.Between: _Walker.between,
    nodes.Membership: _Walker.membership,
    nodes.Inclusion: _Walker.inclusion,
    nodes.Conditional: _Walker.conditional,
    nodes.Table: _Walker.table,
    nodes.Call: _Walker.call,
    nodes.Comprehension: _Walker.comprehension,
    **dict.fromkeys(
        (
            nodes.Negation,
            nodes.Minus,
            nodes.Conjunction,
            nodes.Disjunction,
            nodes.AtLeast,
            nodes.Arithmetic,
            nodes.Index,
        ),
        _Walker.parts,
    ),
}
