"""Clauses into what stands next to each of their thresholds: the number or level on it, the one below and the one above.

The rest of the clause is held so that the comparison decides, where that can be: guards and other requirements hold,
the other limbs of an `or` do not. Where it cannot be, the comparison stands next to its threshold and the rest is free.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from attrs import field, frozen
from hypothesis import strategies as st

from cedu_rules.model.ir import COMPARISONS, Clause, Expression, Model
from cedu_rules.records import Record
from cedu_rules.testing.chances import Conflict
from cedu_rules.testing.forcing import Forcer, demands
from cedu_rules.testing.grounds import NOWHERE, Environment
from cedu_rules.testing.institutions import HasStatuses, Subject, institutions
from cedu_rules.testing.records import OPEN_DAY
from cedu_rules.testing.scenarios import Scenario

_TRENDS = {"rises", "falls"}
_SIDES = (-1, 0, 1)


def near(
    standard: HasStatuses, clause: str | None = None, *, assessed_on: date | None = None
) -> st.SearchStrategy[Record]:
    """Return the strategy of records just below, on and just above the thresholds of a clause.

    A threshold is where a comparison of numbers, days, levels or counts changes, and where a series stops to rise or
    fall. Next to it means one step: one thing, one day, a hundredth of the unit, one level. The rest of the clause is
    held so that the comparison decides, where it can be. Examples shrink to the facts that the clause reads.

    Args:
        standard: A `cedu_rules.Standard`.
        clause: The id of a clause; None stands for any clause that has a threshold.
        assessed_on: The day of the assessment; None takes 31 December 2025 where a comparison asks for the day.

    Raises:
        TypeError: `standard` is no standard, or `assessed_on` no day.
        ValueError: there is no such clause, it has no threshold, or no record was found next to one.
    """
    subject = Subject.of(standard, assessed_on)
    model = subject.plan.model
    chosen = model.clauses if clause is None else (subject.clause(clause),)
    what = f"`{model.id}`" if clause is None else f"clause `{clause}`"
    if not any(atoms(model, each) for each in chosen):
        raise ValueError(f"{what} has no threshold; expected a comparison of numbers, days or levels")
    ready = [scenario for each in chosen for scenario in approaches(subject, each)]
    if not ready:
        raise ValueError(f"found no record next to a threshold of {what}; expected one")
    return institutions(subject, tuple(ready))


def approaches(subject: Subject, clause: Clause) -> Iterator[Scenario]:
    """Yield the scenarios next to each threshold of a clause, prepared."""
    for atom in atoms(subject.plan.model, clause):
        for side in _SIDES:
            for strict in (True, False):
                approach = Approach(clause, atom, side, strict, routes(subject.plan.model, clause, atom))
                found = subject.scenario(approach, lambda _record: True, subject.day or OPEN_DAY)
                if found is not None:
                    yield found
                    break


@frozen
class Approach:
    """The demands that a comparison stands on one side of its threshold, or on it."""

    clause: Clause
    atom: Expression
    side: int
    strict: bool
    route: frozenset[int] = field(repr=False)

    def __call__(self, forcer: Forcer) -> None:
        """Make the demands."""
        conditions = [*self.clause.guards, *demands(self.clause)]
        leading = [condition for condition in conditions if id(condition) in self.route]
        for condition in conditions:
            if condition is leading[0]:
                self.walk(forcer, condition, NOWHERE)
            elif self.strict or condition in self.clause.guards:
                forcer.force(condition, True)

    def walk(self, forcer: Forcer, condition: Expression, environment: Environment) -> None:
        """Hold what stands beside the way to the comparison, down to it."""
        if condition is self.atom:
            self.place(forcer, environment)
            return
        match condition.operator:
            case "let":
                self.walk(forcer, *forcer.let(condition, environment))
            case "and" | "or" | "at_least":
                self.limbs(forcer, condition, environment)
            case "if":
                self.branches(forcer, condition, environment)
            case "all" | "any" | "count" | "sum" | "min" | "max" | "average":
                self.elements(forcer, condition, environment)
            case _:
                self.walk(forcer, self.onward(condition.operands), environment)

    def onward(self, operands: tuple[Expression, ...]) -> Expression:
        """Return the operand in which the comparison stands."""
        return next(operand for operand in operands if id(operand) in self.route)

    def limbs(self, forcer: Forcer, condition: Expression, environment: Environment) -> None:
        """Hold the other limbs so that the one with the comparison decides."""
        onward = self.onward(condition.operands)
        self.walk(forcer, onward, environment)
        if not self.strict:
            return
        others = [(limb, environment) for limb in condition.operands if limb is not onward]
        needed = {"and": len(others), "or": 0, "at_least": int(condition.data or 1) - 1}[condition.operator]  # type: ignore[arg-type]  # how many
        forcer.force_some(others, needed, True)
        forcer.force_some(others, len(others) - needed, False)

    def branches(self, forcer: Forcer, condition: Expression, environment: Environment) -> None:
        """Take the branch with the comparison; where it stands in the condition, let the branches differ."""
        first, one, other = condition.operands
        onward = self.onward(condition.operands)
        self.walk(forcer, onward, environment)
        if onward is not first:
            forcer.force(first, onward is one, environment)
        elif self.strict and condition.type.kind == "bool":
            forcer.force(one, False, environment)
            forcer.force(other, True, environment)

    def elements(self, forcer: Forcer, condition: Expression, environment: Environment) -> None:
        """Put the comparison into the first element, and hold the others so that it decides."""
        source, where, *bodies = condition.operands
        places = forcer.elements(source, environment)
        if not places:
            raise forcer.too_few(source, environment)
        inner = [{**environment, str(condition.data): place} for place in places]
        self.walk(forcer, self.onward((where, *bodies)), inner[0])
        if id(where) not in self.route:
            forcer.force(where, True, inner[0])
        if not self.strict or condition.operator not in {"all", "any"}:
            return
        passing = condition.operator == "all"
        if id(where) in self.route:
            forcer.force(bodies[0], not passing, inner[0])
        for each in inner[1:]:
            forcer.force(bodies[0], passing, each)

    def place(self, forcer: Forcer, environment: Environment) -> None:
        """Put the comparison on its side of the threshold."""
        if self.atom.operator in _TRENDS:
            self.trend(forcer, environment)
            return
        found = forcer.counting(self.atom, environment)
        if found is not None:
            limbs, _, bound, short = found
            wanted = int(bound) + self.side
            if wanted < 0 or bound % 1:
                raise Conflict
            if wanted > len(limbs):
                raise short(wanted - len(limbs))
            forcer.force_some(limbs, wanted, True)
            forcer.force_some(limbs, len(limbs) - wanted, False)
        elif self.atom.operands[0].type.kind == "level":
            self.level(forcer, environment)
        else:
            left, right = (forcer.certain(operand, environment) for operand in self.atom.operands)
            forcer.sheet.exactly(forcer.difference(left, right), self.side)

    def trend(self, forcer: Forcer, environment: Environment) -> None:
        """Let the last year stand next to the year before it."""
        years = forcer.series(self.atom.operands[0], environment) or {}
        if len(years) < 2:  # noqa: PLR2004 -- one year makes no trend
            raise forcer.too_few_years()
        listed = [years[year] for year in sorted(years)]
        if self.atom.operator == "falls":
            listed.reverse()
        steps = [forcer.difference(higher, lower) for lower, higher in pairwise(listed)]
        place = len(steps) - 1 if self.atom.operator == "rises" else 0
        forcer.sheet.exactly(steps.pop(place), self.side)
        for step in steps:
            forcer.hold(step, ">", True)

    def level(self, forcer: Forcer, environment: Environment) -> None:
        """Put a level on, below or above the other one."""
        one, other = (forcer.symbol(operand, environment) for operand in self.atom.operands)
        side = self.side
        if not isinstance(one, tuple):
            one, other, side = other, one, -side
        bound = forcer.taken(other)
        if not isinstance(one, tuple) or not isinstance(bound, int):
            raise Conflict
        forcer.sheet.keep(one, lambda option: option == bound + side)


# --- where thresholds stand ------------------------------------------------------------------------------------------


def atoms(model: Model, clause: Clause) -> list[Expression]:
    """Return the comparisons of a clause that have a threshold, those in lets too."""
    found: dict[int, Expression] = {}
    for part in _parts(model, (*clause.guards, *demands(clause))):
        kinds = {operand.type.kind for operand in part.operands}
        written = all(operand.operator == "constant" for operand in part.operands)
        compares = part.operator in COMPARISONS and kinds <= {"number", "date", "level"} and not written
        if compares or part.operator in _TRENDS:
            found.setdefault(id(part), part)
    return list(found.values())


def routes(model: Model, clause: Clause, atom: Expression) -> frozenset[int]:
    """Return the ids of the expressions of a clause in which a comparison stands, and its own."""
    known: dict[int, bool] = {}
    listed = list(_parts(model, (*clause.guards, *demands(clause))))
    for part in reversed(listed):  # what is inside of an expression comes after it
        inside = [*part.operands, *_let_of(model, part)]
        known[id(part)] = part is atom or any(known.get(id(each), False) for each in inside)
    return frozenset(key for key, leads in known.items() if leads)


def _parts(model: Model, roots: tuple[Expression, ...]) -> Iterator[Expression]:
    """Yield each expression that is read, with those of lets, each before what is inside of it."""
    waiting = list(reversed(roots))
    order: list[Expression] = []
    while waiting:
        part = waiting.pop()
        order.append(part)
        waiting += reversed([*part.operands, *_let_of(model, part)])
    last = {id(part): number for number, part in enumerate(order)}
    yield from (part for number, part in enumerate(order) if last[id(part)] == number)


def _let_of(model: Model, part: Expression) -> tuple[Expression, ...]:
    if part.operator != "let":
        return ()
    lets = model.records_by_name[part.operands[0].type.name].lets_by_name if part.operands else model.lets_by_name
    return (lets[str(part.data)].value,)
