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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from attrs import Factory, define

from cedu_rules.backends.python import nodes
from cedu_rules.model.ir import Fact, Let
from cedu_rules.rows import Slot
from cedu_rules.source import Span

Made = TypeVar("Made")

LOOPS_LIMIT = 10
"""Python allows 20 blocks within one another."""


class NotCovered(Exception):  # noqa: N818 -- no error: the reference answers instead
    """An expression for which there is no compiled form."""


@define(eq=False)
class Scope:
    """The institution, or an element of a list `depth` loops deep: what it has, its row, what has been computed of it."""

    name: str
    slots: Mapping[str, Slot]
    lets: Mapping[str, Let]
    row: ast.expr
    depth: int = 0
    statements: list[ast.stmt] = Factory(list)
    cells: dict[int, str] = Factory(dict)
    computed: dict[tuple[str, str], Any] = Factory(dict)

    def fact(self, name: str) -> Fact:
        """Return the declaration of a fact or field."""
        return self.slots[name].fact

    @property
    def width(self) -> int:
        """The number of places in the row."""
        return sum(slot.width for slot in self.slots.values())

    def once(self, kind: str, name: str, make: Callable[[], Made]) -> Made:
        """Return what `make` computes, made once in this scope."""
        key = (kind, name)
        if key not in self.computed:
            self.computed[key] = make()
        return self.computed[key]  # type: ignore[no-any-return]


def identifier(hint: str, otherwise: str) -> str:
    """Return a name from a file if it is an identifier as Python spells it, else `otherwise`."""
    plain = hint.isidentifier() and unicodedata.normalize("NFKC", hint) == hint and not hint.startswith("_")
    return hint if plain and not keyword.iskeyword(hint) else otherwise


class Builder:
    """One function while it is written."""

    def __init__(self, institution: Scope, helpers: Mapping[str, object], span: Span) -> None:
        self.institution = institution
        self.helpers = helpers
        self.globals: dict[str, object] = {}
        self.loops = 0
        self._span = span
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

    def emit(self, *statements: ast.stmt) -> None:
        """Add statements to the current block, at the place of the expression that is being compiled."""
        nodes.place(statements, self._span)
        self._block.extend(statements)

    def bind(self, hint: str, value: ast.expr) -> ast.expr:
        """Return a local name for the value, which is computed here."""
        if isinstance(value, (ast.Name, ast.Constant)):
            return value
        local = self.local(hint)
        self.emit(nodes.assign(local, value))
        return nodes.name(local)

    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """Let what is emitted stand at `span` for a while."""
        outer, self._span = self._span, span
        try:
            yield
        finally:
            self._span = outer

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
        before = (len(top.statements), len(block), len(top.cells), len(top.computed), self.loops)
        try:
            yield
        except NotCovered:
            del block[before[1] :], top.statements[before[0] :]
            for known, size in ((top.cells, before[2]), (top.computed, before[3])):
                while len(known) > size:
                    known.popitem()  # type: ignore[attr-defined]  # both are dicts
            self.loops = before[4]
            raise

    # --- rows ---

    def cell(self, scope: Scope, index: int, hint: str) -> ast.expr:
        """Return the local name of a place in the row of a scope, which is unpacked at its top."""
        if index not in scope.cells:
            scope.cells[index] = self.local(hint)
        return nodes.name(scope.cells[index])

    def unpacking(self, scope: Scope) -> list[ast.stmt]:
        """Return the statements that unpack the places of the row that are used."""
        width, used = scope.width, scope.cells
        if width > 1 and len(used) * UNPACKED_SHARE >= width:
            return [nodes.unpack([used.get(index, "_") for index in range(width)], scope.row)]
        return [nodes.assign(used[index], nodes.item(scope.row, index)) for index in sorted(used)]


UNPACKED_SHARE = 3
"""A row is unpacked as a whole when at least one in so many places is used, else place by place."""
