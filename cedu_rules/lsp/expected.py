"""The words before a place in an expression into the type that is expected there, and into what can be seen there."""

from collections.abc import Sequence

from attrs import frozen

from cedu_rules.lsp.context import Context, Frame
from cedu_rules.lsp.indexing import Index
from cedu_rules.lsp.inference import View
from cedu_rules.lsp.symbols import Symbol
from cedu_rules.lsp.tokens import Token
from cedu_rules.model.types import Type
from cedu_rules.source import Source
from cedu_rules.syntax.parser import parse_expression

COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})
_SUBJECT = COMPARING | {"between", "in", "includes"}
_BEGINS = frozenset(
    {"must", "should", "when", "unless", "check", "and", "or", "not", "if", "then", "else", "where", "of", "by"}
)
_FAR = 400
_DEEPEST = 100
_ENDS = frozenset({"must", "should", "when", "unless", "note", "example", "clause", "section", "check", "let", "facts"})


@frozen
class Expected:
    """What the words around a place say about it."""

    text: str
    tokens: Sequence[Token]
    """All of the text, also behind the place."""
    context: Context
    index: Index

    @property
    def view(self) -> View:
        """Return what an expression at the place sees."""
        record = ""
        frame = self.context.block("record")
        if frame is not None and frame.opened > 0:
            head = self.context.tokens[max(frame.opened - 4, 0) : frame.opened]
            names = [number for number, token in enumerate(head) if token.text == "record"]
            record = head[names[-1] + 1].text if names and names[-1] + 1 < len(head) else ""
        view = View(record)
        for name, source in self._variables():
            listed = self.type_of(source, view)
            if listed is not None and listed.kind == "list":
                view = view.with_variable(name, listed.name)
        return view

    def _variables(self) -> list[tuple[str, Sequence[Token]]]:
        """Return the variables of the aggregates of this statement, also those that stand behind the place."""
        begin = self.context.statement[0].start if self.context.statement else self.context.start
        near = [token for token in self.tokens if begin <= token.start]
        region: list[Token] = []
        for token in near[:_FAR]:
            if token.start >= self.context.start and token.text in _ENDS:
                break
            region.append(token)
        found = []
        for number, token in enumerate(region):
            if token.text == "for" and [each.text for each in region[number + 2 : number + 3]] == ["in"]:
                found.append((region[number + 1].text, _chain(region[number + 3 :])))
        return found

    def type_of(self, operand: Sequence[Token], view: View | None = None) -> Type | None:
        """Return the type of an operand that stands in the text."""
        if not operand:
            return None
        text = self.text[operand[0].start : operand[-1].end]
        if len(text) > _FAR:
            return None
        node, _ = parse_expression(Source("", text))
        return self.index.types.of(node, self.view if view is None else view)

    # --- what is expected --------------------------------------------------------------------------------------------

    def type_here(self) -> Type | None:
        """Return the type that a value at the place should have, or None."""
        if len(self.context.frames) > _DEEPEST:
            return None
        return self._target(len(self.context.tokens), len(self.context.frames) - 1)

    def _target(self, end: int, depth: int) -> Type | None:
        """Return the type expected before the token `end`, in the frame so deep."""
        frame = self.context.frames[depth]
        tokens = self.context.tokens[frame.statement : end]
        match frame.block:
            case "rows":
                if any(token.text == ":" for token in tokens):
                    return self._target(self._by(frame), depth - 1)
                return self.type_of(self.context.tokens[self._by(frame) + 1 : frame.opened])
            case "choose":
                return self.subject(frame)
            case "example" | "element" | "value":
                return self.value_type(frame, depth)
        if (
            frame.block in ("facts", "record")
            and "to" not in [token.text for token in tokens[-3:]]
            and _is_range(tokens)
        ):
            return self._fact_type(tokens)
        place, sees_product = _compared(tokens)
        if sees_product:
            return None
        if place is not None:
            return self.type_of(_operand_before(tokens, place))
        if frame.block == "brackets":
            return self._in_brackets(frame, depth, tokens)
        return self.type_of(_operand_before(tokens, _sign(tokens)))

    def _in_brackets(self, frame: Frame, depth: int, tokens: Sequence[Token]) -> Type | None:
        """Return the type of another argument of a call or of a sum, else that which the bracket has as a whole."""
        opened = frame.opened
        if (
            opened
            and self.context.tokens[opened - 1].kind == "name"
            and self.context.tokens[opened - 1].text not in _BEGINS
        ):
            arguments = self.context.tokens[opened + 1 :]
            commas = [number for number, token in enumerate(arguments) if token.text == ","]
            return self.type_of(arguments[: commas[0]]) if commas else None
        sign = _sign(tokens)
        return self._target(opened, depth - 1) if sign is None else self.type_of(_operand_before(tokens, sign))

    def subject(self, frame: Frame) -> Type | None:
        """Return the type of what stands before `in {` or `includes {`."""
        opened = frame.opened - 1
        before = [each.statement for each in self.context.frames if each.opened < frame.opened]
        return self.type_of(_operand_before(self.context.tokens[before[-1] : opened], opened - before[-1]))

    def _by(self, frame: Frame) -> int:
        """Return the number of the `by` of a table."""
        return next((n for n in range(frame.opened, -1, -1) if self.context.tokens[n].text == "by"), frame.opened)

    def _fact_type(self, tokens: Sequence[Token]) -> Type | None:
        symbol = self.index.types.find(tokens[0].text, self.view)
        return None if symbol is None else self.index.types.of_symbol(symbol)

    # --- examples ----------------------------------------------------------------------------------------------------

    def keys(self, depth: int) -> dict[str, Symbol]:
        """Return the facts, fields or members that may be keys in a block of an example."""
        frame = self.context.frames[depth]
        if depth > _DEEPEST:
            return {}
        if frame.block == "example":
            return {name: each for name, each in self.index.symbols.values.items() if each.kind == "fact"}
        outer = depth - 2 if frame.block == "element" else depth - 1
        opened = self.context.frames[depth - 1].opened if frame.block == "element" else frame.opened
        key = self.context.tokens[opened - 2].text if opened >= 2 else ""  # noqa: PLR2004 -- `key : {`
        owner = self.keys(outer).get(key) if outer > 0 else None
        type_ = None if owner is None else self.index.types.of_symbol(owner)
        if type_ is None:
            return {}
        if type_.kind == "list":
            fields = self.index.symbols.fields.get(type_.name, {})
            return {name: each for name, each in fields.items() if each.kind == "field"}
        return self.index.symbols.members.get(type_.name, {})

    def value_type(self, frame: Frame, depth: int) -> Type | None:
        """Return the type of the value whose key stands before the place."""
        tokens = self.context.tokens[frame.statement :]
        key = next((tokens[n - 1].text for n in range(len(tokens) - 1, 0, -1) if tokens[n].text == ":"), "")
        symbol = self.keys(depth).get(key)
        if symbol is not None and symbol.kind != "member":
            return self.index.types.of_symbol(symbol)
        return None


def _chain(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens of `a.b.c` at the beginning."""
    number = 0
    while number < len(tokens) and tokens[number].kind == "name":
        if number + 1 >= len(tokens) or tokens[number + 1].text != ".":
            return tokens[: number + 1]
        number += 2
    return tokens[: max(number - 1, 0)]


def _operand_before(tokens: Sequence[Token], end: int | None) -> Sequence[Token]:
    """Return the tokens of the operand that ends before the token `end`; nothing where there is none."""
    before = tokens[: 0 if end is None else end]
    nesting = 0
    for number in range(len(before) - 1, -1, -1):
        text = before[number].text
        if before[number].kind == "mark":
            nesting += (text in ")]}") - (text in "([{")
        if nesting < 0 or (nesting == 0 and (text in _BEGINS or text in (",", ":") or text in COMPARING)):
            return before[number + 1 :]
    return before


def _is_between(tokens: Sequence[Token], number: int) -> bool:
    """Tell whether the `and` at a number is that of `between`."""
    for token in reversed(tokens[:number]):
        if token.text == "between":
            return True
        if token.text in _BEGINS:
            return False
    return False


def _is_range(tokens: Sequence[Token]) -> bool:
    texts = [token.text for token in tokens]
    return ":" in texts and "when" not in texts


def _compared(tokens: Sequence[Token]) -> tuple[int | None, bool]:
    """Return where the sign stands by which the last operand is compared, and whether it is a factor."""
    nesting, number, sees_product = 0, len(tokens) - 1, False
    while number >= 0:
        text = tokens[number].text
        nesting += (text in ")]}") - (text in "([{") if tokens[number].kind == "mark" else 0
        if nesting == 0 and text in _SUBJECT:
            return number, sees_product
        if nesting == 0 and text in ("then", "else"):
            number = next((each for each in range(number, -1, -1) if tokens[each].text == "if"), 0)
        elif nesting == 0 and text in _BEGINS and not (text == "and" and _is_between(tokens, number)):
            break
        sees_product = sees_product or (nesting == 0 and text in ("*", "/"))
        number -= 1
    return None, sees_product


def _sign(tokens: Sequence[Token]) -> int | None:
    """Return where the last sign of a sum stands, if the last operand follows it."""
    number = len(tokens) - 1
    if number >= 0 and tokens[number].kind == "number":
        number -= 1
    return number if number > 0 and tokens[number].text in ("+", "-") else None
