"""The laws of the language as functions that raise `AssertionError` where an interpreter breaks them.

Each takes what a strategy of `histories` draws. They hold for the reference and for every backend, on any standard.
"""

from collections.abc import Iterator

from cedu_rules.model.graph import walk
from cedu_rules.model.ir import AGGREGATES, Expression, Model
from cedu_rules.results import Status
from cedu_rules.testing.histories import History, World
from cedu_rules.testing.thresholds import expressions_of
from cedu_rules.truth import Interval, Options, Series
from cedu_rules.values import Value


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


def assert_everything_known(world: World) -> None:
    """Raise where a fact of the institution is not known though everything is recorded that exists.

    Facts whose existence depends on what cannot be computed, such as a ratio of two zeros, are left out.

    Raises:
        AssertionError: a fact is not known.
    """
    evaluation = world.evaluation()
    for fact in world.model.facts:
        exists = True if fact.condition is None else evaluation.value(fact.condition)
        if exists is not None and not _is_known(evaluation.fact(fact, world.draft, {})):
            raise AssertionError(f"`{fact.name}` is not known in a complete record")


def _is_known(value: Value) -> bool:
    match value:
        case Interval():
            return value.exists is False or (value.exists is True and value.point is not None)
        case Options():
            return value.exists is False or (
                value.exists is True and value.values is not None and len(value.values) == 1
            )
        case Series():
            return value.exists is not None and all(map(_is_known, value.values))
    return value is not None and (not isinstance(value, tuple) or None not in value)


def assert_equal_statuses(world: World, twins: tuple[str, str], *, weaker: bool = False) -> None:
    """Raise where two clauses that say the same have two statuses.

    Args:
        world: What is known.
        twins: The ids of the two clauses.
        weaker: Whether the second may stay unknown where the first is decided.

    Raises:
        AssertionError: the statuses differ.
    """
    evaluation = world.evaluation()
    one, other = (evaluation.status(world.model.clauses_by_id[clause]) for clause in twins)
    if one is not other and not (weaker and other is Status.UNKNOWN):
        raise AssertionError(f"`{twins[0]}` is {one}, `{twins[1]}` is {other}")


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
