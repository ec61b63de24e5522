"""The words before a place into the block and statement that it is in, however broken what follows may be.

A block is known by the words before its brace. A word that begins a block or statement at the start of a line ends
whatever was left open before it, so that a missing bracket spoils one statement and no more.
"""

from collections.abc import Sequence
from typing import Literal

from attrs import Factory, define, frozen

from cedu_rules.lsp.tokens import Token

Block = Literal[
    "file", "facts", "record", "section", "clause", "members", "example", "value", "element", "choose", "rows", "brackets",
    "list",
]  # fmt: skip

_OUTER = frozenset({"facts", "section", "record", "standard", "source", "effective", "type", "unit", "param"})
_STATEMENTS = frozenset({"must", "should", "when", "unless", "note", "example"})
_HEADS: dict[Block, frozenset[str]] = {
    "file": _OUTER | {"let", "language"},
    "section": frozenset({"clause"}),
    "clause": _STATEMENTS,
    "record": frozenset({"let", "check"}),
    "facts": frozenset({"check"}),
}
_CLOSERS = {"}": "{", ")": "(", "]": "["}


@define
class Frame:
    """An open block: what it is, its bracket, and where the statement begins that stands in it now."""

    block: Block
    bracket: str
    opened: int
    statement: int


@frozen
class Context:
    """A place: the tokens before it, without the word that is being written, and the blocks around it, outer first."""

    tokens: Sequence[Token]
    frames: tuple[Frame, ...]
    prefix: str
    start: int
    """Where the word begins that is being written."""
    inside: Literal["", "text", "comment"] = ""

    @property
    def frame(self) -> Frame:
        """The innermost block."""
        return self.frames[-1]

    @property
    def statement(self) -> Sequence[Token]:
        """The tokens of the statement of the innermost block that is no bracket, up to the place."""
        frame = next(each for each in reversed(self.frames) if each.block not in ("brackets", "list"))
        return self.tokens[frame.statement :]

    @property
    def within(self) -> Sequence[Token]:
        """The tokens of the innermost block since its last statement, or since its bracket."""
        return self.tokens[self.frame.statement :]

    def before(self, number: int = 1) -> str:
        """Return the text of the last token but so many, or nothing."""
        return self.tokens[-number].text if len(self.tokens) >= number else ""

    def kind_before(self, number: int = 1) -> str:
        """Return the kind of the last token but so many, or nothing."""
        return self.tokens[-number].kind if len(self.tokens) >= number else ""

    def block(self, name: Block) -> Frame | None:
        """Return the innermost open block of a kind."""
        return next((frame for frame in reversed(self.frames) if frame.block == name), None)


def context_at(text: str, tokens: Sequence[Token], offset: int) -> Context:
    """Return what a place is in."""
    before = [token for token in tokens if token.start < offset]
    prefix, start = "", offset
    if before and before[-1].end >= offset:
        last = before[-1]
        if last.kind == "text" and (last.end > offset or last.is_open_text):
            return Context(before[:-1], _frames(text, before[:-1]), "", offset, "text")
        if last.kind == "name":
            prefix, start = text[last.start : offset], last.start
            before = before[:-1]
    frames = _frames(text, before)
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    is_comment = "#" in line and not any(token.end > offset - len(line) + line.rindex("#") for token in before)
    return Context(before, frames, prefix, start, "comment" if is_comment else "")


def _frames(text: str, tokens: Sequence[Token]) -> tuple[Frame, ...]:
    builder = _Builder(text, tokens)
    for number in range(len(tokens)):
        builder.read(number)
    return tuple(builder.frames)


@define
class _Builder:
    text: str
    tokens: Sequence[Token]
    frames: list[Frame] = Factory(lambda: [Frame("file", "", -1, 0)])

    def read(self, number: int) -> None:
        """Take in one token."""
        token = self.tokens[number]
        if token.kind == "name":
            self._word(number, token)
        elif token.text in ("{", "(", "["):
            block = self._opens(number) if token.text == "{" else "brackets" if token.text == "(" else "list"
            self.frames.append(Frame(block, token.text, number, number + 1))
        elif token.text in _CLOSERS:
            self._close(_CLOSERS[token.text], number)
        elif token.text in (",", ";") and self.frames[-1].block not in ("file", "section", "clause"):
            self.frames[-1].statement = number + 1
        elif token.text == ":" and self.frames[-1].block in ("facts", "record"):
            self.frames[-1].statement = max(number - 1, 0)

    def _word(self, number: int, token: Token) -> None:
        if self._begins_line(token) and self._next_text(number) != ":":
            self._recover(token)
        frame = self.frames[-1]
        is_guard = token.text == "when" and frame.block in ("file", "facts", "record")
        if token.text in _HEADS.get(frame.block, ()) and not is_guard:
            frame.statement = number

    def _recover(self, token: Token) -> None:
        """Close what cannot be open any more where such a word begins a line."""
        column = token.start - (self.text.rfind("\n", 0, token.start) + 1)
        if token.text in _OUTER and column == 0:
            del self.frames[1:]
        elif token.text == "clause" and self._holds("section"):
            self._close_to("section")
        elif token.text in _STATEMENTS and token.text != "when" and self._holds("clause"):
            self._close_to("clause")

    def _holds(self, block: Block) -> bool:
        return any(frame.block == block for frame in self.frames)

    def _close_to(self, block: Block) -> None:
        while self.frames[-1].block != block:
            self.frames.pop()

    def _begins_line(self, token: Token) -> bool:
        return not self.text[self.text.rfind("\n", 0, token.start) + 1 : token.start].strip()

    def _next_text(self, number: int) -> str:
        return self.tokens[number + 1].text if number + 1 < len(self.tokens) else ""

    def _close(self, bracket: str, number: int) -> None:
        while len(self.frames) > 1:
            frame = self.frames.pop()
            if frame.bracket == bracket:
                break
        if self.frames[-1].block in ("file", "section", "clause") and bracket == "{":
            self.frames[-1].statement = number + 1

    def _opens(self, number: int) -> Block:
        """Return the block that a brace opens, by the words before it."""
        frame = self.frames[-1]
        words = [token.text for token in self.tokens[max(frame.statement, number - 40) : number]]
        last = words[-1] if words else ""
        match frame.block:
            case "file" if words[:1] in (["facts"], ["section"], ["record"]):
                return words[0]  # type: ignore[return-value]
            case "section" if "clause" in words[:1]:
                return "clause"
            case "clause" if "example" in words[:1]:
                return "example"
            case "example" | "element" | "value":
                return "value"
            case "list":
                return "element"
        if last in ("choice", "level", "set", "with"):
            return "members"
        if last in ("in", "includes"):
            return "choose"
        return "rows" if "by" in words or frame.block in ("rows", "brackets") else "value"
