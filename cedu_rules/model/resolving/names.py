"""Literals and names into expressions."""

from cedu_rules.diagnostics import Hint
from cedu_rules.messages import Words
from cedu_rules.model import hints, operations
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver
from cedu_rules.model.scope import FactEntry, LetEntry, Scope
from cedu_rules.model.types import DATE, FAULTY, TEXT, Type, describe, number_type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes
from cedu_rules.units import ONE, PERCENT, find_unit

_EXPECTED_NAME = Words("a fact, let or param", "事实、let 或 param")


def number(_resolver: Resolver, node: nodes.NumberLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
    """`500`."""
    return operations.number(node.value, ONE, node.span)


def quantity(resolver: Resolver, node: nodes.QuantityLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
    """`500 m2`, `8%`."""
    unit = PERCENT if node.unit.text == "%" else find_unit(node.unit.text, resolver.names.units)
    if unit is None:
        resolver.unknown_unit(node.unit, node.span.text[: node.unit.span.start - node.span.start].rstrip())
        return None
    return operations.number(node.value * unit.factor, unit, node.span)


def text(_resolver: Resolver, node: nodes.TextLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
    """`"text"`."""
    return operations.constant(node.value, TEXT, node.span)


def day(_resolver: Resolver, node: nodes.DateLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
    """`2022-09-01`."""
    return operations.date_constant(node.value, node.span)


def truth(_resolver: Resolver, node: nodes.BoolLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
    """`yes`, `no`."""
    return operations.truth(node.value, node.span)


def erroneous(_resolver: Resolver, _node: nodes.Erroneous, _scope: Scope, _expected: Type | None) -> Resolved:
    """Nothing: the parser has told."""
    return None  # the parser has told


def name(resolver: Resolver, node: nodes.NameReference, scope: Scope, expected: Type | None) -> Resolved:
    """`area`, or a bare member of the expected type."""
    is_member = (
        expected is not None and expected.kind in {"choice", "level"} and expected.position(node.name) is not None
    )
    if not scope.sees(node.name):
        if is_member and expected is not None:
            return operations.constant(node.name, expected, node.span)
        _unknown_name(resolver, node, scope, expected)
        return None
    if is_member:
        resolver.findings.add(
            "ambiguous-name", node.span, Hint("member-in-braces", {"name": node.name}), name=node.name
        )
        return None
    return _visible(resolver, node, scope)


def _unknown_name(resolver: Resolver, node: nodes.NameReference, scope: Scope, expected: Type | None) -> None:
    members = [member.name for member in expected.members] if expected is not None else []
    wanted = _EXPECTED_NAME
    if expected is not None and members:
        type_ = describe(expected)
        wanted = Words(f"a member of {type_.en}", f"{type_.zh} 的成员")
    hint = hints.of_name(node.name, scope, expected)
    resolver.findings.add("unknown-name", node.span, hint, name=node.name, expected=wanted)


def _visible(resolver: Resolver, node: nodes.NameReference, scope: Scope) -> Resolved:
    if node.name in scope.variables:
        return Expression("variable", (), node.name, Type("record", name=scope.variables[node.name]), node.span)
    if scope.record is not None and node.name in scope.record.entries:
        this = Expression("variable", (), "", scope.record.type, node.span)
        return _field_of(resolver, this, node.name, node.span)
    entry = scope.names.entries.get(node.name)
    if isinstance(entry, FactEntry):
        return _read(Expression("fact", (), node.name, entry.type, node.span))
    if entry is not None:
        return _let(resolver, entry, (), node.span)
    assessed_on = Expression("assessed_on", (), None, DATE, node.span)
    if node.name == "assessed_on":
        return assessed_on
    return Expression("year", (assessed_on,), None, number_type((), whole=True), node.span)


def _let(resolver: Resolver, entry: LetEntry, element: tuple[Expression, ...], span: Span) -> Resolved:
    value = resolver.let_value(entry)
    if value is None:
        return None
    if value.operator == "constant":
        return operations.constant(value.data, value.type, span)
    if value.operator == "let" and not value.operands:  # another name for a let of the institution
        return Expression("let", (), value.data, value.type, span)
    return Expression("let", element, entry.name, value.type, span)


def field(resolver: Resolver, node: nodes.FieldReference, scope: Scope, _expected: Type | None) -> Resolved:
    """`t.degree`."""
    record = resolver.resolve(node.record, scope)
    if record is None:
        return None
    if record.type.kind != "record":
        is_count = record.type.kind in {"list", "set"} and node.field.text in {"count", "length", "size"}
        hint = hints.write(f"count({node.record.span.text})") if is_count else None
        resolver.findings.add("not-a-record", node.record.span, hint, found=describe(record.type))
        return None
    entries = resolver.names.records[record.type.name].entries
    if node.field.text not in entries:
        hint = nearest(node.field.text, entries)
        resolver.findings.add("unknown-field", node.field.span, hint, name=node.field.text, record=record.type.name)
        return None
    return _field_of(resolver, record, node.field.text, node.span)


def _field_of(resolver: Resolver, element: Expression, name: str, span: Span) -> Resolved:
    entry = resolver.names.records[element.type.name].entries[name]
    if isinstance(entry, FactEntry):
        return _read(Expression("field", (element,), name, entry.type, span))
    return _let(resolver, entry, (element,), span)


def _read(expression: Expression) -> Resolved:
    """Return the reading of a fact unless its declaration is a mistake, told already."""
    return None if expression.type is FAULTY else expression
