"""A standard into strategies of institutions that pass, and of institutions that fail.

Nothing is drawn and thrown away: what a clause asks for is demanded of the facts that it reads, and only then chosen;
see `forcing`. The facts that it does not read are missing, or drawn like those of `partial_records`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from attrs import frozen
from hypothesis import strategies as st

from cedu_rules import results
from cedu_rules.model.ir import Clause
from cedu_rules.records import Record, attempt
from cedu_rules.results import Status
from cedu_rules.testing.chances import Drawn
from cedu_rules.testing.drafts import Filler, Plan, as_data, plan_of
from cedu_rules.testing.forcing import Forcer
from cedu_rules.testing.grounds import Setting
from cedu_rules.testing.records import OPEN_DAY, HasRecords, checked
from cedu_rules.testing.scenarios import Scenario
from cedu_rules.validity import is_contradictory

_ALL = 2


class HasStatuses(HasRecords, Protocol):
    """A standard, as far as the answers about its records are needed; every `cedu_rules.Standard` is one."""

    def statuses(self, record: Record, *, assessed_on: date | None = None) -> tuple[Status, ...]:
        """Return one status a clause, in the order of the file."""
        ...


@frozen
class Subject:
    """A standard, with what drawing its records needs."""

    standard: HasStatuses
    plan: Plan
    day: date | None

    @classmethod
    def of(cls, standard: Any, assessed_on: Any) -> "Subject":  # noqa: ANN401 -- anything is refused
        """Return the subject of arguments.

        Raises:
            TypeError: they are no standard, or no day.
        """
        model, day = checked(standard, assessed_on)
        return cls(standard, plan_of(model), day)

    def clause(self, name: str) -> Clause:
        """Return the clause of that id.

        Raises:
            ValueError: there is none.
        """
        found = self.plan.model.clauses_by_id.get(name)
        if found is None:
            listed = ", ".join(f"`{clause.id}`" for clause in self.plan.model.clauses)
            raise ValueError(f"no clause `{name}` in `{self.plan.model.id}`; expected one of {listed}")
        return found

    def statuses(self, record: Record, day: date | None) -> dict[str, Status]:
        """Return the status of each clause by its id."""
        found = self.standard.statuses(record, assessed_on=day)
        return dict(zip(self.plan.model.clauses_by_id, found, strict=True))

    def contradicts(self, record: Record, day: date | None) -> bool:
        """Return whether a record cannot be on a day."""
        return day is not None and is_contradictory(self.plan.model, record, day)

    def scenario(
        self, goal: Callable[[Forcer], None], accepts: Callable[[Record], bool], day: date | None
    ) -> Scenario | None:
        """Return the scenario of demands, prepared; None where they cannot be met."""
        return Scenario(Setting(self.plan.model, self.plan.near, day), self.standard.record, goal, accepts).prepared()


def passing(
    standard: HasStatuses, clause: str | None = None, *, assessed_on: date | None = None
) -> st.SearchStrategy[Record]:
    """Return the strategy of records on which a clause passes, or on which no clause fails that counts in the verdict.

    The whole standard: the verdict is `conforms`; a clause may also not apply. One clause: its status is `pass`.
    Examples shrink to what the clauses ask for and nothing else, with numbers on the thresholds.

    Args:
        standard: A `cedu_rules.Standard`.
        clause: The id of a clause; None stands for the standard as a whole.
        assessed_on: The day on which they pass. None: they pass on 31 December 2025, and on an unknown day what asks
            for the day is unknown.

    Raises:
        TypeError: `standard` is no standard, or `assessed_on` no day.
        ValueError: there is no such clause, or no record was found that passes.
    """
    subject = Subject.of(standard, assessed_on)
    day = subject.day or OPEN_DAY
    model = subject.plan.model
    chosen = [each for each in model.clauses if not each.advisory] if clause is None else [subject.clause(clause)]

    def goal(forcer: Forcer) -> None:
        for each in chosen:
            if clause is None:
                forcer.force_no_failure(each)
            else:
                forcer.force_clause(each, met=True)

    def accepts(record: Record) -> bool:
        found = subject.statuses(record, day)
        if clause is not None:
            return found[clause] is Status.PASS
        return all(results.holds(found[each.id]) for each in chosen)

    ready = subject.scenario(goal, accepts, day)
    if ready is None:
        what = f"clause `{clause}`" if clause is not None else f"every clause of `{model.id}`"
        raise ValueError(f"found no record that passes {what}; expected one: do its demands contradict each other?")
    return institutions(subject, (ready,))


def failing(
    standard: HasStatuses, clause: str | None = None, *, assessed_on: date | None = None
) -> st.SearchStrategy[Record]:
    """Return the strategy of records on which a clause fails; a recommendation is then not met. Other clauses are free.

    Examples shrink to the facts that make it fail and nothing else, with numbers next to the thresholds.

    Args:
        standard: A `cedu_rules.Standard`.
        clause: The id of a clause; None stands for any clause that counts in the verdict.
        assessed_on: The day on which it fails; None leaves it unknown, and then it fails on every day.

    Raises:
        TypeError: `standard` is no standard, or `assessed_on` no day.
        ValueError: there is no such clause, or no record was found on which it fails.
    """
    subject = Subject.of(standard, assessed_on)
    model = subject.plan.model
    chosen = [each for each in model.clauses if not each.advisory] if clause is None else [subject.clause(clause)]
    ready = [found for each in chosen if (found := _failure(subject, each)) is not None]
    if not ready:
        what = f"clause `{clause}`" if clause is not None else f"any clause of `{model.id}`"
        day = "" if subject.day else " on every day; if it asks for the day, give `assessed_on`"
        raise ValueError(f"found no record that fails {what}; expected one that fails{day}")
    return institutions(subject, tuple(ready))


def _failure(subject: Subject, clause: Clause) -> Scenario | None:
    status = Status.NOT_MET if clause.advisory else Status.FAIL
    return subject.scenario(
        lambda forcer: forcer.force_clause(clause, met=False),
        lambda record: subject.statuses(record, subject.day)[clause.id] is status,
        subject.day,
    )


def outcomes(subject: Subject, clause: Clause) -> list[Scenario]:
    """Return the scenarios in which a clause passes and in which it fails, as far as it can."""
    day = subject.day or OPEN_DAY
    met = subject.scenario(
        lambda forcer: forcer.force_clause(clause, met=True),
        lambda record: subject.statuses(record, day)[clause.id] is Status.PASS,
        day,
    )
    return [found for found in (met, _failure(subject, clause)) if found is not None]


@st.composite
def institutions(draw: st.DrawFn, subject: Subject, scenarios: tuple[Scenario, ...]) -> Record:
    """Draw a record of one of the scenarios, with nothing else, with some of the other facts, or with all."""
    drawn = Drawn(draw)
    scenario = scenarios[drawn.pick(len(scenarios))]
    return filled(draw, subject, scenario, drawn.pick(3))


def filled(draw: st.DrawFn, subject: Subject, scenario: Scenario, amount: int) -> Record:
    """Draw a record of a scenario, with none (0), some (1) or all (2) of the facts that it leaves open."""
    draft, record = scenario.drawn(Drawn(draw))
    if not amount:
        return record
    filler = Filler(draw, subject.plan, complete=amount == _ALL, day=scenario.setting.day)
    more = filler.filled(draft)
    if more is None:
        return record
    found, issues = attempt(subject.standard.record, as_data(more))
    return record if found is None or issues else found
