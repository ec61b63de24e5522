"""Computed values into words: arithmetic, choices, tables, series, days."""

from fractions import Fraction

from cedu_rules.explain.phrasing import names
from cedu_rules.explain.phrasing.conditions import COMMA, DAY_ROWS, ROWS, SEMICOLON
from cedu_rules.explain.phrasing.speaker import Hold, Phrase, Speaker
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression

_FUNCTIONS = {
    "abs": Words("the size of {value} without its sign", "{value}的绝对值"),
    "ceil": Words("{value} rounded up", "{value}向上取整"),
    "floor": Words("{value} rounded down", "{value}向下取整"),
    "round": Words("{value} rounded to a whole number", "{value}四舍五入取整"),
    "latest": Words("{value} in its latest year", "{value}最近一年的数"),
    "present": Words("the number of items in {value}", "{value}的具备项数"),
}
_EXTREMES = {
    "lowest": {
        "number": Words("the smallest of {values}", "{values}中的最小值"),
        "date": Words("the earliest of {values}", "{values}中最早的日期"),
        "level": Words("the lowest of {values}", "{values}中的最低等级"),
    },
    "highest": {
        "number": Words("the greatest of {values}", "{values}中的最大值"),
        "date": Words("the latest of {values}", "{values}中最晚的日期"),
        "level": Words("the highest of {values}", "{values}中的最高等级"),
    },
}
_STEPS = {
    False: Words("{step} after {day}", "{day}之后{step}"),
    True: Words("{step} before {day}", "{day}之前{step}"),
}


def sum_(speaker: Speaker, expression: Expression) -> Phrase:
    """A sum, with differences as such."""
    first, *rest = expression.operands
    text = speaker.held(first, Hold.PRODUCT)
    for term in rest:
        sign, shown = " + ", term
        if term.operator == "-":
            sign, shown = " − ", term.operands[0]
        text += sign + speaker.held(shown, Hold.PRODUCT)
    return Phrase(text, Hold.SUM)


def product(speaker: Speaker, expression: Expression) -> Phrase:
    """A product."""
    return Phrase(" × ".join(speaker.held(factor, Hold.NAME) for factor in expression.operands), Hold.PRODUCT)


def quotient(speaker: Speaker, expression: Expression) -> Phrase:
    """A quotient."""
    above, below = (speaker.held(operand, Hold.NAME) for operand in expression.operands)
    return Phrase(f"{above} ÷ {below}", Hold.PRODUCT)


def negative(speaker: Speaker, expression: Expression) -> Phrase:
    """A number with the other sign."""
    return Phrase(f"−{speaker.held(expression.operands[0], Hold.NAME)}", Hold.SUM)


def function(speaker: Speaker, expression: Expression) -> Phrase:
    """A function of one value."""
    return Phrase(
        speaker.say(_FUNCTIONS[expression.operator], value=speaker.held(expression.operands[0], Hold.NAME)), Hold.SUM
    )


def extreme(speaker: Speaker, expression: Expression) -> Phrase:
    """The smallest or greatest of several values."""
    words = _EXTREMES[expression.operator][expression.type.kind]
    values = [speaker.held(operand, Hold.NAME) for operand in expression.operands]
    return Phrase(speaker.say(words, values=speaker.joined(COMMA, values)), Hold.SUM)


def choice(speaker: Speaker, expression: Expression) -> Phrase:
    """One of two values, or of two conditions."""
    condition, then, otherwise = expression.operands
    if condition.operator == "exists" and then.operator == "by" and then.operands[-1] == otherwise:
        return table(speaker, then)  # the last row is for what does not exist, too
    words = Words("if {condition}, then {then}, otherwise {otherwise}", "如果{condition}，则{then}，否则{otherwise}")
    text = speaker.say(
        words,
        condition=speaker.held(condition, Hold.OR),
        then=speaker.held(then, Hold.OR),
        otherwise=speaker.held(otherwise, Hold.OR),
    )
    return Phrase(text, Hold.OPEN)


def table(speaker: Speaker, expression: Expression) -> Phrase:
    """A value that a table gives: the rows in their order, the first that fits."""
    operators = expression.data if isinstance(expression.data, tuple) else ()
    selector, cells = expression.operands[0], expression.operands[1:]
    tests = DAY_ROWS if selector.type.kind == "date" else ROWS
    rows = []
    for position, operator in enumerate(operators):
        bound, result = cells[2 * position : 2 * position + 2]
        test = speaker.say(tests[operator], right=names.counted(speaker, bound, selector, Hold.SUM))
        rows.append(_row(speaker, test, result))
    if len(cells) > 2 * len(operators):
        rows.append(_row(speaker, speaker.say(Words("else", "其余")), cells[-1]))
    words = Words("the first fitting value for {selector} ({rows})", "按{selector}依次对照的结果（{rows}）")
    text = speaker.say(words, selector=speaker.held(selector, Hold.NAME), rows=speaker.joined(SEMICOLON, rows))
    return Phrase(text, Hold.TEST if expression.type.kind == "bool" else Hold.NAME)


def _row(speaker: Speaker, test: str, result: Expression) -> str:
    return speaker.say(Words("{test}: {result}", "{test}：{result}"), test=test, result=speaker.held(result, Hold.OR))


# --- series ----------------------------------------------------------------------------------------------------------


def average_of(speaker: Speaker, expression: Expression) -> Phrase:
    """The mean of the last years of a series."""
    words = Words("the average of {series} over its last {number} years", "{series}最近{number}年的平均数")
    series = speaker.held(expression.operands[0], Hold.NAME)
    return Phrase(speaker.say(words, series=series, number=str(expression.data)), Hold.SUM)


def at_year(speaker: Speaker, expression: Expression) -> Phrase:
    """The number of one year of a series."""
    series, year = expression.operands
    named = speaker.held(year, Hold.NAME)
    if year.operator == "constant" and speaker.is_chinese:
        named += "年"
    words = Words("{series} in {year}", "{series}（{year}）")
    return Phrase(speaker.say(words, series=speaker.held(series, Hold.NAME), year=named), Hold.NAME)


# --- days ------------------------------------------------------------------------------------------------------------


def step(speaker: Speaker, expression: Expression) -> Phrase:
    """A day so many days or months after another, or before it."""
    day, by = expression.operands
    is_back = by.operator == "-" or (isinstance(by.data, Fraction) and by.data < 0)
    if by.operator == "constant" and isinstance(by.data, Fraction):
        steps = names.number(speaker, abs(by.data), by.type.unit).text
    else:
        steps = speaker.held(by.operands[0] if is_back else by, Hold.NAME)
    return Phrase(speaker.say(_STEPS[is_back], step=steps, day=speaker.held(day, Hold.NAME)), Hold.SUM)


def days_between(speaker: Speaker, expression: Expression) -> Phrase:
    """The days from one day to another."""
    later, earlier = (speaker.held(operand, Hold.NAME) for operand in expression.operands)
    words = Words("the number of days from {earlier} to {later}", "从{earlier}到{later}的天数")
    return Phrase(speaker.say(words, earlier=earlier, later=later), Hold.SUM)
