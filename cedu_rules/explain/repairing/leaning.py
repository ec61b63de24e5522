"""A version of a record into one that is enough with fewer and smaller changes.

Changes that can be left out are left out one by one; then each number goes no further than it has to.
"""

from collections.abc import Callable
from fractions import Fraction

from attrs import evolve

from cedu_rules.explain.repairing.atoms import base_of, value_of
from cedu_rules.explain.repairing.solving import directed, solutions
from cedu_rules.explain.repairing.states import ADDED, TAKEN_OFF, Path, State

UNITS_LIMIT = 60
"""A version with more changes is not searched for changes that it can do without."""
NUMBERS_LIMIT = 8
"""So many numbers are brought back as far as can be."""

IsEnough = Callable[[State, str], bool]
"""Whether a version is enough that differs from one that is in this fact of the institution alone."""


def lean(version: State, is_enough: IsEnough) -> State:
    """Return the version without the changes that it can do without, and its numbers no further than they have to go."""
    units = _units(version)
    if 1 < len(units) <= UNITS_LIMIT:
        for unit in units:
            edits = version.edits.items()
            rest = version.rebuilt((path, edit) for path, edit in edits if path[: len(unit)] != unit)
            if is_enough(rest, str(unit[0])):
                version = rest
    numbers = [path for path, edit in version.edits.items() if _is_number(version, path, edit)]
    for path in numbers[:NUMBERS_LIMIT]:
        version = _nearer(version, path, is_enough)
    return version


def _units(version: State) -> list[Path]:
    """Return the changes that can be left out one by one: values, elements taken off, added elements with their fields.

    What is left out because it no longer exists has to be.
    """
    edits = version.edits
    return [path for path in edits if edits[path] is ADDED or (edits[path] is not None and not version.is_new(path))]


def _is_number(version: State, path: Path, edit: object) -> bool:
    if edit is ADDED or edit is TAKEN_OFF or version.is_new(path):
        return False
    if version.type_of(path).kind not in {"number", "date"}:
        return False
    return bool(directed(version.before(path), edit))


def _nearer(version: State, path: Path, is_enough: IsEnough) -> State:
    """Return the version in which a number or day goes from where it was only as far as is enough."""
    type_, before, after = version.type_of(path), version.before(path), version.edits[path]
    start, end = base_of(type_, before), base_of(type_, after)
    if start is None or end is None:
        return version

    def moved(base: Fraction) -> State:
        return evolve(version.with_value(path, value_of(type_, base)), penalty=version.penalty)

    for base in solutions(type_, start, lambda base: is_enough(moved(base), str(path[0])), [end]):
        value = value_of(type_, base)
        if directed(before, value) == directed(before, after) and abs(base - start) < abs(end - start):
            return moved(base)
    return version
