"""The reports of all institutions of one run, with what belongs to none of them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cedu_rules.diagnostics import InputIssue
from cedu_rules.model.ir import Model
from cedu_rules.report import Report, document_head, issue_to_dict
from cedu_rules.results import Verdict

if TYPE_CHECKING:
    from cedu_rules.explain.repairing.pricing import Cost
    from cedu_rules.explain.repairs import Repairer
    from cedu_rules.waivers import IdleWaiver


class Run(NamedTuple):
    """What one call of `check` found.

    `issues` belong to no institution, `warnings` tell how doubtful data was read; `input_digest` is that of the files; `groups` holds the value of the group column
    by the position of the report, `group` its heading, `ignored` the columns that were left out; `idle_waivers` are
    orphaned, expired or not yet in force; `immutable` and `costs` are those of `Report.repairs`, for all repairs and plans.
    """

    model: Model
    digest: str
    assessed_on: date | None
    reports: tuple[Report, ...]
    issues: tuple[InputIssue, ...] = ()
    warnings: tuple[InputIssue, ...] = ()
    input_digest: str | None = None
    groups: Mapping[int, str] = {}
    idle_waivers: tuple["IdleWaiver", ...] = ()
    group: str | None = None
    ignored: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    costs: Mapping[str, "Cost"] = {}

    @property
    def all_issues(self) -> tuple[InputIssue, ...]:
        """Every input error, those of no institution first."""
        return (*self.issues, *(issue for report in self.reports for issue in report.errors))

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many institutions have each verdict."""
        return Counter(report.verdict for report in self.reports)

    @property
    def verdicts_before_waivers(self) -> Counter[Verdict]:
        """How many institutions would have each verdict without waivers."""
        return Counter(report.underlying_verdict for report in self.reports)

    @property
    def is_waived(self) -> bool:
        """Whether a waiver changes an answer: one that is orphaned, or for what is met anyway, does not."""
        findings = (finding for report in self.reports if report.waivers for finding in report.findings)
        return any(finding.status is not finding.underlying for finding in findings)

    @property
    def exit_status(self) -> int:
        """0 when every institution conforms, 1 when one does not, 2 when the input has errors."""
        if self.all_issues:
            return 2
        return int(any(report.verdict is not Verdict.CONFORMS for report in self.reports))

    def repairer(self, report: Report) -> "Repairer":
        """Return what finds repairs of one of the reports.

        Raises:
            ValueError: `immutable` or `costs` name a fact that the standard does not have.
        """
        return report.repairer(self.immutable, self.costs)

    def to_dict(self, language: str = "zh") -> dict[str, Any]:
        """Return the JSON form of the whole run."""
        head = document_head(self.model, self.digest, self.assessed_on)
        institutions = []
        for position, report in enumerate(self.reports):
            entry = report.institution_dict(language)
            if position in self.groups:
                entry["group"] = self.groups[position]
            institutions.append(entry)
        return {
            **head,
            "input_digest": self.input_digest,
            "options": {
                "group": self.group,
                "ignore": list(self.ignored),
                "immutable": list(self.immutable),
                "costs": {name: str(Fraction(cost)) for name, cost in self.costs.items()},
            },
            "errors": [issue_to_dict(issue, language) for issue in self.issues],
            "idle_waivers": [idle.in_words(language) for idle in self.idle_waivers],
            "institutions": institutions,
        }
