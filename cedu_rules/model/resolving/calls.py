"""Functions, aggregates over lists, and `passes`."""

from cedu_rules.diagnostics import Hint
from cedu_rules.model import functions, hints, operations
from cedu_rules.model.findings import nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.resolving.resolver import Resolved, Resolver
from cedu_rules.model.scope import Scope
from cedu_rules.model.types import BOOL, Type, describe
from cedu_rules.syntax import nodes


def call(resolver: Resolver, node: nodes.Call, scope: Scope, _expected: Type | None) -> Resolved:
    """`ceil(x)`, `count(list)`, `passes(clause)`."""
    name = node.function.text
    if name == "passes":
        return _passes(resolver, node)
    if name not in functions.FUNCTIONS:
        functions.unknown_function(name, node.function.span, resolver.findings)
        return None
    if name not in functions.CALLABLE:
        resolver.findings.add("needs-for", node.span, Hint("for-each", {"name": name}), name=name)
        return None
    operands = (
        resolver.branches(list(node.arguments), scope, None)
        if name in {"min", "max"}
        else resolver.all(node.arguments, scope)
    )
    return None if operands is None else functions.call(name, operands, node.span, resolver.findings)


def _passes(resolver: Resolver, node: nodes.Call) -> Resolved:
    arguments = node.arguments
    if len(arguments) != 1 or not isinstance(arguments[0], nodes.NameReference):
        if len(arguments) == 1:
            text = getattr(arguments[0], "value", None)
            hint = hints.write(f"passes({text})") if isinstance(text, str) else None
            name = arguments[0].span.text
            resolver.findings.add("unknown-clause", arguments[0].span, hint, name=name)
        else:
            found, expected = functions.arguments(len(arguments)), functions.arguments(1)
            resolver.findings.add("wrong-arguments", node.span, name="passes", found=found, expected=expected)
        return None
    target = arguments[0]
    if target.name not in resolver.names.clauses:
        hint = nearest(target.name, resolver.names.clauses)
        resolver.findings.add("unknown-clause", target.span, hint, name=target.name)
        return None
    return Expression("passes", (), target.name, BOOL, node.span)


def comprehension(resolver: Resolver, node: nodes.Comprehension, scope: Scope, _expected: Type | None) -> Resolved:
    """`count(t for t in list where A)`."""
    name, variable = node.function.text, node.variable.text
    if name not in functions.FUNCTIONS:
        functions.unknown_function(name, node.function.span, resolver.findings)
        return None
    if name not in {"all", "any", "count", "sum", "min", "max", "average"} or (node.distinct and name != "count"):
        resolver.findings.add("no-aggregate", node.function.span, name=name)
        return None
    source = resolver.resolve(node.source, scope)
    if source is None:
        return None
    if source.type.kind != "list":
        resolver.findings.add("not-a-list", node.source.span, found=describe(source.type))
        return None
    if scope.sees(variable):
        resolver.findings.add("hidden-name", node.variable.span, name=variable)
        return None
    inner = scope.with_variable(variable, source.type.name)
    body = resolver.resolve(node.body, inner)
    where = operations.truth(True, node.span) if node.condition is None else resolver.condition(node.condition, inner)
    if body is None or where is None:
        return None
    operands = (source, _only_existing(resolver, name, where, body), body)
    return functions.aggregate("distinct" if node.distinct else name, operands, variable, node.span, resolver.findings)


def _only_existing(resolver: Resolver, name: str, where: Expression, body: Expression) -> Expression:
    """Return the filter that also leaves out elements whose value does not exist."""
    if name in {"all", "any"} or not resolver.may_be_absent(body):
        return where
    exists = Expression("exists", (body,), None, BOOL, body.span)
    return Expression("and", (where, exists), None, BOOL, where.span)
