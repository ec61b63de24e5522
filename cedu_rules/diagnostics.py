"""Findings about a file or about data into words: one table of codes, one shape of error.

A `Diagnostic` speaks of a `.std` file and has a code, a span and a hint; its sentence comes from the tables in
`messages.py`, in English and in Chinese. An `InputIssue` speaks of data: path, value, what is expected, place.
Everything that the library raises is a `CeduError`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cedu_rules.messages import Words
from cedu_rules.source import Span

__all__ = [
    "BindingError",
    "CeduError",
    "Diagnostic",
    "Hint",
    "InputError",
    "InputIssue",
    "StandardError",
    "StandardNotFound",
    "UnsupportedError",
    "Words",
]


class Hint(NamedTuple):
    """A cure: an id of the table of hints and the values that its sentence names."""

    id: str
    values: Mapping[str, Any]

    def in_words(self, language: str = "en") -> str:
        """Return the sentence in `en` or `zh`."""
        from cedu_rules.messages.hints import HINTS  # noqa: PLC0415 -- most programs tell nothing

        return HINTS[self.id].filled(language, self.values)


class Diagnostic(NamedTuple):
    """One thing wrong, or doubtful, in a `.std` file.

    `code` is a name in `messages.CODES`; `values` fill its sentence, each a text or `Words` where the languages differ.
    """

    code: str
    span: Span
    values: Mapping[str, Any] = {}
    hint: Hint | None = None

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        from cedu_rules.messages.codes import CODES  # noqa: PLC0415

        return CODES[self.code].severity

    def message(self, language: str = "en") -> str:
        """Return the sentence that says what is wrong, in `en` or `zh`."""
        from cedu_rules.messages.codes import CODES  # noqa: PLC0415

        return CODES[self.code].words.filled(language, self.values)

    def headline(self, language: str = "en") -> str:
        """Return `path:line:col: code: message`."""
        return f"{self.span}: {self.code}: {self.message(language)}"

    def in_words(self, language: str = "en") -> str:
        """Return the headline, the line with its caret, and the hint."""
        parts = [self.headline(language), *("    " + line for line in self.span.snippet().splitlines())]
        parts.append(f"    {'提示' if language == 'zh' else 'hint'}: {self.cure(language)}")
        return "\n".join(parts)

    def cure(self, language: str = "en") -> str:
        """Return how to put it right: the hint for this case, else the cure of the code."""
        from cedu_rules.messages.cures import CURES  # noqa: PLC0415

        return CURES[self.code].filled(language, {}) if self.hint is None else self.hint.in_words(language)

    def __str__(self) -> str:
        return self.in_words()


class InputIssue(NamedTuple):
    """One value in the data that cannot be, with its path (`teachers[1].degree`, from 1) and its place in a file.

    `institution` is the id, or None where the issue belongs to no institution; `place` is `teachers.csv:4`,
    `school.xlsx:教师!C5` or None for values that came from Python. `is_rule`: `expected` is the message of a `check`, a
    sentence of its own.
    """

    path: str
    value: str
    expected: Words
    institution: str | None = None
    place: str | None = None
    is_rule: bool = False

    def message(self, language: str = "en") -> str:
        """Return what was found and what is expected, without the place."""
        found = f"{self.path}: `{self.value}`" if self.value else self.path
        if language == "zh":
            return f"{found}；{'违反：' if self.is_rule else '应为'}{self.expected.zh}"
        return f"{found}; {'against the rule: ' if self.is_rule else 'expected '}{self.expected.en}"

    def line(self, language: str = "en") -> str:
        """Return place, institution and message on one line."""
        place = f"{self.place}: " if self.place else ""
        institution = f"{self.institution}: " if self.institution else ""
        return f"{place}{institution}{self.message(language)}"

    def __str__(self) -> str:
        return self.line()


class CeduError(Exception):
    """The parent of everything that the library raises on purpose."""


class StandardError(CeduError):
    """A `.std` file that is no standard; `diagnostics` holds every finding, warnings included."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class StandardNotFound(CeduError):  # noqa: N818 -- a public name that callers rely on
    """No standard goes by that name; the message lists where one was looked for."""


class InputError(CeduError):
    """Data that no institution can have; `issues` holds every finding."""

    def __init__(self, issues: Iterable[InputIssue]) -> None:
        self.issues = tuple(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        return "\n".join(str(issue) for issue in self.issues)


class BindingError(CeduError):
    """A caller's class that cannot be bound to a standard; `problems` says why, a sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


class UnsupportedError(CeduError):
    """Something that a backend or this edition cannot do; `features` names it."""

    def __init__(self, features: Iterable[str]) -> None:
        self.features = tuple(features)
        super().__init__(self.features)

    def __str__(self) -> str:
        return "not supported here: " + ", ".join(self.features)
