"""A document of words, gaps and groups into lines that fit: where a text breaks, and where its comments stand.

A `Group` stands on one line where it fits, and is else broken at its own gaps; what is inside decides anew. A comment
after a word waits for the end of its line, and the words behind it go to the next one, so that no comment ever hides a
word. Sizes are known when a document is made and nothing here calls itself: time and memory are linear in the document.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from cedu_rules.source import display_width

LINE_WIDTH = 120
"""Columns of a line; a Chinese character takes two."""

STEP = 2
_DEEPEST = 60  # what is deeper stands no further to the right, or the lines of a deep file grow without bound


class Size(NamedTuple):
    """What a document takes on one line, and up to where it may first be broken (`open` where it may be)."""

    width: int
    lead: int
    open: bool
    broken: bool = False
    """A comment inside does not let it stand on one line."""
    commented: bool = False
    """It begins with a comment."""
    trailing: bool = False
    """A comment stands behind its last word."""


class Word(NamedTuple):
    """What is never broken, the comments on lines of their own before it, and the one behind it."""

    text: str
    before: tuple[str, ...]
    after: str
    size: Size


class Gap(NamedTuple):
    """Spaces, or a line end where the group is broken."""

    size: Size


class Space(NamedTuple):
    """Spaces that are never a line end of their own."""

    size: Size


class Joined(NamedTuple):
    """One after the other."""

    parts: "tuple[Document, ...]"
    size: Size


class Group(NamedTuple):
    """On one line where it fits, else broken at all its own gaps."""

    inside: "Document"
    size: Size


class Indented(NamedTuple):
    """Lines that begin inside stand further to the right."""

    inside: "Document"
    size: Size


class Filled(NamedTuple):
    """As many on a line as fit, one space between; `apart` tells before which a line ends at any rate."""

    items: "tuple[Document, ...]"
    apart: tuple[bool, ...]
    size: Size


Document: TypeAlias = Word | Gap | Space | Joined | Group | Indented | Filled


def word(text: str, before: tuple[str, ...] = (), after: str = "") -> Word:
    """Return a word with its comments."""
    width = len(text) if text.isascii() else display_width(text)
    return Word(text, before, after, Size(width, width, open=False, commented=bool(before), trailing=bool(after)))


def gap(width: int = 1) -> Gap:
    """Return a place where a line may end, so many spaces wide where it does not."""
    return Gap(Size(width, 0, open=True))


def space(width: int = 1) -> Space:
    """Return spaces at which no line ends."""
    return Space(Size(width, width, open=False))


def joined(*parts: Document) -> Joined:
    """Return the parts one after the other."""
    return Joined(parts, _measured(parts))


def group(*parts: Document) -> Group:
    """Return the parts as one group."""
    inside = joined(*parts)
    size = inside.size
    return Group(inside, size if size.broken else size._replace(lead=size.width, open=False))


def indented(*parts: Document) -> Indented:
    """Return the parts further to the right."""
    inside = joined(*parts)
    return Indented(inside, inside.size)


def filled(items: Sequence[Document], apart: Sequence[bool] = ()) -> Filled:
    """Return the items with spaces or line ends between."""
    size = _measured([part for item in items for part in (_GAP, item)][1:])
    return Filled(tuple(items), tuple(apart) or (False,) * len(items), size)


_GAP = gap()


def _measured(parts: Iterable[Document]) -> Size:
    width, lead = 0, 0
    is_open = broken = commented = trailing = False
    is_first = True
    for part in parts:
        size = part.size
        width += size.width
        if not isinstance(part, Gap | Space):
            interrupted = trailing or (size.commented and not is_first)
            broken |= size.broken or interrupted
            is_open |= interrupted
            commented |= is_first and size.commented
            trailing = size.trailing
            is_first = False
        if not is_open:
            lead += size.lead
            is_open = size.open
    return Size(width, lead, is_open, broken, commented, trailing)


# --- lines -----------------------------------------------------------------------------------------------------------


def lines(document: Document, indent: int) -> list[str]:
    """Return the lines of a document that begins `indent` columns to the right.

    Comments before its first word are left out: who puts the lines below one another places them.
    """
    page = _Page(indent)
    # Each with its indent, whether it stands on one line, the width of what is stuck to its end, and, of a Filled, the
    # item that is next.
    waiting: list[tuple[Document, int, bool, int, int]] = [(document, indent, False, 0, 0)]
    while waiting:
        part, margin, flat, tail, number = waiting.pop()
        if isinstance(part, Word):
            page.put(part, margin)
        elif isinstance(part, Space) or (isinstance(part, Gap) and flat):
            page.spaces = part.size.width
        elif isinstance(part, Gap):
            page.end_at(margin)
        elif isinstance(part, Group):
            flat = flat or (not part.size.broken and page.column(margin) + part.size.width + tail <= LINE_WIDTH)
            waiting.append((part.inside, margin, flat, tail, 0))
        elif isinstance(part, Indented):
            waiting.append((part.inside, min(margin + STEP, max(margin, _DEEPEST)), flat, tail, 0))
        elif isinstance(part, Joined):
            for inside in reversed(part.parts):
                waiting.append((inside, margin, flat, tail, 0))
                tail = _tail(inside.size, tail)
        else:
            if number + 1 < len(part.items):
                waiting.append((part, margin, flat, tail, number + 1))
                tail = 0
            fits = page.begin(part, number, margin, tail, flat=flat)
            waiting.append((part.items[number], margin, fits, tail, 0))
    return page.finished()


def _tail(size: Size, tail: int) -> int:
    """Return the width that is stuck to the end of what stands before a document of this size."""
    if size.commented:
        return 0
    return size.lead if size.open else size.lead + tail


class _Page:
    """Lines while they are written."""

    def __init__(self, indent: int) -> None:
        self._lines: list[str] = []
        self._base = indent
        self._line = [" " * indent]
        self._width = indent
        self._is_empty = True
        self._is_bare = True
        self._held = ""
        self._ends = False
        self._next: int | None = None
        self.spaces = 0

    def end_at(self, margin: int) -> None:
        """End the line before the next word, which begins at the margin."""
        self._ends, self._next = True, margin

    def column(self, margin: int) -> int:
        """Return where the next word begins."""
        if not self._ends:
            return self._width + self.spaces
        return self._margin(margin)

    def _margin(self, margin: int) -> int:
        """Return where a new line begins: where a comment alone ended the last one, what goes on is seen to go on."""
        if self._next is not None:
            return self._next
        return margin + STEP if margin == self._base else margin

    def begin(self, items: Filled, number: int, margin: int, tail: int, *, flat: bool) -> bool:
        """Make room for an item, on this line or the next; return whether it stands on one line."""
        size = items.items[number].size
        if number:
            self.spaces = 1
            before = items.items[number - 1].size
            apart = items.apart[number] or size.broken or before.broken or margin + before.width > LINE_WIDTH
            if not flat and (apart or self.column(margin) + size.width + tail > LINE_WIDTH):
                self.end_at(margin)
        return flat or (not size.broken and self.column(margin) + size.width + tail <= LINE_WIDTH)

    def put(self, piece: Word, margin: int) -> None:
        """Write a word; a comma belongs to the word before it, whatever stands behind that."""
        for comment in () if self._is_bare else piece.before:
            if not self._is_empty:
                self._end(self._margin(margin))
            self._line.append(comment)
            self._is_empty, self._ends = False, True
        self._is_bare = False
        if piece.text:
            if self._ends and piece.text != ",":
                self._end(self._margin(margin))
            self._line += [" " * self.spaces, piece.text]
            self._width += self.spaces + piece.size.width
            self._is_empty, self.spaces = False, 0
        if piece.after:
            self._held, self._ends = piece.after, True

    def _end(self, margin: int) -> None:
        self._lines.append("".join(self._line) + ("  " + self._held if self._held else ""))
        self._line, self._width, self._is_empty = [" " * margin], margin, True
        self._held, self.spaces, self._ends, self._next = "", 0, False, None

    def finished(self) -> list[str]:
        """Return the lines."""
        self._end(0)
        return self._lines
