"""A token that does not fit into a diagnostic and a state of the parser in which reading goes on.

The cure is the smallest that is known: a typical slip is read as what was meant, a single missing mark or label is
put in. Otherwise the unfinished part of the stack is dropped down to where the grammar allows ERROR, and reading goes
on at the next landmark that fits. Within a statement that already has its diagnostic nothing more is said.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from cedu_rules.diagnostics import Diagnostic, Hint, Words
from cedu_rules.source import Source, Span
from cedu_rules.syntax.landmarks import OUTER_WORDS, Landmarks, kind_of
from cedu_rules.syntax.slips import Slip, find_slip, hint_for
from cedu_rules.syntax.wording import COMPARISONS, STATEMENT_WORDS, describe_expected, describe_found

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


# Word before a text that is missing, and what the text would be.
_LABELLED = {
    "COLON": "label",
    "_CHECK": "message",
    "_SHOW": "label",
    "_JUDGE": "label",
    "_CLAUSE": "title",
    "_SECTION": "title",
    "_STANDARD": "title",
    "_SOURCE": "title",
    "_NOTE": "text",
}
_CLOSERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
_MISSING_MARKS = ("COLON", "LBRACE", "EQUAL")


class Recovery:
    """Deals with the tokens of one text that do not fit."""

    def __init__(self, source: Source, text: str, automaton: Automaton) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._source = source
        self._text = text
        self._automaton = automaton
        self._landmarks = Landmarks(text)
        self._broken_statement = -1
        self._position = -1
        self._attempts = 0

    def recover(self, found: Piece) -> None:
        """Report `found` unless its statement is broken already, and bring the parser to where it can go on."""
        self._attempts = self._attempts + 1 if found.start == self._position else 0
        self._position = found.start
        if self._attempts == 0 and self._treat(found):
            return
        self._skip(found)

    def give_up(self) -> None:
        """Leave the rest of the text unread."""
        end = len(self._text)
        self._skip(Piece("$END", "", end, end))

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _treat(self, found: Piece) -> bool:
        """Report the mistake; return whether it was small enough to be set right on the spot."""
        slip = find_slip(self._text, found.kind, found.start)
        if slip is not None:
            self._say(slip.code, found.start - slip.before, found.start + slip.length, slip.hint, **slip.values)
            return self._read_slip(found, slip)
        accepted = self._automaton.accepted(self._automaton.states())
        if "TEXT" in accepted and "NUMBER" not in accepted and self._add_label(found):
            return True
        if found.kind in COMPARISONS and "_AND" in accepted:
            self._say("chained-comparison", found.start, found.end, Hint("chained-comparison", {}), found=found.text)
            return False
        if found.kind == "_IF" and "LPAR" in accepted:
            self._say("misplaced-if", found.start, found.end, Hint("misplaced-if", {}))
            return False
        bracket = self._open_bracket()
        if bracket is not None and self._is_past(bracket, found):
            self._say("unclosed-bracket", bracket.start, bracket.end, bracket=bracket.text, found=_found(found))
            return False
        hint = hint_for(found.kind, found.text, accepted)
        if hint is None and bracket is not None and _CLOSERS[bracket.kind] in accepted and bracket.kind != "LBRACE":
            hint = Hint("open-bracket", {"bracket": bracket.text, "line": str(self._span(bracket.start, bracket.end).line)})
        expected = describe_expected(accepted)
        self._say("unexpected-word", found.start, found.end, hint, found=_found(found), expected=expected)
        return self._add_mark(found, accepted, bracket)

    def _say(self, code: str, start: int, end: int, hint: Hint | None = None, **values: object) -> None:
        statement = self._landmarks.statement_before(self._position)
        if statement != self._broken_statement:
            self.diagnostics.append(Diagnostic(code, self._span(start, end), values, hint))
        self._broken_statement = statement

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _open_bracket(self) -> Piece | None:
        """Return the innermost bracket that is still open."""
        closed: list[str] = []
        for piece in self._automaton.unfinished():
            if piece.kind in _CLOSERS.values():
                closed.append(piece.kind)
            elif piece.kind in _CLOSERS:
                if not closed:
                    return piece
                closed.pop()
        return None

    def _is_past(self, bracket: Piece, found: Piece) -> bool:
        """Tell whether `bracket` ought to have been closed before `found`."""
        if found.kind == "$END":
            return True
        if bracket.kind != "LBRACE":
            return found.kind in STATEMENT_WORDS or (found.kind in _CLOSERS.values() and found.kind != _CLOSERS[bracket.kind])
        if found.text in OUTER_WORDS and found.kind != "NAME":
            return self._landmarks.lacks_braces
        return found.kind in STATEMENT_WORDS and bracket.start >= self._gap_start()

    def _gap_start(self) -> int:
        """Return where the unfinished statement begins."""
        height = next(self._automaton.gaps(self._automaton.states()))
        return min((piece.start for piece in self._automaton.unfinished(height)), default=self._position)

    # --- small cures -------------------------------------------------------------------------------------------------

    def _read_slip(self, found: Piece, slip: Slip) -> bool:
        """Go on as if the text said what was meant."""
        states = self._automaton.states()
        height = len(states) - slip.before
        if self._automaton.after(states[:height], slip.meant) is None:
            return False
        end = found.start + slip.length
        self._automaton.drop(height)
        self._automaton.feed(slip.meant, slip.text, found.start - slip.before, end)
        self._automaton.move(end)
        return True

    def _add_label(self, found: Piece) -> bool:
        if found.kind == "TEXT" or not self._fits_after("TEXT", found.kind):
            return False
        pieces = list(_until(self._automaton.unfinished(), _LABELLED))
        kind = pieces[-1].kind
        owner = pieces[-1]
        if kind == "COLON":
            owner = next(piece for piece in self._automaton.unfinished() if piece.start < owner.start)
        elif kind not in ("_CHECK", "_SECTION") and len(pieces) > 1:
            owner = pieces[-2]
        what = f"missing-{_LABELLED[kind]}"
        self._say(what, owner.start, owner.end, owner=self._text[owner.start : owner.end])
        self._put("TEXT", '""', found.start)
        return True

    def _add_mark(self, found: Piece, accepted: set[str], bracket: Piece | None) -> bool:
        """Put in the mark that alone is missing."""
        meant = accepted - {"ERROR"}
        marks = [kind for kind in _MISSING_MARKS if meant == {kind}]
        if "COMMA" in accepted and bracket is not None and bracket.kind == "LBRACE":
            marks.append("COMMA")
        for mark in marks:
            if self._fits_after(mark, found.kind):
                self._put(mark, "", found.start)
                return True
        return False

    def _fits_after(self, mark: str, kind: str) -> bool:
        states = self._automaton.after(self._automaton.states(), mark)
        return states is not None and self._automaton.after(states, kind) is not None

    def _put(self, kind: str, text: str, position: int) -> None:
        self._automaton.feed(kind, text, position, position)
        self._automaton.move(position)

    # --- the great cure ----------------------------------------------------------------------------------------------

    def _skip(self, found: Piece) -> None:
        """Drop what is unfinished, put ERROR for it, and go on at the next landmark that fits."""
        height = self._healthy_height(found)
        dropped = [piece.kind for piece in self._automaton.unfinished(height)]
        start = self._drop(height, found.start)
        position, marks, start = self._next_start(found, dropped.count("LBRACE") - dropped.count("RBRACE"), start)
        end = len(self._text[start:position].rstrip()) + start
        self._automaton.feed("ERROR", "", start, max(start, end))
        for mark in marks:
            self._automaton.feed(mark, "", position, position)
        self._automaton.move(position)

    def _healthy_height(self, found: Piece) -> int:
        """Return how much of the stack stays: all of it where a finished statement ended before `found`."""
        states = self._automaton.states()
        line_start = self._text.rfind("\n", 0, found.start) + 1
        before = self._text[line_start : found.start].rstrip()
        if before[-1:] in ("", '"', "}", ";") and self._automaton.after(states, "ERROR") is not None:
            return len(states)
        return next(self._automaton.gaps(states))

    def _drop(self, height: int, start: int) -> int:
        """Drop what lies above `height` and return where it began."""
        start = min((piece.start for piece in self._automaton.unfinished(height)), default=start)
        self._automaton.drop(height)
        return start

    def _next_start(self, found: Piece, braces: int, start: int) -> tuple[int, list[str], int]:
        """Return where to go on, the marks to put in before, and where the gap begins.

        `braces` of those that were dropped are still to be closed in the text.
        """
        begin = found.start if self._attempts < 2 else max(found.end, found.start + 1)  # noqa: PLR2004 -- third time
        for landmark in self._landmarks.from_position(begin):
            kind = kind_of(landmark)
            if landmark.kind == "close" and braces > 0:
                braces -= 1
                continue
            if (landmark.kind == "field" and braces > 0) or (landmark.start == found.start and kind != found.kind):
                continue
            while True:
                marks = self._marks_before(kind, landmark.text)
                if marks is not None:
                    return landmark.start, marks, start
                if landmark.text not in OUTER_WORDS or not self._in_head():
                    break
                start = self._drop_lower(start)
        while (marks := self._marks_before("$END", "")) is None:
            start = self._drop_lower(start)
        return len(self._text), marks, start

    def _in_head(self) -> bool:
        """Tell whether the gap is the head of a block, which only a brace can follow."""
        states = self._automaton.after(self._automaton.states(), "ERROR")
        return states is not None and self._automaton.accepted(states) == {"LBRACE"}

    def _drop_lower(self, start: int) -> int:
        states = self._automaton.states()
        return self._drop(next(self._automaton.gaps(states[:-1])), start)

    def _marks_before(self, kind: str, text: str) -> list[str] | None:
        """Return the braces that have to be put in so that `kind` fits after the gap, or None."""
        states = self._automaton.after(self._automaton.states(), "ERROR")
        if states is None:
            return None
        if self._automaton.after(states, kind) is not None:
            return []
        opened = self._automaton.after(states, "LBRACE")
        if opened is not None and self._automaton.after(opened, kind) is not None:
            return ["LBRACE"]
        if kind != "$END" and not (text in OUTER_WORDS and self._landmarks.lacks_braces):
            return None
        marks: list[str] = []
        while (closed := self._automaton.after(states, "RBRACE")) is not None:
            states, marks = closed, [*marks, "RBRACE"]
            if self._automaton.after(states, kind) is not None:
                return marks
        return None


def _until(pieces: Iterator[Piece], kinds: Collection[str]) -> Iterator[Piece]:
    """Yield the pieces up to and with the first of `kinds`."""
    for piece in pieces:
        yield piece
        if piece.kind in kinds:
            return


def _found(piece: Piece) -> Words:
    return describe_found(piece.kind, piece.text)
