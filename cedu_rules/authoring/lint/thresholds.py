"""A standard into thresholds that its examples meet from one side only.

The examples of a clause are evaluated by the reference; each comparison with an order that they reach, in guards,
requirements and the lets that these read, is looked at in every element of a list. An example that contradicts itself is
none.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from attrs import evolve

from cedu_rules.diagnostics import Diagnostic, Words
from cedu_rules.model.graph import conditions_of, walk
from cedu_rules.model.ir import AGGREGATES, Clause, Example, Expression, Fact, Model
from cedu_rules.records import Record, attempt, record_class
from cedu_rules.semantics import Evaluation

TOGETHER = 100
"""The examples of so many clauses share a class of records; one class for all would be as wide as the standard."""

_ORDERED = frozenset({"<", "<=", ">", ">="})
_SIDES = {True: Words("met", "达到"), False: Words("missed", "未达到")}

Blank = dict[str, object]


def batched(clauses: Sequence[Clause], size: int) -> Iterator[Sequence[Clause]]:
    """Yield the clauses in runs of `size`."""
    yield from (clauses[start : start + size] for start in range(0, len(clauses), size))


def one_sided(model: Model) -> Iterator[Diagnostic]:
    """Yield each comparison that no example meets, or none misses."""
    seen: dict[int, set[object]] = {}
    places: dict[int, Expression] = {}
    walker = _Walker(model, seen, places)
    for clauses in batched(model.clauses, TOGETHER):
        walker.prepare(clauses)
        for clause in clauses:
            if clause.examples:
                walker.note(clause)
    for key, comparison in places.items():
        missing = [side for side in (True, False) if side not in seen[key]]
        if missing and not walker.is_constant(comparison):
            for side in missing:
                yield Diagnostic("threshold-without-example", comparison.span, {"side": _SIDES[side]})


class _Walker:
    """Takes down what each comparison is in the examples, by the identity of the expression."""

    def __init__(self, model: Model, seen: dict[int, set[object]], places: dict[int, Expression]) -> None:
        self._model = model
        self._record: type[Record] = Record
        self._lets: set[tuple[str, str, int]] = set()
        self._entered: set[int] = set()
        self._seen = seen
        self._places = places

    def prepare(self, clauses: Sequence[Clause]) -> None:
        """Make the class of the records of the examples to come: no wider than the facts that they give.

        Its model has nothing else, since what it reads must be among its facts.
        """
        given = {name for clause in clauses for example in clause.examples for name in example.values}
        facts = tuple(self._facts(given))
        narrow = evolve(self._model, facts=facts, lets=(), checks=(), clauses=())
        self._record = record_class(narrow, digest="lint")

    def _facts(self, names: set[str]) -> Iterator[Fact]:
        known = self._model.facts_by_name
        yield from (known[name] for name in sorted(names) if name in known)

    def note(self, clause: Clause) -> None:
        """Evaluate the examples of a clause."""
        roots = conditions_of(clause)
        for root in roots:
            self._enter(root)
        for example in clause.examples:
            evaluation = self._evaluation(example)
            if evaluation is not None:
                self._lets = set()
                for root in roots:
                    self._walk(evaluation, root, {})

    def is_constant(self, comparison: Expression) -> bool:
        """Return whether no example can be on both sides, since the comparison is the same for every institution."""
        blank = {str(part.data): None for part in walk(comparison) if part.operator == "variable"}
        return Evaluation(self._model, None).value(comparison, blank) is not None

    def _enter(self, root: Expression) -> None:
        """Make a place for every comparison that the clause reads, whether an example reaches it or not."""
        waiting = [root]
        while waiting:
            part = waiting.pop()
            if _is_threshold(part) and id(part) not in self._seen:
                self._seen[id(part)] = set()
                self._places[id(part)] = part
            waiting.extend(part.operands)

    def _evaluation(self, example: Example) -> Evaluation | None:
        values = dict(example.values)
        day = values.pop("assessed_on", None)
        record, issues = attempt(self._record, values)
        if record is None or issues:
            return None
        return Evaluation(self._model, record, None if day is None else date.fromisoformat(str(day)))

    def _walk(self, evaluation: Evaluation, expression: Expression, bound: Blank) -> None:
        if _is_threshold(expression):
            self._enter_one(expression).add(evaluation.value(expression, bound))
        if expression.operator == "let":
            self._walk_let(evaluation, expression, bound)
        if expression.operator not in AGGREGATES:
            for operand in expression.operands:
                self._walk(evaluation, operand, bound)
            return
        source, *rest = expression.operands
        self._walk(evaluation, source, bound)
        listed = evaluation.value(source, bound)
        for element in listed or ():
            for part in rest:
                self._walk(evaluation, part, {**bound, str(expression.data): element})

    def _walk_let(self, evaluation: Evaluation, expression: Expression, bound: Blank) -> None:
        """Walk what a let stands for, once a record."""
        value, inner = evaluation.let(expression, bound)
        record = expression.operands[0].type.name if expression.operands else ""
        key = record, str(expression.data), id(inner.get(""))
        if key not in self._lets:
            self._lets.add(key)
            if id(value) not in self._entered:
                self._entered.add(id(value))
                self._enter(value)
            self._walk(evaluation, value, dict(inner))

    def _enter_one(self, comparison: Expression) -> set[object]:
        self._places.setdefault(id(comparison), comparison)
        return self._seen.setdefault(id(comparison), set())


def _is_threshold(expression: Expression) -> bool:
    """Return whether the expression compares values that have an order."""
    return expression.operator in _ORDERED and expression.operands[0].type.kind in {"number", "date", "level"}
