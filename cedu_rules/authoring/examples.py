"""The examples of a standard into those that do not hold, each with what came out instead and why."""

from collections.abc import Iterator
from datetime import date

from attrs import frozen

from cedu_rules.messages import Words
from cedu_rules.model.ir import Clause, Example
from cedu_rules.report import Finding, Report
from cedu_rules.standard import Standard

_DIFFERS = Words("`{clause}` is `{actual}`; expected `{status}`", "`{clause}`：应为 `{status}`，实为 `{actual}`")
_EACH = Words("`{demand}` is `{status}`", "`{demand}`：`{status}`")
_BARRED = Words("the clause does not apply: `{guard}` decides that", "本条不适用：由 `{guard}` 决定")


@frozen
class ExampleFailure:
    """An example whose clause has another status than it states; `actual` is `invalid` for impossible values."""

    clause: Clause
    example: Example
    actual: str
    report: Report

    def in_words(self, language: str = "en") -> str:
        """Return the place, what was expected, what came out, and why: what each requirement came to."""
        values = {"clause": self.clause.id, "actual": self.actual, "status": self.example.status}
        head = f"{self.example.span}: example: {_DIFFERS.filled(language, values)}"
        return "\n".join([head, *(f"    {line}" for reason in self._reasons(language) for line in reason.splitlines())])

    def _reasons(self, language: str) -> Iterator[str]:
        """Yield what is impossible about the values, or why the clause has its status."""
        yield from (issue.message(language) for issue in self.report.errors)
        for finding in self.report.findings:
            if finding.clause.id == self.clause.id:
                told = finding.explain(language)
                yield from [told] if told else self._statuses(finding, language)

    def _statuses(self, finding: Finding, language: str) -> Iterator[str]:
        """Yield what each part of a clause came to of which nothing is to be explained: it passes, or does not apply."""
        barring = [guard for guard in self.clause.guards if self.report.evaluation.value(guard) is False]
        for guard in barring:
            yield _BARRED.filled(language, {"guard": " ".join(guard.span.text.split())})
        for item in () if barring else finding.requirements:
            yield _EACH.filled(language, {"demand": item.requirement.text, "status": item.status.value})


def outcome(standard: Standard, clause: Clause, example: Example) -> tuple[str, Report]:
    """Return the status that the clause has on the values of the example, `invalid` for impossible ones."""
    values = dict(example.values)
    day = values.pop("assessed_on", None)
    report = standard.evaluate(values, assessed_on=date.fromisoformat(str(day)) if day is not None else None)
    found = {finding.clause.id: finding.status.value for finding in report.findings}
    return found.get(clause.id, "invalid"), report


def failure(standard: Standard, clause: Clause, example: Example) -> ExampleFailure | None:
    """Return how the example of the clause fails, or None where it holds."""
    actual, report = outcome(standard, clause, example)
    return None if actual == example.status else ExampleFailure(clause, example, actual, report)


def failures(standard: Standard) -> Iterator[ExampleFailure]:
    """Yield the examples of the standard that do not hold, in the order of the file."""
    for clause in standard.model.clauses:
        for example in clause.examples:
            found = failure(standard, clause, example)
            if found is not None:
                yield found
