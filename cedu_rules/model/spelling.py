"""Names that are used again and again but declared in another spelling into one diagnostic, at the declaration.

A name that stands once in the file, where it is declared, beside an unknown one much like it that is used several times:
then the declaration is misspelt, not each of the uses.
"""

import re
from collections import Counter
from collections.abc import Iterable

from cedu_rules.diagnostics import Diagnostic
from cedu_rules.source import Source, Span

_CODES = frozenset({"unknown-name", "unknown-fact", "unknown-field", "unknown-member", "unknown-clause"})
_WORDS = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|#[^\n]*|[\w㎡]+')


def one_spelling(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics with one for each misspelt declaration instead of one for each use."""
    listed = list(found)
    unknown = [each for each in listed if each.code in _CODES and each.hint is not None and each.hint.id == "nearest"]
    repeated = {name for name, times in Counter(each.values["name"] for each in unknown).items() if times > 1}
    places = _places(unknown[0].span.source) if repeated else {}
    told: dict[str, Diagnostic] = {}
    for each in unknown:
        name = each.values["name"]
        near = "" if each.hint is None else each.hint.values["name"]
        if name in repeated and name not in told and len(places.get(near, ())) == 1:
            values = {"name": near, "used": name, "line": each.span.line}
            told[name] = Diagnostic("misspelt-declaration", places[near][0], values)
    return [*told.values(), *(each for each in listed if each not in unknown or each.values["name"] not in told)]


def _places(source: Source) -> dict[str, list[Span]]:
    """Return where each word stands, outside of texts and comments."""
    places: dict[str, list[Span]] = {}
    for match in _WORDS.finditer(source.text):
        places.setdefault(match[0], []).append(Span(source, match.start(), match.end()))
    return places
