"""A model into the constants that decide in it: values on, just below and just above them are worth trying."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from cedu_rules.model.graph import conditions_of, walk
from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.units import Dimension


@frozen
class Thresholds:
    """Numbers in base units by their dimension, days and texts that occur in a standard, each sorted."""

    numbers: Mapping[Dimension, tuple[Fraction, ...]] = field(factory=dict)
    days: tuple[date, ...] = ()
    texts: tuple[str, ...] = ()


def thresholds(model: Model) -> Thresholds:
    """Return the constants of a standard; of a ratio such as 3/5 also 3 and 5, the counts that may make it."""
    numbers: dict[Dimension, set[Fraction]] = {}
    days: set[date] = set()
    texts: set[str] = set()
    for part in (part for expression in expressions_of(model) for part in walk(expression)):
        match part.data:
            case Fraction() as number:
                found = numbers.setdefault(part.type.dimension, set())
                found.add(number)
                if not part.type.dimension and number.denominator != 1:
                    found.update((Fraction(abs(number.numerator)), Fraction(number.denominator)))
            case date() as day:
                days.add(day)
            case str() as text if part.type.kind == "text":
                texts.add(text)
    ordered = {dimension: tuple(sorted(found)) for dimension, found in numbers.items()}
    return Thresholds(ordered, tuple(sorted(days)), tuple(sorted(texts)))


def expressions_of(model: Model) -> Iterator[Expression]:
    """Yield every expression that stands in a standard."""
    yield from _of_facts(model.facts)
    for record in model.records:
        yield from _of_facts(record.fields)
        yield from (check.condition for check in record.checks)
        yield from (let.value for let in record.lets)
    yield from (check.condition for check in model.checks)
    yield from (let.value for let in model.lets)
    for clause in model.clauses:
        yield from conditions_of(clause)


def _of_facts(facts: tuple[Fact, ...]) -> Iterator[Expression]:
    for fact in facts:
        yield from (part for part in (fact.condition, fact.otherwise) if part is not None)
