"""A run into its receipt: what it takes to make the same report again, and to tell whether a report still holds."""

from cedu_rules.report import document_head
from cedu_rules.reports.run import Run
from cedu_rules.reports.wording import word


def receipt(run: Run, language: str) -> tuple[tuple[str, str], ...]:
    """Return what identifies a report: label and value, a pair a line."""
    head = document_head(run.model, run.digest, run.assessed_on)
    pairs = (
        ("standard", run.model.id),
        ("standard_digest", run.digest),
        ("input_digest", run.input_digest),
        ("library", head["library"]),
        ("language", head["language"]),
        ("assessed_on", head["assessed_on"]),
    )
    return tuple(
        (word(name, language), word("not_given", language) if value is None else value) for name, value in pairs
    )
