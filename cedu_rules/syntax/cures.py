"""A token that does not fit, and what would fit instead, into the hint that names the cure.

Each rule looks at the token, at the word before it and at what the grammar would accept; the first that knows a cure
gives it. A misspelt word of the language is also read as the word that was meant.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import NamedTuple

from cedu_rules.diagnostics import Hint
from cedu_rules.syntax.keywords import RESERVED

_CONTEXTUAL = (
    "annex",
    "effective",
    "from",
    "key",
    "language",
    "least",
    "of",
    "source",
    "standard",
    "to",
    "type",
    "unit",
    "with",
)
"""Words that are words of the language only where the grammar asks for them."""

_JOINING = frozenset({"and", "or", "not", "if", "then", "else", "in", "between", "includes", "for", "where", "of"})
_TRANSLATED = {
    "并且": "and",
    "且": "and",
    "和": "and",
    "与": "and",
    "或": "or",
    "或者": "or",
    "非": "not",
    "不是": "!=",
    "不等于": "!=",
    "等于": "=",
    "是": "=",
    "is": "=",
    "eq": "=",
    "equals": "=",
    "大于": ">",
    "超过": ">",
    "小于": "<",
    "大于等于": ">=",
    "不少于": ">=",
    "不低于": ">=",
    "不小于": ">=",
    "至少": ">=",
    "达到": ">=",
    "小于等于": "<=",
    "不多于": "<=",
    "不超过": "<=",
    "不大于": "<=",
    "至多": "<=",
    "如果": "if",
    "那么": "then",
    "否则": "else",
    "必须": "must",
    "须": "must",
    "要求": "must",
    "应": "must",
    "应当": "must",
    "宜": "should",
    "标准": "standard",
    "来源": "source",
    "语言": "language",
    "类型": "type",
    "单位": "unit",
    "参数": "param",
    "记录": "record",
    "章节": "section",
    "条款": "clause",
    "事实": "facts",
    "注": "note",
    "说明": "note",
    "例": "example",
    "示例": "example",
}
_SIGNS = {"、": ",", "，": ",", "～": "to", "~": "to", "＃": "#", "·": "."}
_CURRENCIES = {"¥": "yuan", "￥": "yuan", "$": "dollar", "€": "euro"}
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿")
_REST_OF_NAME = re.compile(r"[^\s\"“”{}\[\],;:=](?:[^\n\"“”{}\[\],;:=]*[^\s\"“”{}\[\],;:=])?(?=[^\S\n]*:)")
_LEAST_ALIKE = 0.75
_SHORTEST_GUESS = 3
_SHORTEST_WORD = 2
_BEGINNING = ("must", "should", "when", "unless", "note", "example", "clause", "section", "let", "param", "check")


class Situation(NamedTuple):
    """What stands where something else ought to stand: its kind, its text, the word before, and what would fit."""

    kind: str
    text: str
    before: str
    following: str
    accepted: AbstractSet[str]
    bracket: str
    bracket_line: int
    name_end: int = 0
    """Where a name ends which it cuts, since no name can hold it; 0 where it cuts none."""

    @property
    def in_expression(self) -> bool:
        """Whether an operand may stand here."""
        return {"NUMBER", "LPAR"} <= self.accepted

    @property
    def after_operand(self) -> bool:
        """Whether an operator may stand here."""
        return bool({"PLUS", "_AND"} & self.accepted)


def hint_for(situation: Situation) -> Hint | None:
    """Return the cure, or None where none is known."""
    return next((hint for rule in _RULES if (hint := rule(situation)) is not None), None)


def meant_word(situation: Situation) -> str | None:
    """Return the terminal of the word that a misspelt one stands for, or None."""
    if situation.kind != "NAME" or "NAME" in situation.accepted:
        return None
    word = _alike(situation)
    return None if word is None else _terminal(word, situation.accepted)


def misread_word(word: str, *, follows_number: bool, before_label: bool) -> str | None:
    """Return the word of the language that a misspelt one stands for which was read as something else, or None.

    `follows_number`: it begins its line behind a number, so that it was read as a unit; `before_label`: behind it stands
    a name with its label.
    """
    words = [*(_BEGINNING if follows_number else ()), *(("show", "judge") if before_label else ())]
    folded = word.casefold()
    if not words or len(word) < _SHORTEST_WORD or (folded == word and word in words):
        return None
    if _TRANSLATED.get(folded, folded) in words:
        return _TRANSLATED.get(folded, folded)
    return next(iter(get_close_matches(folded, words, n=1, cutoff=_LEAST_ALIKE)), None)


def name_end(text: str, start: int) -> int:
    """Return where a name ends that goes on at `start` and has its `:` in the same line, or 0."""
    rest = _REST_OF_NAME.match(text, start)
    return 0 if rest is None else rest.end()


def _terminal(word: str, accepted: AbstractSet[str]) -> str | None:
    return next((kind for kind in (word.upper(), "_" + word.upper()) if kind in accepted), None)


def _alike(situation: Situation) -> str | None:
    """Return the word that fits here and looks like the one that was found."""
    words = [word for word in (*sorted(RESERVED), *_CONTEXTUAL) if _terminal(word, situation.accepted)]
    found = situation.text.casefold()
    if found in words:
        return found
    translated = _TRANSLATED.get(found)
    if translated in words:
        return translated
    if len(found) < _SHORTEST_GUESS:
        return None
    return next(iter(get_close_matches(found, words, n=1, cutoff=_LEAST_ALIKE)), None)


def _write(text: str) -> Hint:
    return Hint("write", {"text": text})


def _misspelt(now: Situation) -> Hint | None:
    """`mut n >= 1`, `Must n >= 1`, `n >= 1 AND b`, `n 大于 1`."""
    if now.kind == "NAME" and (word := _alike(now)) is not None:
        return _write(word)
    for word in (now.text, now.before):
        meant = _TRANSLATED.get(word.casefold(), word.lower() if word.lower() in _JOINING and word.isupper() else None)
        meant = "and" if word == "And" else "or" if word == "Or" else meant
        if meant is not None and now.after_operand:
            return _write(meant)
    return None


def _of_list(now: Situation) -> Hint | None:
    """`rooms includes reading`, `n in (1, 2)`, `all(t.trained in teachers)`, `{ 1 2 }`."""
    if now.accepted == {"LBRACE"} and now.before in ("in", "includes"):
        in_call = now.bracket == "(" and now.before == "in"
        return Hint("for-in-list" if in_call else "members-in-braces", {"word": now.before})
    if now.before == "includes" and "LBRACE" in now.accepted:
        return Hint("members-in-braces", {"word": now.before})
    if "COMMA" in now.accepted and "RBRACE" in now.accepted:
        if now.kind in ("NUMBER", "NAME", "TEXT", "DATE"):
            return Hint("comma-before", {"found": now.text})
        if now.kind == "COLON" and now.before:
            return Hint("comma-before", {"found": now.before})
    return None


def _of_where(now: Situation) -> Hint | None:
    """`count(teachers where trained)`."""
    if now.text == "where" and "_FOR" in now.accepted:
        return Hint("count-where", {"variable": "x", "text": "…"})
    return None


def _of_if(now: Situation) -> Hint | None:
    """`if a n >= 1`, `if` where a statement ought to begin, `must n >= 1 if a`."""
    if now.kind == "_IF":
        return Hint("if-first" if now.after_operand or now.in_expression else "must-if", {})
    if "_THEN" in now.accepted and not now.in_expression:
        return Hint("if-then", {})
    return None


def _of_between(now: Situation) -> Hint | None:
    """`n between 1 to 5`, `n between 1, 5`."""
    if "_AND" in now.accepted and (now.before in ("to", "至", "到") or now.text in ("~", "～", "至", "到")):
        return Hint("chained-comparison", {})
    return None


def _of_power(now: Situation) -> Hint | None:
    """`n ^ 2`, `n ** 2`."""
    if now.text == "^" or (now.text == "*" and now.before == "*"):
        return Hint("power", {})
    return None


def _of_point(now: Situation) -> Hint | None:
    """`.5`, `5.`."""
    if now.kind != "DOT":
        return None
    if now.in_expression and now.following[:1].isdigit():
        return _write(f"0.{now.following}")
    return Hint("point", {}) if now.before[-1:].isdigit() else None


def _of_name(now: Situation) -> Hint | None:
    """`floor area : m2`, `floor-area : m2`, `面积（独立） : m2`, `clause 2nd "…"`."""
    number = now.kind == "NUMBER" and "NAME" in now.accepted and "NUMBER" not in now.accepted
    return Hint("name-characters", {}) if number or now.name_end else None


def _of_numerals(now: Situation) -> Hint | None:
    """`五百 m2`."""
    is_number = now.after_operand and len(now.before) > 0 and set(now.before) <= _NUMERALS
    return Hint("digits", {"found": now.before}) if is_number else None


def _of_product(now: Situation) -> Hint | None:
    """`2(n)`, `at least 2 (a, b)`."""
    if "_OF" in now.accepted and now.kind == "LPAR":
        return _write("of")
    if now.kind == "LPAR" and now.before[-1:].isdigit() and now.after_operand:
        return _write(f"{now.before} * (")
    return None


def _of_text(now: Situation) -> Hint | None:
    """`must show "label"`, `note x`."""
    if now.kind == "TEXT" and now.accepted == {"NAME"}:
        return Hint("name-before-text", {"text": now.text})
    if now.kind == "NAME" and now.accepted == {"TEXT"}:
        return _write(f'"{now.text}"')
    return None


def _of_let(now: Situation) -> Hint | None:
    """`let` inside a clause."""
    return Hint("let-outside", {}) if now.kind == "_LET" and not now.in_expression else None


def _of_sign(now: Situation) -> Hint | None:
    """Signs of Chinese text and of money."""
    if now.text in _CURRENCIES:
        return Hint("unit-behind", {"unit": _CURRENCIES[now.text]})
    if now.text == ";" and not now.in_expression:
        return Hint("no-semicolon", {})
    if now.text == "。" or (now.kind == "COMMA" and "COMMA" not in now.accepted):
        return Hint("leave-out", {"found": now.text})
    return _write(_SIGNS[now.text]) if now.text in _SIGNS else None


def _of_surplus(now: Situation) -> Hint | None:
    """A closing bracket that nothing has opened."""
    opener = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}.get(now.kind)
    if opener is None or now.bracket == opener:
        return None
    return Hint("no-open-bracket", {"bracket": opener, "found": now.text})


def _of_reserved(now: Situation) -> Hint | None:
    """A word of the language where a name ought to stand."""
    if now.text not in RESERVED or "NAME" not in now.accepted:
        return None
    if now.text in _JOINING and (now.in_expression or now.after_operand):
        return None
    if now.after_operand and not now.in_expression:
        return None
    return Hint("reserved-word", {"word": now.text})


def _of_run_together(now: Situation) -> Hint | None:
    """`mustn >= 1`."""
    if now.kind == "NAME":
        for word in sorted(RESERVED, key=len, reverse=True):
            if now.text.startswith(word) and len(word) > 1 and _terminal(word, now.accepted):
                return Hint("run-together", {"word": word})
    return None


def _of_bracket(now: Situation) -> Hint | None:
    """Something that belongs behind a bracket which is still open."""
    closer = {"(": "RPAR", "[": "RSQB"}.get(now.bracket)
    is_outer = now.bracket == "{" and now.kind in ("_CLAUSE", "_SECTION", "_FACTS", "_RECORD", "_PARAM")
    if is_outer or (closer is not None and closer in now.accepted):
        return Hint("open-bracket", {"bracket": now.bracket, "line": now.bracket_line})
    return None


def _of_mark(now: Situation) -> Hint | None:
    """One mark alone would fit."""
    marks = {"COLON": ":", "LBRACE": "{", "EQUAL": "=", "LPAR": "(", "COMMA": ",", "RPAR": ")"}
    fitting = now.accepted - {"NAME", "PERCENT"}
    if "COLON" in fitting and now.kind == "EQUAL":
        return _write(":")
    if len(fitting) == 1 and (mark := marks.get(next(iter(fitting)))) is not None:
        return Hint("mark-before", {"mark": mark, "found": now.text}) if now.text else _write(mark)
    return None


def _rules() -> Iterator[Callable[[Situation], Hint | None]]:
    yield from (_of_run_together, _misspelt, _of_where, _of_list, _of_name, _of_if, _of_between, _of_power, _of_point)
    yield from (_of_numerals, _of_product, _of_text, _of_let, _of_sign, _of_surplus, _of_reserved, _of_bracket)
    yield _of_mark


_RULES = tuple(_rules())
