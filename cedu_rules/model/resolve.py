"""Expression nodes into typed expressions: each name bound, each operand checked.

`Resolver.resolve` returns the expression, or None after it has said what is wrong; whoever gets None adds nothing, so
that one mistake is one diagnostic. A name that is nothing else may be a member of the type that the other operand
has; for that the operand with such a name is resolved last, with the type as `expected`.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from cedu_rules.diagnostics import Hint
from cedu_rules.messages import Words
from cedu_rules.model import comparisons, functions, operations
from cedu_rules.model.findings import Findings, nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.scope import FactEntry, LetEntry, Names, Scope
from cedu_rules.model.types import BOOL, DATE, FAULTY, TEXT, Type, describe, number_type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes
from cedu_rules.units import ONE, PERCENT, UNITS, find_unit

Resolved = Expression | None

_EXPECTED_NAME = Words("a fact, let or param", "事实、let 或 param")


class Resolver:
    """Resolves the expressions of one file; remembers the lets and params that it has resolved."""

    def __init__(self, names: Names, findings: Findings) -> None:
        self.names = names
        self.findings = findings
        self._nesting = 0

    def resolve(self, node: nodes.Expression, scope: Scope, expected: Type | None = None) -> Resolved:
        """Return the typed expression of `node`; `expected` is the type whose members a bare name may be."""
        if self._nesting >= nodes.File.NESTING_LIMIT:
            self.findings.add("too-deep", node.span, limit=nodes.File.NESTING_LIMIT)
            return None
        self._nesting += 1
        try:
            return _RESOLVE[type(node)](self, node, scope, expected)
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

    def _all(self, items: tuple[nodes.Expression, ...], scope: Scope) -> list[Expression] | None:
        """Return every operand resolved, or None where one is not; all are tried, so that all mistakes are found."""
        values = [self.resolve(item, scope) for item in items]
        found = [value for value in values if value is not None]
        return found if len(found) == len(values) else None

    # --- leaves ---

    def _number(self, node: nodes.NumberLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
        return operations.number(node.value, ONE, node.span)

    def _quantity(self, node: nodes.QuantityLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
        unit = PERCENT if node.unit.text == "%" else find_unit(node.unit.text, self.names.units)
        if unit is None:
            self.unknown_unit(node.unit)
            return None
        return operations.number(node.value * unit.factor, unit, node.span)

    def unknown_unit(self, word: nodes.Name) -> None:
        """Say that no unit goes by that name."""
        self.findings.add("unknown-unit", word.span, unit_hint(word.text, self.names), name=word.text)

    def _text(self, node: nodes.TextLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
        return operations.constant(node.value, TEXT, node.span)

    def _date(self, node: nodes.DateLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
        return operations.date_constant(node.value, node.span)

    def _bool(self, node: nodes.BoolLiteral, _scope: Scope, _expected: Type | None) -> Resolved:
        return operations.truth(node.value, node.span)

    def _erroneous(self, _node: nodes.Erroneous, _scope: Scope, _expected: Type | None) -> Resolved:
        return None  # the parser has told

    def _name(self, node: nodes.NameReference, scope: Scope, expected: Type | None) -> Resolved:
        is_member = (
            expected is not None and expected.kind in {"choice", "level"} and expected.index(node.name) is not None
        )
        if not scope.sees(node.name):
            if is_member and expected is not None:
                return operations.constant(node.name, expected, node.span)
            self._unknown_name(node, scope, expected)
            return None
        if is_member:
            self.findings.add(
                "ambiguous-name", node.span, Hint("member-in-braces", {"name": node.name}), name=node.name
            )
            return None
        return self._visible(node, scope)

    def _unknown_name(self, node: nodes.NameReference, scope: Scope, expected: Type | None) -> None:
        members = [member.name for member in expected.members] if expected is not None else []
        wanted = _EXPECTED_NAME
        if expected is not None and members:
            type_ = describe(expected)
            wanted = Words(f"a member of {type_.en}", f"{type_.zh}的成员")
        hint = nearest(node.name, [*members, *scope.visible()])
        self.findings.add("unknown-name", node.span, hint, name=node.name, expected=wanted)

    def _visible(self, node: nodes.NameReference, scope: Scope) -> Resolved:
        if node.name in scope.variables:
            return Expression("variable", (), node.name, Type("record", name=scope.variables[node.name]), node.span)
        if scope.record is not None and node.name in scope.record.entries:
            this = Expression("variable", (), "", scope.record.type, node.span)
            return self._field_of(this, node.name, node.span)
        entry = scope.names.entries.get(node.name)
        if isinstance(entry, FactEntry):
            return _read(Expression("fact", (), node.name, entry.type, node.span))
        if entry is not None:
            return self._let(entry, (), node.span)
        assessed_on = Expression("assessed_on", (), None, DATE, node.span)
        if node.name == "assessed_on":
            return assessed_on
        return Expression("year", (assessed_on,), None, number_type((), whole=True), node.span)

    def _let(self, entry: LetEntry, element: tuple[Expression, ...], span: Span) -> Resolved:
        value = self.let_value(entry)
        if value is None:
            return None
        if value.operator == "constant":
            return operations.constant(value.data, value.type, span)
        if value.operator == "let" and not value.operands:  # another name for a let of the institution
            return Expression("let", (), value.data, value.type, span)
        return Expression("let", element, entry.name, value.type, span)

    def _field(self, node: nodes.FieldReference, scope: Scope, _expected: Type | None) -> Resolved:
        record = self.resolve(node.record, scope)
        if record is None:
            return None
        if record.type.kind != "record":
            self.findings.add("not-a-record", node.record.span, found=describe(record.type))
            return None
        entries = self.names.records[record.type.name].entries
        if node.field.text not in entries:
            hint = nearest(node.field.text, entries)
            self.findings.add("unknown-field", node.field.span, hint, name=node.field.text, record=record.type.name)
            return None
        return self._field_of(record, node.field.text, node.span)

    def _field_of(self, element: Expression, name: str, span: Span) -> Resolved:
        entry = self.names.records[element.type.name].entries[name]
        if isinstance(entry, FactEntry):
            return _read(Expression("field", (element,), name, entry.type, span))
        return self._let(entry, (element,), span)

    # --- logic ---

    def _not(self, node: nodes.Negation, scope: Scope, _expected: Type | None) -> Resolved:
        operand = self.condition(node.operand, scope)
        return operand and Expression("not", (operand,), None, BOOL, node.span)

    def _conditions(self, items: tuple[nodes.Expression, ...], scope: Scope) -> tuple[Expression, ...] | None:
        values = [self.condition(item, scope) for item in items]
        found = tuple(value for value in values if value is not None)
        return found if len(found) == len(values) else None

    def _and(self, node: nodes.Conjunction, scope: Scope, _expected: Type | None) -> Resolved:
        limbs = self._conditions(node.limbs, scope)
        return None if limbs is None else Expression("and", limbs, None, BOOL, node.span)

    def _or(self, node: nodes.Disjunction, scope: Scope, _expected: Type | None) -> Resolved:
        limbs = self._conditions(node.limbs, scope)
        return None if limbs is None else Expression("or", limbs, None, BOOL, node.span)

    def _at_least(self, node: nodes.AtLeast, scope: Scope, _expected: Type | None) -> Resolved:
        number = self.constant(node.number, scope)
        limbs = self._conditions(node.limbs, scope)
        if number is None or limbs is None:
            return None
        if not isinstance(number.data, Fraction) or number.type.dimension or number.data.denominator != 1:
            self.findings.add("not-a-whole-constant", node.number.span)
            return None
        if not 1 <= number.data <= len(limbs):
            self.findings.add("out-of-range", node.number.span, expected=f"1-{len(limbs)}")
            return None
        return Expression("at_least", limbs, int(number.data), BOOL, node.span)

    # --- comparisons ---

    def _pair(self, left: nodes.Expression, right: nodes.Expression, scope: Scope) -> tuple[Resolved, Resolved]:
        """Resolve two operands, the one that may name a member of the other's type last."""
        if _is_open(left, scope) and not _is_open(right, scope):
            second = self.resolve(right, scope)
            return (None if second is None else self.resolve(left, scope, second.type)), second
        first = self.resolve(left, scope)
        if first is None and _is_open(right, scope):
            return None, None
        return first, self.resolve(right, scope, None if first is None else first.type)

    def _compare(self, node: nodes.Comparison, scope: Scope, _expected: Type | None) -> Resolved:
        left, right = self._pair(node.left, node.right, scope)
        if left is None or right is None:
            return None
        return comparisons.compare(node.operator, left, right, node.span, self.findings)

    def _between(self, node: nodes.Between, scope: Scope, _expected: Type | None) -> Resolved:
        value = self.resolve(node.value, scope)
        expected = None if value is None else value.type
        low, high = self.resolve(node.low, scope, expected), self.resolve(node.high, scope, expected)
        if value is None or low is None or high is None:
            return None
        return comparisons.between(value, low, high, node.span, self.findings)

    def _membership(self, node: nodes.Membership, scope: Scope, _expected: Type | None) -> Resolved:
        value = self.resolve(node.value, scope)
        if value is None:
            return None
        members = [self.member_or_constant(member, value.type, scope) for member in node.members]
        found = [member for member in members if member is not None]
        if len(found) < len(members):
            return None
        return comparisons.membership(value, found, node.span, self.findings)

    def member_or_constant(self, node: nodes.Expression, type_: Type, scope: Scope) -> Resolved:
        """Return a member of a choice or level by its name alone, or a constant of any other type."""
        if type_.kind not in {"choice", "level"} or not isinstance(node, nodes.NameReference):
            return self.constant(node, scope)
        if self.member(nodes.Name(node.name, span=node.span), type_):
            return operations.constant(node.name, type_, node.span)
        return None

    def member(self, name: nodes.Name, type_: Type) -> bool:
        """Return whether the type has that member, or say that it has not."""
        if type_.index(name.text) is not None:
            return True
        known = [member.name for member in type_.members]
        by_label = [member.name for member in type_.members if name.text in member.labels]
        hint = Hint("nearest", {"name": by_label[0]}) if by_label else nearest(name.text, known)
        self.findings.add(
            "unknown-member", name.span, hint, name=name.text, type=describe(type_), members=", ".join(known[:12])
        )
        return False

    def _inclusion(self, node: nodes.Inclusion, scope: Scope, _expected: Type | None) -> Resolved:
        value = self.resolve(node.value, scope)
        if value is None:
            return None
        if value.type.kind != "set":
            self.findings.add("not-a-set", node.value.span, found=describe(value.type))
            return None
        if node.members is None:
            members = tuple(member.name for member in value.type.members)
        else:
            known = [self.member(member, value.type) for member in node.members]
            if not all(known):
                return None
            members = tuple(dict.fromkeys(member.text for member in node.members))
        return Expression("includes", (value,), members, BOOL, node.span)

    # --- numbers ---

    def _minus(self, node: nodes.Minus, scope: Scope, _expected: Type | None) -> Resolved:
        operand = self.resolve(node.operand, scope)
        return operand and operations.negative(operand, node.span, self.findings)

    def _arithmetic(self, node: nodes.Arithmetic, scope: Scope, _expected: Type | None) -> Resolved:
        operands = self._all((node.first, *(operand for _, operand in node.rest)), scope)
        if operands is None:
            return None
        signs = [operator for operator, _ in node.rest]
        if set(signs) <= {"+", "-"}:
            return self._sum(operands, signs, node.span)
        return self._product(operands, signs, node.span)

    def _sum(self, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
        if any(operand.type.kind == "date" for operand in operands):
            return self._date_sum(operands, signs, span)
        terms = operands[:1]
        for sign, operand in zip(signs, operands[1:], strict=True):
            term = operand if sign == "+" else operations.negative(operand, operand.span, self.findings)
            if term is None:
                return None
            terms.append(term)
        return operations.add(terms, span, self.findings)

    def _date_sum(self, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
        total: Resolved = operands[0]
        for sign, operand in zip(signs, operands[1:], strict=True):
            if total is None:
                return None
            between = total.span.to(operand.span)
            if "date" in {total.type.kind, operand.type.kind}:
                total = operations.step_date(total, sign, operand, between, self.findings)
            else:
                total = self._sum([total, operand], [sign], span)
        return total

    def _product(self, operands: list[Expression], signs: list[str], span: Span) -> Resolved:
        factors = operands[:1]
        for sign, operand in zip(signs, operands[1:], strict=True):
            if sign == "*":
                factors.append(operand)
                continue
            reach = factors[0].span.to(operand.span)
            above = factors[0] if len(factors) == 1 else operations.multiply(factors, reach, self.findings)
            quotient = above and operations.divide(above, operand, reach, self.findings)
            if quotient is None:
                return None
            factors = [quotient]
        return factors[0] if len(factors) == 1 else operations.multiply(factors, span, self.findings)

    def _index(self, node: nodes.Index, scope: Scope, _expected: Type | None) -> Resolved:
        series, year = self.resolve(node.series, scope), self.resolve(node.index, scope)
        if series is None or year is None:
            return None
        return functions.at_year(series, year, node.span, self.findings)

    # --- choices between values ---

    def _conditional(self, node: nodes.Conditional, scope: Scope, expected: Type | None) -> Resolved:
        condition = self.condition(node.condition, scope)
        if node.alternative is None:
            consequence = self.condition(node.consequence, scope)
            if condition is None or consequence is None:
                return None
            refuted = Expression("not", (condition,), None, BOOL, condition.span)
            return Expression("or", (refuted, consequence), None, BOOL, node.span)
        branches = self._branches([node.consequence, node.alternative], scope, expected)
        if condition is None or branches is None:
            return None
        type_ = comparisons.merged_type(branches, self.findings)
        return None if type_ is None else Expression("if", (condition, *branches), None, type_, node.span)

    def _branches(self, items: list[nodes.Expression], scope: Scope, expected: Type | None) -> list[Expression] | None:
        """Resolve values of one type; a bare name may be a member of what the others are, or of `expected`."""
        order = sorted(range(len(items)), key=lambda position: _is_open(items[position], scope))
        found: dict[int, Expression] = {}
        for position in order:
            value = self.resolve(items[position], scope, expected)
            if value is None:
                continue
            expected = expected or value.type
            found[position] = value
        return [found[position] for position in range(len(items))] if len(found) == len(items) else None

    def _table(self, node: nodes.Table, scope: Scope, expected: Type | None) -> Resolved:
        selector = self.resolve(node.selector, scope)
        values = self._branches([row.value for row in node.rows], scope, expected)
        if selector is None:
            return None
        bounds = self._bounds(selector, node, scope)
        type_ = None if values is None else comparisons.merged_type(values, self.findings)
        if values is None or type_ is None or bounds is None:
            return None
        cells = [cell for bound, value in zip(bounds, values, strict=False) for cell in (bound, value)]
        operators = tuple(row.operator or "=" for row in node.rows if row.bound is not None)
        has_else = len(values) > len(bounds)
        table = Expression("by", (selector, *cells, *values[len(bounds) :]), operators, type_, node.span)
        if not self.may_be_absent(selector):
            return table
        if not has_else:
            self.findings.add("table-needs-else", node.selector.span)
            return None
        exists = Expression("exists", (selector,), None, BOOL, selector.span)
        return Expression("if", (exists, table, values[-1]), None, type_, node.span)

    def _bounds(self, selector: Expression, node: nodes.Table, scope: Scope) -> list[Expression] | None:
        """Return the bounds of the rows before `else`, which must come last."""
        if selector.type.kind not in {"number", "choice", "level", "date"}:
            self.findings.add("cannot-select", node.selector.span, found=describe(selector.type))
            return None
        for row in node.rows[:-1]:
            if row.bound is None:
                self.findings.add("else-not-last", row.span)
                return None
        bounds = [self._bound(row, selector, scope) for row in node.rows if row.bound is not None]
        found = [bound for bound in bounds if bound is not None]
        return found if len(found) == len(bounds) else None

    def _bound(self, row: nodes.Row, selector: Expression, scope: Scope) -> Resolved:
        if row.bound is None:
            return None
        bound = self.member_or_constant(row.bound, selector.type, scope)
        if bound is None:
            return None
        fits = comparisons.compare(row.operator or "=", selector, bound, row.span, self.findings)
        return bound if fits is not None else None

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

    # --- functions ---

    def _call(self, node: nodes.Call, scope: Scope, _expected: Type | None) -> Resolved:
        name = node.function.text
        if name == "passes":
            return self._passes(node)
        if name not in functions.FUNCTIONS:
            functions.unknown_function(name, node.function.span, self.findings)
            return None
        if name not in functions.CALLABLE:
            self.findings.add("needs-for", node.span, Hint("for-each", {"name": name}), name=name)
            return None
        operands = (
            self._branches(list(node.arguments), scope, None)
            if name in {"min", "max"}
            else self._all(node.arguments, scope)
        )
        return None if operands is None else functions.call(name, operands, node.span, self.findings)

    def _passes(self, node: nodes.Call) -> Resolved:
        arguments = node.arguments
        if len(arguments) != 1 or not isinstance(arguments[0], nodes.NameReference):
            self.findings.add("wrong-arguments", node.span, name="passes", found=len(arguments), expected="1")
            return None
        target = arguments[0]
        if target.name not in self.names.clauses:
            hint = nearest(target.name, self.names.clauses)
            self.findings.add("unknown-clause", target.span, hint, name=target.name)
            return None
        return Expression("passes", (), target.name, BOOL, node.span)

    def _comprehension(self, node: nodes.Comprehension, scope: Scope, _expected: Type | None) -> Resolved:
        name, variable = node.function.text, node.variable.text
        if name not in functions.FUNCTIONS:
            functions.unknown_function(name, node.function.span, self.findings)
            return None
        if name not in {"all", "any", "count", "sum", "min", "max", "average"} or (node.distinct and name != "count"):
            self.findings.add("no-aggregate", node.function.span, name=name)
            return None
        source = self.resolve(node.source, scope)
        if source is None:
            return None
        if source.type.kind != "list":
            self.findings.add("not-a-list", node.source.span, found=describe(source.type))
            return None
        if scope.sees(variable):
            self.findings.add("hidden-name", node.variable.span, name=variable)
            return None
        inner = scope.with_variable(variable, source.type.name)
        body = self.resolve(node.body, inner)
        where = operations.truth(True, node.span) if node.condition is None else self.condition(node.condition, inner)
        if body is None or where is None:
            return None
        operands = (source, self._only_existing(name, where, body), body)
        return functions.aggregate("distinct" if node.distinct else name, operands, variable, node.span, self.findings)

    def _only_existing(self, name: str, where: Expression, body: Expression) -> Expression:
        """Return the filter that also leaves out elements whose value does not exist."""
        if name in {"all", "any"} or not self.may_be_absent(body):
            return where
        exists = Expression("exists", (body,), None, BOOL, body.span)
        return Expression("and", (where, exists), None, BOOL, where.span)


def _read(expression: Expression) -> Resolved:
    """Return the reading of a fact unless its declaration is a mistake, told already."""
    return None if expression.type is FAULTY else expression


def _is_open(node: nodes.Expression, scope: Scope) -> bool:
    """Return whether the node may be a bare member, whose type only the other operand tells."""
    if isinstance(node, nodes.NameReference):
        return not scope.sees(node.name)
    if isinstance(node, nodes.Conditional) and node.alternative is not None:
        return _is_open(node.consequence, scope) or _is_open(node.alternative, scope)
    if isinstance(node, nodes.Table):
        return any(_is_open(row.value, scope) for row in node.rows)
    return False


def unit_hint(word: str, names: Names) -> Hint | None:
    """Return the hint for a word that is no unit: the nearest one."""
    return nearest(word, [*names.units, *UNITS])


_RESOLVE: dict[type, Callable[[Resolver, Any, Scope, Type | None], Resolved]] = {
    nodes.NumberLiteral: Resolver._number,
    nodes.QuantityLiteral: Resolver._quantity,
    nodes.TextLiteral: Resolver._text,
    nodes.DateLiteral: Resolver._date,
    nodes.BoolLiteral: Resolver._bool,
    nodes.NameReference: Resolver._name,
    nodes.FieldReference: Resolver._field,
    nodes.Index: Resolver._index,
    nodes.Negation: Resolver._not,
    nodes.Minus: Resolver._minus,
    nodes.Conjunction: Resolver._and,
    nodes.Disjunction: Resolver._or,
    nodes.Arithmetic: Resolver._arithmetic,
    nodes.Comparison: Resolver._compare,
    nodes.Between: Resolver._between,
    nodes.Membership: Resolver._membership,
    nodes.Inclusion: Resolver._inclusion,
    nodes.Conditional: Resolver._conditional,
    nodes.Table: Resolver._table,
    nodes.Call: Resolver._call,
    nodes.Comprehension: Resolver._comprehension,
    nodes.AtLeast: Resolver._at_least,
    nodes.Erroneous: Resolver._erroneous,
}
