"""A token that does not fit into a diagnostic and a state of the parser in which reading goes on.

The cure is the smallest that is known: a typical slip is read as what was meant, a single missing mark or label is
put in. Otherwise the unfinished part of the stack is dropped down to where the grammar allows ERROR, and reading goes
on at the next landmark that fits. Within a statement that already has its diagnostic nothing more is said.
"""

import re
from collections.abc import Iterator

from cedu_rules.diagnostics import Diagnostic, Hint, Words
from cedu_rules.source import Source, Span
from cedu_rules.syntax.automaton import Automaton, Piece, until
from cedu_rules.syntax.cures import Situation, hint_for, meant_word, misread_word, name_end
from cedu_rules.syntax.gaps import lost_names
from cedu_rules.syntax.keywords import RESERVED
from cedu_rules.syntax.landmarks import OUTER_WORDS, Landmark, Landmarks, kind_of
from cedu_rules.syntax.slips import Slip, find_slip
from cedu_rules.syntax.wording import COMPARISONS, LABELLED, STATEMENT_WORDS, describe_expected, describe_found

_HEADS = {*LABELLED, "LBRACE", "COMMA", "LESS", "MUST", "SHOULD"}
_INNER = ("MUST", "SHOULD", "WHEN", "UNLESS", "_NOTE", "_EXAMPLE")
_ENDS = STATEMENT_WORDS | {"RBRACE", "$END"}
_LAST_WORD = re.compile(r"(?:[\w㎡]+|[<>!]=|\S)$")
_LONGEST_WORD = 100
_CLOSERS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
_MISSING_MARKS = ("COLON", "EQUAL", "LPAR")
_NEXT = re.compile(r"[ \t\u3000]*([\w㎡]+|\S)")
_QUIET_BEFORE = frozenset({"MUST", "SHOULD", "WHEN", "UNLESS"})


class Recovery:
    """Deals with the tokens of one text that do not fit."""

    def __init__(self, source: Source, text: str, automaton: Automaton) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.lost: set[str] = set()
        """Names that may have been declared in what could not be read."""
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
        if self._attempts == 0 and (self._close_added(found) or self._treat(found)):
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
            self._say(slip.code, found.start - slip.back, found.start + slip.length, slip.hint, **slip.values)
            return self._read_slip(found, slip)
        if self._tell_misread_word(found):
            return False
        accepted = self._automaton.accepted(self._automaton.states_before(found.start))
        if self._add_label(found, accepted) or self._read_reserved(found, accepted):
            return True
        bracket = next((piece for piece in self._open_brackets() if piece.text), None)
        if found.kind in COMPARISONS and "_AND" in accepted:
            self._say("chained-comparison", found.start, found.end, Hint("chained-comparison", {}), found=found.text)
        elif found.kind == "_IF" and "LPAR" in accepted:
            self._say("misplaced-if", found.start, found.end, Hint("misplaced-if", {}))
        elif bracket is not None and self._is_past(bracket, found):
            self._say("unclosed-bracket", bracket.start, bracket.end, bracket=bracket.text, found=_found(found))
        elif found.kind in _ENDS and not accepted & _ENDS and self._ends_line(found):
            start, end = self._last_word(found.start)
            expected = describe_expected(accepted)
            self._say("unfinished-statement", start, end, last=self._text[start:end], expected=expected)
        elif self._tell_outside(found, accepted):
            return False
        elif {"_LET", "RBRACE"} <= accepted and "_CHECK" not in accepted and self._is_field(found):
            start, end = self._last_word(found.end if found.kind == "NAME" else found.start)
            self._say("field-after-let", start, end, Hint("field-after-let", {}), found=self._text[start:end])
        else:
            return self._tell_unexpected(found, accepted, bracket)
        return False

    def _tell_unexpected(self, found: Piece, accepted: set[str], bracket: Piece | None) -> bool:
        """Report what does not fit; return whether it was small enough to be set right on the spot."""
        now = self._situation(found, accepted, bracket)
        expected = describe_expected(accepted)
        start = self._last_word(found.start)[0] if now.name_end else found.start
        end = now.name_end or found.end
        self._say("unexpected-word", start, end, hint_for(now), found=_found(found), expected=expected)
        if now.name_end:
            self._automaton.move(end)
            self._broken_statement = -1
            return True
        return self._read_misspelt(found, now) or self._add_mark(found, accepted, bracket)

    def _tell_misread_word(self, found: Piece) -> bool:
        """Report a misspelt word of the language before `found` that was read as a unit or name."""
        start, end = self._last_word(found.start)
        follows_number = self._begins_line(start) and self._text[:start].rstrip()[-1:].isdigit()
        quotes = found.kind == "NAME" and self._text[found.end :].lstrip().startswith('"')
        meant = misread_word(self._text[start:end], follows_number=follows_number, before_label=quotes)
        if meant is None:
            return False
        values = {"found": describe_found("NAME", self._text[start:end]), "expected": Words(f"`{meant}`", f"`{meant}`")}
        self._say("unexpected-word", start, end, Hint("write", {"text": meant}), **values)
        return True

    def _say(self, code: str, start: int, end: int, hint: Hint | None = None, **values: object) -> None:
        statement = self._landmarks.statement_before(self._position)
        if statement != self._broken_statement:
            self.diagnostics.append(Diagnostic(code, self._span(start, end), values, hint))
        self._broken_statement = statement

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _open_brackets(self) -> Iterator[Piece]:
        """Yield the brackets that are still open, innermost first; one that was put in has no text."""
        closed = 0
        for piece in self._automaton.unfinished():
            if piece.kind in _CLOSERS.values():
                closed += 1
            elif piece.kind in _CLOSERS:
                if not closed:
                    yield piece
                closed = max(0, closed - 1)

    def _situation(self, found: Piece, accepted: set[str], bracket: Piece | None) -> Situation:
        start, end = self._last_word(found.start)
        following = _NEXT.match(self._text, found.end)
        is_before = end <= found.start and bool(self._text[start:end].strip())
        return Situation(
            found.kind,
            found.text,
            self._text[start:end] if is_before else "",
            "" if following is None else following[1],
            accepted,
            "" if bracket is None else bracket.text,
            0 if bracket is None else self._span(bracket.start, bracket.end).line,
            name_end(self._text, found.start) if accepted == {"COLON"} else 0,
        )

    def _last_word(self, position: int) -> tuple[int, int]:
        """Return where the last word or mark before `position` begins and ends."""
        end = len(self._text[:position].rstrip())
        match = _LAST_WORD.search(self._text, max(0, end - _LONGEST_WORD), end)
        return (match.start() if match else max(0, end - 1)), end

    def _tell_outside(self, found: Piece, accepted: set[str]) -> bool:
        """Report a clause or brace that stands outside of every section; return whether it does."""
        if "_SECTION" not in accepted or found.kind not in ("_CLAUSE", "RBRACE", *_INNER):
            return False
        if found.kind == "_CLAUSE" and not self._landmarks.has_section(found.start):
            values = {"found": _found(found), "expected": Words("a `section` around it", "外围的 `section`")}
            self._say("unexpected-word", found.start, found.end, Hint("needs-section", {}), **values)
            return True
        early = self._landmarks.wrong_closing(found.end if found.kind == "RBRACE" else found.start)
        if early is not None:
            self._say("early-brace", early, early + 1, found=_found(found))
        return early is not None

    def _close_added(self, found: Piece) -> bool:
        """Close the brace that was put in for a section that is missing, at the end of the text."""
        opened = next(self._open_brackets(), None)
        if found.kind != "$END" or opened is None or opened.text or not self._fits_after("RBRACE", "$END"):
            return False
        self._put("RBRACE", "", found.start)
        return True

    def _is_field(self, found: Piece) -> bool:
        """Tell whether `found` is the name or the colon of a field."""
        return found.kind == "COLON" or (found.kind == "NAME" and self._landmarks.is_field(found.start))

    def _ends_line(self, found: Piece) -> bool:
        """Tell whether what stands before `found` ends there, so that `found` is not to blame."""
        if found.kind in STATEMENT_WORDS:
            return self._begins_line(found.start)
        return bool(self._text[: found.start].strip())

    def _begins_line(self, position: int) -> bool:
        return not self._text[self._text.rfind("\n", 0, position) + 1 : position].strip()

    def _is_past(self, bracket: Piece, found: Piece) -> bool:
        """Tell whether `bracket` ought to have been closed before `found`."""
        if found.kind == "$END":
            return True
        if bracket.kind != "LBRACE":
            return found.kind in STATEMENT_WORDS or (
                found.kind in _CLOSERS.values() and found.kind != _CLOSERS[bracket.kind]
            )
        if found.text in OUTER_WORDS and found.kind != "NAME":
            return self._landmarks.surplus(found.start) > 0
        return found.kind in STATEMENT_WORDS and bracket.start >= self._gap_start()

    def _gap_start(self) -> int:
        """Return where the unfinished statement begins."""
        height = next(self._automaton.gaps(self._automaton.states()))
        return min((piece.start for piece in self._automaton.unfinished(height)), default=self._position)

    # --- small cures -------------------------------------------------------------------------------------------------

    def _read_slip(self, found: Piece, slip: Slip) -> bool:
        """Go on as if the text said what was meant."""
        states = self._automaton.states()
        height = len(states) - slip.tokens
        if slip.meant and self._automaton.after(states[:height], slip.meant) is None:
            return False
        end = found.start + slip.length
        self._automaton.drop(height)
        if slip.meant:
            self._automaton.feed(slip.meant, slip.text, found.start - slip.back, end)
        self._automaton.move(end)
        return True

    def _read_reserved(self, found: Piece, accepted: set[str]) -> bool:
        """Take a word of the language for the name that must stand here."""
        if found.text not in RESERVED or "NAME" not in accepted or accepted & {"NUMBER", "PERCENT"}:
            return False
        if self._automaton.after(self._automaton.states(), "NAME") is None:
            return False
        if self._begins_line(found.start) and not self._text[found.end :].lstrip().startswith(":"):
            return False
        hint = Hint("reserved-word", {"word": found.text})
        expected = describe_expected(accepted)
        self._say("unexpected-word", found.start, found.end, hint, found=_found(found), expected=expected)
        self._automaton.feed("NAME", found.text, found.start, found.end)
        self._automaton.move(found.end)
        return True

    def _read_misspelt(self, found: Piece, now: Situation) -> bool:
        """Take a misspelt word of the language for what was meant, and `=` for `:`."""
        meant = "COLON" if found.kind == "EQUAL" and "COLON" in now.accepted else meant_word(now)
        if meant is None or self._automaton.after(self._automaton.states(), meant) is None:
            return False
        self._automaton.feed(meant, meant.strip("_").lower(), found.start, found.end)
        self._automaton.move(found.end)
        return True

    def _add_label(self, found: Piece, accepted: set[str]) -> bool:
        """Put in the label or title that is missing before `found`."""
        if "TEXT" not in accepted or "YES" in accepted or not self._fits_after("TEXT", found.kind):
            return False
        if found.kind == "TEXT" or (found.kind == "NAME" and not self._is_field(found)):
            return False
        pieces = list(until(self._automaton.unfinished(), _HEADS))
        kind = pieces[-1].kind if pieces else ""
        if kind not in LABELLED:
            return False
        owner = pieces[-1]
        if kind == "COLON":
            owner = next(piece for piece in self._automaton.unfinished() if piece.start < owner.start)
        elif kind not in ("_CHECK", "_SECTION") and len(pieces) > 1:
            owner = pieces[-2]
        code = f"missing-{LABELLED[kind]}"
        self._say(code, owner.start, owner.end, owner=self._text[owner.start : owner.end])
        self._put("TEXT", '""', found.start)
        return True

    def _add_mark(self, found: Piece, accepted: set[str], bracket: Piece | None) -> bool:
        """Put in the mark that alone is missing."""
        meant = accepted - {"ERROR"}
        marks = [kind for kind in _MISSING_MARKS if meant == {kind}]
        marks += ["LBRACE"] if meant == {"LBRACE"} and self._landmarks.surplus(found.start) < 0 else []
        marks += ["_THEN"] if "_THEN" in meant else []
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
        self._lose(start, position)
        end = len(self._text[start:position].rstrip()) + start
        self._automaton.feed("ERROR", "", start, max(start, end))
        for mark in marks:
            self._automaton.feed(mark, '""' if mark == "TEXT" else "", position, position)
        self._automaton.move(position)

    def _lose(self, start: int, end: int) -> None:
        """Remember the names in a gap unless it is a demand or example, which declares nothing."""
        before = next(iter(self._automaton.unfinished()), None)
        states = self._automaton.after(self._automaton.states(), "ERROR")
        is_demand = before is not None and before.kind in _QUIET_BEFORE
        in_clause = is_demand or (states is not None and "MUST" in self._automaton.accepted(states))
        self.lost.update(lost_names(self._text[start:end], is_demand=is_demand, in_clause=in_clause))

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
            if landmark.kind == "close" and self._landmarks.is_inner(landmark.start, self._depth()):
                continue
            if landmark.kind == "field" and braces > 0 and not self._is_behind_unclosed(landmark):
                continue
            if landmark.start == found.start and kind != found.kind:
                continue
            while True:
                marks = self._marks_before(kind, landmark)
                if marks is not None:
                    return landmark.start, marks, start
                if landmark.text not in OUTER_WORDS or not self._in_head():
                    break
                start = self._drop_lower(start)
        end = Landmark(len(self._text), "end", "")
        while (marks := self._marks_before("$END", end)) is None:
            start = self._drop_lower(start)
        return len(self._text), marks, start

    def _is_behind_unclosed(self, field: Landmark) -> bool:
        """Tell whether a field stands in braces only because some before it were not closed."""
        return self._begins_line(field.start) and self._landmarks.surplus(field.start) > 0

    def _depth(self) -> int:
        """Return how many braces are open."""
        return sum(piece.kind == "LBRACE" for piece in self._automaton.unfinished())

    def _in_head(self) -> bool:
        """Tell whether the gap is the head of a block, which only a brace can follow."""
        states = self._automaton.after(self._automaton.states(), "ERROR")
        return states is not None and self._automaton.accepted(states) == {"LBRACE"}

    def _drop_lower(self, start: int) -> int:
        states = self._automaton.states()
        return self._drop(next(self._automaton.gaps(states[:-1])), start)

    def _marks_before(self, kind: str, landmark: Landmark) -> list[str] | None:
        """Return the braces that have to be put in so that `kind` fits after the gap, or None."""
        states = self._automaton.after(self._automaton.states(), "ERROR")
        if states is None:
            return None
        if self._automaton.after(states, kind) is not None:
            return []
        opened = self._automaton.after(states, "LBRACE")
        if opened is not None and self._automaton.after(opened, kind) is not None:
            return ["LBRACE"]
        surplus = self._landmarks.surplus(landmark.start) if landmark.text in OUTER_WORDS else 0
        if surplus < 0 and kind == "_CLAUSE" and self._fits_after("_SECTION", "TEXT"):
            return ["_SECTION", "TEXT", "TEXT", "LBRACE"]
        if kind != "$END" and not (landmark.text in OUTER_WORDS and surplus > 0):
            return None
        marks: list[str] = []
        while (closed := self._automaton.after(states, "RBRACE")) is not None:
            states, marks = closed, [*marks, "RBRACE"]
            if self._automaton.after(states, kind) is not None:
                return marks
        return None


def _found(piece: Piece) -> Words:
    return describe_found(piece.kind, piece.text)
