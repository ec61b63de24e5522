"""A requirement into its margin: how far the measured value is from the threshold, also where it is met.

Where a requirement has several limbs, the margin is that of the limb on which the answer hangs: the tightest of an
`and`, the best of an `or`, the k-th best of `at least k of`; of a list, that of the element on which it hangs. Limbs in
different units are compared in relation to their thresholds.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from cedu_rules.explain.amounts import Amount, amount, common_unit
from cedu_rules.explain.showing import text_of
from cedu_rules.messages import Words
from cedu_rules.model.ir import COMPARISONS, Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import INFINITY, Interval, Series, Truth
from cedu_rules.units import PERCENT


class Margin(NamedTuple):
    """The distance to a threshold, positive or zero when it is met and negative or zero when it is not.

    * `amount`: the exact distance in the author's unit; of a strict comparison zero is not met. Of percents it is in
      percentage points, of a trend the smallest step from one year to the next.
    * `label`: what is compared, in the words of the standard; `text`: the comparison as the author wrote it.
    """

    amount: Amount
    label: str
    text: str

    def words(self) -> Words:
        """Return the distance for a reader: `80 m2`, `80 平方米`; rounded towards the threshold."""
        return self.amount.words(-1 if self.amount.value > 0 else 1)

    def told(self, *, met: bool) -> Words:
        """Return the distance in a sentence's words: `80 m2 to spare`, `富余 80 平方米`; `off by 80 m2`, `相差 80 平方米`.

        What is to spare is rounded down, what is short is rounded up.
        """
        if not self.amount.value:
            return Words("just met", "恰好达到") if met else Words("just not met", "恰未达到")
        shown = self.amount._replace(value=abs(self.amount.value)).difference(-1 if met else 1)
        if met:
            return Words(f"{shown.en} to spare", f"富余 {shown.zh}")
        return Words(f"off by {shown.en}", f"相差 {shown.zh}")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**self.amount.to_dict(), "label": self.label, "text": self.text}


class _Ranked(NamedTuple):
    """A margin with what it is compared by; without a margin a limb that holds or fails by more than any number."""

    rank: Fraction | float
    margin: Margin | None


def margin(evaluation: Evaluation, condition: Expression) -> Margin | None:
    """Return the margin of a condition; None where it is not decided, or where no number decides it."""
    truth = evaluation.value(condition, {})
    if truth is None:
        return None
    found = _Measurer(evaluation).of(condition, {}, wanted=True)
    if found is None or found.margin is None:
        return None
    value = found.margin.amount.value
    return found.margin if (value >= 0 if truth else value <= 0) else None


class _Measurer:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def of(self, expression: Expression, environment: Environment, *, wanted: bool) -> _Ranked | None:
        """Return the margin of a condition that should be as wanted; None where it is not decided."""
        truth = self.evaluation.value(expression, environment)
        if truth is None:
            return None
        operator = expression.operator
        match operator:
            case "not":
                return self.of(expression.operands[0], environment, wanted=not wanted)
            case "let":
                return self.of(*self.evaluation.let(expression, environment), wanted=wanted)
            case "and" | "or" | "at_least":
                return self._limbs(expression, environment, wanted=wanted)
            case "all" | "any":
                return self._elements(expression, environment, wanted=wanted)
            case "if" | "by":
                choices = self.evaluation.choices(expression, environment)
                if len(choices) == 1:
                    return self.of(choices[0], environment, wanted=wanted)
            case "rises" | "falls" if wanted:
                return self._trend(expression, environment, truth)
            case _ if operator in COMPARISONS and expression.operands[0].type.kind in {"number", "date"}:
                return self._comparison(expression, environment, truth, wanted=wanted)
        return _beyond_number(truth, wanted=wanted)

    def _limbs(self, expression: Expression, environment: Environment, *, wanted: bool) -> _Ranked | None:
        number = len(expression.operands)
        asked = {"and": number, "or": 1}.get(expression.operator, expression.data)
        needed = int(asked) if isinstance(asked, int) else number
        needed = needed if wanted else number - needed + 1
        return _ranked((self.of(limb, environment, wanted=wanted) for limb in expression.operands), needed)

    def _elements(self, expression: Expression, environment: Environment, *, wanted: bool) -> _Ranked | None:
        elements = self.evaluation.elements(expression, environment) or []
        certain = [inner for sure, inner in elements if sure is True]
        every = (expression.operator == "all") is wanted
        body = expression.operands[2]
        found = _ranked((self.of(body, inner, wanted=wanted) for inner in certain), len(certain) if every else 1)
        return found or _beyond_number(self.evaluation.value(expression, environment), wanted=wanted)

    def _comparison(
        self, expression: Expression, environment: Environment, truth: Truth, *, wanted: bool
    ) -> _Ranked | None:
        left, right = expression.operands
        operator = expression.operator
        have, want = (self.evaluation.value(side, environment) for side in (left, right))
        if have.point is None or want.point is None or False in (have.exists, want.exists):
            return _beyond_number(truth, wanted=wanted)
        gap = Fraction(have.point) - Fraction(want.point)
        distance = -abs(gap) if operator == "=" else gap if operator in {">", ">="} else -gap
        about = right if left.operator == "constant" else left
        label, text = text_of(self.evaluation.model, about), " ".join(expression.span.text.split())
        if left.type.kind == "date":
            shown = Amount(distance, "days")
        else:
            shown = amount(distance, common_unit(left.type, right.type))
        shown = shown if wanted else shown._replace(value=-shown.value)
        threshold = Fraction(have.point if left.operator == "constant" else want.point)
        return _Ranked(
            shown.value * common_unit(left.type, right.type).factor / max(abs(threshold), Fraction(1)),
            Margin(shown, label, text),
        )

    def _trend(self, expression: Expression, environment: Environment, truth: Truth) -> _Ranked | None:
        source = expression.operands[0]
        series: Series = self.evaluation.value(source, environment)
        if series.exists is not True or source.type.element is None:
            return _beyond_number(truth, wanted=True)
        sign = 1 if expression.operator == "rises" else -1
        steps = [_step(before, after, sign) for before, after in zip(series.values, series.values[1:], strict=False)]
        known = [step for step in steps if step is not None]
        if not known or (truth is True and len(known) < len(steps)):
            return _beyond_number(truth, wanted=True)
        element = source.type.element
        is_ratio = not (element.dimension or element.whole or element.unit.name)
        shown = amount(min(known), PERCENT if is_ratio else element.unit)
        label, text = text_of(self.evaluation.model, source), " ".join(expression.span.text.split())
        return _Ranked(min(known), Margin(shown, label, text))


def _step(before: Interval, after: Interval, sign: int) -> Fraction | None:
    if before.point is None or after.point is None:
        return None
    return (Fraction(after.point) - Fraction(before.point)) * sign


def _beyond_number(truth: Truth, *, wanted: bool) -> _Ranked | None:
    """Return the place of a condition that no number decides: it holds, or fails, by more than any."""
    return None if truth is None else _Ranked(INFINITY if truth is wanted else -INFINITY, None)


def _ranked(found: Iterable[_Ranked | None], needed: int) -> _Ranked | None:
    """Return the k-th best, of which it depends whether k hold; what is not decided is left out."""
    rank: Callable[[_Ranked], Fraction | float] = lambda each: each.rank  # noqa: E731
    known = sorted((each for each in found if each is not None), key=rank, reverse=True)
    return known[min(needed, len(known)) - 1] if known and needed > 0 else None
