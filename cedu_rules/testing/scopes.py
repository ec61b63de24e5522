"""A standard into the names that an expression in it may use, each with its type.

Strategies of expressions draw from a `Scope`; a whole generated standard makes its scopes as it grows.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.model.types import COUNT, DATE, Type
from cedu_rules.semantics import Evaluation


@frozen
class Name:
    """A name, or `element.field`, with the type of what it stands for.

    `form` is fact, field, let, param or builtin: what is constant may be zero, so that nothing is divided by it.
    `may_be_absent` tells whether it may not exist, so that a table by it needs an `else`; `selectable` whether it may be
    anything that its type allows, so that every row of a table by it can be reached.
    """

    text: str
    type: Type
    form: str = "fact"
    may_be_absent: bool = False
    selectable: bool = True


@frozen
class Scope:
    """The names that are visible, the fields of records, and the clauses that may be asked for."""

    names: tuple[Name, ...] = ()
    records: Mapping[str, tuple[Name, ...]] = field(factory=dict)
    clauses: tuple[str, ...] = ()
    depth: int = 0

    def of_kind(self, *kinds: str) -> tuple[Name, ...]:
        """Return the names whose type is of one of the kinds."""
        return tuple(name for name in self.names if name.type.kind in kinds)

    def sees(self, word: str) -> bool:
        """Return whether the word stands for something, so that it cannot name a member alone."""
        return any(name.text == word for name in self.names)

    def with_names(self, names: Iterable[Name]) -> "Scope":
        """Return the scope with more names."""
        return evolve(self, names=(*self.names, *names))

    def inside(self, record: str) -> tuple[str, "Scope"]:
        """Return a fresh variable for the elements of a list, and the scope that sees their fields."""
        words = (f"e{number}" for number in range(self.depth + 1, self.depth + len(self.names) + 2))
        variable = next(word for word in words if not self.sees(word))
        fields = [evolve(name, text=f"{variable}.{name.text}") for name in self.records[record]]
        return variable, evolve(self, names=(*fields, *self.names), depth=self.depth + 1)


BUILT_IN = (Name("assessed_on", DATE, "builtin"), Name("assessed_year", COUNT, "builtin"))


def scope_of(model: Model) -> Scope:
    """Return what a clause of the standard can see."""
    blank = Evaluation(model, None)
    records = {
        record.name: (*_facts(record.fields, "field", blank), *(_let(let.name, let.value) for let in record.lets))
        for record in model.records
    }
    params = [Name(param.name, param.value.type, "param") for param in model.params]
    names = (
        *_facts(model.facts, "fact", blank),
        *(_let(let.name, let.value) for let in model.lets),
        *params,
        *BUILT_IN,
    )
    writable = {record: tuple(filter(_writable, fields)) for record, fields in records.items()}
    return Scope(tuple(filter(_writable, names)), writable, tuple(clause.id for clause in model.clauses))


def _writable(name: Name) -> bool:
    """Return whether numbers of the dimension of the name can be written: of a product of units none can."""
    dimension = (name.type.element or name.type).dimension
    return not dimension or [power for _, power in dimension] == [1]


def _facts(facts: tuple[Fact, ...], form: str, blank: Evaluation) -> Iterator[Name]:
    for fact in facts:
        is_free = fact.condition is None or blank.value(fact.condition, {"": None}) is None
        yield Name(fact.name, fact.type, form, fact.condition is not None and fact.otherwise is None, is_free)


def _let(name: str, value: Expression) -> Name:
    """Return the name of a let; whether its value exists is not looked up, so that it counts as doubtful."""
    return Name(name, value.type, "let", may_be_absent=True, selectable=False)
