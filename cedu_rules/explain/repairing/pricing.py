"""Changes into what they cost, so that the smallest come first.

Where the caller gives no price, every changed thing costs 1 and a number up to 1 more, the larger its change in
relation to what it was: comparing metres with yuan needs prices, which only the caller can know. What only completes
the record costs little.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from cedu_rules.explain.repairing.solving import directed
from cedu_rules.explain.repairing.states import ADDED, DAY, TAKEN_OFF, Path, State

Cost: TypeAlias = int | Decimal | Fraction

_COST_LIMIT = 10**30
RECORDED = Fraction(1, 4)
"""The price of recording what nobody has recorded."""


@frozen
class Terms:
    """What may be changed, and at what price.

    * `immutable`: facts that stay as they are, by name or path: `population`, `teachers[2]`, `teachers.degree`.
    * `costs`: the price of one unit of a fact, by name or path; of a yes/no, a choice or an element, of each change.
    * `only_missing`: nothing that is recorded may be changed; `allowed`: of the missing only these paths.
    * `within`: only this element may be changed.
    """

    immutable: frozenset[str] = frozenset()
    costs: Mapping[str, Fraction] = field(factory=dict)
    only_missing: bool = False
    allowed: frozenset[Path] | None = None
    within: Path | None = None
    _known: dict[tuple[Path, type, Any], Fraction] = field(factory=dict, init=False, eq=False, repr=False)

    def forbid(self, state: State, path: Path) -> bool:
        """Return whether the value at the path has to stay."""
        if path == DAY and not self.only_missing:
            return True  # no repair sets the day of the assessment
        if self.within is not None and path[: len(self.within)] != self.within:
            return True
        if self.immutable and any(name in self.immutable for name in _names(state, path)):
            return True
        if self.allowed is not None and not any(path[:end] in self.allowed for end in range(1, len(path) + 1)):
            return True
        return self.only_missing and not state.is_new(path) and self._recorded(state, path)

    def _recorded(self, state: State, path: Path) -> bool:
        """Return whether the record as given says what stands at the path."""
        if path == DAY:
            return state.original.assessed_on is not None and DAY not in state.edits
        owner, name, key = state.split(path)
        whole = getattr(state.original.owner(owner), name, None)
        if whole is None or key is None:
            return whole is not None
        if state.fact(path).type.kind == "list":
            return True
        if state.fact(path).type.kind == "series" and key not in whole:
            return bool(int(key) < max(whole))  # a year that the series does not reach yet may still be recorded
        return bool(whole.get(key) is not None)

    def price(self, state: State) -> Fraction:
        """Return the cost of all changes."""
        return sum((self._once(state, path, edit) for path, edit in state.edits.items()), Fraction(0))

    def _once(self, state: State, path: Path, edit: Any) -> Fraction:  # noqa: ANN401 -- a value of any type
        """Return the cost of one change; it is the same in all versions of a record, and terms are made for one."""
        key = path, type(edit), edit
        if key not in self._known:
            self._known[key] = self._of(state, path, edit)
        return self._known[key]

    def _of(self, state: State, path: Path, edit: Any) -> Fraction:  # noqa: ANN401 -- a value of any type
        if edit is ADDED or edit is TAKEN_OFF:
            return self._priced(state, path) or Fraction(1)
        if state.is_new(path):
            return Fraction(0)
        before: Any = state.before(path)
        if edit is None:
            return Fraction(0)  # what no longer exists is left out
        moved = directed(before, edit)
        price = self._priced(state, path)
        if price is not None:
            return price * (abs(Fraction(edit) - Fraction(before)) if moved and not _is_day(edit) else 1)
        if before is None:
            return RECORDED
        if not moved or _is_day(edit):
            return Fraction(1) if isinstance(edit, bool) else Fraction(2)
        difference = abs(Fraction(edit) - Fraction(before))
        size = max(abs(Fraction(before)), Fraction(1))
        return 1 + difference / (difference + size)

    def _priced(self, state: State, path: Path) -> Fraction | None:
        if not self.costs:
            return None
        return next((self.costs[name] for name in _names(state, path) if name in self.costs), None)


def is_cost(value: Cost) -> bool:
    """Return whether a number can be the cost of something: it is finite, at least 0, and of at most 30 digits."""
    return (not isinstance(value, Decimal) or value.is_finite()) and 0 <= value < _COST_LIMIT


def _is_day(value: object) -> bool:
    return hasattr(value, "toordinal")


def _names(state: State, path: Path) -> list[str]:
    """Return what the thing at the path may be called, the closest first: whole path, without numbers, what holds it."""
    names: list[str] = []
    for end in range(len(path), 0, -1):
        names.append(state.written(path[:end]))
        names.append(".".join(str(part) for number, part in enumerate(path[:end]) if not _is_number(path, number)))
    return list(dict.fromkeys(names))


def _is_number(path: Path, number: int) -> bool:
    """Return whether a part of the path is the number of an element."""
    return isinstance(path[number], int) and number % 2 == 1 and number + 1 < len(path)
