"""Checks of a standard into demands: what is given has to be possible, too."""

from cedu_rules.model.graph import Graph, walk
from cedu_rules.model.ir import Check, Expression, Model
from cedu_rules.testing.forcing import Forcer
from cedu_rules.testing.grounds import NOWHERE, Place
from cedu_rules.testing.linear import Owner
from cedu_rules.validity import reads_day


def force_checks(forcer: Forcer) -> None:
    """Demand of every check that is about demanded facts alone that it holds.

    A check that asks for an unknown day refuses nothing, nor does one of which a fact is missing.

    Raises:
        Conflict: it cannot hold.
    """
    entered = {(spot[0], spot[1]) for spot in (*forcer.sheet.numbers, *forcer.sheet.options)} | forcer.lists.keys()
    for owner in sorted({owner for owner, _ in entered}):
        place = _place(forcer.model, owner)
        for check in _checks(forcer.model, place):
            unknown = forcer.day is None and reads_day(Graph(forcer.model), check.condition)
            if not unknown and _read_by(check.condition, owner) <= entered:
                forcer.force(check.condition, True, {"": place} if owner else NOWHERE)


def force_every_check(forcer: Forcer) -> None:
    """Demand of every check of the institution that it holds."""
    for check in forcer.model.checks:
        forcer.force(check.condition, True)


def _checks(model: Model, place: Place) -> tuple[Check, ...]:
    return model.records_by_name[place.record].checks if place.record else model.checks


def _place(model: Model, owner: Owner) -> Place:
    record = ""
    for name, _ in owner:
        facts = model.records_by_name[record].fields_by_name if record else model.facts_by_name
        record = facts[name].type.name
    return Place(owner, record)


def _read_by(condition: Expression, owner: Owner) -> set[tuple[Owner, str]]:
    """Return the facts of the institution and the fields of its own record that a check reads by name."""
    found: set[tuple[Owner, str]] = set()
    for part in walk(condition):
        if part.operator == "fact":
            found.add(((), str(part.data)))
        elif part.operator == "field" and part.operands[0].data == "":
            found.add((owner, str(part.data)))
    return found
