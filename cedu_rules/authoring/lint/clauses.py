"""A model into clauses that lack an example or a note, and requirements that stand twice."""

from collections.abc import Iterator

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.ir import Clause, Model
from cedu_rules.source import Span


def without_example(model: Model) -> Iterator[Diagnostic]:
    """Yield the clauses that nothing tests."""
    for clause in model.clauses:
        if not clause.examples:
            yield Diagnostic("clause-without-example", _head(clause), {"name": clause.id})


def judged_without_note(model: Model) -> Iterator[Diagnostic]:
    """Yield the requirements that an inspector judges where no note says by what."""
    for clause in model.clauses:
        judged = [requirement for requirement in clause.requirements if requirement.kind == "judged"]
        if judged and not clause.notes:
            yield Diagnostic("judged-without-note", judged[0].span, {"name": clause.id})


def repeated(model: Model) -> Iterator[Diagnostic]:
    """Yield the requirements that an earlier one demands already, under the same guards."""
    seen: dict[object, Span] = {}
    for clause in model.clauses:
        for requirement in clause.requirements:
            demand = (requirement.condition, frozenset(clause.guards))
            first = seen.setdefault((requirement.modality, demand), requirement.span)
            if first is not requirement.span:
                yield Diagnostic("duplicate-requirement", requirement.span, {"line": first.line})


def _head(clause: Clause) -> Span:
    """Return the place of `clause ID`."""
    start = clause.span.start
    end = clause.span.source.text.find(clause.id, start + len("clause")) + len(clause.id)
    return Span(clause.span.source, start, end)
