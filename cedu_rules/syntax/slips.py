"""Typical slips of the pen into what was meant: other quotes, operators of other languages, words run together."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from cedu_rules.diagnostics import Hint

_QUOTED = re.compile(r"[“”‘’'「」『』＂«»]([^\n\"“”‘’'「」『』＂«»\\]*)[“”‘’'「」『』＂«»\"]?")
_WRONG_END = re.compile(r'"([^"\n“”＂\\]*)[”＂](?![^"\n]*")')
# Operators of other languages, and ours in pieces; the terminal of what was meant.
_OPERATORS = {
    "=>": (">=", "AT_LEAST"),
    "=<": ("<=", "AT_MOST"),
    "==": ("=", "EQUAL"),
    "===": ("=", "EQUAL"),
    "<>": ("!=", "UNEQUAL"),
    "~=": ("!=", "UNEQUAL"),
    "!==": ("!=", "UNEQUAL"),
    ">==": (">=", "AT_LEAST"),
    "<==": ("<=", "AT_MOST"),
    ">>=": (">=", "AT_LEAST"),
    "<<=": ("<=", "AT_MOST"),
}
_RUN = re.compile(r"[=<>!！~]+(?:[ \t]+=)?")
_LONGEST_RUN = 4
_WORDS_FOR = {"&&": "_AND", "||": "_OR", "&": "_AND", "|": "_OR", "!": "_NOT", "！": "_NOT", "¬": "_NOT"}
_SIGNS_FOR = {
    "⩾": (">=", "AT_LEAST"),
    "≧": (">=", "AT_LEAST"),
    "⩽": ("<=", "AT_MOST"),
    "≦": ("<=", "AT_MOST"),
    "−": ("-", "MINUS"),
    "–": ("-", "MINUS"),
    "—": ("-", "MINUS"),
    "∶": (":", "COLON"),
}
_COMMENT = re.compile(r"//[^\n]*|/\*(?:.*?\*/|[^\n]*)|＃[^\n]*", re.DOTALL)
_HIDDEN = {"Cc", "Cf", "Co", "Cn"}


@frozen
class Slip:
    """A slip: what to report of the next `length` characters, and the token that was meant, "" for none.

    The slip begins `back` characters before; with `tokens` 1 the token that was read last is a part of it.
    """

    code: str
    length: int
    hint: Hint
    meant: str
    text: str
    values: Mapping[str, Any] = field(factory=dict)
    back: int = 0
    tokens: int = 0


def find_slip(text: str, kind: str, start: int) -> Slip | None:
    """Return the slip that explains why the token at `start` does not fit, or None."""
    if kind == "$END":
        return None
    found = _operator(text, start) or _comment(text, kind, start)
    if found is not None or kind != "STRAY":
        return found
    if text[start] == '"':
        return _unclosed_text(text, start)
    if (quoted := _QUOTED.match(text, start)) is not None:
        return _quoted(quoted)
    for wrong, meant in _WORDS_FOR.items():
        if text.startswith(wrong, start):
            hint = Hint("write", {"text": meant.strip("_").lower()})
            return Slip("wrong-operator", len(wrong), hint, meant, wrong, {"found": wrong})
    if text[start] in _SIGNS_FOR:
        proper, meant = _SIGNS_FOR[text[start]]
        return Slip("wrong-operator", 1, Hint("write", {"text": proper}), meant, proper, {"found": text[start]})
    if unicodedata.category(text[start]) in _HIDDEN:
        length = _hidden_length(text, start)
        return Slip("unexpected-character", length, Hint("delete", {}), "", "", {"found": f"U+{ord(text[start]):04X}"})
    return None


def _hidden_length(text: str, start: int) -> int:
    """Return how often the character at `start` stands there in a row, which is one mistake."""
    end = start + 1
    while text.startswith(text[start], end):
        end += 1
    return end - start


def _operator(text: str, start: int) -> Slip | None:
    """Return the slip of a run of comparison signs, in which the token at `start` is the second or the only one."""
    for begin in range(max(0, start - _LONGEST_RUN), start + 1):
        run = _RUN.match(text, begin)
        if run is None or not run.start() <= start < run.end() or len(run[0]) <= 1:
            continue
        joined = "".join(run[0].split()).replace("！", "!")
        plain = (joined, {"!=": "UNEQUAL", ">=": "AT_LEAST", "<=": "AT_MOST"}.get(joined, ""))
        proper, meant = _OPERATORS.get(joined, plain)
        if not meant or (run[0] == joined and joined not in _OPERATORS):
            return None
        back = start - begin
        hint = Hint("write", {"text": proper})
        values = {"found": run[0]}
        return Slip("wrong-operator", run.end() - start, hint, meant, proper, values, back, 1 if back else 0)
    return None


def _comment(text: str, kind: str, start: int) -> Slip | None:
    """Return the slip of a comment as other languages write it."""
    if kind not in ("DIVIDED", "TIMES", "STRAY"):
        return None
    for back in (1, 0):
        comment = _COMMENT.match(text, start - back) if start >= back else None
        if comment is not None:
            mark = comment[0][: 1 if comment[0][0] == "＃" else 2]
            length = comment.end() - start
            return Slip("wrong-comment", length, Hint("comment", {}), "", "", {"found": mark}, back, back)
    return None


def _quoted(quoted: re.Match[str]) -> Slip:
    proper = f'"{quoted[1]}"'
    hint = Hint("write", {"text": proper})
    return Slip("wrong-quotes", len(quoted[0]), hint, "TEXT", proper, {"found": quoted[0]})


def _unclosed_text(text: str, start: int) -> Slip:
    if (ended := _WRONG_END.match(text, start)) is not None:
        return _quoted(ended)
    end = text.find("\n", start)
    line = text[start:] if end < 0 else text[start:end]
    line = line.rstrip()
    return Slip("unclosed-text", len(line), Hint("close-text", {}), "TEXT", line.rstrip("\\") + '"')
