"""A model into the classes of its records: one attrs class for the institution, one for the elements of each list.

The classes are frozen, slotted and keyword-only; `attrs.fields` tells their fields with type, label, unit and kind.
"""

import threading
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from graphlib import TopologicalSorter
from types import MappingProxyType

import attrs

from cedu_rules import rows
from cedu_rules.messages import Words
from cedu_rules.model.ir import Fact, Model
from cedu_rules.model.types import TEXT, Type
from cedu_rules.records.cells import Reader
from cedu_rules.records.mappings import value_reader
from cedu_rules.records.record import Contradictions, Plan, Record
from cedu_rules.records.registry import CLASSES
from cedu_rules.records.shapes import ListReader, Shape
from cedu_rules.source import Source, Span

_NOWHERE = Span(Source("", ""), 0, 0)
_IDENTITY = (
    Fact("id", TEXT, "identity", "编号", None, None, _NOWHERE),
    Fact("name", TEXT, "identity", "名称", None, None, _NOWHERE),
)
_LOCK = threading.Lock()


def record_class(model: Model, *, digest: str, contradictions: Contradictions | None = None) -> type[Record]:
    """Return the class of the records of a standard; the class of the elements of `list of Teacher` is its `Teacher`.

    Args:
        model: The standard.
        digest: What names its content: records travel between processes as digest and values, and a second standard
            of the same content has the same class.
        contradictions: Finds what valid values say that cannot be; called with each record and None for the day.
    """
    with _LOCK:
        known = CLASSES.get(digest)
        if known is not None and _alike(known._plan.model, model):
            return known
        made = _Maker(model, digest).institution(contradictions)
        CLASSES[digest] = made
        return made


def _alike(left: Model, right: Model) -> bool:
    """Return whether the records of two models are the same; a digest that is used twice is told apart."""
    if left is right:
        return True
    same = (left.facts, left.records, left.units) == (right.facts, right.records, right.units)
    left_slots, right_slots = (rows.layout(model.facts, rows.derived(model)) for model in (left, right))
    return same and list(left_slots) == list(right_slots)


class _Maker:
    """Makes the classes of one model, the elements of lists before the records that hold them."""

    def __init__(self, model: Model, digest: str) -> None:
        self.model = model
        self.digest = digest
        self.units = MappingProxyType({unit.name: unit for unit in model.units})
        self.classes: dict[str, type[Record]] = {}
        self.readers: dict[int, Reader] = {}

    def institution(self, contradictions: Contradictions | None) -> type[Record]:
        """Return the class of the institution."""
        for name in _inner_first(self.model):
            self.classes[name] = self._class(name, self.model.records_by_name[name].fields, None)
        return self._class("", (*_IDENTITY, *self.model.facts), contradictions)

    def _class(self, name: str, facts: tuple[Fact, ...], contradictions: Contradictions | None) -> type[Record]:
        shape = Shape(self._owner(name), facts, [self._reader(fact.type) for fact in facts])
        plan = Plan(self.model, self.digest, name, shape, contradictions)
        body = self._reachable(facts)
        body |= {"_plan": plan, "__doc__": _documentation(name, self.model), "__module__": Record.__module__}
        made: type[Record] = attrs.make_class(
            name or "record",
            {fact.name: self._field(fact) for fact in facts},
            bases=(Record,),
            class_body=body,
            frozen=True,
            slots=True,
            weakref_slot=False,
            init=False,
            eq=False,
            repr=False,
        )
        made.__qualname__ = ".".join(part for part in (self.model.id, "record", name) if part)
        for field in attrs.fields(made):  # each was made for this class, and nobody has seen it yet
            object.__setattr__(field, "init", True)
        plan.complete(made, self.classes)
        return made

    def _reachable(self, facts: tuple[Fact, ...]) -> dict[str, object]:
        """Return the classes of elements by what they go by as attributes; a fact of the same name goes before."""
        taken = {fact.name for fact in facts}
        return {name: class_ for name, class_ in self.classes.items() if name not in taken and not name.startswith("_")}

    def _field(self, fact: Fact) -> object:
        unit = (fact.type.element or fact.type).unit
        form = "identity" if fact in _IDENTITY else fact.type.kind
        metadata: dict[str, object] = {"label": fact.label, "unit": unit.name, "kind": fact.kind, "form": form}
        if form == "list":
            metadata |= {"record": fact.type.name, "class": self.classes[fact.type.name]}
        # `init` is set when the class is made: attrs cannot write an `__attrs_init__` with an argument called `self`
        return attrs.field(default=None, init=False, kw_only=True, type=self._public_type(fact.type), metadata=metadata)  # type: ignore[call-overload]  # a union is no type to its stub

    def _owner(self, name: str) -> Words:
        if name:
            return Words(f"a field of `{name}`", f"`{name}` 的字段")
        return Words(f"a fact of `{self.model.id}`", f"`{self.model.id}` 的事实")

    def _reader(self, type_: Type) -> Reader:
        if type_.kind == "list":
            plan = self.classes[type_.name]._plan
            key = self.model.records_by_name[type_.name].key
            return ListReader(type_.name, plan.shape, plan.class_, plan.build, key)
        known = self.readers.get(id(type_))  # many facts have one type, and it lives as long as the model
        if known is None:
            known = self.readers[id(type_)] = value_reader(type_, self.units)
        return known

    def _public_type(self, type_: Type) -> object:
        number = int | Decimal | Fraction
        match type_.kind:
            case "number":
                return number | None
            case "bool":
                return bool | None
            case "date":
                return date | None
            case "set":
                return Mapping[str, bool | None] | None
            case "series":
                return Mapping[int, number | None] | None
            case "list":
                return tuple[self.classes[type_.name], ...] | None  # type: ignore[name-defined]
        return str | None


def _documentation(name: str, model: Model) -> str:
    if name:
        return f"One `{name}` of the standard `{model.id}`."
    return f"What is known of one institution under the standard `{model.id}`, {model.title}."


def _inner_first(model: Model) -> list[str]:
    """Return the names of the records, each after those that its lists hold."""
    held = {
        record.name: {fact.type.name for fact in record.fields if fact.type.kind == "list"} for record in model.records
    }
    return list(TopologicalSorter(held).static_order())
