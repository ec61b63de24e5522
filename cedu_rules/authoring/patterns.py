"""The table of keywords into regular expressions, for highlighters of any make.

The fragments are the same for Python and for Oniguruma, which editors use, but for what a name is made of.
"""

from collections.abc import Iterable

from attrs import frozen

from cedu_rules.model.from_syntax import STATUSES
from cedu_rules.model.functions import FUNCTIONS
from cedu_rules.model.types import BUILT_IN
from cedu_rules.syntax.keywords import KEYWORDS, Group, Keyword

TEXT_ESCAPE = r'\\["\\]'
COMMENT = r"#[^\n]*"
DATE = r"[0-9０-９]{4}-[0-9０-９]{2}-[0-9０-９]{2}(?![0-9０-９])"
NUMBER = r"[0-9０-９]+(?:[.．][0-9０-９]+)?"
OPERATOR = r"[=＝<＜>＞!]=?|[≤≥≠+＋\-－*＊×/／÷]"
PUNCTUATION = r"[{}｛｝()（）\[\]［］,，:：;；.．]"
BLANKS = r"[^\S\n]*"
MAGIC = ("assessed_on", "assessed_year")
_TYPE_FOLLOWS = r'(?=\s*(?:"|when\b|[0-9０-９]))'
_DECLARED = {
    "clause": ("clause",),
    "record": ("record", "type"),
    "value": ("let", "param"),
    "fact": ("show", "judge"),
    "standard": ("standard",),
    "unit": ("unit",),
}
"""What is declared, and the words right before its name."""


@frozen
class Patterns:
    """The patterns of one kind of regular expression: `name` is a name in it, `letter` a character class of one."""

    name: str
    letter: str

    def keywords(self, group: Group) -> str:
        """Return what matches the keywords of a group, each where it is one."""
        return self._any(self._keyword(keyword) for keyword in KEYWORDS if keyword.group == group)

    def declared(self) -> dict[str, tuple[str, str]]:
        """Return by what is declared the words before its name, and the name."""
        words = {keyword.text: self._keyword(keyword) for keyword in KEYWORDS}
        return {what: (self._any(words[word] for word in before), self.name) for what, before in _DECLARED.items()}

    def function(self) -> str:
        """Return what matches the name of a function where it is called."""
        return self._words(FUNCTIONS) + r"(?=\s*[(（])"

    def built_in_type(self) -> str:
        """Return what matches the name of a built-in type in a declaration."""
        return self._words(BUILT_IN) + _TYPE_FOLLOWS

    def magic(self) -> str:
        """Return what matches the names that the language has of itself."""
        return self._words(MAGIC)

    def status(self) -> str:
        """Return what matches the status after `example`."""
        return self._words(STATUSES)

    def unit(self) -> str:
        """Return what matches a unit behind a number."""
        keywords = self._any(self._keyword(keyword) for keyword in KEYWORDS)
        return f"(?!{keywords})(?:{self.name}|[%％])"

    def field(self) -> str:
        """Return what matches the name of a field or fact that a colon follows."""
        return self.name + r"(?=\s*[:：])"

    def _keyword(self, keyword: Keyword) -> str:
        follows = "" if keyword.follows is None else f"(?={keyword.follows.replace('W', self.name)})"
        return self._words([keyword.text]) + follows

    def _words(self, words: Iterable[str]) -> str:
        return f"(?<!{self.letter})(?:{'|'.join(sorted(words))})(?!{self.letter})"

    @staticmethod
    def _any(patterns: Iterable[str]) -> str:
        return f"(?:{'|'.join(patterns)})"
