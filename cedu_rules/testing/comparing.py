"""Two standards into one answer: whether they mean the same, or whether one is never weaker than the other.

Ready-made properties for the tests of those who write standards. First the simplest institutions on which each clause of
either standard passes, fails, or stands next to a threshold; then drawn ones, complete and with parts missing. What is
found is shown by the smallest institution that shows it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from attrs import frozen
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cedu_rules.model.ir import Clause, Fact, Model
from cedu_rules.model.types import Type, describe
from cedu_rules.records import Record, attempt
from cedu_rules.results import Status
from cedu_rules.testing.institutions import HasStatuses, Subject, outcomes
from cedu_rules.testing.nearness import approaches
from cedu_rules.testing.records import OPEN_DAY, partial_records, records
from cedu_rules.testing.scenarios import Scenario

Rule: TypeAlias = Callable[[Status, Status], bool]
"""Whether two statuses of one clause may stand together."""

_PASS, _FAILURES = Status.PASS, frozenset({Status.FAIL, Status.NOT_MET})


def assert_same_meaning(
    one: HasStatuses, other: HasStatuses, *, assessed_on: date | None = None, examples: int = 100
) -> None:
    """Raise where two standards do not mean the same: other clauses, or one institution with two answers.

    Args:
        one: A `cedu_rules.Standard`.
        other: Another one, with facts that fit: those of one name are of one type.
        assessed_on: The day of the assessment; None tries an unknown day and 31 December 2025.
        examples: How many institutions are drawn, after those next to each threshold of either.

    Raises:
        AssertionError: they differ; the message shows the smallest institution found, and the clause in both.
        TypeError: one is no standard, or `assessed_on` no day.
        ValueError: their facts do not fit, or `examples` is below 1.
    """
    pair = _Pair.of(one, other, assessed_on, examples)
    pair.demand_clauses(both=True)
    pair.compare(lambda left, right: left is right, "the same answer")


def assert_never_weaker(
    overlay: HasStatuses, parent: HasStatuses, *, assessed_on: date | None = None, examples: int = 100
) -> None:
    """Raise where an overlay asks for less than its parent.

    Whatever fails a clause of the parent fails it in the overlay, and whatever passes it there passes it in the parent.
    Further clauses and facts of the overlay are free.

    Args:
        overlay: A `cedu_rules.Standard` that should ask for the same or more.
        parent: The standard that it is based on; facts of one name are of one type.
        assessed_on: The day of the assessment; None tries an unknown day and 31 December 2025.
        examples: How many institutions are drawn, after those next to each threshold of either.

    Raises:
        AssertionError: it is weaker; the message shows the smallest institution found, and the clause in both.
        TypeError: one is no standard, or `assessed_on` no day.
        ValueError: their facts do not fit, or `examples` is below 1.
    """
    pair = _Pair.of(overlay, parent, assessed_on, examples)
    pair.demand_clauses(both=False)
    pair.compare(_is_no_weaker, "an overlay that is never weaker")


def _is_no_weaker(overlay: Status, parent: Status) -> bool:
    return (parent not in _FAILURES or overlay in _FAILURES) and (overlay is not _PASS or parent is _PASS)


@frozen
class _Pair:
    """Two standards that read the same institutions."""

    one: Subject
    other: Subject
    days: tuple[date | None, ...]
    examples: int

    @classmethod
    def of(cls, one: Any, other: Any, assessed_on: Any, examples: int) -> "_Pair":  # noqa: ANN401 -- anything is refused
        subjects = Subject.of(one, assessed_on), Subject.of(other, assessed_on)
        if examples < 1:
            raise ValueError(f"`examples` is {examples}; expected at least 1")
        models = [subject.plan.model for subject in subjects]
        misfits = list(_misfits(models[0], models[1]))
        if misfits:
            listed = "; ".join(misfits)
            raise ValueError(f"the facts of `{models[0].id}` and `{models[1].id}` do not fit: {listed}")
        return cls(*subjects, (OPEN_DAY, None) if assessed_on is None else (assessed_on,), examples)

    def demand_clauses(self, *, both: bool) -> None:
        """Raise where the first lacks clauses of the second, or for `both` the other way round."""
        for subject, twin in ((self.one, self.other), (self.other, self.one))[: 2 if both else 1]:
            known = subject.plan.model.clauses_by_id
            missing = [f"`{clause}`" for clause in twin.plan.model.clauses_by_id if clause not in known]
            if missing:
                raise AssertionError(f"`{subject.plan.model.id}` lacks clause {', '.join(missing)}")

    def compare(self, fits: Rule, expected: str) -> None:
        """Raise where the two statuses of a clause do not fit."""
        for data in self.simplest():
            for day in self.days:
                self.look(data, day, fits, expected)
        phases = (Phase.explicit, Phase.generate, Phase.shrink)

        @settings(max_examples=self.examples, deadline=None, database=None, phases=phases, report_multiple_bugs=False)
        @given(self.drawn(), st.sampled_from(self.days))
        def looked(data: Mapping[str, Any], day: date | None) -> None:
            self.look(data, day, fits, expected)

        looked()

    def scenarios(self) -> Iterator[tuple[Subject, Scenario]]:
        """Yield what is worth trying about each clause of either standard."""
        for subject in (self.one, self.other):
            for clause in subject.plan.model.clauses:
                yield from (
                    (subject, scenario) for scenario in (*approaches(subject, clause), *outcomes(subject, clause))
                )

    def simplest(self) -> Iterator[dict[str, Any]]:
        """Yield the simplest institution of each scenario."""
        for subject, scenario in self.scenarios():
            yield _data(scenario.simplest(), subject.plan.model.facts)

    def drawn(self) -> st.SearchStrategy[dict[str, Any]]:
        """Return the strategy of institutions of either."""
        return st.one_of(
            [
                strategy(subject.standard, assessed_on=subject.day).map(partial(_data, facts=subject.plan.model.facts))
                for subject in (self.one, self.other)
                for strategy in (partial_records, records)
            ]
        )

    def look(self, data: Mapping[str, Any], day: date | None, fits: Rule, expected: str) -> None:
        """Raise where an institution that both can read has two statuses that do not fit."""
        found = [_statuses(subject, data, day) for subject in (self.one, self.other)]
        if found[0] is None or found[1] is None:
            return
        for name, right in found[1].items():
            left = found[0][name]
            if not fits(left, right):
                raise AssertionError(self.told(name, (left, right), data, day, expected))

    def told(
        self, name: str, statuses: tuple[Status, Status], data: Mapping[str, Any], day: date | None, expected: str
    ) -> str:
        """Return the message: the clause, the two answers, the institution, and the clause in both."""
        sides = list(zip((self.one, self.other), statuses, strict=True))
        answers = ", ".join(f"{status.value} in `{subject.plan.model.id}`" for subject, status in sides)
        lines = [f"clause `{name}` is {answers}; expected {expected}", "", "the institution:"]
        lines += [f"  {fact}: {_shown(value)}" for fact, value in data.items()] or ["  nothing recorded"]
        lines += [f"  assessed on: {day or 'an unknown day'}"]
        for place, (subject, _) in zip(("first", "second"), sides, strict=True):
            model = subject.plan.model
            lines += ["", f"the {place}, `{model.id}` ({model.source.name}):"]
            lines += [f"  {line}" for line in _text(model.clauses_by_id[name])]
        return "\n".join(lines)


# --- institutions of two standards -----------------------------------------------------------------------------------


def _statuses(subject: Subject, data: Mapping[str, Any], day: date | None) -> dict[str, Status] | None:
    """Return the status of each clause, or None where the standard refuses the institution."""
    model = subject.plan.model
    record, issues = attempt(subject.standard.record, _restricted(model, model.facts_by_name, data))
    if record is None or issues or subject.contradicts(record, day):
        return None
    return subject.statuses(record, day)


def _restricted(model: Model, facts: Mapping[str, Fact], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the facts that a standard has."""
    known: dict[str, Any] = {}
    for name, value in data.items():
        if name in facts:
            inner = facts[name].type
            if inner.kind == "list":
                fields = model.records_by_name[inner.name].fields_by_name
                value = [_restricted(model, fields, element) for element in value]  # noqa: PLW2901 -- the same, for it
            known[name] = value
    return known


def _data(record: Record, facts: tuple[Fact, ...]) -> dict[str, Any]:
    """Return the recorded values of a record, by name."""
    values = ((fact, getattr(record, fact.name)) for fact in facts)
    return {
        fact.name: [_data(element, element._plan.shape.facts) for element in value]
        if fact.type.kind == "list"
        else dict(value)
        if isinstance(value, Mapping)
        else value
        for fact, value in values
        if value is not None
    }


def _misfits(one: Model, other: Model) -> Iterator[str]:
    """Yield the facts that have one name and two types."""
    yield from _misfits_among(one.facts_by_name, other.facts_by_name, "")
    for record in one.records:
        twin = other.records_by_name.get(record.name)
        if twin is not None:
            yield from _misfits_among(record.fields_by_name, twin.fields_by_name, f"{record.name}.")


def _misfits_among(mine: Mapping[str, Fact], theirs: Mapping[str, Fact], owner: str) -> Iterator[str]:
    for name in mine.keys() & theirs.keys():
        one, other = mine[name].type, theirs[name].type
        if not _alike(one, other):
            yield f"`{owner}{name}` is {_described(one)} and {_described(other)}; expected one type"


def _alike(one: Type, other: Type) -> bool:
    """Return whether data of one type is data of the other."""
    if one.kind != other.kind:
        return False
    if one.element is not None and other.element is not None:
        return _alike(one.element, other.element)
    if one.kind == "list":
        return one.name == other.name
    members = [[member.name for member in type_.members] for type_ in (one, other)]
    shapes = [(type_.dimension, type_.whole, type_.data_factor) for type_ in (one, other)]
    return members[0] == members[1] and shapes[0] == shapes[1]


def _described(type_: Type) -> str:
    members = ", ".join(member.name for member in type_.members)
    return f"{describe(type_).en} ({members or type_.unit.name})" if members or type_.unit.name else describe(type_).en


def _text(clause: Clause) -> Iterator[str]:
    """Yield what a clause asks for, as it is written."""
    for guard in clause.guards:
        yield f"when {' '.join(guard.span.text.split())}"
    for requirement in clause.requirements:
        yield f"{requirement.modality} {requirement.text}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    return "unknown" if value is None else str(value)
