"""A model into the names that it declares and nothing uses."""

import re
from collections import Counter
from collections.abc import Iterator

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.graph import Key, conditions_of, references
from cedu_rules.model.ir import Expression, Fact, Model
from cedu_rules.source import Span

_WORDS = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|#[^\n]*|[\w㎡]+')
_DECLARED = re.compile(r"^[^\S\n]*(?P<kind>param|type|unit|record)\s+(?P<name>[\w㎡]+)", re.MULTILINE)


def unused(model: Model) -> Iterator[Diagnostic]:
    """Yield facts and fields, lets, params, types, records and units that nothing reads; examples do not count."""
    used = set(references(_expressions(model)))
    for fact in model.facts:
        yield from _fact(fact, "", used)
    for let in model.lets:
        if ("let", "", let.name) not in used:
            yield Diagnostic("unused-let", let.span, {"name": let.name})
    for record in model.records:
        for field in record.fields:
            if field.name != record.key:
                yield from _fact(field, record.name, used)
        for let in record.lets:
            if ("let", record.name, let.name) not in used:
                yield Diagnostic("unused-let", let.span, {"name": let.name})
    yield from _words(model)


def _fact(fact: Fact, record: str, used: set[Key]) -> Iterator[Diagnostic]:
    if ("fact", record, fact.name) not in used:
        yield Diagnostic("unused-fact", Span(fact.span.source, fact.span.start, fact.span.end), {"name": fact.name})


def _expressions(model: Model) -> Iterator[Expression]:
    """Yield every expression that may read a fact."""
    for clause in model.clauses:
        yield from conditions_of(clause)
    lets = [*model.lets, *(let for record in model.records for let in record.lets)]
    checks = [*model.checks, *(check for record in model.records for check in record.checks)]
    facts = [*model.facts, *(field for record in model.records for field in record.fields)]
    yield from (let.value for let in lets)
    yield from (check.condition for check in checks)
    yield from (fact.condition for fact in facts if fact.condition is not None)


def _words(model: Model) -> Iterator[Diagnostic]:
    """Yield the declarations whose name stands nowhere else in the text; constants are read away in the model."""
    text = model.source.text
    times = Counter(match[0] for match in _WORDS.finditer(text))
    for match in _DECLARED.finditer(text):
        if times[match["name"]] == 1:
            code = "unused-let" if match["kind"] == "param" else "unused-declaration"
            place = Span(model.source, match.start("name"), match.end("name"))
            yield Diagnostic(code, place, {"name": match["name"]})
