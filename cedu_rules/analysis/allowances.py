"""Comments `# lint: allow CODE, CODE because …` into the warnings that they silence.

Behind something on its line a comment speaks of that line; on a line of its own of the statement, declaration or block
that begins next; before everything else in the file of the whole file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from attrs import field, frozen

from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.messages.codes import CODES
from cedu_rules.model.findings import nearest
from cedu_rules.source import Source, Span
from cedu_rules.syntax.nodes import Comment
from cedu_rules.syntax.normalise import normalise

_LINT = re.compile(r"#+\s*lint\s*[:：]\s*(?P<rest>.*)")
_ALLOW = re.compile(r"allow\s+(?P<codes>[\w-]+(?:\s*[,，、]\s*[\w-]+)*)")
_CODE = re.compile(r"[\w-]+")
_BRACES = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}\n]')
LOAD_ONLY = frozenset({"unknown-allowance", "unused-allowance"})
"""Warnings about allowances themselves, which nothing allows."""


@frozen
class Allowance:
    """One code that is allowed from line `first` to `last`, both included."""

    code: str
    span: Span
    first: int
    last: int


@frozen
class Allowances:
    """All allowances of one file, and what is wrong with those that cannot be."""

    allowed: tuple[Allowance, ...]
    problems: tuple[Diagnostic, ...] = field(default=())

    def kept(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics that nothing allows."""
        lines = self._merged()
        return [each for each in found if not _within(lines.get(each.code, []), each.span.line)]

    def unused(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return a warning for each allowance that allows none of the diagnostics."""
        lines: dict[str, list[int]] = {}
        for each in found:
            lines.setdefault(each.code, []).append(each.span.line)
        for places in lines.values():
            places.sort()
        idle = [allowance for allowance in self.allowed if not _any_between(lines.get(allowance.code, []), allowance)]
        return [Diagnostic("unused-allowance", each.span, {"name": each.code}) for each in idle]

    def _merged(self) -> dict[str, list[tuple[int, int]]]:
        """Return for each code the runs of lines on which it is allowed, in order."""
        merged: dict[str, list[tuple[int, int]]] = {}
        for each in sorted(self.allowed, key=lambda allowance: allowance.first):
            runs = merged.setdefault(each.code, [])
            if runs and each.first <= runs[-1][1]:
                runs[-1] = (runs[-1][0], max(runs[-1][1], each.last))
            else:
                runs.append((each.first, each.last))
        return merged


def _within(runs: list[tuple[int, int]], line: int) -> bool:
    number = bisect_right(runs, line, key=lambda run: run[0]) - 1
    return number >= 0 and runs[number][1] >= line


def _any_between(lines: list[int], allowance: Allowance) -> bool:
    number = bisect_right(lines, allowance.last)
    return number > 0 and lines[number - 1] >= allowance.first


def allowances(source: Source) -> Allowances:
    """Return what the comments of a file allow."""
    if "lint" not in source.text:
        return Allowances(())
    normal = normalise(source)
    lines = normal.text.split("\n")
    allowed: list[Allowance] = []
    problems: list[Diagnostic] = []
    for comment in normal.comments:
        match = _LINT.match(comment.text)
        if match is None:
            continue
        codes = _codes(comment, match)
        first, last = _lines(lines, comment.span.line) if codes else (0, 0)
        problems += [_refusal(code) for code in codes if not _is_allowable(code.text)]
        allowed += [Allowance(code.text, code, first, last) for code in codes if _is_allowable(code.text)]
        if not codes:
            problems.append(Diagnostic("unknown-allowance", comment.span, {"name": match["rest"]}, Hint("allow", {})))
    return Allowances(tuple(allowed), tuple(problems))


def _codes(comment: Comment, match: re.Match[str]) -> list[Span]:
    """Return where the codes of a comment stand."""
    allow = _ALLOW.match(match["rest"])
    if allow is None:
        return []
    start = comment.span.start + match.start("rest") + allow.start("codes")
    source = comment.span.source
    return [Span(source, start + code.start(), start + code.end()) for code in _CODE.finditer(allow["codes"])]


def _is_allowable(code: str) -> bool:
    return code in CODES and CODES[code].severity == "warning" and code not in LOAD_ONLY


def _refusal(code: Span) -> Diagnostic:
    known = [name for name in CODES if _is_allowable(name)]
    return Diagnostic("unknown-allowance", code, {"name": code.text}, nearest(code.text, known) or Hint("allow", {}))


def _lines(lines: list[str], line: int) -> tuple[int, int]:
    """Return the lines that a comment in `line` speaks of; `lines` are without comments."""
    if lines[line - 1].strip():
        return line, line
    if not any(text.strip() for text in lines[: line - 1]):
        return 1, len(lines)
    first = line
    while first < len(lines) and not lines[first].strip():
        first += 1
    return first + 1, _end_of_block(lines, first) + 1


def _end_of_block(lines: list[str], first: int) -> int:
    """Return the line on which the braces are closed that the line `first` opens."""
    depth = 0
    for number in range(first, len(lines)):
        for piece in _BRACES.findall(lines[number]):
            depth += {"{": 1, "}": -1}.get(piece, 0)
        if depth <= 0:
            return number
    return len(lines) - 1
