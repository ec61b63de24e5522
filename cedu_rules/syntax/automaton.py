"""The contract between recovery and the parser: what one asks of the other, and the pieces of text they speak of."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

States = Sequence[int]


class Piece(NamedTuple):
    """A token, or a finished part of the text, by its kind: the terminal or the rule."""

    kind: str
    text: str
    start: int
    end: int


class Automaton(Protocol):
    """What recovery asks of the parser. States are its stack; trying them changes nothing."""

    def states(self) -> States:
        """Return the stack."""

    def states_before(self, position: int) -> States:
        """Return the stack as it was before the token at `position`, which may have finished parts of it."""

    def after(self, states: States, kind: str) -> States | None:
        """Return the stack after a token of `kind`, or None where it does not fit."""

    def accepted(self, states: States) -> set[str]:
        """Return the kinds that fit."""

    def gaps(self, states: States) -> Iterator[int]:
        """Yield the heights of the stack at which ERROR may be put, highest first."""

    def unfinished(self, height: int = 1) -> Iterator[Piece]:
        """Yield what lies on the stack above `height`, top first."""

    def drop(self, height: int) -> None:
        """Drop what lies above `height`."""

    def feed(self, kind: str, text: str, start: int, end: int) -> None:
        """Put a token that is not in the text."""

    def move(self, position: int) -> None:
        """Go on reading at `position`."""


def until(pieces: Iterator[Piece], kinds: Collection[str]) -> Iterator[Piece]:
    """Yield the pieces up to and with the first of `kinds`."""
    for piece in pieces:
        yield piece
        if piece.kind in kinds:
            return
