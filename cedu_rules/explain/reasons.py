"""A requirement that is not met into its reasons: which limbs are not true, by how much, for want of what.

`explain` walks the expression beside the reference: into every limb of an `and` that is not true, into all limbs of an
`or`, through lets to what they stand for, into the elements of a list that fail, into the clause that `passes` asks for.
What it stops at is an atom (see `atoms`); each becomes one `Reason`, and the limb tells which alternative of an `or` it
belongs to. A let or clause is gone into once a group, however often it is named.
"""

from collections.abc import Iterable, Iterator

from cedu_rules.explain.atoms import atom, bare
from cedu_rules.explain.facts import inside, missing_in, path_of, with_paths
from cedu_rules.explain.reason import Element, Reason
from cedu_rules.explain.showing import NOT_KNOWN, key_of, shown
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Truth

__all__ = ["ELEMENTS_LIMIT", "Element", "Reason", "explain"]

ELEMENTS_LIMIT = 50
"""Of a list so many elements are explained; the rest is counted."""

_NO_ELEMENT = Words("none listed", "没有列出任何一项")
_PASSES, _PASSES_NOT = Words("passes", "达标"), Words("does not pass", "不达标")
_STATUS_ZH = {
    "pass": "达标",
    "fail": "未达标",
    "unknown": "待核实",
    "not_applicable": "不适用",
    "not_met": "建议未落实",
}


def explain(evaluation: Evaluation, expression: Expression) -> tuple[Reason, ...]:
    """Return why the condition is not true; nothing when it is."""
    explainer = _Explainer(evaluation)
    found: list[Reason] = []
    for number, (part, environment, wanted) in enumerate(list(explainer.groups(expression, {}, wanted=True))):
        explainer.entered.clear()
        found.extend(reason._replace(group=number) for reason in explainer.reasons(part, environment, wanted=wanted))
    return tuple(found)


_Group = tuple[Expression, Environment, bool]


class _Explainer:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.entered: set[tuple[str, object, int, bool]] = set()

    def _enters(self, expression: Expression, environment: Environment, *, wanted: bool) -> bool:
        """Return whether a let or clause is gone into for the first time."""
        owner = id(self.evaluation.value(expression.operands[0], environment)) if expression.operands else 0
        key = (expression.operator, expression.data, owner, wanted)
        is_new = key not in self.entered
        self.entered.add(key)
        return is_new

    def groups(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[_Group]:
        """Yield the conditions that have each to be as wanted and are not: the limbs of an `and`, lets looked into."""
        if self.evaluation.value(expression, environment) is wanted:
            return
        match expression.operator:
            case "not":
                yield from self.groups(expression.operands[0], environment, wanted=not wanted)
            case "let":
                if self._enters(expression, environment, wanted=wanted):
                    value, inner = inside(self.evaluation, expression, environment)
                    yield from self.groups(value, inner, wanted=wanted)
            case "and" | "or" if (expression.operator == "and") is wanted:
                for limb in expression.operands:
                    yield from self.groups(limb, environment, wanted=wanted)
            case "or" if self._premise_holds(expression, environment):
                for limb in expression.operands[1:]:
                    yield from self.groups(limb, environment, wanted=True)
            case _:
                yield expression, environment, wanted

    def _premise_holds(self, expression: Expression, environment: Environment) -> bool:
        """Return whether the `or` is an `if A then B` where A holds, so that it is about B."""
        premise = _premise(expression)
        return premise is not None and self.evaluation.value(premise, environment) is True

    def reasons(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """Yield why the condition is not `wanted`."""
        if self.evaluation.value(expression, environment) is wanted:
            return
        match expression.operator:
            case "not":
                yield from self.reasons(expression.operands[0], environment, wanted=not wanted)
            case "and" | "or":
                yield from self._limbs(expression, environment, wanted=wanted)
            case "at_least":
                yield from self._some_of(expression, environment, wanted=wanted)
            case "let":
                if self._enters(expression, environment, wanted=wanted):
                    value, inner = inside(self.evaluation, expression, environment)
                    yield from self.reasons(value, inner, wanted=wanted)
            case "if" | "by":
                yield from self._choice(expression, environment, wanted=wanted)
            case "all" | "any":
                yield self._elements(expression, environment, wanted=wanted)
            case "passes":
                yield from self._clause(expression, environment, wanted=wanted)
            case _:
                yield atom(self.evaluation, expression, environment, wanted=wanted)

    def _limbs(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        limbs = expression.operands
        if (expression.operator == "and") is wanted:  # every limb has to be as wanted
            for limb in limbs:
                yield from self.reasons(limb, environment, wanted=wanted)
            return
        if wanted and self._premise_holds(expression, environment):
            limbs = limbs[1:]
        yield from self._alternatives(limbs, environment, wanted=wanted)

    def _alternatives(self, limbs: Iterable[Expression], environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        listed = list(limbs)
        for number, limb in enumerate(listed):
            for reason in self.reasons(limb, environment, wanted=wanted):
                yield reason._replace(limb=number) if len(listed) > 1 else reason

    def _some_of(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """`at least k of (…)`: the limbs that are not as wanted, with how many of them are still needed."""
        asked = expression.data if isinstance(expression.data, int) else 0
        asked = asked if wanted else len(expression.operands) - asked + 1
        settled = sum(self.evaluation.value(limb, environment) is wanted for limb in expression.operands)
        for reason in self._alternatives(expression.operands, environment, wanted=wanted):
            yield reason._replace(needed=asked - settled)

    def _choice(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """`if` or `by` over conditions: the branches that may be chosen, or what is missing to choose."""
        choices = self.evaluation.choices(expression, environment)
        if len(choices) > 1:
            selector = expression.operands[0]
            missing = missing_in(self.evaluation, selector, environment)
            yield bare(self.evaluation, selector, environment, None)._replace(actual=NOT_KNOWN, missing=missing)
        for choice in choices:
            yield from self.reasons(choice, environment, wanted=wanted)

    # --- lists and clauses ---

    def _elements(self, expression: Expression, environment: Environment, *, wanted: bool) -> Reason:
        """`all` or `any` over a list: the elements that are not as wanted, or may not be."""
        source = expression.operands[0]
        reason = atom(self.evaluation, expression, environment, wanted=wanted)
        environment = with_paths(self.evaluation, source, environment)
        found = self.evaluation.elements(expression, environment)
        if not found:
            return reason._replace(actual=shown(self.evaluation, source, environment) if found is None else _NO_ELEMENT)
        guilty = list(self._guilty(found, expression, wanted=wanted))
        return reason._replace(elements=tuple(guilty[:ELEMENTS_LIMIT]), others=len(guilty[ELEMENTS_LIMIT:]))

    def _guilty(
        self, found: list[tuple[Truth, Environment]], expression: Expression, *, wanted: bool
    ) -> Iterator[Element]:
        source, where, body = expression.operands
        record = self.evaluation.model.records_by_name[source.type.name]
        for certain, inner in found:
            reasons = tuple(self.reasons(body, inner, wanted=wanted))
            if not reasons and certain is not True:
                missing = missing_in(self.evaluation, where, inner)
                reasons = (bare(self.evaluation, where, inner, None)._replace(actual=NOT_KNOWN, missing=missing),)
            if not reasons:
                continue
            element = inner[str(expression.data)]
            path = path_of(inner, element)
            fails = certain is True and self.evaluation.value(body, inner) is (not wanted)
            yield Element(key_of(record, element, path), path, False if fails else None, reasons)

    def _clause(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """`passes(clause)`: the status of the clause, then why it is not met."""
        clause = self.evaluation.model.clauses_by_id[str(expression.data)]
        status = self.evaluation.status(clause)
        yield atom(self.evaluation, expression, environment, wanted=wanted)._replace(
            label=clause.title,
            left=clause.id,
            actual=Words(status.value, _STATUS_ZH[status.value]),
            required=_PASSES if wanted else _PASSES_NOT,
        )
        if wanted and self._enters(expression, environment, wanted=wanted):
            modality = "should" if clause.advisory else "must"
            for requirement in clause.requirements:
                if requirement.modality == modality:
                    yield from self.reasons(requirement.condition, {}, wanted=True)


def _premise(expression: Expression) -> Expression | None:
    """Return A of `if A then B`, which is `not A or B`, or None."""
    first = expression.operands[0]
    is_implication = first.operator == "not" and expression.span.text.startswith("if")
    return first.operands[0] if is_implication else None
