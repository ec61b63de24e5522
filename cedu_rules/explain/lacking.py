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
    left, right = comparison.operands
    operator = comparison.operator
    if left.operator == "constant":
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    have: Interval = evaluation.value(left)
    want: Interval = evaluation.value(right)
    direction = -1 if operator in {">", ">="} else 1 if operator in {"<", "<="} else 0
    if have.point is None or want.point is None or not direction or evaluation.existence(left, {}) is False:
        return None
    unit = common_unit(left.type, right.type)
    gap = amount(Fraction(want.low), unit).value - amount(Fraction(have.low), unit).value
    whole = left.type.whole and unit.factor == 1
    found = _lacking(gap, direction, whole=whole, strict=operator in {"<", ">"})
    return None if found is None else Amount(found, unit.name).difference(1)
