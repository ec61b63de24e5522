"""The resolved model of a standard, from which every backend, the reference and the explanations work.

An expression is a term: an operator of the table below, operands, and data that is no expression. One shape for all
keeps traversals one line long and the model cheap to load; what each operator means stands in `semantics.py` alone.

    operator            operands                     data
    constant                                         bool, Fraction (base units), date, text or member name
    assessed_on                                      the day of the assessment
    fact                                             name of a fact of the institution
    field               element                      name of a field of its record
    let                 (element of its record)      name of a let of the institution, or of the element's record
    variable                                         name of an element bound by an aggregate; "" is the record itself
    exists              fact or field                whether a fact under a condition exists
    passes                                           id of a clause
    not                 condition
    and, or             conditions
    at_least            conditions                   how many
    = < <= > >=         two of one type
    in                  value, constants
    includes            set                          names of members
    present             set                          number of members present
    + *                 numbers or series
    - abs               number or series             `-` is the sign; a difference adds a negative
    /                   number or series, twice
    ceil floor round    number
    lowest highest      numbers, dates or levels     `min(x, y)`, `max(x, y)`
    if                  condition, value, value
    by                  selector, then bound and value of each row, then the value of `else` if any; data: operators
    all any count sum min max average distinct
                        list, filter, body           name of the variable; `count` has no body
    step                date, number                 a date so many days or months later
    days_between        date, date                   `date - date`
    year                date
    rises falls latest  series
    average_of          series                       number of years
    at                  series, year
"""

from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeAlias, TypeVar

from attrs import field, frozen

from cedu_rules.model.types import Member, Type
from cedu_rules.source import Citation, Source, Span
from cedu_rules.units import Unit

__all__ = [
    "AGGREGATES",
    "COMPARISONS",
    "Check",
    "Clause",
    "Data",
    "Example",
    "Expression",
    "Fact",
    "Let",
    "Member",
    "Model",
    "Param",
    "Record",
    "Requirement",
    "Type",
]

Data: TypeAlias = bool | int | Fraction | date | str | tuple[str, ...] | None

AGGREGATES = frozenset({"all", "any", "count", "sum", "min", "max", "average", "distinct"})
COMPARISONS = frozenset({"=", "<", "<=", ">", ">="})

Placed = TypeVar("Placed", bound=tuple[object, ...])


def _wherever_it_stands(class_: type[Placed]) -> type[Placed]:
    """Have instances be equal, and look alike, wherever they stand: the last field, the span, does not count."""

    def equal(self: Placed, other: object) -> bool:
        return other.__class__ is class_ and self[:-1] == other[:-1]

    def unequal(self: Placed, other: object) -> bool:
        return not equal(self, other)

    def hashed(self: Placed) -> int:
        return hash(self[:-1])

    def shown(self: Placed) -> str:
        return f"{class_.__name__}{self[:-1]!r}"

    own = {"__hash__"} & vars(class_).keys()
    for name, method in (("__eq__", equal), ("__ne__", unequal), ("__hash__", hashed), ("__repr__", shown)):
        if name not in own:
            setattr(class_, name, method)
    return class_


@_wherever_it_stands
class Expression(NamedTuple):
    """A term: `operator` with `operands` and `data`, of type `type`, written at `span`."""

    operator: str
    operands: tuple["Expression", ...]
    data: Data
    type: Type
    span: Span


@_wherever_it_stands
class Fact(NamedTuple):
    """A fact of the institution or a field of a record.

    `kind` is measured, documented or judged. It exists only where `condition` holds (None: always); elsewhere it has the
    constant `otherwise`, or none.
    """

    name: str
    type: Type
    kind: str
    label: str
    condition: Expression | None
    otherwise: Expression | None
    span: Span


@_wherever_it_stands
class Check(NamedTuple):
    """Data for which `condition` is known to be false is refused with `message`."""

    condition: Expression
    message: str
    span: Span


@_wherever_it_stands
class Let(NamedTuple):
    """A named expression, evaluated once a record."""

    name: str
    value: Expression
    span: Span


@_wherever_it_stands
class Param(NamedTuple):
    """A named constant."""

    name: str
    value: Expression
    span: Span


@frozen(slots=False)  # in slots, cached properties make every attribute slow to read
class Record:
    """The shape of the elements of a list; `key` names the field that tells them apart, if any."""

    name: str
    key: str | None
    fields: tuple[Fact, ...]
    checks: tuple[Check, ...]
    lets: tuple[Let, ...]
    span: Span = field(eq=False, repr=False)

    @cached_property
    def fields_by_name(self) -> dict[str, Fact]:
        """The fields by name."""
        return {fact.name: fact for fact in self.fields}

    @cached_property
    def lets_by_name(self) -> dict[str, Let]:
        """The lets by name."""
        return {let.name: let for let in self.lets}


@_wherever_it_stands
class Requirement(NamedTuple):
    """One `must` or `should`; `kind` is the kind of what it reads: judged before documented before measured."""

    modality: str
    kind: str
    condition: Expression
    label: str | None
    span: Span

    @property
    def text(self) -> str:
        """The demand as the author wrote it, on one line."""
        return " ".join(self.span.text.split())


@_wherever_it_stands
class Example(NamedTuple):
    """Values by fact name, in the shape of JSON data with exact numbers, and the status that they should give."""

    status: str
    values: dict[str, object]
    span: Span

    def __hash__(self) -> int:
        return hash(self.status)


@_wherever_it_stands
class Clause(NamedTuple):
    """One line of the annex. All `guards` must hold for it to apply."""

    id: str
    title: str
    citation: Citation
    guards: tuple[Expression, ...]
    requirements: tuple[Requirement, ...]
    notes: tuple[str, ...]
    examples: tuple[Example, ...]
    span: Span

    @property
    def advisory(self) -> bool:
        """Whether the clause only recommends, and so does not count in the verdict."""
        return all(requirement.modality == "should" for requirement in self.requirements)


@frozen(slots=False)  # in slots, cached properties make every attribute slow to read
class Model:
    """A whole standard, resolved. Facts stand in the order in which the file declares them."""

    id: str
    title: str
    document: str
    annex: int | None
    effective_from: date | None
    language: str
    source: Source
    units: tuple[Unit, ...]
    params: tuple[Param, ...]
    facts: tuple[Fact, ...]
    records: tuple[Record, ...]
    checks: tuple[Check, ...]
    lets: tuple[Let, ...]
    clauses: tuple[Clause, ...]

    @cached_property
    def facts_by_name(self) -> dict[str, Fact]:
        """The facts of the institution by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def records_by_name(self) -> dict[str, Record]:
        """The records by name."""
        return {record.name: record for record in self.records}

    @cached_property
    def lets_by_name(self) -> dict[str, Let]:
        """The lets of the institution by name."""
        return {let.name: let for let in self.lets}

    @cached_property
    def clauses_by_id(self) -> dict[str, Clause]:
        """The clauses by id."""
        return {clause.id: clause for clause in self.clauses}
