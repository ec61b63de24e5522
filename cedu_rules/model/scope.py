"""The names of a file, and which of them a place can see.

Four name spaces: facts with lets and params, types and records, units, clauses. A record has fields and lets of its
own. Lets and params are resolved when they are first asked for; asking again while that goes on is a cycle.
"""

from collections.abc import Iterator
from typing import Literal

from attrs import Factory, define, evolve, frozen

from cedu_rules.model.ir import Expression
from cedu_rules.model.types import Type
from cedu_rules.source import Span
from cedu_rules.syntax import nodes
from cedu_rules.units import Unit


@define
class FactEntry:
    """A declared fact or field with its type; `condition` tells whether it may not exist."""

    name: str
    type: Type
    kind: str
    label: str
    span: Span
    condition: nodes.Expression | None = None
    otherwise: nodes.Expression | None = None

    @property
    def may_be_absent(self) -> bool:
        """Whether there may be no value at all, not even a default."""
        return self.condition is not None and self.otherwise is None


@define(eq=False)
class LetEntry:
    """A let or param; `value` is filled when it has been resolved, None then means that it is faulty."""

    name: str
    node: nodes.Expression
    span: Span
    record: "RecordEntry | None" = None
    constant: bool = False
    state: Literal["waiting", "working", "done"] = "waiting"
    value: Expression | None = None


Entry = FactEntry | LetEntry


@define(eq=False)
class RecordEntry:
    """A record with what it holds by name."""

    name: str
    span: Span
    key: str | None = None
    entries: dict[str, Entry] = Factory(dict)

    @property
    def type(self) -> Type:
        """The type of an element."""
        return Type("record", name=self.name)


@define(eq=False)
class Names:
    """Everything that the file declares at its top."""

    entries: dict[str, Entry] = Factory(dict)
    types: dict[str, Type] = Factory(dict)
    records: dict[str, RecordEntry] = Factory(dict)
    units: dict[str, Unit] = Factory(dict)
    clauses: dict[str, Span] = Factory(dict)


@frozen
class Scope:
    """What an expression can see: the variables around it, its record, the file."""

    names: Names
    record: RecordEntry | None = None
    variables: dict[str, str] = Factory(dict)
    """Records by the names of their variables."""

    def entry(self, name: str) -> Entry | None:
        """Return the field, let, fact or param of that name, or None."""
        if self.record is not None and name in self.record.entries:
            return self.record.entries[name]
        return self.names.entries.get(name)

    def sees(self, name: str) -> bool:
        """Return whether the name stands for something here, members left aside."""
        return name in self.variables or name in {"assessed_on", "assessed_year"} or self.entry(name) is not None

    def with_variable(self, name: str, record: str) -> "Scope":
        """Return the scope inside an aggregate."""
        return evolve(self, variables={**self.variables, name: record})

    def visible(self) -> Iterator[str]:
        """Yield every name that stands for something here."""
        yield from self.variables
        if self.record is not None:
            yield from self.record.entries
        yield from self.names.entries
        yield from ("assessed_on", "assessed_year")
