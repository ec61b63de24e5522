"""Clauses and what is waived of them into what is still demanded.

A clause of which single requirements are waived is asked for the others alone; one that is waived, or of which nothing
that counts is left, is asked for nothing. The meaning stays as it is: `passes` of such a clause is what it was.
"""

from typing import TypeAlias

from cedu_rules import results
from cedu_rules.model.ir import Clause, Model
from cedu_rules.results import Status
from cedu_rules.semantics import Evaluation
from cedu_rules.truth import all_of

Exempt: TypeAlias = frozenset[tuple[str, int | None]]
"""What is waived: ids of clauses, each with the number of one requirement, from 1, or None for the whole clause."""

NOTHING: Exempt = frozenset()


def demanded(clause: Clause, exempt: Exempt) -> Clause | None:
    """Return the clause without the requirements that are waived; None where nothing that counts is left."""
    if not exempt:
        return clause
    if (clause.id, None) in exempt:
        return None
    left = [item for number, item in enumerate(clause.requirements, 1) if (clause.id, number) not in exempt]
    if len(left) == len(clause.requirements):
        return clause
    counts = "should" if clause.advisory else "must"
    return clause._replace(requirements=tuple(left)) if any(item.modality == counts for item in left) else None


def counting(model: Model, exempt: Exempt) -> tuple[Clause, ...]:
    """Return the clauses on which the verdict hangs, each without what is waived of it."""
    left = (demanded(clause, exempt) for clause in model.clauses if not clause.advisory)
    return tuple(clause for clause in left if clause is not None)


def status_of(evaluation: Evaluation, clause: Clause) -> Status:
    """Return the status of a clause of the standard, or of what is left of it."""
    if evaluation.model.clauses_by_id[clause.id] is clause:
        return evaluation.status(clause)
    counts = "should" if clause.advisory else "must"
    met = all_of(evaluation.value(item.condition) for item in clause.requirements if item.modality == counts)
    return results.status(evaluation.applies(clause), met, advisory=clause.advisory)
