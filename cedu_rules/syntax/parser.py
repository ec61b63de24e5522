"""A source into a `File` and diagnostics: with `grammar` the only module that knows Lark.

Reading never stops at a mistake. `_Reading` feeds the tokens to the tables of the grammar; where a token does not
fit, it takes down what was found and what would be legal, drops what is unfinished on the stack down to a place where
the grammar allows ERROR, and goes on at the next landmark that fits there. One mistake, one diagnostic: within a
statement that is already broken nothing more is said. The tree is then built into nodes from the leaves up, without
recursion, so that no nesting of the text can exhaust the stack of Python.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from lark import Token, Tree, UnexpectedCharacters, UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.source import Source, Span
from cedu_rules.syntax.automaton import Piece, States
from cedu_rules.syntax.declarations import Builder
from cedu_rules.syntax.expressions import Part, Word
from cedu_rules.syntax.grammar import parser
from cedu_rules.syntax.nodes import Comment, Erroneous, Expression, File
from cedu_rules.syntax.normalise import normalise
from cedu_rules.syntax.recovery import Recovery

Branch: TypeAlias = "Tree[Token] | Token"

# A token finishes rarely more than this many parts; where it does, the list of what is expected is shorter.
_REMEMBERED = 100
PROBLEMS_LIMIT = 100
"""So many diagnostics a file; the last says that there are more."""


def parse(source: Source) -> tuple[File, tuple[Diagnostic, ...]]:
    """Read a whole file. Whatever the text, this ends in a file of what could be read and in diagnostics."""
    _tree, items, comments, diagnostics, lost = _read(source, "file")
    return File(source, items, comments, frozenset(lost)), diagnostics


def parse_expression(source: Source) -> tuple[Expression, tuple[Diagnostic, ...]]:
    """Read one expression that stands alone; one that cannot be read is `Erroneous`."""
    _tree, expression, _comments, diagnostics, _lost = _read(source, "expression")
    return expression, diagnostics


class Phrase(NamedTuple):
    """What a rule of the grammar makes of the last `parts` tokens and phrases before it."""

    rule: str
    parts: int


def parse_phrases(source: Source) -> tuple[tuple[Piece | Phrase, ...], tuple[Comment, ...], tuple[Diagnostic, ...]]:
    """Read a whole file into all its tokens, with each phrase behind its parts: the last one is the file.

    Where there are errors there are no phrases.
    """
    tree, _items, comments, diagnostics, _lost = _read(source, "file")
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        return (), comments, diagnostics
    phrases = (
        Phrase(str(branch.data), len(branch.children)) if isinstance(branch, Tree) else _piece(branch)
        for branch in _leaves_first(tree)
    )
    return tuple(phrases), comments, diagnostics


def _read(source: Source, start: str) -> tuple[Tree[Token], Any, tuple[Comment, ...], tuple[Diagnostic, ...], set[str]]:
    normal = normalise(source)
    reading = _Reading(source, normal.text, start)
    tree = reading.run()
    builder = Builder(source)
    result = _build(tree, builder)
    builder.report_rates()
    found = sorted(
        [*reading.recovery.diagnostics, *builder.diagnostics], key=lambda each: (each.span.start, each.span.end)
    )
    return tree, result, normal.comments, _capped(found), reading.recovery.lost


def _capped(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    if len(found) < PROBLEMS_LIMIT:
        return tuple(found)
    kept = found[: PROBLEMS_LIMIT - 1]
    return (*kept, Diagnostic("too-many-problems", kept[-1].span, {"limit": PROBLEMS_LIMIT}))


class _Reading:
    """One text on its way through the tables of the grammar: the `Automaton` of recovery."""

    def __init__(self, source: Source, text: str, start: str) -> None:
        self._text = text
        self._parser = parser().parse_interactive(text, start=start)
        self._stack = self._parser.parser_state
        self._table = self._stack.parse_conf.parse_table.states
        self._before: tuple[int | None, int, list[int]] = (None, 0, [])
        self.recovery = Recovery(source, text, self)

    def run(self) -> Tree[Token]:
        """Return the tree of the whole text, with ERROR where something could not be read."""
        end = len(self._text)
        while True:
            try:
                for token in self._parser.iter_parse():
                    self._remember(token.start_pos)
                self._remember(end)
                tree: Tree[Token] = self._parser.feed_token(_token("$END", "", end, end))
            except UnexpectedCharacters as error:
                place = error.pos_in_stream or 0
                found = Piece("STRAY", self._text[place], place, place + 1)
            except UnexpectedToken as error:
                found = _piece(error.token)
            else:
                return tree
            if len(self.recovery.diagnostics) < PROBLEMS_LIMIT:
                self.recovery.recover(found)
            else:
                self.recovery.give_up()

    def states(self) -> States:
        """Return the stack."""
        return self._stack.state_stack

    def states_before(self, position: int) -> States:
        """Return the stack as it was before the token at `position`, which may have finished parts of it."""
        place, height, top = self._before
        below = height - len(top)
        stack = self._stack.state_stack
        return [*stack[:below], *top] if place == position and len(stack) > below else stack

    def _remember(self, position: int | None) -> None:
        stack = self._stack.state_stack
        self._before = (position, len(stack), stack[-_REMEMBERED:])

    def after(self, states: States, kind: str) -> States | None:
        """Return the stack after a token of `kind`, or None where it does not fit."""
        stack = list(states)
        while (step := self._table[stack[-1]].get(kind)) is not None:
            action, target = step
            if action is Shift:
                return [*stack, target]
            if target.expansion:
                del stack[-len(target.expansion) :]
            stack.append(self._table[stack[-1]][target.origin.name][1])
            if kind == "$END" and stack[-1] == self._stack.parse_conf.end_state:
                return stack
        return None

    def accepted(self, states: States) -> set[str]:
        """Return the kinds that fit."""
        kinds = [kind for kind in self._table[states[-1]] if kind.isupper()]
        return {kind for kind in kinds if self.after(states, kind) is not None} - {"ERROR"}

    def gaps(self, states: States) -> Iterator[int]:
        """Yield the heights of the stack at which ERROR may be put, highest first."""
        for height in range(len(states), 0, -1):
            action, _target = self._table[states[height - 1]].get("ERROR", (None, None))
            if action is Shift:
                yield height

    def unfinished(self, height: int = 1) -> Iterator[Piece]:
        """Yield what lies on the stack above `height`, top first."""
        values = self._stack.value_stack
        for number in range(len(values) - 1, height - 2, -1):
            value = values[number]
            if isinstance(value, Token):
                yield _piece(value)
            else:
                yield Piece(str(value.data), "", *_extent(value))

    def drop(self, height: int) -> None:
        """Drop what lies above `height`."""
        del self._stack.state_stack[height:]
        del self._stack.value_stack[height - 1 :]

    def feed(self, kind: str, text: str, start: int, end: int) -> None:
        """Put a token that is not in the text."""
        self._parser.feed_token(_token(kind, text, start, end))

    def move(self, position: int) -> None:
        """Go on reading at `position`."""
        state = self._parser.lexer_thread.state
        if state is not None:
            state.line_ctr.char_pos = position


def _token(kind: str, text: str, start: int, end: int) -> Token:
    return Token(kind, text, start_pos=start, end_pos=end)


def _piece(token: Token) -> Piece:
    start = token.start_pos or 0
    end = token.end_pos
    return Piece(token.type, str(token), start, start + len(token) if end is None else end)


# --- the tree into nodes ---------------------------------------------------------------------------------------------

# Rules that nest: each is one level of an expression, or of the value of an example.
_NESTING = frozenset(
    [
        "number_literal",
        "quantity_literal",
        "date_literal",
        "text_literal",
        "bool_literal",
        "name_reference",
        "field_reference",
        "index",
        "negation",
        "minus",
        "conjunction",
        "disjunction",
        "arithmetic",
        "comparison",
        "between",
        "membership",
        "inclusion",
        "conditional",
        "table",
        "call",
        "comprehension",
        "at_least",
        "brace_value",
        "entries_value",
        "list_value",
    ]
)

_PUNCTUATION = frozenset(["LBRACE", "RBRACE", "LPAR", "RPAR", "LSQB", "RSQB", "COLON", "COMMA", "SEMICOLON", "DOT"])


def _build(tree: Tree[Token], builder: Builder) -> Any:  # noqa: ANN401 -- the file, or an expression
    """Build the nodes from the leaves up; what nests too deep becomes Erroneous."""
    results: list[_Result] = []
    for branch in _leaves_first(tree):
        if not isinstance(branch, Tree):
            results.append(_leaf(branch, builder))
            continue
        count = len(results) - len(branch.children)
        parts = results[count:]
        del results[count:]
        start, end = (parts[0].start, parts[-1].end) if parts else (0, 0)
        rule = str(branch.data)
        nests = rule in _NESTING
        depth = max([part.depth for part in parts], default=0) + nests
        span = Span(builder.source, start, end)
        if not nests or depth <= File.NESTING_LIMIT:
            value = builder.build(rule, span, [part.value for part in parts if part.value is not None])
        else:
            value = Erroneous(span=span)
            if depth == File.NESTING_LIMIT + 1:
                builder.report("too-deep", span, limit=File.NESTING_LIMIT)
        results.append(_Result(value, depth, start, end))
    return results[0].value


class _Result(NamedTuple):
    """A node, or None where the builder is shown nothing; how deep it nests; the text that it takes."""

    value: Part
    depth: int
    start: int
    end: int


def _leaves_first(tree: Tree[Token]) -> Iterator[Branch]:
    waiting: list[Branch] = [tree]
    order: list[Branch] = []
    while waiting:
        branch = waiting.pop()
        order.append(branch)
        if isinstance(branch, Tree):
            waiting.extend(branch.children)
    return reversed(order)


def _leaf(token: Token, builder: Builder) -> _Result:
    kind, text, start, end = _piece(token)
    if kind[0] == "_" or kind in _PUNCTUATION:
        return _Result(None, 0, start, end)
    span = Span(builder.source, start, end)
    return _Result(Erroneous(span=span) if kind == "ERROR" else Word(kind, text, span), 0, start, end)


def _extent(tree: Tree[Token]) -> tuple[int, int]:
    """Return where the text of a part begins and ends."""
    first: Branch = tree
    while isinstance(first, Tree):
        first = first.children[0]
    last: Branch = tree
    while isinstance(last, Tree):
        last = last.children[-1]
    return _piece(first).start, _piece(last).end
