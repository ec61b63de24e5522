"""Declarations into the names of a file: units, types, records, facts, lets and params, each with its place.

Nothing here looks into an expression except constants (bounds of a range, factors of a unit): what facts and lets
refer to is resolved afterwards, when every name is known.
"""

import keyword
import unicodedata
from collections.abc import Iterable
from fractions import Fraction

from cedu_rules.diagnostics import Hint
from cedu_rules.model.findings import Findings, nearest
from cedu_rules.model.resolving import Resolver
from cedu_rules.model.scope import Entry, FactEntry, LetEntry, Names, RecordEntry, Scope
from cedu_rules.model.types import BOOL, BUILT_IN, FAULTY, Member, Type, describe
from cedu_rules.syntax import nodes
from cedu_rules.units import UNITS, Unit, find_unit

TAKEN = frozenset({"id", "name", "institution", "parent", "assessed_on", "assessed_year"})
"""Words that data and evaluation use for themselves; records may use `name`."""


class Declarations:
    """Fills `Names` from the items of a file."""

    def __init__(self, names: Names, resolver: Resolver, findings: Findings) -> None:
        self.names = names
        self.resolver = resolver
        self.findings = findings
        self._waiting: dict[str, nodes.TypeDeclaration] = {}
        self._following = 0

    def declare(self, items: Iterable[nodes.Item]) -> None:
        """Enter everything that the items declare."""
        listed = list(items)
        for item in listed:  # params first: they may stand in units
            if isinstance(item, nodes.ParamDeclaration):
                self._enter(
                    self.names.entries, item.name, LetEntry(item.name.text, item.value, item.name.span, constant=True)
                )
        self._units([item for item in listed if isinstance(item, nodes.UnitDeclaration)])
        for item in listed:
            if isinstance(item, nodes.RecordDeclaration):
                self._record_name(item)
        for item in listed:
            if isinstance(item, nodes.TypeDeclaration):
                self._type_name(item)
        while self._waiting:
            self._type(next(iter(self._waiting)))
        for item in listed:
            self._contents(item)
        for space in [self.names.entries, *(record.entries for record in self.names.records.values())]:
            self._same_labels(space)

    def _contents(self, item: nodes.Item) -> None:
        if isinstance(item, nodes.FactsBlock):
            for declaration in item.items:
                if isinstance(declaration, nodes.FactDeclaration):
                    self._fact(declaration, self.names.entries, "")
        elif isinstance(item, nodes.LetDeclaration):
            self._enter(self.names.entries, item.name, LetEntry(item.name.text, item.value, item.name.span))
        elif isinstance(item, nodes.RecordDeclaration):
            self._record(item)
        elif isinstance(item, nodes.SectionDeclaration):
            for clause in item.clauses:
                self._clause(clause)

    def _same_labels(self, space: dict[str, Entry]) -> None:
        """Say which facts cannot be told apart by their labels, in data and in answers."""
        seen: dict[str, str] = {}
        for entry in space.values():
            if isinstance(entry, FactEntry) and entry.label:
                first = seen.setdefault(entry.label, entry.name)
                if first != entry.name:
                    self.findings.add("duplicate-label", entry.span, name=entry.label, first=first)

    # --- names ---

    def _enter(self, space: dict[str, Entry], name: nodes.Name, entry: Entry, *, in_record: bool = False) -> None:
        """Enter a fact, field, let or param unless the name is taken."""
        if not self._usable(name, in_record=in_record):
            return
        if name.text in space:
            self._duplicate(name, space[name.text].span.line)
            return
        space[name.text] = entry

    def _usable(self, name: nodes.Name, *, in_record: bool) -> bool:
        """Return whether values may go by that name in Python and in data, or say why not."""
        taken = name.text in TAKEN and not (in_record and name.text == "name")
        if taken or keyword.iskeyword(name.text):
            self.findings.add("reserved-name", name.span, name=name.text)
            return False
        is_plain = name.text.isidentifier() and unicodedata.normalize("NFKC", name.text) == name.text
        if not is_plain or name.text.startswith("_"):
            self.findings.add("unusable-name", name.span, Hint("plain-name", {}), name=name.text)
            return False
        return True

    def _duplicate(self, name: nodes.Name, line: int) -> None:
        self.findings.add("duplicate-name", name.span, name=name.text, line=line)

    # --- units and types ---

    def _units(self, items: list[nodes.UnitDeclaration]) -> None:
        """Enter the units, one that is made of another after it."""
        declared = {item.name.text for item in items}
        while items:
            ready = [item for item in items if _unit_words(item).isdisjoint(declared - self.names.units.keys())]
            for item in ready or items:  # what is left is made of itself: its words are unknown units
                self._unit(item)
            items = [item for item in items if item not in ready] if ready else []

    def _unit(self, item: nodes.UnitDeclaration) -> None:
        name = item.name.text
        if name in self.names.units or name in UNITS or name in BUILT_IN:
            self.findings.add("duplicate-unit", item.name.span, name=name)
            return
        if item.value is None:
            self.names.units[name] = Unit(name, ((name, 1),), Fraction(1))
            return
        value = self.resolver.constant(item.value, Scope(self.names))
        if value is None:
            return
        if not isinstance(value.data, Fraction):
            self.findings.add("not-a-number", item.value.span, found=describe(value.type))
            return
        if value.data <= 0:
            self.findings.add("out-of-range", item.value.span, expected="> 0")
            return
        counter = not value.type.dimension
        self.names.units[name] = Unit(name, value.type.dimension, value.data, counter=counter)

    def _type_name(self, item: nodes.TypeDeclaration) -> None:
        name = item.name.text
        if name in self.names.types or name in self.names.records:
            self.findings.add("duplicate-type", item.name.span, name=name)
        elif name in BUILT_IN or find_unit(name, self.names.units) is not None:
            self.findings.add("reserved-name", item.name.span, name=name)
        elif name in self._waiting:
            self.findings.add("duplicate-type", item.name.span, name=name)
        else:
            self._waiting[name] = item

    def _type(self, name: str) -> None:
        """Resolve a declared type that others may be waiting for."""
        declaration = self._waiting.pop(name)
        type_ = self.type_of(declaration.type, name)
        self.names.types[name] = FAULTY if type_ is None else type_

    def _follow(self, word: nodes.Name) -> None:
        """Resolve the type that another one is a name for, a limited number deep."""
        if self._following >= nodes.File.NESTING_LIMIT:
            self.findings.add("too-deep", word.span, limit=nodes.File.NESTING_LIMIT)
            self._waiting.clear()
            return
        self._following += 1
        self._type(word.text)
        self._following -= 1

    def type_of(self, node: nodes.TypeExpression, name: str) -> Type | None:
        """Return the type of a type expression; `name` is what a choice, level or set declared here goes by."""
        match node:
            case nodes.NamedType():
                return self._named_type(node.name)
            case nodes.MembersType():
                return Type(node.form, name=name, members=self._members(node.members))
            case nodes.SignedType():
                inner = self._number_type(node.of, name)
                return None if inner is None else inner._replace(low=None, high=None)
            case nodes.RangedType():
                return self._ranged(node, name)
            case nodes.YearlyType():
                inner = self._number_type(node.of, name)
                return None if inner is None else Type("series", element=inner)
            case nodes.ListType():
                if node.record.text in self.names.records:
                    return Type("list", name=node.record.text)
                hint = nearest(node.record.text, self.names.records)
                self.findings.add("unknown-record", node.record.span, hint, name=node.record.text)
        return None

    def _named_type(self, word: nodes.Name) -> Type | None:
        if word.text in BUILT_IN:
            return BUILT_IN[word.text]
        if word.text in self._waiting:
            self._follow(word)
        if word.text in self.names.types:
            type_ = self.names.types[word.text]
            return None if type_ is FAULTY else type_
        unit = find_unit(word.text, self.names.units)
        if unit is not None:
            return Type("number", dimension=unit.dimension, unit=unit, whole=unit.counter, low=Fraction(0))
        hint = nearest(word.text, [*self.names.types, *BUILT_IN, *self.names.units, *UNITS])
        if word.text in self.names.records:
            hint = Hint("list-of", {"name": word.text})
        self.findings.add("unknown-type", word.span, hint, name=word.text)
        return None

    def _number_type(self, node: nodes.TypeExpression, name: str) -> Type | None:
        type_ = self.type_of(node, name)
        if type_ is not None and type_.kind != "number":
            self.findings.add("not-a-number-type", node.span, found=describe(type_))
            return None
        return type_

    def _ranged(self, node: nodes.RangedType, name: str) -> Type | None:
        type_ = self.type_of(node.of, name)
        if type_ is None:
            return None
        if type_.kind not in {"number", "date"}:
            self.findings.add("not-a-number-type", node.of.span, found=describe(type_))
            return None
        low, high = self._bound(node.low, type_), self._bound(node.high, type_)
        if low is None or high is None:
            return None
        if low > high:
            self.findings.add("empty-range", node.span)
            return None
        return type_._replace(low=low, high=high)

    def _bound(self, node: nodes.Expression, type_: Type) -> Fraction | None:
        value = self.resolver.constant(node, Scope(self.names))
        if value is None:
            return None
        if not value.type.same(type_):
            self.findings.add("type-mismatch", node.span, found=describe(value.type), expected=describe(type_))
            return None
        return value.data if isinstance(value.data, Fraction) else Fraction(value.data.toordinal())  # type: ignore[union-attr]

    def _members(self, members: tuple[nodes.Member, ...]) -> tuple[Member, ...]:
        """Return the members, each name and each label once."""
        seen: dict[str, str] = {}
        found: dict[str, Member] = {}
        for member in members:
            words = [member.name.text, *(label.value for label in member.labels)]
            taken = [word for word in words if seen.get(word, member.name.text) != member.name.text]
            if taken or member.name.text in found:
                self.findings.add("duplicate-member", member.span, name=(taken or words)[0])
                continue
            seen.update(dict.fromkeys(words, member.name.text))
            found[member.name.text] = Member(member.name.text, tuple(label.value for label in member.labels))
        return tuple(found.values())

    # --- facts, records, clauses ---

    def _fact(self, node: nodes.FactDeclaration, space: dict[str, Entry], record: str) -> None:
        name = node.name.text
        type_ = self.type_of(node.type, f"{record}.{name}" if record else name)
        if type_ is None:
            type_ = FAULTY
        entry = FactEntry(name, type_, node.kind, node.label.value, node.span, node.condition, node.otherwise)
        self._enter(space, node.name, entry, in_record=bool(record))

    def _record_name(self, item: nodes.RecordDeclaration) -> None:
        name = item.name.text
        if name in self.names.records:
            self.findings.add("duplicate-type", item.name.span, name=name)
        elif name in BUILT_IN or find_unit(name, self.names.units) is not None:
            self.findings.add("reserved-name", item.name.span, name=name)
        else:
            self.names.records[name] = RecordEntry(name, item.name.span)

    def _record(self, item: nodes.RecordDeclaration) -> None:
        record = self.names.records.get(item.name.text)
        if record is None or record.span != item.name.span:
            return  # a duplicate, told already
        for declaration in item.items:
            if isinstance(declaration, nodes.FactDeclaration):
                self._fact(declaration, record.entries, record.name)
        for let in item.lets:
            self._enter(
                record.entries, let.name, LetEntry(let.name.text, let.value, let.name.span, record), in_record=True
            )
        if item.key is not None:
            self._key(record, item.key)

    def _key(self, record: RecordEntry, key: nodes.Name) -> None:
        entry = record.entries.get(key.text)
        fields = [name for name, field in record.entries.items() if isinstance(field, FactEntry)]
        if not isinstance(entry, FactEntry):
            self.findings.add("unknown-field", key.span, nearest(key.text, fields), name=key.text, record=record.name)
        elif entry.type is FAULTY:
            return  # told already
        elif entry.type.kind not in {"text", "number", "date", "choice", "level"}:
            self.findings.add("not-a-key", key.span, found=describe(entry.type))
        else:
            record.key = key.text

    def _clause(self, clause: nodes.ClauseDeclaration) -> None:
        known = self.names.clauses.get(clause.name.text)
        if known is not None:
            self.findings.add("duplicate-clause", clause.name.span, name=clause.name.text, line=known.line)
        else:
            self.names.clauses[clause.name.text] = clause.name.span
        for statement in clause.statements:
            if isinstance(statement, nodes.RequirementStatement):
                self._demand(statement.demand)

    def _demand(self, demand: nodes.Expression | nodes.Shown | nodes.Judged) -> None:
        """Enter a fact that is declared where it is asked for."""
        if isinstance(demand, nodes.Shown):
            type_ = BOOL
            if demand.members is not None:
                type_ = Type("set", name=demand.name.text, members=self._members(demand.members))
            entry = FactEntry(demand.name.text, type_, "documented", demand.label.value, demand.span)
            self._enter(self.names.entries, demand.name, entry)
        elif isinstance(demand, nodes.Judged):
            entry = FactEntry(demand.name.text, BOOL, "judged", demand.label.value, demand.span)
            self._enter(self.names.entries, demand.name, entry)


def _unit_words(item: nodes.UnitDeclaration) -> set[str]:
    """Return the words for units in the value of a unit."""
    words: set[str] = set()
    waiting: list[object] = [item.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.QuantityLiteral):
            words.add(node.unit.text)
        elif isinstance(node, nodes.Arithmetic):
            waiting.extend([node.first, *(operand for _, operand in node.rest)])
    return words
