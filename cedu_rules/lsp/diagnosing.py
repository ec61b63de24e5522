"""Diagnostics of a reading into those of the protocol."""

from pathlib import Path

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
)

from cedu_rules import diagnostics
from cedu_rules.lsp import words
from cedu_rules.lsp.reading import Reading
from cedu_rules.messages import Words

SOURCE = "cedu-rules"
_PAGES = Path(__file__).parent.parent.parent / "docs" / "errors"
_SEVERITIES = {"error": DiagnosticSeverity.Error, "warning": DiagnosticSeverity.Warning}


def protocol_diagnostics(
    reading: Reading, uri: str, *, language: str, pages: str | None, related: bool
) -> list[Diagnostic]:
    """Return everything that is wrong or doubtful.

    Args:
        reading: the text.
        uri: what the client calls it.
        language: of the messages.
        pages: where the pages about codes are; None takes those of a checkout, if there are any.
        related: whether the client shows related places; hints are part of the message where it does not.
    """
    return [_one(reading, each, uri, language, pages, related=related) for each in reading.findings]


def _one(
    reading: Reading, found: diagnostics.Diagnostic, uri: str, language: str, pages: str | None, *, related: bool
) -> Diagnostic:
    place = reading.lines.range(found.span.start, found.span.end)
    hint = f"{words.HINT.filled(language, {})}{'：' if language == 'zh' else ': '}{found.cure(language)}"
    others = [DiagnosticRelatedInformation(Location(uri, place), hint)]
    if (other := _other_place(found)) is not None:
        line, phrase = other
        span = reading.lines.range(_line_start(reading, line), _line_start(reading, line))
        others.append(DiagnosticRelatedInformation(Location(uri, span), phrase.filled(language, {})))
    message = found.message(language)
    page = _page(found.code, pages)
    return Diagnostic(
        place,
        message if related else f"{message}\n{hint}",
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=None if page is None else CodeDescription(page),
        source=SOURCE,
        tags=[DiagnosticTag.Unnecessary] if found.code.startswith("unused-") else None,
        related_information=others if related else None,
    )


def _other_place(found: diagnostics.Diagnostic) -> tuple[int, Words] | None:
    """Return the line that the diagnostic speaks of beside its own, and what is there."""
    if isinstance(line := found.values.get("line"), int) and line != found.span.line:
        return line, words.FIRST_DECLARED
    hint = found.hint
    if hint is not None and hint.id == "open-bracket" and isinstance(line := hint.values.get("line"), int) and line > 0:
        return line, words.STILL_OPEN
    return None


def _line_start(reading: Reading, line: int) -> int:
    """Return the offset of the first character of a line, counted from 1 as diagnostics do."""
    starts = reading.file.source.line_starts
    start = starts[min(line, len(starts)) - 1]
    text = reading.file.source.line_text(min(line, len(starts)))
    return start + len(text) - len(text.lstrip())


def _page(code: str, pages: str | None) -> str | None:
    """Return the address of the page about a code, or None where nobody has it."""
    if pages:
        return f"{pages.rstrip('/')}/{code}.html" if not pages.endswith("{code}") else pages.replace("{code}", code)
    path = _PAGES / f"{code}.md"
    return path.as_uri() if path.is_file() else None
