"""Tokens and comments of a text into tokens that carry their comments, and the blank lines between them.

A comment on the line of a token stands behind it; any other stands before the token that follows. What the canonical
form leaves out (`;`, a comma before a closing bracket) and every other comma carry nothing: what stood at them moves to
the token before or to the one that follows.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from attrs import define

from cedu_rules.syntax.automaton import Piece
from cedu_rules.syntax.nodes import Comment

_BARE = {"COMMA", "SEMICOLON"}


class Own(NamedTuple):
    """A comment on a line of its own; `spaced` tells whether a blank line stands before it."""

    text: str
    spaced: bool


@define
class Token:
    """A token, the comments on lines of their own before it, and the one behind it.

    `spaced` tells whether a blank line stands right before it.
    """

    kind: str
    text: str
    before: tuple[Own, ...]
    spaced: bool
    after: str = ""


def dress(text: str, pieces: Iterable[Piece], comments: Sequence[Comment]) -> Iterator[Token | None]:
    """Yield the tokens with their comments, None for those that carry nothing, last of all the end of the file.

    A token that was yielded is complete when the next one is.
    """
    waiting = iter(comments)
    comment = next(waiting, None)
    own: list[Own] = []
    last: Token | None = None
    position = 0
    end = Piece("$END", "", len(text), len(text))
    for piece in (*pieces, end):
        while comment is not None and comment.span.start < piece.start:
            breaks = text.count("\n", position, comment.span.start)
            if breaks == 0 and last is not None and not last.after and not own:
                last.after = comment.text
            else:
                own.append(Own(comment.text, breaks > 1))
            position = comment.span.end
            comment = next(waiting, None)
        if piece.kind in _BARE:
            yield None
        else:
            last = Token(piece.kind, piece.text, tuple(own), text.count("\n", position, piece.start) > 1)
            own = []
            yield last
        position = piece.end
