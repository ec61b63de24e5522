"""Tests that every diagnostic is given where and only where it should be: one case file a code.

A case marks the offending line with `## error[code] underlined text` or `## warning[code] …`; nothing else may be found.
"""

import re
from pathlib import Path

import pytest

from cedu_rules.frontend import check
from cedu_rules.messages import CODES

CASES = sorted((Path(__file__).parent / "cases" / "diagnostics").glob("*.std"))
ELSEWHERE = {"bad-encoding", "too-large"}
"""Codes that no text can show, since they speak of bytes."""

_MARK = re.compile(r"## (error|warning)\[([\w-]+)\] ?(.*?)(?= *## |$)", re.MULTILINE)


def expected_of(text: str) -> list[tuple[int, str, str, str]]:
    """Return line, severity, code and underlined text of each mark."""
    return [(text[: mark.start()].count("\n") + 1, mark[1], mark[2], mark[3]) for mark in _MARK.finditer(text)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_finds_what_it_marks_and_nothing_else(path: Path) -> None:
    """The diagnostics of a case are those of its marks: line, code, severity and the text underlined."""
    text = path.read_text(encoding="utf-8")
    _, diagnostics = check(text, path.name)
    found = [(each.span.line, each.severity, each.code, each.span.text) for each in diagnostics]
    marked = expected_of(text)
    told = [entry if mark[3] else (*entry[:3], "") for entry, mark in zip(found, marked, strict=False)] + found[
        len(marked) :
    ]

    assert marked == told


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_told_in_both_languages(path: Path) -> None:
    """Every sentence and hint can be said in English and in Chinese, with all its values filled in."""
    for each in check(path.read_text(encoding="utf-8"), path.name)[1]:
        for language in ("en", "zh"):
            told = each.in_words(language)

            assert each.code in told
            assert "{" not in each.message(language).replace(each.span.text, "")


def test_every_code_has_a_case() -> None:
    """No code of the table goes without a case, and no case without a code."""
    codes = {code for path in CASES for _, _, code, _ in expected_of(path.read_text(encoding="utf-8"))}

    assert codes == set(CODES) - ELSEWHERE
