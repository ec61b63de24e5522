"""The laws of the language as functions that raise `AssertionError` where an interpreter breaks them.

Each takes what a strategy of `histories` draws. They hold for the reference and for every backend, on any standard.
"""

from collections.abc import Iterator

from cedu_rules.model.graph import walk
from cedu_rules.model.ir import AGGREGATES, Expression, Model
from cedu_rules.results import Status
from cedu_rules.testing.histories import History, World
from cedu_rules.testing.thresholds import expressions_of


def assert_answers_stay(history: History) -> None:
    """Raise where a decided answer turns into unknown or into its opposite while more becomes known.

    A clause that passes may turn out not to apply, never the reverse. The same holds for each requirement, and for every
    condition in the standard, however deep, that an author might have written as one.

    Raises:
        AssertionError: an answer has changed.
    """
    conditions = list(conditions_of(history.first.model))
    for position, earlier in enumerate(history.worlds):
        for later in history.worlds[position + 1 :]:
            _compare_statuses(earlier, later)
            _compare_conditions(conditions, earlier, later)


def _compare_statuses(earlier: World, later: World) -> None:
    before, after = earlier.evaluation(), later.evaluation()
    for clause in earlier.model.clauses:
        pairs = [(before.status(clause), after.status(clause))]
        pairs += [
            (before.requirement_status(clause, requirement), after.requirement_status(clause, requirement))
            for requirement in clause.requirements
        ]
        for one, other in pairs:
            if one not in {other, Status.UNKNOWN} and (one, other) != (Status.PASS, Status.NOT_APPLICABLE):
                raise AssertionError(f"`{clause.id}`: {one}, and then {other}, when more is known")


def _compare_conditions(conditions: list[Expression], earlier: World, later: World) -> None:
    before, after = earlier.evaluation(), later.evaluation()
    for condition in conditions:
        one, other = before.value(condition), after.value(condition)
        if one is not None and one is not other:
            raise AssertionError(f"`{condition.span.text}`: {one}, and then {other}, when more is known")


def conditions_of(model: Model) -> Iterator[Expression]:
    """Yield the conditions of a standard, and those inside of them, that read no variable of an aggregate."""
    seen: set[int] = set()
    for expression in expressions_of(model):
        for part in walk(expression):
            if part.type.kind == "bool" and id(part) not in seen and not _is_open(part):
                seen.add(id(part))
                yield part


def _is_open(expression: Expression) -> bool:
    """Return whether the expression reads a variable that is bound outside of it, or a field of its own record."""
    read = {str(part.data) for part in walk(expression) if part.operator == "variable"}
    bound = {str(part.data) for part in walk(expression) if part.operator in AGGREGATES}
    return bool(read - bound)
