"""A model, and the clauses of it that are asked, into what the search looks up again and again: which facts decide on others, what all elements have to meet."""

from collections.abc import Iterable
from functools import cached_property

from attrs import field, frozen

from cedu_rules.model.graph import Graph, conditions_of, post_order, references, walk
from cedu_rules.model.ir import Clause, Expression, Let, Model


@frozen(eq=False)
class Outline:
    """What is collected of one model, on first use; `clauses` are those that count, as far as they are not waived."""

    model: Model = field(repr=False)
    clauses: tuple[Clause, ...] = field(repr=False)

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The names of facts and fields that conditions of facts read, through lets, by name alone."""
        facts = [*self.model.facts, *(fact for record in self.model.records for fact in record.fields)]
        conditions = [fact.condition for fact in facts if fact.condition is not None]
        names: set[str] = set()
        for part in self._parts(conditions):
            if part.operator == "passes":
                return frozenset(fact.name for fact in facts)
            if part.operator in {"fact", "field"}:
                names.add(str(part.data))
        return frozenset(names)

    @cached_property
    def demands(self) -> dict[str, tuple[Expression, ...]]:
        """What the must-clauses ask of all elements of a list of the institution, by its name."""
        found: dict[str, tuple[Expression, ...]] = {}
        conditions = [
            item.condition for clause in self.clauses for item in clause.requirements if item.modality == "must"
        ]
        for part in self._parts(conditions):
            if part.operator == "all" and part.operands[0].operator == "fact":
                name = str(part.operands[0].data)
                found[name] = (*found.get(name, ()), part)
        return found

    @cached_property
    def reads(self) -> dict[str, frozenset[str]]:
        """The names of the institution's facts that each clause reads, through lets, conditions and other clauses."""
        graph = Graph(self.model)
        found: dict[str, frozenset[str]] = {}
        for clause in self.clauses:
            roots = [key for key in dict.fromkeys(references(conditions_of(clause))) if graph.holds(key)]
            reached = post_order(roots, graph.edges)[0]
            found[clause.id] = frozenset(name for kind, record, name in reached if kind == "fact" and not record)
        return found

    def _parts(self, expressions: Iterable[Expression]) -> list[Expression]:
        """Return everything in the expressions, and in the lets that they name."""
        lets: dict[tuple[str, str], Let] = {("", each.name): each for each in self.model.lets}
        lets.update({(record.name, each.name): each for record in self.model.records for each in record.lets})
        waiting, found = list(expressions), []
        while waiting:
            for part in walk(waiting.pop()):
                found.append(part)
                record = part.operands[0].type.name if part.operands else ""
                if part.operator == "let" and (record, str(part.data)) in lets:
                    waiting.append(lets.pop((record, str(part.data))).value)
        return found
