"""What lint found in some files into JSON and into SARIF 2.1.0, for editors and for services that show code."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from cedu_rules._version import VERSION
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.messages.codes import CODES
from cedu_rules.messages.cures import CURES
from cedu_rules.source import Span

Found = Mapping[str, Sequence[Diagnostic]]
"""Diagnostics by the path of their file."""

FORMAT = 1
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_json(found: Found, language: str) -> dict[str, Any]:
    """Return one object with the diagnostics of each file; lines and columns count from 1, the end is exclusive."""
    files = [{"path": path, "diagnostics": [_entry(each, language) for each in found[path]]} for path in found]
    return {"format": FORMAT, "library": VERSION, "files": files}


def _entry(diagnostic: Diagnostic, language: str) -> dict[str, Any]:
    hint = diagnostic.cure(language)
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message(language),
        "hint": hint,
        "page": page(diagnostic.code),
        **dict(zip(("line", "column", "end_line", "end_column"), region(diagnostic.span), strict=True)),
    }


def region(span: Span) -> tuple[int, int, int, int]:
    """Return line and column of the first character and of the one behind the last."""
    end = Span(span.source, max(span.end, span.start), max(span.end, span.start))
    return span.line, span.column, end.line, end.column


def page(code: str) -> str:
    """Return the path of the page about a code, from the root of the project."""
    return f"docs/errors/{code}.md"


def as_sarif(found: Found, language: str) -> dict[str, Any]:
    """Return the log of one run; a rule is a code, and its page is told by a path from the root of the project."""
    codes = sorted({each.code for listed in found.values() for each in listed})
    results = [_result(path, each, codes, language) for path in found for each in found[path]]
    driver = {"name": "cedu-rules", "version": VERSION, "rules": [_rule(code, language) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN" if language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, language: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ")},
        "help": {"text": CURES[code].filled(language, {})},
        "helpUri": page(code),
        "defaultConfiguration": {"level": CODES[code].severity},
    }


def _result(path: str, diagnostic: Diagnostic, codes: list[str], language: str) -> dict[str, Any]:
    hint = diagnostic.cure(language)
    line, column, end_line, end_column = region(diagnostic.span)
    place = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    location = {"artifactLocation": {"uri": quote(path.replace("\\", "/"))}, "region": place}
    mark = "；" if language == "zh" else "; "
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity,
        "message": {"text": f"{diagnostic.message(language)}{mark if hint else ''}{hint}"},
        "locations": [{"physicalLocation": location}],
    }
