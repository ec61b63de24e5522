"""The questions and repairs of a report into lines: what is to be asked and of whom, what would put a clause right."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.repairs import Repair
from cedu_rules.explain.sentences import in_words
from cedu_rules.report import Report
from cedu_rules.reports.quantities import ASSESSED_ON, Fact, roots_of
from cedu_rules.reports.run import Run
from cedu_rules.reports.untrusted import visible
from cedu_rules.reports.wording import word
from cedu_rules.results import Status


@frozen
class QuestionLine:
    """One fact to ask for; `judged` where the inspector answers; `clauses` are the numbers of those that wait."""

    text: str
    judged: bool
    clauses: tuple[int, ...]


@frozen
class RepairLine:
    """One way to put clause `number` right, or with None the whole institution; `text` tells all its changes."""

    number: int | None
    text: str
    is_alternative: bool


def questions_of(report: Report, language: str, *, thorough: bool) -> tuple[QuestionLine, ...]:
    """Return what is to be asked, the most decisive first.

    Not `thorough`, it is every fact that an open clause misses, which is quick; else what can still change an answer.
    """
    return tuple(_questions(report, language) if thorough else _missing(report))


def _questions(report: Report, language: str) -> Iterator[QuestionLine]:
    numbers = {clause.id: number for number, clause in enumerate(report.model.clauses, 1)}
    for question in report.questions():
        unit = Amount(Fraction(1), question.unit).words()
        shown = in_words(unit, language).removeprefix("1").strip()
        text = word("assessed_on", language) if question.path == ASSESSED_ON else question.label
        text += "" if not shown else f"（{shown}）" if language == "zh" else f" ({shown})"
        if question.members:
            text += ("：" if language == "zh" else ": ") + ("、" if language == "zh" else ", ").join(question.members)
        clauses = tuple(numbers[id_] for id_ in question.clauses)
        yield QuestionLine(visible(text), question.answered_by == "inspector", clauses)


def _missing(report: Report) -> Iterator[QuestionLine]:
    waiting: dict[str, list[int]] = {}
    for number, finding in enumerate(report.findings, 1):
        if finding.status is Status.UNKNOWN:
            for path in roots_of(report.model, finding.missing):
                waiting.setdefault(path, []).append(number)
    for path in sorted(waiting, key=lambda path: -len(waiting[path])):
        fact = Fact.at(report.model, path)
        yield QuestionLine(visible(fact.label), fact.judged, tuple(waiting[path]))


def repairs_of(run: Run, report: Report, language: str, *, with_plan: bool) -> tuple[RepairLine, ...]:
    """Return what would put each failing clause right; then, where several fail, a plan for all of them together."""
    return tuple(_repairs(run, report, language, with_plan=with_plan))


def _repairs(run: Run, report: Report, language: str, *, with_plan: bool) -> Iterator[RepairLine]:
    failing = [(number, finding) for number, finding in enumerate(report.findings, 1) if finding.status is Status.FAIL]
    if not failing:
        return
    repairer = run.repairer(report)
    for number, finding in failing:
        yield from _lines(number, repairer.clause(finding.clause), language)
    plan = repairer.plan() if with_plan and len(failing) > 1 else None
    if plan is not None:
        yield from _lines(None, (plan,), language)


def _lines(number: int | None, repairs: tuple[Repair, ...], language: str) -> Iterator[RepairLine]:
    for repair in repairs:
        yield RepairLine(number, visible(repair.in_words(language)), is_alternative=len(repairs) > 1)
