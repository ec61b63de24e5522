"""What every rule of resolving shares: the dispatch, lets resolved once, constants, members, conditions.

`resolve` returns the expression, or None after it has said what is wrong; whoever gets None adds nothing, so that one
mistake is one diagnostic. A name that is nothing else may be a member of the type that the other operand has; for that
the operand with such a name is resolved last, with the type as `expected`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cedu_rules.diagnostics import Hint
from cedu_rules.model import comparisons, hints, operations
from cedu_rules.model.findings import Findings, nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.scope import FactEntry, LetEntry, Names, Scope
from cedu_rules.model.types import Type, describe
from cedu_rules.syntax import nodes

Resolved: TypeAlias = Expression | None

Rule: TypeAlias = Callable[["Resolver", Any, Scope, Type | None], Resolved]
"""Resolves one kind of node."""


class Resolver:
    """Resolves the expressions of one file; remembers the lets and params that it has resolved."""

    def __init__(self, names: Names, findings: Findings, rules: Mapping[type, Rule]) -> None:
        self.names = names
        self.findings = findings
        self._rules = rules
        self._nesting = 0
        self._told_depth = False

    def resolve(self, node: nodes.Expression, scope: Scope, expected: Type | None = None) -> Resolved:
        """Return the typed expression of `node`; `expected` is the type whose members a bare name may be."""
        if self._nesting >= nodes.File.NESTING_LIMIT:
            if not self._told_depth:  # one chain of lets is one mistake, however many lets hang from it
                self.findings.add("too-deep", node.span, limit=nodes.File.NESTING_LIMIT)
            self._told_depth = True
            return None
        self._nesting += 1
        try:
            return self._rules[type(node)](self, node, scope, expected)
        finally:
            self._nesting -= 1

    def condition(self, node: nodes.Expression, scope: Scope) -> Resolved:
        """Return the condition of `node`."""
        return comparisons.condition(self.resolve(node, scope), self.findings)

    def constant(self, node: nodes.Expression, scope: Scope, expected: Type | None = None) -> Resolved:
        """Return the constant that `node` comes to."""
        value = self.resolve(node, scope, expected)
        if value is not None and value.operator != "constant":
            self.findings.add("not-constant", node.span)
            return None
        return value

    def let_value(self, entry: LetEntry) -> Resolved:
        """Return what a let or param stands for, resolved once."""
        if entry.state == "working":
            self.findings.add("cycle", entry.span, name=entry.name, path=entry.name)
            entry.state = "done"
        if entry.state == "waiting":
            entry.state = "working"
            resolve = self.constant if entry.constant else self.resolve
            value = resolve(entry.node, Scope(self.names, entry.record))
            entry.value = value if entry.state == "working" else None  # None: it was found to be a cycle on the way
            entry.state = "done"
        return entry.value

    def all(self, items: tuple[nodes.Expression, ...], scope: Scope) -> list[Expression] | None:
        """Return every operand resolved, or None where one is not; all are tried, so that all mistakes are found."""
        values = [self.resolve(item, scope) for item in items]
        found = [value for value in values if value is not None]
        return found if len(found) == len(values) else None

    def conditions(self, items: tuple[nodes.Expression, ...], scope: Scope) -> tuple[Expression, ...] | None:
        """Return every limb resolved, or None where one is no condition; all are tried."""
        values = [self.condition(item, scope) for item in items]
        found = tuple(value for value in values if value is not None)
        return found if len(found) == len(values) else None

    def unknown_unit(self, word: nodes.Name, number: str) -> None:
        """Say that no unit goes by the name behind a number."""
        hint = hints.of_unit(word.text, number, list(self.names.units), list(self.names.entries))
        self.findings.add("unknown-unit", word.span, hint, name=word.text)

    def member_or_constant(self, node: nodes.Expression, type_: Type, scope: Scope) -> Resolved:
        """Return a member of a choice or level by its name alone, or a constant of any other type."""
        if type_.kind not in {"choice", "level"} or not isinstance(node, nodes.NameReference):
            return self.constant(node, scope)
        if self.member(nodes.Name(node.name, span=node.span), type_):
            return operations.constant(node.name, type_, node.span)
        return None

    def member(self, name: nodes.Name, type_: Type) -> bool:
        """Return whether the type has that member, or say that it has not."""
        if type_.position(name.text) is not None:
            return True
        known = [member.name for member in type_.members]
        by_label = [member.name for member in type_.members if name.text in member.labels]
        hint = Hint("nearest", {"name": by_label[0]}) if by_label else nearest(name.text, known)
        self.findings.add(
            "unknown-member", name.span, hint, name=name.text, type=describe(type_), members=", ".join(known[:12])
        )
        return False

    def may_be_absent(self, expression: Expression) -> bool:
        """Return whether there may be no value at all, because a fact under a condition does not exist."""
        if expression.operator == "let":
            entry = self._entry_of(expression)
            return isinstance(entry, LetEntry) and entry.value is not None and self.may_be_absent(entry.value)
        if expression.operator in {"fact", "field"}:
            entry = self._entry_of(expression)
            return isinstance(entry, FactEntry) and entry.may_be_absent
        if expression.operator == "if":
            return any(self.may_be_absent(value) for value in expression.operands[1:])
        if expression.operator == "by":
            return any(self.may_be_absent(value) for value in expression.operands[2:])
        if expression.operator in {"step", "days_between", "year"}:
            return any(self.may_be_absent(operand) for operand in expression.operands)
        return False

    def _entry_of(self, expression: Expression) -> FactEntry | LetEntry | None:
        name = str(expression.data)
        if expression.operands:
            return self.names.records[expression.operands[0].type.name].entries.get(name)
        return self.names.entries.get(name)

    def branches(self, items: list[nodes.Expression], scope: Scope, expected: Type | None) -> list[Expression] | None:
        """Resolve values of one type; a bare name may be a member of what the others are, or of `expected`."""
        order = sorted(range(len(items)), key=lambda position: is_open(items[position], scope))
        found: dict[int, Expression] = {}
        for position in order:
            value = self.resolve(items[position], scope, expected)
            if value is None:
                continue
            expected = expected or value.type
            found[position] = value
        return [found[position] for position in range(len(items))] if len(found) == len(items) else None


def is_open(node: nodes.Expression, scope: Scope) -> bool:
    """Return whether the node may be a bare member, whose type only the other operand tells."""
    if isinstance(node, nodes.NameReference):
        return not scope.sees(node.name)
    if isinstance(node, nodes.Conditional) and node.alternative is not None:
        return is_open(node.consequence, scope) or is_open(node.alternative, scope)
    if isinstance(node, nodes.Table):
        return any(is_open(row.value, scope) for row in node.rows)
    return False
