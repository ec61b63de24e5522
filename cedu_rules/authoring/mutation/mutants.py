"""A standard into its mutants, and the examples of it into those mutants that none of them notices.

A mutant is the standard with one slip. An example kills it when its clause has another status there than it states; an
example of any clause that the slip can reach may do so, and only those are evaluated, up to the first kill.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import field, frozen

from cedu_rules.analysis import tables
from cedu_rules.authoring.cases import INVALID, Case, status_in
from cedu_rules.authoring.homes import Home, homes, input_homes, replaced, text_of
from cedu_rules.authoring.mutation.normal import has_whole_bounds, normal_form
from cedu_rules.authoring.mutation.slips import DROPPED, Slip, negated, slips, truth
from cedu_rules.messages import Words
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import Model
from cedu_rules.source import Span

_CHANGED = Words("`{before}` becomes `{after}`", "`{before}` 改为 `{after}`")
_LEFT_OUT = Words("`{before}` is left out", "略去 `{before}`")
_SHOWN = 100
"""Longer parts are cut in messages."""


@frozen(eq=False)
class Mutant:
    """A standard with one slip: `model` is the changed one."""

    home: Home
    slip: Slip
    model: Model = field(repr=False)

    @property
    def span(self) -> Span:
        """Where the slip is."""
        return self.slip.part.span

    def in_words(self, language: str = "en") -> str:
        """Return what is changed."""
        words = _LEFT_OUT if self.slip.after == DROPPED else _CHANGED
        before, after = _short(self.slip.before), _short(self.slip.after)
        return words.filled(language, {"before": before, "after": after})

    def is_killed_by(self, case: Case) -> bool:
        """Return whether the clause of the case has another status in the mutant."""
        checked = self.home.kind not in {"guard", "requirement"}
        if case.status == INVALID and not checked:
            return False
        return status_in(self.model, case.clause, case.record, case.day, checked=checked) != case.status


def mutants(model: Model) -> Iterator[Mutant]:
    """Yield the mutants of a standard, in the order of the file; two that mean the same by their form are one."""
    whole = has_whole_bounds(model)
    for home in sorted((*homes(model), *input_homes(model)), key=lambda home: home.span.start):
        known: set[str] = set()
        for slip in _of_home(home):
            form = repr(normal_form(slip.whole, whole=whole))
            if form in known:
                continue
            known.add(form)
            mutant = Mutant(home, slip, replaced(model, home, slip.whole))
            if not _has_gap(mutant):
                yield mutant


def survivors(found: Iterable[Mutant], cases: Mapping[str, Iterable[Case]]) -> list[Mutant]:
    """Return the mutants that no case kills."""
    return [
        mutant
        for mutant in found
        if not any(mutant.is_killed_by(case) for clause in mutant.home.clauses for case in cases[clause])
    ]


def _of_home(home: Home) -> Iterator[Slip]:
    """Yield the slips of what stands there, after those of the whole of it."""
    whole = home.expression
    text = text_of(whole)
    if home.kind not in {"let", "condition"}:
        yield Slip(whole, truth(whole, value=True), text, DROPPED)
    if whole.type.kind == "bool":
        yield Slip(whole, negated(whole), text, f"not ({text})")
    yield from slips(whole)


def _has_gap(mutant: Mutant) -> bool:
    """Return whether a table has a gap, or a row that is never reached: no such file loads."""
    if not any(part.operator == "by" for part in walk(mutant.slip.whole)):
        return False
    return any(True for _ in tables.review(mutant.model))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
