"""What is wanted of a condition: that it is true or false, for certain or at least not otherwise."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from attrs import evolve, frozen

from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Terms
from cedu_rules.explain.repairing.states import Context, Path, State
from cedu_rules.model.ir import Clause, Expression, Model
from cedu_rules.truth import Truth

__all__ = ["Goal", "Searcher", "Test", "attempts", "checks"]

Test = Callable[[State], bool]


@frozen
class Goal:
    """That `condition` is `wanted`; where `certain` is False, an unknown answer will do too."""

    condition: Expression
    wanted: bool
    context: Context
    certain: bool = True

    def accepts(self, truth: Truth) -> bool:
        """Return whether the answer is good enough."""
        return truth is self.wanted if self.certain else truth is not (not self.wanted)

    def met(self, state: State) -> bool:
        """Return whether the version is good enough; not where the element that it is about was taken off."""
        return state.holds(self.context) and self.accepts(state.value(self.condition, self.context))

    def part(self, condition: Expression, context: Context | None = None, *, wanted: bool | None = None) -> "Goal":
        """Return the goal of a part of the condition."""
        return evolve(
            self,
            condition=condition,
            context=self.context if context is None else context,
            wanted=self.wanted if wanted is None else wanted,
        )


def attempts(clause: Clause) -> list[list[Goal]]:
    """Return what may be tried with a clause: that it passes; that it is at least open; that it does not apply."""
    demands = [item.condition for item in clause.requirements if item.modality == "must"]
    certain = [Goal(demand, wanted=True, context={}) for demand in demands]
    leaving = [[Goal(guard, wanted=False, context={})] for guard in clause.guards]
    return [certain, [evolve(goal, certain=False) for goal in certain], *leaving]


def checks(model: Model) -> list[Goal]:
    """Return what a record has to meet, as far as it is known, to be a record at all."""
    return [Goal(check.condition, wanted=True, context={}, certain=False) for check in model.checks]


class Searcher(Protocol):
    """The search, as its parts call one another."""

    @property
    def terms(self) -> Terms:
        """What may be changed."""
        ...

    @property
    def outline(self) -> Outline:
        """What the model says of facts and lists."""
        ...

    def reach(self, state: State, goal: Goal) -> list[State]:
        """Return versions on which the goal is met, the cheapest first."""
        ...

    def reach_all(self, state: State, goals: Sequence[Goal]) -> list[State]:
        """Return versions on which all goals are met, the cheapest first."""
        ...

    def assigned(self, state: State, path: Path, value: object) -> list[State]:
        """Return versions with the value at the path, where that may be."""
        ...

    def best(self, states: Iterable[State]) -> list[State]:
        """Return the cheapest of the versions, each once."""
        ...

    def inside(self, path: Path) -> "Searcher":
        """Return the search that changes nothing but one element."""
        ...

    def look(self, state: State, test: Test) -> bool:
        """Return what the test says of a version; the search ends when it has looked too often."""
        ...
