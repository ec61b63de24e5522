"""Clauses into Python functions: what a function reads, what it computes in which order, and what it returns."""

import ast
import linecache
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from attrs import Factory, frozen

from cedu_rules import results, rows, validity, values
from cedu_rules.backends.python import conditions, lists, nodes, numbers
from cedu_rules.backends.python.builder import Builder, NotCovered, Scope, identifier, unpacking
from cedu_rules.backends.python.condition_rules import CONDITIONS
from cedu_rules.backends.python.conditions import Condition
from cedu_rules.backends.python.folding import folded
from cedu_rules.backends.python.joining import decided_together, known_together
from cedu_rules.backends.python.number_rules import ARITHMETIC, NUMBERS
from cedu_rules.backends.python.reference import Reference
from cedu_rules.backends.python.runtime import HELPERS
from cedu_rules.backends.python.translate import Environment, Rules, Translator
from cedu_rules.model.graph import Graph, Key, references
from cedu_rules.model.ir import Check, Clause, Expression, Fact, Model, Record
from cedu_rules.results import Status
from cedu_rules.source import Span
from cedu_rules.truth import Interval, Truth

LISTS_LIMIT = 200
"""Contradictions are looked for in so many lists, counted along every way from the institution."""

_STATUSES = {status.name: status for status in Status}

RULES = Rules(CONDITIONS, NUMBERS, ARITHMETIC)
Function = Callable[[Any, date | None], Any]


class Writer:
    """Writes one function over the records of a model; `roots` are the expressions that it starts from.

    `derived` is what its rows hold after the facts, by default what those of the records hold.
    """

    def __init__(
        self, model: Model, roots: Iterable[Expression], span: Span, *, derived: rows.Derived | None = None
    ) -> None:
        self.model = model
        self.span = span
        self.reference = Reference(model)
        layouts = {record.name: rows.layout(record.fields) for record in model.records}
        slots = rows.layout(model.facts, rows.derived(model) if derived is None else derived)
        institution = Scope("", slots, model.lets_by_name, nodes.name("row"))
        self.builder = Builder(institution, {**HELPERS, "model": model}, span)
        self.scopes = {record.name: partial(self._element, record, layouts[record.name]) for record in model.records}
        self.uses = named_in(model, roots).uses
        self._refusing: set[str] = set()
        self._lists = 0
        self._matters: Callable[[Expression], bool] = lambda _condition: True
        self.translator = Translator(self.builder, RULES, self.scopes, self.uses, self.status, model)

    def _element(self, record: Record, slots: Mapping[str, rows.Slot], row: ast.expr) -> Scope:
        return Scope(record.name, slots, record.lets_by_name, row, self.builder.loops + 1)

    # --- statuses ---

    def status(self, clause_id: str) -> ast.expr:
        """Return the name of the status of a clause, which is computed once, after those that it asks for."""
        top = self.builder.institution

        def make() -> ast.expr:
            with self.builder.block(top.statements):
                return self.builder.bind(clause_id, self._status(clause_id))

        return top.once("status", clause_id, make)

    def result(self, clause_id: str) -> ast.expr:
        """Return the code of the status of a clause: it needs a name only if another clause asks for it."""
        return self.status(clause_id) if self.uses["clause", "", clause_id] else self._status(clause_id)

    def _status(self, clause_id: str) -> ast.expr:
        clause = self.model.clauses_by_id[clause_id]
        modality = "should" if clause.advisory else "must"
        counting = [each.condition for each in clause.requirements if each.modality == modality]
        with self.builder.block(self.builder.institution.statements), self.builder.at(clause.span):
            applies, met = (
                conditions.all_of(self.builder, [self.translator.condition(each, {}) for each in group])
                for group in (clause.guards, counting)
            )
            answer = self._answer(applies, met, clause.advisory)
        nodes.place([answer], clause.span)
        return answer

    def _answer(self, applies: Condition, met: Condition, advisory: bool) -> ast.expr:
        """Return the status of a clause that applies and is met as the conditions say: the table of `results.status`."""

        def word(applying: Truth, meeting: Truth) -> ast.expr:
            return nodes.name(self.builder.helper(results.status(applying, meeting, advisory=advisory).name))

        if not nodes.is_constant(applies.true, True):
            unmet = nodes.choose(nodes.both(applies.true, met.false), word(True, False), word(True, None))
            passing = nodes.choose(met.true, word(True, True), unmet)
            return nodes.choose(applies.false, word(False, None), passing)
        if met.missing is not None and met.known is not None:
            known = nodes.choose(met.known, word(True, True), word(True, False))
            return nodes.choose(met.missing, word(True, met.otherwise), known)
        unmet = nodes.choose(met.false, word(True, False), word(True, None))
        return nodes.choose(met.true, word(True, True), unmet)

    # --- contradictions ---

    def contradictions(self, matters: Callable[[Expression], bool]) -> None:
        """Emit `return True` where something cannot be, by the checks and conditions that matter.

        Raises:
            NotCovered: something about elements has no compiled form, or too many lists hang from one another.
        """
        self._refusing = _refusing(self.model)
        self._matters = matters
        self._contradictions(self.builder.institution, self.model.checks, self.model.facts, {})

    def _contradictions(
        self, scope: Scope, checks: Iterable[Check], facts: Iterable[Fact], environment: Environment
    ) -> None:
        for check in filter(lambda check: self._matters(check.condition), checks):
            self._refuse(check.span, self.translator.condition(check.condition, environment).false)
        for fact in facts:
            if fact.condition is not None and self._matters(fact.condition):
                condition = self.translator.facts.condition(scope, fact) or conditions.always(True)
                self._refuse(fact.span, nodes.both(condition.false, self._differs(scope, fact)))
            if fact.type.kind == "list" and fact.type.name in self._refusing:
                self._elements(scope, fact)

    def _refuse(self, span: Span, test: ast.expr) -> None:
        with self.builder.at(span):
            self.builder.emit(*nodes.when(test, [self.refusal()]))

    def refusal(self) -> ast.stmt:
        """Return the statement that tells that something cannot be."""
        return ast.Return(nodes.constant(True))

    def _elements(self, scope: Scope, fact: Fact) -> None:
        self._lists += 1
        if self._lists > LISTS_LIMIT:
            raise NotCovered
        record = self.model.records_by_name[fact.type.name]
        cell = self.translator.facts.cell(scope, fact)
        listing = lists.Listing(cell, scope, self.scopes[record.name])

        def write(element: Scope) -> None:
            self._contradictions(element, record.checks, record.fields, {"": element})

        lists.each(self.builder, listing, [], write)

    def _differs(self, scope: Scope, fact: Fact) -> ast.expr:
        """Return the test that a value is given which is not the one that a fact has where it does not exist."""
        cell = self.translator.facts.cell(scope, fact)
        if fact.type.kind == "set":
            absent = self.translator.facts.cell(scope, fact, 1)
            every = nodes.constant((1 << len(fact.type.members)) - 1)
            return nodes.either(cell, nodes.chain(nodes.constant(0), ("<", absent), ("<", every)))
        if fact.type.kind in {"list", "series"}:
            return cell
        code = _absent_code(fact)
        given = nodes.is_given(cell)
        return given if code is None else nodes.both(given, nodes.compare("!=", cell, nodes.constant(code)))

    # --- the function ---

    def function(self, name: str, result: ast.expr, by_reference: Function) -> ast.FunctionDef:
        """Return the function that has the statements written so far and returns `result`."""
        self.builder.globals["by_reference"] = by_reference
        row, institution = nodes.name("row"), self.builder.institution
        arguments: list[ast.expr] = [nodes.name("record"), nodes.name("assessed_on")]
        written = known_together(institution.written())
        answer = folded(written, result, self.builder.constant)
        answer = decided_together(written, answer, self.builder.local)
        body: list[ast.stmt] = [
            nodes.assign("row", nodes.attribute(nodes.name("record"), "_row")),
            *nodes.when(nodes.is_none(row), [ast.Return(nodes.call("by_reference", *arguments))]),
            *unpacking(institution),
            *written,
            ast.Return(answer),
        ]
        return self.wrapped(name, body)

    def wrapped(self, name: str, body: list[ast.stmt]) -> ast.FunctionDef:
        """Return the function with that body."""
        parameters = [ast.arg("record"), ast.arg("assessed_on")]
        signature = ast.arguments([], parameters, None, [], [], None, [])
        function = ast.FunctionDef(name, signature, body, [], None, None)
        nodes.place([function, *parameters], self.span)
        return function

    def by_keyword(self, function: ast.FunctionDef) -> None:
        """Let the day be a keyword of the function, None where nobody gives it, as it is of public methods."""
        record, day = function.args.args
        function.args = ast.arguments([], [record], None, [day], [ast.Constant(None)], None, [])
        nodes.place(function.args.kw_defaults, self.span)  # type: ignore[arg-type]  # it has a default

    def compiled(self, function: ast.FunctionDef) -> Any:  # noqa: ANN401 -- a function; what it returns is not known here
        """Return the function as Python runs it: it can name nothing but its own locals and what the builder gave."""
        source = self.model.source
        module = ast.Module([function], [])
        namespace: dict[str, Any] = {"__builtins__": {}, **self.builder.globals}
        made: dict[str, Any] = {}  # apart, so that a clause may be called `min`
        nodes.inlined([module], _STATUSES)
        exec(compile(module, source.name, "exec"), namespace, made)  # noqa: S102 -- built here, node by node
        code = made[function.name].__code__
        made[function.name].__code__ = code.replace(co_consts=tuple(map(_constant, code.co_consts)))
        lines = [f"{line}\n" for line in source.text.split("\n")]  # as spans count them
        linecache.cache[source.name] = (len(source.text), None, lines, source.name)
        return made[function.name]


def _constant(value: object) -> object:
    """Return the status that a constant stands for while Python compiles, which accepts no members of enumerations."""
    if isinstance(value, bytes):
        return _STATUSES[value.decode()]
    return tuple(map(_constant, value)) if isinstance(value, tuple) else value


def _absent_code(fact: Fact) -> object:
    """Return what a row holds for the value that a fact has where it does not exist; None where no row holds it."""
    absent = values.absent(fact)
    if isinstance(absent, bool):
        return absent
    if absent.exists is False:
        return None
    if not isinstance(absent, Interval):
        return next(iter(absent.values))
    unit = numbers.fact_unit(fact.type) if fact.type.kind == "number" else 1
    code = absent.low / unit
    return int(code) if code == int(code) else None


def _refusing(model: Model) -> set[str]:
    """Return the records with a check or a condition, in themselves or in what they hold."""
    found = {
        record.name
        for record in model.records
        if record.checks or any(field.condition is not None for field in record.fields)
    }
    for _ in model.records:  # each round goes one list further
        found |= {
            record.name
            for record in model.records
            if any(field.type.kind == "list" and field.type.name in found for field in record.fields)
        }
    return found


@frozen
class Named:
    """How often each fact, let and clause is named in `expressions`, which are all that is evaluated."""

    uses: Counter[Key] = Factory(Counter)
    expressions: list[Expression] = Factory(list)


def named_in(model: Model, roots: Iterable[Expression]) -> Named:
    """Return what is named in the roots and in everything that they lead to."""
    found = Named()
    waiting = list(roots)
    while waiting:
        expression = waiting.pop()
        found.expressions.append(expression)
        for key in references([expression]):
            found.uses[key] += 1
            if found.uses[key] == 1:
                waiting.extend(_named(model, *key))
    return found


def _named(model: Model, kind: str, record: str, name: str) -> list[Expression]:
    """Return the expressions behind a fact, let or clause."""
    if kind == "clause":
        clause = model.clauses_by_id[name]
        return [*clause.guards, *(requirement.condition for requirement in clause.requirements)]
    owner = model.records_by_name[record] if record else None
    if kind == "let":
        return [(model.lets_by_name if owner is None else owner.lets_by_name)[name].value]
    fact = (model.facts_by_name if owner is None else owner.fields_by_name)[name]
    return [] if fact.condition is None else [fact.condition]


# --- functions of a model --------------------------------------------------------------------------------------------


def clause_function(model: Model, clause: Clause) -> tuple[Writer, ast.FunctionDef]:
    """Return the function of one clause."""
    writer = Writer(model, _named(model, "clause", "", clause.id), clause.span)
    result = writer.result(clause.id)
    by_reference = partial(writer.reference.status, clause)
    return writer, writer.function(identifier(clause.id, "clause"), result, by_reference)


def statuses_function(model: Model) -> tuple[Writer, ast.FunctionDef]:
    """Return the function of all clauses."""
    roots = (root for clause in model.clauses for root in _named(model, "clause", "", clause.id))
    writer = Writer(model, roots, Span(model.source, 0, 0))
    result = ast.Tuple([writer.result(clause.id) for clause in model.clauses], ast.Load())
    return writer, writer.function("statuses", result, writer.reference.statuses)


def contradicts_function(model: Model, *, dated: bool = False) -> tuple[Writer, ast.FunctionDef]:
    """Return the function that tells whether a record contradicts itself; with `dated`, by what asks for the day."""
    roots = asked_of_input(model)
    matters = mattering(model, dated=dated)
    span = Span(model.source, 0, 0)
    writer = Writer(model, roots, span)
    try:
        writer.contradictions(matters)
        result = nodes.constant(False)
    except NotCovered:  # something about elements that has no compiled form
        writer = Writer(model, roots, span)
        result = nodes.call("by_reference", nodes.name("record"), nodes.name("assessed_on"))
    return writer, writer.function("contradicts", result, writer.reference.contradicts)


def asked_of_input(model: Model) -> list[Expression]:
    """Return the checks, and the conditions under which facts exist."""
    checks = [*model.checks, *(check for record in model.records for check in record.checks)]
    facts = [*model.facts, *(each for record in model.records for each in record.fields)]
    return [check.condition for check in checks] + [fact.condition for fact in facts if fact.condition is not None]


def mattering(model: Model, *, dated: bool) -> Callable[[Expression], bool]:
    """Return the test for the checks and conditions to look at: all, or with `dated` those that ask for the day."""
    graph = Graph(model)
    return lambda condition: not dated or validity.reads_day(graph, condition)


def is_dated(model: Model) -> bool:
    """Return whether a check or a condition asks for the day of the assessment."""
    return any(map(mattering(model, dated=True), asked_of_input(model)))
