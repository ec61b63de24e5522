"""A model into what can be proved of it: tables with gaps, comparisons that hold for the wrong reason.

Input: `model.ir.Model`. Output: diagnostics. Everything is proved with the reference interpreter: a fact that nobody
has recorded stands for all its values, so what is certain with nothing recorded holds for every institution.
"""

from collections.abc import Iterator

from cedu_rules.analysis import absence, tables
from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import COMPARISONS, Expression, Model
from cedu_rules.semantics import Evaluation
from cedu_rules.units import PERCENT

__all__ = ["review"]


def review(model: Model) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings that need proof, in the order of the file. The model must be free of cycles."""
    always = list(_constant(model))
    met = {diagnostic.span for diagnostic in always}
    absent = (diagnostic for diagnostic in absence.review(model) if diagnostic.span not in met)
    found = [*tables.review(model), *absent, *always]
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.code)))


def _constant(model: Model) -> Iterator[Diagnostic]:
    evaluation = Evaluation(model, None)
    for clause in model.clauses:
        for requirement in clause.requirements:
            condition = requirement.condition
            value = evaluation.value(condition)
            if value is not None:
                hint = None if value else _percent(condition)
                yield Diagnostic("always-met" if value else "never-met", condition.span, {}, hint)


def _percent(condition: Expression) -> Hint | None:
    """Return the cure of a percent that is compared with a bare number."""
    for part in walk(condition):
        if part.operator in COMPARISONS and part.operands[0].type.unit == PERCENT != part.operands[1].type.unit:
            bare = part.operands[1]
            if bare.operator == "constant":
                return Hint("write-percent", {"number": bare.span.text})
    return None
