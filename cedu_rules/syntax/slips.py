"""Typical slips of the pen into what was meant: other quotes, operators of other languages, words run together."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from attrs import field, frozen

from cedu_rules.diagnostics import Hint

RESERVED = frozenset(
    [
        "if",
        "then",
        "else",
        "or",
        "and",
        "not",
        "between",
        "in",
        "includes",
        "for",
        "where",
        "of",
        "at",
        "by",
        "yes",
        "no",
        "all",
        "distinct",
        "when",
        "unless",
        "must",
        "should",
        "note",
        "example",
        "show",
        "judge",
        "clause",
        "section",
        "facts",
        "record",
        "let",
        "param",
        "check",
    ]
)
_QUOTED = re.compile(r"[“”‘’'「」『』＂«»]([^\n\"“”‘’'「」『』＂«»\\]*)[“”‘’'「」『』＂«»\"]?")
# An operator of another language whose first character is one of ours; the terminal of what was meant.
_PAIRS = {"=>": (">=", "AT_LEAST"), "=<": ("<=", "AT_MOST"), "==": ("=", "EQUAL"), "<>": ("!=", "UNEQUAL")}
_WORDS_FOR = {"&&": "_AND", "||": "_OR", "&": "_AND", "|": "_OR", "!": "_NOT", "！": "_NOT"}
_TWINS = {
    "、": ",",
    "。": ".",
    "·": ".",
    "−": "-",
    "–": "-",
    "—": "-",
    "～": "to",
    "~": "to",
    "＃": "#",
    "¥": "yuan",
} | {
    "￥": "yuan",
    "⩾": ">=",
    "≧": ">=",
    "⩽": "<=",
    "≦": "<=",
}


@frozen
class Slip:
    """A slip: what to report of the next `length` characters, and the token that was meant.

    With `before` 1 the token that was read last is a part of it.
    """

    code: str
    length: int
    hint: Hint
    meant: str
    text: str
    values: Mapping[str, Any] = field(factory=dict)
    before: int = 0


def find_slip(text: str, kind: str, start: int) -> Slip | None:
    """Return the slip that explains why the token at `start` does not fit, or None."""
    pair = text[start - 1 : start + 1] if start else ""
    if kind != "$END" and pair in _PAIRS:
        proper, meant = _PAIRS[pair]
        hint = Hint("write", {"text": proper})
        return Slip("wrong-operator", 1, hint, meant, proper, {"found": pair}, before=1)
    if kind != "STRAY":
        return None
    if text[start] == '"':
        return _unclosed_text(text, start)
    if (quoted := _QUOTED.match(text, start)) is not None:
        proper = f'"{quoted[1]}"'
        hint = Hint("write", {"text": proper})
        return Slip("wrong-quotes", len(quoted[0]), hint, "TEXT", proper, {"found": quoted[0]})
    for wrong, meant in _WORDS_FOR.items():
        if text.startswith(wrong, start):
            hint = Hint("write", {"text": meant.strip("_").lower()})
            return Slip("wrong-operator", len(wrong), hint, meant, wrong, {"found": wrong})
    return None


def _unclosed_text(text: str, start: int) -> Slip:
    end = text.find("\n", start)
    line = text[start:] if end < 0 else text[start:end]
    line = line.rstrip()
    return Slip("unclosed-text", len(line), Hint("close-text", {}), "TEXT", line.rstrip("\\") + '"')


def hint_for(kind: str, text: str, accepted: AbstractSet[str]) -> Hint | None:
    """Return the cure that fits a token which is not legal here, or None."""
    if text in _TWINS:
        return Hint("write", {"text": _TWINS[text]})
    if text == ";":
        return Hint("no-semicolon", {})
    if text in RESERVED and "NAME" in accepted:
        return Hint("reserved-word", {"word": text})
    if kind == "NAME":
        for word in sorted(RESERVED, key=len, reverse=True):
            if text.startswith(word) and accepted & {word.upper(), "_" + word.upper()}:
                return Hint("run-together", {"word": word})
    return None
