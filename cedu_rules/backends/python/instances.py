"""Instances of a caller's class into statuses: one function that reads their attributes and decides every clause.

The function is the fused one of `functions`, but for what it starts from: each value is read where the caller holds it
and becomes at once what a row would hold (see `rows`), unless it is only compared: then it stays as it is held. No record
is made. Checked, every value is looked at: one that is as records hold it, and most of those that are read as such, are
taken here; trusted, only what some clause reads is read, where it is needed, and taken as it is. Whatever is not plain
sends the instance the way over a record, which decides alone what is wrong with it.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from attrs import field, frozen

from cedu_rules import rows, values
from cedu_rules.backends.python import functions, nodes
from cedu_rules.backends.python.builder import LOOPS_LIMIT, NotCovered, NotRaw, Scope
from cedu_rules.backends.python.cells import Cells
from cedu_rules.backends.python.elements import Noting
from cedu_rules.backends.python.folding import folded
from cedu_rules.backends.python.joining import decided_together, known_together
from cedu_rules.backends.python.sinking import read_late
from cedu_rules.model.graph import Key, conditions_of, references, walk
from cedu_rules.model.ir import COMPARISONS, Expression, Fact, Model
from cedu_rules.model.ir import Record as RecordType
from cedu_rules.records import plain_float
from cedu_rules.results import Status
from cedu_rules.source import Span

Raw: TypeAlias = Callable[[Expression], bool]
"""Whether a number that is compared with that expression may stay as the caller holds it."""
Answers: TypeAlias = Callable[..., tuple[Status, ...]]
"""The statuses of an instance, given the day as keyword `assessed_on`, or second."""


@frozen
class Instances:
    """What a class of a caller has: the facts that are attributes of it, and of which class the elements of lists are."""

    class_: type
    names: frozenset[str]
    elements: Mapping[str, "Instances"] = field(factory=dict)


@frozen
class Ways:
    """The way over a record: the statuses of an instance, and its record where an expression has no compiled form."""

    statuses: Answers
    record: Callable[[Any], Any]


def statuses_of_instances(model: Model, given: Instances, ways: Ways, *, trusted: bool) -> Answers | None:
    """Return the function from an instance and a day to the statuses; None where no such function can be written."""
    try:
        writer, function = instances_function(model, given, ways, trusted=trusted)
    except NotCovered:
        return None
    compiled: Answers = writer.compiled(function)
    return compiled


def instances_function(
    model: Model, given: Instances, ways: Ways, *, trusted: bool
) -> tuple["InstanceWriter", ast.FunctionDef]:
    """Return the function of `statuses_of_instances` as code.

    Raises:
        NotCovered: no such function can be written.
    """
    for raw in (_anything, _is_fixed):
        with suppress(NotRaw):
            return _written(model, given, ways, raw, trusted=trusted)
    return _written(model, given, ways, _nothing, trusted=trusted)


def _written(
    model: Model, given: Instances, ways: Ways, raw: Raw, *, trusted: bool
) -> tuple["InstanceWriter", ast.FunctionDef]:
    clauses = [root for clause in model.clauses for root in conditions_of(clause)]
    matters = functions.mattering(model, dated=trusted)
    checks = [root for root in functions.asked_of_input(model) if matters(root)]
    writer = InstanceWriter(model, [*clauses, *checks], given, ways, raw, trusted=trusted)
    if checks:
        writer.contradictions(matters)
    result = ast.Tuple([writer.result(clause.id) for clause in model.clauses], ast.Load())
    return writer, writer.whole(result)


class InstanceWriter(functions.Writer):
    """Writes the function over the instances of one class."""

    def __init__(
        self,
        model: Model,
        roots: list[Expression],
        given: Instances,
        ways: Ways,
        raw: Raw,
        *,
        trusted: bool,
    ) -> None:
        self._given = given
        self._trusted = trusted
        self._classes: dict[str, Instances | None] = {}
        derived = rows.NOTHING if self._trusted else rows.NOTHING._replace(tests=rows.derived(model).tests)
        super().__init__(model, roots, Span(model.source, 0, 0), derived=derived)
        self._tests = derived.tests
        builder = self.builder
        compared = _only_compared(model, roots, raw)
        builder.raw = frozenset(compared if trusted else filter(self._may_be_float, compared))
        builder.mixed = trusted
        self._gather(model.facts, given)
        builder.globals["by_reference"] = ways.statuses
        builder.globals["as_record"] = ways.record
        builder.record = nodes.call("as_record", nodes.name("record"))
        self._cells = Cells(builder, model, self.refusal)

    def _may_be_float(self, key: tuple[str, str]) -> bool:
        """Return whether a fact is a number of the institution that floats are taken for."""
        owner, name = key
        type_ = self.model.facts_by_name[name].type if not owner else None
        return type_ is not None and type_.kind == "number" and plain_float(type_) is not None

    def _gather(self, facts: tuple[Fact, ...], given: Instances | None) -> None:
        """Note of which class the elements of each record are; two classes of one record are not told apart."""
        for fact in facts:
            if fact.type.kind != "list":
                continue
            element = given.elements.get(fact.name) if given is not None else None
            known = self._classes.setdefault(fact.type.name, element)
            if element is not None and known is not element:
                if known is not None:
                    raise NotCovered
                self._classes[fact.type.name] = element
            self._gather(self.model.records_by_name[fact.type.name].fields, element)

    def refusal(self) -> ast.stmt:
        """Return the statement that leaves the instance to the way over a record."""
        return ast.Return(nodes.call("by_reference", nodes.name("record"), nodes.name("assessed_on")))

    def _element(self, record: RecordType, slots: Mapping[str, rows.Slot], row: ast.expr) -> Scope:
        scope = super()._element(record, slots, row)
        if self._trusted:
            scope.read = partial(self._used, self._classes[record.name])
        return scope

    # --- what is read ---

    def whole(self, result: ast.expr) -> ast.FunctionDef:
        """Return the function: what it reads, what was written so far, and `result`."""
        institution = self.builder.institution
        record, day = nodes.name("record"), nodes.name("assessed_on")
        reading = self._used(self._given, institution) if self._trusted else self._checked(institution)
        wrong_day = nodes.both(nodes.is_given(day), self._is_no(day, date, "date", exactly=True))
        written = known_together(institution.written())
        answer = folded(written, result, self.builder.constant)
        answer = decided_together(written, answer, self.builder.local)
        decided = [*reading, *written, ast.Return(answer)]
        nodes.place(decided, self.span)
        body: list[ast.stmt] = [
            *nodes.when(self._is_no(record, self._given.class_, "bound"), [self.refusal()]),
            *nodes.when(wrong_day, [self.refusal()]),
            *(read_late(decided) if self._trusted else decided),
        ]
        caught = ast.ExceptHandler(nodes.name(self.builder.helper("Exception")), None, [self.refusal()])
        guarded = ast.Try(body, [caught], [], [])
        function = self.wrapped("statuses", [guarded])
        self.by_keyword(function)
        return function

    def _is_no(self, value: ast.expr, class_: type, hint: str, *, exactly: bool = False) -> ast.expr:
        """Return the test that a value is no instance of a class."""
        name = self.builder.constant(hint, class_)
        other = nodes.compare("is not", nodes.attribute(value, "__class__"), name)
        if exactly:
            return other
        return nodes.both(other, nodes.negated(self.builder.call("isinstance", value, name)))

    def _used(self, given: Instances | None, scope: Scope) -> list[ast.stmt]:
        """Return the statements that read what is used of an instance, trusted."""
        owner = nodes.name("record") if scope is self.builder.institution else scope.row
        statements: list[ast.stmt] = []
        if owner is scope.row and given is not None and any(hasattr(dict, name) for name in given.names):
            statements += nodes.when(self._is_no(owner, given.class_, "bound"), [self.refusal()])  # it may be a mapping
        for name, slot in scope.slots.items():
            names = [scope.cells.get(slot.index + place, "_") for place in range(slot.width)]
            if set(names) == {"_"}:
                continue
            if given is not None and slot.fact.name not in given.names:
                statements += self._cells.blank(slot.fact, names)
            elif slot.fact.type.kind == "list" and self._class_of(given, slot.fact) is None:
                statements += self._cells.nothing(names[0], nodes.attribute(owner, slot.fact.name))
            elif (scope.name, name) in self.builder.raw:
                statements.append(nodes.assign(names[0], nodes.attribute(owner, name)))
            else:
                statements += self._cells.trusted(slot.fact, names, nodes.attribute(owner, slot.fact.name))
        return statements

    @staticmethod
    def _class_of(given: Instances | None, fact: Fact) -> Instances | None:
        return None if given is None else given.elements.get(fact.name)

    def _checked(self, institution: Scope) -> list[ast.stmt]:
        """Return the statements that read everything, checked."""
        record = nodes.name("record")
        statements: list[ast.stmt] = []
        for name in sorted({"id", "name"} & self._given.names - institution.slots.keys()):
            statements += self._cells.identity(nodes.attribute(record, name))
        for fact in self.model.facts:
            names = self._names(institution, fact.name)
            statements += self._of_fact(self._given, fact, names, record, 0)
        return statements

    @staticmethod
    def _names(scope: Scope, name: str) -> list[str]:
        """Return the local names of the places of a slot that are used, `_` for the others."""
        slot = scope.slots[name]
        return [scope.cells.get(slot.index + place, "_") for place in range(slot.width)]

    def _of_fact(self, given: Instances, fact: Fact, names: list[str], owner: ast.expr, depth: int) -> list[ast.stmt]:
        """Return the statements that check one value and put what a row holds of it into local names."""
        bits = Noting(self.translator, fact.name, {} if depth else self._tests.get(fact.name, {}))
        if fact.name not in given.names:
            return [*self._cells.blank(fact, names), *bits.missing()]
        value = nodes.attribute(owner, fact.name)
        if fact.type.kind != "list":
            names = [self.builder.local(fact.name) if name == "_" else name for name in names]
            if not depth and ("", fact.name) in self.builder.raw:
                return self._cells.held(fact, names[0], value)
            return self._cells.checked(fact, names, value, fills=depth > 0)
        inner = self._class_of(given, fact)
        if inner is None:
            return [*self._cells.nothing(names[0], value), *bits.missing()]
        return self._of_list(inner, fact, names[0], value, bits, depth + 1)

    def _of_list(
        self, given: Instances, fact: Fact, name: str, value: ast.expr, bits: Noting, depth: int
    ) -> list[ast.stmt]:
        """Return the statements that put the rows of the elements of a list into a local name, and their bits."""
        if depth > LOOPS_LIMIT:
            raise NotCovered
        builder, record = self.builder, self.model.records_by_name[fact.type.name]
        listed, element = builder.local(fact.name), builder.local("element")
        scope = self.scopes[record.name](nodes.name(element))
        body = nodes.when(self._is_no(nodes.name(element), given.class_, "bound"), [self.refusal()])
        starts, ends = bits.starts(nodes.name(listed), self.refusal), bits.ends()
        for each in record.fields:
            slot = scope.slots[each.name]
            cells = [builder.cell(scope, slot.index + place, each.name) for place in range(slot.width)]
            names = list(map(nodes.identifier_of, cells))
            if each.type.kind == "bool" and each.name in given.names:
                read = nodes.attribute(nodes.name(element), each.name)
                body += self._cells.checked_truth(each, names[0], read, *bits.of_field(each.name))
            else:
                body += self._of_fact(given, each, names, nodes.name(element), depth)
            if each.name == record.key:
                keys = builder.local("keys")
                starts.append(nodes.assign(keys, ast.Dict([], [])))
                body.append(ast.Assign([ast.Subscript(nodes.name(keys), cells[0], ast.Store())], nodes.constant(None)))
                ends.append(ast.If(nodes.compare("<", self._count(keys), self._count(listed)), [self.refusal()], []))
        missing = bits.missing()
        if name != "_":
            found = builder.local("rows")
            starts.append(nodes.assign(found, ast.List([], ast.Load())))
            row = ast.Tuple([nodes.name(scope.cells[place]) for place in range(scope.width)], ast.Load())
            body.append(_do(nodes.attribute(nodes.name(found), "append"), row))
            ends.append(nodes.assign(name, nodes.name(found)))
            missing.append(nodes.assign(name, nodes.constant(None)))
        body += bits.of_element(scope)
        loop = ast.For(nodes.target(element), nodes.name(listed), body, [])
        rest = [*starts, loop, *ends]
        given_ = ast.If(nodes.is_none(nodes.name(listed)), missing or [ast.Pass()], rest)
        return [*self._cells.listing(listed, value), given_]

    def _count(self, name: str) -> ast.expr:
        return self.builder.call("len", nodes.name(name))


def _anything(_other: Expression) -> bool:
    return True


def _nothing(_other: Expression) -> bool:
    return False


def _is_fixed(other: Expression) -> bool:
    return other.operator == "constant"


def _only_compared(model: Model, roots: list[Expression], fits: Raw) -> Iterator[tuple[str, str]]:
    """Yield owner and name of the numbers that are only compared, with what fits, and of choices, with constants."""
    named = functions.named_in(model, roots)
    compared: Counter[Key] = Counter()
    for part in (part for expression in named.expressions for part in walk(expression)):
        if part.operator in COMPARISONS:
            for one, other in (part.operands, part.operands[::-1]):
                if one.operator in {"fact", "field"} and (
                    fits(other) if one.type.kind == "number" else _is_fixed(other)
                ):
                    compared.update(references([one]))
        elif part.operator == "in" and part.operands[0].operator in {"fact", "field"}:
            compared.update(references(part.operands[:1]))
    for key, count in compared.items():
        _kind, owner, name = key
        holder = model.records_by_name[owner].fields_by_name if owner else model.facts_by_name
        if named.uses[key] == count and _may_be_raw(holder[name]):
            yield owner, name


def _may_be_raw(fact: Fact) -> bool:
    """Return whether the ends of a number are whole in the unit of its data, and where it does not exist it is 0."""
    type_ = fact.type
    if type_.kind in {"choice", "level"}:
        return True
    if type_.kind != "number" or (type_.whole and type_.data_factor == 1):
        return False
    ends = [end / type_.data_factor for end in (type_.low, type_.high) if end is not None]
    is_zero = fact.condition is None or getattr(values.absent(fact), "low", None) == 0
    return is_zero and all(end.denominator == 1 for end in ends)


def _do(function: ast.expr, argument: ast.expr) -> ast.stmt:
    return ast.Expr(ast.Call(function, [argument], []))
