"""A caller's own attrs class into records of a standard: checked once, then read instance by instance.

Each field of the class is a fact of the standard, by name; facts that the class lacks are never recorded. A list of
instances of another attrs class becomes a list of records of the standard in the same way.
"""

import inspect
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, Union, get_args, get_origin, get_type_hints

import attrs

from cedu_rules.backends.warming import PATIENCE
from cedu_rules.diagnostics import BindingError
from cedu_rules.model.findings import nearest
from cedu_rules.records import Record, read, trusted_record
from cedu_rules.results import Status

if TYPE_CHECKING:
    from cedu_rules.backends.python.instances import Instances


_HOLDS: dict[str, tuple[type, ...]] = {
    "number": (int, float, Decimal, Fraction, str),
    "bool": (bool, str),
    "choice": (str,),
    "level": (str,),
    "text": (str, int),
    "date": (date, str),
    "set": (Mapping, list, tuple, set, frozenset),
    "series": (Mapping,),
    "list": (list, tuple),
    "identity": (str, int),
}


class Statuses(Protocol):
    """The statuses of an instance."""

    def __call__(self, instance: Any, /, *, assessed_on: date | None = None) -> tuple[Status, ...]:  # noqa: ANN401
        """Return one status a clause."""
        ...


class Answers(Protocol):
    """`Standard.statuses`, of a record or of the values of one."""

    def __call__(self, record: Record | Mapping[str, Any], *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return one status a clause."""
        ...


class Binding:
    """Turns instances of one attrs class into what a standard evaluates, or at once into statuses.

    `answers` gives the statuses of what `given` returns. `statuses` gives those of an instance: over a record for the
    first few, then by code that reads the attributes themselves and asks `answers` only about what is not plain.
    """

    def __init__(self, record: type[Record], class_: type, answers: Answers, *, trusted: bool) -> None:
        problems: list[str] = []
        read = _reader(record, class_, problems)
        if problems:
            raise BindingError(problems)
        self.class_ = class_
        self.record = record
        self.trusted = trusted
        self.statuses: Statuses = self._warming
        self._read = read
        self._answers = answers
        self._asked = 0

    @property
    def is_warm(self) -> bool:
        """Whether `statuses` stays as it is."""
        return self._asked > PATIENCE

    def _warming(self, instance: object, /, *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return the statuses of an instance; publish the compiled function when enough has been asked."""
        self._asked += 1
        if self._asked > PATIENCE:
            self.statuses = self._compiled() or self._by_record
        return self._by_record(instance, assessed_on)

    def _by_record(self, instance: object, assessed_on: date | None = None) -> tuple[Status, ...]:
        return self._answers(self.given(instance), assessed_on=assessed_on)

    def _recorded(self, instance: object) -> Record:
        """Return the record of an instance that is known to have one."""
        values = self.given(instance)
        return values if isinstance(values, Record) else read(self.record, values)

    def _compiled(self) -> Statuses | None:
        from cedu_rules.backends.python import instances  # noqa: PLC0415 -- a handful of answers needs no compiler

        ways = instances.Ways(self._by_record, self._recorded)
        given = _described(self.record, self.class_)
        return instances.statuses_of_instances(self.record._plan.model, given, ways, trusted=self.trusted)

    def given(self, instance: object) -> Record | Mapping[str, Any]:
        """Return the values of an instance, or with `trusted` the record itself.

        Raises:
            TypeError: it is no instance of the bound class.
        """
        if not isinstance(instance, self.class_):
            raise TypeError(f"found a `{type(instance).__name__}`; expected a `{self.class_.__name__}`")
        values: Mapping[str, Any] = self._read(instance)
        with suppress(ValueError):  # a float that is not finite is told as where values are checked
            if self.trusted:
                return trusted_record(self.record, values)
        return values


def _described(record: type[Record], class_: type) -> "Instances":
    """Return what a class that fits has for the facts of a record."""
    from cedu_rules.backends.python.instances import Instances  # noqa: PLC0415 -- as above

    hints = _hints(class_)
    facts = {field.name: field for field in attrs.fields(record)}
    names = [field.name for field in attrs.fields(class_)]
    elements: dict[str, Instances] = {}
    for name in names:
        element = _element_class(hints.get(name))
        if facts[name].metadata["form"] == "list" and element is not None:
            elements[name] = _described(facts[name].metadata["class"], element)
    return Instances(class_, frozenset(names), elements)


def _reader(record: type[Record], class_: type, problems: list[str]) -> Callable[[Any], Any]:
    """Return the function that reads the values of an instance; say what of the class does not fit."""
    if not isinstance(class_, type) or not attrs.has(class_):
        problems.append(f"found {_named(class_)}; expected a class made with `attrs.define` or `attrs.frozen`")
        return lambda instance: instance
    facts = {field.name: field for field in attrs.fields(record)}
    hints = _hints(class_)
    plain: list[str] = []
    nested: dict[str, Callable[[Any], Any]] = {}
    for field in attrs.fields(class_):
        if field.name not in facts:
            problems.append(_unknown_field(field.name, class_, record, facts))
            continue
        fact = facts[field.name]
        problems += _unfit(field, hints, fact.metadata["form"], class_)
        element = _element_class(hints.get(field.name))
        if fact.metadata["form"] == "list" and element is not None:
            nested[field.name] = _reader(fact.metadata["class"], element, problems)
        else:
            plain.append(field.name)

    def read(instance: Any) -> Any:  # noqa: ANN401
        if not isinstance(instance, class_):
            return instance  # an element of another kind: the record tells what is wrong with it
        values = {name: getattr(instance, name, None) for name in plain}
        for name, read_element in nested.items():
            listed: Any = getattr(instance, name, None)
            is_list = isinstance(listed, (list, tuple))
            values[name] = [read_element(element) for element in listed] if is_list else listed
        return values

    return read


def _named(class_: object) -> str:
    return f"`{class_.__name__}`" if isinstance(class_, type) else f"an instance of `{type(class_).__name__}`"


def _unknown_field(name: str, class_: type, record: type[Record], facts: Mapping[str, object]) -> str:
    near = nearest(name, facts)
    meant = "" if near is None else f"; did you mean `{near.values['name']}`?"
    return f"unknown field `{name}` of `{class_.__name__}`; expected a fact of `{record.__qualname__}`{meant}"


def _unfit(field: "attrs.Attribute[Any]", hints: Mapping[str, object], form: str, class_: type) -> Iterator[str]:
    """Yield why no value of the form can stand in the field."""
    where = f"field `{field.name}` of `{class_.__name__}`"
    if form == "list" and field.name not in hints and field.type is not None:
        yield (
            f"{where} is `{field.type}`, which cannot be looked up; "
            f"expected a list of a class that is known in `{class_.__module__}`, or `attrs.resolve_types` before"
        )
    elif not _can_hold(hints.get(field.name), form):
        expected = ", ".join(f"`{held.__name__}`" for held in _HOLDS[form])
        yield f"{where} is `{_shown(field.type)}`; expected a type that can hold one of {expected}"


def _shown(type_: object) -> str:
    return type_.__name__ if isinstance(type_, type) else str(type_)


def _hints(class_: type) -> dict[str, object]:
    """Return the types of the fields, strings looked up where they stand; what cannot be looked up is left out."""
    found: dict[str, object] = {}
    for field in attrs.fields(class_):
        bases = (base for base in class_.__mro__ if field.name in inspect.get_annotations(base))
        owner = next(bases, class_)
        holder = types.SimpleNamespace(__annotations__={field.name: field.type})
        names = vars(sys.modules[owner.__module__]) if owner.__module__ in sys.modules else {}
        with suppress(Exception):  # an annotation is an expression, and may fail in any way outside a type checker
            if field.type is not None:
                found |= get_type_hints(holder, names, dict(vars(owner)))
    return found


def _options(hint: object) -> list[object]:
    """Return the alternatives of a union, without None."""
    if get_origin(hint) in {Union, types.UnionType}:
        return [option for option in get_args(hint) if option is not type(None)]
    return [] if hint is None else [hint]


def _element_class(hint: object) -> type | None:
    """Return the attrs class of the elements in `list[Teacher]` or `tuple[Teacher, ...] | None`."""
    for option in _options(hint):
        arguments = [argument for argument in get_args(option) if isinstance(argument, type) and attrs.has(argument)]
        if arguments:
            return arguments[0]
    return None


def _can_hold(hint: object, form: str) -> bool:
    """Return whether a value of the form may stand in a field of that type; unknown types may hold anything."""
    options = [get_origin(option) or option for option in _options(hint)]
    known = [option for option in options if isinstance(option, type)]
    if not known or len(known) < len(options) or not {object, Any}.isdisjoint(known):
        return True
    fit = [option for option in known if option is not bool or form == "bool"]  # a bool is an int, but no number
    return any(issubclass(option, held) or issubclass(held, option) for option in fit for held in _HOLDS[form])
