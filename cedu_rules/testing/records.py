"""A standard into strategies of its records: complete ones, and ones of which any part is missing."""

from datetime import date
from typing import Any, Protocol

from hypothesis import assume, reject
from hypothesis import strategies as st

from cedu_rules.model.ir import Model
from cedu_rules.records import Record, attempt
from cedu_rules.testing.chances import Drawn
from cedu_rules.testing.checks import force_every_check
from cedu_rules.testing.drafts import Draft, Filler, Plan, as_data, fillings, plan_of
from cedu_rules.testing.grounds import Setting
from cedu_rules.testing.scenarios import Scenario
from cedu_rules.testing.values import LAST_YEAR

OPEN_DAY = date(LAST_YEAR, 12, 31)
"""The day for which records are made where it is unknown."""


class HasRecords(Protocol):
    """A standard, as far as records need it; every `cedu_rules.Standard` is one."""

    @property
    def model(self) -> Model:
        """The model of the standard."""
        ...

    @property
    def record(self) -> type[Record]:
        """The class of its records."""
        ...


def records(standard: HasRecords, *, assessed_on: date | None = None) -> st.SearchStrategy[Record]:
    """Return the strategy of complete, valid records of a standard.

    Every fact that exists is recorded, every check holds, keys are unique. Values on, just below and just above the
    constants of the standard are frequent. Examples shrink to small numbers, few elements, first members.

    Args:
        standard: A `cedu_rules.Standard`.
        assessed_on: The day on which the records have to be valid; None leaves it unknown.

    Raises:
        TypeError: `standard` is no standard, or `assessed_on` no day.
    """
    return _records(*_planned(standard, assessed_on), complete=True)


def partial_records(standard: HasRecords, *, assessed_on: date | None = None) -> st.SearchStrategy[Record]:
    """Return the strategy of valid records of a standard of which any part may be missing.

    Facts and whole lists are missing, members of sets are not told, years of series are blank or left out, elements
    lack fields; also facts are given whose existence is not known. Examples shrink to records with nothing recorded.

    Args:
        standard: A `cedu_rules.Standard`.
        assessed_on: The day on which the records have to be valid; None leaves it unknown.

    Raises:
        TypeError: `standard` is no standard, or `assessed_on` no day.
    """
    return _records(*_planned(standard, assessed_on), complete=False)


@st.composite
def _records(draw: st.DrawFn, class_: type[Record], plan: Plan, day: date | None, *, complete: bool) -> Record:
    draft = draw(fillings(plan, Draft(), complete=complete, day=day))
    if draft is None:
        draft = draw(_held_by_checks(class_, plan, day, complete=complete))
    record, issues = attempt(class_, as_data(draft))
    assume(record is not None and not issues)
    return record  # type: ignore[return-value]  # told by the line before


@st.composite
def _held_by_checks(draw: st.DrawFn, class_: type[Record], plan: Plan, day: date | None, *, complete: bool) -> Draft:
    """Draw a draft that begins with what the checks are about; thrown away where they cannot be held that way."""
    setting = Setting(plan.model, plan.near, day or OPEN_DAY)
    ready = Scenario(setting, class_, force_every_check, lambda _record: True).prepared()
    given = None if ready is None else ready.drawn(Drawn(draw))[0]
    draft = None if given is None else Filler(draw, plan, complete=complete, day=day).filled(given)
    return reject() if draft is None else draft


def records_of(class_: type[Record], *, complete: bool) -> st.SearchStrategy[Record]:
    """Return the strategy of records of the class that a standard made, without the standard."""
    return _records(class_, plan_of(class_._plan.model), None, complete=complete)


def _planned(standard: Any, assessed_on: Any) -> tuple[type[Record], Plan, date | None]:  # noqa: ANN401 -- anything is refused
    model, day = checked(standard, assessed_on)
    return standard.record, plan_of(model), day


def checked(standard: Any, assessed_on: Any) -> tuple[Model, date | None]:  # noqa: ANN401 -- anything is refused
    """Return the model of a standard, and the day.

    Raises:
        TypeError: they are no standard, or no day.
    """
    model = model_of(standard)
    if assessed_on is not None and type(assessed_on) is not date:
        raise TypeError(f"`assessed_on` is a `{type(assessed_on).__name__}`; expected a `datetime.date` or None")
    return model, assessed_on


def model_of(standard: Any) -> Model:  # noqa: ANN401 -- anything is refused
    """Return the model of a standard.

    Raises:
        TypeError: it is no standard.
    """
    model = getattr(standard, "model", None)
    if not isinstance(model, Model):
        raise TypeError(f"found a `{type(standard).__name__}`; expected a `cedu_rules.Standard`")
    return model
