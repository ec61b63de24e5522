"""Clauses into what their findings hang on: which facts they read, and whether those that are missing are all that matters.

What is missing and what is lacking follows from the facts that a clause reads, so that rows which agree in them share
one explanation. Of a clause that compares once, even less has to agree: an open answer names what is missing of all it
reads, whatever the rest says, and one that fails for no number lacks nothing that could be told.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from cedu_rules.model.graph import Graph, Key, references, walk, walk_through_lets
from cedu_rules.model.ir import COMPARISONS, Clause, Expression, Model
from cedu_rules.model.types import Type

_PLAIN = {
    "fact",
    "let",
    "constant",
    "assessed_on",
    "year",
    "+",
    "-",
    "*",
    "/",
    "at",
    "rises",
    "falls",
    "latest",
    *COMPARISONS,
}
_TRENDS = {"rises", "falls"}


@frozen
class Reads:
    """What the finding of a clause hangs on.

    Attributes:
        facts: The facts of the institution that the clause reads, through lets, clauses and conditions of facts.
        fields: The same of the records of lists, by record.
        simple: Whether the clause is one comparison or trend of facts that always exist.
        amounts: Whether what is lacking may be a number.
        comparisons: The comparisons of numbers in what the clause asks, if it is made of such, joined by `and` and `or`.
        loose: The facts that only stand in them.
        alike: For facts and fields that are only compared with constants, by record and name, a number for each member;
            members of the same number give the same answer in every comparison.
    """

    facts: frozenset[str]
    fields: Mapping[str, frozenset[str]]
    simple: bool
    amounts: bool
    comparisons: tuple[Expression, ...]
    loose: frozenset[str]
    alike: Mapping[tuple[str, str], tuple[int, ...]]


def reads_of(model: Model) -> dict[str, Reads]:
    """Return for each clause by id what its finding hangs on."""
    graph = Graph(model)
    return {clause.id: _reads(model, graph, clause) for clause in model.clauses}


def _reads(model: Model, graph: Graph, clause: Clause) -> Reads:
    keys = _closure(graph, ("clause", "", clause.id))
    facts = [graph.facts[key] for key in keys if key[0] == "fact" and not key[1]]
    fields: dict[str, frozenset[str]] = {}
    for kind, record, name in keys:
        if kind == "fact" and record:
            fields[record] = fields.get(record, frozenset()) | {name}
    conditions = [each.condition for each in clause.requirements]
    parts = [part for each in conditions for part in walk_through_lets(model, each)]
    simple = (
        len(conditions) == 1
        and not clause.guards
        and conditions[0].operator in _TRENDS | set(COMPARISONS)
        and all(part.operator in _PLAIN for part in parts)
        and all(fact.condition is None and fact.type.kind not in {"list", "set"} for fact in facts)
    )
    amounts = any(part.operator in COMPARISONS and part.operands[0].type.kind == "number" for part in parts)
    comparisons, loose = _joined(model, graph, clause)
    names = frozenset(fact.name for fact in facts)
    return Reads(names, fields, simple, amounts, comparisons, loose, _alike(graph, keys))


def _joined(model: Model, graph: Graph, clause: Clause) -> tuple[tuple[Expression, ...], frozenset[str]]:
    """Return the comparisons that a clause joins, and the facts that stand nowhere else; none where one stands deeper."""
    found: dict[int, Expression] = {}
    exact = _facts_of(graph, references(clause.guards))
    entered = set()
    waiting = [(each.condition, True) for each in clause.requirements]
    while waiting:
        part, joined = waiting.pop()
        if part.operator in COMPARISONS and part.operands[0].type.kind == "number":
            parts = [each.operator for each in walk_through_lets(model, part)]
            if not joined or sum(each in COMPARISONS for each in parts) > 1 or not _PLAIN.issuperset(parts):
                return (), frozenset()
            found[id(part)] = part
        elif part.operator == "let" and not part.operands:
            if (part.data, joined) not in entered:
                entered.add((part.data, joined))
                waiting.append((model.lets_by_name[str(part.data)].value, joined))
        else:
            exact |= {str(part.data)} if part.operator == "fact" else set()
            waiting += [(each, joined and part.operator in {"and", "or"}) for each in part.operands]
    read = {str(e.data) for each in found.values() for e in walk_through_lets(model, each) if e.operator == "fact"}
    for fact in (graph.facts["fact", "", name] for name in read | exact):
        exact |= _facts_of(graph, graph.edges(("fact", "", fact.name)))
        exact |= {fact.name} if fact.otherwise is not None else set()
    if len({each.span.text for each in found.values()}) < len(found):
        return (), frozenset()
    return tuple(found.values()), frozenset(read - exact)


def _facts_of(graph: Graph, roots: Iterable[Key]) -> set[str]:
    """Return the facts of the institution that names refer to, directly or not."""
    keys = [key for root in roots for key in _closure(graph, root)]
    return {name for kind, record, name in keys if kind == "fact" and not record}


def _closure(graph: Graph, root: Key) -> dict[Key, None]:
    """Return all that a name refers to, directly or not."""
    found: dict[Key, None] = {}
    waiting = [root]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = None
            waiting.extend(graph.edges(key))
    return found


def _alike(graph: Graph, keys: Iterable[Key]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Return which members of choices and levels no comparison tells apart."""
    tests: dict[tuple[str, str], list[frozenset[int]]] = {}
    told_apart: set[tuple[str, str]] = set()
    types = {}
    for part in (part for key in keys for root in graph.expressions(key) for part in walk(root)):
        for at, operand in enumerate(part.operands):
            if operand.operator not in {"fact", "field"} or operand.type.kind not in {"choice", "level"}:
                continue
            name = operand.operands[0].type.name if operand.operands else "", str(operand.data)
            types[name] = operand.type
            others = [each for number, each in enumerate(part.operands) if number != at]
            compared = part.operator in COMPARISONS or (part.operator == "in" and at == 0)
            if compared and all(each.operator == "constant" for each in others):
                tests.setdefault(name, []).append(_passing(part.operator, operand.type, others, mirrored=at == 1))
            else:
                told_apart.add(name)
    return {
        name: _classes(len(types[name].members), passing) for name, passing in tests.items() if name not in told_apart
    }


def _passing(operator: str, type_: Type, constants: list[Expression], *, mirrored: bool) -> frozenset[int]:
    """Return the members for which a comparison with a constant holds."""
    wanted = [type_.position(str(each.data)) or 0 for each in constants]
    members = range(len(type_.members))
    if operator in {"in", "="}:
        return frozenset(wanted) & frozenset(members)
    (bound,) = wanted
    least = operator in ({">=", ">"} if not mirrored else {"<=", "<"})
    inside = [each > bound if least else each < bound for each in members]
    return frozenset(each for each in members if inside[each] or (each == bound and "=" in operator))


def _classes(number: int, passing: list[frozenset[int]]) -> tuple[int, ...]:
    """Return a number for each member, the same for those that pass the same tests."""
    found: dict[tuple[bool, ...], int] = {}
    marks = [tuple(member in each for each in passing) for member in range(number)]
    return tuple(found.setdefault(mark, len(found)) for mark in marks)
