"""`.std` files into tests of pytest: each example is one, and what went wrong is its failure.

Installed with the library; pytest loads it by its entry point, in every run of everybody. So it imports nothing but
pytest until a `.std` file is collected.

    pytest standards/                                        all examples of a folder
    pytest standards/school.std -k floor_area                those of one clause
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cedu_rules.model.ir import Clause, Example
    from cedu_rules.standard import Standard


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the language of failures."""
    group = parser.getgroup("cedu_rules", "standards of cedu_rules")
    group.addoption("--std-lang", choices=["zh", "en"], default="en", help="language of failing examples in .std files")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "StandardFile | None":
    """Return the collector of a `.std` file."""
    if file_path.suffix != ".std":
        return None
    return StandardFile.from_parent(parent, path=file_path)


class NotAStandardError(Exception):
    """A file cannot be read as a standard; the text is what is wrong with it."""


class StandardFile(pytest.File):
    """A `.std` file: a collector of clauses."""

    def collect(self) -> "Iterable[ClauseExamples]":
        """Yield the clauses that have examples.

        Raises:
            NotAStandardError: the file does not load.
        """
        from cedu_rules import catalog  # noqa: PLC0415 -- nobody without such files pays for it
        from cedu_rules.diagnostics import CeduError, StandardError  # noqa: PLC0415

        language = self.config.getoption("--std-lang")
        try:
            standard = catalog.load(self.path)
        except StandardError as error:
            told = "\n".join(diagnostic.in_words(language) for diagnostic in error.diagnostics)
            raise NotAStandardError(told) from None
        except CeduError as error:
            raise NotAStandardError(str(error)) from None
        for clause in standard.model.clauses:
            if clause.examples:
                yield ClauseExamples.from_parent(self, name=clause.id, standard=standard, clause=clause)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> "str | object":  # type: ignore[override]
        """Return what is wrong with the file, without the frames of those who read it."""
        if isinstance(excinfo.value, NotAStandardError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ClauseExamples(pytest.Collector):
    """A clause: a collector of its examples."""

    def __init__(self, *, standard: "Standard", clause: "Clause", **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]
        self.standard = standard
        self.clause = clause

    def collect(self) -> "Iterator[ExampleItem]":
        """Yield the examples, named by their number in the clause, their line and what they expect."""
        for number, example in enumerate(self.clause.examples, start=1):
            name = f"example {number} (line {example.span.line}) {example.status}"
            yield ExampleItem.from_parent(self, name=name, standard=self.standard, clause=self.clause, example=example)


class DoesNotHoldError(AssertionError):
    """An example does not hold; the text explains the difference."""


class ExampleItem(pytest.Item):
    """An example: a test that its clause has the status which it states."""

    def __init__(self, *, standard: "Standard", clause: "Clause", example: "Example", **others: object) -> None:
        super().__init__(**others)  # type: ignore[arg-type]
        self.standard = standard
        self.clause = clause
        self.example = example

    def runtest(self) -> None:
        """Evaluate the example.

        Raises:
            DoesNotHoldError: the clause has another status.
        """
        from cedu_rules.authoring.examples import failure  # noqa: PLC0415

        found = failure(self.standard, self.clause, self.example)
        if found is not None:
            raise DoesNotHoldError(found.in_words(self.config.getoption("--std-lang")))

    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> "str | object":
        """Return the explanation alone: the frames below it say nothing to an author."""
        if isinstance(excinfo.value, DoesNotHoldError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)  # type: ignore[arg-type]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the example stands."""
        return self.path, self.example.span.line - 1, f"{self.clause.id}: {self.name}"
