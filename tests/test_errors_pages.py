"""Tests that every code has its page in docs/errors, and that page, case and table agree.

Set `UPDATE_PAGES=1` to write the pages anew from the table of codes and the cases.
"""

import os
import re
from pathlib import Path

import pytest

from cedu_rules import catalog
from cedu_rules.authoring.lint import lint
from cedu_rules.diagnostics import Diagnostic, StandardError
from cedu_rules.frontend import check
from cedu_rules.messages import Words
from cedu_rules.messages.codes import CODES
from cedu_rules.messages.cures import CURES
from cedu_rules.messages.hints import HINTS
from cedu_rules.messages.meanings import MEANINGS

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "errors"
CASES = ROOT / "tests" / "cases"
UPDATE = bool(os.environ.get("UPDATE_PAGES"))

_MARKS = re.compile(r"[ \t]*## (error|warning)\[[^\n]*")
_SHOWN = 400
_LONGEST = 40


def example(code: str) -> tuple[str, Diagnostic]:
    """Return the text of the case of a code, without its marks, and the diagnostic that it gives."""
    if code == "too-large":
        return "", unread(b" " * (catalog.SIZE_LIMIT + 1))
    if code == "bad-encoding":
        text = 'standard trial "试"\nsource "试行标准" annex 1\n'
        return text, unread(text.encode("gb18030"))
    folder = "diagnostics" if (CASES / "diagnostics" / f"{code}.std").exists() else "lint"
    text = _MARKS.sub("", (CASES / folder / f"{code}.std").read_text(encoding="utf-8"))
    found = check(text, "my.std")[1] if folder == "diagnostics" else lint(text, "my.std")
    return text, next(each for each in found if each.code == code)


def unread(data: bytes) -> Diagnostic:
    """Return what is said of bytes that are no text of a standard."""
    with pytest.raises(StandardError) as error:
        catalog.decode_text(data, "my.std")
    return error.value.diagnostics[0]


def clipped(text: str) -> str:
    """Return the text with what makes a line or the whole too long for a page left out."""
    lines = text.splitlines()
    if len(lines) > _LONGEST:
        lines = [*lines[:_LONGEST], "…"]
    return "\n".join(line if len(line) <= _SHOWN else line[:_SHOWN] + "…" for line in lines)


def page(code: str) -> str:
    """Return the page of a code, made from the table of codes and its case."""
    text, diagnostic = example(code)
    kind = CODES[code]
    parts = [
        f"# {code}",
        f"{'An error' if kind.severity == 'error' else 'A warning'}: {diagnostic.message('en')}.".replace("..", "."),
        f"中文：{diagnostic.message('zh')}。",
        "## What it means",
        MEANINGS[code],
        "## An example",
    ]
    if text:
        parts.append(f"```text\n{clipped(text)}\n```")
    told = clipped(diagnostic.in_words("en"))
    parts += [
        f"```text\n{told}\n```",
        "## How to put it right",
        f"{sentence(CURES[code].en)}\n{CURES[code].zh}。",
    ]
    if diagnostic.hint is not None:
        parts.append(f"Here: {diagnostic.cure('en')}.".replace("?.", "?"))
    if kind.severity == "warning" and "allowance" not in code:
        parts.append(f"Where it is meant, allow it: `# lint: allow {code} because …` (see [lint](../lint.md)).")
    return "\n\n".join(parts) + "\n"


def sentence(words: str) -> str:
    """Return the words as a sentence."""
    return words[0].upper() + words[1:] + "."


def index() -> str:
    """Return the page that lists all codes."""
    lines = ["# Diagnostics", "", "Every code that `cedu-rules` gives about a `.std` file, each with its page.", ""]
    for severity, heading in (("error", "## Errors"), ("warning", "## Warnings")):
        lines += [heading, "", "| code | cure |", "|---|---|"]
        codes = sorted(code for code, kind in CODES.items() if kind.severity == severity)
        lines += [f"| [{code}]({code}.md) | {CURES[code].en.replace('|', chr(92) + '|')} |" for code in codes]
        lines.append("")
    return "\n".join(lines)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_says_what_table_and_case_say(code: str) -> None:
    """The page of a code is what its table entries and its case make of it."""
    expected = page(code)
    path = PAGES / f"{code}.md"
    if UPDATE:
        PAGES.mkdir(exist_ok=True)
        path.write_text(expected, encoding="utf-8")

    assert expected == path.read_text(encoding="utf-8")


def test_the_index_lists_every_page() -> None:
    """The index names each code once, and no page is of a code that is gone."""
    if UPDATE:
        (PAGES / "README.md").write_text(index(), encoding="utf-8")

    assert index() == (PAGES / "README.md").read_text(encoding="utf-8")
    assert {*CODES, "README"} == {path.stem for path in PAGES.glob("*.md")}


def test_the_tables_have_the_same_codes() -> None:
    """Each code has a cure and a meaning, and there are no others."""
    assert set(CODES) == set(CURES) == set(MEANINGS)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_sentence_has_the_style_of_messages(code: str) -> None:
    """Sentences and cures begin with a small letter and end without a full stop, in both languages."""
    for words in (CODES[code].words, CURES[code]):
        assert not words.en[0].isupper()
        assert not words.en.endswith((".", "!"))
        assert not words.zh.endswith(("。", "！"))
        assert placeholders(words.en) == placeholders(words.zh)


@pytest.mark.parametrize("name", sorted(HINTS))
def test_a_hint_has_the_same_values_in_both_languages(name: str) -> None:
    """No language leaves out what the other names, but for what only one of them needs."""
    words: Words = HINTS[name]

    assert placeholders(words.en) == placeholders(words.zh)


def placeholders(template: str) -> set[str]:
    """Return the names of the values in a template."""
    return set(re.findall(r"(?<!\{)\{(\w+)\}", template))
