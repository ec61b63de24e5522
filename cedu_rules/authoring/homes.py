"""A model into the places where its conditions stand, with the clauses whose examples may tell of them.

A home is what the coverage looks into and what a mutation replaces. A `should` beside a `must` decides no status of its
clause, so that no example can tell anything about it: it is no home. The guard of a section is one home for all its
clauses, a let one for all clauses that reach it. Checks, and the conditions under which facts exist, decide which values
are possible; of them any example may tell.
"""

from attrs import evolve, frozen

from cedu_rules.model.graph import Graph, Key, post_order
from cedu_rules.model.ir import Check, Clause, Expression, Fact, Let, Model
from cedu_rules.source import Span


@frozen
class Home:
    """An expression of the model, in the record `owner` or, for "", in none.

    `kind` is `guard`, `requirement`, `let`, `check` or `condition` (of a fact); `clauses` are the ids of the clauses whose
    examples may tell of it.
    """

    kind: str
    owner: str
    expression: Expression
    clauses: tuple[str, ...]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.expression.span


def homes(model: Model) -> tuple[Home, ...]:
    """Return every place whose conditions decide the status of a clause, in the order of the file."""
    graph = Graph(model)
    readers = _readers(model, graph)
    found = [*_guards(model, readers), *_requirements(model, readers), *_lets(model, readers)]
    return tuple(sorted(found, key=lambda home: home.span.start))


def input_homes(model: Model) -> tuple[Home, ...]:
    """Return every check and every condition of a fact, in the order of the file."""
    everyone = tuple(clause.id for clause in model.clauses)
    owners: list[tuple[str, tuple[Fact, ...], tuple[Check, ...]]] = [("", model.facts, model.checks)]
    owners += [(record.name, record.fields, record.checks) for record in model.records]
    found = [Home("check", owner, check.condition, everyone) for owner, _, checks in owners for check in checks]
    found += [
        Home("condition", owner, fact.condition, everyone)
        for owner, facts, _ in owners
        for fact in facts
        if fact.condition is not None
    ]
    return tuple(sorted(found, key=lambda home: home.span.start))


def replaced(model: Model, home: Home, expression: Expression) -> Model:
    """Return the model with another expression in that place."""
    if home.kind in {"guard", "requirement"}:
        return evolve(model, clauses=tuple(_in_clause(clause, home, expression) for clause in model.clauses))
    if not home.owner:
        lets, checks, facts = _declared(model.lets, model.checks, model.facts, home, expression)
        return evolve(model, lets=lets, checks=checks, facts=facts)
    records = []
    for record in model.records:
        lets, checks, facts = record.lets, record.checks, record.fields
        if record.name == home.owner:
            lets, checks, facts = _declared(lets, checks, facts, home, expression)
        records.append(evolve(record, lets=lets, checks=checks, fields=facts))
    return evolve(model, records=tuple(records))


def text_of(expression: Expression) -> str:
    """Return an expression in the words of the author, on one line; what the model made of one form is told apart."""
    inner = expression.operands[0] if expression.operands else None
    if expression.operator == "not" and inner is not None and inner.span == expression.span:
        if inner.operator == "=":
            return _compared("!=", inner)
        return f"not ({text_of(inner)})"
    if expression.operator in {"=", "<", "<=", ">", ">="}:
        return _compared(expression.operator, expression)
    return " ".join(expression.span.text.split())


def _compared(operator: str, comparison: Expression) -> str:
    left, right = comparison.operands
    return f"{text_of(left)} {operator} {text_of(right)}"


def _declared(
    lets: tuple[Let, ...], checks: tuple[Check, ...], facts: tuple[Fact, ...], home: Home, expression: Expression
) -> tuple[tuple[Let, ...], tuple[Check, ...], tuple[Fact, ...]]:
    """Return the declarations of one owner with another expression in that place."""
    old = home.expression
    return (
        tuple(let._replace(value=expression) if let.value is old else let for let in lets),
        tuple(check._replace(condition=expression) if check.condition is old else check for check in checks),
        tuple(fact._replace(condition=expression) if fact.condition is old else fact for fact in facts),
    )


def _in_clause(clause: Clause, home: Home, expression: Expression) -> Clause:
    if home.kind == "guard" and any(guard is home.expression for guard in clause.guards):
        return clause._replace(
            guards=tuple(expression if guard is home.expression else guard for guard in clause.guards)
        )
    if home.kind == "requirement" and any(item.condition is home.expression for item in clause.requirements):
        items = (
            item._replace(condition=expression) if item.condition is home.expression else item
            for item in clause.requirements
        )
        return clause._replace(requirements=tuple(items))
    return clause


# --- who is decided by what ------------------------------------------------------------------------------------------


def _readers(model: Model, graph: Graph) -> dict[Key, tuple[str, ...]]:
    """Return for each let and clause the clauses whose status may depend on it, in the order of the file."""
    found: dict[Key, dict[str, None]] = {}
    for clause in model.clauses:
        root = ("clause", "", clause.id)
        for key in post_order([root], graph.edges)[0]:
            found.setdefault(key, {})[clause.id] = None
    return {key: tuple(clauses) for key, clauses in found.items()}


def _guards(model: Model, readers: dict[Key, tuple[str, ...]]) -> list[Home]:
    found: dict[int, Home] = {}
    for clause in model.clauses:
        for guard in clause.guards:
            known = found[id(guard)].clauses if id(guard) in found else ()
            decided = dict.fromkeys([*known, *readers[_key(clause)]])
            found[id(guard)] = Home("guard", "", guard, tuple(decided))
    return list(found.values())


def _requirements(model: Model, readers: dict[Key, tuple[str, ...]]) -> list[Home]:
    return [
        Home("requirement", "", item.condition, readers[_key(clause)])
        for clause in model.clauses
        for item in clause.requirements
        if item.modality == "must" or clause.advisory
    ]


def _lets(model: Model, readers: dict[Key, tuple[str, ...]]) -> list[Home]:
    owned = [("", model.lets), *((record.name, record.lets) for record in model.records)]
    keys = [(("let", owner, let.name), let) for owner, lets in owned for let in lets]
    return [Home("let", key[1], let.value, readers[key]) for key, let in keys if key in readers]


def _key(clause: Clause) -> Key:
    return ("clause", "", clause.id)
