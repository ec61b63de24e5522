"""A reading into its outline, the parts that can be folded, and the kinds of its names for colours."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from lsprotocol.types import (
    DocumentSymbol,
    FoldingRange,
    FoldingRangeKind,
    SemanticTokens,
    SemanticTokensLegend,
    SymbolKind,
)

from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.tokens import comments
from cedu_rules.source import Span
from cedu_rules.syntax import nodes

_NAMELESS = "—"
_CLOSERS = {"}": "{", ")": "(", "]": "["}

# --- outline ---------------------------------------------------------------------------------------------------------


def outline(reading: Reading) -> list[DocumentSymbol]:
    """Return what the file declares, sections as a tree: section, subsection, clause."""
    maker = _Outline(reading)
    found: list[DocumentSymbol] = []
    for is_section, items in groupby(reading.file.items, key=lambda item: isinstance(item, nodes.SectionDeclaration)):
        if is_section:
            found += maker.sections([item for item in items if isinstance(item, nodes.SectionDeclaration)])
        else:
            found += [symbol for item in items for symbol in maker.item(item)]
    return found


class _Outline:
    def __init__(self, reading: Reading) -> None:
        self._lines = reading.lines

    def _symbol(
        self, name: str, detail: str, kind: SymbolKind, whole: Span, own: Span, children: Sequence[DocumentSymbol] = ()
    ) -> DocumentSymbol:
        outer = self._lines.range(min(whole.start, own.start), max(whole.end, own.end))
        shown = name.strip() or _NAMELESS  # a client refuses a symbol without a name
        return DocumentSymbol(shown, kind, outer, self._lines.of(own), detail=detail, children=list(children))

    def item(self, item: nodes.Item) -> Iterator[DocumentSymbol]:
        """Yield what stands in the outline for an item that is no section."""
        match item:
            case nodes.StandardStatement(name=name, title=title):
                yield self._symbol(title.value, name.text, SymbolKind.File, item.span, name.span)
            case nodes.FactsBlock():
                head = Span(item.span.source, item.span.start, item.span.start + len("facts"))
                yield self._symbol("facts", "", SymbolKind.Namespace, item.span, head, list(self._parts(item.items)))
            case nodes.RecordDeclaration(name=name):
                children = [*self._parts(item.items), *(each for let in item.lets for each in self.item(let))]
                yield self._symbol(name.text, "record", SymbolKind.Struct, item.span, name.span, children)
            case nodes.TypeDeclaration(name=name, type=written):
                members = list(self._members(written.members)) if isinstance(written, nodes.MembersType) else []
                yield self._symbol(name.text, "type", SymbolKind.Enum, item.span, name.span, members)
            case nodes.UnitDeclaration(name=name):
                yield self._symbol(name.text, "unit", SymbolKind.Number, item.span, name.span)
            case nodes.ParamDeclaration(name=name):
                yield self._symbol(name.text, "param", SymbolKind.Constant, item.span, name.span)
            case nodes.LetDeclaration(name=name):
                yield self._symbol(name.text, "let", SymbolKind.Variable, item.span, name.span)

    def _parts(self, parts: Sequence[nodes.FactDeclaration | nodes.CheckDeclaration]) -> Iterator[DocumentSymbol]:
        for part in parts:
            if isinstance(part, nodes.FactDeclaration):
                members = part.type.members if isinstance(part.type, nodes.MembersType) else ()
                children = list(self._members(members))
                yield self._symbol(
                    part.name.text, part.label.value, SymbolKind.Field, part.span, part.name.span, children
                )

    def _members(self, members: Sequence[nodes.Member]) -> Iterator[DocumentSymbol]:
        for member in members:
            label = member.labels[0].value if member.labels else ""
            yield self._symbol(member.name.text, label, SymbolKind.EnumMember, member.span, member.name.span)

    def sections(self, sections: Sequence[nodes.SectionDeclaration]) -> Iterator[DocumentSymbol]:
        """Yield sections; those of one title that follow one another are one."""
        for title, group in groupby(sections, key=lambda section: section.title.value):
            members = list(group)
            first, last = members[0], members[-1]
            whole = Span(first.span.source, first.span.start, last.span.end)
            children = [self._subsection(section) for section in members]
            yield self._symbol(title, "", SymbolKind.Namespace, whole, first.title.span, children)

    def _subsection(self, section: nodes.SectionDeclaration) -> DocumentSymbol:
        clauses = [
            self._symbol(clause.name.text, clause.title.value, SymbolKind.Function, clause.span, clause.name.span)
            for clause in section.clauses
        ]
        title = section.subtitle
        return self._symbol(title.value, "", SymbolKind.Package, section.span, title.span, clauses)


# --- folding ---------------------------------------------------------------------------------------------------------


def folds(reading: Reading) -> list[FoldingRange]:
    """Return the blocks, and the comments of several lines."""
    return sorted([*_blocks(reading), *_comments(reading)], key=lambda fold: (fold.start_line, -fold.end_line))


def _blocks(reading: Reading) -> Iterator[FoldingRange]:
    opened: list[tuple[str, int]] = []
    for token in reading.tokens:
        if token.text in _CLOSERS.values():
            opened.append((token.text, token.start))
        elif token.text in _CLOSERS and opened and opened[-1][0] == _CLOSERS[token.text]:
            first = reading.lines.position(opened.pop()[1]).line
            last = reading.lines.position(token.start).line
            if last > first + 1:
                yield FoldingRange(first, last - 1)


def _comments(reading: Reading) -> Iterator[FoldingRange]:
    first = last = -2
    for comment in comments(reading.text):
        line = reading.lines.position(comment.start).line
        before = reading.text[reading.text.rfind("\n", 0, comment.start) + 1 : comment.start]
        if before.strip():
            continue
        if line != last + 1:
            if last > first:
                yield FoldingRange(first, last, kind=FoldingRangeKind.Comment)
            first = line
        last = line
    if last > first:
        yield FoldingRange(first, last, kind=FoldingRangeKind.Comment)


# --- colours ---------------------------------------------------------------------------------------------------------

_KINDS = {
    "fact": "property",
    "field": "property",
    "let": "variable",
    "param": "variable",
    "type": "enum",
    "record": "struct",
    "unit": "type",
    "clause": "function",
    "member": "enumMember",
    "variable": "parameter",
}
_TYPES = list(dict.fromkeys(_KINDS.values()))
_MODIFIERS = ["declaration", "readonly"]
LEGEND = SemanticTokensLegend(_TYPES, _MODIFIERS)


def colours(reading: Reading) -> SemanticTokens:
    """Return what each name is, in the form of the protocol: five numbers a name, relative to the one before."""
    data: list[int] = []
    line = character = 0
    for each in reading.index.occurrences:
        start, end = reading.lines.position(each.span.start), reading.lines.position(each.span.end)
        is_same_line = start.line == line
        kind = _TYPES.index(_KINDS[each.symbol.kind])
        modifiers = (each.span == each.symbol.span) | (each.symbol.kind == "param") << 1
        moved = start.character - character if is_same_line else start.character
        data += [start.line - line, moved, end.character - start.character, kind, modifiers]
        line, character = start.line, start.character
    return SemanticTokens(data)
