"""Atomic conditions into reasons: comparisons, facts, sets, series – by how much, for want of what."""

from collections.abc import Iterator
from fractions import Fraction
from math import isinf

from cedu_rules.explain.amounts import Amount, amount, common_unit
from cedu_rules.explain.facts import Reading, facts_read, missing_in, parts_of, readings
from cedu_rules.explain.reason import Reason
from cedu_rules.explain.showing import NOT_KNOWN, in_words, shown, text_of
from cedu_rules.messages import Words
from cedu_rules.model.ir import COMPARISONS, Expression
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Interval, Series, Truth
from cedu_rules.units import PERCENT

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ABOUT_FIRST = COMPARISONS | {"in", "includes", "all", "any", "rises", "falls"}
_YES, _NO = Words("yes", "是"), Words("no", "否")
_SIGNS = {">=": "不少于 ", ">": "多于 ", "<=": "不多于 ", "<": "少于 ", "=": "为 ", "!=": "不为 "}
_DAY_SIGNS = {">=": "不早于 ", ">": "晚于 ", "<=": "不晚于 ", "<": "早于 ", "=": "为 ", "!=": "不为 "}
_LEVEL_SIGNS = {">=": "不低于 ", ">": "高于 ", "<=": "不高于 ", "<": "低于 ", "=": "为 ", "!=": "不为 "}
_TRENDS = {"rises": Words("rises every year", "逐年上升"), "falls": Words("falls every year", "逐年下降")}
_STATISTICS = {"min", "max", "average"}


def bare(evaluation: Evaluation, expression: Expression, environment: Environment, truth: Truth) -> Reason:
    """Return the reason with nothing but what it is about."""
    about = subject(expression)
    facts = facts_read(evaluation, expression, environment)
    fact = str(about.data) if about.operator in {"fact", "field"} else None
    left = " ".join(about.span.text.split())
    return Reason(expression.span.text, truth, text_of(evaluation.model, about), left, fact=fact, facts=facts)


def subject(expression: Expression) -> Expression:
    """Return what a condition is about: the side of a comparison that is no constant, the list of an aggregate."""
    if expression.operator not in _ABOUT_FIRST:
        return expression
    first = expression.operands[0]
    return expression.operands[1] if first.operator == "constant" else first


def atom(evaluation: Evaluation, expression: Expression, environment: Environment, *, wanted: bool) -> Reason:
    """Return why an atomic condition is not `wanted`."""
    truth = evaluation.value(expression, environment)
    reason = bare(evaluation, expression, environment, truth)._replace(negated=not wanted)
    if truth is None:
        missing = missing_in(evaluation, expression, environment)
        note = next(_notes(evaluation, expression, environment), None)
        reason = reason._replace(missing=missing, note=note)
    if expression.operator in COMPARISONS:
        return _comparison(evaluation, reason, expression, environment)
    match expression.operator:
        case "in":
            return _among(evaluation, reason, expression, environment)
        case "includes":
            return _set(evaluation, reason, expression, environment)
        case "rises" | "falls":
            return _trend(evaluation, reason, expression, environment)
        case "fact" | "field":
            return reason._replace(actual=shown(evaluation, expression, environment), required=_YES if wanted else _NO)
    return reason


# --- comparisons -----------------------------------------------------------------------------------------------------


def _comparison(evaluation: Evaluation, reason: Reason, expression: Expression, environment: Environment) -> Reason:
    left, right = expression.operands
    operator = expression.operator
    if left.operator == "constant":  # `500 m2 <= area` is about the area
        left, right, operator = right, left, _MIRRORED.get(operator, operator)
    if reason.negated:
        operator = _OPPOSITE.get(operator, "!=")
    reason = reason._replace(readings=_sources(evaluation, left, right, environment))
    if left.type.kind == "number":
        return _numbers(evaluation, reason, left, operator, right, environment)
    signs = _DAY_SIGNS if left.type.kind == "date" else _LEVEL_SIGNS if left.type.kind == "level" else _SIGNS
    wanted = shown(evaluation, right, environment)
    return reason._replace(
        actual=shown(evaluation, left, environment),
        required=NOT_KNOWN
        if wanted == NOT_KNOWN
        else Words(f"{operator} {wanted.en}", f"{signs[operator]}{wanted.zh}"),
    )


def _numbers(
    evaluation: Evaluation, reason: Reason, left: Expression, operator: str, right: Expression, environment: Environment
) -> Reason:
    unit = common_unit(left.type, right.type)
    direction = -1 if operator in {">", ">="} else 1 if operator in {"<", "<="} else 0
    exists = evaluation.existence(left, environment) is not False
    have: Interval = evaluation.value(left, environment)
    want: Interval = evaluation.value(right, environment)
    actual = amount(Fraction(have.low), unit) if exists and have.point is not None else None
    required = None if want.point is None else amount(Fraction(want.low), unit)
    lacking = None
    if actual is not None and required is not None and direction:
        whole = left.type.whole and unit.factor == 1
        lacking = _lacking(required.value - actual.value, direction, whole=whole, strict=operator in {"<", ">"})
    given = left.operator in {"fact", "field"}
    return reason._replace(
        actual=shown(evaluation, left, environment) if actual is None else actual.words(direction, exact=given),
        required=_required(evaluation, operator, required, right, environment),
        shortfall=None if lacking is None else Amount(lacking, unit.name).difference(1),
        actual_amount=actual,
        required_amount=required,
        shortfall_amount=None if lacking is None else Amount(lacking, unit.name),
    )


def _required(
    evaluation: Evaluation, operator: str, required: Amount | None, right: Expression, environment: Environment
) -> Words:
    """Return what the standard asks for; where it depends on what is missing, the range that it lies in, if any."""
    if required is not None:
        constant = right.operator == "constant"
        wanted = required.words(1 if operator in {">", ">="} else -1 if operator in {"<", "<="} else 0, exact=constant)
        return Words(f"{operator} {wanted.en}", f"{_SIGNS[operator]}{wanted.zh}")
    value: Interval = evaluation.value(right, environment)
    if isinf(value.low) or isinf(value.high) or right.operator in {"fact", "field"}:
        return NOT_KNOWN
    span = in_words(right.type, value)
    return Words(f"{operator} {span.en}, {NOT_KNOWN.en}", f"{_SIGNS[operator]}{span.zh}，{NOT_KNOWN.zh}")


def _lacking(gap: Fraction, direction: int, *, whole: bool, strict: bool) -> Fraction | None:
    """Return how much is lacking, or too much; whole where only whole things can be added, one more if strict.

    None where any amount would do, however small.
    """
    lacking = gap if direction < 0 else -gap
    if lacking < 0:
        return None
    if whole:
        up = Fraction(-(-lacking.numerator // lacking.denominator))
        return up + 1 if strict and up == lacking else up
    return lacking or None


def _sources(
    evaluation: Evaluation, left: Expression, right: Expression, environment: Environment
) -> tuple[Reading, ...]:
    """Return the facts that a computed side comes from; a fact alone against a constant tells all itself."""
    computed = [side for side in (left, right) if side.operator not in {"fact", "field", "constant"}]
    if not computed and right.operator == "constant":
        return ()
    sides = [right] if left.operator in {"fact", "field"} else [left, right]
    found = [reading for side in sides for reading in readings(evaluation, side, environment)]
    return tuple(dict.fromkeys(found))


# --- choices, sets, series -------------------------------------------------------------------------------------------


def _among(evaluation: Evaluation, reason: Reason, expression: Expression, environment: Environment) -> Reason:
    value, *listed = expression.operands
    options = [shown(evaluation, item, environment) for item in listed]
    word = Words("not one of", "不属于：") if reason.negated else Words("one of", "属于：")
    english = f"{word.en} {', '.join(option.en for option in options)}"
    required = Words(english, word.zh + "、".join(option.zh for option in options))
    return reason._replace(actual=shown(evaluation, value, environment), required=required)


def _set(evaluation: Evaluation, reason: Reason, expression: Expression, environment: Environment) -> Reason:
    set_ = expression.operands[0]
    names = expression.data if isinstance(expression.data, tuple) else ()
    pairs = zip(set_.type.members, evaluation.value(set_, environment), strict=True)
    asked = [(member.label, truth) for member, truth in pairs if member.name in names]
    return reason._replace(
        members=tuple(label for label, truth in asked if truth is False),
        unsure=tuple(label for label, truth in asked if truth is None),
    )


def _trend(evaluation: Evaluation, reason: Reason, expression: Expression, environment: Environment) -> Reason:
    series = expression.operands[0]
    element, type_ = series.type.element, series.type
    if element is not None and not (element.dimension or element.whole or element.unit.name):
        type_ = type_._replace(element=element._replace(unit=PERCENT))  # a computed ratio
    return reason._replace(
        actual=in_words(type_, evaluation.value(series, environment)),
        required=_TRENDS[expression.operator],
        readings=_sources(evaluation, series, series, environment),
    )


# --- why nothing can be said -----------------------------------------------------------------------------------------


def _notes(evaluation: Evaluation, expression: Expression, environment: Environment) -> Iterator[Words]:
    """Yield what keeps an answer open although nothing of it is missing: short series, empty lists, zero denominators."""
    for part, inner in parts_of(evaluation, expression, environment):
        value = evaluation.value(part.operands[0], inner) if part.operands else None
        if part.operator in {"rises", "falls"} and isinstance(value, Series) and len(value.values) == 1:
            yield Words(f"only {value.first} is listed, nothing to compare", f"只有 {value.first} 年的数据，无从比较")
        elif part.operator == "at" and isinstance(value, Series) and value.values:
            point = evaluation.value(part.operands[1], inner).point
            if point is not None and not value.first <= point <= value.last:
                span = str(value.first) if value.first == value.last else f"{value.first}-{value.last}"
                yield Words(
                    f"{part.operands[0].span.text} lists {span}, not {point}", f"数据为 {span} 年，未含 {point} 年"
                )
        elif part.operator in _STATISTICS and value == ():
            yield Words("the list is empty, nothing to compute", "名单为空，无从计算")
        elif (
            part.operator == "/" and part.type.kind == "number" and evaluation.value(part.operands[1], inner).point == 0
        ):
            yield Words("the denominator is zero", "分母为零")
