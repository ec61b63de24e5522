"""Tests that whoever follows a tutorial sees what it shows, and ends with the standard that the repository holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from tutorials import Following, Step, put, run, steps  # type: ignore[import-not-found]  # it stands beside the tests

from cedu_rules.catalog import load
from cedu_rules.cli import cli
from cedu_rules.model.ir import Expression

DOCS = Path(__file__).parent.parent / "docs"
FINISHED = DOCS / "examples" / "tutorial"
PAGES = ["tutorial.md", "tutorial-zh.md"]


def text_of(page: str) -> str:
    """Return the text of a page."""
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_tutorial_is_followed_to_its_end(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command answers what the page shows, every excerpt is there, and the files are those of the example."""
    monkeypatch.chdir(tmp_path)
    somebody = Following(text_of(page), "station.std")
    somebody.follow()
    surprises = [
        f"{page}:{answer.line}: {answer.command}: {answer.found}" for answer in somebody.answers if not answer.is_true
    ]
    files = {file.name: file.read_text(encoding="utf-8") for file in FINISHED.iterdir() if file.suffix != ".md"}

    assert surprises == []
    assert somebody.unseen == []
    assert files == {name: (tmp_path / name).read_text(encoding="utf-8") for name in files}
    assert (tmp_path / "station.html").exists()


@pytest.mark.parametrize("arguments", [("fmt", "--check"), ("lint",), ("test", "--coverage", "--mutate")], ids=" ".join)
def test_the_finished_standard_is_clean(arguments: tuple[str, ...]) -> None:
    """The example is in canonical form, without findings, with every condition covered and no live mutant."""
    result = CliRunner().invoke(cli, [*arguments, str(FINISHED)])

    assert 0 == result.exit_code, result.output


def inside(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything in it."""
    yield expression
    for operand in expression.operands:
        yield from inside(operand)


def test_the_finished_standard_shows_what_an_author_meets_first() -> None:
    """The standard has a ratio, a table, a nested quantifier, a series, a day of validity and some of several."""
    standard = load(FINISHED / "station.std")
    conditions = [requirement.condition for clause in standard.model.clauses for requirement in clause.requirements]
    parts = [part for condition in conditions for part in inside(condition)]
    nested = [part for part in parts if part.operator == "all" and "any" in {each.operator for each in inside(part)}]

    assert len(standard.clauses) >= 15
    assert {"/", "by", "rises", "step", "assessed_on", "at_least"} - {part.operator for part in parts} == set()
    assert nested
    assert standard.model.effective_from is not None


def shared(step: Step) -> tuple[str, object]:
    """Return what both tutorials have in common in a step: pieces, files, and commands but for their language."""
    if step.kind == "console":
        typed = [line.partition(" --lang")[0] for line in step.text.splitlines() if line.startswith("$ ")]
        return step.kind, typed
    return step.kind, step.text


def test_the_tutorials_agree() -> None:
    """Both tutorials make the same standard by the same commands, in the same order."""
    english, chinese = ([shared(step) for step in steps(text_of(page)) if step.kind != "sh"] for page in PAGES)

    assert english == chinese


def test_a_page_that_tells_what_is_not_so_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer other than the one shown, and an excerpt that is not there, are found; `…` stands for any lines."""
    monkeypatch.chdir(tmp_path)
    standard = (FINISHED / "station.std").read_text(encoding="utf-8")
    page = "`station.std`:\n\n```std\n{}```\n\n```text\nnowhere\n```\n\n```console\n{}\n```\n"
    commands = "$ cedu-rules fmt --check station.std\nstation.std\n$ cedu-rules lint station.std\n…\n$ cedu-rules lint station.std"
    somebody = Following(page.format(standard, commands), "station.std")
    somebody.follow()

    assert [False, True, False] == [answer.is_true for answer in somebody.answers]
    assert len(somebody.unseen) == 1


def test_a_piece_is_put_in_its_place() -> None:
    """A piece ends at its own brace, not at one in a text or a comment; a new one goes above the first section."""
    text = 'standard s "标准"\n\nfacts {\n}\n\nsection "甲" "乙" {\n  clause a "一}" { # }\n    x { }\n  }\n  clause b "二" { }\n}\n'
    pieces = '  clause c "一}" { must y }\nparam p = 1\nfacts { y : bool "丙" }\n'

    assert put(text, pieces) == (
        'standard s "标准"\n\nfacts { y : bool "丙" }\n\nparam p = 1\n\n'
        'section "甲" "乙" {\n  clause c "一}" { must y }\n  clause b "二" { }\n}\n'
    )


def test_only_our_commands_are_run() -> None:
    """A tutorial can have the tests run nothing but commands of this library."""
    with pytest.raises(ValueError, match="found the command `rm`; expected `cedu-rules`"):
        run("rm station.std")
