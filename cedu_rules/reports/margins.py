"""The findings of a report into lines of margins: how far each measured requirement is from its threshold."""

from collections.abc import Callable, Iterator

from attrs import frozen

from cedu_rules.explain.amounts import Amount
from cedu_rules.explain.sentences import in_words
from cedu_rules.report import Finding, Report, RequirementFinding
from cedu_rules.reports.untrusted import visible
from cedu_rules.results import Status


@frozen
class MarginLine:
    """The margin of one requirement of clause `number`; `requirement` counts within the clause, both from 1.

    `about` is what is compared, `demand` the comparison as the standard has it, `text` the distance in words; `amount` is
    positive or zero when it is met.
    """

    number: int
    requirement: int
    clause_id: str
    title: str
    about: str
    demand: str
    text: str
    amount: Amount
    is_met: bool


def margins_of(report: Report, language: str, shows: Callable[[int], bool]) -> tuple[MarginLine, ...]:
    """Return the margins of the requirements of the clauses that are shown, by their numbers."""
    found = ((number, finding) for number, finding in enumerate(report.findings, 1) if shows(number))
    return tuple(line for number, finding in found for line in margins_in(number, finding, language))


def margins_in(number: int, finding: Finding, language: str) -> Iterator[MarginLine]:
    """Yield the margins of one clause."""
    for item in finding.requirements:
        line = _line(number, finding, item, language)
        if line is not None:
            yield line


def _line(number: int, finding: Finding, item: RequirementFinding, language: str) -> MarginLine | None:
    margin, status = item.margin, item.underlying or item.status
    if margin is None:
        return None
    is_met = status is Status.PASS
    return MarginLine(
        number,
        item.number,
        finding.clause.id,
        visible(finding.clause.title),
        visible(item.requirement.label or margin.label),
        visible(margin.text),
        visible(in_words(margin.told(met=is_met), language)),
        margin.amount,
        is_met,
    )
