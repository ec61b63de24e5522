"""Text into places: where a thing stands in a `.std` file, and in the official document.

A `Span` is a range of a shared `Source`; line, column and snippet are computed when somebody asks.
A `Citation` names the line of the annex that a clause encodes.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

_WIDE = {"F", "W"}
_LONGEST_MARGIN = 120
_LONGEST_REST = 180
_UNSHOWN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class Source(NamedTuple):
    """The text of one file under the name that messages show for it."""

    name: str
    text: str

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @property
    def line_starts(self) -> tuple[int, ...]:
        """Offsets of the first character of each line."""
        return _line_starts(self.text)

    def line_bounds(self, line: int) -> tuple[int, int]:
        """Return where the text of `line` (from 1) begins and ends, without its line end."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        return start, end - 1 if end > start and self.text[end - 1] == "\r" else end

    def line_text(self, line: int) -> str:
        """Return the text of `line` (from 1) without its line end."""
        start, end = self.line_bounds(line)
        return self.text[start:end].rstrip("\r")

    def shown(self, start: int, end: int) -> str:
        """Return part of a line so that a terminal can show it; half a character is `?`."""
        return _UNSHOWN.sub("�", self.text[start:end].encode("utf-8", "replace").decode("utf-8"))


@lru_cache(maxsize=16)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(index + 1 for index, character in enumerate(text) if character == "\n"))


class Span(NamedTuple):
    """The characters `start` to `end` (exclusive) of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the first character, from 1."""
        return bisect_right(self.source.line_starts, self.start)

    @property
    def column(self) -> int:
        """The column of the first character in characters, from 1."""
        return self.start - self.source.line_starts[self.line - 1] + 1

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    def to(self, other: "Span") -> "Span":
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    def snippet(self) -> str:
        """Return the line with carets under the span, right on a terminal that shows Chinese double width.

        Of a very long line only what stands around the span is shown, with `…` where it was cut. Signs that a terminal
        would act on are shown as `�`.
        """
        start, end = self.source.line_bounds(self.line)
        column = min(self.start, end)
        first, last = max(start, column - _LONGEST_MARGIN), min(end, column + _LONGEST_REST)
        before = ("…" if first > start else "") + self.source.shown(first, column)
        within = self.source.shown(column, min(last, max(self.end, column + 1)))
        line = before + self.source.shown(column, last) + ("…" if last < end else "")
        margin = "".join("\t" if character == "\t" else " " * display_width(character) for character in before)
        return f"{line}\n{margin}{'^' * max(1, display_width(within))}"


def display_width(text: str) -> int:
    """Return the number of terminal cells that `text` takes."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


class Citation(NamedTuple):
    """The place of a clause in the official document: the n-th line of a subsection."""

    document: str
    annex: int | None
    section: str
    subsection: str
    line: int

    def in_words(self, language: str) -> str:
        """Return the place as a reader of the document would name it, in `zh` or `en`."""
        if language == "zh":
            annex = "" if self.annex is None else f"附件{self.annex} "
            return f"{annex}{self.section}·{self.subsection} 第{self.line}条"
        annex = "" if self.annex is None else f"annex {self.annex}, "
        return f"{annex}{self.section} / {self.subsection}, line {self.line}"

    def __str__(self) -> str:
        return self.in_words("en")
