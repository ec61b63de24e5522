"""A model into plain JSON data and back: what a cache of loaded standards holds.

Data only: lists, texts, numbers, true, false and null, never code. The text of the file is not in it; spans are offsets
into the text that the reader has at hand. A type or unit is stored once and named by its number.

    Fraction     {"q": "2000/3"}      date     {"d": "2022-09-01"}      tuple     {"t": [...]}
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.messages import Words
from cedu_rules.model.ir import (
    Check,
    Clause,
    Example,
    Expression,
    Fact,
    Let,
    Model,
    Param,
    Record,
    Requirement,
)
from cedu_rules.model.types import Member, Type
from cedu_rules.source import Citation, Source, Span
from cedu_rules.units import Unit

__all__ = ["StoredError", "restore", "store"]


class StoredError(ValueError):
    """Data that is no stored model."""


def store(model: Model, warnings: Iterable[Diagnostic] = ()) -> dict[str, Any]:
    """Return the data of a model without its text, and of the warnings about that text.

    Raises:
        TypeError: a value in it has no stored form.
    """
    return {**_Writer().model(model), "warnings": [_warning(each) for each in warnings]}


def restore(data: Any, source: Source) -> tuple[Model, tuple[Diagnostic, ...]]:  # noqa: ANN401 -- whatever a file held
    """Return the model that was stored, and the warnings; the text is that of `source`.

    Raises:
        StoredError: the data is no stored model.
    """
    try:
        warnings = tuple(_warned(source, *content) for content in data["warnings"])
        return _Reader(data, source).model(data), warnings
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise StoredError(str(error)) from None


class _Writer:
    """Turns a model into data; `types` and `units` grow as they are met."""

    def __init__(self) -> None:
        self.types: list[Any] = []
        self.units: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def model(self, model: Model) -> dict[str, Any]:
        data = {
            "id": model.id,
            "title": model.title,
            "document": model.document,
            "annex": model.annex,
            "effective_from": _plain(model.effective_from),
            "language": model.language,
            "own_units": [self.unit(unit) for unit in model.units],
            "params": [[each.name, self.expression(each.value), *_ends(each)] for each in model.params],
            "facts": [self.fact(fact) for fact in model.facts],
            "records": [self.record(record) for record in model.records],
            "checks": self.checks(model.checks),
            "lets": self.lets(model.lets),
            "clauses": [self.clause(clause) for clause in model.clauses],
        }
        return {**data, "types": self.types, "units": self.units}

    def unit(self, unit: Unit) -> int:
        return self._number(self.units, unit, lambda: [unit.name, unit.dimension, str(unit.factor), unit.counter])

    def type(self, type_: Type) -> int:
        return self._number(self.types, type_, lambda: self._type(type_))

    def _type(self, type_: Type) -> list[Any]:
        members = [[member.name, member.labels] for member in type_.members]
        element = None if type_.element is None else self.type(type_.element)
        bounds = [_plain(type_.low), _plain(type_.high)]
        return [type_.kind, type_.name, type_.dimension, self.unit(type_.unit), type_.whole, *bounds, members, element]

    def _number(self, table: list[Any], thing: Unit | Type, made: Callable[[], list[Any]]) -> int:
        if thing not in self._numbers:
            content = made()  # an element of a series is numbered before the series
            self._numbers[thing] = len(table)
            table.append(content)
        return self._numbers[thing]

    def expression(self, term: Expression) -> list[Any]:
        operands = [self.expression(operand) for operand in term.operands]
        return [term.operator, operands, _plain(term.data), self.type(term.type), *_ends(term)]

    def optional(self, term: Expression | None) -> list[Any] | None:
        return None if term is None else self.expression(term)

    def fact(self, fact: Fact) -> list[Any]:
        conditions = [self.optional(fact.condition), self.optional(fact.otherwise)]
        return [fact.name, self.type(fact.type), fact.kind, fact.label, *_ends(fact), *conditions]

    def record(self, record: Record) -> list[Any]:
        fields = [self.fact(fact) for fact in record.fields]
        return [record.name, record.key, fields, self.checks(record.checks), self.lets(record.lets), *_ends(record)]

    def checks(self, checks: Iterable[Check]) -> list[Any]:
        return [[self.expression(check.condition), check.message, *_ends(check)] for check in checks]

    def lets(self, lets: Iterable[Let]) -> list[Any]:
        return [[let.name, self.expression(let.value), *_ends(let)] for let in lets]

    def clause(self, clause: Clause) -> list[Any]:
        place = clause.citation
        return [
            clause.id,
            clause.title,
            [place.document, place.annex, place.section, place.subsection, place.line],
            [self.expression(guard) for guard in clause.guards],
            [
                [each.modality, each.kind, self.expression(each.condition), each.label, *_ends(each)]
                for each in clause.requirements
            ],
            list(clause.notes),
            [[example.status, _plain(example.values), *_ends(example)] for example in clause.examples],
            *_ends(clause),
        ]


class _Reader:
    """Turns data back into a model."""

    def __init__(self, data: dict[str, Any], source: Source) -> None:
        self.source = source
        self.units: list[Unit] = []
        self.types: list[Type] = []
        for name, dimension, factor, counter in data["units"]:
            self.units.append(Unit(name, _dimension(dimension), Fraction(factor), counter))
        for content in data["types"]:
            self.types.append(self._type(*content))

    def _type(
        self,
        kind: str,
        name: str,
        dimension: list[Any],
        unit: int,
        whole: bool,
        low: Any,  # noqa: ANN401 -- whatever a file held
        high: Any,  # noqa: ANN401
        members: list[Any],
        element: int | None,
    ) -> Type:
        listed = tuple(Member(member, tuple(labels)) for member, labels in members)
        inner = None if element is None else self.types[element]
        bounds = (_value(low), _value(high))
        return Type(kind, name, _dimension(dimension), self.units[unit], whole, *bounds, listed, inner)

    def model(self, data: dict[str, Any]) -> Model:
        return Model(
            data["id"],
            data["title"],
            data["document"],
            data["annex"],
            _value(data["effective_from"]),
            data["language"],
            self.source,
            tuple(self.units[number] for number in data["own_units"]),
            tuple(Param(name, self.expression(value), self.span(*ends)) for name, value, *ends in data["params"]),
            tuple(self.fact(*content) for content in data["facts"]),
            tuple(self.record(*content) for content in data["records"]),
            self.checks(data["checks"]),
            self.lets(data["lets"]),
            tuple(self.clause(*content) for content in data["clauses"]),
        )

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)

    def expression(self, content: list[Any]) -> Expression:
        operator, operands, data, type_, start, end = content
        terms = tuple([self.expression(operand) for operand in operands])
        plain = _value(data) if data.__class__ is dict else data
        return Expression(operator, terms, plain, self.types[type_], Span(self.source, start, end))

    def optional(self, content: list[Any] | None) -> Expression | None:
        return None if content is None else self.expression(content)

    def fact(self, name: str, type_: int, kind: str, label: str, start: int, end: int, *conditions: Any) -> Fact:  # noqa: ANN401
        condition, otherwise = map(self.optional, conditions)
        return Fact(name, self.types[type_], kind, label, condition, otherwise, self.span(start, end))

    def record(self, name: str, key: str | None, fields: Any, checks: Any, lets: Any, *ends: int) -> Record:  # noqa: ANN401
        facts = tuple(self.fact(*content) for content in fields)
        return Record(name, key, facts, self.checks(checks), self.lets(lets), self.span(*ends))

    def checks(self, contents: list[Any]) -> tuple[Check, ...]:
        return tuple(
            Check(self.expression(condition), message, self.span(*ends)) for condition, message, *ends in contents
        )

    def lets(self, contents: list[Any]) -> tuple[Let, ...]:
        return tuple(Let(name, self.expression(value), self.span(*ends)) for name, value, *ends in contents)

    def clause(self, *content: Any) -> Clause:  # noqa: ANN401
        name, title, place, guards, requirements, notes, examples, *ends = content
        return Clause(
            name,
            title,
            Citation(*place),
            tuple(map(self.expression, guards)),
            tuple(self.requirement(*each) for each in requirements),
            tuple(notes),
            tuple(Example(status, _value(values), self.span(*place)) for status, values, *place in examples),
            self.span(*ends),
        )

    def requirement(self, modality: str, kind: str, condition: list[Any], label: str | None, *ends: int) -> Requirement:
        return Requirement(modality, kind, self.expression(condition), label, self.span(*ends))


def _warning(diagnostic: Diagnostic) -> list[Any]:
    hint = diagnostic.hint
    told = None if hint is None else [hint.id, _plain(dict(hint.values))]
    return [diagnostic.code, *_ends(diagnostic), _plain(dict(diagnostic.values)), told]


def _warned(source: Source, code: str, start: int, end: int, values: Any, hint: Any) -> Diagnostic:  # noqa: ANN401
    told = None if hint is None else Hint(hint[0], _value(hint[1]))
    return Diagnostic(code, Span(source, start, end), _value(values), told)


def _ends(thing: Any) -> tuple[int, int]:  # noqa: ANN401 -- whatever has a span
    return thing.span.start, thing.span.end


def _dimension(stored: list[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((name, power) for name, power in stored)


def _plain(value: object) -> Any:  # noqa: ANN401
    """Return the stored form of a value.

    Raises:
        TypeError: it has none.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Fraction):
        return {"q": str(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, Words):
        return {"w": [value.en, value.zh]}
    if isinstance(value, tuple):
        return {"t": [_plain(each) for each in value]}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {"m": [[_plain(key), _plain(each)] for key, each in value.items()]}
    raise TypeError(f"a `{type(value).__name__}` has no stored form")


def _value(stored: Any) -> Any:  # noqa: ANN401
    """Return the value of its stored form."""
    if isinstance(stored, list):
        return [_value(each) for each in stored]
    if not isinstance(stored, dict):
        return stored
    ((tag, content),) = stored.items()
    return _VALUES[tag](content)


_VALUES: dict[str, Callable[[Any], Any]] = {
    "q": Fraction,
    "d": date.fromisoformat,
    "n": Decimal,
    "w": lambda content: Words(*content),
    "t": lambda content: tuple(_value(each) for each in content),
    "m": lambda content: {_value(key): _value(each) for key, each in content},
}
