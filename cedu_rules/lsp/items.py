"""Symbols, words and units into items of a completion."""

import re
from collections.abc import Iterable, Iterator

from attrs import frozen
from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    InsertTextFormat,
    MarkupContent,
    MarkupKind,
    Range,
    TextEdit,
)

from cedu_rules.lsp import words
from cedu_rules.lsp.describing import Describer, label_of, short_type
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.messages import Words
from cedu_rules.model.types import Type
from cedu_rules.syntax.keywords import KEYWORDS
from cedu_rules.units import PERCENT, UNITS

_KINDS = {
    "fact": CompletionItemKind.Field,
    "field": CompletionItemKind.Property,
    "let": CompletionItemKind.Variable,
    "param": CompletionItemKind.Constant,
    "type": CompletionItemKind.Enum,
    "record": CompletionItemKind.Struct,
    "unit": CompletionItemKind.Unit,
    "clause": CompletionItemKind.Function,
    "member": CompletionItemKind.EnumMember,
    "variable": CompletionItemKind.Variable,
}
_SNIPPETS = {
    "standard": 'standard ${1:my_id} "${2:标题}"',
    "source": 'source "${1:文件}" annex ${2:1}',
    "effective": "effective from ${1:2022-09-01}",
    "facts": "facts {\n  $0\n}",
    "record": 'record ${1:Name} key ${2:name} {\n  ${2:name} : text "${3:名称}"\n  $0\n}',
    "section": 'section "${1:总项}" "${2:分项}" {\n  $0\n}',
    "clause": 'clause ${1:my_clause} "${2:标题}" {\n  must $0\n}',
    "type": "type ${1:Name} = $0",
    "unit": "unit ${1:name} = $0",
    "param": "param ${1:name} = $0",
    "let": "let ${1:name} = $0",
    "note": 'note "$0"',
    "example": "example ${1|pass,fail,unknown,not_applicable,not_met,invalid|} { $0 }",
    "show": 'show ${1:name} "${2:标签}"$0',
    "judge": 'judge ${1:name} "${2:标签}"$0',
    "at": "at least ${1:2} of ($0)",
    "by": "by ${1:population} { <= ${2:30000}: ${3}, else: $0 }",
    "if": "if ${1} then $0",
    "between": "between ${1} and $0",
    "includes": "includes { $0 }",
    "check": 'check ${1} "${0:提示}"',
    "choice": 'choice { ${1:a} "${2:甲}", ${3:b} "${4:乙}" }$0',
    "set": 'set { ${1:a} "${2:甲}", ${3:b} "${4:乙}" }$0',
    "level": 'level { ${1:low} "${2:低}" < ${3:high} "${4:高}" }$0',
    "list": "list of $0",
    "with": 'with { ${1:a} "${2:甲}" }$0',
}
_CALLS = {
    "all": "all($0 for ${1:t} in ${2})",
    "any": "any($0 for ${1:t} in ${2})",
    "sum": "sum($0 for ${1:t} in ${2})",
    "min": "min(${1}, $0)",
    "max": "max(${1}, $0)",
}
_FIELD_OF_SNIPPET = re.compile(r"\$\{\d+:([^}]*)\}|\$\{\d+\|([^,|]*)[^}]*\}|\$\{?\d+\}?")
_KEYWORDS = {keyword.text: keyword for keyword in KEYWORDS}
_MULTIPLES = ("万", "亿")


@frozen
class Items:
    """Makes items that replace the word being written."""

    describer: Describer
    place: Range
    snippets: bool

    def _item(
        self, label: str, kind: CompletionItemKind, detail: str, text: str, rank: int, *, insert: str | None = None
    ) -> CompletionItem:
        is_snippet = insert is not None and "$" in insert and self.snippets
        written = label if insert is None else insert if is_snippet else plain(insert)
        return CompletionItem(
            label,
            kind=kind,
            detail=detail or None,
            documentation=MarkupContent(MarkupKind.Markdown, text) if text else None,
            sort_text=f"{rank}{label}",
            text_edit=TextEdit(self.place, written),
            insert_text_format=InsertTextFormat.Snippet if is_snippet else InsertTextFormat.PlainText,
        )

    def symbol(self, symbol: Symbol, rank: int = 3, *, insert: str | None = None) -> CompletionItem:
        """Return the item of a symbol; its detail is its label and type."""
        type_ = self.describer.reading.index.types.of_symbol(symbol) if symbol.kind != "member" else None
        parts = [label_of(symbol), short_type(type_, self.describer.language)]
        text = self.describer.symbol(symbol, in_full=False) if symbol.kind != "variable" else ""
        found = self._item(symbol.name, _KINDS[symbol.kind], "  ".join(filter(None, parts)), text, rank, insert=insert)
        found.filter_text = symbol.name
        return found

    def keyword(self, word: str, rank: int = 6) -> CompletionItem:
        """Return the item of a word of the language, with what mostly follows it."""
        meaning = self.describer.say(_KEYWORDS[word].meaning)
        kind = CompletionItemKind.Keyword
        return self._item(word, kind, meaning, "", rank, insert=_SNIPPETS.get(word))

    def keywords(self, listed: Iterable[str], rank: int = 6) -> Iterator[CompletionItem]:
        """Yield the items of words of the language."""
        yield from (self.keyword(word, rank) for word in listed)

    def functions(self, rank: int = 5) -> Iterator[CompletionItem]:
        """Yield the functions."""
        for name, (form, meaning) in words.FUNCTIONS.items():
            insert = _CALLS.get(name, f"{name}($0)")
            yield self._item(name, CompletionItemKind.Function, form, self.describer.say(meaning), rank, insert=insert)

    def listed(self, table: dict[str, Words], kind: CompletionItemKind, rank: int = 4) -> Iterator[CompletionItem]:
        """Yield the words of a table with their meanings."""
        for name, meaning in table.items():
            yield self._item(name, kind, self.describer.say(meaning), "", rank)

    def word(self, name: str, detail: str = "", rank: int = 3) -> CompletionItem:
        """Return the item of a word that needs no more."""
        return self._item(name, CompletionItemKind.Value, detail, "", rank)

    def units(self, type_: Type | None, *, rank: int = 2) -> Iterator[CompletionItem]:
        """Yield the units that fit beside a type, the one in which it is declared first; all where it is unknown."""
        types = self.describer.reading.index.types
        wanted = None if type_ is None else (type_.element or type_)
        if wanted is not None and wanted.kind not in ("number", "date"):
            return
        own = {symbol.name: types.unit(symbol.name) for symbol in types.symbols.units.values()}
        for word, unit in {**own, **UNITS}.items():
            if unit is None or not _fits(unit.dimension, wanted):
                continue
            is_its_own = wanted is not None and wanted.kind == "number" and word == wanted.unit.name
            is_counted = wanted is not None and wanted.unit == PERCENT and word != "%"
            text = self.describer.unit(word, unit)
            place = rank if is_its_own else rank + 1 if not is_counted else rank + 3
            yield self._item(word, CompletionItemKind.Unit, "", text, place)
        if wanted is not None and wanted.kind == "number" and wanted.unit.name and wanted.unit != PERCENT:
            for multiple in _MULTIPLES:
                word = multiple + wanted.unit.name
                unit = types.unit(word)
                if unit is not None:
                    yield self._item(word, CompletionItemKind.Unit, "", self.describer.unit(word, unit), rank + 2)


def _fits(dimension: tuple[tuple[str, int], ...], wanted: Type | None) -> bool:
    if wanted is None:
        return True
    if wanted.kind == "date":
        return dimension in ((("days", 1),), (("months", 1),))
    return dimension == wanted.dimension


def plain(snippet: str) -> str:
    """Return what a snippet says to an editor that knows none: up to where the cursor would be left."""
    head = snippet.split("$0", maxsplit=1)[0] if "\n" not in snippet else snippet
    return _FIELD_OF_SNIPPET.sub(lambda match: match[1] or match[2] or "", head).rstrip(" ") or snippet
