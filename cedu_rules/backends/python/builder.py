"""Where generated statements go, and what names they may use.

A `Scope` is the institution or one element of a list: it owns the statements at the top of its function or loop, where
what is computed once a record is put, and remembers what has been computed there. A `Builder` writes one function: it
gives out local names, keeps the objects that the code refers to, and knows into which block the next statement goes.

INVARIANT: a block is added to the block around it only when it is complete. So what a scope computes while a deeper
block is being written stands before that block.
"""

import ast
import keyword
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from attrs import Factory, define

from cedu_rules.backends.python import nodes
from cedu_rules.model.ir import Fact, Let
from cedu_rules.rows import Slot
from cedu_rules.source import Span

Made = TypeVar("Made")

LOOPS_LIMIT = 6
"""Loops stand so deep in one another; Python itself allows 20, but a sum over a missing list writes its body twice."""
UNPACKED_SHARE = 3
"""A row is unpacked as a whole when at least one in so many places is used, else place by place."""


class NotRaw(Exception):  # noqa: N818 -- no error: the numbers are brought into one unit instead
    """A number that the caller holds is computed with, and not only compared."""


class NotCovered(Exception):  # noqa: N818 -- no error: the reference answers instead
    """An expression for which there is no compiled form."""


@define(eq=False)
class Scope:
    """The institution, or an element of a list `depth` loops deep: what it has, its row, what has been computed of it.

    `log` holds the names that the statements set, in their order; `loops` the open loops over its lists, by their names.
    `read` returns the statements that put what is used of the row into local names.
    """

    name: str
    slots: Mapping[str, Slot]
    lets: Mapping[str, Let]
    row: ast.expr
    depth: int = 0
    statements: list[ast.stmt] = Factory(list)
    cells: dict[int, str] = Factory(dict)
    computed: dict[tuple[str, Hashable], Any] = Factory(dict)
    loops: dict[str, "Loop"] = Factory(dict)
    log: list[str] = Factory(list)
    read: Callable[["Scope"], list[ast.stmt]] = Factory(lambda: unpacking)

    def fact(self, name: str) -> Fact:
        """Return the declaration of a fact or field."""
        return self.slots[name].fact

    @property
    def width(self) -> int:
        """The number of places in the row."""
        return sum(slot.width for slot in self.slots.values())

    def written(self) -> list[ast.stmt]:
        """Return the statements, with those that were kept open until now."""
        lists = (each.written() if isinstance(each, (Loop, Facing)) else [each] for each in self.statements)
        return [statement for statements in lists for statement in statements]

    def once(self, kind: str, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` computes, made once in this scope."""
        key = (kind, name)
        if key not in self.computed:
            self.computed[key] = make()
        return self.computed[key]  # type: ignore[no-any-return]


def identifier(hint: str, otherwise: str) -> str:
    """Return a name from a file if it is an identifier as Python spells it, else `otherwise`."""
    plain = hint.isidentifier() and unicodedata.normalize("NFKC", hint) == hint and not hint.startswith("_")
    return hint if plain and not keyword.iskeyword(hint) else otherwise


class Loop(ast.stmt):
    """A loop over the elements of a list that stays open, so that aggregates of one list share it.

    It stands as a statement in the block of `owner`; what each aggregate starts from stands before it.
    """

    def __init__(self, owner: Scope, element: Scope, source: ast.expr, span: Span) -> None:
        super().__init__()
        self.element = element
        self.busy = False
        self.place = len(owner.statements)
        self._owner, self._source, self._span = owner, source, span
        self._starts: list[ast.stmt] = []
        self._later: set[str] = set()
        self._seen = 0

    def is_open(self) -> bool:
        """Return whether more may be written: nobody is at it, and no attempt that was taken back has removed it."""
        statements = self._owner.statements
        return not self.busy and self.place < len(statements) and statements[self.place] is self

    def put(self) -> None:
        """Put the loop at the end of its owner's statements."""
        self.place, self._seen = len(self._owner.statements), len(self._owner.log)
        self._owner.statements.append(self)

    def precedes(self, statements: Iterable[ast.stmt]) -> bool:
        """Return whether the statements read nothing that the owner, or this loop, computes later than here."""
        self._later.update(self._owner.log[self._seen :])
        self._seen = len(self._owner.log)
        return self._later.isdisjoint(nodes.names_read(statements))

    def add(self, starts: list[ast.stmt]) -> None:
        """Add what an aggregate starts from; its results are known after the loop."""
        append(self._starts, starts)
        self._owner.log.extend(nodes.names_set(starts))

    def written(self) -> list[ast.stmt]:
        """Return the statements."""
        if not self.element.statements:
            return self._starts
        body: list[ast.stmt] = [*self.element.read(self.element), *self.element.statements]
        target: ast.expr = nodes.target(nodes.identifier_of(self.element.row))
        if isinstance(body[0], ast.Assign) and body[0].value is self.element.row:
            target, body = body[0].targets[0], body[1:]
        last = self._starts[-1] if self._starts else None
        if isinstance(last, ast.If) and nodes.alike(last.test, nodes.is_none(self._source)):
            loop = ast.For(target, self._source, body, [])
            nodes.place([loop], self._span)
            given = ast.If(last.test, last.body, [*last.orelse, loop])
            return [*self._starts[:-1], ast.copy_location(given, last)]
        loop = ast.For(target, nodes.either(self._source, ast.Tuple([], ast.Load())), body, [])
        nodes.place([loop], self._span)
        return [*self._starts, loop]


class Facing(ast.stmt):
    """What facts under one condition are, where it is known not to hold and elsewhere; it stays open for more of them."""

    def __init__(self, absent: ast.expr, span: Span) -> None:
        super().__init__()
        self._absent, self._span = absent, span
        self._values: list[tuple[str, ast.expr, ast.expr]] = []

    def add(self, local: str, absent: ast.expr, given: ast.expr) -> None:
        """Let a local name hold `absent` or `given`; both are computed before."""
        self._values.append((local, absent, given))

    def written(self) -> list[ast.stmt]:
        """Return the statements."""
        then: list[ast.stmt] = [nodes.assign(local, absent) for local, absent, _ in self._values]
        otherwise: list[ast.stmt] = [nodes.assign(local, given) for local, _, given in self._values]
        statements = nodes.when(self._absent, then, otherwise)
        nodes.place(statements, self._span)
        return statements


def append(block: list[ast.stmt], statements: Iterable[ast.stmt]) -> None:
    """Add statements to a block; one under the same test as the one before it continues that one, branch by branch."""
    for statement in statements:
        if block and isinstance(statement, ast.If) and _continues(block[-1], statement):
            block.append(_continued(block.pop(), statement))  # type: ignore[arg-type]  # the one before is an `if`
        else:
            block.append(statement)


def _continues(before: ast.stmt, statement: ast.If) -> bool:
    if not isinstance(before, ast.If) or not nodes.alike(before.test, statement.test):
        return False
    return nodes.names_read([before.test]).isdisjoint(nodes.names_set([before]))


def _continued(before: ast.If, statement: ast.If) -> ast.If:
    body, otherwise = list(before.body), list(before.orelse)
    append(body, statement.body)
    append(otherwise, statement.orelse)
    return ast.copy_location(ast.If(before.test, _busy(body), otherwise), before)


def _busy(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements without `pass`, if there are others."""
    return [statement for statement in body if not isinstance(statement, ast.Pass)] or body[:1]


class Mark:
    """The end of a block at some moment, to which it can be taken back; its last statement may be continued meanwhile."""

    def __init__(self, block: list[ast.stmt]) -> None:
        self._block = block
        self._size, self._last = len(block), block[-1:]

    def restore(self) -> None:
        """Take the block back."""
        del self._block[max(self._size - 1, 0) :]
        self._block.extend(self._last)


def forget(known: dict[Any, Any], size: int) -> None:
    """Forget what was entered after the first `size` entries."""
    while len(known) > size:
        known.popitem()


def unpacking(scope: Scope) -> list[ast.stmt]:
    """Return the statements that unpack the places of the row that are used."""
    width, used = scope.width, scope.cells
    if width > 1 and len(used) * UNPACKED_SHARE >= width:
        return [nodes.unpack([used.get(index, "_") for index in range(width)], scope.row)]
    return [nodes.assign(used[index], nodes.item(scope.row, index)) for index in sorted(used)]


class Builder:
    """One function while it is written.

    `record` is what the reference evaluates. `raw` are the numbers, by owner and name, that stand in local names as the
    caller holds them, ints and floats or, where they are `mixed`, Decimals and Fractions too; `filled` are the local names
    of the series of which every year from first to last is asked.
    """

    def __init__(self, institution: Scope, helpers: Mapping[str, object], span: Span) -> None:
        self.institution = institution
        self.helpers = helpers
        self.globals: dict[str, object] = {}
        self.loops = 0
        self.span = span
        self.record: ast.expr = nodes.name("record")
        self.raw: frozenset[tuple[str, str]] = frozenset()
        self.mixed = False
        self.filled: set[str] = set()
        self._block = institution.statements
        self._names = 0

    # --- names ---

    def local(self, hint: str) -> str:
        """Return a new local name that recalls `hint`, a name of the author or a word of ours.

        The number keeps it apart from every other name of the function.
        """
        self._names += 1
        return f"{identifier(hint, 'value')}_{self._names}"

    def helper(self, name: str) -> str:
        """Return the global name of a function or constant of the runtime."""
        self.globals[name] = self.helpers[name]
        return name

    def call(self, name: str, *arguments: ast.expr) -> ast.expr:
        """Return the call of a function of the runtime."""
        return nodes.call(self.helper(name), *arguments)

    def constant(self, hint: str, value: object) -> ast.expr:
        """Return a global name for an object that no Python literal writes."""
        self._names += 1
        self.globals[f"{hint}_{self._names}"] = value
        return nodes.name(f"{hint}_{self._names}")

    # --- statements ---

    def is_at_top_of(self, scope: Scope) -> bool:
        """Return whether statements go to the top of the function or loop of a scope."""
        return self._block is scope.statements

    def emit(self, *statements: ast.stmt) -> None:
        """Add statements to the current block, at the place of the expression that is being compiled."""
        nodes.place(statements, self.span)
        if self.is_at_top_of(self.institution):
            self.institution.log.extend(nodes.names_set(statements))
        append(self._block, statements)

    def bind(self, hint: str, value: ast.expr) -> ast.expr:
        """Return a local name for the value, which is computed here, or the name or constant that it is already."""
        return value if isinstance(value, ast.Constant) else self.kept(hint, value)

    def kept(self, hint: str, value: ast.expr) -> ast.expr:
        """Return a local name for the value, even of a constant."""
        if isinstance(value, ast.Name):
            return value
        local = self.local(hint)
        self.emit(nodes.assign(local, value))
        return nodes.name(local)

    def bind_pair(self, value: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return local names for the two ends that `value` computes here."""
        low, high = self.local("low"), self.local("high")
        self.emit(nodes.unpack([low, high], value))
        return nodes.name(low), nodes.name(high)

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Let what is emitted stand at `span` for a while."""
        outer, self.span = self.span, span
        try:
            yield
        finally:
            self.span = outer

    @contextmanager
    def block(self, statements: list[ast.stmt] | None = None) -> Iterator[list[ast.stmt]]:
        """Let statements go into `statements`, or a new block, for a while."""
        outer, self._block = self._block, [] if statements is None else statements
        try:
            yield self._block
        finally:
            self._block = outer

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Take back what was written at the top of the function if the expression is not covered."""
        top, block = self.institution, self._block
        before = [Mark(top.statements), Mark(block)]
        computed, loops = len(top.computed), self.loops
        try:
            yield
        except NotCovered:
            for mark in before:
                mark.restore()
            forget(top.computed, computed)
            self.loops = loops
            raise

    # --- rows ---

    def cell(self, scope: Scope, index: int, hint: str) -> ast.expr:
        """Return the local name of a place in the row of a scope, which is unpacked at its top."""
        if index not in scope.cells:
            scope.cells[index] = self.local(hint)
        return nodes.name(scope.cells[index])
