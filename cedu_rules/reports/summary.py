"""The reports of a run into the numbers that every form shows: shares, tallies, what is missing and what is lacking.

    Summary         of all institutions, or of those of one group
    Tally           how many answers there are of each status
    MissingFact     a fact that open clauses wait for
    Lack            a quantity that is lacking, added up

Each report is read once, into an `Extract`; totals and groups are added up from those.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.reasons import Reason
from cedu_rules.model.ir import Clause, Model
from cedu_rules.report import Finding, Report, RequirementFinding
from cedu_rules.reports.quantities import Fact, roots_of
from cedu_rules.reports.run import Run
from cedu_rules.results import Status, Verdict

_MET = (Status.PASS, Status.WAIVED)


class Tally:
    """How many answers there are of each status."""

    def __init__(self, counts: Mapping[Status, int]) -> None:
        self.counts = counts

    def __getitem__(self, status: Status) -> int:
        return self.counts.get(status, 0)

    @property
    def total(self) -> int:
        """All answers."""
        return sum(self.counts.values())

    @property
    def counted(self) -> int:
        """The answers that apply."""
        return self.total - self[Status.NOT_APPLICABLE]

    @property
    def met(self) -> int:
        """Those that pass or are waived."""
        return sum(self[status] for status in _MET)

    @property
    def share(self) -> Fraction | None:
        """The share met of those that apply, from 0 to 1; None where none applies."""
        return Fraction(self.met, self.counted) if self.counted else None


def percent(share: Fraction | None) -> str:
    """Return a share to read, rounded down to a tenth of a percent, so that only all is 100 %."""
    if share is None:
        return "–"
    whole, tenth = divmod(math.floor(share * 1000), 10)
    return f"{whole}.{tenth}%" if tenth else f"{whole}%"


class Quantity(NamedTuple):
    """Something of which there can be too little; `unit` is empty for a count."""

    label: str
    unit: str


class Lack(NamedTuple):
    """So much of a quantity is lacking in so many institutions; `has_alternatives` where another way would do, too."""

    quantity: Quantity
    value: Fraction
    institutions: int
    has_alternatives: bool

    @property
    def amount(self) -> Amount:
        """What is lacking in sum, with its unit."""
        return Amount(self.value, self.quantity.unit)


class MissingFact(NamedTuple):
    """A fact that is missing in so many institutions, with how many clauses wait for it there."""

    fact: Fact
    institutions: int
    clauses: int


class Extract(NamedTuple):
    """What a summary takes from one report."""

    verdict: Verdict
    statuses: tuple[Status, ...]
    missing: Mapping[str, int]
    lacking: Mapping[Quantity, tuple[Fraction, bool]]


class ClauseTally(NamedTuple):
    """The answers of one clause; `number` counts the clauses of the standard from 1."""

    number: int
    clause: Clause
    tally: Tally


class SectionTally(NamedTuple):
    """The answers of all clauses of one section."""

    section: str
    tally: Tally


class Summary:
    """The numbers of all institutions, or of one group."""

    def __init__(self, model: Model, extracts: tuple[Extract, ...]) -> None:
        self.model = model
        self.extracts = extracts

    @cached_property
    def verdicts(self) -> Counter[Verdict]:
        """How many institutions have each verdict."""
        return Counter(extract.verdict for extract in self.extracts)

    @cached_property
    def clauses(self) -> tuple[ClauseTally, ...]:
        """The answers of each clause, in the order of the standard."""
        counters: list[Counter[Status]] = [Counter() for _ in self.model.clauses]
        for extract in self.extracts:
            for counter, status in zip(counters, extract.statuses, strict=False):  # none where the input is invalid
                counter[status] += 1
        pairs = zip(self.model.clauses, counters, strict=True)
        return tuple(ClauseTally(number, clause, Tally(counts)) for number, (clause, counts) in enumerate(pairs, 1))

    @cached_property
    def sections(self) -> tuple[SectionTally, ...]:
        """The answers of each section, in the order of the standard."""
        found: dict[str, Counter[Status]] = {}
        for item in self.clauses:
            found.setdefault(item.clause.citation.section, Counter()).update(item.tally.counts)
        return tuple(SectionTally(section, Tally(counts)) for section, counts in found.items())

    @cached_property
    def tally(self) -> Tally:
        """All answers."""
        return Tally(sum((Counter(item.tally.counts) for item in self.clauses), Counter()))

    @cached_property
    def most_failed(self) -> tuple[ClauseTally, ...]:
        """The clauses that fail somewhere, those that fail most often first."""
        failing = [item for item in self.clauses if item.tally[Status.FAIL]]
        return tuple(sorted(failing, key=lambda item: -item.tally[Status.FAIL]))

    @cached_property
    def missing(self) -> tuple[MissingFact, ...]:
        """The facts that open clauses wait for, those missing most often first."""
        institutions: Counter[str] = Counter()
        clauses: Counter[str] = Counter()
        for extract in self.extracts:
            institutions.update(extract.missing.keys())
            clauses.update(extract.missing)
        order = sorted(institutions, key=lambda path: (-institutions[path], -clauses[path]))
        return tuple(MissingFact(Fact.at(self.model, path), institutions[path], clauses[path]) for path in order)

    @cached_property
    def lacking(self) -> tuple[Lack, ...]:
        """What is lacking in sum, in the order of the standard."""
        found: dict[Quantity, list[tuple[Fraction, bool]]] = {}
        for extract in self.extracts:
            for quantity, lack in extract.lacking.items():
                found.setdefault(quantity, []).append(lack)
        return tuple(
            Lack(
                quantity, sum((value for value, _ in lacks), Fraction(0)), len(lacks), any(other for _, other in lacks)
            )
            for quantity, lacks in sorted(found.items(), key=lambda item: -len(item[1]))
        )


class Group(NamedTuple):
    """The institutions with one value of the group column; `positions` are those of their reports in the run."""

    name: str
    positions: tuple[int, ...]
    summary: Summary


def summarise(run: Run, extracts: Iterable[Extract] | None = None) -> tuple[Summary, tuple[Group, ...]]:
    """Return the numbers of the whole run, and of each group in the order in which it first appears.

    `extracts` are those of the reports, where somebody has them.
    """
    extracts = tuple(map(extract, run.reports) if extracts is None else extracts)
    positions: dict[str, list[int]] = {}
    for position in range(len(extracts) if run.groups else 0):
        positions.setdefault(run.groups.get(position, ""), []).append(position)
    groups = tuple(
        Group(name, tuple(members), Summary(run.model, tuple(extracts[position] for position in members)))
        for name, members in positions.items()
    )
    return Summary(run.model, extracts), groups


def extract(report: Report) -> Extract:
    """Return what a summary takes from a report."""
    missing: Counter[str] = Counter()
    lacking: dict[Quantity, tuple[Fraction, bool]] = {}
    for finding in report.findings:
        if finding.status is Status.UNKNOWN:
            missing.update(roots_of(report.model, finding.missing))
        elif finding.status is Status.FAIL:
            _add_lacking(lacking, finding)
    statuses = tuple(finding.status for finding in report.findings)
    return Extract(report.verdict, statuses, missing, lacking)


def _add_lacking(lacking: dict[Quantity, tuple[Fraction, bool]], finding: Finding) -> None:
    """Keep for each quantity the largest shortfall of the institution."""
    for requirement in finding.requirements:
        if requirement.status is Status.FAIL:
            for quantity, (value, other) in _shortfalls(requirement).items():
                most, others = lacking.get(quantity, (Fraction(0), False))
                lacking[quantity] = (max(most, value), other or others)


def _shortfalls(requirement: RequirementFinding) -> dict[Quantity, tuple[Fraction, bool]]:
    """Return what one requirement lacks: the largest need of its groups, the least of the alternatives in a group."""
    groups: dict[tuple[int, Quantity], tuple[Fraction, bool]] = {}
    for reason in requirement.reasons:
        need = _need(requirement, reason)
        if need is None:
            continue
        quantity, value = need
        has_others = any(item.group == reason.group and item.limb != reason.limb for item in requirement.reasons)
        key = (reason.group, quantity)
        least = groups.get(key, (value, has_others))[0]
        groups[key] = (min(least, value), has_others)
    found: dict[Quantity, tuple[Fraction, bool]] = {}
    for (_, quantity), (value, has_others) in groups.items():
        most, others = found.get(quantity, (Fraction(0), False))
        found[quantity] = (max(most, value), others or has_others)
    return found


def _need(requirement: RequirementFinding, reason: Reason) -> tuple[Quantity, Fraction] | None:
    """Return what a reason lacks, if that can be added up: no share, no excess, and of a bare number only whole ones."""
    amount, required = reason.shortfall_amount, reason.required
    if reason.truth is not False or amount is None or required is None or amount.value <= 0:
        return None
    if required.en.startswith("<") or amount.unit == "%" or (not amount.unit and amount.value.denominator != 1):
        return None
    label = reason.label if reason.fact is not None else requirement.requirement.label or reason.label
    return Quantity(label, amount.unit), amount.value
