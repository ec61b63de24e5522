"""Text into words and marks, whatever state it is in: what a place in a half-written file can be judged by."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cedu_rules.source import Source
from cedu_rules.syntax.normalise import normalise

Kind = Literal["text", "comment", "date", "number", "name", "mark"]

_TOKEN = re.compile(
    r"""(?P<text>"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|$|(?=\n)))"""
    r"""|(?P<comment>\#[^\n]*)"""
    r"""|(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9]))"""
    r"""|(?P<number>[0-9]+(?:\.[0-9]+)?)"""
    r"""|(?P<name>(?![0-9²³])[\w㎡]+)"""
    r"""|(?P<mark>[<>!=]=|≥|≤|≠|[^\s])""",
    re.MULTILINE | re.VERBOSE,
)
_COMMENT = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|#[^\n]*')
_TWINS = {"≥": ">=", "≤": "<=", "≠": "!="}


class Token(NamedTuple):
    """A word or mark from `start` to `end`; full-width marks are told by their ASCII twins."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def is_open_text(self) -> bool:
        """Whether it is a text whose closing quote is not yet written."""
        return self.kind == "text" and (len(self.text) == 1 or not self.text.endswith('"') or _is_escaped(self.text))


def _is_escaped(text: str) -> bool:
    body = text[:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and marks of a text, without its comments."""
    for match in _TOKEN.finditer(normalise(Source("", text)).text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        yield Token(kind, _TWINS.get(match[0], match[0]), match.start(), match.end())


def comments(text: str) -> Iterator[Token]:
    """Yield the comments of a text."""
    for match in _COMMENT.finditer(text):
        if match[0].startswith("#"):
            yield Token("comment", match[0].rstrip(), match.start(), match.start() + len(match[0].rstrip()))
