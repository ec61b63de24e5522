"""Text into the places where reading can start afresh after a mistake: statement words, fields, braces.

Statement words are reserved, so they tell how deep in braces they ought to stand. That finds the braces that
nobody closed, without the grammar and in one pass.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from cedu_rules.syntax.keywords import RESERVED

_STATEMENTS = ["when", "unless", "must", "should", "note", "example", "let", "check"]
_CLAUSES = ["clause"]
_BLOCKS = ["section", "facts", "record", "param"]
_QUOTE = "[\"“”‘’'「『＂]"
# At the start of a line, and followed by what must follow, these names begin a declaration.
_DECLARATIONS = {
    "standard": rf"[\w㎡]+\s*{_QUOTE}",
    "source": _QUOTE,
    "effective": r"from\b",
    "language": r"[\w㎡]+\s*$",
    "type": r"[\w㎡]+\s*=",
    "unit": r"[\w㎡]+\s*(=|$)",
}
_DEPTHS = {
    **dict.fromkeys(["section", "facts", "record"], 0),
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
        self._text = text
        self.all = tuple(_landmarks(text))
        self._starts = [landmark.start for landmark in self.all]
        self._statements = [landmark.start for landmark in self.all if landmark.kind in ("word", "field")]
        sections = (landmark.start for landmark in self.all if landmark.text == "section" and landmark.kind == "word")
        self._first_section = next(sections, len(text))
        self._closings = [landmark.start for landmark in self.all if landmark.kind == "close"]
        depths = ({"open": 1, "close": -1}.get(landmark.kind, 0) for landmark in self.all)
        self._open_before = [0, *accumulate(depths)]
        self._closing: dict[int, int] = {}
        self._depths: list[tuple[int, int]] = []
        """Where the words stand whose depth is known, and by how many braces too deep."""
        self._match_braces(len(text))
        self._words = [start for start, _ in self._depths]

    def _match_braces(self, end: int) -> None:
        opened: list[int] = []
        for number, landmark in enumerate(self.all):
            if landmark.kind == "open":
                opened.append(number)
            elif landmark.kind == "close" and opened:
                self._closing[opened.pop()] = number
            elif landmark.kind == "word" and landmark.text in _DEPTHS:
                depth = _DEPTHS[landmark.text]
                self._depths.append((landmark.start, len(opened) - depth))
                opened = [*opened[:depth], *[-1] * (depth - len(opened))]  # -1: it ought to have been opened
        self._depths.append((end, len(opened)))

    def surplus(self, position: int) -> int:
        """Return by how many braces too deep the next word of known depth stands, from `position` on.

        Braces that were not closed make it more than 0, braces that were not opened less.
        """
        return self._depths[min(bisect_left(self._words, position), len(self._depths) - 1)][1]

    def is_inner(self, position: int, depth: int) -> bool:
        """Tell whether a closing brace, `depth` braces deep, is one too many before the next word of known depth."""
        number = bisect_left(self._words, position)
        word, _surplus = self._depths[min(number, len(self._depths) - 1)]
        proper = _DEPTHS.get(self._word_at(word), 0)
        first, last = bisect_left(self._starts, position), bisect_left(self._starts, word)
        return self._open_before[first] - self._open_before[last] > depth - proper

    def _word_at(self, start: int) -> str:
        number = bisect_left(self._starts, start)
        return self.all[number].text if number < len(self.all) else ""

    def has_section(self, position: int) -> bool:
        """Tell whether a section begins before `position`."""
        return self._first_section < position

    def wrong_closing(self, position: int) -> int | None:
        """Return where the brace before `position` stands that closes a block too early, by the way lines are indented."""
        number = bisect_left(self._closings, position)
        if number == 0:
            return None
        return (
            self._closings[number - 1]
            if self._first_wrong is None
            else min(self._first_wrong, self._closings[number - 1])
        )

    @cached_property
    def _first_wrong(self) -> int | None:
        """Where the first brace stands that closes nothing, or a block of a line with another margin."""
        opened: list[Landmark] = []
        for landmark in self.all:
            if landmark.kind == "open":
                opened.append(landmark)
            elif landmark.kind == "close" and (not opened or not self._closes_well(opened.pop(), landmark)):
                return landmark.start
        return None

    def _closes_well(self, opening: Landmark, closing: Landmark) -> bool:
        line = self._text.rfind("\n", 0, opening.start) + 1
        last_line = self._text.rfind("\n", 0, closing.start) + 1
        if line == last_line:
            return True
        margin = self._text[last_line : closing.start]
        first = self._text[line : opening.start]
        return not margin.strip() and margin == first[: len(first) - len(first.lstrip())]

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
