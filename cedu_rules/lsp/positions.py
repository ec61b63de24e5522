"""Places as clients count them into offsets of a text, and back, exactly, in UTF-16, UTF-8 or UTF-32 units.

A place outside of the text is taken for the nearest one inside; one within a character for the place before it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

from attrs import frozen
from lsprotocol.types import Position, PositionEncodingKind, Range

from cedu_rules.source import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_BMP_END = 0xFFFF
_BYTES = ((0x7F, 1), (0x7FF, 2), (_BMP_END, 3), (0x10FFFF, 4))


def _utf8(character: str) -> int:
    return next(size for last, size in _BYTES if ord(character) <= last)


def _utf16(character: str) -> int:
    return 2 if ord(character) > _BMP_END else 1


_UNITS: dict[str, Callable[[str], int]] = {
    PositionEncodingKind.Utf8: _utf8,
    PositionEncodingKind.Utf16: _utf16,
    PositionEncodingKind.Utf32: lambda _: 1,
}


@frozen(eq=False, slots=False)
class Lines:
    """The lines of a text as the protocol counts them: ended by a line feed, a carriage return, or both."""

    text: str
    encoding: str = PositionEncodingKind.Utf16

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def _content_end(self, line: int) -> int:
        """Return the offset behind the last character of a line, its end not counted."""
        if line + 1 == len(self._starts):
            return len(self.text)
        end = self._starts[line + 1]
        return end - (2 if self.text[max(end - 2, 0) : end] == "\r\n" else 1)

    def offset(self, position: Position) -> int:
        """Return the offset of a place."""
        if position.line < 0:
            return 0
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._content_end(position.line)
        content = self.text[start:end]
        if content.isascii():
            return start + min(max(position.character, 0), len(content))
        size, units = _UNITS[self.encoding], 0
        for index, character in enumerate(content):
            units += size(character)
            if units > position.character:
                return start + index
        return end

    def position(self, offset: int) -> Position:
        """Return the place of an offset."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        if before.isascii():
            return Position(line, len(before))
        return Position(line, sum(map(_UNITS[self.encoding], before)))

    def range(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return Range(self.position(start), self.position(max(start, end)))

    def of(self, span: Span) -> Range:
        """Return the range of a span of the same text."""
        return self.range(span.start, span.end)

    def replaced(self, place: Range | None, new: str) -> str:
        """Return the text with `new` in a range, or in place of everything."""
        if place is None:
            return new
        start, end = sorted((self.offset(place.start), self.offset(place.end)))
        return self.text[:start] + new + self.text[end:]
