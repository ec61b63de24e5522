"""A caller's own attrs class into records of a standard: checked once, then read instance by instance.

Each field of the class is a fact of the standard, by name; facts that the class lacks are never recorded. A list of
instances of another attrs class becomes a list of records of the standard in the same way.
"""

import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from cedu_rules.diagnostics import BindingError
from cedu_rules.model.findings import nearest
from cedu_rules.records import Record, trusted_record

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


class Binding:
    """Turns instances of one attrs class into what a standard evaluates."""

    def __init__(self, record: type[Record], class_: type, *, trusted: bool) -> None:
        problems: list[str] = []
        read = _reader(record, class_, problems)
        if problems:
            raise BindingError(problems)
        self.class_ = class_
        self.record = record
        self.trusted = trusted
        self._read = read

    def given(self, instance: object) -> Record | Mapping[str, Any]:
        """Return the values of an instance, or with `trusted` the record itself.

        Raises:
            TypeError: it is no instance of the bound class.
        """
        if not isinstance(instance, self.class_):
            raise TypeError(f"found a `{type(instance).__name__}`; expected a `{self.class_.__name__}`")
        values = self._read(instance)
        return trusted_record(self.record, values) if self.trusted else values


def _reader(record: type[Record], class_: type, problems: list[str]) -> Callable[[Any], dict[str, Any]]:
    """Return the function that reads the values of an instance; say what of the class does not fit."""
    if not attrs.has(class_):
        problems.append(
            f"`{class_.__name__}` is no attrs class; expected a class made with `attrs.define` or `attrs.frozen`"
        )
        return lambda _instance: {}
    facts = {field.name: field for field in attrs.fields(record)}
    hints = _hints(class_)
    plain: list[str] = []
    nested: dict[str, Callable[[Any], dict[str, Any]]] = {}
    for field in attrs.fields(class_):
        if field.name not in facts:
            near = nearest(field.name, facts)
            meant = f"; did you mean `{near.values['name']}`?" if near is not None else ""
            problems.append(f"field `{field.name}` of `{class_.__name__}` is no fact of `{record.__qualname__}`{meant}")
            continue
        element = _element_class(hints.get(field.name))
        fact = facts[field.name]
        if fact.metadata["form"] == "list" and element is not None:
            nested[field.name] = _reader(fact.metadata["class"], element, problems)
            continue
        plain.append(field.name)
        if not _can_hold(hints.get(field.name), fact.metadata["form"]):
            problems.append(f"field `{field.name}` of `{class_.__name__}` cannot hold a {fact.metadata['form']}")

    def read(instance: Any) -> dict[str, Any]:  # noqa: ANN401
        values = {name: getattr(instance, name) for name in plain}
        for name, read_element in nested.items():
            listed = getattr(instance, name)
            values[name] = None if listed is None else [read_element(element) for element in listed]
        return values

    return read


def _hints(class_: type) -> dict[str, Any]:
    try:
        return get_type_hints(class_)
    except (NameError, TypeError):  # hints of names that only a type checker sees: nothing is known then
        return {}


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
    if not known or len(known) < len(options) or object in known:
        return True
    return any(issubclass(option, held) or issubclass(held, option) for option in known for held in _HOLDS[form])
