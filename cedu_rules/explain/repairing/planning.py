"""A failing record into a version on which no clause fails, or as few as can be found.

First clause by clause: each that fails is repaired on the few best versions so far, in rounds, since what one repair
breaks the next round repairs. Where that goes round in circles, because clauses ask different things of the same facts,
those clauses are reached together: on the version without its changes of these facts, then with longer lists of
alternatives, and at last from a blank sheet, on which all that they read is written anew.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from attrs import evolve, field, frozen

from cedu_rules.explain.repairing.goals import Goal, attempts, checks
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Terms
from cedu_rules.explain.repairing.search import Exhausted, Looks, Search
from cedu_rules.explain.repairing.states import ADDED, Path, State
from cedu_rules.model.ir import Clause
from cedu_rules.results import Status

PLANS = 3
"""So many versions are followed at once."""
ROUNDS = 4
"""So often the clauses are gone through."""
WIDTHS = (6, 20)
"""So many alternatives are kept at each step where clauses are reached together, first and then."""
LOOKS = 6000
"""So many versions are looked at in one step."""
TOTAL = 24_000
"""So many versions are looked at for one plan."""

Starts: TypeAlias = Callable[[State, Sequence[Clause]], Iterator[tuple[State, list[Clause]]]]
"""A version and the clauses that are left, into versions to start from, each with the clauses to reach together."""

DECIDED = frozenset({Status.PASS, Status.NOT_APPLICABLE})


@frozen(eq=False)
class Planner:
    """Looks for a version of one record on which no clause fails."""

    state: State = field(repr=False)
    terms: Terms
    outline: Outline = field(repr=False)
    looks: Looks = field(factory=lambda: Looks(TOTAL), repr=False)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that count."""
        return self.outline.clauses

    @cached_property
    def _checks(self) -> list[Goal]:
        return checks(self.state.model)

    def best(self) -> State:
        """Return the best version found: with the fewest clauses that fail, or are open though they were decided."""
        version = self._in_turn(self.state)
        for joint in (self._dropped, self._blank):
            if not self.left(version):
                break
            version = self._together(version, joint)
        return self._filled(version)

    def kept(self, version: State, clause: Clause) -> bool:
        """Return whether the clause does not fail, nor is open that was decided before."""
        after = version.status(clause)
        if after is Status.UNKNOWN:
            return self.state.status(clause) not in DECIDED
        return after is not Status.FAIL

    def left(self, version: State) -> list[Clause]:
        """Return the clauses that are not as they should be."""
        return [clause for clause in self.clauses if not self.kept(version, clause)]

    def is_as_good(self, version: State, other: State, name: str) -> bool:
        """Return whether a version keeps all that the other one keeps; they differ in the fact of that name alone."""
        if not all(goal.met(version) for goal in self._checks):
            return False
        asked = (clause for clause in self.clauses if name in self.outline.reads[clause.id])
        return all(self.kept(version, clause) or not self.kept(other, clause) for clause in asked)

    # --- one after the other ---

    def _in_turn(self, start: State) -> State:
        """Return the best version found by repairing one clause after the other."""
        versions = [start]
        for _ in range(ROUNDS):
            for clause in self.clauses:
                versions = self._advanced(versions, clause)
            if not self.left(versions[0]):
                break
        return min(versions, key=lambda each: len(self.left(each)))

    def _advanced(self, versions: list[State], clause: Clause) -> list[State]:
        """Return the versions with the clause repaired where it has to be; as they are where it cannot be."""
        if all(self.kept(version, clause) for version in versions):
            return versions
        found: list[State] = []
        for version in versions:
            found += [version] if self.kept(version, clause) else self._repaired(version, clause)
        search = Search(self.outline, self.terms, width=PLANS)
        ranked = sorted(search.best(found), key=lambda each: (len(self.left(each)), *search.score(each)))
        return ranked[:PLANS] or versions

    def _repaired(self, version: State, clause: Clause) -> list[State]:
        """Return versions on which the clause is as it should be; that it does not apply is tried last."""
        passing, open_, *leaving = attempts(clause)
        tried = (passing if self._has_to_pass(clause) else open_, *leaving)
        return next((found for goals in tried if (found := self._search(version, goals, PLANS))), [])

    def _search(self, version: State, goals: Sequence[Goal], width: int, terms: Terms | None = None) -> list[State]:
        """Return versions that meet the goals and the checks, as far as few enough looks find them."""
        looks = Looks(min(LOOKS, self.looks.left))
        given = looks.left
        try:
            return Search(self.outline, terms or self.terms, looks, width=width).reach_all(
                version, [*goals, *self._checks]
            )
        except Exhausted:
            return []
        finally:
            self.looks.left -= given - max(looks.left, 0)

    def _has_to_pass(self, clause: Clause) -> bool:
        """Return whether an open answer will not do, since there is one already."""
        return self.state.status(clause) in DECIDED

    def _filled(self, version: State) -> State:
        """Return the version in which the elements that were added are told as far as a demand that failed waits for them."""
        added = frozenset(path for path, edit in version.edits.items() if edit is ADDED)
        terms = evolve(self.terms, only_missing=True, allowed=added)
        for clause in self.clauses if added else ():
            if self.state.status(clause) is not Status.FAIL or version.status(clause) is not Status.UNKNOWN:
                continue
            passing, _, *leaving = attempts(clause)
            for goal in (*passing, *(goal for goals in leaving for goal in goals)):
                is_done = goal.met(version) or version.status(clause) is not Status.UNKNOWN
                found = [] if is_done else self._search(version, [goal], PLANS, terms)
                version = next((each for each in found if len(self.left(each)) <= len(self.left(version))), version)
        return version

    # --- all together ---

    def _together(self, version: State, starts: Starts) -> State:
        """Return a better version on which clauses that are in each other's way are reached together, if there is one."""
        left = self.left(version)
        for start, clauses in starts(version, left):
            for width in WIDTHS:
                goals = [goal for clause in clauses for goal in self._wanted(start, clause)]
                for found in self._search(start, goals, width)[:1]:
                    after = self._restored(self._in_turn(found))
                    if len(self.left(after)) < len(left) and all(goal.met(after) for goal in self._checks):
                        return after
        return version

    def _wanted(self, start: State, clause: Clause) -> list[Goal]:
        """Return what is wanted of a clause among others: nothing where it cannot come to apply."""
        if Status.NOT_APPLICABLE in {start.status(clause), self.state.status(clause)}:
            return []
        return attempts(clause)[1 if self.state.status(clause) is Status.UNKNOWN else 0]

    def _around(self, left: Sequence[Clause], *, far: bool) -> tuple[frozenset[str], list[Clause]]:
        """Return the facts that clauses read, and the clauses that read any of them; `far` also what those read, and so on."""
        reads = self.outline.reads
        names = frozenset(name for clause in left for name in reads[clause.id])
        while True:
            clauses = [clause for clause in self.clauses if reads[clause.id] & names]
            wider = frozenset(name for clause in clauses for name in reads[clause.id])
            if not far or wider <= names:
                return names, [*left, *(clause for clause in clauses if clause not in left)]
            names = wider

    def _dropped(self, version: State, left: Sequence[Clause]) -> Iterator[tuple[State, list[Clause]]]:
        """Yield the version without its changes of what the clauses read, with the clauses that read it."""
        names, clauses = self._around(left, far=False)
        yield version.rebuilt((path, edit) for path, edit in version.edits.items() if path[0] not in names), clauses

    def _blank(self, version: State, left: Sequence[Clause]) -> Iterator[tuple[State, list[Clause]]]:
        """Yield the version without what the clauses read: without the elements of lists, then with nothing recorded."""
        for far in (False, True):
            names, clauses = self._around(left, far=far)
            kept = [(path, edit) for path, edit in version.edits.items() if path[0] not in names]
            start = version.rebuilt(kept)
            yield self._emptied(start, names), clauses
            yield self._cleared(self._emptied(start, names), names), clauses

    def _emptied(self, version: State, names: frozenset[str]) -> State:
        """Return the version with these lists empty."""
        for name in sorted(names):
            path: Path = (name,)
            if version.fact(path).type.kind == "list" and not self.terms.forbid(version, path):
                for element in version.elements(path):
                    if not self.terms.forbid(version, element):
                        version = version.without_element(element)
        return version

    def _cleared(self, version: State, names: frozenset[str]) -> State:
        """Return the version with nothing recorded of these facts, lists and sets apart; of a series its years stay listed."""
        for name in sorted(names):
            path: Path = (name,)
            kind, given = version.fact(path).type.kind, version.get(path)
            if given is None or kind in {"list", "set"}:
                continue
            for each in [(*path, year) for year in given] if kind == "series" else [path]:
                if not self.terms.forbid(version, each):
                    version = version.with_value(each, None)
        return version

    def _restored(self, version: State) -> State:
        """Return the version in which what was cleared and not written anew is as it was."""
        cleared = {path for path, edit in version.edits.items() if edit is None and self._is_meant(version, path)}
        return version.rebuilt((path, edit) for path, edit in version.edits.items() if path not in cleared)

    def _is_meant(self, version: State, path: Path) -> bool:
        """Return whether what was cleared could have a value there."""
        fact, owner = version.fact(path), version.split(path)[0]
        if fact.condition is None:
            return True
        return version.value(fact.condition, {"": owner} if owner else {}) is not False
