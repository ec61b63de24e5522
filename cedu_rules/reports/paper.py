"""A run into what every form of a report shows, in one language: head, summary, each institution, receipt.

Forms differ in how they write a `Paper`, not in what it says. All text in it is `visible`: one line, no control
characters, not endless; escaping is left to each form.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.reasons import Reason
from cedu_rules.explain.sentences import KIND_WORDS, STATUS_WORDS, VERDICT_WORDS, in_words
from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause
from cedu_rules.report import Finding, Report, RequirementFinding
from cedu_rules.reports.advice import QuestionLine, RepairLine, questions_of, repairs_of
from cedu_rules.reports.margins import MarginLine, margins_of
from cedu_rules.reports.pieces import pieces
from cedu_rules.reports.quantities import ASSESSED_ON, Fact
from cedu_rules.reports.receipt import receipt
from cedu_rules.reports.run import Run
from cedu_rules.reports.selection import Selection
from cedu_rules.reports.summary import Extract, Group, Summary, extract, summarise
from cedu_rules.reports.untrusted import NAME_LIMIT, visible
from cedu_rules.reports.wording import word
from cedu_rules.results import Status, Verdict
from cedu_rules.waivers import Waiver

if TYPE_CHECKING:
    from cedu_rules.reports.parallel import Workers

_TOLD = (Status.FAIL, Status.NOT_MET, Status.UNKNOWN, Status.WAIVED)
"""Clauses of these statuses are told one by one, in this order; of the others the number is enough."""

THOROUGH_LIMIT = 300
"""Of more institutions than that a report shows, unless more is asked for, the repairs of each clause but no plan for the
whole institution, and as questions the facts that open clauses miss: the rest multiplies the time. It says so."""


@frozen
class Measure:
    """One thing that is measured against the standard; the amounts are None where it is no number."""

    label: str
    actual: str
    required: str
    shortfall: str
    actual_amount: Amount | None
    required_amount: Amount | None
    shortfall_amount: Amount | None
    is_excess: bool


@frozen
class Entry:
    """The answer of one clause; `number` counts the clauses of the standard from 1."""

    number: int
    clause_id: str
    section: str
    place: str
    title: str
    status: Status
    status_word: str
    kinds: str
    advisory: bool
    vacuous: bool
    measures: tuple[Measure, ...]
    lines: tuple[str, ...]
    waiver: str


@frozen
class Institution:
    """Everything about one institution; `number` is its position in the run, from 1.

    `entries` are the clauses that are told one by one, `others` the numbers of the rest by status.
    """

    number: int
    id: str
    name: str
    title: str
    group: str | None
    verdict: Verdict
    verdict_word: str
    statuses: tuple[Status, ...]
    counts: Mapping[Status, int] = field(hash=False)
    errors: tuple[str, ...]
    entries: tuple[Entry, ...]
    others: Mapping[Status, tuple[int, ...]] = field(hash=False)
    repairs: tuple[RepairLine, ...]
    questions: tuple[QuestionLine, ...]
    margins: tuple[MarginLine, ...] = ()

    @cached_property
    def _entries_by_number(self) -> dict[int, Entry]:
        return {entry.number: entry for entry in self.entries}

    def entry(self, number: int) -> Entry | None:
        """Return what is told of a clause on its own, if it is."""
        return self._entries_by_number.get(number)

    def shows(self, number: int) -> bool:
        """Return whether the clause of that number was chosen."""
        return self.entry(number) is not None or number in self.others.get(self.statuses[number - 1], ())


@frozen
class Part:
    """The institutions of one group, or all where there are no groups (`group` is None then)."""

    group: Group | None
    title: str
    summary: Summary
    institutions: tuple[Institution, ...]


@frozen
class Paper:
    """What a report says, in one language."""

    language: str
    run: Run = field(repr=False)
    title: str
    document: str
    assessed_on: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    summary: Summary
    parts: tuple[Part, ...]
    receipt: tuple[tuple[str, str], ...]
    is_thorough: bool = True

    @property
    def institutions(self) -> Iterator[Institution]:
        """All institutions, group by group."""
        return (institution for part in self.parts for institution in part.institutions)

    @property
    def has_groups(self) -> bool:
        """Whether the run was made with a group column."""
        return self.parts[0].group is not None if self.parts else False

    def word(self, name: str) -> str:
        """Return a phrase of `wording` in the language of the report."""
        return word(name, self.language)

    def status_word(self, status: Status) -> str:
        """Return a status in words."""
        return in_words(STATUS_WORDS[status], self.language)

    def verdict_word(self, verdict: Verdict) -> str:
        """Return a verdict in words."""
        return in_words(VERDICT_WORDS[verdict], self.language)

    def amount(self, amount: Amount) -> str:
        """Return an amount that is lacking in words, rounded up where it is long."""
        return in_words(amount.difference(1), self.language)

    def place(self, clause: Clause) -> str:
        """Return the place of a clause in the annex that the head names."""
        return place_of(clause, self.language)

    def fact_label(self, fact: Fact) -> str:
        """Return what a fact is called."""
        return self.word("assessed_on") if fact.path == ASSESSED_ON else visible(fact.label)

    def answerer(self, *, judged: bool) -> str:
        """Return who answers a question."""
        return self.word("inspector_answers" if judged else "institution_answers")


def paper_of(
    run: Run,
    language: str,
    selection: Selection | None = None,
    *,
    advice: bool | None = None,
    workers: "Workers | None" = None,
) -> Paper:
    """Return what a report on the run says, in `zh` or `en`.

    `selection` narrows the institutions and clauses that are told one by one; the summary is always of all. `advice` says
    whether to work out plans, and which questions matter; None does so for few institutions. `workers` share the work.
    """
    selection = selection or Selection()
    thorough = len(selection.reports(run)) <= THOROUGH_LIMIT if advice is None else advice
    make = partial(_told, language, selection, thorough=thorough)
    found = list(pieces(run, make, workers, range(len(run.reports))))
    summary, groups = summarise(run, [numbers for _, numbers in found])
    told = [each and evolve(each, number=number) for number, (each, _) in enumerate(found, 1)]
    if groups:
        parts = tuple(
            Part(
                group,
                visible(group.name, NAME_LIMIT) or word("no_group", language),
                group.summary,
                tuple(filter(None, (told[position] for position in group.positions))),
            )
            for group in groups
        )
    else:
        parts = (Part(None, word("institutions", language), summary, tuple(filter(None, told))),)
    model = run.model
    colon = "：" if language == "zh" else ": "
    return Paper(
        language,
        run,
        visible(model.title + ("" if language == "zh" else ": ") + word("report", language)),
        visible(_document(model.document, model.annex, language)),
        word("not_given", language) if run.assessed_on is None else run.assessed_on.isoformat(),
        tuple(visible(issue.line(language)) for issue in run.issues),
        (
            *(visible(issue.line(language)) for issue in run.warnings),
            *([_before_waivers(run, language)] if run.is_waived else []),
            *(visible(f"{word('idle_waiver', language)}{colon}{idle.in_words(language)}") for idle in run.idle_waivers),
            *(() if thorough else (word("brief", language),)),
        ),
        summary,
        parts,
        receipt(run, language),
        thorough,
    )


def _before_waivers(run: Run, language: str) -> str:
    """Return how many institutions would have each verdict without waivers."""
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    counts = run.verdicts_before_waivers
    told = (f"{in_words(VERDICT_WORDS[verdict], language)} {counts[verdict]}" for verdict in Verdict if counts[verdict])
    return f"{word('before_waivers', language)}{colon}{comma.join(told)}"


def title_of(report: Report, language: str) -> str:
    """Return id and name of an institution on one line."""
    parts = [visible(part, NAME_LIMIT) for part in (report.id, report.name) if part]
    return " ".join(part for part in parts if part) or word("unnamed", language)


def place_of(clause: Clause, language: str) -> str:
    """Return section, subsection and line of a clause."""
    return visible(clause.citation._replace(annex=None).in_words(language))


def _document(document: str, annex: int | None, language: str) -> str:
    if annex is None:
        return document
    return f"{document} 附件{annex}" if language == "zh" else f"{document}, annex {annex}"


def _told(
    language: str, selection: Selection, part: Run, *, thorough: bool
) -> list[tuple[Institution | None, Extract]]:
    """Return what is told of the one institution of a part, or None where it is not chosen, and its numbers."""
    (report,) = part.reports
    teller = _Teller(part, language, selection, thorough=thorough)
    return [(teller.institution(report) if selection.reports(part) else None, extract(report))]


class _Teller:
    """Writes what a part of a run says about its institution."""

    def __init__(self, run: Run, language: str, selection: Selection, *, thorough: bool) -> None:
        self.run = run
        self.language = language
        self.selection = selection
        self.is_narrowed = selection.clause is not None or selection.failed or selection.unknown
        self.thorough = thorough

    def institution(self, report: Report) -> Institution:
        """Return everything about the institution."""
        statuses = tuple(finding.status for finding in report.findings)
        group = self.run.groups.get(0)
        shown = self._shown(report)
        repairs = repairs_of(self.run, report, self.language, with_plan=self.thorough and not self.is_narrowed)
        questions = questions_of(report, self.language, thorough=self.thorough)
        return Institution(
            number=1,
            id=visible(report.id or "", NAME_LIMIT),
            name=visible(report.name or "", NAME_LIMIT),
            title=title_of(report, self.language),
            group=None if group is None else visible(group, NAME_LIMIT),
            verdict=report.verdict,
            verdict_word=in_words(VERDICT_WORDS[report.verdict], self.language),
            statuses=statuses,
            counts=Counter(statuses),
            errors=tuple(visible(issue.line(self.language)) for issue in report.errors),
            entries=self._entries(report),
            others={} if self.is_narrowed else _others(statuses),
            repairs=tuple(repair for repair in repairs if repair.number is None or shown(repair.number)),
            questions=tuple(question for question in questions if any(map(shown, question.clauses))),
            margins=margins_of(report, self.language, shown) if self.thorough else (),
        )

    def _entries(self, report: Report) -> tuple[Entry, ...]:
        told = [(number, finding) for number, finding in enumerate(report.findings, 1) if self._tells(finding)]
        told.sort(key=lambda pair: (_TOLD.index(pair[1].status) if pair[1].status in _TOLD else len(_TOLD), pair[0]))
        return tuple(self._entry(number, finding) for number, finding in told)

    def _shown(self, report: Report) -> Callable[[int], bool]:
        """Return whether the clause of a number was chosen."""
        return lambda number: not self.is_narrowed or self._tells(report.findings[number - 1])

    def _tells(self, finding: Finding) -> bool:
        """Return whether a clause is told on its own."""
        if self.selection.clause is not None:
            return finding.clause.id == self.selection.clause
        if self.is_narrowed:
            return (finding.status is Status.FAIL and self.selection.failed) or (
                finding.status is Status.UNKNOWN and self.selection.unknown
            )
        return finding.status in _TOLD or finding.status is not finding.underlying

    def _entry(self, number: int, finding: Finding) -> Entry:
        clause = finding.clause
        kinds = dict.fromkeys(item.kind for item in clause.requirements)
        return Entry(
            number=number,
            clause_id=clause.id,
            section=visible(clause.citation.section),
            place=place_of(clause, self.language),
            title=visible(clause.title),
            status=finding.status,
            status_word=self._status(finding.status),
            kinds=("、" if self.language == "zh" else ", ").join(self._word(KIND_WORDS[kind]) for kind in kinds),
            advisory=clause.advisory,
            vacuous=finding.vacuous,
            measures=tuple(measure for item in finding.requirements for measure in self._measures(item)),
            lines=tuple(visible(line) for line in finding.explain(self.language).splitlines()),
            waiver=self._waiver(finding),
        )

    def _waiver(self, finding: Finding) -> str:
        """Return what stands in for the status, and why; of a single requirement by its number."""
        waived: list[tuple[Waiver | None, Status | None, str]] = [(finding.waiver, finding.underlying, "")]
        if finding.status is not Status.WAIVED or finding.waiver is None:
            waived = [(item.waiver, item.underlying, f"{item.number}. ") for item in finding.requirements]
        colon, until = ("：", "，至") if self.language == "zh" else (": ", ", until ")
        told = []
        for waiver, underlying, number in waived:
            if waiver is not None and underlying is not None:
                last = "" if waiver.last_day is None else f"{until}{waiver.last_day}"
                told.append(
                    f"{number}{self._status(underlying)} → {self._status(Status.WAIVED)}{colon}{waiver.reason}{last}"
                )
        return visible("; ".join(told))

    def _status(self, status: Status) -> str:
        return in_words(STATUS_WORDS[status], self.language)

    def _measures(self, requirement: RequirementFinding) -> Iterator[Measure]:
        """Yield what a requirement compares; a reason without two sides is told by the explanation alone.

        So is a question of yes or no that nobody has answered: `not judged` beside `yes` tells nothing more.
        """
        for reason in requirement.reasons:
            if reason.actual is None or reason.required is None:
                continue
            if reason.truth is False or reason.required.en not in {"yes", "no"}:
                yield self._measure(requirement, reason, reason.required)

    def _measure(self, requirement: RequirementFinding, reason: Reason, required: Words) -> Measure:
        label = reason.label if reason.fact is not None else requirement.requirement.label or reason.label
        return Measure(
            visible(label),
            self._word(reason.actual),
            self._word(required),
            self._word(reason.shortfall),
            reason.actual_amount,
            reason.required_amount,
            reason.shortfall_amount,
            is_excess=required.en.startswith("<"),
        )

    def _word(self, words: Words | None) -> str:
        return "" if words is None else visible(in_words(words, self.language))


def _others(statuses: tuple[Status, ...]) -> dict[Status, tuple[int, ...]]:
    numbers: dict[Status, list[int]] = {}
    for number, status in enumerate(statuses, 1):
        if status not in _TOLD:
            numbers.setdefault(status, []).append(number)
    return {status: tuple(found) for status, found in numbers.items()}
