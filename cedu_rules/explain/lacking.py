"""One failing comparison into what is lacking, without the rest of its reason: for tables of millions of rows."""

from fractions import Fraction

from cedu_rules.explain.amounts import Amount, amount, common_unit
from cedu_rules.explain.atoms import _MIRRORED, _lacking
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import Interval


def lacking(evaluation: Evaluation, comparison: Expression) -> Words | None:
    """Return the shortfall of a comparison of numbers that is to be true, as its reason tells it; None where there is none."""
    left, right, _ = sides(comparison)
    have: Interval = evaluation.value(left)
    want: Interval = evaluation.value(right)
    if have.point is None or want.point is None or evaluation.existence(left, {}) is False:
        return None
    return gap_in_words(comparison, Fraction(have.point), Fraction(want.point))


def sides(comparison: Expression) -> tuple[Expression, Expression, str]:
    """Return what there is, what it is compared with, and the operator between them; a constant is never the former."""
    left, right = comparison.operands
    if left.operator == "constant":
        return right, left, _MIRRORED.get(comparison.operator, comparison.operator)
    return left, right, comparison.operator


def gap_in_words(comparison: Expression, have: Fraction, want: Fraction) -> Words | None:
    """Return how much is lacking of a number, or too much, both in base units; None where no amount can be told."""
    left, right, operator = sides(comparison)
    direction = -1 if operator in {">", ">="} else 1 if operator in {"<", "<="} else 0
    if not direction:
        return None
    unit = common_unit(left.type, right.type)
    gap = amount(want, unit).value - amount(have, unit).value
    whole = left.type.whole and unit.factor == 1
    found = _lacking(gap, direction, whole=whole, strict=operator in {"<", ">"})
    return None if found is None else Amount(found, unit.name).difference(1)
