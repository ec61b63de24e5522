"""Terminals of the grammar into the words of a reader: what was found, and what would be legal."""

from collections.abc import Collection, Iterator

from cedu_rules.diagnostics import Words

COMPARISONS = {"EQUAL", "UNEQUAL", "LESS", "AT_MOST", "MORE", "AT_LEAST", "_BETWEEN", "_IN", "_INCLUDES"}
_STATEMENTS = {"MUST", "SHOULD", "WHEN", "UNLESS", "_NOTE", "_EXAMPLE"}
_DECLARATIONS = {"_STANDARD", "_SOURCE", "_EFFECTIVE", "_LANGUAGE", "_TYPE", "_UNIT", "_PARAM", "_LET"} | {
    "_FACTS",
    "_RECORD",
    "_SECTION",
}
STATEMENT_WORDS = _STATEMENTS | _DECLARATIONS | {"_CLAUSE", "_CHECK"}
_MARKS = {
    "LBRACE": "{",
    "RBRACE": "}",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "COLON": ":",
    "COMMA": ",",
    "EQUAL": "=",
    "LESS": "<",
    "MINUS": "-",
    "DOT": ".",
    "PERCENT": "%",
}
_NOUNS = {
    "NAME": Words("a name", "名称"),
    "TEXT": Words('a text in `"`', '用 `"` 括起的文字'),
    "NUMBER": Words("a number", "数字"),
    "DATE": Words("a date such as 2022-09-01", "日期（如 2022-09-01）"),
    "$END": Words("the end of the file", "文件结尾"),
}
# What is legal is named by its group wherever the whole group is: a reader wants four things, not forty.
_GROUPS = (
    (
        {"LPAR", "NUMBER", "NAME", "MINUS"},
        {"LPAR", "NUMBER", "NAME", "MINUS", "DATE", "TEXT", "YES", "NO", "ALL", "_NOT", "_IF", "_BY", "_AT"},
        Words("an expression", "表达式"),
    ),
    (
        {"TIMES", "PLUS"},
        {"PLUS", "MINUS", "TIMES", "DIVIDED", "_AND", "_OR", "DOT", "LSQB", "LPAR", *COMPARISONS},
        Words("an operator", "运算符"),
    ),
    ({"_AND", "_OR"}, {"_AND", "_OR"}, Words("an operator", "运算符")),
    ({"NAME", "PERCENT"}, {"NAME", "PERCENT"}, Words("a unit", "单位")),
    (
        {"MUST", "_NOTE"},
        _STATEMENTS,
        Words("a statement such as `must`", "`must` 等语句"),
    ),
    (
        {"_FACTS", "_SECTION"},
        _DECLARATIONS,
        Words("a declaration such as `facts` or `section`", "`facts`、`section` 等声明"),
    ),
    (
        {"NAME", "SIGNED", "LIST"},
        {"NAME", "SIGNED", "LIST", "YEARLY", "CHOICE", "SET", "LEVEL", "DOCUMENTED", "JUDGED"},
        Words("a type", "类型"),
    ),
)
_SILENT = {"ERROR", "SEMICOLON"}
_PREFIXES = {
    "NAME": Words("the name ", "名称 "),
    "NUMBER": Words("the number ", "数字 "),
    "DATE": Words("the date ", "日期 "),
    "TEXT": Words("the text ", "文字 "),
}
_LONGEST_QUOTE = 40
LABELLED = {
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
"""Word before a text that is missing, and what the text would be."""


def describe_found(kind: str, text: str) -> Words:
    """Return how to name a token that was found: `` `must` ``, `the end of the file`."""
    if kind == "$END":
        return _NOUNS[kind]
    quoted = text if text.isprintable() else " ".join(f"U+{ord(character):04X}" for character in text[:1])
    if len(quoted) > _LONGEST_QUOTE:
        quoted = quoted[:_LONGEST_QUOTE] + "…"
    prefix = _PREFIXES.get(kind, Words("", ""))
    return Words(f"{prefix.en}`{quoted}`", f"{prefix.zh}`{quoted}`")


def describe_expected(kinds: Collection[str]) -> Words:
    """Return a short list of what would be legal."""
    words = list(dict.fromkeys(_expected(set(kinds) - _SILENT - {"$END"}))) or [_NOUNS["$END"]]
    return Words(_listed([word.en for word in words], ", ", " or "), _listed([word.zh for word in words], "、", "或"))


def _expected(kinds: set[str]) -> Iterator[Words]:
    for needed, group, words in _GROUPS:
        if needed <= kinds:
            kinds -= group
            yield words
    for kind in sorted(kinds, key=_rank):
        yield _NOUNS.get(kind) or Words(f"`{_spelling(kind)}`", f"`{_spelling(kind)}`")


def _rank(kind: str) -> tuple[int, str]:
    return (0 if kind in _NOUNS and kind != "$END" else 1 if kind in _MARKS else 2, kind)


def _spelling(kind: str) -> str:
    return _MARKS.get(kind) or kind.strip("_").lower()


def _listed(words: list[str], comma: str, last: str) -> str:
    *others, end = words
    return comma.join(others) + last + end if others else end
