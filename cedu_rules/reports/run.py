"""The reports of all institutions of one run, with what belongs to none of them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from cedu_rules.diagnostics import InputIssue
from cedu_rules.model.ir import Model
from cedu_rules.report import Report, document_head, issue_to_dict
from cedu_rules.results import Verdict
from cedu_rules.waivers import IdleWaiver


@frozen
class Run:
    """What one call of `check` found.

    `issues` belong to no institution, `warnings` tell how doubtful data was read; `input_digest` is that of the files; `groups` holds the value of the group column
    by the position of the report, `group` its heading, `ignored` the columns that were left out; `idle_waivers` are
    orphaned, expired or not yet in force.
    """

    model: Model = field(repr=False)
    digest: str
    assessed_on: date | None
    reports: tuple[Report, ...]
    issues: tuple[InputIssue, ...] = ()
    warnings: tuple[InputIssue, ...] = ()
    input_digest: str | None = None
    groups: Mapping[int, str] = field(factory=dict)
    idle_waivers: tuple[IdleWaiver, ...] = ()
    group: str | None = None
    ignored: tuple[str, ...] = ()

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
    def exit_status(self) -> int:
        """0 when every institution conforms, 1 when one does not, 2 when the input has errors."""
        if self.all_issues:
            return 2
        return int(any(report.verdict is not Verdict.CONFORMS for report in self.reports))

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
            "options": {"group": self.group, "ignore": list(self.ignored)},
            "errors": [issue_to_dict(issue, language) for issue in self.issues],
            "idle_waivers": [idle.in_words(language) for idle in self.idle_waivers],
            "institutions": institutions,
        }
