"""What is wrong with a value into a path, a short text of the value, and what is expected instead.

Readers of values raise `Unfit` with every problem they find; whoever reads the surrounding record puts its own name
before the paths. Nothing of it leaves the package: a caller sees `InputIssue`.
"""

import reprlib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from cedu_rules.messages import Words

SHOWN_LIMIT = 60
"""A message shows at most so many characters of a value or a name."""

_BITS_LIMIT = 250
_BRIEF = reprlib.Repr()
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxdict, _BRIEF.maxstring, _BRIEF.maxother = 2, 4, 4, 30, 40


class Problem(NamedTuple):
    """One thing wrong: its path from where it was read (`[2].degree`, `.2022`, or nothing), the value as shown."""

    path: str
    value: str
    expected: Words


class Unfit(Exception):  # noqa: N818 -- never leaves the package
    """A value that cannot be, with all its problems."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(problems)


def unfit(value: object, expected: Words) -> Unfit:
    """Return the problem of one value."""
    return Unfit(Problem("", shown(value), expected))


class Problems:
    """Collects the problems of the parts of a value, so that all are told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, path: str, value: object, expected: Words) -> None:
        """Add one problem."""
        self.found.append(Problem(path, shown(value), expected))

    def take(self, path: str, raised: Unfit) -> None:
        """Take the problems of a part, each under `path`."""
        self.found.extend(problem._replace(path=path + problem.path) for problem in raised.problems)

    def settle(self) -> None:
        """Raise what was found, if anything."""
        if self.found:
            raise Unfit(*self.found)


def shown(value: object) -> str:
    """Return the value as a message shows it: one line, at most 60 characters, control characters escaped."""
    return tidy(_text(value))


def tidy(text: str) -> str:
    """Return the text on one line, at most 60 characters, control characters escaped."""
    visible = text[: SHOWN_LIMIT + 1]
    if not visible.isprintable():
        visible = "".join(map(escaped, visible))
    return visible if len(visible) <= SHOWN_LIMIT else visible[: SHOWN_LIMIT - 1] + "…"


def escaped(character: str) -> str:
    """Return a character that can be printed as it is, any other as an escape."""
    if character.isprintable() or character == "\u3000":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | Fraction() if _bits(value) > _BITS_LIMIT:  # Python refuses to print what is far larger
            return "…"
        case int() | Fraction() | Decimal() | date():
            return str(value)
        case float():
            return _float_text(value)
    try:
        return _BRIEF.repr(value)
    except Exception:  # noqa: BLE001 -- a stranger's object may fail in any way when it is printed
        return "…"


def _float_text(value: float) -> str:
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    text = float.__repr__(value)
    return names.get(text, text)


def _bits(value: int | Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())
