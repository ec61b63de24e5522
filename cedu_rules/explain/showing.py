"""Values and expressions into words for a reader: labels for names, units in the language of the reader."""

from datetime import date
from fractions import Fraction
from math import isinf

from cedu_rules.explain.amounts import amount
from cedu_rules.messages import Words
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import Expression, Fact, Model, Record
from cedu_rules.model.types import Type
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.truth import Interval, Options, Series
from cedu_rules.values import Value

NOT_RECORDED = Words("not recorded", "未填报")
NOT_JUDGED = Words("not judged", "未评定")
NOT_KNOWN = Words("not known yet", "尚不能确定")
DOES_NOT_EXIST = Words("does not exist", "不存在")
LISTED_LIMIT = 12
"""Of a series or of options so many are written out."""


def text_of(model: Model, expression: Expression) -> str:
    """Return the label of a fact, or else the author's words with labels in place of the names of facts."""
    fact = fact_of(model, expression)
    return fact.label if fact is not None else _labelled(model, expression)


def _labelled(model: Model, expression: Expression) -> str:
    text, start = expression.span.text, expression.span.start
    found = {part.span.start: (part.span.end, fact_of(model, part)) for part in walk(expression)}
    for place in sorted(found, reverse=True):  # from the end, so that places before stay where they are
        end, fact = found[place]
        if fact is not None and start <= place and end <= expression.span.end:
            text = text[: place - start] + fact.label + text[end - start :]
    return " ".join(text.split())


def fact_of(model: Model, expression: Expression) -> Fact | None:
    """Return the fact that the expression reads and nothing else, or None."""
    if expression.operator == "fact":
        return model.facts_by_name[str(expression.data)]
    if expression.operator == "field":
        return model.records_by_name[expression.operands[0].type.name].fields_by_name[str(expression.data)]
    return None


def key_of(record: Record, element: object, path: str) -> str:
    """Return what tells an element apart: its key, or its position where that is not known."""
    key = None if record.key is None else getattr(element, record.key, None)
    return "#" + path[path.rfind("[") + 1 :].rstrip("]") if key is None else str(key)


def shown(evaluation: Evaluation, expression: Expression, environment: Environment) -> Words:
    """Return what is known of a value, in words; a fact as it was given."""
    value = evaluation.value(expression, environment)
    if expression.operator in {"fact", "field"}:
        exists = evaluation.existence(expression, environment)
        if exists is False:
            return DOES_NOT_EXIST
        fact, owner, _ = evaluation.declaration(expression, environment)
        if getattr(owner, fact.name, None) is None:
            return NOT_JUDGED if fact.kind == "judged" else NOT_RECORDED
        if expression.type.kind == "number" and value.point is not None:
            return amount(Fraction(value.point), expression.type.unit).words(exact=True)
    elif _is_open(expression.type, value):
        return NOT_KNOWN
    return in_words(expression.type, value)


def _is_open(type_: Type, value: Value) -> bool:
    """Return whether nothing worth telling is known of a computed value."""
    if isinstance(value, Options):
        return value.exists is not False and (value.values is None or len(value.values) > 1)
    if not isinstance(value, Interval) or value.exists is False or value.point is not None:
        return False
    return type_.kind == "date" or (isinf(value.high) and value.low <= 0)


def in_words(type_: Type, value: Value) -> Words:
    """Return a possible value in words: a number, a range, the options."""
    match value:
        case None:
            return NOT_RECORDED
        case bool():
            return Words("yes", "是") if value else Words("no", "否")
        case Interval() | Options() if value.exists is False:
            return DOES_NOT_EXIST
        case Interval():
            return _interval(type_, value)
        case Options():
            return _options(type_, value)
        case Series():
            return _series(type_, value)
    return _set_or_list(type_, value)


def _interval(type_: Type, value: Interval) -> Words:
    low, high = _end(type_, value.low), _end(type_, value.high)
    if value.point is not None and low is not None:
        return low
    if low is None and high is None:
        return NOT_KNOWN
    if high is None and low is not None:
        return Words(f"at least {low.en}", f"至少 {low.zh}")
    if low is None and high is not None:
        return Words(f"at most {high.en}", f"至多 {high.zh}")
    return Words(f"{low.en} to {high.en}", f"{low.zh} 至 {high.zh}") if low and high else NOT_RECORDED


def _end(type_: Type, end: Fraction | float) -> Words | None:
    if isinstance(end, float) and isinf(end):
        return None
    if type_.kind == "date":
        day = date.fromordinal(int(end)).isoformat()
        return None if day in {date.min.isoformat(), date.max.isoformat()} else Words(day, day)
    return amount(Fraction(end), type_.unit).words()


def _options(type_: Type, value: Options) -> Words:
    if value.values is None or (type_.members and len(value.values) == len(type_.members)):
        return NOT_RECORDED
    if type_.kind == "text":
        texts = sorted(str(text) for text in value.values)
        return Words(" or ".join(texts), "或".join(texts))
    members = [type_.members[int(index)] for index in sorted(value.values, key=int)][:LISTED_LIMIT]
    return Words(" or ".join(member.name for member in members), "或".join(member.label for member in members))


def _series(type_: Type, value: Series) -> Words:
    if value.exists is False:
        return DOES_NOT_EXIST
    if not value.values or type_.element is None:
        return NOT_RECORDED
    pairs = list(enumerate(value.values, value.first))[-LISTED_LIMIT:]
    words = [(year, in_words(type_.element, number)) for year, number in pairs]
    return Words(
        ", ".join(f"{year}: {number.en}" for year, number in words),
        "，".join(f"{year}年 {number.zh}" for year, number in words),
    )


def _set_or_list(type_: Type, value: tuple[object, ...]) -> Words:
    if type_.kind == "list":
        return Words(f"{len(value)} listed", f"共 {len(value)} 项")
    present = [member for member, truth in zip(type_.members, value, strict=True) if truth is True]
    if not present:
        return NOT_RECORDED if None in value else Words("none", "无")
    return Words(", ".join(member.name for member in present), "、".join(member.label for member in present))
