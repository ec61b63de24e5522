"""The text of a standard into its model and everything that is to be said about it."""

from collections.abc import Sequence

from cedu_rules.analysis import review
from cedu_rules.analysis.allowances import allowances
from cedu_rules.diagnostics import Diagnostic
from cedu_rules.model.from_syntax import build
from cedu_rules.model.ir import Model
from cedu_rules.model.spelling import one_spelling
from cedu_rules.source import Source
from cedu_rules.syntax.nodes import File

_BARS_PROOF = frozenset({"cycle", "recursive-record", "too-deep", "degree-too-high"})
"""With these nothing can be evaluated, so nothing is proved."""

_OF_NAMES = frozenset(
    f"unknown-{kind}" for kind in ("name", "field", "member", "fact", "unit", "type", "record", "clause")
)


def check(text: str, name: str = "<text>") -> tuple[Model, tuple[Diagnostic, ...]]:
    """Return the model of whatever is right in a text, and all diagnostics that its comments do not allow, in order."""
    model, found = survey(text, name)
    return model, tuple(allowances(model.source).kept(found))


def survey(text: str, name: str = "<text>") -> tuple[Model, tuple[Diagnostic, ...]]:
    """Return the model of whatever is right in a text, and all diagnostics, allowed ones too, in the order of the text."""
    from cedu_rules.syntax.parser import parse  # noqa: PLC0415 -- brings lark, which a cached standard does not need

    return survey_file(*parse(Source(name, text)))


def survey_file(file: File, unread: Sequence[Diagnostic]) -> tuple[Model, tuple[Diagnostic, ...]]:
    """Return the same of a text that is parsed already, and of what could not be read in it."""
    model, unresolved = build(file, [diagnostic.span for diagnostic in unread])
    news = one_spelling(each for each in unresolved if not _follows(each, file.lost))
    found = [*unread, *(each for each in news if not any(_overlap(each, known) for known in unread))]
    if _BARS_PROOF.isdisjoint(diagnostic.code for diagnostic in found):
        found += review(model)
    return model, tuple(sorted(found, key=lambda diagnostic: (diagnostic.span.start, diagnostic.code)))


def _follows(each: Diagnostic, lost: frozenset[str]) -> bool:
    """Return whether a name is unknown only because its declaration could not be read."""
    return each.code in _OF_NAMES and each.values["name"] in lost


def _overlap(one: Diagnostic, other: Diagnostic) -> bool:
    """Return whether both speak of the same characters: the first mistake found there is the one to tell."""
    return one.span.start < other.span.end and other.span.start < one.span.end
