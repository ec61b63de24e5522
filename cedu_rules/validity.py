"""A record into what it says that cannot be: checks that are false, and facts given where they cannot exist.

The definition, plain and slow; a backend answers the same question quickly with yes or no. Only what is known to be
false is refused: a check or condition that is unknown, for want of facts or of the day, refuses nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from cedu_rules import values
from cedu_rules.diagnostics import InputIssue
from cedu_rules.messages import Words
from cedu_rules.model.graph import Graph, Key, references, walk
from cedu_rules.model.ir import Check, Expression, Fact, Model
from cedu_rules.semantics import Environment, Evaluation

_SHOWN = 80
"""Longer values are cut."""


def find_contradictions(model: Model, record: object, assessed_on: date | None) -> tuple[InputIssue, ...]:
    """Return everything that is impossible about a record whose values are valid one by one.

    Args:
        model: The standard.
        record: A record of the standard, by attributes.
        assessed_on: The day of the assessment, None where it is unknown.
    """
    evaluation = Evaluation(model, record, assessed_on)
    return tuple(_of_owner(evaluation, record, model.facts, model.checks, ""))


def is_contradictory(model: Model, record: object, assessed_on: date | None) -> bool:
    """Return whether `find_contradictions` finds anything; it stops at the first."""
    evaluation = Evaluation(model, record, assessed_on)
    return any(True for _ in _of_owner(evaluation, record, model.facts, model.checks, ""))


def reads_day(graph: Graph, condition: Expression) -> bool:
    """Return whether a check or condition asks for the day of the assessment, itself or through what it names."""
    seen: set[Key] = set()
    waiting = [condition]
    while waiting:
        found = waiting.pop()
        if any(part.operator == "assessed_on" for part in walk(found)):
            return True
        for key in references([found]):
            if key not in seen:
                seen.add(key)
                waiting.extend(graph.expressions(key))
    return False


def _of_owner(
    evaluation: Evaluation, owner: object, facts: Iterable[Fact], checks: Iterable[Check], path: str
) -> Iterator[InputIssue]:
    environment: Environment = {"": owner} if path else {}
    impossible = [fact for fact in facts if _is_impossible(evaluation, fact, owner, environment)]
    for fact in impossible:
        yield InputIssue(_joined(path, fact.name), shown(fact, owner), _nothing(fact))
    for check in checks:
        if evaluation.value(check.condition, environment) is False:
            yield _refused(check, owner, facts, path)
    for fact in facts:
        if fact.type.kind == "list" and fact not in impossible:
            record = evaluation.model.records_by_name[fact.type.name]
            for number, element in enumerate(getattr(owner, fact.name, None) or (), start=1):
                inner = f"{_joined(path, fact.name)}[{number}]"
                yield from _of_owner(evaluation, element, record.fields, record.checks, inner)


def _is_impossible(evaluation: Evaluation, fact: Fact, owner: object, environment: Environment) -> bool:
    """Return whether the fact has a value though it does not exist, and not the one that it has there."""
    given = getattr(owner, fact.name, None)
    if fact.condition is None or given is None or evaluation.value(fact.condition, environment) is not False:
        return False
    value = values.possible(fact.type, given)
    records_nothing = fact.type.kind == "set" and all(truth is None for truth in value)
    return not records_nothing and bool(value != values.absent(fact))


def _nothing(fact: Fact) -> Words:
    """Return what is expected of a fact where it does not exist, with its condition in the author's words."""
    condition = "" if fact.condition is None else " ".join(fact.condition.span.text.split())
    default = "" if fact.otherwise is None else " ".join(fact.otherwise.span.text.split())
    value = Words("no value", "空") if not default else Words(f"no value or {default}", f"空或 {default}")
    return Words(f"{value.en}, since `{condition}` does not hold", f"{value.zh}，因为 `{condition}` 不成立")


def _refused(check: Check, owner: object, facts: Iterable[Fact], path: str) -> InputIssue:
    """Return the issue of a check, at the first fact of the owner that it reads."""
    named = {str(part.data) for part in walk(check.condition) if part.operator in {"fact", "field"}}
    expected = Words(check.message, check.message)
    for fact in facts:
        if fact.name in named and getattr(owner, fact.name, None) is not None:
            return InputIssue(_joined(path, fact.name), shown(fact, owner), expected, is_rule=True)
    return InputIssue(path or next(iter(named), ""), "", expected, is_rule=True)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def shown(fact: Fact, owner: object) -> str:
    """Return a value as data writes it."""
    text = _text(fact, getattr(owner, fact.name))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _text(fact: Fact, value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_entry(entry)}" for key, entry in value.items())
    if isinstance(value, tuple):
        return str(len(value))
    unit = fact.type.unit.name if fact.type.kind == "number" and not fact.type.is_percent else ""
    return f"{value} {unit}".strip()


def _entry(value: object) -> str:
    if value is None:
        return "-"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
