"""Instances of a caller's classes, checked and trusted, are answered as records are, on generated standards."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from cedu_rules.binding import Binding
from cedu_rules.diagnostics import InputError
from cedu_rules.model.ir import Fact, Model
from cedu_rules.records import attempt
from cedu_rules.results import Status
from cedu_rules.standard import Standard
from cedu_rules.testing.aims import AIMS
from cedu_rules.testing.drafts import as_data
from cedu_rules.testing.histories import World, models, worlds


def classes_of(model: Model) -> dict[str, type]:
    """Return a caller's classes for the facts of a model: by name of the record, "" for the institution."""
    made: dict[str, type] = {}

    def class_of(name: str, facts: tuple[Fact, ...]) -> type:
        if name not in made:
            made[name] = attrs.make_class(f"Own{name}", {fact.name: field(fact) for fact in facts}, init=False)
        return made[name]

    def field(fact: Fact) -> Any:  # noqa: ANN401 -- what attrs makes a field of
        if fact.type.kind != "list":
            return attrs.field(default=None)
        element: Any = class_of(fact.type.name, model.records_by_name[fact.type.name].fields)
        return attrs.field(default=None, type=list[element])

    class_of("", model.facts)
    return made


Hold = Callable[[Any], Any]
"""What a caller holds of the value of a fact."""


def as_read(value: Any) -> Any:  # noqa: ANN401
    """Return what a record holds."""
    return value


def as_float(value: Any) -> Any:  # noqa: ANN401
    """Return a number that is not whole as the float that stands for it, if there is one, in a series too."""
    if isinstance(value, Mapping):
        return {key: as_float(each) for key, each in value.items()}
    if isinstance(value, (Decimal, Fraction)) and Fraction(repr(float(value))) == value:
        return float(value)
    return value


def instance_of(
    classes: Mapping[str, type],
    name: str,
    facts: tuple[Fact, ...],
    model: Model,
    values: Any,  # noqa: ANN401
    hold: Hold = as_read,
) -> Any:  # noqa: ANN401
    """Return the instance of a caller's class that holds the values of a record or mapping."""
    read = values.get if isinstance(values, dict) else lambda fact: getattr(values, fact)
    made: Any = object.__new__(classes[name])
    for fact in facts:
        value = read(fact.name)
        if fact.type.kind == "list" and value is not None:
            fields = model.records_by_name[fact.type.name].fields
            value = [instance_of(classes, fact.type.name, fields, model, each, hold) for each in value]
        setattr(made, fact.name, hold(value))
    return made


def assert_agreement(world: World, hold: Hold | None) -> None:
    """Raise where an instance gets another answer than the record of the same values; trusted with what it should `hold`."""
    model, day = world.model, world.day
    standard = Standard(model)
    data = as_data(world.draft)
    record, issues = attempt(standard.record, data)
    assume(not issues)
    assert record is not None
    classes = classes_of(model)
    trusted = hold is not None
    instance = instance_of(classes, "", model.facts, model, record if trusted else data, hold or as_read)
    evaluation = type(world)(model, record, day).evaluation()  # type: ignore[arg-type]  # reads alike
    expected = tuple(evaluation.status(clause) for clause in model.clauses)
    slow: list[object] = []

    def over_a_record(record: Any, *, assessed_on: date | None = None) -> tuple[Status, ...]:  # noqa: ANN401 -- as `Standard.statuses`
        slow.append(record)
        return standard.statuses(record, assessed_on=assessed_on)

    binding = Binding(standard.record, classes[""], over_a_record, trusted=trusted)
    compiled = binding._compiled()
    event("not compiled" if compiled is None else "compiled")
    if compiled is not None:
        assert compiled(instance, assessed_on=day) == expected
        event("over a record" if slow else "from the instance")
    assert standard.bind(classes[""], trusted=trusted).statuses(instance, assessed_on=day) == expected


HOLDS = pytest.mark.parametrize("hold", [None, as_read, as_float], ids=["checked", "exact", "floats"])


@HOLDS
@given(data=st.data())
def test_instances_are_answered_as_records_are(hold: Hold | None, data: st.DataObject) -> None:
    """For generated standards and partial or complete values."""
    world = data.draw(st.one_of(worlds(models()), worlds(models(), complete=True)))

    assert_agreement(world, hold)


@HOLDS
@pytest.mark.parametrize("about", AIMS)
@given(data=st.data())
def test_instances_are_answered_alike_about_rare_constructs(about: str, hold: Hold | None, data: st.DataObject) -> None:
    """The same on standards about one construct."""
    of = models(about=about)

    assert_agreement(data.draw(st.one_of(worlds(of), worlds(of, complete=True))), hold)


WRONG = st.sampled_from(
    [-1, 2.5, True, "？", "", "  ", [], {}, 10**18, float("nan"), {"2021": 1}, {2021: -1}, {2021.0: 1}]
)


@given(data=st.data())
def test_what_cannot_be_is_told_alike(data: st.DataObject) -> None:
    """A checked instance with a value that may be wrong has the issues, or the statuses, of the mapping of its values."""
    world = data.draw(worlds(models()))
    model = world.model
    values = as_data(world.draft)
    assume(model.facts)
    values[data.draw(st.sampled_from([fact.name for fact in model.facts if fact.type.kind != "list"] or [""]))] = (
        data.draw(WRONG)
    )
    values.pop("", None)
    standard, classes = Standard(model), classes_of(model)
    instance = instance_of(classes, "", model.facts, model, values)
    binding = Binding(standard.record, classes[""], standard.statuses, trusted=False)
    compiled = binding._compiled() or binding.statuses

    def answer(ask: Any) -> object:  # noqa: ANN401
        try:
            return ask()
        except InputError as error:
            return [issue.message() for issue in error.issues]

    expected = answer(lambda: standard.statuses(values, assessed_on=world.day))

    assert answer(lambda: compiled(instance, assessed_on=world.day)) == expected
