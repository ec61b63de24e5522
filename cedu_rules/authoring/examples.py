"""The examples of a standard into those that do not hold, each with what came out instead."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from cedu_rules.model.ir import Clause, Example
from cedu_rules.report import Report
from cedu_rules.standard import Standard


@frozen
class ExampleFailure:
    """An example whose clause has another status than it states; `actual` is `invalid` for impossible values."""

    clause: Clause
    example: Example
    actual: str
    report: Report

    def in_words(self, language: str = "en") -> str:
        """Return the place, what was expected, what came out, and why."""
        chinese = language == "zh"
        head = f"{self.example.span}: example: "
        found = f"`{self.clause.id}`：应为 `{self.example.status}`，实为 `{self.actual}`"
        if not chinese:
            found = f"`{self.clause.id}` is `{self.actual}`; expected `{self.example.status}`"
        reasons = [issue.message(language) for issue in self.report.errors]
        reasons += [
            finding.explain(language) for finding in self.report.findings if finding.clause.id == self.clause.id
        ]
        told = [f"    {line}" for reason in reasons for line in reason.splitlines()]
        return "\n".join([head + found, *told])


def outcome(standard: Standard, clause: Clause, example: Example) -> tuple[str, Report]:
    """Return the status that the clause has on the values of the example, `invalid` for impossible ones."""
    values = dict(example.values)
    day = values.pop("assessed_on", None)
    report = standard.evaluate(values, assessed_on=date.fromisoformat(str(day)) if day is not None else None)
    found = {finding.clause.id: finding.status.value for finding in report.findings}
    return found.get(clause.id, "invalid"), report


def failures(standard: Standard) -> Iterator[ExampleFailure]:
    """Yield the examples of the standard that do not hold, in the order of the file."""
    for clause in standard.model.clauses:
        for example in clause.examples:
            actual, report = outcome(standard, clause, example)
            if actual != example.status:
                yield ExampleFailure(clause, example, actual, report)
