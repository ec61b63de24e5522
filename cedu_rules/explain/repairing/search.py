"""Goals into the cheapest changes that reach them: the search over conditions, limb by limb.

`reach` takes one goal apart: the limbs of an `and` are reached one after the other and looked at again, since what one
needs may undo another; those of an `or` are alternatives; what cannot be taken apart is left to `atoms`, `lists` and
`trends`. Of each step only the cheapest few versions are kept, and the search looks at a limited number of versions, so
that it ends soon on any standard.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from attrs import define, evolve, field

from cedu_rules.explain.repairing import atoms, lists, trends
from cedu_rules.explain.repairing.goals import Goal, Test
from cedu_rules.explain.repairing.inputs import let, owner_context, owner_path, path_of
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Terms
from cedu_rules.explain.repairing.states import DAY, NO_REMEDY, Path, State
from cedu_rules.model.ir import Fact, Model
from cedu_rules.values import absent, possible

WIDTH = 6
"""So many alternatives are kept at each step."""
ROUNDS = 3
"""So often limbs that have to hold together are looked at again."""
DEPTH = 60
"""The search goes no deeper; a standard's conditions nest at most 100 deep, and nobody repairs that."""
LOOKS = 6000
"""So many versions are looked at in one search."""

UNWELCOME = 4
"""The penalty of a change that only gets around a demand: its premise falsified, another branch chosen."""


class Exhausted(Exception):  # noqa: N818 -- no error: the search has looked often enough
    """The search has looked at as many versions as it may."""


@define
class Looks:
    """How many versions may still be looked at."""

    left: int = LOOKS


@define
class Search:
    """A search on one model under terms; it counts how often it looks."""

    outline: Outline
    terms: Terms
    looks: Looks = field(factory=Looks)
    width: int = WIDTH
    depth: int = 0

    def look(self, state: State, test: Test) -> bool:
        """Return what the test says of a version; the search ends when it has looked too often."""
        self.looks.left -= 1
        if self.looks.left < 0:
            raise Exhausted
        return test(state)

    def inside(self, path: Path) -> "Search":
        """Return the search that changes nothing but one element."""
        return evolve(self, terms=evolve(self.terms, within=path))

    def best(self, states: Iterable[State]) -> list[State]:
        """Return the cheapest of the versions, each once."""
        listed = list(states)
        if len(listed) < 2:  # noqa: PLR2004 -- nothing to sort
            return listed
        found: dict[frozenset[tuple[Path, object]], State] = {}
        for state in listed:
            key = frozenset(state.edits.items())
            if key not in found or state.penalty < found[key].penalty:
                found[key] = state
        return sorted(found.values(), key=self.score)[: self.width]

    def score(self, state: State) -> tuple[int, Fraction, int]:
        """Return what versions are sorted by: what is no remedy last, then cost with penalty, then fewer changes."""
        last, penalty = divmod(state.penalty, NO_REMEDY)
        return last, self.terms.price(state) + penalty, len(state.edits)

    # --- conditions ---

    def reach(self, state: State, goal: Goal) -> list[State]:
        """Return versions on which the goal is met, the cheapest first."""
        if self.look(state, goal.met):
            return [state]
        if self.depth >= DEPTH or not state.holds(goal.context):
            return []
        deeper = evolve(self, depth=self.depth + 1)
        found = _WAYS.get(goal.condition.operator, atoms.ways)(deeper, state, goal)
        return self.best(each for each in found if self.look(each, goal.met))

    def reach_all(self, state: State, goals: Sequence[Goal]) -> list[State]:
        """Return versions on which all goals are met, the cheapest first."""
        states = [state]
        for _ in range(ROUNDS):
            for goal in goals:
                states = self.best(itertools.chain.from_iterable(self.reach(each, goal) for each in states))
            done = [each for each in states if all(self.look(each, goal.met) for goal in goals)]
            if done or not states:
                return done
        return []

    # --- values ---

    def assigned(self, state: State, path: Path, value: object) -> list[State]:
        """Return versions with the value at the path, where that may be; a fact that does not exist is made to."""
        if self.terms.forbid(state, path):
            return []
        return [
            self.settled(each.with_value(path, value), path)
            for each in self._existing(state, path)
            if each.get(path) != value or each.get(path) is None or type(each.get(path)) is not type(value)
        ]

    def _existing(self, state: State, path: Path) -> list[State]:
        """Return versions on which the fact exists."""
        if path == DAY:
            return [state]
        fact, owner = state.fact(path), state.split(path)[0]
        if fact.condition is None:
            return [state]
        goal = Goal(fact.condition, wanted=True, context={"": owner} if owner else {}, certain=False)
        if goal.met(state):
            return [state]
        return [each.fined(1) for each in self.reach(state, goal)] if self.depth < DEPTH else []

    def settled(self, state: State, path: Path) -> State:
        """Return the version without the facts that no longer exist once the value at the path has changed."""
        if path == DAY or state.split(path)[1] not in self.outline.deciding:
            return state
        owner = state.split(path)[0]
        record = (
            self.outline.model if not owner else self.outline.model.records_by_name[state.fact(owner[:-1]).type.name]
        )
        facts = record.facts if isinstance(record, Model) else record.fields
        for _ in facts:
            gone = next((fact for fact in facts if _is_gone(state, fact, owner)), None)
            if gone is None:
                break
            state = state.with_value((*owner, gone.name), None)
        return state


def _is_gone(state: State, fact: Fact, owner: Path) -> bool:
    """Return whether a fact has a value though it no longer exists."""
    given = getattr(state.owner(owner), fact.name, None)
    if fact.condition is None or given is None:
        return False
    is_absent = state.value(fact.condition, {"": owner} if owner else {}) is False
    return is_absent and bool(possible(fact.type, given) != absent(fact))


# --- one way an operator ---------------------------------------------------------------------------------------------


def _not(search: Search, state: State, goal: Goal) -> list[State]:
    return search.reach(state, goal.part(goal.condition.operands[0], wanted=not goal.wanted))


def _let(search: Search, state: State, goal: Goal) -> list[State]:
    return search.reach(state, goal.part(*let(state, goal.condition, goal.context)))


def _limbs(search: Search, state: State, goal: Goal) -> list[State]:
    limbs = [goal.part(limb) for limb in goal.condition.operands]
    if (goal.condition.operator == "and") is goal.wanted:
        return search.reach_all(state, limbs)
    is_implication = limbs[0].condition.operator == "not" and goal.condition.span.text.startswith("if")
    found = []
    for number, limb in enumerate(limbs):
        penalty = UNWELCOME if is_implication and number == 0 else 0
        found += [each.fined(penalty) for each in search.reach(state, limb)]
    return found


def _some_of(search: Search, state: State, goal: Goal) -> list[State]:
    """`at least k of (…)`: the cheapest limbs together, and some other choices of as many."""
    limbs = [goal.part(limb) for limb in goal.condition.operands]
    asked = goal.condition.data if isinstance(goal.condition.data, int) else 0
    asked = asked if goal.wanted else len(limbs) - asked + 1
    met = [limb for limb in limbs if limb.met(state)]
    ways = [(limb, search.reach(state, limb)) for limb in limbs if limb not in met]
    open_ = sorted((pair for pair in ways if pair[1]), key=lambda pair: search.score(pair[1][0]))
    choices = itertools.combinations([limb for limb, _ in open_], max(asked - len(met), 0))
    found = []
    for chosen in itertools.islice(choices, WIDTH):
        found += search.reach_all(state, [*met, *chosen])
    return found


def _choice(search: Search, state: State, goal: Goal) -> list[State]:
    """`if` or `by` over conditions: the branch that is chosen, or else another one."""
    evaluation, environment = state.evaluation, state.environment(goal.context)
    first, *cells = goal.condition.operands
    choices = evaluation.choices(goal.condition, environment)
    found = search.reach_all(state, [goal.part(choice) for choice in choices])
    if goal.condition.operator == "if":
        for wanted, branch in zip((True, False), cells, strict=False):
            other = [goal.part(first, wanted=wanted), goal.part(branch)]
            found += [each.fined(UNWELCOME) for each in search.reach_all(state, other)]
        return found
    return found + [each.fined(UNWELCOME) for each in atoms.ways(search, state, goal)]


def _passes(search: Search, state: State, goal: Goal) -> list[State]:
    clause = search.outline.model.clauses_by_id[str(goal.condition.data)]
    modality = "should" if clause.advisory else "must"
    demands = [item.condition for item in clause.requirements if item.modality == modality]
    if goal.wanted:
        found = search.reach_all(state, [goal.part(demand, {}) for demand in demands])
        for guard in clause.guards:
            found += [each.fined(UNWELCOME) for each in search.reach(state, goal.part(guard, {}, wanted=False))]
        return found
    guards = [goal.part(guard, {}, wanted=True) for guard in clause.guards]
    failing = [[*guards, goal.part(demand, {})] for demand in demands]
    return [each for goals in failing for each in search.reach_all(state, goals)]


def _fact(search: Search, state: State, goal: Goal) -> list[State]:
    return search.assigned(state, path_of(goal.condition, goal.context), goal.wanted)


def _exists(search: Search, state: State, goal: Goal) -> list[State]:
    read = goal.condition.operands[0]
    fact = state.fact((*owner_path(read, goal.context), str(read.data)))
    if fact.condition is None:
        return []
    return search.reach(state, goal.part(fact.condition, owner_context(read, goal.context)))


def _includes(search: Search, state: State, goal: Goal) -> list[State]:
    """Every member asked for, or not one of them."""
    source, context = goal.condition.operands[0], goal.context
    while source.operator == "let":
        source, context = let(state, source, context)
    path = path_of(source, context)
    names = goal.condition.data if isinstance(goal.condition.data, tuple) else ()
    states = [state]
    if not goal.wanted:
        return [each for name in names for each in search.assigned(state, (*path, name), value=False)]
    for name in names:
        states = [
            after
            for each in states
            for after in (
                [each] if goal.accepts(each.get((*path, name))) else search.assigned(each, (*path, name), value=True)
            )
        ]
    return states


Way = Callable[[Search, State, Goal], list[State]]

_WAYS: dict[str, Way] = {
    "not": _not,
    "let": _let,
    "and": _limbs,
    "or": _limbs,
    "at_least": _some_of,
    "if": _choice,
    "by": _choice,
    "passes": _passes,
    "fact": _fact,
    "field": _fact,
    "exists": _exists,
    "includes": _includes,
    "all": lists.quantified,
    "any": lists.quantified,
    "rises": trends.ways,
    "falls": trends.ways,
}
