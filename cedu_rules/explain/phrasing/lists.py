"""What is asked of the elements of a list into words."""

from cedu_rules.explain.phrasing.speaker import Hold, Phrase, Speaker
from cedu_rules.messages import Words
from cedu_rules.model.ir import Expression

_QUANTIFIERS = {
    "all": Words("for every entry{name} of {list}{where}: {body}", "{list}中{where}每一项{name}均满足：{body}"),
    "any": Words(
        "for at least one entry{name} of {list}{where}: {body}", "{list}中{where}至少有一项{name}满足：{body}"
    ),
}
_NUMBERS = {
    "sum": Words(
        "the sum of {body} over the entries{name} of {list}{where}", "{list}中{where}各项{name}“{body}”的合计"
    ),
    "min": Words(
        "the smallest {body} among the entries{name} of {list}{where}", "{list}中{where}各项{name}“{body}”的最小值"
    ),
    "max": Words(
        "the greatest {body} among the entries{name} of {list}{where}", "{list}中{where}各项{name}“{body}”的最大值"
    ),
    "average": Words(
        "the average of {body} over the entries{name} of {list}{where}", "{list}中{where}各项{name}“{body}”的平均值"
    ),
    "distinct": Words(
        "the number of different {body} among the entries{name} of {list}{where}",
        "{list}中{where}各项{name}“{body}”的不同取值个数",
    ),
}
_COUNT = Words("the number of entries{name} of {list}{where}", "{list}中{where}项数")
_COUNT_ALL = Words("the number of entries of {list}", "{list}的项数")
_WHERE = Words(" (where {where})", "符合（{where}）的")


def quantifier(speaker: Speaker, expression: Expression) -> Phrase:
    """What holds for every element, or for one."""
    return Phrase(_said(speaker, expression, _QUANTIFIERS[expression.operator]), Hold.OPEN)


def number(speaker: Speaker, expression: Expression) -> Phrase:
    """A number of the elements."""
    return Phrase(_said(speaker, expression, _NUMBERS[expression.operator]), Hold.SUM)


def count(speaker: Speaker, expression: Expression) -> Phrase:
    """How many elements."""
    words = _COUNT if _filter(expression) is not None else _COUNT_ALL
    return Phrase(_said(speaker, expression, words), Hold.SUM)


def _said(speaker: Speaker, expression: Expression, words: Words) -> str:
    source, _, *body = expression.operands
    where = _filter(expression)
    listed = speaker.held(source, Hold.NAME)
    parts = tuple(body) if where is None else (where, *body)
    with speaker.element(str(expression.data), parts) as name:
        said = speaker.text(body[0]) if body else ""
        told = "" if where is None else _told(speaker, where, name, is_count=not body)
    named = f" {name}" if name else ""
    return speaker.say(words, list=listed, where=told, name=named, body=said)


def _told(speaker: Speaker, where: Expression, name: str, *, is_count: bool) -> str:
    """Return the filter; in Chinese it stands before its element, whose name a count has to tell there."""
    said = speaker.text(where)
    if name and is_count and speaker.is_chinese:
        said = f"{name}：{said}"
    return speaker.say(_WHERE, where=said)


def _filter(expression: Expression) -> Expression | None:
    """Return the filter as the author wrote it: the model adds that values exist."""
    where, *body = expression.operands[1:]
    if where.operator == "and" and where.operands[1].operator == "exists" and list(where.operands[1].operands) == body:
        where = where.operands[0]
    return None if where.operator == "constant" and where.data is True else where
