"""Which institutions and clauses of a run somebody wants to see."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from cedu_rules.report import Finding, Report
from cedu_rules.reports.run import Run
from cedu_rules.results import Status


class Selection(NamedTuple):
    """What of a run is shown; with nothing chosen the failed clauses, and open ones of a single institution.

    The text of many institutions tells nothing but their answers where nothing is chosen.
    """

    failed: bool = False
    unknown: bool = False
    clause: str | None = None
    institution: str | None = None

    @property
    def names_clauses(self) -> bool:
        """Whether clauses are chosen."""
        return self.clause is not None or self.failed or self.unknown

    def reports(self, run: Run) -> tuple[Report, ...]:
        """Return the chosen reports."""
        chosen = self.institution
        return tuple(report for report in run.reports if chosen is None or chosen in {report.id, report.name})

    def findings(self, report: Report, *, alone: bool) -> tuple[Finding, ...]:
        """Return the chosen findings of a report; `alone` where it is the only one."""
        if self.clause is not None:
            return tuple(finding for finding in report.findings if finding.clause.id == self.clause)
        statuses = (
            {Status.FAIL}
            if self.failed
            else {Status.UNKNOWN}
            if self.unknown
            else {Status.FAIL, Status.NOT_MET, Status.WAIVED}
        )
        if self.failed and self.unknown:
            statuses = {Status.FAIL, Status.UNKNOWN}
        elif alone and not self.failed and not self.unknown:
            statuses |= {Status.UNKNOWN}
        is_default = not self.failed and not self.unknown
        return tuple(
            finding
            for finding in report.findings
            if finding.status in statuses or (is_default and finding.status is not finding.underlying)
        )

    def narrowed(self, run: Run, document: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON form of a run with the chosen institutions and clauses alone; by default with all.

        Of chosen clauses stand the questions and repairs that concern them, without a plan.
        """
        statuses = {status.value for status, chosen in self._by_status() if chosen}
        chosen = {id(report) for report in self.reports(run)}
        institutions = [
            self._narrowed(entry, [clause for clause in entry["clauses"] if self._shows(clause, statuses)])
            for report, entry in zip(run.reports, document["institutions"], strict=True)
            if id(report) in chosen
        ]
        return {**document, "institutions": institutions}

    def _narrowed(self, entry: Mapping[str, Any], clauses: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the JSON form of an institution with these clauses alone, and of its advice what concerns them."""
        if not self.names_clauses or "repairs" not in entry:
            return {**entry, "clauses": clauses}
        shown = {clause["id"] for clause in clauses}
        questions = [question for question in entry["questions"] if not shown.isdisjoint(question["clauses"])]
        asked = {question["path"] for question in questions}
        return {
            **entry,
            "clauses": clauses,
            "questions": questions,
            "shortest_way": [path for path in entry["shortest_way"] if path in asked],
            "repairs": [repair for repair in entry["repairs"] if repair["clause"] in shown],
            "plan": None,
        }

    def _by_status(self) -> tuple[tuple[Status, bool], ...]:
        return (Status.FAIL, self.failed), (Status.UNKNOWN, self.unknown)

    def _shows(self, clause: Mapping[str, Any], statuses: AbstractSet[str]) -> bool:
        if self.clause is not None:
            return bool(clause["id"] == self.clause)
        return not statuses or clause["status"] in statuses
