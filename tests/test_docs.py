"""Tests that the documentation is true: its standards load, its examples hold, its code and its data do what it says.

How the blocks of a page are read:

* `std`: a standard. Without a head it gets one; clauses outside of a section get one. `# error: code` and
  `# warning: code` announce what is wrong in that line.
* `pycon`: a session of Python, with what it answers.
* `console`: commands after `$`; their names and options exist.
* `csv`, `json`, `yaml` after a line with the name of a file: data for the first standard of the page, all of one
  section in one run; a `text` block in that section holds every issue.

The tutorials are read another way: `tests/test_tutorials.py` follows them. The pages in `docs/errors` are written by
`tests/test_errors_pages.py`.
"""

import ast
import doctest
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from cedu_rules import data
from cedu_rules.authoring.examples import failures
from cedu_rules.catalog import loads
from cedu_rules.cli import cli
from cedu_rules.diagnostics import InputIssue
from cedu_rules.frontend import check
from cedu_rules.messages.codes import CODES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "node_modules" not in page.parts)
BY_HAND = [page for page in PAGES if page.parent.name != "errors"]
FOLLOWED = {"tutorial.md", "tutorial-zh.md"}

_BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANNOUNCED = re.compile(r"# (error|warning): ([\w-]+)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """One block of a page with the line on which it begins."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def named(page: Path) -> str:
    """Return the name of a page: its path in the documentation."""
    return page.relative_to(DOCS).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        yield Block(named(page), text.count("\n", 0, match.start()) + 2, match[2], match[3])


ALL_BLOCKS = [block for page in PAGES for block in blocks(page)]


def of_kind(kind: str) -> list[Block]:
    """Return the blocks of that kind."""
    return [block for block in ALL_BLOCKS if block.kind == kind]


STANDARDS = [block for block in of_kind("std") if block.page not in FOLLOWED]


def standard_text(block: Block) -> str:
    """Return the standard that a block stands for, its lines where they are."""
    text = block.text
    first = re.search(r"^clause ", text, re.MULTILINE)
    if first is not None:
        text = f'{text[: first.start()]}section "总项" "分项" {{ {text[first.start() :]}}}'
    has_head = re.search(r"^standard ", text, re.MULTILINE) is not None
    return text if has_head else f'standard sample "示例" source "示例" annex 1 {text}'


@pytest.mark.parametrize("block", STANDARDS, ids=str)
def test_a_standard_has_the_announced_diagnostics(block: Block) -> None:
    """A standard in the documentation has exactly the diagnostics that it announces, on their lines."""
    text = standard_text(block)
    announced = [
        (number, severity, code)
        for number, line in enumerate(text.splitlines(), 1)
        for severity, code in _ANNOUNCED.findall(line)
    ]
    _model, diagnostics = check(text)

    assert sorted(announced) == sorted((each.span.line, each.severity, each.code) for each in diagnostics)


@pytest.mark.parametrize("block", [block for block in STANDARDS if "# error:" not in block.text], ids=str)
def test_the_examples_of_a_standard_hold(block: Block) -> None:
    """Every example in a standard of the documentation has the status that it states."""
    standard = loads(standard_text(block))

    assert [failure.in_words() for failure in failures(standard)] == []


@pytest.mark.parametrize("page", sorted({block.page for block in of_kind("pycon")}))
def test_python_answers_as_written(page: str) -> None:
    """The sessions of a page, run one after the other, print what stands in it."""
    sessions = [block for block in of_kind("pycon") if block.page == page]
    text = "\n".join(block.text for block in sessions)
    session = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    told: list[str] = []
    doctest.DocTestRunner(verbose=False).run(session, out=told.append)

    assert told == []


def test_python_stands_in_sessions() -> None:
    """No Python stands in a block that nobody runs."""
    assert of_kind("python") == of_kind("py") == []


def commands() -> list[tuple[Block, str]]:
    """Return every command line of the documentation."""
    found = [(block, line) for block in of_kind("console") for line in block.text.splitlines()]
    return [(block, line.removeprefix("$ ")) for block, line in found if line.startswith("$ ")]


@pytest.mark.parametrize(("block", "line"), commands(), ids=str)
def test_a_command_exists(block: Block, line: str) -> None:
    """The command after the prompt exists, its options too, and so do the files of the repository that it names."""
    words = shlex.split(line)
    if words[0] != "cedu-rules":
        assert words[0] in {"pip", "python", "npx", "code"}, str(block)
        return
    command = cli.get_command(click.Context(cli), words[1])

    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    options = {word.partition("=")[0] for word in words[2:] if word.startswith("-")}

    assert options <= known
    assert [word for word in words if word.startswith("docs/") and not (ROOT / word).exists()] == []


class Run(NamedTuple):
    """The data files of one section, and the issues that they are said to have."""

    page: Path
    title: str
    files: list[tuple[str, str]]
    issues: list[str]

    def __str__(self) -> str:
        return f"{named(self.page)}: {self.title}"


def runs() -> list[Run]:
    """Return the runs of all pages."""
    found = []
    for page in (page for page in PAGES if named(page) not in FOLLOWED):
        for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            files = [(match[1], match[2]) for match in _FILE.finditer(section)]
            told = [match[3] for match in _BLOCK.finditer(section) if match[2] == "text"]
            if files:
                found.append(Run(page, section.partition("\n")[0], files, "".join(told).splitlines()))
    return found


@pytest.mark.parametrize("run", runs(), ids=str)
def test_data_reads_as_written(run: Run, tmp_path: Path) -> None:
    """The data files of a section have the issues that stand there, and no others."""
    standard = loads(next(block.text for block in blocks(run.page) if block.kind == "std"))
    for name, text in run.files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    reading = data.read(standard.model, [tmp_path / name for name, _ in run.files])
    issues: list[InputIssue] = list(reading.issues)
    for each in reading.submissions:
        issues += standard.evaluate_read(each.given, places=each.places, issues=each.issues).errors

    assert reading.submissions
    assert run.issues == [issue.line("en") for issue in issues]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """A link names a file of the repository, and a heading that is there."""
    broken = []
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)

    assert broken == []


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_codes_exist(page: Path) -> None:
    """What a page calls a diagnostic is one."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"\(`([a-z]+(?:-[a-z]+)+)`\)", text)) | {code for _, code in _ANNOUNCED.findall(text)}

    assert named - CODES.keys() == set()


def test_every_module_has_a_row_in_the_architecture() -> None:
    """The page on the architecture shows each module in one row, in the order from bottom to top."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = [set(re.findall(r"`(\w+)`", row)) for row in re.findall(r"^\| \d+ \|([^|]*)\|$", text, re.MULTILINE)]
    tree = ast.parse((ROOT / "tests" / "test_architecture.py").read_text(encoding="utf-8"))
    rows = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROWS"
    )

    assert list(rows[:-1]) == shown


@pytest.mark.parametrize("page", BY_HAND, ids=named)
def test_prose_has_one_sentence_a_line(page: Path) -> None:
    """A line of prose holds one sentence, so that changes are easy to read."""
    prose = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    lines = [line for line in prose.splitlines() if not line.lstrip().startswith(("|", ">", "#"))]

    assert [line for line in lines if re.search(r"[a-z`)][.?!] [A-Z]", re.sub(r"`[^`]*`", "`", line))] == []
