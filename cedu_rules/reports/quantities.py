"""A path in the data into the fact that it is part of: `teachers[2].degree` into the degree of the teachers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from cedu_rules.explain.sentences import label_of
from cedu_rules.model import ir

ASSESSED_ON = "assessed_on"
"""The path of the day of the assessment, which is no fact but can be missing like one."""

_STEPS = re.compile(r"([^.\[\]]+)(?:\[\d+\])?\.?")


class Fact(NamedTuple):
    """A fact as a summary names it; `path` has no positions, `judged` where the inspector answers it."""

    path: str
    label: str
    judged: bool

    @classmethod
    def at(cls, model: ir.Model, path: str) -> "Fact":
        """Return the fact of a path without positions."""
        declared = _declared(model, path)
        return cls(path, label_of(model, path), bool(declared) and declared[-1].kind == "judged")


def roots_of(model: ir.Model, paths: Iterable[str]) -> list[str]:
    """Return the paths of the facts without positions, members and years, each once, in order.

    A path that begins with no fact of the institution is left out: it repeats one that names its list.
    """
    found: dict[str, None] = {}
    for path in paths:
        declared = _declared(model, path)
        if declared or path == ASSESSED_ON:
            found[".".join(fact.name for fact in declared) or path] = None
    return list(found)


def _declared(model: ir.Model, path: str) -> list[ir.Fact]:
    """Return the fact of the institution, and below a list that of its elements, and so on."""
    found: list[ir.Fact] = []
    facts = model.facts_by_name
    for match in _STEPS.finditer(path):
        fact = facts.get(match[1])
        if fact is None:
            break
        found.append(fact)
        if fact.type.kind != "list":
            break
        facts = model.records_by_name[fact.type.name].fields_by_name
    return found
