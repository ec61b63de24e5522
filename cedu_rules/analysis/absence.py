"""Comparisons that hold, and denominators that are zero, only because a fact does not exist.

A quantity that does not exist counts as 0, so `vacancies <= 5` holds where there can be none. Whether that can happen
is tried out: every combination of the choices, levels and yes/no facts that decide about existence is evaluated, as
far as the conditions around the comparison allow it.
"""

from collections.abc import Iterator
from itertools import product
from math import prod
from types import SimpleNamespace

from attrs import frozen

from cedu_rules.analysis.places import Place, places
from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.model.graph import Graph, Key, post_order, references, walk
from cedu_rules.model.ir import COMPARISONS, Expression, Fact, Model
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import all_of

COMBINATIONS_LIMIT = 4096
"""More combinations than that are not tried; the comparison then goes without a warning."""


def review(model: Model) -> Iterator[Diagnostic]:
    """Yield the warnings, one a comparison or denominator."""
    search = _Search(model)
    for place in places(model):
        expression = place.expression
        if _compares_numbers(expression) or _is_denied(expression):
            yield from search.comparison(place)
        elif expression.operator == "/" and expression.type.kind == "number":
            yield from search.denominator(place)


def _compares_numbers(expression: Expression) -> bool:
    return expression.operator in COMPARISONS and expression.operands[0].type.kind == "number"


def _is_denied(expression: Expression) -> bool:
    """Return whether the author wrote `!=` or `not` before a comparison, which hold with what does not exist.

    The `not` of an `if A then B` is the language's own, and holds by design where A does not.
    """
    if expression.operator != "not" or expression.operands[0].operator not in COMPARISONS:
        return False
    written = expression.span.text
    inner = expression.operands[0]
    between = expression.span.source.text[inner.operands[0].span.end : inner.operands[1].span.start]
    return written.startswith("not") or not {"!", "≠", "！"}.isdisjoint(between)


@frozen
class _World:
    """One combination: the evaluation in which it holds, with the elements that variables stand for."""

    evaluation: Evaluation
    environment: dict[str, object]


class _Search:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.graph = Graph(model)

    def comparison(self, place: Place) -> Iterator[Diagnostic]:
        """Yield the warning of a comparison that holds where its facts do not exist."""
        for fact, key in self._absentable(place.expression, place):
            for world in self._worlds(place, fact, key):
                if world.evaluation.value(place.expression, world.environment) is True:
                    yield self._warning("holds-by-absence", place.expression, fact)
                    return

    def denominator(self, place: Place) -> Iterator[Diagnostic]:
        """Yield the warning of a denominator that is zero where its facts do not exist."""
        below = place.expression.operands[1]
        for fact, key in self._absentable(below, place):
            for world in self._worlds(place, fact, key):
                value = world.evaluation.value(below, world.environment)
                if value.low == value.high == 0:
                    yield self._warning("zero-by-absence", below, fact)
                    return

    @staticmethod
    def _warning(code: str, expression: Expression, fact: Fact) -> Diagnostic:
        condition = "" if fact.condition is None else " ".join(fact.condition.span.text.split())
        hint = Hint("test-existence", {"condition": condition})
        return Diagnostic(code, expression.span, {"name": fact.name}, hint)

    def _absentable(self, expression: Expression, place: Place) -> list[tuple[Fact, Key]]:
        """Return the facts in the expression that may not exist, outside of aggregates, which leave such elements out."""
        if any(part.operator == "exists" for part in walk(expression)):
            return []
        keys = [key for key in references([expression]) if key[0] == "fact"]
        found = [(self.graph.facts[key], key) for key in dict.fromkeys(keys) if key in self.graph.facts]
        visible = set(place.variables.values())
        return [(fact, key) for fact, key in found if _may_be_absent(fact) and (not key[1] or key[1] in visible)]

    def _worlds(self, place: Place, fact: Fact, key: Key) -> Iterator[_World]:
        """Yield the combinations in which the conditions around the place may hold and the fact does not exist."""
        deciding = self._deciding([*place.holding, *([] if fact.condition is None else [fact.condition])], key)
        ranges = [_values(item) for item in deciding.values()]
        if fact.condition is None or prod(len(values) for values in ranges) > COMBINATIONS_LIMIT:
            return
        for combination in product(*ranges):
            world = self._world(dict(zip(deciding, combination, strict=True)), place)
            inner = {
                "": next(
                    (world.environment[name] for name, record in place.variables.items() if record == key[1]), None
                )
            }
            if world.evaluation.value(fact.condition, inner) is not False:
                continue
            if all_of(world.evaluation.value(condition, world.environment) for condition in place.holding) is not False:
                yield world

    def _deciding(self, conditions: list[Expression], key: Key) -> dict[Key, Fact]:
        """Return the facts with few values that the conditions read, their own conditions included."""
        roots = list(dict.fromkeys([*references(conditions), key]))
        known = [root for root in roots if self.graph.holds(root)]
        reached = post_order(known, self.graph.edges)[0]
        facts = {target: self.graph.facts[target] for target in reached if target in self.graph.facts}
        return {
            target: fact
            for target, fact in facts.items()
            if fact.type.kind in {"bool", "choice", "level"} and target != key
        }

    def _world(self, assignment: dict[Key, object], place: Place) -> _World:
        own = {name: value for (_, record, name), value in assignment.items() if not record}
        environment: dict[str, object] = {}
        for variable, record in place.variables.items():
            fields = {name: value for (_, holder, name), value in assignment.items() if holder == record}
            environment[variable] = SimpleNamespace(**fields)
        return _World(Evaluation(self.model, SimpleNamespace(**own)), environment)


def _values(fact: Fact) -> list[object]:
    """Return every value of a choice, level or yes/no fact."""
    return [member.name for member in fact.type.members] or [True, False]


def _may_be_absent(fact: Fact) -> bool:
    return fact.condition is not None and fact.otherwise is None
