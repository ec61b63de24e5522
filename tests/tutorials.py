"""A tutorial into a folder: what a reader saves is saved, what a reader types is run.

A tutorial is read from top to bottom, one block after the other:

* after a line that holds nothing but the name of a file, such as `annex.csv`: the content of that file;
* `std`: pieces of the standard, each put in place of the piece that begins with the same words, a clause in place of
  the one with the same text, and a new piece above the first section; a head in place of everything above the facts;
* `console`: commands after `$`, each with what it answers; a line `…` stands for any lines;
* `text`: lines that stand in the standard by then, one after the other;
* `sh`: what is done on a machine once; it is not run.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from cedu_rules.cli import cli

_BLOCK = re.compile(
    r"(?:^`(?P<file>[\w.-]+)`[:：]\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_PIECE = re.compile(
    r'^ *(?:(?P<words>facts(?= \{)|(?:param|record|type) \w+)|clause \w+ (?P<text>"[^"]*"))', re.MULTILINE
)
_MARK = re.compile(r'"(?:[^"\\\n]|\\.)*"|#.*|[{}]')


class Step(NamedTuple):
    """One block of a tutorial: its kind, its text, the line where that begins, and the file that it is the content of."""

    kind: str
    text: str
    line: int
    file: str | None


def steps(page: str) -> Iterator[Step]:
    """Yield the blocks of a page."""
    for match in _BLOCK.finditer(page):
        yield Step(match["kind"], match["text"], page.count("\n", 0, match.start("text")) + 1, match["file"])


class Answer(NamedTuple):
    """A command of a page, what the page says that it answers, and what it does answer."""

    line: int
    command: str
    told: list[str]
    found: list[str]

    @property
    def is_true(self) -> bool:
        """Whether the page tells what the command answers."""
        told = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + r"\n" for line in self.told)
        return re.fullmatch(told, "".join(f"{line}\n" for line in self.found)) is not None


class Following:
    """Somebody who follows a tutorial in an empty folder, and writes down what the commands answer."""

    def __init__(self, page: str, standard: str) -> None:
        self.page = page
        self.standard = Path(standard)
        self.answers: list[Answer] = []
        self.unseen: list[str] = []

    def follow(self) -> None:
        """Do what the page says, in the folder where Python is."""
        for step in steps(self.page):
            if step.file is not None:
                Path(step.file).write_text(step.text, encoding="utf-8")
            elif step.kind == "std":
                text = self.standard.read_text(encoding="utf-8")
                self.standard.write_text(put(text, step.text), encoding="utf-8")
            elif step.kind == "console":
                self.answers += [Answer(line, command, told, run(command)) for line, command, told in _typed(step)]
            elif step.kind == "text" and step.text not in self.standard.read_text(encoding="utf-8"):
                self.unseen.append(f"line {step.line}")


def run(command: str) -> list[str]:
    """Return the lines that a command answers."""
    words = shlex.split(command)
    if words[0] != "cedu-rules":
        raise ValueError(f"found the command `{words[0]}`; expected `cedu-rules`")
    result = CliRunner().invoke(cli, words[1:])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output.splitlines()


def _typed(step: Step) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the commands of a block, each with its line and what is said to come after it."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(step.text.splitlines(), step.line):
        if line.startswith("$ "):
            found.append((number, line.removeprefix("$ "), []))
        else:
            found[-1][2].append(line)
    yield from found


def put(text: str, pieces: str) -> str:
    """Return the text of a standard with these pieces in their places."""
    if re.search(r"^standard ", pieces, re.MULTILINE):
        return f"{pieces}\n{text[_place(text, 'facts') :]}"
    for words, piece in _pieces(pieces):
        old = next((old for known, old in _pieces(text) if known == words), None)
        first = _place(text, "section")
        text = f"{text[:first]}{piece}\n\n{text[first:]}" if old is None else text.replace(old, piece, 1)
    return text


def _place(text: str, word: str) -> int:
    """Return where the first line stands that begins with a word."""
    return text.index(f"\n{word} ") + 1


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a standard, each with what tells it from the others."""
    for match in _PIECE.finditer(text):
        yield match["text"] or match["words"], text[match.start() : _end(text, match.end())]


def _end(text: str, start: int) -> int:
    """Return where a piece ends of which the first words have been read: behind the brace that closes it, or with its line."""
    line_end = text.index("\n", start)
    depth = 0
    for match in _MARK.finditer(text, start):
        if depth == 0 and match.start() > line_end:
            break
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == "}" and depth == 0:
            return match.end()
    return line_end
