"""A model into drafts of its records: plain objects with an attribute for each fact that is known.

A draft is what `semantics` reads, without the checks of a record, so that it can be filled step by step: facts after
those that their conditions read, a given value never changed. Filling an empty draft makes a record, filling a partial
one completes it, and filling it only in part makes a step on the way.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from attrs import field, frozen
from hypothesis import reject
from hypothesis import strategies as st

from cedu_rules.model.graph import Graph, Key, post_order
from cedu_rules.model.ir import Check, Expression, Fact, Model, Record
from cedu_rules.model.types import Type
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.testing.thresholds import Thresholds, thresholds
from cedu_rules.testing.values import days, known, partly_known
from cedu_rules.truth import Truth
from cedu_rules.validity import find_contradictions

Draft = SimpleNamespace

_ELEMENTS = 4
_ATTEMPTS = 3
_KNOWN_OF_TEN = 7
_DOUBTFUL_OF_TEN = 2


@frozen
class Plan:
    """A model with what filling needs to know of it: the order of its facts and fields, and what decides in it."""

    model: Model = field(repr=lambda model: model.id)
    near: Thresholds = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)
    fields: Mapping[str, tuple[Fact, ...]] = field(repr=False)
    _values: dict[tuple[int, bool], st.SearchStrategy[Any]] = field(factory=dict, eq=False, repr=False)

    def values(self, type_: Type, *, complete: bool) -> st.SearchStrategy[Any]:
        """Return the strategy of values of a type of this model, made once."""
        key = id(type_), complete
        if key not in self._values:
            self._values[key] = (known if complete else partly_known)(type_, self.near)
        return self._values[key]


def plan_of(model: Model) -> Plan:
    """Return the plan of a model, made once for many drafts."""
    fields = {record.name: _fields_in_order(model, record) for record in model.records}
    return Plan(model, thresholds(model), _in_order(model), fields)


def assessment_days(plan: Plan) -> st.SearchStrategy[date | None]:
    """Return the strategy of days of an assessment; None for an unknown one."""
    return st.one_of(st.none(), days(plan.near))


@st.composite
def drafts(draw: st.DrawFn, plan: Plan, *, complete: bool, day: date | None = None) -> Draft:
    """Draw a valid draft; complete, or with any of its facts missing."""
    filled = draw(fillings(plan, Draft(), complete=complete, day=day))
    return reject() if filled is None else filled


@st.composite
def fillings(draw: st.DrawFn, plan: Plan, given: Draft, *, complete: bool, day: date | None = None) -> Draft | None:
    """Draw what the given facts may turn out to be: missing ones are filled, all of them or some.

    None where what was drawn makes the input impossible.
    """
    filled = None
    for _ in range(_ATTEMPTS):
        filled = filled or Filler(draw, plan, complete=complete, day=day).filled(given)
    return filled


class Filler:
    """Fills the missing facts of a draft with drawn values."""

    def __init__(self, draw: st.DrawFn, plan: Plan, *, complete: bool, day: date | None) -> None:
        self.draw = draw
        self.plan = plan
        self.model = plan.model
        self.near = plan.near
        self.complete = complete
        self.day = day
        self.draft = Draft()

    def filled(self, given: Draft) -> Draft | None:
        """Return the draft with more facts, or None where they contradict one another."""
        self.draft = copied(given)
        for fact in self.plan.facts:
            self.fill(fact, self.draft, {})
        if not vars(given):
            _Order(self.model, self.draft).settle()
        return None if contradicts(self.model, self.draft, self.day) else self.draft

    def fill(self, fact: Fact, owner: Draft, environment: Environment) -> None:
        """Give a fact or field a value, unless it stays missing or does not exist."""
        given = getattr(owner, fact.name, None)
        exists = self._exists(fact, environment)
        if exists is False or (given is None and not self._gives(exists)):
            return
        value = self._list(fact.type, given) if fact.type.kind == "list" else self._value(fact.type, given)
        if value is not None:
            setattr(owner, fact.name, value)

    def _exists(self, fact: Fact, environment: Environment) -> Truth:
        if fact.condition is None:
            return True
        truth: Truth = Evaluation(self.model, self.draft, self.day).value(fact.condition, environment)
        return truth

    def _gives(self, exists: Truth) -> bool:
        """Return whether a missing fact gets a value; seldom where it may not exist, since it then decides about others."""
        if exists and self.complete:
            return True
        return self._known(_KNOWN_OF_TEN if exists else _DOUBTFUL_OF_TEN)

    def _known(self, of_ten: int = _KNOWN_OF_TEN) -> bool:
        return self.draw(st.integers(1, 10)) > 10 - of_ten

    def _value(self, type_: Type, given: Any) -> Any:  # noqa: ANN401
        if given is None:
            return self.draw(self.plan.values(type_, complete=self.complete))
        if type_.kind == "set":
            return {name: self._part(st.booleans(), truth) for name, truth in given.items()}
        if type_.kind == "series" and type_.element is not None:
            numbers = self.plan.values(type_.element, complete=True)
            years = range(min(given), max(given) + 1)
            found = {year: self._part(numbers, given.get(year)) for year in years}
            return {year: value for year, value in found.items() if value is not None or year in given}
        return given

    def _part(self, values: st.SearchStrategy[Any], given: Any) -> Any:  # noqa: ANN401
        """Return the member or year as given, or what it may turn out to be."""
        return self.draw(values) if given is None and (self.complete or self._known()) else given

    def _list(self, type_: Type, given: tuple[Draft, ...] | None) -> tuple[Draft, ...]:
        """Return the elements, each with its fields filled; a given list gains none."""
        record = self.model.records_by_name[type_.name]
        elements = given
        if elements is None:
            elements = tuple(Draft() for _ in range(self.draw(st.integers(0, _ELEMENTS))))
        for element in elements:
            for part in self.plan.fields[record.name]:
                self.fill(part, element, {"": element})
        return elements if given is not None else tuple(_told_apart(elements, record.key))


def _told_apart(elements: Iterable[Draft], key: str | None) -> Iterator[Draft]:
    """Yield the elements without those whose key another one has."""
    taken: set[object] = set()
    for element in elements:
        value = None if key is None else getattr(element, key, None)
        if value is None or value not in taken:
            yield element
        taken.add(value)


def copied(draft: Draft) -> Draft:
    """Return a copy that may be filled; values other than lists are shared, since nothing changes them."""
    return Draft(
        **{
            name: tuple(copied(element) for element in value) if isinstance(value, tuple) else value
            for name, value in vars(draft).items()
        }
    )


def as_data(draft: Draft) -> dict[str, Any]:
    """Return the draft as the mapping that a record is read from."""
    return {
        name: [as_data(element) for element in value] if isinstance(value, tuple) else value
        for name, value in vars(draft).items()
    }


# --- the order of filling --------------------------------------------------------------------------------------------


def _in_order(model: Model) -> tuple[Fact, ...]:
    """Return the facts of the institution, each after those that decide whether it, or a field in it, exists."""
    graph = Graph(model)

    def edges(key: Key) -> tuple[Key, ...]:
        targets = graph.edges(key)
        fact = graph.facts.get(key)
        if fact is not None and fact.type.kind == "list":
            fields = model.records_by_name[fact.type.name].fields
            targets += tuple(("fact", fact.type.name, field.name) for field in fields)
        return targets

    ordered = post_order(graph.keys(), edges)[0]
    return tuple(graph.facts[key] for key in ordered if key[0] == "fact" and not key[1])


def _fields_in_order(model: Model, record: Record) -> tuple[Fact, ...]:
    graph = Graph(model)
    keys: list[Key] = [("fact", record.name, field.name) for field in record.fields]
    ordered = post_order(keys, graph.edges)[0]
    return tuple(graph.facts[key] for key in ordered if key[:2] == ("fact", record.name))


# --- what cannot be --------------------------------------------------------------------------------------------------


def contradicts(model: Model, draft: Draft, day: date | None) -> bool:
    """Return whether a draft says what cannot be: a false check, a fact that does not exist, a key twice."""
    return _has_key_twice(model, draft) or bool(find_contradictions(model, draft, day))


def _has_key_twice(model: Model, draft: Draft) -> bool:
    for facts, _, owner, _ in _owners(model, draft):
        for fact in facts:
            if fact.type.kind == "list":
                elements = getattr(owner, fact.name, None) or ()
                if len(list(_told_apart(elements, model.records_by_name[fact.type.name].key))) < len(elements):
                    return True
    return False


def _owners(model: Model, draft: Draft) -> Iterator[tuple[tuple[Fact, ...], tuple[Check, ...], Draft, Environment]]:
    """Yield the institution and every element, with its facts and checks and the environment of both."""
    waiting: list[tuple[tuple[Fact, ...], tuple[Check, ...], Draft, Environment]] = [
        (model.facts, model.checks, draft, {})
    ]
    while waiting:
        facts, checks, owner, environment = waiting.pop()
        yield facts, checks, owner, environment
        for fact in facts:
            if fact.type.kind == "list":
                record = model.records_by_name[fact.type.name]
                elements = getattr(owner, fact.name, None) or ()
                waiting += [(record.fields, record.checks, element, {"": element}) for element in elements]


class _Order:
    """Exchanges values that a check wants the other way round, so that few drafts have to be thrown away."""

    def __init__(self, model: Model, draft: Draft) -> None:
        self.model = model
        self.draft = draft

    def settle(self) -> None:
        """Exchange the two facts of every check `one <= other` that is false, for series year by year."""
        for _, checks, owner, environment in _owners(self.model, self.draft):
            for check in checks:
                if check.condition.operator in {"<", "<=", ">", ">="}:
                    self._exchange(check.condition, owner, environment)

    def _exchange(self, condition: Expression, owner: Draft, environment: Environment) -> None:
        names = [_read(operand) for operand in condition.operands]
        values = [getattr(owner, name, None) for name in names if name is not None]
        if len(values) < len(names) or None in values:
            return
        if all(isinstance(value, dict) for value in values):
            self._by_year(condition.operator, owner, [str(name) for name in names])
        elif Evaluation(self.model, self.draft).value(condition, environment) is False:
            for name, value in zip(names, reversed(values), strict=True):
                setattr(owner, str(name), value)

    @staticmethod
    def _by_year(operator: str, owner: Draft, names: list[str]) -> None:
        left, right = (dict(getattr(owner, name)) for name in names)
        for year in left.keys() & right.keys():
            pair = [left[year], right[year]]
            if None not in pair:
                left[year], right[year] = sorted(pair, reverse=operator in {">", ">="})
        setattr(owner, names[0], left)
        setattr(owner, names[1], right)


def _read(expression: Expression) -> str | None:
    """Return the name of the fact or field that is compared, or whose year is."""
    if expression.operator == "at":
        expression = expression.operands[0]
    return str(expression.data) if expression.operator in {"fact", "field"} else None
