"""Mutants into those that are proved to mean what the standard means, each with the reason.

Three proofs, from cheap to dear. By form: the changed condition has the normal form of the original. By cases in place:
the smallest condition around the slip, then the next one out, has the same value for all values that its facts may have.
By cases of a clause: every clause that the slip can reach has the same status for all values of its facts.

All values are finitely many where each fact is a yes/no, a choice, a level, a set, or a number or day that is compared with
constants only: then the constants, what lies between and beyond them, and a missing value stand for all others, since
nothing in the condition tells them apart. A fact of another kind, or one that is calculated with, ends the attempt; so do
too many combinations. What is not proved is never called equivalent.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from types import SimpleNamespace

from attrs import field, frozen

from cedu_rules.authoring.homes import input_homes
from cedu_rules.authoring.mutation.classes import Owner, classes_of
from cedu_rules.authoring.mutation.mutants import Mutant
from cedu_rules.authoring.mutation.normal import has_whole_bounds, normal_form
from cedu_rules.messages import Words
from cedu_rules.model.graph import Graph, Key, post_order, references
from cedu_rules.model.ir import AGGREGATES, Expression, Model
from cedu_rules.semantics import Evaluation
from cedu_rules.validity import is_contradictory

CASES_LIMIT = 6000
"""So many combinations are gone through at most."""

_BY_FORM = Words("the same condition in another form", "只是同一条件的另一种写法")
_IN_PLACE = Words(
    "`{condition}` has the same value in all {count} combinations of what it reads",
    "`{condition}` 所读各项的全部 {count} 种组合下取值都相同",
)
_IN_CLAUSES = Words(
    "every clause that reads it has the same status in all combinations ({count}) of what it reads",
    "凡读到它的条款，在所读各项的全部组合（{count} 种）下结果都相同",
)


@frozen
class Equivalent:
    """A mutant that means the same, and why."""

    mutant: Mutant
    reason: Words
    values: dict[str, object] = field(factory=dict, hash=False)

    def in_words(self, language: str = "en") -> str:
        """Return what is changed, and why nothing differs."""
        link = "：" if language == "zh" else ": "
        return self.mutant.in_words(language) + link + self.reason.filled(language, self.values)


def equivalent(model: Model, mutant: Mutant) -> Equivalent | None:
    """Return the proof that the mutant means what the model means, or None where there is none."""
    whole = has_whole_bounds(model)
    original, changed = mutant.home.expression, mutant.slip.whole
    if normal_form(original, whole=whole) == normal_form(changed, whole=whole):
        return Equivalent(mutant, _BY_FORM)
    prover = _Prover(model, mutant)
    for one, other, variables in reversed(list(_around(original, changed, mutant.home.owner))):
        count = prover.same_value(one, other, variables)
        if count:
            return Equivalent(mutant, _IN_PLACE, {"condition": " ".join(one.span.text.split()), "count": count})
    count = prover.same_status()
    return Equivalent(mutant, _IN_CLAUSES, {"count": count}) if count else None


def _around(one: Expression, other: Expression, owner: str) -> Iterator[tuple[Expression, Expression, dict[str, str]]]:
    """Yield the conditions around the slip from the outside in, as they were and as they are, with their variables."""
    variables = {"": owner} if owner else {}
    while True:
        if one.type.kind == "bool":
            yield one, other, dict(variables)
        if one.operator != other.operator or one.data != other.data or len(one.operands) != len(other.operands):
            return
        changed = [
            at for at, (left, right) in enumerate(zip(one.operands, other.operands, strict=True)) if left != right
        ]
        if len(changed) != 1:
            return
        if one.operator in AGGREGATES and changed[0] > 0:
            variables[str(one.data)] = one.operands[0].type.name
        one, other = one.operands[changed[0]], other.operands[changed[0]]


class _Prover:
    def __init__(self, model: Model, mutant: Mutant) -> None:
        self.model = model
        self.mutant = mutant
        self.graph = Graph(model)
        self.judges_input = mutant.home.kind in {"check", "condition"} or self._is_read_by_input()

    def _is_read_by_input(self) -> bool:
        """Return whether checks or conditions of facts build on the let that is changed: then any record may be refused."""
        conditions = [home.expression for home in input_homes(self.model)]
        keys = [key for key in references(conditions) if self.graph.holds(key)]
        reached = post_order(keys, self.graph.edges)[0]
        return any(part is self.mutant.home.expression for key in reached for part in self.graph.expressions(key))

    def same_value(self, one: Expression, other: Expression, variables: dict[str, str]) -> int:
        """Return in how many combinations two conditions were found to agree, 0 where that proves nothing."""
        assignments = self._assignments([one, other], variables)
        if assignments is None:
            return 0
        count = 0
        for record, environment in assignments:
            if not environment and not self.judges_input and is_contradictory(self.model, record, None):
                continue
            evaluation = Evaluation(self.model, record)
            if evaluation.value(one, environment) is not evaluation.value(other, environment):
                return 0
            count += 1
        return count

    def same_status(self) -> int:
        """Return in how many combinations all clauses agree, 0 where that proves nothing."""
        if self.judges_input:
            return 0
        total = 0
        for name in self.mutant.home.clauses:
            root: Key = ("clause", "", name)
            everything = [
                part for key in post_order([root], self.graph.edges)[0] for part in self.graph.expressions(key)
            ]
            assignments = self._assignments([*everything, self.mutant.slip.whole], {})
            if assignments is None:
                return 0
            clause, changed = self.model.clauses_by_id[name], self.mutant.model.clauses_by_id[name]
            for record, _environment in assignments:
                if is_contradictory(self.model, record, None):
                    continue
                was = Evaluation(self.model, record).status(clause)
                if Evaluation(self.mutant.model, record).status(changed) is not was:
                    return 0
                total += 1
        return total

    def _assignments(
        self, expressions: list[Expression], variables: dict[str, str]
    ) -> Iterable[tuple[SimpleNamespace, dict[str, object]]] | None:
        """Return records and elements with every combination of values that the expressions can tell apart."""
        found = classes_of(self.model, self._everything(expressions), variables)
        if found is None or prod(len(values) for _, values in found) > CASES_LIMIT:
            return None
        return (_assigned(found, chosen, variables) for chosen in product(*(values for _, values in found)))

    def _everything(self, expressions: list[Expression]) -> list[Expression]:
        """Return the expressions and all that they build on: lets, conditions of facts, clauses."""
        keys = post_order([key for key in references(expressions) if self.graph.holds(key)], self.graph.edges)[0]
        found = [*expressions, *(part for key in keys for part in self.graph.expressions(key))]
        return list(dict.fromkeys(found))


def _assigned(
    found: list[tuple[Owner, list[object]]], chosen: tuple[object, ...], variables: dict[str, str]
) -> tuple[SimpleNamespace, dict[str, object]]:
    record = SimpleNamespace()
    elements: dict[str, object] = {name: SimpleNamespace() for name in variables}
    for (owner, _), value in zip(found, chosen, strict=True):
        holder = elements[owner.variable] if owner.variable is not None else record
        if owner.member is None:
            setattr(holder, owner.fact, value)
        else:
            known = getattr(holder, owner.fact, None) or {}
            setattr(holder, owner.fact, {**known, owner.member: value})
    return record, elements
