"""What refers to what: cycles, recursive records, sizes of expressions, and the kinds of requirements.

The nodes of the graph are facts (with their conditions), lets and clauses; the edges what their expressions name.
All walks are iterative, since a file may chain thousands of names.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve

from cedu_rules.model.findings import Findings
from cedu_rules.model.ir import Clause, Expression, Fact, Let, Model, Requirement
from cedu_rules.source import Span

NESTING_LIMIT = 100
RECORDS_LIMIT = 20
"""So many lists may hang in one another."""
DEGREE_LIMIT = 16

Key = tuple[str, str, str]
"""`fact`, `let` or `clause`; the record or nothing; the name."""

Node = TypeVar("Node", bound=Hashable)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and everything in it."""
    waiting = [expression]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(found.operands))


def walk_through_lets(model: Model, expression: Expression) -> Iterator[Expression]:
    """Yield the parts of an expression and of the lets that it names, each let once."""
    waiting, entered = [expression], set()
    while waiting:
        for part in walk(waiting.pop()):
            yield part
            if part.operator == "let":
                record = part.operands[0].type.name if part.operands else ""
                if (record, part.data) not in entered:
                    entered.add((record, part.data))
                    lets = model.records_by_name[record].lets_by_name if record else model.lets_by_name
                    waiting.append(lets[str(part.data)].value)


def references(expressions: Iterable[Expression]) -> Iterator[Key]:
    """Yield what the expressions name."""
    for expression in expressions:
        for part in walk(expression):
            match part.operator:
                case "fact":
                    yield "fact", "", str(part.data)
                case "field":
                    yield "fact", part.operands[0].type.name, str(part.data)
                case "let":
                    yield "let", part.operands[0].type.name if part.operands else "", str(part.data)
                case "passes":
                    yield "clause", "", str(part.data)


def conditions_of(clause: Clause) -> tuple[Expression, ...]:
    """Return the guards of a clause and what it requires."""
    return clause.guards + tuple(requirement.condition for requirement in clause.requirements)


class Graph:
    """The names of a model and what each refers to."""

    def __init__(self, model: Model) -> None:
        self.facts: dict[Key, Fact] = {}
        self.lets: dict[Key, Let] = {}
        self.clauses: dict[Key, Clause] = {("clause", "", clause.id): clause for clause in model.clauses}
        self._edges: dict[Key, tuple[Key, ...]] = {}
        self._enter("", model.facts, model.lets)
        for record in model.records:
            self._enter(record.name, record.fields, record.lets)

    def _enter(self, record: str, facts: Iterable[Fact], lets: Iterable[Let]) -> None:
        self.facts.update({("fact", record, fact.name): fact for fact in facts})
        self.lets.update({("let", record, let.name): let for let in lets})

    def edges(self, key: Key) -> tuple[Key, ...]:
        """Return what the name refers to, each once, in the order written."""
        if key not in self._edges:
            targets = dict.fromkeys(references(self.expressions(key)))
            self._edges[key] = tuple(target for target in targets if self.holds(target))
        return self._edges[key]

    def holds(self, key: Key) -> bool:
        """Return whether the name is declared and free of mistakes."""
        return key in self.facts or key in self.lets or key in self.clauses

    def expressions(self, key: Key) -> tuple[Expression, ...]:
        """Return the condition of a fact, the value of a let, or what a clause asks."""
        if key in self.facts:
            condition = self.facts[key].condition
            return () if condition is None else (condition,)
        if key in self.lets:
            return (self.lets[key].value,)
        return conditions_of(self.clauses[key])

    def keys(self) -> list[Key]:
        """Return every name."""
        return [*self.facts, *self.lets, *self.clauses]

    def span(self, key: Key) -> Span:
        """Return where the name is declared."""
        holder: Mapping[Key, Fact | Let | Clause] = {"fact": self.facts, "let": self.lets, "clause": self.clauses}[
            key[0]
        ]  # type: ignore[assignment]
        return holder[key].span


def post_order(roots: Iterable[Node], edges: Callable[[Node], Iterable[Node]]) -> tuple[list[Node], list[list[Node]]]:
    """Return the nodes with each after what it refers to, and the cycles found on the way."""
    order: list[Node] = []
    cycles: list[list[Node]] = []
    done: set[Node] = set()
    for root in roots:
        if root in done:
            continue
        path: dict[Node, Iterator[Node]] = {root: iter(edges(root))}
        while path:
            node = next(reversed(path))
            target = next((target for target in path[node] if target not in done), None)
            if target is None:
                del path[node]
                done.add(node)
                order.append(node)
            elif target in path:
                nodes = list(path)
                cycles.append(nodes[nodes.index(target) :])
            else:
                path[target] = iter(edges(target))
    return order, cycles


def find_cycles(model: Model, graph: Graph, findings: Findings) -> None:
    """Say which names refer to themselves, and which records hold themselves."""
    for cycle in post_order(graph.keys(), graph.edges)[1]:
        path = " → ".join(name for _, _, name in [*cycle, cycle[0]])
        findings.add("cycle", graph.span(cycle[0]), name=cycle[0][2], path=path)
    nested = {
        record.name: [field.type.name for field in record.fields if field.type.kind == "list"]
        for record in model.records
    }
    order, cycles = post_order(nested, lambda name: nested.get(name, []))
    for names in cycles:
        record = model.records_by_name[names[0]]
        findings.add("recursive-record", record.span, name=names[0], path=" → ".join([*names, names[0]]))
    depths: dict[str, int] = {}
    for name in order:
        depths[name] = 1 + max((depths.get(inner, 0) for inner in nested.get(name, [])), default=0)
        if depths[name] == RECORDS_LIMIT + 1:
            findings.add("too-deep", model.records_by_name[name].span, limit=RECORDS_LIMIT)


# --- sizes -----------------------------------------------------------------------------------------------------------

_ADDS_DEGREES = {"*", "/"}
_COUNTS = {"count", "distinct", "present", "year", "days_between"}
_Size = tuple[int, int, int]
"""Nesting, degree, and the greatest degree of any part."""


def measure(model: Model, graph: Graph, findings: Findings) -> None:
    """Say which expressions nest too deep or multiply too often, lets expanded.

    The condition of a fact that is read, and a clause that is asked for by `passes`, nest too: evaluation goes into them.
    """
    sizes: dict[Key, _Size] = {}
    faulty: set[Key] = set()
    for key in post_order(graph.keys(), graph.edges)[0]:
        parts = [_size(expression, sizes) for expression in graph.expressions(key)] or [(0, 0, 0)]
        nesting = max(part[0] for part in parts)
        sizes[key] = (
            (1 + nesting, 1, 1) if key in graph.facts else (nesting, parts[0][1], max(part[2] for part in parts))
        )
        if not faulty.isdisjoint(graph.edges(key)):
            faulty.add(key)  # told once, at what it builds on
            continue
        good = [_judge(part, each.span, findings) for part, each in zip(parts, graph.expressions(key), strict=False)]
        if not all(good):
            faulty.add(key)
    for check in [*model.checks, *(check for record in model.records for check in record.checks)]:
        _judge(_size(check.condition, sizes), check.condition.span, findings)


def _judge(size: _Size, span: Span, findings: Findings) -> bool:
    """Return whether an expression stays within the limits, or say which it exceeds."""
    nesting, _, degree = size
    if nesting > NESTING_LIMIT:
        findings.add("too-deep", span, limit=NESTING_LIMIT)
    if degree > DEGREE_LIMIT:
        findings.add("degree-too-high", span, degree=degree, limit=DEGREE_LIMIT)
    return nesting <= NESTING_LIMIT and degree <= DEGREE_LIMIT


def _size(expression: Expression, sizes: dict[Key, _Size]) -> _Size:
    if expression.operator in {"fact", "field", "let", "passes"}:
        nesting, degree, worst = sizes.get(next(references([expression])), (1, 1, 1))
        return (1 + nesting, 0, worst) if expression.operator == "passes" else (nesting, degree, worst)
    if not expression.operands:
        return 1, 0, 0
    parts = [_size(operand, sizes) for operand in expression.operands]
    degrees = [part[1] for part in parts]
    degree = (
        1 if expression.operator in _COUNTS else sum(degrees) if expression.operator in _ADDS_DEGREES else max(degrees)
    )
    return 1 + max(part[0] for part in parts), degree, max(degree, *(part[2] for part in parts))


# --- kinds -----------------------------------------------------------------------------------------------------------

_RANKS = ("measured", "documented", "judged")


def kinds_of_requirements(model: Model, graph: Graph) -> Model:
    """Return the model with each requirement's kind: judged if it reads a judged fact, else documented, else measured."""
    ranks: dict[Key, int] = {}

    def rank(keys: Iterable[Key]) -> int:
        return max((ranks.get(key, 0) for key in keys), default=0)

    for key in post_order(graph.keys(), graph.edges)[0]:
        fact = graph.facts.get(key)
        ranks[key] = rank(graph.edges(key)) if fact is None else _RANKS.index(fact.kind)

    def with_kind(requirement: Requirement) -> Requirement:
        return requirement._replace(kind=_RANKS[rank(references([requirement.condition]))])

    clauses = (
        clause._replace(requirements=tuple(with_kind(requirement) for requirement in clause.requirements))
        for clause in model.clauses
    )
    return evolve(model, clauses=tuple(clauses))
