"""Expressions as written into their types, as far as names tell; where something is wrong the answer is None.

The model knows more, but only of what is right; an editor asks about statements that are not yet.
"""

from collections.abc import Mapping
from fractions import Fraction

from attrs import Factory, define, evolve, frozen

from cedu_rules.lsp.symbols import Symbol, Symbols
from cedu_rules.model.types import BOOL, BUILT_IN, COUNT, DATE, NUMBER, TEXT, Member, Type, number_type
from cedu_rules.syntax import nodes
from cedu_rules.units import ONE, PERCENT, UNITS, Dimension, Unit, find_unit, multiply_dimensions

_DEEPEST = 60
_WHOLE = frozenset({"ceil", "floor", "round", "count", "year"})
_CONDITIONS = frozenset({"all", "any", "rises", "falls", "passes"})


@frozen
class View:
    """What an expression sees: its record, and the records that its variables run through."""

    record: str = ""
    variables: Mapping[str, str] = Factory(dict)

    def with_variable(self, name: str, record: str) -> "View":
        """Return the view inside an aggregate."""
        return evolve(self, variables={**self.variables, name: record})


@define(eq=False)
class Types:
    """The types of the symbols of a file, each found when it is first asked for."""

    symbols: Symbols
    _known: dict[Symbol, Type | None] = Factory(dict)
    _nesting: int = 0

    def find(self, name: str, view: View) -> Symbol | None:
        """Return what a name stands for in a view, variables and members left aside."""
        own = self.symbols.fields.get(view.record, {}) if view.record else {}
        return own.get(name) or self.symbols.values.get(name)

    def of_symbol(self, symbol: Symbol) -> Type | None:
        """Return the type of what the symbol names, or None."""
        if symbol not in self._known:
            self._known[symbol] = None  # a circle has no type
            self._known[symbol] = self._declared(symbol)
        return self._known[symbol]

    def _declared(self, symbol: Symbol) -> Type | None:
        path = f"{symbol.owner}.{symbol.name}" if symbol.owner else symbol.name
        match symbol.node:
            case nodes.FactDeclaration(type=written):
                return self.of_type(written, path)
            case nodes.TypeDeclaration(type=written):
                return self.of_type(written, symbol.name)
            case nodes.Judged():
                return BOOL
            case nodes.Shown(members=members):
                return BOOL if members is None else Type("set", name=path, members=_members(members))
            case nodes.LetDeclaration(value=value) | nodes.ParamDeclaration(value=value):
                return self.of(value, View(symbol.owner))
            case nodes.Member():
                owner = self.symbols.fact_of_members(symbol.owner)
                return None if owner is None else self.of_symbol(owner)
            case nodes.RecordDeclaration() | nodes.Comprehension():
                return Type("record", name=symbol.owner or symbol.name)
        return None

    def of_type(self, written: nodes.TypeExpression, path: str) -> Type | None:
        """Return the type that a type expression names; `path` is what members declared in it go by."""
        match written:
            case nodes.NamedType(name=name):
                return self._named(name.text)
            case nodes.MembersType():
                return Type(written.form, name=path, members=_members(written.members))
            case nodes.SignedType(of=inner) | nodes.RangedType(of=inner):
                return self.of_type(inner, path)
            case nodes.YearlyType(of=inner):
                element = self.of_type(inner, path)
                return None if element is None else Type("series", element=element)
            case nodes.ListType(record=record):
                return Type("list", name=record.text)
        return None

    def _named(self, word: str) -> Type | None:
        if word in BUILT_IN:
            return BUILT_IN[word]
        declared = self.symbols.types.get(word)
        if declared is not None:
            return self.of_symbol(declared) if declared.kind == "type" else None
        unit = self.unit(word)
        return None if unit is None else number_type(unit.dimension, whole=unit.counter, unit=unit)

    def unit(self, word: str) -> Unit | None:
        """Return the unit of a word, one of the file's own too."""
        known = UNITS.get(word) or find_unit(word)
        if known is not None:
            return known
        word = word[1:] if word[:1] in ("万", "亿") and word not in self.symbols.units else word
        symbol = self.symbols.units.get(word)
        if symbol is None or not isinstance(symbol.node, nodes.UnitDeclaration):
            return None
        if symbol.node.value is None:
            return Unit(word, ((word, 1),), Fraction(1))
        if symbol not in self._known:
            self._known[symbol] = None
            self._known[symbol] = self.of(symbol.node.value, View())
        type_ = self._known[symbol]
        return None if type_ is None else Unit(word, type_.dimension, Fraction(1), counter=not type_.dimension)

    # --- expressions -------------------------------------------------------------------------------------------------

    def of(self, node: nodes.Expression, view: View) -> Type | None:
        """Return the type of an expression, or None where nothing tells it."""
        if self._nesting >= _DEEPEST:
            return None
        self._nesting += 1
        try:
            return self._of(node, view)
        finally:
            self._nesting -= 1

    def _of(self, node: nodes.Expression, view: View) -> Type | None:  # noqa: C901, PLR0912 -- one flat table
        match node:
            case nodes.NumberLiteral():
                return NUMBER
            case nodes.QuantityLiteral(unit=word):
                unit = PERCENT if word.text == "%" else self.unit(word.text)
                return None if unit is None else number_type(unit.dimension, unit=unit, whole=unit.counter)
            case nodes.TextLiteral():
                return TEXT
            case nodes.DateLiteral():
                return DATE
            case nodes.NameReference():
                return self._of_name(node.name, view)
            case nodes.FieldReference():
                return self._of_field(node, view)
            case nodes.Index(series=series):
                return _year_of(self.of(series, view))
            case nodes.Minus(operand=operand):
                return self.of(operand, view)
            case nodes.Arithmetic():
                return self._of_arithmetic(node, view)
            case nodes.Conditional(consequence=first, alternative=second):
                return BOOL if second is None else self.of(first, view) or self.of(second, view)
            case nodes.Table(rows=rows):
                return next((type_ for row in rows if (type_ := self.of(row.value, view)) is not None), None)
            case nodes.Call():
                return self._of_call(node, view)
            case nodes.Comprehension():
                return self._of_comprehension(node, view)
            case nodes.Erroneous():
                return None
        return BOOL

    def _of_name(self, name: str, view: View) -> Type | None:
        if name in view.variables:
            return Type("record", name=view.variables[name])
        symbol = self.find(name, view)
        if symbol is not None:
            return self.of_symbol(symbol)
        return {"assessed_on": DATE, "assessed_year": COUNT}.get(name)

    def field(self, node: nodes.FieldReference, view: View) -> Symbol | None:
        """Return the field or let that `t.name` reads, or None."""
        record = self.of(node.record, view)
        if record is None or record.kind != "record":
            return None
        return self.symbols.fields.get(record.name, {}).get(node.field.text)

    def _of_field(self, node: nodes.FieldReference, view: View) -> Type | None:
        symbol = self.field(node, view)
        return None if symbol is None else self.of_symbol(symbol)

    def _of_arithmetic(self, node: nodes.Arithmetic, view: View) -> Type | None:
        first = self.of(node.first, view)
        if first is None:
            return None
        for sign, operand in node.rest:
            second = self.of(operand, view)
            if second is None:
                return None
            first = _joined(sign, first, second)
        return first

    def _of_call(self, node: nodes.Call, view: View) -> Type | None:
        name = node.function.text
        if name in _CONDITIONS:
            return BOOL
        if name in _WHOLE:
            return COUNT
        argument = self.of(node.arguments[0], view) if node.arguments else None
        return _year_of(argument) if name in ("latest", "average") else argument

    def _of_comprehension(self, node: nodes.Comprehension, view: View) -> Type | None:
        name = node.function.text
        if name in _CONDITIONS:
            return BOOL
        if name == "count":
            return COUNT
        return self.of(node.body, self.inside(node, view))

    def inside(self, node: nodes.Comprehension, view: View) -> View:
        """Return the view of what stands before `for` and behind `where`."""
        listed = self.of(node.source, view)
        return view.with_variable(node.variable.text, listed.name if listed is not None else "")


def _members(members: tuple[nodes.Member, ...]) -> tuple[Member, ...]:
    return tuple(Member(member.name.text, tuple(label.value for label in member.labels)) for member in members)


def _year_of(type_: Type | None) -> Type | None:
    return None if type_ is None else type_.element or type_


def _joined(sign: str, first: Type, second: Type) -> Type:
    """Return the type of `first sign second`."""
    left, right = first.element or first, second.element or second
    if left.kind == "date" or right.kind == "date":
        days = UNITS["days"]
        return number_type(days.dimension, unit=days) if sign == "-" and right.kind == "date" else DATE
    if sign in ("+", "-"):
        found = left if left.unit != ONE else right if right.unit != ONE and not left.dimension else left
        found = number_type(left.dimension or right.dimension, unit=found.unit, whole=left.whole and right.whole)
    else:
        dimension = multiply_dimensions(left.dimension, right.dimension, 1 if sign == "*" else -1)
        found = number_type(
            dimension, unit=_unit_of(dimension, left, right), whole=sign == "*" and left.whole and right.whole
        )
    return Type("series", element=found) if "series" in (first.kind, second.kind) else found


def _unit_of(dimension: Dimension, left: Type, right: Type) -> Unit:
    """Return the unit in which a product would be written: that of the operand with its dimension."""
    return next((type_.unit for type_ in (left, right) if dimension and type_.dimension == dimension), ONE)
