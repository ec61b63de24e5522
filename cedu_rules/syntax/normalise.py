"""Text as typed into text as the grammar reads it, character for character, so that every offset stays.

Full-width forms outside texts and comments become their ASCII twins; comments become blanks.
"""

import re

from attrs import frozen

from cedu_rules.source import Source, Span
from cedu_rules.syntax.nodes import Comment

_TWINS = str.maketrans(
    "，：；（）｛｝［］％＝＜＞＋－＊×／÷．０１２３４５６７８９",  # noqa: RUF100 -- aligned with the line below
    ",:;(){}[]%=<>+-**//.0123456789",
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_PIECES = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|#[^\n]*|[^"#]+')
_BYTE_ORDER_MARK = "\ufeff"
REPLACEMENT = "\ufffd"


@frozen
class NormalText:
    """The text for the grammar, as long as the source, and the comments that were blanked in it."""

    text: str
    comments: tuple[Comment, ...]


def normalise(source: Source) -> NormalText:
    """Return the text that the grammar reads, and the comments."""
    comments: list[Comment] = []

    def replaced(match: re.Match[str]) -> str:
        piece = match[0]
        if piece[0] == '"':
            return piece
        if piece[0] != "#":
            return piece.translate(_TWINS)
        text = piece.rstrip()
        comments.append(Comment(text, span=Span(source, match.start(), match.start() + len(text))))
        return " " * len(piece)

    # A half of a character cannot be printed; the sign for a broken character can.
    text = _SURROGATES.sub(REPLACEMENT, source.text)
    if text.startswith(_BYTE_ORDER_MARK):
        text = " " + text[1:]
    return NormalText(_PIECES.sub(replaced, text), tuple(comments))
