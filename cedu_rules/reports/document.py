"""A run into the JSON report: what `Run.to_dict` says, with the summary, and each institution's questions and repairs.

The advice of an institution takes some milliseconds; whoever calls decides whether it is worth them.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cedu_rules.report import Report
from cedu_rules.reports.run import Run
from cedu_rules.reports.summary import Group, Lack, MissingFact, Summary, Tally, summarise
from cedu_rules.results import Status, Verdict

if TYPE_CHECKING:
    from cedu_rules.explain.questions import Question
    from cedu_rules.explain.repairs import Repair


class Advice(NamedTuple):
    """What is to be asked of an institution, what would put each failing clause right, and all of them together."""

    questions: tuple["Question", ...]
    shortest_way: tuple["Question", ...]
    repairs: tuple["Repair", ...]
    plan: "Repair | None"

    def to_dict(self, language: str) -> dict[str, Any]:
        """Return the JSON form, its texts in `zh` or `en`."""
        return {
            "questions": [_told(question, language) for question in self.questions],
            "shortest_way": [question.path for question in self.shortest_way],
            "repairs": [_told(repair, language) for repair in self.repairs],
            "plan": None if self.plan is None else _told(self.plan, language),
        }


def document_of(run: Run, language: str, *, with_advice: bool) -> dict[str, Any]:
    """Return the JSON report on a run, its texts in `zh` or `en`; `with_advice` adds questions, repairs and plans."""
    return document_with(run, language, advice_of(run) if with_advice else None)


def document_with(run: Run, language: str, advice: tuple[Advice, ...] | None) -> dict[str, Any]:
    """Return the JSON report on a run with this advice, one for each institution, or with none."""
    return {
        **head_of(run, language, with_advice=advice is not None),
        "institutions": institutions_with(run, language, advice),
        "summary": summary_of(run, *summarise(run)),
    }


def head_of(run: Run, language: str, *, with_advice: bool) -> dict[str, Any]:
    """Return what stands before the institutions."""
    head = run._replace(reports=()).to_dict(language)
    head["options"]["advice"] = with_advice
    del head["institutions"]
    return head


def institutions_with(run: Run, language: str, advice: tuple[Advice, ...] | None) -> list[dict[str, Any]]:
    """Return the part of each institution with this advice, or with none."""
    institutions: list[dict[str, Any]] = run.to_dict(language)["institutions"]
    for institution, advised in zip(institutions, advice or (), strict=advice is not None):
        institution.update(advised.to_dict(language))
    return institutions


def advice_of(run: Run) -> tuple[Advice, ...]:
    """Return the advice for each institution of a run."""
    return tuple(_advice(run, report) for report in run.reports)


def _advice(run: Run, report: Report) -> Advice:
    failed = report.failed
    repairer = run.repairer(report) if failed else None
    repairs = [] if repairer is None else [repair for finding in failed for repair in repairer.clause(finding.clause)]
    plan = None if repairer is None else repairer.plan()
    return Advice(report.questions(), report.shortest_way(), tuple(repairs), plan)


def _told(item: "Question | Repair", language: str) -> dict[str, Any]:
    return {**item.to_dict(), "text": item.in_words(language)}


# --- the summary ---


def summary_of(run: Run, whole: Summary, groups: Iterable[Group]) -> dict[str, Any]:
    """Return what stands behind the institutions: the numbers of all, and of each group."""
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
