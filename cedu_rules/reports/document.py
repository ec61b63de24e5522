"""A run into the JSON report: what `Run.to_dict` says, with the summary, and each institution's questions and repairs.

The advice of an institution takes some milliseconds; whoever calls decides whether it is worth them.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from cedu_rules.report import Report
from cedu_rules.reports.run import Run
from cedu_rules.reports.summary import Lack, MissingFact, Summary, Tally, summarise
from cedu_rules.results import Status, Verdict


class _Told(Protocol):
    """A question or a repair."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""

    def in_words(self, language: str) -> str:
        """Return it in `zh` or `en`."""


def document_of(run: Run, language: str, *, with_advice: bool) -> dict[str, Any]:
    """Return the JSON report on a run, its texts in `zh` or `en`; `with_advice` adds questions, repairs and plans."""
    document = run.to_dict(language)
    document["options"]["advice"] = with_advice
    if with_advice:
        for report, institution in zip(run.reports, document["institutions"], strict=True):
            institution.update(_advice(report, language))
    return {**document, "summary": _summary_of_run(run)}


def _advice(report: Report, language: str) -> dict[str, Any]:
    """Return what is to be asked, what would put each failing clause right, and a plan for all of them together."""
    failed = report.failed
    repairer = report.repairer() if failed else None
    repairs = [] if repairer is None else [repair for finding in failed for repair in repairer.clause(finding.clause)]
    plan = None if repairer is None else repairer.plan()
    return {
        "questions": [_told(question, language) for question in report.questions()],
        "shortest_way": [question.path for question in report.shortest_way()],
        "repairs": [_told(repair, language) for repair in repairs],
        "plan": None if plan is None else _told(plan, language),
    }


def _told(item: _Told, language: str) -> dict[str, Any]:
    return {**item.to_dict(), "text": item.in_words(language)}


# --- the summary ---


def _summary_of_run(run: Run) -> dict[str, Any]:
    whole, groups = summarise(run)
    return {
        **_summary(whole),
        "verdicts_before_waivers": _verdicts(run.verdicts_before_waivers),
        "groups": [{"group": group.name, **_summary(group.summary)} for group in groups],
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "institutions": len(summary.extracts),
        "verdicts": _verdicts(summary.verdicts),
        **_tally(summary.tally),
        "sections": [{"section": item.section, **_tally(item.tally)} for item in summary.sections],
        "clauses": [{"id": item.clause.id, **_tally(item.tally)} for item in summary.clauses],
        "missing": [_missing(item) for item in summary.missing],
        "lacking": [_lacking(item) for item in summary.lacking],
    }


def _verdicts(counts: Mapping[Verdict, int]) -> dict[str, int]:
    return {verdict.value: counts.get(verdict, 0) for verdict in Verdict}


def _tally(tally: Tally) -> dict[str, Any]:
    statuses = {status.value: tally[status] for status in Status}
    return {"statuses": statuses, "met": tally.met, "applying": tally.counted}


def _missing(item: MissingFact) -> dict[str, Any]:
    return {
        "fact": item.fact.path,
        "label": item.fact.label,
        "answered_by": "inspector" if item.fact.judged else "institution",
        "institutions": item.institutions,
        "clauses": item.clauses,
    }


def _lacking(item: Lack) -> dict[str, Any]:
    return {
        "label": item.quantity.label,
        "amount": item.amount.to_dict(),
        "institutions": item.institutions,
        "has_alternatives": item.has_alternatives,
    }
