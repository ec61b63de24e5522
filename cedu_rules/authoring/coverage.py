"""The examples of a standard into what they show of each atomic condition: masking MC/DC, three-valued.

An atomic condition is one without a connective of its own: a comparison, `in`, `includes`, a yes/no fact, `rises`,
`falls`, `passes`; those in filters, in the bodies of `all` and `any` and in lets too. An example shows that a condition
matters when it is yes, if the condition is known to be yes there, and the clause would have another status were this
one condition no, everything else as it is; and when it is no likewise. A condition is covered when it is shown to matter
both when it is yes and when it is no, and so has been seen as both. In a list, the condition is turned for one element at
a time. What is unknown shows nothing: neither a condition that is unknown, nor an example whose status is.

Both answers together are masking MC/DC: two examples in which the condition differs, nothing masks it, and the status
of each hangs on it. They are stronger than a mere pair, since each is a counterfactual of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import frozen

from cedu_rules.authoring.cases import INVALID, Case
from cedu_rules.authoring.homes import Home, homes, text_of
from cedu_rules.model.graph import walk
from cedu_rules.model.ir import Expression, Model
from cedu_rules.records import Record
from cedu_rules.results import Status
from cedu_rules.semantics import Environment, Evaluation
from cedu_rules.source import Span
from cedu_rules.values import Value

_CONNECTIVES = frozenset({"and", "or", "not", "at_least", "if", "all", "any", "let", "constant", "exists"})

Bindings = tuple[int, ...]
"""The elements by identity for which a condition is asked."""


@frozen
class Atom:
    """An atomic condition and the home that it stands in."""

    home: Home
    condition: Expression

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.condition.span

    @property
    def text(self) -> str:
        """The condition in the author's words."""
        return text_of(self.condition)


@frozen
class Covered:
    """What the examples show of one condition: the answers seen, and those shown to matter."""

    atom: Atom
    seen: frozenset[bool]
    matters: frozenset[bool]

    @property
    def complete(self) -> bool:
        """Whether the condition is covered."""
        return self.matters == {True, False}


def atoms(model: Model) -> Iterator[Atom]:
    """Yield the atomic conditions that decide clauses, in the order of the file."""
    for home in homes(model):
        for part in walk(home.expression):
            if part.type.kind == "bool" and part.operator not in _CONNECTIVES:
                yield Atom(home, part)


def coverage(model: Model, cases: Mapping[str, Iterable[Case]]) -> Iterator[Covered]:
    """Yield what the cases of each clause show of each condition, in the order of the file."""
    for atom in atoms(model):
        seen: set[bool] = set()
        matters: set[bool] = set()
        for case in (case for clause in atom.home.clauses for case in cases[clause] if case.status != INVALID):
            shown = answers(model, atom, case.clause, case.record, case.day)
            seen |= shown.keys()
            matters |= {answer for answer, deciding in shown.items() if deciding}
            if len(matters) > 1:
                break
        yield Covered(atom, frozenset(seen), frozenset(matters))


def answers(model: Model, atom: Atom, clause: str, record: Record, day: date | None) -> dict[bool, bool]:
    """Return the known answers of a condition on a record, each with whether it is shown to matter for the clause."""
    status, met = _turned(model, atom, clause, record, day, None)
    found: dict[bool, bool] = {}
    for bindings, answer in met.items():
        if isinstance(answer, bool):
            if found.get(answer) or status is Status.UNKNOWN:
                found.setdefault(answer, False)
                continue
            other, _met = _turned(model, atom, clause, record, day, bindings)
            found[answer] = other is not status
    return found


def _turned(
    model: Model, atom: Atom, clause: str, record: Record, day: date | None, bindings: Bindings | None
) -> tuple[Status, dict[Bindings, Value]]:
    """Return the status where the condition is turned for some elements, and the answers that it has for each."""
    evaluation = _Turning(model, record, day, atom.condition, bindings)
    return evaluation.status(model.clauses_by_id[clause]), evaluation.met


class _Turning(Evaluation):
    """The reference, but that one condition has the other answer where its variables are bound to `turned`."""

    def __init__(
        self, model: Model, record: Record, day: date | None, target: Expression, turned: Bindings | None
    ) -> None:
        super().__init__(model, record, day)
        self.met: dict[Bindings, Value] = {}
        self._target = target
        self._turned = turned
        names = {str(part.data) for part in walk(target) if part.operator == "variable"}
        self._variables = sorted(names)

    def value(self, expression: Expression, environment: Environment | None = None) -> Value:
        """Return what the reference does, except for the condition that is turned."""
        found = super().value(expression, environment)
        if expression is not self._target:
            return found
        bound = environment or {}
        bindings = tuple(id(bound[name]) for name in self._variables if name in bound)
        self.met[bindings] = found
        return (not found) if bindings == self._turned and found is not None else found
