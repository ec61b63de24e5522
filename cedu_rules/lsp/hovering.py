"""A place in a reading into what is shown over it, and into the symbol that it speaks of."""

import re

from lsprotocol.types import Hover, MarkupContent, MarkupKind

from cedu_rules.lsp.describing import Describer
from cedu_rules.lsp.indexing import Occurrence
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.lsp.tokens import Token
from cedu_rules.source import Source, Span
from cedu_rules.syntax.keywords import KEYWORDS, Keyword
from cedu_rules.syntax.normalise import normalise

_BY_TEXT = {keyword.text: keyword for keyword in KEYWORDS}
_NAME = r"(?![0-9²³])[\w㎡]+"


def token_at(reading: Reading, offset: int) -> Token | None:
    """Return the name, number or percent sign that the offset is in, or right behind."""
    behind = None
    for token in reading.tokens:
        if token.start > offset:
            break
        if token.end >= offset and (token.kind in ("name", "number") or token.text == "%"):
            if token.end > offset:
                return token
            behind = token
    return behind


def symbol_at(reading: Reading, offset: int) -> Occurrence | None:
    """Return the symbol at a place; in what could not be read, the one that its name speaks of most likely."""
    known = reading.index.at(offset)
    if known is not None:
        return known
    token = token_at(reading, offset)
    if token is None or token.kind != "name" or (token.text in _BY_TEXT and _BY_TEXT[token.text].is_reserved):
        return None
    symbol = _likely(reading, token)
    return None if symbol is None else Occurrence(Span(reading.file.source, token.start, token.end), symbol)


def _likely(reading: Reading, token: Token) -> Symbol | None:
    """Return what a name in an unreadable statement stands for, if only one thing has it."""
    symbols = reading.index.symbols
    if token.start and reading.text[token.start - 1] == ".":
        spaces = list(symbols.fields.values())
    else:
        spaces = [symbols.values, symbols.types, symbols.units, symbols.clauses, *symbols.members.values()]
    found = [space[token.text] for space in spaces if token.text in space]
    return found[0] if len(found) == 1 or (found and found[0].kind in ("fact", "let", "param")) else None


def hover(reading: Reading, offset: int, language: str) -> Hover | None:
    """Return what is to be shown at a place, or None."""
    describer = Describer(reading, language)
    if reading.index.at(offset) is None:  # words of the language and units come before guesses
        token = token_at(reading, offset)
        text = None if token is None else _of_token(reading, token, describer)
        if token is not None and text is not None:
            return _shown(reading, token.start, token.end, text)
    found = symbol_at(reading, offset)
    if found is None:
        return None
    return _shown(reading, found.span.start, found.span.end, describer.symbol(found.symbol))


def _shown(reading: Reading, start: int, end: int, text: str) -> Hover:
    return Hover(MarkupContent(MarkupKind.Markdown, text), reading.lines.range(start, end))


def _of_token(reading: Reading, token: Token, describer: Describer) -> str | None:
    number = reading.tokens.index(token)
    before = reading.tokens[number - 1] if number else None
    after = reading.tokens[number + 1] if number + 1 < len(reading.tokens) else None
    is_called = after is not None and after.text == "("
    if token.kind == "number":
        return None
    if before is not None and before.kind == "number":
        unit = reading.index.types.unit(token.text)
        return None if unit is None else describer.unit(token.text, unit)
    if is_called and (text := describer.word(token.text)) is not None:
        return text
    keyword = _keyword(reading, token)
    if keyword is not None:
        return describer.keyword(keyword)
    is_type = before is not None and before.text in (":", "yearly", "signed", "documented", "judged")
    text = describer.word(token.text) if is_type or token.text.startswith("assessed") else None
    if text is None and is_type and (unit := reading.index.types.unit(token.text)) is not None:
        return describer.unit(token.text, unit)
    return text


def _keyword(reading: Reading, token: Token) -> Keyword | None:
    """Return the word of the language that stands here, if it is one here."""
    keyword = _BY_TEXT.get(token.text)
    if keyword is None or keyword.follows is None:
        return keyword
    behind = normalise(Source("", reading.text[token.end : token.end + 200])).text
    return keyword if re.match(keyword.follows.replace("W", _NAME), behind) else None
