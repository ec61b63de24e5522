"""A name and a new one into the edits that change it everywhere, or into the reason why not.

The new text is read again: every name in it has to stand for what it stood for, and nothing new may be wrong. So no
rename changes what a standard means, whatever hides or clashes.
"""

import keyword
import re
import unicodedata
from collections import Counter

from lsprotocol.types import PrepareRenamePlaceholder, TextEdit

from cedu_rules.lsp import words
from cedu_rules.lsp.indexing import Index, Occurrence
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.messages import Words
from cedu_rules.model.declarations import TAKEN
from cedu_rules.syntax.keywords import RESERVED

_NAME = re.compile(r"(?![\d²³])[\w㎡]+")
_IN_PYTHON = frozenset({"fact", "field", "let", "param"})


class RefusedError(Exception):
    """A rename that cannot be; `words` say why."""

    def __init__(self, why: Words, **values: object) -> None:
        self.why = why
        self.values = values
        super().__init__(why.filled("en", values))

    def in_words(self, language: str) -> str:
        """Return the reason."""
        return self.why.filled(language, self.values)


def place_of_name(reading: Reading, offset: int) -> PrepareRenamePlaceholder | None:
    """Return the name at a place that can be renamed, or None."""
    found = reading.index.at(offset)
    if found is None:
        return None
    return PrepareRenamePlaceholder(reading.lines.of(found.span), found.span.text)


def rename(reading: Reading, offset: int, name: str) -> list[TextEdit]:
    """Return the edits that give a name to what stands at a place, in every place where it does.

    Raises:
        RefusedError: there is no such thing, or it cannot have that name.
    """
    found = reading.index.at(offset)
    if found is None:
        raise RefusedError(words.NO_SYMBOL)
    symbol = found.symbol
    _refuse_unusable(symbol, name)
    if name == symbol.name:
        return []
    _refuse_clash(reading.index, symbol, name)
    places = reading.index.of(symbol)
    _refuse_unread(reading, symbol)
    _refuse_other_meaning(reading, name, places)
    return [TextEdit(reading.lines.of(each.span), name) for each in places]


def _refuse_unusable(symbol: Symbol, name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise RefusedError(words.NOT_A_NAME, name=name)
    if name in RESERVED:
        raise RefusedError(words.RESERVED, name=name)
    if symbol.kind in _IN_PYTHON:
        taken = name in TAKEN and not (name == "name" and symbol.kind == "field")
        if taken or keyword.iskeyword(name):
            raise RefusedError(words.TAKEN, name=name)
        if not name.isidentifier() or unicodedata.normalize("NFKC", name) != name or name.startswith("_"):
            raise RefusedError(words.NOT_A_NAME, name=name)


def _refuse_clash(index: Index, symbol: Symbol, name: str) -> None:
    """Refuse a name that the name space of the symbol already has."""
    symbols = index.symbols
    spaces = {
        "type": symbols.types,
        "record": symbols.types,
        "unit": symbols.units,
        "clause": symbols.clauses,
        "member": symbols.members.get(symbol.owner, {}),
        "field": symbols.fields.get(symbol.owner, {}),
        "variable": symbols.values,
    }
    space = spaces.get(symbol.kind, symbols.fields.get(symbol.owner, {}) if symbol.owner else symbols.values)
    if name in space:
        raise RefusedError(words.CLASHES, name=name, line=space[name].span.line)


def _refuse_unread(reading: Reading, symbol: Symbol) -> None:
    """Refuse where the old name stands in a part that could not be read."""
    if reading.is_broken:
        known = {each.span.start for each in reading.index.occurrences}
        for token in reading.tokens:
            if token.text == symbol.name and token.kind == "name" and token.start not in known:
                line = reading.lines.position(token.start).line + 1
                raise RefusedError(words.UNREAD, line=line, name=symbol.name)


def _refuse_other_meaning(reading: Reading, name: str, places: list[Occurrence]) -> None:
    """Refuse a name with which something in the file would mean something else, or be wrong."""
    changed = Reading(_replaced(reading.text, places, name), reading.name)
    line = _first_difference(reading.index, changed.index)
    if line is None:
        line = _first_error(reading, changed)
    if line is not None:
        raise RefusedError(words.CAPTURED, name=name, line=line)


def _replaced(text: str, places: list[Occurrence], name: str) -> str:
    parts, last = [], 0
    for each in places:
        parts += [text[last : each.span.start], name]
        last = each.span.end
    return "".join([*parts, text[last:]])


def _first_difference(old: Index, new: Index) -> int | None:
    """Return the first line where a name stands for another symbol than before, or for none."""
    positions = [
        {id(each.symbol): number for number, each in reversed(list(enumerate(index.occurrences)))}
        for index in (old, new)
    ]
    for before, after in zip(old.occurrences, new.occurrences, strict=False):
        if positions[0][id(before.symbol)] != positions[1][id(after.symbol)]:
            return before.span.line
    if len(old.occurrences) != len(new.occurrences):
        longer = max(old.occurrences, new.occurrences, key=len)
        return longer[min(len(old.occurrences), len(new.occurrences))].span.line
    return None


def _first_error(old: Reading, new: Reading) -> int | None:
    """Return the line of an error that the new text has and the old one has not."""
    before = Counter(each.code for each in old.loaded if each.severity == "error")
    for each in new.loaded:
        if each.severity == "error":
            before[each.code] -= 1
            if before[each.code] < 0:
                return each.span.line
    return None
