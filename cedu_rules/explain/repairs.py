"""A failing record into the smallest changes that put it right, clause by clause and as a plan for the whole.

A clause is repaired when it passes; what nobody has recorded yet is then part of the repair. Where no change gets so
far, a repair that leaves the clause open rather than failing is offered, and `then` says so. The plan changes what has to
be changed so that no clause fails: what is still open stays a question, unless a change would open it.

Whatever is offered was read like any input and evaluated again by the reference: `record` is the result.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from attrs import evolve, field, frozen

from cedu_rules import results
from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.repairing.atoms import base_of, value_of
from cedu_rules.explain.repairing.changes import Change, changes_of
from cedu_rules.explain.repairing.goals import Goal
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.pricing import Cost, Terms
from cedu_rules.explain.repairing.search import Exhausted, Looks, Search
from cedu_rules.explain.repairing.solving import directed, solutions
from cedu_rules.explain.repairing.states import ADDED, Path, State
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause
from cedu_rules.results import Status, Verdict
from cedu_rules.semantics import Evaluation

__all__ = ["Change", "Repair", "Repairer", "terms_of"]

Verify = Callable[[Mapping[str, Any]], object | None]
"""Values of a record by name, elements of lists as mappings, into the record; None where they cannot be."""

ALTERNATIVES = 5
"""So many repairs are offered for one clause."""
PLANS = 3
"""So many plans are followed at once."""
ROUNDS = 4
"""So often a plan goes through the clauses; what one repair breaks, the next round repairs."""
UNITS_LIMIT = 40
"""A version with more changes is not searched for changes that it can do without."""

_IMPOSSIBLE = Words("no change was found that makes it pass", "未找到能使其达标的更改")


@frozen
class Repair:
    """Changes that put one clause right, or the whole institution.

    * `clause`: the id of the clause; None for the plan of the institution.
    * `changes`: what to change, all of it; none where it is impossible.
    * `cost`: what that costs, in the unit of `costs`; without costs, about the number of changes.
    * `then`: the status of the clause afterwards, of the plan the verdict.
    * `verdict`: that of the institution afterwards.
    * `repairs`, `breaks`: ids of the other clauses that no longer fail, or fail because of it.
    * `impossible_because`: why there is no repair, or none that is complete.
    * `record`: the record afterwards; None where there is no repair.
    """

    clause: str | None
    changes: tuple[Change, ...]
    cost: Fraction
    then: Status | Verdict
    verdict: Verdict
    repairs: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    impossible_because: Words | None = None
    record: Any = field(default=None, repr=False, eq=False)

    @property
    def is_plan(self) -> bool:
        """Whether it is about the whole institution."""
        return self.clause is None

    @property
    def conforms(self) -> bool:
        """Whether the institution conforms afterwards."""
        return self.verdict is Verdict.CONFORMS

    def in_words(self, language: str = "zh") -> str:
        """Return the changes as demands, in `zh` or `en`; or why there are none."""
        told = [change.in_words(language) for change in self.changes]
        if self.impossible_because is not None:
            told.append(self.impossible_because.zh if language == "zh" else self.impossible_because.en)
        return ("；" if language == "zh" else "; ").join(told)

    def __str__(self) -> str:
        return f"{self.clause or 'plan'}: {self.in_words('en')}"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        reason = self.impossible_because
        return {
            "clause": self.clause,
            "changes": [change.to_dict() for change in self.changes],
            "cost": Amount(self.cost, "").plain(),
            "then": self.then.value,
            "verdict": self.verdict.value,
            "repairs": list(self.repairs),
            "breaks": list(self.breaks),
            "impossible_because": None if reason is None else {"en": reason.en, "zh": reason.zh},
        }


def terms_of(immutable: Iterable[str] = (), costs: Mapping[str, Cost] | None = None) -> Terms:
    """Return what may be changed, and at what price.

    Raises:
        TypeError: a cost is no exact number.
        ValueError: a cost is negative.
    """
    prices: dict[str, Fraction] = {}
    for name, cost in (costs or {}).items():
        if isinstance(cost, bool) or not isinstance(cost, (int, Decimal, Fraction)):
            raise TypeError(f"the cost of `{name}` is `{cost!r}`; expected an int, Decimal or Fraction")
        if not 0 <= cost < 10**30:  # also refuses NaN
            raise ValueError(f"the cost of `{name}` is `{cost}`; expected a number from 0")
        prices[name] = Fraction(cost)
    return Terms(frozenset([immutable] if isinstance(immutable, str) else immutable), prices)


@frozen(eq=False)
class Repairer:
    """Finds repairs of one record. `verify` reads values like any input."""

    state: State = field(repr=False)
    terms: Terms
    verify: Verify = field(repr=False)
    outline: Outline = field(repr=False)
    exempt: frozenset[str] = frozenset()

    @classmethod
    def of(cls, state: State, terms: Terms, verify: Verify, exempt: frozenset[str] = frozenset()) -> "Repairer":
        """Return the repairer of a record; `exempt` are ids of clauses that are waived."""
        return cls(state, terms, verify, Outline(state.model), exempt)

    @cached_property
    def counting(self) -> tuple[Clause, ...]:
        """The clauses on which the verdict hangs."""
        clauses = self.state.model.clauses
        return tuple(clause for clause in clauses if not clause.advisory and clause.id not in self.exempt)

    def all(self, failed: Iterable[Clause]) -> tuple[Repair, ...]:
        """Return the repairs of the clauses that fail, in order, then the plan."""
        found = [repair for clause in failed for repair in self.clause(clause)]
        plan = self.plan() if found else None
        return (*found, *([] if plan is None else [plan]))

    # --- one clause ---

    def clause(self, clause: Clause) -> tuple[Repair, ...]:
        """Return the alternatives that repair a failing clause, the smallest first; or one that says why there is none."""
        for goals in self._attempts(clause):
            versions = [self._lean(version, goals) for version in self._search(self.terms, goals)]
            offered = [repair for version in versions if (repair := self._offer(version, clause)) is not None]
            if offered:
                return tuple(_distinct(offered)[:ALTERNATIVES])
        status, verdict = self.state.status(clause), self._verdict(self.state.evaluation)
        because = self._because(clause)
        return (Repair(clause.id, (), Fraction(0), status, verdict, impossible_because=because),)

    def _attempts(self, clause: Clause) -> list[list[Goal]]:
        """Return what to try: that it passes; that it is at least open; that it does not apply."""
        demands = [item.condition for item in clause.requirements if item.modality == "must"]
        certain = [Goal(demand, wanted=True, context={}) for demand in demands]
        leaving = [[Goal(guard, wanted=False, context={})] for guard in clause.guards]
        attempts = [certain, [evolve(goal, certain=False) for goal in certain], *leaving]
        return [[*goals, *self._checks()] for goals in attempts]

    def _checks(self) -> list[Goal]:
        return [Goal(check.condition, wanted=True, context={}, certain=False) for check in self.state.model.checks]

    def _search(self, terms: Terms, goals: Sequence[Goal]) -> list[State]:
        try:
            return Search(self.outline, terms).reach_all(self.state, goals)
        except Exhausted:
            return []

    def _because(self, clause: Clause) -> Words:
        """Return why there is no repair: that what would do is not to be changed, or that nothing would do."""
        freed = evolve(self.terms, immutable=frozenset())
        if self.terms.immutable:
            for version in self._search(freed, self._attempts(clause)[0]):
                names = sorted({str(path[0]) for path in version.edits if self.terms.forbid(self.state, path)})
                listed = ", ".join(f"`{name}`" for name in names)
                return Words(f"only a change of {listed} makes it pass", f"只有更改 {listed} 才能达标")
        return _IMPOSSIBLE

    # --- the institution ---

    def plan(self) -> Repair | None:
        """Return the smallest changes found after which no clause fails, or fewer do; None where none fails."""
        clauses = self.counting
        before = [clause for clause in clauses if self.state.status(clause) is Status.FAIL]
        if not before:
            return None
        versions = [self.state]
        for _ in range(ROUNDS):
            for clause in clauses:
                versions = self._advanced(versions, clause)
            if all(self._kept(versions[0], clause) for clause in clauses):
                break
        failing = [sum(version.status(clause) is Status.FAIL for clause in clauses) for version in versions]
        chosen = versions[failing.index(min(failing))]
        offered = None
        if min(failing) < len(before):
            offered = self._offer(self._leaner(chosen, lambda each: self._as_good(each, chosen, clauses)), None)
        if offered is None:
            return Repair(None, (), Fraction(0), Verdict.FAILS, Verdict.FAILS, impossible_because=_IMPOSSIBLE)
        if offered.verdict is not Verdict.FAILS:
            return offered
        left = [clause.id for clause in clauses if chosen.status(clause) is Status.FAIL]
        listed = ", ".join(f"`{id_}`" for id_ in left)
        return evolve(
            offered,
            impossible_because=Words(f"nothing found repairs {listed} too", f"未找到同时使 {listed} 达标的措施"),
        )

    def _advanced(self, versions: list[State], clause: Clause) -> list[State]:
        """Return the versions with the clause repaired where it has to be; as they are where it cannot be."""
        if all(self._kept(version, clause) for version in versions):
            return versions
        was_decided = self.state.status(clause) in {Status.PASS, Status.NOT_APPLICABLE}
        goals = self._attempts(clause)[0 if was_decided else 1]
        search = Search(self.outline, self.terms, Looks(), width=PLANS)
        found: list[State] = []
        for version in versions:
            try:
                found += [version] if self._kept(version, clause) else search.reach_all(version, goals)
            except Exhausted:
                break
        ranked = sorted(search.best(found), key=lambda each: (self._failing(each), *search.score(each)))
        return ranked[:PLANS] or versions

    def _failing(self, version: State) -> int:
        return sum(not self._kept(version, clause) for clause in self.counting)

    def _kept(self, version: State, clause: Clause) -> bool:
        """Return whether the clause does not fail, nor is open that was decided before."""
        after = version.status(clause)
        if after is Status.UNKNOWN:
            return self.state.status(clause) in {Status.UNKNOWN, Status.FAIL}
        return after is not Status.FAIL

    def _as_good(self, version: State, chosen: State, clauses: Iterable[Clause]) -> bool:
        """Return whether a version with fewer changes keeps what the chosen one keeps."""
        checks = all(goal.met(version) for goal in self._checks())
        return checks and all(self._kept(version, clause) or not self._kept(chosen, clause) for clause in clauses)

    # --- what is offered ---

    def _lean(self, version: State, goals: Sequence[Goal]) -> State:
        return self._leaner(version, lambda each: all(goal.met(each) for goal in goals))

    def _leaner(self, version: State, is_enough: Callable[[State], bool]) -> State:
        """Return the version without the changes that it can do without, and a single number no further than it has to go."""
        units = _units(version)
        if 1 < len(units) <= UNITS_LIMIT:
            for unit in units:
                rest = version.rebuilt(
                    (path, edit) for path, edit in version.edits.items() if path[: len(unit)] != unit
                )
                if is_enough(rest):
                    version = rest
        if len(version.edits) == 1:
            return self._nearest(version, is_enough)
        return version

    def _nearest(self, version: State, is_enough: Callable[[State], bool]) -> State:
        ((path, after),) = version.edits.items()
        type_ = version.type_of(path)
        before = version.before(path) if type_.kind in {"number", "date"} else None
        if before is None or not directed(before, after):
            return version
        start = base_of(type_, before)

        def moved(base: Fraction) -> State:
            return evolve(version.original.with_value(path, value_of(type_, base)), penalty=version.penalty)

        end = base_of(type_, after)
        marks = [] if end is None else [end]
        for base in solutions(type_, start, lambda base: is_enough(moved(base)), marks):
            if directed(before, value_of(type_, base)) == directed(before, after):
                return moved(base)
        return version

    def _offer(self, version: State, clause: Clause | None) -> Repair | None:
        """Return the repair, read and evaluated again; None where it does not hold then."""
        record = self.verify(_values(version))
        if record is None:
            return None
        evaluation = Evaluation(version.model, record, version.assessed_on)
        verdict = self._verdict(evaluation)
        then: Status | Verdict = verdict if clause is None else evaluation.status(clause)
        if then is Status.FAIL:
            return None
        fixed, broken = self._effects(evaluation, clause)
        cost = self.terms.price(version)
        return Repair(
            None if clause is None else clause.id, changes_of(version), cost, then, verdict, fixed, broken, None, record
        )

    def _effects(self, after: Evaluation, repaired: Clause | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        clauses = [each for each in self.counting if each is not repaired]
        pairs = [(each.id, self.state.status(each), after.status(each)) for each in clauses]
        fixed = tuple(id_ for id_, before, now in pairs if before is Status.FAIL and now is not Status.FAIL)
        broken = tuple(id_ for id_, before, now in pairs if before is not Status.FAIL and now is Status.FAIL)
        return fixed, broken

    def _verdict(self, evaluation: Evaluation) -> Verdict:
        return results.verdict((evaluation.status(clause), False) for clause in self.counting)


def _units(version: State) -> list[Path]:
    """Return the changes that can be left out one by one: values, and added elements with their fields.

    What is left out because it no longer exists has to be.
    """
    edits = version.edits
    return [path for path in edits if edits[path] is ADDED or (edits[path] is not None and not version.is_new(path))]


def _distinct(repairs: list[Repair]) -> list[Repair]:
    """Return the repairs without those that do all that another one does, and more."""
    kept: list[Repair] = []
    for repair in sorted(repairs, key=lambda each: len(each.breaks)):
        told = {(change.path, change.kind) for change in repair.changes}
        if not any({(change.path, change.kind) for change in other.changes} <= told for other in kept):
            kept.append(repair)
    return kept


def _values(version: State) -> dict[str, Any]:
    """Return the values of the version as input, elements that were changed or added as mappings."""
    return {name: _given(value) for name, value in vars(version.root).items() if value is not None}


def _given(value: Any) -> Any:  # noqa: ANN401 -- a value of any type
    if isinstance(value, tuple):
        return tuple(_given(element) for element in value)
    if isinstance(value, SimpleNamespace):
        return {name: _given(inner) for name, inner in vars(value).items() if inner is not None}
    return value
