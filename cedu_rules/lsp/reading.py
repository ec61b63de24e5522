"""One text into what can be said of it, each part found when it is first asked for, in any thread."""

import logging
from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from attrs import Factory, define
from lsprotocol.types import PositionEncodingKind

from cedu_rules.analysis.allowances import allowances
from cedu_rules.authoring.lint import lint_model
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.frontend import survey_file
from cedu_rules.lsp.indexing import Index, index
from cedu_rules.lsp.positions import Lines
from cedu_rules.lsp.tokens import Token, tokens
from cedu_rules.model.ir import Model
from cedu_rules.source import Source
from cedu_rules.syntax.nodes import File, LanguageStatement
from cedu_rules.syntax.parser import parse

_Part = TypeVar("_Part")
_LOG = logging.getLogger(__name__)


@define(eq=False)
class Reading:
    """A snapshot of one document."""

    text: str
    name: str = "<text>"
    encoding: str = PositionEncodingKind.Utf16
    _parts: dict[str, object] = Factory(dict)
    _lock: RLock = Factory(RLock)

    def _once(self, name: str, make: Callable[[], _Part]) -> _Part:
        with self._lock:
            if name not in self._parts:
                self._parts[name] = make()
            return self._parts[name]  # type: ignore[return-value]

    @property
    def lines(self) -> Lines:
        """The lines, for places."""
        return self._once("lines", lambda: Lines(self.text, self.encoding))

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words and marks."""
        return self._once("tokens", lambda: tuple(tokens(self.text)))

    @property
    def _parsed(self) -> tuple[File, tuple[Diagnostic, ...]]:
        return self._once("parsed", lambda: parse(Source(self.name, self.text)))

    @property
    def file(self) -> File:
        """What could be read."""
        return self._parsed[0]

    @property
    def is_broken(self) -> bool:
        """Whether there is something that could not be read."""
        return any(diagnostic.severity == "error" for diagnostic in self._parsed[1])

    @property
    def index(self) -> Index:
        """The names that could be read."""
        return self._once("index", lambda: index(self.file))

    @property
    def is_indexed(self) -> bool:
        """Whether asking for the index costs nothing."""
        return "index" in self._parts

    @property
    def _surveyed(self) -> tuple[Model, tuple[Diagnostic, ...]]:
        return self._once("surveyed", lambda: survey_file(*self._parsed))

    @property
    def model(self) -> Model:
        """The model of whatever is right."""
        return self._surveyed[0]

    @property
    def loaded(self) -> tuple[Diagnostic, ...]:
        """What loading finds."""
        model, found = self._surveyed
        return self._once("loaded", lambda: tuple(allowances(model.source).kept(found)))

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong or doubtful."""
        return self._once("findings", self._linted)

    def _linted(self) -> tuple[Diagnostic, ...]:
        try:
            return lint_model(*self._surveyed)
        except Exception:  # noqa: BLE001 -- who writes a standard is told what loading finds, whatever happens to finer rules
            _LOG.exception("lint of %s", self.name)
            return self.loaded

    @property
    def declared_language(self) -> str | None:
        """The language that the file itself names, or None."""
        statements = [item for item in self.file.items if isinstance(item, LanguageStatement)]
        return statements[0].name.text if statements else None
