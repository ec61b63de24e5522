"""The patterns of the language into a Pygments lexer: `.std` in colour in documents, terminals and notebooks.

Pygments finds it by the entry point `cedu_rules` of the group `pygments.lexers`, by the aliases `std` and `cedu-std` and
by the ending of a file.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from cedu_rules.authoring import patterns
from cedu_rules.authoring.patterns import Patterns

_PATTERNS = Patterns(name=r"(?![\d²³])[\w㎡]+", letter=r"[\w㎡]")
_DECLARED = {
    "clause": Name.Function,
    "record": Name.Class,
    "value": Name.Variable,
    "fact": Name.Attribute,
    "standard": Name.Namespace,
    "unit": Name.Constant,
}
_grouped: Callable[..., Any] = bygroups
_HEADER = re.compile(r'^\s*standard\s+\w+\s*"', re.MULTILINE)


def _declarations() -> list[tuple[str, Any]]:
    return [
        (f"({word})(\\s+)({name})", _grouped(Keyword.Declaration, Whitespace, _DECLARED[what]))
        for what, (word, name) in _PATTERNS.declared().items()
    ]


class StandardLexer(RegexLexer):
    """Colours `.std` files, the broken ones that are being written as well."""

    name = "cedu_rules standard"
    url = ""
    aliases: ClassVar[list[str]] = ["std", "cedu-std"]
    filenames: ClassVar[list[str]] = ["*.std"]
    mimetypes: ClassVar[list[str]] = ["text/x-cedu-std"]

    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"\s+", Whitespace),
            (patterns.COMMENT, Comment.Single),
            (r'"(?=[^"\\\n]*(?:\\.[^"\\\n]*)*")', String, "text"),
            (r'"[^\n]*', Error),
            (patterns.DATE, Literal.Date),
            (
                f"({patterns.NUMBER})({patterns.BLANKS})({_PATTERNS.unit()})",
                _grouped(Number, Whitespace, Name.Constant),
            ),
            (patterns.NUMBER, Number),
            (f"(example)(\\s+)({_PATTERNS.status()})", _grouped(Keyword, Whitespace, Keyword.Constant)),
            *_declarations(),
            (_PATTERNS.function(), Name.Builtin),
            (_PATTERNS.keywords("declaration"), Keyword.Declaration),
            (_PATTERNS.keywords("statement"), Keyword),
            (_PATTERNS.keywords("joining"), Operator.Word),
            (_PATTERNS.keywords("value"), Keyword.Constant),
            (_PATTERNS.keywords("type"), Keyword.Type),
            (_PATTERNS.built_in_type(), Keyword.Type),
            (_PATTERNS.magic(), Name.Builtin.Pseudo),
            (_PATTERNS.field(), Name.Attribute),
            (_PATTERNS.name, Name),
            (patterns.OPERATOR, Operator),
            (patterns.PUNCTUATION, Punctuation),
        ],
        "text": [
            (patterns.TEXT_ESCAPE, String.Escape),
            (r'[^"\\\n]+', String),
            (r"\\.", Error),
            ('"', String, "#pop"),
        ],
    }

    @staticmethod
    def analyse_text(text: str) -> float:
        """Tell how sure it is that a text is a standard: the head is like nothing else."""
        return 0.9 if _HEADER.search(text[:10_000]) else 0.0
