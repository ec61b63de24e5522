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
from typing import Any

from attrs import evolve, field, frozen

from cedu_rules import results
from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.repairing.changes import Change, changes_of
from cedu_rules.explain.repairing.demands import NOTHING, Exempt, counting, status_of
from cedu_rules.explain.repairing.given import given
from cedu_rules.explain.repairing.goals import Goal, attempts, checks
from cedu_rules.explain.repairing.leaning import lean
from cedu_rules.explain.repairing.naming import check_names
from cedu_rules.explain.repairing.outline import Outline
from cedu_rules.explain.repairing.planning import Planner
from cedu_rules.explain.repairing.pricing import Cost, Terms, is_cost
from cedu_rules.explain.repairing.search import Exhausted, Search
from cedu_rules.explain.repairing.states import State, as_input
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause
from cedu_rules.results import Status, Verdict
from cedu_rules.semantics import Evaluation

__all__ = ["Change", "Repair", "Repairer", "terms_of"]

Verify = Callable[[Mapping[str, Any]], object | None]
"""Values of a record by name, elements of lists as mappings, into the record; None where they cannot be."""

ALTERNATIVES = 5
"""So many repairs are offered for one clause."""

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
        if not is_cost(cost):
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

    @classmethod
    def of(cls, state: State, terms: Terms, verify: Verify, exempt: Exempt = NOTHING) -> "Repairer":
        """Return the repairer of a record; what is `exempt` is not put right, and may break.

        What no requirement is about stays as it is, too, unless the terms give it a price.

        Raises:
            ValueError: the terms name a fact that the standard does not have.
        """
        model = state.model
        check_names(model, (*sorted(terms.immutable), *terms.costs))
        kept = given(model) - {name.partition(".")[0] for name in terms.costs}
        terms = evolve(terms, immutable=terms.immutable | kept)
        return cls(state, terms, verify, Outline(model, counting(model, exempt)))

    @property
    def counting(self) -> tuple[Clause, ...]:
        """The clauses on which the verdict hangs, without what is waived of them."""
        return self.outline.clauses

    @cached_property
    def _by_id(self) -> dict[str, Clause]:
        return {clause.id: clause for clause in self.counting}

    def all(self, failed: Iterable[Clause]) -> tuple[Repair, ...]:
        """Return the repairs of the clauses that fail, in order, then the plan."""
        found = [repair for clause in failed for repair in self.clause(clause)]
        plan = self.plan() if found else None
        return (*found, *([] if plan is None else [plan]))

    # --- one clause ---

    def clause(self, clause: Clause) -> tuple[Repair, ...]:
        """Return the alternatives that repair a failing clause, the smallest first; or one that says why there is none.

        What is waived of it needs no repair; nothing where all of it is.
        """
        if clause.id not in self._by_id:
            return ()
        clause = self._by_id[clause.id]
        for goals in self._attempts(clause):
            versions = [_lean(version, goals) for version in self._search(self.terms, goals)]
            offered = [repair for version in versions if (repair := self._offer(version, clause)) is not None]
            if offered:
                return tuple(_distinct(offered)[:ALTERNATIVES])
        status, verdict = self.state.status(clause), self._verdict(self.state.evaluation)
        because = self._because(clause)
        return (Repair(clause.id, (), Fraction(0), status, verdict, impossible_because=because),)

    def _attempts(self, clause: Clause) -> list[list[Goal]]:
        return [[*goals, *checks(self.state.model)] for goals in attempts(clause)]

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
                model = self.state.model
                kept = {str(path[0]) for path in version.edits if self.terms.forbid(self.state, path)}
                labels = [fact.label for fact in model.facts if fact.name in kept]
                en, zh = ", ".join(f"`{label}`" for label in labels), "".join(f"“{label}”" for label in labels)
                return Words(f"only a change of {en} makes it pass", f"只有{zh}变动才能达标")
        return _IMPOSSIBLE

    # --- the institution ---

    def plan(self) -> Repair | None:
        """Return the smallest changes found after which no clause fails, or fewer do; None where none fails."""
        before = [clause for clause in self.counting if self.state.status(clause) is Status.FAIL]
        if not before:
            return None
        planner = Planner(self.state, self.terms, self.outline)
        chosen = planner.best()
        left = [clause.id for clause in self.counting if chosen.status(clause) is Status.FAIL]
        offered = None
        if len(left) < len(before):
            offered = self._offer(lean(chosen, lambda each, name: planner.is_as_good(each, chosen, name)), None)
        if offered is None:
            return Repair(None, (), Fraction(0), Verdict.FAILS, Verdict.FAILS, impossible_because=_IMPOSSIBLE)
        if offered.verdict is not Verdict.FAILS:
            return offered
        listed = ", ".join(f"`{id_}`" for id_ in left)
        return evolve(
            offered,
            impossible_because=Words(f"nothing found repairs {listed} too", f"未找到同时使 {listed} 达标的措施"),
        )

    # --- what is offered ---

    def _offer(self, version: State, clause: Clause | None) -> Repair | None:
        """Return the repair, read and evaluated again; None where it does not hold then."""
        record = self.verify(_values(version))
        if record is None:
            return None
        evaluation = Evaluation(version.model, record, version.assessed_on)
        verdict = self._verdict(evaluation)
        then: Status | Verdict = verdict if clause is None else status_of(evaluation, clause)
        if then is Status.FAIL:
            return None
        fixed, broken = self._effects(evaluation, clause)
        cost = self.terms.price(version)
        return Repair(
            None if clause is None else clause.id, changes_of(version), cost, then, verdict, fixed, broken, None, record
        )

    def _effects(self, after: Evaluation, repaired: Clause | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        clauses = [each for each in self.counting if each is not repaired]
        pairs = [(each.id, self.state.status(each), status_of(after, each)) for each in clauses]
        fixed = tuple(id_ for id_, before, now in pairs if before is Status.FAIL and now is not Status.FAIL)
        broken = tuple(id_ for id_, before, now in pairs if before is not Status.FAIL and now is Status.FAIL)
        return fixed, broken

    def _verdict(self, evaluation: Evaluation) -> Verdict:
        return results.verdict((status_of(evaluation, clause), False) for clause in self.counting)


def _lean(version: State, goals: Sequence[Goal]) -> State:
    return lean(version, lambda each, _name: all(goal.met(each) for goal in goals))


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
    return {name: as_input(value) for name, value in vars(version.root).items() if value is not None}
