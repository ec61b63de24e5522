"""A place in a reading into what may be written there."""

import re
from collections.abc import Iterator

from attrs import frozen
from lsprotocol.types import CompletionItem, CompletionItemKind

from cedu_rules.lsp import words
from cedu_rules.lsp.context import Context, context_at
from cedu_rules.lsp.describing import Describer
from cedu_rules.lsp.expected import COMPARING, Expected
from cedu_rules.lsp.items import Items
from cedu_rules.lsp.reading import Reading
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.messages.codes import CODES
from cedu_rules.model.types import BUILT_IN, Type

_FILE = (
    "standard", "source", "effective", "language", "type", "unit", "param", "let", "facts", "record", "section",
)  # fmt: skip
_CLAUSE = ("must", "should", "when", "unless", "note", "example")
_TYPES = ("choice", "level", "set", "list", "yearly", "signed", "documented", "judged")
_JOINING = frozenset({"and", "or", "not", "if", "then", "else", "where", "of", "by", "between", "in", "to", "least"})
_OPENS = frozenset({*"([{,:+-*/", *COMPARING, *_JOINING, "must", "should", "when", "unless", "check", "distinct"})
_DUE = frozenset({*COMPARING, "in", "includes", "{", ",", ":", "example", "passes", "of", "language", "key"})
_OPERANDS = ("not", "if", "by", "at", "yes", "no")
_ALLOWING = re.compile(r"#+\s*lint\s*[:：]\s*allow\s+[\w,，、\s-]*$")
_STATEMENT_HEADS = frozenset({"must", "should", "when", "unless"})


def completions(
    reading: Reading,
    offset: int,
    *,
    language: str,
    snippets: bool,
    symbols_of: Reading | None = None,
    unasked: bool = False,
) -> list[CompletionItem]:
    """Return what may be written at a place, the likeliest first.

    Args:
        reading: the text of now.
        offset: where the cursor is.
        language: of what is said beside.
        snippets: whether the editor fills in snippets.
        symbols_of: an earlier reading, whose names are offered where those of now are not yet known.
        unasked: whether only a blank was written, so that nothing is offered but where a choice is due.
    """
    text = reading.text
    context = context_at(text, reading.tokens, offset)
    known = reading if symbols_of is None else symbols_of
    if context.inside:
        line = text[text.rfind("\n", 0, offset) + 1 : offset]
        return list(_codes(known, reading, offset, language)) if _ALLOWING.search(line) else []
    if unasked and not (context.before() in _DUE or context.kind_before() == "number"):
        return []
    place = reading.lines.range(context.start, offset)
    items = Items(Describer(known, language), place, snippets)
    found = _Completer(context, Expected(text, reading.tokens, context, known.index), items).found()
    unique = {(item.label, item.kind): item for item in reversed(list(found))}
    return sorted(unique.values(), key=lambda item: item.sort_text or "")


def _codes(known: Reading, reading: Reading, offset: int, language: str) -> Iterator[CompletionItem]:
    start = offset
    while start and re.match(r"[\w-]", reading.text[start - 1]):
        start -= 1
    items = Items(Describer(known, language), reading.lines.range(start, offset), snippets=False)
    for code, kind in CODES.items():
        if kind.severity == "warning":
            yield items.word(code)


@frozen
class _Completer:
    context: Context
    expected: Expected
    items: Items

    @property
    def _within(self) -> list[str]:
        return [token.text for token in self.context.within]

    @property
    def _symbols(self) -> dict[str, Symbol]:
        return self.expected.index.symbols.values

    def found(self) -> Iterator[CompletionItem]:
        """Yield what may stand at the place."""
        before = self.context.before()
        if before == "." and self.context.kind_before(2) in ("name", "mark"):
            yield from self._fields()
        elif self.context.kind_before() == "number" and self.context.frame.block != "file":
            yield from self._behind_number()
        else:
            yield from _BLOCKS[self.context.frame.block](self)

    # --- behind a dot, a number --------------------------------------------------------------------------------------

    def _fields(self) -> Iterator[CompletionItem]:
        """Yield the fields of what stands before the dot; those of every record where it is not yet known."""
        number = len(self.context.tokens) - 1
        while (
            number >= 1 and self.context.tokens[number].text == "." and self.context.tokens[number - 1].kind == "name"
        ):
            number -= 2
        chain = self.context.tokens[number + 1 : -1]
        type_ = self.expected.type_of(chain)
        fields = self.expected.index.symbols.fields
        records = (
            [type_.name] if type_ is not None and type_.kind == "record" and type_.name in fields else list(fields)
        )
        for record in records:
            for symbol in fields[record].values():
                yield self.items.symbol(symbol)

    def _behind_number(self) -> Iterator[CompletionItem]:
        block = self.context.frame.block
        if block in ("value", "example", "element") and self.context.before(2) != ":":
            return  # a year
        if "annex" in self._within or self.context.before(2) == "least":
            yield from self.items.keywords(["of"] if self.context.before(2) == "least" else [])
            return
        type_ = self.expected.type_here()
        yield from self.items.units(type_)
        is_apart = self.context.start > self.context.tokens[-1].end
        if is_apart and (type_ is None or not type_.dimension) and self.context.block("clause") is not None:
            yield from self._after_operand()

    # --- blocks ------------------------------------------------------------------------------------------------------

    def in_file(self) -> Iterator[CompletionItem]:  # noqa: C901, PLR0912 -- one flat table
        texts = self._within
        head = texts[0] if texts else ""
        match [head, *texts[1:]]:
            case ["language"]:
                yield from self.items.listed(words.LANGUAGES, CompletionItemKind.Value)
            case ["effective"]:
                yield self.items.keyword("from")
            case ["record", name, "key"]:
                yield from self._own_fields(name)
            case ["record", _]:
                yield self.items.keyword("key")
            case ["type", _, "="]:
                yield from self._types()
            case ["unit" | "param" | "let", _, "=", *_]:
                yield from self._expression()
                if self._ends_operand():
                    yield from self.items.keywords(_FILE, 8)
            case ["section", *_, "when"]:
                yield from self._expression()
            case ["section", _, _]:
                yield self.items.keyword("when")
            case ["source", _]:
                yield self.items.keyword("annex")
                yield from self.items.keywords(_FILE, 8)
            case ["section" | "facts" | "record" | "type" | "unit" | "param" | "let" | "standard" | "source"]:
                return
            case ["standard" | "type", _]:
                return
            case _:
                yield from self.items.keywords(_FILE)

    def in_facts(self) -> Iterator[CompletionItem]:
        is_record = self.context.frame.block == "record"
        texts = self._within
        if texts[:1] == ["check"] or (texts[:1] == ["let"] and "=" in texts):
            yield from self._expression()
        elif texts[:1] == ["let"]:
            return
        elif ":" not in texts or self.context.kind_before() == "text":
            yield from self.items.keywords(["check", "let"] if is_record else ["check"])
        elif "when" in texts:
            yield from self._expression()
        else:
            yield from self._types()

    def _types(self) -> Iterator[CompletionItem]:
        before = self.context.before()
        symbols = self.expected.index.symbols
        if before == "list":
            yield self.items.keyword("of")
        elif before == "of":
            yield from (self.items.symbol(each) for each in symbols.types.values() if each.kind == "record")
        elif before in (":", "=", "documented", "judged", "yearly", "signed"):
            if before in (":", "="):
                yield from self.items.keywords(_TYPES, 4)
            elif before in ("documented", "judged"):
                yield from self.items.keywords(("choice", "level", "set", "list", "yearly"), 4)
            yield from self.items.listed({name: words.BUILT_IN[name] for name in BUILT_IN}, CompletionItemKind.Class, 2)
            yield from (self.items.symbol(each, 3) for each in symbols.types.values() if each.kind == "type")
            yield from self.items.units(None, rank=5)
        elif before not in ("to", "from"):
            yield from self.items.keywords(["when"])

    def _own_fields(self, record: str) -> Iterator[CompletionItem]:
        for symbol in self.expected.index.symbols.fields.get(record, {}).values():
            if symbol.kind == "field":
                yield self.items.symbol(symbol)

    def in_section(self) -> Iterator[CompletionItem]:
        if not self._within or self.context.before() in ("}", ";", "{"):
            yield self.items.keyword("clause")

    def in_clause(self) -> Iterator[CompletionItem]:
        texts = self._within
        head = texts[0] if texts else ""
        if head == "example" and len(texts) == 1:
            yield from self.items.listed(words.STATUSES, CompletionItemKind.EnumMember)
        elif not head or self.context.kind_before() == "text" or self.context.before() in ("}", ";"):
            if head in _STATEMENT_HEADS and "show" in texts:
                yield self.items.keyword("with", 7)
            if self.context.before() == "}" and head in _STATEMENT_HEADS:
                yield from self._after_operand()
            yield from self.items.keywords(_CLAUSE)
        elif head in _STATEMENT_HEADS and "show" not in texts and "judge" not in texts:
            yield from self._expression()
            if len(texts) == 1 and head in ("must", "should"):
                yield from self.items.keywords(("show", "judge"))
            if self._ends_operand():
                yield from self.items.keywords(_CLAUSE, 8)

    def in_example(self) -> Iterator[CompletionItem]:
        """Keys that are not yet there, or a value."""
        depth = len(self.context.frames) - 1
        frame = self.context.frame
        if self.context.before() == ":":
            yield from self._value()
        elif self.context.before() in ("{", ","):
            keys = self.expected.keys(depth)
            given = self._given(frame.opened)
            asked = self._asked()
            for name, symbol in keys.items():
                if name not in given:
                    yield self.items.symbol(symbol, 2 if name in asked else 4, insert=_key(symbol))
            if frame.block == "example" and "assessed_on" not in given:
                yield self.items.word("assessed_on", self.items.describer.say(words.MAGIC["assessed_on"]), 5)

    def _given(self, opened: int) -> set[str]:
        """Return the keys that a block of an example holds already."""
        tokens = self.context.tokens[opened + 1 :]
        is_set = self.context.frame.block == "value"
        return {
            token.text
            for number, token in enumerate(tokens)
            if token.kind == "name" and (is_set or (number + 1 < len(tokens) and tokens[number + 1].text == ":"))
        }

    def _asked(self) -> set[str]:
        """Return the names that stand in the clause around."""
        frame = self.context.block("clause")
        start = 0 if frame is None else frame.opened
        return {token.text for token in self.context.tokens[start:] if token.kind == "name"}

    def _value(self) -> Iterator[CompletionItem]:
        type_ = self.expected.type_here()
        if type_ is None:
            yield from self.items.keywords(("yes", "no", "unknown"), 3)
            return
        if type_.kind in ("choice", "level"):
            yield from self._members(type_)
        elif type_.kind == "bool":
            yield from self.items.keywords(("yes", "no"), 2)
        elif type_.kind == "set":
            yield self.items.keyword("all", 2)
            yield self.items.word("{ }", rank=3)
        elif type_.kind == "list":
            yield self.items.word("[]", rank=3)
        elif type_.kind == "number":
            yield from (self.items.symbol(each, 4) for each in self._symbols.values() if each.kind == "param")
        yield self.items.keyword("unknown", 5)

    def in_choose(self) -> Iterator[CompletionItem]:
        type_ = self.expected.subject(self.context.frame)
        if type_ is not None and type_.members:
            yield from self._members(type_)
        else:
            yield from self._operands(type_)

    def in_rows(self) -> Iterator[CompletionItem]:
        if ":" in self._within:
            yield from self._expression()
            return
        if not self._within:
            yield self.items.keyword("else", 4)
        type_ = self.expected.type_here()
        if type_ is not None and type_.members:
            yield from self._members(type_)
        elif self._within:
            yield from (self.items.symbol(each, 3) for each in self._symbols.values() if each.kind == "param")

    def in_brackets(self) -> Iterator[CompletionItem]:
        opened = self.context.frame.opened
        if opened and self.context.tokens[opened - 1].text == "passes":
            for symbol in self.expected.index.symbols.clauses.values():
                yield self.items.symbol(symbol)
        else:
            yield from self._expression()

    def nowhere(self) -> Iterator[CompletionItem]:
        """New names are the author's."""
        yield from ()

    # --- expressions -------------------------------------------------------------------------------------------------

    def _expression(self) -> Iterator[CompletionItem]:
        before, earlier = self.context.before(), self.context.before(3)
        if before == "for":
            return
        if self.context.before(2) == "for":
            yield self.items.keyword("in", 1)
        elif before == "in" and earlier == "for":
            yield from self._lists()
        elif before == "at":
            yield self.items.keyword("least", 1)
        elif self._ends_operand():
            yield from self._after_operand()
        elif before not in ("in", "includes"):
            yield from self._operands(self.expected.type_here())
        elif before == "includes":
            yield self.items.keyword("all", 2)

    def _ends_operand(self) -> bool:
        """Tell whether an operand has just been written, so that an operator may follow."""
        return bool(self.context.within) and self.context.before() not in _OPENS

    def _operands(self, type_: Type | None) -> Iterator[CompletionItem]:
        if type_ is not None and type_.kind in ("choice", "level"):
            yield from self._members(type_)
        if type_ is not None and type_.kind == "bool":
            yield from self.items.keywords(("yes", "no"), 2)
        view = self.expected.view
        for name, record in view.variables.items():
            yield self.items.word(name, record, 2)
        own = self.expected.index.symbols.fields.get(view.record, {}) if view.record else {}
        for symbol in {**self._symbols, **own}.values():
            known = None if type_ is None else self.expected.index.types.of_symbol(symbol)
            fits = type_ is None or (known is not None and known.same(type_))
            yield self.items.symbol(symbol, 3 if fits else 5)
        yield from self.items.functions()
        yield from self.items.keywords(_OPERANDS, 6)
        yield from self.items.listed(words.MAGIC, CompletionItemKind.Constant, 6)
        if self.context.before() == "(":
            yield self.items.keyword("distinct", 7)

    def _lists(self) -> Iterator[CompletionItem]:
        """Yield the lists that can be run through: facts, and fields of the variables around."""
        types = self.expected.index.types
        for symbol in self._symbols.values():
            type_ = types.of_symbol(symbol)
            if type_ is not None and type_.kind == "list":
                yield self.items.symbol(symbol, 2)
        for name in self.expected.view.variables:
            yield self.items.word(name, rank=4)

    def _members(self, type_: Type) -> Iterator[CompletionItem]:
        given = {token.text for token in self.context.within} if self.context.frame.block == "choose" else set()
        chosen = self.context.tokens[self.context.frame.opened + 1 :] if self.context.frame.block == "choose" else ()
        given |= {token.text for token in chosen}
        for number, symbol in enumerate(self.expected.index.symbols.members.get(type_.name, {}).values()):
            if symbol.name not in given:
                item = self.items.symbol(symbol)
                item.sort_text = f"1{number:04}"  # in the order of the author, which is that of a level
                yield item

    def _after_operand(self) -> Iterator[CompletionItem]:
        texts = {token.text for token in self.context.statement}
        yield from self.items.keywords(("and", "or", "between", "in", "includes"), 5)
        if "if" in texts:
            yield from self.items.keywords(("then", "else"), 4)
        if self.context.frame.block == "brackets":
            yield from self.items.keywords(("for", "where") if "for" in texts else ("for",), 4)


def _key(symbol: Symbol) -> str | None:
    """Return what is written for a key of an example; a member may stand alone."""
    return None if symbol.kind == "member" else f"{symbol.name}: "


_BLOCKS = {
    "file": _Completer.in_file,
    "facts": _Completer.in_facts,
    "record": _Completer.in_facts,
    "section": _Completer.in_section,
    "clause": _Completer.in_clause,
    "members": _Completer.nowhere,
    "example": _Completer.in_example,
    "value": _Completer.in_example,
    "element": _Completer.in_example,
    "choose": _Completer.in_choose,
    "rows": _Completer.in_rows,
    "brackets": _Completer.in_brackets,
    "list": _Completer.in_brackets,
}
