"""Conditions into words."""

from cedu_rules.explain.phrasing import names
from cedu_rules.explain.phrasing.speaker import Hold, Phrase, Speaker
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression
from cedu_rules.model.types import Type

_NUMBER = {
    ">=": Words("{left} is at least {right}", "{left}不少于{right}"),
    "<=": Words("{left} is at most {right}", "{left}不超过{right}"),
    ">": Words("{left} is more than {right}", "{left}多于{right}"),
    "<": Words("{left} is less than {right}", "{left}少于{right}"),
    "=": Words("{left} equals {right}", "{left}等于{right}"),
    "!=": Words("{left} does not equal {right}", "{left}不等于{right}"),
}
_LEVEL = {
    ">=": Words("{left} is at least {right}", "{left}不低于{right}"),
    "<=": Words("{left} is at most {right}", "{left}不高于{right}"),
    ">": Words("{left} is above {right}", "{left}高于{right}"),
    "<": Words("{left} is below {right}", "{left}低于{right}"),
    "=": Words("{left} is {right}", "{left}为{right}"),
    "!=": Words("{left} is not {right}", "{left}不为{right}"),
}
_DATE = {
    ">=": Words("{left} is on or after {right}", "{left}不早于{right}"),
    "<=": Words("{left} is on or before {right}", "{left}不晚于{right}"),
    ">": Words("{left} is after {right}", "{left}晚于{right}"),
    "<": Words("{left} is before {right}", "{left}早于{right}"),
    "=": Words("{left} is {right}", "{left}为{right}"),
    "!=": Words("{left} is not {right}", "{left}不为{right}"),
}
_SAME_TRUTH = {
    "=": Words("{left} exactly when {right}", "{left}与{right}同时成立或同时不成立"),
    "!=": Words("either {left} or {right}, not both", "{left}与{right}恰有一项成立"),
}
ROWS = {
    ">=": Words("at least {right}", "不少于{right}"),
    "<=": Words("at most {right}", "不超过{right}"),
    ">": Words("more than {right}", "多于{right}"),
    "<": Words("less than {right}", "少于{right}"),
    "=": Words("{right}", "{right}"),
}
"""The test of a row of a table, whose subject is told before the table."""
DAY_ROWS = {
    ">=": Words("on or after {right}", "不早于{right}"),
    "<=": Words("on or before {right}", "不晚于{right}"),
    ">": Words("after {right}", "晚于{right}"),
    "<": Words("before {right}", "早于{right}"),
    "=": Words("{right}", "{right}"),
}
_AND, _OR = Words(" and ", "，且"), Words(" or ", "，或")
COMMA, SEMICOLON = Words(", ", "、"), Words("; ", "；")


def comparison(speaker: Speaker, expression: Expression) -> Phrase:
    """Two values of one type."""
    return _compared(speaker, expression, expression.operator)


def _compared(speaker: Speaker, expression: Expression, operator: str) -> Phrase:
    left, right = expression.operands
    if left.type.kind == "bool":
        sides = {"left": speaker.held(left, Hold.NAME), "right": speaker.held(right, Hold.NAME)}
        return Phrase(speaker.say(_SAME_TRUTH[operator], **sides), Hold.OPEN)
    return Phrase(
        speaker.say(
            _words(left.type, right.type)[operator],
            left=names.counted(speaker, left, right, Hold.SUM),
            right=names.counted(speaker, right, left, Hold.SUM),
        ),
        Hold.TEST,
    )


def _words(left: Type, right: Type) -> dict[str, Words]:
    """Return how values of the type are compared; shares are high or low, quantities more or less."""
    match left.kind:
        case "date":
            return _DATE
        case "number":
            return (
                _LEVEL | {key: _NUMBER[key] for key in ("=", "!=")} if left.is_percent or right.is_percent else _NUMBER
            )
    return _LEVEL


def negation(speaker: Speaker, expression: Expression) -> Phrase:
    """The opposite of a condition."""
    operand = expression.operands[0]
    if operand.operator == "=":
        return _compared(speaker, operand, "!=")
    found = names.denied(speaker, operand)
    if found is not None:
        return found
    return Phrase(
        speaker.say(Words("not {inner}", "并非{inner}"), inner=speaker.bracketed(speaker.text(operand))), Hold.TEST
    )


def conjunction(speaker: Speaker, expression: Expression) -> Phrase:
    """All of several conditions; of two bounds of one value, the range."""
    if _is_range(expression):
        lower, upper = expression.operands
        text = speaker.say(
            Words("{value} is between {low} and {high} inclusive", "{value}在{low}至{high}之间（含两端）"),
            value=speaker.held(lower.operands[0], Hold.SUM),
            low=names.counted(speaker, lower.operands[1], lower.operands[0], Hold.SUM),
            high=names.counted(speaker, upper.operands[1], upper.operands[0], Hold.SUM),
        )
        return Phrase(text, Hold.TEST)
    return Phrase(speaker.joined(_AND, [speaker.held(limb, Hold.AND) for limb in expression.operands]), Hold.AND)


def _is_range(expression: Expression) -> bool:
    """Return whether it is what `between` is made of."""
    limbs = expression.operands
    return [limb.operator for limb in limbs] == [">=", "<="] and limbs[0].operands[0] == limbs[1].operands[0]


def disjunction(speaker: Speaker, expression: Expression) -> Phrase:
    """Any of several conditions; `not A or B` is what `if A then B` is made of."""
    limbs = expression.operands
    if len(limbs) == 2 and limbs[0].operator == "not":  # noqa: PLR2004 -- condition and consequence
        text = speaker.say(
            Words("if {condition}, then {consequence}", "如果{condition}，则{consequence}"),
            condition=speaker.held(limbs[0].operands[0], Hold.OR),
            consequence=speaker.text(limbs[1]),
        )
        return Phrase(text, Hold.OPEN)
    held = [
        phrase.text if phrase.hold in _HELD_IN_OR else speaker.bracketed(phrase.text)
        for phrase in map(speaker.phrase, limbs)
    ]
    return Phrase(speaker.joined(_OR, held), Hold.OR)


_HELD_IN_OR = frozenset({Hold.NAME, Hold.PRODUCT, Hold.SUM, Hold.TEST, Hold.OR})


def at_least(speaker: Speaker, expression: Expression) -> Phrase:
    """So many of several conditions."""
    limbs = [
        speaker.say(
            Words("({number}) {limb}", "（{number}）{limb}"), number=str(number), limb=speaker.held(limb, Hold.OR)
        )
        for number, limb in enumerate(expression.operands, 1)
    ]
    words = Words("at least {needed} of these {number} hold: {limbs}", "下列{number}项至少满足{needed}项：{limbs}")
    listed = speaker.joined(SEMICOLON, limbs)
    return Phrase(speaker.say(words, needed=str(expression.data), number=str(len(limbs)), limbs=listed), Hold.OPEN)


def membership(speaker: Speaker, expression: Expression) -> Phrase:
    """One of several constants."""
    subject, *members = expression.operands
    told = [names.counted(speaker, member, subject, Hold.SUM) for member in members]
    words = Words("{value} is one of {members}", "{value}为{members}之一") if len(told) > 1 else _LEVEL["="]
    listed = speaker.joined(COMMA, told)
    return Phrase(
        speaker.say(
            words,
            value=speaker.held(subject, Hold.SUM),
            members=listed,
            left=speaker.held(subject, Hold.SUM),
            right=listed,
        ),
        Hold.TEST,
    )


def inclusion(speaker: Speaker, expression: Expression) -> Phrase:
    """Members that a set has."""
    whole = expression.operands[0]
    wanted = expression.data if isinstance(expression.data, tuple) else ()
    is_all = len(wanted) == len(whole.type.members)
    labels = [names.member(whole.type, name, in_quotes=not is_all) for name in wanted]
    words = (
        Words("{set} is complete, with {members}", "{set}齐全：{members}")
        if is_all
        else Words("{set} includes {members}", "{set}包含{members}")
    )
    listed = speaker.joined(COMMA, labels)
    return Phrase(
        speaker.say(words, set=speaker.held(whole, Hold.NAME), members=listed),
        Hold.AND if is_all or len(wanted) > 1 else Hold.TEST,
    )


def existence(speaker: Speaker, expression: Expression) -> Phrase:
    """That there is such a fact."""
    subject = expression.operands[0]
    named = (
        names.label_of(speaker, subject) if subject.operator in {"fact", "field"} else speaker.held(subject, Hold.NAME)
    )
    return Phrase(speaker.say(Words("there is {subject}", "{subject}存在"), subject=named), Hold.TEST)


def trend(speaker: Speaker, expression: Expression) -> Phrase:
    """That a series rises or falls."""
    words = {
        "rises": Words("{series} rises year by year", "{series}逐年上升"),
        "falls": Words("{series} falls year by year", "{series}逐年下降"),
    }[expression.operator]
    return Phrase(speaker.say(words, series=speaker.held(expression.operands[0], Hold.NAME)), Hold.TEST)
