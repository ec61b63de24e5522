"""Phrases of the grammar into documents: how each construct stands on one line, and where it is broken.

One function a shape; `SHAPES` tells which rule has which. Each takes the rule and its parts, without commas.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from cedu_rules.syntax.layout import (
    LINE_WIDTH,
    STEP,
    Document,
    filled,
    gap,
    group,
    indented,
    joined,
    space,
    word,
)
from cedu_rules.syntax.trivia import Token

_NOTHING: Document = word("")
_SPELLINGS = {"≤": "<=", "≥": ">=", "≠": "!="}
_OPENING = {"LBRACE", "LPAR", "LSQB"}
# What a statement may end with on a line that begins with the closing bracket.
_BRACKETED = {"members_type", "shown", "membership", "inclusion", "table", "call", "comprehension", "at_least"} | {
    "bracketed"
}
_CHAINS = {"conjunction", "disjunction", "arithmetic", "comparison", "between", "negation"}
_COMPOUND = {"entries_value", "list_value"}
_STATEMENT_ROOM = LINE_WIDTH - 2 * STEP - len("should ")


class Part(NamedTuple):
    """A part of a file: the rule or kind of token it is, and its first token, None for what is left out.

    A fact has its name apart, so that a block can line them up; a block is already lines.
    """

    rule: str
    first: Token | None
    document: Document = _NOTHING
    name: Document | None = None
    block: tuple[str, ...] = ()

    @property
    def token(self) -> Token:
        """The first token of a part that is not left out."""
        assert self.first is not None  # noqa: S101 -- parts without one are dropped before shapes see them
        return self.first


def leaf(token: Token) -> Part:
    """Return the part that a token is."""
    text = _SPELLINGS.get(token.text, token.text)
    return Part(token.kind, token, word(text, tuple(own.text for own in token.before), token.after))


def _made(rule: str, parts: Sequence[Part], document: Document) -> Part:
    return Part(rule, parts[0].first, document)


def _spaced(rule: str, parts: list[Part]) -> Part:
    """Stand side by side with one space between: `standard school "…"`."""
    return _made(rule, parts, joined(*_between(parts, space())))


def _stuck(rule: str, parts: list[Part]) -> Part:
    """Stand side by side without a space: `t.degree`, `-3`, `s[year]`."""
    return _made(rule, parts, joined(*(part.document for part in parts)))


def _between(parts: Sequence[Part], between: Document) -> list[Document]:
    documents = [part.document for part in parts]
    return [document for part in documents for document in (between, part)][1:]


# --- brackets --------------------------------------------------------------------------------------------------------


def _enclosed(opening: Part, inside: Sequence[Document], closing: Part, *, pad: int) -> Document:
    """Return what stands in brackets, with comments before the closing one still inside."""
    before = closing.token.before
    end = word(closing.token.text, after=closing.token.after)
    if not inside and not before:
        return group(opening.document, gap(pad), end)
    comments = [word("", tuple(own.text for own in before))] if before else []
    return group(opening.document, indented(gap(pad), *inside, *comments), gap(pad), end)


def _listed(parts: Sequence[Part]) -> list[Document]:
    """Return the parts with commas behind all but the last."""
    documents = [part.document for part in parts]
    return [*(joined(document, word(",")) for document in documents[:-1]), *documents[-1:]]


def _rows(parts: Sequence[Part]) -> list[Document]:
    """Return the parts of a list that has one a line where it is broken."""
    return [document for item in _listed(parts) for document in (gap(), item)][1:]


def _run(parts: Sequence[Part]) -> list[Document]:
    """Return the parts of a list that fills its lines; a list or mapping after a simple value begins a line."""
    if not parts:
        return []
    apart = [False, *(b.rule in _COMPOUND and a.rule not in _COMPOUND for a, b in pairwise(parts))]
    return [group(filled(_listed(parts), apart))]


def _opening(parts: Sequence[Part]) -> int:
    """Return which part is the last bracket that opens, the one whose contents are broken."""
    return next(number for number in range(len(parts) - 1, -1, -1) if parts[number].rule in _OPENING)


def _braces(rule: str, parts: list[Part]) -> Part:
    """Stand as words and a list in braces: `choice { a "…", b "…" }`, `x in { a, b }`, `example pass { … }`."""
    if parts[-1].rule != "RBRACE":  # `show x "…"`, `s includes all`
        return _spaced(rule, parts)
    number = _opening(parts)
    braces = _enclosed(parts[number], _run(parts[number + 1 : -1]), parts[-1], pad=1)
    return _made(rule, parts, joined(*_between(parts[:number], space()), *[space()] * (number > 0), braces))


def _value(rule: str, parts: list[Part]) -> Part:
    """Stand as a list or mapping in an example: `{a, b}`, `{2021: 7%}`, and one a line `[…]`."""
    inside = _rows(parts[1:-1]) if rule == "list_value" else _run(parts[1:-1])
    return _made(rule, parts, _enclosed(parts[0], inside, parts[-1], pad=0))


def _members(rule: str, parts: list[Part]) -> Part:
    """Stand as a type with members; those of a level have `<` before them."""
    if all(part.rule != "LESS" for part in parts):
        return _braces(rule, parts)
    form, opening, first, *rest, closing = parts
    items = [first.document]
    for less, member in zip(rest[::2], rest[1::2], strict=True):
        items.append(joined(less.document, space(), member.document))
    braces = _enclosed(opening, [group(filled(items))], closing, pad=1)
    return _made(rule, parts, joined(form.document, space(), braces))


def _bracketed(rule: str, parts: list[Part]) -> Part:
    """Stand in brackets: `(…)`; brackets in brackets are not taken apart."""
    if parts[1].rule == "bracketed" and not parts[2].token.before:
        return _stuck(rule, parts)
    return _made(rule, parts, _enclosed(parts[0], [parts[1].document], parts[2], pad=0))


def _call(rule: str, parts: list[Part]) -> Part:
    """Stand as a function with its arguments: `max(x, y)`."""
    arguments = _enclosed(parts[1], _rows(parts[2:-1]), parts[-1], pad=0)
    return _made(rule, parts, joined(parts[0].document, arguments))


def _comprehension(rule: str, parts: list[Part]) -> Part:
    """Stand as `count(x for t in teachers where …)`, broken before `for` and `where`."""
    function, opening, *inside, closing = parts
    documents: list[Document] = []
    for number, part in enumerate(inside):
        is_clause = part.rule in ("_FOR", "_WHERE")
        documents += [*[gap() if is_clause else space()] * (number > 0), part.document]
    return _made(rule, parts, joined(function.document, _enclosed(opening, documents, closing, pad=0)))


def _at_least(rule: str, parts: list[Part]) -> Part:
    """Stand as `at least 2 of (a, b, c)`."""
    number = next(number for number, part in enumerate(parts) if part.rule == "_OF") + 1
    limbs = _enclosed(parts[number], _rows(parts[number + 1 : -1]), parts[-1], pad=0)
    return _made(rule, parts, joined(*_between(parts[:number], space()), space(), limbs))


def _table(rule: str, parts: list[Part]) -> Part:
    """Stand as `by population { <= 30000: 1400 m2, else: 2400 m2 }`, broken one row a line."""
    by, selector, opening, *rows, closing = parts
    braces = _enclosed(opening, _rows(rows), closing, pad=1)
    return _made(rule, parts, joined(by.document, space(), selector.document, space(), braces))


def _pair(rule: str, parts: list[Part]) -> Part:
    """Stand as `area: 500 m2`, `<= 30000: 1400 m2`, `else: 2`; an entry is known by its value."""
    *before, colon, value = parts
    document = joined(*_between(before, space()), colon.document, space(), value.document)
    return _made(value.rule if rule == "entry" else rule, parts, document)


# --- expressions -----------------------------------------------------------------------------------------------------


def _chain(rule: str, parts: list[Part]) -> Part:
    """Stand as operands with operators, broken before each operator; a fraction of two numbers is `1/2`."""
    documents: list[Document] = [_operand(parts[0])]
    before = ""
    for left, operator, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        is_number = left.rule == right.rule == "number_literal"
        if operator.rule == "DIVIDED" != before and is_number:
            documents += [operator.document, right.document]
        else:
            is_stuck = rule == "between" and before != ""
            documents += [space() if is_stuck else gap(), operator.document, space(), _operand(right)]
        before = operator.rule
    return _made(rule, parts, group(*documents))


def _operand(part: Part) -> Document:
    """Return an operand; one that has operators itself has them further to the right."""
    return indented(part.document) if part.rule in _CHAINS else part.document


def _quantity(rule: str, parts: list[Part]) -> Part:
    """Stand as `500 m2`, `8%`, `3万元`: a unit in Latin letters after a space, any other right behind the number."""
    if len(parts) == 1:
        return parts[0]._replace(rule=rule)
    number, unit = parts
    text = unit.token.text
    is_apart = text[0].isascii() and unit.rule != "PERCENT"
    # `2021 年1月1日` is a number with a curious unit, and without the space a date.
    is_apart |= any(character in "0123456789" for character in text)
    return _made(rule, parts, joined(number.document, space(1 if is_apart else 0), unit.document))


def _bound(rule: str, parts: list[Part]) -> Part:
    """Stand as an end of a range: `-5`, `0 hours`."""
    if parts[0].rule == "MINUS":
        return _stuck(rule, [parts[0], _bound(rule, parts[1:])])
    return _quantity(rule, parts) if len(parts) > 1 else parts[0]


def _conditional(rule: str, parts: list[Part]) -> Part:
    """Stand as `if A then B else C`, broken before `then` and `else`."""
    documents: list[Document] = []
    for keyword, part in zip(parts[::2], parts[1::2], strict=True):
        documents += [gap(), keyword.document, space(), indented(part.document)]
    return _made(rule, parts, group(*documents[1:]))


# --- statements and declarations -------------------------------------------------------------------------------------


def _statement(rule: str, parts: list[Part]) -> Part:
    """Stand as `must EXPR "label"`: what does not fit on one line has its label on a line of its own."""
    keyword, demand, *label = parts
    ending = [gap(), *_between(label, space())] if label else []
    if demand.rule in _BRACKETED and (demand.document.size.broken or demand.document.size.width > _STATEMENT_ROOM):
        document: Document = joined(keyword.document, space(), demand.document, group(indented(*ending)))
    else:
        document = group(keyword.document, space(), indented(group(demand.document), *ending))
    return _made(rule, parts, document)


def _assignment(rule: str, parts: list[Part]) -> Part:
    """Stand as `let x = EXPR`: what does not fit on one line begins on the next."""
    if len(parts) < 4:  # noqa: PLR2004 -- `unit dollar`
        return _spaced(rule, parts)
    *head, value = parts
    if value.rule in _BRACKETED:
        return _spaced(rule, parts)
    return _made(rule, parts, group(*_between(head, space()), indented(gap(), group(value.document))))


def _fact(rule: str, parts: list[Part]) -> Part:
    """Stand as `area : m2 when site = independent "…"`; what does not fit is broken before `when` and the label."""
    name, colon, *declared = parts
    number = next((number for number, part in enumerate(declared) if part.rule == "existence"), len(declared) - 1)
    kind, ending = declared[:number], declared[number:]
    broken = [document for part in ending for document in (gap(), part.document)]
    document = joined(colon.document, space(), *_between(kind, space()), group(indented(*broken)))
    return Part(rule, name.first, document, name.document)


SHAPES: dict[str, Callable[[str, list[Part]], Part]] = {
    **dict.fromkeys(
        ["standard_statement", "source_statement", "effective_statement", "language_statement", "type_declaration"],
        _spaced,
    ),
    **dict.fromkeys(["signed_type", "ranged_type", "yearly_type", "list_type", "member", "judged"], _spaced),
    **dict.fromkeys(["note_statement", "negation"], _spaced),
    **dict.fromkeys(["unit_declaration", "param_declaration", "let_declaration"], _assignment),
    **dict.fromkeys(["check_declaration", "requirement_statement", "guard_statement"], _statement),
    **dict.fromkeys(["conjunction", "disjunction", "arithmetic", "comparison"], _chain),
    **dict.fromkeys(["brace_value", "entries_value", "list_value"], _value),
    **dict.fromkeys(["entry", "row"], _pair),
    **dict.fromkeys(["quantity_literal", "year"], _quantity),
    **dict.fromkeys(["minus", "field_reference", "index"], _stuck),
    "fact_declaration": _fact,
    "existence": _conditional,
    "members_type": _members,
    "bound": _bound,
    "shown": _braces,
    "example_statement": _braces,
    "membership": _braces,
    "inclusion": _braces,
    "between": _chain,
    "conditional": _conditional,
    "table": _table,
    "call": _call,
    "comprehension": _comprehension,
    "at_least": _at_least,
    "bracketed": _bracketed,
}
"""Every rule of the grammar that has several parts, except blocks, and what its parts look like."""
