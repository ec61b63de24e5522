"""Where the model layer puts what it finds wrong: one list, in the order found."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from cedu_rules.diagnostics import Diagnostic, Hint
from cedu_rules.source import Span


class Findings:
    """Collects diagnostics; each `add` is one sentence of the table in `messages.py`."""

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []

    def add(self, code: str, span: Span, hint: Hint | None = None, **values: Any) -> None:  # noqa: ANN401
        """Add the diagnostic `code` at `span`; `values` fill its sentence."""
        self.items.append(Diagnostic(code, span, values, hint))


def nearest(name: str, candidates: Iterable[str], *, least: float = 0.6) -> Hint | None:
    """Return the hint that names the most similar candidate, or None where nothing is `least` similar, from 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 -- only a mistake needs it

    known = [candidate for candidate in dict.fromkeys(candidates) if candidate]
    found = [candidate for candidate in known if _plain(candidate) == _plain(name)][:1]
    found = found or get_close_matches(name, known, n=1, cutoff=least)
    if not found:  # a short Chinese name differs in one of two characters
        found = [candidate for candidate in known if min(len(name), len(candidate)) > 1 and _holds(name, candidate)][:1]
    return Hint("nearest", {"name": found[0]}) if found else None


def _plain(name: str) -> str:
    """Return the name without capitals and full-width letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def _holds(name: str, candidate: str) -> bool:
    return name in candidate or candidate in name
