"""A model into what can be proved of it: tables with gaps, comparisons that hold for the wrong reason.

Input: `model.ir.Model`. Output: diagnostics. Everything is proved with the reference interpreter: a fact that nobody
has recorded stands for all its values, so what is certain with nothing recorded holds for every institution.
"""

from collections.abc import Iterator

from cedu_rules.analysis import absence, tables
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.ir import Model
from cedu_rules.semantics import Evaluation

__all__ = ["review"]


def review(model: Model) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings that need proof, in the order of the file. The model must be free of cycles."""
    always = list(_always_met(model))
    met = {diagnostic.span for diagnostic in always}
    absent = (diagnostic for diagnostic in absence.review(model) if diagnostic.span not in met)
    found = [*tables.review(model), *absent, *always]
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.code)))


def _always_met(model: Model) -> Iterator[Diagnostic]:
    evaluation = Evaluation(model, None)
    for clause in model.clauses:
        for requirement in clause.requirements:
            if evaluation.value(requirement.condition) is True:
                yield Diagnostic("always-met", requirement.condition.span)
