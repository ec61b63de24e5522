"""An open clause into the missing facts on which it hangs, and into the sets of them that decide it.

The search looks for answers for the clause and against it, changing nothing that is recorded; each set of answers that
it finds is then reduced to those that it cannot do without. A fact that stands in such a set matters. A fact in none is
tried with some values of its own, alone and with the answers of others, before it is called irrelevant.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from cedu_rules.explain.repairing.atoms import options, value_of
from cedu_rules.explain.repairing.goals import Goal
from cedu_rules.explain.repairing.inputs import Reader
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Terms
from cedu_rules.explain.repairing.search import Exhausted, Looks, Search
from cedu_rules.explain.repairing.solving import Line
from cedu_rules.explain.repairing.states import DAY, Path, State
from cedu_rules.model.graph import conditions_of, walk
from cedu_rules.model.ir import Clause
from cedu_rules.model.types import Type
from cedu_rules.results import Status

TRIED_LIMIT = 30
"""Where a clause waits for more facts, none of them is tried: all are asked."""
LOOKS = 1500
"""So many versions are looked at for one kind of answer of one clause."""
_LARGE = Fraction(10**9)

Answer = frozenset[Path]


@frozen(eq=False)
class Answers:
    """What may still decide one open clause of a record."""

    state: State = field(repr=False)
    clause: Clause
    outline: Outline = field(repr=False)

    @cached_property
    def leaves(self) -> tuple[Path, ...]:
        """The missing values that the open parts of the clause read: facts, members, years, fields, each once."""
        reader = Reader(self.state, is_open=True)
        found: dict[Path, None] = {}
        for condition in conditions_of(self.clause):
            found.update((each.path, None) for each in reader.inputs(condition, {}) if self._is_missing(each.path))
        return tuple(found)

    def _is_missing(self, path: Path) -> bool:
        if path == DAY:
            return self.state.assessed_on is None
        if self.state.get(path) is not None:
            return False
        given = self.state.get(path[:-1]) if self.state.fact(path).type.kind == "series" and len(path) > 1 else None
        return not given or int(path[-1]) >= min(given)  # a given series begins where it begins

    @cached_property
    def facts(self) -> tuple[Path, ...]:
        """The facts to ask for: a set or series of which nothing is recorded is one, else each member or year."""
        return tuple(dict.fromkeys(self._asked(leaf) for leaf in self.leaves))

    def _asked(self, leaf: Path) -> Path:
        if leaf == DAY:
            return leaf
        owner, name, key = self.state.split(leaf)
        return (*owner, name) if key is not None and self.state.get((*owner, name)) is None else leaf

    # --- deciding ---

    def is_decided(self, version: State) -> bool:
        """Return whether the clause has an answer."""
        return version.status(self.clause) is not Status.UNKNOWN

    @cached_property
    def favourable(self) -> tuple[tuple[Answer, State], ...]:
        """The sets of facts that settle the clause as passing or not applicable, each with such answers."""
        found: dict[Answer, State] = {}
        for goals in [self._passing(), *self._leaving()]:
            for version in self._search(self.state, goals):
                if version.status(self.clause) in {Status.PASS, Status.NOT_APPLICABLE}:
                    core, reduced = self._core(version, None)
                    found.setdefault(core, reduced)
        return tuple(found.items())

    @cached_property
    def cores(self) -> frozenset[Answer]:
        """The sets of facts found to decide the clause, one way or the other."""
        found = {core for core, _ in self.favourable}
        for goals in self._failing():
            found |= {self._core(version, None)[0] for version in self._search(self.state, goals)}
        for fact in self.facts:
            if not any(core == {fact} for core in found) and any(map(self.is_decided, self._tries(fact))):
                found.add(frozenset([fact]))
        for fact in self.facts:
            if not any(fact in core for core in found):
                found |= set(self._with_others(fact))
        return frozenset(found)

    @cached_property
    def relevant(self) -> tuple[Path, ...]:
        """The facts on which the clause may still hang, in the order read."""
        if len(self.facts) > TRIED_LIMIT:
            return self.facts
        return tuple(fact for fact in self.facts if any(fact in core for core in self.cores))

    def settles(self, fact: Path) -> bool:
        """Return whether the fact alone can decide the clause."""
        return len(self.facts) <= TRIED_LIMIT and frozenset([fact]) in self.cores

    def wanted(self, version: State) -> list[Goal]:
        """Return what makes the clause what it is on a favourable version: passing, or not applicable."""
        if version.status(self.clause) is Status.PASS:
            return self._passing()
        return next((goals for goals in self._leaving() if all(goal.met(version) for goal in goals)), [])

    # --- searching ---

    def _passing(self) -> list[Goal]:
        demands = [item.condition for item in self.clause.requirements if item.modality == "must"]
        return [Goal(demand, wanted=True, context={}) for demand in demands]

    def _leaving(self) -> list[list[Goal]]:
        return [[Goal(guard, wanted=False, context={})] for guard in self.clause.guards]

    def _failing(self) -> list[list[Goal]]:
        guards = [Goal(guard, wanted=True, context={}) for guard in self.clause.guards]
        return [[*guards, evolve(demand, wanted=False)] for demand in self._passing()]

    def _search(self, state: State, goals: Sequence[Goal]) -> list[State]:
        terms = Terms(only_missing=True, allowed=frozenset(self.facts))
        checks = [Goal(each.condition, wanted=True, context={}, certain=False) for each in self.outline.model.checks]
        try:
            return Search(self.outline, terms, Looks(LOOKS)).reach_all(state, [*goals, *checks])
        except Exhausted:
            return []

    def _core(self, version: State, last: Path | None) -> tuple[Answer, State]:
        """Return what of the answers is enough; `last` is given up last."""
        given = list(dict.fromkeys(fact for path in version.edits for fact in self.facts if path[: len(fact)] == fact))
        for fact in sorted(given, key=lambda each: each == last):
            edits = [(path, edit) for path, edit in version.edits.items() if path[: len(fact)] != fact]
            rest = version.rebuilt(edits)
            if self.is_decided(rest):
                version, given = rest, [each for each in given if each != fact]
        return frozenset(given), version

    def _with_others(self, fact: Path) -> Iterator[Answer]:
        """Yield sets of answers that decide the clause and need that fact, as far as values of it lead to one."""
        for version in self._tries(fact):
            for goals in [self._passing(), *self._leaving(), *self._failing()]:
                for found in self._search(version, goals):
                    core, _ = self._core(found, fact)
                    if self.is_decided(found) and fact in core:
                        yield core
                        return

    # --- values to try ---

    def _tries(self, fact: Path) -> Iterator[State]:
        """Yield the record with some values of the fact."""
        if fact == DAY:
            return
        if self.state.type_of(fact).kind == "list":
            yield self.state.with_value(fact, ())
            return
        leaves = [leaf for leaf in self.leaves if self._asked(leaf) == fact]
        values = {leaf: self._values(self.state.type_of(leaf)) for leaf in leaves}
        for number in range(max(map(len, values.values()), default=0)):
            version = self.state
            for leaf, tried in values.items():
                if tried:
                    version = version.with_value(leaf, tried[min(number, len(tried) - 1)])
            yield version

    def _values(self, type_: Type) -> list[Any]:
        if type_.kind not in {"number", "date"}:
            return options(type_, self.clause.requirements[0].condition)
        line = Line.of(type_)
        parts = [part.data for condition in conditions_of(self.clause) for part in walk(condition)]
        constants = [part for part in parts if isinstance(part, Fraction)] if type_.kind == "number" else []
        marks = [near for each in constants for near in (each - line.step, each, each + line.step)]
        tried = [line.low * line.step, Fraction(0), Fraction(1), _LARGE, line.high * line.step, *marks]
        return [value_of(type_, each) for each in dict.fromkeys(line.clamped(each) for each in tried)]
