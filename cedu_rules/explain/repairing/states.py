"""A record into versions of it: values changed by path, each version with its own evaluation.

A path is a tuple: `("area",)`, `("charter", "purpose")`, `("registered", 2022)`, `("teachers", 1, "degree")`. Elements of a
list are numbered from 0 as they stood in the record; those added come after; one that was taken off keeps its number.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

from attrs import evolve, field, frozen

from cedu_rules.explain.repairing.demands import status_of
from cedu_rules.model.ir import Clause, Expression, Fact, Model
from cedu_rules.model.types import BOOL, DATE, Type
from cedu_rules.records.mappings import FrozenMapping
from cedu_rules.results import Status
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.source import Source, Span
from cedu_rules.values import Value

Path: TypeAlias = tuple[str | int, ...]
Context: TypeAlias = Mapping[str, Path]
"""Paths of elements by the variables bound to them; "" is the element whose let or condition is evaluated."""

ADDED: Final = "added"
TAKEN_OFF: Final = "taken off"
NO_REMEDY: Final = 1000
"""The penalty from which a change comes after all that have a smaller one, whatever they cost."""
DAY: Final[Path] = ("assessed_on",)
DAY_FACT: Final = Fact("assessed_on", DATE, "input", "评定基准日", None, None, Span(Source("", ""), 0, 0))


class Element(SimpleNamespace):
    """An element of a list that was changed or added: its fields by name. It is never changed itself, and so can be a key."""

    def __hash__(self) -> int:  # type: ignore[override]  # a namespace may change, and has none
        return hash(tuple(sorted(vars(self).items(), key=lambda pair: pair[0])))


def as_input(value: Any) -> Any:  # noqa: ANN401 -- a value of any type
    """Return a value as input, elements that were changed or added as mappings of what they have."""
    if isinstance(value, tuple):
        return tuple(as_input(element) for element in value)
    if isinstance(value, Element):
        return {name: as_input(inner) for name, inner in vars(value).items() if inner is not None}
    return value


@frozen(eq=False)
class State:
    """A record with some values changed.

    * `edits`: the changed values by path; `ADDED` and `TAKEN_OFF` for elements of lists.
    * `penalty`: how unwelcome the changes are beyond what they cost.
    """

    model: Model = field(repr=False)
    base: SimpleNamespace = field(repr=False)
    root: SimpleNamespace = field(repr=False)
    assessed_on: date | None
    edits: Mapping[Path, Any] = field(factory=dict)
    penalty: int = 0

    @classmethod
    def of(cls, model: Model, record: object, assessed_on: date | None) -> "State":
        """Return the record as it is."""
        root = SimpleNamespace(**{fact.name: getattr(record, fact.name, None) for fact in model.facts})
        return cls(model, root, root, assessed_on)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The reference on this version."""
        return Evaluation(self.model, self.root, self.assessed_on)

    def value(self, expression: Expression, context: Context) -> Value:
        """Return what is known of the value of the expression."""
        return self.evaluation.value(expression, self.environment(context))

    def status(self, clause: Clause) -> Status:
        """Return the status of the clause, or of what is left of it."""
        return status_of(self.evaluation, clause)

    def environment(self, context: Context) -> Environment:
        """Return the elements that the variables stand for."""
        return {variable: self.owner(path) for variable, path in context.items()}

    def holds(self, context: Context) -> bool:
        """Return whether the elements that the variables stand for are still there."""
        taken = self._taken
        return not taken or not any(path[: len(gone)] == gone for path in context.values() for gone in taken)

    # --- reading ---

    def owner(self, path: Path) -> Any:  # noqa: ANN401 -- a record of any standard
        """Return the institution, or the element at the path."""
        found: Any = self.root
        for end in range(2, len(path) + 1, 2):
            found = getattr(found, str(path[end - 2]))[self._position(path[:end])]
        return found

    def _position(self, path: Path) -> int:
        """Return where an element stands now that others were taken off."""
        gone = sum(_before(other, path) for other in self._taken) if self._taken else 0
        return int(path[-1]) - gone

    @cached_property
    def _taken(self) -> tuple[Path, ...]:
        """The elements that were taken off."""
        return tuple(path for path, edit in self.edits.items() if edit is TAKEN_OFF)

    def elements(self, path: Path) -> list[Path]:
        """Return the paths of the elements of the list at the path."""
        listed = getattr(self.owner(path[:-1]), str(path[-1])) or ()
        gone = {other[-1] for other in self._taken if other[:-1] == path}
        return [(*path, number) for number in range(len(listed) + len(gone)) if number not in gone]

    def fact(self, path: Path) -> Fact:
        """Return the fact or field that the path leads to, or into."""
        if path == DAY:
            return DAY_FACT
        facts: Mapping[str, Fact] = self.model.facts_by_name
        owner, name, _ = self.split(path)
        for part in owner[::2]:
            facts = self.model.records_by_name[facts[str(part)].type.name].fields_by_name
        return facts[name]

    def split(self, path: Path) -> tuple[Path, str, str | int | None]:
        """Return the path of the owner, the name of its fact, and the member or year within it, if any."""
        facts: Mapping[str, Fact] = self.model.facts_by_name
        start = 0
        while True:
            fact = facts[str(path[start])]
            rest = path[start + 1 :]
            if len(rest) <= 1 or fact.type.kind != "list":
                return path[:start], fact.name, rest[0] if rest else None
            facts = self.model.records_by_name[fact.type.name].fields_by_name
            start += 2

    def type_of(self, path: Path) -> Type:
        """Return the type of what stands at the path: of a member a bool, of a year the number."""
        if path == DAY:
            return DATE
        fact, key = self.fact(path), self.split(path)[2]
        if key is None:
            return fact.type
        return BOOL if fact.type.kind == "set" else fact.type.element or fact.type

    def get(self, path: Path) -> Any:  # noqa: ANN401 -- a value of any type
        """Return the value at the path, None where there is none."""
        if path == DAY:
            return self.assessed_on
        owner, name, key = self.split(path)
        value = getattr(self.owner(owner), name, None)
        return value if key is None or value is None else value.get(key)

    @cached_property
    def original(self) -> "State":
        """The record before the changes."""
        return State(self.model, self.base, self.base, self.assessed_on)

    def is_new(self, path: Path) -> bool:
        """Return whether the path leads into an element that was added."""
        return any(self.edits.get(path[:end]) is ADDED for end in range(2, len(path) + 1, 2))

    def before(self, path: Path) -> Any:  # noqa: ANN401 -- a value of any type
        """Return the value that the record had before the changes."""
        return None if self.is_new(path) else self.original.get(path)

    def written(self, path: Path) -> str:
        """Return the path as data names it, elements from 1: `teachers[2].degree`, `registered.2022`."""
        if path == DAY:
            return "assessed_on"
        owner, name, key = self.split(path)
        text = "".join(f"{part}." if number % 2 == 0 else f"[{int(part) + 1}]." for number, part in enumerate(owner))
        text = text.replace(".[", "[") + name
        if key is None:
            return text
        return f"{text}[{int(key) + 1}]" if self.fact(path).type.kind == "list" else f"{text}.{key}"

    # --- changing ---

    def fined(self, penalty: int) -> "State":
        """Return the same version, less welcome."""
        return evolve(self, penalty=self.penalty + penalty) if penalty else self

    def with_value(self, path: Path, value: object) -> "State":
        """Return the version with this value at the path."""
        if path == DAY and (value is None or isinstance(value, date)):
            return evolve(self, assessed_on=value, edits={**self.edits, path: value})
        owner, name, key = self.split(path)
        whole = value if key is None else self._merged(path, key, value)
        edits = {**self.edits, path: value}
        if not self.is_new(path) and value == self.original.get(path) and type(value) is type(self.original.get(path)):
            del edits[path]
        return evolve(self, root=self._replaced(owner, name, whole), edits=edits)

    def _merged(self, path: Path, key: str | int, value: object) -> object:
        given = self.get(path[:-1])
        type_ = self.fact(path).type
        if type_.kind == "set":
            start = {member.name: None for member in type_.members} if given is None else dict(given)
            return FrozenMapping({**start, key: value})
        return FrozenMapping(sorted({**(given or {}), key: value}.items()))

    def _replaced(self, owner: Path, name: str, value: object) -> SimpleNamespace:
        """Return the institution in which a fact of one owner has another value."""
        if not owner:
            return SimpleNamespace(**{**vars(self.root), name: value})
        record = self.model.records_by_name[self.fact(owner[:-1]).type.name]
        element = self.owner(owner)
        fields = {fact.name: getattr(element, fact.name, None) for fact in record.fields}
        changed = Element(**{**fields, name: value})
        position = self._position(owner)
        listed = getattr(self.owner(owner[:-2]), str(owner[-2]))
        return self._replaced(owner[:-2], str(owner[-2]), (*listed[:position], changed, *listed[position + 1 :]))

    def with_elements(self, path: Path, number: int, values: Mapping[str, object]) -> "State":
        """Return the version with so many elements added to the list, each with these values."""
        known = self.elements(path)
        first = 1 + max((int(element[-1]) for element in known), default=-1)
        first = max(first, 1 + max((int(other[-1]) for other in self.edits if other[:-1] == path), default=-1))
        record = self.model.records_by_name[self.fact(path).type.name]
        blank = dict.fromkeys((fact.name for fact in record.fields), None)
        added = tuple(Element(**{**blank, **values}) for _ in range(number))
        listed = getattr(self.owner(path[:-1]), str(path[-1])) or ()
        root = self._replaced(path[:-1], str(path[-1]), (*listed, *added))
        edits: dict[Path, Any] = {other: edit for other, edit in self.edits.items() if other != path}
        for raw in range(first, first + number):
            edits[(*path, raw)] = ADDED
            edits.update({(*path, raw, name): value for name, value in values.items() if value is not None})
        return evolve(self, root=root, edits=edits)

    def without_element(self, path: Path) -> "State":
        """Return the version in which an element is taken off its list."""
        position = self._position(path)
        listed = getattr(self.owner(path[:-2]), str(path[-2]))
        root = self._replaced(path[:-2], str(path[-2]), (*listed[:position], *listed[position + 1 :]))
        inside = {other: edit for other, edit in self.edits.items() if other[: len(path)] != path}
        return evolve(self, root=root, edits={**inside, path: TAKEN_OFF})

    def rebuilt(self, edits: Iterable[tuple[Path, Any]]) -> "State":
        """Return the record before the changes with these changes instead, in their order."""
        state = evolve(self.original, penalty=self.penalty)
        if DAY in self.edits:
            state = evolve(state, assessed_on=None)
        moved: dict[Path, Path] = {}
        for given, value in edits:
            path = _moved(given, moved)
            if value is ADDED:
                state = state.with_elements(path[:-1], 1, {})
                moved[given] = state.elements(path[:-1])[-1]
            elif value is TAKEN_OFF:
                state = state.without_element(path)
            else:
                state = state.with_value(path, value)
        return state


def _before(other: Path, path: Path) -> bool:
    """Return whether `other` is an earlier element of the same list."""
    return other[:-1] == path[:-1] and int(other[-1]) < int(path[-1])


def _moved(path: Path, moved: Mapping[Path, Path]) -> Path:
    """Return the path where the elements that it leads through have got other numbers."""
    for end in range(len(path), 1, -1):
        if path[:end] in moved:
            return (*moved[path[:end]], *path[end:])
    return path
