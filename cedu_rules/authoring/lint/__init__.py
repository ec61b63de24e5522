"""The text of a standard into everything that is doubtful in it: warnings, each with a code that the file may allow.

What loading finds comes first. Only where it finds no error are the finer rules asked; each is sound: what it
reports is so for every institution, or for every example of the file.
"""

from collections.abc import Callable, Iterable, Iterator

from cedu_rules.analysis.allowances import allowances
from cedu_rules.authoring.lint import clauses, conditions, names, thresholds
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.frontend import survey
from cedu_rules.model.ir import Model

__all__ = ["RULES", "lint", "lint_model"]

RULES: tuple[Callable[[Model], Iterator[Diagnostic]], ...] = (
    names.unused,
    clauses.without_example,
    clauses.judged_without_note,
    clauses.repeated,
    conditions.constant,
    conditions.vacuous,
    thresholds.one_sided,
)
"""Every rule beyond those of loading, each a function of the model."""


def lint(text: str, name: str = "<text>") -> tuple[Diagnostic, ...]:
    """Return what is wrong or doubtful in the text of a standard, in the order of the text.

    Args:
        text: The whole text.
        name: What places call it.
    """
    return lint_model(*survey(text, name))


def lint_model(model: Model, loaded: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the same of a model with what loading found, as `survey` returns both."""
    allowed = allowances(model.source)
    found = list(loaded)
    if any(diagnostic.severity == "error" for diagnostic in found):
        return _ordered([*allowed.kept(found), *allowed.problems])
    for rule in RULES:
        found += rule(model)
    return _ordered([*allowed.kept(found), *allowed.problems, *allowed.unused(found)])


def _ordered(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda each: (each.span.start, each.code)))
