"""Text from strangers into text that every form can carry: one line, nothing invisible, not endless.

Names and values come from files that anybody may have filled in. Control characters break XML and workbooks and colour
terminals, bidirectional controls turn the line around them, lone surrogates cannot be written at all. Quotes, angle
brackets and pipes stay: escaping those is the business of each form.
"""

from cedu_rules.records.problems import escaped

TEXT_LIMIT = 2_000
"""A report shows at most so many characters of one text."""
NAME_LIMIT = 120
"""A report shows at most so many characters of the name of an institution."""

_NO_BREAK = "\u00a0"
_LINE_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")


def visible(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return the text on one line, what cannot be printed written as an escape, cut at `limit` characters."""
    if not text.isprintable():
        text = "".join(_shown(character) for character in text[: limit + 1])
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _shown(character: str) -> str:
    if character in _LINE_BREAKS:
        return " "
    return character if character == _NO_BREAK else escaped(character)
