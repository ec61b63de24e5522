"""The text of a `.std` file into its canonical form: one layout for whatever means the same.

Only white space, full-width forms, commas before closing brackets and `;` change; every word, number, unit and comment
stays as the author wrote it. The phrases of the parser become documents from the leaves up, `shapes` says how, and each
block is turned into lines as soon as it is complete.
"""

from collections.abc import Iterator, Sequence

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.source import Source
from cedu_rules.syntax.layout import STEP, Document, gap, group, indented, joined, lines, space
from cedu_rules.syntax.parser import Phrase, parse_phrases
from cedu_rules.syntax.shapes import SHAPES, Part, leaf
from cedu_rules.syntax.trivia import Token, dress

_BYTE_ORDER_MARK = "\ufeff"
# The column at which each block begins; what is in it stands one step to the right.
_BLOCKS = {"facts_block": 0, "record_declaration": 0, "section_declaration": 0, "clause_declaration": STEP}
_WIDEST_NAME = 40  # a longer one is not lined up with, or one name could make a block as wide as it is long


def format_text(text: str, name: str = "<text>") -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the canonical form of a whole file, and the diagnostics of reading it.

    It reads as the same file, and is its own canonical form. Line ends (those of the first line) and a byte-order mark
    stay as they are. Time and memory are linear in the text.

    Args:
        text: the text of the file.
        name: what the diagnostics call it.

    Returns:
        None instead of the text where there are errors: what cannot be read is not touched.
    """
    source = Source(name, text)
    phrases, comments, diagnostics = parse_phrases(source)
    if not phrases:
        return None, diagnostics
    pieces = (phrase for phrase in phrases if not isinstance(phrase, Phrase))
    *tokens, end = dress(text, pieces, comments)
    assert end is not None  # noqa: S101 -- the end of a file carries the last comments
    found = "".join(line + "\n" for line in _file_lines(phrases, tokens, end))
    if "\r" in text[max(text.find("\n") - 1, 0) : text.find("\n") + 1]:
        found = found.replace("\n", "\r\n")
    return _BYTE_ORDER_MARK * text.startswith(_BYTE_ORDER_MARK) + found, diagnostics


def _file_lines(phrases: Sequence[object], tokens: Sequence[Token | None], end: Token) -> list[str]:
    """Return the lines of a file: its tokens and phrases in postfix order, put together without recursion."""
    parts: list[Part] = []
    number = 0
    for phrase in phrases:
        if not isinstance(phrase, Phrase):
            token = tokens[number]
            number += 1
            parts.append(Part("", None) if token is None else leaf(token))
            continue
        below = len(parts) - phrase.parts
        inside = [part for part in parts[below:] if part.first is not None]
        del parts[below:]
        if phrase.rule == "file":
            return list(_rows(inside, end, 0))
        parts.append(_block(phrase.rule, inside) if phrase.rule in _BLOCKS else _phrase(phrase.rule, inside))
    raise AssertionError("phrases end with the file")


def _phrase(rule: str, inside: list[Part]) -> Part:
    if len(inside) == 1 and rule not in SHAPES:
        return inside[0]._replace(rule=rule)
    return SHAPES[rule](rule, inside)


# --- blocks ----------------------------------------------------------------------------------------------------------


def _block(rule: str, inside: list[Part]) -> Part:
    """Put a block together: its head, its rows, its closing brace."""
    margin = _BLOCKS[rule]
    opening = next(number for number, part in enumerate(inside) if part.rule == "LBRACE")
    closing = inside[-1]
    rows = list(_rows(_lined_up(inside[opening + 1 : -1]), closing.token, margin + STEP))
    head, end = _head(inside[:opening]), closing.document
    if not rows:
        found = lines(joined(head, space(), group(inside[opening].document, gap(), end)), margin)
    else:
        found = [*lines(joined(head, space(), indented(inside[opening].document)), margin), *rows, *lines(end, margin)]
    return Part(rule, inside[0].first, block=tuple(found))


def _head(parts: list[Part]) -> Document:
    """Return the head of a block up to its brace; the title and a guard may stand on lines of their own."""
    word, *others = (part.document for part in parts)
    rest: list[Document] = []
    for number, document in enumerate(others):
        is_stuck = number == 0 or parts[number].rule in ("WHEN", "_KEY")
        rest += [space() if is_stuck else gap(), document]
    return group(word, indented(*rest))


def _lined_up(rows: list[Part]) -> list[Part]:
    """Return the rows with the colons of all facts in one column."""
    names = [part.name.size.width for part in rows if part.name is not None]
    column = max((width for width in names if width <= _WIDEST_NAME), default=0)
    return [
        part
        if part.name is None
        else part._replace(document=joined(part.name, space(max(column - part.name.size.width, 0) + 1), part.document))
        for part in rows
    ]


def _rows(parts: list[Part], closing: Token, margin: int) -> Iterator[str]:
    """Yield what stands in a block, with its comments, and at most one blank line between two lines."""
    indent = " " * margin
    before: Part | None = None
    is_first = True
    for part in parts:
        first = part.first
        assert first is not None  # noqa: S101 -- what carries nothing is not among the rows
        spaced = [*(own.spaced for own in first.before), first.spaced]
        if before is not None and (before.block or part.block) and not any(spaced):
            spaced[0] = True
        for own, blank in zip(first.before, spaced, strict=False):
            yield from _own(own.text, indent, blank=blank and not is_first)
            is_first = False
        if spaced[-1] and not is_first:
            yield ""
        yield from part.block or lines(part.document, margin)
        before, is_first = part, False
    for own in closing.before:
        yield from _own(own.text, indent, blank=own.spaced and not is_first)
        is_first = False


def _own(text: str, indent: str, *, blank: bool) -> Iterator[str]:
    if blank:
        yield ""
    yield indent + text
