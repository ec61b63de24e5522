"""Values of an example into data, in the shape that records are read from: numbers in the unit of their fact.

A value that the type allows in kind but not in range stays as it is, since an example may show what is `invalid`.
"""

from datetime import date
from fractions import Fraction

from cedu_rules.model import hints
from cedu_rules.model.findings import Findings, nearest
from cedu_rules.model.ir import Expression
from cedu_rules.model.operations import unit_mismatch
from cedu_rules.model.resolving import Resolver
from cedu_rules.model.scope import Entry, FactEntry, Names, Scope
from cedu_rules.model.types import DATE, Type, describe
from cedu_rules.syntax import nodes
from cedu_rules.units import plain_number


class _Faulty(Exception):  # noqa: N818 -- never leaves this module
    """A value is wrong; a diagnostic tells why."""


def example_values(
    statement: nodes.ExampleStatement, names: Names, resolver: Resolver, findings: Findings
) -> dict[str, object] | None:
    """Return the values by fact name, or None where one is wrong."""
    reader = _Reader(names, resolver, findings)
    return reader.fields(statement.entries, names.entries, top=True)


class _Reader:
    def __init__(self, names: Names, resolver: Resolver, findings: Findings) -> None:
        self.names = names
        self.resolver = resolver
        self.findings = findings

    def fields(
        self, entries: tuple[nodes.Entry, ...], known: dict[str, Entry], *, top: bool = False
    ) -> dict[str, object] | None:
        """Return the values of an institution, or of one element of a list."""
        values: dict[str, object] = {}
        faulty = False
        for entry in entries:
            type_ = self._type(entry.key, known, top=top)
            if entry.key.text in values:
                self.findings.add("duplicate-value", entry.key.span, name=entry.key.text)
                faulty = True
            elif type_ is not None:
                try:
                    values[entry.key.text] = self._value(entry.value, type_)
                except _Faulty:
                    faulty = True
            else:
                faulty = True
        return None if faulty else values

    def _type(self, key: nodes.Name, known: dict[str, Entry], *, top: bool) -> Type | None:
        if top and key.text == "assessed_on":
            return DATE
        entry = known.get(key.text)
        if isinstance(entry, FactEntry):
            return entry.type
        facts = [name for name, candidate in known.items() if isinstance(candidate, FactEntry)]
        self.findings.add("unknown-fact", key.span, nearest(key.text, facts), name=key.text)
        return None

    def _value(self, node: nodes.ExampleValue, type_: Type) -> object:
        if isinstance(node, nodes.UnknownValue):
            return None
        match type_.kind:
            case "faulty":
                raise _Faulty
            case "set":
                return self._set(node, type_)
            case "series":
                return self._series(node, type_)
            case "list":
                return self._list(node, type_)
        return self._scalar(node, type_)

    def _scalar(self, node: nodes.ExampleValue, type_: Type) -> object:
        if isinstance(
            node, (nodes.AllMembers, nodes.BraceValue, nodes.EntriesValue, nodes.ListValue, nodes.UnknownValue)
        ):
            raise self._unfit(node, type_)
        constant = self.resolver.member_or_constant(node, type_, Scope(self.names))
        if constant is None:
            raise _Faulty
        if not constant.type.same(type_):
            self._mismatch(constant, type_)
            raise _Faulty
        if isinstance(constant.data, Fraction):
            return plain_number(constant.data / type_.data_factor)
        return constant.data.isoformat() if isinstance(constant.data, date) else constant.data

    def _mismatch(self, constant: Expression, type_: Type) -> None:
        """Say that a value has another type than its fact, a bare number that it lacks its unit."""
        if type_.kind == "number" and constant.type.kind == "number":
            unit_mismatch(Expression("fact", (), "", type_, constant.span), constant, self.findings)
            return
        hint = hints.of_mismatch(constant, type_)
        self.findings.add("type-mismatch", constant.span, hint, found=describe(constant.type), expected=describe(type_))

    def _unfit(self, node: nodes.ExampleValue, type_: Type) -> _Faulty:
        self.findings.add("unfit-value", node.span, expected=describe(type_))
        return _Faulty()

    def _set(self, node: nodes.ExampleValue, type_: Type) -> object:
        if isinstance(node, nodes.AllMembers):
            return [member.name for member in type_.members]
        if isinstance(node, nodes.EntriesValue):
            if not node.entries:
                return []
            return self._partial(node.entries, type_)
        if not isinstance(node, nodes.BraceValue):
            raise self._unfit(node, type_)
        known = [self.resolver.member(name, type_) for name in node.members]
        if not all(known):
            raise _Faulty
        return [name.text for name in node.members]

    def _partial(self, entries: tuple[nodes.Entry, ...], type_: Type) -> dict[str, bool | None]:
        """Return which members are present, each named once."""
        known: dict[str, bool | None] = {}
        for entry in entries:
            if entry.key.text in known:
                self.findings.add("duplicate-value", entry.key.span, name=entry.key.text)
                raise _Faulty
            known[entry.key.text] = self._presence(entry, type_)
        return known

    def _presence(self, entry: nodes.Entry, type_: Type) -> bool | None:
        if not self.resolver.member(entry.key, type_):
            raise _Faulty
        if isinstance(entry.value, nodes.UnknownValue):
            return None
        if not isinstance(entry.value, nodes.BoolLiteral):
            raise self._unfit(entry.value, Type("bool"))
        return entry.value.value

    def _series(self, node: nodes.ExampleValue, type_: Type) -> object:
        if not isinstance(node, nodes.EntriesValue) or type_.element is None:
            raise self._unfit(node, type_)
        values: dict[str, object] = {}
        for entry in node.entries:
            year = entry.key.text.removesuffix("年")
            if not (year.isascii() and year.isdigit()):
                self.findings.add("not-a-year", entry.key.span, name=entry.key.text)
                raise _Faulty
            if year in values:
                self.findings.add("duplicate-value", entry.key.span, name=year)
                raise _Faulty
            values[year] = self._value(entry.value, type_.element)
        return values

    def _list(self, node: nodes.ExampleValue, type_: Type) -> object:
        if not isinstance(node, nodes.ListValue):
            raise self._unfit(node, type_)
        record = self.names.records[type_.name]
        elements = [self.fields(item.entries, record.entries) for item in node.items]
        if any(element is None for element in elements):
            raise _Faulty
        return elements
