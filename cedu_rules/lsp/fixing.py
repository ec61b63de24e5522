"""The hint of a diagnostic into an edit that cures it.

A hint says in words what to write; how much of the text it replaces is tried out. An edit is offered only where the
text that it makes has fewer errors than before, so that no quick fix makes things worse.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from lsprotocol.types import Range

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.frontend import check
from cedu_rules.lsp import words
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.tokens import Token
from cedu_rules.messages import Words
from cedu_rules.syntax.keywords import RESERVED

_TRIED = 60_000
"""In a longer text only those edits are offered that need no trial."""

_DIAGNOSTICS = 8
_MEMBERS = re.compile(r"`([^`]+)`")
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "‘": '"', "’": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"', "'": '"'}
)
_CLOSERS = {"{": "}", "(": ")", "[": "]"}
_WRONG_COMMENT = re.compile(r"//+|--+|/\*+|[＃%;!]+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Edit(NamedTuple):
    """`new` in place of the characters from `start` to `end`."""

    start: int
    end: int
    new: str


class Fix(NamedTuple):
    """An edit with its title; `is_cure` where it cures the diagnostic, and does not only allow it."""

    diagnostic: Diagnostic
    title: str
    edit: Edit
    is_cure: bool = True


def fixes(reading: Reading, place: Range, language: str) -> Iterator[Fix]:
    """Yield the quick fixes for the diagnostics that touch a range."""
    start, end = reading.lines.offset(place.start), reading.lines.offset(place.end)
    here = [
        each for each in reading.findings if each.span.start <= end and start <= max(each.span.end, each.span.start)
    ]
    for diagnostic in here[:_DIAGNOSTICS]:
        for edit in _cures(reading, diagnostic):
            yield Fix(diagnostic, _title(reading, edit, language), edit)
        if diagnostic.severity == "warning" and (allowing := _allowing(reading, diagnostic)) is not None:
            yield Fix(diagnostic, words.ALLOW.filled(language, {"code": diagnostic.code}), allowing, is_cure=False)


def _title(reading: Reading, edit: Edit, language: str) -> str:
    old, new = " ".join(reading.text[edit.start : edit.end].split()), " ".join(edit.new.split())
    phrase: Words = words.REPLACE if old and new else words.INSERT if new else words.DELETE
    return phrase.filled(language, {"old": old, "new": new})


def _cures(reading: Reading, diagnostic: Diagnostic) -> Iterator[Edit]:
    """Yield the edits that make the text better: the first that does, or each member that could be meant."""
    is_tried = len(reading.text) <= _TRIED
    for edit in _candidates(reading, diagnostic):
        if _runs_together(reading.text, edit):
            continue
        if is_tried:
            if diagnostic.code != "unused-allowance" and not _helps(reading, diagnostic, edit):
                continue
        elif diagnostic.hint is None or diagnostic.hint.id not in ("nearest", "write-unit", "write-percent"):
            return
        yield edit
        if diagnostic.hint is None or diagnostic.hint.id != "one-of":
            return


def _helps(reading: Reading, diagnostic: Diagnostic, edit: Edit) -> bool:
    """Tell whether an edit leaves fewer errors, or moves the first one on from a line that is right then."""
    text = reading.text[: edit.start] + edit.new + reading.text[edit.end :]
    before, after = reading.loaded, check(text, reading.name)[1]
    errors = _errors(after) - _errors(before)
    if errors == 0 and diagnostic.severity == "error":
        return all(each.span.line != diagnostic.span.line for each in after if each.severity == "error")
    return errors < 0 or (errors == 0 and len(after) < len(before))


def _errors(found: tuple[Diagnostic, ...]) -> int:
    return sum(each.severity == "error" for each in found)


def _runs_together(text: str, edit: Edit) -> bool:
    """Tell whether what is written would become one word with what stands beside it."""
    before, after = text[: edit.start][-1:], text[edit.end : edit.end + 1]
    return bool(edit.new) and (
        (_is_letter(before) and _is_letter(edit.new[0])) or (_is_letter(edit.new[-1]) and _is_letter(after))
    )


def _is_letter(character: str) -> bool:
    return bool(character) and (character.isalnum() or character in "_.㎡")


def _allowing(reading: Reading, diagnostic: Diagnostic) -> Edit | None:
    """Return the edit that allows a warning in its line, unless the line has a comment or nothing allows it."""
    if diagnostic.code in ("unknown-allowance", "unused-allowance"):
        return None
    source = reading.file.source
    line = source.line_text(diagnostic.span.line)
    if "#" in line:
        return None
    end = source.line_starts[diagnostic.span.line - 1] + len(line.rstrip())
    return Edit(end, end, f"  # lint: allow {diagnostic.code}")


# --- what could be meant ---------------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """A diagnostic and the tokens around it."""

    reading: Reading
    diagnostic: Diagnostic

    @property
    def start(self) -> int:
        return self.diagnostic.span.start

    @property
    def end(self) -> int:
        return self.diagnostic.span.end

    @property
    def values(self) -> dict[str, str]:
        """The values of the hint as texts."""
        hint = self.diagnostic.hint
        return {} if hint is None else {key: str(value) for key, value in hint.values.items()}

    def before(self) -> list[Token]:
        """Return the tokens before, the nearest first."""
        return [token for token in reversed(self.reading.tokens) if token.end <= self.start][:4]

    def behind(self) -> list[Token]:
        """Return the tokens behind, the nearest first."""
        return [token for token in self.reading.tokens if token.start >= self.end][:60]

    def instead(self, new: str) -> Edit:
        """Return the edit that replaces what the diagnostic underlines."""
        return Edit(self.start, self.end, new)


def _candidates(reading: Reading, diagnostic: Diagnostic) -> Iterator[Edit]:
    place = _Place(reading, diagnostic)
    hint = diagnostic.hint
    if diagnostic.code in _BY_CODE:
        yield from _BY_CODE[diagnostic.code](place)
    if hint is not None and hint.id in _BY_HINT:
        yield from _BY_HINT[hint.id](place)


def _nearest(place: _Place) -> Iterator[Edit]:
    yield place.instead(place.values["name"])


def _written(place: _Place) -> Iterator[Edit]:
    """`write X`: in place of what is underlined, with words beside it that X repeats, or before or behind it."""
    text = place.values["text"]
    if "…" in text or place.diagnostic.code == "wrong-quotes":
        return
    yield place.instead(text)
    behind, before = place.behind(), place.before()
    for number in range(1, min(len(behind), 3) + 1):
        if _repeats(text, behind[:number]):
            yield Edit(place.start, behind[number - 1].end, text)
    for number in range(1, min(len(before), 3) + 1):
        if _repeats(text, before[:number]):
            yield Edit(before[number - 1].start, place.end, text)
    if before and before[0].kind == "name" and before[0].text not in place.reading.index.symbols.values:
        yield Edit(before[0].start, before[0].end, text)
    yield Edit(place.start, place.start, f"{text} ")
    yield Edit(place.end, place.end, f" {text}")


def _repeats(text: str, tokens: list[Token]) -> bool:
    """Tell whether a text says everything that some tokens say, so that nothing of the author's is lost."""
    return all(token.kind == "mark" or token.text in text for token in tokens)


def _unit(place: _Place) -> Iterator[Edit]:
    unit = place.values["unit"]
    blank = " " if unit.isascii() and unit != "%" else ""
    yield place.instead(f"{place.values['number']}{blank}{unit}")


def _number(place: _Place) -> Iterator[Edit]:
    yield place.instead(place.values["number"])


def _percent(place: _Place) -> Iterator[Edit]:
    number = place.values["number"]
    for token in place.reading.tokens:
        if place.start <= token.start and token.end <= place.end and token.text == number:
            yield Edit(token.start, token.end, f"{number}%")


def _deleted(place: _Place) -> Iterator[Edit]:
    yield place.instead("")
    for token in place.before()[:1]:
        if place.values.get("found") == token.text:
            yield Edit(token.start, token.end, "")


def _mark_before(place: _Place) -> Iterator[Edit]:
    mark = place.values.get("mark", ",")
    ends = [token.end for token in place.before()[:2]]
    blank = "" if mark in (",", ":", ")") else " "
    for end in ends:
        yield Edit(end, end, blank + mark)
    yield Edit(place.start, place.start, f"{mark} ")


def _blank_behind(place: _Place) -> Iterator[Edit]:
    end = place.start + len(place.values["word"])
    yield Edit(end, end, " ")


def _closing_quote(place: _Place) -> Iterator[Edit]:
    """A text that does not end: at the end of its line, before a brace or comma that ends it, or at its first blank."""
    source = place.reading.file.source
    line_end = source.line_starts[place.diagnostic.span.line - 1] + len(
        source.line_text(place.diagnostic.span.line).rstrip()
    )
    text = place.reading.text[place.start : line_end]
    ends = [
        line_end,
        *(place.start + match.start() for match in re.finditer(r"\s*[,}\])]+\s*$|\s*\{\s*$|\s*\}.*$", text)),
    ]
    for end in dict.fromkeys(ends):
        yield Edit(end, end, '"')


def _closing_bracket(place: _Place) -> Iterator[Edit]:
    closer = _CLOSERS.get(place.values.get("bracket", ""), "}")
    for token in place.before()[:2]:
        blank = "\n" if closer == "}" and place.reading.text.find("\n", token.end, place.start + 1) >= 0 else ""
        yield Edit(token.end, token.end, blank + closer)
    yield Edit(place.start, place.start, f"{closer} ")
    yield Edit(len(place.reading.text), len(place.reading.text), f"{closer}\n")


def _closing_opened(place: _Place) -> Iterator[Edit]:
    """A bracket that is never closed: at the end of its line, before a text there, or at the end of the file."""
    closer = _CLOSERS.get(place.reading.text[place.start : place.start + 1], "}")
    line_end = place.reading.text.find("\n", place.start)
    on_line = [token for token in place.behind() if line_end < 0 or token.end <= line_end]
    for token in reversed(on_line):
        yield Edit(token.end, token.end, f" {closer}" if closer == "}" else closer)
    yield Edit(len(place.reading.text), len(place.reading.text), f"{closer}\n")


def _bracketed_if(place: _Place) -> Iterator[Edit]:
    """`if` in brackets: up to where the statement or the bracket around it ends."""
    text = place.reading.text
    nesting = 0
    ends: list[int] = []
    for token in [token for token in place.reading.tokens if token.start >= place.start][:200]:
        nesting += (token.text in ("(", "{", "[")) - (token.text in (")", "}", "]"))
        is_statement = token.text in ("must", "should", "note", "example", "clause", "when", "unless", "section")
        if nesting < 0 or is_statement or token.kind == "text":
            break
        ends.append(token.end)
    if ends:
        yield Edit(place.start, ends[-1], f"({text[place.start : ends[-1]]})")


def _in_braces(place: _Place) -> Iterator[Edit]:
    for token in place.before()[:1]:
        if token.text == "=":
            yield Edit(token.start, place.end, f"in {{ {place.values['name']} }}")


def _members_in_braces(place: _Place) -> Iterator[Edit]:
    word = place.values.get("word", "")
    following = [token for token in place.reading.tokens if token.start >= place.start][:1]
    for token in following:
        if token.kind in ("name", "text") and token.text != word:
            yield Edit(token.start, token.end, f"{{ {token.text} }}")


def _one_of(place: _Place) -> Iterator[Edit]:
    for member in _MEMBERS.findall(str(place.values.get("members", "")))[:6]:
        yield place.instead(member)


def _in_full(template: str) -> Callable[[_Place], Iterator[Edit]]:
    def written(place: _Place) -> Iterator[Edit]:
        yield place.instead(template.format(**place.values))

    return written


def _straight_quotes(place: _Place) -> Iterator[Edit]:
    """Full-width quotes: those of the same line that belong together."""
    source = place.reading.file.source
    start = place.start
    line_end = source.line_starts[place.diagnostic.span.line - 1] + len(source.line_text(place.diagnostic.span.line))
    rest = place.reading.text[start:line_end]
    for end in sorted({match.end() for match in re.finditer("[“”‘’「」『』＂']", rest)} - {1}, reverse=True):
        inner = rest[1 : end - 1].replace('"', '\\"')
        yield Edit(start, start + end, f'"{inner}"')
    yield Edit(start, start + len(rest), rest.translate(_QUOTES))


def _comment_sign(place: _Place) -> Iterator[Edit]:
    match = _WRONG_COMMENT.match(place.reading.text, place.start)
    if match is not None:
        yield Edit(place.start, match.end(), "#")


def _spelt_date(place: _Place) -> Iterator[Edit]:
    match = _DAY.search(place.reading.text, place.start, place.start + 12)
    if match is not None:
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return
        yield Edit(match.start(), match.end(), day.isoformat())


def _respelt(place: _Place) -> Iterator[Edit]:
    yield place.instead(str(place.diagnostic.values["used"]))


def _missing_text(place: _Place) -> Iterator[Edit]:
    """A label or title that is missing: behind what has none, the name again, which the author sees and writes over."""
    underlined = place.diagnostic.span.text
    text = underlined if _is_letter(underlined[:1]) and underlined not in RESERVED else "…"
    for token in [token for token in place.reading.tokens if token.start >= place.start][:12]:
        yield Edit(token.end, token.end, f' "{text}"')


def _whole_comment(place: _Place) -> Iterator[Edit]:
    """An allowance that allows nothing: its comment, with the blanks before it."""
    text = place.reading.text
    start = text.rfind("#", 0, place.start + 1)
    end = text.find("\n", start)
    comment = text[start : len(text) if end < 0 else end]
    if start >= 0 and re.fullmatch(r"#+\s*lint\s*[:：]\s*allow\s+[\w-]+\s*", comment):
        yield Edit(len(text[:start].rstrip(" \t")), start + len(comment.rstrip()), "")


_BY_CODE: dict[str, Callable[[_Place], Iterator[Edit]]] = {
    "wrong-quotes": _straight_quotes,
    "wrong-comment": _comment_sign,
    "misspelt-declaration": _respelt,
    "date-spelling": _spelt_date,
    "unclosed-text": _closing_quote,
    "early-brace": _deleted,
    "unclosed-bracket": _closing_opened,
    "unused-allowance": _whole_comment,
    **dict.fromkeys(("missing-label", "missing-title", "missing-message", "missing-text"), _missing_text),
}
_BY_HINT: dict[str, Callable[[_Place], Iterator[Edit]]] = {
    "nearest": _nearest,
    "write": _written,
    "write-unit": _unit,
    "write-percent": _percent,
    "ungrouped": _number,
    "delete": _deleted,
    "leave-out": _deleted,
    "no-open-bracket": _deleted,
    "mark-before": _mark_before,
    "comma-before": _mark_before,
    "no-semicolon": lambda place: iter([place.instead(",")]),
    "run-together": _blank_behind,
    "close-text": _closing_quote,
    "open-bracket": _closing_bracket,
    "misplaced-if": _bracketed_if,
    "member-in-braces": _in_braces,
    "members-in-braces": _members_in_braces,
    "one-of": _one_of,
    "set-includes-all": _in_full("{set} includes all"),
    "series-value": _in_full("latest({series})"),
    "list-of": _in_full("list of {name}"),
    "comment": _comment_sign,
    "date-spelling": _spelt_date,
}
