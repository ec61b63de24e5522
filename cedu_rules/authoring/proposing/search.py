"""Targets that no example reaches into examples that reach them, by trial: near the examples first, then further away.

A trial changes one thing in an example of the clause, or in values built up until the clause passes, or in a trial that
reached something; where that is not enough, two things, then a few at random (the same ones each time). Of all that reaches something, those are kept that
reach most with known statuses, and of these the first: nearest to what the author wrote.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from random import Random
from typing import Any, Protocol

from attrs import field, frozen

from cedu_rules.authoring.cases import DECIDED, INVALID, Bench, Case
from cedu_rules.authoring.proposing.boundaries import Boundaries, comparisons
from cedu_rules.authoring.proposing.closeness import closeness
from cedu_rules.authoring.proposing.paths import reach
from cedu_rules.authoring.proposing.variations import Variations
from cedu_rules.model.ir import Expression

_NEAR, _LEADS, _PAIRS, _FAR = 3000, 2000, 2000, 40
"""So many trials for one clause at most: near examples, near what was found, of two changes, of some at random."""
_STEPS = 60
"""So many changes to build up values that pass."""
_ORDER = ("pass", "fail", "not_met", "not_applicable", "unknown", INVALID)


class Target(Protocol):
    """What an example is wanted for."""

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses whose example may reach it."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Expressions beside those of the clause whose thresholds are worth trying."""

    def is_reached_by(self, case: Case) -> bool:
        """Return whether the example reaches it."""


@frozen(eq=False)
class Found:
    """An example for a clause, and the targets that it reaches."""

    case: Case
    targets: tuple[Target, ...] = field(repr=False)


def search(bench: Bench, targets: Iterable[Target]) -> list[Found]:
    """Return few examples that reach as many of the targets as are found, in the order of the file."""
    open_ = list(targets)
    found: list[Found] = []
    for clause in bench.model.clauses:
        mine = [target for target in open_ if clause.id in target.clauses]
        if mine:
            chosen = _fewest(_Search(bench, clause.id, mine).run())
            found += chosen
            reached = {id(target) for each in chosen for target in each.targets}
            open_ = [target for target in open_ if id(target) not in reached]
    return found


def _fewest(hits: list[tuple[Case, list[Target]]]) -> list[Found]:
    """Return the examples that reach most, each for what none before reaches."""
    open_ = {id(target) for _, targets in hits for target in targets}
    chosen: list[Found] = []
    while open_:
        worth = [(case, [target for target in targets if id(target) in open_]) for case, targets in hits]
        case, targets = max(worth, key=lambda each: (len(each[1]), each[0].status in DECIDED, len(each[0].values)))
        if not targets:
            break
        chosen.append(Found(case, tuple(targets)))
        open_ -= {id(target) for target in targets}
    return chosen


class _Search:
    def __init__(self, bench: Bench, clause: str, targets: list[Target]) -> None:
        self.bench = bench
        self.clause = clause
        self.open = list(targets)
        self.hits: list[tuple[Case, list[Target]]] = []
        self.targets = targets
        extra = tuple(expression for target in targets for expression in target.expressions)
        self.reach = reach(bench.model, clause, extra)
        boundaries = Boundaries(bench.model, tuple(dict.fromkeys(comparisons(self.reach.expressions))))
        types = {fact.name: fact.type for fact in bench.model.facts}
        self.variations = Variations(bench, clause, self.reach, boundaries, types)
        self._tried: set[str] = set()
        self._firsts: list[Case] = []

    def run(self) -> list[tuple[Case, list[Target]]]:
        """Return every trial that reaches a target."""
        bases = sorted(self.bench.cases[self.clause], key=lambda case: _ORDER.index(case.status))
        if not bases or bases[0].status != "pass":
            bases.insert(0, self._built())
        full = self.bench.case(self.clause, self.variations.filled(bases[0].values))
        bases += [] if full is None else [full]
        for case in bases:
            self._try(case)
        near = [case for case in bases if case.status != INVALID]
        self._each(islice(self._around(near), _NEAR))
        self._each(islice(self._around(self._leads()), _LEADS))
        for bases in (near, list(self._leads())):
            if self.open:
                self._each(islice(self._around(self._around(bases)), _PAIRS))
        if self.open:
            self._each(islice(self._far(near), _FAR))
        return self.hits

    def _leads(self) -> Iterator[Case]:
        """Yield the trials that were the first to reach something, also those that are found meanwhile."""
        for case in self._firsts:
            if case.status != INVALID:
                yield case

    def _each(self, trials: Iterator[Case]) -> None:
        for case in trials:
            if not self.open:
                return
            self._try(case)

    def _try(self, case: Case) -> None:
        """Take down what a trial reaches; a target stays open until a trial of known status reaches it."""
        key = repr(sorted(case.values.items(), key=str))
        if key in self._tried:
            return
        self._tried.add(key)
        reached = [target for target in self.targets if target.is_reached_by(case)]
        if reached:
            self.hits.append((case, reached))
            if any(target in self.open for target in reached):
                self._firsts.append(case)
            if case.status in DECIDED or case.status == INVALID:
                self.open = [target for target in self.open if target not in reached]

    def _around(self, cases: Iterable[Case]) -> Iterator[Case]:
        for case in cases:
            for values in self.variations.of(case.values):
                made = self.bench.case(self.clause, values)
                if made is not None:
                    yield made

    def _far(self, bases: list[Case]) -> Iterator[Case]:
        """Yield trials a few changes away."""
        random = Random(len(self._tried))  # noqa: S311 -- no secret: the same trials each time
        for _ in range(_FAR):
            case: Case | None = random.choice(bases)
            for _ in range(random.randint(2, 4)):
                steps = [] if case is None else list(self.variations.of(case.values))
                case = self.bench.case(self.clause, random.choice(steps)) if steps else None
            if case is not None:
                yield case

    def _built(self) -> Case:
        """Return values that were built up, one change after the other, until the clause passes or nothing helps."""
        values: Mapping[str, Any] = {}
        best = self.bench.case(self.clause, values)
        if best is None:
            raise AssertionError(self.clause)  # nothing at all is always possible
        score = closeness(self.bench.model, best)
        for _ in range(_STEPS):
            if score >= 1:
                break
            scored = [(closeness(self.bench.model, case), case) for case in self._around([best])]
            top, case = max(scored, key=lambda each: each[0], default=(score, best))
            if top <= score:
                break
            score, best = top, case
        return best
