"""Text into the places where reading can start afresh after a mistake: statement words, fields, braces.

Statement words are reserved, so they tell how deep in braces they ought to stand. That finds the braces that
nobody closed, without the grammar and in one pass.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from cedu_rules.syntax.slips import RESERVED

_STATEMENTS = ["when", "unless", "must", "should", "note", "example", "let", "check"]
_CLAUSES = ["clause"]
_BLOCKS = ["section", "facts", "record", "param"]
# At the start of a line, and followed by what must follow, these names begin a declaration.
_DECLARATIONS = {
    "standard": r'[\w㎡]+\s*"',
    "source": '"',
    "effective": r"from\b",
    "language": r"[\w㎡]+\s*$",
    "type": r"[\w㎡]+\s*=",
    "unit": r"[\w㎡]+\s*(=|$)",
}
_DEPTHS = {
    **dict.fromkeys([*_BLOCKS, *_DECLARATIONS], 0),
    **dict.fromkeys(_CLAUSES, 1),
    **dict.fromkeys(["unless", "must", "should", "note", "example"], 2),
}
# The grammar keeps these in its tree; the terminals of all others begin with `_`.
_KEPT_WORDS = {"WHEN", "UNLESS", "MUST", "SHOULD"}
OUTER_WORDS = frozenset([*_BLOCKS, *_CLAUSES, *_DECLARATIONS])


def _pattern() -> re.Pattern[str]:
    declarations = "|".join(rf"{word}(?=\s+{after})" for word, after in _DECLARATIONS.items())
    return re.compile(
        r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
        r"|(?P<open>\{)|(?P<close>\})"
        rf"|^[^\S\n]*(?P<declaration>{declarations})"
        rf"|(?P<word>{'|'.join([*_STATEMENTS, *_CLAUSES, *_BLOCKS])})(?![\w㎡])"
        rf"|(?:{'|'.join(RESERVED)})(?![\w㎡])"
        r"|(?P<field>[^\W\d][\w㎡]*)(?=\s*:)"
        r"|[\w㎡]+",
        re.MULTILINE,
    )


_PATTERN = _pattern()


class Landmark(NamedTuple):
    """A place: `kind` is `open`, `close`, `word` or `field`; `text` is the word itself."""

    start: int
    kind: str
    text: str


class Landmarks:
    """All landmarks of one text, and which braces belong together."""

    def __init__(self, text: str) -> None:
        self.all = tuple(_landmarks(text))
        self._starts = [landmark.start for landmark in self.all]
        self._statements = [landmark.start for landmark in self.all if landmark.kind in ("word", "field")]
        braces = [landmark.kind for landmark in self.all]
        self.lacks_braces = braces.count("open") > braces.count("close")
        self._closing = self._match_braces()

    def _match_braces(self) -> dict[int, int]:
        closing: dict[int, int] = {}
        opened: list[int] = []
        for number, landmark in enumerate(self.all):
            if landmark.kind == "open":
                opened.append(number)
            elif landmark.kind == "close" and opened:
                closing[opened.pop()] = number
            elif landmark.kind == "word":
                del opened[_DEPTHS.get(landmark.text, len(opened)) :]
        return closing

    def from_position(self, start: int) -> Iterator[Landmark]:
        """Yield the landmarks from `start` on, without what stands in closed braces that open there, last of them."""
        number = bisect_left(self._starts, start)
        while number < len(self.all):
            yield self.all[number]
            number = self._closing.get(number, number) + 1

    def is_field(self, start: int) -> bool:
        """Tell whether a name with a colon behind it begins at `start`."""
        number = bisect_left(self._starts, start)
        return number < len(self.all) and self.all[number].start == start and self.all[number].kind == "field"

    def statement_before(self, position: int) -> int:
        """Return the number of statements and fields that begin before `position`."""
        return bisect_left(self._statements, position)


def _landmarks(text: str) -> Iterator[Landmark]:
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup
        if kind is not None:
            word = match[kind]
            yield Landmark(match.start(kind), "word" if kind == "declaration" else kind, word)


def kind_of(landmark: Landmark) -> str:
    """Return the terminal that the grammar has for a landmark."""
    match landmark.kind:
        case "open":
            return "LBRACE"
        case "close":
            return "RBRACE"
        case "field":
            return "NAME"
    word = landmark.text.upper()
    return word if word in _KEPT_WORDS else "_" + word
