"""A requirement that is not met into its reasons: which limbs are not true, by how much, for want of what.

`explain` walks the expression beside the reference: into every limb of an `and` that is not true, into all limbs of an
`or`, through lets to what they stand for, into the elements of a list that fail. What it stops at is an atom: a
comparison, a fact, a set, a series, a clause. Each atom becomes one `Reason`; the limb tells which alternative of an `or`
it belongs to.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from attrs import evolve, field, frozen

from cedu_rules.explain.amounts import Amount, amount, common_unit
from cedu_rules.explain.facts import Reading, inside, missing_in, path_of, readings, with_paths
from cedu_rules.explain.showing import in_words, key_of, shown, text_of
from cedu_rules.messages import Words
from cedu_rules.model.ir import COMPARISONS, Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import ANY_NUMBER, Interval, Truth
from cedu_rules.units import PERCENT

ELEMENTS_LIMIT = 50
"""Of a list so many elements are explained; the rest is counted."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@frozen
class Reason:
    """Why one atomic condition is not as it should be.

    * `group`: reasons of different groups have each to be put right, from 0.
    * `limb`: within a group, which alternative of an `or` it stands in, from 0; 0 where there is none.
    * `needed`: how many of the alternatives are still needed.
    * `text`: the condition as the author wrote it; `negated` when it should not hold.
    * `truth`: False where it fails, None where it is unknown.
    * `label`: what it is about, for a reader; `left`: the same in the author's words.
    * `fact`: the fact where it is one; `facts`: all that it reads; `readings`: those with their values, where computed.
    * `actual`, `required`, `shortfall`: for a reader; with `_amount` the exact numbers, None where there is none.
    * `members`: labels of members that a set lacks; `unsure`: of those that nobody has recorded.
    * `elements`: the elements of a list that fail or may fail, by key, with `others` not listed.
    * `missing`: paths of the facts that are not recorded and matter.
    """

    text: str
    truth: Truth
    label: str
    left: str
    group: int = 0
    limb: int = 0
    needed: int = 1
    negated: bool = False
    fact: str | None = None
    facts: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    actual: Words | None = None
    required: Words | None = None
    shortfall: Words | None = None
    actual_amount: Amount | None = None
    required_amount: Amount | None = None
    shortfall_amount: Amount | None = None
    members: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    elements: tuple["Element", ...] = ()
    others: int = 0
    missing: tuple[str, ...] = field(default=())


@frozen
class Element:
    """One element of a list: its key (or `#3`), its path, and what is wrong with it.

    `truth` is False where it fails, None where it may fail.
    """

    key: str
    path: str
    truth: Truth
    reasons: tuple[Reason, ...]


def explain(evaluation: Evaluation, expression: Expression) -> tuple[Reason, ...]:
    """Return why the condition is not true; nothing when it is."""
    explainer = _Explainer(evaluation)
    found: list[Reason] = []
    for number, (part, environment, wanted) in enumerate(explainer.groups(expression, {}, wanted=True)):
        found.extend(evolve(reason, group=number) for reason in explainer.reasons(part, environment, wanted=wanted))
    return tuple(found)


_Group = tuple[Expression, Environment, bool]


class _Explainer:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def groups(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[_Group]:
        """Yield the conditions that have each to be as wanted and are not: the limbs of an `and`, lets looked into."""
        if self.evaluation.value(expression, environment) is wanted:
            return
        match expression.operator:
            case "not":
                yield from self.groups(expression.operands[0], environment, wanted=not wanted)
            case "let":
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
                value, inner = inside(self.evaluation, expression, environment)
                yield from self.reasons(value, inner, wanted=wanted)
            case "if" | "by":
                yield from self._choice(expression, environment, wanted=wanted)
            case _:
                yield self._atom(expression, environment, wanted=wanted)

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
                yield evolve(reason, limb=number) if len(listed) > 1 else reason

    def _some_of(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """`at least k of (…)`: the limbs that are not as wanted, with how many of them are still needed."""
        asked = expression.data if isinstance(expression.data, int) else 0
        asked = asked if wanted else len(expression.operands) - asked + 1
        settled = sum(self.evaluation.value(limb, environment) is wanted for limb in expression.operands)
        for reason in self._alternatives(expression.operands, environment, wanted=wanted):
            yield evolve(reason, needed=asked - settled)

    def _choice(self, expression: Expression, environment: Environment, *, wanted: bool) -> Iterator[Reason]:
        """`if` or `by` over conditions: the branches that may be chosen, or what is missing to choose."""
        choices = self.evaluation.choices(expression, environment)
        if len(choices) > 1:
            missing = missing_in(self.evaluation, expression.operands[0], environment)
            yield evolve(self._bare(expression.operands[0], environment, None), missing=missing)
        for choice in choices:
            yield from self.reasons(choice, environment, wanted=wanted)

    # --- atoms ---

    def _atom(self, expression: Expression, environment: Environment, *, wanted: bool) -> Reason:
        truth = self.evaluation.value(expression, environment)
        reason = evolve(self._bare(expression, environment, truth), negated=not wanted)
        if truth is None:
            reason = evolve(reason, missing=missing_in(self.evaluation, expression, environment))
        if expression.operator in COMPARISONS:
            return self._comparison(reason, expression, environment)
        match expression.operator:
            case "in":
                return self._among(reason, expression, environment)
            case "includes":
                return self._set(reason, expression, environment)
            case "all" | "any":
                return self._elements(reason, expression, environment, wanted=wanted)
            case "rises" | "falls":
                return self._trend(reason, expression, environment)
            case "fact" | "field":
                actual = shown(self.evaluation, expression, environment)
                return evolve(reason, actual=actual, required=_YES if wanted else _NO)
            case "passes":
                return self._clause(reason, expression)
        return reason

    def _bare(self, expression: Expression, environment: Environment, truth: Truth) -> Reason:
        """Return the reason with nothing but what it is about."""
        about = _subject(expression)
        found = readings(self.evaluation, expression, environment)
        fact = str(about.data) if about.operator in {"fact", "field"} else None
        label = text_of(self.evaluation.model, about)
        facts = tuple(dict.fromkeys(reading.fact for reading in found))
        return Reason(expression.span.text, truth, label, " ".join(about.span.text.split()), fact=fact, facts=facts)

    def _comparison(self, reason: Reason, expression: Expression, environment: Environment) -> Reason:
        left, right = expression.operands
        operator = expression.operator
        if left.operator == "constant":  # `500 m2 <= area` is about the area
            left, right, operator = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
        if reason.negated:
            operator = _OPPOSITE.get(operator, "!=")
        if left.type.kind == "number":
            return self._numbers(reason, left, operator, right, environment)
        wanted = shown(self.evaluation, right, environment)
        return evolve(
            reason,
            actual=shown(self.evaluation, left, environment),
            required=Words(f"{operator} {wanted.en}", f"{_SIGNS[operator]}{wanted.zh}"),
            readings=self._sources(left, right, environment),
        )

    def _numbers(
        self, reason: Reason, left: Expression, operator: str, right: Expression, environment: Environment
    ) -> Reason:
        unit = common_unit(left.type, right.type)
        direction = -1 if operator in {">", ">="} else 1 if operator in {"<", "<="} else 0
        if self.evaluation.existence(left, environment) is False:
            actual_words, have = shown(self.evaluation, left, environment), ANY_NUMBER
        else:
            actual_words, have = None, self.evaluation.value(left, environment)
        want: Interval = self.evaluation.value(right, environment)
        actual = None if have.point is None else amount(Fraction(have.low), unit)
        required = None if want.point is None else amount(Fraction(want.low), unit)
        shortfall = None
        if actual is not None and required is not None and direction:
            shortfall = _shortfall(required.value - actual.value, direction, whole=left.type.whole and unit.factor == 1)
        wanted = shown(self.evaluation, right, environment) if required is None else required.words(-direction)
        return evolve(
            reason,
            actual=actual_words
            or (shown(self.evaluation, left, environment) if actual is None else actual.words(direction)),
            required=Words(f"{operator} {wanted.en}", f"{_SIGNS[operator]}{wanted.zh}"),
            shortfall=None if shortfall is None else Amount(shortfall, unit.name).words(1),
            actual_amount=actual,
            required_amount=required,
            shortfall_amount=None if shortfall is None else Amount(shortfall, unit.name),
            readings=self._sources(left, right, environment),
        )

    def _sources(self, left: Expression, right: Expression, environment: Environment) -> tuple[Reading, ...]:
        """Return the facts that a computed side comes from; a fact alone against a constant tells all itself."""
        computed = [side for side in (left, right) if side.operator not in {"fact", "field", "constant"}]
        if not computed and right.operator == "constant":
            return ()
        sides = computed if left.operator in {"fact", "field"} else (left, right)
        found = [reading for side in sides for reading in readings(self.evaluation, side, environment)]
        return tuple(dict.fromkeys(found))

    def _among(self, reason: Reason, expression: Expression, environment: Environment) -> Reason:
        value, *listed = expression.operands
        options = [shown(self.evaluation, item, environment) for item in listed]
        word = Words("not one of", "不属于：") if reason.negated else Words("one of", "属于：")
        required = Words(
            f"{word.en} {', '.join(option.en for option in options)}",
            word.zh + "、".join(option.zh for option in options),
        )
        return evolve(reason, actual=shown(self.evaluation, value, environment), required=required)

    def _set(self, reason: Reason, expression: Expression, environment: Environment) -> Reason:
        set_ = expression.operands[0]
        present = self.evaluation.value(set_, environment)
        pairs = list(zip(set_.type.members, present, strict=True))
        asked = [(member.label, truth) for member, truth in pairs if member.name in (expression.data or ())]  # type: ignore[operator]
        lacking = tuple(label for label, truth in asked if truth is False)
        unsure = tuple(label for label, truth in asked if truth is None)
        return evolve(reason, members=lacking, unsure=unsure)

    def _elements(self, reason: Reason, expression: Expression, environment: Environment, *, wanted: bool) -> Reason:
        """`all` or `any` over a list: the elements that are not as wanted, or may not be."""
        environment = with_paths(self.evaluation, expression.operands[0], environment)
        found = self.evaluation.elements(expression, environment)
        guilty = list(self._guilty(found or [], expression, wanted=wanted))
        return evolve(reason, elements=tuple(guilty[:ELEMENTS_LIMIT]), others=len(guilty[ELEMENTS_LIMIT:]))

    def _guilty(
        self, found: list[tuple[Truth, Environment]], expression: Expression, *, wanted: bool
    ) -> Iterator[Element]:
        source, where, body = expression.operands
        record = self.evaluation.model.records_by_name[source.type.name]
        for certain, inner in found:
            reasons = tuple(self.reasons(body, inner, wanted=wanted))
            if not reasons and certain is not True:
                reasons = (evolve(self._bare(where, inner, None), missing=missing_in(self.evaluation, where, inner)),)
            if not reasons:
                continue
            element = inner[str(expression.data)]
            path = path_of(inner, element)
            fails = certain is True and self.evaluation.value(body, inner) is (not wanted)
            yield Element(key_of(record, element, path), path, False if fails else None, reasons)

    def _trend(self, reason: Reason, expression: Expression, environment: Environment) -> Reason:
        series = expression.operands[0]
        element = series.type.element
        type_ = series.type
        if element is not None and not (element.dimension or element.whole or element.unit.name):
            type_ = evolve(type_, element=evolve(element, unit=PERCENT))  # a computed ratio
        words = {"rises": Words("rises every year", "逐年上升"), "falls": Words("falls every year", "逐年下降")}
        return evolve(
            reason,
            actual=in_words(type_, self.evaluation.value(series, environment)),
            required=words[expression.operator],
            readings=self._sources(series, series, environment),
        )

    def _clause(self, reason: Reason, expression: Expression) -> Reason:
        clause = self.evaluation.model.clauses_by_id[str(expression.data)]
        status = self.evaluation.status(clause)
        return evolve(
            reason,
            label=clause.title,
            left=clause.id,
            actual=Words(status.value, _STATUS_ZH[status.value]),
            required=_PASSES,
        )


def _premise(expression: Expression) -> Expression | None:
    """Return A of `if A then B`, which is `not A or B`, or None."""
    first = expression.operands[0]
    is_implication = first.operator == "not" and expression.span.text.startswith("if")
    return first.operands[0] if is_implication else None


def _subject(expression: Expression) -> Expression:
    """Return what a condition is about: the side of a comparison that is no constant, the list of an aggregate."""
    if expression.operator in COMPARISONS | {"in", "includes", "all", "any", "rises", "falls"}:
        first = expression.operands[0]
        return expression.operands[1] if first.operator == "constant" else first
    return expression


def _shortfall(gap: Fraction, direction: int, *, whole: bool) -> Fraction | None:
    """Return how much is lacking, or too much; whole where only whole things can be added."""
    lacking = gap if direction < 0 else -gap
    if lacking < 0:
        return None
    if whole:
        return Fraction(-(-lacking.numerator // lacking.denominator))
    return lacking


_YES, _NO = Words("yes", "是"), Words("no", "否")
_PASSES = Words("passes", "达标")
_SIGNS = {">=": "不少于 ", ">": "多于 ", "<=": "不多于 ", "<": "少于 ", "=": "为 ", "!=": "不为 "}
_STATUS_ZH = {
    "pass": "达标",
    "fail": "未达标",
    "unknown": "待核实",
    "not_applicable": "不适用",
    "not_met": "建议未落实",
}

__all__ = ["ELEMENTS_LIMIT", "Element", "Reason", "explain"]
