"""New examples into the text of a file, each in its clause after the last one there; all else stays as it is."""

import re
from collections.abc import Iterable

from attrs import frozen

from cedu_rules.authoring.cases import Case
from cedu_rules.authoring.proposing.printing import example
from cedu_rules.model.ir import Clause, Model

_BLANK = re.compile(r"[ \t\u3000]*")
_REST_OF_LINE = re.compile(r"[ \t\u3000;；]*(?:#[^\r\n]*)?(?=\r?\n|$)")


@frozen
class _Place:
    """Where the examples of a clause go: the offset, and what stands before and after each of them."""

    offset: int
    before: str
    after: str
    indent: str


def inserted(model: Model, cases: Iterable[Case]) -> str:
    """Return the text of the standard with an example for each case, with its status there."""
    text = model.source.text
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: dict[int, list[str]] = {}
    for case in cases:
        clause = model.clauses_by_id[case.clause]
        place = _place(text, clause, newline)
        statement = example(model, clause, case.status, case.values, place.indent).replace("\n", newline)
        pieces.setdefault(place.offset, []).append(place.before + statement + place.after)
    made: list[str] = []
    done = 0
    for offset in sorted(pieces):
        made += [text[done:offset], *pieces[offset]]
        done = offset
    return "".join([*made, text[done:]])


def _place(text: str, clause: Clause, newline: str) -> _Place:
    """Return where to put an example: on a line of its own where lines allow it, else behind what stands there."""
    if clause.examples:
        last = clause.examples[-1].span
        rest = _REST_OF_LINE.match(text, last.end)
        indent = _indent(text, last.start)
        if rest is None or indent is None:
            return _Place(last.end, " ", "", "")
        return _Place(rest.end(), newline + indent, "", indent)
    brace = text.rindex("}", clause.span.start, clause.span.end)
    outer = _indent(text, brace)
    if outer is None:  # the whole clause on one line
        return _Place(brace, "" if text[brace - 1].isspace() else " ", " ", "")
    indent = _inner_indent(text, clause) or outer + "  "
    return _Place(brace - len(outer), indent, newline, indent)


def _indent(text: str, offset: int) -> str | None:
    """Return the blanks before the offset if nothing else stands before it on its line."""
    start = text.rfind("\n", 0, offset) + 1
    before = text[start:offset]
    return before if _BLANK.fullmatch(before) else None


def _inner_indent(text: str, clause: Clause) -> str | None:
    """Return the indentation of the first requirement that begins a line."""
    for requirement in clause.requirements:
        start = text.rfind("\n", 0, requirement.span.start) + 1
        blank = _BLANK.match(text, start)
        if blank is not None and text.startswith(("must", "should"), blank.end()):
            return blank.group()
    return None
