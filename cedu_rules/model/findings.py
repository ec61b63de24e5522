"""Where the model layer puts what it finds wrong: one list, in the order found."""

from collections.abc import Iterable
from difflib import get_close_matches
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


def nearest(name: str, candidates: Iterable[str]) -> Hint | None:
    """Return the hint that names the most similar candidate, or None where nothing is similar."""
    known = [candidate for candidate in dict.fromkeys(candidates) if candidate]
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    if not found:  # a short Chinese name differs in one of two characters
        found = [candidate for candidate in known if len(name) > 1 and (name in candidate or candidate in name)][:1]
    return Hint("nearest", {"name": found[0]}) if found else None
